//! When two texts are the same, and when they are nearly the same.
//!
//! Comes in: examples. Goes out: a [`TextKey`] for each, equal where texts differ in case, in spaces or in how their
//! letters are put together alone; and [`NearTexts`], the different texts that share most of their letters. A step of its
//! own, because corrections, findings and the split must mean the same by "the same text".

mod copies;
mod near;
mod nfc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

pub(crate) use self::copies::{leaks, near_repeats};
pub use self::near::NearTexts;
pub(crate) use self::nfc::composed;
use crate::dataset::Example;

/// What a text is known by: the first half of the SHA-256 of its plain form. Equal keys, equal texts: two different ones
/// among a billion texts would have the same with a probability below 10^-20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TextKey(u128);

/// Bytes of a key.
const KEY_BYTES: usize = 16;

/// Returns the key of each example, in their order.
pub(crate) fn keys(examples: &[Example]) -> Vec<TextKey> {
    examples.par_iter().map(key).collect()
}

fn key(example: &Example) -> TextKey {
    let hash = Sha256::digest(normalized(example).as_bytes());
    let bytes = hash.iter().take(KEY_BYTES);
    TextKey(bytes.fold(0, |key, byte| (key << 8) | u128::from(*byte)))
}

/// The plain form of an example's text, or of both its texts: letters composed, in lower case, one space between words.
pub(crate) fn normalized(example: &Example) -> String {
    match &example.text_b {
        Some(text_b) => format!("{}\n{}", plain(&example.text), plain(text_b)),
        None => plain(&example.text),
    }
}

fn plain(text: &str) -> String {
    let composed = composed(text);
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;

    #[test]
    fn case_spaces_and_composition_make_no_other_text() {
        let data = Dataset::of_rows(&[
            ("Where is  my café?", "a"),
            (" where IS my cafe\u{301}?\n", "a"),
            ("Where is my cafe?", "a"),
        ]);
        let keys = keys(&data.examples);
        assert_eq!(keys[0], keys[1]);
        assert_ne!(keys[0], keys[2]);
    }

    #[test]
    fn a_pair_is_another_text_than_its_words_in_one() {
        let mut data = Dataset::of_rows(&[("a b", "x"), ("a", "x"), ("a b", "x")]);
        data.examples[1].text_b = Some("b".to_owned());
        data.examples[2].text_b = Some(String::new());
        let keys = keys(&data.examples);
        assert_ne!(keys[0], keys[1]);
        assert_ne!(keys[0], keys[2]);
    }
}
