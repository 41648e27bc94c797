//! The texts of a training as tokens, by part.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::{TrainError, TrainJob};
use crate::batch::Vocabulary;
use crate::dataset::Example;
use crate::event::TrainEvent;
use crate::inference::{Logits, Reader};
use crate::loss::Targets;
use crate::metrics::LabelTable;
use crate::tokens::{Encoding, LengthStats, Tokenizer};
use crate::values;

/// All examples as tokens, and which belong to which part.
pub(super) struct Texts<'a> {
    job: &'a TrainJob<'a>,
    /// One for each example of the dataset.
    encodings: Vec<Encoding>,
    /// The tokens of all parts.
    pub(super) vocabulary: Vocabulary,
}

impl<'a> Texts<'a> {
    /// Turns the texts into tokens, on all threads.
    pub(super) fn encode(job: &'a TrainJob<'a>) -> Result<Self, TrainError> {
        let tokenizer = Tokenizer::load(&job.base_model.folder)?;
        let pair = |example: &'a Example| (example.text.as_str(), example.text_b.as_deref());
        let texts: Vec<_> = job.dataset.examples.iter().map(pair).collect();
        let encodings = tokenizer.encode_all(&texts, job.recipe.max_length)?;
        let vocabulary = Vocabulary::of(&encodings);
        Ok(Self {
            job,
            encodings,
            vocabulary,
        })
    }

    pub(super) fn n_train(&self) -> usize {
        self.job.split.train.len()
    }

    pub(super) fn n_test(&self) -> usize {
        self.job.split.test.len()
    }

    /// Number of tokens of each train text, in the order of the train part.
    pub(super) fn train_lengths(&self) -> Vec<usize> {
        self.job
            .split
            .train
            .iter()
            .map(|index| self.encodings[*index].ids.len())
            .collect()
    }

    /// The train texts at `positions` of the train part, and their labels.
    pub(super) fn train_batch(&self, positions: &[usize]) -> (Vec<&Encoding>, Targets) {
        let dataset = self.job.dataset;
        let train = &self.job.split.train;
        let indices: Vec<usize> = positions.iter().map(|position| train[*position]).collect();
        let encodings = indices
            .iter()
            .map(|index| &self.encodings[*index])
            .collect();
        let labels = indices
            .iter()
            .map(|index| &dataset.examples[*index].label_ids);
        let targets = Targets::of(labels, dataset.task, dataset.labels.len());
        (encodings, targets)
    }

    /// Labels of `part`.
    pub(super) fn label_ids(&self, part: &[usize]) -> Vec<usize> {
        part.iter()
            .map(|index| self.job.dataset.examples[*index].label_id())
            .collect()
    }

    /// Labels of `part`, where a text can have several.
    pub(super) fn label_table(&self, part: &[usize]) -> LabelTable {
        let dataset = self.job.dataset;
        let ids = part
            .iter()
            .map(|index| dataset.examples[*index].label_ids.as_slice());
        LabelTable::of(ids, dataset.labels.len())
    }

    /// Scores of the texts in `part`.
    pub(super) fn logits(&self, reader: &Reader, part: &[usize]) -> Logits {
        let encodings: Vec<&Encoding> = part.iter().map(|index| &self.encodings[*index]).collect();
        reader
            .logits(&encodings, &mut |_| ControlFlow::Continue(()))
            .expect("nobody asks to stop")
    }

    /// Number of texts in `part` that were too long.
    pub(super) fn n_cut(&self, part: &[usize]) -> usize {
        part.iter()
            .filter(|index| self.encodings[**index].n_cut > 0)
            .count()
    }

    /// What the person should know before training starts.
    pub(super) fn notices(&self, job: &TrainJob) -> Vec<TrainEvent> {
        let lengths = LengthStats::of(&self.encodings);
        let mut notices = Vec::new();
        let mut notice = |code: &str, message: String, values: &Value| {
            notices.push(TrainEvent::Notice {
                code: code.to_owned(),
                message,
                values: values::of(values),
            });
        };
        if lengths.n_cut > 0 {
            notice(
                "texts.cut",
                format!(
                    "{} of {} texts have more than {} tokens; their middle is left out.",
                    lengths.n_cut,
                    self.encodings.len(),
                    job.recipe.max_length
                ),
                &json!({
                    "nCut": lengths.n_cut,
                    "nTexts": self.encodings.len(),
                    "maxLength": job.recipe.max_length,
                }),
            );
        }
        if job.split.leaks > 0 {
            notice(
                "split.leaks",
                format!(
                    "{} valid or test texts also stand in the train part.",
                    job.split.leaks
                ),
                &json!({"nLeaks": job.split.leaks}),
            );
        }
        notices
    }
}
