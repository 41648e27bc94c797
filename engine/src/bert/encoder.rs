//! One encoder layer: every token looks at the others, then passes through a small network.

use burn::module::Module;
use burn::tensor::Tensor;

use super::config::BertConfig;
use super::layers::{DropoutSource, LayerNorm, Linear};
use super::weights::{NamedTensors, WeightSource, WeightsError};
use crate::batch::Batch;
use crate::kernel::{self, Queries};

/// A layer of the encoder.
#[derive(Module, Debug)]
pub(crate) struct EncoderLayer {
    query: Linear,
    /// Keys and values in one product.
    key_value: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
    #[module(skip)]
    n_heads: usize,
    #[module(skip)]
    hidden_dropout: f64,
    #[module(skip)]
    attention_dropout: f64,
}

impl EncoderLayer {
    /// Reads layer `index`.
    pub(crate) fn read(
        source: &WeightSource,
        config: &BertConfig,
        index: usize,
    ) -> Result<Self, WeightsError> {
        let layer = source
            .part("encoder")
            .part("layer")
            .part(&index.to_string());
        let attention = layer.part("attention");
        let of_self = attention.part("self");
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let norm = |part: &WeightSource| {
            LayerNorm::read(&part.part("LayerNorm"), hidden, config.layer_norm_eps)
        };
        Ok(Self {
            query: Linear::read(&of_self.part("query"), hidden, hidden)?,
            key_value: Linear::read_pair(&of_self.part("key"), &of_self.part("value"), hidden)?,
            attention_output: Linear::read(
                &attention.part("output").part("dense"),
                hidden,
                hidden,
            )?,
            attention_norm: norm(&attention.part("output"))?,
            intermediate: Linear::read(&layer.part("intermediate").part("dense"), hidden, inner)?,
            output: Linear::read(&layer.part("output").part("dense"), inner, hidden)?,
            output_norm: norm(&layer.part("output"))?,
            n_heads: config.num_attention_heads,
            hidden_dropout: config.hidden_dropout_prob,
            attention_dropout: config.attention_probs_dropout_prob,
        })
    }

    /// With [`Queries::First`] only `[CLS]` is computed: queries, output and feed-forward for one row
    /// of each text, keys and values for all.
    ///
    /// # Shapes
    /// `x` `[rows, hidden]`; result the same, or `[batch, hidden]` with [`Queries::First`]
    pub(crate) fn forward(
        &self,
        x: Tensor<2>,
        batch: &Batch,
        queries: Queries,
        dropout: &mut DropoutSource,
    ) -> Tensor<2> {
        let asking = match queries {
            Queries::All => x.clone(),
            Queries::First => x.clone().select(0, batch.first_rows.clone()),
        };
        let query = self.query.forward(asking.clone());
        let key_value = self.key_value.forward(x);
        let weights_dropout = dropout.next(self.attention_dropout);
        let attended = kernel::attention(
            query,
            key_value,
            &batch.rows,
            queries,
            self.n_heads,
            weights_dropout,
        );
        let attended = self.attention_output.forward(attended);
        let x = self
            .attention_norm
            .forward(attended, asking, dropout.next(self.hidden_dropout));
        let inner = kernel::gelu(self.intermediate.forward(x.clone()));
        self.output_norm.forward(
            self.output.forward(inner),
            x,
            dropout.next(self.hidden_dropout),
        )
    }

    /// Adds all tensors of layer `index`.
    pub(crate) fn write(&self, tensors: &mut NamedTensors, index: usize) {
        tensors.part(&format!("encoder.layer.{index}"), |tensors| {
            tensors.part("attention.self", |tensors| {
                tensors.part("query", |tensors| self.query.write(tensors));
                self.key_value.write_pair(tensors, ["key", "value"]);
            });
            tensors.part("attention.output.dense", |tensors| {
                self.attention_output.write(tensors)
            });
            tensors.part("attention.output.LayerNorm", |tensors| {
                self.attention_norm.write(tensors)
            });
            tensors.part("intermediate.dense", |tensors| {
                self.intermediate.write(tensors)
            });
            tensors.part("output.dense", |tensors| self.output.write(tensors));
            tensors.part("output.LayerNorm", |tensors| {
                self.output_norm.write(tensors)
            });
        });
    }
}
