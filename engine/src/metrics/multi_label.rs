//! Scores where a text has any number of labels.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::bootstrap::{self, Outcome};
use super::{LabelScore, Scores, divide};

/// Which texts have which labels, one row per text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelTable {
    n_labels: usize,
    n_texts: usize,
    cells: Vec<bool>,
}

impl LabelTable {
    /// Makes a row of each list of label ids. Ids of `n_labels` or more are left out.
    pub fn of<'a>(ids: impl IntoIterator<Item = &'a [usize]>, n_labels: usize) -> LabelTable {
        let (mut cells, mut n_texts) = (Vec::new(), 0);
        for ids in ids {
            n_texts += 1;
            let start = cells.len();
            cells.resize(start + n_labels, false);
            for id in ids.iter().filter(|id| **id < n_labels) {
                cells[start + id] = true;
            }
        }
        LabelTable {
            n_labels,
            n_texts,
            cells,
        }
    }

    /// Gives each text the labels whose score reaches the label's threshold. `scores` are `[texts, labels]`, row by row.
    #[must_use]
    pub fn at_thresholds(scores: &[f32], thresholds: &[f32]) -> LabelTable {
        let n_labels = thresholds.len();
        let row = |scores: &[f32]| -> Vec<bool> {
            let pairs = scores.iter().zip(thresholds);
            pairs.map(|(score, threshold)| score >= threshold).collect()
        };
        LabelTable {
            n_labels,
            n_texts: scores.len().checked_div(n_labels).unwrap_or(0),
            cells: scores.chunks_exact(n_labels.max(1)).flat_map(row).collect(),
        }
    }

    /// Returns the number of texts.
    #[must_use]
    pub fn n_texts(&self) -> usize {
        self.n_texts
    }

    /// Returns the number of labels.
    #[must_use]
    pub fn n_labels(&self) -> usize {
        self.n_labels
    }

    /// Returns the rows, one per text.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.cells.chunks_exact(self.n_labels.max(1))
    }

    /// Returns the label ids of a text, ascending.
    #[must_use]
    pub fn ids(&self, text: usize) -> Vec<usize> {
        let row = self.rows().nth(text).unwrap_or_default();
        (0..row.len()).filter(|id| row[*id]).collect()
    }
}

/// How well several labels per text are recognised, beside what [`Scores`] says of each label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MultiLabelScores {
    /// Share of the labels that were given that are right, over all texts and labels together.
    pub micro_precision: f64,
    /// Share of the labels that the texts have that were given.
    pub micro_recall: f64,
    /// Harmonic mean of both.
    pub micro_f1: f64,
    /// 95 % interval of `micro_f1`, by drawing the texts anew.
    pub micro_f1_interval: [f64; 2],
    /// Share of the decisions "this text has this label" that are wrong.
    pub hamming_loss: f64,
    /// Counts of each label.
    pub outcomes: Vec<LabelOutcomes>,
}

/// What was decided about one label, over all texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelOutcomes {
    /// Texts that have it and were given it.
    pub n_right: usize,
    /// Texts that were given it and don't have it.
    pub n_too_much: usize,
    /// Texts that have it and were not given it.
    pub n_missed: usize,
    /// Texts that don't have it and were not given it.
    pub n_rightly_without: usize,
}

impl MultiLabelScores {
    /// Compares the labels that texts were given with those that they have.
    #[must_use]
    pub fn new(predicted: &LabelTable, actual: &LabelTable) -> MultiLabelScores {
        let outcomes = outcomes_by_label(predicted, actual);
        let sum = |of: fn(&LabelOutcomes) -> usize| outcomes.iter().map(of).sum::<usize>();
        let (right, too_much, missed) = (
            sum(|o| o.n_right),
            sum(|o| o.n_too_much),
            sum(|o| o.n_missed),
        );
        MultiLabelScores {
            micro_precision: divide(right as f64, right + too_much),
            micro_recall: divide(right as f64, right + missed),
            micro_f1: micro_f1(predicted, actual),
            micro_f1_interval: bootstrap::micro_f1_interval(&outcomes_by_text(predicted, actual)),
            hamming_loss: divide(
                (too_much + missed) as f64,
                actual.n_texts() * actual.n_labels(),
            ),
            outcomes,
        }
    }
}

impl Scores {
    /// Compares the labels that texts were given with those that they have. A text is right when all its labels are;
    /// means go over all labels, as in scikit-learn, and there is no confusion of one label with another.
    #[must_use]
    pub fn of_tables(predicted: &LabelTable, actual: &LabelTable) -> Scores {
        let outcomes = outcomes_by_label(predicted, actual);
        let per_label: Vec<LabelScore> = outcomes.iter().map(LabelOutcomes::score).collect();
        let rows = predicted.rows().zip(actual.rows());
        let n_right = rows
            .filter(|(predicted, actual)| predicted == actual)
            .count();
        let n_with: usize = per_label.iter().map(|score| score.n_examples).sum();
        let macro_mean =
            |of: fn(&LabelScore) -> f64| divide(per_label.iter().map(of).sum(), per_label.len());
        let weighted_mean = |of: fn(&LabelScore) -> f64| {
            let sum = per_label
                .iter()
                .map(|score| of(score) * score.n_examples as f64);
            divide(sum.sum(), n_with)
        };
        Scores {
            n_examples: actual.n_texts(),
            accuracy: divide(n_right as f64, actual.n_texts()),
            macro_precision: macro_mean(|score| score.precision),
            macro_recall: macro_mean(|score| score.recall),
            macro_f1: macro_mean(|score| score.f1),
            weighted_precision: weighted_mean(|score| score.precision),
            weighted_recall: weighted_mean(|score| score.recall),
            weighted_f1: weighted_mean(|score| score.f1),
            per_label,
            confusion: Vec::new(),
        }
    }
}

