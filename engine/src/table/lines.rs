//! A file in any encoding → its lines, one at a time and none longer than a row may be.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};
use memchr::{memchr, memchr2};

use super::ROW_LIMIT_BYTES;

const PIECE_BYTES: usize = 64 * 1024;

/// Ctrl+Z, with which DOS ended its texts.
pub(super) const END_OF_FILE: char = '\u{1A}';

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreak {
    /// A line feed, with or without carriage returns before it.
    LineFeed,
    /// A carriage return, as on old Macs.
    CarriageReturn,
    /// Either of them, or both together.
    Any,
}

impl LineBreak {
    /// Returns where the first line of a text ends, its line break included. A carriage return at the very end may
    /// still be followed by a line feed, unless the text `is_whole`.
    pub(super) fn end_in(self, text: &str, is_whole: bool) -> Option<usize> {
        match self {
            LineBreak::LineFeed => memchr(b'\n', text.as_bytes()).map(|at| at + 1),
            LineBreak::CarriageReturn => memchr(b'\r', text.as_bytes()).map(|at| at + 1),
            LineBreak::Any => {
                let at = memchr2(b'\r', b'\n', text.as_bytes())?;
                let rest = &text[at..];
                match (rest.starts_with("\r\n"), rest == "\r") {
                    (true, _) => Some(at + 2),
                    (false, true) => is_whole.then_some(at + 1),
                    (false, false) => Some(at + 1),
                }
            }
        }
    }
}

/// A line of the file with its line break.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Where it stands, from 1.
    pub(super) number: u64,
    /// What it says, line break included.
    pub(super) text: String,
}

impl Line {
    /// Returns the line without its line break.
    pub(super) fn body(&self) -> &str {
        body_of(&self.text)
    }
}

/// Returns a line without its line break.
pub(super) fn body_of(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

/// Why there is no next line.
#[derive(Debug)]
pub(super) enum LineFault {
    /// The file can't be read on.
    Io(io::Error),
    /// The row that starts in this line does not end within [`ROW_LIMIT_BYTES`].
    TooLong(u64),
}

/// Reads lines. What lies ahead can be looked at before it is taken, so that a line is copied once: into its cells.
pub(super) struct Lines<R> {
    reader: R,
    decoder: Decoder,
    line_break: LineBreak,
    bytes: Vec<u8>,
    text: String,
    at: usize,
    is_at_start: bool,
    is_at_end: bool,
    n_taken: u64,
    /// Whether some bytes so far were not valid in the encoding and became `�`.
    pub(super) has_broken_text: bool,
}

impl<R: Read> Lines<R> {
    /// Reads `reader` as text in `encoding`; a byte order mark is dropped.
    pub(super) fn new(reader: R, encoding: &'static Encoding, line_break: LineBreak) -> Lines<R> {
        Lines {
            reader,
            decoder: encoding.new_decoder_with_bom_removal(),
            line_break,
            bytes: vec![0; PIECE_BYTES],
            text: String::new(),
            at: 0,
            is_at_start: true,
            is_at_end: false,
            n_taken: 0,
            has_broken_text: false,
        }
    }

    /// Returns the next line, or nothing at the end of the file.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>, LineFault> {
        let Some(end) = self.line_end(0)? else {
            return Ok(None);
        };
        let line = Line {
            number: self.number(),
            text: self.ahead()[..end].to_owned(),
        };
        self.take(end, 1);
        Ok(Some(line))
    }

    /// Returns what was read and not taken. It holds at least what [`Lines::line_end`] told.
    pub(super) fn ahead(&self) -> &str {
        &self.text[self.at..]
    }

    /// Returns the number of the line that comes next, from 1.
    pub(super) fn number(&self) -> u64 {
        self.n_taken + 1
    }

    /// Finds where the line that begins `from` bytes ahead ends, line break included; nothing at the end of the file.
    pub(super) fn line_end(&mut self, from: usize) -> Result<Option<usize>, LineFault> {
        let mut searched = from;
        loop {
            let ahead = self.ahead();
            // The mark that ends the file is no longer there once the end is known.
            searched = searched.min(ahead.len());
            if let Some(end) = self.line_break.end_in(&ahead[searched..], self.is_at_end) {
                return Ok(Some(searched + end));
            }
            let n_bytes = ahead.len();
            searched = n_bytes - usize::from(n_bytes > searched && ahead.ends_with('\r'));
            if n_bytes - from > ROW_LIMIT_BYTES {
                return Err(LineFault::TooLong(self.number()));
            }
            if self.is_at_end {
                return Ok((n_bytes > from).then_some(n_bytes));
            }
            self.fill().map_err(LineFault::Io)?;
        }
    }

    /// Takes lines that lie ahead.
    pub(super) fn take(&mut self, n_bytes: usize, n_lines: u64) {
        self.at += n_bytes;
        self.n_taken += n_lines;
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.drain(..self.at);
        self.at = 0;
        let n = match self.reader.read(&mut self.bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other?,
        };
        self.is_at_end = n == 0;
        let room = self.decoder.max_utf8_buffer_length(n).unwrap_or(4 * n + 16);
        self.text.reserve(room);
        let (_, _, is_broken) =
            self.decoder
                .decode_to_string(&self.bytes[..n], &mut self.text, n == 0);
        self.has_broken_text |= is_broken;
        if self.is_at_end {
            let n_letters = self.text.trim_end_matches(END_OF_FILE).len();
            self.text.truncate(n_letters);
        }
        if self.is_at_start && !self.text.is_empty() {
            self.is_at_start = false;
            // The decoder drops the marks of UTF-8 and UTF-16; GB18030 has one too, and some files have two.
            if self.text.starts_with('\u{FEFF}') {
                self.text.drain(..'\u{FEFF}'.len_utf8());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every line break lies across two pieces.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(1);
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn check(text: &str, line_break: LineBreak, expected: &[&str]) {
        let mut lines = Lines::new(Drops(text.as_bytes()), encoding_rs::UTF_8, line_break);
        let read: Vec<String> = std::iter::from_fn(|| lines.next_line().unwrap())
            .map(|line| line.text)
            .collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn lines_end_where_their_file_ends_them() {
        check("a\r\nb\n", LineBreak::LineFeed, &["a\r\n", "b\n"]);
        check("a\rb\nc", LineBreak::LineFeed, &["a\rb\n", "c"]);
        check("a\rb\nc\r", LineBreak::CarriageReturn, &["a\r", "b\nc\r"]);
        check(
            "a\rb\r\nc\nd\r\re\r",
            LineBreak::Any,
            &["a\r", "b\r\n", "c\n", "d\r", "\r", "e\r"],
        );
        check("", LineBreak::Any, &[]);
        check("a\r\nb\u{1A}\u{1A}", LineBreak::LineFeed, &["a\r\n", "b"]);
        check("a\u{1A}b\n\u{1A}", LineBreak::Any, &["a\u{1A}b\n"]);
    }

    #[test]
    fn byte_order_marks_are_dropped() {
        check("\u{FEFF}a", LineBreak::LineFeed, &["a"]);
        let mut lines = Lines::new(
            b"\x84\x31\x95\x33a".as_slice(),
            encoding_rs::GB18030,
            LineBreak::LineFeed,
        );
        assert_eq!(lines.next_line().unwrap().unwrap().text, "a");
    }
}
