//! Lines → rows of cells, by the rules of RFC 4180, and with care where a file breaks them.
//!
//! The `csv` crate reads a stray quotation mark as the start of a cell that swallows all lines up to the next one, and
//! drops marks that stand where they should not. Texts are full of such marks. Here a row whose quoting does not add up
//! is read again: as if its marks were letters, then as if only a mark before a delimiter closed a cell.

use std::io::Read;

use super::lines::{END_OF_FILE, LineFault, Lines, body_of};
use super::marks::Marks;
use super::parser::Parser;
use super::{ROW_LIMIT_BYTES, Runs};

/// Lines that no cell has without need: a quoted cell of so many that could all be rows is two stray marks.
const MANY_LINES: u64 = 20;

/// Cells as they stand in the file, however many there are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawRow {
    /// Line in which the row starts, from 1.
    pub(super) line: u64,
    /// The cells.
    pub(super) cells: Vec<String>,
    /// Whether it follows the rules.
    pub(super) is_sound: bool,
    /// Cells that stood within marks, where it is sound.
    pub(super) n_quoted: usize,
    /// Whether a quotation mark was never closed and therefore taken as a part of the text.
    pub(super) has_stray_quote: bool,
    /// The text of the row, where it has more cells than there are columns.
    pub(super) body: Option<String>,
}

/// Reads rows.
pub(super) struct Rows<R> {
    pub(super) lines: Lines<R>,
    marks: Marks,
    /// What lines begin with that are no rows.
    comment: Option<String>,
    /// Cells that a row should have, once that is known. Decides between two readings of a broken row.
    pub(super) n_columns: Option<usize>,
    has_rows: bool,
    /// Comments so far, by their line.
    pub(super) comments: Vec<u64>,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(lines: Lines<R>, marks: Marks, comment: Option<String>) -> Rows<R> {
        Rows {
            lines,
            marks,
            comment,
            n_columns: None,
            has_rows: false,
            comments: Vec::new(),
        }
    }

