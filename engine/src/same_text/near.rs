//! Texts that are nearly the same: MinHash and bands of hashes find them, the exact Jaccard similarity decides.
//!
//! A text is the set of its runs of five characters ("shingles"), in its plain form. How alike two texts are is the
//! Jaccard similarity of their sets, common shingles over all shingles. Of two sets, the least hash of all members is
//! equal with just this probability (Broder 1997, "On the resemblance and containment of documents"). Five least hashes
//! are a band; texts that share at least one of twenty bands are compared (Leskovec, Rajaraman and Ullman, "Mining of
//! Massive Datasets", chapter 3.4): at a similarity `s` that happens with the probability `1 - (1 - s^5)^20`, 99.96 % at
//! 0.8, 99.99 % at 0.83 and 0.05 % at 0.12, where different texts of one language are.
//!
//! What it costs: per character about a hundred multiplications, on all processor cores, and per different text 80 bytes
//! while the search is on. To stay quick where thousands of texts look alike, a text is compared with the first and last
//! few of its band, and with those first that share the most bands; and only the first 100 MB of texts are looked at.

use std::array::from_fn;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::{TextKey, keys, normalized};
use crate::dataset::Example;
use crate::random::Random;

/// Characters of a shingle. A shorter text is one shingle.
const SHINGLE: usize = 5;
/// Texts are nearly the same from this Jaccard similarity on, as a fraction.
const LEAST_ALIKE: (usize, usize) = (4, 5);
/// Bands of hashes.
const BANDS: usize = 20;
/// Hashes of a band.
const BAND_SIZE: usize = 5;
/// Hashes of a text.
const HASHES: usize = BANDS * BAND_SIZE;
/// Bytes of the texts that are looked at.
const MOST_BYTES: usize = 100_000_000;
/// Texts at the beginning of a band that a later one is compared with, and those just before it.
const FIRST_OF_BAND: usize = 8;
const LAST_OF_BAND: usize = 2;
/// When there are more pairs to compare, the remaining bands are not looked at.
const MOST_PAIRS: usize = 16_000_000;
/// Earlier texts that a text is compared with.
const MOST_COMPARED: usize = 16;

/// Which different texts are nearly the same.
#[derive(Debug, Clone, Default)]
pub struct NearTexts {
    near: HashMap<TextKey, Vec<TextKey>>,
    n_looked_at: usize,
    n_different: usize,
}

impl NearTexts {
    /// Looks for them in all examples, whatever their labels.
    #[must_use]
    pub fn find(examples: &[Example]) -> NearTexts {
        let keys = keys(examples);
        let mut seen = HashSet::new();
        let different: Vec<usize> = (0..examples.len())
            .filter(|i| seen.insert(keys[*i]))
            .collect();
        drop(seen);
        let looked_at = first_bytes(examples, &different, MOST_BYTES);
        let mut near: HashMap<TextKey, Vec<TextKey>> = HashMap::new();
        for (later, earlier) in near_pairs(examples, looked_at) {
            let (later, earlier) = (keys[later], keys[earlier]);
            near.entry(later).or_default().push(earlier);
            near.entry(earlier).or_default().push(later);
        }
        NearTexts {
            near,
            n_looked_at: looked_at.len(),
            n_different: different.len(),
        }
    }

    /// The texts that are nearly this one.
    pub(crate) fn of(&self, text: TextKey) -> &[TextKey] {
        self.near.get(&text).map_or(&[], Vec::as_slice)
    }

    /// Different texts that were compared, the first of all.
    pub(crate) fn n_looked_at(&self) -> usize {
        self.n_looked_at
    }

    /// Different texts that there are.
    pub(crate) fn n_different(&self) -> usize {
        self.n_different
    }
}

/// As many of `positions` as have at most `most` bytes of text together.
fn first_bytes<'a>(examples: &[Example], positions: &'a [usize], most: usize) -> &'a [usize] {
    let mut n_bytes = 0;
    let fits = positions.iter().take_while(|i| {
        let example = &examples[**i];
        n_bytes += example.text.len() + example.text_b.as_ref().map_or(0, String::len);
        n_bytes <= most
    });
    let n_fitting = fits.count();
    &positions[..n_fitting]
}

