//! The fused operations as burn operations: a forward pass on slices, and a step of the backward
//! pass that burn's autodiff calls.
//!
//! Functions that return an `Option` return `None` when the tensors do not live on the CPU backend.

use burn::backend::{Autodiff, Flex, tensor::FloatTensor};
use burn::tensor::{Tensor, TensorData};
use burn_autodiff::{
    checkpoint::{base::Checkpointer, strategy::NoCheckpointing},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};

use super::math::{self, Heads, Mask, Matrix};
use super::{AdamWStep, Affine, Dropout, Queries, TokenRows, Weights};

type Cpu = FloatTensor<Flex>;
type Tracked = FloatTensor<Autodiff<Flex>>;

/// A tensor on the CPU backend, inside or outside a graph.
enum Operand {
    Plain(Cpu),
    Tracked(Tracked),
}

impl Operand {
    fn of<const D: usize>(tensor: &Tensor<D>) -> Option<Self> {
        if let Ok(plain) = tensor.clone().try_into_primitive::<Flex>() {
            return Some(Self::Plain(contiguous(plain)));
        }
        tensor
            .clone()
            .try_into_primitive::<Autodiff<Flex>>()
            .ok()
            .map(Self::Tracked)
    }

    fn tracked(self) -> Option<Tracked> {
        match self {
            Self::Tracked(tensor) => Some(tensor),
            Self::Plain(_) => None,
        }
    }

    fn plain(self) -> Option<Cpu> {
        match self {
            Self::Plain(tensor) => Some(tensor),
            Self::Tracked(_) => None,
        }
    }
}

/// Runs `forward` on the operands and, where they belong to a graph, records `operation` in it.
///
/// Returns `None` when the operands are not all of one kind.
fn run<const N: usize, O>(
    operation: O,
    operands: [Operand; N],
    forward: impl FnOnce([Cpu; N]) -> (Cpu, O::State),
) -> Option<Tensor<2>>
where
    O: Backward<Flex, N>,
{
    if operands
        .iter()
        .all(|operand| matches!(operand, Operand::Plain(_)))
    {
        let inputs = operands.map(|operand| operand.plain().expect("checked above"));
        return Some(Tensor::from_primitive::<Flex>(forward(inputs).0));
    }
    if operands
        .iter()
        .any(|operand| matches!(operand, Operand::Plain(_)))
    {
        return None;
    }
    let inputs = operands.map(|operand| operand.tracked().expect("checked above"));
    let guards = inputs.each_ref().map(|input| input.node());
    let (output, state) = forward(inputs.map(|input| contiguous(input.into_primitive())));
    let output = match operation
        .prepare::<NoCheckpointing>(guards)
        .compute_bound()
        .stateful()
    {
        OpsKind::Tracked(preparation) => preparation.finish(state, output),
        OpsKind::UnTracked(preparation) => preparation.finish(output),
    };
    Some(Tensor::from_primitive::<Autodiff<Flex>>(output))
}

