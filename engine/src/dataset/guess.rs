//! Which column means what, guessed from names and cells where the person said nothing, and each guess with its reason.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    BRACKETS, DatasetError, MOST_LABELS, Mapping, MappingRequest, Task, label_list, one_hot, part,
};
use crate::column_name::{self, Role};
use crate::table::Table;
use crate::wish::Wish;

/// A mapping and why it is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuessedMapping {
    /// Which column means what.
    pub mapping: Mapping,
    /// One for each column that was guessed; columns that are labels have one together, under the first of them.
    pub reasons: Vec<GuessReason>,
    /// Columns that were recognised as something of no use for learning, and why.
    #[serde(default)]
    pub ignored: Vec<GuessReason>,
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
    /// A name or number of the row.
    Id,
    /// The language of the text.
    Language,
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
    /// Its cells hold several labels each.
    ListedLabels {
        /// What stands between them, `[]` for lists in brackets.
        separator: String,
        /// Cells with more than one label.
        n_joined: usize,
        /// Rows that were looked at and have any.
        n_rows: usize,
        /// Different labels.
        n_labels: usize,
    },
    /// It is the first of several columns that say only yes or no: each is a label.
    YesOrNo {
        /// The columns.
        columns: Vec<String>,
    },
    /// No cell comes back.
    AllDifferent {
        /// Rows that were looked at.
        n_rows: usize,
    },
    /// No other column has longer texts.
    LongestTexts {
        /// Words of a cell, on average.
        mean_words: f64,
    },
}

impl GuessReason {
    /// Tells whether it says something about this column, alone or as one of several.
    #[must_use]
    pub fn is_about(&self, column: &str) -> bool {
        match &self.because {
            Because::YesOrNo { columns } => columns.iter().any(|name| name == column),
            _ => self.column == column,
        }
    }

    /// Returns what stands between the labels of a cell, if it is a reason for several of them.
    #[must_use]
    pub fn separator(&self) -> Option<&str> {
        match &self.because {
            Because::ListedLabels { separator, .. } => Some(separator),
            _ => None,
        }
    }
}

impl fmt::Display for GuessReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (column, because) = (&self.column, &self.because);
        let role = match self.role {
            GuessedRole::Text => "text",
            GuessedRole::TextB => "second text",
            GuessedRole::Label => "label",
            GuessedRole::Split => "split",
            GuessedRole::Id => {
                return write!(
                    f,
                    "The column \"{column}\" is left out as an id: {because}."
                );
            }
            GuessedRole::Language => {
                return write!(
                    f,
                    "The column \"{column}\" is left out as a language: {because}."
                );
            }
        };
        if let Because::YesOrNo { columns } = because {
            let (n, last) = (columns.len(), columns.last().unwrap_or(column));
            return write!(
                f,
                "The {n} columns from \"{column}\" to \"{last}\" are taken as labels: {because}."
            );
        }
        write!(
            f,
            "The column \"{column}\" is taken as the {role}: {because}."
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
            Because::ListedLabels {
                separator,
                n_joined,
                n_rows,
                n_labels,
            } => {
                let written = match separator.as_str() {
                    BRACKETS => "as a list in brackets".to_owned(),
                    separator => format!("with \"{separator}\" between them"),
                };
                write!(
                    f,
                    "{n_joined} of {n_rows} cells hold several of {n_labels} labels, {written}"
                )
            }
            Because::YesOrNo { .. } => write!(f, "they hold only 0 and 1, or True and False"),
            Because::AllDifferent { n_rows } => {
                write!(f, "its {n_rows} cells are all different")
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
    let labels = guess.labels(table, request)?;
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
        split,
        ..labels
    };
    mapping.check_different()?;
    let ignored = guess.ignored();
    Ok(GuessedMapping {
        mapping,
        reasons: guess.reasons,
        ignored,
    })
}

