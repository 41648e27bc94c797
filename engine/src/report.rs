//! What a person reads at the end: how good the classifier is on texts it has never seen, beside what guessing gives.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dataset::LabelMap;
use crate::metrics::{LabelScore, Scores, wilson_interval};

/// An honest account of a classifier on test texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The labels.
    #[ts(type = "string[]")]
    pub labels: LabelMap,
    /// Scores on the test texts.
    pub scores: Scores,
    /// 95 % interval of the accuracy.
    pub accuracy_interval: [f64; 2],
    /// What always guessing the most frequent label gives.
    pub majority: MajorityBaseline,
    /// Mean loss on the test texts.
    pub loss: f64,
    /// Texts that were learned from; 0 when an existing model is evaluated.
    pub n_train: usize,
    /// Texts that chose the best checkpoint; 0 when an existing model is evaluated.
    pub n_valid: usize,
    /// Texts that were judged.
    pub n_test: usize,
    /// Test texts that were too long and lost their middle.
    pub n_cut: usize,
    /// How the classifier was trained.
    pub training: Option<TrainingFacts>,
    /// What the person should know, in sentences.
    pub notes: Vec<String>,
    /// Test texts with a wrong answer, the surest first.
    pub mistakes: Vec<Mistake>,
}

/// The scores of always guessing one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MajorityBaseline {
    /// The label that is always guessed.
    pub label: String,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean of the labels' F1.
    pub macro_f1: f64,
}

/// How a classifier was trained. What is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TrainingFacts {
    /// Name of the base model.
    pub base_model: Option<String>,
    /// The device, in words.
    pub device: Option<String>,
    /// Seconds from the first step to the last.
    pub seconds: Option<f64>,
    /// Most memory that was used.
    pub peak_memory_bytes: Option<u64>,
    /// Step of the checkpoint that was kept.
    pub best_step: Option<usize>,
    /// Steps done.
    pub n_steps: Option<usize>,
}

/// A test text with a wrong answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mistake {
    /// Line of the file, from 1.
    pub line: u64,
    /// The text.
    pub text: String,
    /// The second text of a pair.
    pub text_b: Option<String>,
    /// The label it has.
    pub actual: String,
    /// The label it was given.
    pub predicted: String,
    /// The score of the given label, 0 to 1.
    pub score: f64,
}

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The labels.
    pub labels: &'a LabelMap,
    /// Label ids that the classifier gave.
    pub predicted: &'a [usize],
    /// Label ids that the texts have.
    pub actual: &'a [usize],
    /// Label ids of the training texts, which decide what the majority label is; empty = that of `actual`.
    pub train_label_ids: &'a [usize],
    /// Mean loss.
    pub loss: f64,
}

/// Most labels, and pairs of labels, that the text shows; the rest is in the JSON.
const MOST_SHOWN_LABELS: usize = 40;
const MOST_SHOWN_PAIRS: usize = 5;
/// Labels with fewer test texts have scores that say little.
const FEW_TEST_TEXTS: usize = 10;

impl Report {
    /// Judges predictions. What is not in [`Judged`] is left empty for the caller to fill in.
    pub fn new(judged: &Judged<'_>) -> Report {
        let n_labels = judged.labels.len();
        let scores = Scores::new(judged.predicted, judged.actual, n_labels);
        let interval = wilson_interval(scores.n_right(), scores.n_examples, 1.96);
        let mut report = Report {
            labels: judged.labels.clone(),
            accuracy_interval: [interval.0, interval.1],
            majority: majority(judged),
            loss: judged.loss,
            n_train: judged.train_label_ids.len(),
            n_valid: 0,
            n_test: judged.actual.len(),
            n_cut: 0,
            training: None,
            notes: Vec::new(),
            mistakes: Vec::new(),
            scores,
        };
        report.notes = report.notes_on_scores();
        report
    }

    fn notes_on_scores(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.accuracy_interval[0] <= self.majority.accuracy {
            notes.push(format!(
                "This is not surely better than always answering \"{}\". More or clearer examples may help.",
                self.majority.label
            ));
        }
        let few = |score: &&LabelScore| score.n_examples < FEW_TEST_TEXTS;
        let n_few = self.scores.per_label.iter().filter(few).count();
        if n_few > 0 {
            notes.push(format!(
                "{n_few} of {} labels have fewer than {FEW_TEST_TEXTS} test texts; their scores can be far off.",
                self.labels.len()
            ));
        }
        notes
    }

