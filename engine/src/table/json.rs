//! JSON lines, or one JSON document → rows.
//!
//! Objects within objects become columns such as `user.name`. Lists stay JSON text in their cell, numbers stay as they
//! are written, and what is `null` or missing is empty.

use std::io::Cursor;
use std::path::Path;

use encoding_rs::Encoding;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::content::{Content, read_bounded};
use super::json_object::{Object, push};
use super::json_shape::Shape;
use super::lines::{LineBreak, LineFault, Lines};
use super::records::Records;
use super::row_fault::RowFault;
use super::{
    Dialect, Format, ROW_LIMIT_BYTES, RowPlace, Table, TableError, UNPACKED_LIMIT_BYTES, unreadable,
};

/// Names that are listed where there are too many.
const SHOWN_NAMES: usize = 5;

/// Reads rows of a file that has this shape.
pub(super) fn read(
    content: Content,
    path: &Path,
    encoding: &'static Encoding,
    shape: Shape,
) -> Result<Table, TableError> {
    let (records, format) = match shape {
        Shape::Lines => (read_lines(content, path, encoding)?, Format::JsonLines),
        Shape::Document => read_document(content, path, encoding)?,
    };
    let dialect = Dialect {
        format,
        encoding: Some(encoding.name().to_owned()),
        has_header: true,
        ..Dialect::default()
    };
    records.into_table(dialect)
}

fn read_lines(
    content: Content,
    path: &Path,
    encoding: &'static Encoding,
) -> Result<Records, TableError> {
    let mut lines = Lines::new(content, encoding, LineBreak::LineFeed);
    let mut records = Records::new(path);
    loop {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(records),
            Err(LineFault::Io(source)) => return Err(unreadable(path)(source)),
            Err(LineFault::TooLong(line)) => {
                return Err(row_too_long(path, line, RowPlace::JsonLine));
            }
        };
        if line.text.trim().is_empty() {
            continue;
        }
        if line.text.len() > ROW_LIMIT_BYTES {
            return Err(row_too_long(path, line.number, RowPlace::JsonLine));
        }
        let broken = lines.has_broken_text.then_some(encoding);
        add_object(&mut records, line.number, line.body(), broken)?;
    }
}

/// Adds the object that `json` is, or lists the line as skipped.
fn add_object(
    records: &mut Records,
    line: u64,
    json: &str,
    broken: Option<&'static Encoding>,
) -> Result<(), TableError> {
    let cells = serde_json::from_str::<Object<'_>>(json).and_then(Object::into_cells);
    let fault = match cells {
        Ok(cells) => {
            let fault = broken_bytes(&cells, broken);
            return records.add(line, cells, fault);
        }
        Err(error) if error.is_data() => RowFault::NoObject,
        Err(error) => {
            let place = json.get(..error.column()).unwrap_or(json);
            RowFault::BrokenJson {
                character: place.chars().count().max(1),
            }
        }
    };
    records.skip(line, fault);
    Ok(())
}

fn broken_bytes(cells: &[(String, String)], broken: Option<&'static Encoding>) -> Option<RowFault> {
    let encoding = broken?.name().to_owned();
    cells
        .iter()
        .any(|(_, cell)| cell.contains('\u{FFFD}'))
        .then_some(RowFault::BrokenBytes { encoding })
}

fn row_too_long(path: &Path, line: u64, place: RowPlace) -> TableError {
    TableError::RowTooLong {
        path: path.to_owned(),
        line,
        place,
    }
}

fn read_document(
    content: Content,
    path: &Path,
    encoding: &'static Encoding,
) -> Result<(Records, Format), TableError> {
    let bytes = read_bounded(content, UNPACKED_LIMIT_BYTES)
        .map_err(unreadable(path))?
        .ok_or_else(|| TableError::DocumentTooLarge {
            path: path.to_owned(),
        })?;
    let (text, is_broken) = encoding.decode_with_bom_removal(&bytes);
    let document = Document {
        path,
        text: &text,
        broken: is_broken.then_some(encoding),
    };
    if text.trim_start().starts_with('[') {
        let elements = serde_json::from_str(&text).map_err(|error| document.broken_at(error))?;
        return Ok((document.rows_of(elements)?, Format::Json));
    }
    let error = match serde_json::from_str(&text) {
        Ok(members) => return Ok((document.rows_of_object(members)?, Format::Json)),
        Err(error) => document.broken_at(error),
    };
    // A first object beyond the sample hid that there are more of them.
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
    if !matches!(values.next(), Some(Ok(_))) {
        return Err(error);
    }
    drop(text);
    let content = Content::Memory(Cursor::new(bytes.into()));
    let records = read_lines(content, path, encoding)?;
    if records.is_empty() {
        return Err(error);
    }
    Ok((records, Format::JsonLines))
}