/// Returns what speaks for several labels in the cells of a column, whatever is said about it.
#[must_use]
pub fn listed_labels(table: &Table, column: &str) -> Option<GuessReason> {
    let cells = filled_cells(table, table.column(column).ok()?);
    let list = label_list::guess(&cells)?;
    Some(GuessReason {
        column: column.to_owned(),
        role: GuessedRole::Label,
        because: Because::ListedLabels {
            separator: list.separator.to_owned(),
            n_joined: list.n_joined,
            n_rows: cells.len(),
            n_labels: list.n_labels,
        },
    })
}

/// What the cells of a column look like.
struct Column {
    name: String,
    index: usize,
    n_filled: usize,
    n_distinct: usize,
    mean_words: f64,
    all_parts: bool,
    all_numbers: bool,
    all_whole: bool,
    all_marks: bool,
}

/// Rows that a guess looks at.
const ROWS_LOOKED_AT: usize = 5000;

impl Column {
    fn of(table: &Table, index: usize) -> Column {
        let filled = filled_cells(table, index);
        let distinct: HashSet<&str> = filled.iter().copied().collect();
        let words: usize = filled
            .iter()
            .map(|cell| cell.split_whitespace().count())
            .sum();
        Column {
            name: table.columns[index].clone(),
            index,
            n_filled: filled.len(),
            n_distinct: distinct.len(),
            mean_words: words as f64 / filled.len().max(1) as f64,
            all_parts: !filled.is_empty() && all_parts(table, index),
            all_numbers: !filled.is_empty()
                && distinct.iter().all(|cell| cell.parse::<f64>().is_ok()),
            all_whole: distinct.iter().all(|cell| cell.parse::<u64>().is_ok()),
            all_marks: distinct.iter().all(|cell| one_hot::mark(cell).is_some()),
        }
    }

    fn can_be_text(&self) -> bool {
        self.n_filled > 0 && !self.all_numbers
    }

    /// Called as something that is of no use for learning.
    fn is_id(&self) -> bool {
        column_name::rank(&self.name, Role::Id).is_some() || column_name::is_language(&self.name)
    }

    /// Whole numbers, each once.
    fn counts_rows(&self) -> bool {
        self.all_whole && self.n_distinct == self.n_filled && self.n_filled > 1
    }

    /// Few different values, each on several rows.
    fn can_be_label(&self) -> bool {
        self.n_filled > 0
            && self.n_distinct <= MOST_LABELS
            && (self.n_distinct * 2 <= self.n_filled || self.n_filled < 10)
    }
}

