//! What `config.json` of a checkpoint says about the network.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Sizes and constants of a BERT, read from `config.json` and never typed in.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct BertConfig {
    /// Rows of the word embedding table.
    pub vocab_size: usize,
    /// Width of every activation.
    pub hidden_size: usize,
    /// Number of encoder layers.
    pub num_hidden_layers: usize,
    /// Number of attention heads; divides `hidden_size`.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward part.
    pub intermediate_size: usize,
    /// Activation of the feed-forward part; only the exact `gelu` is supported.
    #[serde(default = "gelu")]
    pub hidden_act: String,
    /// Dropout on activations, `0.0..1.0`.
    #[serde(default = "tenth")]
    pub hidden_dropout_prob: f64,
    /// Dropout on attention weights, `0.0..1.0`.
    #[serde(default = "tenth")]
    pub attention_probs_dropout_prob: f64,
    /// Dropout before the head; `hidden_dropout_prob` when absent.
    #[serde(default)]
    pub classifier_dropout: Option<f64>,
    /// Longest text in tokens, `[CLS]` and `[SEP]` included.
    pub max_position_embeddings: usize,
    /// Number of token types.
    #[serde(default = "two")]
    pub type_vocab_size: usize,
    /// Added to the variance in every layer norm.
    #[serde(default = "norm_epsilon")]
    pub layer_norm_eps: f64,
    /// Standard deviation of new weights.
    #[serde(default = "initializer_range")]
    pub initializer_range: f64,
    /// How positions are encoded; only `absolute` is supported.
    #[serde(default = "absolute")]
    pub position_embedding_type: String,
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn absolute() -> String {
    "absolute".to_owned()
}

fn tenth() -> f64 {
    0.1
}

fn two() -> usize {
    2
}

fn norm_epsilon() -> f64 {
    1e-12
}

fn initializer_range() -> f64 {
    0.02
}

/// Why a `config.json` can't be used.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum BertConfigError {
    /// The file can't be read.
    #[error("{path} can't be read")]
    Read {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Why.
        #[source]
        #[serde(skip)]
        source: std::io::Error,
    },
    /// The file isn't the JSON that a BERT has.
    #[error("{path} doesn't describe a BERT: {source}")]
    Parse {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What is missing or of the wrong kind.
        #[source]
        #[serde(serialize_with = "crate::values::text")]
        source: serde_json::Error,
    },
    /// The network is of a kind that isn't supported.
    #[error("{path} says {field} is {value:?}, but only {supported:?} is supported")]
    Unsupported {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Name of the field.
        field: &'static str,
        /// What the file says.
        value: String,
        /// What could be used.
        supported: &'static str,
    },
    /// The hidden size can't be split into the heads.
    #[error("{path} says {hidden_size} hidden units and {heads} heads, which don't divide")]
    Heads {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// `hidden_size`
        hidden_size: usize,
        /// `num_attention_heads`
        heads: usize,
    },
}

impl BertConfig {
    /// Reads `config.json` in `folder`.
    ///
    /// # Errors
    /// When the file can't be read or describes a network that isn't a plain BERT.
    pub fn read(folder: &Path) -> Result<Self, BertConfigError> {
        let path = folder.join("config.json");
        let text = std::fs::read_to_string(&path).map_err(|source| BertConfigError::Read {
            path: path.clone(),
            source,
        })?;
        let config: Self =
            serde_json::from_str(&text).map_err(|source| BertConfigError::Parse {
                path: path.clone(),
                source,
            })?;
        config.check(path)
    }

    fn check(self, path: PathBuf) -> Result<Self, BertConfigError> {
        let only = |field, value: &str, supported| {
            if value == supported {
                return Ok(());
            }
            Err(BertConfigError::Unsupported {
                path: path.clone(),
                field,
                value: value.to_owned(),
                supported,
            })
        };
        only("hidden_act", &self.hidden_act, "gelu")?;
        only(
            "position_embedding_type",
            &self.position_embedding_type,
            "absolute",
        )?;
        let (hidden_size, heads) = (self.hidden_size, self.num_attention_heads);
        if heads == 0 || !hidden_size.is_multiple_of(heads) {
            return Err(BertConfigError::Heads {
                path,
                hidden_size,
                heads,
            });
        }
        Ok(self)
    }

    /// Dropout before the head.
    #[must_use]
    pub fn head_dropout(&self) -> f64 {
        self.classifier_dropout.unwrap_or(self.hidden_dropout_prob)
    }

    /// Puts `probability` in the place of every dropout of the checkpoint.
    pub fn set_dropout(&mut self, probability: f64) {
        self.hidden_dropout_prob = probability;
        self.attention_probs_dropout_prob = probability;
        self.classifier_dropout = None;
    }
}
