//! Which rows copy another one: nearly, or from the train part into a part that judges.

use std::collections::{HashMap, HashSet};

use super::{NearTexts, TextKey};
use crate::dataset::Part;

/// Positions of rows that nearly repeat an earlier one, ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NearRepeats {
    /// One with the same label stays.
    pub(crate) same_label: Vec<usize>,
    /// Those that stay have another label.
    pub(crate) other_label: Vec<usize>,
    /// The rows that those of `other_label` nearly repeat.
    pub(crate) contradicted: Vec<usize>,
}

/// Goes through rows of position, text and label, or list of labels, in their order. A row goes when a row that stays has nearly its text and
/// its label; so nothing goes that is like one that went alone. Equal texts are another matter.
pub(crate) fn near_repeats<L: Clone + Eq>(
    rows: impl IntoIterator<Item = (usize, TextKey, L)>,
    near: &NearTexts,
) -> NearRepeats {
    let mut repeats = NearRepeats::default();
    // The first row of each text and label that stays, where a text has near ones at all.
    let mut staying: HashMap<TextKey, Vec<(L, usize)>> = HashMap::new();
    for (position, text, label) in rows {
        let others = near.of(text);
        if others.is_empty() {
            continue;
        }
        let earlier = others.iter().filter_map(|other| staying.get(other));
        let earlier: Vec<(L, usize)> = earlier.flatten().cloned().collect();
        if earlier.iter().any(|(other, _)| *other == label) {
            repeats.same_label.push(position);
            continue;
        }
        if let Some((_, first)) = earlier.first() {
            repeats.other_label.push(position);
            repeats.contradicted.push(*first);
        }
        let own = staying.entry(text).or_default();
        if own.iter().all(|(other, _)| *other != label) {
            own.push((label, position));
        }
    }
    repeats
}

/// Positions of valid and test rows whose text is also in the train part, ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Leaks {
    /// The same text.
    pub(crate) equal: Vec<usize>,
    /// Nearly the same text.
    pub(crate) near: Vec<usize>,
}

/// Looks through rows of position, text and the part that the file gives them; one without a part belongs to train.
pub(crate) fn leaks(rows: &[(usize, TextKey, Option<Part>)], near: &NearTexts) -> Leaks {
    let is_train = |part: Option<Part>| matches!(part, None | Some(Part::Train));
    let mut leaks = Leaks::default();
    if rows.iter().all(|(_, _, part)| is_train(*part)) {
        return leaks;
    }
    let train = rows.iter().filter(|(_, _, part)| is_train(*part));
    let train: HashSet<TextKey> = train.map(|(_, text, _)| *text).collect();
    for (position, text, part) in rows {
        if is_train(*part) {
            continue;
        }
        if train.contains(text) {
            leaks.equal.push(*position);
        } else if near.of(*text).iter().any(|other| train.contains(other)) {
            leaks.near.push(*position);
        }
    }
    leaks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::same_text::keys;

    /// Each is near the one before it and after it, but not the one after that.
    const CHAIN: [&str; 3] = ["abcdefghijklm", "abcdefghijklmn", "abcdefghijklmnop"];

    fn repeats(rows: &[(&str, &str)]) -> NearRepeats {
        let data = Dataset::of_rows(rows);
        let keys = keys(&data.examples);
        let rows = data.examples.iter().enumerate();
        let rows = rows.map(|(i, example)| (i, keys[i], &example.label_ids));
        near_repeats(rows, &NearTexts::find(&data.examples))
    }

    #[test]
    fn a_row_goes_only_for_one_that_stays() {
        let [a, b, c] = CHAIN;
        let found = repeats(&[(a, "x"), (b, "x"), (c, "x"), (b, "x")]);
        assert_eq!(
            found.same_label,
            [1, 3],
            "the last is nearly the first of those that stay"
        );
        let found = repeats(&[(b, "x"), (a, "x"), (c, "x"), (b, "x")]);
        assert_eq!(found.same_label, [1, 2], "an equal text is another matter");
    }

    #[test]
    fn another_label_is_a_contradiction_and_stays() {
        let [a, b, _] = CHAIN;
        let found = repeats(&[(a, "x"), (b, "y"), (b, "x")]);
        assert_eq!(found.other_label, [1]);
        assert_eq!(found.contradicted, [0]);
        assert_eq!(found.same_label, [2]);
    }

    #[test]
    fn train_rows_are_no_leaks_and_without_parts_there_are_none() {
        let [a, b, _] = CHAIN;
        let data = Dataset::of_rows(&[(a, "x"), (a, "y"), (b, "x"), (a, "x"), ("other", "x")]);
        let keys = keys(&data.examples);
        let near = NearTexts::find(&data.examples);
        let of = |parts: [Option<Part>; 5]| {
            let rows: Vec<_> = (0..5).map(|i| (i, keys[i], parts[i])).collect();
            leaks(&rows, &near)
        };
        let (train, test) = (Some(Part::Train), Some(Part::Test));
        let found = of([train, test, Some(Part::Valid), None, test]);
        assert_eq!((found.equal, found.near), (vec![1], vec![2]));
        assert_eq!(of([None; 5]), Leaks::default());
        assert_eq!(of([train; 5]), Leaks::default());
    }
}
