//! The lines between the window and the worker: one JSON object per line.
//!
//! In: `{"id", "method", "params"}`. Out: `{"id", "result"}` or `{"id", "error"}` once per request, and before that any
//! number of `{"id", "event"}`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::dataset::{Mapping, MappingRequest};
use crate::error::ErrorInfo;
use crate::event::{TrainEvent, WorkProgress};
use crate::measurement::Measurement;
use crate::report::Report;
use crate::table::{Dialect, DialectRequest};

/// What the sender calls a request; the worker repeats it in every line about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestId {
    /// A number.
    Number(u64),
    /// A word.
    Text(String),
}

/// A line to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The sender's name for it.
    pub id: RequestId,
    /// What to do.
    #[serde(flatten)]
    pub call: Call,
}

/// What the worker can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", content = "params", rename_all = "camelCase")]
pub enum Call {
    /// Asks who is there; answered with [`HelloResult`].
    Hello(NoParams),
    /// Says how a file is read; answered with [`Inspection`].
    Inspect(InspectParams),
    /// Trains a classifier; answered with [`TrainResult`].
    Train(Box<TrainParams>),
    /// Judges an existing classifier; answered with a [`Report`], or `null` when it was stopped.
    Evaluate(EvaluateParams),
    /// Gives labels to texts; answered with [`ClassifyResult`].
    Classify(ClassifyParams),
    /// Writes a classifier as ONNX; answered with what was written, or `null` when it was stopped.
    Export(ExportParams),
    /// Lists the devices.
    Devices(NoParams),
    /// Trains for two seconds to see how fast a device is; answered with [`MeasureResult`].
    Measure(MeasureParams),
    /// Lists the base models.
    Models(NoParams),
    /// Describes one base model by name or folder, installed or not; answered as one of the list.
    Model(ModelParams),
    /// Fetches a base model; answered with [`DownloadResult`].
    Download(ModelParams),
    /// Stops another request, which is answered as stopped; answered with [`CancelResult`].
    Cancel(CancelParams),
}

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// Which file to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectParams {
    /// The file.
    pub file: PathBuf,
    /// Files that are other parts of the same table.
    #[serde(default)]
    pub other_files: Vec<PathBuf>,
    /// What the person said about the columns.
    #[serde(default)]
    pub columns: MappingRequest,
    /// How the person wants the file to be read.
    #[serde(default)]
    pub dialect: DialectRequest,
    /// A list of corrections, made as far as they fit.
    #[serde(default)]
    pub edits: Option<PathBuf>,
}

/// What to train on and how; the same as the options of `embert train`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainParams {
    /// The file of texts and labels.
    pub file: PathBuf,
    /// Files that are other parts of the same table.
    #[serde(default)]
    pub other_files: Vec<PathBuf>,
    /// What the person said about the columns.
    #[serde(default)]
    pub columns: MappingRequest,
    /// How the person wants the file to be read.
    #[serde(default)]
    pub dialect: DialectRequest,
    /// Whether Embert wrote the file itself, so that nothing about it is detected and `dialect` says nothing.
    #[serde(default)]
    pub is_own_file: bool,
    /// A list of corrections, made as far as they fit.
    #[serde(default)]
    pub edits: Option<PathBuf>,
    /// A second file whose rows are the test part.
    #[serde(default)]
    pub test_file: Option<PathBuf>,
    /// Name or folder of the base model; left out = the starter model.
    #[serde(default)]
    pub base_model: Option<String>,
    /// The run folder.
    #[serde(default)]
    pub out: Option<PathBuf>,
    /// Fields of the recipe that differ from the defaults; a training that goes on keeps its recipe.
    #[serde(default)]
    pub recipe: Map<String, Value>,
    /// `auto`, `cpu`, `gpu` or a name.
    #[serde(default)]
    pub device: Option<String>,
    /// Whether to go on from the checkpoint in the run folder.
    #[serde(default)]
    pub resume: bool,
}

/// What to judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateParams {
    /// The model folder.
    pub model: PathBuf,
    /// The file of texts and labels.
    pub file: PathBuf,
    /// What the person said about the columns.
    #[serde(default)]
    pub columns: MappingRequest,
    /// How the person wants the file to be read.
    #[serde(default)]
    pub dialect: DialectRequest,
    /// `auto`, `cpu`, `gpu` or a name.
    #[serde(default)]
    pub device: Option<String>,
}

/// What to classify: texts, or a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClassifyParams {
    /// The model folder.
    pub model: PathBuf,
    /// Texts to classify.
    #[serde(default)]
    pub texts: Vec<TextToClassify>,
    /// A file to classify.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// Where the file with labels goes.
    #[serde(default)]
    pub out: Option<PathBuf>,
    /// What the person said about the columns.
    #[serde(default)]
    pub columns: MappingRequest,
    /// How the person wants the file to be read.
    #[serde(default)]
    pub dialect: DialectRequest,
    /// `auto`, `cpu`, `gpu` or a name.
    #[serde(default)]
    pub device: Option<String>,
}

/// What to export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportParams {
    /// The model folder.
    pub model: PathBuf,
    /// A file of texts and labels to compare on.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// What the person said about its columns.
    #[serde(default)]
    pub columns: MappingRequest,
    /// How the person wants it to be read.
    #[serde(default)]
    pub dialect: DialectRequest,
    /// Whether Embert wrote the file itself, so that nothing about it is detected and `dialect` says nothing.
    #[serde(default)]
    pub is_own_file: bool,
    /// The folder to write.
    pub out: PathBuf,
    /// Whether to write a file with weights of 8 bits besides.
    #[serde(default)]
    pub int8: bool,
}

