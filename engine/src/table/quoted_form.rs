//! A form of CSV that can be read in one way only: every cell stands in quotation marks, the line of names ends with
//! CR LF and every other row with LF.
//!
//! Other programs read it like any CSV file. Here it is known by its form, so that nothing in it is detected: a cell may
//! begin like another format, and a name may look like a number.

use std::io::{self, BufRead, BufReader, Read, Seek, Write};

use super::content::Content;
use super::{Dialect, ROW_LIMIT_BYTES, Row, Table, unique_names};

const END_OF_NAMES: &str = "\r\n";
const END_OF_ROW: &str = "\n";

/// The most bytes that a row is looked at for: a row of any format with all its marks doubled.
const MOST_BYTES: usize = 4 * ROW_LIMIT_BYTES;

/// Writes a table in this form.
pub(super) fn write(table: &Table, file: &mut dyn Write) -> io::Result<()> {
    write_row(file, &table.columns, END_OF_NAMES)?;
    for row in &table.rows {
        write_row(file, &row.cells, END_OF_ROW)?;
    }
    Ok(())
}

fn write_row(file: &mut dyn Write, cells: &[String], end: &str) -> io::Result<()> {
    for (i, cell) in cells.iter().enumerate() {
        let before = if i == 0 { "\"" } else { ",\"" };
        file.write_all(before.as_bytes())?;
        file.write_all(cell.replace('"', "\"\"").as_bytes())?;
        file.write_all(b"\"")?;
    }
    file.write_all(end.as_bytes())
}

/// Reads a file that has this form; `None` when it has another one. Leaves it at its start.
pub(super) fn read(content: &mut Content) -> io::Result<Option<Table>> {
    content.rewind()?;
    let table = read_rows(&mut BufReader::new(&mut *content))?;
    content.rewind()?;
    Ok(table)
}

fn read_rows(reader: &mut impl BufRead) -> io::Result<Option<Table>> {
    let mut bytes = Vec::new();
    let Next::Row(columns) = next_row(reader, &mut bytes, END_OF_NAMES)? else {
        return Ok(None);
    };
    if columns != unique_names(columns.clone()) {
        return Ok(None);
    }
    let mut line = 1 + n_line_breaks(&bytes);
    let mut rows = Vec::new();
    loop {
        match next_row(reader, &mut bytes, END_OF_ROW)? {
            Next::Row(cells) if cells.len() == columns.len() => rows.push(Row { line, cells }),
            Next::End if !rows.is_empty() => break,
            Next::Row(_) | Next::End | Next::Other => return Ok(None),
        }
        line += n_line_breaks(&bytes);
    }
    Ok(Some(Table {
        columns,
        rows,
        dialect: Dialect::of_own_files(),
        repaired: Vec::new(),
        skipped: Vec::new(),
    }))
}

fn n_line_breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// What follows in a file.
enum Next {
    /// A row that keeps to the form.
    Row(Vec<String>),
    /// Nothing.
    End,
    /// Something else.
    Other,
}

/// Reads up to the line break behind which all marks so far are closed, into `bytes`.
fn next_row(reader: &mut impl BufRead, bytes: &mut Vec<u8>, end: &str) -> io::Result<Next> {
    bytes.clear();
    match reader.fill_buf()?.first() {
        None => return Ok(Next::End),
        Some(b'"') => {}
        Some(_) => return Ok(Next::Other),
    }
    let mut n_marks = 0;
    loop {
        let n_before = bytes.len();
        let room = MOST_BYTES.saturating_sub(n_before) as u64;
        if reader.by_ref().take(room).read_until(b'\n', bytes)? == 0 {
            return Ok(Next::Other);
        }
        let new = bytes.iter().skip(n_before);
        n_marks += new.filter(|&&byte| byte == b'"').count();
        if n_marks % 2 == 0 {
            return Ok(cells_of(bytes, end).map_or(Next::Other, Next::Row));
        }
    }
}

/// Takes a row apart; `None` when it breaks the form.
fn cells_of(row: &[u8], end: &str) -> Option<Vec<String>> {
    let mut rest = std::str::from_utf8(row).ok()?.strip_suffix(end)?;
    let mut cells = Vec::new();
    loop {
        let (cell, after) = quoted_cell(rest)?;
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(cells),
        }
    }
}

/// Returns the cell at the beginning of a text, and what follows it.
fn quoted_cell(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        match after.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None => return Some((cell, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DialectRequest;
    use super::super::sample_files::{check, read as read_any, read_with};
    use super::*;

    #[test]
    fn a_file_of_this_form_is_read_without_any_detection() {
        let table =
            read_any(b"\"1\",\"sep=;\"\r\n\"2\",\"a\r\nb \"\"c\"\"\"\n\"\",\" \"\n").unwrap();
        check(&table, "1|sep=;", &["2|a\r\nb \"c\"", "| "]);
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 4]);
        assert!(table.dialect.has_header);
        let table = read_any(b"\"PAR1\"\r\n\"\"\n\"#\"\n").unwrap();
        check(&table, "PAR1", &["", "#"]);
    }

    #[test]
    fn what_the_person_says_about_the_file_counts_for_more() {
        let request = DialectRequest {
            has_header: Some(false),
            ..DialectRequest::default()
        };
        let table = read_with(b"\"1\",\"2\"\r\n\"3\",\"4\"\n", &request).unwrap();
        check(&table, "column 1|column 2", &["1|2", "3|4"]);
    }

    #[test]
    fn a_file_of_another_form_is_left_to_the_others() {
        let is_left = |bytes: &[u8]| {
            let reader = &mut BufReader::new(bytes);
            read_rows(reader).unwrap().is_none()
        };
        assert!(!is_left(b"\"a\",\"b\"\r\n\"1\",\"2\"\n"));
        for other in [
            "\"a\",\"b\"\n\"1\",\"2\"\n",
            "\"a\",\"b\"\r\n\"1\",\"2\"\r\n",
            "\"a\",\"b\"\r\n\"1\",\"2\"",
            "\"a\",\"b\"\r\n\"1\",2\n",
            "\"a\",\"b\"\r\n\"1\" ,\"2\"\n",
            "\"a\",\"b\"\r\n\"1\"\n",
            "\"a\",\"b\"\r\n\"1\",\"2\"\n\n",
            "\"a\",\"b\"\r\n\"1\",\"2\n",
            "\"a\",\"b\"\r\n",
            "\"a\",\"a\"\r\n\"1\",\"2\"\n",
            "\" a\",\"b\"\r\n\"1\",\"2\"\n",
            "a,b\r\n\"1\",\"2\"\n",
            "\"",
            "",
        ] {
            assert!(is_left(other.as_bytes()), "{other:?}");
        }
        assert!(is_left(b"\"a\",\"b\"\r\n\"1\",\"\xFF\"\n"));
    }
}