/// A whole file as text.
#[derive(Clone, Copy)]
struct Document<'a> {
    path: &'a Path,
    text: &'a str,
    /// The encoding that some bytes don't belong to.
    broken: Option<&'static Encoding>,
}

impl<'a> Document<'a> {
    fn broken_at(self, source: serde_json::Error) -> TableError {
        TableError::BrokenJson {
            path: self.path.to_owned(),
            line: source.line().max(1) as u64,
            source,
        }
    }

    fn not_rows(self, found: impl Into<String>) -> TableError {
        TableError::NotRows {
            path: self.path.to_owned(),
            found: found.into(),
        }
    }

    /// Reads a list of objects. Their numbers count them: a program writes all of them into one line.
    fn rows_of(self, elements: Vec<&'a RawValue>) -> Result<Records, TableError> {
        let mut records = Records::new(self.path);
        for (number, element) in (1..).zip(elements) {
            let json = element.get();
            if json.len() > ROW_LIMIT_BYTES {
                return Err(row_too_long(self.path, number, RowPlace::Row));
            }
            add_object(&mut records, number, json, self.broken)?;
        }
        if records.is_empty() {
            return Err(self.not_rows("a list without objects"));
        }
        Ok(records)
    }

    /// Reads an object that holds a list of rows, or a list for each column, or that is a row itself.
    fn rows_of_object(self, members: Object<'a>) -> Result<Records, TableError> {
        let lists: Vec<(&String, &'a RawValue)> = members
            .0
            .iter()
            .filter(|(_, value)| is_list_of_objects(value))
            .map(|(name, value)| (name, *value))
            .collect();
        match lists.as_slice() {
            [] => {}
            [(_, list)] => {
                let elements =
                    serde_json::from_str(list.get()).map_err(|error| self.broken_at(error))?;
                return self.rows_of(elements);
            }
            several => {
                let names: Vec<&str> = several
                    .iter()
                    .take(SHOWN_NAMES)
                    .map(|(name, _)| name.as_str())
                    .collect();
                let n_lists = several.len();
                return Err(self.not_rows(format!(
                    "an object with {n_lists} lists of rows, such as {}",
                    names.join(", ")
                )));
            }
        }
        if let Some(columns) = self.columns_of(&members)? {
            return self.rows_of_columns(&columns);
        }
        let is_row = |json: &str| !json.starts_with(['[', '{']);
        if members.0.is_empty() || !members.0.iter().all(|(_, value)| is_row(value.get())) {
            return Err(self.not_rows("an object without a list of rows"));
        }
        if self.text.len() > ROW_LIMIT_BYTES {
            return Err(row_too_long(self.path, 1, RowPlace::Row));
        }
        let mut records = Records::new(self.path);
        add_object(&mut records, 1, self.text, self.broken)?;
        Ok(records)
    }

    /// Returns the cells of each column: of lists, and of objects by row number as pandas writes them.
    fn columns_of(self, members: &Object<'a>) -> Result<Option<Columns<'a>>, TableError> {
        let mut columns = Columns::new();
        let mut row_numbers: Option<Vec<String>> = None;
        for (name, value) in &members.0 {
            let json = value.get();
            let cells = if json.starts_with('[') {
                serde_json::from_str(json).map_err(|error| self.broken_at(error))?
            } else if json.starts_with('{') {
                let object: Object<'a> =
                    serde_json::from_str(json).map_err(|error| self.broken_at(error))?;
                let (keys, cells): (Vec<String>, Vec<&RawValue>) = object.0.into_iter().unzip();
                let are_numbers = keys.iter().all(|key| key.parse::<u64>().is_ok());
                if !are_numbers || row_numbers.get_or_insert_with(|| keys.clone()) != &keys {
                    return Ok(None);
                }
                cells
            } else {
                return Ok(None);
            };
            columns.push((name.clone(), cells));
        }
        Ok((!columns.is_empty()).then_some(columns))
    }

    fn rows_of_columns(self, columns: &Columns<'a>) -> Result<Records, TableError> {
        let lengths = || columns.iter().map(|(_, cells)| cells.len());
        let (shortest, longest) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        if shortest != longest {
            return Err(self.not_rows(format!(
                "an object whose columns have between {shortest} and {longest} values"
            )));
        }
        if longest == 0 {
            return Err(self.not_rows("an object whose columns are empty"));
        }
        let mut records = Records::new(self.path);
        for i in 0..longest {
            // All rows share the lines; their number says more.
            let line = i as u64 + 1;
            let mut cells = Vec::with_capacity(columns.len());
            let mut n_bytes = 0;
            for (name, values) in columns {
                n_bytes += values[i].get().len();
                push(&mut cells, name.clone(), values[i], 1)
                    .map_err(|error| self.broken_at(error))?;
            }
            if n_bytes > ROW_LIMIT_BYTES {
                return Err(row_too_long(self.path, line, RowPlace::Row));
            }
            let fault = broken_bytes(&cells, self.broken);
            records.add(line, cells, fault)?;
        }
        Ok(records)
    }
}

/// Names of columns with their cells.
type Columns<'a> = Vec<(String, Vec<&'a RawValue>)>;

fn is_list_of_objects(value: &RawValue) -> bool {
    let inner = value.get().strip_prefix('[');
    inner.is_some_and(|inner| inner.trim_start().starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::super::DialectRequest;
    use super::super::sample_files::{check, check_error, read, read_with};
    use super::*;
    use crate::wish::Wish;

    #[test]
    fn lines_become_rows() {
        let table = read(
            "\u{FEFF}{\"text\": \"schön,\\n\\\"ja\\\"\", \"n\": 1.50}\r\n\r\n{\"label\": \"a\", \"text\": null, \
             \"user\": {\"id\": 7}}\n{\"tags\": [\"x\", \"y\"], \"ok\": true}"
                .as_bytes(),
        )
        .unwrap();
        check(
            &table,
            "text|n|label|user.id|tags|ok",
            &[
                "schön,\n\"ja\"|1.50||||",
                "||a|7||",
                "||||[\"x\",\"y\"]|true",
            ],
        );
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 3, 4]);
        assert_eq!(table.dialect.format, Format::JsonLines);
        assert_eq!(table.dialect.encoding.as_deref(), Some("UTF-8"));
        assert!(table.dialect.has_header && table.skipped.is_empty());
    }

