//! Token ids to vectors: word + position + token type, normalised.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::config::BertConfig;
use super::layers::{DropoutSource, LayerNorm};
use super::weights::{NamedTensors, WeightSource, WeightsError, parameter_elements};
use crate::batch::{Batch, Vocabulary};
use crate::kernel;

/// Name of the word embedding table.
pub(crate) const WORD_EMBEDDINGS: &str = "embeddings.word_embeddings.weight";

/// The three tables and their layer norm.
#[derive(Module, Debug)]
pub(crate) struct Embeddings {
    /// `[used tokens, hidden]`: only the rows of tokens that the data uses.
    word: Param<Tensor<2>>,
    /// `[positions, hidden]`
    position: Param<Tensor<2>>,
    /// `[types, hidden]`
    token_type: Param<Tensor<2>>,
    norm: LayerNorm,
    #[module(skip)]
    dropout: f64,
}

impl Embeddings {
    /// Reads the tables, of the words only the rows in `vocabulary`.
    pub(crate) fn read(
        source: &WeightSource,
        config: &BertConfig,
        vocabulary: &Vocabulary,
    ) -> Result<Self, WeightsError> {
        let (part, hidden) = (source.part("embeddings"), config.hidden_size);
        let table = |name, rows| part.parameter(name, [rows, hidden]);
        Ok(Self {
            word: part.rows(
                "word_embeddings.weight",
                vocabulary.token_ids(),
                config.vocab_size,
                hidden,
            )?,
            position: table("position_embeddings.weight", config.max_position_embeddings)?,
            token_type: table("token_type_embeddings.weight", config.type_vocab_size)?,
            norm: LayerNorm::read(&part.part("LayerNorm"), hidden, config.layer_norm_eps)?,
            dropout: config.hidden_dropout_prob,
        })
    }

    /// # Shapes
    /// result `[rows, hidden]`
    pub(crate) fn forward(&self, batch: &Batch, dropout: &mut DropoutSource) -> Tensor<2> {
        let word = self.word.val().select(0, batch.token_rows.clone());
        let position = self.position.val().select(0, batch.positions.clone());
        let token_type = self.token_type.val().select(0, batch.token_types.clone());
        let normal = self.norm.forward(word + token_type, position, None);
        kernel::dropout(normal, dropout.next(self.dropout))
    }

    /// Adds all tables; the rows of words that were not used come from `base`.
    pub(crate) fn write(
        &self,
        tensors: &mut NamedTensors,
        vocabulary: &Vocabulary,
        base: &WeightSource,
    ) -> Result<(), WeightsError> {
        let base = base.part("embeddings");
        let [_, hidden] = self.word.dims();
        let n_words = base.n_rows("word_embeddings.weight")?;
        let mut words = base.elements("word_embeddings.weight", &[n_words, hidden])?;
        let trained = parameter_elements(&self.word);
        for (row, id) in trained.chunks_exact(hidden).zip(vocabulary.token_ids()) {
            words[*id as usize * hidden..][..hidden].copy_from_slice(row);
        }
        tensors.part("embeddings", |tensors| {
            tensors.push_elements("word_embeddings.weight", vec![n_words, hidden], words);
            tensors.push("position_embeddings.weight", &self.position);
            tensors.push("token_type_embeddings.weight", &self.token_type);
            tensors.part("LayerNorm", |tensors| self.norm.write(tensors));
        });
        Ok(())
    }
}
