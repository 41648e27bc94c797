//! Predictions → scores, with the conventions of scikit-learn: what can't be divided counts as 0.

mod bootstrap;
mod multi_label;
mod threshold;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::multi_label::{
    LabelOutcomes, LabelTable, MultiLabelScores, micro_f1, paired_p_value,
};
pub use self::threshold::{USUAL_THRESHOLD, best_thresholds};

/// How well predictions fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Texts that were judged.
    pub n_examples: usize,
    /// Share of right answers, 0 to 1. Where a text has several labels, the share of those that got all and no other.
    pub accuracy: f64,
    /// Mean of the labels' precision.
    pub macro_precision: f64,
    /// Mean of the labels' recall.
    pub macro_recall: f64,
    /// Mean of the labels' F1.
    pub macro_f1: f64,
    /// Mean of the labels' precision, weighted by their examples.
    pub weighted_precision: f64,
    /// Mean of the labels' recall, weighted by their examples.
    pub weighted_recall: f64,
    /// Mean of the labels' F1, weighted by their examples.
    pub weighted_f1: f64,
    /// One entry per label id.
    pub per_label: Vec<LabelScore>,
    /// Counts by `[actual][predicted]`; empty where a text can have several labels.
    pub confusion: Vec<Vec<usize>>,
}

/// How well one label is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelScore {
    /// Share of the texts given this label that have it.
    pub precision: f64,
    /// Share of the texts with this label that were given it.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Texts with this label.
    pub n_examples: usize,
    /// Texts given this label.
    pub n_predicted: usize,
}

impl Scores {
    /// Compares predicted with actual label ids. Pairs with an id of `n_labels` or more are left out.
    pub fn new(predicted: &[usize], actual: &[usize], n_labels: usize) -> Scores {
        let mut confusion = vec![vec![0; n_labels]; n_labels];
        for (&predicted, &actual) in predicted.iter().zip(actual) {
            if predicted < n_labels && actual < n_labels {
                confusion[actual][predicted] += 1;
            }
        }
        let per_label: Vec<LabelScore> = (0..n_labels)
            .map(|id| LabelScore::of(&confusion, id))
            .collect();
        let n_examples: usize = per_label.iter().map(|score| score.n_examples).sum();
        let n_right: usize = (0..n_labels).map(|id| confusion[id][id]).sum();
        // Labels that stand in neither list play no part, as in scikit-learn.
        let seen: Vec<&LabelScore> = per_label
            .iter()
            .filter(|score| score.n_examples + score.n_predicted > 0)
            .collect();
        let macro_mean = |of: fn(&LabelScore) -> f64| {
            divide(seen.iter().map(|score| of(score)).sum(), seen.len())
        };
        let weighted_mean = |of: fn(&LabelScore) -> f64| {
            divide(
                seen.iter()
                    .map(|score| of(score) * score.n_examples as f64)
                    .sum(),
                n_examples,
            )
        };
        Scores {
            n_examples,
            accuracy: divide(n_right as f64, n_examples),
            macro_precision: macro_mean(|score| score.precision),
            macro_recall: macro_mean(|score| score.recall),
            macro_f1: macro_mean(|score| score.f1),
            weighted_precision: weighted_mean(|score| score.precision),
            weighted_recall: weighted_mean(|score| score.recall),
            weighted_f1: weighted_mean(|score| score.f1),
            per_label,
            confusion,
        }
    }

    /// Number of right answers.
    pub fn n_right(&self) -> usize {
        if self.confusion.is_empty() {
            return (self.accuracy * self.n_examples as f64).round() as usize;
        }
        (0..self.confusion.len())
            .map(|id| self.confusion[id][id])
            .sum()
    }
}

impl LabelScore {
    fn of(confusion: &[Vec<usize>], id: usize) -> LabelScore {
        let n_right = confusion[id][id] as f64;
        let n_examples: usize = confusion[id].iter().sum();
        let n_predicted: usize = confusion.iter().map(|row| row[id]).sum();
        LabelScore {
            precision: divide(n_right, n_predicted),
            recall: divide(n_right, n_examples),
            f1: divide(2.0 * n_right, n_examples + n_predicted),
            n_examples,
            n_predicted,
        }
    }
}

