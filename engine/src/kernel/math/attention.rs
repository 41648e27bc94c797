//! Self-attention of texts of different lengths, one task for each text, no padding.

use std::ops::Range;

use rayon::prelude::*;

use super::{Mask, Matrix, Target, Threads, exp, lane_sum, multiply_into, vectorized};

/// Which rows belong to which text, and how the hidden size splits into heads.
#[derive(Clone, Debug)]
pub(in crate::kernel) struct Heads {
    /// Rows of `query` of each text, ascending.
    pub(in crate::kernel) query_rows: Vec<Range<usize>>,
    /// Rows of `key_value` of each text, ascending.
    pub(in crate::kernel) key_rows: Vec<Range<usize>>,
    /// Number of heads.
    pub(in crate::kernel) n_heads: usize,
    /// Hidden size: `n_heads` times the size of a head.
    pub(in crate::kernel) hidden: usize,
}

impl Heads {
    fn head_size(&self) -> usize {
        self.hidden / self.n_heads
    }

    /// Index of the first attention weight of each text, for the dropout mask.
    fn first_weights(&self) -> Vec<u32> {
        let texts = self.query_rows.iter().zip(&self.key_rows);
        let sizes = texts.map(|(query, key)| (query.len() * key.len() * self.n_heads) as u32);
        sizes
            .scan(0_u32, |first, size| {
                let this = *first;
                *first = first.wrapping_add(size);
                Some(this)
            })
            .collect()
    }
}

/// The rows of one text for one head.
struct HeadView<'a> {
    query: Matrix<'a>,
    key: Matrix<'a>,
    value: Matrix<'a>,
}

impl<'a> HeadView<'a> {
    /// `query` `[query rows, hidden]`, `key_value` `[key rows, 2 * hidden]` of one text.
    fn new(heads: &Heads, head: usize, query: &'a [f32], key_value: &'a [f32]) -> Self {
        let (hidden, size) = (heads.hidden, heads.head_size());
        let (n_queries, n_keys) = (query.len() / hidden, key_value.len() / (2 * hidden));
        let start = head * size;
        Self {
            query: Matrix::strided(&query[start..], n_queries, size, hidden),
            key: Matrix::strided(&key_value[start..], n_keys, size, 2 * hidden),
            value: Matrix::strided(&key_value[hidden + start..], n_keys, size, 2 * hidden),
        }
    }

    /// Writes `softmax(query · keyᵀ / sqrt(head size))` to `weights` `[queries, keys]`.
    #[inline(always)]
    fn attention_weights(&self, weights: &mut [f32]) {
        let scale = 1.0 / (self.query.columns as f32).sqrt();
        let target = Target {
            data: weights,
            row_stride: self.key.rows,
            add: false,
        };
        multiply_into(
            target,
            self.query,
            self.key.transposed(),
            scale,
            Threads::One,
        );
        for row in weights.chunks_exact_mut(self.key.rows) {
            let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for weight in row.iter_mut() {
                *weight = exp(*weight - largest);
            }
            let inverse = 1.0 / lane_sum(row.len(), |i| row[i]);
            for weight in row {
                *weight *= inverse;
            }
        }
    }
}

/// Self-attention of every text with itself: `query` `[query rows, hidden]`, `key_value`
/// `[key rows, 2 * hidden]` (keys, then values); returns `[query rows, hidden]`. Rows that belong to
/// no text stay 0.
pub(in crate::kernel) fn attention(
    query: &[f32],
    key_value: &[f32],
    heads: &Heads,
    mask: Mask,
) -> Vec<f32> {
    let hidden = heads.hidden;
    let mut output = vec![0.0; query.len()];
    split_rows(&mut output, &heads.query_rows, hidden)
        .into_par_iter()
        .zip(heads.first_weights())
        .zip(heads.query_rows.par_iter().zip(&heads.key_rows))
        .for_each(|((output, first), (query_rows, key_rows))| {
            let query = &query[query_rows.start * hidden..query_rows.end * hidden];
            let key_value = &key_value[key_rows.start * 2 * hidden..key_rows.end * 2 * hidden];
            let size = query_rows.len() * key_rows.len();
            vectorized(|| {
                let mut weights = vec![0.0; size];
                for head in 0..heads.n_heads {
                    let view = HeadView::new(heads, head, query, key_value);
                    view.attention_weights(&mut weights);
                    mask.apply(&mut weights, first.wrapping_add((head * size) as u32));
                    let data = &mut output[head * heads.head_size()..];
                    let target = Target {
                        data,
                        row_stride: hidden,
                        add: false,
                    };
                    let weights = Matrix::new(&weights, query_rows.len(), key_rows.len());
                    multiply_into(target, weights, view.value, 1.0, Threads::One);
                }
            });
        });
    output
}

