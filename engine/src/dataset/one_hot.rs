//! Labels in columns of their own: each says of every text whether it has the label.

use crate::table::Table;

/// What a cell of such a column says; `None` when it says something else.
pub(super) fn mark(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" => Some(true),
        "0" | "0.0" | "false" | "" => Some(false),
        _ => None,
    }
}

/// Tells whether a column holds nothing but marks, and at least one is set.
pub(super) fn is_marks(table: &Table, index: usize) -> bool {
    let mut has_any = false;
    let mut marks = table.rows.iter().map(|row| mark(&row.cells[index]));
    marks.all(|mark| {
        has_any |= mark == Some(true);
        mark.is_some()
    }) && has_any
}

/// Tells whether every row has exactly one of these columns set, as far as it has any cell filled.
pub(super) fn is_exclusive(table: &Table, columns: &[usize]) -> bool {
    table.rows.iter().all(|row| {
        let is_empty = columns
            .iter()
            .all(|index| row.cells[*index].trim().is_empty());
        let n_set = columns
            .iter()
            .filter(|index| mark(&row.cells[**index]) == Some(true))
            .count();
        is_empty || n_set == 1
    })
}
