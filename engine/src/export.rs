//! A trained classifier to a folder that `transformers` loads as it is.
//!
//! There is no private format. The folder is written under a temporary name beside its place and then
//! renamed, so that at any moment there is a whole model or none.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::base_model::BaseModel;
use crate::batch::Vocabulary;
use crate::bert::{NamedTensor, WeightFile, WeightsError};
use crate::classifier::BertClassifier;
use crate::dataset::{LabelMap, Task};
use crate::metrics::USUAL_THRESHOLD;
use crate::recipe::Recipe;
use crate::report::Report;
use crate::whole_file::{self, Readers};

/// Files of the base model that are taken along unchanged where they are there.
const COPIED_FILES: [&str; 6] = [
    "tokenizer.json",
    "vocab.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "LICENSE",
    "NOTICE",
];

/// Beginning of the name of a model folder that is not whole yet.
const FRESH_PREFIX: &str = ".model-";
/// Beginning of the name of a folder that holds the model that is being replaced.
const OLD_PREFIX: &str = ".old-model-";

/// Why a model folder can't be written.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum ExportError {
    /// A file or folder can't be written.
    #[error("{path} can't be written")]
    Write {
        /// The file or folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Why.
        #[source]
        #[serde(skip)]
        source: io::Error,
    },
    /// A file of the base model can't be read.
    #[error("{path} can't be read")]
    Read {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Why.
        #[source]
        #[serde(skip)]
        source: io::Error,
    },
    /// The tensors can't be written as safetensors.
    #[error("{path} can't be written as safetensors")]
    Tensors {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Why.
        #[source]
        #[serde(skip)]
        source: safetensors::SafeTensorError,
    },
    /// The base model's tensors can't be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// What Embert keeps beside the model: `embert.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelFacts {
    /// Version of Embert that trained the model.
    pub embert_version: String,
    /// Name of the base model.
    pub base_model: String,
    /// SHA-256 of texts and labels.
    pub data_hash: String,
    /// Every setting, the seed included.
    pub recipe: Recipe,
    /// Number of texts in the train, valid and test parts.
    pub split: [usize; 3],
    /// Whether the texts are pairs.
    pub pairs: bool,
    /// Score from which on a text gets a label, by label id, where it can have several; otherwise absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<f32>,
    /// What the test part showed; absent until the test is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
}

/// A network ready to be written.
pub(crate) struct TrainedNetwork<'a> {
    /// The network, without autodiff.
    pub(crate) network: &'a BertClassifier,
    /// Words whose embeddings the network has.
    pub(crate) vocabulary: &'a Vocabulary,
    /// Where it started.
    pub(crate) base_model: &'a BaseModel,
    /// The base model's tensors.
    pub(crate) base_weights: &'a WeightFile,
    /// The labels, in the order of the network's scores.
    pub(crate) labels: &'a LabelMap,
    /// How many labels a text can have.
    pub(crate) task: Task,
}

/// Writes the model folder `folder`, in place of the one that may be there.
///
/// # Errors
/// When a file can't be written; what was there before is still there.
pub(crate) fn write_model_folder(
    model: &TrainedNetwork,
    facts: &ModelFacts,
    folder: &Path,
) -> Result<(), ExportError> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    let write = |source| ExportError::Write {
        path: folder.to_path_buf(),
        source,
    };
    let fresh = tempfile::Builder::new()
        .prefix(FRESH_PREFIX)
        .tempdir_in(parent)
        .map_err(write)?;
    copy_base_files(&model.base_model.folder, fresh.path())?;
    write_json(&fresh.path().join("config.json"), &config_json(model))?;
    write_json(
        &fresh.path().join("tokenizer_config.json"),
        &tokenizer_config(model, facts),
    )?;
    write_weights(model, &fresh.path().join("model.safetensors"))?;
    write_facts(facts, model.labels, fresh.path())?;
    replace_folder(fresh, folder).map_err(write)
}

