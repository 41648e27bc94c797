//! Everything that can go wrong, gathered: each fault has a code, a sentence, and mostly a hint.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[cfg(feature = "download")]
use crate::base_model::BaseModelError;
use crate::dataset::DatasetError;
#[cfg(feature = "compute")]
use crate::device::DeviceError;
use crate::edits::EditError;
#[cfg(feature = "compute")]
use crate::measure::MeasureError;
#[cfg(feature = "compute")]
use crate::pack::PackError;
#[cfg(feature = "compute")]
use crate::predict::PredictError;
use crate::recipe::RecipeError;
use crate::split::SplitError;
use crate::table::TableError;
use crate::tokens::TokensError;
#[cfg(feature = "compute")]
use crate::train::TrainError;

/// Any fault of the engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file can't be read or written as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A table can't become a dataset.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A correction can't be made.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A dataset can't be split.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// Texts can't become tokens.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// A recipe is not usable.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A base model can't be used.
    #[cfg(feature = "download")]
    #[error(transparent)]
    BaseModel(#[from] BaseModelError),
    /// There is no such device, or it fails.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A training fails.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A device can't be measured.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A trained model can't be used.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// A base model can't be packed.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Pack(#[from] PackError),
}

impl Error {
    /// Returns the stable name of the fault, such as `table.missing`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Table(error) => error.code(),
            Error::Dataset(error) => error.code(),
            Error::Edit(error) => error.code(),
            Error::Split(error) => error.code(),
            Error::Tokens(error) => error.code(),
            Error::Recipe(error) => error.code(),
            #[cfg(feature = "download")]
            Error::BaseModel(error) => error.code(),
            #[cfg(feature = "compute")]
            Error::Device(error) => error.code(),
            #[cfg(feature = "compute")]
            Error::Train(error) => error.code(),
            #[cfg(feature = "compute")]
            Error::Measure(error) => error.code(),
            #[cfg(feature = "compute")]
            Error::Predict(error) => error.code(),
            #[cfg(feature = "compute")]
            Error::Pack(error) => error.code(),
        }
    }

    /// Returns what to do about it, as a sentence.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Table(error) => error.hint(),
            Error::Dataset(error) => error.hint(),
            Error::Edit(error) => error.hint(),
            Error::Split(error) => error.hint(),
            Error::Tokens(error) => error.hint(),
            Error::Recipe(error) => error.hint(),
            #[cfg(feature = "download")]
            Error::BaseModel(error) => error.hint(),
            #[cfg(feature = "compute")]
            Error::Device(error) => error.hint(),
            #[cfg(feature = "compute")]
            Error::Train(error) => error.hint(),
            #[cfg(feature = "compute")]
            Error::Measure(error) => error.hint(),
            #[cfg(feature = "compute")]
            Error::Predict(error) => error.hint(),
            #[cfg(feature = "compute")]
            Error::Pack(error) => error.hint(),
        }
    }

    /// Tells whether the person's input is at fault (exit code 1) and not the program or the machine (exit code 4).
    pub fn is_input_fault(&self) -> bool {
        match self {
            Error::Table(_)
            | Error::Dataset(_)
            | Error::Edit(_)
            | Error::Split(_)
            | Error::Tokens(_)
            | Error::Recipe(_) => true,
            #[cfg(feature = "download")]
            Error::BaseModel(error) => error.is_input_fault(),
            #[cfg(feature = "compute")]
            Error::Device(_) | Error::Measure(_) | Error::Predict(_) | Error::Pack(_) => true,
            #[cfg(feature = "compute")]
            Error::Train(error) => error.is_input_fault(),
        }
    }
}

/// A fault as it travels to the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInfo {
    /// Stable name of the fault.
    pub code: String,
    /// One sentence that says what happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What lies behind it, for those who ask.
    pub details: Option<String>,
}

impl From<&Error> for ErrorInfo {
    fn from(error: &Error) -> ErrorInfo {
        ErrorInfo {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
            details: details(error),
        }
    }
}

/// The chain of causes below an error's own sentence.
fn details(error: &dyn std::error::Error) -> Option<String> {
    let causes: Vec<String> = std::iter::successors(error.source(), |cause| cause.source())
        .map(ToString::to_string)
        .collect();
    (!causes.is_empty()).then(|| causes.join(": "))
}
