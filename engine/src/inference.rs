//! Reading texts without learning: scores of many texts, in an order that wastes little.

use std::ops::ControlFlow;

use burn::tensor::Tensor;

use crate::batch::{Batch, Vocabulary, plan_reading};
use crate::bert::DropoutSource;
use crate::classifier::BertClassifier;
use crate::device::ComputeDevice;
use crate::estimate::TOKENS_READ_AT_ONCE;
use crate::event::WorkProgress;
use crate::metrics::LabelTable;
use crate::tokens::Encoding;

/// Scores of texts before the softmax, `[texts, labels]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logits {
    elements: Vec<f32>,
    n_labels: usize,
}

impl Logits {
    /// The scores of each text in turn.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.elements.chunks_exact(self.n_labels)
    }

    /// Mean cross-entropy against `label_ids`.
    pub(crate) fn loss(&self, label_ids: &[usize]) -> f64 {
        let losses = self
            .rows()
            .zip(label_ids)
            .map(|(logits, id)| -log_probability(logits, *id));
        losses.sum::<f64>() / label_ids.len().max(1) as f64
    }

    /// Mean binary cross-entropy of every label of every text.
    pub(crate) fn loss_of_several(&self, actual: &LabelTable) -> f64 {
        let of_text = |(logits, has): (&[f32], &[bool])| -> f64 {
            logits
                .iter()
                .zip(has)
                .map(|(logit, has)| binary_loss(*logit, *has))
                .sum()
        };
        let losses = self.rows().zip(actual.rows()).map(of_text);
        losses.sum::<f64>() / self.elements.len().max(1) as f64
    }

    /// Score of each label of each text, where every label is a question of its own, `[texts, labels]`.
    pub(crate) fn sigmoids(&self) -> Vec<f32> {
        self.elements.iter().copied().map(sigmoid).collect()
    }

    /// The label with the highest score of each text.
    pub(crate) fn best_labels(&self) -> Vec<usize> {
        self.rows().map(best_label).collect()
    }
}

/// Position of the highest score; the first of equals.
pub(crate) fn best_label(logits: &[f32]) -> usize {
    let better = |best: usize, id: usize| if logits[id] > logits[best] { id } else { best };
    (0..logits.len()).fold(0, better)
}

/// Scores that are positive and sum to 1.
pub(crate) fn softmax(logits: &[f32]) -> Vec<f32> {
    (0..logits.len())
        .map(|id| log_probability(logits, id).exp() as f32)
        .collect()
}

/// Score between 0 and 1 of a label that is a question of its own.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    (1.0 / (1.0 + f64::from(-logit).exp())) as f32
}

/// `-log σ(x)` of a text that has the label, `-log (1 - σ(x))` of one that has not, without overflow.
fn binary_loss(logit: f32, has: bool) -> f64 {
    let logit = f64::from(logit);
    let (largest, of_label) = (logit.max(0.0), if has { logit } else { 0.0 });
    largest - of_label + (-logit.abs()).exp().ln_1p()
}

fn log_probability(logits: &[f32], id: usize) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|logit| f64::from(logit - largest).exp())
        .sum();
    f64::from(logits[id] - largest) - sum.ln()
}

/// A network with what is needed to feed it.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The network, on the device without autodiff.
    pub(crate) network: &'a BertClassifier,
    /// The words whose embeddings the network has.
    pub(crate) vocabulary: &'a Vocabulary,
    /// Where the network is.
    pub(crate) device: &'a ComputeDevice,
    /// Number of labels.
    pub(crate) n_labels: usize,
}

impl Reader<'_> {
    /// Scores of `encodings`, in their order; `None` when `progress` asked to stop.
    pub(crate) fn logits(
        &self,
        encodings: &[&Encoding],
        progress: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
    ) -> Option<Logits> {
        let lengths: Vec<usize> = encodings
            .iter()
            .map(|encoding| encoding.ids.len())
            .collect();
        let mut elements = vec![0.0; encodings.len() * self.n_labels];
        let (mut done, total) = (0, encodings.len());
        for positions in plan_reading(&lengths, TOKENS_READ_AT_ONCE) {
            let texts: Vec<&Encoding> = positions
                .iter()
                .map(|position| encodings[*position])
                .collect();
            let scores = self.device.run(|| elements_of(self.batch_logits(&texts)));
            for (position, scores) in positions.iter().zip(scores.chunks_exact(self.n_labels)) {
                elements[position * self.n_labels..][..self.n_labels].copy_from_slice(scores);
            }
            done += positions.len();
            if progress(WorkProgress { done, total }).is_break() {
                return None;
            }
        }
        Some(Logits {
            elements,
            n_labels: self.n_labels,
        })
    }

    fn batch_logits(&self, texts: &[&Encoding]) -> Tensor<2> {
        let batch = Batch::new(
            texts,
            self.vocabulary,
            self.device.layout,
            &self.device.device,
        );
        self.network.forward(&batch, &mut DropoutSource::none())
    }
}

/// The elements of a float tensor, row-major.
pub(crate) fn elements_of<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .convert::<f32>()
        .try_to_vec()
        .expect("converted to f32")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_sums_to_one_even_for_large_scores() {
        let scores = softmax(&[1000.0, 1000.0, -1000.0]);
        assert_eq!(scores, vec![0.5, 0.5, 0.0]);
    }

    /// The same numbers as in the tests of `loss`.
    #[test]
    fn the_loss_of_several_labels_is_that_of_the_training() {
        let logits = |elements: &[f32]| Logits {
            elements: elements.to_vec(),
            n_labels: 2,
        };
        let actual = LabelTable::of([&[0, 1][..], &[1]], 2);
        let found = logits(&[0.0, 2.0, -1.0, 1.0]).loss_of_several(&actual);
        assert!((found - 0.361_649_641_7).abs() < 1e-9, "{found}");
        let far = logits(&[-1000.0, 1000.0, 1000.0, 1000.0]);
        assert_eq!(far.loss_of_several(&actual), 500.0);
        assert_eq!(far.sigmoids(), [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn loss_of_even_scores_is_the_logarithm_of_the_number_of_labels() {
        let logits = Logits {
            elements: vec![0.0; 8],
            n_labels: 4,
        };
        assert!((logits.loss(&[0, 3]) - 4.0_f64.ln()).abs() < 1e-12);
        assert_eq!(logits.best_labels(), vec![0, 0]);
    }
}
