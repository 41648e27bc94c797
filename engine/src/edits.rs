//! Corrections: what the person changed about labels and examples, as a list that can be taken back.
//!
//! Comes in: a [`Dataset`] as the file gives it, and a list of [`DataEdit`]s. Goes out: the dataset to train on, and what
//! became of every label. The file itself is never touched, and the list can be applied to a newer version of it, or
//! kept in a file of its own.

mod error;
mod list_file;
mod rare;
mod texts;

use std::cell::OnceCell;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::error::EditError;
pub use self::list_file::{EditFileError, read_list, write_list};
pub(crate) use self::texts::{is_short, tidy};
use crate::dataset::{Dataset, DatasetError, Example, LabelIds, LabelMap};
use crate::same_text::{NearTexts, TextKey};

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum DataEdit {
    /// Gives a label another name; if another label has that name, both become one.
    RenameLabel {
        /// The name it has.
        from: String,
        /// The name it gets.
        to: String,
    },
    /// Makes one label of several.
    MergeLabels {
        /// The names they have.
        labels: Vec<String>,
        /// The name of the whole, which may be one of them.
        into: String,
    },
    /// Leaves the examples of a label out; where texts have several labels, those that have no other.
    IgnoreLabel {
        /// The name it has.
        label: String,
    },
    /// Leaves the examples of all labels out that have fewer than so many.
    IgnoreRareLabels {
        /// Examples that a label needs to stay.
        fewer_than: usize,
    },
    /// Makes one label of all that have fewer examples than that. If there is a label of that name, they join it; if no
    /// label is so rare, nothing changes.
    MergeRareLabels {
        /// Examples that a label needs to stay itself.
        fewer_than: usize,
        /// The name of the whole.
        into: String,
    },
    /// Brings an ignored label back.
    RestoreLabel {
        /// The name it has.
        label: String,
    },
    /// Keeps the first of examples with the same text and the same label.
    DropDuplicates,
    /// Leaves out examples whose text also stands there with another label.
    DropConflicts,
    /// Keeps the first of examples with nearly the same text and the same label.
    DropNearDuplicates,
    /// Leaves out valid and test examples whose text, or nearly the same one, is also in the train part of the file.
    DropLeaks,
    /// Leaves out examples whose text has too few characters, or marks alone.
    DropShortTexts {
        /// Characters that a text needs to stay.
        fewer_than: usize,
    },
    /// Leaves out the examples of all labels that the train part of the file does not have.
    IgnoreLabelsNotInTrain,
    /// Takes the spaces around labels away, and writes each of their letters as one character.
    TidyLabels,
    /// Writes each letter of the texts as one character (NFC).
    ComposeTexts,
}

/// A label after the corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LabelInfo")]
#[serde(rename_all = "camelCase")]
pub struct EditedLabel {
    /// The label as it will be trained.
    pub label: String,
    /// Examples that have it.
    pub n_examples: usize,
    /// The labels of the file that it is made of.
    pub sources: Vec<String>,
}

/// A dataset after the corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The examples that are left, with the new labels. May have fewer than two labels.
    pub dataset: Dataset,
    /// The labels, the most frequent first.
    pub labels: Vec<EditedLabel>,
    /// The labels that are ignored, the most frequent first.
    pub ignored: Vec<EditedLabel>,
}

impl Edited {
    /// Checks that there is something left to tell apart.
    ///
    /// # Errors
    /// [`DatasetError::OneLabel`].
    pub fn check(&self) -> Result<(), DatasetError> {
        let labels = &self.dataset.labels;
        if labels.len() < 2 {
            return Err(DatasetError::OneLabel {
                n_examples: self.dataset.examples.len(),
                label: labels.name(0).to_owned(),
            });
        }
        Ok(())
    }
}

