//! What gives the label away: another column that says it, and the label's own name in the text.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{DataFinding, FEW_EXAMPLES, LabelSize, Matter, NAMED_LABELS, lines_of};
use crate::dataset::{Dataset, Example, LabelIds, Mapping};
use crate::table::{Row, Table};

/// With fewer rows, anything can seem to follow from anything.
const FEWEST_ROWS: usize = 20;
/// A column that avoids so large a share of the mistakes of a blind guess tells the label, as a fraction.
const MISTAKES_AVOIDED: (usize, usize) = (9, 10);
/// Columns that are told.
const MOST_COLUMNS: usize = 5;
/// A label with fewer letters can be an ordinary word.
const FEWEST_LETTERS: usize = 3;
/// A label stands in its texts if so many of a hundred of them contain it,
const IN_OWN_PERCENT: usize = 95;
/// and in the others if more do than so many of a hundred.
const IN_OTHERS_PERCENT: usize = 50;
/// Texts of other labels that are looked at.
const OTHERS_LOOKED_AT: usize = 2000;

/// Looks for columns, none of text, label and split, whose value nearly decides the label.
///
/// How nearly is Goodman and Kruskal's lambda (1954): the share of a blind guess's mistakes that knowing the value avoids.
/// A row is judged by the other rows with its value alone, so that a number of its own for each row tells nothing.
pub(super) fn columns(dataset: &Dataset, table: &Table, mapping: &Mapping) -> Vec<DataFinding> {
    let used = [
        Some(&mapping.text),
        mapping.text_b.as_ref(),
        mapping.label.as_ref(),
        mapping.split.as_ref(),
    ];
    let others = table.columns.iter().enumerate();
    let mut others = others
        .filter(|(_, name)| !used.contains(&Some(*name)) && !mapping.labels.contains(name))
        .peekable();
    if others.peek().is_none() || dataset.examples.len() < FEWEST_ROWS {
        return Vec::new();
    }
    let Some(rows) = rows_of(dataset, table) else {
        return Vec::new();
    };
    let found = others.filter_map(|(index, name)| telling_column(dataset, &rows, index, name));
    found.take(MOST_COLUMNS).collect()
}

/// The rows that the examples were made of. Examples keep the order of the file.
fn rows_of<'a>(dataset: &Dataset, table: &'a Table) -> Option<Vec<&'a Row>> {
    let mut rows = table.rows.iter();
    let examples = dataset.examples.iter();
    examples
        .map(|example| rows.find(|row| row.line == example.line))
        .collect()
}

fn telling_column(
    dataset: &Dataset,
    rows: &[&Row],
    index: usize,
    name: &str,
) -> Option<DataFinding> {
    let cells = rows.iter().zip(&dataset.examples);
    let mut cells: Vec<(&str, &LabelIds)> = cells
        .map(|(row, example)| {
            let cell = row.cells.get(index).map_or("", |cell| cell.trim());
            (cell, &example.label_ids)
        })
        .collect();
    cells.par_sort_unstable();
    let (mut n_right, mut n_values, mut n_pairs) = (0, 0, 0);
    for same_value in cells.chunk_by(|a, b| a.0 == b.0) {
        let (mut most, mut second) = (0, 0);
        for same_label in same_value.chunk_by(|a, b| a.1 == b.1) {
            let n = same_label.len();
            (most, second) = (most.max(n), second.max(n.min(most)));
            n_pairs += 1;
        }
        n_values += 1;
        // Without the row itself, its label must still be the most frequent one.
        n_right += if most > second + 1 { most } else { 0 };
    }
    // Of several labels, all that a text has are one answer.
    let mut counts: HashMap<&LabelIds, usize> = HashMap::new();
    cells
        .iter()
        .for_each(|(_, labels)| *counts.entry(labels).or_default() += 1);
    let n_rows = cells.len();
    let most_frequent = counts.values().copied().max().unwrap_or(0);
    let (avoided, of) = MISTAKES_AVOIDED;
    let is_telling = n_right > most_frequent
        && (n_right - most_frequent) * of >= (n_rows - most_frequent) * avoided;
    is_telling.then(|| {
        let matter = Matter::TellingColumn {
            column: name.to_owned(),
            n_right,
            n_rows,
            is_other_name: n_pairs == n_values && n_values == counts.len(),
        };
        DataFinding::new(matter, Vec::new(), None)
    })
}

