//! Which column means what, guessed from names and cells where the person said nothing, and each guess with its reason.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DatasetError, MOST_LABELS, Mapping, MappingRequest, part};
use crate::column_name::{self, Role};
use crate::table::Table;
use crate::wish::Wish;

/// A mapping and why it is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuessedMapping {
    /// Which column means what.
    pub mapping: Mapping,
    /// One for each column that was guessed.
    pub reasons: Vec<GuessReason>,
}

/// Why a column was chosen. Displayed, it is a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuessReason {
    /// The column.
    pub column: String,
    /// What it is taken for.
    pub role: GuessedRole,
    /// What speaks for it.
    pub because: Because,
}

/// What a column can be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GuessedRole {
    /// The text to classify.
    Text,
    /// The second text of a pair.
    TextB,
    /// The label.
    Label,
    /// Train, valid or test.
    Split,
}

/// What speaks for a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Because {
    /// Columns of this role are often called so.
    UsualName,
    /// Every cell says train, valid or test.
    SaysParts,
    /// Few values that come back again and again, as labels do.
    FewValues {
        /// Different values.
        n_values: usize,
        /// Rows that were looked at and have one.
        n_rows: usize,
    },
    /// No other column has longer texts.
    LongestTexts {
        /// Words of a cell, on average.
        mean_words: f64,
    },
}

impl fmt::Display for GuessReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            GuessedRole::Text => "text",
            GuessedRole::TextB => "second text",
            GuessedRole::Label => "label",
            GuessedRole::Split => "split",
        };
        write!(
            f,
            "The column \"{}\" is taken as the {role}: {}.",
            self.column, self.because
        )
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Because::UsualName => write!(f, "its name is a usual one"),
            Because::SaysParts => write!(f, "its cells say train, valid or test"),
            Because::FewValues { n_values, n_rows } => {
                write!(f, "it has {n_values} different values in {n_rows} rows")
            }
            Because::LongestTexts { mean_words } => write!(
                f,
                "it has the longest texts, {mean_words:.1} words on average"
            ),
        }
    }
}

/// Completes what the person named.
///
/// # Errors
/// When a named column is not there, there shall be no text, or no column looks like one.
pub fn guess_mapping(
    table: &Table,
    request: &MappingRequest,
) -> Result<GuessedMapping, DatasetError> {
    for name in request.named() {
        table.column(name)?;
    }
    if request.text == Wish::None {
        return Err(DatasetError::TextNeeded);
    }
    let columns: Vec<Column> = (0..table.columns.len())
        .map(|index| Column::of(table, index))
        .collect();
    let mut guess = Guess {
        columns: &columns,
        taken: request.named().cloned().collect(),
        reasons: Vec::new(),
    };
    // Parts and labels are easier to tell than texts, so they come first.
    let split = request.split.clone().or_guess(|| guess.split());
    let text_by_name = request
        .text
        .clone()
        .or_guess(|| guess.by_name(Role::Text, GuessedRole::Text, Column::can_be_text));
    let label = request.label.clone().or_guess(|| guess.label());
    let Some(text) = text_by_name.or_else(|| guess.text_by_content()) else {
        return Err(DatasetError::NoTextColumn {
            n_columns: table.columns.len(),
        });
    };
    let text_b = request
        .text_b
        .clone()
        .or_guess(|| guess.by_name(Role::TextB, GuessedRole::TextB, Column::can_be_text));
    let mapping = Mapping {
        text,
        text_b,
        label,
        split,
    };
    mapping.check_different()?;
    Ok(GuessedMapping {
        mapping,
        reasons: guess.reasons,
    })
}

/// What the cells of a column look like.
struct Column {
    name: String,
    n_filled: usize,
    n_distinct: usize,
    mean_words: f64,
    all_parts: bool,
    all_numbers: bool,
}

/// Rows that a guess looks at.
const ROWS_LOOKED_AT: usize = 5000;

