//! Encodings to tensors: which texts go together, which words the data uses, and the tensors of one
//! step.
//!
//! Padding is the largest waste in fine-tuning. Texts of similar length go into one batch, and on the
//! CPU a batch has no padding at all: its texts lie one after the other.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::kernel::TokenRows;
use crate::random::Random;
use crate::tokens::Encoding;

/// Batches whose texts are sorted by length together.
const BATCHES_PER_WINDOW: usize = 50;

/// The tokens that the data uses, and their rows in a table that holds only those.
///
/// Training on these rows alone is exact as long as embeddings have no weight decay: a row that no
/// text uses has gradient 0, so that AdamW leaves it as it is.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    token_ids: Vec<u32>,
}

impl Vocabulary {
    /// The tokens in `encodings`.
    #[must_use]
    pub fn of<'a>(encodings: impl IntoIterator<Item = &'a Encoding>) -> Self {
        let mut token_ids: Vec<u32> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for encoding in encodings {
            token_ids.extend(encoding.ids.iter().filter(|id| seen.insert(**id)));
        }
        token_ids.sort_unstable();
        Self { token_ids }
    }

    /// All tokens below `size`: the full table.
    #[must_use]
    pub fn full(size: usize) -> Self {
        Self {
            token_ids: (0..size as u32).collect(),
        }
    }

    /// The tokens, ascending; the position of a token is its row.
    #[must_use]
    pub fn token_ids(&self) -> &[u32] {
        &self.token_ids
    }

    /// Row of the token `id`.
    ///
    /// # Panics
    /// When the token was not among those that the vocabulary was made of.
    fn row(&self, id: u32) -> i64 {
        self.token_ids
            .binary_search(&id)
            .expect("the vocabulary was made of these texts") as i64
    }
}

/// How the texts of a batch lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchLayout {
    /// One after the other, no padding (CPU).
    Packed,
    /// Every text as long as the longest, rounded up to a multiple (GPU).
    Padded {
        /// Lengths are multiples of this.
        multiple: usize,
    },
}

/// The tensors of one step.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// Row of each token in the word table, `[rows]`.
    pub(crate) token_rows: Tensor<1, Int>,
    /// Position of each token in its text, `[rows]`.
    pub(crate) positions: Tensor<1, Int>,
    /// 0 for the first text of a pair, 1 for the second, `[rows]`.
    pub(crate) token_types: Tensor<1, Int>,
    /// Row of `[CLS]` of each text, `[batch]`.
    pub(crate) first_rows: Tensor<1, Int>,
    /// Which rows belong to which text.
    pub(crate) rows: TokenRows,
}

impl Batch {
    /// The tensors for `encodings`.
    pub(crate) fn new(
        encodings: &[&Encoding],
        vocabulary: &Vocabulary,
        layout: BatchLayout,
        device: &Device,
    ) -> Self {
        let lengths: Vec<usize> = encodings
            .iter()
            .map(|encoding| encoding.ids.len())
            .collect();
        let rows = match layout {
            BatchLayout::Packed => TokenRows::packed(&lengths),
            BatchLayout::Padded { multiple } => {
                let longest = lengths.iter().copied().max().unwrap_or(1);
                TokenRows::padded(&lengths, longest.next_multiple_of(multiple), device)
            }
        };
        let mut token_rows = vec![0; rows.n_rows()];
        let mut positions = vec![0; rows.n_rows()];
        let mut token_types = vec![0; rows.n_rows()];
        for (range, encoding) in rows.ranges().iter().zip(encodings) {
            for (position, row) in range.clone().enumerate() {
                token_rows[row] = vocabulary.row(encoding.ids[position]);
                positions[row] = position as i64;
                token_types[row] = i64::from(encoding.type_ids[position]);
            }
        }
        let first_rows = rows
            .ranges()
            .iter()
            .map(|range| range.start as i64)
            .collect();
        Self {
            token_rows: integers(token_rows, device),
            positions: integers(positions, device),
            token_types: integers(token_types, device),
            first_rows: integers(first_rows, device),
            rows,
        }
    }
}

/// Whole numbers on the device, `[values.len()]`.
pub(crate) fn integers(values: Vec<i64>, device: &Device) -> Tensor<1, Int> {
    let n = values.len();
    Tensor::from_data(TensorData::new(values, [n]), device)
}

/// The batches of one epoch: positions in `lengths`, in an order that depends on `seed` and `epoch`.
///
/// Texts are shuffled, sorted by length inside windows of 50 batches, cut into batches, and the
/// batches are shuffled. Every text is in exactly one batch.
#[must_use]
pub fn plan_epoch(
    lengths: &[usize],
    batch_size: usize,
    seed: u64,
    epoch: usize,
) -> Vec<Vec<usize>> {
    let mut random = Random::for_purpose(seed, epoch as u64);
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    random.shuffle(&mut order);
    let mut batches: Vec<Vec<usize>> = Vec::with_capacity(lengths.len() / batch_size + 1);
    for window in order.chunks_mut(batch_size * BATCHES_PER_WINDOW) {
        window.sort_by_key(|position| lengths[*position]);
        batches.extend(window.chunks(batch_size).map(<[usize]>::to_vec));
    }
    random.shuffle(&mut batches);
    batches
}

/// Batches for reading without learning: sorted by length, longest first, each of at most `max_tokens`
/// tokens with padding (but at least one text).
#[must_use]
pub fn plan_reading(lengths: &[usize], max_tokens: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|position| std::cmp::Reverse(lengths[*position]));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for position in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * lengths[batch[0]] <= max_tokens => {
                batch.push(position)
            }
            _ => batches.push(vec![position]),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths() -> Vec<usize> {
        let mut random = Random::new(3);
        (0..1000).map(|_| 3 + random.below(60)).collect()
    }

    #[test]
    fn an_epoch_has_every_text_once() {
        let mut seen: Vec<usize> = plan_epoch(&lengths(), 16, 42, 0).concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn the_order_follows_seed_and_epoch() {
        let plan = plan_epoch(&lengths(), 16, 42, 0);
        assert_eq!(plan, plan_epoch(&lengths(), 16, 42, 0));
        assert_ne!(plan, plan_epoch(&lengths(), 16, 42, 1));
        assert_ne!(plan, plan_epoch(&lengths(), 16, 43, 0));
    }

    #[test]
    fn similar_lengths_go_together() {
        let lengths = lengths();
        let padded = |plan: &[Vec<usize>]| -> usize {
            let longest = |batch: &Vec<usize>| batch.iter().map(|i| lengths[*i]).max().unwrap_or(0);
            plan.iter().map(|batch| batch.len() * longest(batch)).sum()
        };
        let tokens: usize = lengths.iter().sum();
        let shuffled: Vec<Vec<usize>> = (0..1000)
            .collect::<Vec<_>>()
            .chunks(16)
            .map(<[usize]>::to_vec)
            .collect();
        let (bucketed, shuffled) = (padded(&plan_epoch(&lengths, 16, 42, 0)), padded(&shuffled));
        assert!(
            bucketed < tokens * 11 / 10,
            "{bucketed} cells for {tokens} tokens"
        );
        assert!(
            shuffled > tokens * 15 / 10,
            "{shuffled} cells for {tokens} tokens"
        );
    }

    #[test]
    fn reading_keeps_the_token_limit() {
        let lengths = lengths();
        let plan = plan_reading(&lengths, 512);
        assert!(
            plan.iter()
                .all(|batch| batch.len() == 1 || batch.len() * lengths[batch[0]] <= 512)
        );
        assert_eq!(plan.concat().len(), 1000);
    }
}
