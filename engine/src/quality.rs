//! Findings: what is odd about a dataset, why it matters, and what one click would do about it.
//!
//! Comes in: a [`Dataset`] after the corrections. Goes out: a list of [`DataFinding`]s. Nothing is changed here: a fix is a
//! list of corrections, or a setting, that the person may apply. All thresholds are constants of these files, and
//! `docs/findings.md` lists them.

mod copies;
mod giveaway;
mod matter;
mod parts;
#[cfg(test)]
mod planted_faults;
mod similar;
mod spelling;
mod unreadable;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::matter::{LabelSize, Matter};
pub use self::unreadable::{cut_texts, unknown_words};
use crate::dataset::{Dataset, Mapping};
use crate::edits::DataEdit;
use crate::same_text::{self, NearTexts, TextKey};
use crate::table::Table;

/// Labels with fewer examples can't be learned or judged well.
const FEW_EXAMPLES: usize = 10;
/// A label this many times as frequent as another drowns it.
const IMBALANCE: usize = 20;
/// More different numbers than this are no longer names of labels, such as stars.
const MOST_NUMBERS: usize = 20;
/// Lines that a finding shows.
const SHOWN_LINES: usize = 20;
/// Labels that a finding names.
const NAMED_LABELS: usize = 20;
/// Groups of labels that one click merges.
const MOST_GROUPS: usize = 100;

/// Something odd about the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DataFinding {
    /// What, by name and with its values.
    #[serde(flatten)]
    pub matter: Matter,
    /// What and how many, one sentence.
    pub message: String,
    /// Why it matters, one sentence.
    pub why: String,
    /// Lines of the file, the first few.
    pub lines: Vec<u64>,
    /// What one click would do; `None` where the person must decide.
    pub fix: Option<Fix>,
}

/// What one click would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What the button says.
    pub label: String,
    /// The corrections.
    pub edits: Vec<DataEdit>,
    /// The setting `maxLength` that would be better, in tokens.
    pub max_length: Option<usize>,
}

impl Fix {
    fn of_edits(label: &str, edits: Vec<DataEdit>) -> Fix {
        Fix {
            label: label.to_owned(),
            edits,
            max_length: None,
        }
    }
}

impl DataFinding {
    fn new(matter: Matter, lines: Vec<u64>, fix: Option<Fix>) -> DataFinding {
        DataFinding {
            message: matter.to_string(),
            why: matter.why().to_owned(),
            matter,
            lines,
            fix,
        }
    }
}

/// What findings are looked for in.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The examples, after the corrections.
    pub dataset: &'a Dataset,
    /// Which of their texts are nearly the same.
    pub near: &'a NearTexts,
    /// The rows that the examples were made of, and what the columns mean; without them other columns are not looked at.
    pub rows: Option<(&'a Table, &'a Mapping)>,
}

/// Looks for everything that can be seen without a base model, the gravest first.
#[must_use]
pub fn findings(material: &Material<'_>) -> Vec<DataFinding> {
    let dataset = material.dataset;
    let texts = Texts {
        dataset,
        keys: same_text::keys(&dataset.examples),
        near: material.near,
    };
    let mut found = Vec::new();
    found.extend(many_labels(dataset));
    found.extend(copies::leaks(&texts));
    found.extend(parts::labels_not_in_train(dataset));
    found.extend(conflicts(&texts));
    if let Some((table, mapping)) = material.rows {
        found.extend(giveaway::columns(dataset, table, mapping));
    }
    found.extend(giveaway::labels_in_texts(dataset));
    found.extend(duplicates(&texts));
    found.extend(copies::near_duplicates(&texts));
    found.extend(copies::near_conflicts(&texts));
    found.extend(spelling::short_texts(dataset));
    found.extend(similar_labels(dataset));
    found.extend(spelling::untidy_labels(dataset));
    found.extend(spelling::uncomposed_texts(dataset));
    found.extend(rare_labels(dataset));
    found.extend(parts::label_shift(dataset));
    found.extend(imbalance(dataset));
    found
}

/// The examples, and what their texts are known by.
struct Texts<'a> {
    dataset: &'a Dataset,
    keys: Vec<TextKey>,
    near: &'a NearTexts,
}

/// Finds a label column that holds texts, or numbers to estimate. Numbers of which each stands on many rows are names of
/// labels like others.
#[must_use]
pub fn many_labels(dataset: &Dataset) -> Option<DataFinding> {
    let (n_labels, n_examples) = (dataset.labels.len(), dataset.examples.len());
    let names = dataset.labels.names();
    let are_numbers = names.iter().all(|name| name.trim().parse::<f64>().is_ok());
    let has_fraction = || names.iter().any(|name| name.contains(['.', ',']));
    let is_estimate = are_numbers
        && n_labels > MOST_NUMBERS
        && (has_fraction() || n_labels * FEW_EXAMPLES > n_examples);
    let is_text = n_labels > MOST_NUMBERS && n_labels * 2 > n_examples;
    if dataset.task.is_multi() || !(is_estimate || is_text) {
        return None;
    }
    let matter = Matter::ManyLabels {
        n_labels,
        n_examples,
        are_numbers,
    };
    Some(DataFinding::new(matter, Vec::new(), None))
}

