//! The report where a text can have several labels.

use std::time::Instant;

use super::{Answers, texts};
use crate::baseline::WordCountModel;
use crate::dataset::{Dataset, LabelMap};
use crate::metrics::{LabelTable, best_thresholds};
use crate::report::{JudgedTables, JudgedText, MOST_MISTAKES, MOST_RIGHT, Report, TrainingFacts};

/// Stands where a text has no label.
const NO_LABEL: &str = "–";

/// Judges the answers, beside those of a word-count model whose thresholds are chosen on the same valid texts.
pub(super) fn report_on(answers: &Answers, labels: &LabelMap) -> Report {
    let dataset = answers.dataset;
    let (scores, actual) = (
        answers.logits.sigmoids(),
        table(dataset, answers.examples, labels),
    );
    let predicted = LabelTable::at_thresholds(&scores, answers.thresholds);
    let clock = Instant::now();
    let counted = (!answers.train.is_empty()).then(|| word_counts(answers, labels));
    let word_count_seconds = clock.elapsed().as_secs_f64();
    let mut report = Report::of_tables(&JudgedTables {
        labels,
        predicted: &predicted,
        actual: &actual,
        thresholds: answers.thresholds,
        train_label_ids: &ids(dataset, answers.train),
        word_count: counted.as_ref().map(|(table, n_train)| (table, *n_train)),
        loss: answers.logits.loss_of_several(&actual),
    });
    report.training = counted.is_some().then(|| TrainingFacts {
        word_count_seconds: Some(word_count_seconds),
        ..TrainingFacts::default()
    });
    (report.mistakes, report.right) = judged_texts(answers, labels, &scores, &predicted);
    report
}

/// The labels that a word-count model gives to the judged texts, and the number of texts that it learned from.
fn word_counts(answers: &Answers, labels: &LabelMap) -> (LabelTable, usize) {
    let dataset = answers.dataset;
    let model = WordCountModel::learn_any(
        &texts(dataset, answers.train),
        &ids(dataset, answers.train),
        labels.len(),
    );
    let valid = table(dataset, answers.valid, labels);
    let has: Vec<bool> = valid.rows().flatten().copied().collect();
    let valid_scores = model.scores(&texts(dataset, answers.valid));
    let thresholds = best_thresholds(&valid_scores, &has, labels.len());
    let scores = model.scores(&texts(dataset, answers.examples));
    (
        LabelTable::at_thresholds(&scores, &thresholds),
        model.n_train(),
    )
}

fn ids<'a>(dataset: &'a Dataset, part: &[usize]) -> Vec<&'a [usize]> {
    let examples = part.iter().map(|i| &dataset.examples[*i]);
    examples
        .map(|example| example.label_ids.as_slice())
        .collect()
}

fn table(dataset: &Dataset, part: &[usize], labels: &LabelMap) -> LabelTable {
    LabelTable::of(ids(dataset, part), labels.len())
}

/// The texts with a wrong decision, the surest first; and those without, the least sure first.
fn judged_texts(
    answers: &Answers,
    labels: &LabelMap,
    scores: &[f32],
    predicted: &LabelTable,
) -> (Vec<JudgedText>, Vec<JudgedText>) {
    let (mut mistakes, mut right) = (Vec::new(), Vec::new());
    let rows = scores
        .chunks_exact(labels.len().max(1))
        .zip(predicted.rows());
    for (index, (scores, given)) in answers.examples.iter().zip(rows) {
        let example = &answers.dataset.examples[*index];
        let has = example.label_ids.as_slice();
        let sure = |id: usize| {
            if given[id] {
                scores[id]
            } else {
                1.0 - scores[id]
            }
        };
        let (wrong, fine): (Vec<usize>, Vec<usize>) =
            (0..given.len()).partition(|id| given[*id] != has.contains(id));
        let given_ids: Vec<usize> = (0..given.len()).filter(|id| given[*id]).collect();
        let judged = |score: f32| JudgedText {
            line: example.line,
            text: example.text.clone(),
            text_b: example.text_b.clone(),
            actual: joined(has, labels),
            predicted: joined(&given_ids, labels),
            score: f64::from(score),
        };
        if wrong.is_empty() {
            right.push(judged(fine.into_iter().map(sure).fold(1.0, f32::min)));
        } else {
            mistakes.push(judged(wrong.into_iter().map(sure).fold(0.0, f32::max)));
        }
    }
    // The line decides between equal scores, so that the order is always the same.
    mistakes.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.line.cmp(&b.line)));
    right.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.line.cmp(&b.line)));
    mistakes.truncate(MOST_MISTAKES);
    right.truncate(MOST_RIGHT);
    (mistakes, right)
}

fn joined(ids: &[usize], labels: &LabelMap) -> String {
    if ids.is_empty() {
        return NO_LABEL.to_owned();
    }
    let names: Vec<&str> = ids.iter().map(|id| labels.name(*id)).collect();
    names.join(", ")
}
