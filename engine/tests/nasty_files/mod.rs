//! Files that are easy to read wrongly, each with what a person would see in it.
//!
//! `encodings` bytes and letters · `delimiters` what stands between cells · `lines` where a line ends, and what is no
//! letter · `headers` what stands above the rows · `quotes` marks and backslashes · `ragged` rows of other lengths ·
//! `faithful` cells that must stay as they are · `late` what comes after thousands of rows

mod delimiters;
mod encodings;
mod faithful;
mod headers;
mod late;
mod lines;
mod quotes;
mod ragged;

use encoding_rs::Encoding;

/// Any names of the columns are right.
const ANY_NAMES: &str = "";

/// Any name of the encoding is right.
const ANY_ENCODING: &[&str] = &[];

/// A file, and what a person would read in it.
pub(crate) struct NastyFile {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// `None` where several names are right.
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Lines in which the rows start; empty where they are not checked.
    pub(crate) row_lines: &'static [u64],
    /// Names of the encoding that are right; empty where any is.
    pub(crate) encodings: &'static [&'static str],
    /// `None` where it is not checked; within, `None` where every line is one cell.
    pub(crate) delimiter: Option<Option<char>>,
    pub(crate) quote: Option<char>,
    pub(crate) has_header: Option<bool>,
    /// Lines of the rows that the reader must list as changed; `None` where that is a matter of taste.
    pub(crate) repaired: Option<Vec<u64>>,
    /// Lines of the rows that the reader must list as left out; `None` where that is a matter of taste.
    pub(crate) skipped: Option<Vec<u64>>,
}

/// Returns all of them.
pub(crate) fn all() -> Vec<NastyFile> {
    [
        encodings::files(),
        delimiters::files(),
        lines::files(),
        headers::files(),
        quotes::files(),
        ragged::files(),
        faithful::files(),
        late::files(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A file in UTF-8. In `columns` and in each row, `¦` stands between two cells.
fn text(name: &'static str, text: &str, columns: &str, rows: &[&str]) -> NastyFile {
    in_encoding(name, "utf-8", text, columns, rows)
}

/// A file in any encoding. A byte order mark is there if it is in `text`.
fn in_encoding(
    name: &'static str,
    encoding: &str,
    text: &str,
    columns: &str,
    rows: &[&str],
) -> NastyFile {
    NastyFile {
        name,
        bytes: encoded(encoding, text),
        columns: (columns != ANY_NAMES).then(|| cells(columns)),
        rows: rows.iter().map(|row| cells(row)).collect(),
        row_lines: &[],
        encodings: ANY_ENCODING,
        delimiter: None,
        quote: None,
        has_header: None,
        repaired: Some(Vec::new()),
        skipped: Some(Vec::new()),
    }
}

fn cells(row: &str) -> Vec<String> {
    row.split('¦').map(str::to_owned).collect()
}

fn encoded(encoding: &str, text: &str) -> Vec<u8> {
    let units = |bytes_of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    };
    let letters = |bytes_of: fn(u32) -> [u8; 4]| -> Vec<u8> {
        text.chars().map(u32::from).flat_map(bytes_of).collect()
    };
    match encoding {
        "utf-16le" => units(u16::to_le_bytes),
        "utf-16be" => units(u16::to_be_bytes),
        "utf-32le" => letters(u32::to_le_bytes),
        "utf-32be" => letters(u32::to_be_bytes),
        other => {
            let encoding = Encoding::for_label(other.as_bytes()).unwrap();
            let (bytes, _, is_lossy) = encoding.encode(text);
            assert!(!is_lossy, "{other} has no letter for some of {text}");
            bytes.into_owned()
        }
    }
}

impl NastyFile {
    fn encoding(mut self, names: &'static [&'static str]) -> NastyFile {
        self.encodings = names;
        self
    }

    fn delimiter(mut self, delimiter: char) -> NastyFile {
        self.delimiter = Some(Some(delimiter));
        self
    }

    fn one_column(mut self) -> NastyFile {
        self.delimiter = Some(None);
        self
    }

    fn quote(mut self, quote: char) -> NastyFile {
        self.quote = Some(quote);
        self
    }

    fn header(mut self, has_header: bool) -> NastyFile {
        self.has_header = Some(has_header);
        self
    }

    fn lines(mut self, lines: &'static [u64]) -> NastyFile {
        self.row_lines = lines;
        self
    }

    fn repaired(mut self, lines: &[u64]) -> NastyFile {
        self.repaired = Some(lines.to_vec());
        self
    }

    fn skipped(mut self, lines: &[u64]) -> NastyFile {
        self.skipped = Some(lines.to_vec());
        self
    }

    fn repaired_or_not(mut self) -> NastyFile {
        self.repaired = None;
        self
    }

    fn skipped_or_not(mut self) -> NastyFile {
        self.skipped = None;
        self
    }
}
