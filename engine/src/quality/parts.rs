//! Labels in the parts that the file gives: those that can't be learned, and a mixture that is another one than what is
//! learned.

use super::{DataFinding, Fix, LabelSize, Matter, NAMED_LABELS};
use crate::dataset::{Dataset, Part};
use crate::edits::DataEdit;

/// The standard normal deviate that chance exceeds with a probability of 0.001; then the parts are of two mixtures.
const DEVIATE: f64 = 3.090_232;
/// Half of the sum of all differences between the shares of the labels (total variation distance). Smaller ones don't
/// change what a score means, however sure they are.
const LEAST_DISTANCE: f64 = 0.1;
/// The chi-square test holds where that many rows are expected of each label; rarer ones are counted as one.
const LEAST_EXPECTED: f64 = 5.0;

pub(super) fn labels_not_in_train(dataset: &Dataset) -> Option<DataFinding> {
    let learned = counts(dataset, Part::Train);
    let judged = [counts(dataset, Part::Valid), counts(dataset, Part::Test)];
    let n_judged = |id: usize| judged[0][id] + judged[1][id];
    let missing = (0..learned.len()).filter(|id| learned[*id] == 0 && n_judged(*id) > 0);
    let missing: Vec<usize> = missing.collect();
    if missing.is_empty() {
        return None;
    }
    let size = |id: &usize| LabelSize {
        label: dataset.labels.name(*id).to_owned(),
        n_examples: n_judged(*id),
    };
    let matter = Matter::LabelsNotInTrain {
        n_labels: missing.len(),
        labels: missing.iter().take(NAMED_LABELS).map(size).collect(),
    };
    let used = (0..learned.len()).filter(|id| learned[*id] > 0).count();
    // At least two labels must stay.
    let fix = (used >= 2).then(|| {
        Fix::of_edits(
            "Ignore these labels",
            vec![DataEdit::IgnoreLabelsNotInTrain],
        )
    });
    let of_missing = dataset.examples.iter();
    let lines = of_missing
        .filter(|example| {
            let ids = example.label_ids.as_slice();
            ids.iter().any(|id| missing.binary_search(id).is_ok())
        })
        .map(|example| example.line)
        .take(super::SHOWN_LINES);
    Some(DataFinding::new(matter, lines.collect(), fix))
}

/// Compares the valid and the test part with the train part; the one that differs more is told.
pub(super) fn label_shift(dataset: &Dataset) -> Option<DataFinding> {
    let train = counts(dataset, Part::Train);
    let shifts = [Part::Valid, Part::Test].into_iter().filter_map(|part| {
        let judged = counts(dataset, part);
        let distance = distance(&train, &judged);
        let is_clear = distance >= LEAST_DISTANCE && is_another_mixture(&train, &judged);
        is_clear.then_some((part, judged, distance))
    });
    let (part, judged, _) = shifts.max_by(|a, b| a.2.total_cmp(&b.2))?;
    let (n_train, n_part): (usize, usize) = (train.iter().sum(), judged.iter().sum());
    // Shares over their common denominator, so that equal differences are equal.
    let difference = |id: &usize| (train[*id] * n_part).abs_diff(judged[*id] * n_train);
    // The first of those that differ most, which the last of the turned list is.
    let id = (0..train.len()).rev().max_by_key(difference)?;
    let matter = Matter::LabelShift {
        is_test: part == Part::Test,
        label: dataset.labels.name(id).to_owned(),
        n_label_in_train: train[id],
        n_train,
        n_label_in_part: judged[id],
        n_part,
    };
    Some(DataFinding::new(matter, Vec::new(), None))
}

/// Rows of each label in a part; rows without one belong to train.
fn counts(dataset: &Dataset, part: Part) -> Vec<usize> {
    let mut counts = vec![0; dataset.labels.len()];
    for example in &dataset.examples {
        if example.part.unwrap_or(Part::Train) == part {
            example
                .label_ids
                .as_slice()
                .iter()
                .for_each(|id| counts[*id] += 1);
        }
    }
    counts
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}

/// Total variation distance between the shares; 0 where a part is empty.
fn distance(a: &[usize], b: &[usize]) -> f64 {
    let (n_a, n_b): (usize, usize) = (a.iter().sum(), b.iter().sum());
    if n_a == 0 || n_b == 0 {
        return 0.0;
    }
    let differences = a.iter().zip(b);
    let differences = differences.map(|(x, y)| (share(*x, n_a) - share(*y, n_b)).abs());
    differences.sum::<f64>() / 2.0
}

