//! Any table, written in any way, is read back with the same cells.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use embert_engine::table::{Dialect, DialectRequest, Row, Table};
use embert_engine::wish::Wish;
use encoding_rs::{Encoding, WINDOWS_1252};
use proptest::prelude::*;
use proptest::sample::select;

/// Cases of each property; the whole takes a few seconds.
const N_CASES: u32 = 256;

/// Rows of cells, all equally long.
type Rows = Vec<Vec<String>>;

/// How a table is written.
#[derive(Debug, Clone)]
struct Style {
    delimiter: char,
    quote: char,
    quotes_all: bool,
    line_end: &'static str,
    encoding: &'static str,
    has_mark: bool,
}

impl Style {
    /// What a person would say who knows how the file is written.
    fn request(&self) -> DialectRequest {
        DialectRequest {
            encoding: Some(self.encoding.to_owned()),
            delimiter: Wish::Named(self.delimiter),
            quote: Wish::Named(self.quote),
            has_header: Some(true),
            ..DialectRequest::default()
        }
    }

    fn write(&self, columns: &[String], rows: &[Vec<String>]) -> Vec<u8> {
        let mut text = String::new();
        if self.has_mark {
            text.push('\u{FEFF}');
        }
        for row in std::iter::once(columns).chain(rows.iter().map(Vec::as_slice)) {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            text += &cells.join(self.delimiter.to_string().as_str());
            text += self.line_end;
        }
        match self.encoding {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            other => {
                let encoding = Encoding::for_label(other.as_bytes()).unwrap();
                encoding.encode(&text).0.into_owned()
            }
        }
    }

    fn cell(&self, cell: &str) -> String {
        let quote = self.quote.to_string();
        let is_special = |c: char| c == self.delimiter || c == self.quote || c == '\r' || c == '\n';
        if self.quotes_all || cell.contains(is_special) {
            format!("{quote}{}{quote}", cell.replace(&quote, &quote.repeat(2)))
        } else {
            cell.to_owned()
        }
    }

    /// Leaves out the letters that the encoding doesn't have.
    fn writable(&self, rows: Rows) -> Rows {
        if self.encoding != WINDOWS_1252_LABEL {
            return rows;
        }
        let is_there = |c: &char| !WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).2;
        let kept = |cell: String| -> String { cell.chars().filter(is_there).collect() };
        rows.into_iter()
            .map(|row| row.into_iter().map(kept).collect())
            .collect()
    }
}

const WINDOWS_1252_LABEL: &str = "windows-1252";

/// Encodings, and whether a byte order mark stands in front.
const ENCODINGS: [(&str, bool); 5] = [
    ("utf-8", false),
    ("utf-8", true),
    ("utf-16le", true),
    ("utf-16be", true),
    (WINDOWS_1252_LABEL, false),
];

fn styles(quotes: &'static [char]) -> impl Strategy<Value = Style> {
    (
        select(vec![',', ';', '\t', '|']),
        select(quotes),
        any::<bool>(),
        select(vec!["\n", "\r\n"]),
        select(ENCODINGS.to_vec()),
    )
        .prop_map(
            |(delimiter, quote, quotes_all, line_end, (encoding, has_mark))| Style {
                delimiter,
                quote,
                quotes_all,
                line_end,
                encoding,
                has_mark,
            },
        )
}

/// Any letters at all, those often that mean something in a file.
fn any_cell() -> impl Strategy<Value = String> {
    let special = select(vec![
        ',', ';', '\t', '|', '"', '\'', '\\', '\n', '\r', ' ', '#', '\0', '\u{FEFF}', '\u{301}',
    ]);
    let letter =
        prop_oneof![2 => special, 3 => any::<char>(), 3 => proptest::char::range('a', 'z')];
    proptest::collection::vec(letter, 0..12).prop_map(|letters| letters.into_iter().collect())
}

fn any_rows() -> impl Strategy<Value = Rows> {
    use proptest::collection::vec;
    (2_usize..5).prop_flat_map(|n_columns| vec(vec(any_cell(), n_columns), 2..12))
}

/// Words of several languages. Those with letters beyond ASCII look the same in windows-1252 and its sister encodings,
/// so that any of these is a right guess.
const WORDS: &[&str] = &[
    "the", "delivery", "was", "late", "don't", "it's", "5\"", "café", "schön", "Grüße", "über",
    "nicht", "façade", "déçu", "garçon", "und", "price", "10:30", "3.50", "(well)", "#1", "50%",
    "a/b", "NA", "really?", "no!", "»ja«", "–",
];

