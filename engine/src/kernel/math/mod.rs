//! The arithmetic of the fused CPU operations, on plain row-major `f32` slices.
//!
//! Loops are written so that the compiler turns them into vector code, and run under
//! [`vectorized`], which picks the widest instruction set of the machine at run time. Work is cut
//! into pieces of a fixed size, so that results do not depend on the timing of threads.

mod attention;
mod product;
mod scratch;

use rayon::prelude::*;

pub(super) use attention::{Heads, attention, attention_backward};
pub(super) use product::Matrix;
use product::{Target, Threads, multiply_into};

/// Rows that one task handles where rows are independent.
const ROWS_PER_TASK: usize = 32;
/// Elements that one task handles where elements are independent.
const ELEMENTS_PER_TASK: usize = 16 * 1024;
/// Independent partial sums, as wide as the widest vector register.
const LANES: usize = 16;

/// Runs `body` compiled for the widest instruction set that this machine has.
#[inline(always)]
fn vectorized<R>(body: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(body)
}

/// `left · right`, shape `[left.rows, right.columns]`, on all threads.
pub(super) fn product(left: Matrix, right: Matrix) -> Vec<f32> {
    let mut data = vec![0.0; left.rows * right.columns];
    let row_stride = right.columns;
    let target = Target {
        data: &mut data,
        row_stride,
        add: false,
    };
    multiply_into(target, left, right, 1.0, Threads::All);
    data
}

/// `x · weightᵀ + bias`: `x` `[rows, inputs]`, `weight` `[outputs, inputs]`, `bias` `[outputs]`.
pub(super) fn linear(x: Matrix, weight: Matrix, bias: &[f32]) -> Vec<f32> {
    let outputs = bias.len();
    let mut data = Vec::with_capacity(x.rows * outputs);
    for _ in 0..x.rows {
        data.extend_from_slice(bias);
    }
    let target = Target {
        data: &mut data,
        row_stride: outputs,
        add: true,
    };
    multiply_into(target, x, weight.transposed(), 1.0, Threads::All);
    data
}

/// Sum over the rows of `data` `[rows, columns]`, shape `[columns]`.
pub(super) fn column_sums(data: &[f32], columns: usize) -> Vec<f32> {
    let partial: Vec<Vec<f32>> = data
        .par_chunks(ROWS_PER_TASK * columns)
        .map(|rows| {
            vectorized(|| {
                let mut sums = vec![0.0; columns];
                for row in rows.chunks_exact(columns) {
                    add_to(&mut sums, row);
                }
                sums
            })
        })
        .collect();
    partial
        .into_iter()
        .fold(vec![0.0; columns], |mut sums, part| {
            add_to(&mut sums, &part);
            sums
        })
}

#[inline(always)]
fn add_to(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// Dropout that keeps an element with probability `1 - probability` and scales it by the inverse.
///
/// Whether an element is kept depends on `seed` and its index alone, so the backward pass finds the
/// same mask again without storing it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    seed: u32,
    stream: u32,
    threshold: u32,
    scale: f32,
}

impl Mask {
    /// A mask for `probability` in `0.0..1.0`.
    pub(super) fn new(probability: f64, seed: u64) -> Self {
        Self {
            seed: seed as u32,
            stream: (seed >> 32) as u32,
            threshold: (probability * f64::from(u32::MAX)) as u32,
            scale: (1.0 / (1.0 - probability)) as f32,
        }
    }

    /// A mask that keeps everything.
    pub(super) fn keep_all() -> Self {
        Self {
            seed: 0,
            stream: 0,
            threshold: 0,
            scale: 1.0,
        }
    }

    fn keeps_all(self) -> bool {
        self.threshold == 0
    }

    /// The factor of the element at `index`: 0 or `1 / (1 - probability)`.
    ///
    /// The mixing function is the 32-bit finaliser `lowbias32` found by C. Wellons (hash prospector).
    #[inline(always)]
    fn factor(self, index: u32) -> f32 {
        let mut x = index.wrapping_add(self.seed);
        x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
        x = (x ^ (x >> 15) ^ self.stream).wrapping_mul(0x846c_a68b);
        x ^= x >> 16;
        if x >= self.threshold { self.scale } else { 0.0 }
    }

