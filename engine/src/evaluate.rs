//! Scores of a network against the labels that the texts have: the report.

use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, LabelMap};
use crate::inference::{Logits, best_label, softmax};
use crate::metrics::Scores;
use crate::report::{Judged, Mistake, Report};

/// Mistakes that a report shows.
const N_MISTAKES: usize = 50;

/// What one look at the valid part says. In JSON it is the bits of the three numbers: a decimal could
/// come back as its neighbour, and a tie would be decided the other way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[u64; 3]", into = "[u64; 3]")]
pub(crate) struct Validation {
    /// Mean cross-entropy.
    pub(crate) loss: f64,
    /// Share of right labels, `0.0..=1.0`.
    pub(crate) accuracy: f64,
    /// Mean F1 over the labels, `0.0..=1.0`.
    pub(crate) macro_f1: f64,
}

impl From<Validation> for [u64; 3] {
    fn from(validation: Validation) -> Self {
        [validation.loss, validation.accuracy, validation.macro_f1].map(f64::to_bits)
    }
}

impl From<[u64; 3]> for Validation {
    fn from(bits: [u64; 3]) -> Self {
        let [loss, accuracy, macro_f1] = bits.map(f64::from_bits);
        Self {
            loss,
            accuracy,
            macro_f1,
        }
    }
}

impl Validation {
    /// Compares `logits` with `label_ids`.
    pub(crate) fn of(logits: &Logits, label_ids: &[usize], n_labels: usize) -> Self {
        let scores = Scores::new(&logits.best_labels(), label_ids, n_labels);
        Self {
            loss: logits.loss(label_ids),
            accuracy: scores.accuracy,
            macro_f1: scores.macro_f1,
        }
    }
}

/// The examples that are judged, and what the network said about them, in the same order.
pub(crate) struct Answers<'a> {
    /// Where the examples are.
    pub(crate) dataset: &'a Dataset,
    /// The judged examples.
    pub(crate) examples: &'a [usize],
    /// Labels of the examples that the network learned from; empty when unknown.
    pub(crate) train_label_ids: &'a [usize],
    /// The scores.
    pub(crate) logits: &'a Logits,
}

/// Judges the answers.
pub(crate) fn report_on(answers: &Answers, labels: &LabelMap) -> Report {
    let actual: Vec<usize> = answers
        .examples
        .iter()
        .map(|i| answers.dataset.examples[*i].label_id)
        .collect();
    let predicted = answers.logits.best_labels();
    let mut report = Report::new(&Judged {
        labels,
        predicted: &predicted,
        actual: &actual,
        train_label_ids: answers.train_label_ids,
        loss: answers.logits.loss(&actual),
    });
    report.mistakes = mistakes(answers, labels);
    report
}

/// The wrong answers, the surest first.
fn mistakes(answers: &Answers, labels: &LabelMap) -> Vec<Mistake> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    for (index, logits) in answers.examples.iter().zip(answers.logits.rows()) {
        let example = &answers.dataset.examples[*index];
        let predicted = best_label(logits);
        if predicted != example.label_id {
            mistakes.push(Mistake {
                line: example.line,
                text: example.text.clone(),
                text_b: example.text_b.clone(),
                actual: labels.name(example.label_id).to_owned(),
                predicted: labels.name(predicted).to_owned(),
                score: f64::from(softmax(logits)[predicted]),
            });
        }
    }
    mistakes.sort_by(|a, b| b.score.total_cmp(&a.score));
    mistakes.truncate(N_MISTAKES);
    mistakes
}
