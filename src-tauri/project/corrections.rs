//! The person's corrections in a project: made, taken back, made again, exported and imported.

use std::path::Path;

use embert_engine::dataset::{self, Dataset};
use embert_engine::edits::{self, DataEdit, Divided, LeftOut};
use embert_engine::error::ErrorInfo;
use serde::Serialize;
use ts_rs::TS;

use super::Project;
use crate::fault::Fault;

/// A correction that could not be made, because it does not fit the data.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeftOutEdit {
    /// Its place in the list, from 1.
    number: usize,
    /// What it would have done.
    edit: DataEdit,
    /// Why it does not fit.
    reason: ErrorInfo,
}

impl From<LeftOut> for LeftOutEdit {
    fn from(left_out: LeftOut) -> LeftOutEdit {
        LeftOutEdit {
            number: left_out.number,
            edit: left_out.edit,
            reason: Fault::from(left_out.reason).into(),
        }
    }
}

/// What became of a list of corrections that was imported.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportedEdits {
    /// Corrections that were made.
    n_made: usize,
    /// Those that were left out.
    left_out: Vec<LeftOutEdit>,
}

impl Project {
    /// Adds corrections.
    ///
    /// # Errors
    /// When one can't be made; then none is. When it can't be saved. The same for all that follow.
    pub fn edit(&mut self, edits: Vec<DataEdit>) -> Result<(), Fault> {
        self.make(edits)?;
        self.decisions.undone.clear();
        self.save_change()
    }

    /// Takes the last correction back.
    pub fn undo(&mut self) -> Result<(), Fault> {
        let last = self.decisions.edits.pop();
        self.decisions.undone.extend(last);
        self.touch()
    }

    /// Makes the correction again that was taken back last.
    pub fn redo(&mut self) -> Result<(), Fault> {
        if let Some(edit) = self.decisions.undone.last().cloned() {
            self.make(vec![edit])?;
            self.decisions.undone.pop();
        }
        self.save_change()
    }

    /// Adds those corrections of an exported list that fit, and says which don't.
    pub fn import_edits(&mut self, file: &Path) -> Result<ImportedEdits, Fault> {
        let list = edits::read_list(file)?;
        let guessed = dataset::guess_mapping(&self.table, &self.decisions.columns)?;
        let dataset = Dataset::from_table(&self.table, &guessed.mapping)?;
        let Divided { made, left_out } = edits::divide(&dataset, &self.decisions.edits, list);
        drop(dataset);
        let n_made = made.len();
        if n_made > 0 {
            self.edit(made)?;
        }
        Ok(ImportedEdits {
            n_made,
            left_out: left_out.into_iter().map(LeftOutEdit::from).collect(),
        })
    }

    /// Writes corrections into a file of their own: `edits`, or all that the project has.
    pub fn export_edits(&self, edits: Option<&[DataEdit]>, file: &Path) -> Result<(), Fault> {
        let edits = edits.unwrap_or(&self.decisions.edits);
        edits::write_list(file, edits).map_err(Fault::file(file))
    }

    fn make(&mut self, edits: Vec<DataEdit>) -> Result<(), Fault> {
        let n_before = self.decisions.edits.len();
        self.decisions.edits.extend(edits);
        match self.try_understand() {
            Ok(()) => {}
            Err(fault @ Fault::Engine(embert_engine::Error::Edit(_))) => {
                self.decisions.edits.truncate(n_before);
                self.understand();
                return Err(fault);
            }
            Err(fault) => self.understood.obstacle = Some(fault.into()),
        }
        Ok(())
    }
}