    /// Multiplies `values` by their factors; the first one has index `start`.
    #[inline(always)]
    fn apply(self, values: &mut [f32], start: u32) {
        if self.keeps_all() {
            return;
        }
        for (offset, value) in values.iter_mut().enumerate() {
            *value *= self.factor(start.wrapping_add(offset as u32));
        }
    }
}

/// Applies `mask` to `x`.
pub(super) fn dropout(x: &mut [f32], mask: Mask) {
    let chunks = x.par_chunks_mut(ELEMENTS_PER_TASK).enumerate();
    chunks.for_each(|(chunk, x)| vectorized(|| mask.apply(x, (chunk * ELEMENTS_PER_TASK) as u32)));
}

/// `exp(x)` within 2 units in the last place for `x` in `-87.3..88.7`; smaller `x` give about 1e-38.
///
/// Range reduction by `ln 2` in two parts and the polynomial of Cephes' `expf`.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding and subtracting this rounds to the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.3, 88.7);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    let whole = shifted - ROUND;
    let r = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_6e-1;
    p = p * r + 0.5;
    (p * r * r + r + 1.0) * f32::from_bits(power.wrapping_add(127) << 23)
}

/// `erf(x)` within 5e-7, by the rational approximation that XLA and Eigen use for `f32`.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let s = x * x;
    let mut p = -2.726_142_3e-10_f32;
    p = p * s + 2.770_681_4e-8;
    p = p * s - 2.101_024e-6;
    p = p * s - 5.692_506_5e-5;
    p = p * s - 7.349_906_3e-4;
    p = p * s - 2.954_6e-3;
    p = p * s - 1.609_603_3e-2;
    let mut q = -1.456_607_2e-5_f32;
    q = q * s - 2.133_740_6e-4;
    q = q * s - 1.682_827e-3;
    q = q * s - 7.373_329e-3;
    q = q * s - 1.426_473_9e-2;
    x * p / q
}

/// Standard normal distribution function at `x`.
#[inline(always)]
fn normal_cdf(x: f32) -> f32 {
    0.5 + 0.5 * erf(x * std::f32::consts::FRAC_1_SQRT_2)
}

/// `x * Φ(x)`, the exact GELU.
pub(super) fn gelu(x: &[f32]) -> Vec<f32> {
    let mut y = x.to_vec();
    y.par_chunks_mut(ELEMENTS_PER_TASK).for_each(|y| {
        vectorized(|| {
            for value in y {
                *value *= normal_cdf(*value);
            }
        });
    });
    y
}

/// Multiplies `gradient`, that of the result of [`gelu`], by the slope at `x`.
pub(super) fn gelu_backward(x: &[f32], gradient: &mut [f32]) {
    /// `1 / sqrt(2 * pi)`
    const DENSITY_AT_ZERO: f32 = 0.398_942_3;
    let chunks = gradient
        .par_chunks_mut(ELEMENTS_PER_TASK)
        .zip(x.par_chunks(ELEMENTS_PER_TASK));
    chunks.for_each(|(gradient, x)| {
        vectorized(|| {
            for (gradient, &x) in gradient.iter_mut().zip(x) {
                *gradient *= normal_cdf(x) + x * DENSITY_AT_ZERO * exp(-0.5 * x * x);
            }
        });
    });
}

/// Sum of `f(i)` for `i` in `0..n` with [`LANES`] partial sums.
#[inline(always)]
fn lane_sum(n: usize, f: impl Fn(usize) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let whole = n - n % LANES;
    for start in (0..whole).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += f(start + lane);
        }
    }
    let rest: f32 = (whole..n).map(&f).sum();
    lanes.iter().sum::<f32>() + rest
}

/// What [`add_layer_norm`] gives: the result, and what its gradient needs.
pub(super) struct Normalized {
    /// `normal * gamma + beta`
    pub(super) y: Vec<f32>,
    /// Rows with mean 0 and variance 1.
    pub(super) normal: Vec<f32>,
    /// One over the standard deviation of each row.
    pub(super) inverse_deviation: Vec<f32>,
}

