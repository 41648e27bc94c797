//! Texts with several labels: where the labels stand is recognised or said, and rows become examples.

#![allow(clippy::unwrap_used)]

use embert_engine::dataset::{
    Dataset, DatasetError, GuessedMapping, Mapping, MappingRequest, Task, guess_mapping,
};
use embert_engine::table::Table;
use embert_engine::wish::Wish;

fn table(text: &str) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.csv");
    std::fs::write(&path, text).unwrap();
    Table::read(&path).unwrap()
}

fn guess(table: &Table) -> GuessedMapping {
    guess_mapping(table, &MappingRequest::default()).unwrap()
}

/// A file of 40 rows whose last cells come from `cells`, one after the other.
fn file(head: &str, cells: &[&str]) -> String {
    let row = |i: usize| {
        format!(
            "{i},this is the text number {i},{}\n",
            cells[i % cells.len()]
        )
    };
    format!("{head}\n{}", (0..40).map(row).collect::<String>())
}

/// The labels of each example by name.
fn names(dataset: &Dataset) -> Vec<Vec<&str>> {
    let names = |ids: &[usize]| ids.iter().map(|id| dataset.labels.name(*id)).collect();
    let examples = dataset.examples.iter();
    examples
        .map(|example| names(example.label_ids.as_slice()))
        .collect()
}

#[test]
fn cells_with_several_labels_are_recognised() {
    let check = |cells: &[&str], separator: Option<&str>| {
        let table = table(&file("nr,text,tags", cells));
        let mapping = guess(&table).mapping;
        assert_eq!(mapping.label.as_deref(), Some("tags"));
        assert_eq!(mapping.label_separator.as_deref(), separator, "{cells:?}");
        let task = if separator.is_some() {
            Task::Multi
        } else {
            Task::Single
        };
        assert_eq!(mapping.task, task);
        if separator.is_some() {
            let dataset = Dataset::from_table(&table, &mapping).unwrap();
            assert_eq!(
                dataset.labels.names(),
                ["blue", "green", "red"],
                "{cells:?}"
            );
            assert_eq!(names(&dataset)[1], ["blue", "red"], "{cells:?}");
        }
    };
    check(
        &["red", "red|blue", "green|red", "blue", "green"],
        Some("|"),
    );
    check(
        &["red", "blue; red", "green; red", "blue", "green"],
        Some(";"),
    );
    check(
        &["red", "\"red, blue\"", "\"green, red\"", "blue", "green"],
        Some(","),
    );
    check(
        &["['red']", "\"['blue', 'red']\"", "['green']", "[]"],
        Some("[]"),
    );
    let json = [
        "\"[\"\"red\"\"]\"",
        "\"[\"\"red\"\", \"\"blue\"\"]\"",
        "\"[\"\"green\"\"]\"",
    ];
    check(&json, Some("[]"));
    check(&["red", "\"Health, Beauty\"", "blue"], None);
}

#[test]
fn the_reason_tells_the_separator_and_how_often_it_is_there() {
    let table = table(&file(
        "nr,text,tags",
        &["red", "red|blue", "green|red", "blue"],
    ));
    let reasons: Vec<String> = guess(&table)
        .reasons
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = "The column \"tags\" is taken as the label: 20 of 40 cells hold several of 3 labels, with \"|\" between them.";
    assert!(reasons.contains(&expected.to_owned()), "{reasons:?}");
    assert_eq!(reasons.len(), 2);
}

#[test]
fn a_list_column_without_a_usual_name_is_found_too() {
    // So many sets that no column of single labels would have them.
    let labels = ["a1", "b2", "c3", "d4", "e5", "f6"];
    let sets: Vec<String> = (0..40)
        .map(|i| format!("{}|{}", labels[i % 6], labels[(i * i / 6 + 1) % 6]))
        .collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let mapping = guess(&table(&file("nr,text,zz", &sets))).mapping;
    assert_eq!(mapping.label.as_deref(), Some("zz"));
    assert_eq!(mapping.task, Task::Multi);
}

#[test]
fn columns_of_zeros_and_ones_are_labels() {
    let table = table(&file(
        "id,comment_text,toxic,insult,threat",
        &["0,0,0", "1,0,0", "1,1,0", "0,0,1"],
    ));
    let guessed = guess(&table);
    assert_eq!(guessed.mapping.text, "comment_text");
    assert_eq!(guessed.mapping.labels, ["toxic", "insult", "threat"]);
    assert_eq!(
        (guessed.mapping.label.clone(), guessed.mapping.task),
        (None, Task::Multi)
    );
    let reasons: Vec<String> = guessed.reasons.iter().map(ToString::to_string).collect();
    let expected = "The 3 columns from \"toxic\" to \"threat\" are taken as labels: they hold only 0 and 1, or True and False.";
    assert!(reasons.contains(&expected.to_owned()), "{reasons:?}");
    let dataset = Dataset::from_table(&table, &guessed.mapping).unwrap();
    let expected: [&[&str]; 4] = [&[], &["toxic"], &["toxic", "insult"], &["threat"]];
    assert_eq!(names(&dataset)[..4], expected);
}

#[test]
fn one_yes_in_every_row_is_a_single_label() {
    let cells = ["True,False,False", "False,True,False", "False,False,True"];
    let table = table(&file("id,text,sport,music,food", &cells));
    let mapping = guess(&table).mapping;
    assert_eq!(mapping.task, Task::Single);
    let dataset = Dataset::from_table(&table, &mapping).unwrap();
    assert_eq!(names(&dataset)[..3], [["sport"], ["music"], ["food"]]);
}

