//! Files packed by gzip or ZIP → the one table in them.
//!
//! Everything is unpacked into memory and counted on the way, because the sizes that an archive declares may lie.

use std::io::{self, BufReader, Cursor};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::content::{Content, Kind, read_bounded};
use super::{Archive, TableError, UNPACKED_LIMIT_BYTES};

const GZIP: &str = "a gzip archive";
const ZIP: &str = "a ZIP archive or an Excel or OpenDocument file";

/// Endings of files that are tables beyond doubt. A text file beside one of them is a description.
const TABLE_ENDINGS: [&str; 12] = [
    "csv", "tsv", "tab", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet",
];

/// What was in an archive.
pub(super) struct Unpacked {
    pub(super) content: Content,
    /// What to call it.
    pub(super) path: PathBuf,
    pub(super) archive: Archive,
}

/// Unpacks an archive; `None` when it is none.
pub(super) fn unpack(
    content: &mut Content,
    kind: Kind,
    path: &Path,
) -> Result<Option<Unpacked>, TableError> {
    let (bytes, file) = match kind {
        Kind::Gzip => (gunzip(content, path, UNPACKED_LIMIT_BYTES)?, None),
        Kind::Zip => {
            let (bytes, name) = unzip(content, path, UNPACKED_LIMIT_BYTES)?;
            (bytes, Some(name))
        }
        Kind::Workbook(_) | Kind::Document(_) | Kind::Parquet | Kind::Other => return Ok(None),
    };
    Ok(Some(Unpacked {
        content: Content::Memory(Cursor::new(bytes.into())),
        path: file
            .as_ref()
            .map_or_else(|| path.to_owned(), |name| path.join(name)),
        archive: file.map_or(Archive::Gzip, |file| Archive::Zip { file }),
    }))
}

fn gunzip(content: &mut Content, path: &Path, limit_bytes: u64) -> Result<Vec<u8>, TableError> {
    let decoder = MultiGzDecoder::new(content);
    read_bounded(decoder, limit_bytes)
        .map_err(|error| damaged(path, GZIP, error))?
        .ok_or_else(|| too_large(path))
}

fn unzip(
    content: &mut Content,
    path: &Path,
    limit_bytes: u64,
) -> Result<(Vec<u8>, String), TableError> {
    let mut archive =
        ZipArchive::new(BufReader::new(content)).map_err(|error| zip_fault(path, error))?;
    let names: Vec<(usize, String)> = (0..archive.len())
        .filter_map(|i| Some((i, archive.name_for_index(i)?.ok()?.into_owned())))
        .filter(|(_, name)| is_visible_file(name))
        .collect();
    let (index, name) = only_table(names, path)?;
    let file = archive
        .by_index(index)
        .map_err(|error| zip_fault(path, error))?;
    let bytes = read_bounded(file, limit_bytes)
        .map_err(|error| damaged(path, ZIP, error))?
        .ok_or_else(|| too_large(path))?;
    Ok((bytes, name))
}

/// Checks that the parts of a workbook don't unpack to more than is read, and that it has as many texts as it says: its
/// reader takes that number at its word and asks for the memory.
pub(super) fn check_size(
    content: &mut Content,
    path: &Path,
    limit_bytes: u64,
) -> Result<(), TableError> {
    let mut archive =
        ZipArchive::new(BufReader::new(content)).map_err(|error| zip_fault(path, error))?;
    let mut left_bytes = limit_bytes;
    for i in 0..archive.len() {
        // What can't be unpacked is told by the reader, if it needs it.
        let Ok(part) = archive.by_index(i) else {
            continue;
        };
        let is_texts = part.name().is_ok_and(|name| {
            let name = name.to_lowercase();
            name.ends_with("sharedstrings.xml")
        });
        let n_bytes = if is_texts {
            let Ok(bytes) = read_bounded(part, left_bytes) else {
                continue;
            };
            let bytes = bytes.ok_or_else(|| too_large(path))?;
            if !has_as_many_texts_as_it_says(&bytes) {
                let fault = io::Error::other("it has fewer texts than it says");
                return Err(damaged(path, ZIP, fault));
            }
            bytes.len() as u64
        } else {
            let mut part = io::Read::take(part, left_bytes.saturating_add(1));
            io::copy(&mut part, &mut io::sink()).unwrap_or(0)
        };
        left_bytes = left_bytes
            .checked_sub(n_bytes)
            .ok_or_else(|| too_large(path))?;
    }
    Ok(())
}

