//! How fast a device trains: a few real steps, forward, backward and AdamW, on texts of usual lengths.
//!
//! Comes in: a device and the starter model, where it is installed. Goes out: a [`Measurement`]. A graphics driver can
//! crash, and what was allocated before would count into the memory: call it in a process of its own.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use burn::optim::GradientsParams;
use burn::tensor::Device;
use safetensors::tensor::{Dtype, TensorView};
use serde::Serialize;
use serde_json::json;

use crate::base_model::{self, BaseModel};
use crate::batch::{Batch, Vocabulary, integers};
use crate::bert::{BertConfig, BertConfigError, DropoutSource, WeightFile, WeightsError};
use crate::classifier::{BertClassifier, ClassifierSource, NewHead, cross_entropy};
use crate::device::{self, ComputeDevice, DeviceError, DeviceInfo};
use crate::estimate::EncoderShape;
use crate::event::WorkProgress;
use crate::inference::elements_of;
use crate::measurement::Measurement;
use crate::memory;
use crate::optimizer::{AdamW, AdamWConfig};
use crate::random::Random;
use crate::tokens::Encoding;

/// Texts in a step, as in a recipe without settings.
const BATCH_SIZE: usize = 16;
/// Lengths of the texts in the three batches that are trained in turn: short messages, sentences, paragraphs. Texts of
/// similar length share a batch; the mean over all is 32 tokens.
const LENGTHS: [[usize; 2]; 3] = [[8, 16], [20, 36], [48, 64]];
/// Length that `examplesPerSecond` is said for.
const EXAMPLE_TOKENS: usize = 32;
/// The timed part goes on until it has taken so long and made so many steps.
const LEAST_SECONDS: f64 = 2.0;
const LEAST_STEPS: usize = 6;
/// A slow device need not be timed for longer than this.
const MOST_SECONDS: f64 = 20.0;
/// Different words in the texts.
const N_WORDS: usize = 4000;
/// Words in a table of random weights: it need not be larger than the texts ask for.
const RANDOM_VOCABULARY: usize = 4100;
/// Labels of the head.
const N_LABELS: usize = 6;
/// Not a learning rate to learn with: the steps shall not run away.
const LEARNING_RATE: f64 = 1e-5;

/// Why a device can't be measured.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum MeasureError {
    /// There is no such device.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The model's `config.json` can't be used.
    #[error(transparent)]
    Config(#[from] BertConfigError),
    /// The model's weights can't be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The stand-in for a model can't be written.
    #[error("The test training can't write to the temporary folder: {0}")]
    Write(
        #[serde(skip)]
        #[source]
        std::io::Error,
    ),
}

impl MeasureError {
    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Device(error) => error.code(),
            Self::Config(_) => "model.config",
            Self::Weights(_) => "model.weights",
            Self::Write(_) => "measure.write",
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Device(error) => error.hint(),
            Self::Config(_) | Self::Weights(_) => {
                Some("Copy or download the starter model again.".to_owned())
            }
            Self::Write(_) => Some("Check that the disk has room.".to_owned()),
        }
    }
}

/// Trains on the device `info` for about two seconds with the weights of `model`, or random ones of the starter's
/// shape.
///
/// `observer` hears of each step and may end it; then the result is `None`.
///
/// # Errors
/// When there is no such device, or the model can't be read.
pub fn measure(
    info: &DeviceInfo,
    model: Option<&BaseModel>,
    observer: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
) -> Result<Option<Measurement>, MeasureError> {
    let device = device::open(&info.id)?;
    let stand_in = tempfile::tempdir().map_err(MeasureError::Write)?;
    let (folder, name) = match model {
        Some(model) => (model.folder.as_path(), model.name.clone()),
        None => {
            write_stand_in(stand_in.path()).map_err(MeasureError::Write)?;
            let name = &base_model::starter().name;
            (stand_in.path(), format!("random weights like {name}"))
        }
    };
    let mut training = TestTraining::new(&device, folder)?;
    // Kernels are built and the memory is fetched before the clock runs.
    for batch in 0..LENGTHS.len() {
        training.step(batch);
        if observer(progress(batch + 1, 0.0)).is_break() {
            return Ok(None);
        }
    }
    let clock = Instant::now();
    let mut n_steps = 0;
    loop {
        training.step(n_steps % LENGTHS.len());
        n_steps += 1;
        let seconds = clock.elapsed().as_secs_f64();
        if observer(progress(LENGTHS.len() + n_steps, seconds)).is_break() {
            return Ok(None);
        }
        let is_whole = n_steps % LENGTHS.len() == 0;
        if is_whole && seconds >= LEAST_SECONDS && n_steps >= LEAST_STEPS || seconds > MOST_SECONDS
        {
            return Ok(Some(training.result(info, name, n_steps, seconds)));
        }
    }
}