    /// Returns the next row that is not a blank line, or nothing at the end of the file. Where a line is one cell, a
    /// blank line below the first row is an empty cell.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, LineFault> {
        let end = loop {
            let Some(end) = self.lines.line_end(0)? else {
                return Ok(None);
            };
            let line = &self.lines.ahead()[..end];
            if self.is_comment(line) {
                self.comments.push(self.lines.number());
            } else if !self.is_blank(line) || self.has_rows && self.marks.delimiter.is_none() {
                break end;
            }
            self.lines.take(end, 1);
        };
        self.has_rows = true;
        let body = body_of(&self.lines.ahead()[..end]);
        if self.marks.occur_in(body) {
            return self.marked_row(end).map(Some);
        }
        let mut cells = Vec::with_capacity(self.n_columns.unwrap_or_default());
        self.marks.split(body, |cell| cells.push(cell.to_owned()));
        let row = RawRow {
            is_sound: true,
            ..self.row(cells, end)
        };
        self.lines.take(end, 1);
        Ok(Some(row))
    }

    fn marked_row(&mut self, first_end: usize) -> Result<RawRow, LineFault> {
        let mut parser = Parser::new(self.marks);
        parser.push(&self.lines.ahead()[..first_end]);
        let (mut end, mut n_lines) = (first_end, 1);
        let mut is_too_long = false;
        while parser.is_open() {
            let next = match self.lines.line_end(end) {
                Ok(None) => break,
                Ok(Some(next)) if next <= ROW_LIMIT_BYTES => next,
                Ok(Some(_)) | Err(LineFault::TooLong(_)) => {
                    is_too_long = true;
                    break;
                }
                Err(fault) => return Err(fault),
            };
            parser.push(&self.lines.ahead()[end..next]);
            end = next;
            n_lines += 1;
        }
        let is_closed = !parser.is_open() && !parser.is_dirty;
        if is_closed && !(n_lines >= MANY_LINES && self.is_all_rows(end)) {
            let n_quoted = parser.n_quoted;
            let row = RawRow {
                is_sound: true,
                n_quoted,
                ..self.row(parser.finish(), end)
            };
            self.lines.take(end, n_lines);
            return Ok(row);
        }
        let (row, n_bytes, n_lines) = self.second_reading(parser, first_end, end, n_lines);
        if is_too_long && !self.fits(&row.cells) {
            return Err(LineFault::TooLong(row.line));
        }
        self.lines.take(n_bytes, n_lines);
        Ok(row)
    }

    /// Returns the row with the bytes and the lines it takes.
    fn second_reading(
        &self,
        parser: Parser,
        first_end: usize,
        end: usize,
        n_lines: u64,
    ) -> (RawRow, usize, u64) {
        let body = body_of(&self.lines.ahead()[..first_end]);
        let is_open = parser.is_open();
        let of_first_line = |cells| {
            let row = RawRow {
                has_stray_quote: is_open || n_lines > 1,
                ..self.row(cells, first_end)
            };
            (row, first_end, 1)
        };
        let literal = self.marks.split_literally(body);
        if self.fits(&literal) {
            return of_first_line(literal);
        }
        if let Some(cells) = self.marks.split_leniently(body)
            && self.fits(&cells)
        {
            return of_first_line(cells);
        }
        let as_others_read_it = (!is_open).then(|| parser.finish());
        match as_others_read_it {
            Some(cells) if self.fits(&cells) => (self.row(cells, end), end, n_lines),
            _ => of_first_line(literal),
        }
    }

    /// Makes a row of cells that end `end` bytes ahead.
    fn row(&self, cells: Vec<String>, end: usize) -> RawRow {
        let n_columns = self.n_columns.unwrap_or(usize::MAX);
        let has_surplus = cells.len() > n_columns
            && cells[n_columns..]
                .iter()
                .any(|cell| !cell.trim().is_empty());
        let body = has_surplus.then(|| body_of(&self.lines.ahead()[..end]).to_owned());
        RawRow {
            line: self.lines.number(),
            cells,
            is_sound: false,
            n_quoted: 0,
            has_stray_quote: false,
            body,
        }
    }

    /// Tells whether every line of what was read as one row could be a row. A mark that is doubled within a line says
    /// that the line stands in a quoted cell.
    fn is_all_rows(&self, end: usize) -> bool {
        let is_row = |line: &str| {
            !self.marks.are_doubled_in(line) && self.fits(&self.marks.split_literally(line))
        };
        self.n_columns.is_some_and(|n| n > 1) && self.lines.ahead()[..end].lines().all(is_row)
    }

    fn fits(&self, cells: &[String]) -> bool {
        self.n_columns.is_none_or(|n| {
            cells.len() == n || cells.len() > n && cells[n..].iter().all(String::is_empty)
        })
    }

    fn is_comment(&self, line: &str) -> bool {
        let comment = self.comment.as_deref();
        comment.is_some_and(|comment| line.starts_with(comment))
    }

    /// A line of spaces is blank, and so are the zeros that a computer leaves where it lost power and the mark with which
    /// DOS ended its texts.
    fn is_blank(&self, line: &str) -> bool {
        let separates = |c| Some(c) == self.marks.delimiter && self.marks.runs == Runs::Each;
        line.chars()
            .all(|c| (c.is_whitespace() || c == '\0' || c == END_OF_FILE) && !separates(c))
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::LineBreak;
    use super::*;

    fn rows_of(text: &str, n_columns: usize) -> Vec<RawRow> {
        let marks = Marks::new(Some(','), Some('"'));
        let lines = Lines::new(text.as_bytes(), encoding_rs::UTF_8, LineBreak::LineFeed);
        let mut rows = Rows::new(lines, marks, None);
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
    fn two_stray_marks_far_apart_do_not_swallow_the_rows_between() {
        let between = "fine,b\n".repeat(30);
        let rows = rows_of(&format!("\"oh no,a\n{between}it is 5\",b\n"), 2);
        assert_eq!(rows.len(), 32);
        assert_eq!(rows[0].cells, ["\"oh no", "a"]);
        let text = format!("\"one\n{}two\",b\n", "line\n".repeat(30));
        assert_eq!(rows_of(&text, 2).len(), 1, "a long text stays one cell");
        let text = format!("\"one\n{}two\",b\n", "a \"\"line\"\", too\n".repeat(30));
        assert_eq!(rows_of(&text, 2).len(), 1, "its marks are doubled");
        let between = "\"\",b\n".repeat(30);
        let rows = rows_of(&format!("\"oh no,a\n{between}it is 5\",b\n"), 2);
        assert_eq!(rows.len(), 32, "empty cells are no doubled marks");
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
