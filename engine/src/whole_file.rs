//! Files that are there as a whole or not at all: written aside in the same folder, flushed to the disk, renamed.

use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Beginning of the name of a file that is being written.
pub(crate) const PREFIX: &str = ".embert-";
const SUFFIX: &str = ".tmp";

/// Who may read a file on a computer with several people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Those who may read the person's other files: for what the person asked to have written.
    Usual,
    /// The person alone: for what the app keeps.
    Owner,
}

/// Writes a file with `fill`; until that returned without an error, what is at `path` stays as it is. Its folder must
/// be there.
///
/// # Errors
/// Those of `fill`, and when the file can't be made, flushed or renamed.
pub fn write(
    path: &Path,
    readers: Readers,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    if readers == Readers::Usual {
        use std::os::unix::fs::PermissionsExt;
        // The system takes away what the person's mask says.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(folder)?;
    let mut writer = BufWriter::new(&mut file);
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The folder that `path` is in.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_breaks_off_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write(&path, Readers::Usual, |file| file.write_all(b"first")).unwrap();
        let broken = write(&path, Readers::Usual, |file| {
            file.write_all(b"second")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(broken.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn others_read_what_the_person_asked_for_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode_of = |readers| {
            let path = folder.path().join("a.txt");
            write(&path, readers, |file| file.write_all(b"x")).unwrap();
            fs::metadata(&path).unwrap().permissions().mode() & 0o777
        };
        let plain = folder.path().join("plain.txt");
        fs::write(&plain, "x").unwrap();
        let usual = fs::metadata(&plain).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode_of(Readers::Usual), usual);
        assert_eq!(mode_of(Readers::Owner), 0o600);
    }
}