/// How far it is, in hundredths: the steps before the clock are the first tenth, the rest goes by time.
fn progress(n_steps: usize, seconds: f64) -> WorkProgress {
    let warm = n_steps.min(LENGTHS.len()) as f64 / LENGTHS.len() as f64;
    let timed = (seconds / LEAST_SECONDS).min(1.0);
    WorkProgress {
        done: (10.0 * warm + 89.0 * timed) as usize,
        total: 100,
    }
}

struct TestTraining<'a> {
    device: &'a ComputeDevice,
    on_device: Device,
    shape: EncoderShape,
    vocabulary: Vocabulary,
    batches: Vec<Vec<Encoding>>,
    /// `None` only while a step moves the parameters.
    network: Option<BertClassifier>,
    optimizer: AdamW,
    n_done: u64,
}

impl<'a> TestTraining<'a> {
    fn new(device: &'a ComputeDevice, folder: &Path) -> Result<Self, MeasureError> {
        let config = BertConfig::read(folder)?;
        let mut random = Random::new(1);
        let words = config.vocab_size.min(N_WORDS);
        let batches: Vec<Vec<Encoding>> = LENGTHS
            .iter()
            .map(|[short, long]| {
                let length = |text: usize| short + text * (long - short) / (BATCH_SIZE - 1);
                (0..BATCH_SIZE)
                    .map(|text| random_text(length(text), words, &mut random))
                    .collect()
            })
            .collect();
        // The word table of a usual data set, not of these few texts: AdamW goes over all of it.
        let all = random_text_with_every_word(words);
        let vocabulary = Vocabulary::of(batches.iter().flatten().chain([&all]));
        let weights = WeightFile::open(folder)?;
        let source = ClassifierSource {
            file: &weights,
            config: &config,
            vocabulary: &vocabulary,
            n_labels: N_LABELS,
        };
        let new_head = Some(NewHead::plain(&mut random));
        let network = BertClassifier::read(&source, new_head, &device.autodiff())?;
        Ok(Self {
            on_device: device.autodiff(),
            shape: shape_of(&config),
            device,
            batches,
            network: Some(network),
            vocabulary,
            optimizer: AdamW::new(AdamWConfig {
                beta1: 0.9,
                beta2: 0.999,
                epsilon: 1e-6,
                weight_decay: 0.01,
                clip_norm: 1.0,
                head_factor: 1.0,
            }),
            n_done: 0,
        })
    }

    /// Learns from one batch and waits for the device.
    fn step(&mut self, batch: usize) {
        let device = self.device;
        device.run(|| self.compute_step(batch));
    }

    fn compute_step(&mut self, batch: usize) {
        let Some(network) = self.network.take() else {
            return;
        };
        self.n_done += 1;
        let encodings: Vec<&Encoding> = self.batches[batch].iter().collect();
        let label_ids = (0..encodings.len()).map(|text| (text % N_LABELS) as i64);
        let label_ids = integers(label_ids.collect(), &self.on_device);
        let batch = Batch::new(
            &encodings,
            &self.vocabulary,
            self.device.layout,
            &self.on_device,
        );
        let mut dropout = DropoutSource::training(self.n_done);
        let loss = cross_entropy(network.forward(&batch, &mut dropout), label_ids, 0.0);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        let (network, _) = self.optimizer.step(network, gradients, LEARNING_RATE);
        self.network = Some(network);
        // On a GPU this waits until the step is done.
        elements_of(loss.inner());
    }

    fn result(
        &self,
        info: &DeviceInfo,
        model: String,
        n_steps: usize,
        seconds: f64,
    ) -> Measurement {
        let rounds = n_steps as f64 / LENGTHS.len() as f64;
        let lengths = self.batches.iter().flatten().map(|text| text.ids.len());
        let tokens: usize = lengths.clone().sum();
        let n_trained = self
            .shape
            .n_parameters_with(self.vocabulary.token_ids().len());
        let step_flops = EncoderShape::step_flops(n_trained);
        let learning: f64 = lengths
            .map(|length| self.shape.training_flops(length))
            .sum();
        let flops = rounds * learning + n_steps as f64 * step_flops;
        let flops_per_second = flops / seconds;
        let example_flops =
            self.shape.training_flops(EXAMPLE_TOKENS) + step_flops / BATCH_SIZE as f64;
        Measurement {
            device: info.id.clone(),
            device_name: info.name.clone(),
            backend: info.backend.clone(),
            model,
            n_encoder_parameters: self.shape.n_encoder_parameters(),
            n_steps,
            seconds,
            tokens_per_second: rounds * tokens as f64 / seconds,
            examples_per_second: flops_per_second / example_flops,
            example_tokens: EXAMPLE_TOKENS,
            flops_per_second,
            peak_memory_bytes: memory::peak_bytes(),
            measured_at: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            runs: None,
        }
    }
}

fn shape_of(config: &BertConfig) -> EncoderShape {
    EncoderShape {
        layers: config.num_hidden_layers,
        hidden: config.hidden_size,
        heads: config.num_attention_heads,
        inner: config.intermediate_size,
        vocabulary: config.vocab_size,
        positions: config.max_position_embeddings,
        token_types: config.type_vocab_size,
    }
}