#[test]
fn a_label_column_beside_columns_of_zeros_and_ones_stays_the_label() {
    let check = |head: &str, cells: &[&str], label: &str| {
        let mapping = guess(&table(&file(head, cells))).mapping;
        assert_eq!(mapping.label.as_deref(), Some(label), "{head}");
        assert_eq!((mapping.task, mapping.labels.len()), (Task::Single, 0));
    };
    check("nr,text,label,long,new", &["x,0,1", "y,1,1"], "label");
    check("nr,text,label,long,new", &["1,0,1", "0,1,1"], "label");
    check("nr,text,spam,new", &["1,0", "0,1"], "spam");
}

#[test]
fn ids_and_languages_are_named_and_left_out() {
    let table = table("uid,text,label,lang\n7,a b,x,en\n8,c d,y,de\n9,e f,x,de\n");
    let ignored: Vec<String> = guess(&table)
        .ignored
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        ignored,
        [
            "The column \"uid\" is left out as an id: its 3 cells are all different.",
            "The column \"lang\" is left out as a language: its name is a usual one."
        ]
    );
}

#[test]
fn the_person_can_say_it_otherwise() {
    let listed = table(&file(
        "nr,text,tags",
        &["red", "red|blue", "green|red", "blue"],
    ));
    let single = MappingRequest {
        task: Some(Task::Single),
        ..MappingRequest::default()
    };
    let mapping = guess_mapping(&listed, &single).unwrap().mapping;
    assert_eq!(
        (mapping.label_separator.clone(), mapping.task),
        (None, Task::Single)
    );
    let dataset = Dataset::from_table(&listed, &mapping).unwrap();
    assert_eq!(
        dataset.labels.names(),
        ["blue", "green|red", "red", "red|blue"]
    );

    let slashes = table("text,label\na,x/y\nb,x\nc,y\n");
    let said = MappingRequest {
        label_separator: Wish::Named("/".to_owned()),
        ..MappingRequest::default()
    };
    let mapping = guess_mapping(&slashes, &said).unwrap().mapping;
    let dataset = Dataset::from_table(&slashes, &mapping).unwrap();
    assert_eq!(names(&dataset), [vec!["x", "y"], vec!["x"], vec!["y"]]);
    let multi = MappingRequest {
        task: Some(Task::Multi),
        ..MappingRequest::default()
    };
    let mapping = guess_mapping(&slashes, &multi).unwrap().mapping;
    assert_eq!(mapping.task, Task::Multi, "also where no cell has several");

    let marks = table("text,a,b\none,1,0\ntwo,1,1\nthree,,\nfour,0,2\n");
    let named = MappingRequest {
        labels: vec!["b".to_owned(), "a".to_owned()],
        ..MappingRequest::default()
    };
    let mapping = guess_mapping(&marks, &named).unwrap().mapping;
    let dataset = Dataset::from_table(&marks, &mapping).unwrap();
    assert_eq!(names(&dataset), [vec!["a"], vec!["b", "a"]]);
    let skipped: Vec<String> = dataset
        .skipped
        .iter()
        .map(|row| row.fault.to_string())
        .collect();
    assert_eq!(
        skipped,
        ["no label in \"b, a\"", "neither 0 nor 1 in \"b\""]
    );
    let one_each = Mapping {
        task: Task::Single,
        ..mapping
    };
    let dataset = Dataset::from_table(&marks, &one_each).unwrap();
    assert_eq!(
        dataset.skipped[0].fault.to_string(),
        "2 labels, where a text can have one"
    );
}

#[test]
fn a_column_that_is_a_label_can_t_be_the_text() {
    let marks = table("text,a,b\none,1,0\ntwo,1,1\n");
    let request = MappingRequest {
        text: Wish::Named("a".to_owned()),
        labels: vec!["a".to_owned(), "b".to_owned()],
        ..MappingRequest::default()
    };
    let error = guess_mapping(&marks, &request).unwrap_err();
    assert!(matches!(error, DatasetError::SameColumn { .. }), "{error}");
}

#[test]
fn what_is_not_said_is_not_written_down() {
    let old = serde_json::json!({"text": "a", "textB": null, "label": "b", "split": null});
    let mapping: Mapping = serde_json::from_value(old.clone()).unwrap();
    assert_eq!((mapping.task, mapping.labels.len()), (Task::Single, 0));
    assert_eq!(serde_json::to_value(&mapping).unwrap(), old);
    let multi = serde_json::json!({
        "text": "a", "textB": null, "label": "b", "split": null, "labelSeparator": "|", "task": "multi"
    });
    let mapping: Mapping = serde_json::from_value(multi.clone()).unwrap();
    assert_eq!(serde_json::to_value(&mapping).unwrap(), multi);
}

#[test]
fn the_same_labels_in_another_order_are_the_same_data() {
    let dataset = |text: &str| {
        let table = table(text);
        let request = MappingRequest {
            label_separator: Wish::Named("|".to_owned()),
            ..MappingRequest::default()
        };
        let mapping = guess_mapping(&table, &request).unwrap().mapping;
        Dataset::from_table(&table, &mapping)
            .unwrap()
            .content_hash()
    };
    assert_eq!(
        dataset("text,label\na,x|y\nb,z\n"),
        dataset("text,label\na,y|x\nb,z\n")
    );
    assert_ne!(
        dataset("text,label\na,x|y\nb,z\n"),
        dataset("text,label\na,x\nb,y|z\n")
    );
}
