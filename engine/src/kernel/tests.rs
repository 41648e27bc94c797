//! Both forms of every operation give the same values and gradients, padded or not.

#![allow(clippy::unwrap_used)]

use burn::tensor::{Gradients, Int};

use super::*;
use crate::inference::elements_of;
use crate::random::Random;

/// Both forms are `f32` with another order of sums; a wrong formula is off by far more.
const TOLERANCE: f64 = 2e-6;

fn device() -> Device {
    Device::flex().autodiff()
}

fn numbers<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
    let mut random = Random::new(seed);
    let values: Vec<f32> = (0..shape.iter().product())
        .map(|_| random.normal() as f32)
        .collect();
    Tensor::from_data(TensorData::new(values, shape), &device()).require_grad()
}

/// A scalar that weighs every element differently, so that every gradient matters.
fn probe(y: Tensor<2>) -> Gradients {
    let [rows, columns] = y.dims();
    let weights = (0..rows * columns)
        .map(|i| (i as f32 * 0.7).sin())
        .collect();
    let weights = Tensor::<2>::from_data(
        TensorData::new::<f32, _>(weights, [rows, columns]),
        &device(),
    );
    (y * weights).sum().backward()
}

fn assert_close(what: &str, fused: &[f32], composed: &[f32]) {
    assert_eq!(fused.len(), composed.len(), "{what}");
    let square = |x: f32| f64::from(x) * f64::from(x);
    let error: f64 = fused.iter().zip(composed).map(|(a, b)| square(a - b)).sum();
    let size: f64 = composed.iter().map(|b| square(*b)).sum();
    let relative = (error / size.max(1e-12)).sqrt();
    assert!(relative < TOLERANCE, "{what} differs by {relative:.1e}");
}

struct Form {
    y: Tensor<2>,
    gradients: Gradients,
}

fn form(y: Tensor<2>) -> Form {
    Form {
        y: y.clone(),
        gradients: probe(y),
    }
}

impl Form {
    fn compare<const D: usize>(&self, other: &Self, what: &str, input: &Tensor<D>) {
        let gradient = |form: &Self| {
            elements_of(
                input
                    .grad(&form.gradients)
                    .expect("the input has a gradient"),
            )
        };
        assert_close(
            &format!("gradient of {what}"),
            &gradient(self),
            &gradient(other),
        );
    }

    fn compare_values(&self, other: &Self) {
        assert_close(
            "value",
            &elements_of(self.y.clone()),
            &elements_of(other.y.clone()),
        );
    }
}

#[test]
fn linear_has_both_forms() {
    for (rows, inputs, outputs) in [(1, 8, 3), (37, 64, 48), (100, 384, 130)] {
        let (x, weight, bias) = (
            numbers([rows, inputs], 1),
            numbers([outputs, inputs], 2),
            numbers([outputs], 3),
        );
        let fused = form(fused::linear(&x, &weight, &bias).unwrap());
        let composed = form(composed::linear(x.clone(), weight.clone(), bias.clone()));
        fused.compare_values(&composed);
        fused.compare(&composed, "x", &x);
        fused.compare(&composed, "weight", &weight);
        fused.compare(&composed, "bias", &bias);
    }
}

#[test]
fn gelu_has_both_forms() {
    let x = numbers([70, 300], 4) * 3.0;
    let x = Tensor::<2>::from_data(x.into_data(), &device()).require_grad();
    let fused = form(fused::gelu(&x).unwrap());
    let composed = form(composed::gelu(x.clone()));
    fused.compare_values(&composed);
    fused.compare(&composed, "x", &x);
}

#[test]
fn add_layer_norm_has_both_forms() {
    for width in [8, 100, 384] {
        let (x, residual) = (numbers([67, width], 5), numbers([67, width], 6));
        let affine = Affine {
            gamma: numbers([width], 7),
            beta: numbers([width], 8),
        };
        let fused = form(fused::add_layer_norm(&x, &residual, &affine, 1e-12, None).unwrap());
        let composed = form(composed::add_layer_norm(
            x.clone(),
            residual.clone(),
            affine.clone(),
            1e-12,
            None,
        ));
        fused.compare_values(&composed);
        fused.compare(&composed, "x", &x);
        fused.compare(&composed, "residual", &residual);
        fused.compare(&composed, "gamma", &affine.gamma);
        fused.compare(&composed, "beta", &affine.beta);
    }
}

/// Dropout as a factor that is written out, from the mask that the fused form uses.
fn factors(shape: [usize; 2], dropout: Dropout) -> Tensor<2> {
    let ones = Tensor::<2>::ones(shape, &Device::flex());
    let mask = fused::dropout(&ones, dropout).unwrap();
    Tensor::from_data(mask.into_data(), &device())
}

#[test]
fn dropout_meets_the_same_elements_on_the_way_back() {
    let dropout = Dropout {
        probability: 0.3,
        seed: 11,
    };
    let (x, residual) = (numbers([64, 40], 9), numbers([64, 40], 10));
    let alone = form(fused::dropout(&x, dropout).unwrap());
    let by_hand = form(x.clone() * factors([64, 40], dropout));
    alone.compare_values(&by_hand);
    alone.compare(&by_hand, "x", &x);

    let affine = Affine {
        gamma: numbers([40], 7),
        beta: numbers([40], 8),
    };
    let fused = form(fused::add_layer_norm(&x, &residual, &affine, 1e-12, Some(dropout)).unwrap());
    let dropped = x.clone() * factors([64, 40], dropout);
    let composed = form(composed::add_layer_norm(
        dropped,
        residual.clone(),
        affine,
        1e-12,
        None,
    ));
    fused.compare_values(&composed);
    fused.compare(&composed, "x", &x);
    fused.compare(&composed, "residual", &residual);
}

