//! How texts and labels are written: texts that hardly say anything, spaces around labels, letters of two characters.

use std::borrow::Cow;
use std::collections::HashSet;

use rayon::prelude::*;

use super::{DataFinding, Fix, Matter, NAMED_LABELS, lines_of, similar};
use crate::dataset::{Dataset, Example};
use crate::edits::{self, DataEdit};
use crate::same_text::composed;

/// A text with fewer characters hardly says anything. A Chinese, Japanese or Korean one counts as two.
const FEWEST_CHARACTERS: usize = 3;

pub(super) fn short_texts(dataset: &Dataset) -> Option<DataFinding> {
    let short = positions(dataset, |example| {
        edits::is_short(example, FEWEST_CHARACTERS)
    });
    if short.is_empty() {
        return None;
    }
    let matter = Matter::ShortTexts {
        n_rows: short.len(),
        fewest: FEWEST_CHARACTERS,
    };
    let edit = DataEdit::DropShortTexts {
        fewer_than: FEWEST_CHARACTERS,
    };
    let fix = Fix::of_edits("Leave these rows out", vec![edit]);
    Some(DataFinding::new(
        matter,
        lines_of(dataset, short),
        Some(fix),
    ))
}

/// Those that are a spelling of another label are found as similar ones, and are tidy once they are merged.
pub(super) fn untidy_labels(dataset: &Dataset) -> Option<DataFinding> {
    let names = dataset.labels.names();
    let is_untidy = |name: &String| edits::tidy(name) != *name;
    if !names.iter().any(is_untidy) {
        return None;
    }
    let similar: HashSet<usize> = similar::groups(names).into_iter().flatten().collect();
    let untidy = names.iter().enumerate();
    let untidy = untidy.filter(|&(id, name)| !similar.contains(&id) && is_untidy(name));
    let untidy: Vec<String> = untidy.map(|(_, name)| name.clone()).collect();
    if untidy.is_empty() {
        return None;
    }
    let matter = Matter::UntidyLabels {
        n_labels: untidy.len(),
        labels: untidy.into_iter().take(NAMED_LABELS).collect(),
    };
    let fix = Fix::of_edits("Tidy them up", vec![DataEdit::TidyLabels]);
    Some(DataFinding::new(matter, Vec::new(), Some(fix)))
}

pub(super) fn uncomposed_texts(dataset: &Dataset) -> Option<DataFinding> {
    let changes = |text: &str| matches!(composed(text), Cow::Owned(_));
    let uncomposed = positions(dataset, |example| {
        changes(&example.text) || example.text_b.as_deref().is_some_and(changes)
    });
    if uncomposed.is_empty() {
        return None;
    }
    let matter = Matter::UncomposedTexts {
        n_rows: uncomposed.len(),
    };
    let edits = vec![DataEdit::ComposeTexts];
    let fix = Fix::of_edits("Write each letter as one character", edits);
    Some(DataFinding::new(
        matter,
        lines_of(dataset, uncomposed),
        Some(fix),
    ))
}

fn positions(dataset: &Dataset, is_found: impl Fn(&Example) -> bool + Sync) -> Vec<usize> {
    let examples = dataset.examples.par_iter().enumerate();
    examples
        .filter(|(_, example)| is_found(example))
        .map(|(i, _)| i)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(data: &Dataset, found: &DataFinding) -> Dataset {
        let fix = found.fix.as_ref().unwrap();
        edits::apply(data, &fix.edits).unwrap().dataset
    }

    #[test]
    fn short_texts_are_counted_with_their_lines() {
        let data = Dataset::of_rows(&[
            ("no", "x"),
            ("a good one", "y"),
            ("?!?", "x"),
            ("ok ok", "y"),
        ]);
        let found = short_texts(&data).unwrap();
        assert_eq!(
            found.message,
            "2 texts have fewer than 3 characters, or punctuation marks alone"
        );
        assert_eq!(found.lines, [2, 4]);
        assert!(short_texts(&settled(&data, &found)).is_none());
    }

    #[test]
    fn untidy_labels_are_those_without_a_tidy_twin() {
        let data = Dataset::of_rows(&[
            ("a", "refund "),
            ("b", "refund"),
            ("c", " bug report"),
            ("d", "ide\u{301}e"),
        ]);
        let found = untidy_labels(&data).unwrap();
        assert_eq!(
            found.message,
            "2 labels have spaces around or letters of two characters: \" bug report\", \"ide\u{301}e\""
        );
        assert!(untidy_labels(&settled(&data, &found)).is_none());
        let twins = Dataset::of_rows(&[("a", "refund "), ("b", "refund")]);
        assert!(untidy_labels(&twins).is_none());
    }

    #[test]
    fn texts_with_letters_of_two_characters_are_found() {
        let mut data = Dataset::of_rows(&[("café", "x"), ("cafe\u{301}", "y"), ("tea", "y")]);
        data.examples[2].text_b = Some("the\u{301}".to_owned());
        let found = uncomposed_texts(&data).unwrap();
        assert_eq!(found.lines, [3, 4]);
        assert!(uncomposed_texts(&settled(&data, &found)).is_none());
    }
}
