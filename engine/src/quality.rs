//! Findings: what is odd about a dataset, why it matters, and what one click would do about it.
//!
//! Comes in: a [`Dataset`] after the corrections. Goes out: a list of [`DataFinding`]s. Nothing is changed here: a fix is a
//! list of corrections that the person may apply.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::edits::{DataEdit, key};

/// Labels with fewer examples can't be learned or judged well.
const FEW_EXAMPLES: usize = 10;
/// A label this many times as frequent as another drowns it.
const IMBALANCE: usize = 20;
/// Lines that a finding shows.
const SHOWN_LINES: usize = 20;
/// Labels that a sentence names.
const NAMED_LABELS: usize = 3;

/// Something odd about the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataFinding {
    /// Stable name of the matter.
    pub code: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What the button says.
    pub label: String,
    /// The corrections.
    pub edits: Vec<DataEdit>,
}

/// Looks for everything that this chapter knows, the gravest first.
#[must_use]
pub fn findings(dataset: &Dataset) -> Vec<DataFinding> {
    let checks = [
        conflicts,
        duplicates,
        similar_labels,
        rare_labels,
        imbalance,
    ];
    checks.iter().filter_map(|check| check(dataset)).collect()
}

fn conflicts(dataset: &Dataset) -> Option<DataFinding> {
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, example) in dataset.examples.iter().enumerate() {
        groups.entry(key(example)).or_default().push(i);
    }
    let label = |i: &usize| dataset.examples[*i].label_id;
    groups.retain(|_, group| group.iter().any(|i| label(i) != label(&group[0])));
    let n_texts = groups.len();
    let positions: Vec<usize> = groups.into_values().flatten().collect();
    finding(
        dataset,
        "conflicts",
        positions,
        |n| {
            format!(
                "{} {} with more than one label ({n} rows)",
                texts(n_texts),
                stand(n_texts)
            )
        },
        "A text with two labels teaches a contradiction, and one of its rows is counted as wrong whatever the answer.",
        Some(("Leave these rows out", DataEdit::DropConflicts)),
    )
}

fn duplicates(dataset: &Dataset) -> Option<DataFinding> {
    let mut seen = HashMap::new();
    let mut repeated = Vec::new();
    for (i, example) in dataset.examples.iter().enumerate() {
        if seen.insert((key(example), example.label_id), i).is_some() {
            repeated.push(i);
        }
    }
    finding(
        dataset,
        "duplicates",
        repeated,
        |n| {
            format!(
                "{} {} an earlier one",
                rows(n),
                if n == 1 { "repeats" } else { "repeat" }
            )
        },
        "Equal texts never stand on both sides of the split, so the score stays honest; but they count several times.",
        Some(("Keep the first of each", DataEdit::DropDuplicates)),
    )
}

/// Names that differ in case, spaces and punctuation alone.
fn similar_labels(dataset: &Dataset) -> Option<DataFinding> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let counts = label_counts(dataset);
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (id, name) in dataset.labels.names().iter().enumerate() {
        groups.entry(plain(name)).or_default().push(id);
    }
    let mut groups: Vec<Vec<usize>> = groups
        .into_iter()
        .filter(|(plain, ids)| !plain.is_empty() && ids.len() > 1)
        .map(|(_, ids)| ids)
        .collect();
    groups.sort();
    let name = |id: &usize| dataset.labels.name(*id).to_owned();
    let edits: Vec<DataEdit> = groups
        .iter()
        .map(|ids| DataEdit::MergeLabels {
            labels: ids.iter().map(name).collect(),
            into: name(ids.iter().max_by_key(|id| counts[**id]).unwrap_or(&ids[0])),
        })
        .collect();
    let first = groups.first()?;
    let named: Vec<String> = first.iter().map(|id| format!("\"{}\"", name(id))).collect();
    Some(DataFinding {
        code: "similarLabels".to_owned(),
        message: match groups.len() {
            1 => format!("{} look like one label", named.join(" and ")),
            n => format!(
                "{n} groups of labels differ in spelling alone, such as {}",
                named.join(" and ")
            ),
        },
        why: "Two spellings of one label share its examples between them, and the classifier can't tell them apart."
            .to_owned(),
        lines: Vec::new(),
        fix: Some(Fix {
            label: "Merge them".to_owned(),
            edits,
        }),
    })
}

