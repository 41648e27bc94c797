//! Train, valid and test: who learns, who chooses, who judges.
//!
//! Comes in: a [`Dataset`], fractions and a seed. Goes out: three lists of example positions. Labels keep their shares
//! on every side, equal texts never stand on two sides, and the same seed gives the same split. Where texts have
//! several labels, [`stratify`] keeps the shares.

mod stratify;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, Example, Part, Task};
use crate::random::Random;
use crate::same_text::normalized;

/// Shares of the examples that are set aside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fractions {
    /// Share of the valid part, 0 to 0.5.
    pub valid: f64,
    /// Share of the test part, 0 to 0.5.
    pub test: f64,
}

/// Positions of the examples on each side, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Split {
    /// Learned from.
    pub train: Vec<usize>,
    /// Looked at while training.
    pub valid: Vec<usize>,
    /// Looked at once, at the end.
    pub test: Vec<usize>,
    /// Who decided.
    pub origin: SplitOrigin,
    /// Valid or test examples whose text also stands in an earlier part. Only a split that the file gives has any.
    pub leaks: usize,
}

/// Who decided which example is on which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SplitOrigin {
    /// All parts were drawn with the seed.
    Drawn,
    /// All parts were given by the file.
    Given,
    /// The file gave train and test; valid was drawn from train.
    ValidDrawn,
    /// The file gave train and valid; test was drawn from train.
    TestDrawn,
}

/// Why a dataset can't be split.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum SplitError {
    /// The fractions leave nothing to learn from.
    #[error(
        "The valid share {valid} and the test share {test} must each be 0 to 0.5 and together less than 0.9"
    )]
    Fractions {
        /// Share of the valid part.
        valid: f64,
        /// Share of the test part.
        test: f64,
    },
    /// A label can't stand in every part.
    #[error("The label \"{label}\" has only {} (line {line}), but every label needs at least {needed}", examples(*n))]
    TooFewExamples {
        /// The label.
        label: String,
        /// Examples that it has.
        n: usize,
        /// Line of its first example.
        line: u64,
        /// Examples that it needs.
        needed: usize,
    },
    /// A part has no example: the split column has none, or the texts are all the same.
    #[error("No example is left for the {part} part")]
    EmptyPart {
        /// `train`, `valid` or `test`.
        part: &'static str,
    },
    /// A label is only in the valid or test part.
    #[error(
        "The label \"{label}\" (line {line}) is in the valid or test part, but not in the train part"
    )]
    LabelNotInTrain {
        /// The label.
        label: String,
        /// Line of its first example.
        line: u64,
    },
}

fn examples(n: usize) -> String {
    if n == 1 {
        "1 example".to_owned()
    } else {
        format!("{n} examples")
    }
}

/// Splits a dataset. Parts that the file gives are kept; missing ones are drawn from train.
///
/// # Errors
/// When a label has too few examples to stand in every part, or the fractions are out of range.
pub fn split(dataset: &Dataset, fractions: Fractions, seed: u64) -> Result<Split, SplitError> {
    check_fractions(fractions)?;
    let keys: Vec<String> = dataset.examples.iter().map(normalized).collect();
    let given = Given::of(dataset);
    let (draw_valid, draw_test) = (given.valid.is_empty(), given.test.is_empty());
    if !draw_valid || !draw_test {
        given.check(dataset)?;
    } else {
        check_label_counts(dataset)?;
    }
    let mut pool = Pool {
        dataset,
        keys: &keys,
        rest: given.train,
        random: Random::for_purpose(seed, FOR_SPLIT),
    };
    let test = if draw_test {
        pool.draw(fractions.test)
    } else {
        given.test
    };
    // Both shares are of the same whole, of which the test part is already gone.
    let valid_share = if draw_test {
        fractions.valid / (1.0 - fractions.test)
    } else {
        fractions.valid
    };
    let valid = if draw_valid {
        pool.draw(valid_share)
    } else {
        given.valid
    };
    let train = pool.rest;
    for (part, name) in [(&train, "train"), (&valid, "valid"), (&test, "test")] {
        if part.is_empty() {
            return Err(SplitError::EmptyPart { part: name });
        }
    }
    let origin = match (draw_valid, draw_test) {
        (true, true) => SplitOrigin::Drawn,
        (true, false) => SplitOrigin::ValidDrawn,
        (false, true) => SplitOrigin::TestDrawn,
        (false, false) => SplitOrigin::Given,
    };
    let leaks = count_leaks(&keys, &train, &valid, &test);
    Ok(Split {
        train,
        valid,
        test,
        origin,
        leaks,
    })
}

/// Purpose of the random numbers.
const FOR_SPLIT: u64 = 0x5b17;
/// Examples that a label needs to stand in every drawn part.
const FEWEST_EXAMPLES: usize = 3;

fn check_fractions(fractions: Fractions) -> Result<(), SplitError> {
    let Fractions { valid, test } = fractions;
    let range = 0.0..=0.5;
    if range.contains(&valid) && range.contains(&test) && valid + test < 0.9 {
        return Ok(());
    }
    Err(SplitError::Fractions { valid, test })
}