/// The pairs of examples at `positions`, the later one first, whose texts are nearly the same.
fn near_pairs(examples: &[Example], positions: &[usize]) -> Vec<(usize, usize)> {
    let shingles_of = |text: u32| shingles(&normalized(&examples[positions[text as usize]]));
    let hashes = MinHashes::new();
    let bands: Vec<Bands> = (0..positions.len() as u32)
        .into_par_iter()
        .map(|text| hashes.bands(&shingles_of(text)))
        .collect();
    let pairs = candidates(&bands);
    let near = pairs
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|pairs| {
            let later = pairs[0].0;
            let own = shingles_of(later);
            let mut others: Vec<u32> = pairs.iter().map(|(_, earlier)| *earlier).collect();
            others.sort_by_key(|other| Reverse(n_shared(&bands, later, *other)));
            others.truncate(MOST_COMPARED);
            others.retain(|other| are_near(&own, &shingles_of(*other)));
            others.into_iter().map(move |earlier| (later, earlier))
        });
    near.map(|(later, earlier)| (positions[later as usize], positions[earlier as usize]))
        .collect()
}

type Bands = [u32; BANDS];

/// Pairs of texts that share a band, the later one first: sorted, and each pair once.
fn candidates(bands: &[Bands]) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for band in 0..BANDS {
        let texts = bands.iter().zip(0_u32..);
        let mut order: Vec<(u32, u32)> = texts.map(|(hashes, text)| (hashes[band], text)).collect();
        order.par_sort_unstable();
        for alike in order.chunk_by(|a, b| a.0 == b.0) {
            for (at, (_, later)) in alike.iter().enumerate().skip(1) {
                let n_first = at.min(FIRST_OF_BAND);
                let last = at.saturating_sub(LAST_OF_BAND).max(n_first)..at;
                let earlier = alike[..n_first].iter().chain(&alike[last]);
                pairs.extend(earlier.map(|(_, earlier)| (*later, *earlier)));
            }
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        if pairs.len() > MOST_PAIRS {
            break;
        }
    }
    pairs
}

fn n_shared(bands: &[Bands], a: u32, b: u32) -> usize {
    let both = bands[a as usize].iter().zip(&bands[b as usize]);
    both.filter(|(a, b)| a == b).count()
}

/// The hashes of the shingles of a text, sorted, each once.
fn shingles(text: &str) -> Vec<u64> {
    let letters: Vec<u64> = text.chars().map(u64::from).collect();
    let mut shingles: Vec<u64> = if letters.len() < SHINGLE {
        vec![hash_of(&letters)]
    } else {
        letters.windows(SHINGLE).map(hash_of).collect()
    };
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// A character has 21 bits, so that three fit into a number.
fn hash_of(letters: &[u64]) -> u64 {
    let packed = |letters: &[u64]| -> u64 {
        letters
            .iter()
            .fold(0, |packed, letter| (packed << 21) | letter)
    };
    let (first, rest) = letters.split_at(letters.len().min(3));
    mix(mix(packed(first)).wrapping_add(packed(rest)))
}

/// The last part of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on all of `z`.
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Tells whether the Jaccard similarity of two sorted sets is large enough.
fn are_near(a: &[u64], b: &[u64]) -> bool {
    let (least, of) = LEAST_ALIKE;
    // All of the shorter one in common can't be enough.
    if a.len().min(b.len()) * of < a.len().max(b.len()) * least {
        return false;
    }
    let n_common = n_common(a, b);
    n_common * of >= (a.len() + b.len() - n_common) * least
}

fn n_common(mut a: &[u64], mut b: &[u64]) -> usize {
    let mut n = 0;
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        n += usize::from(x == y);
        if x <= y {
            a = rest_a;
        }
        if y <= x {
            b = rest_b;
        }
    }
    n
}

/// A hundred hash functions, `x · factor + shift` of 32 bits.
struct MinHashes {
    factors: [u32; HASHES],
    shifts: [u32; HASHES],
}

/// Any number; another one finds the same texts.
const SEED: u64 = 5;

impl MinHashes {
    fn new() -> MinHashes {
        let mut random = Random::new(SEED);
        MinHashes {
            factors: from_fn(|_| random.next_u64() as u32 | 1),
            shifts: from_fn(|_| random.next_u64() as u32),
        }
    }

    fn bands(&self, shingles: &[u64]) -> Bands {
        let mut least = [u32::MAX; HASHES];
        pulp::Arch::new().dispatch(|| self.lower(&mut least, shingles));
        from_fn(|band| {
            let hashes = least.iter().skip(band * BAND_SIZE).take(BAND_SIZE);
            hashes.fold(0, |whole, hash| mix(whole ^ u64::from(*hash))) as u32
        })
    }