/// Layer norm of `residual + dropout(x)` over rows of `gamma.len()` elements.
pub(super) fn add_layer_norm(
    x: &[f32],
    residual: &[f32],
    gamma: &[f32],
    beta: &[f32],
    epsilon: f32,
    mask: Mask,
) -> Normalized {
    let width = gamma.len();
    let mut y = vec![0.0; x.len()];
    let mut normal = x.to_vec();
    let mut inverse_deviation = vec![0.0; x.len() / width];
    let task = ROWS_PER_TASK * width;
    (
        y.par_chunks_mut(task),
        normal.par_chunks_mut(task),
        residual.par_chunks(task),
    )
        .into_par_iter()
        .zip(inverse_deviation.par_chunks_mut(ROWS_PER_TASK))
        .enumerate()
        .for_each(|(index, ((y, normal, residual), inverse_deviation))| {
            vectorized(|| {
                mask.apply(normal, (index * task) as u32);
                add_to(normal, residual);
                let rows = y
                    .chunks_exact_mut(width)
                    .zip(normal.chunks_exact_mut(width));
                for ((y, z), inverse) in rows.zip(inverse_deviation) {
                    let mean = lane_sum(width, |i| z[i]) / width as f32;
                    for value in z.iter_mut() {
                        *value -= mean;
                    }
                    let variance = lane_sum(width, |i| z[i] * z[i]) / width as f32;
                    *inverse = 1.0 / (variance + epsilon).sqrt();
                    for (((y, z), gamma), beta) in y.iter_mut().zip(z).zip(gamma).zip(beta) {
                        *z *= *inverse;
                        *y = *z * gamma + beta;
                    }
                }
            });
        });
    Normalized {
        y,
        normal,
        inverse_deviation,
    }
}

/// Gradients of [`add_layer_norm`] with respect to all but `residual`.
pub(super) struct NormalizedGradients {
    /// With respect to `x`, where it differs from that of `residual`.
    pub(super) x: Option<Vec<f32>>,
    /// With respect to `gamma`.
    pub(super) gamma: Vec<f32>,
    /// With respect to `beta`.
    pub(super) beta: Vec<f32>,
}

/// Gradients of [`add_layer_norm`] from what the forward pass kept. `gradient` comes as that of the
/// result and goes as that of `residual`.
pub(super) fn add_layer_norm_backward(
    gradient: &mut [f32],
    normal: &[f32],
    inverse_deviation: &[f32],
    gamma: &[f32],
    mask: Mask,
) -> NormalizedGradients {
    let width = gamma.len();
    let task = ROWS_PER_TASK * width;
    let partial: Vec<(Vec<f32>, Vec<f32>)> =
        (gradient.par_chunks_mut(task), normal.par_chunks(task))
            .into_par_iter()
            .zip(inverse_deviation.par_chunks(ROWS_PER_TASK))
            .map(|((dz, normal), inverse_deviation)| {
                vectorized(|| {
                    let (mut d_gamma, mut d_beta) = (vec![0.0; width], vec![0.0; width]);
                    let rows = dz.chunks_exact_mut(width).zip(normal.chunks_exact(width));
                    for ((dz, normal), inverse) in rows.zip(inverse_deviation) {
                        for i in 0..width {
                            d_gamma[i] += dz[i] * normal[i];
                            d_beta[i] += dz[i];
                            dz[i] *= gamma[i];
                        }
                        let mean = lane_sum(width, |i| dz[i]) / width as f32;
                        let slope = lane_sum(width, |i| dz[i] * normal[i]) / width as f32;
                        for (dz, normal) in dz.iter_mut().zip(normal) {
                            *dz = (*dz - mean - normal * slope) * inverse;
                        }
                    }
                    (d_gamma, d_beta)
                })
            })
            .collect();
    let zeros = (vec![0.0; width], vec![0.0; width]);
    let (d_gamma, d_beta) = partial.into_iter().fold(zeros, |mut sums, part| {
        add_to(&mut sums.0, &part.0);
        add_to(&mut sums.1, &part.1);
        sums
    });
    let x = (!mask.keeps_all()).then(|| {
        let mut x = gradient.to_vec();
        dropout(&mut x, mask);
        x
    });
    NormalizedGradients {
        x,
        gamma: d_gamma,
        beta: d_beta,
    }
}

/// Sum of the squares of `values`.
pub(super) fn sum_of_squares(values: &[f32]) -> f64 {
    let squares = |values: &[f32]| f64::from(lane_sum(values.len(), |i| values[i] * values[i]));
    let partial: Vec<f64> = values
        .par_chunks(ELEMENTS_PER_TASK)
        .map(|values| vectorized(|| squares(values)))
        .collect();
    partial.into_iter().sum()
}

