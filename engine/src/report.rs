//! What a person reads at the end: how good the classifier is on texts it has never seen, beside what guessing and
//! counting words give.

mod multi_label;
mod text;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dataset::LabelMap;
use crate::metrics::{LabelScore, Scores, mcnemar_exact, wilson_interval};

pub use self::multi_label::{JudgedTables, MultiLabelReport};

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
    /// What a word-count model gives that learned from the same texts; `None` where these are not known.
    #[serde(default)]
    pub word_count: Option<BaselineScores>,
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
    /// What the person should know.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// Test texts with a wrong answer, the surest first; at most [`MOST_MISTAKES`].
    pub mistakes: Vec<JudgedText>,
    /// Test texts with a right answer, the least sure first; of each label a few, at most [`MOST_RIGHT`] in all.
    #[serde(default)]
    pub right: Vec<JudgedText>,
    /// What there is to say besides where a text can have several labels; otherwise left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub multi_label: Option<MultiLabelReport>,
}

/// Mistakes that a report keeps. [`Report::n_mistakes`] says how many there are.
pub const MOST_MISTAKES: usize = 10_000;
/// Right answers that a report keeps, in all and of each label.
pub const MOST_RIGHT: usize = 4_000;
pub(crate) const MOST_RIGHT_PER_LABEL: usize = 50;

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

/// The scores of a simpler model on the same test texts, and whether the classifier is better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BaselineScores {
    /// Share of right answers.
    pub accuracy: f64,
    /// 95 % interval of the accuracy.
    pub accuracy_interval: [f64; 2],
    /// Mean of the labels' F1.
    pub macro_f1: f64,
    /// Texts that it learned from: those of the classifier, or a random part of very many.
    pub n_train: usize,
    /// Test texts that only the classifier got right.
    pub n_only_classifier: usize,
    /// Test texts that only the simpler model got right.
    pub n_only_baseline: usize,
    /// How probable a difference like this is if both are equally good: McNemar's exact test; for several labels per
    /// text the difference in micro-F1, by drawing the texts anew.
    pub p_value: f64,
    /// What follows from it.
    pub verdict: Verdict,
}

/// How the classifier stands to a simpler model. Surely means a p-value below 0.05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The classifier is surely better.
    Better,
    /// Chance explains the difference.
    NotSurelyDifferent,
    /// The classifier is surely worse.
    Worse,
}

/// Below this p-value a difference is not put down to chance.
const SURE: f64 = 0.05;

/// Something that the person should know about the scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Remark {
    /// The majority's share lies within the interval of the accuracy, or above it.
    NotBetterThanMajority,
    /// Some labels are judged by so few texts that their scores can be far off.
    FewTestTexts {
        /// Such labels.
        n_labels: usize,
        /// They have fewer texts than this.
        fewer_than: usize,
    },
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
    /// Seconds that the word-count model took; not part of `seconds`.
    pub word_count_seconds: Option<f64>,
}

/// A test text with the answer that it got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JudgedText {
    /// Line of the file, from 1.
    pub line: u64,
    /// The text.
    pub text: String,
    /// The second text of a pair.
    pub text_b: Option<String>,
    /// The label it has; several with commas between them, none as a dash.
    pub actual: String,
    /// The label it was given, written the same way.
    pub predicted: String,
    /// The score of the given label, 0 to 1. With several labels per text how sure the surest wrong decision was, or the
    /// least sure one where all are right: the score where a label was given, and what it lacks to 1 where not.
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
    /// What the word-count model said about the same texts.
    pub word_count: Option<WordCountAnswers<'a>>,
    /// Mean loss.
    pub loss: f64,
}

/// Answers of a word-count model to the test texts.
#[derive(Debug, Clone, Copy)]
pub struct WordCountAnswers<'a> {
    /// Label ids that it gave.
    pub predicted: &'a [usize],
    /// Texts that it learned from.
    pub n_train: usize,
}

/// Labels with fewer test texts have scores that say little.
const FEW_TEST_TEXTS: usize = 10;

