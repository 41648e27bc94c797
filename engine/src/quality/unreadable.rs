//! What a base model can't read of the texts: their middle where they are long, and words that its vocabulary doesn't have.

use super::{DataFinding, Fix, Matter, lines_of};
use crate::dataset::Dataset;

/// A text in which one in so many words is unknown, or more, is hard to read.
const HARD_TO_READ: usize = 5;
/// One in so many texts must be hard to read before it is worth a word: an emoji here and there is not.
const HARD_TEXTS: usize = 20;

/// Looks for texts that are longer than a training would read.
///
/// `lengths` are the tokens of each example, special ones included; `max_length` is the setting, and `limit` what the base
/// model can read, all in tokens.
#[must_use]
pub fn cut_texts(
    dataset: &Dataset,
    lengths: &[usize],
    max_length: usize,
    limit: usize,
) -> Option<DataFinding> {
    let cut: Vec<usize> = (0..lengths.len())
        .filter(|i| lengths[*i] > max_length)
        .collect();
    let longest = *lengths.iter().max()?;
    if cut.is_empty() {
        return None;
    }
    let matter = Matter::CutTexts {
        n_cut: cut.len(),
        n_texts: lengths.len(),
        max_length,
        longest,
        limit,
    };
    // A step of 16 keeps the number a round one.
    let wanted = longest.next_multiple_of(16).min(limit);
    let fix = (wanted > max_length).then(|| Fix {
        label: format!("Read up to {wanted} tokens"),
        edits: Vec::new(),
        max_length: Some(wanted),
    });
    Some(DataFinding::new(matter, lines_of(dataset, cut), fix))
}

/// Looks for texts in a language or script that the vocabulary of the base model doesn't have. Of Chinese texts, the
/// English vocabulary of BERT doesn't know about 60 % of the characters.
///
/// `lengths` are the tokens of each example, special ones included, and `n_unknown` those of them that are unknown.
#[must_use]
pub fn unknown_words(
    dataset: &Dataset,
    lengths: &[usize],
    n_unknown: &[usize],
) -> Option<DataFinding> {
    let texts = dataset.examples.iter().zip(lengths).zip(n_unknown);
    let (mut n_words, mut hard) = (0, Vec::new());
    for (i, ((example, length), n_unknown)) in texts.enumerate() {
        // One special token at the start, and one after each text.
        let n_special = 2 + usize::from(example.text_b.is_some());
        let n_own = length.saturating_sub(n_special);
        n_words += n_own;
        if *n_unknown > 0 && n_unknown * HARD_TO_READ >= n_own {
            hard.push(i);
        }
    }
    if hard.is_empty() || hard.len() * HARD_TEXTS < lengths.len() {
        return None;
    }
    let matter = Matter::UnknownWords {
        n_unknown: n_unknown.iter().sum(),
        n_words,
        n_hard: hard.len(),
        n_texts: lengths.len(),
    };
    Some(DataFinding::new(matter, lines_of(dataset, hard), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_texts_are_counted_and_the_length_raised_as_far_as_the_model_reads() {
        let data = Dataset::of_rows(&[("a", "x"); 4]);
        let lengths = [10, 300, 20, 257];
        let found = cut_texts(&data, &lengths, 256, 512).unwrap();
        assert_eq!(
            found.message,
            "2 of 4 texts are longer than the 256 tokens that are read; the longest has 300"
        );
        assert_eq!(found.lines, [3, 5]);
        assert_eq!(found.fix.unwrap().max_length, Some(304));
        assert!(cut_texts(&data, &lengths, 304, 512).is_none());
        let longer = cut_texts(&data, &[10, 900, 20, 257], 256, 512).unwrap();
        assert_eq!(longer.fix.unwrap().max_length, Some(512));
        let at_the_limit = cut_texts(&data, &[10, 900, 20, 257], 512, 512).unwrap();
        assert!(at_the_limit.fix.is_none());
        assert!(at_the_limit.why.contains("can't read more"));
    }

    #[test]
    fn a_language_that_the_vocabulary_does_not_have_is_found() {
        let mut data = Dataset::of_rows(&[("a", "x"); 3]);
        let found = unknown_words(&data, &[12, 7, 12], &[6, 1, 1]).unwrap();
        assert_eq!(
            found.message,
            "32 % of the words are unknown to this model; in 2 of 3 texts a fifth or more"
        );
        assert_eq!(found.lines, [2, 3]);
        assert!(found.fix.is_none());
        assert!(unknown_words(&data, &[12, 8, 12], &[1, 1, 1]).is_none());
        data.examples[1].text_b = Some("b".to_owned());
        assert!(unknown_words(&data, &[12, 8, 12], &[1, 1, 1]).is_some());
    }

    #[test]
    fn a_few_texts_with_an_emoji_are_ordinary() {
        let data = Dataset::of_rows(&[("a", "x"); 30]);
        let mut n_unknown = [0; 30];
        n_unknown[7] = 5;
        assert!(unknown_words(&data, &[12; 30], &n_unknown).is_none());
        n_unknown[8] = 5;
        assert!(unknown_words(&data, &[12; 30], &n_unknown).is_some());
    }
}
