//! Letters as one character where Unicode has one for them (NFC): `é` can also be written as `e` with an accent of its
//! own, looks the same then, and is other bytes.

use std::borrow::Cow;

use tokenizers::NormalizedString;

/// Returns `text` in NFC.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_composed) {
        return Cow::Borrowed(text);
    }
    let mut whole = NormalizedString::from(text);
    whole.nfc();
    match whole.get() {
        same if same == text => Cow::Borrowed(text),
        other => Cow::Owned(other.to_owned()),
    }
}

/// Tells whether a character is in NFC whatever stands beside it. Of a few other characters it is true as well: these
/// ranges are what ordinary texts are made of, and they spare nearly all of them the long way.
fn is_composed(c: char) -> bool {
    matches!(c,
        // Latin, and the first letters without a decomposition of their own in Greek, Cyrillic, Hebrew, Arabic, Thai
        '\0'..='\u{2ff}' | '\u{388}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{5d0}'..='\u{5ea}'
        | '\u{620}'..='\u{64a}' | '\u{e01}'..='\u{e30}'
        // punctuation, currencies, arrows, symbols
        | '\u{2010}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{27bf}'
        // kana, Chinese characters, Korean syllables, wide forms
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ffef}'
        // signs that choose a picture, and the pictures
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_two_pieces_become_one_character() {
        let check = |text: &str, expected: &str| assert_eq!(composed(text), expected);
        check("cafe\u{301}", "café");
        check("u\u{308}ber", "über");
        // Korean from its letters, the Ångström sign, and a Japanese voice mark.
        check("\u{1112}\u{1161}\u{11ab}", "한");
        check("\u{212b}", "Å");
        check("か\u{3099}", "が");
        // No character of its own, so it stays.
        check("q\u{301}", "q\u{301}");
    }

    #[test]
    fn what_is_composed_is_left_as_it_is() {
        for text in ["", "Überweisung 5 €", "很好。", "한국어", "что", "👍🏽 ok"] {
            assert!(matches!(composed(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn every_character_that_is_passed_over_is_composed() {
        for c in (char::MIN..=char::MAX).filter(|c| is_composed(*c)) {
            // After a letter that accents can join, too.
            for text in [format!("{c}"), format!("e{c}")] {
                let mut whole = NormalizedString::from(text.as_str());
                whole.nfc();
                assert_eq!(whole.get(), text, "{:x}", c as u32);
            }
        }
    }
}
