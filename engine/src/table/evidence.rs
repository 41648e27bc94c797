//! Why a text is read as it is, by name and with its values, so that every language can word it.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What several delimiters in a row mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Runs {
    /// Empty cells: each delimiter separates.
    #[default]
    Each,
    /// One separation, however many there are.
    Any,
    /// Two or more are one separation, and a single one is part of the text.
    TwoOrMore,
}

/// What ends the lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LineEnd {
    /// A line feed, as on Linux and macOS.
    Lf,
    /// A carriage return and a line feed, as on Windows.
    CrLf,
    /// A carriage return, as on old Macs.
    Cr,
    /// Some of these and some of those.
    Mixed,
}

/// What each decision about a text rests on. What is not there was not decided, or older versions did not write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct DialectEvidence {
    /// Why this encoding.
    pub encoding: Option<EncodingReason>,
    /// Why this delimiter, or none.
    pub delimiter: Option<DelimiterReason>,
    /// Why this quotation mark, or none.
    pub quote: Option<QuoteReason>,
    /// Why this escape, or none.
    pub escape: Option<EscapeReason>,
    /// Why there is a header, or none.
    pub header: Option<HeaderReason>,
    /// Why lines above the table are left out.
    pub above: Option<AboveReason>,
    /// Why lines are taken as comments.
    pub comment: Option<CommentReason>,
}

/// Why an encoding. Displayed, every reason is a part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum EncodingReason {
    /// The person named it.
    Named,
    /// The file begins with its byte order mark.
    ByteOrderMark,
    /// Zeros stand where this encoding has them.
    ZeroBytes,
    /// Every character is ASCII, which all of them share.
    Ascii,
    /// All bytes are valid, which is hardly ever so by chance.
    Valid,
    /// All but a few bytes are valid.
    MostlyValid {
        /// Characters that are not.
        n_broken: usize,
    },
    /// Its letters make the likeliest words.
    Letters,
}

/// Why a delimiter, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum DelimiterReason {
    /// The person named it.
    Named,
    /// A line such as `sep=;` stands on top.
    ToldOnTop,
    /// So many of the first rows have the same number of cells.
    Rows {
        /// Rows that were looked at.
        n_rows: usize,
        /// Those with as many cells as there are columns.
        n_equal: usize,
        /// Cells that they have.
        n_cells: usize,
    },
    /// No character cuts the lines into rows of equal length.
    NoneFits,
}

/// Why a quotation mark, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum QuoteReason {
    /// The person named it.
    Named,
    /// It stands around cells.
    Cells {
        /// How many of the first rows.
        n_cells: usize,
    },
    /// It is the usual one, and no cell of the first rows has one.
    Usual,
    /// Marks stand in the texts, but around no cells, or more often wrongly than rightly.
    PartOfText,
}

/// Why an escape, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum EscapeReason {
    /// The person named it.
    Named,
    /// More of the first rows add up with it.
    FewerFaults {
        /// Rows that do not add up without it.
        n_without: usize,
        /// Rows that do not add up with it.
        n_with: usize,
    },
}

/// Why there is a header, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum HeaderReason {
    /// The person said so.
    Named,
    /// A cell of the first row is a usual name of a column.
    UsualName {
        /// The name.
        name: String,
    },
    /// The row below it says what the columns hold, such as `int` or `string`.
    TypesBelow,
    /// Below this cell there are only numbers.
    NumbersBelow {
        /// The cell.
        name: String,
    },
    /// The column below this cell has few values, and this is none of them.
    OnlyOnTop {
        /// The cell.
        name: String,
    },
    /// All cells of the first row are short, differ, and look like names.
    Names,
    /// This cell of the first row comes back below, as values do.
    ComesBack {
        /// The cell.
        value: String,
    },
    /// The first row does not look like names.
    NoNames,
}

/// Why lines above the table are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum AboveReason {
    /// The person said so.
    Named,
    /// They have fewer cells than the row with the names below them.
    FewerCells {
        /// Lines that are left out.
        n_lines: u64,
    },
    /// They are sentences: a space stands behind each delimiter in them, and usual names stand below.
    Sentences {
        /// Lines that are left out.
        n_lines: u64,
    },
    /// They name groups of columns and have gaps; the usual names below them have none.
    Groups {
        /// Lines that are left out.
        n_lines: u64,
    },
}

