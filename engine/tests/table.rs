//! Files of every kind become rows of text, or an error that says what to do.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod shared;

use std::io::Write;
use std::path::{Path, PathBuf};

use embert_engine::table::{DialectRequest, ROW_LIMIT_BYTES, RowFault, Table, TableError};
use embert_engine::wish::Wish;
use shared::shared;

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read(bytes: &[u8]) -> Result<Table, TableError> {
    let folder = tempfile::tempdir().unwrap();
    Table::read(&write(folder.path(), "texts.csv", bytes))
}

fn read_with(bytes: &[u8], request: &DialectRequest) -> Result<Table, TableError> {
    let folder = tempfile::tempdir().unwrap();
    Table::read_with(&write(folder.path(), "texts.csv", bytes), request)
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}

fn utf16(text: &str, is_big_endian: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| {
            if is_big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn every_usual_encoding_gives_the_same_rows() {
    let text = "text,label\nschöne Grüße,höflich\nnaïve café,neutral\nÄrger über Öl,böse\n";
    let windows: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let with_mark = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("plain", text.as_bytes().to_vec(), "UTF-8"),
        ("mark", with_mark(b"\xEF\xBB\xBF", text.as_bytes()), "UTF-8"),
        (
            "le",
            with_mark(b"\xFF\xFE", &utf16(text, false)),
            "UTF-16LE",
        ),
        ("be", with_mark(b"\xFE\xFF", &utf16(text, true)), "UTF-16BE"),
        ("le without mark", utf16(text, false), "UTF-16LE"),
        ("be without mark", utf16(text, true), "UTF-16BE"),
        ("windows", windows, "windows-1252"),
    ];
    for (name, bytes, encoding) in cases {
        let table = read(&bytes).unwrap();
        assert_eq!(table.dialect.encoding.as_deref(), Some(encoding), "{name}");
        assert_eq!(table.columns, ["text", "label"], "{name}");
        assert_eq!(
            cells(&table),
            [
                ["schöne Grüße", "höflich"],
                ["naïve café", "neutral"],
                ["Ärger über Öl", "böse"]
            ],
            "{name}"
        );
    }
}

#[test]
fn line_ends_of_every_system_are_read() {
    for line_end in ["\n", "\r\n", "\r"] {
        let text = ["text,label", "one,a", "two,b", ""].join(line_end);
        let table = read(text.as_bytes()).unwrap();
        assert_eq!(cells(&table), [["one", "a"], ["two", "b"]], "{line_end:?}");
        assert_eq!(table.rows[1].line, 3);
    }
}

#[test]
fn cells_stay_as_typed() {
    let values = [
        "NA", "null", "None", "nan", "01", "1.0", "True", " x ", "-", "1e5", "#N/A",
    ];
    let text: String = values
        .iter()
        .map(|value| format!("{value},{value}\n"))
        .collect();
    let table = read(format!("text,label\n{text}").as_bytes()).unwrap();
    for (row, value) in table.rows.iter().zip(values) {
        assert_eq!(row.cells, [value, value]);
    }
    assert!(table.repaired.is_empty() && table.skipped.is_empty());
}

#[test]
fn quoted_line_breaks_keep_the_line_numbers_right() {
    let table = read(b"text,label\n\"one\ntwo\",a\n\nthree,b\n").unwrap();
    assert_eq!(cells(&table), [["one\ntwo", "a"], ["three", "b"]]);
    assert_eq!(table.rows[0].line, 2);
    assert_eq!(table.rows[1].line, 5);
}

#[test]
fn ragged_rows_are_repaired_or_skipped_and_listed() {
    let table = read(
        b"text,label\nok,a\nshort\nlong,b,,\none, two, three,c\none,two,three,c\nfine,b\nmore,a\n",
    )
    .unwrap();
    assert_eq!(
        cells(&table),
        [
            ["ok", "a"],
            ["short", ""],
            ["long", "b"],
            ["one, two, three", "c"],
            ["fine", "b"],
            ["more", "a"]
        ]
    );
    let repaired: Vec<u64> = table.repaired.iter().map(|row| row.line).collect();
    assert_eq!(repaired, [3, 4, 5]);
    assert_eq!(
        table.repaired[2].reason,
        "It has 4 cells for 2 columns; the delimiters in \"text\" were read as part of the text"
    );
    assert_eq!(table.skipped.len(), 1);
    assert_eq!(table.skipped[0].line, 6);
    assert_eq!(
        table.skipped[0].reason,
        "It has 4 cells, but the header has 2"
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_nothing() {
    let table = read(b"text,label\n\"oh no,a\nfine,b\nwell,a\n").unwrap();
    assert_eq!(
        cells(&table),
        [["\"oh no", "a"], ["fine", "b"], ["well", "a"]]
    );
    assert_eq!(table.repaired[0].line, 2);
}

#[test]
fn columns_without_name_or_with_the_same_name_get_one() {
    let table = read(b"a,b,c\n1,2\n3,4,5\n").unwrap();
    assert_eq!(table.columns, ["a", "b", "c"]);
    assert_eq!(cells(&table), [["1", "2", ""], ["3", "4", "5"]]);
    let table = read(b"text,text,,label\na,b,c,d\n").unwrap();
    assert_eq!(table.columns, ["text", "text (2)", "column 3", "label"]);
    let table = read(b"I love it,good\nSo bad,bad\nNot for me,bad\nNice,good\n").unwrap();
    assert_eq!(table.columns, ["column 1", "column 2"]);
    assert_eq!(table.rows.len(), 4);
    assert!(!table.dialect.has_header);
}

#[test]
fn a_list_of_texts_is_a_table_with_one_column() {
    let table = read(b"text\nhello, you\nwell\na, b, c\n").unwrap();
    assert_eq!(table.columns, ["text"]);
    assert_eq!(cells(&table), [["hello, you"], ["well"], ["a, b, c"]]);
    assert_eq!(table.dialect.delimiter, None);
}

#[test]
fn a_few_broken_bytes_do_not_change_the_encoding() {
    let mut bytes = b"text,label\n".to_vec();
    for _ in 0..50 {
        bytes.extend("schöne Grüße,a\n".as_bytes());
    }
    bytes.extend(b"br\xFFken,b\n");
    let table = read(&bytes).unwrap();
    assert_eq!(table.dialect.encoding.as_deref(), Some("UTF-8"));
    assert_eq!(table.rows[50].cells[0], "br\u{FFFD}ken");
    assert_eq!(table.repaired.len(), 1);
    assert_eq!(table.repaired[0].line, 52);
}

#[test]
fn bad_files_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let zip = write(folder, "sheet.xlsx", b"PK\x03\x04\x14\x00\x06\x00");
    let noise: Vec<u8> = (0..5000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let cases = [
        (folder.join("absent.csv"), "table.missing", "does not exist"),
        (folder.to_owned(), "table.folder", "is a folder"),
        (write(folder, "empty.csv", b""), "table.empty", "is empty"),
        (
            write(folder, "blank.csv", b"\xEF\xBB\xBF \n\n"),
            "table.empty",
            "is empty",
        ),
        (zip, "table.damaged", "Excel"),
        (
            write(folder, "a.pdf", b"%PDF-1.4 ..."),
            "table.binary",
            "a PDF document",
        ),
        (
            write(folder, "a.png", b"\x89PNG\r\n\x1A\n"),
            "table.binary",
            "a PNG image",
        ),
        (
            write(folder, "a.gz", b"\x1F\x8B\x08\x00abc"),
            "table.damaged",
            "a gzip archive",
        ),
        (
            write(folder, "noise.bin", &noise),
            "table.binary",
            "binary data",
        ),
        (
            write(folder, "zeros.bin", &[0; 100]),
            "table.binary",
            "binary data",
        ),
        (
            write(folder, "head.csv", b"text,label\n"),
            "table.headerOnly",
            "0 rows",
        ),
        (
            write(folder, "ragged.csv", b"text,label\na,b,c\nd,e,f\n"),
            "table.noUsableRow",
            "None of the 2 rows",
        ),
    ];
    for (path, code, part) in cases {
        let error = Table::read(&path).unwrap_err();
        assert_eq!(error.code(), code, "{}", path.display());
        let message = error.to_string();
        assert!(message.contains(part), "{message}");
        assert!(
            message.contains(path.file_name().unwrap().to_str().unwrap()),
            "{message}"
        );
        assert!(!message.ends_with('.') && error.hint().unwrap().ends_with('.'));
        assert!(error.is_input_fault());
    }
}

#[test]
fn a_huge_cell_is_an_error_that_names_the_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start, piece) in [
        ("one-line.csv", "text,label\nfine,a\n", "word ".to_owned()),
        (
            "open-quote.csv",
            "text,label\nfine,a\n\"oh no ",
            "word\n".to_owned(),
        ),
    ] {
        let path = folder.path().join(name);
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        file.write_all(start.as_bytes()).unwrap();
        for _ in 0..=ROW_LIMIT_BYTES / piece.len() {
            file.write_all(piece.as_bytes()).unwrap();
        }
        file.flush().unwrap();
        let error = Table::read(&path).unwrap_err();
        assert_eq!(error.code(), "table.rowTooLong");
        let message = error.to_string();
        assert!(message.starts_with("The row in line 3 of"), "{message}");
        assert!(message.contains("longer than 16 MB"), "{message}");
        assert!(error.hint().unwrap().contains("line 3"));
    }
}

#[test]
fn a_mark_that_is_never_closed_does_not_swallow_the_rest_of_a_large_file() {
    let row = b"a word or two,b\n";
    let n_rows = ROW_LIMIT_BYTES / row.len() + 10;
    let text = [b"text,label\n\"oh no,a\n".as_slice(), &row.repeat(n_rows)].concat();
    let table = read(&text).unwrap();
    assert_eq!(table.rows.len(), n_rows + 1);
    assert_eq!(table.rows[0].cells, ["\"oh no", "a"]);
    assert_eq!((table.repaired.len(), table.skipped.len()), (1, 0));
}

#[test]
fn an_unknown_column_is_answered_with_those_there_are() {
    let table = read(b"text,label\na,b\n").unwrap();
    assert_eq!(table.column("label").unwrap(), 1);
    let error = table.column("Label").unwrap_err();
    assert_eq!(
        error.to_string(),
        "There is no column \"Label\"; the columns are \"text\", \"label\""
    );
}

#[test]
fn a_delimiter_that_was_named_is_not_detected() {
    let text = b"text, more;label\none, two;a\nthree, four;b\n";
    let table = read_with(
        text,
        &DialectRequest {
            delimiter: Wish::Named(','),
            ..DialectRequest::default()
        },
    )
    .unwrap();
    assert_eq!(table.dialect.delimiter, Some(','));
    assert_eq!(cells(&table)[0], ["one", " two;a"]);
    let table = read_with(
        text,
        &DialectRequest {
            delimiter: Wish::None,
            has_header: Some(true),
            ..DialectRequest::default()
        },
    )
    .unwrap();
    assert_eq!(table.columns, ["text, more;label"]);
    assert_eq!(cells(&table)[0], ["one, two;a"]);
}

#[test]
fn a_header_that_was_named_is_one_and_one_that_was_denied_is_a_row() {
    let header = |has_header| DialectRequest {
        has_header: Some(has_header),
        ..DialectRequest::default()
    };
    let table = read_with(b"text,label\na,x\n", &header(false)).unwrap();
    assert_eq!(table.columns, ["column 1", "column 2"]);
    assert_eq!(cells(&table), [["text", "label"], ["a", "x"]]);
    let table = read_with(b"1,2\n3,4\n", &header(true)).unwrap();
    assert_eq!(table.columns, ["1", "2"]);
    assert_eq!(cells(&table), [["3", "4"]]);
}

#[test]
fn without_a_quotation_mark_every_mark_is_a_letter() {
    let quote = |quote| DialectRequest {
        quote,
        ..DialectRequest::default()
    };
    let text = b"text,label\n\"one\",a\n'two',b\n";
    let of = |request| {
        cells(&read_with(text, &quote(request)).unwrap())
            .concat()
            .join("|")
    };
    assert_eq!(of(Wish::Guess), "one|a|'two'|b");
    assert_eq!(of(Wish::None), "\"one\"|a|'two'|b");
    assert_eq!(of(Wish::Named('\'')), "\"one\"|a|two|b");
    assert_eq!(
        read_with(text, &quote(Wish::None)).unwrap().dialect.quote,
        None
    );
}

#[test]
fn an_encoding_that_was_named_is_used_and_an_unknown_one_is_refused() {
    let encoding = |name: &str| DialectRequest {
        encoding: Some(name.to_owned()),
        ..DialectRequest::default()
    };
    // E4 is ä in Western Europe and д in Cyrillic.
    let text = b"text,label\n\xE4,x\n\xE4,y\n";
    let western = read_with(text, &encoding("ISO-8859-1")).unwrap();
    assert_eq!(cells(&western)[0], ["ä", "x"]);
    assert_eq!(western.dialect.encoding.as_deref(), Some("windows-1252"));
    let cyrillic = read_with(text, &encoding("windows-1251")).unwrap();
    assert_eq!(cells(&cyrillic)[0], ["д", "x"]);
    let broken = read_with(text, &encoding("utf-8")).unwrap();
    assert_eq!(
        broken.repaired[0].faults,
        [RowFault::BrokenBytes {
            encoding: "UTF-8".to_owned()
        }]
    );
    let error = read_with(text, &encoding("latin-nine")).unwrap_err();
    assert_eq!(error.code(), "table.unknownEncoding");
    assert!(error.to_string().contains("latin-nine"));
}

#[test]
fn bytes_that_look_like_no_text_are_read_when_an_encoding_is_named() {
    let bytes: Vec<u8> = [b"text\x01\x02\x03,label\n".as_slice(), b"a\x00\x01,x\n"].concat();
    assert_eq!(read(&bytes).unwrap_err().code(), "table.binary");
    let request = DialectRequest {
        encoding: Some("UTF-8".to_owned()),
        ..DialectRequest::default()
    };
    assert_eq!(read_with(&bytes, &request).unwrap().rows.len(), 1);
}

#[test]
fn what_is_wrong_with_a_row_is_told_by_name() {
    let table = read(b"text,label\none,a\ntwo\nthree,c,d\nfour,d\nfive,e\n").unwrap();
    let (n_columns, has_header) = (2, true);
    assert_eq!(
        table.repaired[0].faults,
        [RowFault::TooFewCells {
            n_cells: 1,
            n_columns,
            has_header
        }]
    );
    assert_eq!(
        table.skipped[0].faults,
        [RowFault::TooManyCells {
            n_cells: 3,
            n_columns,
            has_header
        }]
    );
    assert_eq!(
        serde_json::to_value(&table.skipped[0]).unwrap(),
        serde_json::json!({
            "line": 4,
            "reason": "It has 3 cells, but the header has 2",
            "faults": [{"code": "tooManyCells", "nCells": 3, "nColumns": 2, "hasHeader": true}]
        })
    );
}

#[test]
fn a_written_table_reads_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let table =
        read("text;label\n\"one; \"\"two\"\"\nthree\";a\nüber,\tviel;b\n".as_bytes()).unwrap();
    let path = folder.path().join("out.csv");
    table.write_csv(&path).unwrap();
    let again = Table::read(&path).unwrap();
    assert_eq!(again.columns, table.columns);
    assert_eq!(cells(&again), cells(&table));
    assert_eq!(again.dialect.delimiter, Some(','));
    let n_files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(n_files, 1, "no temporary file is left");
    let error = table
        .write_csv(&folder.path().join("absent/out.csv"))
        .unwrap_err();
    assert_eq!(error.code(), "table.unwritable");
}

