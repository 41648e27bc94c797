//! `embert convert`: a file as it is read, as plain UTF-8 with commas and a header.

use std::path::Path;

use embert_engine::table::Table;

use crate::arguments::ConvertArguments;
use crate::failure::{Failure, Outcome};
use crate::output::{self, count};

/// Runs the command.
pub(crate) fn run(arguments: &ConvertArguments) -> Result<Outcome, Failure> {
    let table = Table::read_with(&arguments.file, &arguments.dialect.request())?;
    check_out(&arguments.file, &arguments.out)?;
    table.write_csv(&arguments.out)?;
    output::tell(&format!(
        "{} written to {}",
        count(table.rows.len(), "row"),
        arguments.out.display()
    ));
    tell_losses(&table);
    Ok(Outcome::Done)
}

/// Says which rows of a file are not as typed.
pub(crate) fn tell_losses(table: &Table) {
    for row in table.repaired.iter().take(3) {
        output::tell(&format!("line {}: {}", row.line, row.reason));
    }
    if !table.repaired.is_empty() {
        output::tell(&format!("{} repaired", count(table.repaired.len(), "row")));
    }
    for row in table.skipped.iter().take(3) {
        output::tell(&format!("line {}: {}", row.line, row.reason));
    }
    if !table.skipped.is_empty() {
        output::tell(&format!("{} left out", count(table.skipped.len(), "row")));
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
