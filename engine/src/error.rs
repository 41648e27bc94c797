//! Everything that can go wrong, gathered: each fault has a code, a sentence, and mostly a hint.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[cfg(feature = "download")]
use crate::base_model::BaseModelError;
use crate::dataset::DatasetError;
#[cfg(feature = "compute")]
use crate::device::DeviceError;
use crate::edits::{EditError, EditFileError};
#[cfg(feature = "compute")]
use crate::measure::MeasureError;
#[cfg(feature = "compute")]
use crate::onnx::OnnxError;
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
use crate::values::{self, Values};

/// Any fault of the engine.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
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
    /// A file is no list of corrections.
    #[error(transparent)]
    EditFile(#[from] EditFileError),
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
    Pack(
        // Only the command line packs.
        #[serde(skip)]
        #[from]
        PackError,
    ),
    /// A model can't be exported.
    #[cfg(feature = "compute")]
    #[error(transparent)]
    Onnx(#[from] OnnxError),
}

impl Error {
    /// Returns the stable name of the fault, such as `table.missing`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Table(error) => error.code(),
            Error::Dataset(error) => error.code(),
            Error::Edit(error) => error.code(),
            Error::EditFile(error) => error.code(),
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
            #[cfg(feature = "compute")]
            Error::Onnx(error) => error.code(),
        }
    }

    /// Returns what to do about it, as a sentence.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Table(error) => error.hint(),
            Error::Dataset(error) => error.hint(),
            Error::Edit(error) => error.hint(),
            Error::EditFile(error) => error.hint(),
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
            #[cfg(feature = "compute")]
            Error::Onnx(error) => error.hint(),
        }
    }

    /// Tells whether the person's input is at fault (exit code 1) and not the program or the machine (exit code 4).
    pub fn is_input_fault(&self) -> bool {
        match self {
            Error::Table(_)
            | Error::Dataset(_)
            | Error::Edit(_)
            | Error::EditFile(_)
            | Error::Split(_)
            | Error::Tokens(_)
            | Error::Recipe(_) => true,
            #[cfg(feature = "download")]
            Error::BaseModel(error) => error.is_input_fault(),
            #[cfg(feature = "compute")]
            Error::Device(_) | Error::Measure(_) | Error::Predict(_) | Error::Pack(_) => true,
            #[cfg(feature = "compute")]
            Error::Train(error) => error.is_input_fault(),
            #[cfg(feature = "compute")]
            Error::Onnx(error) => error.is_input_fault(),
        }
    }
}

/// A fault as it travels to the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInfo {
    /// Stable name of the fault.
    pub code: String,
    /// One sentence that says what happened, in English.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What lies behind it, for those who ask.
    pub details: Option<String>,
    /// The numbers and names in the sentence, for other languages; empty in what older versions wrote.
    #[serde(default)]
    #[ts(type = "Record<string, string | number | Array<string> | Array<number>>")]
    pub values: Values,
}