impl Report {
    /// Judges predictions. What is not in [`Judged`] is left empty for the caller to fill in.
    pub fn new(judged: &Judged<'_>) -> Report {
        let n_labels = judged.labels.len();
        let scores = Scores::new(judged.predicted, judged.actual, n_labels);
        let mut report = Report {
            labels: judged.labels.clone(),
            accuracy_interval: interval(&scores),
            majority: majority(judged),
            word_count: judged
                .word_count
                .map(|answers| BaselineScores::new(judged, &answers)),
            loss: judged.loss,
            n_train: judged.train_label_ids.len(),
            n_valid: 0,
            n_test: judged.actual.len(),
            n_cut: 0,
            training: None,
            remarks: Vec::new(),
            mistakes: Vec::new(),
            right: Vec::new(),
            scores,
            multi_label: None,
        };
        report.remarks = report.remarks_on_scores();
        report
    }

    /// Number of wrong answers, also of those that are not kept.
    pub fn n_mistakes(&self) -> usize {
        self.scores.n_examples - self.scores.n_right()
    }

    /// Seconds that the word-count model took; 0 without one.
    pub fn word_count_seconds(&self) -> f64 {
        let training = self.training.as_ref();
        training
            .and_then(|training| training.word_count_seconds)
            .unwrap_or(0.0)
    }

    /// The report without the texts of the test part: for a model that is given away.
    #[must_use]
    pub fn without_texts(&self) -> Report {
        Report {
            mistakes: Vec::new(),
            right: Vec::new(),
            ..self.clone()
        }
    }

    /// Pairs of labels of which texts of the first were taken for the second: (texts, actual, predicted), the most
    /// frequent first.
    pub fn confused_pairs(&self) -> Vec<(usize, usize, usize)> {
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (actual, row) in self.scores.confusion.iter().enumerate() {
            let wrong = row
                .iter()
                .enumerate()
                .filter(|(predicted, n)| *predicted != actual && **n > 0);
            pairs.extend(wrong.map(|(predicted, n)| (*n, actual, predicted)));
        }
        pairs.sort_by_key(|(n, actual, predicted)| (std::cmp::Reverse(*n), *actual, *predicted));
        pairs
    }

    fn remarks_on_scores(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let (interval, majority) = match &self.multi_label {
            Some(multi) => (multi.scores.micro_f1_interval, multi.majority_micro_f1),
            None => (self.accuracy_interval, self.majority.accuracy),
        };
        if interval[0] <= majority {
            remarks.push(Remark::NotBetterThanMajority);
        }
        let few = |score: &&LabelScore| score.n_examples < FEW_TEST_TEXTS;
        let n_labels = self.scores.per_label.iter().filter(few).count();
        if n_labels > 0 {
            remarks.push(Remark::FewTestTexts {
                n_labels,
                fewer_than: FEW_TEST_TEXTS,
            });
        }
        remarks
    }
}

impl BaselineScores {
    fn new(judged: &Judged<'_>, answers: &WordCountAnswers<'_>) -> BaselineScores {
        let scores = Scores::new(answers.predicted, judged.actual, judged.labels.len());
        let (mut n_only_classifier, mut n_only_baseline) = (0, 0);
        let texts = judged.actual.iter().zip(judged.predicted);
        for ((actual, classifier), baseline) in texts.zip(answers.predicted) {
            match (classifier == actual, baseline == actual) {
                (true, false) => n_only_classifier += 1,
                (false, true) => n_only_baseline += 1,
                (true, true) | (false, false) => {}
            }
        }
        let p_value = mcnemar_exact(n_only_classifier, n_only_baseline);
        BaselineScores {
            accuracy: scores.accuracy,
            accuracy_interval: interval(&scores),
            macro_f1: scores.macro_f1,
            n_train: answers.n_train,
            n_only_classifier,
            n_only_baseline,
            p_value,
            verdict: match n_only_classifier.cmp(&n_only_baseline) {
                _ if p_value >= SURE => Verdict::NotSurelyDifferent,
                std::cmp::Ordering::Greater => Verdict::Better,
                std::cmp::Ordering::Equal => Verdict::NotSurelyDifferent,
                std::cmp::Ordering::Less => Verdict::Worse,
            },
        }
    }
}

/// 95 % interval of the accuracy.
fn interval(scores: &Scores) -> [f64; 2] {
    wilson_interval(scores.n_right(), scores.n_examples, 1.96).into()
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
    let most = least_frequent_first(&counts).last().copied().unwrap_or(0);
    let scores = Scores::new(&vec![most; judged.actual.len()], judged.actual, n_labels);
    MajorityBaseline {
        label: judged.labels.name(most).to_owned(),
        accuracy: scores.accuracy,
        macro_f1: scores.macro_f1,
    }
}