const LENGTHS: [usize; 4] = [7, 1, 5, 3];
const LONGEST: usize = 7;

#[test]
fn attention_has_both_forms() {
    let (heads, hidden) = (4, 24);
    let rows = TokenRows::padded(&LENGTHS, LONGEST, &device());
    for queries in [Queries::All, Queries::First] {
        let n_queries = if queries == Queries::All {
            LENGTHS.len() * LONGEST
        } else {
            LENGTHS.len()
        };
        let (query, key_value) = (
            numbers([n_queries, hidden], 12),
            numbers([LENGTHS.len() * LONGEST, 2 * hidden], 13),
        );
        // Padding rows ask for attention in the composed form and stay 0 in the fused one: leave them out.
        let real = match queries {
            Queries::All => rows
                .ranges()
                .to_vec()
                .into_iter()
                .flatten()
                .map(|row| row as i64)
                .collect(),
            Queries::First => (0..LENGTHS.len() as i64).collect::<Vec<_>>(),
        };
        let n_real = real.len();
        let real = Tensor::<1, Int>::from_data(TensorData::new(real, [n_real]), &device());
        let fused = fused::attention(&query, &key_value, &rows, queries, heads, None).unwrap();
        let composed = composed::attention(
            query.clone(),
            key_value.clone(),
            &rows,
            queries,
            heads,
            None,
        );
        let (fused, composed) = (
            form(fused.select(0, real.clone())),
            form(composed.select(0, real)),
        );
        fused.compare_values(&composed);
        fused.compare(&composed, "query", &query);
        fused.compare(&composed, "key and value", &key_value);
    }
}

#[test]
fn packed_rows_give_what_padded_rows_give() {
    let (heads, hidden) = (2, 16);
    let padded = TokenRows::padded(&LENGTHS, LONGEST, &device());
    let packed = TokenRows::packed(&LENGTHS);
    let real: Vec<i64> = padded
        .ranges()
        .iter()
        .cloned()
        .flatten()
        .map(|row| row as i64)
        .collect();
    let real = Tensor::<1, Int>::from_data(TensorData::new(real, [packed.n_rows()]), &device());
    let query = numbers([padded.n_rows(), hidden], 14);
    let key_value = numbers([padded.n_rows(), 2 * hidden], 15);
    let with_padding =
        fused::attention(&query, &key_value, &padded, Queries::All, heads, None).unwrap();
    let without = fused::attention(
        &query.clone().select(0, real.clone()),
        &key_value.clone().select(0, real.clone()),
        &packed,
        Queries::All,
        heads,
        None,
    );
    let (with_padding, without) = (form(with_padding.select(0, real)), form(without.unwrap()));
    without.compare_values(&with_padding);
    without.compare(&with_padding, "query", &query);
    without.compare(&with_padding, "key and value", &key_value);
}

/// With dropout the gradient has no composed twin; it must agree with small changes of the input.
#[test]
fn attention_with_dropout_has_the_gradient_of_its_values() {
    let (heads, hidden) = (2, 8);
    let rows = TokenRows::packed(&[5, 3]);
    let dropout = Some(Dropout {
        probability: 0.2,
        seed: 3,
    });
    let key_value = numbers([8, 2 * hidden], 17);
    let value = |query: &Tensor<2>| {
        let y = fused::attention(query, &key_value, &rows, Queries::All, heads, dropout).unwrap();
        let weights = (0..8 * hidden)
            .map(|i| (i as f32 * 0.7).sin())
            .collect::<Vec<f32>>();
        elements_of(y)
            .iter()
            .zip(&weights)
            .map(|(y, w)| f64::from(y * w))
            .sum::<f64>()
    };
    let query = numbers([8, hidden], 16);
    let gradient =
        form(fused::attention(&query, &key_value, &rows, Queries::All, heads, dropout).unwrap());
    let gradient = elements_of(query.grad(&gradient.gradients).unwrap());
    let start = elements_of(query);
    for index in [0, 9, 30, 63] {
        let moved = |by: f32| {
            let mut moved = start.clone();
            moved[index] += by;
            value(&Tensor::from_data(
                TensorData::new(moved, [8, hidden]),
                &device(),
            ))
        };
        let slope = (moved(0.02) - moved(-0.02)) / 0.04;
        // Central differences at 0.02 in f32 are good to about 1e-4 here.
        assert!(
            (slope - f64::from(gradient[index])).abs() < 5e-4,
            "{index}: {slope} and {}",
            gradient[index]
        );
    }
}

#[test]
fn adamw_has_both_forms() {
    let plain = |seed| Tensor::<2>::from_data(numbers([50, 70], seed).into_data(), &Device::flex());
    let step = AdamWStep {
        learning_rate: 1e-2,
        gradient_scale: 0.5,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-6,
        correction1: 0.1,
        correction2: 0.031_622_78,
        weight_decay: 0.01,
    };
    let weights = || Weights {
        parameter: plain(1),
        first: plain(2),
        second: plain(3).square(),
    };
    assert!(fused::is_on_cpu(&plain(4)));
    let fused = fused::adamw_step(weights(), plain(4), step);
    let composed = composed::adamw_step(weights(), plain(4), step, None);
    assert_close(
        "parameter",
        &elements_of(fused.parameter),
        &elements_of(composed.parameter),
    );
    assert_close(
        "first moment",
        &elements_of(fused.first),
        &elements_of(composed.first),
    );
    assert_close(
        "second moment",
        &elements_of(fused.second),
        &elements_of(composed.second),
    );
}
