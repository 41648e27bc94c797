//! What can be wrong with a row, by name and with its values, so that every language can word it.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ROW_LIMIT_BYTES;

/// One thing that is wrong with a row. Displayed, it is a sentence without its period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RowFault {
    /// It has more cells than there are columns, so it can't be used.
    TooManyCells {
        /// Cells that it has.
        n_cells: usize,
        /// Columns that there are.
        n_columns: usize,
        /// Whether the columns are those of a header, or those of most rows.
        has_header: bool,
    },
    /// It had more cells than there are columns, and some were pieces of one text that holds delimiters.
    JoinedCells {
        /// Cells that it had.
        n_cells: usize,
        /// Columns that there are.
        n_columns: usize,
        /// The column of the text.
        column: String,
    },
    /// It has fewer cells than there are columns; the others are empty.
    TooFewCells {
        /// Cells that it has.
        n_cells: usize,
        /// Columns that there are.
        n_columns: usize,
        /// Whether the columns are those of a header, or those of most rows.
        has_header: bool,
    },
    /// Empty cells beyond the last column were dropped.
    EmptyCellsDropped {
        /// How many.
        n_cells: usize,
    },
    /// A quotation mark is never closed and was read as part of the text.
    StrayQuote {
        /// The mark.
        quote: char,
    },
    /// Some bytes are not letters of the encoding and became `�`.
    BrokenBytes {
        /// The encoding.
        encoding: String,
    },
    /// A line, or an element of a list, is not valid JSON.
    BrokenJson {
        /// The character in which the fault lies, from 1.
        character: usize,
    },
    /// It is JSON, but no object.
    NoObject,
    /// A name stands in it twice; the last value was taken.
    RepeatedName {
        /// The name.
        column: String,
    },
    /// It stands above the names of the columns, such as the title of a sheet.
    AboveTable,
    /// It stands below the names of the columns and says what they hold, such as `int` or `string`.
    TypesRow,
    /// It is a comment.
    Comment,
    /// It repeats the names of the columns.
    RepeatedHeader,
    /// A file of a folder is not text.
    NoTextFile {
        /// The file, as it is found from the folder.
        file: String,
    },
    /// A file of a folder is longer than a row may be.
    FileTooLong {
        /// The file, as it is found from the folder.
        file: String,
    },
    /// A file or a sub-folder of a folder can't be read.
    UnreadableFile {
        /// The file, as it is found from the folder.
        file: String,
    },
    /// Some bytes of a file of a folder are not letters of the encoding and became `�`.
    BrokenFile {
        /// The file, as it is found from the folder.
        file: String,
        /// The encoding.
        encoding: String,
    },
    /// There is no text in it.
    NoText {
        /// The text column.
        column: String,
    },
    /// There is no label in it.
    NoLabel {
        /// The label column.
        column: String,
    },
    /// It has several labels where a text can have one.
    SeveralLabels {
        /// How many.
        n_labels: usize,
    },
    /// A column that says whether a text has a label says something else.
    NoMark {
        /// The column.
        column: String,
    },
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first_row = |has_header: &bool| {
            if *has_header {
                "the header"
            } else {
                "most rows"
            }
        };
        match self {
            RowFault::TooManyCells {
                n_cells,
                n_columns,
                has_header,
            } => {
                let first_row = first_row(has_header);
                write!(f, "It has {n_cells} cells, but {first_row} has {n_columns}")
            }
            RowFault::JoinedCells {
                n_cells,
                n_columns,
                column,
            } => write!(
                f,
                "It has {n_cells} cells for {n_columns} columns; the delimiters in \"{column}\" were read as part of the text"
            ),
            RowFault::TooFewCells {
                n_cells,
                n_columns,
                has_header,
            } => {
                let first_row = first_row(has_header);
                write!(
                    f,
                    "It has {n_cells} cells, but {first_row} has {n_columns}; the others are empty"
                )
            }
            RowFault::EmptyCellsDropped { n_cells } => {
                write!(f, "{n_cells} empty cells at its end were dropped")
            }
            RowFault::StrayQuote { quote } => write!(
                f,
                "A quotation mark ({quote}) is never closed and was read as part of the text"
            ),
            RowFault::BrokenBytes { encoding } => {
                write!(f, "Some bytes are not {encoding} and became \u{FFFD}")
            }
            RowFault::BrokenJson { character } => {
                write!(f, "It is not valid JSON from character {character} on")
            }
            RowFault::NoObject => {
                write!(f, "It is JSON, but no object with names and values")
            }
            RowFault::RepeatedName { column } => {
                write!(f, "\"{column}\" stands in it twice; the last was taken")
            }
            RowFault::AboveTable => write!(f, "It stands above the names of the columns"),
            RowFault::TypesRow => write!(f, "It says what the columns hold"),
            RowFault::Comment => write!(f, "It is a comment"),
            RowFault::RepeatedHeader => write!(f, "It repeats the names of the columns"),
            RowFault::NoTextFile { file } => write!(f, "{file} is not a text file"),
            RowFault::FileTooLong { file } => write!(
                f,
                "{file} is longer than {} MB, the most that a text may have",
                ROW_LIMIT_BYTES / (1024 * 1024)
            ),
            RowFault::UnreadableFile { file } => write!(f, "{file} can't be read"),
            RowFault::BrokenFile { file, encoding } => {
                write!(
                    f,
                    "{file} has bytes that are not {encoding} and became \u{FFFD}"
                )
            }
            RowFault::NoText { column } => write!(f, "no text in \"{column}\""),
            RowFault::NoLabel { column } => write!(f, "no label in \"{column}\""),
            RowFault::SeveralLabels { n_labels } => {
                write!(f, "{n_labels} labels, where a text can have one")
            }
            RowFault::NoMark { column } => write!(f, "neither 0 nor 1 in \"{column}\""),
        }
    }
}

/// Returns several faults as one sentence.
pub(super) fn sentence(faults: &[RowFault]) -> String {
    let parts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    parts.join("; ")
}
