//! A model that only counts words and letters, in seconds: the line that BERT has to beat.
//!
//! Comes in: texts with label ids. Goes out: a [`WordCountModel`] that gives other texts a label. Each text becomes the
//! counts of its single words, pairs of words and pieces of two to four letters, weighted by how rare they are
//! ([`terms`], [`tfidf`]); a multinomial logistic regression ([`regression`]) learns from them. The values are those of
//! scikit-learn's `TfidfVectorizer` and `LogisticRegression`; `tests/fixtures/golden/baseline.py` is the program that
//! they are compared with.
//!
//! The regression is our own: the libraries that are well kept (liblinear, argmin, linfa) either build a C++ program,
//! use one thread, or want dense matrices, and a few hundred lines do it for sparse texts on all threads.

mod regression;
mod sparse;
mod terms;
mod tfidf;

use rayon::prelude::*;

use crate::random::Random;

use regression::{Fit, Regression, Targets};
use terms::{Terms, terms};
use tfidf::Vocabulary;

/// A text, and the second text of a pair. The words of both are counted together.
pub type Text<'a> = (&'a str, Option<&'a str>);

/// Inverse strength of the regularisation, scikit-learn's `C`. Chosen once, by cross-validation on the train parts of
/// the five data sets named in `docs/baseline.md`; nothing is tuned on the person's texts.
const INVERSE_REGULARISATION: f64 = 20.0;
/// Most terms that are kept, the most frequent first.
const MOST_TERMS: usize = 1 << 18;
/// Most counts that are kept of all texts together, and most numbers of "texts times labels": they bound memory (about
/// 600 MB) and time. Of more texts a random part is learned from, and [`WordCountModel::n_train`] says how many.
const MOST_COUNTS: usize = 16_000_000;
const MOST_SCORES: usize = 4_000_000;
/// Most multiplications in a pass over the texts, in each direction.
const MOST_PRODUCTS: usize = 1_500_000_000;
/// Texts whose counts are made at once.
const TEXTS_AT_ONCE: usize = 4096;
/// The order in which texts are taken when there are too many.
const SEED: u64 = 42;

/// A trained word-count model.
#[derive(Debug)]
pub struct WordCountModel {
    vocabulary: Vocabulary,
    regression: Regression,
    n_train: usize,
}

impl WordCountModel {
    /// Learns from `texts`, whose labels are `label_ids`, in `0..n_labels`. The same texts give the same model, however
    /// many threads there are.
    #[must_use]
    pub fn learn(texts: &[Text], label_ids: &[usize], n_labels: usize) -> WordCountModel {
        let fit = Fit {
            inverse_regularisation: INVERSE_REGULARISATION,
            ..Fit::default()
        };
        learn_with(texts, Targets::One(label_ids), n_labels, fit)
    }

    /// Learns from `texts` that have any number of labels each: one regression for each label against the rest.
    #[must_use]
    pub fn learn_any(texts: &[Text], label_ids: &[&[usize]], n_labels: usize) -> WordCountModel {
        let fit = Fit {
            inverse_regularisation: INVERSE_REGULARISATION,
            ..Fit::default()
        };
        learn_with(texts, Targets::Any(label_ids), n_labels, fit)
    }

    /// Number of texts that it has learned from: all of them, or a random part of very many.
    #[must_use]
    pub fn n_train(&self) -> usize {
        self.n_train
    }

    /// Gives each text the label with the highest probability.
    #[must_use]
    pub fn predict(&self, texts: &[Text]) -> Vec<usize> {
        let best = |probabilities: &[f32]| {
            let better = |best: usize, id: usize| {
                if probabilities[id] > probabilities[best] {
                    id
                } else {
                    best
                }
            };
            (0..probabilities.len()).fold(0, better)
        };
        let in_part = |part: &[Text]| {
            let probabilities = self.probabilities(part);
            probabilities
                .chunks_exact(self.regression.n_labels())
                .map(best)
                .collect::<Vec<_>>()
        };
        texts.chunks(TEXTS_AT_ONCE).flat_map(in_part).collect()
    }

    /// Returns the probability of each label for each text, `[texts, labels]`, row by row.
    #[must_use]
    pub fn scores(&self, texts: &[Text]) -> Vec<f32> {
        let parts = texts.chunks(TEXTS_AT_ONCE);
        parts.flat_map(|part| self.probabilities(part)).collect()
    }

