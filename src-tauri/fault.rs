//! What can go wrong in the shell, as it reaches the screens: code, sentence, hint.

use std::io;
use std::path::{Path, PathBuf};

use embert_engine::error::ErrorInfo;
use embert_engine::values::{self, Values};
use serde::Serialize;

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Fault {
    /// The engine's reason.
    #[error(transparent)]
    Engine(#[from] embert_engine::Error),
    /// The worker's reason.
    #[error("{}", .0.message)]
    Worker(ErrorInfo),
    /// The worker can't be started.
    #[error("The worker program {} can't be started", .path.display())]
    WorkerStart {
        /// The program.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
        /// What the system says.
        #[serde(skip)]
        source: io::Error,
    },
    /// The worker ended in the middle.
    #[error("The worker process ended in the middle of its work ({ending})")]
    WorkerDied {
        /// How it ended.
        ending: String,
        /// The last lines of its log.
        #[serde(skip)]
        log: String,
    },
    /// The worker's answer makes no sense.
    #[error("The worker process answered in an unknown way")]
    WorkerAnswer(
        #[serde(skip)]
        #[source]
        serde_json::Error,
    ),
    /// There is no such project.
    #[error("There is no project \"{id}\"")]
    NoProject {
        /// What was asked for.
        id: String,
    },
    /// There is no such run.
    #[error("There is no run \"{id}\" in this project")]
    NoRun {
        /// What was asked for.
        id: String,
    },
    /// A training is running already.
    #[error("A training is running already, in the project \"{project}\"")]
    Busy {
        /// The project's name.
        project: String,
    },
    /// The run has no model.
    #[error("The run \"{id}\" has no model")]
    NoModel {
        /// The run.
        id: String,
    },
    /// The run can't go on.
    #[error("The run \"{id}\" has no checkpoint to go on from")]
    NoCheckpoint {
        /// The run.
        id: String,
    },
    /// A project's own file is damaged.
    #[error("The project file {} is damaged", .path.display())]
    Damaged {
        /// The file.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
        /// What the JSON reader says.
        #[serde(skip)]
        source: serde_json::Error,
    },
    /// The project was made before the bytes of the file were kept.
    #[error("This project has no copy of {file}, so it can't be read again in another way")]
    NoCopy {
        /// The person's file.
        file: String,
    },
    /// A file can't be read or written.
    #[error("{} can't be read or written", .path.display())]
    File {
        /// The file or folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
        /// What the system says.
        #[serde(skip)]
        source: io::Error,
    },
    /// The folder is taken.
    #[error("The folder {} is there already", .path.display())]
    FolderTaken {
        /// The folder.
        #[serde(serialize_with = "embert_engine::values::path")]
        path: PathBuf,
    },
    /// The window or a dialog did not work.
    #[error("The window could not do that: {reason}")]
    Window {
        /// What the window toolkit says.
        reason: String,
    },
}

impl Fault {
    /// For `map_err`: a file that can't be read or written.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Fault + use<> {
        let path = path.to_path_buf();
        move |source| Fault::File { path, source }
    }

    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Engine(error) => error.code(),
            Self::Worker(info) => &info.code,
            Self::WorkerStart { .. } => "worker.start",
            Self::WorkerDied { .. } => "worker.died",
            Self::WorkerAnswer(_) => "worker.answer",
            Self::NoProject { .. } => "project.notFound",
            Self::NoRun { .. } => "run.notFound",
            Self::Busy { .. } => "training.busy",
            Self::NoModel { .. } => "run.noModel",
            Self::NoCheckpoint { .. } => "run.noCheckpoint",
            Self::Damaged { .. } => "project.damaged",
            Self::NoCopy { .. } => "project.noCopy",
            Self::File { .. } => "file.unusable",
            Self::FolderTaken { .. } => "folder.taken",
            Self::Window { .. } => "window.fault",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Engine(error) => return error.hint(),
            Self::Worker(info) => return info.hint.clone(),
            Self::WorkerStart { .. } | Self::WorkerAnswer(_) => {
                "Install Embert again; the program belongs to it."
            }
            Self::WorkerDied { .. } => {
                "What was reached before is kept. Try again; if it ends the same way, choose the processor as the \
                 device in the settings."
            }
            Self::NoProject { .. } | Self::NoRun { .. } => "Go back to the list of projects.",
            Self::Busy { .. } => "Wait for it, or stop it on its Train page.",
            Self::NoModel { .. } => "Choose a run that was finished, or train again.",
            Self::NoCheckpoint { .. } => {
                "Train again; the first checkpoint is written at the first look at the valid part."
            }
            Self::Damaged { .. } | Self::NoCopy { .. } => "Begin a new project from the file.",
            Self::File { .. } => {
                "Check that it is there, that you may use it and that the disk has room."
            }
            Self::FolderTaken { .. } => "Choose another folder or name.",
            Self::Window { .. } => "Try again; if it stays so, restart Embert.",
        };
        Some(hint.to_owned())
    }

    fn details(&self) -> Option<String> {
        match self {
            Self::Engine(error) => ErrorInfo::from(error).details,
            Self::Worker(info) => info.details.clone(),
            Self::WorkerStart { source, .. } | Self::File { source, .. } => {
                Some(source.to_string())
            }
            Self::Damaged { source, .. } | Self::WorkerAnswer(source) => Some(source.to_string()),
            Self::WorkerDied { log, .. } => (!log.is_empty()).then(|| log.clone()),
            _ => None,
        }
    }

    fn values(&self) -> Values {
        match self {
            Self::Worker(info) => info.values.clone(),
            own => values::of(own),
        }
    }
}

impl From<Fault> for ErrorInfo {
    fn from(fault: Fault) -> ErrorInfo {
        ErrorInfo {
            code: fault.code().to_owned(),
            message: fault.to_string(),
            hint: fault.hint(),
            details: fault.details(),
            values: fault.values(),
        }
    }
}

/// Faults of single chapters of the engine come in through [`embert_engine::Error`].
macro_rules! from_engine {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                Fault::Engine(error.into())
            }
        })+
    };
}

from_engine!(
    embert_engine::table::TableError,
    embert_engine::dataset::DatasetError,
    embert_engine::edits::EditError,
    embert_engine::edits::EditFileError,
    embert_engine::split::SplitError,
    embert_engine::recipe::RecipeError,
    embert_engine::tokens::TokensError,
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_names_in_a_sentence_are_its_values() {
        let busy = ErrorInfo::from(Fault::Busy {
            project: "Mails".to_owned(),
        });
        assert_eq!(json!(busy.values), json!({"project": "Mails"}));
        let died = ErrorInfo::from(Fault::WorkerDied {
            ending: "signal: 9 (SIGKILL)".to_owned(),
            log: "a long story".to_owned(),
        });
        assert_eq!(json!(died.values), json!({"ending": "signal: 9 (SIGKILL)"}));
        assert_eq!(died.details.as_deref(), Some("a long story"));
    }

    #[test]
    fn the_values_of_engine_and_worker_are_handed_through() {
        let path = PathBuf::from("a.csv");
        let engine = Fault::from(embert_engine::table::TableError::Empty { path });
        let engine = ErrorInfo::from(engine);
        assert_eq!(json!(engine.values.clone()), json!({"path": "a.csv"}));
        assert_eq!(ErrorInfo::from(Fault::Worker(engine.clone())), engine);
    }
}
