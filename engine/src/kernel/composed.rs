//! The operations composed of tensor operations: for devices that have no fused form, and as the
//! reference for those that have.

use burn::tensor::{Distribution, Tensor, activation};

use super::{AdamWStep, Affine, Dropout, Queries, TokenRows, Weights};

pub(super) fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    x.matmul(weight.transpose()) + bias.unsqueeze()
}

/// Written out because burn's own GELU has the gradient of the tanh approximation on GPU backends.
pub(super) fn gelu(x: Tensor<2>) -> Tensor<2> {
    let cdf = ((x.clone() * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
    x * cdf
}

pub(super) fn dropout<const D: usize>(x: Tensor<D>, dropout: Dropout) -> Tensor<D> {
    let keep = 1.0 - dropout.probability;
    let mask = Tensor::random(x.dims(), Distribution::Bernoulli(keep), &x.device());
    x * mask / keep
}

pub(super) fn add_layer_norm(
    x: Tensor<2>,
    residual: Tensor<2>,
    affine: Affine,
    epsilon: f64,
    dropout: Option<Dropout>,
) -> Tensor<2> {
    let z = super::dropout(x, dropout) + residual;
    let z = z.clone() - z.mean_dim(1);
    let variance = z.clone().square().mean_dim(1);
    let normal = z / (variance + epsilon).sqrt();
    normal * affine.gamma.unsqueeze() + affine.beta.unsqueeze()
}

/// # Panics
/// When `rows` are packed: without padding there is no `[batch, seq]` to reshape to.
pub(super) fn attention(
    query: Tensor<2>,
    key_value: Tensor<2>,
    rows: &TokenRows,
    queries: Queries,
    n_heads: usize,
    dropout: Option<Dropout>,
) -> Tensor<2> {
    let padding = rows
        .padding
        .as_ref()
        .expect("batches for this device are padded");
    let (batch, seq) = (rows.n_texts(), padding.length);
    let hidden = query.dims()[1];
    let head_size = hidden / n_heads;
    let n_queries = match queries {
        Queries::All => seq,
        Queries::First => 1,
    };
    let heads = |x: Tensor<2>, length: usize| {
        x.reshape([batch, length, n_heads, head_size])
            .swap_dims(1, 2)
    };
    let n_rows = batch * seq;
    let key = heads(key_value.clone().slice([0..n_rows, 0..hidden]), seq);
    let value = heads(key_value.slice([0..n_rows, hidden..2 * hidden]), seq);
    let scores = heads(query, n_queries).matmul(key.swap_dims(2, 3)) / (head_size as f64).sqrt();
    let mask = padding.mask.clone().reshape([batch, 1, 1, seq]);
    let mask = mask.expand([batch, n_heads, n_queries, seq]);
    let weights = activation::softmax(scores.mask_fill(mask, -1e9), 3);
    let weights = match dropout {
        Some(dropout) => self::dropout(weights, dropout),
        None => weights,
    };
    weights
        .matmul(value)
        .swap_dims(1, 2)
        .reshape([batch * n_queries, hidden])
}

pub(super) fn sum_of_squares<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    x.square().sum()
}

pub(super) fn adamw_step<const D: usize>(
    weights: Weights<D>,
    gradient: Tensor<D>,
    step: AdamWStep,
    device_scale: Option<&Tensor<1>>,
) -> Weights<D> {
    let gradient = gradient * step.gradient_scale;
    let gradient = match device_scale {
        Some(scale) => gradient * scale.clone().reshape([1; D]),
        None => gradient,
    };
    let first = weights.first * step.beta1 + gradient.clone() * (1.0 - step.beta1);
    let second = weights.second * step.beta2 + gradient.square() * (1.0 - step.beta2);
    let keep = 1.0 - step.learning_rate * step.weight_decay;
    let size = step.learning_rate / step.correction1;
    let denominator = second.clone().sqrt() / step.correction2 + step.epsilon;
    let parameter = weights.parameter * keep - first.clone() * size / denominator;
    Weights {
        parameter,
        first,
        second,
    }
}
