//! Bytes → the encoding they are written in, or what the file is instead of text.
//!
//! A byte order mark decides; then zero bytes in every second place (UTF-16); then valid UTF-8; and what is left is
//! judged by its letters (`chardetng`). The whole file is looked at in pieces, so that a large one needs no memory.
//! UTF-32 became UTF-8 before (`utf32`).

use std::io::{self, Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::EncodingReason;
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
    /// Text in this encoding, and what says so.
    Text(&'static Encoding, EncodingReason),
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
    let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    if let Some(encoding) = marked.or_else(|| head.starts_with(GB18030_MARK).then_some(GB18030)) {
        return Ok(Contents::Text(encoding, EncodingReason::ByteOrderMark));
    }
    if let Some(encoding) = utf16_without_mark(&head) {
        return Ok(Contents::Text(encoding, EncodingReason::ZeroBytes));
    }
    if is_binary(&head) {
        return Ok(Contents::Unclear);
    }
    let about = about_utf8(file)?;
    let (encoding, reason) = match about {
        Utf8 {
            n_bad: 0,
            n_good: 0,
        } => (UTF_8, EncodingReason::Ascii),
        Utf8 { n_bad: 0, .. } => (UTF_8, EncodingReason::Valid),
        Utf8 { n_bad, n_good } if n_bad * 20 < n_good => {
            (UTF_8, EncodingReason::MostlyValid { n_broken: n_bad })
        }
        Utf8 { .. } => (guess(file)?, EncodingReason::Letters),
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(Contents::Text(encoding, reason))
}

/// The byte order mark of GB18030, which has no order to mark.
const GB18030_MARK: &[u8] = b"\x84\x31\x95\x33";

/// Western text in UTF-16 has a zero in every second byte and hardly any in the others. In other scripts only line
/// breaks, spaces and delimiters have one, all on the same side, and the rest are characters.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = head.as_chunks::<2>();
    let n_pairs = pairs.len();
    let zeros_in = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (even, odd) = (zeros_in(0), zeros_in(1));
    let (encoding, here, there, mark) = if odd > even {
        (UTF_16LE, odd, even, [b'\n', 0])
    } else {
        (UTF_16BE, even, odd, [0, b'\n'])
    };
    if n_pairs < 2 || there * 20 >= n_pairs {
        return None;
    }
    if here * 10 >= n_pairs * 4 {
        return Some(encoding);
    }
    let is_plausible = here * 100 >= n_pairs
        && there * 20 <= here
        && pairs.contains(&mark)
        && is_text(encoding, pairs.as_flattened());
    is_plausible.then_some(encoding)
}

/// Tells whether bytes are letters of an encoding, none of them a control character or for private use.
fn is_text(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let mut text = String::with_capacity(bytes.len() * 3);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (_, _, is_broken) = decoder.decode_to_string(bytes, &mut text, false);
    let is_odd =
        |c: char| c.is_control() && !c.is_whitespace() || ('\u{E000}'..='\u{F8FF}').contains(&c);
    !is_broken && !text.contains(is_odd)
}

/// A stray zero or control byte happens in text; one in a thousand, or one in fifty, does not. Nor do a few in a short
/// file say anything, or zeros at its end, which a computer leaves that lost power.
fn is_binary(head: &[u8]) -> bool {
    let n_filled = head.iter().rposition(|&b| b != 0).map_or(0, |at| at + 1);
    let filled = &head[..n_filled];
    let n_zeros = filled.iter().filter(|&&b| b == 0).count();
    let is_control = |&&b: &&u8| matches!(b, 0x01..=0x08 | 0x0E..=0x1A);
    // Some databases write U+0001 between cells, and U+001C to U+001F are there for nothing else.
    let is_first = filled.iter().filter(is_control).all(|&b| b == 0x01);
    let n_controls = match is_first {
        true => 0,
        false => filled.iter().filter(is_control).count(),
    };
    n_filled == 0 || n_zeros > (n_filled / 1000).max(2) || n_controls > (n_filled / 50).max(2)
}

/// How many characters beyond ASCII are UTF-8, and how many are not.
struct Utf8 {
    n_good: usize,
    n_bad: usize,
}

/// Looks through the whole file. A few broken characters may stand in a text that otherwise is UTF-8.
fn about_utf8(file: &mut Content) -> io::Result<Utf8> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let (mut n_good, mut n_bad) = (0_usize, 0_usize);
    loop {
        let n_carried = piece.len();
        let n_wanted = (PIECE_BYTES - n_carried) as u64;
        let is_last = file.by_ref().take(n_wanted).read_to_end(&mut piece)? == 0;
        let mut at = 0;
        while at < piece.len() {
            let (n_valid, n_broken) = match simdutf8::compat::from_utf8(&piece[at..]) {
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
            return Ok(Utf8 { n_good, n_bad });
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
            let encoding = detector.guess(None, Utf8Detection::Deny);
            // The larger set of the same characters, and read by the same decoder.
            return Ok(if encoding == GBK { GB18030 } else { encoding });
        }
    }
}