/// Pearson's chi-square test of homogeneity, for a probability of 0.001.
fn is_another_mixture(a: &[usize], b: &[usize]) -> bool {
    let (n_a, n_b): (usize, usize) = (a.iter().sum(), b.iter().sum());
    let n = (n_a + n_b) as f64;
    let smaller = n_a.min(n_b) as f64;
    let is_rare = |x: usize, y: usize| (x + y) as f64 * smaller < LEAST_EXPECTED * n;
    let (mut cells, mut rare) = (Vec::new(), (0, 0));
    for (x, y) in a.iter().copied().zip(b.iter().copied()) {
        if is_rare(x, y) {
            rare = (rare.0 + x, rare.1 + y);
        } else {
            cells.push((x, y));
        }
    }
    if !is_rare(rare.0, rare.1) {
        cells.push(rare);
    }
    let Some(freedom) = cells.len().checked_sub(1).filter(|freedom| *freedom > 0) else {
        return false;
    };
    let deviation = |count: usize, expected: f64| (count as f64 - expected).powi(2) / expected;
    let statistic: f64 = cells
        .iter()
        .map(|(x, y)| {
            let both = (x + y) as f64;
            deviation(*x, both * n_a as f64 / n) + deviation(*y, both * n_b as f64 / n)
        })
        .sum();
    statistic > critical(freedom)
}

/// The chi-square value that is exceeded with a probability of 0.001 (Wilson and Hilferty 1931): at most 3 % too large.
fn critical(freedom: usize) -> f64 {
    let freedom = freedom as f64;
    let part = 2.0 / (9.0 * freedom);
    freedom * (1.0 - part + DEVIATE * part.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the labels a, b, … in train and in another part.
    fn data(part: Part, train: &[usize], judged: &[usize]) -> Dataset {
        let rows = |counts: &[usize]| -> Vec<String> {
            let labels = counts.iter().zip('a'..);
            let labels = labels.flat_map(|(n, label)| (0..*n).map(move |_| label.to_string()));
            labels.collect()
        };
        let labels = [rows(train), rows(judged)].concat();
        let labels: Vec<(&str, &str)> = labels
            .iter()
            .map(|label| ("text", label.as_str()))
            .collect();
        let mut data = Dataset::of_rows(&labels);
        let n_train = train.iter().sum();
        for example in data.examples.iter_mut().skip(n_train) {
            example.part = Some(part);
        }
        data
    }

    #[test]
    fn critical_values_are_those_of_the_tables() {
        for (freedom, value) in [
            (1, 10.828),
            (2, 13.816),
            (5, 20.515),
            (30, 59.703),
            (100, 149.449),
        ] {
            let ratio = critical(freedom) / value;
            assert!((0.999..1.031).contains(&ratio), "{freedom}: {ratio}");
        }
    }

    #[test]
    fn another_mixture_in_the_test_part_is_found() {
        let found = label_shift(&data(Part::Test, &[500, 500], &[40, 160])).unwrap();
        assert_eq!(
            found.message,
            "\"a\" has 50 % of the train rows, but 20 % of the test rows"
        );
        let found = label_shift(&data(Part::Valid, &[300, 600, 100], &[60, 20, 20])).unwrap();
        assert_eq!(
            found.message,
            "\"b\" has 60 % of the train rows, but 20 % of the valid rows"
        );
    }

    #[test]
    fn rare_labels_have_a_share_with_a_digit_behind_the_point() {
        let found =
            label_shift(&data(Part::Test, &[5_000, 4_950, 50], &[1_400, 1_200, 400])).unwrap();
        assert_eq!(
            found.message,
            "\"c\" has 0.5 % of the train rows, but 13.3 % of the test rows"
        );
    }

    #[test]
    fn chance_and_small_differences_are_no_other_mixture() {
        let is_found =
            |train: &[usize], test: &[usize]| label_shift(&data(Part::Test, train, test)).is_some();
        assert!(!is_found(&[500, 500], &[9, 11]), "nearly the same");
        assert!(!is_found(&[500, 500], &[6, 14]), "too few rows to be sure");
        assert!(
            !is_found(&[50_000, 50_000], &[4500, 5500]),
            "sure, but small"
        );
        assert!(!is_found(&[500, 500], &[]), "no test part");
        assert!(!is_found(&[1; 26], &[0, 0, 1]), "every label is rare");
    }

    #[test]
    fn labels_that_train_does_not_have_are_named_and_ignored_together() {
        let data = data(Part::Test, &[9, 9, 0, 0], &[1, 1, 3, 1]);
        let found = labels_not_in_train(&data).unwrap();
        assert_eq!(
            found.message,
            "2 labels are in the valid or test part alone: \"c\" (3), \"d\" (1)"
        );
        assert_eq!(found.lines, [22, 23, 24, 25]);
        let edits = found.fix.unwrap().edits;
        let after = crate::edits::apply(&data, &edits).unwrap().dataset;
        assert!(labels_not_in_train(&after).is_none());
    }
}
