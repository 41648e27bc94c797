//! How long a training takes and how much memory it needs, told before it begins.
//!
//! Comes in: the sizes of a network, the lengths of the texts in tokens, a recipe, and how fast the device was in a
//! short test or in the last run. Goes out: seconds and bytes. The formulas are in `docs/estimates.md`; they count what
//! the matrix products do, so that one measurement with one model tells about all others.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::recipe::Recipe;

/// Floating-point operations that one parameter's AdamW step is worth. The step is limited by memory, not by
/// arithmetic: it reads and writes four arrays. Measured on two CPU threads beside the matrix products.
const OPTIMIZER_FLOPS: f64 = 60.0;
/// A backward pass computes two products for each one of the forward pass.
const TRAINING_PASSES: f64 = 3.0;
/// Share of the looks at the valid part that find a better model, which is written to disk.
const SHARE_OF_SAVES: f64 = 0.5;
/// Bytes of a model that are written to disk in a second, copying and flushing included.
const SAVED_BYTES_PER_SECOND: f64 = 250e6;
/// Starting the worker, reading the weights and cutting the texts into tokens.
const FIXED_SECONDS: f64 = 1.5;
/// Bytes of a number.
const F32: f64 = 4.0;
/// The program itself, the tokenizer and what the allocator keeps.
const BASE_BYTES: f64 = 90e6;
/// Batches whose texts are sorted by length together.
const BATCHES_PER_WINDOW: usize = 50;
/// How much larger the largest batch of the worst window is than that of a usual one.
const WORST_WINDOW: f64 = 1.15;
/// Tokens that are read at once without learning, padding included: enough to fill the device, little enough for small
/// memories.
pub(crate) const TOKENS_READ_AT_ONCE: usize = 4096;

/// The sizes of an encoder, which decide what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncoderShape {
    /// Encoder layers.
    pub layers: usize,
    /// Width of the hidden states.
    pub hidden: usize,
    /// Attention heads.
    pub heads: usize,
    /// Width inside the feed-forward part.
    pub inner: usize,
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// Most tokens of a text.
    pub positions: usize,
    /// Kinds of tokens: first and second text.
    pub token_types: usize,
}

impl EncoderShape {
    /// Reads the sizes from a `config.json`; `None` when it has no sizes.
    #[must_use]
    pub fn from_config(config: &Value) -> Option<Self> {
        let size = |name: &str| Some(config[name].as_u64()? as usize);
        Some(Self {
            layers: size("num_hidden_layers")?,
            hidden: size("hidden_size")?,
            heads: size("num_attention_heads")?,
            inner: size("intermediate_size")?,
            vocabulary: size("vocab_size")?,
            positions: size("max_position_embeddings")?,
            token_types: size("type_vocab_size").unwrap_or(2),
        })
    }

    /// Returns the number of parameters, the pooler included.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.n_parameters_with(self.vocabulary)
    }

    /// Returns the number of parameters when only `n_words` rows of the word table are trained.
    #[must_use]
    pub fn n_parameters_with(&self, n_words: usize) -> usize {
        let linear = |from: usize, to: usize| from * to + to;
        let norm = 2 * self.hidden;
        let rows = n_words + self.positions + self.token_types;
        let attention = 4 * linear(self.hidden, self.hidden) + norm;
        let feed_forward = linear(self.hidden, self.inner) + linear(self.inner, self.hidden) + norm;
        let pooler = linear(self.hidden, self.hidden);
        rows * self.hidden + norm + self.layers * (attention + feed_forward) + pooler
    }

    /// Returns the number of parameters in the encoder layers alone.
    #[must_use]
    pub fn n_encoder_parameters(&self) -> usize {
        let without_layers = Self { layers: 0, ..*self };
        self.n_parameters() - without_layers.n_parameters()
    }

    /// Returns the floating-point operations of the forward pass of one text of `length` tokens.
    ///
    /// Per layer, with width `H`, inner width `I` and `L` tokens: `8·L·H²` for query, key, value and output, `4·L²·H`
    /// for the attention itself, `4·L·H·I` for the feed-forward part. The last layer computes keys and values for all
    /// tokens (`4·L·H²`), the rest for `[CLS]` alone.
    #[must_use]
    pub fn forward_flops(&self, length: usize) -> f64 {
        let (length, hidden, inner) = (length as f64, self.hidden as f64, self.inner as f64);
        let layer = 8.0 * length * hidden * hidden
            + 4.0 * length * length * hidden
            + 4.0 * length * hidden * inner;
        let last = 4.0 * length * hidden * hidden
            + 4.0 * hidden * hidden
            + 4.0 * length * hidden
            + 4.0 * hidden * inner;
        (self.layers.max(1) - 1) as f64 * layer + last
    }

    /// Returns the operations of learning from one text of `length` tokens, forward and backward.
    #[must_use]
    pub fn training_flops(&self, length: usize) -> f64 {
        TRAINING_PASSES * self.forward_flops(length)
    }

    /// Returns the operations that one optimizer step over `n_parameters` is worth.
    #[must_use]
    pub fn step_flops(n_parameters: usize) -> f64 {
        OPTIMIZER_FLOPS * n_parameters as f64
    }

    /// Returns the bytes that learning from one token keeps until its backward pass, and those that pass needs.
    ///
    /// A layer keeps about nine arrays of the hidden width and two of the inner one; the layer that goes backward has
    /// its gradients beside them.
    fn activation_bytes(&self) -> f64 {
        let layer = (9 * self.hidden + 2 * self.inner) as f64 * F32;
        (self.layers + 1) as f64 * layer
    }
}

