//! Lines → rows of cells, by the rules of RFC 4180, and with care where a file breaks them.
//!
//! The `csv` crate reads a stray quotation mark as the start of a cell that swallows all lines up to the next one, and
//! drops marks that stand where they should not. Texts are full of such marks. Here a row whose quoting does not add up
//! is read again: as if its marks were letters, then as if only a mark before a delimiter closed a cell.

use std::io::Read;

use super::ROW_LIMIT_BYTES;
use super::lines::{Line, LineFault, Lines};

/// What separates cells and what may stand around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// Stands between cells; `None` = a line is one cell.
    pub(super) delimiter: Option<char>,
    /// Stands around cells; `None` = marks are letters.
    pub(super) quote: Option<char>,
}

/// Cells as they stand in the file, however many there are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawRow {
    /// Line in which the row starts, from 1.
    pub(super) line: u64,
    /// The cells.
    pub(super) cells: Vec<String>,
    /// Whether a quotation mark was never closed and therefore taken as a part of the text.
    pub(super) has_stray_quote: bool,
}

/// Reads rows.
pub(super) struct Rows<R> {
    pub(super) lines: Lines<R>,
    marks: Marks,
    /// Cells that a row should have, once that is known. Decides between two readings of a broken row.
    pub(super) n_columns: Option<usize>,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(lines: Lines<R>, marks: Marks) -> Rows<R> {
        Rows {
            lines,
            marks,
            n_columns: None,
        }
    }

    /// Returns the next row that is not a blank line, or nothing at the end of the file.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, LineFault> {
        let first = loop {
            match self.lines.next_line()? {
                None => return Ok(None),
                Some(line) if self.is_blank(&line) => {}
                Some(line) => break line,
            }
        };
        let mut parser = Parser::new(self.marks);
        parser.push(&first);
        let mut n_bytes = first.text.len();
        let mut others = Vec::new();
        while parser.is_open() {
            let Some(line) = self.lines.next_line()? else {
                break;
            };
            n_bytes += line.text.len();
            if n_bytes > ROW_LIMIT_BYTES {
                return Err(LineFault::TooLong(first.number));
            }
            parser.push(&line);
            others.push(line);
        }
        let is_sound = !parser.is_open() && !parser.is_dirty;
        if is_sound {
            return Ok(Some(RawRow {
                line: first.number,
                cells: parser.finish(),
                has_stray_quote: false,
            }));
        }
        Ok(Some(self.second_reading(first, others, parser)))
    }

    fn second_reading(&mut self, first: Line, others: Vec<Line>, parser: Parser) -> RawRow {
        let is_open = parser.is_open();
        let literal = split_literally(first.body(), self.marks);
        let row = |cells| RawRow {
            line: first.number,
            cells,
            has_stray_quote: is_open || !others.is_empty(),
        };
        if self.fits(&literal) {
            let row = row(literal);
            self.lines.give_back(others.into_iter());
            return row;
        }
        if let Some(cells) = split_leniently(first.body(), self.marks)
            && self.fits(&cells)
        {
            let row = row(cells);
            self.lines.give_back(others.into_iter());
            return row;
        }
        let as_others_read_it = (!is_open).then(|| parser.finish());
        match as_others_read_it {
            Some(cells) if self.fits(&cells) => RawRow {
                line: first.number,
                cells,
                has_stray_quote: false,
            },
            _ => {
                let row = row(literal);
                self.lines.give_back(others.into_iter());
                row
            }
        }
    }

    fn fits(&self, cells: &[String]) -> bool {
        self.n_columns.is_none_or(|n| {
            cells.len() == n || cells.len() > n && cells[n..].iter().all(String::is_empty)
        })
    }

    fn is_blank(&self, line: &Line) -> bool {
        let is_delimiter = |c| Some(c) == self.marks.delimiter;
        line.text
            .chars()
            .all(|c| c.is_whitespace() && !is_delimiter(c))
    }
}

/// Reads cells by the rules: a cell may be quoted, a quotation mark within is doubled.
struct Parser {
    marks: Marks,
    cells: Vec<String>,
    cell: String,
    is_quoted: bool,
    is_dirty: bool,
    line_break: String,
}

