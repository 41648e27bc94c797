//! A graph in the making: operations by their meaning, each giving a value that later ones read.
//!
//! The vocabulary that networks are written in: `graph.linear(&x, "pooler.dense", …)`. A family of networks is a
//! function that calls these methods in the order of the paper. What a value is called in the file only matters to
//! who looks at the file; names of weights are those of the model.

use std::collections::HashMap;

use super::message::{
    AttributeProto, AttributeType, DataType, Dimension, DimensionProto, GraphProto, NodeProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use super::numbers::{Form, Initializer, Numbers};

/// Levels on each side of zero that the weights of a matrix product are rounded to.
///
/// Processors without VNNI add two products of an activation (0 to 255) and a weight in 16 bits: with 64 levels the sum
/// fits, with 127 it is cut off, and onnxruntime and browsers would give other answers on older machines.
const PRODUCT_LEVELS: u8 = 64;
/// Levels of a table that rows are taken from: nothing is added up there.
const TABLE_LEVELS: u8 = 127;

/// Names of the dimensions that may differ from call to call, as `optimum` calls them.
const BATCH: &str = "batch_size";
const SEQUENCE: &str = "sequence_length";

/// How exact the weights are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// As in the model: 32 bits.
    Full,
    /// The weights of the encoder in 8 bits, its activations rounded while it computes.
    Int8,
}

/// Something that is computed, given or known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Value(String);

/// An activation rounded to 8 bits: its levels, what a level is worth, and the level of zero.
#[derive(Debug, Clone)]
struct Rounded {
    levels: Value,
    scale: Value,
    zero: Value,
}

/// A graph in the making.
#[derive(Debug)]
pub(super) struct Graph {
    precision: Precision,
    nodes: Vec<NodeProto>,
    inputs: Vec<ValueInfoProto>,
    outputs: Vec<ValueInfoProto>,
    initializers: Vec<Initializer>,
    /// Activations that were rounded already.
    rounded: HashMap<Value, Rounded>,
}

impl Graph {
    /// An empty graph.
    pub(super) fn new(precision: Precision) -> Self {
        Self {
            precision,
            nodes: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            initializers: Vec::new(),
            rounded: HashMap::new(),
        }
    }

    /// The graph without its tensors, and the tensors.
    pub(super) fn finish(self, name: &str) -> (GraphProto, Vec<Initializer>) {
        let graph = GraphProto {
            node: self.nodes,
            name: Some(name.to_owned()),
            initializer: Vec::new(),
            input: self.inputs,
            output: self.outputs,
        };
        (graph, self.initializers)
    }

    /// Token ids or the like, integers `[batch, seq]`.
    pub(super) fn input(&mut self, name: &str) -> Value {
        let shape = [variable(BATCH), variable(SEQUENCE)];
        self.inputs.push(described(name, DataType::Int64, &shape));
        Value(name.to_owned())
    }

    /// Makes `value`, `[batch, width]`, the result of the graph, under `name`.
    pub(super) fn output(&mut self, name: &str, value: &Value, width: usize) {
        self.push("Identity", &[value], vec![name.to_owned()], Vec::new());
        let width = Dimension::Number(integer(width));
        let shape = [variable(BATCH), width];
        self.outputs.push(described(name, DataType::Float, &shape));
    }

    /// The rows `ids` of a table `[n_rows, width]` of the model.
    ///
    /// # Shapes
    /// `ids` `[batch, seq]`, result `[batch, seq, width]`
    pub(super) fn rows(&mut self, name: &str, [n_rows, width]: [usize; 2], ids: &Value) -> Value {
        let shape = [n_rows, width];
        let rows_of = |graph: &mut Self, table: &Value| {
            graph.node("Gather", &[table, ids], vec![int("axis", 0)])
        };
        if self.precision == Precision::Full {
            let table = self.weights(name, &shape, &shape, Form::Plain);
            return rows_of(self, &table);
        }
        let levels = TABLE_LEVELS;
        let form = Form::Levels {
            levels,
            transposed: false,
        };
        let table = self.weights(name, &shape, &shape, form);
        let scales = self.weights(name, &shape, &[n_rows, 1], Form::Scales { levels });
        let rounded = rows_of(self, &table);
        let rounded = self.cast(&rounded, DataType::Float);
        let scales = rows_of(self, &scales);
        self.multiply(&rounded, &scales)
    }

