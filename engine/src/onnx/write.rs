//! A graph to a file, one tensor after another, so that the memory holds one of them at a time.
//!
//! The format puts the length of a message before it, and the graph with all its tensors is one message. Every length is
//! known from the shapes, so that the file is written from its beginning to its end without looking back.

use std::io::Write;

use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len};

use super::message::{
    GRAPH_TAG, GraphProto, INITIALIZER_TAG, ModelProto, OperatorSetIdProto, RAW_DATA_TAG,
    TensorProto,
};
use super::numbers::{Initializer, WriteError};
use crate::bert::WeightFile;

/// The first version of the operators that has LayerNormalization, which every runtime of today reads.
const OPSET: i64 = 17;
/// The version of the format that belongs to it.
const IR_VERSION: i64 = 8;

/// A file to be written.
pub(super) struct OnnxFile {
    /// Everything but the graph.
    head: Vec<u8>,
    /// The graph without its tensors.
    graph: Vec<u8>,
    tensors: Vec<Tensor>,
}

/// A tensor to be written.
struct Tensor {
    /// Everything but the numbers.
    head: Vec<u8>,
    initializer: Initializer,
}

impl OnnxFile {
    /// The file with a graph and its tensors.
    pub(super) fn new(graph: &GraphProto, initializers: Vec<Initializer>) -> Self {
        let head = ModelProto {
            ir_version: Some(IR_VERSION),
            producer_name: Some("embert".to_owned()),
            producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            graph: None,
            opset_import: vec![OperatorSetIdProto {
                domain: Some(String::new()),
                version: Some(OPSET),
            }],
        };
        Self {
            head: head.encode_to_vec(),
            graph: graph.encode_to_vec(),
            tensors: initializers.into_iter().map(Tensor::new).collect(),
        }
    }

    /// Bytes of the file.
    pub(super) fn n_bytes(&self) -> usize {
        let n_graph = self.n_graph_bytes();
        self.head.len() + framed(GRAPH_TAG, n_graph)
    }

    fn n_graph_bytes(&self) -> usize {
        let tensors = self.tensors.iter().map(Tensor::n_bytes);
        let tensors = tensors.map(|n_bytes| framed(INITIALIZER_TAG, n_bytes));
        self.graph.len() + tensors.sum::<usize>()
    }

    /// Writes the file with the numbers of `weights`.
    pub(super) fn write(
        &self,
        weights: &WeightFile,
        out: &mut dyn Write,
    ) -> Result<(), WriteError> {
        out.write_all(&self.head)?;
        begin(GRAPH_TAG, self.n_graph_bytes(), out)?;
        out.write_all(&self.graph)?;
        for tensor in &self.tensors {
            begin(INITIALIZER_TAG, tensor.n_bytes(), out)?;
            out.write_all(&tensor.head)?;
            begin(RAW_DATA_TAG, tensor.initializer.n_bytes(), out)?;
            tensor.initializer.write(weights, out)?;
        }
        Ok(())
    }
}

impl Tensor {
    fn new(initializer: Initializer) -> Self {
        let head = TensorProto {
            dims: initializer.shape.iter().map(|size| *size as i64).collect(),
            data_type: Some(initializer.data_type().into()),
            name: Some(initializer.name.clone()),
            raw_data: None,
        };
        Self {
            head: head.encode_to_vec(),
            initializer,
        }
    }

    fn n_bytes(&self) -> usize {
        self.head.len() + framed(RAW_DATA_TAG, self.initializer.n_bytes())
    }
}

/// Bytes of a field with a message or bytes of the length `n_bytes`.
fn framed(tag: u32, n_bytes: usize) -> usize {
    key_len(tag) + encoded_len_varint(n_bytes as u64) + n_bytes
}

/// Writes what stands before a message or bytes of the length `n_bytes`.
fn begin(tag: u32, n_bytes: usize, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut bytes = Vec::new();
    encode_key(tag, WireType::LengthDelimited, &mut bytes);
    encode_varint(n_bytes as u64, &mut bytes);
    Ok(out.write_all(&bytes)?)
}