impl Parser {
    fn new(marks: Marks) -> Parser {
        Parser {
            marks,
            cells: Vec::new(),
            cell: String::new(),
            is_quoted: false,
            is_dirty: false,
            line_break: String::new(),
        }
    }

    /// Whether the last cell is quoted and goes on in the next line.
    fn is_open(&self) -> bool {
        self.is_quoted
    }

    fn push(&mut self, line: &Line) {
        let body = line.body();
        self.cell.push_str(&self.line_break);
        self.line_break = line.text[body.len()..].to_owned();
        let mut rest = body;
        let mut is_start = !self.is_quoted;
        loop {
            if is_start {
                let spaces = rest.len() - rest.trim_start_matches(' ').len();
                let inner = self
                    .marks
                    .quote
                    .filter(|_| self.marks.delimiter != Some(' '))
                    .and_then(|quote| rest[spaces..].strip_prefix(quote));
                if let Some(inner) = inner {
                    self.is_quoted = true;
                    rest = inner;
                }
            }
            rest = if self.is_quoted {
                self.read_quoted(rest)
            } else {
                rest
            };
            if self.is_quoted {
                return;
            }
            let end = self
                .marks
                .delimiter
                .and_then(|delimiter| rest.find(delimiter));
            self.cell.push_str(&rest[..end.unwrap_or(rest.len())]);
            let Some(end) = end else { return };
            self.cells.push(std::mem::take(&mut self.cell));
            rest = &rest[end + self.marks.delimiter.map_or(0, char::len_utf8)..];
            is_start = true;
        }
    }

    /// Takes the text up to the closing mark and returns what follows it, or takes all of it.
    fn read_quoted<'a>(&mut self, text: &'a str) -> &'a str {
        let mut rest = text;
        while let Some(quote) = self.marks.quote
            && let Some(position) = rest.find(quote)
        {
            self.cell.push_str(&rest[..position]);
            let after = &rest[position + quote.len_utf8()..];
            if let Some(after_two) = after.strip_prefix(quote) {
                self.cell.push(quote);
                rest = after_two;
                continue;
            }
            self.is_quoted = false;
            let trimmed = after.trim_start_matches(' ');
            if trimmed.is_empty() || self.marks.delimiter.is_some_and(|d| trimmed.starts_with(d)) {
                return trimmed;
            }
            self.is_dirty = true;
            return after;
        }
        self.cell.push_str(rest);
        ""
    }

    fn finish(mut self) -> Vec<String> {
        self.cells.push(self.cell);
        self.cells
    }
}

/// Splits a line at every delimiter. Only marks that stand around a whole cell are taken off.
fn split_literally(body: &str, marks: Marks) -> Vec<String> {
    let parts: Vec<&str> = match marks.delimiter {
        Some(delimiter) => body.split(delimiter).collect(),
        None => vec![body],
    };
    parts
        .into_iter()
        .map(|part| {
            let inner = marks.quote.and_then(|quote| unwrapped(part, quote));
            inner.unwrap_or(part).to_owned()
        })
        .collect()
}

/// Returns what stands within the marks around a cell, unless they belong to two quotations as in `"yes" or "no"`.
fn unwrapped(cell: &str, quote: char) -> Option<&str> {
    let inner = cell.strip_prefix(quote)?.strip_suffix(quote)?;
    match inner.find(quote) {
        None => Some(inner),
        Some(position) => {
            let opens = inner[..position]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric() && !".!?,".contains(c));
            opens.then_some(inner)
        }
    }
}

/// Splits a line in which a quoted cell ends only at a mark before a delimiter or the end of the line.
fn split_leniently(body: &str, marks: Marks) -> Option<Vec<String>> {
    let (delimiter, quote) = (marks.delimiter?, marks.quote?);
    let mut cells = Vec::new();
    let mut rest = body;
    loop {
        let (cell, after) = match rest.strip_prefix(quote) {
            Some(inner) => {
                let end = closing_mark(inner, quote, delimiter)?;
                (&inner[..end], &inner[end + quote.len_utf8()..])
            }
            None => rest.split_at(rest.find(delimiter).unwrap_or(rest.len())),
        };
        cells.push(cell.to_owned());
        match after.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None => return Some(cells),
        }
    }
}