    /// The first rows of a table of the model, one for each token.
    ///
    /// # Shapes
    /// `ids` `[batch, seq]`, result `[seq, width]`
    pub(super) fn rows_by_place(&mut self, name: &str, shape: [usize; 2], ids: &Value) -> Value {
        let table = self.weights(name, &shape, &shape, Form::Plain);
        let (start, axis) = (self.integers(&[0]), self.integers(&[0]));
        let n_tokens = self.node("Shape", &[ids], vec![int("start", 1), int("end", 2)]);
        self.node("Slice", &[&table, &start, &n_tokens, &axis], Vec::new())
    }

    /// `x · weightᵀ + bias` with the weights of a layer of the encoder, which [`Precision::Int8`] rounds.
    ///
    /// # Shapes
    /// `x` `[batch, seq, inputs]`, result `[batch, seq, outputs]`
    pub(super) fn linear(&mut self, x: &Value, name: &str, inputs: usize, outputs: usize) -> Value {
        if self.precision == Precision::Full {
            return self.exact_linear(x, name, inputs, outputs);
        }
        let (levels, transposed) = (PRODUCT_LEVELS, true);
        let (weight, stored) = (format!("{name}.weight"), [outputs, inputs]);
        let rounded = self.rounded(x);
        let form = Form::Levels { levels, transposed };
        let factor = self.weights(&weight, &stored, &[inputs, outputs], form);
        let scales = self.weights(&weight, &stored, &[outputs], Form::Scales { levels });
        let sums = self.node(
            "MatMulInteger",
            &[&rounded.levels, &factor, &rounded.zero],
            Vec::new(),
        );
        let sums = self.cast(&sums, DataType::Float);
        let scale = self.multiply(&rounded.scale, &scales);
        let product = self.multiply(&sums, &scale);
        self.add_bias(&product, name, outputs)
    }

    /// `x · weightᵀ + bias`, in 32 bits.
    ///
    /// # Shapes
    /// `x` `[…, inputs]`, result `[…, outputs]`
    pub(super) fn exact_linear(
        &mut self,
        x: &Value,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Value {
        let (weight, stored) = (format!("{name}.weight"), [outputs, inputs]);
        let factor = self.weights(&weight, &stored, &[inputs, outputs], Form::Transposed);
        let product = self.product(x, &factor);
        self.add_bias(&product, name, outputs)
    }

    fn add_bias(&mut self, x: &Value, name: &str, outputs: usize) -> Value {
        let bias = self.vector(&format!("{name}.bias"), outputs);
        self.add(x, &bias)
    }

    /// An activation rounded to 8 bits; once for all layers that read it.
    fn rounded(&mut self, x: &Value) -> Rounded {
        if let Some(rounded) = self.rounded.get(x) {
            return rounded.clone();
        }
        let name = self.next_name("DynamicQuantizeLinear");
        let parts = ["levels", "scale", "zero"].map(|part| format!("{name}_{part}"));
        self.push("DynamicQuantizeLinear", &[x], parts.to_vec(), Vec::new());
        let [levels, scale, zero] = parts.map(Value);
        let rounded = Rounded {
            levels,
            scale,
            zero,
        };
        self.rounded.insert(x.clone(), rounded.clone());
        rounded
    }

    /// Layer norm over the last dimension, with the scale and shift that are called `scale` and `shift` in the model.
    pub(super) fn layer_norm(
        &mut self,
        x: &Value,
        [scale, shift]: [&str; 2],
        width: usize,
        epsilon: f64,
    ) -> Value {
        let scale = self.vector(scale, width);
        let shift = self.vector(shift, width);
        let attributes = vec![int("axis", -1), float("epsilon", epsilon as f32)];
        self.node("LayerNormalization", &[x, &scale, &shift], attributes)
    }

    /// `x/2 · (1 + erf(x/√2))`, which is an operator of its own from opset 20 on only.
    pub(super) fn gelu(&mut self, x: &Value) -> Value {
        let [root, one, half] =
            [std::f32::consts::SQRT_2, 1.0, 0.5].map(|number| self.number(number));
        let scaled = self.node("Div", &[x, &root], Vec::new());
        let erf = self.node("Erf", &[&scaled], Vec::new());
        let above = self.add(&erf, &one);
        let doubled = self.multiply(x, &above);
        self.multiply(&doubled, &half)
    }

    /// Hyperbolic tangent.
    pub(super) fn tanh(&mut self, x: &Value) -> Value {
        self.node("Tanh", &[x], Vec::new())
    }

    /// Softmax over the last dimension.
    pub(super) fn softmax(&mut self, x: &Value) -> Value {
        self.node("Softmax", &[x], vec![int("axis", -1)])
    }

    /// Matrix product of the last two dimensions.
    pub(super) fn product(&mut self, a: &Value, b: &Value) -> Value {
        self.node("MatMul", &[a, b], Vec::new())
    }

    /// Sum, element by element.
    pub(super) fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.node("Add", &[a, b], Vec::new())
    }

