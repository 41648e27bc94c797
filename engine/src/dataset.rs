//! Columns → examples with label ids.
//!
//! Comes in: a [`Table`] and which column means what. Goes out: a [`Dataset`] of texts with label ids and the rows that
//! could not be used. What the person did not name is guessed, and every guess has its reason.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::column_name::{self, Role};
use crate::table::{Table, TableError};

/// Which column means what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// Column of the text to classify.
    pub text: String,
    /// Column of the second text of a pair.
    pub text_b: Option<String>,
    /// Column of the label.
    pub label: Option<String>,
    /// Column that says train, valid or test.
    pub split: Option<String>,
}

/// The columns that the person named; the others are guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MappingRequest {
    /// Column of the text to classify.
    pub text: Option<String>,
    /// Column of the second text of a pair.
    pub text_b: Option<String>,
    /// Column of the label.
    pub label: Option<String>,
    /// Column that says train, valid or test.
    pub split: Option<String>,
}

/// A mapping and why it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuessedMapping {
    /// Which column means what.
    pub mapping: Mapping,
    /// One sentence per column that was guessed.
    pub reasons: Vec<String>,
}

/// The side of the split an example belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// Learned from.
    Train,
    /// Looked at while training, to choose the best checkpoint.
    Valid,
    /// Looked at once, at the end.
    Test,
}

/// One text with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The text, as typed.
    pub text: String,
    /// The second text of a pair.
    pub text_b: Option<String>,
    /// Position of the label in the [`LabelMap`].
    pub label_id: usize,
    /// Line of the file, from 1.
    pub line: u64,
    /// The part that the file gives it.
    pub part: Option<Part>,
}

/// A row that is not an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SkippedExample {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Labels and their ids. In JSON it is the list of labels in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct LabelMap {
    names: Vec<String>,
}

impl LabelMap {
    /// Gives ids to labels in sorted order, numbers by their value; each label once.
    pub fn sorted(labels: impl IntoIterator<Item = String>) -> LabelMap {
        let mut names: Vec<String> = labels
            .into_iter()
            .collect::<HashSet<_>>()
            .into_iter()
            .collect();
        names.sort_by(
            |a, b| match (a.trim().parse::<f64>(), b.trim().parse::<f64>()) {
                (Ok(x), Ok(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        );
        LabelMap { names }
    }

    /// Takes labels whose ids are given by their order, such as those of an existing model.
    pub fn in_order(names: Vec<String>) -> LabelMap {
        LabelMap { names }
    }

    /// Returns the number of labels.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Tells whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns the label with this id, or an empty text for an id that is not there.
    pub fn name(&self, id: usize) -> &str {
        self.names.get(id).map_or("", String::as_str)
    }

    /// Returns the id of this label.
    pub fn id(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// Returns the labels in the order of their ids.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl From<Vec<String>> for LabelMap {
    fn from(names: Vec<String>) -> LabelMap {
        LabelMap::in_order(names)
    }
}

impl From<LabelMap> for Vec<String> {
    fn from(labels: LabelMap) -> Vec<String> {
        labels.names
    }
}

/// Texts with label ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The labels.
    pub labels: LabelMap,
    /// The texts with their labels, in the order of the file.
    pub examples: Vec<Example>,
    /// Rows that are not examples.
    pub skipped: Vec<SkippedExample>,
}

/// Why a table can't become a dataset.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A column is not there.
    #[error(transparent)]
    Table(#[from] TableError),
    /// No column holds texts.
    #[error("None of the {n_columns} columns looks like a text")]
    NoTextColumn {
        /// Columns of the file.
        n_columns: usize,
    },
    /// There is no room for labels.
    #[error("The file has only 1 column, \"{text}\", but texts and labels need 2")]
    OneColumn {
        /// The only column.
        text: String,
    },
    /// No column holds labels.
    #[error("No column looks like a label beside the text column \"{text}\"")]
    NoLabelColumn {
        /// The text column.
        text: String,
    },
    /// Two roles have the same column.
    #[error("The column \"{column}\" can't be both {first} and {second}")]
    SameColumn {
        /// The column.
        column: String,
        /// One role.
        first: &'static str,
        /// The other role.
        second: &'static str,
    },
    /// No row can be used.
    #[error("None of the {n_rows} rows has a text in \"{text}\" and a label in \"{label}\"")]
    NoExamples {
        /// Rows of the file.
        n_rows: usize,
        /// The text column.
        text: String,
        /// The label column.
        label: String,
    },
    /// There is nothing to tell apart.
    #[error(
        "All {n_examples} examples have the label \"{label}\", but at least 2 labels are needed"
    )]
    OneLabel {
        /// Examples.
        n_examples: usize,
        /// The only label.
        label: String,
    },
    /// The label column has nearly as many values as rows.
    #[error(
        "The column \"{column}\" has {n_labels} different labels in {n_examples} rows: it looks like a text column"
    )]
    TooManyLabels {
        /// The label column.
        column: String,
        /// Different values.
        n_labels: usize,
        /// Rows.
        n_examples: usize,
    },
    /// A label that the model or the training file does not have.
    #[error("The label \"{label}\" in line {line} is not one of the {n_labels} known labels")]
    UnknownLabel {
        /// The label.
        label: String,
        /// Where it stands.
        line: u64,
        /// Known labels.
        n_labels: usize,
    },
    /// The split column says something else than train, valid or test.
    #[error(
        "The split column says \"{value}\" in line {line}, but only train, valid and test are known"
    )]
    UnknownPart {
        /// What it says.
        value: String,
        /// Where.
        line: u64,
    },
    /// There are test rows in both files.
    #[error("The file already has {n_test} test rows, so a second test file can't be used")]
    TestTwice {
        /// Test rows of the first file.
        n_test: usize,
    },
}

