//! One row of text → cells, by the rules of RFC 4180, or with a mark that makes letters of others.

use super::lines::body_of;
use super::marks::Marks;

/// Reads cells by the rules: a cell may be quoted, a quotation mark within is doubled or has an escape before it.
pub(super) struct Parser {
    marks: Marks,
    cells: Vec<String>,
    cell: String,
    is_quoted: bool,
    is_continued: bool,
    /// Text stood between the mark that closes a cell and the next delimiter.
    pub(super) is_dirty: bool,
    /// Cells that stood within marks.
    pub(super) n_quoted: usize,
    line_break: String,
}

impl Parser {
    pub(super) fn new(marks: Marks) -> Parser {
        Parser {
            marks,
            cells: Vec::new(),
            cell: String::new(),
            is_quoted: false,
            is_continued: false,
            is_dirty: false,
            n_quoted: 0,
            line_break: String::new(),
        }
    }

    /// Whether the last cell goes on in the next line.
    pub(super) fn is_open(&self) -> bool {
        self.is_quoted || self.is_continued
    }

    /// Reads a line, line break included.
    pub(super) fn push(&mut self, line: &str) {
        let body = body_of(line);
        self.cell.push_str(&self.line_break);
        self.line_break.clear();
        let mut is_start = !self.is_open();
        self.is_continued = false;
        let mut rest = if is_start {
            self.marks.aligned(body)
        } else {
            body
        };
        loop {
            if is_start && let Some(inner) = self.opened(rest) {
                self.is_quoted = true;
                self.n_quoted += 1;
                rest = inner;
            }
            if self.is_quoted {
                rest = self.read_quoted(rest);
            }
            if self.is_quoted {
                break;
            }
            let Some(next) = self.read_plain(rest) else {
                break;
            };
            self.cells.push(std::mem::take(&mut self.cell));
            rest = next;
            is_start = true;
        }
        if self.is_open() {
            self.line_break.push_str(&line[body.len()..]);
        }
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        self.cells.push(self.cell);
        self.cells
    }

    /// Returns what follows the mark that opens a cell, if one does. Spaces before it are not part of the cell, unless
    /// they are delimiters.
    fn opened<'a>(&self, rest: &'a str) -> Option<&'a str> {
        let quote = self.marks.quote?;
        self.without_spaces(rest).strip_prefix(quote)
    }

    fn without_spaces<'a>(&self, rest: &'a str) -> &'a str {
        match self.marks.delimiter {
            Some(' ') => rest,
            _ => rest.trim_start_matches(' '),
        }
    }

    /// Takes the text up to the closing mark and returns what follows it, or takes all of it.
    fn read_quoted<'a>(&mut self, text: &'a str) -> &'a str {
        let mut rest = text;
        while let Some(quote) = self.marks.quote
            && let Some((position, mark)) = self.next_in_quotes(rest, quote)
        {
            self.cell.push_str(&rest[..position]);
            let after = &rest[position + mark.len_utf8()..];
            if mark != quote {
                rest = self.read_escaped(mark, after);
                continue;
            }
            if let Some(after_two) = after.strip_prefix(quote) {
                self.cell.push(quote);
                rest = after_two;
                continue;
            }
            self.is_quoted = false;
            let trimmed = self.without_spaces(after);
            if trimmed.is_empty() || matches!(self.marks.next_delimiter(trimmed), Some((0, _))) {
                return trimmed;
            }
            self.is_dirty = true;
            return after;
        }
        self.cell.push_str(rest);
        ""
    }

    fn next_in_quotes(&self, rest: &str, quote: char) -> Option<(usize, char)> {
        match self.marks.escape {
            None => rest.find(quote).map(|position| (position, quote)),
            Some(escape) => {
                let position = rest.find([quote, escape])?;
                let is_quote = rest[position..].starts_with(quote);
                Some((position, if is_quote { quote } else { escape }))
            }
        }
    }

    /// Takes the text up to the next delimiter and returns what follows that, or takes all of it.
    fn read_plain<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let mut rest = text;
        loop {
            let delimiter = self.marks.next_delimiter(rest);
            let end = delimiter.map_or(rest.len(), |(start, _)| start);
            let escape = self
                .marks
                .escape
                .and_then(|escape| rest[..end].find(escape).map(|position| (position, escape)));
            let Some((position, escape)) = escape else {
                self.cell.push_str(&rest[..end]);
                return delimiter.map(|(_, next)| &rest[next..]);
            };
            self.cell.push_str(&rest[..position]);
            let after = &rest[position + escape.len_utf8()..];
            if after.is_empty() {
                self.is_continued = true;
                return None;
            }
            rest = self.read_escaped(escape, after);
        }
    }

    /// Takes the mark that an escape makes a letter of. Before anything else the escape itself is a letter.
    fn read_escaped<'a>(&mut self, escape: char, after: &'a str) -> &'a str {
        let mut characters = after.chars();
        match characters.next() {
            Some(c)
                if c == escape
                    || Some(c) == self.marks.quote
                    || Some(c) == self.marks.delimiter =>
            {
                self.cell.push(c);
                characters.as_str()
            }
            _ => {
                self.cell.push(escape);
                after
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expected: &[&str]) {
        let mut parser = Parser::new(Marks {
            escape: Some('\\'),
            ..Marks::new(Some(','), Some('"'))
        });
        for line in lines {
            parser.push(line);
        }
        assert!(!parser.is_open() && !parser.is_dirty, "{lines:?}");
        assert_eq!(parser.finish(), expected, "{lines:?}");
    }

    #[test]
    fn an_escape_makes_a_letter_of_a_mark() {
        check(&[r#""a \"b\"",c"#], &["a \"b\"", "c"]);
        check(&[r#""ends with \\",c"#], &["ends with \\", "c"]);
        check(&[r"a\, b,c"], &["a, b", "c"]);
        check(&[r"C:\temp\new,c"], &["C:\\temp\\new", "c"]);
        check(&[r#""""doubled"" too",c"#], &["\"doubled\" too", "c"]);
        check(&["one\\\r\n", "two,c\n"], &["one\r\ntwo", "c"]);
        check(&["\"one\\\n", "two\",c"], &["one\\\ntwo", "c"]);
    }
}
