//! Text with a delimiter → rows.

use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;

use super::content::{Content, Sample};
use super::dialect::{self, Sniffed};
use super::lines::{LineFault, Lines};
use super::row_fault::{self, RowFault};
use super::rows::{RawRow, Rows};
use super::{
    Dialect, DialectRequest, RepairedRow, Row, SkippedRow, Table, TableError, unique_names,
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
    read_rows(lines, &sniffed, encoding).map_err(|fault| fault.at(path))
}

/// What can stop the reading of rows, before it is known in which file.
enum ReadFault {
    Line(LineFault),
    NoRow,
    HeaderOnly { n_columns: usize },
    NoUsableRow { n_rows: usize, n_columns: usize },
}

impl ReadFault {
    fn at(self, path: &Path) -> TableError {
        let path = path.to_owned();
        match self {
            ReadFault::Line(LineFault::Io(source)) => TableError::Unreadable { path, source },
            ReadFault::Line(LineFault::TooLong(line)) => TableError::RowTooLong { path, line },
            ReadFault::NoRow => TableError::Empty { path },
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
    sniffed: &Sniffed,
    encoding: &'static Encoding,
) -> Result<Table, ReadFault> {
    for _ in 0..sniffed.n_lines_above {
        lines.next_line().map_err(ReadFault::Line)?;
    }
    let mut reader = Rows::new(lines, sniffed.marks);
    let columns = if sniffed.has_header {
        let header = reader
            .next_row()
            .map_err(ReadFault::Line)?
            .ok_or(ReadFault::NoRow)?;
        unique_names(header.cells)
    } else {
        unique_names(vec![String::new(); sniffed.n_cells])
    };
    reader.n_columns = Some(columns.len());
    let mut table = Table {
        columns,
        rows: Vec::new(),
        dialect: Dialect {
            encoding: Some(encoding.name().to_owned()),
            delimiter: sniffed.marks.delimiter,
            quote: sniffed.marks.quote,
            has_header: sniffed.has_header,
            ..Dialect::default()
        },
        repaired: Vec::new(),
        skipped: Vec::new(),
    };
    while let Some(row) = reader.next_row().map_err(ReadFault::Line)? {
        table.add(row, reader.lines.has_broken_text);
    }
    match (table.rows.is_empty(), table.skipped.len()) {
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

impl Table {
    fn add(&mut self, raw: RawRow, has_broken_text: bool) {
        let RawRow {
            line,
            mut cells,
            has_stray_quote,
        } = raw;
        let (n_cells, n_columns) = (cells.len(), self.columns.len());
        let has_header = self.dialect.has_header;
        let mut faults = Vec::new();
        if n_cells > n_columns {
            if !cells[n_columns..].iter().all(|cell| cell.trim().is_empty()) {
                let fault = RowFault::TooManyCells {
                    n_cells,
                    n_columns,
                    has_header,
                };
                self.skipped.push(SkippedRow {
                    line,
                    reason: fault.to_string(),
                    faults: vec![fault],
                });
                return;
            }
            cells.truncate(n_columns);
            faults.push(RowFault::EmptyCellsDropped {
                n_cells: n_cells - n_columns,
            });
        }
        if n_cells < n_columns {
            cells.resize(n_columns, String::new());
            faults.push(RowFault::TooFewCells {
                n_cells,
                n_columns,
                has_header,
            });
        }
        if let Some(quote) = self.dialect.quote.filter(|_| has_stray_quote) {
            faults.push(RowFault::StrayQuote { quote });
        }
        if has_broken_text && cells.iter().any(|cell| cell.contains('\u{FFFD}')) {
            let encoding = self.dialect.encoding.clone().unwrap_or_default();
            faults.push(RowFault::BrokenBytes { encoding });
        }
        if !faults.is_empty() {
            self.repaired.push(RepairedRow {
                line,
                reason: row_fault::sentence(&faults),
                faults,
            });
        }
        self.rows.push(Row { line, cells });
    }
}
