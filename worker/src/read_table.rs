//! `embert read-table`, for `cargo xtask bench import`: reads a file into memory and says what that took.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use embert_engine::memory;
use embert_engine::table::Table;
use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::output;

/// Runs the command. The counts show that all rows are there, and are a part of the time.
pub(crate) fn run(file: &Path) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let table = Table::read(file)?;
    let (text, label) = (table.column("text")?, table.column("label")?);
    let cells = |column: usize| {
        let rows = table.rows.iter();
        rows.filter_map(move |row| row.cells.get(column))
    };
    let labels: HashSet<&str> = cells(label).map(String::as_str).collect();
    let characters: usize = cells(text).map(|text| text.chars().count()).sum();
    output::print_json(&json!({
        "rows": table.rows.len(),
        "labels": labels.len(),
        "characters": characters,
        "seconds": start.elapsed().as_secs_f64(),
        "peakMemoryBytes": memory::peak_bytes(),
    }))?;
    Ok(Outcome::Done)
}
