//! What an export gave: the files, and how each compares with the model that it was made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dataset::Task;

/// A model that was written as ONNX.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OnnxExport {
    /// The folder.
    pub folder: PathBuf,
    /// How many labels a text can have.
    pub task: Task,
    /// Whether the model reads two texts together.
    pub pairs: bool,
    /// Number of texts that the files were compared on.
    pub n_compared: usize,
    /// Where these come from.
    pub compared_with: TextsFrom,
    /// Texts whose labels the model itself has right; left out where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub n_right: Option<usize>,
    /// The ONNX files.
    pub files: Vec<CheckedFile>,
}

/// Where compared texts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TextsFrom {
    /// The test part of the training.
    TestPart,
    /// A file of which the training's run doesn't know which rows were for the test.
    File,
    /// Nobody named texts.
    BuiltIn,
}

/// How a written file compares with the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedFile {
    /// Its name below the folder.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Largest difference of a score before the softmax or sigmoid.
    pub largest_difference: f32,
    /// Texts that get the same label or labels.
    pub n_same_labels: usize,
    /// Texts whose labels are right; left out where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub n_right: Option<usize>,
}