fn closing_mark(inner: &str, quote: char, delimiter: char) -> Option<usize> {
    inner
        .match_indices(quote)
        .map(|(position, mark)| (position, &inner[position + mark.len()..]))
        .find(|(_, after)| after.is_empty() || after.starts_with(delimiter))
        .map(|(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str, n_columns: usize) -> Vec<RawRow> {
        let marks = Marks {
            delimiter: Some(','),
            quote: Some('"'),
        };
        let lines = Lines::new(text.as_bytes(), encoding_rs::UTF_8, '\n');
        let mut rows = Rows::new(lines, marks);
        rows.n_columns = Some(n_columns);
        std::iter::from_fn(|| rows.next_row().unwrap()).collect()
    }

    fn check(text: &str, expected: &[&[&str]]) {
        let cells: Vec<Vec<String>> = rows_of(text, 2).into_iter().map(|row| row.cells).collect();
        assert_eq!(cells, expected, "{text}");
    }

    #[test]
    fn sound_rows_follow_the_rules() {
        check("a,b\n", &[&["a", "b"]]);
        check("a,b", &[&["a", "b"]]);
        check("a,\r\n,b\r\n", &[&["a", ""], &["", "b"]]);
        check("\"a,1\",\"b\"\"c\"\"\"\n", &[&["a,1", "b\"c\""]]);
        check(
            "\"one\ntwo\r\n\r\nthree\",b\n",
            &[&["one\ntwo\r\n\r\nthree", "b"]],
        );
        check("\n \na, b \n\n", &[&["a", " b "]]);
        check("a, \"b, c\"\n", &[&["a", "b, c"]]);
        check("\"\",\"\"\n", &[&["", ""]]);
        check("\"a\" ,b\n", &[&["a", "b"]]);
    }

    #[test]
    fn a_stray_mark_does_not_swallow_the_lines_below() {
        check("\"oh no,a\nfine,b\n", &[&["\"oh no", "a"], &["fine", "b"]]);
        check(
            "\"oh no,a\nfine,b\n\"again,c\nlast,d\n",
            &[
                &["\"oh no", "a"],
                &["fine", "b"],
                &["\"again", "c"],
                &["last", "d"],
            ],
        );
        let rows = rows_of("ok,a\n\"oh no,a\nfine,b\n", 2);
        assert_eq!(
            rows.iter()
                .map(|row| (row.line, row.has_stray_quote))
                .collect::<Vec<_>>(),
            [(1, false), (2, true), (3, false)]
        );
    }

    #[test]
    fn marks_within_a_text_stay_in_it() {
        check("5\" pipe,a\n", &[&["5\" pipe", "a"]]);
        check("\"yes\" or \"no\",a\n", &[&["\"yes\" or \"no\"", "a"]]);
        check("\"well\" he said,a\n", &[&["\"well\" he said", "a"]]);
        check(
            "\"He said \"hello\" to me\",a\n",
            &[&["He said \"hello\" to me", "a"]],
        );
        check(
            "\"He said \"hello, you\" to me\",a\n",
            &[&["He said \"hello, you\" to me", "a"]],
        );
    }

    #[test]
    fn sound_tables_are_read_as_the_csv_crate_reads_them() {
        let mut random = crate::random::Random::new(7);
        let mut pieces = [
            "a",
            "é",
            "\"",
            "\"\"",
            ",",
            "\n",
            "\r\n",
            " x",
            "",
            "long text; with more",
        ]
        .repeat(3);
        for _ in 0..500 {
            random.shuffle(&mut pieces);
            let cells: Vec<String> = pieces.chunks(5).map(|chunk| chunk.concat()).collect();
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            for row in cells.chunks(2) {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let expected: Vec<&[String]> = cells.chunks(2).collect();
            let read = rows_of(&text, 2);
            assert_eq!(
                read.iter()
                    .map(|row| row.cells.as_slice())
                    .collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
    }
}
