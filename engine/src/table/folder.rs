//! A folder with one sub-folder of text files per label → rows.
//!
//! Above the labels there may be a level that says train or test, as in the folders of many text collections.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};

use super::content::{Content, read_bounded};
use super::encoding::{self, Contents};
use super::row_fault::RowFault;
use super::watch::ReadWatch;
use super::{
    Dialect, Format, ROW_LIMIT_BYTES, RepairedRow, Row, SkippedRow, Table, TableError,
    UNPACKED_LIMIT_BYTES, unreadable,
};

/// Names of sub-folders and files that say what their texts are for. `dataset` knows what each means.
pub(super) const PART_NAMES: [&str; 9] = [
    "train",
    "training",
    "valid",
    "validation",
    "val",
    "dev",
    "eval",
    "test",
    "testing",
];

/// Endings of text files, beside none and those of digits alone.
const TEXT_ENDINGS: [&str; 4] = ["txt", "text", "md", "eml"];

/// The texts of a label.
struct LabelFolder {
    part: Option<String>,
    label: String,
    folder: PathBuf,
}

/// Reads all texts of a folder, each as a row. Their encoding is detected one by one unless one is `wanted`.
/// A reading that is cancelled ends at the next file.
pub(super) fn read(
    path: &Path,
    wanted: Option<&'static Encoding>,
    watch: &ReadWatch,
) -> Result<Table, TableError> {
    read_within(path, wanted, UNPACKED_LIMIT_BYTES, watch)
}

fn read_within(
    path: &Path,
    wanted: Option<&'static Encoding>,
    limit_bytes: u64,
    watch: &ReadWatch,
) -> Result<Table, TableError> {
    let mut texts = Texts::new(path, limit_bytes);
    let labels = label_folders(path, &mut texts)?;
    let has_parts = labels.iter().any(|label| label.part.is_some());
    for label in &labels {
        texts.add_label(label, wanted, watch)?;
    }
    if texts.rows.is_empty() {
        return Err(TableError::Folder {
            path: path.to_owned(),
        });
    }
    let mut columns = vec!["text".to_owned(), "label".to_owned()];
    columns.extend(has_parts.then(|| "split".to_owned()));
    Ok(Table {
        columns,
        rows: texts.rows,
        dialect: Dialect {
            format: Format::Folder {
                n_files: texts.n_files,
            },
            encoding: texts
                .encoding
                .unwrap_or(Some(UTF_8))
                .map(|found| found.name().to_owned()),
            has_header: true,
            ..Dialect::default()
        },
        repaired: texts.repaired,
        skipped: texts.skipped,
    })
}

fn label_folders(path: &Path, texts: &mut Texts<'_>) -> Result<Vec<LabelFolder>, TableError> {
    let label = |part: Option<&str>, folder: PathBuf| LabelFolder {
        part: part.map(str::to_owned),
        label: name_of(&folder),
        folder,
    };
    let top = sorted(path, |about| about.is_dir()).map_err(unreadable(path))?;
    let mut below = Vec::new();
    for folder in &top {
        let part = name_of(folder);
        if PART_NAMES.contains(&part.to_lowercase().as_str()) {
            let labels = texts.list(folder, |about| about.is_dir());
            below.extend(labels.into_iter().map(|folder| label(Some(&part), folder)));
        }
    }
    if below.is_empty() {
        return Ok(top.into_iter().map(|folder| label(None, folder)).collect());
    }
    Ok(below)
}

