//! Text with a delimiter → rows.

use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;

use super::content::{Content, Sample};
use super::dialect::{self, Sniffed};
use super::lines::{LineFault, Lines, body_of};
use super::row_fault::{self, RowFault};
use super::rows::{RawRow, Rows};
use super::surplus::{Columns, Surplus};
use super::{
    Dialect, DialectRequest, HeaderReason, RepairedRow, Row, RowPlace, SkippedRow, Table,
    TableError, unique_names,
};

/// Reads rows of text whose beginning is `sample`.
pub(super) fn read(
    content: Content,
    path: &Path,
    encoding: &'static Encoding,
    sample: &Sample,
    request: &DialectRequest,
) -> Result<Table, TableError> {
    let sniffed = dialect::sniff(&sample.text, sample.is_whole, request);
    let lines = Lines::new(content, encoding, sniffed.line_break);
    read_rows(lines, sniffed, encoding).map_err(|fault| fault.at(path))
}

/// What the files are called that [`Table::write_csv`] writes.
const OWN: &str = "a table that Embert wrote";

/// Reads what [`Table::write_csv`] wrote. There is nothing to detect or to repair, and a row may be longer than in a
/// person's file: every quotation mark in it was doubled.
pub(super) fn read_own(content: Content, path: &Path) -> Result<Table, TableError> {
    let fault = |error: csv::Error| own_fault(path, error);
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers().map_err(fault)?;
    let columns = unique_names(header.iter().map(str::to_owned).collect());
    if columns.is_empty() {
        return Err(TableError::Empty {
            path: path.to_owned(),
        });
    }
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(fault)?;
        rows.push(Row {
            line: record.position().map_or(0, csv::Position::line),
            cells: record.iter().map(str::to_owned).collect(),
        });
    }
    Ok(Table {
        columns,
        rows,
        dialect: Dialect::of_own_files(),
        repaired: Vec::new(),
        skipped: Vec::new(),
    })
}

fn own_fault(path: &Path, error: csv::Error) -> TableError {
    let path = path.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(source) => TableError::Unreadable { path, source },
        fault => TableError::Damaged {
            path,
            kind: OWN,
            source: format!("{fault:?}").into(),
        },
    }
}

/// The most empty cells that short rows are filled up with without a look at how many cells there are in the file: they
/// take 240 MB.
const FILLED_LIMIT: usize = 10_000_000;

/// Empty cells for each cell of the file, beyond [`FILLED_LIMIT`]. A long line on top of short ones would make gigabytes
/// of a few kilobytes.
const MOST_FILLED: usize = 4;

/// What can stop the reading of rows, before it is known in which file.
enum ReadFault {
    Line(LineFault),
    NoRow,
    NothingBelow {
        n_lines: u64,
        n_above: u64,
    },
    RowsTooShort {
        n_columns: usize,
        n_rows: usize,
        n_cells: usize,
    },
    HeaderOnly {
        n_columns: usize,
    },
    NoUsableRow {
        n_rows: usize,
        n_columns: usize,
    },
}

impl ReadFault {
    fn at(self, path: &Path) -> TableError {
        let path = path.to_owned();
        match self {
            ReadFault::Line(LineFault::Io(source)) => TableError::Unreadable { path, source },
            ReadFault::Line(LineFault::TooLong(line)) => TableError::RowTooLong {
                path,
                line,
                place: RowPlace::Line,
            },
            ReadFault::NoRow => TableError::Empty { path },
            ReadFault::NothingBelow { n_lines, n_above } => TableError::NothingBelow {
                path,
                n_lines,
                n_above,
            },
            ReadFault::RowsTooShort {
                n_columns,
                n_rows,
                n_cells,
            } => TableError::RowsTooShort {
                path,
                n_columns,
                n_rows,
                n_cells,
            },
            ReadFault::HeaderOnly { n_columns } => TableError::HeaderOnly { path, n_columns },
            ReadFault::NoUsableRow { n_rows, n_columns } => TableError::NoUsableRow {
                path,
                n_rows,
                n_columns,
            },
        }
    }
}