fn contiguous(tensor: Cpu) -> Cpu {
    if tensor.is_contiguous() {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

/// The tensor with a storage of its own size: a view would hand out more than itself.
fn whole(tensor: Cpu) -> Cpu {
    if tensor.is_contiguous() && tensor.storage::<f32>().len() == tensor.layout().num_elements() {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

/// The elements of a tensor that [`whole`] gave, copied first where another tensor shares them.
fn elements_mut(tensor: &mut Cpu) -> &mut [f32] {
    tensor.storage_mut()
}

/// The elements of a tensor that [`contiguous`] gave.
fn elements(tensor: &Cpu) -> &[f32] {
    tensor.as_slice().expect("the tensor is contiguous and f32")
}

fn tensor<const D: usize>(data: Vec<f32>, shape: [usize; D]) -> Cpu {
    Cpu::from_data(TensorData::new(data, shape))
}

fn width(tensor: &Cpu) -> usize {
    let shape = tensor.layout().shape();
    shape[shape.num_dims() - 1]
}

fn rows(tensor: &Cpu) -> usize {
    tensor.layout().shape()[0]
}

fn matrix(tensor: &Cpu) -> Matrix<'_> {
    Matrix::new(elements(tensor), rows(tensor), width(tensor))
}

fn mask(dropout: Option<Dropout>) -> Mask {
    dropout.map_or_else(Mask::keep_all, |dropout| {
        Mask::new(dropout.probability, dropout.seed)
    })
}

#[derive(Debug)]
struct Linear;

impl Backward<Flex, 3> for Linear {
    type State = (Cpu, Cpu);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = contiguous(grads.consume::<Flex>(&ops.node));
        let (x, weight) = ops.state;
        let [x_node, weight_node, bias_node] = ops.parents;
        if let Some(node) = x_node {
            let dx = math::product(matrix(&dy), matrix(&weight));
            grads.register::<Flex>(node.id, tensor(dx, [rows(&x), width(&x)]));
        }
        if let Some(node) = weight_node {
            let d_weight = math::product(matrix(&dy).transposed(), matrix(&x));
            grads.register::<Flex>(node.id, tensor(d_weight, [rows(&weight), width(&weight)]));
        }
        if let Some(node) = bias_node {
            let d_bias = math::column_sums(elements(&dy), width(&dy));
            grads.register::<Flex>(node.id, tensor(d_bias, [width(&dy)]));
        }
    }
}

pub(super) fn linear(x: &Tensor<2>, weight: &Tensor<2>, bias: &Tensor<1>) -> Option<Tensor<2>> {
    let operands = [Operand::of(x)?, Operand::of(weight)?, Operand::of(bias)?];
    run(Linear, operands, |[x, weight, bias]| {
        let y = math::linear(matrix(&x), matrix(&weight), elements(&bias));
        (tensor(y, [rows(&x), rows(&weight)]), (x, weight))
    })
}

#[derive(Debug)]
struct Gelu;

impl Backward<Flex, 1> for Gelu {
    type State = Cpu;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let mut gradient = whole(grads.consume::<Flex>(&ops.node));
        let [Some(node)] = ops.parents else { return };
        math::gelu_backward(elements(&ops.state), elements_mut(&mut gradient));
        grads.register::<Flex>(node.id, gradient);
    }
}

pub(super) fn gelu(x: &Tensor<2>) -> Option<Tensor<2>> {
    run(Gelu, [Operand::of(x)?], |[x]| {
        (tensor(math::gelu(elements(&x)), [rows(&x), width(&x)]), x)
    })
}

#[derive(Debug)]
struct DropoutStep;

impl Backward<Flex, 1> for DropoutStep {
    type State = Mask;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let mut gradient = whole(grads.consume::<Flex>(&ops.node));
        let [Some(node)] = ops.parents else { return };
        math::dropout(elements_mut(&mut gradient), ops.state);
        grads.register::<Flex>(node.id, gradient);
    }
}

pub(super) fn dropout(x: &Tensor<2>, dropout: Dropout) -> Option<Tensor<2>> {
    let mask = mask(Some(dropout));
    run(DropoutStep, [Operand::of(x)?], |[x]| {
        let mut y = whole(x);
        math::dropout(elements_mut(&mut y), mask);
        (y, mask)
    })
}

/// What the backward pass of [`add_layer_norm`] needs.
#[derive(Clone, Debug)]
struct NormState {
    normal: Cpu,
    inverse_deviation: Cpu,
    gamma: Cpu,
    mask: Mask,
}

#[derive(Debug)]
struct AddLayerNorm;

impl Backward<Flex, 4> for AddLayerNorm {
    type State = NormState;

    fn backward(self, ops: Ops<Self::State, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let mut gradient = whole(grads.consume::<Flex>(&ops.node));
        let state = ops.state;
        let (rows, width) = (rows(&gradient), width(&gradient));
        let gradients = math::add_layer_norm_backward(
            elements_mut(&mut gradient),
            elements(&state.normal),
            elements(&state.inverse_deviation),
            elements(&state.gamma),
            state.mask,
        );
        let [x, residual, gamma, beta] = ops.parents;
        if let Some(node) = x {
            let of_x = match gradients.x {
                Some(x) => tensor(x, [rows, width]),
                None => gradient.clone(),
            };
            grads.register::<Flex>(node.id, of_x);
        }
        if let Some(node) = residual {
            grads.register::<Flex>(node.id, gradient);
        }
        if let Some(node) = gamma {
            grads.register::<Flex>(node.id, tensor(gradients.gamma, [width]));
        }
        if let Some(node) = beta {
            grads.register::<Flex>(node.id, tensor(gradients.beta, [width]));
        }
    }
}