    #[test]
    fn broken_lines_are_listed_and_cost_nothing() {
        let table = read(
            b"{\"a\": 1}\n{\"a\": \"cut\n[1, 2]\n{\"a\": 2, \"a\": 3}\nplain\n{\"a\": NaN}\n{\"a\": 4}\n{\"a\": 5}\n{\"a\": 6}\n",
        )
        .unwrap();
        check(&table, "a", &["1", "3", "4", "5", "6"]);
        let skipped: Vec<(u64, RowFault)> = table
            .skipped
            .iter()
            .map(|row| (row.line, row.faults[0].clone()))
            .collect();
        assert_eq!(
            skipped,
            [
                (2, RowFault::BrokenJson { character: 10 }),
                (3, RowFault::NoObject),
                (5, RowFault::BrokenJson { character: 1 }),
                (6, RowFault::BrokenJson { character: 7 }),
            ]
        );
        assert_eq!(
            table.skipped[0].reason,
            "It is not valid JSON from character 10 on"
        );
        let column = "a".to_owned();
        assert_eq!(table.repaired[0].line, 4);
        assert_eq!(
            table.repaired[0].faults,
            [RowFault::RepeatedName { column }]
        );
    }

    #[test]
    fn a_list_of_objects_is_found_wherever_it_is() {
        for document in [
            "[{\"t\": \"one\", \"l\": 1},\n {\"t\": \"two\"}]",
            "{\"data\": [{\"t\": \"one\", \"l\": 1},\n {\"t\": \"two\"}]}",
            "{\"version\": \"1.0\", \"n\": {\"x\": 1}, \"rows\": [{\"t\": \"one\", \"l\": 1},\n{\"t\": \"two\"}]}",
        ] {
            let table = read(document.as_bytes()).unwrap();
            check(&table, "t|l", &["one|1", "two|"]);
            assert_eq!(table.dialect.format, Format::Json);
            assert_eq!((table.rows[0].line, table.rows[1].line), (1, 2));
        }
        let table = read(b"[{\"t\": 1}, 7, {\"t\": \"\\ud800\"}]").unwrap();
        check(&table, "t", &["1"]);
        let skipped: Vec<u64> = table.skipped.iter().map(|row| row.line).collect();
        assert_eq!(skipped, [2, 3]);
    }

    #[test]
    fn columns_are_laid_side_by_side() {
        for document in [
            "{\"t\": [\"one\", \"two\"], \"l\": [1, null]}",
            "{\"t\": {\"0\": \"one\", \"1\": \"two\"},\n\"l\": {\"0\": 1, \"1\": null}}",
        ] {
            let table = read(document.as_bytes()).unwrap();
            check(&table, "t|l", &["one|1", "two|"]);
            assert_eq!(table.rows[1].line, 2);
        }
    }