fn random_text(length: usize, n_words: usize, random: &mut Random) -> Encoding {
    Encoding {
        ids: (0..length).map(|_| random.below(n_words) as u32).collect(),
        type_ids: vec![0; length],
        n_cut: 0,
    }
}

fn random_text_with_every_word(n_words: usize) -> Encoding {
    Encoding {
        ids: (0..n_words as u32).collect(),
        type_ids: vec![0; n_words],
        n_cut: 0,
    }
}

/// Writes a checkpoint of the starter's shape with random weights, as far as a training reads it.
fn write_stand_in(folder: &Path) -> std::io::Result<()> {
    let shape = EncoderShape {
        vocabulary: RANDOM_VOCABULARY,
        ..base_model::starter().shape
    };
    let config = json!({
        "model_type": "bert", "vocab_size": shape.vocabulary, "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner, "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types
    });
    std::fs::write(folder.join("config.json"), config.to_string())?;
    let mut random = Random::new(2);
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = stand_in_tensors(&shape)
        .into_iter()
        .map(|(name, dims)| {
            let middle = if name.ends_with("LayerNorm.weight") {
                1.0
            } else {
                0.0
            };
            let n: usize = dims.iter().product();
            let bytes = (0..n)
                .flat_map(|_| (middle + 0.07 * (random.uniform() as f32 - 0.5)).to_le_bytes())
                .collect();
            (name, dims, bytes)
        })
        .collect();
    let views = tensors.iter().map(|(name, dims, bytes)| {
        let view = TensorView::new(Dtype::F32, dims.clone(), bytes);
        (
            name.clone(),
            view.expect("the bytes were made for the shape"),
        )
    });
    safetensors::serialize_to_file(views, None, &folder.join("model.safetensors"))
        .map_err(std::io::Error::other)
}

/// Names and shapes of the tensors of a BERT without a pooler.
fn stand_in_tensors(shape: &EncoderShape) -> Vec<(String, Vec<usize>)> {
    let hidden = shape.hidden;
    let mut tensors = Vec::new();
    let tables = [
        ("word", shape.vocabulary),
        ("position", shape.positions),
        ("token_type", shape.token_types),
    ];
    for (table, rows) in tables {
        let name = format!("embeddings.{table}_embeddings.weight");
        tensors.push((name, vec![rows, hidden]));
    }
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    let mut linears = Vec::new();
    for layer in 0..shape.layers {
        let layer = format!("encoder.layer.{layer}");
        for part in ["self.query", "self.key", "self.value", "output.dense"] {
            linears.push((format!("{layer}.attention.{part}"), hidden, hidden));
        }
        linears.push((format!("{layer}.intermediate.dense"), shape.inner, hidden));
        linears.push((format!("{layer}.output.dense"), hidden, shape.inner));
        norms.push(format!("{layer}.attention.output.LayerNorm"));
        norms.push(format!("{layer}.output.LayerNorm"));
    }
    for (name, outputs, inputs) in linears {
        tensors.push((format!("{name}.weight"), vec![outputs, inputs]));
        tensors.push((format!("{name}.bias"), vec![outputs]));
    }
    for name in norms {
        tensors.push((format!("{name}.weight"), vec![hidden]));
        tensors.push((format!("{name}.bias"), vec![hidden]));
    }
    tensors
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_lengths_have_the_mean_that_is_said() {
        let mean = LENGTHS.iter().map(|[a, b]| a + b).sum::<usize>() / (2 * LENGTHS.len());
        assert_eq!(mean, EXAMPLE_TOKENS);
    }

    #[test]
    fn the_stand_in_is_a_network_of_the_starters_shape() {
        let folder = tempfile::tempdir().unwrap();
        write_stand_in(folder.path()).unwrap();
        let cpu = ComputeDevice::cpu();
        let mut training = TestTraining::new(&cpu, folder.path()).unwrap();
        training.step(0);
        let result = training.result(&device::cpu_info(), "stand-in".to_owned(), 3, 2.0);
        assert_eq!(result.n_encoder_parameters, 10_646_784);
        assert_eq!(result.device, "cpu");
        // Three batches of 16 texts with 32 tokens in the mean, in two seconds.
        assert!(
            (result.tokens_per_second - 768.0).abs() < 24.0,
            "{result:?}"
        );
        // 24 texts a second, and none of a length far from the mean dominates.
        assert!(
            (result.examples_per_second - 24.0).abs() < 1.5,
            "{result:?}"
        );
    }

    #[test]
    fn the_observer_ends_a_measurement() {
        let mut seen = 0;
        let stopped = measure(&device::cpu_info(), None, &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        });
        assert_eq!((stopped.unwrap(), seen), (None, 1));
    }

    #[test]
    fn a_device_that_is_not_there_is_named() {
        let nowhere = DeviceInfo {
            id: "gpu7".to_owned(),
            ..device::cpu_info()
        };
        let error = measure(&nowhere, None, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert_eq!(error.code(), "device.unknown");
    }
}