/// A training that may be run.
#[derive(Debug, Clone, Copy)]
pub struct Workload<'a> {
    /// The network.
    pub shape: EncoderShape,
    /// Tokens of each train text, after cutting.
    pub train: &'a [usize],
    /// Tokens of each valid text.
    pub valid: &'a [usize],
    /// Tokens of each test text.
    pub test: &'a [usize],
    /// Different tokens in all texts: the rows of the word table that are trained.
    pub n_words: usize,
    /// The settings.
    pub recipe: &'a Recipe,
}

impl Workload<'_> {
    /// Returns the operations of `n_steps` optimizer steps with `n_validations` looks at the valid part, and one at the
    /// test part.
    #[must_use]
    pub fn flops(&self, n_steps: usize, n_validations: usize) -> f64 {
        let forward = |lengths: &[usize]| -> f64 {
            lengths
                .iter()
                .map(|length| self.shape.forward_flops(*length))
                .sum()
        };
        let n_epochs = n_steps as f64 / self.recipe.steps_per_epoch(self.train.len()) as f64;
        let n_trained = self.shape.n_parameters_with(self.n_words);
        n_epochs * TRAINING_PASSES * forward(self.train)
            + n_steps as f64 * EncoderShape::step_flops(n_trained)
            + n_validations as f64 * forward(self.valid)
            + forward(self.test)
    }

    /// Returns how often the valid part is looked at, when nothing ends the training early.
    #[must_use]
    pub fn n_validations(&self) -> usize {
        let n_steps = self.recipe.n_steps(self.train.len());
        n_steps.div_ceil(self.recipe.steps_per_validation(self.train.len()))
    }

    /// Returns the seconds of the whole training at `flops_per_second`, when nothing ends it early.
    #[must_use]
    pub fn seconds(&self, flops_per_second: f64) -> f64 {
        let n_validations = self.n_validations();
        let flops = self.flops(self.recipe.n_steps(self.train.len()), n_validations);
        FIXED_SECONDS + self.saving_seconds(n_validations) + flops / flops_per_second
    }

    /// Returns the speed of a run that did `n_steps` steps and `n_validations` looks in `seconds`, counted as in
    /// [`Self::seconds`]; `None` when the run was too short to tell.
    #[must_use]
    pub fn speed_of_run(&self, n_steps: usize, n_validations: usize, seconds: f64) -> Option<f64> {
        let computing = seconds - self.saving_seconds(n_validations);
        (n_steps > 0 && computing > 1.0).then(|| self.flops(n_steps, n_validations) / computing)
    }

    fn saving_seconds(&self, n_validations: usize) -> f64 {
        let model_bytes = self.shape.n_parameters() as f64 * F32;
        n_validations as f64 * SHARE_OF_SAVES * model_bytes / SAVED_BYTES_PER_SECOND
    }

    /// Returns the bytes that the training needs at most: the program, three numbers for each trained parameter (weight
    /// and two moments), and the most that is needed beside them at one time: a step with its gradients and
    /// activations, reading, or writing the model, which is then in memory twice. What one of them frees, the next one
    /// uses.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let n_trained = self.shape.n_parameters_with(self.n_words) as f64;
        let step = n_trained * F32 + self.largest_batch() * self.shape.activation_bytes();
        let reading_width = (6 * self.shape.hidden + 2 * self.shape.inner) as f64 * F32;
        let all_read: usize = self.valid.iter().chain(self.test).sum();
        let reading = all_read.min(TOKENS_READ_AT_ONCE) as f64 * reading_width;
        let writing = 2.0 * self.shape.n_parameters() as f64 * F32;
        (BASE_BYTES + 3.0 * n_trained * F32 + step.max(reading).max(writing)) as u64
    }

    /// Tokens of the largest batch. Texts of similar length go together inside windows of 50 batches, so that each
    /// window has a batch of its longest texts: every `n_windows`-th of all in the mean, and somewhat more in the worst
    /// one.
    fn largest_batch(&self) -> f64 {
        let n_texts = self
            .recipe
            .micro_batch_size
            .unwrap_or(self.recipe.batch_size)
            .min(self.recipe.batch_size);
        let mut lengths = self.train.to_vec();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        let n_windows = lengths
            .len()
            .div_ceil(self.recipe.batch_size * BATCHES_PER_WINDOW)
            .max(1);
        let longest: usize = lengths.iter().step_by(n_windows).take(n_texts).sum();
        longest as f64 * if n_windows > 1 { WORST_WINDOW } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const STARTER: EncoderShape = EncoderShape {
        layers: 6,
        hidden: 384,
        heads: 12,
        inner: 1536,
        vocabulary: 30522,
        positions: 512,
        token_types: 2,
    };

    fn workload<'a>(recipe: &'a Recipe, train: &'a [usize], valid: &'a [usize]) -> Workload<'a> {
        Workload {
            shape: STARTER,
            train,
            valid,
            test: &[],
            n_words: 4000,
            recipe,
        }
    }

    #[test]
    fn the_parameters_are_those_of_the_published_model() {
        assert_eq!(STARTER.n_parameters(), 22_713_216);
        assert_eq!(STARTER.n_encoder_parameters(), 6 * 1_774_464);
    }

    #[test]
    fn the_sizes_are_read_from_a_configuration() {
        let config = serde_json::json!({
            "num_hidden_layers": 6, "hidden_size": 384, "num_attention_heads": 12, "intermediate_size": 1536,
            "vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2
        });
        assert_eq!(EncoderShape::from_config(&config), Some(STARTER));
        assert_eq!(EncoderShape::from_config(&Value::Null), None);
    }

    #[test]
    fn a_layer_costs_what_its_products_cost() {
        // Two layers, so that one is whole: width 2, inner width 3, a text of 5 tokens.
        let shape = EncoderShape {
            layers: 2,
            hidden: 2,
            inner: 3,
            ..STARTER
        };
        let whole = 8.0 * 5.0 * 4.0 + 4.0 * 25.0 * 2.0 + 4.0 * 5.0 * 6.0;
        let last = 4.0 * 5.0 * 4.0 + 4.0 * 4.0 + 4.0 * 5.0 * 2.0 + 4.0 * 6.0;
        assert_eq!(shape.forward_flops(5), whole + last);
    }

    #[test]
    fn twice_the_epochs_take_twice_the_learning() {
        let once = Recipe {
            epochs: 1.0,
            min_steps: 0,
            ..Recipe::default()
        };
        let twice = Recipe {
            epochs: 2.0,
            ..once.clone()
        };
        let (train, valid) = (vec![30; 1600], vec![30; 100]);
        let (a, b) = (
            workload(&once, &train, &valid),
            workload(&twice, &train, &valid),
        );
        let (a, b) = (a.flops(100, 0), b.flops(200, 0));
        assert!((b / a - 2.0).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn a_look_costs_a_third_of_learning_from_the_same_texts() {
        let recipe = Recipe::default();
        let texts = vec![30; 1600];
        let work = workload(&recipe, &texts, &texts);
        let optimizer = 100.0 * EncoderShape::step_flops(STARTER.n_parameters_with(4000));
        let look = work.flops(0, 1);
        let learning = work.flops(100, 0) - optimizer;
        assert!((learning / look - 3.0).abs() < 1e-9, "{learning} {look}");
    }

    #[test]
    fn the_looks_are_those_that_the_loop_makes() {
        let recipe = Recipe {
            epochs: 3.0,
            min_steps: 400,
            validations_per_epoch: 3,
            ..Recipe::default()
        };
        let n = |n_train: usize| workload(&recipe, &vec![9; n_train], &[]).n_validations();
        // 30 steps an epoch, a look every 10, 400 steps.
        assert_eq!(n(480), 40);
        // 1000 steps an epoch, a look every 334, 3000 steps.
        assert_eq!(n(16_000), 9);
    }

    #[test]
    fn the_speed_of_a_run_gives_its_own_time_back() {
        let recipe = Recipe::default();
        let (train, valid) = (vec![30; 3200], vec![30; 400]);
        let work = workload(&recipe, &train, &valid);
        let seconds = work.seconds(60e9);
        let n_steps = recipe.n_steps(train.len());
        let speed = work
            .speed_of_run(n_steps, work.n_validations(), seconds - FIXED_SECONDS)
            .unwrap();
        assert!((speed / 60e9 - 1.0).abs() < 1e-9, "{speed}");
        assert_eq!(work.speed_of_run(1, 0, 0.2), None);
    }

    #[test]
    fn memory_grows_with_the_batch_and_halves_no_further_than_the_weights() {
        let small = Recipe {
            micro_batch_size: Some(1),
            ..Recipe::default()
        };
        let large = Recipe {
            batch_size: 64,
            ..Recipe::default()
        };
        let train = vec![200; 400];
        let least = workload(&small, &train, &[]).memory_bytes();
        let most = workload(&large, &train, &[]).memory_bytes();
        assert!(most > 3 * least, "{least} {most}");
        assert!(least as f64 > 4.0 * F32 * STARTER.n_parameters_with(4000) as f64);
    }
}
