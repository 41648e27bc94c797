//! Columns → examples with label ids.
//!
//! Comes in: a [`Table`] and which column means what. Goes out: a [`Dataset`] of texts with label ids and the rows that
//! could not be used. What the person did not name is guessed, and every guess has its reason.

mod guess;
mod label_ids;
mod label_list;
mod one_hot;
mod rows;

use std::cmp::Ordering;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

pub use self::guess::{
    Because, GuessReason, GuessedMapping, GuessedRole, guess_mapping, listed_labels,
};
pub use self::label_ids::{LabelIds, Task};
pub use self::label_list::{BRACKETS, bracketed_cell, labels_in};
use self::rows::Rows;
use crate::table::{RowFault, Table, TableError};
use crate::wish::Wish;

/// Which column means what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Columns that are labels themselves and say of each text whether it has them; `label` is `None` then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What stands between the labels of a cell, [`BRACKETS`] for lists in brackets; `None`: a cell is one label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_separator: Option<String>,
    /// How many labels a text can have.
    #[serde(default, skip_serializing_if = "Task::is_single")]
    pub task: Task,
}

/// What the person said about the columns. What is not said is guessed; a second text or a split can also be declined.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MappingRequest {
    /// Column of the text to classify.
    #[ts(type = "string | false | null")]
    pub text: Wish<String>,
    /// Column of the second text of a pair.
    #[ts(type = "string | false | null")]
    pub text_b: Wish<String>,
    /// Column of the label; none is right only where nothing is learned or judged.
    #[ts(type = "string | false | null")]
    pub label: Wish<String>,
    /// Column that says train, valid or test.
    #[ts(type = "string | false | null")]
    pub split: Wish<String>,
    /// Columns that are labels themselves, such as those of 0 and 1; they go before `label`. None named is a guess.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub labels: Vec<String>,
    /// What stands between the labels of a cell, `[]` for lists in brackets; `false`: a cell is one label.
    #[serde(skip_serializing_if = "Wish::is_guess")]
    #[ts(optional, type = "string | false | null")]
    pub label_separator: Wish<String>,
    /// How many labels a text can have; left out is a guess.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub task: Option<Task>,
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

/// One text with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The text, as typed.
    pub text: String,
    /// The second text of a pair.
    pub text_b: Option<String>,
    /// Positions of its labels in the [`LabelMap`].
    pub label_ids: LabelIds,
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
    pub fault: RowFault,
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

impl Example {
    /// Returns the position of the label where each text has one; see [`LabelIds::only`].
    #[must_use]
    pub fn label_id(&self) -> usize {
        self.label_ids.only()
    }
}

/// Texts with label ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// How many labels a text can have.
    pub task: Task,
    /// The labels.
    pub labels: LabelMap,
    /// The texts with their labels, in the order of the file.
    pub examples: Vec<Example>,
    /// Rows that are not examples.
    pub skipped: Vec<SkippedExample>,
}

/// Why a table can't become a dataset.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum DatasetError {
    /// A column is not there.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The person declined a text column.
    #[error("The text column is switched off, but there is nothing to classify without a text")]
    TextNeeded,
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
    #[error("There is no label column beside the text column \"{text}\"")]
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

impl MappingRequest {
    /// Returns the columns that were named.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        [&self.text, &self.text_b, &self.label, &self.split]
            .into_iter()
            .filter_map(Wish::named)
            .chain(&self.labels)
    }
}

impl Mapping {
    /// Tells whether a column, or several, say what each text is.
    #[must_use]
    pub fn has_labels(&self) -> bool {
        self.label.is_some() || !self.labels.is_empty()
    }

    /// The columns of the labels as a sentence names them.
    fn label_columns(&self) -> String {
        match self.labels.as_slice() {
            [] => self.label.clone().unwrap_or_default(),
            columns => columns.join(", "),
        }
    }

    fn check_different(&self) -> Result<(), DatasetError> {
        let mut roles = vec![
            (Some(&self.text), "the text"),
            (self.text_b.as_ref(), "the second text"),
            (self.label.as_ref(), "the label"),
            (self.split.as_ref(), "the split"),
        ];
        roles.extend(self.labels.iter().map(|column| (Some(column), "a label")));
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
        let labels = rows.labels(mapping);
        let n_examples = rows.n_used();
        if labels.len() > MOST_LABELS && labels.len() * 2 > n_examples {
            return Err(DatasetError::TooManyLabels {
                column: mapping.label_columns(),
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
        rows.into_dataset(labels, mapping.task)
    }

    /// Counts the examples that have each label, by its id.
    #[must_use]
    pub fn label_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.labels.len()];
        for example in &self.examples {
            for id in example.label_ids.as_slice() {
                counts[*id] += 1;
            }
        }
        counts
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
        let second = Rows::read(table, &mapping)?.into_dataset(self.labels.clone(), self.task)?;
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
        self.hash(false)
    }

    /// Returns the SHA-256 of all that a training learns from: texts, labels, and the parts where the file gives any.
    #[must_use]
    pub fn training_hash(&self) -> String {
        self.hash(self.examples.iter().any(|example| example.part.is_some()))
    }

    fn hash(&self, with_parts: bool) -> String {
        let mut hash = Sha256::new();
        let mut field = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for example in &self.examples {
            field(&example.text);
            field(example.text_b.as_deref().unwrap_or_default());
            if self.task.is_multi() {
                // The number of labels comes first, so that no two lists of them read the same.
                field(&example.label_ids.as_slice().len().to_string());
            }
            for id in example.label_ids.as_slice() {
                field(self.labels.name(*id));
            }
            if with_parts {
                field(match example.part {
                    None | Some(Part::Train) => "train",
                    Some(Part::Valid) => "valid",
                    Some(Part::Test) => "test",
                });
            }
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
    Rows::read(table, mapping)?.into_dataset(labels.clone(), mapping.task)
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
            DatasetError::TextNeeded => "dataset.textNeeded",
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
            DatasetError::TextNeeded => "Name the column of the text, or leave it to be guessed.",
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
                label_ids: LabelIds::One(labels.id(label).expect("it was made of these labels")),
                line: i as u64 + 2,
                part: None,
            })
            .collect();
        Dataset {
            task: Task::Single,
            labels,
            examples,
            skipped: Vec::new(),
        }
    }

    /// A dataset of texts with any number of labels, given with `|` between them, the first in line 2.
    pub(crate) fn of_lists(rows: &[(&str, &str)]) -> Dataset {
        let names = |cell: &str| -> Vec<String> {
            let names = labels_in(cell, "|").into_iter();
            names.map(std::borrow::Cow::into_owned).collect()
        };
        let labels = LabelMap::sorted(rows.iter().flat_map(|(_, cell)| names(cell)));
        let examples = rows.iter().zip(2..).map(|((text, cell), line)| Example {
            text: (*text).to_owned(),
            text_b: None,
            label_ids: LabelIds::any(
                names(cell)
                    .iter()
                    .filter_map(|name| labels.id(name))
                    .collect(),
            ),
            line,
            part: None,
        });
        Dataset {
            task: Task::Multi,
            examples: examples.collect(),
            labels,
            skipped: Vec::new(),
        }
    }
}