/// Writes what is known about the model, `embert.json` and the model card `README.md`.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn write_facts(
    facts: &ModelFacts,
    labels: &LabelMap,
    folder: &Path,
) -> Result<(), ExportError> {
    let value = serde_json::to_value(facts).expect("facts are plain data");
    write_json(&folder.join("embert.json"), &value)?;
    write_file(
        &folder.join("README.md"),
        model_card(facts, labels).as_bytes(),
    )
}

/// Puts the folder `fresh` in the place of `folder`.
fn replace_folder(fresh: tempfile::TempDir, folder: &Path) -> io::Result<()> {
    let fresh = fresh.keep();
    make_readable(&fresh)?;
    if !folder.exists() {
        return fs::rename(&fresh, folder);
    }
    let old = tempfile::Builder::new()
        .prefix(OLD_PREFIX)
        .tempdir_in(folder.parent().unwrap_or(Path::new(".")))?;
    fs::rename(folder, old.path().join("model"))?;
    fs::rename(&fresh, folder)
}

/// Puts a folder in order whose process ended in the middle of writing: an old model comes back when no
/// new one took its place, and what is not whole goes.
///
/// # Errors
/// When something can't be moved or removed.
pub(crate) fn tidy_up(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (old, place) = (path.join("model"), parent.join("model"));
        if name.starts_with(OLD_PREFIX) && old.is_dir() && !place.exists() {
            fs::rename(old, place)?;
        }
        if name.starts_with(OLD_PREFIX) || name.starts_with(FRESH_PREFIX) {
            fs::remove_dir_all(&path)?;
        }
        if name.starts_with(whole_file::PREFIX) && path.is_file() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// What is written under a temporary name is for its owner alone; a model folder is a folder like any other.
#[cfg(unix)]
fn make_readable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for entry in fs::read_dir(folder)? {
        fs::set_permissions(entry?.path(), fs::Permissions::from_mode(0o644))?;
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn copy_base_files(base: &Path, folder: &Path) -> Result<(), ExportError> {
    for name in COPIED_FILES {
        let (from, to) = (base.join(name), folder.join(name));
        if from.exists() {
            let bytes =
                fs::read(&from).map_err(|source| ExportError::Read { path: from, source })?;
            write_file(&to, &bytes)?;
        }
    }
    Ok(())
}

/// Writes `bytes` to a temporary file and renames it to `path`.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let write = |source| ExportError::Write {
        path: path.to_path_buf(),
        source,
    };
    whole_file::write(path, Readers::Usual, |file| file.write_all(bytes)).map_err(write)
}

/// Writes `value`, indented, to a temporary file and renames it to `path`.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn write_json(path: &Path, value: &Value) -> Result<(), ExportError> {
    let mut text = serde_json::to_string_pretty(value).expect("a JSON value can be written");
    text.push('\n');
    write_file(path, text.as_bytes())
}

