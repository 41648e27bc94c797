//! Any file → rows of text.
//!
//! Comes in: a path. Goes out: a [`Table`] whose rows all have one cell per column, and the list of rows that had to be
//! repaired or left out, with line numbers. Nothing is interpreted: `NA`, `01` and `True` stay as typed.
//!
//! `format` how a file was read · `content` the bytes and what they are · `archive` gzip and ZIP · `encoding` and `utf32` · `delimited` CSV and its
//! like: `dialect` judges a sample by `reading` it in many ways and looking at its `top` and `header`, `evidence` says why; `lines`,
//! `rows`, `parser` and `marks` read; `surplus` mends rows with too many cells · `quoted_form` CSV that is known by its
//! form · `json` · `workbook`, with `sheet_repeats` and `old_workbook` · `parquet` · `folder` · `records` rows that bring
//! their names · `parts` several files as one table · `watch` how far a reading is

mod archive;
mod cell_text;
mod content;
mod delimited;
mod dialect;
mod encoding;
mod error;
mod evidence;
mod folder;
mod format;
mod header;
mod json;
mod json_object;
mod json_shape;
mod lines;
mod marks;
mod old_workbook;
mod parquet;
mod parser;
mod parts;
mod quoted_form;
mod reading;
mod records;
mod row_fault;
mod rows;
#[cfg(test)]
mod sample_files;
mod sheet_repeats;
mod surplus;
mod top;
mod utf32;
mod watch;
mod workbook;

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};
use serde::{Deserialize, Serialize};

use self::content::{Content, Kind};
use self::encoding::Contents;
pub use self::error::{RowPlace, TableError};
pub use self::evidence::{
    AboveReason, CommentReason, DelimiterReason, DialectEvidence, EncodingReason, EscapeReason,
    HeaderReason, LineEnd, QuoteReason, Runs,
};
pub use self::format::{Archive, Dialect, DialectRequest, Format, PartFile, WorkbookType};
pub use self::row_fault::RowFault;
use self::utf32::Utf32;
pub use self::watch::ReadWatch;
use self::watch::Watched;
use crate::whole_file::{self, Readers};
use crate::wish::Wish;

/// The most bytes one row may hold. A longer one is nearly always a quotation mark that is never closed.
pub const ROW_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// The most bytes that a packed file may hold when it is unpacked, and that a JSON document may have. A few kilobytes
/// can unpack to more than any disk holds.
pub const UNPACKED_LIMIT_BYTES: u64 = 1024 * 1024 * 1024;

/// The most cells of a table whose rows need not have the same columns: one cell far off, or a new name in every row,
/// would make it grow beyond all memory.
pub const CELL_LIMIT: usize = 100_000_000;

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
    /// Line of the file in which the row starts, from 1. Where rows have no lines, it is the number of the row, or of
    /// the file in a folder.
    pub line: u64,
    /// One cell per column, as typed.
    pub cells: Vec<String>,
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

impl Table {
    /// Reads a file of rows: text with any delimiter, JSON, JSON lines, a workbook or Parquet, also packed by gzip or
    /// ZIP, or a folder with one sub-folder of text files per label. The content decides, not the ending of the name.
    ///
    /// # Errors
    /// When the file is missing, no table, empty, damaged, without rows, beyond one of the limits of this chapter, or
    /// protected with a password.
    pub fn read(path: &Path) -> Result<Table, TableError> {
        Table::read_with(path, &DialectRequest::default())
    }

    /// Reads a file as the person wants it; what is left out of `request` is detected.
    ///
    /// # Errors
    /// Those of [`Table::read`], [`TableError::UnknownEncoding`] and [`TableError::UnknownSheet`].
    pub fn read_with(path: &Path, request: &DialectRequest) -> Result<Table, TableError> {
        Table::read_one(path, request, &Arc::default())
    }

    /// Reads one or several files. Several must have the same columns, and their names must say which part each is, such
    /// as `train.csv` and `test.csv`; a column says it of each row.
    ///
    /// # Errors
    /// Those of [`Table::read_with`], [`TableError::UnknownPart`] and [`TableError::DifferentColumns`].
    pub fn read_parts(paths: &[PathBuf], request: &DialectRequest) -> Result<Table, TableError> {
        Table::read_all(paths, request, &Arc::default())
    }