/// What stands between two words: mostly a space.
const GAPS: &[&str] = &[
    " ", " ", " ", " ", " ", " ", ", ", "; ", " - ", ": ", " | ", "\n",
];

const LABELS: &[&str] = &["good", "bad", "neutral", "höflich", "01", "1"];

/// Columns that people have.
const HEADERS: &[&[&str]] = &[
    &["text", "label"],
    &["label", "text"],
    &["id", "text", "label"],
    &["Text", "Kategorie"],
];

/// A sentence as people write it.
fn sentence() -> impl Strategy<Value = String> {
    let parts = proptest::collection::vec((select(WORDS), select(GAPS)), 2..9);
    parts.prop_map(|parts| {
        let mut text = "Schöne Grüße".to_owned();
        for (word, gap) in parts {
            text += gap;
            text += word;
        }
        text
    })
}

/// A table as people have them: texts with a few labels, and perhaps a number in front.
fn ordinary_table() -> impl Strategy<Value = (Vec<String>, Rows)> {
    let row = (sentence(), select(LABELS));
    (select(HEADERS), proptest::collection::vec(row, 3..20)).prop_map(|(header, rows)| {
        let columns: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        let cell = |name: &str, i: usize, text: &str, label: &str| match name {
            "id" => (i + 1).to_string(),
            "text" | "Text" => text.to_owned(),
            _ => label.to_owned(),
        };
        let rows: Rows = rows
            .iter()
            .enumerate()
            .map(|(i, (text, label))| {
                let cells = header.iter().map(|name| cell(name, i, text, label));
                cells.collect()
            })
            .collect();
        (columns, rows)
    })
}

fn names(rows: &[Vec<String>]) -> Vec<String> {
    let n_columns = rows.first().map_or(0, Vec::len);
    (1..=n_columns).map(|i| format!("name {i}")).collect()
}

fn cells_of(table: &Table) -> Rows {
    table.rows.iter().map(|row| row.cells.clone()).collect()
}

fn read_bytes(bytes: &[u8], request: &DialectRequest) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.dat");
    std::fs::write(&path, bytes).unwrap();
    Table::read_with(&path, request).unwrap()
}

fn written(table: &Table, read: impl Fn(&Path) -> Table) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    table.write_csv(&path).unwrap();
    read(&path)
}

/// Failures are printed with the smallest table that shows them; no file of them is kept beside the tests.
fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: N_CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_cells_in_a_named_dialect_are_read_back(
        style in styles(&['"', '\'']),
        rows in any_rows(),
    ) {
        let rows = style.writable(rows);
        let columns = names(&rows);
        let table = read_bytes(&style.write(&columns, &rows), &style.request());
        prop_assert_eq!(&table.columns, &columns);
        prop_assert_eq!(cells_of(&table), rows);
        prop_assert!(table.repaired.is_empty() && table.skipped.is_empty());
    }

    #[test]
    fn ordinary_tables_are_read_back_without_a_word(
        style in styles(&['"']),
        (columns, rows) in ordinary_table(),
    ) {
        let table = read_bytes(&style.write(&columns, &rows), &DialectRequest::default());
        prop_assert_eq!(&table.columns, &columns);
        prop_assert_eq!(cells_of(&table), rows);
        prop_assert_eq!(table.dialect.delimiter, Some(style.delimiter));
        prop_assert!(table.repaired.is_empty() && table.skipped.is_empty());
    }

    #[test]
    fn any_cells_that_were_written_are_read_as_own(rows in any_rows()) {
        let columns = names(&rows);
        let table = Table {
            columns: columns.clone(),
            rows: (1..).zip(&rows).map(|(line, cells)| Row { line, cells: cells.clone() }).collect(),
            dialect: Dialect::default(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        };
        let again = written(&table, |path| Table::read_own(path).unwrap());
        prop_assert_eq!(&again.columns, &columns);
        prop_assert_eq!(cells_of(&again), rows);
    }

    #[test]
    fn what_was_read_is_written_and_read_again_the_same(
        style in styles(&['"', '\'']),
        (columns, rows) in ordinary_table(),
    ) {
        let table = read_bytes(&style.write(&columns, &rows), &style.request());
        let again = written(&table, |path| Table::read(path).unwrap());
        prop_assert_eq!(&again.columns, &table.columns);
        prop_assert_eq!(cells_of(&again), cells_of(&table));
        prop_assert!(again.repaired.is_empty() && again.skipped.is_empty());
    }
}
