//! BERT with a head (Devlin et al. 2019) as a graph, in the order of the paper.
//!
//! The same network as [`crate::classifier`], and like there only `[CLS]` is computed in the last layer, since nothing
//! else of it is read. Names of weights are those in the table of [`crate::bert`]'s weights.

use std::path::Path;

use super::OnnxError;
use super::graph::{Graph, Value};
use crate::bert::{BertConfig, WORD_EMBEDDINGS, WeightFile};

/// Draws the network in `folder`, whose weights are in `file`.
pub(super) fn draw(folder: &Path, file: &WeightFile, graph: &mut Graph) -> Result<(), OnnxError> {
    let nested = file.has(&format!("bert.{WORD_EMBEDDINGS}"));
    let bert = Bert {
        config: BertConfig::read(folder)?,
        file,
        prefix: if nested { "bert." } else { "" },
        n_labels: file.n_rows("classifier.weight")?,
    };
    bert.draw(graph);
    Ok(())
}

struct Bert<'a> {
    config: BertConfig,
    file: &'a WeightFile,
    /// What the names of the encoder's weights begin with.
    prefix: &'static str,
    n_labels: usize,
}

impl Bert<'_> {
    /// Draws the whole network: token ids in, scores before the softmax or sigmoid out.
    fn draw(&self, graph: &mut Graph) {
        let input_ids = graph.input("input_ids");
        let attention_mask = graph.input("attention_mask");
        let token_type_ids = graph.input("token_type_ids");

        let padding = graph.padding_scores(&attention_mask);
        let mut x = self.embeddings(graph, &input_ids, &token_type_ids);
        for index in 0..self.config.num_hidden_layers {
            let is_last = index + 1 == self.config.num_hidden_layers;
            x = self.layer(graph, index, &x, &padding, is_last);
        }
        let logits = self.head(graph, &x);
        graph.output("logits", &logits, self.n_labels);
    }

    fn embeddings(&self, graph: &mut Graph, input_ids: &Value, token_type_ids: &Value) -> Value {
        let config = &self.config;
        let (hidden, name) = (config.hidden_size, |part| self.name("embeddings", part));
        let words = name("word_embeddings.weight");
        let types = name("token_type_embeddings.weight");
        let positions = name("position_embeddings.weight");
        let words = graph.rows(&words, [config.vocab_size, hidden], input_ids);
        let types = graph.rows(&types, [config.type_vocab_size, hidden], token_type_ids);
        let places = [config.max_position_embeddings, hidden];
        let positions = graph.rows_by_place(&positions, places, input_ids);
        let sum = graph.add(&words, &types);
        let sum = graph.add(&sum, &positions);
        self.norm(graph, &sum, &name("LayerNorm"))
    }

    /// One layer of the encoder: every token looks at all others, then thinks for itself.
    fn layer(
        &self,
        graph: &mut Graph,
        index: usize,
        x: &Value,
        padding: &Value,
        is_last: bool,
    ) -> Value {
        let BertConfig {
            hidden_size: hidden,
            intermediate_size: wide,
            ..
        } = self.config;
        let name = |part| self.name(&format!("encoder.layer.{index}"), part);

        let asking = if is_last {
            graph.first_token(x)
        } else {
            x.clone()
        };
        let context = self.attention(graph, &name("attention.self"), &asking, x, padding);
        let attended = graph.linear(&context, &name("attention.output.dense"), hidden, hidden);
        let sum = graph.add(&attended, &asking);
        let attended = self.norm(graph, &sum, &name("attention.output.LayerNorm"));

        let inner = graph.linear(&attended, &name("intermediate.dense"), hidden, wide);
        let inner = graph.gelu(&inner);
        let outer = graph.linear(&inner, &name("output.dense"), wide, hidden);
        let sum = graph.add(&outer, &attended);
        self.norm(graph, &sum, &name("output.LayerNorm"))
    }

    /// What the tokens `asking` gather from the tokens `x`, with several heads.
    fn attention(
        &self,
        graph: &mut Graph,
        name: &str,
        asking: &Value,
        x: &Value,
        padding: &Value,
    ) -> Value {
        let (hidden, heads) = (self.config.hidden_size, self.config.num_attention_heads);
        let size = hidden / heads;
        let query = graph.linear(asking, &format!("{name}.query"), hidden, hidden);
        let key = graph.linear(x, &format!("{name}.key"), hidden, hidden);
        let value = graph.linear(x, &format!("{name}.value"), hidden, hidden);
        let query = graph.split_heads(&query, heads, size, [0, 2, 1, 3]);
        let key = graph.split_heads(&key, heads, size, [0, 2, 3, 1]);
        let value = graph.split_heads(&value, heads, size, [0, 2, 1, 3]);

        let scores = graph.product(&query, &key);
        let scores = graph.times(&scores, 1.0 / (size as f32).sqrt());
        let scores = graph.add(&scores, padding);
        let shares = graph.softmax(&scores);
        let context = graph.product(&shares, &value);
        graph.join_heads(&context, hidden)
    }

    /// `[CLS]` → pooler → scores. In 32 bits always: it costs nothing, and the stand-in for a missing pooler needs it.
    fn head(&self, graph: &mut Graph, x: &Value) -> Value {
        let hidden = self.config.hidden_size;
        let mut first = graph.without_tokens(x);
        let pooler = self.name("pooler", "dense");
        if self.file.has(&format!("{pooler}.weight")) {
            let pooled = graph.exact_linear(&first, &pooler, hidden, hidden);
            first = graph.tanh(&pooled);
        }
        graph.exact_linear(&first, "classifier", hidden, self.n_labels)
    }

    fn norm(&self, graph: &mut Graph, x: &Value, name: &str) -> Value {
        // The oldest checkpoints have other names.
        let is_old = self.file.has(&format!("{name}.gamma"));
        let parts = if is_old {
            ["gamma", "beta"]
        } else {
            ["weight", "bias"]
        };
        let [scale, shift] = parts.map(|part| format!("{name}.{part}"));
        let (width, epsilon) = (self.config.hidden_size, self.config.layer_norm_eps);
        graph.layer_norm(x, [&scale, &shift], width, epsilon)
    }

    fn name(&self, part: &str, rest: &str) -> String {
        format!("{}{part}.{rest}", self.prefix)
    }
}