    /// Probability of each label for each text, `[texts, labels]`, row by row.
    fn probabilities(&self, texts: &[Text]) -> Vec<f32> {
        let counted: Vec<Terms> = texts.par_iter().map(|text| terms(*text)).collect();
        self.regression
            .probabilities(&self.vocabulary.rows(&counted))
    }
}

fn learn_with(texts: &[Text], labels: Targets, n_labels: usize, fit: Fit) -> WordCountModel {
    let (counted, positions) = count_terms(texts, n_labels);
    let vocabulary = Vocabulary::of(&counted, MOST_TERMS);
    let rows = vocabulary.rows(&counted);
    drop(counted);
    let regression = match labels {
        Targets::One(ids) => {
            let ids: Vec<usize> = positions.iter().map(|i| ids[*i]).collect();
            Regression::fit(&rows, Targets::One(&ids), n_labels, fit)
        }
        Targets::Any(ids) => {
            let ids: Vec<&[usize]> = positions.iter().map(|i| ids[*i]).collect();
            Regression::fit(&rows, Targets::Any(&ids), n_labels, fit)
        }
    };
    WordCountModel {
        vocabulary,
        regression,
        n_train: positions.len(),
    }
}

/// The terms of as many texts as there is room for, and the positions of these texts.
fn count_terms(texts: &[Text], n_labels: usize) -> (Vec<Terms>, Vec<usize>) {
    let n_labels = n_labels.max(1);
    let most_texts = (MOST_SCORES / n_labels).max(1);
    let most_counts = MOST_COUNTS.min(MOST_PRODUCTS / n_labels);
    let mut order: Vec<usize> = (0..texts.len()).collect();
    Random::new(SEED).shuffle(&mut order);
    order.truncate(most_texts);
    let mut counted: Vec<Terms> = Vec::with_capacity(order.len());
    let mut n_counts = 0;
    for part in order.chunks(TEXTS_AT_ONCE) {
        if n_counts >= most_counts {
            break;
        }
        let fresh: Vec<Terms> = part.par_iter().map(|i| terms(texts[*i])).collect();
        for one in fresh {
            if n_counts >= most_counts {
                break;
            }
            n_counts += one.len();
            counted.push(one);
        }
    }
    order.truncate(counted.len());
    (counted, order)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::terms::{WORD_BIT, hash};
    use super::*;

    /// Weights are `f32`, and so are the coefficients of the fit.
    const WEIGHT_TOLERANCE: f64 = 1e-6;
    const PROBABILITY_TOLERANCE: f64 = 1e-4;

    fn golden() -> Value {
        let text = include_str!("../../tests/fixtures/golden/baseline.json");
        serde_json::from_str(text).unwrap()
    }

    fn strings(value: &Value) -> Vec<&str> {
        let items = value.as_array().unwrap().iter();
        items.map(|item| item.as_str().unwrap()).collect()
    }

    /// Texts and label ids of the train texts whose label is among `labels`.
    fn train<'a>(golden: &'a Value, labels: &[&str]) -> (Vec<Text<'a>>, Vec<usize>) {
        let pairs = golden["train"].as_array().unwrap().iter();
        pairs
            .filter_map(|pair| {
                let label = pair[1].as_str().unwrap();
                let id = labels.iter().position(|known| *known == label)?;
                Some(((pair[0].as_str().unwrap(), None), id))
            })
            .unzip()
    }

    fn test(golden: &Value) -> Vec<Text<'_>> {
        strings(&golden["test"])
            .into_iter()
            .map(|text| (text, None))
            .collect()
    }

    fn exact(golden: &Value) -> Fit {
        Fit {
            inverse_regularisation: golden["inverseRegularisation"].as_f64().unwrap(),
            tolerance: 1e-6,
            most_steps: 1000,
        }
    }

    #[test]
    fn weights_of_terms_equal_those_of_scikit_learn() {
        let golden = golden();
        let (texts, label_ids) = train(&golden, &strings(&golden["labels"]));
        let model = learn_with(&texts, Targets::One(&label_ids), 3, exact(&golden));
        let counted: Vec<Terms> = test(&golden).into_iter().map(terms).collect();
        let rows = model.vocabulary.rows(&counted);
        assert_eq!(Value::from(rows.n_columns()), golden["nTerms"]);
        for (row, expected) in golden["weights"].as_array().unwrap().iter().enumerate() {
            let expected = expected.as_array().unwrap();
            assert_eq!(rows.row(row).count(), expected.len(), "text {row}");
            for weight in expected {
                let bit = if weight[0] == "words" { WORD_BIT } else { 0 };
                let term = weight[1].as_str().unwrap();
                let column = model.vocabulary.column(hash(&[term]) & !WORD_BIT | bit);
                let found = rows.row(row).find(|(at, _)| Some(*at) == column);
                let (_, found) = found.unwrap_or_else(|| panic!("{term:?} in text {row}"));
                let difference = f64::from(found) - weight[2].as_f64().unwrap();
                assert!(
                    difference.abs() < WEIGHT_TOLERANCE,
                    "{term:?}: {difference}"
                );
            }
        }
    }

    #[test]
    fn probabilities_equal_those_of_scikit_learn() {
        let golden = golden();
        for (labels, expected) in [
            ("labels", "probabilities"),
            ("twoLabels", "probabilitiesOfTwo"),
        ] {
            let labels = strings(&golden[labels]);
            let (texts, label_ids) = train(&golden, &labels);
            let model = learn_with(
                &texts,
                Targets::One(&label_ids),
                labels.len(),
                exact(&golden),
            );
            let found = model.probabilities(&test(&golden));
            let rows = golden[expected].as_array().unwrap().iter();
            let expected: Vec<f64> = rows
                .flat_map(|row| row.as_array().unwrap())
                .map(|probability| probability.as_f64().unwrap())
                .collect();
            assert_eq!(found.len(), expected.len());
            for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
                let difference = (f64::from(*found) - expected).abs();
                assert!(difference < PROBABILITY_TOLERANCE, "{i}: {difference}");
            }
        }
    }

    #[test]
    fn the_usual_fit_is_near_enough_to_give_the_same_answers() {
        let golden = golden();
        let labels = strings(&golden["labels"]);
        let (texts, label_ids) = train(&golden, &labels);
        let model = WordCountModel::learn(&texts, &label_ids, labels.len());
        let best = |row: &Value| {
            let row: Vec<f64> = serde_json::from_value(row.clone()).unwrap();
            (0..3).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap()
        };
        let rows = golden["probabilities"].as_array().unwrap().iter();
        assert_eq!(
            model.predict(&test(&golden)),
            rows.map(best).collect::<Vec<_>>()
        );
        assert_eq!(model.n_train(), texts.len());
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let words = ["red", "green", "blue", "one", "two", "three", "four"];
        let texts: Vec<String> = (0..300)
            .map(|i| format!("{} {} {}", words[i % 7], words[i % 5], words[i % 3]))
            .collect();
        let texts: Vec<Text> = texts.iter().map(|text| (text.as_str(), None)).collect();
        let label_ids: Vec<usize> = (0..300).map(|i| i % 4).collect();
        let probabilities = |n_threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
            pool.build()
                .unwrap()
                .install(|| WordCountModel::learn(&texts, &label_ids, 4).probabilities(&texts))
        };
        assert_eq!(probabilities(1), probabilities(5));
    }

    #[test]
    fn of_too_many_labels_and_texts_a_part_is_learned_from() {
        let texts: Vec<Text> = vec![("one two", None); 50];
        let n_labels = MOST_SCORES / 20;
        let (counted, positions) = count_terms(&texts, n_labels);
        assert_eq!((counted.len(), positions.len()), (20, 20));
    }

    #[test]
    fn texts_without_any_common_term_are_given_the_most_frequent_label() {
        let texts: Vec<Text> = vec![("aa", None), ("bb", None), ("cc", None)];
        let model = WordCountModel::learn(&texts, &[1, 1, 0], 2);
        assert_eq!(model.predict(&[("dd", None), ("aa", None)]), [1, 1]);
    }
    #[test]
    fn several_labels_of_a_text_are_learned_at_once() {
        let words = ["red", "blue", "red blue", "green"];
        let texts: Vec<Text> = (0..40).map(|i| (words[i % 4], None)).collect();
        let ids: [&[usize]; 4] = [&[0], &[1], &[0, 1], &[]];
        let ids: Vec<&[usize]> = (0..40).map(|i| ids[i % 4]).collect();
        let model = WordCountModel::learn_any(&texts, &ids, 2);
        for (ids, scores) in ids.iter().zip(model.scores(&texts).chunks_exact(2)) {
            for (id, score) in scores.iter().enumerate() {
                assert_eq!(*score > 0.5, ids.contains(&id), "{scores:?}");
            }
        }
    }
}