/// What the file says. Examples without a part belong to train.
struct Given {
    train: Vec<usize>,
    valid: Vec<usize>,
    test: Vec<usize>,
}

impl Given {
    fn of(dataset: &Dataset) -> Given {
        let in_part = |part: Part| -> Vec<usize> {
            let examples = dataset.examples.iter().enumerate();
            let chosen =
                examples.filter(|(_, example)| example.part.unwrap_or(Part::Train) == part);
            chosen.map(|(index, _)| index).collect()
        };
        Given {
            train: in_part(Part::Train),
            valid: in_part(Part::Valid),
            test: in_part(Part::Test),
        }
    }

    fn check(&self, dataset: &Dataset) -> Result<(), SplitError> {
        if self.train.is_empty() {
            return Err(SplitError::EmptyPart { part: "train" });
        }
        let ids = |index: &usize| dataset.examples[*index].label_ids.as_slice();
        let learned: HashSet<usize> = self.train.iter().flat_map(ids).copied().collect();
        let mut judged = self.valid.iter().chain(&self.test);
        let unknown = judged.find_map(|index| {
            let id = ids(index).iter().find(|id| !learned.contains(id))?;
            Some((*id, dataset.examples[*index].line))
        });
        match unknown {
            Some((id, line)) => Err(SplitError::LabelNotInTrain {
                label: dataset.labels.name(id).to_owned(),
                line,
            }),
            None => Ok(()),
        }
    }
}

fn check_label_counts(dataset: &Dataset) -> Result<(), SplitError> {
    let counts = dataset.label_counts();
    let Some(label_id) = (0..counts.len()).find(|id| counts[*id] < FEWEST_EXAMPLES) else {
        return Ok(());
    };
    let has_it = |example: &&Example| example.label_ids.as_slice().contains(&label_id);
    let first = dataset.examples.iter().find(has_it);
    Err(SplitError::TooFewExamples {
        label: dataset.labels.name(label_id).to_owned(),
        n: counts[label_id],
        line: first.map_or(0, |example| example.line),
        needed: FEWEST_EXAMPLES,
    })
}

/// The examples that parts are drawn from.
struct Pool<'a> {
    dataset: &'a Dataset,
    keys: &'a [String],
    rest: Vec<usize>,
    random: Random,
}

impl Pool<'_> {
    /// Takes about `fraction` of each label's examples out of the pool, equal texts together. Every label gives at
    /// least one example and keeps at least one, where it has more than one text.
    fn draw(&mut self, fraction: f64) -> Vec<usize> {
        let mut drawn = match self.dataset.task {
            Task::Single => self.draw_by_label(fraction),
            Task::Multi => {
                let mut groups = self.groups();
                self.random.shuffle(&mut groups);
                stratify::draw(self.dataset, groups, fraction)
            }
        };
        drawn.sort_unstable();
        let taken: HashSet<usize> = drawn.iter().copied().collect();
        self.rest.retain(|index| !taken.contains(index));
        drawn
    }

    fn draw_by_label(&mut self, fraction: f64) -> Vec<usize> {
        let mut by_label: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
        for group in self.groups() {
            by_label
                .entry(self.dataset.examples[group[0]].label_id())
                .or_default()
                .push(group);
        }
        let mut drawn = Vec::new();
        for mut groups in by_label.into_values() {
            self.random.shuffle(&mut groups);
            let n: usize = groups.iter().map(Vec::len).sum();
            let wanted = ((n as f64 * fraction).round() as usize).max(1);
            let start = drawn.len();
            for group in groups.iter().take(groups.len() - 1) {
                // A group may overshoot a little, but not double what was asked for.
                let taken = drawn.len() - start;
                if taken < wanted && taken + group.len() <= wanted.max(1) * 2 {
                    drawn.extend(group);
                }
            }
        }
        drawn
    }

    /// The pool's examples, equal texts together, in the order of their first example.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut position: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for index in &self.rest {
            let next = groups.len();
            let position = *position.entry(self.keys[*index].as_str()).or_insert(next);
            if position == next {
                groups.push(Vec::new());
            }
            groups[position].push(*index);
        }
        groups
    }
}

/// Valid and test examples whose text stands in an earlier part as well.
fn count_leaks(keys: &[String], train: &[usize], valid: &[usize], test: &[usize]) -> usize {
    let mut earlier: HashSet<&str> = train.iter().map(|index| keys[*index].as_str()).collect();
    let leaks = |earlier: &HashSet<&str>, part: &[usize]| {
        part.iter()
            .filter(|index| earlier.contains(keys[**index].as_str()))
            .count()
    };
    let in_valid = leaks(&earlier, valid);
    earlier.extend(valid.iter().map(|index| keys[*index].as_str()));
    in_valid + leaks(&earlier, test)
}

