//! A file in any encoding → its lines, one at a time and none longer than a row may be.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

use super::ROW_LIMIT_BYTES;

const PIECE_BYTES: usize = 64 * 1024;

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
        self.text.trim_end_matches(['\r', '\n'])
    }
}

/// Why there is no next line.
#[derive(Debug)]
pub(super) enum LineFault {
    /// The file can't be read on.
    Io(io::Error),
    /// The row that starts in this line does not end within [`ROW_LIMIT_BYTES`].
    TooLong(u64),
}

/// Reads lines. A line can be handed back and is then read again.
pub(super) struct Lines<R> {
    reader: R,
    decoder: Decoder,
    line_break: char,
    bytes: Vec<u8>,
    text: String,
    at: usize,
    is_at_end: bool,
    n_lines: u64,
    returned: VecDeque<Line>,
    /// Whether some bytes so far were not valid in the encoding and became `�`.
    pub(super) has_broken_text: bool,
}

impl<R: Read> Lines<R> {
    /// Reads `reader` as text in `encoding`; a byte order mark is dropped.
    pub(super) fn new(reader: R, encoding: &'static Encoding, line_break: char) -> Lines<R> {
        Lines {
            reader,
            decoder: encoding.new_decoder_with_bom_removal(),
            line_break,
            bytes: vec![0; PIECE_BYTES],
            text: String::new(),
            at: 0,
            is_at_end: false,
            n_lines: 0,
            returned: VecDeque::new(),
            has_broken_text: false,
        }
    }

    /// Returns the next line, or nothing at the end of the file.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>, LineFault> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut n_searched = 0;
        loop {
            let ahead = &self.text[self.at..];
            if let Some(position) = ahead[n_searched..].find(self.line_break) {
                return Ok(Some(self.take(n_searched + position + 1)));
            }
            n_searched = ahead.len();
            if n_searched > ROW_LIMIT_BYTES {
                return Err(LineFault::TooLong(self.n_lines + 1));
            }
            if self.is_at_end {
                return Ok((n_searched > 0).then(|| self.take(n_searched)));
            }
            self.fill().map_err(LineFault::Io)?;
        }
    }

    /// Hands lines back, in their order, to be read again.
    pub(super) fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        for line in lines.rev() {
            self.returned.push_front(line);
        }
    }

    fn take(&mut self, n_bytes: usize) -> Line {
        let text = self.text[self.at..self.at + n_bytes].to_owned();
        self.at += n_bytes;
        self.n_lines += 1;
        Line {
            number: self.n_lines,
            text,
        }
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
        Ok(())
    }
}