impl From<&Error> for ErrorInfo {
    fn from(error: &Error) -> ErrorInfo {
        ErrorInfo {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
            details: details(error),
            values: values::of(error),
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

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use super::*;
    use crate::edits;
    use crate::table::Table;

    fn check(error: impl Into<Error>, code: &str, values: Value) {
        let info = ErrorInfo::from(&error.into());
        assert_eq!(info.code, code);
        assert_eq!(json!(info.values), values, "{code}");
    }

    #[test]
    fn the_names_and_numbers_of_a_sentence_are_its_values() {
        let missing = Table::read(Path::new("no-such.csv")).unwrap_err();
        check(missing, "table.missing", json!({"path": "no-such.csv"}));
        let unreadable = TableError::Unreadable {
            path: PathBuf::from("a.csv"),
            source: std::io::Error::other("no right"),
        };
        check(unreadable, "table.unreadable", json!({"path": "a.csv"}));
        let column = TableError::UnknownColumn {
            column: "txt".to_owned(),
            columns: vec!["text".to_owned(), "label".to_owned()],
        };
        check(
            DatasetError::from(column),
            "table.unknownColumn",
            json!({"column": "txt", "columns": ["text", "label"]}),
        );
        check(
            DatasetError::OneLabel {
                n_examples: 12,
                label: "spam".to_owned(),
            },
            "dataset.oneLabel",
            json!({"nExamples": 12, "label": "spam"}),
        );
        check(DatasetError::TextNeeded, "dataset.textNeeded", json!({}));
        check(
            EditError::UnknownLabel {
                label: "spam".to_owned(),
                n_labels: 3,
            },
            "edits.unknownLabel",
            json!({"label": "spam", "nLabels": 3}),
        );
        let missing = edits::read_list(Path::new("no-such.json")).unwrap_err();
        check(
            missing,
            "editFile.unreadable",
            json!({"path": "no-such.json"}),
        );
        check(
            EditFileError::Edit {
                path: PathBuf::from("edits.json"),
                number: 2,
                kind: Some("splitLabel".to_owned()),
                source: serde_json::from_str::<bool>("7").unwrap_err(),
            },
            "editFile.edit",
            json!({"path": "edits.json", "number": 2, "kind": "splitLabel"}),
        );
        check(
            SplitError::TooFewExamples {
                label: "spam".to_owned(),
                n: 1,
                line: 8,
                needed: 3,
            },
            "split.tooFewExamples",
            json!({"label": "spam", "n": 1, "line": 8, "needed": 3}),
        );
        check(
            TokensError::NoRoom {
                max_length: 2,
                least: 3,
            },
            "tokens.noRoom",
            json!({"maxLength": 2, "least": 3}),
        );
        check(
            RecipeError::OutOfRange {
                name: "epochs",
                value: 0.0,
                range: "above 0".to_owned(),
            },
            "recipe.outOfRange",
            json!({"name": "epochs", "value": 0.0, "range": "above 0"}),
        );
    }

    #[cfg(feature = "compute")]
    #[test]
    fn errors_of_models_and_trainings_have_values() {
        use crate::bert::{BertConfigError, WeightsError};
        use crate::checkpoint::CheckpointError;
        use crate::export::ExportError;

        check(
            BaseModelError::NotFound {
                name: "bert".to_owned(),
                folders: vec![PathBuf::from("models")],
            },
            "baseModel.notFound",
            json!({"name": "bert", "folders": ["models"]}),
        );
        check(
            BaseModelError::Io {
                path: PathBuf::from("a.json"),
                action: "read",
                source: std::io::Error::other("no right"),
            },
            "baseModel.io",
            json!({"path": "a.json", "action": "read", "source": "no right"}),
        );
        check(DeviceError::NoGpu, "device.noGpu", json!({}));
        check(
            TrainError::Weights(WeightsError::Shape {
                path: PathBuf::from("model.safetensors"),
                name: "head".to_owned(),
                found: vec![2, 3],
                expected: vec![2, 4],
            }),
            "model.weights",
            json!({"path": "model.safetensors", "name": "head", "found": [2, 3], "expected": [2, 4]}),
        );
        check(
            TrainError::Write(ExportError::Write {
                path: PathBuf::from("run"),
                source: std::io::Error::other("full"),
            }),
            "run.write",
            json!({"path": "run"}),
        );
        check(
            TrainError::Checkpoint(CheckpointError::Missing {
                folder: PathBuf::from("run"),
            }),
            "run.noCheckpoint",
            json!({"folder": "run"}),
        );
        check(
            PredictError::Config(BertConfigError::Unsupported {
                path: PathBuf::from("config.json"),
                field: "hidden_act",
                value: "relu".to_owned(),
                supported: "gelu",
            }),
            "model.config",
            json!({"path": "config.json", "field": "hidden_act", "value": "relu", "supported": "gelu"}),
        );
        check(
            MeasureError::Write(std::io::Error::other("full")),
            "measure.write",
            json!({}),
        );
    }

    #[test]
    fn what_an_older_version_wrote_has_no_values() {
        let written = r#"{"code": "a.b", "message": "It broke", "hint": null, "details": null}"#;
        let info: ErrorInfo = serde_json::from_str(written).unwrap();
        assert!(info.values.is_empty());
    }
}