impl SplitError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            SplitError::Fractions { .. } => "split.fractions",
            SplitError::TooFewExamples { .. } => "split.tooFewExamples",
            SplitError::EmptyPart { .. } => "split.emptyPart",
            SplitError::LabelNotInTrain { .. } => "split.labelNotInTrain",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            SplitError::Fractions { .. } => "Leave the shares out to get 10 % each.".to_owned(),
            SplitError::TooFewExamples { .. } => {
                "Add some examples, merge the label with another, or remove its rows.".to_owned()
            }
            SplitError::EmptyPart { part } => {
                format!(
                    "Add more different texts; if the file has a split column, write \"{part}\" there for some rows."
                )
            }
            SplitError::LabelNotInTrain { .. } => {
                "Move some of its rows to the train part, or leave the split column out.".to_owned()
            }
        };
        Some(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{LabelIds, LabelMap};

    const TENTHS: Fractions = Fractions {
        valid: 0.1,
        test: 0.1,
    };

    fn dataset(rows: &[(String, usize, Option<Part>)]) -> Dataset {
        let n_labels = rows.iter().map(|row| row.1).max().unwrap_or(0) + 1;
        let examples = rows
            .iter()
            .enumerate()
            .map(|(index, (text, label_id, part))| Example {
                text: text.clone(),
                text_b: None,
                label_ids: LabelIds::One(*label_id),
                line: index as u64 + 2,
                part: *part,
            });
        let labels = LabelMap::in_order((0..n_labels).map(|id| format!("label {id}")).collect());
        Dataset {
            task: Task::Single,
            labels,
            examples: examples.collect(),
            skipped: Vec::new(),
        }
    }

    fn plain(n: usize, label_of: impl Fn(usize) -> usize) -> Dataset {
        let rows: Vec<_> = (0..n)
            .map(|i| (format!("text {i}"), label_of(i), None))
            .collect();
        dataset(&rows)
    }

    #[test]
    fn stratified_split_keeps_rare_labels_on_every_side() {
        // 97 examples of label 0, 3 of label 1.
        let dataset = plain(100, |i| usize::from(i % 33 == 1 && i < 99));
        let split = split(&dataset, TENTHS, 42).unwrap();
        assert_eq!(
            split.train.len() + split.valid.len() + split.test.len(),
            100
        );
        for part in [&split.train, &split.valid, &split.test] {
            let rare = part
                .iter()
                .filter(|index| dataset.examples[**index].label_id() == 1)
                .count();
            assert_eq!(rare, 1);
        }
        assert_eq!(split.test.len(), 11);
    }

    #[test]
    fn equal_texts_stay_on_one_side() {
        let rows: Vec<_> = (0..300)
            .map(|i| (format!("  Text {} ", i % 60), i % 2, None))
            .collect();
        let split = split(&dataset(&rows), TENTHS, 1).unwrap();
        assert_eq!(split.leaks, 0);
        let numbers = |part: &[usize]| part.iter().map(|index| index % 60).collect::<HashSet<_>>();
        assert!(numbers(&split.train).is_disjoint(&numbers(&split.test)));
        assert!(numbers(&split.train).is_disjoint(&numbers(&split.valid)));
        assert!(numbers(&split.valid).is_disjoint(&numbers(&split.test)));
    }

    #[test]
    fn the_seed_decides() {
        let dataset = plain(200, |i| i % 4);
        assert_eq!(
            split(&dataset, TENTHS, 7).unwrap(),
            split(&dataset, TENTHS, 7).unwrap()
        );
        assert_ne!(
            split(&dataset, TENTHS, 7).unwrap(),
            split(&dataset, TENTHS, 8).unwrap()
        );
    }

    #[test]
    fn given_parts_are_kept_and_valid_is_drawn_from_train() {
        let rows: Vec<_> = (0..100)
            .map(|i| {
                (
                    format!("text {}", i % 95),
                    i % 2,
                    Some(if i < 80 { Part::Train } else { Part::Test }),
                )
            })
            .collect();
        let split = split(&dataset(&rows), TENTHS, 42).unwrap();
        assert_eq!(split.test, (80..100).collect::<Vec<_>>());
        assert_eq!((split.valid.len(), split.train.len()), (8, 72));
        assert_eq!(split.origin, SplitOrigin::ValidDrawn);
        assert_eq!(split.leaks, 5, "texts 0 to 4 stand in train and test");
    }

    #[test]
    fn a_label_with_too_few_examples_is_named() {
        let dataset = plain(20, |i| usize::from(i == 4));
        let error = split(&dataset, TENTHS, 42).unwrap_err();
        let expected =
            "The label \"label 1\" has only 1 example (line 6), but every label needs at least 3";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.code(), "split.tooFewExamples");
    }

    #[test]
    fn a_label_that_nobody_learns_is_named() {
        let rows: Vec<_> = (0..30)
            .map(|i| {
                (
                    format!("text {i}"),
                    usize::from(i == 29),
                    Some(if i < 20 { Part::Train } else { Part::Test }),
                )
            })
            .collect();
        let error = split(&dataset(&rows), TENTHS, 42).unwrap_err();
        assert!(
            matches!(error, SplitError::LabelNotInTrain { line: 31, .. }),
            "{error}"
        );
    }
}
