//! The licence files of a package, and the standard texts for packages that have none.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, file_failure};

/// What the names of licence files begin with, in small letters.
const BEGINNINGS: [&str; 6] = [
    "license",
    "licence",
    "copying",
    "copyright",
    "notice",
    "unlicense",
];

/// Endings of files that are called so for another reason.
const OTHER_ENDINGS: [&str; 11] = [
    "c", "h", "html", "in", "js", "json", "py", "rs", "svg", "toml", "ts",
];

/// Folders inside packages that nothing is built from: packages of their own, and the D-Bus library, which is the
/// system's.
const NOT_BUILT: [&str; 2] = ["node_modules", "vendor/dbus"];

/// A text with fewer bytes names a licence or points to one, and is not the licence itself.
const SHORTEST_LICENCE: usize = 600;

/// Standard texts, by the name of the licence.
const STANDARD: [(&str, &str); 4] = [
    ("MIT", include_str!("../../licences/MIT.txt")),
    ("Apache-2.0", include_str!("../../../LICENSE-APACHE")),
    (
        "BSD-3-Clause",
        include_str!("../../licences/BSD-3-Clause.txt"),
    ),
    ("MPL-2.0", include_str!("../../licences/MPL-2.0.txt")),
];

/// The licences that there is a standard text for.
pub(super) const WITH_STANDARD_TEXT: [&str; 4] =
    [STANDARD[0].0, STANDARD[1].0, STANDARD[2].0, STANDARD[3].0];

/// The standard text of a licence. It names nobody, so its copyright line stands elsewhere.
pub(super) fn standard_text(licence: &str) -> Option<&'static str> {
    STANDARD
        .iter()
        .find(|(name, _)| *name == licence)
        .map(|(_, text)| *text)
}

/// Whether a text is a whole licence and not a word about one.
pub(super) fn is_whole(text: &str) -> bool {
    text.len() >= SHORTEST_LICENCE
}

/// The texts of the licence files in `folder` and below, and of the file that the package itself `named`.
pub(super) fn texts_in(folder: &Path, named: Option<&Path>) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    if let Some(named) = named.filter(|file| !is_licence_file(file)) {
        texts.push(read(&folder.join(named))?);
    }
    gather(folder, &mut texts)?;
    // Some packages have a path or a name in place of the file that was meant.
    texts.retain(|text| is_whole(text) || text.to_lowercase().contains("copyright"));
    Ok(texts)
}

/// Adds the texts of one folder, then those of the folders in it, each in the order of their names.
fn gather(folder: &Path, texts: &mut Vec<String>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| file_failure(folder, &error))?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(|error| file_failure(folder, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| file_failure(&entry.path(), &error))?;
        let path = entry.path();
        if kind.is_dir() {
            if !NOT_BUILT.iter().any(|folder| path.ends_with(folder)) {
                folders.push(path);
            }
        } else if kind.is_file() && is_licence_file(&path) {
            files.push(path);
        }
    }
    files.sort();
    folders.sort();
    for file in files {
        texts.push(read(&file)?);
    }
    folders.iter().try_for_each(|folder| gather(folder, texts))
}

fn read(file: &Path) -> Result<String, Failure> {
    let bytes = fs::read(file).map_err(|error| file_failure(file, &error))?;
    // A name in an old encoding is no reason to leave its owner out.
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Ok(text.trim_matches('\n').trim_end().to_owned())
}

fn is_licence_file(file: &Path) -> bool {
    let Some(name) = file.file_name() else {
        return false;
    };
    let name = name.to_string_lossy().to_lowercase();
    let is_called_so = BEGINNINGS
        .iter()
        .filter_map(|beginning| name.strip_prefix(beginning))
        .any(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.']));
    let is_other = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| OTHER_ENDINGS.contains(&ending));
    is_called_so && !is_other
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A package with these files, removed again at the end.
    struct Package(PathBuf);

    impl Package {
        fn new(name: &str, files: &[(&str, &str)]) -> Package {
            let folder = std::env::temp_dir().join(format!("embert-{name}-{}", std::process::id()));
            for (file, text) in files {
                let file = folder.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            Package(folder)
        }
    }

    impl Drop for Package {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn licence_files_are_told_by_their_names() {
        for name in [
            "LICENSE",
            "license-mit",
            "LICENCE.txt",
            "LICENSE.Apache-2.0",
            "LICENSE_APACHE-2.0",
            "COPYING",
            "COPYRIGHT",
            "NOTICE",
            "UNLICENSE",
        ] {
            assert!(is_licence_file(Path::new(name)), "{name}");
        }
        for name in ["license.rs", "licenses", "noticeboard.txt", "README.md"] {
            assert!(!is_licence_file(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn texts_come_from_the_package_and_the_folders_in_it() {
        let package = Package::new(
            "texts",
            &[
                ("LICENSE-MIT", "Copyright Ada\r\nline two\n\n"),
                ("README.md", "Copyright nobody"),
                ("src/spin/LICENSE", "Copyright Grace"),
                ("node_modules/other/LICENSE", "Copyright of another package"),
                (
                    "vendor/dbus/COPYING",
                    "Copyright of a library of the system",
                ),
            ],
        );
        let texts = texts_in(&package.0, None).unwrap();
        assert_eq!(texts, ["Copyright Ada\nline two", "Copyright Grace"]);
    }

    #[test]
    fn the_file_that_the_package_names_is_read_once() {
        let package = Package::new(
            "named",
            &[
                ("docs/terms.txt", "Copyright Ada"),
                ("LICENSE", "Copyright Grace"),
            ],
        );
        let named = texts_in(&package.0, Some(Path::new("docs/terms.txt"))).unwrap();
        assert_eq!(named, ["Copyright Ada", "Copyright Grace"]);
        let found_anyway = texts_in(&package.0, Some(Path::new("LICENSE"))).unwrap();
        assert_eq!(found_anyway, ["Copyright Grace"]);
    }

    #[test]
    fn a_path_in_place_of_a_licence_is_no_text() {
        let package = Package::new("pointer", &[("LICENSE", "../LICENSE")]);
        assert!(texts_in(&package.0, None).unwrap().is_empty());
    }

    #[test]
    fn standard_texts_are_whole_and_name_nobody() {
        for name in WITH_STANDARD_TEXT {
            let text = standard_text(name).unwrap();
            assert!(is_whole(text), "{name}");
            assert!(!text.contains("Copyright (c)"), "{name}");
        }
        assert_eq!(standard_text("GPL-3.0"), None);
    }
}