impl LabelOutcomes {
    fn score(&self) -> LabelScore {
        let (n_examples, n_predicted) =
            (self.n_right + self.n_missed, self.n_right + self.n_too_much);
        let n_right = self.n_right as f64;
        LabelScore {
            precision: divide(n_right, n_predicted),
            recall: divide(n_right, n_examples),
            f1: divide(2.0 * n_right, n_examples + n_predicted),
            n_examples,
            n_predicted,
        }
    }
}

/// Returns the F1 of all decisions together.
#[must_use]
pub fn micro_f1(predicted: &LabelTable, actual: &LabelTable) -> f64 {
    Outcome::sum(&outcomes_by_text(predicted, actual)).f1()
}

/// Returns how probable a difference in micro-F1 at least as large as this is, if both are equally good; see
/// [`bootstrap`].
#[must_use]
pub fn paired_p_value(first: &LabelTable, second: &LabelTable, actual: &LabelTable) -> f64 {
    bootstrap::paired_p_value(
        &outcomes_by_text(first, actual),
        &outcomes_by_text(second, actual),
    )
}

fn outcomes_by_label(predicted: &LabelTable, actual: &LabelTable) -> Vec<LabelOutcomes> {
    let mut outcomes = vec![LabelOutcomes::default(); actual.n_labels()];
    for (predicted, actual) in predicted.rows().zip(actual.rows()) {
        for ((predicted, actual), outcome) in predicted.iter().zip(actual).zip(&mut outcomes) {
            match (predicted, actual) {
                (true, true) => outcome.n_right += 1,
                (true, false) => outcome.n_too_much += 1,
                (false, true) => outcome.n_missed += 1,
                (false, false) => outcome.n_rightly_without += 1,
            }
        }
    }
    outcomes
}

fn outcomes_by_text(predicted: &LabelTable, actual: &LabelTable) -> Vec<Outcome> {
    let rows = predicted.rows().zip(actual.rows());
    let outcome = |(predicted, actual): (&[bool], &[bool])| {
        let count = |of: (bool, bool)| {
            let pairs = predicted.iter().zip(actual);
            pairs.filter(|(p, a)| (**p, **a) == of).count()
        };
        Outcome {
            n_right: count((true, true)),
            n_wrong: count((true, false)) + count((false, true)),
        }
    };
    rows.map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: [&[usize]; 4]) -> LabelTable {
        LabelTable::of(rows, 3)
    }

    /// scikit-learn 1.7 gives the same: f1_score(average="micro" | "macro" | None), accuracy_score, hamming_loss.
    #[test]
    fn scores_can_be_checked_in_the_head() {
        let actual = table([&[0, 2], &[1], &[0, 1], &[]]);
        let predicted = table([&[0], &[1, 2], &[0], &[]]);
        let multi = MultiLabelScores::new(&predicted, &actual);
        assert_eq!((multi.micro_precision, multi.micro_recall), (0.75, 0.6));
        assert!((multi.micro_f1 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(multi.hamming_loss, 0.25);
        // Every text with a label has the same score here.
        let [low, high] = multi.micro_f1_interval;
        assert!((high - low).abs() < 1e-12, "{low} {high}");
        let of_last = LabelOutcomes {
            n_right: 0,
            n_too_much: 1,
            n_missed: 1,
            n_rightly_without: 2,
        };
        assert_eq!(multi.outcomes[2], of_last);
        let scores = Scores::of_tables(&predicted, &actual);
        assert_eq!((scores.accuracy, scores.n_right()), (0.25, 1));
        assert!((scores.macro_f1 - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        assert!((scores.weighted_f1 - (2.0 + 4.0 / 3.0) / 5.0).abs() < 1e-12);
        assert_eq!(
            (scores.per_label[1].precision, scores.per_label[1].recall),
            (1.0, 0.5)
        );
    }

    #[test]
    fn thresholds_decide_label_by_label() {
        let given = LabelTable::at_thresholds(&[0.5, 0.2, 0.49, 0.3], &[0.5, 0.3]);
        assert_eq!((given.ids(0), given.ids(1)), (vec![0], vec![1]));
        assert_eq!(given.n_texts(), 2);
    }

    #[test]
    fn nothing_to_judge_gives_zeros() {
        let none = LabelTable::of([], 2);
        let multi = MultiLabelScores::new(&none, &none);
        assert_eq!((multi.micro_f1, multi.hamming_loss), (0.0, 0.0));
        assert_eq!(Scores::of_tables(&none, &none).accuracy, 0.0);
    }
}
