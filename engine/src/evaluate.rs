//! Scores of a network against the labels that the texts have: the report.

mod several;

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::baseline::{Text, WordCountModel};
use crate::dataset::{Dataset, LabelMap};
use crate::event::TrainEvent;
use crate::inference::{Logits, best_label, softmax};
use crate::metrics::{LabelTable, Scores, best_thresholds, micro_f1};
use crate::report::{
    Judged, JudgedText, MOST_MISTAKES, MOST_RIGHT, MOST_RIGHT_PER_LABEL, Report, TrainingFacts,
    WordCountAnswers,
};
use crate::values;

/// Seconds of the word-count model that need no mention.
const SHORT_SECONDS: f64 = 5.0;

/// What one look at the valid part says. In JSON it is the bits of the three numbers: a decimal could
/// come back as its neighbour, and a tie would be decided the other way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[u64; 3]", into = "[u64; 3]")]
pub(crate) struct Validation {
    /// Mean cross-entropy.
    pub(crate) loss: f64,
    /// Share of right labels, `0.0..=1.0`; where a text can have several, micro-F1, which is the same with one.
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

    /// Compares `logits` with the labels of texts that can have several, at the thresholds that are best on these texts,
    /// and returns both. The same thresholds go with the model, so that what is compared is what will be used.
    pub(crate) fn of_several(logits: &Logits, actual: &LabelTable) -> (Self, Vec<f32>) {
        let scores = logits.sigmoids();
        let has: Vec<bool> = actual.rows().flatten().copied().collect();
        let thresholds = best_thresholds(&scores, &has, actual.n_labels());
        let predicted = LabelTable::at_thresholds(&scores, &thresholds);
        let validation = Self {
            loss: logits.loss_of_several(actual),
            accuracy: micro_f1(&predicted, actual),
            macro_f1: Scores::of_tables(&predicted, actual).macro_f1,
        };
        (validation, thresholds)
    }
}

/// The examples that are judged, and what the network said about them, in the same order.
pub(crate) struct Answers<'a> {
    /// Where the examples are.
    pub(crate) dataset: &'a Dataset,
    /// The judged examples.
    pub(crate) examples: &'a [usize],
    /// The examples that the network learned from; empty when unknown.
    pub(crate) train: &'a [usize],
    /// The examples that chose the thresholds of several labels; empty when unknown.
    pub(crate) valid: &'a [usize],
    /// From which score on a text gets a label, by label id; empty where each text has one.
    pub(crate) thresholds: &'a [f32],
    /// The scores.
    pub(crate) logits: &'a Logits,
}

/// Judges the answers, beside those of a word-count model where it is known what the network learned from.
pub(crate) fn report_on(answers: &Answers, labels: &LabelMap) -> Report {
    let dataset = answers.dataset;
    if dataset.task.is_multi() {
        return several::report_on(answers, labels);
    }
    let label_ids = |part: &[usize]| -> Vec<usize> {
        part.iter()
            .map(|i| dataset.examples[*i].label_id())
            .collect()
    };
    let (train, actual) = (label_ids(answers.train), label_ids(answers.examples));
    let clock = Instant::now();
    let counted = (!train.is_empty()).then(|| {
        let model = WordCountModel::learn(&texts(dataset, answers.train), &train, labels.len());
        (
            model.predict(&texts(dataset, answers.examples)),
            model.n_train(),
        )
    });
    let word_count_seconds = clock.elapsed().as_secs_f64();
    let mut report = Report::new(&Judged {
        labels,
        predicted: &answers.logits.best_labels(),
        actual: &actual,
        train_label_ids: &train,
        word_count: counted
            .as_ref()
            .map(|(predicted, n_train)| WordCountAnswers {
                predicted,
                n_train: *n_train,
            }),
        loss: answers.logits.loss(&actual),
    });
    report.training = counted.is_some().then(|| TrainingFacts {
        word_count_seconds: Some(word_count_seconds),
        ..TrainingFacts::default()
    });
    (report.mistakes, report.right) = judged_texts(answers, labels);
    report
}

/// Tells of a word-count model that the person had to wait for.
pub(crate) fn notice_of(report: &Report) -> Option<TrainEvent> {
    let seconds = report.training.as_ref()?.word_count_seconds?;
    (seconds > SHORT_SECONDS).then(|| TrainEvent::Notice {
        code: "baseline.slow".to_owned(),
        message: format!(
            "The word-count model for comparison took {seconds:.0} s; they are not counted as training time."
        ),
        values: values::of(&json!({"seconds": seconds})),
    })
}

fn texts<'a>(dataset: &'a Dataset, part: &[usize]) -> Vec<Text<'a>> {
    part.iter()
        .map(|i| &dataset.examples[*i])
        .map(|example| (example.text.as_str(), example.text_b.as_deref()))
        .collect()
}

/// The wrong answers, the surest first; and the right ones, the least sure first.
fn judged_texts(answers: &Answers, labels: &LabelMap) -> (Vec<JudgedText>, Vec<JudgedText>) {
    let mut found: Vec<(usize, usize, f64)> = answers
        .examples
        .iter()
        .zip(answers.logits.rows())
        .map(|(index, logits)| {
            let predicted = best_label(logits);
            (*index, predicted, f64::from(softmax(logits)[predicted]))
        })
        .collect();
    let examples = &answers.dataset.examples;
    // The line decides between equal scores, so that the order is always the same.
    found.sort_by(|a, b| {
        let lines = examples[a.0].line.cmp(&examples[b.0].line);
        b.2.total_cmp(&a.2).then(lines)
    });
    let judged = |(index, predicted, score): &(usize, usize, f64)| {
        let example = &examples[*index];
        JudgedText {
            line: example.line,
            text: example.text.clone(),
            text_b: example.text_b.clone(),
            actual: labels.name(example.label_id()).to_owned(),
            predicted: labels.name(*predicted).to_owned(),
            score: *score,
        }
    };
    let is_right =
        |(index, predicted, _): &(usize, usize, f64)| examples[*index].label_id() == *predicted;
    let mistakes = found.iter().filter(|one| !is_right(one));
    let mut n_kept = vec![0; labels.len()];
    let most = (MOST_RIGHT / labels.len().max(1)).clamp(1, MOST_RIGHT_PER_LABEL);
    let right = found
        .iter()
        .rev()
        .filter(|one| is_right(one))
        .filter(|one| {
            let n_kept = &mut n_kept[one.1];
            *n_kept += 1;
            *n_kept <= most
        });
    (
        mistakes.take(MOST_MISTAKES).map(judged).collect(),
        right.take(MOST_RIGHT).map(judged).collect(),
    )
}