fn write_weights(model: &TrainedNetwork, path: &Path) -> Result<(), ExportError> {
    let named = model.network.write(model.vocabulary, model.base_weights)?;
    let bytes = |tensor: &NamedTensor| -> Vec<u8> {
        tensor
            .elements
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect()
    };
    let data: Vec<(NamedTensor, Vec<u8>)> = named
        .tensors
        .into_iter()
        .map(|mut tensor| {
            let bytes = bytes(&tensor);
            tensor.elements = Vec::new();
            (tensor, bytes)
        })
        .collect();
    let failed = |source| ExportError::Tensors {
        path: path.to_path_buf(),
        source,
    };
    let views = data
        .iter()
        .map(|(tensor, bytes)| {
            Ok((
                tensor.name.as_str(),
                TensorView::new(Dtype::F32, tensor.shape.clone(), bytes)?,
            ))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize_to_file(views, Some(metadata), path).map_err(failed)
}

/// `config.json` of the base model, made that of a classifier.
fn config_json(model: &TrainedNetwork) -> Value {
    let mut config = model
        .base_model
        .config
        .as_object()
        .cloned()
        .unwrap_or_default();
    let names = model.labels.names();
    let id2label: Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(id, name)| (id.to_string(), json!(name)))
        .collect();
    let label2id: Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(id, name)| (name.clone(), json!(id)))
        .collect();
    config.insert(
        "architectures".to_owned(),
        json!(["BertForSequenceClassification"]),
    );
    config.insert("model_type".to_owned(), json!("bert"));
    config.insert("id2label".to_owned(), Value::Object(id2label));
    config.insert("label2id".to_owned(), Value::Object(label2id));
    config.insert("problem_type".to_owned(), json!(problem_type(model.task)));
    // The weights are written as f32 whatever the base model had; "dtype" is the newer name.
    config.insert("torch_dtype".to_owned(), json!("float32"));
    for stale in [
        "dtype",
        "_name_or_path",
        "gradient_checkpointing",
        "num_labels",
    ] {
        config.remove(stale);
    }
    Value::Object(config)
}

/// What `transformers` calls it.
pub(crate) fn problem_type(task: Task) -> &'static str {
    match task {
        Task::Single => "single_label_classification",
        Task::Multi => "multi_label_classification",
    }
}

/// From which score on a text gets a label, as the model folder says; the usual threshold where it doesn't, and none
/// where each text has one label.
pub(crate) fn thresholds(folder: &Path, task: Task, n_labels: usize) -> Vec<f32> {
    #[derive(Deserialize)]
    struct Known {
        thresholds: Vec<f32>,
    }
    if task.is_single() {
        return Vec::new();
    }
    let facts = fs::read(folder.join("embert.json")).ok();
    let known: Option<Known> = facts.and_then(|text| serde_json::from_slice(&text).ok());
    let known = known.filter(|known| known.thresholds.len() == n_labels);
    known.map_or_else(|| vec![USUAL_THRESHOLD; n_labels], |known| known.thresholds)
}

/// `tokenizer_config.json` of the base model, with the length that the classifier was trained with.
fn tokenizer_config(model: &TrainedNetwork, facts: &ModelFacts) -> Value {
    let path = model.base_model.folder.join("tokenizer_config.json");
    let read = fs::read_to_string(path)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok());
    let mut config: Map<String, Value> = read.unwrap_or_default();
    config
        .entry("tokenizer_class")
        .or_insert(json!("BertTokenizer"));
    config.insert(
        "model_max_length".to_owned(),
        json!(facts.recipe.max_length),
    );
    Value::Object(config)
}