/// Looks for labels whose name stands as a word in nearly every one of their texts, and not in most of the others.
pub(super) fn labels_in_texts(dataset: &Dataset) -> Option<DataFinding> {
    let names: Vec<Option<String>> = dataset
        .labels
        .names()
        .iter()
        .map(|name| Some(words_of(name)).filter(|name| can_be_found(name)))
        .collect();
    let examples = &dataset.examples;
    let in_text: Vec<Vec<usize>> = examples
        .par_iter()
        .map(|example| {
            let mut ids = example.label_ids.as_slice().to_vec();
            ids.retain(|id| names[*id].is_some());
            if !ids.is_empty() {
                let words = words_of_texts(example);
                ids.retain(|id| {
                    names[*id]
                        .as_ref()
                        .is_some_and(|name| words.contains(name.as_str()))
                });
            }
            ids
        })
        .collect();
    let counts = dataset.label_counts();
    let mut n_with = vec![0; counts.len()];
    in_text.iter().flatten().for_each(|id| n_with[*id] += 1);
    let step = examples.len().div_ceil(OTHERS_LOOKED_AT).max(1);
    let is_in_own = |id: &usize| {
        counts[*id] >= FEW_EXAMPLES && n_with[*id] * 100 >= counts[*id] * IN_OWN_PERCENT
    };
    let candidates: Vec<usize> = (0..counts.len()).filter(is_in_own).collect();
    if candidates.is_empty() {
        return None;
    }
    let sample: Vec<(&LabelIds, String)> = examples
        .par_iter()
        .step_by(step)
        .map(|example| (&example.label_ids, words_of_texts(example)))
        .collect();
    let is_elsewhere = |id: &usize| {
        let name = names[*id].as_deref().unwrap_or_default();
        let (mut n_others, mut n_with) = (0, 0);
        for (_, words) in sample
            .iter()
            .filter(|(labels, _)| !labels.as_slice().contains(id))
        {
            n_others += 1;
            n_with += usize::from(words.contains(name));
        }
        n_with * 100 > n_others * IN_OTHERS_PERCENT
    };
    let given_away: Vec<usize> = candidates
        .into_par_iter()
        .filter(|id| !is_elsewhere(id))
        .collect();
    if given_away.is_empty() {
        return None;
    }
    let size = |id: &usize| LabelSize {
        label: dataset.labels.name(*id).to_owned(),
        n_examples: n_with[*id],
    };
    let matter = Matter::LabelsInTexts {
        n_labels: given_away.len(),
        labels: given_away.iter().take(NAMED_LABELS).map(size).collect(),
    };
    let is_given_away = |id: &usize| given_away.binary_search(id).is_ok();
    let is_example = |i: &usize| in_text[*i].iter().any(is_given_away);
    let shown = (0..examples.len()).filter(is_example).collect();
    Some(DataFinding::new(matter, lines_of(dataset, shown), None))
}

fn can_be_found(name: &str) -> bool {
    name.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS
}

