//! A project as the screens show it. Lists are cut where nobody reads on, with their true length beside them: a page
//! that gets a hundred thousand labels stands still.

use embert_engine::dataset::{Because, MappingRequest};
use embert_engine::edits::{DataEdit, EditedLabel};
use embert_engine::error::ErrorInfo;
use embert_engine::quality::DataFinding;
use embert_engine::table::{Dialect, DialectRequest, RowFault};
use embert_engine::wish::Wish;
use serde::Serialize;
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{Project, source};
use crate::run::{self, RunSummary};

/// Rows that are listed as repaired, and as skipped.
const MOST_NOTES: usize = 200;
/// Labels that are listed.
const MOST_LABELS: usize = 500;
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
    dialect: Dialect,
    /// The dialect if the person had said nothing about it.
    detected: Dialect,
    dialect_request: DialectRequest,
    /// Whether the file can be read again in another way.
    can_read_again: bool,
    n_rows: usize,
    columns: Vec<ColumnInfo>,
    column_request: MappingRequest,
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
    obstacle: Option<ErrorInfo>,
    base_model: String,
    #[ts(type = "Partial<Record<string, number | string>>")]
    recipe: Map<String, Value>,
    runs: Vec<RunSummary>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
enum ColumnRole {
    Text,
    TextB,
    Label,
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
struct RowNote {
    line: u64,
    reason: String,
    faults: Vec<RowFault>,
}

impl Project {
    /// The project as the screens show it.
    #[must_use]
    pub fn view(&self) -> ProjectView {
        let edited = self.understood.edited.as_deref();
        let labels = edited.map_or(&[][..], |edited| &edited.labels);
        let ignored = edited.map_or(&[][..], |edited| &edited.ignored);
        let (skipped, n_skipped) = self.skipped_notes();
        ProjectView {
            id: self.id.clone(),
            name: self.decisions.name.clone(),
            source_file: self.decisions.source_file.clone(),
            dialect: self.source.dialect.clone(),
            detected: self.source.detected().clone(),
            dialect_request: self.decisions.dialect.clone(),
            can_read_again: source::is_kept(&self.folder),
            n_rows: self.table.rows.len(),
            columns: self.columns(),
            column_request: self.decisions.columns.clone(),
            repaired: self.repaired_notes(),
            n_repaired: self.source.repaired.len(),
            skipped,
            n_skipped,
            n_examples: edited.map_or(0, |edited| edited.dataset.examples.len()),
            labels: shown(labels),
            n_labels: labels.len(),
            ignored_labels: shown(ignored),
            n_ignored_labels: ignored.len(),
            findings: self.understood.findings.clone(),
            edits: self.decisions.edits.clone(),
            obstacle: self.understood.obstacle.clone(),
            base_model: self.decisions.base_model.clone(),
            recipe: self.decisions.recipe.clone(),
            runs: run::list(&self.folder),
        }
    }

    fn repaired_notes(&self) -> Vec<RowNote> {
        let rows = self.source.repaired.iter().take(MOST_NOTES);
        rows.map(|row| RowNote {
            line: row.line,
            reason: row.reason.clone(),
            faults: row.faults.clone(),
        })
        .collect()
    }

    /// The rows that could not be read and those that are no examples, by line, and how many there are.
    fn skipped_notes(&self) -> (Vec<RowNote>, usize) {
        let edited = self.understood.edited.as_deref();
        let no_examples = edited.map_or(&[][..], |edited| &edited.dataset.skipped);
        let unread = self.source.skipped.iter().take(MOST_NOTES);
        let unread = unread.map(|row| RowNote {
            line: row.line,
            reason: row.reason.clone(),
            faults: row.faults.clone(),
        });
        let unused = no_examples.iter().take(MOST_NOTES).map(|row| RowNote {
            line: row.line,
            reason: row.fault.to_string(),
            faults: vec![row.fault.clone()],
        });
        let mut notes: Vec<RowNote> = unread.chain(unused).collect();
        notes.sort_by_key(|note| note.line);
        notes.truncate(MOST_NOTES);
        (notes, self.source.skipped.len() + no_examples.len())
    }

    fn columns(&self) -> Vec<ColumnInfo> {
        let columns = self.table.columns.iter().map(|name| {
            let (role, wish) = self.role(name);
            let guessed = wish.is_some_and(Wish::is_guess);
            let reasons = self.understood.reasons.iter();
            let mut reasons = reasons.filter(|reason| guessed && reason.column == *name);
            ColumnInfo {
                name: name.clone(),
                role,
                guessed,
                reason: reasons.next().map(|reason| ColumnReason {
                    message: reason.to_string(),
                    because: reason.because.clone(),
                }),
            }
        });
        columns.collect()
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