/// Label ids by their counts; of equally frequent ones the first comes last.
fn least_frequent_first(counts: &[usize]) -> Vec<usize> {
    let mut ids: Vec<usize> = (0..counts.len()).collect();
    ids.sort_by_key(|id| (counts[*id], std::cmp::Reverse(*id)));
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 texts, 98 of them right; the word-count model is wrong on the last `n_wrong`.
    pub(super) fn report(n_wrong: usize) -> Report {
        let labels = LabelMap::in_order(vec!["ham".to_owned(), "spam".to_owned()]);
        let actual: Vec<usize> = (0..100).map(|i| usize::from(i >= 80)).collect();
        let predicted: Vec<usize> = (0..100).map(|i| usize::from(i >= 78)).collect();
        let counted: Vec<usize> = (0..100)
            .map(|i| usize::from(i >= 80) ^ usize::from(i >= 100 - n_wrong))
            .collect();
        let judged = Judged {
            labels: &labels,
            predicted: &predicted,
            actual: &actual,
            train_label_ids: &[0, 0, 1],
            word_count: Some(WordCountAnswers {
                predicted: &counted,
                n_train: 3,
            }),
            loss: 0.1,
        };
        Report::new(&judged)
    }

    #[test]
    fn the_classifier_is_compared_with_the_word_counts_text_by_text() {
        let word_count = report(10).word_count.unwrap();
        assert_eq!(word_count.accuracy, 0.9);
        assert_eq!(
            (word_count.n_only_classifier, word_count.n_only_baseline),
            (10, 2)
        );
        // 2 · (1 + 12 + 66) / 2^12
        assert!((word_count.p_value - 158.0 / 4096.0).abs() < 1e-12);
        assert_eq!(word_count.verdict, Verdict::Better);
    }

    #[test]
    fn a_difference_that_chance_explains_is_none() {
        let verdict = |n_wrong| report(n_wrong).word_count.unwrap().verdict;
        assert_eq!(verdict(2), Verdict::NotSurelyDifferent);
        assert_eq!(verdict(0), Verdict::NotSurelyDifferent);
    }

    #[test]
    fn a_classifier_that_loses_to_word_counts_is_told_so() {
        let labels = LabelMap::in_order(vec!["a".to_owned(), "b".to_owned()]);
        let actual: Vec<usize> = (0..40).map(|i| i % 2).collect();
        let predicted = vec![0; 40];
        let judged = Judged {
            labels: &labels,
            predicted: &predicted,
            actual: &actual,
            train_label_ids: &[],
            word_count: Some(WordCountAnswers {
                predicted: &actual,
                n_train: 9,
            }),
            loss: 0.7,
        };
        let report = Report::new(&judged);
        assert_eq!(report.n_mistakes(), 20);
        assert_eq!(report.word_count.map(|w| w.verdict), Some(Verdict::Worse));
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
            word_count: None,
            loss: 0.0,
        };
        let report = Report::new(&judged);
        assert_eq!(
            report.remarks,
            [
                Remark::NotBetterThanMajority,
                Remark::FewTestTexts {
                    n_labels: 1,
                    fewer_than: 10
                }
            ]
        );
    }

    #[test]
    fn a_report_survives_json() {
        let report = report(10);
        let text = serde_json::to_string(&report).unwrap();
        let again: Report = serde_json::from_str(&text).unwrap();
        // serde_json reads a number back to within its last digit.
        assert!((again.scores.macro_f1 - report.scores.macro_f1).abs() < 1e-15);
        assert_eq!(again.scores.confusion, report.scores.confusion);
        assert_eq!(again.to_text(), report.to_text());
    }

    #[test]
    fn a_report_of_an_older_version_can_be_read() {
        let mut old = serde_json::to_value(report(10)).unwrap();
        let fields = old.as_object_mut().unwrap();
        for new in ["wordCount", "remarks", "right"] {
            assert!(fields.remove(new).is_some(), "{new}");
        }
        fields.insert("notes".to_owned(), serde_json::json!(["a sentence"]));
        let read: Report = serde_json::from_value(old).unwrap();
        assert_eq!((read.word_count, read.right.len()), (None, 0));
    }
}
