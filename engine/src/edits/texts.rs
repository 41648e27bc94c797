//! Corrections that look at the texts, and at the spelling of labels.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::State;
use crate::dataset::{Example, Part};
use crate::same_text::{self, NearTexts, TextKey, composed};

impl State<'_> {
    pub(super) fn drop_duplicates(&mut self) {
        let keys = self.keys();
        let mut seen = HashSet::new();
        let repeated = self.kept().into_iter();
        let repeated = repeated.filter(|i| !seen.insert((keys[*i], self.names(*i))));
        let repeated: Vec<usize> = repeated.collect();
        self.drop_all(&repeated);
    }

    pub(super) fn drop_conflicts(&mut self) {
        let keys = self.keys();
        let kept = self.kept();
        let mut labels: HashMap<TextKey, HashSet<Vec<&str>>> = HashMap::new();
        for &i in &kept {
            labels.entry(keys[i]).or_default().insert(self.names(i));
        }
        let several = kept.into_iter().filter(|i| labels[&keys[*i]].len() > 1);
        let several: Vec<usize> = several.collect();
        self.drop_all(&several);
    }

    pub(super) fn drop_near_duplicates(&mut self) {
        let keys = self.keys();
        let rows = self.kept().into_iter();
        let rows = rows.map(|i| (i, keys[i], self.names(i)));
        let repeated = same_text::near_repeats(rows, self.near()).same_label;
        self.drop_all(&repeated);
    }

    pub(super) fn drop_leaks(&mut self) {
        let keys = self.keys();
        let part = |i: usize| self.dataset.examples[i].part;
        let rows: Vec<_> = self
            .kept()
            .into_iter()
            .map(|i| (i, keys[i], part(i)))
            .collect();
        let leaks = same_text::leaks(&rows, self.near());
        self.drop_all(&leaks.equal);
        self.drop_all(&leaks.near);
    }

    pub(super) fn drop_short_texts(&mut self, fewer_than: usize) {
        let examples = &self.dataset.examples;
        let short = self.kept().into_iter();
        let short: Vec<usize> = short
            .filter(|i| is_short(&examples[*i], fewer_than))
            .collect();
        self.drop_all(&short);
    }

    pub(super) fn ignore_labels_not_in_train(&mut self) {
        let (mut learned, mut judged) = (HashSet::new(), HashSet::new());
        for i in self.kept() {
            let labels = match self.dataset.examples[i].part {
                None | Some(Part::Train) => &mut learned,
                Some(Part::Valid | Part::Test) => &mut judged,
            };
            labels.extend(self.names(i).into_iter().map(str::to_owned));
        }
        for fate in &mut self.fates {
            fate.ignored |= judged.contains(&fate.name) && !learned.contains(&fate.name);
        }
    }

    pub(super) fn tidy_labels(&mut self) {
        for fate in &mut self.fates {
            fate.name = tidy(&fate.name);
        }
    }

    fn keys(&self) -> &[TextKey] {
        self.keys
            .get_or_init(|| same_text::keys(&self.dataset.examples))
    }

    fn near(&self) -> &NearTexts {
        match self.known_near {
            Some(near) => near,
            None => self
                .found_near
                .get_or_init(|| NearTexts::find(&self.dataset.examples)),
        }
    }

    fn drop_all(&mut self, examples: &[usize]) {
        examples.iter().for_each(|i| self.dropped[*i] = true);
    }
}

/// Tells whether all texts of an example have fewer than so many characters, or nothing but punctuation marks.
pub(crate) fn is_short(example: &Example, fewer_than: usize) -> bool {
    let texts = [Some(example.text.as_str()), example.text_b.as_deref()];
    let mut texts = texts.into_iter().flatten();
    texts.all(|text| {
        let text = text.trim();
        let n: usize = text.chars().take(fewer_than).map(width).sum();
        n < fewer_than || text.chars().all(|c| c.is_whitespace() || is_mark(c))
    })
}

/// What a character counts. One that stands for a word or a syllable, as in Chinese, Japanese and Korean, counts as two.
fn width(c: char) -> usize {
    let is_syllable = matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
        || matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}');
    1 + usize::from(is_syllable)
}

/// Tells whether a character is a punctuation mark. Emoji say something and are none.
fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(
            c,
            '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '！' | '，' | '．' | '？'
        )
        || matches!(c, '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{301f}')
}

/// Returns a label without spaces around it, each letter as one character.
pub(crate) fn tidy(label: &str) -> String {
    composed(label.trim()).into_owned()
}

