//! What was written against the model: scores, labels, and how many of them are right.

use std::ops::ControlFlow;

use super::runtime::OnnxModel;
use super::{ComparedTexts, OnnxError};
use crate::dataset::Task;
use crate::event::WorkProgress;
use crate::exported::CheckedFile;
use crate::predict::{Classifier, Prediction, Progress};
use crate::tokens::Encoding;

/// How far the scores of a file with full weights may be from the model's: a hundred times what rounding does.
const ALLOWED: f32 = 1e-3;

/// The texts with the answers of the model.
pub(super) struct Expected<'a> {
    classifier: &'a Classifier,
    encodings: Vec<Encoding>,
    predictions: Vec<Prediction>,
    actual: Option<&'a [Vec<usize>]>,
    n_files: usize,
    progress: Progress<'a>,
    done: usize,
}

impl<'a> Expected<'a> {
    /// Asks the model; `None` when `progress` asked to stop.
    pub(super) fn of(
        classifier: &'a Classifier,
        texts: &'a ComparedTexts,
        n_files: usize,
        progress: Progress<'a>,
    ) -> Result<Option<Self>, OnnxError> {
        let pairs: Vec<_> = texts
            .texts
            .iter()
            .map(|(text, text_b)| (text.as_str(), text_b.as_deref()))
            .collect();
        let encodings = classifier.encode(&pairs)?;
        let total = encodings.len() * (1 + n_files);
        let predictions = classifier.predict(&encodings, &mut |state| {
            progress(WorkProgress { total, ..state })
        });
        let done = encodings.len();
        Ok(predictions.map(|predictions| Self {
            classifier,
            encodings,
            predictions,
            actual: texts.label_ids.as_deref(),
            n_files,
            progress,
            done,
        }))
    }

    /// Texts to which the model gives the right labels, where they are known.
    pub(super) fn n_right(&self) -> Option<usize> {
        self.count_right(&self.predictions)
    }

    /// Compares a file with the model; `None` when the observer asked to stop.
    ///
    /// # Errors
    /// The file can't be run, or has full weights and differs.
    pub(super) fn check(
        &mut self,
        model: &OnnxModel,
        name: &'static str,
        size_bytes: u64,
        is_exact: bool,
    ) -> Result<Option<CheckedFile>, OnnxError> {
        let total = self.encodings.len() * (1 + self.n_files);
        let (progress, done) = (&mut *self.progress, &mut self.done);
        let logits = model.logits(&self.encodings, &mut |n_texts| {
            *done += n_texts;
            progress(WorkProgress { done: *done, total }) == ControlFlow::Continue(())
        })?;
        let Some(logits) = logits else {
            return Ok(None);
        };
        let found: Vec<Prediction> = logits
            .iter()
            .map(|logits| self.classifier.prediction(logits))
            .collect();
        let both = || self.predictions.iter().zip(&found);
        let largest_difference = both().map(|(a, b)| difference(a, b)).fold(0.0, larger);
        if is_exact && largest_difference > ALLOWED {
            return Err(OnnxError::Differs {
                file: name,
                difference: largest_difference,
                allowed: ALLOWED,
            });
        }
        let task = self.classifier.task();
        Ok(Some(CheckedFile {
            name: name.to_owned(),
            size_bytes,
            largest_difference,
            n_same_labels: both()
                .filter(|(a, b)| given(a, task) == given(b, task))
                .count(),
            n_right: self.count_right(&found),
        }))
    }

    fn count_right(&self, predictions: &[Prediction]) -> Option<usize> {
        let task = self.classifier.task();
        let pairs = predictions.iter().zip(self.actual?);
        Some(
            pairs
                .filter(|(prediction, actual)| given(prediction, task) == **actual)
                .count(),
        )
    }
}

/// The label ids that a text gets, ascending.
fn given(prediction: &Prediction, task: Task) -> Vec<usize> {
    match task {
        Task::Single => vec![prediction.label_id],
        Task::Multi => {
            let mut ids = prediction.label_ids.clone();
            ids.sort_unstable();
            ids
        }
    }
}

/// Largest difference of a score; what is no number is infinitely far.
fn difference(a: &Prediction, b: &Prediction) -> f32 {
    if a.logits.len() != b.logits.len() {
        return f32::INFINITY;
    }
    let pairs = a.logits.iter().zip(&b.logits);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, larger)
}

fn larger(a: f32, b: f32) -> f32 {
    if b.is_nan() { f32::INFINITY } else { a.max(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(logits: &[f32], label_ids: &[usize]) -> Prediction {
        Prediction {
            label_id: label_ids[0],
            label_ids: label_ids.to_vec(),
            scores: Vec::new(),
            logits: logits.to_vec(),
        }
    }

    #[test]
    fn a_score_that_is_no_number_is_infinitely_far() {
        let model = prediction(&[1.0, -2.0], &[0]);
        let check = |logits: &[f32], expected: f32| {
            assert_eq!(difference(&model, &prediction(logits, &[0])), expected);
        };
        check(&[1.5, -2.0], 0.5);
        check(&[f32::NAN, -2.0], f32::INFINITY);
        check(&[1.0, f32::NAN], f32::INFINITY);
        check(&[1.0], f32::INFINITY);
    }

    #[test]
    fn several_labels_are_compared_as_a_set() {
        let both = prediction(&[1.0, 2.0], &[1, 0]);
        assert_eq!(given(&both, Task::Multi), [0, 1]);
        assert_eq!(given(&both, Task::Single), [1]);
    }
}
