//! Columns are recognised, and rows become examples or an error that says what to do.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod shared;

use std::collections::HashMap;

use embert_engine::dataset::{
    Dataset, DatasetError, LabelMap, Mapping, MappingRequest, Part, Task, guess_mapping,
    labelled_with,
};
use embert_engine::split::{Fractions, SplitOrigin, split};
use embert_engine::table::Table;
use embert_engine::wish::Wish;
use shared::shared;

fn table(text: &str) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.csv");
    std::fs::write(&path, text).unwrap();
    Table::read(&path).unwrap()
}

fn request(text: Option<&str>, label: Option<&str>) -> MappingRequest {
    MappingRequest {
        text: text.map(str::to_owned).into(),
        label: label.map(str::to_owned).into(),
        ..MappingRequest::default()
    }
}

fn guess(table: &Table) -> Mapping {
    guess_mapping(table, &MappingRequest::default())
        .unwrap()
        .mapping
}

fn dataset(text: &str) -> Result<Dataset, DatasetError> {
    let table = table(text);
    Dataset::from_table(
        &table,
        &guess_mapping(&table, &MappingRequest::default())?.mapping,
    )
}

/// Text, second text, label and split column.
type Columns<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn check_guess(text: &str, expected: Columns<'_>) {
    let mapping = guess(&table(text));
    let found = (
        mapping.text.as_str(),
        mapping.text_b.as_deref(),
        mapping.label.as_deref(),
        mapping.split.as_deref(),
    );
    assert_eq!(found, expected, "{text}");
}

#[test]
fn columns_are_recognised_by_their_names() {
    check_guess(
        "text,label\na b,x\nc d,y\n",
        ("text", None, Some("label"), None),
    );
    check_guess(
        "id,Kategorie,Nachricht\n1,x,a b\n2,y,c d\n",
        ("Nachricht", None, Some("Kategorie"), None),
    );
    check_guess(
        "intent;utterance;dataset_split\nx;a b;train\ny;c d;test\n",
        ("utterance", None, Some("intent"), Some("dataset_split")),
    );
    check_guess(
        "premise,hypothesis,label\na b,c d,x\ne f,g h,y\n",
        ("premise", Some("hypothesis"), Some("label"), None),
    );
    check_guess(
        "sentence1,sentence2,gold_label\na b,c d,x\ne f,g h,y\n",
        ("sentence1", Some("sentence2"), Some("gold_label"), None),
    );
    check_guess(
        "title,text,label\nt,a b c,x\nu,d e f,y\n",
        ("text", None, Some("label"), None),
    );
    check_guess(
        "text,label_fine,label\na b,x1,x\nc d,y1,y\n",
        ("text", None, Some("label"), None),
    );
}

#[test]
fn columns_are_recognised_by_their_contents() {
    let rows: String = (0..40)
        .map(|i| {
            format!(
                "{},k{},a longer text number {i},{}\n",
                i + 1,
                i % 3,
                ["train", "dev", "test"][i % 3]
            )
        })
        .collect();
    check_guess(
        &format!("nn,kk,tt,pp\n{rows}"),
        ("tt", None, Some("kk"), Some("pp")),
    );
    check_guess(
        "I love this a lot,good\nNot for me at all,bad\nWhat a nice thing,good\nBroken again today,bad\n",
        ("column 1", None, Some("column 2"), None),
    );
}

#[test]
fn every_guess_has_its_reason_and_a_named_column_needs_none() {
    let table = table("text,label\na b,x\nc d,y\n");
    let guessed = guess_mapping(&table, &MappingRequest::default()).unwrap();
    assert_eq!(guessed.reasons.len(), 2);
    assert!(
        guessed
            .reasons
            .iter()
            .any(|reason| reason.to_string().contains("\"label\""))
    );
    let named = guess_mapping(&table, &request(Some("label"), Some("text"))).unwrap();
    assert_eq!(
        (named.mapping.text.as_str(), named.mapping.label.as_deref()),
        ("label", Some("text"))
    );
    assert!(named.reasons.is_empty());
}

#[test]
fn what_is_declined_is_not_guessed() {
    let table = table("premise,hypothesis,label,split\na b,c d,x,train\ne f,g h,y,test\n");
    let guessed = guess(&table);
    assert_eq!(guessed.text_b.as_deref(), Some("hypothesis"));
    assert_eq!(guessed.split.as_deref(), Some("split"));
    let request = MappingRequest {
        text_b: Wish::None,
        split: Wish::None,
        ..MappingRequest::default()
    };
    let declined = guess_mapping(&table, &request).unwrap().mapping;
    assert_eq!((declined.text_b, declined.split), (None, None));
}

