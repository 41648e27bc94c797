//! Why a model can't be exported.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::numbers::WriteError;
use crate::bert::{BertConfigError, WeightsError};
use crate::predict::PredictError;
use crate::tokens::TokensError;

/// Why a model can't be exported.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum OnnxError {
    /// The model can't be loaded or asked.
    #[error(transparent)]
    Model(#[from] PredictError),
    /// The network is of a family that no graph is drawn for.
    #[error("The model in {} is of the kind \"{family}\", and only the kind \"bert\" can become ONNX", .folder.display())]
    Family {
        /// The model folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// `model_type` of its configuration.
        family: String,
    },
    /// The folder for the export holds something.
    #[error("The folder {} is already there", .folder.display())]
    Taken {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
    },
    /// The format ends at 2 GB.
    #[error("{file} would have {n_bytes} bytes, but an ONNX file has at most {most_bytes}")]
    TooLarge {
        /// The file.
        file: &'static str,
        /// Bytes that it would have.
        n_bytes: usize,
        /// Bytes that it may have.
        most_bytes: usize,
    },
    /// A file or folder can't be read or written.
    #[error("{} can't be {action}: {source}", .path.display())]
    Io {
        /// The file or folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What was tried: "read" or "written".
        action: &'static str,
        /// What the system says.
        #[serde(serialize_with = "crate::values::text")]
        source: io::Error,
    },
    /// What was written can't be read or computed again.
    #[error("The written file {file} can't be run: {reason}")]
    Runtime {
        /// The file.
        file: &'static str,
        /// What the runtime says.
        reason: String,
    },
    /// What was written answers otherwise than the model.
    #[error(
        "The scores of {file} differ from the model's by {difference}, and at most {allowed} is allowed"
    )]
    Differs {
        /// The file.
        file: &'static str,
        /// The largest difference of a score before the softmax or sigmoid.
        difference: f32,
        /// What would have passed.
        allowed: f32,
    },
}

impl OnnxError {
    /// Returns the stable name of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Model(error) => error.code(),
            Self::Family { .. } => "onnx.family",
            Self::Taken { .. } => "onnx.taken",
            Self::TooLarge { .. } => "onnx.tooLarge",
            Self::Io { .. } => "onnx.io",
            Self::Runtime { .. } => "onnx.runtime",
            Self::Differs { .. } => "onnx.differs",
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Model(error) => return error.hint(),
            Self::Family { .. } => "Use the model folder as it is; transformers reads it.",
            Self::Taken { .. } => "Name a folder that does not exist yet.",
            Self::TooLarge { .. } => {
                "Train a smaller base model, or use the model folder as it is; transformers reads it."
            }
            Self::Io { .. } => {
                "Check that the folder is there, that you may use it and that the disk has room."
            }
            Self::Runtime { .. } | Self::Differs { .. } => {
                "This is a fault in Embert, not in your model. Please report it with the name of the base model."
            }
        };
        Some(hint.to_owned())
    }

    /// Whether the input or its surroundings are at fault, not the program.
    #[must_use]
    pub fn is_input_fault(&self) -> bool {
        !matches!(self, Self::Runtime { .. } | Self::Differs { .. })
    }

    /// For `map_err`: `path` can't be read.
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(path, "read")
    }

    /// For `map_err`: `path` can't be written.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(path, "written")
    }

    /// For `map_err`: the numbers of `path` can't be written.
    pub(super) fn numbers(path: &Path) -> impl FnOnce(WriteError) -> Self {
        move |error| match error {
            WriteError::Weights(error) => error.into(),
            WriteError::File(source) => Self::write(path)(source),
        }
    }

    fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            path,
            action,
            source,
        }
    }
}

impl From<WeightsError> for OnnxError {
    fn from(error: WeightsError) -> Self {
        Self::Model(error.into())
    }
}

impl From<TokensError> for OnnxError {
    fn from(error: TokensError) -> Self {
        Self::Model(error.into())
    }
}

impl From<BertConfigError> for OnnxError {
    fn from(error: BertConfigError) -> Self {
        Self::Model(error.into())
    }
}
