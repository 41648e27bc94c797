//! A list of corrections as a file of its own: for a newer version of the data, another project or the command line.
//!
//! `{"format": "embert-edits", "version": 1, "edits": [{"kind": "renameLabel", "from": "a", "to": "b"}]}`, one correction
//! per line, so that a person can read the list and take one out.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::DataEdit;
use crate::whole_file::{self, Readers};

/// What the field `format` says.
const FORMAT: &str = "embert-edits";
/// The version that is written, and the only one so far.
const VERSION: u64 = 1;
/// A longer file is something else: this is a hundred thousand corrections.
const MOST_BYTES: u64 = 16 << 20;

/// Why a file is no list of corrections.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum EditFileError {
    /// It can't be read.
    #[error("The list of corrections {} can't be read", .path.display())]
    Unreadable {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What the system says.
        #[serde(skip)]
        source: io::Error,
    },
    /// It is too long to be one.
    #[error("The file {} has more than 16 MB, so it is not a list of corrections", .path.display())]
    TooLong {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// It is not JSON.
    #[error("Line {line} of {} is not valid JSON", .path.display())]
    NotJson {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What the JSON reader says.
        #[serde(skip)]
        source: serde_json::Error,
    },
    /// It is JSON of another kind.
    #[error("The file {} is JSON, but not a list of corrections", .path.display())]
    OtherJson {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// It was written by another version.
    #[error("The list of corrections {} has version {version}, but this Embert reads version {known}", .path.display())]
    Version {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What it says.
        version: u64,
        /// What can be read.
        known: u64,
    },
    /// One of its corrections is of an unknown kind, or lacks something.
    #[error("Correction {number} in {} {}", .path.display(), fault_of(.kind.as_deref()))]
    Edit {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Its place in the list, from 1.
        number: usize,
        /// Its kind; `None` when it names none.
        kind: Option<String>,
        /// What the JSON reader says.
        #[serde(skip)]
        source: serde_json::Error,
    },
}

fn fault_of(kind: Option<&str>) -> String {
    match kind {
        Some(kind) => format!("is of the kind \"{kind}\", but can't be read as one"),
        None => "does not say its kind".to_owned(),
    }
}

impl EditFileError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "editFile.unreadable",
            Self::TooLong { .. } => "editFile.tooLong",
            Self::NotJson { .. } => "editFile.notJson",
            Self::OtherJson { .. } => "editFile.otherJson",
            Self::Version { .. } => "editFile.version",
            Self::Edit { .. } => "editFile.edit",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreadable { .. } => "Check the spelling and that you may read it.",
            Self::TooLong { .. } | Self::OtherJson { .. } => {
                "Choose a file that was exported from the labels of a project."
            }
            Self::NotJson { .. } => {
                "Look at that line: a comma, a quotation mark or a bracket is missing or too much; or export the list again."
            }
            Self::Version { .. } => "Update Embert, or export the list again with this version.",
            Self::Edit { .. } => {
                "Correct it or take it out of the file; or update Embert, if a newer one wrote it."
            }
        };
        Some(hint.to_owned())
    }
}

/// Reads a list that [`write_list`] wrote.
///
/// # Errors
/// When the file can't be read, is not such a list, or has a correction that is not known.
pub fn read_list(path: &Path) -> Result<Vec<DataEdit>, EditFileError> {
    let unreadable = |source| EditFileError::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(EditFileError::TooLong {
            path: path.to_path_buf(),
        });
    }
    parse(&bytes, path)
}

fn parse(bytes: &[u8], path: &Path) -> Result<Vec<DataEdit>, EditFileError> {
    let path = || path.to_path_buf();
    // Some editors put a mark of the encoding before the text.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut document: Value =
        serde_json::from_slice(bytes).map_err(|source| EditFileError::NotJson {
            path: path(),
            line: source.line().max(1),
            source,
        })?;
    let has_format = document.get("format").and_then(Value::as_str) == Some(FORMAT);
    let version = document.get("version").and_then(Value::as_u64);
    let (true, Some(version)) = (has_format, version) else {
        return Err(EditFileError::OtherJson { path: path() });
    };
    if version != VERSION {
        return Err(EditFileError::Version {
            path: path(),
            version,
            known: VERSION,
        });
    }
    let Some(Value::Array(list)) = document.get_mut("edits").map(Value::take) else {
        return Err(EditFileError::OtherJson { path: path() });
    };
    let edit = |(i, value): (usize, Value)| {
        let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
        serde_json::from_value::<DataEdit>(value).map_err(|source| EditFileError::Edit {
            path: path(),
            number: i + 1,
            kind,
            source,
        })
    };
    list.into_iter().enumerate().map(edit).collect()
}

/// Writes a list of corrections. The file appears whole or not at all.
///
/// # Errors
/// When it can't be written.
pub fn write_list(path: &Path, edits: &[DataEdit]) -> io::Result<()> {
    let text = to_text(edits)?;
    whole_file::write(path, Readers::Usual, |file| file.write_all(text.as_bytes()))
}