/// Rows that the manifest promises, for every data set beside the repository.
#[test]
fn real_data_sets_are_read_whole() {
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
        let Some(n_rows) = entry["rows"].as_u64() else {
            continue;
        };
        let table = Table::read(&path).unwrap();
        assert_eq!(table.dialect.delimiter, Some(','), "{name}");
        assert_eq!(serde_json::json!(table.columns), entry["columns"], "{name}");
        assert_eq!(table.rows.len() as u64, n_rows, "{name}");
        assert!(
            table.repaired.is_empty() && table.skipped.is_empty(),
            "{name}"
        );
    }
}

/// Sound files are read as the `csv` crate reads them.
#[test]
fn real_data_sets_have_the_cells_of_the_csv_crate() {
    for name in [
        "sms_spam",
        "trec6",
        "mrpc",
        "ag_news_small",
        "germeval2018",
        "sib200_10lang",
    ] {
        let Some(path) = shared(&format!("data/{name}.csv")) else {
            continue;
        };
        let table = Table::read(&path).unwrap();
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let mut n_rows = 0;
        for (row, record) in table.rows.iter().zip(reader.records()) {
            let record = record.unwrap();
            assert!(
                record.iter().eq(row.cells.iter().map(String::as_str)),
                "{name} line {}",
                row.line
            );
            n_rows += 1;
        }
        assert_eq!(n_rows, table.rows.len());
    }
}

