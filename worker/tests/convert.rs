//! `embert convert` and several files at once: what is written is read again as it was.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::Place;

/// Converts a file twice; the second result must be the first, byte by byte.
fn check(place: &Place, file: &str) -> String {
    let first = place.run_words(&["convert", file, "first.csv"]);
    assert_eq!(first.code, Some(0), "{file}: {}", first.stderr);
    let second = place.run_words(&["convert", "first.csv", "second.csv"]);
    assert_eq!(second.code, Some(0), "{file}: {}", second.stderr);
    assert!(
        !second.stderr.contains("repaired"),
        "{file}: {}",
        second.stderr
    );
    assert!(
        !second.stderr.contains("left out"),
        "{file}: {}",
        second.stderr
    );
    let text = fs::read_to_string(place.path("first.csv")).unwrap();
    let again = fs::read_to_string(place.path("second.csv")).unwrap();
    assert_eq!(again, text, "{file}");
    text
}

#[test]
fn what_convert_writes_is_read_as_the_same_rows() {
    let place = Place::new();
    let files: [(&str, &[u8]); 12] = [
        (
            "semicolons.csv",
            b"text;label\r\n\"one;\r\ntwo\";a\r\nthree, four;b\r\n",
        ),
        (
            "latin.txt",
            b"sch\xF6ne Gr\xFC\xDFe, alle|gut\nnichts|schlecht\n",
        ),
        (
            "one.txt",
            b"Hello, how are you?\nWell.\nAnd you?\nBad, very bad, thanks\n",
        ),
        ("numbers.csv", b"1,2\n3,4\n5,6\n"),
        ("empty.csv", b"text,label\n,\n,\n,\n"),
        ("marks.csv", b"text,label\n\"oh no,a\nfine,b\n5\" pipe,a\n"),
        (
            "parquet.jsonl",
            b"{\"PAR1\": \"x\", \"b\": \" \"}\n{\"PAR1\": \"#\", \"b\": \"sep=;\"}\n",
        ),
        (
            "lines.jsonl",
            b"{\"text\": \"\\n\\r\\n\"}\n{\"text\": \"\"}\n{\"text\": \"\\t\"}\n",
        ),
        (
            "control.jsonl",
            b"{\"a\": \"\\u0000\\u0001\"}\n{\"a\": \"\\u0002\"}\n",
        ),
        (
            "names.jsonl",
            b"{\"0\": 1.50, \"1\": [1, 2]}\n{\"0\": 1, \"1\": [\"a\"]}\n",
        ),
        (
            "list.json",
            b"[{\"a\": null, \"b\": \"01\"}, {\"a\": \"NA\", \"b\": \"1\"}]",
        ),
        ("told.csv", b"sep=|\nsep=;|b\n#|{}\n[]|--\n"),
    ];
    for (name, bytes) in files {
        place.write(name, bytes);
        check(&place, name);
    }
    for (label, text) in [("good", "fine,\n\"really\"\n"), ("bad", " \n")] {
        fs::create_dir_all(place.path(&format!("mails/{label}"))).unwrap();
        place.write(&format!("mails/{label}/1.txt"), text);
    }
    check(&place, "mails");
}

#[test]
fn a_table_that_would_be_read_otherwise_has_all_cells_in_marks() {
    let place = Place::new();
    place.write("numbers.csv", "1,2\n3,4\n");
    let ran = place.run("convert numbers.csv out.csv --header");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("out.csv")).unwrap(),
        "\"1\",\"2\"\r\n\"3\",\"4\"\n"
    );
    let json = place.run("inspect out.csv --json").json();
    assert_eq!(json["columns"], serde_json::json!(["1", "2"]));
    assert_eq!(json["nRows"], 1);
}

#[test]
fn files_of_several_parts_are_one_table() {
    let place = Place::new();
    let rows = |n: usize| -> String {
        (0..n)
            .map(|i| format!("text {i} of {n},{}\n", ["a", "b"][i % 2]))
            .collect()
    };
    place.write("train.csv", format!("text,label\n{}", rows(12)));
    place.write("validation.csv", format!("text,label\n{}", rows(6)));
    place.write(
        "test.csv",
        format!("label;text\n{}a;\n", "b;a text\n".repeat(3)),
    );
    let ran = place.run("inspect test.csv train.csv validation.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for part in [
        "3 files",
        "train.csv (train)",
        "validation.csv (validation)",
        "test.csv (test)",
        "Split      column \"split\"",
        "21 examples in 2 labels",
        "line 5 of test.csv: no text",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }

    let ran = place.run("convert test.csv train.csv validation.csv all.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let text = fs::read_to_string(place.path("all.csv")).unwrap();
    assert!(
        text.starts_with("text,label,split\ntext 0 of 12,a,train\n"),
        "{text}"
    );
    assert!(text.ends_with("a text,b,test\n,a,test\n"), "{text}");
    check(&place, "all.csv");

    place.write("other_test.csv", "text,id\none,7\n");
    let ran = place.run("inspect train.csv other_test.csv");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("other_test.csv") && ran.stderr.contains("hint"),
        "{}",
        ran.stderr
    );
    let ran = place.run("convert train.csv all.csv out.csv");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("The name of all.csv"), "{}", ran.stderr);
    assert!(!place.path("out.csv").exists());
}
