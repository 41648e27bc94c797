//! Where the labels stand when a text can have several: in columns of their own, or as lists in the cells of one.

use serde_json::{Value, json};

use crate::commands::Page;

/// Texts with a column of 0 and 1 for each label.
fn marked_texts(labels: &[&str], n_rows: usize) -> String {
    let mut csv = format!("text,{}\n", labels.join(","));
    for i in 0..n_rows {
        let marks = (2..).take(labels.len());
        let marks = marks.map(|divisor| u8::from(i % divisor == 0).to_string());
        let marks: Vec<String> = marks.collect();
        csv += &format!("a text of some words {i},{}\n", marks.join(","));
    }
    csv
}

/// Texts with these cells of labels, again and again.
fn listed_texts(column: &str, cells: &[&str]) -> String {
    let rows = cells.iter().cycle().take(60).enumerate();
    let rows = rows.map(|(i, cell)| format!("a text of some words {i},{cell}\n"));
    format!("text,{column}\n{}", rows.collect::<String>())
}

fn roles(project: &Value) -> Vec<&str> {
    let columns = project["columns"].as_array().unwrap().iter();
    columns
        .map(|column| column["role"].as_str().unwrap())
        .collect()
}

fn labels(project: &Value) -> Vec<&str> {
    let labels = project["labels"].as_array().unwrap().iter();
    let mut labels: Vec<&str> = labels
        .map(|label| label["label"].as_str().unwrap())
        .collect();
    labels.sort_unstable();
    labels
}

fn set_columns(page: &Page, project: &Value, columns: Value) -> Value {
    page.call(
        "set_columns",
        json!({"projectId": project["id"], "columns": columns}),
    )
}

#[test]
fn columns_of_0_and_1_are_labels_of_their_own() {
    let page = Page::new();
    let names = ["anger", "joy", "fear"];
    let file = page.write("marks.csv", &marked_texts(&names, 60));
    let project = page.create_project(&file);
    assert_eq!(
        roles(&project),
        ["text", "ownLabel", "ownLabel", "ownLabel"]
    );
    assert_eq!(project["columns"][2]["guessed"], true);
    assert_eq!(project["columns"][2]["reason"]["code"], "yesOrNo");
    assert_eq!(
        project["columns"][2]["reason"]["columns"],
        json!(["anger", "joy", "fear"])
    );
    assert_eq!(project["task"], "multi");
    assert_eq!(project["labelCells"], Value::Null);

    let fewer = set_columns(&page, &project, json!({"labels": ["anger", "fear"]}));
    assert_eq!(roles(&fewer), ["text", "ownLabel", "ignore", "ownLabel"]);
    assert_eq!(labels(&fewer), ["anger", "fear"]);
    assert_eq!(
        fewer["columns"][1],
        json!({"name": "anger", "role": "ownLabel", "guessed": false, "reason": null})
    );
    // Another project is opened in between, so the first one is read from its files again.
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": project["id"]}));
    assert_eq!(reopened["columns"], fewer["columns"]);
    assert_eq!(
        reopened["columnRequest"]["labels"],
        json!(["anger", "fear"])
    );

    let one_column = set_columns(&page, &project, json!({"label": "joy"}));
    assert_eq!(roles(&one_column), ["text", "ignore", "label", "ignore"]);
    assert_eq!(labels(&one_column), ["0", "1"]);
    assert_eq!(one_column["task"], "single");
}

#[test]
fn a_column_is_a_label_or_the_text_and_one_label_alone_is_an_obstacle() {
    let page = Page::new();
    let file = page.write("marks.csv", &marked_texts(&["anger", "joy"], 60));
    let project = page.create_project(&file);
    let both = json!({"text": "text", "labels": ["text", "joy"]});
    let refusal = page
        .try_call(
            "set_columns",
            json!({"projectId": project["id"], "columns": both}),
        )
        .unwrap_err();
    assert_eq!(refusal["code"], "dataset.sameColumn");

    // Whoever chooses one column after the other comes by here.
    let alone = set_columns(&page, &project, json!({"labels": ["joy"]}));
    assert_eq!(alone["obstacle"]["code"], "dataset.oneLabel");
    assert_eq!(roles(&alone), ["text", "ignore", "ownLabel"]);
}