    // Inlined, so that it is compiled for the vectors of the caller.
    #[inline(always)]
    fn lower(&self, least: &mut [u32; HASHES], shingles: &[u64]) {
        for shingle in shingles {
            let x = (shingle >> 32) as u32;
            let functions = self.factors.iter().zip(&self.shifts);
            for (least, (factor, shift)) in least.iter_mut().zip(functions) {
                *least = (*least).min(x.wrapping_mul(*factor).wrapping_add(*shift));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::dataset::Dataset;
    use crate::same_text::key;

    fn check(a: &str, b: &str, expected: bool) {
        let data = Dataset::of_rows(&[(a, "x"), ("something else altogether", "x"), (b, "x")]);
        let near = NearTexts::find(&data.examples);
        let (a, b) = (key(&data.examples[0]), key(&data.examples[2]));
        assert_eq!(near.of(a).contains(&b), expected, "{data:?}");
        assert_eq!(near.of(b).contains(&a), expected, "{data:?}");
    }

    #[test]
    fn four_fifths_of_the_shingles_decide() {
        // 4 shingles in common of 5, and 3 of 4.
        check("refund 1", "refund 10", true);
        check("order 1", "order 10", false);
        check("where is my parcel?", "Where is my parcel?!", true);
        check("where is my parcel?", "where was your parcel?", false);
        check("no", "no.", false);
    }

    #[test]
    fn the_same_text_is_not_nearly_the_same() {
        check("where is my parcel?", "Where  is my parcel?", false);
    }

    #[test]
    fn sets_are_compared_exactly() {
        assert!(are_near(&[1, 2, 3, 4], &[1, 2, 3, 4, 5]));
        assert!(!are_near(&[1, 2, 3, 4, 6], &[1, 2, 3, 4, 5]));
        assert!(!are_near(&[1, 2, 3], &[1, 2, 3, 4]));
        assert_eq!(n_common(&[1, 3, 5, 7], &[2, 3, 7, 9]), 2);
        assert_eq!(shingles("abcabcab").len(), 3, "abcab, bcabc, cabca");
    }

    #[test]
    fn least_hashes_agree_as_often_as_the_sets_do() {
        let mut random = Random::new(1);
        let all: Vec<u64> = (0..3000).map(|_| random.next_u64()).collect();
        let least = |shingles: &[u64]| {
            let mut least = [u32::MAX; HASHES];
            MinHashes::new().lower(&mut least, shingles);
            least
        };
        // 2,000 of 3,000 in common; a share of 100 hashes has a standard deviation of 0.047.
        let (a, b) = (least(&all[..2500]), least(&all[500..]));
        let n_equal = a.iter().zip(&b).filter(|(a, b)| a == b).count();
        assert!((48..=86).contains(&n_equal), "{n_equal}");
    }

    #[test]
    fn many_texts_that_look_alike_are_compared_with_few() {
        let rows: Vec<String> = (0..3000)
            .map(|i| {
                format!(
                    "a long beginning that all of them share, {i:04} {:04}",
                    i * 7 % 3001
                )
            })
            .collect();
        let bands: Vec<Bands> = rows
            .iter()
            .map(|row| MinHashes::new().bands(&shingles(row)))
            .collect();
        let pairs = candidates(&bands);
        assert!(pairs.is_sorted() && pairs.iter().all(|(later, earlier)| earlier < later));
        let most = rows.len() * BANDS * (FIRST_OF_BAND + LAST_OF_BAND);
        assert!(pairs.len() < most, "{}", pairs.len());
    }

    #[test]
    fn no_more_bytes_are_looked_at_than_wanted() {
        let data = Dataset::of_rows(&[("abc", "x"), ("de", "x"), ("fghi", "x")]);
        assert_eq!(first_bytes(&data.examples, &[0, 1, 2], 5), [0, 1]);
        assert_eq!(first_bytes(&data.examples, &[0, 2], 5), [0]);
    }

    /// Measures; run it with `--ignored --nocapture`.
    #[test]
    #[ignore = "it measures"]
    #[allow(clippy::print_stderr)]
    fn how_long_a_search_takes() {
        for (n_texts, n_words) in [(10_000, 20), (10_000, 100), (100_000, 20), (1_000_000, 12)] {
            let data = crate::planted::texts(n_texts, n_words, 1);
            let rows: Vec<(&str, &str)> = data.iter().map(|text| (text.as_str(), "x")).collect();
            let data = Dataset::of_rows(&rows);
            let clock = Instant::now();
            let near = NearTexts::find(&data.examples);
            eprintln!(
                "{n_texts} texts of {n_words} words: {:.2} s, {} looked at, {} nearly the same as another",
                clock.elapsed().as_secs_f64(),
                near.n_looked_at(),
                near.near.len()
            );
        }
    }
}
