//! Real files from the tests of other programs, with what their authors say about them.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::print_stdout)]

mod shared;

use std::path::Path;

use embert_engine::table::{EncodingReason, Table, TableError};
use serde_json::Value;
use shared::shared;

/// Expected tables that differ from their own file.
const QUIRKS: [(&str, &str); 2] = [
    (
        "csv-test-data/expected/header-no-rows.json",
        "the header was taken off",
    ),
    (
        "csv-spectrum/expected/location_coordinates.json",
        "one object, and its telephone number differs from that of the file",
    ),
];

/// Least share of the files whose dialect is found as it is stated.
const LEAST_SHARE: f64 = 0.97;

struct File<'a> {
    name: &'a str,
    about: &'a Value,
    read: Result<Table, TableError>,
}

#[test]
fn messy_files_are_read_as_their_authors_say() {
    let Some(index) = shared("data/messy/INDEX.json") else {
        return;
    };
    let folder = index.parent().unwrap();
    let index: Value = serde_json::from_str(&std::fs::read_to_string(&index).unwrap()).unwrap();
    let files: Vec<File<'_>> = index["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|about| {
            let name = about["file"].as_str().unwrap();
            let read = Table::read(&folder.join(name));
            File { name, about, read }
        })
        .collect();

    let mut exceptions = Vec::new();
    let wrong_tables = check_tables(folder, &files, &mut exceptions);
    let delimiters = share(&files, &mut exceptions, "delimiter", delimiter_agrees);
    let quotes = share(&files, &mut exceptions, "quote", quote_agrees);
    let dialects = share(&files, &mut Vec::new(), "dialect", |file| {
        match (delimiter_agrees(file), quote_agrees(file)) {
            (Agrees::No(found), _) | (_, Agrees::No(found)) => Agrees::No(found),
            (Agrees::NotStated, _) => Agrees::NotStated,
            (Agrees::Yes, _) => Agrees::Yes,
        }
    });
    let encodings = share(&files, &mut exceptions, "encoding", encoding_agrees);
    let counts = share(&files, &mut exceptions, "rows", rows_agree);
    for line in &exceptions {
        println!("{line}");
    }
    println!(
        "delimiter {delimiters}, quote {quotes}, both {dialects}, encoding {encodings}, rows as in Python {counts}"
    );

    assert!(wrong_tables.is_empty(), "{wrong_tables:?}");
    assert!(dialects.share() >= LEAST_SHARE, "dialects: {dialects}");
    assert!(encodings.share() >= LEAST_SHARE, "encodings: {encodings}");
}

/// How many files agree, of how many that state something.
#[derive(Debug)]
struct Share {
    n_agreeing: usize,
    n_stated: usize,
}

impl Share {
    fn share(&self) -> f64 {
        self.n_agreeing as f64 / self.n_stated as f64
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.n_agreeing, self.n_stated)
    }
}

enum Agrees {
    Yes,
    /// What was found instead.
    No(String),
    NotStated,
}