#[test]
fn the_separator_of_a_list_is_told_with_its_reason_and_can_be_changed() {
    let page = Page::new();
    let cells = ["a;b", "a", "b;c", "c", "a;c", "b"];
    let file = page.write("lists.csv", &listed_texts("tags", &cells));
    let project = page.create_project(&file);
    assert_eq!(roles(&project), ["text", "label"]);
    let told = &project["labelCells"];
    assert_eq!(told["separator"], ";");
    assert_eq!(told["detected"], ";");
    assert_eq!(told["reason"]["code"], "listedLabels");
    assert_eq!(told["reason"]["nJoined"], 30);
    assert_eq!(project["task"], "multi");
    assert_eq!(labels(&project), ["a", "b", "c"]);

    let whole = set_columns(&page, &project, json!({"labelSeparator": false}));
    assert_eq!(whole["labelCells"]["separator"], Value::Null);
    assert_eq!(whole["labelCells"]["detected"], ";");
    assert_eq!(whole["labelCells"]["reason"], told["reason"]);
    assert_eq!(whole["task"], "single");
    assert_eq!(labels(&whole), ["a", "a;b", "a;c", "b", "b;c", "c"]);

    let other = set_columns(&page, &project, json!({"labelSeparator": "|"}));
    assert_eq!(other["labelCells"]["separator"], "|");
    assert_eq!(other["task"], "multi");
    let single = set_columns(&page, &project, json!({"task": "single"}));
    assert_eq!(single["labelCells"]["separator"], Value::Null);
    assert_eq!(single["labelCells"]["detected"], ";");

    let again = set_columns(&page, &project, json!({}));
    assert_eq!(again["labelCells"], *told);
}

#[test]
fn cells_that_are_no_lists_are_one_label_each() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let no_list = json!({"separator": null, "detected": null, "reason": null});
    assert_eq!(project["labelCells"], no_list);
}

#[test]
fn a_newer_version_of_the_file_keeps_the_columns_that_are_labels() {
    let page = Page::new();
    let file = page.write("marks.csv", &marked_texts(&["anger", "joy", "fear"], 60));
    let project = page.create_project(&file);
    let newer = marked_texts(&["anger", "joy", "fear", "seen"], 80);
    let newer = page.write("marks 2.csv", &newer);
    let replace = json!({"projectId": project["id"], "file": newer});
    let replaced = page.call("replace_file", replace)["project"].clone();
    assert_eq!(
        roles(&replaced),
        ["text", "ownLabel", "ownLabel", "ownLabel", "ignore"]
    );

    let fewer = page.write("marks 3.csv", &marked_texts(&["anger", "joy"], 80));
    let replace = json!({"projectId": project["id"], "file": fewer});
    let read = page.call("replace_file", replace);
    assert_eq!(read["dropped"]["columns"], json!(["fear"]));
    assert_eq!(labels(&read["project"]), ["anger", "joy"]);
}

#[test]
fn a_newer_version_of_the_file_keeps_the_separator_as_long_as_its_column_is_there() {
    let page = Page::new();
    let cells = ["a;b", "a", "b;c", "c", "a;c", "b"];
    let file = page.write("lists.csv", &listed_texts("tags", &cells));
    let project = page.create_project(&file);
    let replace = |file| {
        page.call(
            "replace_file",
            json!({"projectId": project["id"], "file": file}),
        )
    };
    // Hardly a list is left to guess from.
    let mut plain = ["a", "b", "c"].repeat(20);
    plain[7] = "a;c";
    let newer = page.write("lists 2.csv", &listed_texts("tags", &plain));
    let replaced = replace(newer)["project"].clone();
    assert_eq!(replaced["labelCells"]["separator"], ";");
    assert_eq!(replaced["labelCells"]["detected"], Value::Null);
    assert_eq!(labels(&replaced), ["a", "b", "c"]);

    let other = page.write("lists 3.csv", &listed_texts("label", &["u", "v"]));
    let read = replace(other);
    assert_eq!(read["dropped"]["columns"], json!(["tags"]));
    assert_eq!(read["project"]["labelCells"]["separator"], Value::Null);
    assert_eq!(read["project"]["task"], "single");
}
