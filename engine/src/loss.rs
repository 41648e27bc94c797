//! What a training makes small: how far the scores are from the labels that the texts have.
//!
//! Comes in: scores before the softmax or sigmoid, and labels. Goes out: one number with a gradient. One label per text:
//! cross-entropy. Any number: binary cross-entropy of every label, the mean over texts and labels, which is what
//! `transformers` computes for `multi_label_classification`. Both can weigh rare labels more, and both can turn to the
//! texts that the network is wrong about (focal loss: Lin et al. 2017, "Focal Loss for Dense Object Detection").

use burn::tensor::{Device, Tensor, TensorData, activation};

use crate::batch::integers;
use crate::classifier::cross_entropy;
use crate::dataset::{Dataset, LabelIds, Task};
use crate::recipe::{ClassWeights, Loss, Recipe};

/// A label that hardly any text has would otherwise outweigh everything else.
const MOST_WEIGHT: f32 = 100.0;

/// The labels of a batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Targets {
    /// One label id for each text, `[batch]`.
    One(Vec<i64>),
    /// 1 for each label that a text has, else 0, `[batch, labels]`, row by row.
    Any(Vec<f32>),
}

impl Targets {
    /// The labels of texts that come one after the other.
    pub(crate) fn of<'a>(
        labels: impl Iterator<Item = &'a LabelIds>,
        task: Task,
        n_labels: usize,
    ) -> Self {
        match task {
            Task::Single => Self::One(labels.map(|ids| ids.only() as i64).collect()),
            Task::Multi => {
                let mut marks = Vec::new();
                for ids in labels {
                    let start = marks.len();
                    marks.resize(start + n_labels, 0.0);
                    for id in ids.as_slice() {
                        marks[start + id] = 1.0;
                    }
                }
                Self::Any(marks)
            }
        }
    }
}

/// How the loss of a training is computed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LossFunction {
    /// Weight of each label; `None` where all count the same.
    weights: Option<Vec<f32>>,
    /// Focal loss: how much texts that are right already count less.
    gamma: Option<f64>,
    smoothing: f64,
    n_labels: usize,
}

impl LossFunction {
    /// The loss that `recipe` asks for, with the label weights of the train texts at `train`.
    pub(crate) fn new(recipe: &Recipe, dataset: &Dataset, train: &[usize]) -> Self {
        let n_labels = dataset.labels.len();
        let counts = label_counts(dataset, train);
        Self {
            weights: match recipe.class_weights {
                ClassWeights::None => None,
                ClassWeights::Balanced => Some(balanced(&counts, train.len(), dataset.task)),
            },
            gamma: match recipe.loss {
                Loss::CrossEntropy => None,
                Loss::Focal => Some(recipe.focal_gamma),
            },
            smoothing: recipe.label_smoothing,
            n_labels,
        }
    }

    /// Mean loss of a batch. The weighted mean is divided by the number of texts and not by their weights, so that the
    /// gradients of micro-batches add up to that of the batch.
    ///
    /// # Shapes
    /// `logits` `[batch, labels]`, result `[1]`
    pub(crate) fn mean(&self, logits: Tensor<2>, targets: Targets, device: &Device) -> Tensor<1> {
        match targets {
            Targets::One(ids) if self.weights.is_none() && self.gamma.is_none() => {
                cross_entropy(logits, integers(ids, device), self.smoothing)
            }
            Targets::One(ids) => self.weighted_cross_entropy(logits, ids, device),
            Targets::Any(marks) => self.binary_cross_entropy(logits, marks, device),
        }
    }

    fn weighted_cross_entropy(
        &self,
        logits: Tensor<2>,
        ids: Vec<i64>,
        device: &Device,
    ) -> Tensor<1> {
        let n_texts = ids.len();
        let weights = match &self.weights {
            Some(weights) => weights.clone(),
            None => vec![1.0; self.n_labels],
        };
        let of_texts = ids.iter().map(|id| weights[*id as usize]).collect();
        let of_texts = floats(of_texts, [n_texts, 1], device);
        let of_labels = floats(weights, [1, self.n_labels], device);
        let log_probabilities = activation::log_softmax(logits, 1);
        let of_label = log_probabilities
            .clone()
            .gather(1, integers(ids, device).unsqueeze_dim(1));
        let mut loss = of_label.clone() * of_texts;
        if let Some(gamma) = self.gamma {
            // Rounding must not leave a negative number to raise to a power.
            let wrong = (-of_label.exp() + 1.0).clamp_min(0.0);
            loss = loss * wrong.powf_scalar(gamma);
        }
        let loss = loss.mean();
        if self.smoothing == 0.0 {
            return -loss;
        }
        let of_all = (log_probabilities * of_labels).mean();
        -(loss * (1.0 - self.smoothing) + of_all * self.smoothing)
    }

