//! A file that is read as the person wants, option by option as the Data screen sends them.

use serde_json::{Value, json};

use crate::commands::Page;

/// Two lines on top, names in the third, an unusual delimiter, remarks between the rows.
fn odd_file() -> String {
    let mut text = "kept by hand\nsince 2019\ntext~label\n".to_owned();
    for i in 0..40 {
        if i % 10 == 0 {
            text += "// seen until here\n";
        }
        text += &format!("'a text of some words {i}'~{}\n", ["good", "bad"][i % 2]);
    }
    text
}

#[test]
fn every_option_can_be_set_and_left_to_be_detected_again() {
    let page = Page::new();
    let project = page.create_project(&page.write("odd.txt", &odd_file()));
    let read = |dialect: Value| {
        let request = json!({"projectId": project["id"], "dialect": dialect});
        page.call("set_dialect", request)["project"].clone()
    };
    let named = json!({"code": "named"});
    // As the screen sends it: with all that was not set.
    let all = json!({
        "encoding": "windows-1252", "delimiter": "~", "runs": null, "quote": "'", "escape": false,
        "hasHeader": null, "headerRow": 3, "skipLines": null, "comment": "//", "sheet": null
    });
    let set = read(all.clone());
    let dialect = &set["dialect"];
    assert_eq!(dialect["encoding"], "windows-1252");
    assert_eq!(dialect["delimiter"], "~");
    assert_eq!(dialect["quote"], "'");
    assert_eq!(dialect["escape"], Value::Null);
    assert_eq!(dialect["headerRow"], 3);
    assert_eq!(dialect["nLinesAbove"], 2);
    assert_eq!(dialect["comment"], "//");
    for decision in [
        "encoding",
        "delimiter",
        "quote",
        "escape",
        "header",
        "above",
        "comment",
    ] {
        assert_eq!(dialect["evidence"][decision], named, "{decision}");
    }
    assert_eq!(set["dialectRequest"], all);
    assert_eq!(set["nRows"], 40);
    assert_eq!(set["nLabels"], 2);
    assert_eq!(
        set["detected"], project["detected"],
        "what would be is still known"
    );

    let skipped = read(json!({"delimiter": "~", "skipLines": 3, "hasHeader": false}));
    assert_eq!(skipped["dialect"]["nLinesAbove"], 3);
    assert_eq!(skipped["dialect"]["headerRow"], Value::Null);
    assert_eq!(skipped["dialect"]["hasHeader"], false);

    let again = read(json!({}));
    assert_eq!(again["dialect"], project["dialect"]);
    assert_eq!(again["nRows"], project["nRows"]);
}

#[test]
fn runs_of_spaces_are_a_delimiter() {
    let page = Page::new();
    let rows: String = (0..40)
        .map(|i| format!("word{i} {}{}\n", " ".repeat(i % 3), ["good", "bad"][i % 2]))
        .collect();
    let project = page.create_project(&page.write("runs.txt", &format!("text label\n{rows}")));
    let request = json!({"delimiter": " ", "runs": "any"});
    let read = page.call(
        "set_dialect",
        json!({"projectId": project["id"], "dialect": request}),
    );
    let project = &read["project"];
    assert_eq!(project["dialect"]["delimiter"], " ");
    assert_eq!(project["dialect"]["runs"], "any");
    assert_eq!(project["columns"].as_array().map(Vec::len), Some(2));
    assert_eq!(project["nLabels"], 2);
}