/// Lists what `is_wanted` in a folder, by name. What systems hide stays hidden.
fn sorted(folder: &Path, is_wanted: impl Fn(&fs::Metadata) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = name_of(&path).starts_with('.') || name_of(&path) == "__MACOSX";
        // A link that leads nowhere is no file.
        let is_wanted = fs::metadata(&path).is_ok_and(|about| is_wanted(&about));
        if is_wanted && !is_hidden {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn is_text_name(path: &Path) -> bool {
    let Some(ending) = path.extension().map(OsStr::to_string_lossy) else {
        return true;
    };
    TEXT_ENDINGS.contains(&ending.to_lowercase().as_str())
        || ending.bytes().all(|byte| byte.is_ascii_digit())
}

/// The texts so far.
struct Texts<'a> {
    /// The folder that everything is in.
    top: &'a Path,
    left_bytes: u64,
    rows: Vec<Row>,
    repaired: Vec<RepairedRow>,
    skipped: Vec<SkippedRow>,
    n_files: usize,
    /// The encoding of all files that have more than ASCII; `Some(None)` when they differ.
    encoding: Option<Option<&'static Encoding>>,
}

impl<'a> Texts<'a> {
    fn new(top: &'a Path, limit_bytes: u64) -> Texts<'a> {
        Texts {
            top,
            left_bytes: limit_bytes,
            rows: Vec::new(),
            repaired: Vec::new(),
            skipped: Vec::new(),
            n_files: 0,
            encoding: None,
        }
    }

    /// Lists what `is_wanted` in a sub-folder. One that can't be read is skipped like a file.
    fn list(&mut self, folder: &Path, is_wanted: impl Fn(&fs::Metadata) -> bool) -> Vec<PathBuf> {
        sorted(folder, is_wanted).unwrap_or_else(|_| {
            let file = self.name(folder);
            self.skip(self.n_files as u64 + 1, RowFault::UnreadableFile { file });
            Vec::new()
        })
    }

    /// Reads the texts of a label.
    fn add_label(
        &mut self,
        label: &LabelFolder,
        wanted: Option<&'static Encoding>,
        watch: &ReadWatch,
    ) -> Result<(), TableError> {
        for file in self.list(&label.folder, |about| about.is_file()) {
            if watch.is_cancelled() {
                break;
            }
            if is_text_name(&file) {
                self.add(&file, label, wanted)?;
            }
        }
        Ok(())
    }

    /// Reads a file. Its line is its place among the files.
    fn add(
        &mut self,
        file: &Path,
        label: &LabelFolder,
        wanted: Option<&'static Encoding>,
    ) -> Result<(), TableError> {
        self.n_files += 1;
        let line = self.n_files as u64;
        let name = self.name(file);
        let fault = match read_text(file, wanted) {
            Ok(Text::Read {
                text,
                encoding,
                is_broken,
            }) => {
                self.take(text.len())?;
                self.note_encoding(&text, encoding);
                if is_broken {
                    self.note_broken(line, name, encoding);
                }
                let mut cells = vec![text, label.label.clone()];
                cells.extend(label.part.clone());
                self.rows.push(Row { line, cells });
                return Ok(());
            }
            Ok(Text::TooLong) => RowFault::FileTooLong { file: name },
            Ok(Text::Other) => RowFault::NoTextFile { file: name },
            Err(_) => RowFault::UnreadableFile { file: name },
        };
        self.skip(line, fault);
        Ok(())
    }

    /// Counts a text.
    fn take(&mut self, n_bytes: usize) -> Result<(), TableError> {
        let left_bytes = self.left_bytes.checked_sub(n_bytes as u64);
        self.left_bytes = left_bytes.ok_or_else(|| TableError::FolderTooLarge {
            path: self.top.to_owned(),
        })?;
        Ok(())
    }

    /// A file or folder as it is found from the top.
    fn name(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.top).unwrap_or(path);
        path.display().to_string()
    }

    fn skip(&mut self, line: u64, fault: RowFault) {
        self.skipped.push(SkippedRow {
            line,
            reason: fault.to_string(),
            faults: vec![fault],
        });
    }

    fn note_encoding(&mut self, text: &str, encoding: &'static Encoding) {
        if text.is_ascii() {
            return;
        }
        let so_far = self.encoding.get_or_insert(Some(encoding));
        if *so_far != Some(encoding) {
            *so_far = None;
        }
    }

    fn note_broken(&mut self, line: u64, file: String, encoding: &'static Encoding) {
        let fault = RowFault::BrokenFile {
            file,
            encoding: encoding.name().to_owned(),
        };
        self.repaired.push(RepairedRow {
            line,
            reason: fault.to_string(),
            faults: vec![fault],
        });
    }
}

/// What a file says.
enum Text {
    Read {
        text: String,
        encoding: &'static Encoding,
        is_broken: bool,
    },
    TooLong,
    Other,
}

fn read_text(file: &Path, wanted: Option<&'static Encoding>) -> io::Result<Text> {
    let mut content = Content::File(File::open(file)?);
    let encoding = match (encoding::detect(&mut content)?, wanted) {
        (Contents::Nothing, _) => UTF_8,
        (Contents::Other(_), _) | (Contents::Unclear, None) => return Ok(Text::Other),
        (Contents::Text(..) | Contents::Unclear, Some(wanted)) => wanted,
        (Contents::Text(detected, _), None) => detected,
    };
    let Some(bytes) = read_bounded(content, ROW_LIMIT_BYTES as u64)? else {
        return Ok(Text::TooLong);
    };
    let (text, is_broken) = encoding.decode_with_bom_removal(&bytes);
    Ok(Text::Read {
        text: text.trim_end_matches(['\r', '\n']).to_owned(),
        encoding,
        is_broken,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::{check, folder_of};
    use super::*;

    fn watch() -> ReadWatch {
        ReadWatch::default()
    }

    #[test]
    fn a_folder_per_label_becomes_rows() {
        let folder = folder_of(&[
            ("good/2.txt", "schöne Grüße\n".as_bytes()),
            ("good/1.txt", b"fine,\r\nreally\r\n"),
            ("bad/a.md", b"sch\xF6ne Gr\xFC\xDFe an alle"),
            ("bad/5120", b"no ending"),
            ("bad/5121.3", b""),
            ("bad/b.csv", b"a,b\n"),
            ("bad/.hidden.txt", b"x"),
            ("__MACOSX/x.txt", b"x"),
            (".git/x.txt", b"x"),
            ("README.txt", b"what it is"),
        ]);
        let table = Table::read(folder.path()).unwrap();
        check(
            &table,
            "text|label",
            &[
                "no ending|bad",
                "|bad",
                "schöne Grüße an alle|bad",
                "fine,\r\nreally|good",
                "schöne Grüße|good",
            ],
        );
        assert_eq!(table.rows[4].line, 5);
        assert_eq!(table.dialect.format, Format::Folder { n_files: 5 });
        assert_eq!(table.dialect.encoding, None, "they differ");
    }

    #[test]
    fn train_and_test_above_the_labels_become_a_column() {
        let folder = folder_of(&[
            ("train/pos/1.txt", b"one"),
            ("train/neg/1.txt", b"two"),
            ("Test/pos/1.txt", b"three"),
            ("imdb.vocab", b"x"),
        ]);
        let table = Table::read(folder.path()).unwrap();
        check(
            &table,
            "text|label|split",
            &["three|pos|Test", "two|neg|train", "one|pos|train"],
        );
        assert_eq!(table.dialect.encoding.as_deref(), Some("UTF-8"));
    }

    #[test]
    fn labels_may_be_called_train_and_test() {
        let folder = folder_of(&[("train/1.txt", b"one"), ("test/1.txt", b"two")]);
        let table = Table::read(folder.path()).unwrap();
        check(&table, "text|label", &["two|test", "one|train"]);
    }

    #[test]
    fn files_that_are_no_text_are_listed() {
        let long = vec![b'x'; ROW_LIMIT_BYTES + 1];
        let folder = folder_of(&[
            ("a/1.txt", b"one"),
            ("a/2.txt", b"\x89PNG\r\n"),
            ("b/3.txt", &long),
        ]);
        let table = Table::read(folder.path()).unwrap();
        check(&table, "text|label", &["one|a"]);
        let files: Vec<&RowFault> = table.skipped.iter().map(|row| &row.faults[0]).collect();
        let file = |label: &str, name: &str| Path::new(label).join(name).display().to_string();
        assert_eq!(
            files,
            [
                &RowFault::NoTextFile {
                    file: file("a", "2.txt")
                },
                &RowFault::FileTooLong {
                    file: file("b", "3.txt")
                }
            ]
        );
        assert_eq!((table.skipped[0].line, table.skipped[1].line), (2, 3));
    }

    #[test]
    fn another_folder_is_no_table() {
        for files in [
            &[][..],
            &[("a.csv", &b"text,label\n"[..])],
            &[("a/b.csv", b"text,label\n"), ("a/b/c.txt", b"x")],
        ] {
            let folder = folder_of(files);
            let error = Table::read(folder.path()).unwrap_err();
            assert_eq!(error.code(), "table.folder");
            assert!(error.to_string().contains("is a folder"));
            assert!(error.hint().unwrap().contains("for each label"));
        }
    }

    #[test]
    fn an_encoding_that_was_named_is_used() {
        let folder = folder_of(&[("a/1.txt", b"\xE4"), ("b/1.txt", b"\xE4")]);
        let table = read(folder.path(), Some(encoding_rs::WINDOWS_1251), &watch()).unwrap();
        assert_eq!(table.rows[0].cells[0], "д");
        assert_eq!(table.dialect.encoding.as_deref(), Some("windows-1251"));
        let broken = read(folder.path(), Some(UTF_8), &watch()).unwrap();
        assert_eq!(broken.repaired.len(), 2);
        assert_eq!(
            broken.repaired[0].faults,
            [RowFault::BrokenFile {
                file: Path::new("a").join("1.txt").display().to_string(),
                encoding: "UTF-8".to_owned()
            }]
        );
    }

    #[test]
    fn all_texts_together_have_a_limit() {
        let folder = folder_of(&[("a/1.txt", b"12345"), ("b/1.txt", b"67890")]);
        assert_eq!(
            read_within(folder.path(), None, 10, &watch())
                .unwrap()
                .rows
                .len(),
            2
        );
        let error = read_within(folder.path(), None, 9, &watch()).unwrap_err();
        assert_eq!(error.code(), "table.folderTooLarge");
        assert!(error.to_string().contains("more than 1024 MB together"));
        assert!(error.hint().unwrap().contains("fewer texts"));
    }

    #[test]
    fn what_is_gone_or_closed_is_listed_and_the_rest_is_read() {
        let folder = folder_of(&[("a/1.txt", b"one")]);
        let label = |name: &str| LabelFolder {
            part: None,
            label: name.to_owned(),
            folder: folder.path().join(name),
        };
        let mut texts = Texts::new(folder.path(), 100);
        texts.add_label(&label("gone"), None, &watch()).unwrap();
        let gone = folder.path().join("a").join("0.txt");
        texts.add(&gone, &label("a"), None).unwrap();
        texts.add_label(&label("a"), None, &watch()).unwrap();
        assert_eq!(texts.rows.len(), 1);
        let reasons: Vec<&str> = texts
            .skipped
            .iter()
            .map(|row| row.reason.as_str())
            .collect();
        let file = Path::new("a").join("0.txt").display().to_string();
        assert_eq!(
            reasons,
            [
                "gone can't be read",
                format!("{file} can't be read").as_str()
            ]
        );
    }
}
