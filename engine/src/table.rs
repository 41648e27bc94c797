//! Any file → rows of text.
//!
//! Comes in: a path. Goes out: a [`Table`] whose rows all have one cell per column, and the list of rows that had to be
//! repaired or left out, with line numbers. Nothing is interpreted: `NA`, `01` and `True` stay as typed.

mod dialect;
mod encoding;
mod lines;
mod row_fault;
mod rows;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::dialect::{SAMPLE_BYTES, Sniffed};
use self::encoding::Contents;
use self::lines::{LineFault, Lines};
pub use self::row_fault::RowFault;
use self::rows::{RawRow, Rows};
use crate::whole_file::{self, Readers};
use crate::wish::Wish;

/// The most bytes one row may hold. A longer one is nearly always a quotation mark that is never closed.
pub const ROW_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// The rows of a file, as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns: unique and never empty.
    pub columns: Vec<String>,
    /// The rows in the order of the file; each has as many cells as there are columns.
    pub rows: Vec<Row>,
    /// How the file was read.
    pub dialect: Dialect,
    /// Rows that are in `rows` but were changed to fit.
    pub repaired: Vec<RepairedRow>,
    /// Rows that are not in `rows`.
    pub skipped: Vec<SkippedRow>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line of the file in which the row starts, from 1.
    pub line: u64,
    /// One cell per column, as typed.
    pub cells: Vec<String>,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// Name of the encoding, such as `UTF-8` or `windows-1252`.
    pub encoding: String,
    /// What stands between two cells; `None` when every line is one cell.
    pub delimiter: Option<char>,
    /// What stands around cells that hold a delimiter or a line break; `None` when nothing does.
    pub quote: Option<char>,
    /// Whether the first row holds the names of the columns.
    pub has_header: bool,
}

/// How the person wants a file to be read; what is left out is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DialectRequest {
    /// Name of the encoding, such as `windows-1252`.
    pub encoding: Option<String>,
    /// What stands between two cells; none: every line is one cell.
    #[ts(type = "string | false | null")]
    pub delimiter: Wish<char>,
    /// What stands around cells; none: every mark is a letter.
    #[ts(type = "string | false | null")]
    pub quote: Wish<char>,
    /// Whether the first row holds the names of the columns.
    pub has_header: Option<bool>,
}

/// A row that was changed to fit the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepairedRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// What was wrong and what was done, one sentence.
    pub reason: String,
    /// The same by name; empty in what older versions wrote.
    #[serde(default)]
    pub faults: Vec<RowFault>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SkippedRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong with it, one sentence.
    pub reason: String,
    /// The same by name; empty in what older versions wrote.
    #[serde(default)]
    pub faults: Vec<RowFault>,
}

