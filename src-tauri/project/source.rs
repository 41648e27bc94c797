//! What a project keeps of the person's file: its bytes, the rows as read, and how they were read.
//!
//! `source` the bytes, so that the file can be read in another way when it is gone · `table.csv` the rows ·
//! `source.json` how they were read and which lines they come from. Of a folder of texts and of several files there are
//! no bytes.

use std::fs;
use std::path::{Path, PathBuf};

use embert_engine::table::{Dialect, DialectRequest, Format, RepairedRow, SkippedRow, Table};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::files::{copy, read_json, write_json};

/// How the rows were read from the person's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source {
    pub(super) dialect: Dialect,
    /// What was detected before the person said anything; older versions did not keep it.
    #[serde(default)]
    detected: Option<Dialect>,
    pub(super) repaired: Vec<RepairedRow>,
    pub(super) skipped: Vec<SkippedRow>,
    /// Line of each row.
    lines: Vec<u64>,
}

impl Source {
    /// How the file was read, or would be if the person had said nothing.
    pub(super) fn detected(&self) -> &Dialect {
        self.detected.as_ref().unwrap_or(&self.dialect)
    }

    fn of(table: &Table, detected: Dialect) -> Source {
        Source {
            dialect: table.dialect.clone(),
            detected: Some(detected),
            repaired: table.repaired.clone(),
            skipped: table.skipped.clone(),
            lines: table.rows.iter().map(|row| row.line).collect(),
        }
    }
}

/// What a project of these files is called: after the file, or after the folder that several parts are in.
pub(super) fn name_of(files: &[PathBuf]) -> String {
    let first = files.first().map_or(Path::new(""), PathBuf::as_path);
    let folder = first.parent().and_then(Path::file_name);
    let name = folder.filter(|_| files.len() > 1).or(first.file_stem());
    name.unwrap_or_default().to_string_lossy().into_owned()
}

/// Names of the files in the order of their rows.
pub(super) fn names_of(files: &[PathBuf], table: &Table) -> Vec<String> {
    if let Format::Parts { files } = &table.dialect.format {
        return files.iter().map(|file| file.name.clone()).collect();
    }
    let names = files.iter().filter_map(|file| file.file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// Keeps the bytes of a single file and the rows that were read. A folder of texts has nothing that its rows don't say,
/// and of several files each was read in its own way, which the person can't change.
pub(super) fn keep(folder: &Path, files: &[PathBuf], table: &Table) -> Result<Source, Fault> {
    if let [file] = files
        && !file.is_dir()
    {
        copy(file, &folder.join("source"))?;
    }
    keep_rows(folder, table, table.dialect.clone())
}

/// Keeps another file in place of the one before. `detected` is how it would be read if the person had said nothing.
pub(super) fn replace(
    folder: &Path,
    file: &Path,
    table: &Table,
    detected: Dialect,
) -> Result<Source, Fault> {
    let bytes = folder.join("source");
    if file.is_dir() {
        let source = keep_rows(folder, table, detected)?;
        // Those of the file before would be read in its place.
        if bytes.exists() {
            fs::remove_file(&bytes).map_err(Fault::file(&bytes))?;
        }
        return Ok(source);
    }
    // The bytes before stay until the rows are written, so that a full disk changes nothing.
    let new = folder.join("source.new");
    copy(file, &new)?;
    let kept = keep_rows(folder, table, detected).and_then(|source| {
        fs::rename(&new, &bytes).map_err(Fault::file(&bytes))?;
        Ok(source)
    });
    kept.inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}

fn keep_rows(folder: &Path, table: &Table, detected: Dialect) -> Result<Source, Fault> {
    let source = Source::of(table, detected);
    table.write_csv(&folder.join("table.csv"))?;
    write_json(&folder.join("source.json"), &source)?;
    Ok(source)
}

/// Whether the bytes were kept. Older versions did not, and of a folder and several files there are none.
pub(super) fn is_kept(folder: &Path) -> bool {
    folder.join("source").is_file()
}

/// Reads the bytes again as `request` says, and keeps the rows. `name` is what the person calls the file.
pub(super) fn read_again(
    folder: &Path,
    name: &str,
    request: &DialectRequest,
    before: &Source,
) -> Result<(Table, Source), Fault> {
    if !is_kept(folder) {
        return Err(Fault::NoCopy {
            file: name.to_owned(),
        });
    }
    let table = Table::read_with(&folder.join("source"), request)
        .map_err(|error| error.of_file(Path::new(name)))?;
    let source = keep_rows(folder, &table, before.detected().clone())?;
    Ok((table, source))
}

/// Reads the rows that were kept.
pub(super) fn open(folder: &Path) -> Result<(Table, Source), Fault> {
    let source: Source = read_json(&folder.join("source.json"))?;
    let mut table = Table::read_own(&folder.join("table.csv"))?;
    for (row, line) in table.rows.iter_mut().zip(&source.lines) {
        row.line = *line;
    }
    Ok((table, source))
}