/// A list of edits that may have been made on other data.
#[derive(Debug)]
pub struct Divided {
    /// Those that can be made, in their order.
    pub made: Vec<DataEdit>,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

/// An edit that can't be made.
#[derive(Debug)]
pub struct LeftOut {
    /// Its place in the list, from 1.
    pub number: usize,
    /// What it would have done.
    pub edit: DataEdit,
    /// Why it can't be made.
    pub reason: EditError,
}

/// Applies `edits` in their order.
///
/// # Errors
/// When an edit names a label that is not there, or gives an empty name.
pub fn apply(dataset: &Dataset, edits: &[DataEdit]) -> Result<Edited, EditError> {
    apply_to(State::new(dataset, None), edits)
}

/// Does the same as [`apply`], for a caller who has looked for the texts of `dataset` that are nearly the same.
///
/// # Errors
/// Those of [`apply`].
pub fn apply_knowing(
    dataset: &Dataset,
    edits: &[DataEdit],
    near: &NearTexts,
) -> Result<Edited, EditError> {
    apply_to(State::new(dataset, Some(near)), edits)
}

fn apply_to(mut state: State<'_>, edits: &[DataEdit]) -> Result<Edited, EditError> {
    for edit in edits {
        state.apply(edit)?;
    }
    Ok(state.finish())
}

/// Divides `edits` into those that can be made on `dataset`, in their order, and those that can't.
///
/// For a list that was made on other data. `before` are the edits that were made on this data already.
pub fn divide(dataset: &Dataset, before: &[DataEdit], edits: Vec<DataEdit>) -> Divided {
    let mut state = State::new(dataset, None);
    for edit in before {
        // What was made on this data once fits it.
        let _ = state.apply(edit);
    }
    state.divide(edits)
}

/// Applies those of `edits` that can be made, in their order, and says which they are.
///
/// For a list that was made on other data.
pub fn apply_fitting(dataset: &Dataset, edits: Vec<DataEdit>) -> (Edited, Divided) {
    let mut state = State::new(dataset, None);
    let divided = state.divide(edits);
    (state.finish(), divided)
}

/// Where a label of the file has gone.
struct Fate {
    name: String,
    ignored: bool,
}

struct State<'a> {
    dataset: &'a Dataset,
    /// By label id of the file.
    fates: Vec<Fate>,
    dropped: Vec<bool>,
    composes_texts: bool,
    /// What the caller knows; otherwise it is found when an edit asks for it.
    known_near: Option<&'a NearTexts>,
    found_near: OnceCell<NearTexts>,
    keys: OnceCell<Vec<TextKey>>,
}

impl<'a> State<'a> {
    fn new(dataset: &'a Dataset, known_near: Option<&'a NearTexts>) -> Self {
        let names = dataset.labels.names().iter();
        Self {
            dataset,
            fates: names
                .map(|name| Fate {
                    name: name.clone(),
                    ignored: false,
                })
                .collect(),
            dropped: vec![false; dataset.examples.len()],
            composes_texts: false,
            known_near,
            found_near: OnceCell::new(),
            keys: OnceCell::new(),
        }
    }

    fn divide(&mut self, edits: Vec<DataEdit>) -> Divided {
        let mut divided = Divided {
            made: Vec::new(),
            left_out: Vec::new(),
        };
        for (i, edit) in edits.into_iter().enumerate() {
            match self.apply(&edit) {
                Ok(()) => divided.made.push(edit),
                Err(reason) => divided.left_out.push(LeftOut {
                    number: i + 1,
                    edit,
                    reason,
                }),
            }
        }
        divided
    }

    /// Makes an edit as a whole or not at all.
    fn apply(&mut self, edit: &DataEdit) -> Result<(), EditError> {
        match edit {
            DataEdit::RenameLabel { from, to } => self.rename(std::slice::from_ref(from), to)?,
            DataEdit::MergeLabels { labels, into } => self.rename(labels, into)?,
            DataEdit::IgnoreLabel { label } => {
                for id in self.ids_of(label)? {
                    self.fates[id].ignored = true;
                }
            }
            DataEdit::IgnoreRareLabels { fewer_than } => self.ignore_rare(*fewer_than),
            DataEdit::MergeRareLabels { fewer_than, into } => self.merge_rare(*fewer_than, into)?,
            DataEdit::RestoreLabel { label } => self.restore(label)?,
            DataEdit::DropDuplicates => self.drop_duplicates(),
            DataEdit::DropConflicts => self.drop_conflicts(),
            DataEdit::DropNearDuplicates => self.drop_near_duplicates(),
            DataEdit::DropLeaks => self.drop_leaks(),
            DataEdit::DropShortTexts { fewer_than } => self.drop_short_texts(*fewer_than),
            DataEdit::IgnoreLabelsNotInTrain => self.ignore_labels_not_in_train(),
            DataEdit::TidyLabels => self.tidy_labels(),
            DataEdit::ComposeTexts => self.composes_texts = true,
        }
        Ok(())
    }

