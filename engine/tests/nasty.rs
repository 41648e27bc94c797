//! The engine's own collection of hard files: each is read as a person would read it, and written anew as it was read.

#![allow(clippy::unwrap_used)]

mod nasty_files;

use std::collections::HashSet;
use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use embert_engine::table::{Table, TableError};
use nasty_files::NastyFile;

type Reader = fn(&Path) -> Result<Table, TableError>;

type Writer = fn(&Table, &Path) -> Result<(), TableError>;

/// How Embert writes a file, and how it is read then.
const WAYS: [(&str, Writer, Reader); 2] = [
    ("for the person", Table::write_faithful, Table::read),
    ("for itself", Table::write_csv, Table::read_own),
];

/// Letters of a value that are shown where a file is read wrongly.
const MOST_SHOWN: usize = 400;

#[test]
fn nasty_files_are_read_as_a_person_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.dat");
    check_all(|file| {
        std::fs::write(&path, &file.bytes).unwrap();
        match caught(|| Table::read(&path)) {
            Ok(table) => faults_of(file, &table),
            Err(fault) => vec![fault],
        }
    });
}

#[test]
fn what_is_written_anew_is_read_again_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (path, written) = (
        folder.path().join("file.dat"),
        folder.path().join("out.csv"),
    );
    check_all(|file| {
        std::fs::write(&path, &file.bytes).unwrap();
        // A file that is not read at all is the business of the other test.
        let Ok(table) = caught(|| Table::read(&path)) else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        for (way, write, read) in WAYS {
            write(&table, &written).unwrap();
            match caught(|| read(&written)) {
                Ok(again) => faults.extend(differences(way, &table, &again)),
                Err(fault) => faults.push(format!("{way}: {fault}")),
            }
        }
        faults
    });
}

#[test]
fn there_are_enough_nasty_files_and_each_has_a_name_of_its_own() {
    let files = nasty_files::all();
    let names: HashSet<&str> = files.iter().map(|file| file.name).collect();
    assert_eq!(names.len(), files.len());
    assert!(names.len() >= 60, "{} files", names.len());
}

/// Checks every file and reports all faults at once.
fn check_all(check: impl Fn(&NastyFile) -> Vec<String>) {
    let files = nasty_files::all();
    let reports: Vec<String> = files
        .iter()
        .map(|file| (file.name, check(file)))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(name, faults)| format!("{name}\n    {}", faults.join("\n    ")))
        .collect();
    assert!(
        reports.is_empty(),
        "{} of {} files are read wrongly:\n\n{}\n",
        reports.len(),
        files.len(),
        reports.join("\n\n")
    );
}

/// Reads, and tells a panic as a fault like others.
fn caught(read: impl FnOnce() -> Result<Table, TableError>) -> Result<Table, String> {
    match panic::catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(table)) => Ok(table),
        Ok(Err(error)) => Err(format!("is refused: {error}")),
        Err(_) => Err("the reader panicked".to_owned()),
    }
}

/// Returns where a table is not what a person would read in the file.
fn faults_of(file: &NastyFile, table: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(columns) = &file.columns {
        faults.extend(difference("columns", columns, &table.columns));
    }
    let cells: Vec<&Vec<String>> = table.rows.iter().map(|row| &row.cells).collect();
    faults.extend(first_other_row(
        &file.rows.iter().collect::<Vec<_>>(),
        &cells,
    ));
    let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
    if !file.row_lines.is_empty() {
        faults.extend(difference("lines", file.row_lines, lines.as_slice()));
    }
    let encoding = table.dialect.encoding.as_deref().unwrap_or_default();
    if !file.encodings.is_empty() && !file.encodings.contains(&encoding) {
        faults.push(unlike("encoding", file.encodings, encoding));
    }
    if let Some(delimiter) = file.delimiter {
        faults.extend(difference(
            "delimiter",
            &delimiter,
            &table.dialect.delimiter,
        ));
    }
    if file.quote.is_some() {
        faults.extend(difference("quote", &file.quote, &table.dialect.quote));
    }
    if let Some(has_header) = file.has_header {
        faults.extend(difference("header", &has_header, &table.dialect.has_header));
    }
    if let Some(repaired) = &file.repaired {
        let found: Vec<u64> = table.repaired.iter().map(|row| row.line).collect();
        faults.extend(difference("changed rows in lines", repaired, &found));
    }
    if let Some(skipped) = &file.skipped {
        let found: Vec<u64> = table.skipped.iter().map(|row| row.line).collect();
        faults.extend(difference("rows left out in lines", skipped, &found));
    }
    faults
}

/// Returns where a table that was written and read again is another one.
fn differences(way: &str, table: &Table, again: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    faults.extend(difference("columns", &table.columns, &again.columns));
    let cells = |table: &Table| -> Vec<Vec<String>> {
        table.rows.iter().map(|row| row.cells.clone()).collect()
    };
    let (before, after) = (cells(table), cells(again));
    faults.extend(first_other_row(
        &before.iter().collect::<Vec<_>>(),
        &after.iter().collect::<Vec<_>>(),
    ));
    let losses = (again.repaired.len(), again.skipped.len());
    faults.extend(difference(
        "changed rows and rows left out",
        &(0, 0),
        &losses,
    ));
    faults
        .into_iter()
        .map(|fault| format!("read again, {way}: {fault}"))
        .collect()
}

fn first_other_row(expected: &[&Vec<String>], found: &[&Vec<String>]) -> Option<String> {
    let n_same = expected
        .iter()
        .zip(found)
        .take_while(|(expected, found)| expected == found)
        .count();
    if n_same == expected.len() && n_same == found.len() {
        return None;
    }
    let what = format!(
        "row {} of {} ({} found)",
        n_same + 1,
        expected.len(),
        found.len()
    );
    Some(unlike(&what, &expected.get(n_same), &found.get(n_same)))
}

fn difference<T: Debug + PartialEq + ?Sized>(
    what: &str,
    expected: &T,
    found: &T,
) -> Option<String> {
    (expected != found).then(|| unlike(what, expected, found))
}

fn unlike<E, F>(what: &str, expected: &E, found: &F) -> String
where
    E: Debug + ?Sized,
    F: Debug + ?Sized,
{
    let (expected, found) = (shown(expected), shown(found));
    format!("{what}: expected {expected}, got {found}")
}

fn shown<T: Debug + ?Sized>(value: &T) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}
