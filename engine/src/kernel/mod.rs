//! The operations that BERT spends its time in, each in two forms with the same result:
//! *composed* of tensor operations, for any device, and *fused*, one hand-written forward and
//! backward pass on slices, for the CPU (flex).
//!
//! burn's CPU backend runs element-wise operations on one thread and materialises every intermediate
//! result; the fused forms use all threads, keep only what the gradient needs, and work on rows
//! without padding. `tests` at the end compares both forms, values and gradients.
//!
//! All activations are `[rows, hidden]`, one row for each token; [`TokenRows`] says which rows are
//! whose.

mod composed;
mod fused;
mod math;

use std::ops::Range;

use burn::tensor::{Bool, Device, Tensor, TensorData};

pub(crate) use math::AdamWStep;

/// Dropout in one place of the network for one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dropout {
    /// Share of elements set to zero, in `0.0..1.0`.
    pub(crate) probability: f64,
    /// Chooses the elements (fused form); the composed form uses the device's generator.
    pub(crate) seed: u64,
}

/// Where the tokens of each text lie in a `[rows, hidden]` tensor.
#[derive(Clone, Debug)]
pub(crate) struct TokenRows {
    ranges: Vec<Range<usize>>,
    n_rows: usize,
    padding: Option<Padding>,
}

/// Every text takes the same number of rows; the last ones may be padding.
#[derive(Clone, Debug)]
struct Padding {
    length: usize,
    /// `true` on padding, shape `[batch, length]`: the opposite of Hugging Face's `attention_mask`.
    mask: Tensor<2, Bool>,
}

impl TokenRows {
    /// One text after the other without padding. Only the fused operations can use it.
    pub(crate) fn packed(lengths: &[usize]) -> Self {
        let mut n_rows = 0;
        let mut ranges = Vec::with_capacity(lengths.len());
        for length in lengths {
            ranges.push(n_rows..n_rows + length);
            n_rows += length;
        }
        Self {
            ranges,
            n_rows,
            padding: None,
        }
    }

    /// Every text takes `length` rows.
    pub(crate) fn padded(lengths: &[usize], length: usize, device: &Device) -> Self {
        let ranges = lengths
            .iter()
            .enumerate()
            .map(|(i, n)| i * length..i * length + n)
            .collect();
        let is_padding = lengths
            .iter()
            .flat_map(|n| (0..length).map(move |i| i >= *n))
            .collect();
        let mask = Tensor::from_data(
            TensorData::new::<bool, _>(is_padding, [lengths.len(), length]),
            device,
        );
        Self {
            ranges,
            n_rows: lengths.len() * length,
            padding: Some(Padding { length, mask }),
        }
    }

    /// Number of texts.
    pub(crate) fn n_texts(&self) -> usize {
        self.ranges.len()
    }

    /// Number of rows, padding included.
    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Rows of each text, padding left out.
    pub(crate) fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }
}

/// Which rows of a text ask for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queries {
    /// Every token.
    All,
    /// `[CLS]` alone: one row for each text, in the order of the texts.
    First,
}

impl Queries {
    fn rows(self, rows: &TokenRows) -> Vec<Range<usize>> {
        match self {
            Self::All => rows.ranges.clone(),
            Self::First => (0..rows.n_texts()).map(|i| i..i + 1).collect(),
        }
    }
}

/// `x · weightᵀ + bias`.
///
/// # Shapes
/// `x` `[rows, inputs]`, `weight` `[outputs, inputs]` (as PyTorch stores it), `bias` `[outputs]`,
/// result `[rows, outputs]`
pub(crate) fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    match fused::linear(&x, &weight, &bias) {
        Some(y) => y,
        None => composed::linear(x, weight, bias),
    }
}

/// The exact GELU, `x * Φ(x)` (Hendrycks and Gimpel 2016).
///
/// # Shapes
/// `[rows, width]`, result the same
pub(crate) fn gelu(x: Tensor<2>) -> Tensor<2> {
    match fused::gelu(&x) {
        Some(y) => y,
        None => composed::gelu(x),
    }
}

/// `x` with some elements set to zero and the others scaled up; `x` itself when `dropout` is `None`.
///
/// # Shapes
/// `[rows, width]`, result the same
pub(crate) fn dropout(x: Tensor<2>, dropout: Option<Dropout>) -> Tensor<2> {
    let Some(dropout) = dropout else { return x };
    match fused::dropout(&x, dropout) {
        Some(y) => y,
        None => composed::dropout(x, dropout),
    }
}

/// Scale and shift of a layer norm, both `[width]`.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    /// Factor of each column.
    pub(crate) gamma: Tensor<1>,
    /// Added to each column.
    pub(crate) beta: Tensor<1>,
}

/// Layer norm of `residual + dropout(x)` over each row (Ba et al. 2016).
///
/// # Shapes
/// `x`, `residual` and the result `[rows, width]`
pub(crate) fn add_layer_norm(
    x: Tensor<2>,
    residual: Tensor<2>,
    affine: Affine,
    epsilon: f64,
    dropout: Option<Dropout>,
) -> Tensor<2> {
    match fused::add_layer_norm(&x, &residual, &affine, epsilon, dropout) {
        Some(y) => y,
        None => composed::add_layer_norm(x, residual, affine, epsilon, dropout),
    }
}

/// Multi-head attention of each text with itself (Vaswani et al. 2017), dropout on the weights.
///
/// # Shapes
/// `query` `[rows, hidden]`, or `[batch, hidden]` with [`Queries::First`]; `key_value`
/// `[rows, 2 * hidden]`, keys before values; result like `query`
pub(crate) fn attention(
    query: Tensor<2>,
    key_value: Tensor<2>,
    rows: &TokenRows,
    queries: Queries,
    n_heads: usize,
    dropout: Option<Dropout>,
) -> Tensor<2> {
    match fused::attention(&query, &key_value, rows, queries, n_heads, dropout) {
        Some(y) => y,
        None => composed::attention(query, key_value, rows, queries, n_heads, dropout),
    }
}

/// Sum of the squares of all elements where it is known at once: on the CPU.
pub(crate) fn sum_of_squares<const D: usize>(x: &Tensor<D>) -> Option<f64> {
    fused::sum_of_squares(x)
}

/// Sum of the squares of all elements, one element that stays on the device.
pub(crate) fn sum_of_squares_on_device<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    composed::sum_of_squares(x)
}

/// A parameter with its moments.
pub(crate) struct Weights<const D: usize> {
    /// The parameter.
    pub(crate) parameter: Tensor<D>,
    /// Running mean of the gradient.
    pub(crate) first: Tensor<D>,
    /// Running mean of the squared gradient.
    pub(crate) second: Tensor<D>,
}

/// One AdamW step on tensors without autodiff; on the CPU in place.
///
/// `device_scale`, one element, multiplies the gradient where the clipping factor is only known on
/// the device.
pub(crate) fn adamw_step<const D: usize>(
    weights: Weights<D>,
    gradient: Tensor<D>,
    step: AdamWStep,
    device_scale: Option<&Tensor<1>>,
) -> Weights<D> {
    if fused::is_on_cpu(&gradient) {
        return fused::adamw_step(weights, gradient, step);
    }
    composed::adamw_step(weights, gradient, step, device_scale)
}

#[cfg(test)]
mod tests;
