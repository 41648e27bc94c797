//! Files that are there as a whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use embert_engine::whole_file::{self, Readers, folder_of};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// Writes a file for the person alone. Missing folders are made.
///
/// # Errors
/// [`Fault::File`].
pub fn write(path: &Path, content: &[u8]) -> Result<(), Fault> {
    fs::create_dir_all(folder_of(path))
        .and_then(|()| whole_file::write(path, Readers::Owner, |file| file.write_all(content)))
        .map_err(Fault::file(path))
}

/// Copies a file for the person alone.
///
/// # Errors
/// [`Fault::File`].
pub fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    let mut source = fs::File::open(from).map_err(Fault::file(from))?;
    whole_file::write(to, Readers::Owner, |file| {
        io::copy(&mut source, file).map(drop)
    })
    .map_err(Fault::file(to))
}

/// Writes `value` as [`write()`] does.
///
/// # Errors
/// [`Fault::File`].
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Fault> {
    let text = serde_json::to_vec(value).map_err(|error| Fault::file(path)(error.into()))?;
    write(path, &text)
}

/// Reads what [`write_json`] wrote.
///
/// # Errors
/// [`Fault::File`] or [`Fault::Damaged`].
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Fault> {
    let text = fs::read(path).map_err(Fault::file(path))?;
    serde_json::from_slice(&text).map_err(|source| Fault::Damaged {
        path: path.to_path_buf(),
        source,
    })
}
