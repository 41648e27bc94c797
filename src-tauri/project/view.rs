//! A project as the screens show it. Lists are cut where nobody reads on, with their true length beside them: a page
//! that gets a hundred thousand labels stands still.

use embert_engine::dataset::{Because, GuessReason, MappingRequest, SkippedExample, Task};
use embert_engine::edits::{DataEdit, EditedLabel};
use embert_engine::error::ErrorInfo;
use embert_engine::quality::DataFinding;
use embert_engine::table::{Dialect, DialectRequest, RowFault};
use embert_engine::wish::Wish;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{Project, source};
use crate::run::{self, RunSummary};

/// Rows that are listed as repaired, and as skipped, before somebody asks for more of them.
const MOST_NOTES: usize = 200;
/// Labels that are listed: all that a person may want to look through. A column of texts taken for labels never comes
/// here, because with more than 1,000 labels of fewer than two rows each on average there is an obstacle and no label
/// at all. But a million rows could still have half a million labels of two rows each, and every change sends the list
/// anew.
const MOST_LABELS: usize = 10_000;
/// Labels of the file that are listed for one label.
const MOST_SOURCES: usize = 50;

/// A project as the screens show it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "Project")]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    id: String,
    name: String,
    source_file: String,
    /// Counts the files that the project has had, from 1; a run says which of them it learned from.
    file_version: usize,
    dialect: Dialect,
    /// The dialect if the person had said nothing about it.
    detected: Dialect,
    dialect_request: DialectRequest,
    /// Whether the file can be read again in another way.
    can_read_again: bool,
    n_rows: usize,
    columns: Vec<ColumnInfo>,
    column_request: MappingRequest,
    /// How many labels a text can have; left out as long as there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    task: Option<Task>,
    /// How the cells of the label column are written; left out where there is no such column.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    label_cells: Option<LabelCells>,
    /// The first of `n_repaired`.
    repaired: Vec<RowNote>,
    n_repaired: usize,
    /// The first of `n_skipped`: rows that could not be read, and rows without a text or a label.
    skipped: Vec<RowNote>,
    n_skipped: usize,
    n_examples: usize,
    /// The most frequent of `n_labels`.
    labels: Vec<EditedLabel>,
    n_labels: usize,
    /// The most frequent of `n_ignored_labels`.
    ignored_labels: Vec<EditedLabel>,
    n_ignored_labels: usize,
    findings: Vec<DataFinding>,
    edits: Vec<DataEdit>,
    /// Corrections that were taken back and can be made again, the next one last.
    undone: Vec<DataEdit>,
    obstacle: Option<ErrorInfo>,
    base_model: String,
    #[ts(type = "Partial<Record<string, number | string>>")]
    recipe: Map<String, Value>,
    /// Score from which on an answer counts as sure, 0 to 1.
    sure_from: f64,
    runs: Vec<RunSummary>,
    /// What a training would learn from now as a hash, to be compared with those of the runs; left out as long as there
    /// are no examples, or no runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    data_hash: Option<String>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
enum ColumnRole {
    Text,
    TextB,
    Label,
    /// It is a label itself, and says with 0 or 1 which texts have it.
    OwnLabel,
    Split,
    Ignore,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
struct ColumnInfo {
    name: String,
    role: ColumnRole,
    guessed: bool,
    reason: Option<ColumnReason>,
}

/// What a cell of the label column holds.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
struct LabelCells {
    /// What stands between the labels of a cell, `[]` for lists in brackets; `null`: a cell is one label.
    separator: Option<String>,
    /// The separator that the cells speak for, whatever the person said; `null`: they don't look like lists.
    detected: Option<String>,
    /// What speaks for that separator.
    reason: Option<ColumnReason>,
}

/// Why a column was chosen: a sentence, and the same by name and values.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
struct ColumnReason {
    message: String,
    #[serde(flatten)]
    because: Because,
}

/// A row that was repaired or skipped.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowNote {
    line: u64,
    reason: String,
    faults: Vec<RowFault>,
}

/// The rows that a list of notes is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NotedRows {
    /// Used, as Embert understood them.
    Repaired,
    /// Not read, or without a text or a label.
    Skipped,
}

impl From<&GuessReason> for ColumnReason {
    fn from(reason: &GuessReason) -> ColumnReason {
        ColumnReason {
            message: reason.to_string(),
            because: reason.because.clone(),
        }
    }
}

impl Project {
    /// The project as the screens show it.
    #[must_use]
    pub fn view(&self) -> ProjectView {
        let edited = self.understood.edited.as_deref();
        let labels = edited.map_or(&[][..], |edited| &edited.labels);
        let ignored = edited.map_or(&[][..], |edited| &edited.ignored);
        let runs = run::list(&self.folder);
        ProjectView {
            id: self.id.clone(),
            name: self.decisions.name.clone(),
            source_file: self.decisions.source_file.clone(),
            file_version: self.decisions.file_version,
            dialect: self.source.dialect.clone(),
            detected: self.source.detected().clone(),
            dialect_request: self.decisions.dialect.clone(),
            can_read_again: source::is_kept(&self.folder),
            n_rows: self.table.rows.len(),
            columns: self.columns(),
            column_request: self.decisions.columns.clone(),
            task: edited.map(|edited| edited.dataset.task),
            label_cells: self.label_cells(),
            repaired: self.notes(NotedRows::Repaired, 0, MOST_NOTES),
            n_repaired: self.source.repaired.len(),
            skipped: self.notes(NotedRows::Skipped, 0, MOST_NOTES),
            n_skipped: self.source.skipped.len() + self.no_examples().len(),
            n_examples: edited.map_or(0, |edited| edited.dataset.examples.len()),
            labels: shown(labels),
            n_labels: labels.len(),
            ignored_labels: shown(ignored),
            n_ignored_labels: ignored.len(),
            findings: self.understood.findings.clone(),
            edits: self.decisions.edits.clone(),
            undone: self.decisions.undone.clone(),
            obstacle: self.understood.obstacle.clone(),
            base_model: self.decisions.base_model.clone(),
            recipe: self.decisions.recipe.clone(),
            sure_from: self.decisions.sure_from,
            data_hash: (!runs.is_empty()).then(|| self.data_hash()).flatten(),
            runs,
        }
    }

