//! The network under training: steps, looks at the valid part, saving, the test.

use std::path::Path;

use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

use super::run_folder::RunFolder;
use super::texts::Texts;
use super::{LoopFacts, LoopState, Plan, TrainError, TrainJob};
use crate::batch::Batch;
use crate::bert::{BertConfig, DropoutSource, WeightFile};
use crate::checkpoint::{self, Checkpoint, Position};
use crate::classifier::{BertClassifier, ClassifierSource, NewHead};
use crate::evaluate::{Answers, Validation, report_on};
use crate::event::TrainEvent;
use crate::export::{self, ModelFacts, TrainedNetwork, write_facts, write_model_folder};
use crate::inference::{Reader, elements_of};
use crate::loss::{LossFunction, head_bias};
use crate::memory;
use crate::optimizer::{AdamW, AdamWConfig, StepTaken};
use crate::random::Random;
use crate::recipe::Recipe;
use crate::report::{Report, TrainingFacts};

/// Purposes of random numbers, apart from the epochs, which are numbered from 0.
const FOR_HEAD: u64 = u64::MAX;
const FOR_DROPOUT: u64 = u64::MAX - 1;

/// A training in progress.
pub(super) struct Session<'a> {
    job: &'a TrainJob<'a>,
    texts: &'a Texts<'a>,
    base_weights: WeightFile,
    /// `None` only while a step moves the parameters.
    network: Option<BertClassifier>,
    optimizer: AdamW,
    loss: LossFunction,
    /// From which score on a text gets a label, as the last look at the valid part found; empty where each has one.
    thresholds: Vec<f32>,
    micro_batch_size: usize,
    /// Known once: every checkpoint names it.
    data_hash: String,
}

/// What came of a step.
pub(super) struct Taken {
    loss: Tensor<1>,
    step: StepTaken,
    /// The gradient was not finite, so that nothing was changed.
    pub(super) skipped: bool,
}

impl Taken {
    /// Mean loss of the batch; waits for the device.
    pub(super) fn loss(&self) -> f64 {
        elements_of(self.loss.clone())
            .first()
            .copied()
            .map_or(f64::NAN, f64::from)
    }

    /// Norm of the gradient before clipping, where it is known.
    pub(super) fn gradient_norm(&self) -> Option<f64> {
        match self.step {
            StepTaken::Moved(norm) => norm,
            StepTaken::Skipped => None,
        }
    }
}

impl<'a> Session<'a> {
    /// Reads the base model and puts a new head on it.
    pub(super) fn new(job: &'a TrainJob<'a>, texts: &'a Texts<'a>) -> Result<Self, TrainError> {
        let mut config = BertConfig::read(&job.base_model.folder)?;
        let (asked, most) = (job.recipe.max_length, config.max_position_embeddings);
        if asked > most {
            return Err(TrainError::TooLong { asked, most });
        }
        if let Some(probability) = job.recipe.dropout {
            config.set_dropout(probability);
        }
        let base_weights = WeightFile::open(&job.base_model.folder)?;
        let source = ClassifierSource {
            file: &base_weights,
            config: &config,
            vocabulary: &texts.vocabulary,
            n_labels: job.dataset.labels.len(),
        };
        let mut random = Random::for_purpose(job.recipe.seed, FOR_HEAD);
        let new_head = NewHead {
            random: &mut random,
            bias: head_bias(job.dataset, &job.split.train),
        };
        let network = BertClassifier::read(&source, Some(new_head), &job.device.device.autodiff())?;
        Ok(Self {
            job,
            texts,
            base_weights,
            network: Some(network),
            optimizer: AdamW::new(optimizer_config(job.recipe)),
            loss: LossFunction::new(job.recipe, job.dataset, &job.split.train),
            thresholds: Vec::new(),
            micro_batch_size: job.recipe.micro_batch_size.unwrap_or(job.recipe.batch_size),
            data_hash: job.dataset.content_hash(),
        })
    }

