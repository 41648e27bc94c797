//! A model folder to answers: labels with scores for texts, and a report for labelled texts.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base_model::{BaseModel, BaseModelError};
use crate::batch::Vocabulary;
use crate::bert::{BertConfig, BertConfigError, WeightFile, WeightsError};
use crate::classifier::{BertClassifier, ClassifierSource};
use crate::dataset::{Dataset, LabelMap, Task};
use crate::device::{Choice, ComputeDevice};
use crate::evaluate::{Answers, report_on};
use crate::event::WorkProgress;
use crate::export;
use crate::inference::{Logits, Reader, best_label, sigmoid, softmax};
use crate::report::Report;
use crate::tokens::{Encoding, Tokenizer, TokensError};

/// Why a model can't be loaded or asked.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum PredictError {
    /// The folder isn't a model.
    #[error(transparent)]
    Model(#[from] BaseModelError),
    /// `config.json` can't be used.
    #[error(transparent)]
    Config(#[from] BertConfigError),
    /// The weights can't be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A text can't become tokens.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The folder is a model, but not a classifier.
    #[error("The model in {folder} has no labels, so it can't classify")]
    NoLabels {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
    },
}

impl PredictError {
    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Model(error) => error.code(),
            Self::Config(_) => "model.config",
            Self::Weights(_) => "model.weights",
            Self::Tokens(error) => error.code(),
            Self::NoLabels { .. } => "model.noLabels",
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Model(error) => error.hint(),
            Self::Tokens(error) => error.hint(),
            Self::Config(_) | Self::Weights(_) => {
                Some("Copy or download the model again.".to_owned())
            }
            Self::NoLabels { .. } => Some(
                "Choose the folder \"model\" of a finished training, not a base model.".to_owned(),
            ),
        }
    }
}

/// A label for a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The label with the highest score.
    pub label_id: usize,
    /// The labels that the text gets: the one with the highest score, or where it can have several all whose score
    /// reaches their threshold, the highest first.
    pub label_ids: Vec<usize>,
    /// Score of each label, positive, with the sum 1; where a text can have several, each between 0 and 1.
    pub scores: Vec<f32>,
    /// Scores before the softmax or sigmoid.
    pub logits: Vec<f32>,
}

/// A trained model, ready to be asked.
#[derive(Debug)]
pub struct Classifier {
    network: BertClassifier,
    tokenizer: Tokenizer,
    vocabulary: Vocabulary,
    labels: LabelMap,
    task: Task,
    /// From which score on a text gets a label; empty where each has one.
    thresholds: Vec<f32>,
    max_length: usize,
    device: ComputeDevice,
}

/// What asking for an answer may tell and stop.
pub type Progress<'a> = &'a mut dyn FnMut(WorkProgress) -> ControlFlow<()>;

impl Classifier {
    /// Loads the model folder `folder` to the chosen device.
    ///
    /// # Errors
    /// When the folder isn't a trained BERT classifier.
    pub fn load(folder: &Path, choice: &Choice) -> Result<Self, PredictError> {
        let model = BaseModel::open(folder)?;
        let config = BertConfig::read(folder)?;
        let file = WeightFile::open(folder)?;
        let no_labels = || PredictError::NoLabels {
            folder: folder.to_path_buf(),
        };
        if !file.has("classifier.weight") {
            return Err(no_labels());
        }
        let labels = labels(&model.config).ok_or_else(no_labels)?;
        let task = task(&model.config);
        let vocabulary = Vocabulary::full(config.vocab_size);
        let source = ClassifierSource {
            file: &file,
            config: &config,
            vocabulary: &vocabulary,
            n_labels: labels.len(),
        };
        let network = BertClassifier::read(&source, None, &choice.device.device)?;
        Ok(Self {
            network,
            tokenizer: Tokenizer::load(folder)?,
            vocabulary,
            task,
            thresholds: export::thresholds(folder, task, labels.len()),
            labels,
            max_length: max_length(folder)
                .unwrap_or(config.max_position_embeddings)
                .min(config.max_position_embeddings),
            device: choice.device.clone(),
        })
    }

    /// The labels, in the order of the scores.
    #[must_use]
    pub fn labels(&self) -> &LabelMap {
        &self.labels
    }

    /// How many labels a text can have.
    #[must_use]
    pub fn task(&self) -> Task {
        self.task
    }

    /// Longest text in tokens; longer ones lose their middle.
    #[must_use]
    pub fn max_length(&self) -> usize {
        self.max_length
    }

    /// Gives every text (or pair) a label; `None` when `progress` asked to stop.
    ///
    /// # Errors
    /// When a text can't become tokens.
    pub fn classify(
        &self,
        texts: &[(&str, Option<&str>)],
        progress: Progress,
    ) -> Result<Option<Vec<Prediction>>, PredictError> {
        Ok(self.predict(&self.encode(texts)?, progress))
    }