/// The model card: what the model is for, how good it is, how to use it.
fn model_card(facts: &ModelFacts, labels: &LabelMap) -> String {
    let label_list: String = labels
        .names()
        .iter()
        .map(|name| format!("- {name}\n"))
        .collect();
    let [n_train, n_valid, n_test] = facts.split;
    let several = facts
        .report
        .as_ref()
        .and_then(|report| Some((report, report.multi_label.as_ref()?)));
    let scores = match (several, &facts.report) {
        (Some((report, multi)), _) => format!(
            "Micro-F1 {:.1} % (95 % interval {:.1} to {:.1} %), macro-F1 {:.1} % on {} test texts that played no part in \
             training; all labels right for {:.1} % of them. Always giving \"{}\" would have a micro-F1 of {:.1} %.\n",
            100.0 * multi.scores.micro_f1,
            100.0 * multi.scores.micro_f1_interval[0],
            100.0 * multi.scores.micro_f1_interval[1],
            100.0 * report.scores.macro_f1,
            report.n_test,
            100.0 * report.scores.accuracy,
            report.majority.label,
            100.0 * multi.majority_micro_f1
        ),
        (None, Some(report)) => format!(
            "Accuracy {:.1} % (95 % interval {:.1} to {:.1} %), macro-F1 {:.1} % on {} test texts that played no part in \
             training. Always answering \"{}\" would be right for {:.1} %.\n",
            100.0 * report.scores.accuracy,
            100.0 * report.accuracy_interval[0],
            100.0 * report.accuracy_interval[1],
            100.0 * report.scores.macro_f1,
            report.n_test,
            report.majority.label,
            100.0 * report.majority.accuracy
        ),
        (None, None) => "The model has not been tested yet.\n".to_owned(),
    };
    let input = if facts.pairs {
        "pairs of texts"
    } else {
        "texts"
    };
    let is_multi = !facts.thresholds.is_empty();
    let call = if facts.pairs {
        "{\"text\": \"first text\", \"text_pair\": \"second text\"}"
    } else {
        "\"Your text\""
    };
    let words = if facts.pairs {
        "--text \"first text\" --text-b \"second text\""
    } else {
        "--text \"Your text\""
    };
    format!(
        "---\nlibrary_name: transformers\npipeline_tag: text-classification\n---\n\n\
         # Text classifier\n\n\
         {} {} labels. Trained with Embert {} from {}.\n\n\
         ## Labels\n\n{label_list}\n\
         ## Scores\n\n{scores}\n\
         ## Data\n\n{n_train} texts to learn from, {n_valid} to choose the best checkpoint, {n_test} to test. \
         SHA-256 of texts and labels: `{}`.\n\n\
         ## Use\n\n```python\nfrom transformers import pipeline\n\n\
         classify = pipeline(\"text-classification\", model=\"path/to/this/folder\")\nprint(classify({call}))\n```\n\n\
         ```sh\nembert classify path/to/this/folder {words}\n```\n",
        if is_multi {
            format!("Gives {input} any of")
        } else {
            format!("Sorts {input} into")
        },
        labels.len(),
        facts.embert_version,
        facts.base_model,
        facts.data_hash,
    ) + &threshold_table(facts, labels)
}

/// From which score on a text gets a label; nothing where it has exactly one.
fn threshold_table(facts: &ModelFacts, labels: &LabelMap) -> String {
    if facts.thresholds.is_empty() {
        return String::new();
    }
    let rows = labels.names().iter().zip(&facts.thresholds);
    let rows: String = rows
        .map(|(name, threshold)| format!("| {name} | {threshold:.3} |\n"))
        .collect();
    format!(
        "\nA text can have several labels. Call `classify` with `top_k=None` for all scores; a label is given from this \
         score on, chosen on the texts that chose the best checkpoint:\n\n| Label | Score |\n| --- | --- |\n{rows}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_come_back_as_they_were_and_are_the_usual_ones_where_none_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let known = [0.1_f32, 0.333_333_34, 0.999_999_9];
        let facts = json!({"thresholds": known, "pairs": false});
        fs::write(folder.path().join("embert.json"), facts.to_string()).unwrap();
        assert_eq!(thresholds(folder.path(), Task::Multi, 3), known);
        assert_eq!(thresholds(folder.path(), Task::Multi, 2), [0.5, 0.5]);
        assert!(thresholds(folder.path(), Task::Single, 3).is_empty());
    }

    #[test]
    fn an_interrupted_exchange_of_models_is_put_in_order() {
        let run = tempfile::tempdir().unwrap();
        let old = run.path().join(".old-model-1/model");
        let fresh = run.path().join(".model-2");
        fs::create_dir_all(&old).unwrap();
        fs::create_dir_all(&fresh).unwrap();
        fs::write(old.join("config.json"), "{}").unwrap();
        fs::write(run.path().join(".embert-3.tmp"), "{").unwrap();

        tidy_up(run.path()).unwrap();

        assert!(run.path().join("model/config.json").is_file());
        assert_eq!(fs::read_dir(run.path()).unwrap().count(), 1);
    }
}