    /// Product, element by element.
    pub(super) fn multiply(&mut self, a: &Value, b: &Value) -> Value {
        self.node("Mul", &[a, b], Vec::new())
    }

    /// `x` times a number.
    pub(super) fn times(&mut self, x: &Value, number: f32) -> Value {
        let number = self.number(number);
        self.multiply(x, &number)
    }

    /// What is added to the scores of an attention so that padding is never looked at: 0 for a token, the lowest
    /// number for padding.
    ///
    /// # Shapes
    /// `attention_mask` `[batch, seq]`, 1 for tokens; result `[batch, 1, 1, seq]`
    pub(super) fn padding_scores(&mut self, attention_mask: &Value) -> Value {
        let axes = self.integers(&[1, 2]);
        let mask = self.node("Unsqueeze", &[attention_mask, &axes], Vec::new());
        let mask = self.cast(&mask, DataType::Float);
        let one = self.number(1.0);
        let padding = self.node("Sub", &[&one, &mask], Vec::new());
        self.times(&padding, f32::MIN)
    }

    /// Only the first token of each text, `[batch, 1, width]`.
    pub(super) fn first_token(&mut self, x: &Value) -> Value {
        let [from, to, axis] = [0, 1, 1].map(|number| self.integers(&[number]));
        self.node("Slice", &[x, &from, &to, &axis], Vec::new())
    }

    /// `[batch, 1, width]` as `[batch, width]`.
    pub(super) fn without_tokens(&mut self, x: &Value) -> Value {
        let axis = self.integers(&[1]);
        self.node("Squeeze", &[x, &axis], Vec::new())
    }

    /// `[batch, seq, heads · size]` as `[batch, seq, heads, size]` with its dimensions in the order `places`.
    pub(super) fn split_heads(
        &mut self,
        x: &Value,
        heads: usize,
        size: usize,
        places: [i64; 4],
    ) -> Value {
        // 0 keeps a dimension as it is.
        let shape = self.integers(&[0, 0, integer(heads), integer(size)]);
        let split = self.node("Reshape", &[x, &shape], Vec::new());
        self.transpose(&split, &places)
    }

    /// `[batch, heads, seq, size]` as `[batch, seq, heads · size]`.
    pub(super) fn join_heads(&mut self, x: &Value, hidden: usize) -> Value {
        let beside = self.transpose(x, &[0, 2, 1, 3]);
        let shape = self.integers(&[0, 0, integer(hidden)]);
        self.node("Reshape", &[&beside, &shape], Vec::new())
    }