    /// Texts as the network reads them.
    pub(crate) fn encode(
        &self,
        texts: &[(&str, Option<&str>)],
    ) -> Result<Vec<Encoding>, TokensError> {
        self.tokenizer.encode_all(texts, self.max_length)
    }

    /// Id of the token that fills short texts in a batch.
    pub(crate) fn pad_id(&self) -> u32 {
        self.tokenizer.pad_id()
    }

    /// Gives every encoded text a label; `None` when `progress` asked to stop.
    pub(crate) fn predict(
        &self,
        encodings: &[Encoding],
        progress: Progress,
    ) -> Option<Vec<Prediction>> {
        let logits = self.logits(encodings, progress)?;
        let predictions = logits.rows().map(|logits| self.prediction(logits));
        Some(predictions.collect())
    }

    /// What follows from the scores of a text before the softmax or sigmoid.
    pub(crate) fn prediction(&self, logits: &[f32]) -> Prediction {
        let label_id = best_label(logits);
        let (label_ids, scores) = match self.task {
            Task::Single => (vec![label_id], softmax(logits)),
            Task::Multi => {
                let scores: Vec<f32> = logits.iter().copied().map(sigmoid).collect();
                (above(&scores, &self.thresholds), scores)
            }
        };
        Prediction {
            label_id,
            label_ids,
            scores,
            logits: logits.to_vec(),
        }
    }

    /// Judges the model on all examples of `dataset`, whose label ids are those of the model; `None`
    /// when `progress` asked to stop.
    ///
    /// # Errors
    /// When a text can't become tokens.
    pub fn evaluate(
        &self,
        dataset: &Dataset,
        progress: Progress,
    ) -> Result<Option<Report>, PredictError> {
        let texts: Vec<_> = dataset
            .examples
            .iter()
            .map(|example| (example.text.as_str(), example.text_b.as_deref()))
            .collect();
        let encodings = self.tokenizer.encode_all(&texts, self.max_length)?;
        let Some(logits) = self.logits(&encodings, progress) else {
            return Ok(None);
        };
        let examples: Vec<usize> = (0..dataset.examples.len()).collect();
        let answers = Answers {
            dataset,
            examples: &examples,
            train: &[],
            valid: &[],
            thresholds: &self.thresholds,
            logits: &logits,
        };
        let mut report = report_on(&answers, &self.labels);
        report.n_cut = encodings
            .iter()
            .filter(|encoding| encoding.n_cut > 0)
            .count();
        Ok(Some(report))
    }

    fn logits(&self, encodings: &[Encoding], progress: Progress) -> Option<Logits> {
        let reader = Reader {
            network: &self.network,
            vocabulary: &self.vocabulary,
            device: &self.device,
            n_labels: self.labels.len(),
        };
        reader.logits(&encodings.iter().collect::<Vec<_>>(), progress)
    }
}

/// The labels whose score reaches their threshold, the highest score first.
fn above(scores: &[f32], thresholds: &[f32]) -> Vec<usize> {
    let pairs = scores.iter().zip(thresholds).enumerate();
    let reached = pairs.filter(|(_, (score, threshold))| score >= threshold);
    let mut ids: Vec<usize> = reached.map(|(id, _)| id).collect();
    ids.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    ids
}

/// How many labels the model in `folder` gives to a text; one where the folder doesn't say.
#[must_use]
pub fn task_of(folder: &Path) -> Task {
    let text = std::fs::read_to_string(folder.join("config.json")).unwrap_or_default();
    task(&serde_json::from_str(&text).unwrap_or_default())
}

/// The labels of the model in `folder`, in the order of the scores.
///
/// # Errors
/// When the folder isn't a model, or has no labels.
pub fn labels_of(folder: &Path) -> Result<LabelMap, PredictError> {
    labels(&BaseModel::open(folder)?.config).ok_or_else(|| PredictError::NoLabels {
        folder: folder.to_path_buf(),
    })
}

/// How many labels `config.json` says that a text has.
fn task(config: &serde_json::Value) -> Task {
    match config
        .get("problem_type")
        .and_then(serde_json::Value::as_str)
    {
        Some(name) if name == export::problem_type(Task::Multi) => Task::Multi,
        _ => Task::Single,
    }
}

/// The labels that `config.json` names, in the order of their ids.
fn labels(config: &serde_json::Value) -> Option<LabelMap> {
    let names = config.get("id2label")?.as_object()?;
    let ordered = (0..names.len()).map(|id| Some(names.get(&id.to_string())?.as_str()?.to_owned()));
    let ordered: Vec<String> = ordered.collect::<Option<_>>()?;
    (!ordered.is_empty()).then(|| LabelMap::in_order(ordered))
}

/// The length that the model was trained with, where the folder says so.
fn max_length(folder: &Path) -> Option<usize> {
    let text = std::fs::read_to_string(folder.join("tokenizer_config.json")).ok()?;
    let config: serde_json::Value = serde_json::from_str(&text).ok()?;
    usize::try_from(config.get("model_max_length")?.as_u64()?).ok()
}
