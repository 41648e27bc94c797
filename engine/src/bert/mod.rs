//! BERT (Devlin et al. 2019): token ids in, one vector for each text out.
//!
//! Read in this order: [`config`] what the checkpoint says of itself, [`weights`] where its tensors
//! are, [`layers`] the two building blocks, [`embeddings`], [`encoder`]. The forward pass follows
//! `modeling_bert.py` of `transformers`, with one difference that does not change the result: in the
//! last layer only `[CLS]` is computed, since nothing else of it is read.

mod config;
mod embeddings;
mod encoder;
mod layers;
mod weights;

pub use config::{BertConfig, BertConfigError};
pub use weights::{WeightFile, WeightsError};

pub(crate) use embeddings::{Embeddings, WORD_EMBEDDINGS};
pub(crate) use encoder::EncoderLayer;
pub(crate) use layers::{DropoutSource, Linear};
pub(crate) use weights::{NamedTensor, NamedTensors, WeightSource, parameter_elements};