    #[test]
    fn a_single_object_is_a_row() {
        check(
            &read(b"{\"text\": \"a\", \"label\": \"b\"}\n").unwrap(),
            "text|label",
            &["a|b"],
        );
    }

    #[test]
    fn a_long_first_line_hides_no_others() {
        let long = "x".repeat(300_000);
        let table = read(format!("{{\"a\": \"{long}\"}}\n{{\"a\": \"b\"}}\n").as_bytes()).unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.dialect.format, Format::JsonLines);
    }

    #[test]
    fn other_encodings_are_read_as_well() {
        let text = "[{\"t\": \"schöne Grüße\"}, {\"t\": \"naïve café\"}]";
        let windows: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
        let table = read(&windows).unwrap();
        check(&table, "t", &["schöne Grüße", "naïve café"]);
        assert_eq!(table.dialect.encoding.as_deref(), Some("windows-1252"));
    }

    #[test]
    fn what_is_no_table_says_what_it_is() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err();
        for (text, part) in [
            ("[\"a\", \"b\"]", "a list without objects"),
            ("[]", "a list without objects"),
            ("{\"a\": {\"b\": 1}}", "an object without a list of rows"),
            ("{}", "an object without a list of rows"),
            ("{\"a\": [1, 2], \"b\": [1]}", "have between 1 and 2 values"),
            (
                "{\"a\": [{\"x\": 1}], \"b\": [{\"x\": 1}]}",
                "with 2 lists of rows, such as a, b",
            ),
        ] {
            check_error(&error(text), "table.notRows", part);
        }
        let cut = error("[\n{\"a\": 1},\n{\"a\": ");
        check_error(&cut, "table.brokenJson", "Line 3 of");
        assert!(cut.hint().unwrap().contains("line 3"));
        check_error(
            &error("{\"data\": [{\"a\": 1},]}"),
            "table.brokenJson",
            "Line 1",
        );
    }

    #[test]
    fn ten_thousand_levels_do_no_harm() {
        let deep =
            |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for value in [deep("[", "]"), deep("{\"a\":", "}")] {
            let lines = format!("{{\"t\": 1, \"v\": {value}}}\n{{\"t\": 2}}\n");
            assert_eq!(read(lines.as_bytes()).unwrap().rows.len(), 2);
            let list = format!("[{{\"t\": 1, \"v\": {value}}}]");
            assert_eq!(read(list.as_bytes()).unwrap().rows.len(), 1);
        }
        let error = read(deep("[", "]").as_bytes()).unwrap_err();
        check_error(&error, "table.notRows", "a list without objects");
        let cut = "[{\"a\":".repeat(10_000);
        check_error(&read(cut.as_bytes()).unwrap_err(), "table.brokenJson", "");
    }

    #[test]
    fn a_row_keeps_its_limit() {
        let long = "x".repeat(ROW_LIMIT_BYTES + 1);
        for (text, part) in [
            (
                format!("{{\"a\": 1}}\n{{\"a\": \"{long}\"}}\n"),
                "The row in line 2 of",
            ),
            (
                format!("[{{\"a\": 1}},\n{{\"a\": \"{long}\"}}]"),
                "Row 2 of",
            ),
            (format!("{{\"a\": [1, \"{long}\"]}}"), "Row 2 of"),
            (format!("{{\"a\": \"{long}\"}}"), "Row 1 of"),
        ] {
            let error = read(text.as_bytes()).unwrap_err();
            check_error(&error, "table.rowTooLong", part);
        }
    }

    #[test]
    fn a_table_whose_first_cell_is_json_is_no_json() {
        let request = DialectRequest {
            has_header: Some(false),
            ..DialectRequest::default()
        };
        let table = read_with(b"{\"a\": 1}\tx\n{\"a\": 2}\ty\n", &request).unwrap();
        check(
            &table,
            "column 1|column 2",
            &["{\"a\": 1}|x", "{\"a\": 2}|y"],
        );
        assert_eq!(table.dialect.format, Format::Delimited);
    }

    #[test]
    fn a_delimiter_that_was_named_says_that_it_is_no_json() {
        let request = DialectRequest {
            delimiter: Wish::Named('\t'),
            has_header: Some(false),
            ..DialectRequest::default()
        };
        let table = read_with(b"{\"a\": 1}\tx\n{\"a\": 2}\ty\n", &request).unwrap();
        assert_eq!(table.rows[0].cells, ["{\"a\": 1}", "x"]);
    }
}