/// More labels than this, most of them on one row alone, are no labels.
const MOST_LABELS: usize = 1000;

/// Completes what the person named.
///
/// # Errors
/// When a named column is not there, or no column looks like a text or a label.
pub fn guess_mapping(
    table: &Table,
    request: &MappingRequest,
) -> Result<GuessedMapping, DatasetError> {
    for name in [
        &request.text,
        &request.text_b,
        &request.label,
        &request.split,
    ]
    .into_iter()
    .flatten()
    {
        table.column(name)?;
    }
    let columns: Vec<Column> = (0..table.columns.len())
        .map(|index| Column::of(table, index))
        .collect();
    let mut guess = Guess {
        columns: &columns,
        taken: request.named(),
        reasons: Vec::new(),
    };
    // Parts and labels are easier to tell than texts, so they come first.
    let split = request.split.clone().or_else(|| guess.split());
    let text_by_name = request
        .text
        .clone()
        .or_else(|| guess.by_name(Role::Text, "text", Column::can_be_text));
    let label = request.label.clone().or_else(|| guess.label());
    let text = match text_by_name.or_else(|| guess.text_by_content()) {
        Some(text) => text,
        None => {
            return Err(DatasetError::NoTextColumn {
                n_columns: table.columns.len(),
            });
        }
    };
    let text_b = request
        .text_b
        .clone()
        .or_else(|| guess.by_name(Role::TextB, "second text", Column::can_be_text));
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

impl MappingRequest {
    fn named(&self) -> Vec<String> {
        [&self.text, &self.text_b, &self.label, &self.split]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

impl Mapping {
    fn check_different(&self) -> Result<(), DatasetError> {
        let roles = [
            (Some(&self.text), "the text"),
            (self.text_b.as_ref(), "the second text"),
            (self.label.as_ref(), "the label"),
            (self.split.as_ref(), "the split"),
        ];
        for (position, (column, second)) in roles.iter().enumerate() {
            let Some(column) = column else { continue };
            if let Some((_, first)) = roles[..position]
                .iter()
                .find(|(other, _)| *other == Some(*column))
            {
                return Err(DatasetError::SameColumn {
                    column: (*column).clone(),
                    first,
                    second,
                });
            }
        }
        Ok(())
    }
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
    reasons: Vec<String>,
}

impl<'a> Guess<'a> {
    fn free(&self) -> impl Iterator<Item = &'a Column> {
        self.columns
            .iter()
            .filter(|column| !self.taken.contains(&column.name))
    }

    fn take(&mut self, column: &Column, what: &str, because: &str) -> String {
        self.reasons.push(format!(
            "The column \"{}\" is taken as the {what}: {because}.",
            column.name
        ));
        self.taken.push(column.name.clone());
        column.name.clone()
    }

    /// The column whose name is the most usual for `role`.
    fn by_name(&mut self, role: Role, what: &str, fits: fn(&Column) -> bool) -> Option<String> {
        let ranked = self.free().filter(|column| fits(column));
        let ranked =
            ranked.filter_map(|column| Some((column_name::rank(&column.name, role)?, column)));
        let (_, column) = ranked.min_by_key(|(rank, _)| *rank)?;
        Some(self.take(column, what, "its name is a usual one"))
    }

    fn split(&mut self) -> Option<String> {
        let parts = self.free().find(|column| {
            column.all_parts
                && (column.n_distinct > 1 || column_name::rank(&column.name, Role::Split).is_some())
        });
        parts.map(|column| self.take(column, "split", "its cells say train, valid or test"))
    }

    fn label(&mut self) -> Option<String> {
        if let Some(named) = self.by_name(Role::Label, "label", |column| column.n_filled > 0) {
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
        let because = format!(
            "it has {} different values in {} rows",
            column.n_distinct, column.n_filled
        );
        Some(self.take(column, "label", &because))
    }

    fn text_by_content(&mut self) -> Option<String> {
        let texts = self.free().filter(|column| column.can_be_text());
        let column = texts.max_by(|a, b| a.mean_words.total_cmp(&b.mean_words))?;
        let because = format!(
            "it has the longest texts, {:.1} words on average",
            column.mean_words
        );
        Some(self.take(column, "text", &because))
    }
}

/// What a cell of the split column means.
fn part(cell: &str) -> Option<Part> {
    match cell.trim().to_lowercase().as_str() {
        "train" | "training" | "trn" => Some(Part::Train),
        "valid" | "validation" | "val" | "dev" | "development" => Some(Part::Valid),
        "test" | "testing" | "tst" | "eval" => Some(Part::Test),
        _ => None,
    }
}

impl Dataset {
    /// Makes examples of the rows that have a text and a label.
    ///
    /// # Errors
    /// When a column is not there, no row can be used, or there are fewer than two labels.
    pub fn from_table(table: &Table, mapping: &Mapping) -> Result<Dataset, DatasetError> {
        let rows = Rows::read(table, mapping)?;
        let labels = LabelMap::sorted(rows.used.iter().map(|row| row.label.to_owned()));
        let n_examples = rows.used.len();
        if labels.len() > MOST_LABELS && labels.len() * 2 > n_examples {
            let column = mapping.label.clone().unwrap_or_default();
            return Err(DatasetError::TooManyLabels {
                column,
                n_labels: labels.len(),
                n_examples,
            });
        }
        if labels.len() < 2 {
            return Err(DatasetError::OneLabel {
                n_examples,
                label: labels.name(0).to_owned(),
            });
        }
        rows.into_dataset(labels)
    }

    /// Adds the rows of a second file as test examples.
    ///
    /// # Errors
    /// When the dataset has test examples already, or the second file has a label that the first has not.
    pub fn append_test(&mut self, table: &Table, mapping: &Mapping) -> Result<(), DatasetError> {
        let n_test = self
            .examples
            .iter()
            .filter(|example| example.part == Some(Part::Test))
            .count();
        if n_test > 0 {
            return Err(DatasetError::TestTwice { n_test });
        }
        let mapping = Mapping {
            split: None,
            ..mapping.clone()
        };
        let second = Rows::read(table, &mapping)?.into_dataset(self.labels.clone())?;
        let as_test = |example: Example| Example {
            part: Some(Part::Test),
            ..example
        };
        self.examples
            .extend(second.examples.into_iter().map(as_test));
        self.skipped.extend(second.skipped);
        Ok(())
    }

    /// Returns the SHA-256 of texts and labels, in hexadecimal.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut field = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for example in &self.examples {
            field(&example.text);
            field(example.text_b.as_deref().unwrap_or_default());
            field(self.labels.name(example.label_id));
        }
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Makes examples with the labels of an existing model, to evaluate it.
///
/// # Errors
/// Those of [`Dataset::from_table`], except that one label is enough; and a label that the model does not know.
pub fn labelled_with(
    table: &Table,
    mapping: &Mapping,
    labels: &LabelMap,
) -> Result<Dataset, DatasetError> {
    Rows::read(table, mapping)?.into_dataset(labels.clone())
}

/// The rows that can be used, and those that can't.
struct Rows<'a> {
    used: Vec<UsedRow<'a>>,
    skipped: Vec<SkippedExample>,
}

struct UsedRow<'a> {
    text: &'a str,
    text_b: Option<&'a str>,
    label: &'a str,
    part: Option<Part>,
    line: u64,
}

impl<'a> Rows<'a> {
    fn read(table: &'a Table, mapping: &Mapping) -> Result<Rows<'a>, DatasetError> {
        mapping.check_different()?;
        let Some(label_name) = &mapping.label else {
            let text = mapping.text.clone();
            return Err(match table.columns.len() {
                1 => DatasetError::OneColumn { text },
                _ => DatasetError::NoLabelColumn { text },
            });
        };
        let text = table.column(&mapping.text)?;
        let label = table.column(label_name)?;
        let text_b = mapping
            .text_b
            .as_ref()
            .map(|name| table.column(name))
            .transpose()?;
        let split = mapping
            .split
            .as_ref()
            .map(|name| table.column(name))
            .transpose()?;
        let mut rows = Rows {
            used: Vec::new(),
            skipped: Vec::new(),
        };
        for row in &table.rows {
            let cell = |index: usize| row.cells[index].as_str();
            let is_empty = |index: usize| cell(index).trim().is_empty();
            let skip = |reason: String| SkippedExample {
                line: row.line,
                reason,
            };
            if is_empty(text) {
                rows.skipped
                    .push(skip(format!("no text in \"{}\"", mapping.text)));
            } else if is_empty(label) {
                rows.skipped
                    .push(skip(format!("no label in \"{label_name}\"")));
            } else {
                rows.used.push(UsedRow {
                    text: cell(text),
                    text_b: text_b.map(cell),
                    label: cell(label),
                    part: split
                        .map(|index| part_of(cell(index), row.line))
                        .transpose()?
                        .flatten(),
                    line: row.line,
                });
            }
        }
        if rows.used.is_empty() {
            let (text, label) = (mapping.text.clone(), label_name.clone());
            return Err(DatasetError::NoExamples {
                n_rows: table.rows.len(),
                text,
                label,
            });
        }
        Ok(rows)
    }

    fn into_dataset(self, labels: LabelMap) -> Result<Dataset, DatasetError> {
        let ids: HashMap<&str, usize> =
            labels.names().iter().map(String::as_str).zip(0..).collect();
        let mut examples = Vec::with_capacity(self.used.len());
        for row in self.used {
            let Some(label_id) = ids.get(row.label).copied() else {
                let (label, n_labels) = (row.label.to_owned(), labels.len());
                return Err(DatasetError::UnknownLabel {
                    label,
                    line: row.line,
                    n_labels,
                });
            };
            examples.push(Example {
                text: row.text.to_owned(),
                text_b: row.text_b.map(str::to_owned),
                label_id,
                line: row.line,
                part: row.part,
            });
        }
        Ok(Dataset {
            labels,
            examples,
            skipped: self.skipped,
        })
    }
}

/// An empty cell leaves the row to the train part.
fn part_of(cell: &str, line: u64) -> Result<Option<Part>, DatasetError> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || DatasetError::UnknownPart {
        value: cell.to_owned(),
        line,
    };
    part(cell).map(Some).ok_or_else(unknown)
}

impl DatasetError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            DatasetError::Table(error) => error.code(),
            DatasetError::NoTextColumn { .. } => "dataset.noTextColumn",
            DatasetError::OneColumn { .. } => "dataset.oneColumn",
            DatasetError::NoLabelColumn { .. } => "dataset.noLabelColumn",
            DatasetError::SameColumn { .. } => "dataset.sameColumn",
            DatasetError::NoExamples { .. } => "dataset.noExamples",
            DatasetError::OneLabel { .. } => "dataset.oneLabel",
            DatasetError::TooManyLabels { .. } => "dataset.tooManyLabels",
            DatasetError::UnknownLabel { .. } => "dataset.unknownLabel",
            DatasetError::UnknownPart { .. } => "dataset.unknownPart",
            DatasetError::TestTwice { .. } => "dataset.testTwice",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            DatasetError::Table(error) => return error.hint(),
            DatasetError::NoTextColumn { .. } => "Name the column with --text.",
            DatasetError::OneColumn { .. } => {
                "Add a column that says what each text is; if it is there, put a comma or a tab between the two."
            }
            DatasetError::NoLabelColumn { .. } => {
                "Name the column with --label; a file to learn from needs a column that says what each text is."
            }
            DatasetError::SameColumn { .. } => "Name two different columns.",
            DatasetError::NoExamples { .. } => "Choose other columns, or fill in texts and labels.",
            DatasetError::OneLabel { .. } => {
                "Add examples with another label, or choose another label column."
            }
            DatasetError::TooManyLabels { .. } => {
                "Choose a column with few different values with --label."
            }
            DatasetError::UnknownLabel { .. } => "Correct the label, or remove the row.",
            DatasetError::UnknownPart { .. } => {
                "Write train, valid or test there, or choose no split column."
            }
            DatasetError::TestTwice { .. } => "Leave out the test file, or the split column.",
        };
        Some(hint.to_owned())
    }
}

#[cfg(test)]
impl Dataset {
    /// A dataset of texts and labels, the first in line 2 as under a header.
    pub(crate) fn of_rows(rows: &[(&str, &str)]) -> Dataset {
        let labels = LabelMap::sorted(rows.iter().map(|(_, label)| (*label).to_owned()));
        let examples = rows
            .iter()
            .enumerate()
            .map(|(i, (text, label))| Example {
                text: (*text).to_owned(),
                text_b: None,
                label_id: labels.id(label).expect("it was made of these labels"),
                line: i as u64 + 2,
                part: None,
            })
            .collect();
        Dataset {
            labels,
            examples,
            skipped: Vec::new(),
        }
    }
}