/// A text or a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextToClassify {
    /// The text.
    pub text: String,
    /// The second text of a pair.
    #[serde(default)]
    pub text_b: Option<String>,
}

/// Which device to measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureParams {
    /// Id of the device; left out = the one that `auto` takes.
    #[serde(default)]
    pub device: Option<String>,
}

/// Which base model is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelParams {
    /// A name of the list, `owner/model` on the hub, or a folder.
    pub name: String,
}

/// Which request to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelParams {
    /// Its name.
    pub id: RequestId,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HelloResult {
    /// `embert`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Version of the protocol.
    pub protocol: u32,
}

/// Whether there was something to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelResult {
    /// Whether the request was running.
    pub cancelled: bool,
}

/// How a file is read, before anything is done with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// Its format.
    pub dialect: Dialect,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Number of rows that were read.
    pub n_rows: usize,
    /// Which column means what; `None` when no column holds text.
    pub mapping: Option<Mapping>,
    /// Why, one sentence per guessed column.
    pub reasons: Vec<String>,
    /// Corrections that were made; `None` without a list of them.
    pub n_edits: Option<usize>,
    /// Columns that were recognised as something else and left out, a sentence for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// The labels after the corrections, in the order of their ids; empty when there is no label column.
    pub labels: Vec<LabelCount>,
    /// Rows that have a text and a label and are not left out.
    pub n_examples: usize,
    /// What is odd about the file.
    pub findings: Vec<Finding>,
}

/// A label and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// Examples that have it.
    pub n_examples: usize,
}

/// Something odd about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Stable name of the matter.
    pub code: String,
    /// Line of the file, from 1; `None` when it is about the whole file.
    pub line: Option<u64>,
    /// One sentence for the person.
    pub message: String,
}

/// How a training ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrainResult {
    /// The report on the test part.
    pub report: Report,
    /// The trained model.
    pub model_folder: PathBuf,
    /// Whether the person stopped it.
    pub stopped: bool,
}

/// How fast a device is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeasureResult {
    /// What was found; `None` when it was stopped.
    pub measurement: Option<Measurement>,
}

/// Where a model was put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadResult {
    /// The model folder; `None` when it was stopped.
    pub folder: Option<PathBuf>,
}

/// How far a download has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename = "download", rename_all = "camelCase")]
pub struct DownloadState {
    /// File that is being fetched.
    pub file: String,
    /// Bytes of all files that are here.
    pub done_bytes: u64,
    /// Bytes of all files; 0 until it is known.
    pub total_bytes: u64,
    /// Bytes that arrive in a second, lately.
    pub bytes_per_second: f64,
    /// Seconds until the end; `None` until it can be told.
    pub seconds_left: Option<f64>,
}

/// The labels of the texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassifyResult {
    /// One per text; empty when a file was classified.
    pub predictions: Vec<LabelledText>,
    /// Texts that got a label.
    pub n_classified: usize,
    /// Whether the person stopped it.
    pub stopped: bool,
}

/// The answer for one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelledText {
    /// The label with the highest score.
    pub label: String,
    /// One score per label, 0 to 1, in the order of the labels; they sum to 1 where a text has one label.
    pub scores: Vec<f64>,
    /// The labels that the text gets where it can have several, the highest score first; otherwise left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub labels: Option<Vec<String>>,
}

/// The last line about a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// It worked.
    Done {
        /// The request.
        id: RequestId,
        /// What came out.
        result: Value,
    },
    /// It did not.
    Failed {
        /// The request; `null` when the line could not be read.
        id: Option<RequestId>,
        /// What happened.
        error: ErrorInfo,
    },
}

/// A line while a request runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventLine {
    /// The request.
    pub id: RequestId,
    /// What happened.
    pub event: WorkerEvent,
}

/// What can happen while a request runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WorkerEvent {
    /// A training tells something.
    Training(TrainEvent),
    /// Evaluating, classifying or measuring comes forward.
    Progress(WorkProgress),
    /// A download comes forward.
    Download(DownloadState),
}

/// Why a line is not a request.
#[derive(Debug, thiserror::Error)]
pub enum ProtocolError {
    /// The line is not JSON, or not a request.
    #[error("The line is not a request")]
    Malformed {
        /// The request's id, where it could be read.
        id: Option<RequestId>,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

impl Request {
    /// Reads a line.
    ///
    /// # Errors
    /// [`ProtocolError::Malformed`], with the id where it could be read, so that the line can be answered.
    pub fn parse(line: &str) -> Result<Request, ProtocolError> {
        serde_json::from_str(line).map_err(|source| ProtocolError::Malformed {
            id: id_of(line),
            source,
        })
    }
}

/// The id of a line that is JSON, but not a request.
fn id_of(line: &str) -> Option<RequestId> {
    let value: Value = serde_json::from_str(line).ok()?;
    serde_json::from_value(value.get("id")?.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read() {
        let request =
            Request::parse(r#"{"id": 7, "method": "cancel", "params": {"id": 6}}"#).unwrap();
        assert_eq!(request.id, RequestId::Number(7));
        assert!(matches!(request.call, Call::Cancel(_)));
    }

    #[test]
    fn a_malformed_line_keeps_its_id() {
        let ProtocolError::Malformed { id, .. } =
            Request::parse(r#"{"id": "a", "method": "fly"}"#).unwrap_err();
        assert_eq!(id, Some(RequestId::Text("a".to_owned())));
        let ProtocolError::Malformed { id, .. } = Request::parse("{").unwrap_err();
        assert_eq!(id, None);
    }
}