    fn rename(&mut self, labels: &[String], to: &str) -> Result<(), EditError> {
        let to = to.trim();
        if to.is_empty() {
            return Err(EditError::EmptyName {
                label: labels.join(", "),
            });
        }
        let mut ids = Vec::new();
        for label in labels {
            ids.extend(self.ids_of(label)?);
        }
        for id in ids {
            to.clone_into(&mut self.fates[id].name);
        }
        Ok(())
    }

    fn restore(&mut self, label: &str) -> Result<(), EditError> {
        let ignored = self.fates.iter_mut().filter(|fate| fate.ignored);
        let mut found = ignored.filter(|fate| fate.name == label).peekable();
        if found.peek().is_none() {
            return Err(EditError::NotIgnored {
                label: label.to_owned(),
            });
        }
        found.for_each(|fate| fate.ignored = false);
        Ok(())
    }

    /// The labels of the file, by id, that now have this name.
    fn ids_of(&self, name: &str) -> Result<Vec<usize>, EditError> {
        let used = || {
            self.fates
                .iter()
                .enumerate()
                .filter(|(_, fate)| !fate.ignored)
        };
        let found: Vec<usize> = used()
            .filter(|(_, fate)| fate.name == name)
            .map(|(id, _)| id)
            .collect();
        if found.is_empty() {
            return Err(EditError::UnknownLabel {
                label: name.to_owned(),
                n_labels: used().count(),
            });
        }
        Ok(found)
    }

    /// Positions of the examples that are still there.
    fn kept(&self) -> Vec<usize> {
        let examples = self.dataset.examples.iter().enumerate();
        examples
            .filter(|(i, example)| !self.dropped[*i] && self.is_labelled(example))
            .map(|(i, _)| i)
            .collect()
    }

    /// Whether the labels of an example are not all ignored. One that never had any says that none of them is right.
    fn is_labelled(&self, example: &Example) -> bool {
        let ids = example.label_ids.as_slice();
        ids.is_empty() || ids.iter().any(|id| !self.fates[*id].ignored)
    }