/// Gradients of [`attention`] with respect to `query` and `key_value`.
///
/// The attention weights are computed again: keeping them would take memory that grows with the
/// square of the length, and computing them costs little beside the linear layers.
pub(in crate::kernel) fn attention_backward(
    query: &[f32],
    key_value: &[f32],
    d_output: &[f32],
    heads: &Heads,
    mask: Mask,
) -> (Vec<f32>, Vec<f32>) {
    let hidden = heads.hidden;
    let mut d_query = vec![0.0; query.len()];
    let mut d_key_value = vec![0.0; key_value.len()];
    split_rows(&mut d_query, &heads.query_rows, hidden)
        .into_par_iter()
        .zip(split_rows(&mut d_key_value, &heads.key_rows, 2 * hidden))
        .zip(heads.first_weights())
        .zip(heads.query_rows.par_iter().zip(&heads.key_rows))
        .for_each(
            |(((d_query, d_key_value), first), (query_rows, key_rows))| {
                let own_queries = query_rows.start * hidden..query_rows.end * hidden;
                let (query, d_output) = (&query[own_queries.clone()], &d_output[own_queries]);
                let key_value = &key_value[key_rows.start * 2 * hidden..key_rows.end * 2 * hidden];
                vectorized(|| {
                    let task = BackwardTask {
                        heads,
                        mask,
                        first,
                        query,
                        key_value,
                        d_output,
                    };
                    task.run(d_query, d_key_value);
                });
            },
        );
    (d_query, d_key_value)
}

/// The backward pass of one text.
struct BackwardTask<'a> {
    heads: &'a Heads,
    mask: Mask,
    first: u32,
    query: &'a [f32],
    key_value: &'a [f32],
    d_output: &'a [f32],
}

impl BackwardTask<'_> {
    #[inline(always)]
    fn run(&self, d_query: &mut [f32], d_key_value: &mut [f32]) {
        let (hidden, head_size) = (self.heads.hidden, self.heads.head_size());
        let n_queries = self.query.len() / hidden;
        let n_keys = self.key_value.len() / (2 * hidden);
        let size = n_queries * n_keys;
        let scale = 1.0 / (head_size as f32).sqrt();
        let mut weights = vec![0.0; size];
        let mut kept = vec![0.0; size];
        let mut gradient = vec![0.0; size];
        for head in 0..self.heads.n_heads {
            let start = head * head_size;
            let first = self.first.wrapping_add((head * size) as u32);
            let view = HeadView::new(self.heads, head, self.query, self.key_value);
            view.attention_weights(&mut weights);
            kept.copy_from_slice(&weights);
            self.mask.apply(&mut kept, first);

            let d_output = Matrix::strided(&self.d_output[start..], n_queries, head_size, hidden);
            let data = &mut d_key_value[hidden + start..];
            let target = Target {
                data,
                row_stride: 2 * hidden,
                add: false,
            };
            let kept = Matrix::new(&kept, n_queries, n_keys);
            multiply_into(target, kept.transposed(), d_output, 1.0, Threads::One);

            let target = Target {
                data: &mut gradient,
                row_stride: n_keys,
                add: false,
            };
            multiply_into(target, d_output, view.value.transposed(), 1.0, Threads::One);
            self.mask.apply(&mut gradient, first);
            let rows = gradient
                .chunks_exact_mut(n_keys)
                .zip(weights.chunks_exact(n_keys));
            for (gradient, weights) in rows {
                let mean = lane_sum(n_keys, |i| gradient[i] * weights[i]);
                for (gradient, weight) in gradient.iter_mut().zip(weights) {
                    *gradient = weight * (*gradient - mean);
                }
            }

            let gradient = Matrix::new(&gradient, n_queries, n_keys);
            let target = Target {
                data: &mut d_query[start..],
                row_stride: hidden,
                add: false,
            };
            multiply_into(target, gradient, view.key, scale, Threads::One);
            let target = Target {
                data: &mut d_key_value[start..],
                row_stride: 2 * hidden,
                add: false,
            };
            multiply_into(
                target,
                gradient.transposed(),
                view.query,
                scale,
                Threads::One,
            );
        }
    }
}

/// Cuts `data` into the exclusive parts that hold `rows` (ascending) of `width` elements.
fn split_rows<'a>(
    mut data: &'a mut [f32],
    rows: &[Range<usize>],
    width: usize,
) -> Vec<&'a mut [f32]> {
    let mut position = 0;
    let mut parts = Vec::with_capacity(rows.len());
    for range in rows {
        let (_, rest) = data.split_at_mut((range.start - position) * width);
        let (part, rest) = rest.split_at_mut(range.len() * width);
        parts.push(part);
        data = rest;
        position = range.end;
    }
    parts
}
