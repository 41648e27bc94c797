//! How large the sheets of an OpenDocument workbook are when everything that comes several times is written out.
//!
//! A cell says how many columns it fills, a row how often it comes, and a text how many spaces stand in it. The reader
//! writes all of that out in memory, so a few kilobytes may ask for more than there is. It is counted first, by the XML
//! reader that the reader of workbooks has: both see the same tags, however odd the file.
//!
//! The reader also waits for the end of a table for ever where it never comes, so every tag must be closed.

use std::io::BufReader;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::TableError;
use super::archive::{too_large, zip_fault};
use super::content::Content;

/// Columns that a sheet can have; the reader stops there too.
const MOST_COLUMNS: u64 = 16_384;

/// Rows that a sheet can have; the reader stops there too.
const MOST_ROWS: u64 = 1_048_576;

/// Checks that the sheets have at most `cell_limit` cells with at most `limit_bytes` of text.
pub(super) fn check(
    content: &mut Content,
    path: &Path,
    cell_limit: u64,
    limit_bytes: u64,
) -> Result<(), TableError> {
    let mut archive =
        ZipArchive::new(BufReader::new(content)).map_err(|error| zip_fault(path, error))?;
    // What can't be unpacked, or is no XML, is told by the reader.
    let Ok(part) = archive.by_name("content.xml") else {
        return Ok(());
    };
    let mut xml = Reader::from_reader(BufReader::new(part));
    let config = xml.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut sheets = Sheets::default();
    let mut open = OpenTags::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer);
        match event {
            Ok(Event::Start(tag)) => {
                open.open(tag.name().0);
                sheets.open(&tag, xml.buffer_position());
            }
            Ok(Event::End(tag)) => {
                open.close(tag.name().0)
                    .map_err(|said| damaged(path, said))?;
                sheets.close(tag.name().0, xml.buffer_position());
            }
            Ok(Event::Eof) => return open.end().map_err(|said| damaged(path, said)),
            Err(_) => return Ok(()),
            Ok(_) => {}
        }
        if sheets.n_cells > cell_limit {
            return Err(TableError::TooManyCells {
                path: path.to_owned(),
                n_columns: sheets.widest as usize,
                n_rows: sheets.n_rows as usize,
            });
        }
        if sheets.n_bytes > limit_bytes {
            return Err(too_large(path));
        }
    }
}

fn damaged(path: &Path, said: String) -> TableError {
    TableError::Damaged {
        path: path.to_owned(),
        kind: "an OpenDocument spreadsheet",
        source: said.into(),
    }
}

/// The names of the tags that are open, the outermost first.
#[derive(Default)]
struct OpenTags {
    names: String,
    starts: Vec<usize>,
}

impl OpenTags {
    fn open(&mut self, name: &str) {
        self.starts.push(self.names.len());
        self.names.push_str(name);
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        let start = self.starts.pop().unwrap_or(self.names.len());
        if self.names[start..] != *name {
            let open = &self.names[start..];
            return Err(format!("the tag {name:?} is closed where {open:?} is open"));
        }
        self.names.truncate(start);
        Ok(())
    }

    fn end(&self) -> Result<(), String> {
        match self.starts.last() {
            None => Ok(()),
            Some(start) => Err(format!(
                "the tag {:?} is never closed",
                &self.names[*start..]
            )),
        }
    }
}

/// What was counted so far. Where a file is odd, it is rather too much than too little.
#[derive(Default)]
struct Sheets {
    n_cells: u64,
    n_bytes: u64,
    /// Rows with a value, and the most columns that one of them has.
    n_rows: u64,
    widest: u64,
    row: Row,
    cell: Option<Cell>,
}

/// The row that is open.
#[derive(Default)]
struct Row {
    repeats: u64,
    /// Columns so far, and those up to the last value.
    n_columns: u64,
    n_used: u64,
}

/// The cell that is open, if it has a value.
struct Cell {
    repeats: u64,
    /// Where its content begins.
    start: u64,
    /// Bytes that don't stand in its content.
    n_bytes: u64,
}

impl Sheets {
    fn open(&mut self, tag: &BytesStart<'_>, place: u64) {
        let raw = tag.attributes_raw();
        match tag.name().0 {
            "table:table-row" => {
                self.close_row();
                self.row.repeats = repeats(raw, "table:number-rows-repeated", MOST_ROWS);
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeats = repeats(raw, "table:number-columns-repeated", MOST_COLUMNS);
                let row = &mut self.row;
                row.n_columns = MOST_COLUMNS.min(row.n_columns + repeats);
                if attributes(raw).any(|(name, _)| is_value(name)) {
                    row.n_used = row.n_columns;
                    let values = attributes(raw).filter(|(name, _)| is_value(name));
                    // A cell within a cell is part of it.
                    self.cell.get_or_insert(Cell {
                        repeats,
                        start: place,
                        n_bytes: values.map(|(_, value)| value.len() as u64).sum(),
                    });
                }
            }
            "text:s" => {
                if let Some(cell) = &mut self.cell {
                    let n_spaces = repeats(raw, "text:c", u64::MAX);
                    cell.n_bytes = cell.n_bytes.saturating_add(n_spaces);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, place: u64) {
        match name {
            "table:table-row" => self.close_row(),
            "table:table-cell" | "table:covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    let n_bytes = cell
                        .n_bytes
                        .saturating_add(place.saturating_sub(cell.start));
                    let n_times = cell.repeats.saturating_mul(self.row.repeats.max(1));
                    self.n_bytes = self.n_bytes.saturating_add(n_bytes.saturating_mul(n_times));
                }
            }
            _ => {}
        }
    }

    fn close_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.n_used > 0 {
            let repeats = row.repeats.max(1);
            self.n_rows = self.n_rows.saturating_add(repeats);
            self.widest = self.widest.max(row.n_used);
            let n_cells = row.n_used.saturating_mul(repeats);
            self.n_cells = self.n_cells.saturating_add(n_cells);
        }
    }
}

