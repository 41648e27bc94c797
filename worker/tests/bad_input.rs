//! Input that can't be used: exit code 1, a message that names file, line or column, a hint, and no folder left.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::Place;

/// Runs `line` and checks that it is refused with all of `parts` in the message, and that nothing stays in `runs`.
fn check(place: &Place, line: &str, parts: &[&str]) {
    let before = place.names(".");
    let ran = place.run(line);
    assert_eq!(ran.code, Some(1), "{line}: {}{}", ran.stdout, ran.stderr);
    let message = ran
        .stderr
        .lines()
        .find(|line| line.starts_with("error: "))
        .unwrap_or_default();
    for part in parts {
        assert!(
            message.contains(part),
            "{line}: no {part} in {}",
            ran.stderr
        );
    }
    assert!(
        ran.stderr
            .lines()
            .any(|line| line.starts_with("hint: ") && line.ends_with('.')),
        "{line}: {}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("panic"), "{line}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{line}");
    assert_eq!(place.names("."), before, "{line} leaves something");
}

#[test]
fn files_that_are_no_tables_are_refused_by_every_command() {
    let place = Place::new();
    place.write("empty.csv", "");
    place.write("blank.csv", "\n\n  \n");
    place.write("header.csv", "text,label\n");
    place.write(
        "picture.csv",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0",
    );
    place.write("table.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0");
    fs::create_dir(place.path("folder.csv")).unwrap();
    for command in ["inspect", "train"] {
        for name in [
            "missing.csv",
            "empty.csv",
            "blank.csv",
            "header.csv",
            "picture.csv",
            "table.xlsx",
            "folder.csv",
        ] {
            check(&place, &format!("{command} {name}"), &[name]);
        }
    }
    check(&place, "convert missing.csv out.csv", &["missing.csv"]);
    check(&place, "convert picture.csv out.csv", &["picture.csv"]);
    check(&place, "train missing.csv --out run", &["missing.csv"]);
}

#[test]
fn data_that_nothing_can_be_learned_from_is_refused() {
    let place = Place::new();
    let rows = |label: &dyn Fn(usize) -> String| {
        (0..30)
            .map(|n| format!("this is text number {n},{}\n", label(n)))
            .collect::<String>()
    };
    place.write(
        "one_column.csv",
        (0..30)
            .map(|n| format!("this is text number {n}\n"))
            .collect::<String>(),
    );
    check(&place, "train one_column.csv", &["label"]);
    place.write(
        "one_label.csv",
        format!("text,label\n{}", rows(&|_| "only".to_owned())),
    );
    check(&place, "train one_label.csv", &["only"]);
    place.write(
        "lonely.csv",
        format!(
            "text,label\n{}a lonely text,rare\n",
            rows(&|n| ["a", "b"][n % 2].to_owned())
        ),
    );
    check(&place, "train lonely.csv", &["rare", "1"]);
    place.write("no_text.csv", "text,label\n,a\n,b\n,a\n,b\n");
    check(&place, "train no_text.csv --text text --label label", &[]);
}

#[test]
fn wrong_names_of_columns_are_answered_with_the_right_ones() {
    let place = Place::new();
    place.write_desk();
    for option in ["--text txt", "--label txt", "--text-b txt", "--split txt"] {
        check(
            &place,
            &format!("train desk.csv {option}"),
            &["txt", "\"id\"", "\"text\"", "\"label\""],
        );
    }
    check(
        &place,
        "inspect desk.csv --label txt",
        &["txt", "\"label\""],
    );
    check(&place, "train desk.csv --text text --label text", &["text"]);
}

#[test]
fn a_huge_cell_is_refused_with_its_line() {
    let place = Place::new();
    let mut csv = b"text,label\nfirst,a\n\"".to_vec();
    csv.resize(csv.len() + 40_000_000, b'x');
    csv.extend(b"\",b\nlast,a\n");
    place.write("huge.csv", csv);
    check(&place, "train huge.csv", &["huge.csv", "line 3"]);
    check(&place, "inspect huge.csv", &["huge.csv", "line 3"]);
}

#[test]
#[ignore = "writes and reads a file of 1 GB"]
fn a_cell_of_a_gigabyte_is_refused_with_its_line() {
    use std::io::Write;
    let place = Place::new();
    let mut file = std::io::BufWriter::new(fs::File::create(place.path("huge.csv")).unwrap());
    file.write_all(b"text,label\nfirst,a\n\"").unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..1024 {
        file.write_all(&piece).unwrap();
    }
    file.write_all(b"\",b\nlast,a\n").unwrap();
    drop(file);
    check(&place, "train huge.csv", &["huge.csv", "line 3"]);
}

#[test]
fn wrong_settings_are_refused_before_anything_is_made() {
    let place = Place::new();
    place.write_desk();
    place.write("unknown.json", r#"{"epoch": 3}"#);
    place.write("broken.json", "epochs: 3");
    check(
        &place,
        "train desk.csv --recipe unknown.json",
        &["unknown.json", "epoch"],
    );
    check(
        &place,
        "train desk.csv --recipe broken.json",
        &["broken.json", "line 1"],
    );
    check(
        &place,
        "train desk.csv --recipe missing.json",
        &["missing.json"],
    );
    check(&place, "train desk.csv --epochs 0", &["epochs", "0"]);
    check(
        &place,
        "train desk.csv --learning-rate 5",
        &["learningRate", "5"],
    );
    check(&place, "train desk.csv --batch-size 0", &["batchSize", "0"]);
    check(&place, "train desk.csv --max-length 512", &["512", "64"]);
    check(
        &place,
        "train desk.csv --base-model no-such-model",
        &["no-such-model"],
    );
    check(&place, "train desk.csv --device abacus", &["abacus"]);
    check(
        &place,
        "train desk.csv --test missing.csv",
        &["missing.csv"],
    );
    place.write("other.csv", "text,label\nhello there,riddle\n");
    check(&place, "train desk.csv --test other.csv", &["riddle"]);
}

#[test]
fn files_that_are_no_list_of_corrections_are_refused_by_every_command() {
    let place = Place::new();
    place.write_desk();
    let list = |version: u32, edit: &str| {
        format!("{{\"format\": \"embert-edits\", \"version\": {version}, \"edits\": [{edit}]}}")
    };
    place.write("broken.json", "{\n\"edits\": [,");
    place.write("other.json", r#"{"epochs": 3}"#);
    place.write("newer.json", list(2, ""));
    place.write("unknown.json", list(1, r#"{"kind": "splitLabel"}"#));
    place.write("lacking.json", list(1, r#"{"kind": "renameLabel"}"#));
    for command in [
        "inspect desk.csv",
        "train desk.csv",
        "convert desk.csv out.csv",
    ] {
        for (file, parts) in [
            ("missing.json", ["missing.json", "can't be read"]),
            ("broken.json", ["broken.json", "Line 2"]),
            ("other.json", ["other.json", "not a list of corrections"]),
            ("newer.json", ["newer.json", "version 2"]),
            (
                "unknown.json",
                ["Correction 1 in unknown.json", "splitLabel"],
            ),
            ("lacking.json", ["Correction 1 in lacking.json", "from"]),
        ] {
            check(&place, &format!("{command} --edits {file}"), &parts);
        }
    }
    place.write("good.json", list(1, ""));
    check(
        &place,
        "convert desk.csv good.json --edits good.json",
        &["good.json", "input file itself"],
    );
    let all = r#"{"kind": "mergeRareLabels", "fewerThan": 1000, "into": "all"}"#;
    place.write("all.json", list(1, all));
    check(&place, "train desk.csv --edits all.json", &["all", "96"]);
}

#[test]
fn a_run_folder_with_something_in_it_is_not_touched() {
    let place = Place::new();
    place.write_desk();
    fs::create_dir(place.path("full")).unwrap();
    place.write("full/diary.txt", "dear diary");
    check(&place, "train desk.csv --out full", &["full", "not empty"]);
    check(
        &place,
        "train desk.csv --out desk.csv",
        &["desk.csv", "file"],
    );
    assert_eq!(place.names("full"), ["diary.txt"]);
}

#[test]
fn models_that_can_not_be_used_are_refused() {
    let place = Place::new();
    place.write_desk();
    check(&place, "classify nowhere --text hello", &["nowhere"]);
    check(
        &place,
        "evaluate models desk.csv",
        &["models", "config.json"],
    );
    fs::create_dir(place.path("pickle")).unwrap();
    fs::copy(
        place.path("models/minilm-l6/config.json"),
        place.path("pickle/config.json"),
    )
    .unwrap();
    place.write("pickle/pytorch_model.bin", "");
    check(
        &place,
        "train desk.csv --base-model pickle",
        &["pickle", "pytorch_model.bin"],
    );
    fs::create_dir(place.path("roberta")).unwrap();
    place.write(
        "roberta/config.json",
        r#"{"model_type":"roberta","architectures":["RobertaModel"]}"#,
    );
    check(&place, "train desk.csv --base-model roberta", &["roberta"]);
}

#[test]
fn a_download_from_nowhere_ends_soon_with_a_hint() {
    let place = Place::new();
    fs::remove_dir_all(place.path("models/minilm-l6")).unwrap();
    check(&place, "models download minilm-l6", &["127.0.0.1"]);
    assert_eq!(place.names("models"), Vec::<String>::new());
    check(
        &place,
        "models download no-such-model",
        &["no-such-model", "minilm-l6"],
    );
}