#[test]
fn a_text_and_a_label_cannot_be_declined() {
    let table = table("text,label\na b,x\nc d,y\n");
    let request = MappingRequest {
        text: Wish::None,
        ..MappingRequest::default()
    };
    let error = guess_mapping(&table, &request).unwrap_err();
    assert_eq!(error.code(), "dataset.textNeeded");
    assert!(error.hint().is_some());
    let request = MappingRequest {
        label: Wish::None,
        ..MappingRequest::default()
    };
    let unlabelled = guess_mapping(&table, &request).unwrap().mapping;
    let error = Dataset::from_table(&table, &unlabelled).unwrap_err();
    assert_eq!(error.code(), "dataset.noLabelColumn");
}

#[test]
fn a_request_of_an_older_project_means_a_guess_where_it_says_null() {
    let read = |json| serde_json::from_str::<MappingRequest>(json).unwrap();
    let old = read(r#"{"text": "body", "textB": null, "label": null, "split": null}"#);
    assert_eq!(old.text, Wish::Named("body".to_owned()));
    assert_eq!(old.text_b, Wish::Guess);
    assert_eq!(read("{}"), MappingRequest::default());
    let declined = read(r#"{"textB": false}"#);
    assert_eq!(declined.text_b, Wish::None);
    assert_eq!(
        serde_json::to_value(&declined).unwrap(),
        serde_json::json!({"text": null, "textB": false, "label": null, "split": null})
    );
}

#[test]
fn a_second_column_of_texts_is_no_pair_unless_it_is_called_so() {
    check_guess(
        "text,comment,label\na b,c d,x\ne f,g h,y\n",
        ("text", None, Some("label"), None),
    );
}

#[test]
fn a_label_column_that_says_train_now_and_then_is_no_split() {
    check_guess(
        "text,label\nby rail,train\nby road,car\nby sea,ship\n",
        ("text", None, Some("label"), None),
    );
}

#[test]
fn labels_stay_as_typed() {
    let dataset = dataset("text,label\na,01\nb,1\nc,1.0\nd,True\ne,true\nf,NA\n").unwrap();
    assert_eq!(dataset.labels.len(), 6);
    for label in ["01", "1", "1.0", "True", "true", "NA"] {
        let id = dataset.labels.id(label).unwrap();
        assert_eq!(dataset.labels.name(id), label);
    }
}

#[test]
fn labels_are_sorted_and_numbers_by_their_value() {
    let sorted = |labels: &[&str]| LabelMap::sorted(labels.iter().map(|&label| label.to_owned()));
    assert_eq!(
        sorted(&["10", "9", "-1", "2.5", "9"]).names(),
        ["-1", "2.5", "9", "10"]
    );
    assert_eq!(sorted(&["b", "a", "B", "b"]).names(), ["B", "a", "b"]);
    assert_eq!(sorted(&["b", "a"]), sorted(&["a", "b", "a"]));
    assert_eq!(
        serde_json::to_string(&sorted(&["y", "x"])).unwrap(),
        r#"["x","y"]"#
    );
    assert_eq!(
        serde_json::from_str::<LabelMap>(r#"["y","x"]"#)
            .unwrap()
            .id("x"),
        Some(1)
    );
}

#[test]
fn rows_without_text_or_label_are_skipped_with_their_line() {
    let dataset = dataset("text,label\na,x\n  ,y\nb,\nc,y\n").unwrap();
    let lines: Vec<u64> = dataset
        .examples
        .iter()
        .map(|example| example.line)
        .collect();
    assert_eq!(lines, [2, 5]);
    let skipped: Vec<(u64, String)> = dataset
        .skipped
        .iter()
        .map(|row| (row.line, row.fault.to_string()))
        .collect();
    assert_eq!(
        skipped,
        [
            (3, "no text in \"text\"".to_owned()),
            (4, "no label in \"label\"".to_owned())
        ]
    );
}

#[test]
fn parts_are_read_under_all_their_names() {
    let dataset =
        dataset("text,label,split\na,x,Train\nb,y,validation\nc,x,dev\nd,y,TEST\ne,x,\n").unwrap();
    let parts: Vec<Option<Part>> = dataset
        .examples
        .iter()
        .map(|example| example.part)
        .collect();
    let expected = [
        Some(Part::Train),
        Some(Part::Valid),
        Some(Part::Valid),
        Some(Part::Test),
        None,
    ];
    assert_eq!(parts, expected);
}

#[test]
fn a_test_file_adds_test_examples() {
    let mut dataset = dataset("text,label\na,x\nb,y\n").unwrap();
    let before = dataset.content_hash();
    let second = table("label,text\ny,c\nx,d\n");
    dataset.append_test(&second, &guess(&second)).unwrap();
    assert_eq!(dataset.examples.len(), 4);
    assert_eq!(dataset.examples[2].part, Some(Part::Test));
    assert_eq!(dataset.labels.name(dataset.examples[2].label_id()), "y");
    assert_ne!(dataset.content_hash(), before);
}

#[test]
fn the_hash_is_that_of_texts_and_labels() {
    let hash = |text| dataset(text).unwrap().content_hash();
    assert_eq!(
        hash("text,label\na,x\nb,y\n"),
        hash("label;text\nx;a\ny;b\n")
    );
    assert_ne!(
        hash("text,label\na,x\nb,y\n"),
        hash("text,label\na,y\nb,x\n")
    );
    assert_ne!(
        hash("text,label\nab,x\nc,y\n"),
        hash("text,label\na,x\nbc,y\n")
    );
    assert_eq!(hash("text,label\na,x\nb,y\n").len(), 64);
}

#[test]
fn an_existing_model_brings_its_labels() {
    let labels = LabelMap::in_order(vec!["y".to_owned(), "x".to_owned()]);
    let table = table("text,label\na,x\nb,x\n");
    let dataset = labelled_with(&table, &guess(&table), &labels).unwrap();
    assert_eq!(dataset.labels, labels);
    assert!(
        dataset
            .examples
            .iter()
            .all(|example| example.label_id() == 1)
    );
}

#[test]
fn every_fault_has_a_code_a_sentence_and_a_hint() {
    let same = |text: &str| Mapping {
        text: text.to_owned(),
        text_b: None,
        label: Some(text.to_owned()),
        ..Mapping::default()
    };
    let texts: String = (0..1200)
        .map(|i| format!("text {i},unique {i}\n"))
        .collect();
    let with_test = "text,label,split\na,x,train\nb,y,train\nc,x,test\n";
    let second = table("text,label\na,x\nb,z\n");
    let append = |first: &str| {
        dataset(first)
            .unwrap()
            .append_test(&second, &guess(&second))
            .unwrap_err()
    };
    let two = table("text,label\na,x\nb,y\n");
    let known = LabelMap::in_order(vec!["x".to_owned()]);
    let cases = [
        (
            guess_mapping(&two, &request(Some("txt"), None)).unwrap_err(),
            "table.unknownColumn",
            "There is no column \"txt\"; the columns are \"text\", \"label\"",
        ),
        (
            guess_mapping(&table("a,b\n1,2\n3,4\n5,6\n"), &request(None, None)).unwrap_err(),
            "dataset.noTextColumn",
            "None of the 2 columns looks like a text",
        ),
        (
            dataset("text\none\ntwo\n").unwrap_err(),
            "dataset.oneColumn",
            "The file has only 1 column, \"text\", but texts and labels need 2",
        ),
        (
            Dataset::from_table(
                &two,
                &Mapping {
                    label: None,
                    ..same("text")
                },
            )
            .unwrap_err(),
            "dataset.noLabelColumn",
            "There is no label column beside the text column \"text\"",
        ),
        (
            Dataset::from_table(&two, &same("text")).unwrap_err(),
            "dataset.sameColumn",
            "The column \"text\" can't be both the text and the label",
        ),
        (
            Dataset::from_table(
                &table("text,label\na,\n,y\n"),
                &Mapping {
                    label: Some("label".to_owned()),
                    ..same("text")
                },
            )
            .unwrap_err(),
            "dataset.noExamples",
            "None of the 2 rows has a text in \"text\" and a label in \"label\"",
        ),
        (
            dataset("text,label\na,x\nb,x\n").unwrap_err(),
            "dataset.oneLabel",
            "All 2 examples have the label \"x\", but at least 2 labels are needed",
        ),
        (
            dataset(&format!("text,label\n{texts}")).unwrap_err(),
            "dataset.tooManyLabels",
            "The column \"label\" has 1200 different labels in 1200 rows: it looks like a text column",
        ),
        (
            append("text,label\na,x\nb,y\n"),
            "dataset.unknownLabel",
            "The label \"z\" in line 3 is not one of the 2 known labels",
        ),
        (
            labelled_with(&two, &guess(&two), &known).unwrap_err(),
            "dataset.unknownLabel",
            "The label \"y\" in line 3 is not one of the 1 known labels",
        ),
        (
            Dataset::from_table(
                &table("text,label,split\na,x,train\nb,y,later\n"),
                &Mapping {
                    label: Some("label".to_owned()),
                    split: Some("split".to_owned()),
                    ..same("text")
                },
            )
            .unwrap_err(),
            "dataset.unknownPart",
            "The split column says \"later\" in line 3, but only train, valid and test are known",
        ),
        (
            append(with_test),
            "dataset.testTwice",
            "The file already has 1 test rows, so a second test file can't be used",
        ),
    ];
    for (error, code, message) in cases {
        assert_eq!(error.to_string(), message);
        assert_eq!(error.code(), code);
        assert!(error.hint().unwrap().ends_with('.'), "{code}");
    }
}

/// Columns, labels and parts that the manifest promises, for every data set beside the repository.
#[test]
fn real_data_sets_are_understood_without_being_told() {
    let Some(manifest) = shared("data/MANIFEST.json") else {
        return;
    };
    let manifest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(manifest).unwrap()).unwrap();
    for entry in manifest["files"].as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let Some(path) = shared(&format!("data/{name}")) else {
            continue;
        };
        let table = Table::read(&path).unwrap();
        let has = |column: &str| {
            table
                .columns
                .iter()
                .any(|name| name == column)
                .then(|| column.to_owned())
        };
        let mapping = guess(&table);
        let is_multi = entry["task"] == "multi-label";
        let expected = Mapping {
            text: "text".to_owned(),
            text_b: has("text_b"),
            label: has("label"),
            split: has("split"),
            label_separator: is_multi.then(|| "|".to_owned()),
            task: if is_multi { Task::Multi } else { Task::Single },
            ..Mapping::default()
        };
        assert_eq!(mapping, expected, "{name}");
        let dataset = Dataset::from_table(&table, &mapping).unwrap();
        assert_eq!(
            dataset.examples.len() as u64,
            entry["rows"].as_u64().unwrap(),
            "{name}"
        );
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for example in &dataset.examples {
            for id in example.label_ids.as_slice() {
                *counts.entry(dataset.labels.name(*id)).or_default() += 1;
            }
        }
        for (label, n) in entry["label_counts"].as_object().into_iter().flatten() {
            assert_eq!(
                counts.get(label.as_str()).copied(),
                n.as_u64(),
                "{label} of {name}"
            );
        }
        check_split(name, &dataset, &entry["splits"]);
    }
}

fn check_split(name: &str, dataset: &Dataset, sizes: &serde_json::Value) {
    let tenths = Fractions {
        valid: 0.1,
        test: 0.1,
    };
    let split = split(dataset, tenths, 42).unwrap();
    let n = split.train.len() + split.valid.len() + split.test.len();
    assert_eq!(n, dataset.examples.len(), "{name}");
    let size = |part: &str| sizes[part].as_u64().map(|n| n as usize);
    let origin = match (size("validation"), size("test")) {
        (Some(_), Some(_)) => SplitOrigin::Given,
        (None, Some(_)) => SplitOrigin::ValidDrawn,
        (Some(_), None) => SplitOrigin::TestDrawn,
        (None, None) => SplitOrigin::Drawn,
    };
    assert_eq!(split.origin, origin, "{name}");
    assert_eq!(
        split.test.len(),
        size("test").unwrap_or(split.test.len()),
        "{name}"
    );
    assert_eq!(
        split.valid.len(),
        size("validation").unwrap_or(split.valid.len()),
        "{name}"
    );
    if origin == SplitOrigin::Drawn {
        let tenth = n as f64 / 10.0;
        for part in [&split.valid, &split.test] {
            assert!(
                (part.len() as f64 - tenth).abs() < 0.01 * n as f64,
                "{name}: {}",
                part.len()
            );
        }
        assert_eq!(split.leaks, 0, "{name}");
    }
}

#[test]
fn the_hash_of_what_is_learned_from_has_the_parts_too() {
    let hash = |text: &str| dataset(text).unwrap().training_hash();
    let plain = "text,label\na,x\nb,y\n";
    assert_eq!(hash(plain), dataset(plain).unwrap().content_hash());
    let split = |second: &str| format!("text,label,split\na,x,train\nb,y,{second}\n");
    let parts = ["train", "valid", "test"].map(|part| hash(&split(part)));
    assert_ne!(parts[0], parts[1]);
    assert_ne!(parts[1], parts[2]);
    assert_eq!(hash(&split("dev")), parts[1], "what the part is called");
    assert_eq!(
        hash(&split("")),
        parts[0],
        "an empty cell is a row to learn from"
    );
}