/// Why lines are taken as comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum CommentReason {
    /// The person named the mark.
    Named,
    /// No line of the sample that begins with the mark is a row: it has other cells, or is a sentence on top or among
    /// rows that are none.
    NoRows {
        /// Such lines in the sample.
        n_lines: usize,
    },
}

impl fmt::Display for EncodingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodingReason::Named => f.write_str(NAMED),
            EncodingReason::ByteOrderMark => f.write_str("its byte order mark stands on top"),
            EncodingReason::ZeroBytes => f.write_str("zeros stand where it has them"),
            EncodingReason::Ascii => f.write_str("every character is ASCII"),
            EncodingReason::Valid => f.write_str("all bytes are valid"),
            EncodingReason::MostlyValid { n_broken: 1 } => {
                f.write_str("all bytes but 1 character are valid")
            }
            EncodingReason::MostlyValid { n_broken } => {
                write!(f, "all bytes but {n_broken} characters are valid")
            }
            EncodingReason::Letters => f.write_str("its letters make the likeliest words"),
        }
    }
}

impl fmt::Display for DelimiterReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DelimiterReason::Named => f.write_str(NAMED),
            DelimiterReason::ToldOnTop => f.write_str("the first line says so"),
            DelimiterReason::Rows {
                n_rows,
                n_equal,
                n_cells,
            } if n_rows == n_equal => {
                write!(
                    f,
                    "every one of the first {n_rows} rows has {n_cells} cells"
                )
            }
            DelimiterReason::Rows {
                n_rows,
                n_equal,
                n_cells,
            } => write!(
                f,
                "{n_equal} of the first {n_rows} rows have {n_cells} cells"
            ),
            DelimiterReason::NoneFits => {
                f.write_str("no character cuts the lines into rows of equal length")
            }
        }
    }
}

impl fmt::Display for QuoteReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuoteReason::Named => f.write_str(NAMED),
            QuoteReason::Cells { n_cells: 1 } => f.write_str("it stands around 1 cell"),
            QuoteReason::Cells { n_cells } => write!(f, "it stands around {n_cells} cells"),
            QuoteReason::Usual => f.write_str("it is the usual one"),
            QuoteReason::PartOfText => f.write_str("marks are part of the texts"),
        }
    }
}

impl fmt::Display for EscapeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EscapeReason::Named => f.write_str(NAMED),
            EscapeReason::FewerFaults { n_without, n_with } => write!(
                f,
                "with it {n_with} of the first rows do not add up, without it {n_without}"
            ),
        }
    }
}

impl fmt::Display for HeaderReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderReason::Named => f.write_str(NAMED),
            HeaderReason::UsualName { name } => {
                write!(f, "\"{name}\" is a usual name of a column")
            }
            HeaderReason::TypesBelow => f.write_str("the row below it says what the columns hold"),
            HeaderReason::NumbersBelow { name } => {
                write!(f, "below \"{name}\" there are only numbers")
            }
            HeaderReason::OnlyOnTop { name } => {
                write!(f, "\"{name}\" is none of the few values below it")
            }
            HeaderReason::Names => f.write_str("the cells of the first row look like names"),
            HeaderReason::ComesBack { value } => {
                write!(f, "\"{value}\" comes back below, as values do")
            }
            HeaderReason::NoNames => f.write_str("the first row does not look like names"),
        }
    }
}

impl fmt::Display for AboveReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AboveReason::Named => f.write_str(NAMED),
            AboveReason::FewerCells { .. } => {
                f.write_str("they have fewer cells than the names below them")
            }
            AboveReason::Sentences { .. } => {
                f.write_str("they are sentences, with usual names below them")
            }
            AboveReason::Groups { .. } => {
                f.write_str("they name groups of columns, with usual names below them")
            }
        }
    }
}

impl fmt::Display for CommentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommentReason::Named => f.write_str(NAMED),
            CommentReason::NoRows { n_lines: 1 } => {
                f.write_str("the line that begins with it is no row")
            }
            CommentReason::NoRows { n_lines } => {
                write!(f, "the {n_lines} lines that begin with it are no rows")
            }
        }
    }
}

const NAMED: &str = "you said so";
