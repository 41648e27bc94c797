//! Everything that ends a command early, and how it reaches the person: message, hint and exit code.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use embert_engine::error::ErrorInfo;
use embert_engine::protocol::ProtocolError;
use embert_engine::values;
use serde::Serialize;

use crate::output;

/// How a command ended when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything is done.
    Done,
    /// The person stopped it; what was reached is kept.
    Stopped,
}

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(crate) enum Failure {
    /// The engine's reason.
    #[error(transparent)]
    Engine(embert_engine::Error),
    /// A line to the worker is not a request.
    #[error(transparent)]
    Protocol(
        #[serde(skip)]
        #[from]
        ProtocolError,
    ),
    /// The run folder holds something.
    #[error("The run folder {} is not empty", .folder.display())]
    RunFolderTaken {
        /// The folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        folder: PathBuf,
    },
    /// No run of this file was begun here.
    #[error("There is no run on {} in the folder runs", .file.display())]
    NothingToResume {
        /// The file of texts.
        #[serde(serialize_with = "embert_engine::values::path")]
        file: PathBuf,
    },
    /// The place of the run folder is taken by a file.
    #[error("The run folder {} can't be made: there is a file of this name", .folder.display())]
    RunFolderIsFile {
        /// The folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        folder: PathBuf,
    },
    /// The result would replace the input.
    #[error("The output {} is the input file itself", .path.display())]
    OutIsInput {
        /// The file.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
    },
    /// The folder of the result is not there.
    #[error("The folder {} for the output does not exist", .folder.display())]
    NoOutFolder {
        /// The folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        folder: PathBuf,
    },
    /// There is no model folder.
    #[error("There is no model folder {}", .folder.display())]
    NoModelFolder {
        /// What was asked for.
        #[serde(serialize_with = "embert_engine::values::path")]
        folder: PathBuf,
    },
    /// A recipe file can't be read.
    #[error("The recipe {} can't be read: {source}", .path.display())]
    RecipeUnreadable {
        /// The file.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
        /// What the system says.
        #[serde(serialize_with = "embert_engine::values::text")]
        source: io::Error,
    },
    /// A recipe is not one.
    #[error("{} {source}", recipe_name(.path.as_ref()))]
    RecipeContent {
        /// The file; `None` = the settings came another way.
        #[serde(skip)]
        path: Option<PathBuf>,
        /// What the JSON reader says.
        #[serde(serialize_with = "embert_engine::values::text")]
        source: serde_json::Error,
    },
    /// The model reads fewer tokens than asked for.
    #[error("The setting maxLength is {max_length}, but the model reads at most {limit} tokens")]
    MaxLength {
        /// What was asked for.
        max_length: usize,
        /// What the model can do.
        limit: usize,
    },
    /// There are texts without a second text, or the other way round.
    #[error("There are {n_texts} texts, but {n_second_texts} second texts")]
    UnevenPairs {
        /// Number of `--text`.
        n_texts: usize,
        /// Number of `--text-b`.
        n_second_texts: usize,
    },
    /// A request names neither texts nor a file, or both.
    #[error("The request to classify names {found}, but it needs either texts, or file")]
    ClassifyWhat {
        /// What it names.
        found: &'static str,
    },
    /// A device's test training failed.
    #[error("The test training on {device} failed: {reason}")]
    Measuring {
        /// Name of the device.
        device: String,
        /// What happened.
        reason: String,
    },
    /// What was measured can't be kept.
    #[error("What was measured can't be written to {}: {source}", .folder.display())]
    Remember {
        /// The folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        folder: PathBuf,
        /// What the system says.
        #[serde(serialize_with = "embert_engine::values::text")]
        source: io::Error,
    },
    /// The worker computes something else.
    #[error("The worker is busy with the request {running}")]
    Busy {
        /// Id of the running request.
        running: String,
    },
    /// The process was asked to end in the middle of a training.
    #[error("The training was paused at step {step}")]
    Paused {
        /// Steps done.
        step: usize,
    },
    /// The page of a report can't be written.
    #[error("The page {} can't be written: {source}", .path.display())]
    PageUnwritable {
        /// The file.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
        /// What the system says.
        #[serde(serialize_with = "embert_engine::values::text")]
        source: io::Error,
    },
    /// A result can't be printed.
    #[error("The result can't be printed: {0}")]
    Output(#[serde(skip)] io::Error),
    /// A fault of the program.
    #[error("Internal fault: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

impl Failure {
    /// For `map_err`: a fault of the program.
    pub(crate) fn internal(reason: impl ToString) -> Failure {
        Failure::Internal {
            reason: reason.to_string(),
        }
    }

    /// Returns the fault as the window sees it.
    pub(crate) fn info(&self) -> ErrorInfo {
        match self {
            Self::Engine(error) => ErrorInfo::from(error),
            own => ErrorInfo {
                code: own.code().to_owned(),
                message: own.to_string(),
                hint: Some(own.hint().to_owned()),
                details: std::error::Error::source(own).map(ToString::to_string),
                values: values::of(own),
            },
        }
    }

    /// Prints the fault and returns the exit code that belongs to it.
    pub(crate) fn report(&self) -> ExitCode {
        let info = self.info();
        let details = info
            .details
            .as_ref()
            .filter(|details| !info.message.contains(details.as_str()));
        output::tell(&format!("error: {}{}", info.message, in_brackets(details)));
        if let Some(hint) = info.hint {
            output::tell(&format!("hint: {hint}"));
        }
        ExitCode::from(if self.is_input_fault() { 1 } else { 4 })
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::Protocol(_) => "worker.malformed",
            Self::RunFolderTaken { .. } | Self::RunFolderIsFile { .. } => "worker.runFolderTaken",
            Self::NothingToResume { .. } => "worker.nothingToResume",
            Self::OutIsInput { .. } => "worker.outIsInput",
            Self::NoOutFolder { .. } => "worker.noOutFolder",
            Self::NoModelFolder { .. } => "worker.noModelFolder",
            Self::RecipeUnreadable { .. } | Self::RecipeContent { .. } => "worker.recipe",
            Self::MaxLength { .. } => "worker.maxLength",
            Self::UnevenPairs { .. } => "worker.unevenPairs",
            Self::ClassifyWhat { .. } => "worker.classifyWhat",
            Self::Measuring { .. } => "worker.measuring",
            Self::Remember { .. } => "worker.remember",
            Self::Busy { .. } => "worker.busy",
            Self::Paused { .. } => "worker.paused",
            Self::PageUnwritable { .. } => "worker.page",
            Self::Output(_) => "worker.output",
            Self::Internal { .. } => "worker.internal",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Protocol(_) => {
                "A request is one line: {\"id\": 1, \"method\": \"hello\", \"params\": {}}."
            }
            Self::RunFolderTaken { .. } | Self::RunFolderIsFile { .. } => {
                "Choose another --out; a run never overwrites what is there."
            }
            Self::NothingToResume { .. } => {
                "Name the run's folder with --out, or leave --resume out."
            }
            Self::OutIsInput { .. } => "Choose another name; your file is never changed.",
            Self::NoOutFolder { .. } => "Make the folder first, or choose another place.",
            Self::NoModelFolder { .. } => {
                "Give the folder that training printed at its end; it holds config.json."
            }
            Self::RecipeUnreadable { .. } | Self::RecipeContent { .. } => {
                "A recipe is a JSON object with settings such as {\"epochs\": 3, \"learningRate\": 0.0001}."
            }
            Self::MaxLength { .. } => "Choose a smaller number.",
            Self::UnevenPairs { .. } => "Give one --text-b for each --text.",
            Self::ClassifyWhat { .. } => "Send texts, or file together with out.",
            Self::Measuring { .. } => {
                "Try again; if it stays so, choose the processor as the device."
            }
            Self::Remember { .. } => "Check that the folder can be written and the disk has room.",
            Self::Busy { .. } => "Wait for its answer, or cancel it.",
            Self::Paused { .. } => "It can be resumed from there.",
            Self::PageUnwritable { .. } => "Choose another place for --html.",
            Self::Output(_) => "Check that the disk has room.",
            Self::Engine(_) | Self::Internal { .. } => {
                "This is a fault in Embert, not in your data. Please report it with the command and this message."
            }
        }
    }

    /// Whether the input is at fault, not the program.
    pub(crate) fn is_input_fault(&self) -> bool {
        match self {
            Self::Engine(error) => error.is_input_fault(),
            Self::Paused { .. } | Self::Output(_) | Self::Internal { .. } => false,
            _ => true,
        }
    }
}

/// Lets `?` turn each chapter's error into a failure.
macro_rules! from_chapters {
    ($($error:path),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Engine(error.into())
            }
        })*
    };
}