    /// Mean over texts and labels of `-(w · y · log σ(x) + (1 - y) · log (1 - σ(x)))`.
    fn binary_cross_entropy(
        &self,
        logits: Tensor<2>,
        marks: Vec<f32>,
        device: &Device,
    ) -> Tensor<1> {
        let shape = logits.dims();
        let smoothing = self.smoothing as f32;
        let has: Vec<f32> = marks
            .iter()
            .map(|mark| mark * (1.0 - smoothing) + 0.5 * smoothing)
            .collect();
        let has_not = floats(has.iter().map(|has| 1.0 - has).collect(), shape, device);
        let weight = |i: usize| match &self.weights {
            Some(weights) => weights[i % self.n_labels],
            None => 1.0,
        };
        let has = has.iter().enumerate().map(|(i, has)| has * weight(i));
        let has = floats(has.collect(), shape, device);
        // The logarithm is taken before the sigmoid is rounded to 0 or 1; log (1 - σ(x)) is log σ(-x).
        let log_yes = activation::log_sigmoid(logits.clone());
        let log_no = activation::log_sigmoid(-logits);
        let (mut yes, mut no) = (log_yes.clone() * has, log_no.clone() * has_not);
        if let Some(gamma) = self.gamma {
            yes = yes * (log_no * gamma).exp();
            no = no * (log_yes * gamma).exp();
        }
        -(yes + no).mean()
    }
}

