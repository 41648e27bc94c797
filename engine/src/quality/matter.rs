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
    /// There are so many labels that they are texts, or numbers to estimate.
    ManyLabels {
        /// How many.
        n_labels: usize,
        /// Examples that there are.
        n_examples: usize,
        /// Whether all of them are numbers.
        are_numbers: bool,
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
    /// Valid or test rows have the text of a train row.
    Leaks {
        /// How many have the same text.
        n_equal: usize,
        /// How many more have nearly the same text.
        n_near: usize,
    },
    /// Labels are in the valid or test part alone.
    LabelsNotInTrain {
        /// How many.
        n_labels: usize,
        /// The first few.
        labels: Vec<LabelSize>,
    },
    /// A column that is none of text, label and split says what the label is.
    TellingColumn {
        /// The column.
        column: String,
        /// Rows whose label follows from the other rows with the same value.
        n_right: usize,
        /// Rows that there are.
        n_rows: usize,
        /// Whether each label has one value of its own there.
        is_other_name: bool,
    },
    /// Texts contain their label.
    LabelsInTexts {
        /// Labels of which this is true.
        n_labels: usize,
        /// The first few, and in how many of their texts they stand.
        labels: Vec<LabelSize>,
    },
    /// Rows nearly repeat an earlier one with the same label.
    NearDuplicates {
        /// How many.
        n_rows: usize,
        /// Different texts that were compared, the first of all.
        n_looked_at: usize,
        /// Different texts that there are.
        n_different: usize,
    },
    /// Rows nearly repeat an earlier one with another label.
    NearConflicts {
        /// How many.
        n_rows: usize,
    },
    /// Texts hardly say anything.
    ShortTexts {
        /// How many.
        n_rows: usize,
        /// Characters that a text should have.
        fewest: usize,
    },
    /// Labels have spaces around them, or letters of two characters.
    UntidyLabels {
        /// How many.
        n_labels: usize,
        /// The first few.
        labels: Vec<String>,
    },
    /// Texts have letters of two characters.
    UncomposedTexts {
        /// How many.
        n_rows: usize,
    },
    /// The labels of the valid or test part are of another mixture than those of the train part.
    LabelShift {
        /// Whether it is the test part.
        is_test: bool,
        /// The label whose share differs most.
        label: String,
        /// Train rows that have it.
        n_label_in_train: usize,
        /// Train rows.
        n_train: usize,
        /// Rows of the other part that have it.
        n_label_in_part: usize,
        /// Rows of the other part.
        n_part: usize,
    },
    /// The base model does not know the words.
    UnknownWords {
        /// Words or word pieces that it does not know.
        n_unknown: usize,
        /// Words or word pieces that there are.
        n_words: usize,
        /// Texts in which a fifth or more of them are unknown.
        n_hard: usize,
        /// Texts that there are.
        n_texts: usize,
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
    /// Returns the stable name of the matter, as in JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Matter::Conflicts { .. } => "conflicts",
            Matter::Duplicates { .. } => "duplicates",
            Matter::SimilarLabels { .. } => "similarLabels",
            Matter::RareLabel { .. } => "rareLabel",
            Matter::Imbalance { .. } => "imbalance",
            Matter::ManyLabels { .. } => "manyLabels",
            Matter::CutTexts { .. } => "cutTexts",
            Matter::Leaks { .. } => "leaks",
            Matter::LabelsNotInTrain { .. } => "labelsNotInTrain",
            Matter::TellingColumn { .. } => "tellingColumn",
            Matter::LabelsInTexts { .. } => "labelsInTexts",
            Matter::NearDuplicates { .. } => "nearDuplicates",
            Matter::NearConflicts { .. } => "nearConflicts",
            Matter::ShortTexts { .. } => "shortTexts",
            Matter::UntidyLabels { .. } => "untidyLabels",
            Matter::UncomposedTexts { .. } => "uncomposedTexts",
            Matter::LabelShift { .. } => "labelShift",
            Matter::UnknownWords { .. } => "unknownWords",
        }
    }

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
            Matter::ManyLabels { .. } => {
                "A classifier learns labels that come back again and again. Choose the column that says what each text is."
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
            Matter::Leaks { .. } => {
                "The classifier has seen these texts with their answers, so the score looks better than it is."
            }
            Matter::LabelsNotInTrain { .. } => {
                "What the train part never shows can't be learned, so no training can begin."
            }
            Matter::TellingColumn {
                is_other_name: true,
                ..
            } => "It does no harm as long as it is not a part of the text.",
            Matter::TellingColumn { .. } => {
                "If it is known beforehand, you need no classifier; if it is not, don't use it as text."
            }
            Matter::LabelsInTexts { .. } => {
                "The classifier learns to look for that word instead of what the text says; without the word it is lost."
            }
            Matter::NearDuplicates { .. } => {
                "Near copies can stand on both sides of the split, and then the score looks better than it is."
            }
            Matter::NearConflicts { .. } => {
                "If only one of the two labels is right, the other one teaches a mistake."
            }
            Matter::ShortTexts { .. } => "There is hardly anything in them to learn from.",
            Matter::UntidyLabels { .. } => {
                "They look like another spelling, which would count as another label."
            }
            Matter::UncomposedTexts { .. } => {
                "The same word in one and in two characters looks equal, but can be two words to the model."
            }
            Matter::LabelShift { .. } => {
                "The score is measured on another mixture than the one that is learned, so it tells less about either."
            }
            Matter::UnknownWords { .. } => {
                "It reads them all as one unknown word. Choose a multilingual model, or one for the language of the texts."
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
                let has = if *n_rare == 1 { "has" } else { "have" };
                write!(
                    f,
                    "{n_rare} of {n_labels} labels {has} fewer than {FEW_EXAMPLES} examples: {}",
                    sized(labels, *n_rare)
                )
            }
            Matter::Imbalance { most, least } => write!(
                f,
                "\"{}\" has {} examples, \"{}\" has {}",
                most.label, most.n_examples, least.label, least.n_examples
            ),
            Matter::ManyLabels {
                n_labels,
                n_examples,
                are_numbers,
            } => {
                let what = if *are_numbers { "numbers" } else { "texts" };
                write!(
                    f,
                    "{n_labels} different labels in {n_examples} examples: this looks like a column of {what}"
                )
            }
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
            Matter::Leaks { n_equal, n_near } => {
                let have =
                    |n: usize| counted(n, "valid or test row has", "valid or test rows have");
                match (*n_equal, *n_near) {
                    (0, near) => write!(f, "{} nearly the text of a train row", have(near)),
                    (equal, 0) => write!(f, "{} the text of a train row", have(equal)),
                    (equal, near) => write!(
                        f,
                        "{} the text of a train row, and {near} nearly",
                        have(equal)
                    ),
                }
            }
            Matter::LabelsNotInTrain { n_labels, labels } => write!(
                f,
                "{} in the valid or test part alone: {}",
                counted(*n_labels, "label is", "labels are"),
                sized(labels, *n_labels)
            ),
            Matter::TellingColumn {
                column,
                n_right,
                n_rows,
                is_other_name,
            } => {
                if *is_other_name {
                    write!(f, "The column \"{column}\" is another name for the label")
                } else {
                    write!(
                        f,
                        "The column \"{column}\" tells the label in {n_right} of {n_rows} rows"
                    )
                }
            }
            Matter::LabelsInTexts { n_labels, labels } => write!(
                f,
                "{} texts: {}",
                counted(
                    *n_labels,
                    "label stands as a word in nearly all of its",
                    "labels stand as words in nearly all of their"
                ),
                sized(labels, *n_labels)
            ),
            Matter::NearDuplicates {
                n_rows,
                n_looked_at,
                n_different,
            } => {
                let rows = counted(*n_rows, "row nearly repeats", "rows nearly repeat");
                write!(f, "{rows} an earlier one")?;
                if n_looked_at < n_different {
                    write!(
                        f,
                        " (the first {n_looked_at} of {n_different} texts were compared)"
                    )?;
                }
                Ok(())
            }
            Matter::NearConflicts { n_rows } => write!(
                f,
                "{} one that has another label",
                counted(*n_rows, "row nearly repeats", "rows nearly repeat")
            ),
            Matter::ShortTexts { n_rows, fewest } => write!(
                f,
                "{} fewer than {fewest} characters, or punctuation marks alone",
                counted(*n_rows, "text has", "texts have")
            ),
            Matter::UntidyLabels { n_labels, labels } => {
                let named = labels.iter().take(NAMED_LABELS);
                let names: Vec<String> = named.map(|label| format!("\"{label}\"")).collect();
                let rest = if *n_labels > names.len() { ", …" } else { "" };
                write!(
                    f,
                    "{} spaces around or letters of two characters: {}{rest}",
                    counted(*n_labels, "label has", "labels have"),
                    names.join(", ")
                )
            }
            Matter::UncomposedTexts { n_rows } => write!(
                f,
                "{} letters of two characters, such as an e with an accent of its own",
                counted(*n_rows, "text has", "texts have")
            ),
            Matter::LabelShift {
                is_test,
                label,
                n_label_in_train,
                n_train,
                n_label_in_part,
                n_part,
            } => write!(
                f,
                "\"{label}\" has {in_train} % of the train rows, but {in_part} % of the {} rows",
                if *is_test { "test" } else { "valid" },
                in_train = Percent::of_two(*n_label_in_train, *n_train, *n_label_in_part, *n_part),
                in_part = Percent::of_two(*n_label_in_part, *n_part, *n_label_in_train, *n_train),
            ),
            Matter::UnknownWords {
                n_unknown,
                n_words,
                n_hard,
                n_texts,
            } => write!(
                f,
                "{} % of the words are unknown to this model; in {n_hard} of {} a fifth or more",
                percent(*n_unknown, *n_words).max(1),
                counted(*n_texts, "text", "texts")
            ),
        }
    }
}

/// The first few labels with their sizes, in one line.
fn sized(labels: &[LabelSize], n_labels: usize) -> String {
    let named = labels.iter().take(NAMED_LABELS);
    let names: Vec<String> = named.map(ToString::to_string).collect();
    let rest = if n_labels > names.len() { ", …" } else { "" };
    format!("{}{rest}", names.join(", "))
}

/// A share in percent, rounded.
fn percent(n: usize, of: usize) -> usize {
    (200 * n + of) / (2 * of).max(1)
}

impl fmt::Display for LabelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" ({})", self.label, self.n_examples)
    }
}

/// A percentage with one digit behind the point where it, or the one it is compared with, is below ten.
struct Percent {
    share: f64,
    n_digits: usize,
}

impl Percent {
    fn of_two(n: usize, of: usize, other_n: usize, other_of: usize) -> Percent {
        let share = 100.0 * n as f64 / of.max(1) as f64;
        let other = 100.0 * other_n as f64 / other_of.max(1) as f64;
        let n_digits = usize::from(share.min(other) < 10.0);
        Percent { share, n_digits }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", self.n_digits, self.share)
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