    /// Puts the parameters and the optimizer of `checkpoint` in the place of the fresh ones.
    pub(super) fn resume(&mut self, checkpoint: &Checkpoint) -> Result<LoopState, TrainError> {
        let network = self
            .network
            .take()
            .expect("only a step takes the network away");
        self.network = Some(checkpoint.restore(network, &mut self.optimizer)?);
        Ok(LoopState::new(checkpoint.position().clone()))
    }

    /// Writes everything that [`Session::resume`] needs into the run folder.
    pub(super) fn write_checkpoint(&self, at: &Position, folder: &Path) -> Result<(), TrainError> {
        Ok(checkpoint::write(
            self.network(),
            &self.optimizer,
            at,
            folder,
        )?)
    }

    /// The settings.
    pub(super) fn recipe(&self) -> &'a Recipe {
        self.job.recipe
    }

    /// Number of tokens of each train text.
    pub(super) fn train_lengths(&self) -> Vec<usize> {
        self.texts.train_lengths()
    }

    fn network(&self) -> &BertClassifier {
        self.network
            .as_ref()
            .expect("only a step takes the network away")
    }

    /// The event that begins the run.
    pub(super) fn started(&self, plan: &Plan) -> TrainEvent {
        let job = self.job;
        let n_trained_parameters = self.network().num_params();
        TrainEvent::Started {
            n_train: job.split.train.len(),
            n_valid: job.split.valid.len(),
            n_test: job.split.test.len(),
            n_steps: plan.n_steps,
            n_epochs: plan.n_epochs,
            n_parameters: self.base_weights.n_parameters(),
            n_trained_parameters,
            device: job.device.info.name.clone(),
            device_reason: job.device.reason.to_string(),
            device_why: Some(job.device.reason.clone()),
            micro_batch_size: self.micro_batch_size,
        }
    }

    /// Learns from the train texts at `positions`, in micro-batches whose gradients are added up.
    pub(super) fn step(&mut self, positions: &[usize], step: usize, learning_rate: f64) -> Taken {
        let job = self.job;
        job.device
            .device
            .run(|| self.compute_step(positions, step, learning_rate))
    }

    fn compute_step(&mut self, positions: &[usize], step: usize, learning_rate: f64) -> Taken {
        let device = self.job.device.device.autodiff();
        let layout = self.job.device.device.layout;
        let seed = Random::for_purpose(self.job.recipe.seed, FOR_DROPOUT)
            .next_u64()
            .wrapping_add(step as u64);
        // For devices that make the masks themselves: the same in a step whatever was before it.
        self.job.device.device.device.seed(seed);
        let mut dropout = DropoutSource::training(seed);
        let mut accumulator = GradientsAccumulator::new();
        let mut total: Option<Tensor<1>> = None;
        for part in positions.chunks(self.micro_batch_size) {
            let (encodings, targets) = self.texts.train_batch(part);
            let batch = Batch::new(&encodings, &self.texts.vocabulary, layout, &device);
            let logits = self.network().forward(&batch, &mut dropout);
            let loss = self.loss.mean(logits, targets, &device);
            let share = loss * (part.len() as f64 / positions.len() as f64);
            let gradients = GradientsParams::from_grads(share.backward(), self.network());
            accumulator.accumulate(self.network(), gradients);
            let share = share.inner();
            total = Some(match total {
                Some(others) => others + share,
                None => share,
            });
        }
        let network = self
            .network
            .take()
            .expect("only a step takes the network away");
        let (network, taken) = self
            .optimizer
            .step(network, accumulator.grads(), learning_rate);
        self.network = Some(network);
        let loss = total.expect("a batch has at least one text");
        Taken {
            loss,
            step: taken,
            skipped: taken == StepTaken::Skipped,
        }
    }

    /// Scores on the valid part, where the thresholds of several labels are chosen anew.
    pub(super) fn validate(&mut self) -> Validation {
        let network = self.network().valid();
        let part = &self.job.split.valid;
        let logits = self.texts.logits(&self.reader(&network), part);
        if self.job.dataset.task.is_multi() {
            let found = Validation::of_several(&logits, &self.texts.label_table(part));
            self.thresholds = found.1;
            return found.0;
        }
        Validation::of(
            &logits,
            &self.texts.label_ids(part),
            self.job.dataset.labels.len(),
        )
    }

    fn reader<'r>(&'r self, network: &'r BertClassifier) -> Reader<'r> {
        Reader {
            network,
            vocabulary: &self.texts.vocabulary,
            device: &self.job.device.device,
            n_labels: self.job.dataset.labels.len(),
        }
    }

    /// Writes the network as the model folder `folder`.
    pub(super) fn save(&self, folder: &Path) -> Result<(), TrainError> {
        let network = self.network().valid();
        let model = TrainedNetwork {
            network: &network,
            vocabulary: &self.texts.vocabulary,
            base_model: self.job.base_model,
            base_weights: &self.base_weights,
            labels: &self.job.dataset.labels,
            task: self.job.dataset.task,
        };
        Ok(write_model_folder(&model, &self.model_facts(None), folder)?)
    }

    fn model_facts(&self, report: Option<Report>) -> ModelFacts {
        let split = self.job.split;
        ModelFacts {
            embert_version: env!("CARGO_PKG_VERSION").to_owned(),
            base_model: self.job.base_model.name.clone(),
            data_hash: self.data_hash.clone(),
            recipe: self.job.recipe.clone(),
            split: [split.train.len(), split.valid.len(), split.test.len()],
            pairs: self
                .job
                .dataset
                .examples
                .iter()
                .any(|example| example.text_b.is_some()),
            thresholds: self.thresholds.clone(),
            report,
        }
    }

    /// Reads the best checkpoint back from the run folder and looks at the test part.
    pub(super) fn test(
        &mut self,
        run: &RunFolder,
        facts: &LoopFacts,
    ) -> Result<Report, TrainError> {
        self.network = None;
        let job = self.job;
        let folder = run.model_folder();
        let config = BertConfig::read(&folder)?;
        let file = WeightFile::open(&folder)?;
        let labels = &job.dataset.labels;
        let source = ClassifierSource {
            file: &file,
            config: &config,
            vocabulary: &self.texts.vocabulary,
            n_labels: labels.len(),
        };
        let network = BertClassifier::read(&source, None, &job.device.device.device)?;
        // Those of the best checkpoint, not of the last look.
        self.thresholds = export::thresholds(&folder, job.dataset.task, labels.len());
        let logits = self.texts.logits(&self.reader(&network), &job.split.test);
        let answers = Answers {
            dataset: job.dataset,
            examples: &job.split.test,
            train: &job.split.train,
            valid: &job.split.valid,
            thresholds: &self.thresholds,
            logits: &logits,
        };
        let mut report = report_on(&answers, labels);
        report.n_train = job.split.train.len();
        report.n_valid = job.split.valid.len();
        report.n_cut = self.texts.n_cut(&job.split.test);
        report.training = Some(TrainingFacts {
            base_model: Some(job.base_model.name.clone()),
            device: Some(job.device.info.name.clone()),
            seconds: Some(facts.seconds),
            peak_memory_bytes: memory::peak_bytes(),
            best_step: Some(facts.best_step),
            n_steps: Some(facts.n_steps),
            ..report.training.take().unwrap_or_default()
        });
        // A model folder is given away; the texts of its test part are not.
        let without_texts = report.without_texts();
        write_facts(&self.model_facts(Some(without_texts)), labels, &folder)?;
        Ok(report)
    }
}

fn optimizer_config(recipe: &Recipe) -> AdamWConfig {
    AdamWConfig {
        beta1: recipe.adam_beta1,
        beta2: recipe.adam_beta2,
        epsilon: recipe.adam_epsilon,
        weight_decay: recipe.weight_decay,
        clip_norm: recipe.clip_norm,
        head_factor: recipe.head_learning_rate_factor,
    }
}