#[test]
fn messy_text_sets_are_read_whole() {
    let folder = "data/messy/real-text-sets";
    if let Some(path) = shared(&format!("{folder}/sms_spam_kaggle_cp1252.csv")) {
        let table = Table::read(&path).unwrap();
        assert_eq!(table.dialect.encoding.as_deref(), Some("windows-1252"));
        assert_eq!(
            table.columns,
            ["Type", "Message", "column 3", "column 4", "column 5"]
        );
        assert_eq!((table.rows.len(), table.skipped.len()), (5572, 0));
    }
    if let Some(path) = shared(&format!("{folder}/banking77_test_raw.csv")) {
        let table = Table::read(&path).unwrap();
        assert_eq!(table.columns, ["text", "category"]);
        assert_eq!((table.rows.len(), table.skipped.len()), (3080, 0));
    }
}

#[test]
fn rows_that_are_far_too_short_do_not_fill_the_memory() {
    let names: Vec<String> = (0..8000).map(|i| format!("name {i}")).collect();
    let file = |n_rows: usize| format!("{}\n{}", names.join(","), "one,a\n".repeat(n_rows));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.csv");
    std::fs::write(&path, file(8000)).unwrap();
    let error = Table::read(&path).unwrap_err();
    assert_eq!(error.code(), "table.rowsTooShort");
    let said = "has 8000 columns, but its first 1251 rows have only 2502 cells together";
    assert!(error.to_string().ends_with(said), "{error}");
    std::fs::write(&path, file(100)).unwrap();
    assert_eq!(Table::read(&path).unwrap().rows.len(), 100);
}

#[test]
fn a_line_far_below_the_last_one_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.csv");
    std::fs::write(&path, "text,label\none,a\n").unwrap();
    for (header_row, skip_lines, n_above) in [
        (None, Some(u64::MAX), u64::MAX),
        (Some(u64::MAX), None, u64::MAX - 1),
        (Some(3), None, 2),
        (None, Some(2), 2),
    ] {
        let request = DialectRequest {
            header_row,
            skip_lines,
            ..DialectRequest::default()
        };
        let error = Table::read_with(&path, &request).unwrap_err();
        assert_eq!(error.code(), "table.nothingBelow");
        let said = format!("has 2 lines, but the first {n_above} are to be left out");
        assert!(error.to_string().ends_with(&said), "{error}");
    }
}
