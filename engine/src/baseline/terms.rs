//! A text → its terms with their counts: words, pairs of words, and pieces of words.
//!
//! A term is a 64-bit hash. Among ten million different terms the chance that any two have the same is three in a
//! million, and nobody needs the words back.

use super::Text;

/// Terms with this bit are words or pairs of words, the others are pieces.
pub(super) const WORD_BIT: u64 = 1 << 63;
/// Letters in a piece, from and to.
const PIECE_LETTERS: std::ops::RangeInclusive<usize> = 2..=4;
/// A text is read up to here; nobody's label stands after the first ten pages.
const MOST_LETTERS: usize = 20_000;

/// Terms and how often each stands in the text, in the order of the terms.
pub(super) type Terms = Vec<(u64, u32)>;

/// Counts the terms of a text.
pub(super) fn terms((text, text_b): Text) -> Terms {
    let mut found = Vec::new();
    let whole: String = [Some(text), text_b]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n");
    let lower = whole
        .chars()
        .take(MOST_LETTERS)
        .collect::<String>()
        .to_lowercase();
    words(&lower, &mut found);
    pieces(&lower, &mut found);
    found.sort_unstable();
    let mut counted = Terms::new();
    for term in found {
        match counted.last_mut() {
            Some((last, n)) if *last == term => *n += 1,
            _ => counted.push((term, 1)),
        }
    }
    counted
}

/// Words of two letters or more, and each pair of neighbours.
fn words(text: &str, found: &mut Vec<u64>) {
    let mut last: Option<&str> = None;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        if word.chars().nth(1).is_none() {
            continue;
        }
        found.push(hash(&[word]) | WORD_BIT);
        if let Some(last) = last {
            found.push(hash(&[last, " ", word]) | WORD_BIT);
        }
        last = Some(word);
    }
}

/// Pieces of everything that stands between blanks, with one blank on either side (`char_wb` of scikit-learn).
fn pieces(text: &str, found: &mut Vec<u64>) {
    let mut padded = String::new();
    let mut starts: Vec<usize> = Vec::new();
    for word in text.split_whitespace() {
        padded.clear();
        padded.extend([" ", word, " "]);
        starts.clear();
        starts.extend(padded.char_indices().map(|(at, _)| at));
        starts.push(padded.len());
        let n_letters = starts.len() - 1;
        for n in PIECE_LETTERS {
            if n >= n_letters {
                // The whole word, once.
                found.push(hash(&[&padded]) & !WORD_BIT);
                break;
            }
            found.extend((0..=n_letters - n).map(|first| {
                let piece = &padded[starts[first]..starts[first + n]];
                hash(&[piece]) & !WORD_BIT
            }));
        }
    }
}

/// FNV-1a, with a last mix (that of `MurmurHash3`) that spreads short texts over all bits.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str, terms_of_it: &[&str], bit: u64) -> Vec<u32> {
        let counted = terms((text, None));
        let count = |term: &&str| {
            let hash = hash(&[term]) & !WORD_BIT | bit;
            let found = counted.iter().find(|(term, _)| *term == hash);
            found.map_or(0, |(_, n)| *n)
        };
        terms_of_it.iter().map(count).collect()
    }

    #[test]
    fn words_have_two_letters_or_more_and_pairs_leave_out_what_is_between() {
        let words = ["go", "now", "go now", "a", "now go", "now a"];
        assert_eq!(
            counts("Go, NOW a go!", &words, WORD_BIT),
            [2, 1, 1, 0, 1, 0]
        );
    }

    #[test]
    fn pieces_have_a_blank_at_the_ends_of_a_word() {
        let pieces = [" a", "a ", " a ", "ab", " ab", "ab ", " ab ", "b"];
        assert_eq!(counts("a ab", &pieces, 0), [2, 1, 1, 1, 1, 1, 1, 0]);
    }

    #[test]
    fn the_words_of_a_pair_are_counted_together() {
        assert_eq!(
            terms(("one two", Some("three"))),
            terms(("one two\nthree", None))
        );
    }

    #[test]
    fn a_text_without_letters_has_no_words() {
        assert_eq!(terms(("", None)), Terms::new());
        assert!(terms(("?!", None)).iter().all(|(t, _)| t & WORD_BIT == 0));
    }
}