    /// Reads as [`Table::read_parts`] does while somebody watches; `None` when the reading was cancelled.
    ///
    /// # Errors
    /// Those of [`Table::read_parts`].
    pub fn read_watched(
        paths: &[PathBuf],
        request: &DialectRequest,
        watch: &Arc<ReadWatch>,
    ) -> Result<Option<Table>, TableError> {
        let table = Table::read_all(paths, request, watch);
        // A reader that can't read on takes that for a fault of the file.
        if watch.is_cancelled() {
            return Ok(None);
        }
        table.map(Some)
    }

    fn read_all(
        paths: &[PathBuf],
        request: &DialectRequest,
        watch: &Arc<ReadWatch>,
    ) -> Result<Table, TableError> {
        let sizes = watch.expect(paths);
        let mut done_bytes = 0;
        let mut read = |path: &Path| {
            let table = Table::read_one(path, request, watch);
            let size = paths.iter().zip(&sizes).find(|(other, _)| *other == path);
            if table.is_ok() {
                done_bytes += size.map_or(0, |(_, size)| *size);
                watch.go_to(done_bytes);
            }
            table
        };
        match paths {
            [path] => read(path),
            paths => parts::read(paths, read),
        }
    }

    fn read_one(
        path: &Path,
        request: &DialectRequest,
        watch: &Arc<ReadWatch>,
    ) -> Result<Table, TableError> {
        if path.is_dir() {
            let encoding = request.encoding.as_deref().map(encoding_named);
            return folder::read(path, encoding.transpose()?, watch);
        }
        if let Some(name) = request.encoding.as_deref().filter(|name| !Utf32::is(name)) {
            encoding_named(name)?;
        }
        let mut content = Content::Watched(Watched::new(open(path)?, watch));
        let kind = content.kind().map_err(unreadable(path))?;
        let Some(unpacked) = archive::unpack(&mut content, kind, path)? else {
            return read_content(content, path, request);
        };
        let mut table = read_content(unpacked.content, &unpacked.path, request)?;
        table.dialect.archive = Some(unpacked.archive);
        Ok(table)
    }

