//! Texts that copy another one: nearly the same twice, and the same in the part that judges as in the one that is
//! learned from.

use super::{DataFinding, Fix, Matter, Texts, lines_of};
use crate::edits::DataEdit;
use crate::same_text;

pub(super) fn near_duplicates(texts: &Texts<'_>) -> Option<DataFinding> {
    let repeated = near_repeats(texts).0;
    if repeated.is_empty() {
        return None;
    }
    let matter = Matter::NearDuplicates {
        n_rows: repeated.len(),
        n_looked_at: texts.near.n_looked_at(),
        n_different: texts.near.n_different(),
    };
    let edits = vec![DataEdit::DropNearDuplicates];
    let fix = Fix::of_edits("Keep the first of each", edits);
    let lines = lines_of(texts.dataset, repeated);
    Some(DataFinding::new(matter, lines, Some(fix)))
}

/// Nobody but the person knows which label is right, so there is no fix.
pub(super) fn near_conflicts(texts: &Texts<'_>) -> Option<DataFinding> {
    let (_, repeated, contradicted) = near_repeats(texts);
    if repeated.is_empty() {
        return None;
    }
    let matter = Matter::NearConflicts {
        n_rows: repeated.len(),
    };
    let mut both = [repeated, contradicted].concat();
    both.sort_unstable();
    both.dedup();
    Some(DataFinding::new(
        matter,
        lines_of(texts.dataset, both),
        None,
    ))
}

pub(super) fn leaks(texts: &Texts<'_>) -> Option<DataFinding> {
    let rows = texts.dataset.examples.iter().zip(&texts.keys).enumerate();
    let rows: Vec<_> = rows
        .map(|(i, (example, key))| (i, *key, example.part))
        .collect();
    let leaks = same_text::leaks(&rows, texts.near);
    let matter = Matter::Leaks {
        n_equal: leaks.equal.len(),
        n_near: leaks.near.len(),
    };
    let leaked = [leaks.equal, leaks.near].concat();
    if leaked.is_empty() {
        return None;
    }
    let fix = Fix::of_edits("Leave these rows out", vec![DataEdit::DropLeaks]);
    let lines = lines_of(texts.dataset, leaked);
    Some(DataFinding::new(matter, lines, Some(fix)))
}

/// Rows that nearly repeat one with the same label, those that nearly repeat one with another, and the latter ones.
fn near_repeats(texts: &Texts<'_>) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let rows = texts.dataset.examples.iter().zip(&texts.keys).enumerate();
    let rows = rows.map(|(i, (example, key))| (i, *key, &example.label_ids));
    let found = same_text::near_repeats(rows, texts.near);
    (found.same_label, found.other_label, found.contradicted)
}
