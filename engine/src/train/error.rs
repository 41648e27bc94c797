//! Why a training fails, and what to do about it.

use std::path::PathBuf;

use serde::Serialize;

use crate::bert::{BertConfigError, WeightsError};
use crate::checkpoint::CheckpointError;
use crate::export::ExportError;
use crate::recipe::RecipeError;
use crate::tokens::TokensError;

/// Why a training fails.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum TrainError {
    /// A setting is out of range.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// Texts can't become tokens.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The base model's `config.json` can't be used.
    #[error(transparent)]
    Config(#[from] BertConfigError),
    /// The base model's weights can't be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The run can't be written.
    #[error(transparent)]
    Write(#[from] ExportError),
    /// There is nothing to go on from.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// What the run was can't be read.
    #[error("{path} doesn't describe a run: {reason}")]
    NoRun {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The run is over.
    #[error("The run in {folder} is over: its state is \"{state}\"")]
    Over {
        /// The run folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// How it ended.
        state: String,
    },
    /// The run was about something else.
    #[error("The run in {folder} was begun with another {what} than this one")]
    Differs {
        /// The run folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// What differs.
        what: &'static str,
    },
    /// Another process trains there.
    #[error("The run in {folder} is being trained by another process")]
    InUse {
        /// The run folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
    },
    /// The run folder is taken.
    #[error("The run folder {path} isn't empty")]
    FolderTaken {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The base model takes shorter texts than the recipe asks for.
    #[error("The recipe asks for texts of {asked} tokens, but the base model takes at most {most}")]
    TooLong {
        /// The recipe's length.
        asked: usize,
        /// The base model's length.
        most: usize,
    },
    /// The numbers became infinite.
    #[error(
        "Training broke off at step {step}: the gradient was not a number for {n_skipped} steps in a row"
    )]
    Diverged {
        /// The step.
        step: usize,
        /// Steps that were skipped.
        n_skipped: usize,
    },
}

impl TrainError {
    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Recipe(error) => error.code(),
            Self::Tokens(error) => error.code(),
            Self::Config(_) => "model.config",
            Self::Weights(_) => "model.weights",
            Self::Write(_) => "run.write",
            Self::Checkpoint(CheckpointError::Missing { .. }) => "run.noCheckpoint",
            Self::Checkpoint(_) => "run.checkpoint",
            Self::NoRun { .. } => "run.missing",
            Self::Over { .. } => "run.over",
            Self::Differs { .. } => "run.differs",
            Self::InUse { .. } => "run.inUse",
            Self::FolderTaken { .. } => "run.folderTaken",
            Self::TooLong { .. } => "recipe.tooLong",
            Self::Diverged { .. } => "train.diverged",
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Recipe(error) => error.hint(),
            Self::Tokens(error) => error.hint(),
            Self::Config(_) | Self::Weights(_) => {
                Some("Copy or download the base model again.".to_owned())
            }
            Self::Write(_) => {
                Some("Check that the disk has room and the folder can be written.".to_owned())
            }
            Self::Checkpoint(_) => Some(
                "Start the training again; a first checkpoint is written at the first look at the valid part."
                    .to_owned(),
            ),
            Self::NoRun { .. } => Some("Name the folder of a run that was begun.".to_owned()),
            Self::Over { .. } => Some("Start a new training.".to_owned()),
            Self::Differs { .. } => Some(
                "Use what the run was begun with; its run.json says what that was. Or start a new training."
                    .to_owned(),
            ),
            Self::InUse { .. } => Some("Wait until it has ended.".to_owned()),
            Self::FolderTaken { .. } => {
                Some("Choose another folder, or move this one away.".to_owned())
            }
            Self::TooLong { most, .. } => Some(format!("Set the length to {most} or less.")),
            Self::Diverged { .. } => Some("Try a learning rate of half the size.".to_owned()),
        }
    }
}

impl TrainError {
    /// Whether the input is at fault, not the disk and not the numbers.
    #[must_use]
    pub fn is_input_fault(&self) -> bool {
        !matches!(self, Self::Write(_) | Self::Diverged { .. })
    }
}
