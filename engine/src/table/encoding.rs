//! Bytes → the encoding they are written in, or what the file is instead of text.
//!
//! A byte order mark decides; then zero bytes in every second place (UTF-16); then valid UTF-8; and what is left is
//! judged by its letters (`chardetng`). The whole file is looked at in pieces, so that a large one needs no memory.

use std::io::{self, Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::content::Content;

const PIECE_BYTES: usize = 64 * 1024;

/// Where a tar archive says what it is, behind the name of the first file in it.
const TAR_MARK_AT: usize = 257;

/// First bytes of files that people take for tables and that are not read, and what to call them.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ\x00", "an xz archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
    (b"Rar!", "a RAR archive"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7FELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xFF\xFE\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xFE\xFF", "text in UTF-32"),
    (b"{\\rtf", "an RTF document"),
];

/// What a file holds.
pub(super) enum Contents {
    /// Nothing at all.
    Nothing,
    /// Text in this encoding.
    Text(&'static Encoding),
    /// Bytes that look like no text, and like no known format either.
    Unclear,
    /// Something else, with its article.
    Other(&'static str),
}

/// Finds out what a file holds, and leaves it at its start.
pub(super) fn detect(file: &mut Content) -> io::Result<Contents> {
    let mut head = Vec::with_capacity(PIECE_BYTES);
    file.by_ref()
        .take(PIECE_BYTES as u64)
        .read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if head.is_empty() {
        return Ok(Contents::Nothing);
    }
    if let Some((_, kind)) = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Ok(Contents::Other(kind));
    }
    if head
        .get(TAR_MARK_AT..)
        .is_some_and(|rest| rest.starts_with(b"ustar"))
    {
        return Ok(Contents::Other("a tar archive"));
    }
    if let Some((encoding, _)) = Encoding::for_bom(&head) {
        return Ok(Contents::Text(encoding));
    }
    if let Some(encoding) = utf16_without_mark(&head) {
        return Ok(Contents::Text(encoding));
    }
    if is_binary(&head) {
        return Ok(Contents::Unclear);
    }
    let encoding = if is_mostly_utf8(file)? {
        UTF_8
    } else {
        guess(file)?
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(Contents::Text(encoding))
}

/// Western text in UTF-16 has a zero in every second byte and hardly any in the others.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let n_pairs = head.len() / 2;
    let zeros_in = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd) = (zeros_in(0), zeros_in(1));
    if n_pairs < 2 {
        None
    } else if odd * 10 >= n_pairs * 4 && even * 20 < n_pairs {
        Some(UTF_16LE)
    } else if even * 10 >= n_pairs * 4 && odd * 20 < n_pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// A stray zero or control byte happens in text; one in a thousand, or one in fifty, does not.
fn is_binary(head: &[u8]) -> bool {
    let n_zeros = head.iter().filter(|&&b| b == 0).count();
    let n_controls = head
        .iter()
        .filter(|&&b| matches!(b, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F))
        .count();
    n_zeros * 1000 > head.len() || n_controls * 50 > head.len()
}

/// Tells whether the file is UTF-8, allowing for a few broken characters in a text that otherwise is.
fn is_mostly_utf8(file: &mut Content) -> io::Result<bool> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let (mut n_good, mut n_bad) = (0_usize, 0_usize);
    loop {
        let n_carried = piece.len();
        let n_wanted = (PIECE_BYTES - n_carried) as u64;
        let is_last = file.by_ref().take(n_wanted).read_to_end(&mut piece)? == 0;
        let mut at = 0;
        while at < piece.len() {
            let (n_valid, n_broken) = match std::str::from_utf8(&piece[at..]) {
                Ok(text) => (text.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            n_good += count_leading_bytes(&piece[at..at + n_valid]);
            at += n_valid;
            match n_broken {
                None => {}
                Some(Some(n)) => {
                    n_bad += 1;
                    at += n;
                }
                // The piece ends within a character.
                Some(None) if is_last => {
                    n_bad += 1;
                    at = piece.len();
                }
                Some(None) => break,
            }
        }
        piece.drain(..at);
        if is_last {
            return Ok(n_bad == 0 || n_bad * 20 < n_good);
        }
    }
}

/// Counts the characters beyond ASCII in valid UTF-8.
fn count_leading_bytes(valid: &[u8]) -> usize {
    if valid.is_ascii() {
        return 0;
    }
    valid.iter().filter(|&&b| b >= 0xC0).count()
}

fn guess(file: &mut Content) -> io::Result<&'static Encoding> {
    file.seek(SeekFrom::Start(0))?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n = file.read(&mut piece)?;
        detector.feed(&piece[..n], n == 0);
        if n == 0 {
            return Ok(detector.guess(None, Utf8Detection::Deny));
        }
    }
}