fn read_rows<R: Read>(
    mut lines: Lines<R>,
    sniffed: Sniffed,
    encoding: &'static Encoding,
) -> Result<Table, ReadFault> {
    let mut skipped = Vec::new();
    let nothing_below = |n_lines| ReadFault::NothingBelow {
        n_lines,
        n_above: sniffed.n_known_above,
    };
    for n in 1..=sniffed.n_lines_above {
        let Some(end) = lines.line_end(0).map_err(ReadFault::Line)? else {
            return Err(nothing_below(n - 1));
        };
        let is_blank = body_of(&lines.ahead()[..end]).trim().is_empty();
        if n > sniffed.n_known_above && !is_blank {
            skipped.push(skipped_row(n, RowFault::AboveTable));
        }
        lines.take(end, 1);
    }
    let is_end = lines.line_end(0).map_err(ReadFault::Line)?.is_none();
    if is_end && sniffed.n_known_above > 0 {
        return Err(nothing_below(lines.number() - 1));
    }
    let mut reader = Rows::new(lines, sniffed.marks, sniffed.comment.clone());
    let (columns, header_row) = if sniffed.has_header {
        let header = reader
            .next_row()
            .map_err(ReadFault::Line)?
            .ok_or(ReadFault::NoRow)?;
        (header.cells, Some(header.line))
    } else {
        (vec![String::new(); sniffed.n_cells], None)
    };
    let header = columns.clone();
    let is_named = |name: &String| !name.trim().is_empty();
    let (n_before, n_behind) = sniffed.n_unnamed;
    let unnamed = |n: usize| std::iter::repeat_n(String::new(), n);
    let columns: Vec<String> = unnamed(n_before)
        .chain(columns)
        .chain(unnamed(n_behind))
        .collect();
    let n_named = columns
        .iter()
        .rposition(is_named)
        .map_or(0, |last| last + 1);
    let mut building = Building {
        header,
        n_trailing: sniffed.n_cells.saturating_sub(columns.len()),
        table: Table {
            columns: unique_names(columns),
            rows: Vec::new(),
            dialect: dialect_of(&sniffed, header_row, encoding),
            repaired: Vec::new(),
            skipped,
        },
        surplus: Vec::new(),
        is_header_detected: sniffed.is_header_detected(),
        is_types_row: sniffed.evidence.header == Some(HeaderReason::TypesBelow),
        n_cells: 0,
        n_filled_up: 0,
    };
    reader.n_columns = Some(building.table.columns.len());
    while let Some(row) = reader.next_row().map_err(ReadFault::Line)? {
        building.add(row, reader.lines.has_broken_text)?;
    }
    let mut table = building.finish(&sniffed);
    if sniffed.has_header && n_named > 0 {
        table.drop_empty_end(n_named);
    }
    let n_unusable = table.skipped.iter().filter(|row| is_row(row)).count();
    if sniffed.lists_comments() {
        let comments = reader.comments.into_iter();
        let comments = comments.map(|line| skipped_row(line, RowFault::Comment));
        table.skipped.extend(comments);
    }
    table.skipped.sort_by_key(|row| row.line);
    match (table.rows.is_empty(), n_unusable) {
        (false, _) => Ok(table),
        (true, 0) if sniffed.has_header => Err(ReadFault::HeaderOnly {
            n_columns: table.columns.len(),
        }),
        (true, 0) => Err(ReadFault::NoRow),
        (true, n_rows) => Err(ReadFault::NoUsableRow {
            n_rows,
            n_columns: table.columns.len(),
        }),
    }
}

/// Tells whether a line that is not in the table was meant to be a row.
fn is_row(skipped: &SkippedRow) -> bool {
    let is_none = |fault: &RowFault| {
        matches!(
            fault,
            RowFault::AboveTable
                | RowFault::TypesRow
                | RowFault::Comment
                | RowFault::RepeatedHeader
        )
    };
    !skipped.faults.iter().any(is_none)
}

fn skipped_row(line: u64, fault: RowFault) -> SkippedRow {
    SkippedRow {
        line,
        reason: fault.to_string(),
        faults: vec![fault],
    }
}

fn dialect_of(sniffed: &Sniffed, header_row: Option<u64>, encoding: &'static Encoding) -> Dialect {
    Dialect {
        encoding: Some(encoding.name().to_owned()),
        delimiter: sniffed.marks.delimiter,
        runs: sniffed.marks.runs,
        quote: sniffed.marks.quote,
        escape: sniffed.marks.escape,
        line_end: Some(sniffed.line_end),
        has_header: sniffed.has_header,
        header_row,
        n_lines_above: sniffed.n_lines_above,
        comment: sniffed.comment.clone(),
        evidence: sniffed.evidence.clone(),
        ..Dialect::default()
    }
}

