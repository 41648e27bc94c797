//! A part that has its share of every label, where texts have several.
//!
//! Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data"): the
//! label with the fewest examples left is dealt out first, each example to the side that still wants most of this label,
//! because rare labels can't be made up for later and frequent ones can.

use crate::dataset::Dataset;

/// Takes about `fraction` of the examples in `groups`, and of each label, whole groups only. The order of the groups
/// decides between equals.
pub(super) fn draw(dataset: &Dataset, groups: Vec<Vec<usize>>, fraction: f64) -> Vec<usize> {
    let n_labels = dataset.labels.len();
    let counts = |group: &[usize]| -> Vec<(usize, usize)> {
        let mut ids: Vec<usize> = group
            .iter()
            .flat_map(|index| dataset.examples[*index].label_ids.as_slice())
            .copied()
            .collect();
        ids.sort_unstable();
        let runs = ids.chunk_by(|a, b| a == b);
        runs.filter_map(|run| Some((*run.first()?, run.len())))
            .collect()
    };
    let labels: Vec<Vec<(usize, usize)>> = groups.iter().map(|group| counts(group)).collect();
    let mut of_label: Vec<Vec<usize>> = vec![Vec::new(); n_labels];
    let mut left = vec![0; n_labels];
    for (group, counted) in labels.iter().enumerate() {
        for (id, n) in counted {
            of_label[*id].push(group);
            left[*id] += n;
        }
    }
    let n_examples: usize = groups.iter().map(Vec::len).sum();
    let mut sides = Sides {
        wanted: [fraction, 1.0 - fraction].map(|share| share * n_examples as f64),
        wanted_of_label: left.iter().map(|n| wants_of(*n, fraction)).collect(),
    };
    let mut side_of: Vec<Option<usize>> = vec![None; groups.len()];
    // The rarest label among those that are not dealt out yet.
    let rarest = |left: &[usize]| {
        (0..n_labels)
            .filter(|id| left[*id] > 0)
            .min_by_key(|id| left[*id])
    };
    while let Some(label) = rarest(&left) {
        for group in of_label[label].clone() {
            if side_of[group].is_some() {
                continue;
            }
            let side = sides.choose(label);
            sides.give(side, groups[group].len(), &labels[group]);
            side_of[group] = Some(side);
            for (id, n) in &labels[group] {
                left[*id] -= n;
            }
        }
    }
    let mut drawn = Vec::new();
    for (group, side) in groups.into_iter().zip(side_of) {
        // Texts without a label are dealt out last, to fill up.
        let side = side.unwrap_or_else(|| {
            let side = usize::from(sides.wanted[1] >= sides.wanted[0]);
            sides.give(side, group.len(), &[]);
            side
        });
        if side == DRAWN {
            drawn.extend(group);
        }
    }
    drawn
}

/// The side that is taken; the other one is what is left.
const DRAWN: usize = 0;

/// What the two sides still want, in examples: the drawn side and the rest.
struct Sides {
    wanted: [f64; 2],
    wanted_of_label: Vec<[f64; 2]>,
}

/// A label stands on both sides, where it has two examples.
fn wants_of(n: usize, fraction: f64) -> [f64; 2] {
    let n = n as f64;
    let drawn = if n < 2.0 {
        n * fraction
    } else {
        (n * fraction).clamp(1.0, n - 1.0)
    };
    [drawn, n - drawn]
}

impl Sides {
    /// The side that wants most of the label, or most of all.
    fn choose(&self, label: usize) -> usize {
        let [drawn, rest] = self.wanted_of_label[label];
        if drawn == rest {
            usize::from(self.wanted[1] >= self.wanted[0])
        } else {
            usize::from(rest > drawn)
        }
    }

    fn give(&mut self, side: usize, n_examples: usize, labels: &[(usize, usize)]) {
        self.wanted[side] -= n_examples as f64;
        for (id, n) in labels {
            self.wanted_of_label[*id][side] -= *n as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::split::{Fractions, split};

    /// 600 texts: "a" on most, "b" on a third, "c" on every 20th beside "a", "d" on five, some without any.
    fn data() -> Dataset {
        let mut random = Random::new(7);
        let rows: Vec<(String, String)> = (0..600)
            .map(|i| {
                let mut labels = Vec::new();
                labels.extend((random.uniform() < 0.7).then_some("a"));
                labels.extend((random.uniform() < 0.33).then_some("b"));
                labels.extend((i % 20 == 0).then_some("c"));
                labels.extend((i % 120 == 7).then_some("d"));
                (format!("text {i}"), labels.join("|"))
            })
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        Dataset::of_lists(&rows)
    }

    #[test]
    fn every_label_and_none_keeps_its_share_on_every_side() {
        let data = data();
        let tenths = Fractions {
            valid: 0.1,
            test: 0.1,
        };
        let split = split(&data, tenths, 3).unwrap();
        let all = data.label_counts();
        for part in [&split.valid, &split.test] {
            assert!((55..=65).contains(&part.len()), "{}", part.len());
            for (id, n) in all.iter().enumerate() {
                let has = |i: &&usize| data.examples[**i].label_ids.as_slice().contains(&id);
                let found = part.iter().filter(has).count() as f64;
                let wanted = (*n as f64 / 10.0).max(1.0);
                assert!(
                    (found - wanted).abs() <= 1.5,
                    "label {id}: {found} of {wanted}"
                );
            }
            let without = |i: &&usize| data.examples[**i].label_ids.as_slice().is_empty();
            assert!(part.iter().any(|i| without(&i)));
        }
        let mut parts = [&split.train[..], &split.valid, &split.test].concat();
        parts.sort_unstable();
        assert_eq!(parts, (0..600).collect::<Vec<_>>());
    }

    #[test]
    fn the_seed_decides_and_equal_texts_stay_together() {
        let mut data = data();
        for i in 0..300 {
            data.examples[i + 300].text = data.examples[i].text.clone();
        }
        let tenths = Fractions {
            valid: 0.1,
            test: 0.1,
        };
        let first = split(&data, tenths, 1).unwrap();
        assert_eq!(first, split(&data, tenths, 1).unwrap());
        assert_ne!(first, split(&data, tenths, 2).unwrap());
        assert_eq!(first.leaks, 0);
        let test: Vec<usize> = first.test.iter().map(|i| i % 300).collect();
        assert!(first.train.iter().all(|i| !test.contains(&(i % 300))));
    }

    #[test]
    fn a_label_with_few_examples_stands_on_both_sides() {
        assert_eq!(wants_of(3, 0.1), [1.0, 2.0]);
        assert_eq!(wants_of(100, 0.1), [10.0, 90.0]);
        assert_eq!(wants_of(2, 0.5), [1.0, 1.0]);
    }
}