/// Each text takes several bytes, so a number that is larger than the part itself is wrong.
fn has_as_many_texts_as_it_says(xml: &[u8]) -> bool {
    const COUNT: &[u8] = b"uniqueCount";
    let places = xml.windows(COUNT.len()).enumerate();
    places
        .filter(|(_, window)| *window == COUNT)
        .all(|(at, _)| {
            let digits: String = xml[at + COUNT.len()..]
                .iter()
                .map(|byte| char::from(*byte))
                .skip_while(|c| c.is_ascii_whitespace() || "=\"'".contains(*c))
                .take_while(char::is_ascii_digit)
                .collect();
            digits.is_empty() || digits.parse().is_ok_and(|n: usize| n <= xml.len())
        })
}

/// Leaves out folders, and what systems put beside a person's files.
fn is_visible_file(name: &str) -> bool {
    !name.ends_with(['/', '\\'])
        && name
            .split(['/', '\\'])
            .all(|part| !part.starts_with('.') && part != "__MACOSX")
}

/// Returns the only file, or the only one that is a table by its ending, or the only text.
fn only_table(mut files: Vec<(usize, String)>, path: &Path) -> Result<(usize, String), TableError> {
    let ending = |name: &str| {
        Path::new(name)
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
            .unwrap_or_default()
    };
    if files.len() != 1 {
        let is_table = |name: &str| TABLE_ENDINGS.contains(&ending(name).as_str());
        let wanted: fn(&str) -> bool = if files.iter().any(|(_, name)| is_table(name)) {
            |name| TABLE_ENDINGS.contains(&name)
        } else {
            |name| name == "txt"
        };
        let (tables, others) = files
            .into_iter()
            .partition(|(_, name)| wanted(&ending(name)));
        files = tables;
        if files.is_empty() {
            return Err(TableError::NoTableInArchive {
                path: path.to_owned(),
                files: names_of(others),
            });
        }
    }
    match files.pop() {
        Some(file) if files.is_empty() => Ok(file),
        last => {
            files.extend(last);
            Err(TableError::SeveralTables {
                path: path.to_owned(),
                files: names_of(files),
            })
        }
    }
}

fn names_of(files: Vec<(usize, String)>) -> Vec<String> {
    files.into_iter().map(|(_, name)| name).collect()
}

pub(super) fn too_large(path: &Path) -> TableError {
    TableError::UnpackedTooLarge {
        path: path.to_owned(),
    }
}

fn damaged(path: &Path, kind: &'static str, source: io::Error) -> TableError {
    TableError::Damaged {
        path: path.to_owned(),
        kind,
        source: source.into(),
    }
}