fn rare_labels(dataset: &Dataset) -> Option<DataFinding> {
    let counts = label_counts(dataset);
    let rare: Vec<usize> = (0..counts.len())
        .filter(|id| counts[*id] < FEW_EXAMPLES)
        .collect();
    if rare.is_empty() {
        return None;
    }
    let names: Vec<String> = rare
        .iter()
        .take(NAMED_LABELS)
        .map(|id| format!("\"{}\" ({})", dataset.labels.name(*id), counts[*id]))
        .collect();
    let rest = if rare.len() > NAMED_LABELS {
        ", …"
    } else {
        ""
    };
    // At least two labels must stay.
    let can_ignore = counts.len() - rare.len() >= 2;
    let edits = rare.iter().map(|id| DataEdit::IgnoreLabel {
        label: dataset.labels.name(*id).to_owned(),
    });
    Some(DataFinding {
        code: "rareLabel".to_owned(),
        message: format!(
            "{} of {} labels {} fewer than {FEW_EXAMPLES} examples: {}{rest}",
            rare.len(),
            counts.len(),
            if rare.len() == 1 { "has" } else { "have" },
            names.join(", ")
        ),
        why: "So few examples are hard to learn from, and their score says little.".to_owned(),
        lines: Vec::new(),
        fix: can_ignore.then(|| Fix {
            label: if rare.len() == 1 {
                "Ignore this label"
            } else {
                "Ignore these labels"
            }
            .to_owned(),
            edits: edits.collect(),
        }),
    })
}

fn imbalance(dataset: &Dataset) -> Option<DataFinding> {
    let counts = label_counts(dataset);
    let most = (0..counts.len()).max_by_key(|id| counts[*id])?;
    let least = (0..counts.len()).min_by_key(|id| counts[*id])?;
    if counts[most] < IMBALANCE * counts[least].max(1) {
        return None;
    }
    let name = |id| dataset.labels.name(id);
    Some(DataFinding {
        code: "imbalance".to_owned(),
        message: format!(
            "\"{}\" has {} examples, \"{}\" has {}",
            name(most),
            counts[most],
            name(least),
            counts[least]
        ),
        why: "Look at the macro-F1 in the report: it counts every label the same, the accuracy counts frequent ones more."
            .to_owned(),
        lines: Vec::new(),
        fix: None,
    })
}

fn finding(
    dataset: &Dataset,
    code: &str,
    positions: Vec<usize>,
    message: impl Fn(usize) -> String,
    why: &str,
    fix: Option<(&str, DataEdit)>,
) -> Option<DataFinding> {
    if positions.is_empty() {
        return None;
    }
    let n = positions.len();
    let mut lines: Vec<u64> = positions
        .into_iter()
        .map(|i| dataset.examples[i].line)
        .collect();
    lines.sort_unstable();
    lines.truncate(SHOWN_LINES);
    Some(DataFinding {
        code: code.to_owned(),
        message: message(n),
        why: why.to_owned(),
        lines,
        fix: fix.map(|(label, edit)| Fix {
            label: label.to_owned(),
            edits: vec![edit],
        }),
    })
}

fn label_counts(dataset: &Dataset) -> Vec<usize> {
    let mut counts = vec![0; dataset.labels.len()];
    dataset
        .examples
        .iter()
        .for_each(|example| counts[example.label_id] += 1);
    counts
}

fn rows(n: usize) -> String {
    format!("{n} {}", if n == 1 { "row" } else { "rows" })
}

fn texts(n: usize) -> String {
    format!("{n} {}", if n == 1 { "text" } else { "texts" })
}

fn stand(n: usize) -> &'static str {
    if n == 1 { "stands" } else { "stand" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits;

    fn many(label: &str, n: usize) -> Vec<(String, String)> {
        (0..n)
            .map(|i| (format!("{label} {i}"), label.to_owned()))
            .collect()
    }

    fn of(rows: &[(String, String)]) -> Dataset {
        let rows: Vec<(&str, &str)> = rows.iter().map(|(t, l)| (t.as_str(), l.as_str())).collect();
        Dataset::of_rows(&rows)
    }

    fn codes(dataset: &Dataset) -> Vec<String> {
        findings(dataset).into_iter().map(|f| f.code).collect()
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
        ]
        .concat();
        let mut data = of(&rows);
        data.examples[1].text = data.examples[0].text.clone();
        data.examples[13].text = data.examples[2].text.clone();
        let found = findings(&data);
        let codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(
            codes,
            ["conflicts", "duplicates", "similarLabels", "rareLabel"]
        );
        for finding in found {
            let fix = finding.fix.expect("each of these can be fixed");
            let after = edits::apply(&data, &fix.edits).unwrap().dataset;
            assert!(
                !self::codes(&after).contains(&finding.code),
                "{finding:?}",
                finding = finding.code
            );
        }
    }

    #[test]
    fn sentences_count_and_name() {
        let mut data = of(&[many("a", 12), many("b", 12)].concat());
        data.examples[1].text = data.examples[0].text.clone();
        let found = &findings(&data)[0];
        assert_eq!(found.message, "1 row repeats an earlier one");
        assert_eq!(found.lines, [3]);
    }

    #[test]
    fn imbalance_names_both_ends() {
        let found = findings(&of(&[many("a", 300), many("b", 12)].concat()));
        assert_eq!(found[0].message, "\"a\" has 300 examples, \"b\" has 12");
        assert!(found[0].fix.is_none());
    }
}