    fn transpose(&mut self, x: &Value, places: &[i64]) -> Value {
        let places = AttributeProto {
            name: Some("perm".to_owned()),
            ints: places.to_vec(),
            r#type: Some(AttributeType::Ints.into()),
            ..AttributeProto::default()
        };
        self.node("Transpose", &[x], vec![places])
    }

    fn cast(&mut self, x: &Value, to: DataType) -> Value {
        self.node("Cast", &[x], vec![int("to", i64::from(i32::from(to)))])
    }

    /// A vector of the model.
    fn vector(&mut self, name: &str, width: usize) -> Value {
        self.weights(name, &[width], &[width], Form::Plain)
    }

    /// A tensor that is made of the one called `tensor` in the model, which has the shape `stored`.
    fn weights(&mut self, tensor: &str, stored: &[usize], shape: &[usize], form: Form) -> Value {
        let name = match form {
            Form::Plain | Form::Transposed => tensor.to_owned(),
            Form::Levels { .. } => format!("{tensor}_quantized"),
            Form::Scales { .. } => format!("{tensor}_scale"),
        };
        let numbers = Numbers::Weights {
            tensor: tensor.to_owned(),
            shape: stored.to_vec(),
            form,
        };
        self.known(name, shape, numbers)
    }

    fn integers(&mut self, integers: &[i64]) -> Value {
        let words: Vec<String> = integers.iter().map(ToString::to_string).collect();
        let name = format!("integers_{}", words.join("_"));
        let numbers = Numbers::Integers(integers.to_vec());
        self.known(name, &[integers.len()], numbers)
    }

    fn number(&mut self, number: f32) -> Value {
        self.known(format!("number_{number:e}"), &[], Numbers::Number(number))
    }

    /// A tensor of the file; one for all that ask for the same.
    fn known(&mut self, name: String, shape: &[usize], numbers: Numbers) -> Value {
        if self.initializers.iter().all(|known| known.name != name) {
            self.initializers.push(Initializer {
                name: name.clone(),
                shape: shape.to_vec(),
                numbers,
            });
        }
        Value(name)
    }

    fn node(
        &mut self,
        operation: &str,
        inputs: &[&Value],
        attributes: Vec<AttributeProto>,
    ) -> Value {
        let output = self.next_name(operation);
        self.push(operation, inputs, vec![output.clone()], attributes);
        Value(output)
    }

    fn push(
        &mut self,
        operation: &str,
        inputs: &[&Value],
        output: Vec<String>,
        attribute: Vec<AttributeProto>,
    ) {
        self.nodes.push(NodeProto {
            input: inputs.iter().map(|value| value.0.clone()).collect(),
            output,
            name: Some(format!("{operation}_node_{}", self.nodes.len())),
            op_type: Some(operation.to_owned()),
            attribute,
        });
    }

    fn next_name(&self, operation: &str) -> String {
        format!("{operation}_{}", self.nodes.len())
    }
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).expect("sizes of networks are small")
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        i: Some(i),
        r#type: Some(AttributeType::Int.into()),
        ..AttributeProto::default()
    }
}

fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        f: Some(f),
        r#type: Some(AttributeType::Float.into()),
        ..AttributeProto::default()
    }
}

fn variable(name: &str) -> Dimension {
    Dimension::Name(name.to_owned())
}

fn described(name: &str, data_type: DataType, shape: &[Dimension]) -> ValueInfoProto {
    let dim = shape
        .iter()
        .map(|dimension| DimensionProto {
            value: Some(dimension.clone()),
        })
        .collect();
    let tensor_type = TensorTypeProto {
        elem_type: Some(data_type.into()),
        shape: Some(TensorShapeProto { dim }),
    };
    ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(tensor_type),
        }),
    }
}
