//! Faults that were planted in 2,000 ordinary texts: each is found, hardly anything else is, and its fix settles it.

use std::collections::HashSet;

use super::{DataFinding, Material, findings};
use crate::dataset::{Dataset, Example, LabelIds, LabelMap, Part};
use crate::edits::{self, DataEdit};
use crate::planted;
use crate::random::Random;
use crate::same_text::NearTexts;

const N_TEXTS: usize = 2000;
/// Faults of each kind.
const N_FAULTS: usize = 40;
const LABELS: [&str; 4] = ["account", "delivery", "feature", "refund"];

/// The data, and the lines of what was planted.
struct Planted {
    data: Dataset,
    duplicates: HashSet<u64>,
    near: HashSet<u64>,
    conflicts: HashSet<u64>,
    leaks: HashSet<u64>,
}

/// Another spelling of the same text.
fn respelled(text: &str, i: usize) -> String {
    match i % 3 {
        0 => text.to_owned(),
        1 => text.to_uppercase(),
        _ => format!(" {} ", text.replace(' ', "  ")),
    }
}

/// Nearly the same text: a letter is another one, something is added, or a piece is missing.
fn changed(text: &str, i: usize) -> String {
    match i % 4 {
        0 => text.replacen('e', "x", 1),
        1 => format!("{text} ok"),
        2 => format!("Re: {text}"),
        _ => text.chars().skip(4).collect(),
    }
}

fn plant() -> Planted {
    let mut random = Random::new(3);
    let mut rows: Vec<(String, usize, Part)> = planted::texts(N_TEXTS, 14, 1)
        .into_iter()
        .enumerate()
        .map(|(i, text)| {
            let part = match i % 10 {
                0 => Part::Valid,
                1 | 2 => Part::Test,
                _ => Part::Train,
            };
            (text, random.below(LABELS.len()), part)
        })
        .collect();
    let train = (0..N_TEXTS).filter(|i| i % 10 > 2);
    let mut sources: Vec<usize> = train.collect();
    random.shuffle(&mut sources);
    let mut sources = sources.into_iter();
    let line = |i: usize| i as u64 + 2;
    let mut planted = Planted {
        data: Dataset::of_rows(&[]),
        duplicates: HashSet::new(),
        near: HashSet::new(),
        conflicts: HashSet::new(),
        leaks: HashSet::new(),
    };
    for (i, kind) in (0..N_FAULTS).flat_map(|i| (0..5).map(move |kind| (i, kind))) {
        let source = sources.next().unwrap();
        let (text, label, _) = rows[source].clone();
        let own = line(rows.len());
        rows.push(match kind {
            0 => {
                planted.duplicates.insert(own);
                (respelled(&text, i), label, Part::Train)
            }
            1 => {
                planted.near.insert(own);
                (changed(&text, i), label, Part::Train)
            }
            2 => {
                planted.conflicts.extend([line(source), own]);
                (respelled(&text, i), (label + 1) % LABELS.len(), Part::Train)
            }
            // A leak is also a copy.
            3 => {
                planted.leaks.insert(own);
                planted.duplicates.insert(own);
                (respelled(&text, i), label, Part::Test)
            }
            _ => {
                planted.leaks.insert(own);
                planted.near.insert(own);
                (changed(&text, i), label, Part::Valid)
            }
        });
    }
    let examples = rows.into_iter().enumerate();
    let examples = examples.map(|(i, (text, label_id, part))| Example {
        text,
        text_b: None,
        label_ids: LabelIds::One(label_id),
        line: line(i),
        part: Some(part),
    });
    planted.data.examples = examples.collect();
    planted.data.labels = LabelMap::in_order(LABELS.map(str::to_owned).to_vec());
    planted
}

fn all(dataset: &Dataset) -> Vec<DataFinding> {
    findings(&Material {
        dataset,
        near: &NearTexts::find(&dataset.examples),
        rows: None,
    })
}

#[test]
fn codes_are_those_of_the_json() {
    for finding in all(&plant().data) {
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!(json["code"], finding.matter.code());
    }
}

#[test]
fn each_planted_fault_is_found_and_hardly_anything_else() {
    let planted = plant();
    let lines = |data: &Dataset| -> HashSet<u64> {
        data.examples.iter().map(|example| example.line).collect()
    };
    let before = lines(&planted.data);
    for (edit, expected) in [
        (DataEdit::DropDuplicates, &planted.duplicates),
        (DataEdit::DropConflicts, &planted.conflicts),
        (DataEdit::DropNearDuplicates, &planted.near),
        (DataEdit::DropLeaks, &planted.leaks),
    ] {
        let after = edits::apply(&planted.data, std::slice::from_ref(&edit)).unwrap();
        let after = lines(&after.dataset);
        let found: HashSet<u64> = before.difference(&after).copied().collect();
        let missed = expected.difference(&found).count();
        let wrong = found.difference(expected).count();
        assert_eq!(missed, 0, "{edit:?}");
        assert!(
            wrong * 100 <= before.len() - expected.len(),
            "{edit:?}: {wrong}"
        );
    }
}

#[test]
fn findings_count_what_was_planted_and_their_fixes_settle_them() {
    let Planted { mut data, .. } = plant();
    let found = all(&data);
    let told: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "40 valid or test rows have the text of a train row, and 40 nearly",
            "40 texts stand with more than one label (80 rows)",
            "80 rows repeat an earlier one",
            "80 rows nearly repeat an earlier one",
        ]
    );
    for finding in found {
        let fix = finding.fix.clone().unwrap();
        let after = edits::apply(&data, &fix.edits).unwrap().dataset;
        let left = all(&after);
        let code = finding.matter.code();
        assert!(left.iter().all(|left| left.matter.code() != code), "{code}");
    }
    for _ in 0..4 {
        let Some(first) = all(&data).into_iter().next() else {
            break;
        };
        data = edits::apply(&data, &first.fix.unwrap().edits)
            .unwrap()
            .dataset;
    }
    assert!(
        all(&data).is_empty(),
        "one after the other, they settle all"
    );
}

#[test]
fn a_near_copy_with_another_label_is_told_and_left_to_the_person() {
    let Planted { mut data, .. } = plant();
    data.examples.truncate(N_TEXTS);
    let text = changed(&data.examples[3].text, 0);
    let label_id = (data.examples[3].label_id() + 1) % LABELS.len();
    data.examples[17].text = text;
    data.examples[17].label_ids = LabelIds::One(label_id);
    let found = all(&data);
    let told: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(told, ["1 row nearly repeats one that has another label"]);
    assert_eq!(found[0].lines, [5, 19]);
    assert!(found[0].fix.is_none());
}