/// A table that grows row by row.
struct Building {
    table: Table,
    /// The cells of the header as they stand in the file.
    header: Vec<String>,
    /// Empty cells at the end of most rows, beyond the header.
    n_trailing: usize,
    surplus: Vec<Surplus>,
    is_header_detected: bool,
    /// Whether the next row says what the columns hold.
    is_types_row: bool,
    /// Cells so far, as the file has them.
    n_cells: usize,
    /// Empty cells so far that short rows were filled up with.
    n_filled_up: usize,
}

impl Building {
    fn add(&mut self, raw: RawRow, has_broken_text: bool) -> Result<(), ReadFault> {
        let RawRow {
            line,
            mut cells,
            has_stray_quote,
            body,
            ..
        } = raw;
        let (n_cells, n_columns) = (cells.len(), self.table.columns.len());
        if std::mem::take(&mut self.is_types_row) {
            self.table
                .skipped
                .push(skipped_row(line, RowFault::TypesRow));
            return Ok(());
        }
        if self.is_header_detected && n_columns > 1 && cells == self.header {
            let repeated = skipped_row(line, RowFault::RepeatedHeader);
            self.table.skipped.push(repeated);
            return Ok(());
        }
        self.count(n_cells)?;
        let has_header = self.table.dialect.has_header;
        let mut faults = Vec::new();
        if n_cells > n_columns && body.is_none() {
            cells.truncate(n_columns);
            let n_cells = n_cells - n_columns;
            if n_cells != self.n_trailing {
                faults.push(RowFault::EmptyCellsDropped { n_cells });
            }
        }
        if n_cells < n_columns {
            cells.resize(n_columns, String::new());
            faults.push(RowFault::TooFewCells {
                n_cells,
                n_columns,
                has_header,
            });
        }
        if let Some(quote) = self.table.dialect.quote.filter(|_| has_stray_quote) {
            faults.push(RowFault::StrayQuote { quote });
        }
        if has_broken_text && cells.iter().any(|cell| cell.contains('\u{FFFD}')) {
            let encoding = self.table.dialect.encoding.clone().unwrap_or_default();
            faults.push(RowFault::BrokenBytes { encoding });
        }
        if let Some(body) = body {
            self.surplus.push(Surplus {
                position: self.table.rows.len(),
                line,
                n_cells,
                body,
                faults,
            });
            return Ok(());
        }
        self.table.repair(line, faults);
        self.table.rows.push(Row { line, cells });
        Ok(())
    }

    /// Counts the cells of a row, and refuses a table that would consist of what short rows are filled up with.
    fn count(&mut self, n_cells: usize) -> Result<(), ReadFault> {
        let n_columns = self.table.columns.len();
        self.n_cells += n_cells;
        self.n_filled_up += n_columns.saturating_sub(n_cells);
        if self.n_filled_up <= FILLED_LIMIT || self.n_filled_up / MOST_FILLED <= self.n_cells {
            return Ok(());
        }
        Err(ReadFault::RowsTooShort {
            n_columns,
            n_rows: self.table.rows.len() + 1,
            n_cells: self.n_cells,
        })
    }

    /// Puts the rows with too many cells into their places, or lists them.
    fn finish(mut self, sniffed: &Sniffed) -> Table {
        if self.surplus.is_empty() {
            return self.table;
        }
        let n_columns = self.table.columns.len();
        let has_header = self.table.dialect.has_header;
        let columns = Columns::of(&self.table.rows, n_columns, sniffed.marks);
        let judged: Vec<_> = self
            .surplus
            .into_iter()
            .map(|row| (columns.joined(&row), row))
            .collect();
        let mut sound = std::mem::take(&mut self.table.rows).into_iter();
        let mut rows = Vec::with_capacity(sound.len() + judged.len());
        let mut n_sound = 0;
        for (joined, row) in judged {
            let n_before = row.position - n_sound;
            n_sound = row.position;
            rows.extend(sound.by_ref().take(n_before));
            let (line, n_cells) = (row.line, row.n_cells);
            let Some((cells, text)) = joined else {
                let fault = RowFault::TooManyCells {
                    n_cells,
                    n_columns,
                    has_header,
                };
                self.table.skipped.push(skipped_row(line, fault));
                continue;
            };
            let mut faults = vec![RowFault::JoinedCells {
                n_cells,
                n_columns,
                column: self.table.columns[text].clone(),
            }];
            faults.extend(row.faults);
            self.table.repair(line, faults);
            rows.push(Row { line, cells });
        }
        rows.extend(sound);
        self.table.rows = rows;
        self.table.repaired.sort_by_key(|row| row.line);
        self.table
    }
}