pub(super) fn zip_fault(path: &Path, fault: ZipError) -> TableError {
    let path = path.to_owned();
    match fault {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => TableError::Encrypted { path },
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            TableError::Binary {
                path,
                kind: "a ZIP archive that is packed in an unusual way",
            }
        }
        ZipError::Io(source) => TableError::Damaged {
            path,
            kind: ZIP,
            source: source.into(),
        },
        fault => TableError::Damaged {
            path,
            kind: ZIP,
            source: fault.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::{
        check, check_error, gz_of, read, text_rows, write, xlsx, zip_of,
    };
    use super::super::{Format, Table};
    use super::*;

    const CSV: &[u8] = b"text,label\none,a\ntwo,b\n";

    #[test]
    fn a_packed_table_is_read_as_if_it_were_not() {
        let json =
            b"{\"text\": \"one\", \"label\": \"a\"}\n{\"text\": \"two\", \"label\": \"b\"}\n";
        let sheet = text_rows(&[&["text", "label"], &["one", "a"], &["two", "b"]]);
        for bytes in [CSV, json, &xlsx(&[("S", &sheet)])] {
            let plain = read(bytes).unwrap();
            check(&plain, "text|label", &["one|a", "two|b"]);
            let gz = read(&gz_of(bytes)).unwrap();
            check(&gz, "text|label", &["one|a", "two|b"]);
            assert_eq!(gz.dialect.archive, Some(Archive::Gzip));
            assert_eq!(gz.dialect.format, plain.dialect.format);
            let zip = read(&zip_of(&[("in/a.csv", bytes)])).unwrap();
            check(&zip, "text|label", &["one|a", "two|b"]);
            let file = "in/a.csv".to_owned();
            assert_eq!(zip.dialect.archive, Some(Archive::Zip { file }));
        }
    }

    #[test]
    fn two_gzip_files_in_a_row_are_one() {
        let bytes = [gz_of(b"text,label\none,a\n"), gz_of(b"two,b\n")].concat();
        check(&read(&bytes).unwrap(), "text|label", &["one|a", "two|b"]);
    }

    #[test]
    fn the_table_among_other_files_is_found() {
        let found = |files: &[(&str, &[u8])]| read(&zip_of(files)).unwrap().dialect.archive;
        let named = |file: &str| {
            let file = file.to_owned();
            Some(Archive::Zip { file })
        };
        let others: [(&str, &[u8]); 4] = [
            ("README.txt", b"what it is"),
            ("__MACOSX/._a.csv", b"noise"),
            (".DS_Store", b"noise"),
            ("picture.png", b"\x89PNG"),
        ];
        let with = |name| [&others[..], &[(name, CSV)]].concat();
        assert_eq!(found(&with("data/A.CSV")), named("data/A.CSV"));
        assert_eq!(found(&[("a.unknown", CSV)]), named("a.unknown"));
        assert_eq!(found(&[("a.txt", CSV), ("a.png", b"")]), named("a.txt"));
    }

    #[test]
    fn an_archive_with_several_tables_or_none_lists_them() {
        let several = read(&zip_of(&[("a.csv", CSV), ("b.xlsx", CSV), ("c.txt", CSV)]));
        let message = "has 2 tables in it: \"a.csv\", \"b.xlsx\"";
        check_error(&several.unwrap_err(), "table.severalTables", message);
        let none = read(&zip_of(&[("a.png", b""), ("b.pdf", b"")]));
        let message = "no table in it, only \"a.png\", \"b.pdf\"";
        check_error(&none.unwrap_err(), "table.noTableInArchive", message);
        let names: Vec<String> = (0..20).map(|i| format!("{i}.csv")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), CSV)).collect();
        let error = read(&zip_of(&many)).unwrap_err();
        check_error(&error, "table.severalTables", "\"7.csv\" and 12 more");
    }

    #[test]
    fn faults_name_the_file_in_the_archive() {
        let error = read(&zip_of(&[("in/a.csv", b"")])).unwrap_err();
        check_error(&error, "table.empty", "a.csv");
        let error = read(&zip_of(&[("a.zip", &zip_of(&[("a.csv", CSV)]))])).unwrap_err();
        check_error(&error, "table.binary", "an archive within an archive");
    }

    #[test]
    fn a_cut_archive_is_damaged() {
        let rows: String = (0..5000).map(|i| format!("text {i},{}\n", i % 7)).collect();
        let gz = gz_of(format!("text,label\n{rows}").as_bytes());
        let error = read(&gz[..gz.len() / 2]).unwrap_err();
        check_error(&error, "table.damaged", "a gzip archive");
        assert!(std::error::Error::source(&error).is_some());
        let zip = zip_of(&[("a.csv", rows.as_bytes())]);
        let error = read(&zip[..zip.len() / 2]).unwrap_err();
        check_error(&error, "table.damaged", "a ZIP archive");
        let mut bad_sum = gz;
        let at = bad_sum.len() - 6;
        bad_sum[at] ^= 0xFF;
        check_error(&read(&bad_sum).unwrap_err(), "table.damaged", "gzip");
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        const LIMIT_BYTES: u64 = 100_000;
        let zeros = vec![b'0'; 5_000_000];
        let (_folder, path) = write("file.dat", &gz_of(&zeros));
        let open = |path: &Path| Content::File(std::fs::File::open(path).unwrap());
        let error = gunzip(&mut open(&path), &path, LIMIT_BYTES).unwrap_err();
        check_error(&error, "table.unpackedTooLarge", "more than 1024 MB");
        let (_folder, path) = write("file.dat", &zip_of(&[("a.csv", &zeros)]));
        let error = unzip(&mut open(&path), &path, LIMIT_BYTES).unwrap_err();
        check_error(&error, "table.unpackedTooLarge", "more than 1024 MB");
        let book = xlsx(&[("S", &String::from_utf8(zeros).unwrap())]);
        let (_folder, path) = write("file.dat", &book);
        let error = check_size(&mut open(&path), &path, LIMIT_BYTES).unwrap_err();
        check_error(&error, "table.unpackedTooLarge", "more than 1024 MB");
        check_size(&mut open(&path), &path, 10_000_000).unwrap();
    }

    #[test]
    fn a_workbook_that_says_too_many_texts_is_damaged() {
        let with = |n| {
            let texts = format!("<sst count=\"1\" uniqueCount=\"{n}\"><si><t>one</t></si></sst>");
            let bytes = zip_of(&[
                ("xl/workbook.xml", b"<x/>"),
                ("xl/sharedStrings.xml", texts.as_bytes()),
            ]);
            let (_folder, path) = write("file.dat", &bytes);
            let mut content = Content::File(std::fs::File::open(&path).unwrap());
            check_size(&mut content, &path, UNPACKED_LIMIT_BYTES)
        };
        with("1").unwrap();
        for n in ["99999999999", "99999999999999999999999999"] {
            check_error(&with(n).unwrap_err(), "table.damaged", "Excel");
        }
    }

    #[test]
    fn an_archive_of_another_program_is_no_workbook() {
        let bytes = zip_of(&[
            ("[Content_Types].xml", b"<x/>"),
            ("word/document.xml", b"<x/>"),
        ]);
        let error = read(&bytes).unwrap_err();
        check_error(&error, "table.binary", "a document of an Office program");
    }

    #[test]
    fn a_table_in_a_document_is_not_taken_for_the_document() {
        let chart = xlsx(&[("S", &text_rows(&[&["text", "label"], &["one", "a"]]))]);
        let slides = zip_of(&[
            ("[Content_Types].xml", b"<x/>"),
            ("ppt/presentation.xml", b"<x/>"),
            ("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", &chart),
        ]);
        let letter = zip_of(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", b"<x/>"),
            ("Object 1/data.csv", CSV),
        ]);
        for bytes in [&slides, &letter, &gz_of(&slides)] {
            let error = read(bytes).unwrap_err();
            check_error(&error, "table.binary", "a document of an Office program");
        }
        let book = zip_of(&[("mimetype", b"application/epub+zip"), ("a.csv", CSV)]);
        let error = read(&book).unwrap_err();
        check_error(&error, "table.binary", "an e-book or another document");
        // A file of that name says nothing else.
        let table = read(&zip_of(&[("mimetype", b"my notes"), ("a.csv", CSV)])).unwrap();
        check(&table, "text|label", &["one|a", "two|b"]);
    }

    #[test]
    fn what_was_unpacked_keeps_its_format() {
        let table: Table = read(&gz_of(b"{\"a\": \"1\"}\n{\"a\": \"2\"}\n")).unwrap();
        assert_eq!(table.dialect.format, Format::JsonLines);
    }
}