pub(super) fn add_layer_norm(
    x: &Tensor<2>,
    residual: &Tensor<2>,
    affine: &Affine,
    epsilon: f64,
    dropout: Option<Dropout>,
) -> Option<Tensor<2>> {
    let mask = mask(dropout);
    let operands = [
        Operand::of(x)?,
        Operand::of(residual)?,
        Operand::of(&affine.gamma)?,
        Operand::of(&affine.beta)?,
    ];
    run(AddLayerNorm, operands, |[x, residual, gamma, beta]| {
        let (x_elements, residual) = (elements(&x), elements(&residual));
        let result = math::add_layer_norm(
            x_elements,
            residual,
            elements(&gamma),
            elements(&beta),
            epsilon as f32,
            mask,
        );
        let shape = [rows(&x), width(&x)];
        let normal = tensor(result.normal, shape);
        let inverse_deviation = tensor(result.inverse_deviation, [shape[0]]);
        (
            tensor(result.y, shape),
            NormState {
                normal,
                inverse_deviation,
                gamma,
                mask,
            },
        )
    })
}

/// What the backward pass of [`attention`] needs.
#[derive(Clone, Debug)]
struct AttentionState {
    query: Cpu,
    key_value: Cpu,
    heads: Heads,
    mask: Mask,
}

#[derive(Debug)]
struct Attention;

impl Backward<Flex, 2> for Attention {
    type State = AttentionState;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = contiguous(grads.consume::<Flex>(&ops.node));
        let AttentionState {
            query,
            key_value,
            heads,
            mask,
        } = ops.state;
        let (d_query, d_key_value) = math::attention_backward(
            elements(&query),
            elements(&key_value),
            elements(&dy),
            &heads,
            mask,
        );
        let [query_node, key_value_node] = ops.parents;
        if let Some(node) = query_node {
            grads.register::<Flex>(node.id, tensor(d_query, [rows(&query), width(&query)]));
        }
        if let Some(node) = key_value_node {
            grads.register::<Flex>(
                node.id,
                tensor(d_key_value, [rows(&key_value), width(&key_value)]),
            );
        }
    }
}

pub(super) fn attention(
    query: &Tensor<2>,
    key_value: &Tensor<2>,
    token_rows: &TokenRows,
    queries: Queries,
    n_heads: usize,
    dropout: Option<Dropout>,
) -> Option<Tensor<2>> {
    let mask = mask(dropout);
    run(
        Attention,
        [Operand::of(query)?, Operand::of(key_value)?],
        |[query, key_value]| {
            let heads = Heads {
                query_rows: queries.rows(token_rows),
                key_rows: token_rows.ranges().to_vec(),
                n_heads,
                hidden: width(&query),
            };
            let output = math::attention(elements(&query), elements(&key_value), &heads, mask);
            let output = tensor(output, [rows(&query), width(&query)]);
            (
                output,
                AttentionState {
                    query,
                    key_value,
                    heads,
                    mask,
                },
            )
        },
    )
}

pub(super) fn sum_of_squares<const D: usize>(x: &Tensor<D>) -> Option<f64> {
    let x = contiguous(x.clone().try_into_primitive::<Flex>().ok()?);
    Some(math::sum_of_squares(elements(&x)))
}

/// Whether the tensor lives on the CPU backend, outside a graph.
pub(super) fn is_on_cpu<const D: usize>(x: &Tensor<D>) -> bool {
    x.clone().try_into_primitive::<Flex>().is_ok()
}

/// # Panics
/// When a tensor does not live on the CPU backend; ask [`is_on_cpu`] first.
pub(super) fn adamw_step<const D: usize>(
    weights: Weights<D>,
    gradient: Tensor<D>,
    step: AdamWStep,
) -> Weights<D> {
    let on_cpu = |tensor: Tensor<D>| {
        let tensor = tensor.try_into_primitive::<Flex>();
        whole(tensor.expect("a parameter lives where its gradient lives"))
    };
    let gradient = on_cpu(gradient);
    let mut parameter = on_cpu(weights.parameter);
    let mut first = on_cpu(weights.first);
    let mut second = on_cpu(weights.second);
    math::adamw_step(
        elements_mut(&mut parameter),
        elements(&gradient),
        elements_mut(&mut first),
        elements_mut(&mut second),
        step,
    );
    Weights {
        parameter: Tensor::from_primitive::<Flex>(parameter),
        first: Tensor::from_primitive::<Flex>(first),
        second: Tensor::from_primitive::<Flex>(second),
    }
}