/// A share; 0 when there is nothing to divide by.
fn divide(part: f64, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part / whole as f64 }
}

/// Returns the Wilson score interval of a share (Wilson 1927); `z` = 1.96 gives 95 %. Without any trial it is 0 to 1.
pub fn wilson_interval(n_right: usize, n: usize, z: f64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (share, n) = (n_right as f64 / n as f64, n as f64);
    let center = share + z * z / (2.0 * n);
    let reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (
        ((center - reach) / scale).max(0.0),
        ((center + reach) / scale).min(1.0),
    )
}

/// Returns the p-value of McNemar's exact test: how probable it is that two equally good classifiers differ at least
/// this much on the same texts. `n_first` texts only the first got right, `n_second` only the second. It is the
/// two-sided binomial test of `n_first` among both with the probability ½ (McNemar 1947; Fagerland, Lydersen and Laake
/// 2013, "The McNemar test for binary matched-pairs data", section 3, "exact conditional test").
pub fn mcnemar_exact(n_first: usize, n_second: usize) -> f64 {
    let (n, fewer) = (n_first + n_second, n_first.min(n_second));
    // ln of "n over k" / 2^n, from one k to the next; the terms themselves would be too small for a number.
    let mut ln_term = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = ln_term.exp();
    for k in 1..=fewer {
        ln_term += ((n - k + 1) as f64 / k as f64).ln();
        tail += ln_term.exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_can_be_checked_in_the_head() {
        // Label 0: 2 of 3 found, 2 of 2 right. Label 1: 1 of 1 found, 1 of 2 right. Label 2 never occurs.
        let scores = Scores::new(&[0, 0, 1, 1], &[0, 0, 0, 1], 3);
        assert_eq!(scores.accuracy, 0.75);
        assert_eq!(
            scores.confusion,
            vec![vec![2, 1, 0], vec![0, 1, 0], vec![0, 0, 0]]
        );
        assert!((scores.per_label[0].f1 - 0.8).abs() < 1e-12);
        assert!((scores.macro_f1 - (0.8 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!((scores.weighted_f1 - (3.0 * 0.8 + 2.0 / 3.0) / 4.0).abs() < 1e-12);
        assert_eq!(scores.n_right(), 3);
    }

    #[test]
    fn nothing_to_judge_gives_zeros() {
        let scores = Scores::new(&[], &[], 2);
        assert_eq!(
            (scores.accuracy, scores.macro_f1, scores.n_examples),
            (0.0, 0.0, 0)
        );
        assert_eq!(wilson_interval(0, 0, 1.96), (0.0, 1.0));
    }

    #[test]
    fn the_paired_test_is_that_of_mcnemar() {
        let check = |n_first, n_second, expected: f64| {
            let p = mcnemar_exact(n_first, n_second);
            let relative = (p - expected).abs() / expected;
            assert!(
                relative < 1e-9,
                "{n_first}, {n_second}: {p}, not {expected}"
            );
            assert_eq!(p, mcnemar_exact(n_second, n_first));
        };
        // 2 · (1 + 5) / 2^5
        check(1, 4, 0.375);
        check(0, 0, 1.0);
        check(7, 7, 1.0);
        // scipy 1.17: binomtest(n_first, n_first + n_second, 0.5).pvalue
        check(10, 30, 0.002_221_433_773_229_364_3);
        check(140, 101, 0.014_204_262_213_416_814);
        check(1900, 2100, 0.001_649_266_375_135_726_4);
    }

    #[test]
    fn the_interval_is_that_of_wilson() {
        // scipy 1.17: binomtest(9, 10).proportion_ci(method="wilson")
        let (low, high) = wilson_interval(9, 10, 1.959_963_984_540_054);
        assert!((low - 0.595_849_973_204_761_5).abs() < 1e-12, "{low}");
        assert!((high - 0.982_123_786_904_927_1).abs() < 1e-12, "{high}");
        assert_eq!(wilson_interval(10, 10, 1.96).1, 1.0);
        assert!(wilson_interval(0, 10, 1.96).0.abs() < 1e-15);
    }
}
