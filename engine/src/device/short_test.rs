//! What a device computes in its short test: the gradients of a small encoder layer, and a feed-forward part for the
//! time.

use std::time::Instant;

use burn::tensor::{Tensor, TensorData};

use super::ComputeDevice;
use crate::inference::elements_of;
use crate::kernel::{self, Affine, Queries, TokenRows};
use crate::random::Random;

/// Hidden size, heads and texts of the test layer.
const HIDDEN: usize = 128;
const HEADS: usize = 4;
const LENGTHS: [usize; 8] = [32, 32, 31, 20, 17, 8, 5, 2];

/// Gradients of a small encoder layer with fixed weights.
pub(super) fn test_layer(device: &ComputeDevice) -> Vec<Vec<f32>> {
    let autodiff = device.autodiff();
    let mut random = Random::new(1);
    let mut numbers = |n: usize| {
        (0..n)
            .map(|_| random.normal() as f32 * 0.1)
            .collect::<Vec<f32>>()
    };
    let mut matrix = |rows: usize, columns: usize| {
        let data = TensorData::new(numbers(rows * columns), [rows, columns]);
        Tensor::<2>::from_data(data, &autodiff).require_grad()
    };
    let length = LENGTHS[0];
    let x = matrix(LENGTHS.len() * length, HIDDEN);
    let weights = [
        matrix(HIDDEN, HIDDEN),
        matrix(2 * HIDDEN, HIDDEN),
        matrix(HIDDEN, HIDDEN),
    ];
    let rows = TokenRows::padded(&LENGTHS, length, &autodiff);
    let zeros = |n| Tensor::<1>::zeros([n], &autodiff);
    let query = kernel::linear(x.clone(), weights[0].clone(), zeros(HIDDEN));
    let key_value = kernel::linear(x.clone(), weights[1].clone(), zeros(2 * HIDDEN));
    let attended = kernel::attention(query, key_value, &rows, Queries::First, HEADS, None);
    let inner = kernel::gelu(kernel::linear(
        attended.clone(),
        weights[2].clone(),
        zeros(HIDDEN),
    ));
    let affine = Affine {
        gamma: zeros(HIDDEN) + 1.0,
        beta: zeros(HIDDEN),
    };
    let output = kernel::add_layer_norm(inner, attended, affine, 1e-12, None);
    let weight = Tensor::<1>::from_data(
        TensorData::new((0..HIDDEN).map(|i| (i as f32).sin()).collect(), [HIDDEN]),
        &autodiff,
    );
    let gradients = (output * weight.unsqueeze()).sum().backward();
    let tensors = std::iter::once(&x).chain(&weights);
    tensors
        .filter_map(|tensor| tensor.grad(&gradients))
        .map(elements_of)
        .collect()
}

pub(super) fn relative_error(expected: &[f32], found: &[f32]) -> f64 {
    let square = |x: f32| f64::from(x) * f64::from(x);
    let difference: f64 = expected.iter().zip(found).map(|(a, b)| square(a - b)).sum();
    let size: f64 = expected.iter().map(|a| square(*a)).sum();
    let error = (difference / size.max(f64::MIN_POSITIVE)).sqrt();
    if error.is_nan() { f64::INFINITY } else { error }
}

/// Seconds for the forward pass of a feed-forward part with 1024 tokens, the second time.
pub(super) fn seconds(device: &ComputeDevice) -> f64 {
    let (tokens, hidden, inner) = (1024, 384, 1536);
    let x = Tensor::<2>::ones([tokens, hidden], &device.device);
    let weight = Tensor::<2>::ones([inner, hidden], &device.device) * 0.01;
    let bias = Tensor::<1>::zeros([inner], &device.device);
    let run = || {
        let mut sum = Tensor::<1>::zeros([1], &device.device);
        for _ in 0..8 {
            sum = sum + kernel::gelu(kernel::linear(x.clone(), weight.clone(), bias.clone())).sum();
        }
        elements_of(sum)
    };
    run();
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}