impl Column {
    fn of(table: &Table, index: usize) -> Column {
        let cells = table
            .rows
            .iter()
            .take(ROWS_LOOKED_AT)
            .map(|row| row.cells[index].trim());
        let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        let distinct: HashSet<&str> = filled.iter().copied().collect();
        let words: usize = filled
            .iter()
            .map(|cell| cell.split_whitespace().count())
            .sum();
        Column {
            name: table.columns[index].clone(),
            n_filled: filled.len(),
            n_distinct: distinct.len(),
            mean_words: words as f64 / filled.len().max(1) as f64,
            all_parts: !filled.is_empty() && all_parts(table, index),
            all_numbers: !filled.is_empty()
                && distinct.iter().all(|cell| cell.parse::<f64>().is_ok()),
        }
    }

    fn can_be_text(&self) -> bool {
        self.n_filled > 0 && !self.all_numbers
    }

    /// Few different values, each on several rows.
    fn can_be_label(&self) -> bool {
        self.n_filled > 0
            && self.n_distinct <= MOST_LABELS
            && (self.n_distinct * 2 <= self.n_filled || self.n_filled < 10)
    }
}

/// Looks at all rows: what is taken as the split must not stop the reading later on.
fn all_parts(table: &Table, index: usize) -> bool {
    let mut cells = table.rows.iter().map(|row| row.cells[index].trim());
    cells.all(|cell| cell.is_empty() || part(cell).is_some())
}

/// A guess in progress.
struct Guess<'a> {
    columns: &'a [Column],
    taken: Vec<String>,
    reasons: Vec<GuessReason>,
}

impl<'a> Guess<'a> {
    fn free(&self) -> impl Iterator<Item = &'a Column> {
        self.columns
            .iter()
            .filter(|column| !self.taken.contains(&column.name))
    }

    fn take(&mut self, column: &Column, role: GuessedRole, because: Because) -> String {
        self.reasons.push(GuessReason {
            column: column.name.clone(),
            role,
            because,
        });
        self.taken.push(column.name.clone());
        column.name.clone()
    }

    /// The column whose name is the most usual for its role.
    fn by_name(
        &mut self,
        names: Role,
        role: GuessedRole,
        fits: fn(&Column) -> bool,
    ) -> Option<String> {
        let ranked = self.free().filter(|column| fits(column));
        let ranked =
            ranked.filter_map(|column| Some((column_name::rank(&column.name, names)?, column)));
        let (_, column) = ranked.min_by_key(|(rank, _)| *rank)?;
        Some(self.take(column, role, Because::UsualName))
    }

    fn split(&mut self) -> Option<String> {
        let parts = self.free().find(|column| {
            column.all_parts
                && (column.n_distinct > 1 || column_name::rank(&column.name, Role::Split).is_some())
        });
        parts.map(|column| self.take(column, GuessedRole::Split, Because::SaysParts))
    }

    fn label(&mut self) -> Option<String> {
        let is_filled: fn(&Column) -> bool = |column| column.n_filled > 0;
        if let Some(named) = self.by_name(Role::Label, GuessedRole::Label, is_filled) {
            return Some(named);
        }
        let is_id = |column: &Column| column_name::rank(&column.name, Role::Id).is_some();
        let fits = self
            .free()
            .filter(|column| column.can_be_label() && column.n_distinct > 1 && !is_id(column));
        let column = fits.min_by(|a, b| {
            a.mean_words
                .total_cmp(&b.mean_words)
                .then(a.n_distinct.cmp(&b.n_distinct))
        })?;
        let because = Because::FewValues {
            n_values: column.n_distinct,
            n_rows: column.n_filled,
        };
        Some(self.take(column, GuessedRole::Label, because))
    }

    fn text_by_content(&mut self) -> Option<String> {
        let texts = self.free().filter(|column| column.can_be_text());
        let column = texts.max_by(|a, b| a.mean_words.total_cmp(&b.mean_words))?;
        let because = Because::LongestTexts {
            mean_words: column.mean_words,
        };
        Some(self.take(column, GuessedRole::Text, because))
    }
}
