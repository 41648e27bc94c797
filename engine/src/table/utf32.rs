//! UTF-32, which browsers and so `encoding_rs` do not know: it becomes UTF-8 before anything looks at it.

use std::io::{self, Read, Seek};

use super::content::{Content, read_bounded};
use super::{EncodingReason, UNPACKED_LIMIT_BYTES};

/// Bytes that show whether a text is UTF-32.
const HEAD_BYTES: u64 = 4096;

/// The two orders of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Utf32 {
    LittleEndian,
    BigEndian,
}

impl Utf32 {
    /// Tells whether a name is one of UTF-32.
    pub(super) fn is(name: &str) -> bool {
        name.trim()
            .to_ascii_lowercase()
            .replace('-', "")
            .starts_with("utf32")
    }

    /// Finds the one that a person names; without an order it is that of the file, or the usual one.
    pub(super) fn named(name: &str, content: &mut Content) -> io::Result<Option<Utf32>> {
        Ok(match name.trim().to_ascii_lowercase().as_str() {
            "utf-32" | "utf32" => {
                Some(detect(content)?.map_or(Utf32::LittleEndian, |(order, _)| order))
            }
            "utf-32le" | "utf32le" | "utf-32-le" => Some(Utf32::LittleEndian),
            "utf-32be" | "utf32be" | "utf-32-be" => Some(Utf32::BigEndian),
            _ => None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Utf32::LittleEndian => "UTF-32LE",
            Utf32::BigEndian => "UTF-32BE",
        }
    }

    fn character(self, bytes: [u8; 4]) -> Option<char> {
        char::from_u32(match self {
            Utf32::LittleEndian => u32::from_le_bytes(bytes),
            Utf32::BigEndian => u32::from_be_bytes(bytes),
        })
    }
}

/// Tells whether a text is UTF-32, and why, and leaves it at its start. Without a byte order mark, two of four bytes
/// are zeros at the right place, and all of them are characters.
pub(super) fn detect(content: &mut Content) -> io::Result<Option<(Utf32, EncodingReason)>> {
    let mut head = Vec::new();
    content.rewind()?;
    content.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    content.rewind()?;
    if head.starts_with(b"\xFF\xFE\x00\x00") {
        return Ok(Some((Utf32::LittleEndian, EncodingReason::ByteOrderMark)));
    }
    if head.starts_with(b"\x00\x00\xFE\xFF") {
        return Ok(Some((Utf32::BigEndian, EncodingReason::ByteOrderMark)));
    }
    let (characters, rest) = head.as_chunks::<4>();
    let is_text = |order: Utf32| {
        characters.iter().all(|&bytes| {
            order
                .character(bytes)
                .is_some_and(|c| c != '\0' && (!c.is_control() || c.is_whitespace()))
        })
    };
    if characters.len() < 2 || !rest.is_empty() {
        return Ok(None);
    }
    let order = [Utf32::LittleEndian, Utf32::BigEndian]
        .into_iter()
        .find(|&order| is_text(order));
    Ok(order.map(|order| (order, EncodingReason::ZeroBytes)))
}

/// Returns the text as UTF-8, or nothing when it is longer than [`UNPACKED_LIMIT_BYTES`].
pub(super) fn to_utf8(content: Content, order: Utf32) -> io::Result<Option<Content>> {
    let Some(bytes) = read_bounded(content, UNPACKED_LIMIT_BYTES)? else {
        return Ok(None);
    };
    let (characters, rest) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(bytes.len() / 4);
    text.extend(
        characters
            .iter()
            .map(|&bytes| order.character(bytes).unwrap_or('\u{FFFD}')),
    );
    if !rest.is_empty() {
        text.push('\u{FFFD}');
    }
    Ok(Some(Content::Memory(io::Cursor::new(
        text.into_bytes().into(),
    ))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str, order: Utf32) -> Vec<u8> {
        text.chars()
            .flat_map(|c| match order {
                Utf32::LittleEndian => u32::from(c).to_le_bytes(),
                Utf32::BigEndian => u32::from(c).to_be_bytes(),
            })
            .collect()
    }

    #[test]
    fn utf32_is_found_and_becomes_utf8() {
        for order in [Utf32::LittleEndian, Utf32::BigEndian] {
            for text in ["\u{FEFF}text,label\nschön 😎,a\n", "文本,标签\n很好,好\n"] {
                let bytes = bytes(text, order);
                let mut content = Content::Memory(io::Cursor::new(bytes.into()));
                assert_eq!(detect(&mut content).unwrap().unwrap().0, order, "{text}");
                let mut read = String::new();
                let mut utf8 = to_utf8(content, order).unwrap().unwrap();
                utf8.read_to_string(&mut read).unwrap();
                assert_eq!(read, text);
            }
        }
        let mut content = Content::Memory(io::Cursor::new(b"text,lab".to_vec().into()));
        assert_eq!(detect(&mut content).unwrap(), None);
    }
}