    /// Returns the report as plain text for a terminal.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "Right on {} of {} test texts (95 % interval {:.1} to {:.1} %).\n",
            percent(self.scores.accuracy),
            self.n_test,
            100.0 * self.accuracy_interval[0],
            100.0 * self.accuracy_interval[1]
        );
        text += &format!(
            "Always answering \"{}\" would be right on {}.\n",
            self.majority.label,
            percent(self.majority.accuracy)
        );
        text += &format!(
            "Macro-F1 {} (every label counts the same), weighted F1 {}.\n\n",
            percent(self.scores.macro_f1),
            percent(self.scores.weighted_f1)
        );
        text += &self.label_table();
        text += &self.confused_pairs();
        if let Some(training) = &self.training {
            text += &format!("\n{}\n", training.to_text(self.n_train, self.n_valid));
        }
        if self.n_cut > 0 {
            text += &format!(
                "{} of {} test texts were too long and lost their middle.\n",
                self.n_cut, self.n_test
            );
        }
        for note in &self.notes {
            text += &format!("Note: {note}\n");
        }
        text
    }

    fn label_table(&self) -> String {
        let width = self
            .labels
            .names()
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0)
            .clamp(5, 40);
        let mut table = format!(
            "{:<width$}  {:>9}  {:>7}  {:>7}  {:>5}\n",
            "Label", "Precision", "Recall", "F1", "Texts"
        );
        for (name, score) in self
            .labels
            .names()
            .iter()
            .zip(&self.scores.per_label)
            .take(MOST_SHOWN_LABELS)
        {
            table += &format!(
                "{:<width$}  {:>9}  {:>7}  {:>7}  {:>5}\n",
                shortened(name, width),
                percent(score.precision),
                percent(score.recall),
                percent(score.f1),
                score.n_examples
            );
        }
        if self.labels.len() > MOST_SHOWN_LABELS {
            table += &format!(
                "… and {} more labels\n",
                self.labels.len() - MOST_SHOWN_LABELS
            );
        }
        table
    }

    fn confused_pairs(&self) -> String {
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (actual, row) in self.scores.confusion.iter().enumerate() {
            let wrong = row
                .iter()
                .enumerate()
                .filter(|(predicted, n)| *predicted != actual && **n > 0);
            pairs.extend(wrong.map(|(predicted, n)| (*n, actual, predicted)));
        }
        if pairs.is_empty() {
            return String::new();
        }
        pairs.sort_by_key(|(n, actual, predicted)| (std::cmp::Reverse(*n), *actual, *predicted));
        let mut text = "\nMost often confused:\n".to_owned();
        for (n, actual, predicted) in pairs.into_iter().take(MOST_SHOWN_PAIRS) {
            let texts = if n == 1 { "text" } else { "texts" };
            text += &format!(
                "  {n} {texts} of \"{}\" taken for \"{}\"\n",
                self.labels.name(actual),
                self.labels.name(predicted)
            );
        }
        text
    }
}

impl TrainingFacts {
    fn to_text(&self, n_train: usize, n_valid: usize) -> String {
        let mut text =
            format!("Learned from {n_train} texts, the best checkpoint chosen on {n_valid}");
        if let (Some(best), Some(last)) = (self.best_step, self.n_steps) {
            text += &format!(" (step {best} of {last})");
        }
        text.push('.');
        if let Some(seconds) = self.seconds {
            text += &format!(" Training took {}", duration(seconds));
            if let Some(device) = &self.device {
                text += &format!(" on {device}");
            }
            if let Some(bytes) = self.peak_memory_bytes {
                text += &format!(" and {} MB of memory", bytes / 1_000_000);
            }
            text.push('.');
        }
        text
    }
}

/// What always answering the most frequent label of the train texts gives.
fn majority(judged: &Judged<'_>) -> MajorityBaseline {
    let n_labels = judged.labels.len();
    let known = if judged.train_label_ids.is_empty() {
        judged.actual
    } else {
        judged.train_label_ids
    };
    let mut counts = vec![0; n_labels];
    for id in known.iter().filter(|id| **id < n_labels) {
        counts[*id] += 1;
    }
    let most = (0..n_labels)
        .max_by_key(|id| (counts[*id], std::cmp::Reverse(*id)))
        .unwrap_or(0);
    let scores = Scores::new(&vec![most; judged.actual.len()], judged.actual, n_labels);
    let label = if n_labels == 0 {
        String::new()
    } else {
        judged.labels.name(most).to_owned()
    };
    MajorityBaseline {
        label,
        accuracy: scores.accuracy,
        macro_f1: scores.macro_f1,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

fn shortened(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    name.chars().take(width - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let labels = LabelMap::in_order(vec!["ham".to_owned(), "spam".to_owned()]);
        let actual: Vec<usize> = (0..100).map(|i| usize::from(i >= 80)).collect();
        let predicted: Vec<usize> = (0..100).map(|i| usize::from(i >= 78)).collect();
        let train = [0, 0, 1];
        let judged = Judged {
            labels: &labels,
            predicted: &predicted,
            actual: &actual,
            train_label_ids: &train,
            loss: 0.1,
        };
        Report::new(&judged)
    }

    #[test]
    fn the_text_gives_the_score_its_interval_and_the_baseline() {
        let text = report().to_text();
        assert!(
            text.starts_with("Right on 98.0 % of 100 test texts (95 % interval 93.0 to 99.4 %).\n"),
            "{text}"
        );
        assert!(
            text.contains("Always answering \"ham\" would be right on 80.0 %.\n"),
            "{text}"
        );
        assert!(
            text.contains("  2 texts of \"ham\" taken for \"spam\"\n"),
            "{text}"
        );
    }

    #[test]
    fn a_model_no_better_than_guessing_is_told_so() {
        let labels = LabelMap::in_order(vec!["a".to_owned(), "b".to_owned()]);
        let actual = vec![0; 20];
        let judged = Judged {
            labels: &labels,
            predicted: &actual,
            actual: &actual,
            train_label_ids: &[],
            loss: 0.0,
        };
        let report = Report::new(&judged);
        assert!(
            report.notes[0].starts_with("This is not surely better than always answering \"a\"")
        );
    }

    #[test]
    fn a_report_survives_json() {
        let report = report();
        let text = serde_json::to_string(&report).unwrap();
        let again: Report = serde_json::from_str(&text).unwrap();
        // serde_json reads a number back to within its last digit.
        assert!((again.scores.macro_f1 - report.scores.macro_f1).abs() < 1e-15);
        assert_eq!(again.scores.confusion, report.scores.confusion);
        assert_eq!(again.to_text(), report.to_text());
    }
}