/// Numbers on the device.
fn floats(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Where the bias of each label begins before anything is learned: at the log-odds of its share of the train texts at
/// `train`, so that the first steps need not learn how rare each label is (Lin et al. 2017, section 4.1). Empty, which is
/// 0 for every label, where each text has one: softmax needs no such help.
pub(crate) fn head_bias(dataset: &Dataset, train: &[usize]) -> Vec<f32> {
    if !dataset.task.is_multi() {
        return Vec::new();
    }
    label_counts(dataset, train)
        .into_iter()
        .map(|count| log_odds(count, train.len()))
        .collect()
}

/// Logarithm of how many of `n_texts` have a label for one that doesn't. One half more on both sides keeps it finite where
/// none or all have it.
fn log_odds(count: usize, n_texts: usize) -> f32 {
    ((count as f32 + 0.5) / ((n_texts - count) as f32 + 0.5)).ln()
}

/// How many of the texts at `train` have each label.
fn label_counts(dataset: &Dataset, train: &[usize]) -> Vec<usize> {
    let mut counts = vec![0; dataset.labels.len()];
    for index in train {
        for id in dataset.examples[*index].label_ids.as_slice() {
            counts[*id] += 1;
        }
    }
    counts
}

/// Weights that let every label count the same in all. One label per text: n / (k · n of the label), whose mean over the
/// texts is 1. Any number: how many texts don't have the label for one that has it, the `pos_weight` of
/// `BCEWithLogitsLoss`, up to [`MOST_WEIGHT`].
fn balanced(counts: &[usize], n_texts: usize, task: Task) -> Vec<f32> {
    let weight = |count: &usize| {
        let (n, with) = (n_texts as f32, (*count).max(1) as f32);
        match task {
            Task::Single => n / (counts.len() as f32 * with),
            Task::Multi => ((n - *count as f32) / with).clamp(1.0 / MOST_WEIGHT, MOST_WEIGHT),
        }
    };
    counts.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::device::ComputeDevice;
    use crate::inference::elements_of;

    const LOGITS: [f32; 4] = [0.0, 2.0, -1.0, 1.0];
    const MARKS: [f32; 4] = [1.0, 1.0, 0.0, 1.0];
    const THREE_LOGITS: [f32; 6] = [1.0, 0.0, -1.0, 0.0, 2.0, 0.5];

    fn function(weights: Option<&[f32]>, gamma: Option<f64>, smoothing: f64) -> LossFunction {
        LossFunction {
            weights: weights.map(<[f32]>::to_vec),
            gamma,
            smoothing,
            n_labels: weights.map_or(0, <[f32]>::len),
        }
    }

    fn loss(function: &LossFunction, logits: &[f32], targets: &Targets) -> f64 {
        let device = ComputeDevice::cpu().autodiff();
        let logits = floats(logits.to_vec(), [2, logits.len() / 2], &device);
        let n_labels = logits.dims()[1];
        let function = LossFunction {
            n_labels,
            ..function.clone()
        };
        f64::from(elements_of(function.mean(logits, targets.clone(), &device).inner())[0])
    }

    #[track_caller]
    fn check(function: &LossFunction, logits: &[f32], targets: Targets, expected: f64) {
        let found = loss(function, logits, &targets);
        assert!((found - expected).abs() < 2e-6, "{found}, not {expected}");
        check_gradient(function, logits, targets);
    }

    /// The gradient is the slope between two near points.
    #[track_caller]
    fn check_gradient(function: &LossFunction, logits: &[f32], targets: Targets) {
        let device = ComputeDevice::cpu().autodiff();
        let shape = [2, logits.len() / 2];
        let function = LossFunction {
            n_labels: shape[1],
            ..function.clone()
        };
        let at = floats(logits.to_vec(), shape, &device).require_grad();
        let gradients = function
            .mean(at.clone(), targets.clone(), &device)
            .backward();
        let gradient = elements_of(at.grad(&gradients).unwrap());
        for i in 0..logits.len() {
            let beside = |by: f32| {
                let mut moved = logits.to_vec();
                moved[i] += by;
                loss(&function, &moved, &targets)
            };
            let slope = (beside(0.01) - beside(-0.01)) / 0.02;
            let difference = (f64::from(gradient[i]) - slope).abs();
            assert!(difference < 1e-4, "{i}: {} and {slope}", gradient[i]);
        }
    }

    /// Calculated by hand in Python: the mean of w·y·log(1 + e^-x) + (1 - y)·log(1 + e^x).
    #[test]
    fn counts_of_labels_become_log_odds() {
        // 3 of 10 texts and 1/2 on both sides: ln(3.5 / 7.5).
        let bias = log_odds(3, 10);
        assert!((bias - (3.5_f32 / 7.5).ln()).abs() < 1e-6);
        assert!(log_odds(0, 10).is_finite() && log_odds(10, 10).is_finite());
        assert!(log_odds(0, 10) < bias && bias < log_odds(10, 10));
    }

    #[test]
    fn the_loss_of_several_labels_is_that_of_every_label() {
        let marks = || Targets::Any(MARKS.to_vec());
        check(
            &function(None, None, 0.0),
            &LOGITS,
            marks(),
            0.361_649_641_7,
        );
        check(
            &function(Some(&[3.0, 1.0]), None, 0.0),
            &LOGITS,
            marks(),
            0.708_223_231_9,
        );
        check(
            &function(None, None, 0.2),
            &LOGITS,
            marks(),
            0.461_649_641_7,
        );
        check(
            &function(None, Some(2.0), 0.0),
            &LOGITS,
            marks(),
            0.055_101_618_2,
        );
    }

    #[test]
    fn scores_far_out_give_no_infinity() {
        let none = Targets::Any(vec![0.0, 1.0, 1.0, 0.0]);
        let found = loss(
            &function(None, None, 0.0),
            &[200.0, 200.0, -200.0, -200.0],
            &none,
        );
        assert!((found - 100.0).abs() < 1e-4, "{found}");
    }

    /// Calculated by hand in Python: the mean of w·(1 - p)^γ·-log p, and with smoothing as `CrossEntropyLoss` does.
    #[test]
    fn one_label_can_be_weighed_and_focused() {
        let ids = || Targets::One(vec![0, 2]);
        let weights = Some(&[0.5, 1.0, 2.0][..]);
        check(
            &function(None, None, 0.0),
            &THREE_LOGITS,
            ids(),
            1.106_980_838_3,
        );
        check(
            &function(weights, None, 0.0),
            &THREE_LOGITS,
            ids(),
            1.908_257_203_3,
        );
        check(
            &function(weights, None, 0.1),
            &THREE_LOGITS,
            ids(),
            1.909_079_247_5,
        );
        check(
            &function(None, Some(2.0), 0.0),
            &THREE_LOGITS,
            ids(),
            0.653_686_361_4,
        );
        check(
            &function(weights, Some(2.0), 0.0),
            &THREE_LOGITS,
            ids(),
            1.273_114_373_5,
        );
    }

    #[test]
    fn even_weights_change_nothing() {
        let ids = Targets::One(vec![0, 2]);
        let even = loss(&function(Some(&[1.0; 3]), None, 0.1), &THREE_LOGITS, &ids);
        let plain = loss(&function(None, None, 0.1), &THREE_LOGITS, &ids);
        assert!((even - plain).abs() < 1e-6);
    }

    #[test]
    fn balanced_weights_let_every_label_count_the_same() {
        // 6 texts of two labels: 6 / (2 · 4) and 6 / (2 · 2).
        assert_eq!(balanced(&[4, 2], 6, Task::Single), [0.75, 1.5]);
        assert_eq!(balanced(&[4, 2], 6, Task::Multi), [0.5, 2.0]);
        assert_eq!(balanced(&[1, 0], 1000, Task::Multi), [100.0, 100.0]);
    }

    #[test]
    fn the_labels_of_a_batch_are_rows_of_zeros_and_ones() {
        let labels = [LabelIds::any(vec![0, 2]), LabelIds::any(vec![])];
        let expected = vec![1.0, 0.0, 1.0, 0.0, 0.0, 0.0];
        let found = Targets::of(labels.iter(), Task::Multi, 3);
        assert_eq!(found, Targets::Any(expected));
        let one = [LabelIds::One(1), LabelIds::One(0)];
        let found = Targets::of(one.iter(), Task::Single, 3);
        assert_eq!(found, Targets::One(vec![1, 0]));
    }
}