    /// Reads a file that [`Table::write_csv`] wrote. Nothing is detected: a column may be called like the beginning of
    /// another format.
    ///
    /// # Errors
    /// When the file is missing, can't be read, or is not such a file.
    pub fn read_own(path: &Path) -> Result<Table, TableError> {
        delimited::read_own(Content::File(open(path)?), path)
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

    /// Writes the rows so that [`Table::read`] finds the same columns and cells again: as [`Table::write_csv`] does, and
    /// where that is read in another way, with every cell in quotation marks.
    ///
    /// # Errors
    /// [`TableError::Unwritable`].
    pub fn write_faithful(&self, path: &Path) -> Result<(), TableError> {
        self.write_csv(path)?;
        if Table::read(path).is_ok_and(|again| again.says_the_same_as(self)) {
            return Ok(());
        }
        whole_file::write(path, Readers::Usual, |file| quoted_form::write(self, file))
            .map_err(unwritable(path))
    }

    /// Whether columns and cells are the same, and nothing had to be repaired for that.
    fn says_the_same_as(&self, written: &Table) -> bool {
        self.repaired.is_empty()
            && self.skipped.is_empty()
            && self.columns == written.columns
            && self.rows.len() == written.rows.len()
            && self
                .rows
                .iter()
                .zip(&written.rows)
                .all(|(row, other)| row.cells == other.cells)
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
        .map_err(unwritable(path))
    }
}

fn open(path: &Path) -> Result<File, TableError> {
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(TableError::Missing {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(unreadable(path)(error)),
    };
    if !about.is_file() {
        return Err(unreadable(path)(io::Error::other(
            "it is a pipe or a device, which can't be read twice",
        )));
    }
    File::open(path).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> TableError {
    move |source| TableError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> TableError {
    move |source| TableError::Unwritable {
        path: path.to_owned(),
        source,
    }
}

/// Reads whatever is not packed. `path` is what the person calls it.
fn read_content(
    mut content: Content,
    path: &Path,
    request: &DialectRequest,
) -> Result<Table, TableError> {
    let kind = content.kind().map_err(unreadable(path))?;
    match kind {
        Kind::Workbook(file_type) => workbook::read(content, path, file_type, request),
        Kind::Document(kind) => Err(TableError::Binary {
            path: path.to_owned(),
            kind,
        }),
        Kind::Parquet => parquet::read(content, path),
        Kind::Gzip | Kind::Zip => Err(TableError::Binary {
            path: path.to_owned(),
            kind: "an archive within an archive",
        }),
        Kind::Other => read_text(content, path, request),
    }
}

fn read_text(
    mut content: Content,
    path: &Path,
    request: &DialectRequest,
) -> Result<Table, TableError> {
    if *request == DialectRequest::default()
        && let Some(table) = quoted_form::read(&mut content).map_err(unreadable(path))?
    {
        return Ok(table);
    }
    let wanted = request.encoding.as_deref();
    let utf32 = match wanted {
        Some(name) => Utf32::named(name, &mut content)
            .map(|named| named.map(|order| (order, EncodingReason::Named))),
        None => utf32::detect(&mut content),
    };
    let Some((order, reason)) = utf32.map_err(unreadable(path))? else {
        let (encoding, reason) = encoding_of(&mut content, path, wanted)?;
        let mut table = read_decoded(content, path, encoding, request)?;
        table.dialect.evidence.encoding = Some(reason);
        return Ok(table);
    };
    let content = utf32::to_utf8(content, order).map_err(unreadable(path))?;
    let content = content.ok_or_else(|| TableError::Damaged {
        path: path.to_owned(),
        kind: "text in UTF-32",
        source: format!("it is longer than {UNPACKED_LIMIT_BYTES} bytes").into(),
    })?;
    let mut table = read_decoded(content, path, UTF_8, request)?;
    table.dialect.encoding = Some(order.name().to_owned());
    table.dialect.evidence.encoding = Some(reason);
    Ok(table)
}

/// Returns the encoding that is wanted, or the one that the bytes show, with the reason.
fn encoding_of(
    content: &mut Content,
    path: &Path,
    wanted: Option<&str>,
) -> Result<(&'static Encoding, EncodingReason), TableError> {
    let binary = |kind| TableError::Binary {
        path: path.to_owned(),
        kind,
    };
    let wanted = wanted.map(encoding_named).transpose()?;
    let contents = encoding::detect(content).map_err(unreadable(path))?;
    match (contents, wanted) {
        (Contents::Nothing, _) => Err(TableError::Empty {
            path: path.to_owned(),
        }),
        (Contents::Other(kind), _) => Err(binary(kind)),
        (Contents::Text(..) | Contents::Unclear, Some(wanted)) => {
            Ok((wanted, EncodingReason::Named))
        }
        (Contents::Text(detected, reason), None) => Ok((detected, reason)),
        (Contents::Unclear, None) => Err(binary("binary data")),
    }
}

fn read_decoded(
    mut content: Content,
    path: &Path,
    encoding: &'static Encoding,
    request: &DialectRequest,
) -> Result<Table, TableError> {
    let sample = content.sample(encoding).map_err(unreadable(path))?;
    // A delimiter that was named says that it is no JSON, whatever it begins with.
    let json = match request.delimiter {
        Wish::Guess => json_shape::shape_of(&sample),
        Wish::None | Wish::Named(_) => None,
    };
    match json {
        Some(shape) => json::read(content, path, encoding, shape),
        None => delimited::read(content, path, encoding, &sample, request),
    }
}

/// Finds an encoding by any name that browsers know. Those that only serve attacks are no encodings to them.
fn encoding_named(name: &str) -> Result<&'static Encoding, TableError> {
    Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(|| TableError::UnknownEncoding {
        encoding: name.to_owned(),
    })
}

/// Gives every column a name of its own: `text`, `text (2)`, and `column 3` where there is none. A byte order mark that
/// a file has twice is no part of a name, and at the start of what [`Table::write_csv`] writes it would be taken for one.
fn unique_names(cells: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(cells.len());
    for (i, cell) in cells.iter().enumerate() {
        let wanted = match cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}') {
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
        assert_eq!(names(&["\u{FEFF}a", " \u{FEFF}"]), ["a", "column 2"]);
    }
}
