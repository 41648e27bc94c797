//! What a finding says: its name and values, so that every language can word it, and its sentences in English.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::FEW_EXAMPLES;

/// Labels that a sentence names.
const NAMED_LABELS: usize = 3;

/// What is odd. Displayed, it is one sentence without its period: what and how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Matter {
    /// The same text has several labels.
    Conflicts {
        /// Texts of which this is true.
        n_texts: usize,
        /// Rows in which they stand.
        n_rows: usize,
    },
    /// Rows repeat an earlier one.
    Duplicates {
        /// How many.
        n_rows: usize,
    },
    /// Labels have nearly the same name.
    SimilarLabels {
        /// Groups of such labels.
        n_groups: usize,
        /// The labels of one group.
        labels: Vec<String>,
    },
    /// Labels have too few examples.
    RareLabel {
        /// How many.
        n_rare: usize,
        /// Labels that there are.
        n_labels: usize,
        /// Examples that a label should have.
        fewest: usize,
        /// The first few.
        labels: Vec<LabelSize>,
    },
    /// One label drowns another.
    Imbalance {
        /// The most frequent one.
        most: LabelSize,
        /// The rarest one.
        least: LabelSize,
    },
    /// Texts are longer than the training reads.
    CutTexts {
        /// How many.
        n_cut: usize,
        /// Texts that there are.
        n_texts: usize,
        /// Tokens that the training reads.
        max_length: usize,
        /// Tokens of the longest text.
        longest: usize,
        /// Tokens that the base model can read.
        limit: usize,
    },
}

/// A label and how many examples it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelSize {
    /// The label.
    pub label: String,
    /// Its examples.
    pub n_examples: usize,
}

impl Matter {
    /// Returns why it matters, one sentence.
    #[must_use]
    pub fn why(&self) -> &'static str {
        match self {
            Matter::Conflicts { .. } => {
                "A text with two labels teaches a contradiction, and one of its rows is counted as wrong whatever the \
                 answer."
            }
            Matter::Duplicates { .. } => {
                "Equal texts never stand on both sides of the split, so the score stays honest; but they count several \
                 times."
            }
            Matter::SimilarLabels { .. } => {
                "Two spellings of one label share its examples between them, and the classifier can't tell them apart."
            }
            Matter::RareLabel { .. } => {
                "So few examples are hard to learn from, and their score says little."
            }
            Matter::Imbalance { .. } => {
                "Look at the macro-F1 in the report: it counts every label the same, the accuracy counts frequent ones \
                 more."
            }
            Matter::CutTexts {
                max_length, limit, ..
            } if max_length < limit => {
                "Of a longer text only the beginning and the end are read. Reading all of it takes more time and \
                 memory."
            }
            Matter::CutTexts { .. } => {
                "Of a longer text only the beginning and the end are read. This base model can't read more; shorten \
                 the texts, or split them into several rows."
            }
        }
    }
}

impl fmt::Display for Matter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Matter::Conflicts { n_texts, n_rows } => write!(
                f,
                "{} with more than one label ({n_rows} rows)",
                counted(*n_texts, "text stands", "texts stand")
            ),
            Matter::Duplicates { n_rows } => write!(
                f,
                "{} an earlier one",
                counted(*n_rows, "row repeats", "rows repeat")
            ),
            Matter::SimilarLabels { n_groups, labels } => {
                let names: Vec<String> = labels.iter().map(|name| format!("\"{name}\"")).collect();
                let names = names.join(" and ");
                match n_groups {
                    1 => write!(f, "{names} look like one label"),
                    n => write!(
                        f,
                        "{n} groups of labels differ in spelling alone, such as {names}"
                    ),
                }
            }
            Matter::RareLabel {
                n_rare,
                n_labels,
                labels,
                ..
            } => {
                let named = labels.iter().take(NAMED_LABELS);
                let names: Vec<String> = named.map(ToString::to_string).collect();
                let has = if *n_rare == 1 { "has" } else { "have" };
                let rest = if *n_rare > names.len() { ", …" } else { "" };
                write!(
                    f,
                    "{n_rare} of {n_labels} labels {has} fewer than {FEW_EXAMPLES} examples: {}{rest}",
                    names.join(", ")
                )
            }
            Matter::Imbalance { most, least } => write!(
                f,
                "\"{}\" has {} examples, \"{}\" has {}",
                most.label, most.n_examples, least.label, least.n_examples
            ),
            Matter::CutTexts {
                n_cut,
                n_texts,
                max_length,
                longest,
                ..
            } => write!(
                f,
                "{n_cut} of {} longer than the {max_length} tokens that are read; the longest has {longest}",
                counted(*n_texts, "text is", "texts are")
            ),
        }
    }
}

impl fmt::Display for LabelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" ({})", self.label, self.n_examples)
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
