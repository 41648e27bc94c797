//! Why a file can't be read or written as a table, and what to do about it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::{CELL_LIMIT, ROW_LIMIT_BYTES, UNPACKED_LIMIT_BYTES};

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
    /// The path leads to a folder that is no table.
    #[error("{} is a folder, but has no sub-folders with text files", path.display())]
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
    /// Lines on top are to be left out, and there are no others.
    #[error("The file {} has {}, but the first {n_above} are to be left out", path.display(), counted(usize::try_from(*n_lines).unwrap_or(usize::MAX), "line"))]
    NothingBelow {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Lines that it has.
        n_lines: u64,
        /// Lines that are to be left out.
        n_above: u64,
    },
    /// Nearly all cells of the table would be those that short rows are filled up with.
    #[error("The table in {} has {}, but its first {} have only {} together", path.display(), counted(*n_columns, "column"), counted(*n_rows, "row"), counted(*n_cells, "cell"))]
    RowsTooShort {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Columns of the header.
        n_columns: usize,
        /// Rows so far.
        n_rows: usize,
        /// Cells that these rows have.
        n_cells: usize,
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
    #[error("The file {} has a header with {}, but 0 rows", path.display(), counted(*n_columns, "column"))]
    HeaderOnly {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Columns in the header.
        n_columns: usize,
    },
    /// Every row was left out.
    #[error("{}", no_usable_row(path, *n_rows, *n_columns))]
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
    #[error("{} of {} is longer than {} MB, the most that a row may hold", place.row(*line), path.display(), ROW_LIMIT_BYTES / (1024 * 1024))]
    RowTooLong {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Line in which the row starts, or its number, from 1.
        line: u64,
        /// What `line` counts.
        place: RowPlace,
    },
    /// The table has more cells than [`CELL_LIMIT`].
    #[error("The table in {} has at least {} and {}; more than {} million cells are not read", path.display(), counted(*n_columns, "column"), counted(*n_rows, "row"), CELL_LIMIT / 1_000_000)]
    TooManyCells {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Columns that it has so far; nobody counts to the end.
        n_columns: usize,
        /// Rows that it has so far.
        n_rows: usize,
    },
    /// What is packed in the file is larger than [`UNPACKED_LIMIT_BYTES`].
    #[error("The file {} holds more than {} MB when it is unpacked, the most that is read", path.display(), UNPACKED_LIMIT_BYTES / (1024 * 1024))]
    UnpackedTooLarge {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The texts of a folder have more than [`UNPACKED_LIMIT_BYTES`] together.
    #[error("The texts in the folder {} have more than {} MB together, the most that is read", path.display(), UNPACKED_LIMIT_BYTES / (1024 * 1024))]
    FolderTooLarge {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// A JSON document is larger than [`UNPACKED_LIMIT_BYTES`].
    #[error("The JSON document {} is larger than {} MB, the most that is read at once", path.display(), UNPACKED_LIMIT_BYTES / (1024 * 1024))]
    DocumentTooLarge {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// Nobody gets in without a password.
    #[error("The file {} is protected with a password", path.display())]
    Encrypted {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The bytes of a known format do not add up.
    #[error("The file {} is {kind}, but it is damaged or cut off", path.display())]
    Damaged {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
        /// What its reader said.
        #[source]
        #[serde(skip)]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A JSON document breaks the rules of JSON.
    #[error("Line {line} of {} is not valid JSON", path.display())]
    BrokenJson {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Line of the fault, from 1.
        line: u64,
        /// What the JSON reader said.
        #[source]
        #[serde(skip)]
        source: serde_json::Error,
    },
    /// A JSON document holds no rows.
    #[error("The file {} is JSON, but not a table: it is {found}", path.display())]
    NotRows {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What it is instead.
        found: String,
    },
    /// No sheet of a workbook has a row.
    #[error("The workbook {} has {}", path.display(), sheets_without_rows(*n_sheets))]
    NoSheet {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Sheets that it has.
        n_sheets: usize,
    },
    /// The sheet that was named has no row.
    #[error("The sheet \"{sheet}\" of {} is empty", path.display())]
    EmptySheet {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// The sheet.
        sheet: String,
    },
    /// A sheet was named that is not there.
    #[error("{} has no sheet \"{sheet}\"; its sheets are {}", path.display(), quoted_list(sheets))]
    UnknownSheet {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// The sheet as asked for.
        sheet: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// An archive holds no file that could be a table.
    #[error("The archive {} has no table in it, only {}", path.display(), first_names(files))]
    NoTableInArchive {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// The files in it.
        #[serde(serialize_with = "shown_files")]
        files: Vec<String>,
    },
    /// An archive holds more than one table.
    #[error("The archive {} has {} tables in it: {}", path.display(), files.len(), first_names(files))]
    SeveralTables {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// The tables in it.
        #[serde(serialize_with = "shown_files")]
        files: Vec<String>,
    },
    /// Several files were chosen, and the name of one says nothing about its part.
    #[error("The name of {} doesn't say whether it is for training, validation or testing", path.display())]
    UnknownPart {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// Several files were chosen that have not the same columns.
    #[error("The columns of {} are {}, but those of {} are {}", path.display(), quoted_list(columns), other_path.display(), quoted_list(other_columns))]
    DifferentColumns {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Its columns.
        columns: Vec<String>,
        /// The file that was read first.
        #[serde(serialize_with = "crate::values::path")]
        other_path: PathBuf,
        /// The columns of that one.
        other_columns: Vec<String>,
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

impl TableError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Missing { .. } => "table.missing",
            TableError::Folder { .. } => "table.folder",
            TableError::Unreadable { .. } => "table.unreadable",
            TableError::Unwritable { .. } => "table.unwritable",
            TableError::Empty { .. } => "table.empty",
            TableError::NothingBelow { .. } => "table.nothingBelow",
            TableError::RowsTooShort { .. } => "table.rowsTooShort",
            TableError::Binary { .. } => "table.binary",
            TableError::HeaderOnly { .. } => "table.headerOnly",
            TableError::NoUsableRow { .. } => "table.noUsableRow",
            TableError::RowTooLong { .. } => "table.rowTooLong",
            TableError::TooManyCells { .. } => "table.tooManyCells",
            TableError::UnpackedTooLarge { .. } => "table.unpackedTooLarge",
            TableError::FolderTooLarge { .. } => "table.folderTooLarge",
            TableError::DocumentTooLarge { .. } => "table.documentTooLarge",
            TableError::Encrypted { .. } => "table.encrypted",
            TableError::Damaged { .. } => "table.damaged",
            TableError::BrokenJson { .. } => "table.brokenJson",
            TableError::NotRows { .. } => "table.notRows",
            TableError::NoSheet { .. } => "table.noSheet",
            TableError::EmptySheet { .. } => "table.emptySheet",
            TableError::UnknownSheet { .. } => "table.unknownSheet",
            TableError::NoTableInArchive { .. } => "table.noTableInArchive",
            TableError::SeveralTables { .. } => "table.severalTables",
            TableError::UnknownPart { .. } => "table.unknownPart",
            TableError::DifferentColumns { .. } => "table.differentColumns",
            TableError::UnknownEncoding { .. } => "table.unknownEncoding",
            TableError::UnknownColumn { .. } => "table.unknownColumn",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            TableError::Missing { .. } => "Check the spelling and the folder of the file.",
            TableError::Folder { .. } => {
                "Choose a file in it, or a folder that has one sub-folder of text files for each label."
            }
            TableError::Unreadable { .. } => {
                "Check that the file is an ordinary one, that you may read it, and that no other program holds it."
            }
            TableError::Unwritable { .. } => {
                "Check that the folder exists, that you may write to it, and that the disk is not full."
            }
            TableError::Empty { .. } => {
                "Choose a file that has a header and at least one row, such as a CSV file saved from a spreadsheet."
            }
            TableError::NothingBelow { .. } => {
                "Choose a smaller number for the lines above the table, or for the line with the names."
            }
            TableError::RowsTooShort { .. } => {
                "Look at the line with the names: choose another line, or another delimiter, or delete the names that no row needs."
            }
            TableError::Binary { .. } => {
                "Open the file in the program it belongs to and save it as an Excel or CSV file."
            }
            TableError::HeaderOnly { .. } => {
                "Add rows below the header: one text with its label per row."
            }
            TableError::NoUsableRow { .. } => {
                "Put quotation marks around texts that contain the delimiter, or save the file again as CSV from a \
                 spreadsheet."
            }
            TableError::RowTooLong { line, place, .. } => return Some(place.hint(*line)),
            TableError::TooManyCells { .. } => {
                "Keep the columns that hold the texts and the labels, and delete the others."
            }
            TableError::UnpackedTooLarge { .. } => {
                "Split the table into smaller files; a part of it is enough to learn from."
            }
            TableError::FolderTooLarge { .. } => {
                "Choose a folder with fewer texts; a part of them is enough to learn from."
            }
            TableError::DocumentTooLarge { .. } => {
                "Save it as JSON lines, one object per line, or split it into smaller files."
            }
            TableError::Encrypted { .. } => {
                "Open it in the program it belongs to, remove the password and save it again."
            }
            TableError::Damaged { .. } => {
                "Copy or download the file once more, or open it in the program it belongs to and save it again."
            }
            TableError::BrokenJson { line, .. } => {
                return Some(format!(
                    "Look at line {line}: a comma, a quotation mark or a bracket is missing or too many, or the file \
                     is cut off."
                ));
            }
            TableError::NotRows { .. } => {
                "Save it as a list of objects, such as [{\"text\": \"…\", \"label\": \"…\"}], or as one object per \
                 line."
            }
            TableError::NoSheet { .. } | TableError::EmptySheet { .. } => {
                "Put the names of the columns into the first row of a sheet and one text with its label into each row \
                 below."
            }
            TableError::UnknownSheet { .. } => {
                "Choose one of these sheets; capital letters matter."
            }
            TableError::NoTableInArchive { .. } | TableError::SeveralTables { .. } => {
                "Unpack the archive and choose the file with the texts and labels."
            }
            TableError::UnknownPart { .. } => {
                "Choose one file, or several that are called after their part, such as train.csv, validation.csv and test.csv."
            }
            TableError::DifferentColumns { .. } => {
                "Give the columns the same names in all files, or make a project of each file."
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
            | TableError::NothingBelow { path, .. }
            | TableError::RowsTooShort { path, .. }
            | TableError::Binary { path, .. }
            | TableError::HeaderOnly { path, .. }
            | TableError::NoUsableRow { path, .. }
            | TableError::RowTooLong { path, .. }
            | TableError::TooManyCells { path, .. }
            | TableError::UnpackedTooLarge { path }
            | TableError::FolderTooLarge { path }
            | TableError::DocumentTooLarge { path }
            | TableError::Encrypted { path }
            | TableError::Damaged { path, .. }
            | TableError::BrokenJson { path, .. }
            | TableError::NotRows { path, .. }
            | TableError::NoSheet { path, .. }
            | TableError::EmptySheet { path, .. }
            | TableError::UnknownSheet { path, .. }
            | TableError::NoTableInArchive { path, .. }
            | TableError::SeveralTables { path, .. }
            | TableError::UnknownPart { path }
            | TableError::DifferentColumns { path, .. } => name.clone_into(path),
            TableError::UnknownEncoding { .. } | TableError::UnknownColumn { .. } => {}
        }
        self
    }

    /// Tells whether the person's input is at fault, as opposed to the program or the machine.
    pub fn is_input_fault(&self) -> bool {
        true
    }
}

/// What the number of a row that is too long counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RowPlace {
    /// Lines of a text with a delimiter, in which a quotation mark may be open.
    Line,
    /// Lines of JSON.
    JsonLine,
    /// Rows, of a sheet for example.
    Row,
}

impl RowPlace {
    fn row(self, line: u64) -> String {
        match self {
            RowPlace::Line | RowPlace::JsonLine => format!("The row in line {line}"),
            RowPlace::Row => format!("Row {line}"),
        }
    }

    fn hint(self, line: u64) -> String {
        match self {
            RowPlace::Line => format!(
                "Look at line {line}: most often a quotation mark is opened there and never closed, or a line break is \
                 missing."
            ),
            RowPlace::JsonLine => {
                format!(
                    "Look at line {line}: shorten the longest value there, or leave the row out."
                )
            }
            RowPlace::Row => {
                format!("Look at row {line}: shorten its longest cell, or leave the row out.")
            }
        }
    }
}

/// A number of things: `1 row`, `2 rows`.
fn counted(n: usize, thing: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{ending}")
}

fn no_usable_row(path: &Path, n_rows: usize, n_columns: usize) -> String {
    let (path, columns) = (path.display(), counted(n_columns, "column"));
    if n_rows == 1 {
        format!("The only row of {path} does not fit its {columns}")
    } else {
        format!("None of the {n_rows} rows of {path} fits its {columns}")
    }
}

fn sheets_without_rows(n: usize) -> String {
    if n == 1 {
        "1 sheet, and it has no row".to_owned()
    } else {
        format!("{n} sheets, and none has a row")
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

/// Files that are listed of an archive.
const SHOWN_FILES: usize = 8;

/// The first of many names, and how many more there are.
fn first_names(names: &[String]) -> String {
    let shown = quoted_list(&names[..names.len().min(SHOWN_FILES)]);
    match names.len().saturating_sub(SHOWN_FILES) {
        0 if names.is_empty() => "folders".to_owned(),
        0 => shown,
        n_more => format!("{shown} and {n_more} more"),
    }
}

/// An archive may hold more names than anybody reads.
fn shown_files<S: Serializer>(files: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    files[..files.len().min(SHOWN_FILES)].serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_several() {
        let path = || PathBuf::from("a.csv");
        let message = |error: TableError| error.to_string();
        let header = |n_columns| {
            message(TableError::HeaderOnly {
                path: path(),
                n_columns,
            })
        };
        assert_eq!(
            header(1),
            "The file a.csv has a header with 1 column, but 0 rows"
        );
        assert!(header(2).contains("with 2 columns,"));
        let unusable = |n_rows, n_columns| {
            message(TableError::NoUsableRow {
                path: path(),
                n_rows,
                n_columns,
            })
        };
        assert_eq!(
            unusable(1, 2),
            "The only row of a.csv does not fit its 2 columns"
        );
        assert_eq!(
            unusable(3, 1),
            "None of the 3 rows of a.csv fits its 1 column"
        );
        let sheets = |n_sheets| {
            message(TableError::NoSheet {
                path: path(),
                n_sheets,
            })
        };
        assert_eq!(
            sheets(1),
            "The workbook a.csv has 1 sheet, and it has no row"
        );
        assert_eq!(
            sheets(3),
            "The workbook a.csv has 3 sheets, and none has a row"
        );
    }

    #[test]
    fn only_text_with_a_delimiter_has_open_quotation_marks() {
        let said = |place| {
            let error = TableError::RowTooLong {
                path: PathBuf::from("a"),
                line: 7,
                place,
            };
            (error.to_string(), error.hint().unwrap())
        };
        let (message, hint) = said(RowPlace::Line);
        assert!(message.starts_with("The row in line 7 of a is longer than 16 MB"));
        assert!(hint.contains("line 7: most often a quotation mark"));
        for (place, start) in [
            (RowPlace::JsonLine, "The row in line 7 of"),
            (RowPlace::Row, "Row 7 of"),
        ] {
            let (message, hint) = said(place);
            assert!(message.starts_with(start), "{message}");
            assert!(hint.contains(" 7: shorten") && !hint.contains("quotation"));
        }
    }
}