impl Table {
    /// Drops what stands behind the last name where no row has a cell there: a delimiter ends every line.
    fn drop_empty_end(&mut self, n_named: usize) {
        let n_columns = self.columns.len();
        let is_filled = |i: usize| {
            let mut cells = self.rows.iter().filter_map(|row| row.cells.get(i));
            cells.any(|cell| !cell.trim().is_empty())
        };
        let n_kept = (n_named..n_columns)
            .rev()
            .find(|&i| is_filled(i))
            .map_or(n_named, |last| last + 1);
        if n_kept == n_columns {
            return;
        }
        self.columns.truncate(n_kept);
        for row in &mut self.rows {
            row.cells.truncate(n_kept);
        }
        // A row that ends with its last name has all its cells.
        let is_fault = |fault: &RowFault| !matches!(fault, RowFault::TooFewCells { n_cells, .. } if *n_cells >= n_kept);
        self.repaired.retain_mut(|row| {
            row.faults.retain(is_fault);
            row.reason = row_fault::sentence(&row.faults);
            !row.faults.is_empty()
        });
    }

    /// Lists a row as repaired if something was wrong with it.
    fn repair(&mut self, line: u64, faults: Vec<RowFault>) {
        if !faults.is_empty() {
            self.repaired.push(RepairedRow {
                line,
                reason: row_fault::sentence(&faults),
                faults,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ROW_LIMIT_BYTES;
    use super::super::sample_files::{check, check_error, write};
    use super::*;

    fn written(columns: &[&str], rows: &[&[&str]]) -> (tempfile::TempDir, std::path::PathBuf) {
        fn owned(cells: &[&str]) -> Vec<String> {
            cells.iter().map(|&cell| cell.to_owned()).collect()
        }
        let table = Table {
            columns: owned(columns),
            rows: rows
                .iter()
                .map(|cells| Row {
                    line: 1,
                    cells: owned(cells),
                })
                .collect(),
            dialect: Dialect::default(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        };
        let (folder, path) = write("file.dat", b"");
        table.write_csv(&path).unwrap();
        (folder, path)
    }

    #[test]
    fn own_tables_are_read_as_they_were_written() {
        for first in [
            "PAR1 of it",
            "GIF8",
            "PK\x03\x04",
            "%PDF-",
            "{\"a\"",
            "sep=;",
            "ustar",
        ] {
            let (_folder, path) = written(
                &[first, "b"],
                &[
                    &["one\r\n\"two\", three", ""],
                    &["{\"a\": 1}", "\r"],
                    &["", ""],
                ],
            );
            let table = Table::read_own(&path).unwrap();
            let columns = format!("{first}|b");
            let rows = ["one\r\n\"two\", three|", "{\"a\": 1}|\r", "|"];
            check(&table, &columns, &rows);
            let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 4, 5]);
        }
        let (_folder, path) = written(&["text"], &[&[""], &["a"]]);
        check(&Table::read_own(&path).unwrap(), "text", &["", "a"]);
    }

    #[test]
    fn marks_that_were_doubled_make_an_own_row_no_longer() {
        let marks = "\"".repeat(ROW_LIMIT_BYTES - 10);
        let (_folder, path) = written(&["text", "label"], &[&[marks.as_str(), "a"]]);
        assert_eq!(Table::read_own(&path).unwrap().rows[0].cells[0], marks);
    }

    #[test]
    fn a_damaged_own_table_is_told() {
        let (_folder, path) = write("file.dat", b"a,b\none\n");
        let error = Table::read_own(&path).unwrap_err();
        check_error(&error, "table.damaged", "a table that Embert wrote");
        let (_folder, path) = write("file.dat", b"");
        check_error(&Table::read_own(&path).unwrap_err(), "table.empty", "");
    }
}
