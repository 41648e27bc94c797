//! `embert convert`: a file as it is read, as UTF-8 with commas and a header; with `--edits`, as it is corrected.
//!
//! What is written is read again as the same rows: it is read once to see that, and written in another form if not.

use std::collections::HashMap;
use std::path::Path;

use embert_engine::dataset::{self, Dataset, Example, LabelIds, LabelMap, Mapping, MappingRequest};
use embert_engine::table::{Format, Table, TableError};

use crate::arguments::ConvertArguments;
use crate::corrections::{Corrected, Corrections};
use crate::failure::{Failure, Outcome};
use crate::output::{self, count};

/// The column for lists of labels, where each label had a column.
const LABELS: &str = "labels";

/// Runs the command.
pub(crate) fn run(arguments: &ConvertArguments) -> Result<Outcome, Failure> {
    for file in &arguments.files {
        check_out(file, &arguments.out)?;
    }
    let corrections = Corrections::read(arguments.edits.as_deref())?;
    let mut table = Table::read_parts(&arguments.files, &arguments.dialect.request())?;
    if let Some(edits) = &arguments.edits {
        check_out(edits, &arguments.out)?;
    }
    let n_read = table.rows.len();
    let corrected = corrections
        .as_ref()
        .map(|corrections| correct(&mut table, corrections, &arguments.columns()))
        .transpose()?;
    table.write_faithful(&arguments.out)?;
    output::tell(&format!(
        "{} written to {}",
        count(table.rows.len(), "row"),
        arguments.out.display()
    ));
    tell_losses(&table);
    if let (Some(corrections), Some(corrected)) = (&corrections, &corrected) {
        for left_out in &corrected.left_out {
            output::tell(&corrections.sentence(left_out));
        }
        output::tell(&format!(
            "{} made; {} left out by them",
            count(corrected.n_made, "correction"),
            count(n_read - table.rows.len(), "row")
        ));
    }
    Ok(Outcome::Done)
}

/// Writes the corrected labels into the rows, and takes out the rows that the corrections leave out. A row without a
/// text or a label stays as it is, but where each label has a column of its own, one of lists takes their place.
fn correct(
    table: &mut Table,
    corrections: &Corrections,
    request: &MappingRequest,
) -> Result<Corrected, Failure> {
    let guessed = dataset::guess_mapping(table, request)?;
    for reason in &guessed.reasons {
        output::tell(&reason.to_string());
    }
    // The number of a row in place of its line leads from an example back to its row.
    for (i, row) in table.rows.iter_mut().enumerate() {
        row.line = i as u64;
    }
    let mapping = Mapping {
        split: None,
        ..guessed.mapping
    };
    let dataset = Dataset::from_table(table, &mapping)?;
    let corrected = corrections.make(&dataset);
    let label = label_column(table, &mapping)?;
    let after = &corrected.edited.dataset;
    let mut labels: HashMap<u64, Option<String>> = HashMap::new();
    labels.extend(dataset.examples.iter().map(|example| (example.line, None)));
    labels.extend(after.examples.iter().map(|example| {
        let label = label_cell(example, &after.labels);
        (example.line, Some(label))
    }));
    table.rows.retain_mut(|row| match labels.remove(&row.line) {
        Some(Some(cell)) => {
            row.cells[label] = cell;
            true
        }
        Some(None) => false,
        None => true,
    });
    Ok(corrected)
}

/// Position of the column that takes the labels. Where each label has a column of its own, one of lists replaces them:
/// corrections can merge labels and give them other names.
fn label_column(table: &mut Table, mapping: &Mapping) -> Result<usize, TableError> {
    if mapping.labels.is_empty() {
        return table.column(mapping.label.as_deref().unwrap_or_default());
    }
    let is_label = |name: &String| mapping.labels.contains(name);
    let kept: Vec<bool> = table.columns.iter().map(|name| !is_label(name)).collect();
    for cells in table.rows.iter_mut().map(|row| &mut row.cells) {
        let mut kept = kept.iter();
        cells.retain(|_| kept.next().copied().unwrap_or(true));
        cells.push(String::new());
    }
    table.columns.retain(|name| !is_label(name));
    let name = if table.columns.iter().any(|name| name == LABELS) {
        format!("{LABELS} (corrected)")
    } else {
        LABELS.to_owned()
    };
    table.columns.push(name);
    Ok(table.columns.len() - 1)
}

/// What a cell with the labels of an example says.
fn label_cell(example: &Example, labels: &LabelMap) -> String {
    match &example.label_ids {
        LabelIds::One(id) => labels.name(*id).to_owned(),
        LabelIds::Any(ids) => dataset::bracketed_cell(ids.iter().map(|id| labels.name(*id))),
    }
}

/// Says which rows of a file are not as typed.
pub(crate) fn tell_losses(table: &Table) {
    let format = &table.dialect.format;
    for row in table.repaired.iter().take(3) {
        output::tell(&format!("{}: {}", line_name(format, row.line), row.reason));
    }
    if !table.repaired.is_empty() {
        output::tell(&format!("{} repaired", count(table.repaired.len(), "row")));
    }
    for row in table.skipped.iter().take(3) {
        output::tell(&format!("{}: {}", line_name(format, row.line), row.reason));
    }
    if !table.skipped.is_empty() {
        output::tell(&format!("{} left out", count(table.skipped.len(), "row")));
    }
}

/// A line as a person finds it: of one of several files, it is the line in that file.
pub(crate) fn line_name(format: &Format, line: u64) -> String {
    match format.place_of(line) {
        (Some(file), line) => format!("line {line} of {file}"),
        (None, line) => format!("line {line}"),
    }
}

/// Checks that a result can be written to `out`: its folder is there, and it is not the file that was read.
pub(crate) fn check_out(file: &Path, out: &Path) -> Result<(), Failure> {
    if let (Ok(file), Ok(out_file)) = (file.canonicalize(), out.canonicalize())
        && file == out_file
    {
        return Err(Failure::OutIsInput {
            path: out.to_path_buf(),
        });
    }
    match out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => Err(Failure::NoOutFolder {
            folder: folder.to_path_buf(),
        }),
        _ => Ok(()),
    }
}