fn to_text(edits: &[DataEdit]) -> Result<String, serde_json::Error> {
    let lines: Vec<String> = edits
        .iter()
        .map(|edit| Ok(format!("    {}", serde_json::to_string(edit)?)))
        .collect::<Result<_, serde_json::Error>>()?;
    let list = if lines.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{}\n  ]", lines.join(",\n"))
    };
    Ok(format!(
        "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},\n  \"edits\": {list}\n}}\n"
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// One of each kind.
    fn all_kinds() -> Vec<DataEdit> {
        let name = |text: &str| text.to_owned();
        vec![
            DataEdit::RenameLabel {
                from: name("a \"b\"\nc"),
                to: name("ü"),
            },
            DataEdit::MergeLabels {
                labels: vec![name("x"), name("y")],
                into: name("x"),
            },
            DataEdit::IgnoreLabel { label: name("z") },
            DataEdit::IgnoreRareLabels { fewer_than: 3 },
            DataEdit::MergeRareLabels {
                fewer_than: 10,
                into: name("other"),
            },
            DataEdit::RestoreLabel { label: name("z") },
            DataEdit::DropDuplicates,
            DataEdit::DropConflicts,
        ]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("edits.json");
        for edits in [all_kinds(), Vec::new()] {
            write_list(&path, &edits).unwrap();
            assert_eq!(read_list(&path).unwrap(), edits);
        }
    }

    #[test]
    fn a_person_can_read_it() {
        let edits = [
            DataEdit::DropDuplicates,
            DataEdit::MergeRareLabels {
                fewer_than: 10,
                into: "other".to_owned(),
            },
        ];
        assert_eq!(
            to_text(&edits).unwrap(),
            "{\n  \"format\": \"embert-edits\",\n  \"version\": 1,\n  \"edits\": [\n    \
             {\"kind\":\"dropDuplicates\"},\n    \
             {\"kind\":\"mergeRareLabels\",\"fewerThan\":10,\"into\":\"other\"}\n  ]\n}\n"
        );
    }

    #[test]
    fn a_mark_before_the_text_and_other_fields_do_no_harm() {
        let text = "\u{feff}{\"edits\": [], \"version\": 1, \"note\": \"mine\", \"format\": \"embert-edits\"}";
        assert!(parse(text.as_bytes(), Path::new("a")).unwrap().is_empty());
    }

    fn check(text: &[u8], code: &str, message: &str) {
        let error = parse(text, Path::new("edits.json")).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some_and(|hint| hint.ends_with('.')));
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        check(
            b"",
            "editFile.notJson",
            "Line 1 of edits.json is not valid JSON",
        );
        check(
            b"{\n\"edits\": [,\n",
            "editFile.notJson",
            "Line 2 of edits.json is not valid JSON",
        );
        check(
            b"text,label\na,b\n",
            "editFile.notJson",
            "Line 1 of edits.json is not valid JSON",
        );
        let other = "The file edits.json is JSON, but not a list of corrections";
        for text in [
            "[]",
            "7",
            "{\"version\": 1, \"edits\": []}",
            "{\"format\": \"embert-edits\", \"edits\": []}",
            "{\"format\": \"embert-edits\", \"version\": \"1\", \"edits\": []}",
            "{\"format\": \"embert-edits\", \"version\": 1, \"edits\": {}}",
            "{\"format\": \"embert-edits\", \"version\": 1}",
        ] {
            check(text.as_bytes(), "editFile.otherJson", other);
        }
        check(
            b"{\"format\": \"embert-edits\", \"version\": 2, \"edits\": \"packed\"}",
            "editFile.version",
            "The list of corrections edits.json has version 2, but this Embert reads version 1",
        );
    }

    #[test]
    fn a_correction_that_is_not_known_is_named() {
        let list = |edit: &str| {
            format!(
                "{{\"format\": \"embert-edits\", \"version\": 1, \"edits\": [{{\"kind\": \"dropDuplicates\"}}, {edit}]}}"
            )
        };
        for (edit, fault) in [
            (
                "{\"kind\": \"splitLabel\", \"label\": \"a\"}",
                "is of the kind \"splitLabel\", but can't be read as one",
            ),
            (
                "{\"kind\": \"renameLabel\", \"from\": \"a\"}",
                "is of the kind \"renameLabel\", but can't be read as one",
            ),
            (
                "{\"kind\": \"ignoreRareLabels\", \"fewerThan\": -1}",
                "is of the kind \"ignoreRareLabels\", but can't be read as one",
            ),
            ("{}", "does not say its kind"),
            ("null", "does not say its kind"),
        ] {
            let message = format!("Correction 2 in edits.json {fault}");
            check(list(edit).as_bytes(), "editFile.edit", &message);
        }
    }

    #[test]
    fn what_is_missing_or_too_long_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let missing = read_list(&folder.path().join("edits.json")).unwrap_err();
        assert_eq!(missing.code(), "editFile.unreadable");
        let long = folder.path().join("long.json");
        fs::write(&long, vec![b' '; MOST_BYTES as usize + 1]).unwrap();
        assert_eq!(read_list(&long).unwrap_err().code(), "editFile.tooLong");
    }
}
