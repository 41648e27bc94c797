//! The labels of an example: exactly one, or any number.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How many labels a text can have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// Each text has exactly one label.
    #[default]
    Single,
    /// A text has any number of labels, also none.
    Multi,
}

impl Task {
    /// Tells whether each text has exactly one label.
    #[must_use]
    pub fn is_single(&self) -> bool {
        matches!(self, Task::Single)
    }

    /// Tells whether a text has any number of labels.
    #[must_use]
    pub fn is_multi(&self) -> bool {
        matches!(self, Task::Multi)
    }
}

/// Positions of an example's labels in the [`LabelMap`](super::LabelMap).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelIds {
    /// The only one, in a dataset where each text has one. It needs no list of its own.
    One(usize),
    /// Any number, ascending, each once.
    Any(Vec<usize>),
}

impl LabelIds {
    /// Makes an ascending list of `ids`, each once.
    #[must_use]
    pub fn any(mut ids: Vec<usize>) -> LabelIds {
        ids.sort_unstable();
        ids.dedup();
        LabelIds::Any(ids)
    }

    /// Returns the ids, ascending.
    #[must_use]
    pub fn as_slice(&self) -> &[usize] {
        match self {
            LabelIds::One(id) => std::slice::from_ref(id),
            LabelIds::Any(ids) => ids,
        }
    }

    /// Returns the id where each text has one label; where texts have any number, the first, or 0 for none.
    #[must_use]
    pub fn only(&self) -> usize {
        match self {
            LabelIds::One(id) => *id,
            LabelIds::Any(ids) => ids.first().copied().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_labels_has_each_once() {
        assert_eq!(LabelIds::any(vec![3, 1, 3]).as_slice(), [1, 3]);
        assert_eq!(LabelIds::any(vec![2, 0]), LabelIds::any(vec![0, 2, 0]));
        assert_eq!(LabelIds::One(4).as_slice(), [4]);
        assert_eq!(
            (LabelIds::One(4).only(), LabelIds::any(vec![]).only()),
            (4, 0)
        );
    }
}
