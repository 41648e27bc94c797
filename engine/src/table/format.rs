//! How a file was read, what kind of file it is, and how the person wants it to be read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::evidence::{DialectEvidence, LineEnd, Runs};
use crate::wish::Wish;

/// How a file was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// What kind of file it is; older versions knew but one.
    #[serde(default)]
    pub format: Format,
    /// What it was unpacked from.
    #[serde(default)]
    pub archive: Option<Archive>,
    /// Name of the encoding, such as `UTF-8` or `windows-1252`; `None` where the format says it, or every file of a
    /// folder has its own.
    pub encoding: Option<String>,
    /// What stands between two cells; `None` when every line is one cell.
    pub delimiter: Option<char>,
    /// What several delimiters in a row mean.
    #[serde(default)]
    pub runs: Runs,
    /// What stands around cells that hold a delimiter or a line break; `None` when nothing does.
    pub quote: Option<char>,
    /// What makes a letter of the mark behind it; `None` where a quotation mark within a cell is doubled.
    #[serde(default)]
    pub escape: Option<char>,
    /// What ends the lines of the beginning; `None` where rows are no lines.
    #[serde(default)]
    pub line_end: Option<LineEnd>,
    /// Whether the names of the columns come from the file.
    pub has_header: bool,
    /// The line of the file with the names of the columns, from 1; `None` where rows are no lines.
    #[serde(default)]
    pub header_row: Option<u64>,
    /// Lines on top that are not part of the table.
    #[serde(default)]
    pub n_lines_above: u64,
    /// What a line begins with that is no row.
    #[serde(default)]
    pub comment: Option<String>,
    /// What all this rests on.
    #[serde(default)]
    pub evidence: DialectEvidence,
}

impl Dialect {
    /// How files are read that Embert wrote: there is nothing to detect in them.
    pub(super) fn of_own_files() -> Dialect {
        Dialect {
            encoding: Some(encoding_rs::UTF_8.name().to_owned()),
            delimiter: Some(','),
            quote: Some('"'),
            has_header: true,
            ..Dialect::default()
        }
    }
}

/// What kind of file a table was read from, with what only that kind has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Format {
    /// Lines of text, with a delimiter between cells or none.
    #[default]
    Delimited,
    /// One JSON object per line.
    JsonLines,
    /// One JSON document.
    Json,
    /// A sheet of a workbook.
    Workbook {
        /// Which program writes such workbooks.
        file_type: WorkbookType,
        /// Name of the sheet that was read.
        sheet: String,
        /// Names of all sheets.
        sheets: Vec<String>,
    },
    /// A Parquet file.
    Parquet {
        /// Columns whose numbers were replaced by the names of labels that the file gives them.
        named_columns: Vec<String>,
    },
    /// A folder with one sub-folder of text files per label.
    Folder {
        /// Text files in it.
        n_files: usize,
    },
    /// Several files with the same columns.
    Parts {
        /// The files in the order of their rows.
        files: Vec<PartFile>,
    },
}

/// One of several files of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartFile {
    /// Name of the file.
    pub name: String,
    /// What its rows are for, as its name says: `train` or `validation`, for example.
    pub part: String,
    /// What its first line counts as in the table, whose lines are counted from file to file.
    pub first_line: u64,
}

impl Format {
    /// Returns the file that a line of the table stands in, where there are several, and the line in that file.
    pub fn place_of(&self, line: u64) -> (Option<&str>, u64) {
        let Format::Parts { files } = self else {
            return (None, line);
        };
        let before = files.iter().take_while(|file| file.first_line <= line);
        before.last().map_or((None, line), |file| {
            (Some(file.name.as_str()), line - file.first_line + 1)
        })
    }
}

/// The kinds of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WorkbookType {
    /// Excel since 2007.
    Xlsx,
    /// Excel since 2007, in its binary form.
    Xlsb,
    /// Excel before 2007.
    Xls,
    /// LibreOffice and others.
    Ods,
}

/// What a file was unpacked from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Archive {
    /// A file packed by gzip.
    Gzip,
    /// A ZIP archive.
    Zip {
        /// The file in it that was read.
        file: String,
    },
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
    /// What several delimiters in a row mean.
    pub runs: Option<Runs>,
    /// What stands around cells; none: every mark is a letter.
    #[ts(type = "string | false | null")]
    pub quote: Wish<char>,
    /// What makes a letter of the mark behind it; none: a quotation mark within a cell is doubled.
    #[ts(type = "string | false | null")]
    pub escape: Wish<char>,
    /// Whether the first row holds the names of the columns.
    pub has_header: Option<bool>,
    /// The line of the file that holds the names of the columns, from 1; those above are left out.
    pub header_row: Option<u64>,
    /// How many lines on top are left out.
    pub skip_lines: Option<u64>,
    /// What a line begins with that is no row; none: every line is one.
    #[ts(type = "string | false | null")]
    pub comment: Wish<String>,
    /// Name of the sheet of a workbook.
    pub sheet: Option<String>,
}
