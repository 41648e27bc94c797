//! The two building blocks, linear layer and layer norm, and where dropout masks come from.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::weights::{NamedTensors, WeightSource, WeightsError, parameter_elements};
use crate::kernel::{self, Affine, Dropout};
use crate::random::Random;

/// `x · weightᵀ + bias`
#[derive(Module, Debug)]
pub(crate) struct Linear {
    /// `[outputs, inputs]`
    pub(crate) weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub(crate) bias: Param<Tensor<1>>,
}

impl Linear {
    /// Reads `weight` and `bias`.
    pub(crate) fn read(
        source: &WeightSource,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, WeightsError> {
        let weight = source.parameter("weight", [outputs, inputs])?;
        let bias = source.parameter("bias", [outputs])?;
        Ok(Self { weight, bias })
    }

    /// Reads two layers with the same input as one: the outputs of `first`, then those of `second`.
    pub(crate) fn read_pair(
        first: &WeightSource,
        second: &WeightSource,
        size: usize,
    ) -> Result<Self, WeightsError> {
        let mut weight = first.elements("weight", &[size, size])?;
        weight.extend(second.elements("weight", &[size, size])?);
        let mut bias = first.elements("bias", &[size])?;
        bias.extend(second.elements("bias", &[size])?);
        let weight = first.to_parameter(weight, [2 * size, size]);
        Ok(Self {
            weight,
            bias: first.to_parameter(bias, [2 * size]),
        })
    }

    /// A new layer: weights from a normal distribution with `deviation`, biases 0.
    pub(crate) fn new(
        source: &WeightSource,
        inputs: usize,
        outputs: usize,
        deviation: f64,
        random: &mut Random,
    ) -> Self {
        let weight = (0..inputs * outputs)
            .map(|_| (random.normal() * deviation) as f32)
            .collect();
        let weight = source.to_parameter(weight, [outputs, inputs]);
        Self {
            weight,
            bias: source.to_parameter(vec![0.0; outputs], [outputs]),
        }
    }

    /// The same layer with the biases `bias`, one per output.
    pub(crate) fn with_bias(self, bias: Vec<f32>, source: &WeightSource) -> Self {
        let shape = [bias.len()];
        Self {
            bias: source.to_parameter(bias, shape),
            ..self
        }
    }

    /// # Shapes
    /// `x` `[rows, inputs]`, result `[rows, outputs]`
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        kernel::linear(x, self.weight.val(), self.bias.val())
    }

    /// Adds `weight` and `bias`.
    pub(crate) fn write(&self, tensors: &mut NamedTensors) {
        tensors.push("weight", &self.weight);
        tensors.push("bias", &self.bias);
    }

    /// Adds the two layers that [`Linear::read_pair`] joined.
    pub(crate) fn write_pair(&self, tensors: &mut NamedTensors, names: [&str; 2]) {
        let size = self.weight.dims()[1];
        let (weight, bias) = (
            parameter_elements(&self.weight),
            parameter_elements(&self.bias),
        );
        let halves = weight
            .chunks_exact(size * size)
            .zip(bias.chunks_exact(size));
        for ((weight, bias), name) in halves.zip(names) {
            tensors.part(name, |tensors| {
                tensors.push_elements("weight", vec![size, size], weight.to_vec());
                tensors.push_elements("bias", vec![size], bias.to_vec());
            });
        }
    }
}

/// Layer norm with the epsilon of the checkpoint.
#[derive(Module, Debug)]
pub(crate) struct LayerNorm {
    /// `[width]`
    gamma: Param<Tensor<1>>,
    /// `[width]`
    beta: Param<Tensor<1>>,
    #[module(skip)]
    epsilon: f64,
}

impl LayerNorm {
    /// Reads `weight` and `bias`, or `gamma` and `beta` as the oldest checkpoints call them.
    pub(crate) fn read(
        source: &WeightSource,
        width: usize,
        epsilon: f64,
    ) -> Result<Self, WeightsError> {
        let old = source.has("gamma");
        let (gamma, beta) = if old {
            ("gamma", "beta")
        } else {
            ("weight", "bias")
        };
        Ok(Self {
            gamma: source.parameter(gamma, [width])?,
            beta: source.parameter(beta, [width])?,
            epsilon,
        })
    }

    /// Layer norm of `residual + dropout(x)`.
    ///
    /// # Shapes
    /// all `[rows, width]`
    pub(crate) fn forward(
        &self,
        x: Tensor<2>,
        residual: Tensor<2>,
        dropout: Option<Dropout>,
    ) -> Tensor<2> {
        let affine = Affine {
            gamma: self.gamma.val(),
            beta: self.beta.val(),
        };
        kernel::add_layer_norm(x, residual, affine, self.epsilon, dropout)
    }

    /// Adds `weight` and `bias`.
    pub(crate) fn write(&self, tensors: &mut NamedTensors) {
        tensors.push("weight", &self.gamma);
        tensors.push("bias", &self.beta);
    }
}

/// Gives every dropout of a training step its own seed, and none when predicting.
#[derive(Debug)]
pub(crate) struct DropoutSource(Option<Random>);

impl DropoutSource {
    /// Dropout for the training step that `seed` stands for.
    pub(crate) fn training(seed: u64) -> Self {
        Self(Some(Random::new(seed)))
    }

    /// No dropout.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// The next dropout.
    pub(crate) fn next(&mut self, probability: f64) -> Option<Dropout> {
        let seed = self.0.as_mut()?.next_u64();
        (probability > 0.0).then_some(Dropout { probability, seed })
    }
}
