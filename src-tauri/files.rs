//! Files that are there as a whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// Writes a file under another name, flushes it and renames it. Missing folders are made.
///
/// # Errors
/// [`Fault::File`].
pub fn write(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let save = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".embert-")
            .tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    save().map_err(Fault::file(path))
}

/// Copies a file as [`write()`] does.
///
/// # Errors
/// [`Fault::File`].
pub fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let mut source = fs::File::open(from).map_err(Fault::file(from))?;
    let mut save = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".embert-")
            .tempfile_in(folder)?;
        std::io::copy(&mut source, &mut file)?;
        file.as_file().sync_all()?;
        file.persist(to)?;
        Ok(())
    };
    save().map_err(Fault::file(to))
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