/// Writes each letter of the texts as one character.
pub(super) fn compose(examples: &mut [Example]) {
    examples.par_iter_mut().for_each(|example| {
        for text in [Some(&mut example.text), example.text_b.as_mut()]
            .into_iter()
            .flatten()
        {
            *text = composed(text).into_owned();
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Dataset, Part};
    use crate::edits::{DataEdit, apply, apply_knowing};
    use crate::same_text::NearTexts;

    fn texts_after(data: &Dataset, edits: &[DataEdit]) -> Vec<String> {
        let edited = apply(data, edits).unwrap();
        let knowing = apply_knowing(data, edits, &NearTexts::find(&data.examples)).unwrap();
        assert_eq!(edited, knowing);
        let examples = edited.dataset.examples.into_iter();
        examples.map(|example| example.text).collect()
    }

    #[test]
    fn texts_that_differ_in_case_and_spaces_are_duplicates_and_conflicts() {
        let data = Dataset::of_rows(&[("a b", "x"), ("A  b", "x"), ("c d", "x"), ("C d", "y")]);
        let kept = texts_after(&data, &[DataEdit::DropDuplicates]);
        assert_eq!(kept, ["a b", "c d", "C d"]);
        assert_eq!(
            texts_after(&data, &[DataEdit::DropConflicts]),
            ["a b", "A  b"]
        );
    }

    #[test]
    fn near_duplicates_go_where_the_label_is_the_same_then() {
        let rows = [
            ("where is my parcel?", "x"),
            ("where is my parcel??", "x"),
            ("where is my parcel!", "y"),
            ("thank you", "y"),
        ];
        let data = Dataset::of_rows(&rows);
        let drop = DataEdit::DropNearDuplicates;
        assert_eq!(texts_after(&data, std::slice::from_ref(&drop)).len(), 3);
        let merge = DataEdit::MergeLabels {
            labels: vec!["x".to_owned(), "y".to_owned()],
            into: "x".to_owned(),
        };
        assert_eq!(
            texts_after(&data, &[merge, drop]),
            ["where is my parcel?", "thank you"]
        );
    }

    #[test]
    fn leaks_go_from_the_part_that_judges() {
        let mut data = Dataset::of_rows(&[
            ("where is my parcel?", "x"),
            ("Where is my parcel?", "y"),
            ("where is my parcel??", "x"),
            ("thank you", "y"),
        ]);
        assert_eq!(texts_after(&data, &[DataEdit::DropLeaks]).len(), 4);
        data.examples[1].part = Some(Part::Test);
        data.examples[2].part = Some(Part::Valid);
        data.examples[3].part = Some(Part::Test);
        let kept = texts_after(&data, &[DataEdit::DropLeaks]);
        assert_eq!(kept, ["where is my parcel?", "thank you"]);
    }

    #[test]
    fn short_texts_have_few_characters_or_marks_alone() {
        let rows = [
            "no",
            " ok ",
            "?!?",
            "… — !",
            "好",
            "no.",
            "yes",
            "很好",
            "👍👍👍",
            "¿qué?",
        ];
        let rows: Vec<(&str, &str)> = rows.iter().map(|text| (*text, "x")).collect();
        let data = Dataset::of_rows(&rows);
        let drop = DataEdit::DropShortTexts { fewer_than: 3 };
        assert_eq!(
            texts_after(&data, std::slice::from_ref(&drop)),
            ["no.", "yes", "很好", "👍👍👍", "¿qué?"]
        );
        let mut pairs = Dataset::of_rows(&[("no", "x"), ("no", "x")]);
        pairs.examples[0].text_b = Some("the other text".to_owned());
        pairs.examples[1].text_b = Some(String::new());
        assert_eq!(texts_after(&pairs, &[drop]).len(), 1);
    }

    #[test]
    fn labels_that_nothing_can_be_learned_about_are_ignored() {
        let mut data = Dataset::of_rows(&[("a", "x"), ("b", "y"), ("c", "z"), ("d", "x")]);
        data.examples[1].part = Some(Part::Test);
        data.examples[3].part = Some(Part::Test);
        let edited = apply(&data, &[DataEdit::IgnoreLabelsNotInTrain]).unwrap();
        let ignored: Vec<&str> = edited.ignored.iter().map(|of| of.label.as_str()).collect();
        assert_eq!(ignored, ["y"]);
    }

    #[test]
    fn labels_are_tidied_and_texts_composed() {
        let data = Dataset::of_rows(&[("cafe\u{301}", " x"), ("b", "x"), ("c", "re\u{301}el")]);
        let edited = apply(&data, &[DataEdit::TidyLabels, DataEdit::ComposeTexts]).unwrap();
        assert_eq!(edited.dataset.labels.names(), ["réel", "x"]);
        assert_eq!(edited.labels[0].sources, [" x", "x"]);
        assert_eq!(edited.dataset.examples[0].text, "café");
        assert_eq!(
            data.examples[0].text, "cafe\u{301}",
            "the file stays as it is"
        );
    }
}
