//! A project's file read anew: in another way, or a newer version of it. What the person decided stays as far as it fits.

use std::path::Path;

use embert_engine::dataset::{Mapping, MappingRequest};
use embert_engine::edits::{self, Divided};
use embert_engine::table::{DialectRequest, Table};
use embert_engine::wish::Wish;
use serde::Serialize;
use ts_rs::TS;

use super::corrections::LeftOutEdit;
use super::{Project, name_of, source};
use crate::fault::Fault;

/// Decisions that had to go, because the file reads otherwise now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DroppedDecisions {
    /// Whether it is read as detected, because it can't be read as the person wanted.
    dialect: bool,
    /// Columns that meant something and are no longer there.
    columns: Vec<String>,
    /// Corrections that no longer fit.
    edits: Vec<LeftOutEdit>,
}

impl Project {
    /// Reads the file again as the person wants it, and returns what had to go for that.
    ///
    /// # Errors
    /// When the file can't be read so, or older versions kept no copy of it; then everything stays as it was.
    pub fn set_dialect(&mut self, dialect: DialectRequest) -> Result<DroppedDecisions, Fault> {
        let name = &self.decisions.source_file;
        let (table, source) = source::read_again(&self.folder, name, &dialect, &self.source)?;
        (self.table, self.source) = (table, source);
        self.decisions.dialect = dialect;
        self.take_rows(false)
    }

    /// Takes a newer version of the file, and returns what had to go for that. Columns keep their meaning, and the runs
    /// keep the examples that they learned from.
    ///
    /// # Errors
    /// When the file can't be read as a table, or kept; then everything stays as it was.
    pub fn replace_file(&mut self, file: &Path) -> Result<DroppedDecisions, Fault> {
        let wanted = &self.decisions.dialect;
        let is_detected = *wanted == DialectRequest::default();
        let (table, is_as_wanted) = match Table::read_with(file, wanted) {
            Ok(table) => (table, true),
            Err(_) if !is_detected => (Table::read(file)?, false),
            Err(error) => return Err(error.into()),
        };
        let mut detected = table.dialect.clone();
        if is_as_wanted
            && !is_detected
            && let Ok(otherwise) = Table::read(file)
        {
            detected = otherwise.dialect;
        }
        let source = source::replace(&self.folder, file, &table, detected)?;
        let before = self.understood.mapping.take();
        (self.table, self.source) = (table, source);
        if !is_as_wanted {
            self.decisions.dialect = DialectRequest::default();
        }
        self.decisions.source_file = name_of(file);
        self.decisions.file_version += 1;
        if let Some(before) = before {
            self.name_columns(before);
        }
        self.take_rows(!is_as_wanted)
    }

    /// Holds on to columns that were guessed, and to how their labels are written: other rows would give other guesses.
    fn name_columns(&mut self, before: Mapping) {
        let asked = &mut self.decisions.columns;
        let roles = [
            (&mut asked.text, Some(before.text)),
            (&mut asked.text_b, before.text_b),
            (&mut asked.label, before.label),
            (&mut asked.split, before.split),
        ];
        for (wish, column) in roles {
            if wish.is_guess()
                && let Some(column) = column
            {
                *wish = Wish::Named(column);
            }
        }
        if asked.labels.is_empty() {
            asked.labels = before.labels;
        }
        if asked.label_separator.is_guess() {
            asked.label_separator = before.label_separator.into();
        }
    }

    /// Applies the decisions to rows that were just read.
    fn take_rows(&mut self, is_dialect_dropped: bool) -> Result<DroppedDecisions, Fault> {
        let columns = self.forget_lost_columns();
        let edits = std::mem::take(&mut self.decisions.edits);
        self.decisions.undone.clear();
        self.understand();
        let Divided { made, left_out } = match &self.understood.edited {
            Some(unedited) => edits::divide(&unedited.dataset, &[], edits),
            // Without labels nobody knows; they wait for a reading that has some.
            None => Divided {
                made: edits,
                left_out: Vec::new(),
            },
        };
        if !made.is_empty() {
            self.decisions.edits = made;
            self.understand();
        }
        self.save_change()?;
        Ok(DroppedDecisions {
            dialect: is_dialect_dropped,
            columns,
            edits: left_out.into_iter().map(LeftOutEdit::from).collect(),
        })
    }

    /// Takes back the choice of columns that are not there any more, and returns their names.
    fn forget_lost_columns(&mut self) -> Vec<String> {
        let MappingRequest {
            text,
            text_b,
            label,
            split,
            labels,
            label_separator,
            task,
        } = &mut self.decisions.columns;
        let mut lost = Vec::new();
        if label
            .named()
            .is_some_and(|name| !self.table.columns.contains(name))
        {
            // What was said of its cells says nothing about those of another column.
            (*label_separator, *task) = (Wish::Guess, None);
        }
        labels.retain(|name| {
            let is_there = self.table.columns.contains(name);
            lost.extend((!is_there).then(|| name.clone()));
            is_there
        });
        for wish in [text, text_b, label, split] {
            if let Some(name) = wish.named()
                && !self.table.columns.contains(name)
            {
                lost.push(name.clone());
                *wish = Wish::Guess;
            }
        }
        lost
    }
}