/// The numbers of one AdamW step; see [`adamw_step`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdamWStep {
    /// Learning rate.
    pub(crate) learning_rate: f32,
    /// Factor on the gradient (clipping).
    pub(crate) gradient_scale: f32,
    /// Decay of the first moment.
    pub(crate) beta1: f32,
    /// Decay of the second moment.
    pub(crate) beta2: f32,
    /// Added to the root of the second moment.
    pub(crate) epsilon: f32,
    /// `1 - beta1^t`
    pub(crate) correction1: f32,
    /// `sqrt(1 - beta2^t)`
    pub(crate) correction2: f32,
    /// Decoupled weight decay; 0 for biases, layer norms and embeddings.
    pub(crate) weight_decay: f32,
}

/// One AdamW step in place (Loshchilov and Hutter 2019, with the order of operations of PyTorch).
pub(super) fn adamw_step(
    parameter: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
    step: AdamWStep,
) {
    let n = ELEMENTS_PER_TASK;
    let keep = 1.0 - step.learning_rate * step.weight_decay;
    // m / (sqrt(v) / c + epsilon) with one division less.
    let size = step.learning_rate / step.correction1 * step.correction2;
    let epsilon = step.epsilon * step.correction2;
    (
        parameter.par_chunks_mut(n),
        gradient.par_chunks(n),
        first.par_chunks_mut(n),
        second.par_chunks_mut(n),
    )
        .into_par_iter()
        .for_each(|(parameter, gradient, first, second)| {
            vectorized(|| {
                let moments = first.iter_mut().zip(second);
                for ((p, g), (m, v)) in parameter.iter_mut().zip(gradient).zip(moments) {
                    let g = g * step.gradient_scale;
                    *m += (g - *m) * (1.0 - step.beta1);
                    *v = *v * step.beta2 + g * g * (1.0 - step.beta2);
                    *p = *p * keep - size * *m / (v.sqrt() + epsilon);
                }
            });
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_within_three_units_in_the_last_place() {
        for i in -870..=880 {
            let x = i as f32 / 10.0 + 0.003;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(
                error < 3.0 * f64::from(f32::EPSILON),
                "exp({x}) is off by {error:e}"
            );
        }
    }

    #[test]
    fn erf_is_within_5e_7() {
        // Series of Abramowitz and Stegun 7.1.6, exact to f64 for small x; 1 - erf(6) is below 1e-16.
        let series = |x: f64| {
            let mut term = x;
            let mut sum = x;
            for n in 1..200 {
                term *= 2.0 * x * x / f64::from(2 * n + 1);
                sum += term;
            }
            2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp() * sum
        };
        for i in -600..=600 {
            let x = i as f32 / 100.0;
            let error = (f64::from(erf(x)) - series(f64::from(x))).abs();
            assert!(error < 5e-7, "erf({x}) is off by {error:e}");
        }
    }

    #[test]
    fn dropout_keeps_the_expected_share_and_the_mean() {
        let dropped = |seed| {
            let mut x = vec![1.0; 200_000];
            dropout(&mut x, Mask::new(0.1, seed));
            x
        };
        let kept = dropped(42);
        let n_kept = kept.iter().filter(|&&v| v > 0.0).count() as f64 / 200_000.0;
        // 4 standard deviations of the share: 4 * sqrt(0.1 * 0.9 / 200000) = 0.0027
        assert!((n_kept - 0.9).abs() < 0.0027, "kept {n_kept}");
        assert!(
            kept.iter()
                .all(|&v| v == 0.0 || (v - 1.0 / 0.9).abs() < 1e-6)
        );
        let other = dropped(43);
        let both = kept
            .iter()
            .zip(&other)
            .filter(|(a, b)| **a == 0.0 && **b == 0.0)
            .count();
        assert!(
            (both as f64 / 200_000.0 - 0.01).abs() < 0.001,
            "masks are not independent: {both}"
        );
    }

    #[test]
    fn pieces_cover_all_rows() {
        let data: Vec<f32> = (0..100 * 3).map(|i| i as f32).collect();
        let sums = column_sums(&data, 3);
        assert_eq!(sums, vec![14850.0, 14950.0, 15050.0]);
        assert_eq!(sum_of_squares(&[3.0, 4.0]), 25.0);
    }
}