from_chapters!(
    embert_engine::base_model::BaseModelError,
    embert_engine::onnx::OnnxError,
    embert_engine::dataset::DatasetError,
    embert_engine::device::DeviceError,
    embert_engine::edits::EditFileError,
    embert_engine::measure::MeasureError,
    embert_engine::pack::PackError,
    embert_engine::predict::PredictError,
    embert_engine::recipe::RecipeError,
    embert_engine::split::SplitError,
    embert_engine::table::TableError,
    embert_engine::train::TrainError,
);

static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps the message of a panic for [`contain`] instead of printing it: a panic on a thread whose owner copes with it
/// is no news for the person.
pub(crate) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        let place = info
            .location()
            .map(|place| format!(" (at {}:{})", place.file(), place.line()))
            .unwrap_or_default();
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = Some(format!("{message}{place}"));
        }
    }));
}

/// Runs `work`; a panic becomes [`Failure::Internal`].
pub(crate) fn contain<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let message = LAST_PANIC.lock().ok().and_then(|mut last| last.take());
        Err(Failure::internal(
            message.unwrap_or_else(|| "no message".to_owned()),
        ))
    })
}

fn recipe_name(path: Option<&PathBuf>) -> String {
    match path {
        Some(path) => format!("The recipe {} is not usable:", path.display()),
        None => "The recipe is not usable:".to_owned(),
    }
}

fn in_brackets(details: Option<&String>) -> String {
    details
        .map(|details| format!(" ({details})"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_names_and_numbers_of_a_sentence_are_its_values() {
        let too_long = Failure::MaxLength {
            max_length: 600,
            limit: 512,
        };
        let remember = Failure::Remember {
            folder: PathBuf::from("data"),
            source: io::Error::other("full"),
        };
        let cases = [
            (too_long, json!({"maxLength": 600, "limit": 512})),
            (remember, json!({"folder": "data", "source": "full"})),
            (
                Failure::internal("index out of bounds"),
                json!({"reason": "index out of bounds"}),
            ),
            (Failure::Output(io::Error::other("full")), json!({})),
        ];
        for (failure, values) in cases {
            assert_eq!(json!(failure.info().values), values);
        }
    }
}