/// Why a file can't be read or written as a table.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum TableError {
    /// There is no such file.
    #[error("The file {} does not exist", path.display())]
    Missing {
        /// The file as asked for.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The path leads to a folder.
    #[error("{} is a folder, not a file", path.display())]
    Folder {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The system does not let us read the file.
    #[error("The file {} can't be read", path.display())]
    Unreadable {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What the system said.
        #[source]
        #[serde(skip)]
        source: io::Error,
    },
    /// The file can't be written.
    #[error("The file {} can't be written", path.display())]
    Unwritable {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What the system said.
        #[source]
        #[serde(skip)]
        source: io::Error,
    },
    /// There is nothing in the file.
    #[error("The file {} is empty", path.display())]
    Empty {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The file is something else than text.
    #[error("The file {} is {kind}, not a table of text", path.display())]
    Binary {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// The file has names of columns and nothing below them.
    #[error("The file {} has a header with {n_columns} columns, but 0 rows", path.display())]
    HeaderOnly {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Columns in the header.
        n_columns: usize,
    },
    /// Every row was left out.
    #[error("None of the {n_rows} rows of {} fits its {n_columns} columns", path.display())]
    NoUsableRow {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Rows below the header.
        n_rows: usize,
        /// Columns in the header.
        n_columns: usize,
    },
    /// A row is longer than [`ROW_LIMIT_BYTES`].
    #[error("The row in line {line} of {} is longer than {} MB, the most that a row may hold", path.display(), ROW_LIMIT_BYTES / (1024 * 1024))]
    RowTooLong {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Line in which the row starts, from 1.
        line: u64,
    },
    /// An encoding was named that nobody knows.
    #[error("There is no encoding \"{encoding}\"")]
    UnknownEncoding {
        /// The name as asked for.
        encoding: String,
    },
    /// A column was named that is not there.
    #[error(
        "There is no column \"{column}\"; the columns are {}",
        quoted_list(columns)
    )]
    UnknownColumn {
        /// The column as asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
}

impl Table {
    /// Reads a file of comma, semicolon, tab or otherwise separated rows in any usual encoding.
    ///
    /// # Errors
    /// When the file is missing, a folder, not text, empty, without rows, or holds a row over [`ROW_LIMIT_BYTES`].
    pub fn read(path: &Path) -> Result<Table, TableError> {
        Table::read_with(path, &DialectRequest::default())
    }

    /// Reads a file as the person wants it; what is left out of `request` is detected.
    ///
    /// # Errors
    /// Those of [`Table::read`], and [`TableError::UnknownEncoding`].
    pub fn read_with(path: &Path, request: &DialectRequest) -> Result<Table, TableError> {
        let wanted = request
            .encoding
            .as_deref()
            .map(encoding_named)
            .transpose()?;
        let mut file = open(path)?;
        let unreadable = |source| TableError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let encoding = match (encoding::detect(&mut file).map_err(unreadable)?, wanted) {
            (Contents::Nothing, _) => {
                return Err(TableError::Empty {
                    path: path.to_owned(),
                });
            }
            (Contents::Other(kind), _) => {
                return Err(TableError::Binary {
                    path: path.to_owned(),
                    kind,
                });
            }
            (Contents::Text(_) | Contents::Unclear, Some(wanted)) => wanted,
            (Contents::Text(detected), None) => detected,
            (Contents::Unclear, None) => {
                return Err(TableError::Binary {
                    path: path.to_owned(),
                    kind: "binary data",
                });
            }
        };
        file.rewind().map_err(unreadable)?;
        let sniffed = sniff_file(&mut file, encoding, request).map_err(unreadable)?;
        let lines = Lines::new(file, encoding, sniffed.line_break);
        read_rows(lines, &sniffed, encoding).map_err(|fault| fault.at(path))
    }

    /// Returns the position of the column called `name`.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], which lists the columns there are.
    pub fn column(&self, name: &str) -> Result<usize, TableError> {
        self.columns
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| TableError::UnknownColumn {
                column: name.to_owned(),
                columns: self.columns.clone(),
            })
    }

    /// Writes the rows as plain UTF-8 with commas and a header. The file appears whole or not at all.
    ///
    /// # Errors
    /// [`TableError::Unwritable`].
    pub fn write_csv(&self, path: &Path) -> Result<(), TableError> {
        whole_file::write(path, Readers::Usual, |file| {
            let mut writer = csv::Writer::from_writer(file);
            writer.write_record(&self.columns)?;
            for row in &self.rows {
                writer.write_record(&row.cells)?;
            }
            writer.flush()
        })
        .map_err(|source| TableError::Unwritable {
            path: path.to_owned(),
            source,
        })
    }
}

fn open(path: &Path) -> Result<File, TableError> {
    let unreadable = |source| TableError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(TableError::Missing {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(unreadable(error)),
    };
    if about.is_dir() {
        return Err(TableError::Folder {
            path: path.to_owned(),
        });
    }
    if !about.is_file() {
        return Err(unreadable(io::Error::other(
            "it is a pipe or a device, which can't be read twice",
        )));
    }
    File::open(path).map_err(unreadable)
}

/// Finds an encoding by any name that browsers know. Those that only serve attacks are no encodings to them.
fn encoding_named(name: &str) -> Result<&'static Encoding, TableError> {
    Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(|| TableError::UnknownEncoding {
        encoding: name.to_owned(),
    })
}

fn sniff_file(
    file: &mut File,
    encoding: &'static Encoding,
    request: &DialectRequest,
) -> io::Result<Sniffed> {
    let mut bytes = Vec::with_capacity(SAMPLE_BYTES);
    Read::by_ref(file)
        .take(SAMPLE_BYTES as u64)
        .read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(0))?;
    let is_whole = bytes.len() < SAMPLE_BYTES;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder
        .max_utf8_buffer_length(bytes.len())
        .unwrap_or(4 * SAMPLE_BYTES);
    let mut sample = String::with_capacity(room);
    let _ = decoder.decode_to_string(&bytes, &mut sample, is_whole);
    Ok(dialect::sniff(&sample, is_whole, request))
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
            encoding: encoding.name().to_owned(),
            delimiter: sniffed.marks.delimiter,
            quote: sniffed.marks.quote,
            has_header: sniffed.has_header,
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
            let encoding = self.dialect.encoding.clone();
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

/// Gives every column a name of its own: `text`, `text (2)`, and `column 3` where there is none.
fn unique_names(cells: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(cells.len());
    for (i, cell) in cells.iter().enumerate() {
        let wanted = match cell.trim() {
            "" => format!("column {}", i + 1),
            name => name.to_owned(),
        };
        let mut name = wanted.clone();
        let mut n = 1;
        while !taken.insert(name.clone()) {
            n += 1;
            name = format!("{wanted} ({n})");
        }
        names.push(name);
    }
    names
}

impl TableError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Missing { .. } => "table.missing",
            TableError::Folder { .. } => "table.folder",
            TableError::Unreadable { .. } => "table.unreadable",
            TableError::Unwritable { .. } => "table.unwritable",
            TableError::Empty { .. } => "table.empty",
            TableError::Binary { .. } => "table.binary",
            TableError::HeaderOnly { .. } => "table.headerOnly",
            TableError::NoUsableRow { .. } => "table.noUsableRow",
            TableError::RowTooLong { .. } => "table.rowTooLong",
            TableError::UnknownEncoding { .. } => "table.unknownEncoding",
            TableError::UnknownColumn { .. } => "table.unknownColumn",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            TableError::Missing { .. } => "Check the spelling and the folder of the file.",
            TableError::Folder { .. } => "Name a file in it, such as a CSV file.",
            TableError::Unreadable { .. } => {
                "Check that the file is an ordinary one, that you may read it, and that no other program holds it."
            }
            TableError::Unwritable { .. } => {
                "Check that the folder exists, that you may write to it, and that the disk is not full."
            }
            TableError::Empty { .. } => {
                "Choose a file that has a header and at least one row, such as a CSV file saved from a spreadsheet."
            }
            TableError::Binary { .. } => {
                "Open the file in the program it belongs to and save it as CSV in UTF-8."
            }
            TableError::HeaderOnly { .. } => {
                "Add rows below the header: one text with its label per row."
            }
            TableError::NoUsableRow { .. } => {
                "Put quotation marks around texts that contain the delimiter, or save the file again as CSV from a spreadsheet."
            }
            TableError::RowTooLong { line, .. } => {
                return Some(format!(
                    "Look at line {line}: most often a quotation mark is opened there and never closed, or a line break is missing."
                ));
            }
            TableError::UnknownEncoding { .. } => {
                "Write it as browsers do, such as UTF-8, UTF-16LE, windows-1252, ISO-8859-2 or Shift_JIS."
            }
            TableError::UnknownColumn { .. } => {
                "Choose one of these columns; capital letters matter."
            }
        };
        Some(hint.to_owned())
    }

    /// Returns the same fault of the file `name`, for a reader of a copy whose name says nothing to the person.
    #[must_use]
    pub fn of_file(mut self, name: &Path) -> TableError {
        match &mut self {
            TableError::Missing { path }
            | TableError::Folder { path }
            | TableError::Unreadable { path, .. }
            | TableError::Unwritable { path, .. }
            | TableError::Empty { path }
            | TableError::Binary { path, .. }
            | TableError::HeaderOnly { path, .. }
            | TableError::NoUsableRow { path, .. }
            | TableError::RowTooLong { path, .. } => name.clone_into(path),
            TableError::UnknownEncoding { .. } | TableError::UnknownColumn { .. } => {}
        }
        self
    }

    /// Tells whether the person's input is at fault, as opposed to the program or the machine.
    pub fn is_input_fault(&self) -> bool {
        true
    }
}

/// Names as a person would list them: `"a", "b"`.
pub(crate) fn quoted_list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names =
            |cells: &[&str]| unique_names(cells.iter().map(|&cell| cell.to_owned()).collect());
        assert_eq!(
            names(&["text", "text", "", "text"]),
            ["text", "text (2)", "column 3", "text (3)"]
        );
        assert_eq!(names(&["a (2)", "a", "a"]), ["a (2)", "a", "a (3)"]);
        assert_eq!(
            names(&[" a ", "column 3", ""]),
            ["a", "column 3", "column 3 (2)"]
        );
    }
}