fn conflicts(Texts { dataset, keys, .. }: &Texts<'_>) -> Option<DataFinding> {
    let mut groups: HashMap<TextKey, Vec<usize>> = HashMap::new();
    for (i, key) in keys.iter().enumerate() {
        groups.entry(*key).or_default().push(i);
    }
    let label = |i: &usize| &dataset.examples[*i].label_ids;
    groups.retain(|_, group| group.iter().any(|i| label(i) != label(&group[0])));
    let n_texts = groups.len();
    let positions: Vec<usize> = groups.into_values().flatten().collect();
    if positions.is_empty() {
        return None;
    }
    let matter = Matter::Conflicts {
        n_texts,
        n_rows: positions.len(),
    };
    let fix = Fix::of_edits("Leave these rows out", vec![DataEdit::DropConflicts]);
    Some(DataFinding::new(
        matter,
        lines_of(dataset, positions),
        Some(fix),
    ))
}

fn duplicates(Texts { dataset, keys, .. }: &Texts<'_>) -> Option<DataFinding> {
    let mut seen = HashSet::new();
    let mut repeated = Vec::new();
    for (i, (example, key)) in dataset.examples.iter().zip(keys).enumerate() {
        if !seen.insert((*key, &example.label_ids)) {
            repeated.push(i);
        }
    }
    if repeated.is_empty() {
        return None;
    }
    let matter = Matter::Duplicates {
        n_rows: repeated.len(),
    };
    let fix = Fix::of_edits("Keep the first of each", vec![DataEdit::DropDuplicates]);
    Some(DataFinding::new(
        matter,
        lines_of(dataset, repeated),
        Some(fix),
    ))
}

fn similar_labels(dataset: &Dataset) -> Option<DataFinding> {
    let groups = similar::groups(dataset.labels.names());
    let first = groups.first()?;
    let counts = dataset.label_counts();
    let name = |id: &usize| dataset.labels.name(*id).to_owned();
    let matter = Matter::SimilarLabels {
        n_groups: groups.len(),
        labels: first.iter().take(NAMED_LABELS).map(name).collect(),
    };
    let merge = |ids: &Vec<usize>| DataEdit::MergeLabels {
        labels: ids.iter().map(name).collect(),
        into: name(ids.iter().max_by_key(|id| counts[**id]).unwrap_or(&ids[0])),
    };
    let edits = groups.iter().take(MOST_GROUPS).map(merge).collect();
    let fix = Fix::of_edits("Merge them", edits);
    Some(DataFinding::new(matter, Vec::new(), Some(fix)))
}

fn rare_labels(dataset: &Dataset) -> Option<DataFinding> {
    let counts = dataset.label_counts();
    let rare: Vec<usize> = (0..counts.len())
        .filter(|id| counts[*id] < FEW_EXAMPLES)
        .collect();
    let (n_rare, n_labels) = (rare.len(), counts.len());
    if n_rare == 0 {
        return None;
    }
    let size = |id: &usize| LabelSize {
        label: dataset.labels.name(*id).to_owned(),
        n_examples: counts[*id],
    };
    let named: Vec<LabelSize> = rare.iter().take(NAMED_LABELS).map(size).collect();
    // At least two labels must stay.
    let fix = (n_labels - n_rare >= 2).then(|| match named.as_slice() {
        [only] => Fix::of_edits(
            "Ignore this label",
            vec![DataEdit::IgnoreLabel {
                label: only.label.clone(),
            }],
        ),
        _ => Fix::of_edits(
            "Ignore these labels",
            vec![DataEdit::IgnoreRareLabels {
                fewer_than: FEW_EXAMPLES,
            }],
        ),
    });
    let matter = Matter::RareLabel {
        n_rare,
        n_labels,
        fewest: FEW_EXAMPLES,
        labels: named,
    };
    Some(DataFinding::new(matter, Vec::new(), fix))
}

fn imbalance(dataset: &Dataset) -> Option<DataFinding> {
    let counts = dataset.label_counts();
    let most = (0..counts.len()).max_by_key(|id| counts[*id])?;
    let least = (0..counts.len()).min_by_key(|id| counts[*id])?;
    if counts[most] < IMBALANCE * counts[least].max(1) {
        return None;
    }
    let size = |id: usize| LabelSize {
        label: dataset.labels.name(id).to_owned(),
        n_examples: counts[id],
    };
    let matter = Matter::Imbalance {
        most: size(most),
        least: size(least),
    };
    Some(DataFinding::new(matter, Vec::new(), None))
}

