//! Counts of terms → weights: a term counts for more the rarer it is among the texts.
//!
//! For a term that stands `n` times in a text and in `df` of `N` texts the weight is
//! `(1 + ln n) · (1 + ln((1 + N) / (1 + df)))`. The weights of a text's words together have the length 1, and so have
//! those of its pieces. These are scikit-learn's `sublinear_tf`, `smooth_idf` and `norm="l2"`, in two blocks.

use rayon::prelude::*;

use super::sparse::Sparse;
use super::terms::{Terms, WORD_BIT};

/// A term of a single text says nothing about others.
const LEAST_TEXTS: usize = 2;

/// The terms that are kept, and how much each weighs.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// In ascending order; the place is the column. All pieces come before all words.
    terms: Vec<u64>,
    /// Inverse document frequency of each.
    rarity: Vec<f32>,
}

impl Vocabulary {
    /// Keeps the terms that stand in at least two texts, of too many the most frequent.
    pub(super) fn of(texts: &[Terms], most_terms: usize) -> Vocabulary {
        let mut all: Vec<u64> = texts.iter().flatten().map(|(term, _)| *term).collect();
        all.par_sort_unstable();
        let mut kept: Vec<(u64, usize)> = all
            .chunk_by(|a, b| a == b)
            .filter(|texts| texts.len() >= LEAST_TEXTS)
            .map(|texts| (texts[0], texts.len()))
            .collect();
        if kept.len() > most_terms {
            kept.sort_unstable_by_key(|(term, n)| (std::cmp::Reverse(*n), *term));
            kept.truncate(most_terms);
            kept.sort_unstable();
        }
        let rarity = |n: &usize| (1.0 + ((1 + texts.len()) as f64 / (1 + n) as f64).ln()) as f32;
        Vocabulary {
            terms: kept.iter().map(|(term, _)| *term).collect(),
            rarity: kept.iter().map(|(_, n)| rarity(n)).collect(),
        }
    }

    /// The column of a term, where it is kept.
    pub(super) fn column(&self, term: u64) -> Option<usize> {
        self.terms.binary_search(&term).ok()
    }

    /// The weights of each text.
    pub(super) fn rows(&self, texts: &[Terms]) -> Sparse {
        let rows: Vec<_> = texts.par_iter().map(|text| self.row(text)).collect();
        Sparse::from_rows(&rows, self.terms.len())
    }

    fn row(&self, text: &Terms) -> Vec<(u32, f32)> {
        let mut row: Vec<(u32, f32)> = Vec::with_capacity(text.len());
        let mut n_pieces = 0;
        for (term, n) in text {
            let Some(column) = self.column(*term) else {
                continue;
            };
            let weight = (1.0 + (*n as f32).ln()) * self.rarity[column];
            row.push((column as u32, weight));
            n_pieces += usize::from(term & WORD_BIT == 0);
        }
        let (pieces, words) = row.split_at_mut(n_pieces);
        to_length_one(pieces);
        to_length_one(words);
        row
    }
}

fn to_length_one(weights: &mut [(u32, f32)]) {
    let length = weights
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum::<f32>()
        .sqrt();
    for (_, weight) in weights {
        *weight /= length;
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::terms;
    use super::*;

    #[test]
    fn terms_of_one_text_are_left_out_and_the_most_frequent_kept() {
        let texts: Vec<Terms> = ["xx yy", "xx yy", "xx zz"]
            .iter()
            .map(|text| terms((text, None)))
            .collect();
        let all = Vocabulary::of(&texts, 1000);
        // Words: xx, yy, "xx yy". Pieces of each of the two words: " x", "xx", "x ", " xx", "xx ", " xx ".
        assert_eq!(all.terms.len(), 3 + 2 * 6);
        assert_eq!(
            Vocabulary::of(&texts, 7).terms.len(),
            7,
            "xx and its six pieces stand in all three texts"
        );
        assert!(
            Vocabulary::of(&texts, 7)
                .rarity
                .iter()
                .all(|rarity| *rarity == 1.0)
        );
    }

    #[test]
    fn words_and_pieces_each_have_the_length_one() {
        let texts: Vec<Terms> = vec![terms(("one two one", None)); 2];
        let rows = Vocabulary::of(&texts, 1000).rows(&texts);
        let length: f32 = rows.row(0).map(|(_, weight)| weight * weight).sum();
        assert!((length - 2.0).abs() < 1e-6, "{length}");
    }

    #[test]
    fn a_text_of_unknown_terms_is_empty() {
        let vocabulary = Vocabulary::of(&vec![terms(("one", None)); 2], 1000);
        assert_eq!(vocabulary.rows(&[terms(("zzz", None))]).n_values(), 0);
    }
}