    /// The labels that an example has now, in alphabetical order and each once.
    fn names(&self, i: usize) -> Vec<&str> {
        let ids = self.dataset.examples[i].label_ids.as_slice().iter();
        let fates = ids.map(|id| &self.fates[*id]).filter(|fate| !fate.ignored);
        let mut names: Vec<&str> = fates.map(|fate| fate.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn finish(self) -> Edited {
        let kept = self.kept();
        let left = self.counts(kept.iter().map(|&i| &self.dataset.examples[i]));
        let used = self.fates.iter().zip(&left);
        let used = used.filter(|(fate, n)| !fate.ignored && **n > 0);
        let labels = LabelMap::sorted(used.map(|(fate, _)| fate.name.clone()));
        let ids: HashMap<&str, usize> = labels
            .names()
            .iter()
            .enumerate()
            .map(|(id, name)| (name.as_str(), id))
            .collect();
        let mut examples: Vec<Example> = kept
            .iter()
            .map(|&i| {
                let example = &self.dataset.examples[i];
                let label_ids = match &example.label_ids {
                    LabelIds::One(id) => LabelIds::One(ids[self.fates[*id].name.as_str()]),
                    LabelIds::Any(_) => {
                        LabelIds::any(self.names(i).into_iter().map(|name| ids[name]).collect())
                    }
                };
                Example {
                    label_ids,
                    ..example.clone()
                }
            })
            .collect();
        if self.composes_texts {
            texts::compose(&mut examples);
        }
        let all = self.counts(self.dataset.examples.iter());
        Edited {
            labels: self.gather(false, &left),
            ignored: self.gather(true, &all),
            dataset: Dataset {
                task: self.dataset.task,
                labels,
                examples,
                skipped: self.dataset.skipped.clone(),
            },
        }
    }

    /// How many of `examples` have each label of the file; of labels that became one, an example counts for the first.
    fn counts<'e>(&self, examples: impl Iterator<Item = &'e Example>) -> Vec<usize> {
        let mut counts = vec![0; self.fates.len()];
        for example in examples {
            let ids = example.label_ids.as_slice();
            for (position, id) in ids.iter().enumerate() {
                let fate = |id: &usize| (&self.fates[*id].name, self.fates[*id].ignored);
                if !ids[..position]
                    .iter()
                    .any(|earlier| fate(earlier) == fate(id))
                {
                    counts[*id] += 1;
                }
            }
        }
        counts
    }

    fn gather(&self, ignored: bool, counts: &[usize]) -> Vec<EditedLabel> {
        let mut labels: Vec<EditedLabel> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        let fates = self.fates.iter().zip(self.dataset.labels.names());
        for ((fate, source), n_examples) in fates.zip(counts) {
            if fate.ignored != ignored {
                continue;
            }
            let position = *positions.entry(&fate.name).or_insert_with(|| {
                labels.push(EditedLabel {
                    label: fate.name.clone(),
                    n_examples: 0,
                    sources: Vec::new(),
                });
                labels.len() - 1
            });
            labels[position].n_examples += n_examples;
            labels[position].sources.push(source.clone());
        }
        labels.sort_by(|a, b| b.n_examples.cmp(&a.n_examples).then(a.label.cmp(&b.label)));
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(labels: &[EditedLabel]) -> Vec<(&str, usize)> {
        labels
            .iter()
            .map(|label| (label.label.as_str(), label.n_examples))
            .collect()
    }

    fn merge(labels: &[&str], into: &str) -> DataEdit {
        DataEdit::MergeLabels {
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            into: into.to_owned(),
        }
    }

    #[test]
    fn without_edits_everything_stays() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "y")]);
        let edited = apply(&data, &[]).unwrap();
        assert_eq!(edited.dataset, data);
        assert_eq!(shown(&edited.labels), [("y", 2), ("x", 1)]);
    }

    #[test]
    fn merged_labels_remember_what_they_are_made_of() {
        let data = Dataset::of_rows(&[("a", "refund"), ("b", "money back"), ("c", "other")]);
        let edited = apply(&data, &[merge(&["money back", "refund"], "refund")]).unwrap();
        assert_eq!(shown(&edited.labels), [("refund", 2), ("other", 1)]);
        assert_eq!(edited.labels[0].sources, ["money back", "refund"]);
        assert_eq!(edited.dataset.labels.names(), ["other", "refund"]);
        assert_eq!(edited.dataset.examples[1].label_id(), 1);
    }

    #[test]
    fn an_edit_speaks_of_the_labels_as_they_are_then() {
        let rename = |from: &str, to: &str| DataEdit::RenameLabel {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y")]);
        let edits = [rename("x", "z"), rename("z", "y")];
        assert_eq!(shown(&apply(&data, &edits).unwrap().labels), [("y", 2)]);
        let error = apply(&data, &[rename("x", "z"), rename("x", "w")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no label \"x\"; the 2 labels are others"
        );
        assert_eq!(
            apply(&data, &[rename("x", " ")]).unwrap_err().code(),
            "edits.emptyName"
        );
    }

    #[test]
    fn ignored_labels_are_left_out_and_listed() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "z")]);
        let edits = [DataEdit::IgnoreLabel {
            label: "y".to_owned(),
        }];
        let edited = apply(&data, &edits).unwrap();
        assert_eq!(edited.dataset.examples.len(), 2);
        assert_eq!(shown(&edited.ignored), [("y", 1)]);
    }

    #[test]
    fn an_ignored_label_comes_back_and_later_edits_stay() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "z")]);
        let ignore = |label: &str| DataEdit::IgnoreLabel {
            label: label.to_owned(),
        };
        let restore = |label: &str| DataEdit::RestoreLabel {
            label: label.to_owned(),
        };
        let edits = [ignore("y"), merge(&["x", "z"], "xz"), restore("y")];
        let edited = apply(&data, &edits).unwrap();
        assert_eq!(shown(&edited.labels), [("xz", 2), ("y", 1)]);
        assert!(edited.ignored.is_empty());
        let error = apply(&data, &[restore("y")]).unwrap_err();
        assert_eq!(error.code(), "edits.notIgnored");
    }

    #[test]
    fn a_label_that_was_merged_comes_back_as_a_whole() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "z")]);
        let edits = [
            merge(&["x", "y"], "both"),
            DataEdit::IgnoreLabel {
                label: "both".to_owned(),
            },
            DataEdit::RestoreLabel {
                label: "both".to_owned(),
            },
        ];
        assert_eq!(
            shown(&apply(&data, &edits).unwrap().labels),
            [("both", 2), ("z", 1)]
        );
    }

    #[test]
    fn edits_of_another_version_are_made_where_they_can_be() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y")]);
        let gone = merge(&["x", "gone"], "all");
        let rename = DataEdit::RenameLabel {
            from: "x".to_owned(),
            to: "z".to_owned(),
        };
        let (edited, divided) = apply_fitting(&data, vec![rename.clone(), gone.clone()]);
        assert_eq!(shown(&edited.labels), [("y", 1), ("z", 1)]);
        assert_eq!(divided.made, std::slice::from_ref(&rename));
        let [left] = divided.left_out.as_slice() else {
            panic!("one is left out: {divided:?}");
        };
        assert_eq!((left.number, &left.edit), (2, &gone));
        assert_eq!(left.reason.code(), "edits.unknownLabel");
        // After the same correction there is nothing left to rename.
        let again = divide(&data, std::slice::from_ref(&rename), vec![rename.clone()]);
        assert!(again.made.is_empty());
        assert_eq!(again.left_out[0].number, 1);
    }

    #[test]
    fn one_label_that_is_left_is_nothing_to_learn_from() {
        let data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "z")]);
        let edits = |labels: &[&str]| [merge(labels, "all")];
        assert!(apply(&data, &edits(&["x", "y"])).unwrap().check().is_ok());
        let one = apply(&data, &edits(&["x", "y", "z"])).unwrap().check();
        assert_eq!(one.unwrap_err().code(), "dataset.oneLabel");
    }

    #[test]
    fn duplicates_and_conflicts_are_dropped() {
        let data = Dataset::of_rows(&[("a", "x"), ("a", "x"), ("b", "x"), ("b", "y"), ("c", "y")]);
        let texts = |edits: &[DataEdit]| -> Vec<String> {
            let edited = apply(&data, edits).unwrap();
            edited
                .dataset
                .examples
                .into_iter()
                .map(|e| e.text)
                .collect()
        };
        assert_eq!(texts(&[DataEdit::DropDuplicates]), ["a", "b", "b", "c"]);
        assert_eq!(texts(&[DataEdit::DropConflicts]), ["a", "a", "c"]);
        // Merged first, the two labels of "b" are no conflict any more.
        let edits = [merge(&["x", "y"], "x"), DataEdit::DropConflicts];
        assert_eq!(texts(&edits).len(), 5);
    }
    #[test]
    fn of_several_labels_one_can_go_and_two_become_one() {
        let data = Dataset::of_lists(&[
            ("a", "x|y"),
            ("b", "y|z"),
            ("c", "z"),
            ("d", ""),
            ("e", "x"),
        ]);
        let ignore = DataEdit::IgnoreLabel {
            label: "z".to_owned(),
        };
        let edited = apply(&data, &[ignore, merge(&["x", "y"], "xy")]).unwrap();
        let left = edited.dataset.examples.iter();
        let left: Vec<(&str, &[usize])> = left
            .map(|example| (example.text.as_str(), example.label_ids.as_slice()))
            .collect();
        // "c" has nothing left; "d" says that none of the labels is right.
        assert_eq!(
            left,
            [("a", &[0][..]), ("b", &[0]), ("d", &[]), ("e", &[0])]
        );
        assert_eq!(shown(&edited.labels), [("xy", 3)]);
        assert_eq!(shown(&edited.ignored), [("z", 2)]);
    }

    #[test]
    fn the_same_text_with_another_set_of_labels_is_a_conflict() {
        let rows = [
            ("a", "x|y"),
            ("a", "y|x"),
            ("b", "x"),
            ("b", "x|y"),
            ("c", "y"),
        ];
        let data = Dataset::of_lists(&rows);
        let texts = |edit: DataEdit| -> Vec<String> {
            let examples = apply(&data, &[edit]).unwrap().dataset.examples;
            examples.into_iter().map(|example| example.text).collect()
        };
        assert_eq!(texts(DataEdit::DropDuplicates), ["a", "b", "b", "c"]);
        assert_eq!(texts(DataEdit::DropConflicts), ["a", "a", "c"]);
    }
}