/// The lines of the examples at these positions, the first few.
fn lines_of(dataset: &Dataset, positions: Vec<usize>) -> Vec<u64> {
    let lines = positions
        .into_iter()
        .filter_map(|i| Some(dataset.examples.get(i)?.line));
    let mut lines: Vec<u64> = lines.collect();
    lines.sort_unstable();
    lines.truncate(SHOWN_LINES);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;
    use crate::planted;

    /// Texts of a label, other ones for another label.
    fn many(label: &str, n: usize) -> Vec<(String, String)> {
        let seed = label
            .bytes()
            .fold(0, |seed, byte| seed * 31 + u64::from(byte));
        let texts = planted::texts(n, 8, seed).into_iter();
        texts.map(|text| (text, label.to_owned())).collect()
    }

    fn of(rows: &[(String, String)]) -> Dataset {
        let rows: Vec<(&str, &str)> = rows.iter().map(|(t, l)| (t.as_str(), l.as_str())).collect();
        Dataset::of_rows(&rows)
    }

    fn findings(dataset: &Dataset) -> Vec<DataFinding> {
        let near = NearTexts::find(&dataset.examples);
        super::findings(&Material {
            dataset,
            near: &near,
            rows: None,
        })
    }

    fn code(finding: &DataFinding) -> String {
        let json = serde_json::to_value(finding).unwrap();
        json["code"].as_str().unwrap().to_owned()
    }

    fn codes(dataset: &Dataset) -> Vec<String> {
        findings(dataset).iter().map(code).collect()
    }

    #[test]
    fn sound_data_has_no_findings() {
        assert!(codes(&of(&[many("a", 12), many("b", 12)].concat())).is_empty());
    }

    #[test]
    fn each_fix_removes_its_finding() {
        let rows = [
            many("refund", 12),
            many("other", 12),
            many("Refund ", 11),
            many("rare", 2),
            many("rarer", 1),
        ]
        .concat();
        let mut data = of(&rows);
        data.examples[1].text = data.examples[0].text.clone();
        data.examples[13].text = data.examples[2].text.clone();
        let found = findings(&data);
        assert_eq!(
            codes(&data),
            ["conflicts", "duplicates", "similarLabels", "rareLabel"]
        );
        for finding in found {
            let fix = finding.fix.clone().expect("each of these can be fixed");
            assert_eq!(fix.edits.len(), 1, "one undo takes it back");
            let after = edits::apply(&data, &fix.edits).unwrap().dataset;
            assert!(!codes(&after).contains(&code(&finding)), "{finding:?}");
        }
    }

    #[test]
    fn rare_labels_are_not_ignored_when_fewer_than_two_would_stay() {
        let data = of(&[many("a", 12), many("b", 3)].concat());
        let rare = findings(&data).remove(0);
        assert_eq!(
            rare.message,
            "1 of 2 labels has fewer than 10 examples: \"b\" (3)"
        );
        assert!(rare.fix.is_none());
    }

    #[test]
    fn sentences_count_and_name() {
        let mut data = of(&[many("a", 12), many("b", 12)].concat());
        data.examples[1].text = data.examples[0].text.clone();
        let found = &findings(&data)[0];
        assert_eq!(found.message, "1 row repeats an earlier one");
        assert_eq!(found.lines, [3]);
        data.examples[12].text = data.examples[0].text.clone();
        assert_eq!(
            findings(&data)[0].message,
            "1 text stands with more than one label (3 rows)"
        );
    }

    #[test]
    fn a_label_column_of_texts_or_numbers_is_told() {
        let of = |label: &dyn Fn(usize) -> String, n: usize| {
            let rows: Vec<_> = (0..n).map(|i| (format!("text {i}"), label(i))).collect();
            many_labels(&super::tests::of(&rows)).map(|finding| finding.message)
        };
        assert_eq!(
            of(&|i| format!("an answer, number {i}"), 300).as_deref(),
            Some("300 different labels in 300 examples: this looks like a column of texts")
        );
        assert_eq!(
            of(&|i| format!("{}.5", i % 50), 1000).as_deref(),
            Some("50 different labels in 1000 examples: this looks like a column of numbers")
        );
        // Seventy labels that are called by a number.
        assert_eq!(of(&|i| (i % 70).to_string(), 1000), None);
        assert_eq!(of(&|i| (i % 5).to_string(), 20), None);
    }

    #[test]
    fn of_several_labels_each_is_counted_and_sets_are_compared() {
        let data = Dataset::of_lists(&[
            ("one text", "x|y"),
            ("one text", "y|x"),
            ("another text", "x"),
            ("another text", "y"),
        ]);
        let found = codes(&data);
        assert_eq!(found, ["conflicts", "duplicates", "rareLabel"]);
    }

    #[test]
    fn imbalance_names_both_ends() {
        let found = findings(&of(&[many("a", 300), many("b", 12)].concat()));
        assert_eq!(found[0].message, "\"a\" has 300 examples, \"b\" has 12");
        assert!(found[0].fix.is_none());
    }

    #[test]
    fn values_stand_beside_the_sentence() {
        let found = findings(&of(&[many("a", 300), many("b", 12)].concat()));
        let json = serde_json::to_value(&found[0]).unwrap();
        assert_eq!(json["code"], "imbalance");
        assert_eq!(json["most"]["nExamples"], 300);
        assert_eq!(
            serde_json::from_value::<DataFinding>(json).unwrap(),
            found[0]
        );
    }
}
