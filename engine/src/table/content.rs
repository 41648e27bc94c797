//! The bytes of a file, on the disk or unpacked into memory, and what they are.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use bytes::Bytes;
use encoding_rs::Encoding;
use zip::ZipArchive;

use super::watch::Watched;
use super::{TableError, WorkbookType};

/// Bytes at the start of a text that decide how it is read.
const SAMPLE_BYTES: usize = 256 * 1024;

const OFFICE_DOCUMENT: &str = "a document of an Office program";

const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// What a file holds.
pub(super) enum Content {
    /// A file as it is.
    File(File),
    /// A file whose reader is watched.
    Watched(Watched),
    /// What was in an archive.
    Memory(Cursor<Bytes>),
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Workbook(WorkbookType),
    /// A ZIP archive that is a document, with its article. Tables in it are only parts of it, such as the numbers of a
    /// chart.
    Document(&'static str),
    Parquet,
    Gzip,
    Zip,
    /// Text, or a format that is not read.
    Other,
}

/// The beginning of a text.
pub(super) struct Sample {
    pub(super) text: String,
    /// Whether that is all of it.
    pub(super) is_whole: bool,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Content::File(file) => file.read(buffer),
            Content::Watched(file) => file.read(buffer),
            Content::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Content::File(file) => file.seek(to),
            Content::Watched(file) => file.seek(to),
            Content::Memory(bytes) => bytes.seek(to),
        }
    }
}

impl Content {
    /// Finds out what it is, and leaves it at its start.
    pub(super) fn kind(&mut self) -> io::Result<Kind> {
        let mut head = Vec::new();
        self.rewind()?;
        self.by_ref().take(8).read_to_end(&mut head)?;
        let kind = if head.starts_with(b"PK\x03\x04") {
            self.kind_of_zip()
        } else if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            Kind::Workbook(WorkbookType::Xls)
        } else if head.starts_with(b"\x1F\x8B") {
            Kind::Gzip
        } else if head.starts_with(b"PAR1") {
            Kind::Parquet
        } else {
            Kind::Other
        };
        self.rewind()?;
        Ok(kind)
    }

    /// Workbooks and documents are ZIP archives too; the names in them tell. A damaged one is told by whoever reads it.
    fn kind_of_zip(&mut self) -> Kind {
        let Ok(mut archive) = ZipArchive::new(BufReader::new(self)) else {
            return Kind::Zip;
        };
        let excel = archive.file_names().flatten().find_map(|name| {
            let name = name.to_lowercase().replace('\\', "/");
            let rest = name.strip_prefix("xl/workbook")?;
            match rest.rsplit_once('.')?.1 {
                "xml" => Some(WorkbookType::Xlsx),
                "bin" => Some(WorkbookType::Xlsb),
                _ => None,
            }
        });
        if let Some(excel) = excel {
            return Kind::Workbook(excel);
        }
        if archive
            .file_names()
            .flatten()
            .any(|name| name == "[Content_Types].xml")
        {
            return Kind::Document(OFFICE_DOCUMENT);
        }
        let mut declared = Vec::new();
        if let Ok(file) = archive.by_name("mimetype") {
            let n_bytes = ODS_TYPE.len() as u64;
            let _ = file.take(n_bytes).read_to_end(&mut declared);
        }
        if declared == ODS_TYPE {
            Kind::Workbook(WorkbookType::Ods)
        } else if declared.starts_with(b"application/vnd.oasis.opendocument.") {
            Kind::Document(OFFICE_DOCUMENT)
        } else if declared.starts_with(b"application/") {
            Kind::Document("an e-book or another document")
        } else {
            Kind::Zip
        }
    }

    /// Reads the beginning of a text, and leaves it at its start.
    pub(super) fn sample(&mut self, encoding: &'static Encoding) -> io::Result<Sample> {
        let mut bytes = Vec::with_capacity(SAMPLE_BYTES);
        self.rewind()?;
        self.by_ref()
            .take(SAMPLE_BYTES as u64)
            .read_to_end(&mut bytes)?;
        self.rewind()?;
        let is_whole = bytes.len() < SAMPLE_BYTES;
        let mut decoder = encoding.new_decoder_with_bom_removal();
        let room = decoder
            .max_utf8_buffer_length(bytes.len())
            .unwrap_or(4 * SAMPLE_BYTES);
        let mut text = String::with_capacity(room);
        let _ = decoder.decode_to_string(&bytes, &mut text, is_whole);
        if text.starts_with('\u{FEFF}') {
            text.drain(..'\u{FEFF}'.len_utf8());
        }
        Ok(Sample { text, is_whole })
    }
}

/// Reads all there is, or nothing when it is more than `limit_bytes`.
pub(super) fn read_bounded(reader: impl Read, limit_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader
        .take(limit_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit_bytes).then_some(bytes))
}

/// Runs a reader of a binary format. Such readers trust their files here and there: what makes one panic is damaged.
pub(super) fn guarded<T>(
    path: &Path,
    kind: &'static str,
    read: impl FnOnce() -> Result<T, TableError>,
) -> Result<T, TableError> {
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(TableError::Damaged {
            path: path.to_owned(),
            kind,
            source: "its reader found something that can't be".into(),
        })
    })
}