/// The cells of a column that a guess looks at.
fn filled_cells(table: &Table, index: usize) -> Vec<&str> {
    let rows = table.rows.iter().take(ROWS_LOOKED_AT);
    let cells = rows.map(|row| row.cells[index].trim());
    cells.filter(|cell| !cell.is_empty()).collect()
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

    /// Where the labels are and how they are written; everything else of the mapping is empty.
    fn labels(&mut self, table: &Table, request: &MappingRequest) -> Result<Mapping, DatasetError> {
        let mut labels = request.labels.clone();
        if labels.is_empty() && request.label.is_guess() {
            labels = self.yes_or_no(table, request.task);
        }
        if !labels.is_empty() {
            let indices = labels.iter().map(|name| table.column(name));
            let indices: Vec<usize> = indices.collect::<Result<_, _>>()?;
            let guessed = || {
                if one_hot::is_exclusive(table, &indices) {
                    Task::Single
                } else {
                    Task::Multi
                }
            };
            let task = request.task.unwrap_or_else(guessed);
            return Ok(Mapping {
                labels,
                task,
                ..Mapping::default()
            });
        }
        let label = request.label.clone().or_guess(|| self.label(table));
        let separator = match (&label, request.task) {
            (Some(column), None | Some(Task::Multi)) => {
                let wish = request.label_separator.clone();
                wish.or_guess(|| self.separator(table, column, request.task))
            }
            (None, _) | (_, Some(Task::Single)) => None,
        };
        let found = match separator {
            Some(_) => Task::Multi,
            None => Task::Single,
        };
        Ok(Mapping {
            label,
            label_separator: separator,
            task: request.task.unwrap_or(found),
            ..Mapping::default()
        })
    }

    /// The longest run of columns side by side that say only yes or no, where they are more likely labels than a column
    /// with the name of one.
    fn yes_or_no(&mut self, table: &Table, task: Option<Task>) -> Vec<String> {
        let free: Vec<&Column> = self.free().collect();
        let says = |column: &&&Column| column.all_marks && one_hot::is_marks(table, column.index);
        let marks: Vec<&Column> = free.iter().filter(says).copied().collect();
        let neighbours = marks.chunk_by(|a, b| a.index + 1 == b.index);
        let Some(block) = neighbours.max_by_key(|block| block.len()) else {
            return Vec::new();
        };
        let named = free.iter().filter_map(|column| {
            let rank = column_name::rank(&column.name, Role::Label)?;
            (column.n_filled > 0).then_some((rank, column.index))
        });
        let in_block = |index: usize| block.iter().any(|column| column.index == index);
        let is_outdone = match named.min() {
            // A name that says "label" counts more than its neighbours; "toxic" is the name of one of several.
            Some((rank, index)) => {
                !in_block(index) || block.len() < 3 || !column_name::is_label_itself(rank)
            }
            None => false,
        };
        let indices: Vec<usize> = block.iter().map(|column| column.index).collect();
        let is_wrong_task = task == Some(Task::Single) && !one_hot::is_exclusive(table, &indices);
        if block.len() < 2 || is_outdone || is_wrong_task {
            return Vec::new();
        }
        let columns: Vec<String> = block.iter().map(|column| column.name.clone()).collect();
        self.taken.extend(columns.iter().cloned());
        self.reasons.push(GuessReason {
            column: block[0].name.clone(),
            role: GuessedRole::Label,
            because: Because::YesOrNo {
                columns: columns.clone(),
            },
        });
        columns
    }

    /// What stands between the labels of a column's cells, if they hold several. Where the column was guessed too, this
    /// is the better reason.
    fn separator(&mut self, table: &Table, column: &str, task: Option<Task>) -> Option<String> {
        let Some(reason) = listed_labels(table, column) else {
            let cells = filled_cells(table, table.column(column).ok()?);
            let is_wanted = task == Some(Task::Multi);
            let separator = is_wanted.then(|| label_list::any_separator(&cells));
            return separator.flatten().map(str::to_owned);
        };
        let separator = reason.separator().map(str::to_owned);
        match self.reasons.iter_mut().find(|known| known.column == column) {
            Some(known) => *known = reason,
            None => self.reasons.push(reason),
        }
        separator
    }

    /// What is left and has a meaning of its own, but not for learning.
    fn ignored(&self) -> Vec<GuessReason> {
        let reason = |column: &Column| {
            let is_language = column_name::is_language(&column.name);
            let (role, because) = match (is_language, column.is_id(), column.counts_rows()) {
                (true, ..) => (GuessedRole::Language, Because::UsualName),
                (_, true, _) => (GuessedRole::Id, Because::UsualName),
                (_, _, true) => (
                    GuessedRole::Id,
                    Because::AllDifferent {
                        n_rows: column.n_filled,
                    },
                ),
                (false, false, false) => return None,
            };
            Some(GuessReason {
                column: column.name.clone(),
                role,
                because,
            })
        };
        self.free().filter_map(reason).collect()
    }

    fn label(&mut self, table: &Table) -> Option<String> {
        let is_filled: fn(&Column) -> bool = |column| column.n_filled > 0;
        if let Some(named) = self.by_name(Role::Label, GuessedRole::Label, is_filled) {
            return Some(named);
        }
        let fits = self.free().filter(|column| {
            let is_list = || label_list::guess(&filled_cells(table, column.index)).is_some();
            column.n_distinct > 1 && !column.is_id() && (column.can_be_label() || is_list())
        });
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