fn share(
    files: &[File<'_>],
    exceptions: &mut Vec<String>,
    what: &str,
    agrees: impl Fn(&File<'_>) -> Agrees,
) -> Share {
    let mut share = Share {
        n_agreeing: 0,
        n_stated: 0,
    };
    for file in files {
        match agrees(file) {
            Agrees::NotStated => continue,
            Agrees::Yes => share.n_agreeing += 1,
            Agrees::No(found) => exceptions.push(format!("{what:9} {:60} {found}", file.name)),
        }
        share.n_stated += 1;
    }
    share
}

/// A file without any row has nothing to find; one whose records all are a single cell has no delimiter, whatever is
/// stated.
fn delimiter_agrees(file: &File<'_>) -> Agrees {
    let stated = file.about["delimiter"].as_str().unwrap().chars().next();
    let found = match &file.read {
        Ok(table) => table.dialect.delimiter,
        Err(TableError::Empty { .. }) => return Agrees::NotStated,
        Err(
            TableError::HeaderOnly { n_columns, .. } | TableError::NoUsableRow { n_columns, .. },
        ) => {
            let counts = &file.about["python_csv"]["field_counts"];
            return match counts[n_columns.to_string()].as_u64() {
                Some(_) => Agrees::Yes,
                None => Agrees::No(format!("{n_columns} columns, Python has {counts}")),
            };
        }
        Err(error) => return Agrees::No(error.to_string()),
    };
    let counts = file.about["python_csv"]["field_counts"]
        .as_object()
        .unwrap();
    let is_one_column = counts.keys().all(|n_cells| n_cells == "1");
    if found == stated || found.is_none() && is_one_column {
        Agrees::Yes
    } else {
        Agrees::No(format!("stated {stated:?}, found {found:?}"))
    }
}

/// Which mark it is matters only where one stands at the edge of a cell.
fn quote_agrees(file: &File<'_>) -> Agrees {
    let Ok(table) = &file.read else {
        return Agrees::NotStated;
    };
    let (stated, found) = (file.about["quotechar"].as_str(), table.dialect.quote);
    let stated = stated.and_then(|mark| mark.chars().next());
    if stated == found {
        return Agrees::Yes;
    }
    let evidence = serde_json::to_value(&table.dialect.evidence).unwrap();
    if stated.is_none() && evidence["quote"]["code"] == "usual" {
        return Agrees::NotStated;
    }
    Agrees::No(format!(
        "stated {stated:?}, found {found:?}, {}",
        evidence["quote"]
    ))
}

/// ASCII is the same in all of them, Latin-1 is the part of Windows-1252 that has no control characters, and a name may be shorter.
fn encoding_agrees(file: &File<'_>) -> Agrees {
    let Ok(table) = &file.read else {
        return Agrees::NotStated;
    };
    let found = table.dialect.encoding.as_deref().unwrap();
    if table.dialect.evidence.encoding == Some(EncodingReason::Ascii) {
        return Agrees::Yes;
    }
    let stated = file.about["encoding"].as_str().unwrap();
    let fits: &[&str] = match stated {
        "ascii" | "utf-8" | "utf-8-sig" => &["UTF-8"],
        "utf-16" => &["UTF-16LE", "UTF-16BE"],
        "cp1252" | "latin-1" => &["windows-1252"],
        "gb18030" => &["gb18030"],
        other => panic!("{other} is new"),
    };
    if fits.contains(&found) {
        Agrees::Yes
    } else {
        Agrees::No(format!("stated {stated}, found {found}"))
    }
}

/// Python does not leave out comments, titles or broken rows: this is no measure, but worth a look.
fn rows_agree(file: &File<'_>) -> Agrees {
    let Ok(table) = &file.read else {
        return Agrees::No(file.read.as_ref().unwrap_err().to_string());
    };
    let python = &file.about["python_csv"];
    let n_rows = table.rows.len() + usize::from(table.dialect.has_header);
    let n_expected = python["records"].as_u64().unwrap();
    if n_rows as u64 == n_expected {
        return Agrees::Yes;
    }
    Agrees::No(format!(
        "{n_rows} rows, Python has {n_expected} of {}, {} columns, {} skipped",
        python["field_counts"],
        table.columns.len(),
        table.skipped.len()
    ))
}

/// Compares the cells with those that the sources state, and returns the files that differ.
fn check_tables(folder: &Path, files: &[File<'_>], lines: &mut Vec<String>) -> Vec<String> {
    let (mut wrong, mut n_equal, mut n_stated) = (Vec::new(), 0, 0);
    for file in files {
        let Some(expected) = file.about["expected_json"].as_str() else {
            continue;
        };
        n_stated += 1;
        let json = std::fs::read_to_string(folder.join(expected)).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        if is_reproduced(&file.read, &json) {
            n_equal += 1;
        } else if let Some((_, why)) = QUIRKS.iter().find(|(quirk, _)| *quirk == expected) {
            lines.push(format!("cells     {:60} {why}", file.name));
        } else {
            wrong.push(format!("{}: {:?}", file.name, file.read));
        }
    }
    lines.push(format!("cells as stated: {n_equal} of {n_stated}"));
    wrong
}

fn is_reproduced(read: &Result<Table, TableError>, expected: &Value) -> bool {
    let expected = expected.as_array().map_or(&[][..], Vec::as_slice);
    let table = match read {
        Ok(table) => table,
        // A file in which nothing is written is refused by name; all cells of such a table are empty.
        Err(TableError::Empty { .. }) => {
            let cells = expected.iter().flat_map(|row| row.as_array().unwrap());
            return !expected.is_empty() && cells.into_iter().all(|cell| cell == "");
        }
        Err(_) => return false,
    };
    if !table.skipped.is_empty() {
        return false;
    }
    let rows = table.rows.iter().map(|row| row.cells.as_slice());
    if expected.first().is_some_and(Value::is_object) {
        let expected = expected.iter().map(|row| row.as_object().unwrap());
        return table.dialect.has_header
            && table.rows.len() == expected.len()
            && rows.zip(expected).all(|(row, expected)| {
                let names = expected.keys().eq(&table.columns);
                names
                    && row
                        .iter()
                        .map(String::as_str)
                        .eq(expected.values().map(|v| v.as_str().unwrap()))
            });
    }
    let header = table.dialect.has_header.then_some(table.columns.as_slice());
    let rows: Vec<&[String]> = header.into_iter().chain(rows).collect();
    serde_json::to_value(rows).unwrap() == Value::from(expected)
}