/// The words in lower case, with a space before and after each; marks don't count.
fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.chars() {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

fn words_of_texts(example: &Example) -> String {
    let mut words = words_of(&example.text);
    words.extend(example.text_b.as_deref().map(words_of));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planted;
    use crate::table::Dialect;

    /// A table of a text, a label and one more column.
    fn found(column: &str, cells: impl Fn(usize) -> (&'static str, String)) -> Vec<String> {
        let texts = planted::texts(60, 8, 1);
        let rows = texts.into_iter().enumerate().map(|(i, text)| {
            let (label, cell) = cells(i);
            Row {
                line: i as u64 + 2,
                cells: vec![text, label.to_owned(), cell],
            }
        });
        let table = Table {
            columns: ["text", "label", column].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            dialect: Dialect::default(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        };
        let mapping = Mapping {
            text: "text".to_owned(),
            label: Some("label".to_owned()),
            ..Mapping::default()
        };
        let mut dataset = Dataset::from_table(&table, &mapping).unwrap();
        // Corrections may have left rows out.
        dataset.examples.remove(7);
        let found = columns(&dataset, &table, &mapping);
        found.into_iter().map(|found| found.message).collect()
    }

    const LABELS: [&str; 3] = ["refund", "delivery", "other"];

    #[test]
    fn a_column_that_decides_the_label_is_found() {
        let stars = |i: usize| (LABELS[i % 3], format!("{}", i % 6));
        assert_eq!(
            found("stars", stars),
            ["The column \"stars\" tells the label in 59 of 59 rows"]
        );
        let nearly = |i: usize| (LABELS[i % 3], format!("{}", if i < 2 { 5 } else { i % 6 }));
        assert_eq!(
            found("stars", nearly),
            ["The column \"stars\" tells the label in 57 of 59 rows"]
        );
        let name = |i: usize| (LABELS[i % 3], format!(" {}", i % 3));
        assert_eq!(
            found("label_id", name),
            ["The column \"label_id\" is another name for the label"]
        );
    }

    #[test]
    fn numbers_of_their_own_and_unrelated_values_tell_nothing() {
        let none: [String; 0] = [];
        assert_eq!(found("id", |i| (LABELS[i % 3], i.to_string())), none);
        assert_eq!(
            found("day", |i| (LABELS[i % 3], format!("{}", i % 7))),
            none
        );
        assert_eq!(found("empty", |i| (LABELS[i % 3], String::new())), none);
        // Nine of ten are "other" anyway.
        let rare = |i: usize| {
            (
                LABELS[if i.is_multiple_of(10) { 0 } else { 2 }],
                format!("{}", i % 3),
            )
        };
        assert_eq!(found("day", rare), none);
    }

    fn labelled(text_of: impl Fn(&str, &str, usize) -> String) -> Dataset {
        let texts = planted::texts(60, 8, 2);
        let rows: Vec<(String, &str)> = (0..60)
            .map(|i| (text_of(&texts[i], LABELS[i % 3], i), LABELS[i % 3]))
            .collect();
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|(text, label)| (text.as_str(), *label))
            .collect();
        Dataset::of_rows(&rows)
    }

    #[test]
    fn a_label_that_is_written_in_its_texts_is_found() {
        let data = labelled(|text, label, i| match (label, i) {
            ("refund", 30) => text.to_owned(),
            ("refund", _) => format!("[Refund] {text}"),
            _ => text.to_owned(),
        });
        let found = labels_in_texts(&data).unwrap();
        assert_eq!(
            found.message,
            "1 label stands as a word in nearly all of its texts: \"refund\" (19)"
        );
        assert_eq!(found.lines[..3], [2, 5, 8]);
    }

    #[test]
    fn words_that_all_texts_share_and_parts_of_words_are_no_giveaway() {
        let everywhere = labelled(|text, _, _| format!("refund: {text}"));
        assert!(labels_in_texts(&everywhere).is_none());
        let inside = labelled(|text, label, _| format!("{label}s {text}"));
        assert!(labels_in_texts(&inside).is_none());
        let some =
            labelled(|text, label, i| format!("{text} {}", if i % 2 == 0 { label } else { "" }));
        assert!(labels_in_texts(&some).is_none());
    }

    #[test]
    fn of_several_labels_each_is_looked_for_in_its_own_texts() {
        let texts = planted::texts(60, 8, 1);
        let rows: Vec<(String, &str)> = texts
            .into_iter()
            .enumerate()
            .map(|(i, text)| match i % 3 {
                0 => (format!("{text} refund"), "refund|delivery"),
                1 => (text, "delivery"),
                _ => (text, "other"),
            })
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(t, l)| (t.as_str(), *l)).collect();
        let data = Dataset::of_lists(&rows);
        let found = labels_in_texts(&data).unwrap();
        assert_eq!(
            found.matter,
            Matter::LabelsInTexts {
                n_labels: 1,
                labels: vec![LabelSize {
                    label: "refund".to_owned(),
                    n_examples: 20,
                }],
            }
        );
    }
}
