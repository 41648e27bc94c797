//! Labels that are too rare to learn from: left out, or put into one label.

use std::collections::HashMap;

use super::{EditError, Fate, State};

impl State<'_> {
    /// Leaves out the labels that have fewer examples than that.
    pub(super) fn ignore_rare(&mut self, fewer_than: usize) {
        let counts = self.counts_by_name();
        for fate in &mut self.fates {
            fate.ignored |= is_rare(fate, &counts, fewer_than);
        }
    }

    /// Makes one label of those that have fewer examples than that.
    pub(super) fn merge_rare(&mut self, fewer_than: usize, into: &str) -> Result<(), EditError> {
        let into = into.trim();
        if into.is_empty() {
            return Err(EditError::EmptyRareName);
        }
        let counts = self.counts_by_name();
        for fate in &mut self.fates {
            if !fate.ignored && is_rare(fate, &counts, fewer_than) {
                into.clone_into(&mut fate.name);
            }
        }
        Ok(())
    }

    /// How many examples are still there, by the names that their labels have now.
    fn counts_by_name(&self) -> HashMap<String, usize> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for i in self.kept() {
            for name in self.names(i) {
                match counts.get_mut(name) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(name.to_owned(), 1)),
                }
            }
        }
        counts
    }
}

fn is_rare(fate: &Fate, counts: &HashMap<String, usize>, fewer_than: usize) -> bool {
    counts.get(&fate.name).is_none_or(|n| *n < fewer_than)
}

#[cfg(test)]
mod tests {
    use crate::dataset::Dataset;
    use crate::edits::{DataEdit, Edited, EditedLabel, apply};

    fn shown(labels: &[EditedLabel]) -> Vec<(&str, usize)> {
        let labels = labels.iter();
        labels
            .map(|label| (label.label.as_str(), label.n_examples))
            .collect()
    }

    /// Three of x, two of y, one of z and one of w.
    fn data() -> Dataset {
        Dataset::of_rows(&[
            ("a", "x"),
            ("b", "x"),
            ("c", "x"),
            ("d", "y"),
            ("e", "y"),
            ("f", "z"),
            ("g", "w"),
        ])
    }

    fn merge_rare(fewer_than: usize, into: &str) -> DataEdit {
        DataEdit::MergeRareLabels {
            fewer_than,
            into: into.to_owned(),
        }
    }

    fn after(edits: &[DataEdit]) -> Edited {
        apply(&data(), edits).unwrap()
    }

    #[test]
    fn rare_labels_are_counted_as_they_are_then() {
        let merge = DataEdit::MergeLabels {
            labels: vec!["y".to_owned(), "z".to_owned()],
            into: "yz".to_owned(),
        };
        let rare = DataEdit::IgnoreRareLabels { fewer_than: 3 };
        let edited = after(&[merge.clone(), rare]);
        assert_eq!(shown(&edited.labels), [("x", 3), ("yz", 3)]);
        assert_eq!(shown(&edited.ignored), [("w", 1)]);
        let edited = after(&[merge, merge_rare(3, "other")]);
        assert_eq!(shown(&edited.labels), [("x", 3), ("yz", 3), ("other", 1)]);
    }

    #[test]
    fn rare_labels_become_one_that_remembers_them() {
        let edited = after(&[merge_rare(3, " other ")]);
        assert_eq!(shown(&edited.labels), [("other", 4), ("x", 3)]);
        assert_eq!(edited.labels[0].sources, ["w", "y", "z"]);
        assert_eq!(edited.dataset.examples.len(), 7, "no row is lost");
        assert!(edited.ignored.is_empty());
    }

    #[test]
    fn rare_labels_join_a_label_of_that_name() {
        let edited = after(&[merge_rare(2, "y")]);
        assert_eq!(shown(&edited.labels), [("y", 4), ("x", 3)]);
        // One that is rare itself is part of the whole.
        let edited = after(&[merge_rare(2, "z")]);
        assert_eq!(shown(&edited.labels), [("x", 3), ("y", 2), ("z", 2)]);
    }

    #[test]
    fn without_a_rare_label_nothing_changes() {
        assert_eq!(after(&[merge_rare(1, "other")]), after(&[]));
        let twice = [merge_rare(2, "other"), merge_rare(2, "other")];
        assert_eq!(after(&twice), after(&twice[..1]));
    }

    #[test]
    fn ignored_labels_stay_ignored() {
        let ignore = DataEdit::IgnoreLabel {
            label: "w".to_owned(),
        };
        let edited = after(&[ignore, merge_rare(2, "other")]);
        assert_eq!(shown(&edited.labels), [("x", 3), ("y", 2), ("other", 1)]);
        assert_eq!(shown(&edited.ignored), [("w", 1)]);
    }

    #[test]
    fn the_label_of_the_rare_ones_needs_a_name() {
        let error = apply(&data(), &[merge_rare(2, " ")]).unwrap_err();
        assert_eq!(error.code(), "edits.emptyRareName");
    }
}
