//! Reading texts without learning: scores of many texts, in an order that wastes little.

use std::ops::ControlFlow;

use burn::tensor::Tensor;

use crate::batch::{Batch, Vocabulary, plan_reading};
use crate::bert::DropoutSource;
use crate::classifier::BertClassifier;
use crate::device::ComputeDevice;
use crate::estimate::TOKENS_READ_AT_ONCE;
use crate::event::WorkProgress;
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