/// Whether an attribute gives a cell a value.
fn is_value(name: &str) -> bool {
    name.starts_with("office:") || name.starts_with("calcext:") || name == "table:formula"
}

/// Returns how often something comes: `most` where that is more, or can't be read.
fn repeats(raw: &str, wanted: &str, most: u64) -> u64 {
    attributes(raw)
        .find(|(name, _)| *name == wanted)
        .map_or(1, |(_, value)| {
            value.parse::<u64>().unwrap_or(most).min(most)
        })
}

/// Names and values of the attributes of a tag, taken apart as the reader does it.
fn attributes(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        rest = after;
        Some((name.trim(), value))
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::{check_error, ods, write};
    use super::*;

    fn check_rows(rows: &str, cell_limit: u64, limit_bytes: u64) -> Result<(), TableError> {
        let (_folder, path) = write("file.dat", &ods("S", rows, "<m/>"));
        let mut content = Content::File(std::fs::File::open(&path).unwrap());
        check(&mut content, &path, cell_limit, limit_bytes)
    }

    fn row(repeats: &str, cells: &str) -> String {
        format!(
            r#"<table:table-row table:number-rows-repeated="{repeats}">{cells}</table:table-row>"#
        )
    }

    fn cell(repeats: &str, text: &str) -> String {
        format!(
            r#"<table:table-cell table:number-columns-repeated="{repeats}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    }

    const EMPTY: &str = r#"<table:table-cell table:number-columns-repeated="16383"/>"#;

    #[test]
    fn values_count_as_often_as_they_come() {
        let too_many = |rows: &str| check_rows(rows, 1000, u64::MAX).is_err();
        assert!(!too_many(&row("500", &cell("2", "x"))));
        assert!(too_many(&row("501", &cell("2", "x"))));
        assert!(too_many(&row("1", &cell("16384", "x"))));
        assert!(too_many(&row("1", &cell("16384", "x")).repeat(2)));
        // What can't be read is taken for the most that there can be.
        assert!(too_many(&row("&#49;00000", &cell("1", "x"))));
        let quoted = cell("1001", "x").replace('"', "'");
        assert!(too_many(&row("1", &quoted)));
        let hidden = format!("<!-- \" -->{}", cell("1001", "x"));
        assert!(too_many(&row("1", &hidden)));
    }

    #[test]
    fn emptiness_counts_only_before_a_value() {
        let far = row("1", &format!("{EMPTY}{}", cell("1", "x")));
        let error = check_rows(&far, 1000, u64::MAX).unwrap_err();
        check_error(
            &error,
            "table.tooManyCells",
            "at least 16384 columns and 1 row;",
        );
        let behind = row("1048576", EMPTY);
        check_rows(&behind, 1000, u64::MAX).unwrap();
        check_rows(
            &row("1", &format!("{}{EMPTY}", cell("1", "x"))),
            1000,
            u64::MAX,
        )
        .unwrap();
    }

    #[test]
    fn texts_count_as_often_as_they_come() {
        let long = "x".repeat(1000);
        check_rows(&row("1", &cell("1", &long)), u64::MAX, 5000).unwrap();
        let error = check_rows(&row("5", &cell("2", &long)), u64::MAX, 5000).unwrap_err();
        check_error(&error, "table.unpackedTooLarge", "more than 1024 MB");
        let spaces = row("1", &cell("1", r#"<text:s text:c="99999999999"/>"#));
        assert!(check_rows(&spaces, u64::MAX, 5000).is_err());
    }

    #[test]
    fn a_tag_that_is_not_closed_is_a_damage() {
        let open =
            "<table:table table:name=\"b\"><table:table-row></table:table-row></table:tablj>";
        for rows in [open, "</table:table>", "<table:table-row>"] {
            let error = check_rows(rows, u64::MAX, u64::MAX).unwrap_err();
            check_error(&error, "table.damaged", "damaged or cut off");
        }
    }

    #[test]
    fn what_is_no_xml_is_left_to_the_reader() {
        check_rows("<!-- never closed", 1, 1).unwrap();
    }
}