    /// What there is to say about rows, by line: at most `count` notes, `first` counted from 0.
    #[must_use]
    pub fn notes(&self, rows: NotedRows, first: usize, count: usize) -> Vec<RowNote> {
        // Both lists of skipped rows are in the order of the lines, so what is wanted is among these of each.
        let last = first.saturating_add(count);
        let mut notes: Vec<RowNote> = match rows {
            NotedRows::Repaired => {
                let repaired = self.source.repaired.iter().take(last);
                repaired
                    .map(|row| RowNote {
                        line: row.line,
                        reason: row.reason.clone(),
                        faults: row.faults.clone(),
                    })
                    .collect()
            }
            NotedRows::Skipped => {
                let unread = self.source.skipped.iter().take(last);
                let unread = unread.map(|row| RowNote {
                    line: row.line,
                    reason: row.reason.clone(),
                    faults: row.faults.clone(),
                });
                let unused = self.no_examples().iter().take(last);
                let unused = unused.map(|row| RowNote {
                    line: row.line,
                    reason: row.fault.to_string(),
                    faults: vec![row.fault.clone()],
                });
                unread.chain(unused).collect()
            }
        };
        notes.sort_by_key(|note| note.line);
        notes.into_iter().skip(first).take(count).collect()
    }

    /// Rows that were read, but have no text or no label.
    fn no_examples(&self) -> &[SkippedExample] {
        let edited = self.understood.edited.as_deref();
        edited.map_or(&[][..], |edited| &edited.dataset.skipped)
    }

    fn columns(&self) -> Vec<ColumnInfo> {
        let columns = self.table.columns.iter().map(|name| {
            let (role, wish) = self.role(name);
            let guessed = wish.is_some_and(Wish::is_guess);
            let reasons = self.understood.reasons.iter();
            let mut reasons = reasons.filter(|reason| guessed && reason.is_about(name));
            ColumnInfo {
                name: name.clone(),
                role,
                guessed,
                reason: reasons.next().map(ColumnReason::from),
            }
        });
        columns.collect()
    }

    fn label_cells(&self) -> Option<LabelCells> {
        let mapping = self.understood.mapping.as_ref()?;
        mapping.label.as_ref()?;
        let listed = self.understood.listed.as_ref();
        Some(LabelCells {
            separator: mapping.label_separator.clone(),
            detected: listed.and_then(GuessReason::separator).map(str::to_owned),
            reason: listed.map(ColumnReason::from),
        })
    }

    /// What a column is for, and what the person said about that role.
    fn role(&self, name: &str) -> (ColumnRole, Option<&Wish<String>>) {
        let asked = &self.decisions.columns;
        let Some(mapping) = &self.understood.mapping else {
            return (ColumnRole::Ignore, None);
        };
        let is = |column: &Option<String>| column.as_deref() == Some(name);
        if mapping.text == name {
            (ColumnRole::Text, Some(&asked.text))
        } else if is(&mapping.text_b) {
            (ColumnRole::TextB, Some(&asked.text_b))
        } else if is(&mapping.label) {
            (ColumnRole::Label, Some(&asked.label))
        } else if mapping.labels.iter().any(|column| column == name) {
            (
                ColumnRole::OwnLabel,
                asked.labels.is_empty().then_some(&asked.label),
            )
        } else if is(&mapping.split) {
            (ColumnRole::Split, Some(&asked.split))
        } else {
            (ColumnRole::Ignore, None)
        }
    }
}

fn shown(labels: &[EditedLabel]) -> Vec<EditedLabel> {
    let labels = labels.iter().take(MOST_LABELS);
    labels
        .map(|label| EditedLabel {
            label: label.label.clone(),
            n_examples: label.n_examples,
            sources: label.sources.iter().take(MOST_SOURCES).cloned().collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn as_many_labels_are_sent_as_make_no_huge_answer() {
        let labels: Vec<EditedLabel> = (0..113_000)
            .map(|i| EditedLabel {
                label: format!("a label of the usual length {i}"),
                n_examples: 2,
                sources: vec![format!("a label of the usual length {i}")],
            })
            .collect();
        assert_eq!(shown(&labels[..9_999]).len(), 9_999);
        let sent = shown(&labels);
        assert_eq!(sent.len(), MOST_LABELS);
        let bytes = serde_json::to_vec(&sent).unwrap().len();
        assert!(bytes < 1_500_000, "{bytes}");
    }
}
