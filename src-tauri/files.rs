//! JSON files that are there as a whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// Writes `value` under another name, flushes it and renames it.
///
/// # Errors
/// [`Fault::File`].
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".embert-")
            .tempfile_in(folder)?;
        serde_json::to_writer(&mut file, value)?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(Fault::file(path))
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
