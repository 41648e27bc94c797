//! `--edits FILE`: a list of corrections that was exported from a project, made on another file as far as it fits.

use std::path::Path;

use embert_engine::dataset::Dataset;
use embert_engine::edits::{self, DataEdit, Edited, LeftOut};

use crate::failure::Failure;

/// A list of corrections and what it is called.
pub(crate) struct Corrections {
    /// Name of its file.
    pub(crate) file: String,
    edits: Vec<DataEdit>,
}

/// Examples after a list of corrections.
pub(crate) struct Corrected {
    pub(crate) edited: Edited,
    /// Corrections that were made.
    pub(crate) n_made: usize,
    /// Those that don't fit.
    pub(crate) left_out: Vec<LeftOut>,
}

impl Corrections {
    /// Reads the list in `path`, if there is to be one.
    pub(crate) fn read(path: Option<&Path>) -> Result<Option<Corrections>, Failure> {
        let Some(path) = path else {
            return Ok(None);
        };
        let name = path.file_name().unwrap_or_default();
        Ok(Some(Corrections {
            file: name.to_string_lossy().into_owned(),
            edits: edits::read_list(path)?,
        }))
    }

    /// Makes those that fit.
    pub(crate) fn make(&self, dataset: &Dataset) -> Corrected {
        let (edited, divided) = edits::apply_fitting(dataset, self.edits.clone());
        Corrected {
            edited,
            n_made: divided.made.len(),
            left_out: divided.left_out,
        }
    }

    /// Says that one was left out, and why.
    pub(crate) fn sentence(&self, left_out: &LeftOut) -> String {
        let LeftOut { number, reason, .. } = left_out;
        format!("{}: correction {number} was left out. {reason}.", self.file)
    }
}
