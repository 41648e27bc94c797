//! Where the tensors of a checkpoint are, and how they get into and out of the network.
//!
//! | Hugging Face name (after an optional `bert.`)         | ours                              |
//! | ------------------------------------------------------ | --------------------------------- |
//! | `embeddings.{word,position,token_type}_embeddings.*`   | `embeddings.{word,position,token_type}` |
//! | `embeddings.LayerNorm.*`                               | `embeddings.norm`                 |
//! | `encoder.layer.N.attention.self.query.*`               | `layers[N].query`                 |
//! | `encoder.layer.N.attention.self.{key,value}.*`         | `layers[N].key_value`, keys first |
//! | `encoder.layer.N.attention.output.dense.*`             | `layers[N].attention_output`      |
//! | `encoder.layer.N.attention.output.LayerNorm.*`         | `layers[N].attention_norm`        |
//! | `encoder.layer.N.intermediate.dense.*`                 | `layers[N].intermediate`          |
//! | `encoder.layer.N.output.dense.*`                       | `layers[N].output`                |
//! | `encoder.layer.N.output.LayerNorm.*`                   | `layers[N].output_norm`           |
//! | `pooler.dense.*`                                       | `pooler`                          |
//! | `classifier.*` (without `bert.`)                       | `head`                            |
//!
//! Weights of linear layers keep PyTorch's shape `[outputs, inputs]`.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use serde::Serialize;

/// A file name that a model folder must have.
const FILE_NAME: &str = "model.safetensors";
/// Larger headers are refused: a header of that size isn't a model.
const LARGEST_HEADER_BYTES: u64 = 100 << 20;

/// Why weights can't be read.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum WeightsError {
    /// The file can't be opened or read.
    #[error("{path} can't be read")]
    Read {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Why.
        #[source]
        #[serde(skip)]
        source: std::io::Error,
    },
    /// The file isn't a safetensors file.
    #[error("{path} isn't a safetensors file: {reason}")]
    Format {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A tensor isn't there.
    #[error("{path} has no tensor \"{name}\"")]
    Missing {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Name of the tensor.
        name: String,
    },
    /// A tensor has another shape than `config.json` says.
    #[error(
        "Tensor \"{name}\" in {path} has shape {found:?}, but config.json asks for {expected:?}"
    )]
    Shape {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Name of the tensor.
        name: String,
        /// Shape in the file.
        found: Vec<usize>,
        /// Shape that the sizes in `config.json` lead to.
        expected: Vec<usize>,
    },
    /// A tensor's numbers are of a kind that weights don't have.
    #[error(
        "Tensor \"{name}\" in {path} has numbers of type {found}, but only F32, F16 and BF16 can be read"
    )]
    NumberType {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Name of the tensor.
        name: String,
        /// What it has.
        found: String,
    },
}

/// A safetensors file whose tensors are read one at a time, so that no second copy fills the memory.
#[derive(Debug)]
pub struct WeightFile {
    path: PathBuf,
    file: Mutex<File>,
    metadata: Metadata,
    data_start: u64,
}

impl WeightFile {
    /// Opens `model.safetensors` in `folder`.
    ///
    /// # Errors
    /// When the file isn't there or isn't a safetensors file.
    pub fn open(folder: &Path) -> Result<Self, WeightsError> {
        Self::open_file(folder.join(FILE_NAME))
    }

    /// Opens a file of any name.
    pub(crate) fn open_file(path: PathBuf) -> Result<Self, WeightsError> {
        let read = |source| WeightsError::Read {
            path: path.clone(),
            source,
        };
        let wrong = |reason: String| WeightsError::Format {
            path: path.clone(),
            reason,
        };
        let mut file = File::open(&path).map_err(read)?;
        let size = file.metadata().map_err(read)?.len();
        let mut length = [0; 8];
        file.read_exact(&mut length)
            .map_err(|_| wrong(format!("it has {size} bytes, fewer than 8")))?;
        let header_bytes = u64::from_le_bytes(length);
        if header_bytes > LARGEST_HEADER_BYTES || header_bytes + 8 > size {
            return Err(wrong(format!(
                "its header claims {header_bytes} bytes, but the file has {size}"
            )));
        }
        let mut header = vec![0; header_bytes as usize];
        file.read_exact(&mut header).map_err(read)?;
        let metadata: Metadata =
            serde_json::from_slice(&header).map_err(|error| wrong(error.to_string()))?;
        let data_bytes = metadata.data_len() as u64;
        let data_start = header_bytes + 8;
        // Not the sum of both: the offsets in the header may be any numbers.
        if data_bytes > size - data_start {
            return Err(wrong(format!(
                "its tensors need {data_bytes} bytes, but only {} follow",
                size - data_start
            )));
        }
        Ok(Self {
            path,
            file: Mutex::new(file),
            metadata,
            data_start,
        })
    }

    /// Whether the file has a tensor called `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.metadata.info(name).is_some()
    }

    /// What the header says under `name`, apart from the tensors.
    pub(crate) fn note(&self, name: &str) -> Option<&str> {
        let notes = self.metadata.metadata().as_ref()?;
        notes.get(name).map(String::as_str)
    }

    /// Number of parameters: the elements of all tensors of floating-point numbers.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        let tensors = self.metadata.tensors();
        let floats = tensors.values().filter(|info| is_float(info.dtype));
        floats
            .map(|info| info.shape.iter().product::<usize>())
            .sum()
    }

    fn info(&self, name: &str) -> Result<&TensorInfo, WeightsError> {
        let missing = || WeightsError::Missing {
            path: self.path.clone(),
            name: name.to_owned(),
        };
        self.metadata.info(name).ok_or_else(missing)
    }

    /// Number of rows of the tensor `name`.
    pub(crate) fn n_rows(&self, name: &str) -> Result<usize, WeightsError> {
        Ok(self.shape(name)?.first().copied().unwrap_or(0))
    }

    /// Shape of the tensor `name`.
    fn shape(&self, name: &str) -> Result<&[usize], WeightsError> {
        Ok(&self.info(name)?.shape)
    }

    /// All elements of the tensor `name`, which must have `shape`.
    pub(crate) fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let info = self.info(name)?;
        self.check_shape(name, info, shape)?;
        self.read_range(name, info, 0, shape.iter().product())
    }

    /// `count` elements of the tensor `name`, which must have `shape`, from the element `start` on.
    pub(crate) fn read_part(
        &self,
        name: &str,
        shape: &[usize],
        start: usize,
        count: usize,
    ) -> Result<Vec<f32>, WeightsError> {
        let info = self.info(name)?;
        self.check_shape(name, info, shape)?;
        self.read_range(name, info, start, count)
    }

    /// The rows `ids` of the tensor `name` of shape `[n_rows, width]`.
    fn read_rows(
        &self,
        name: &str,
        ids: &[u32],
        n_rows: usize,
        width: usize,
    ) -> Result<Vec<f32>, WeightsError> {
        let info = self.info(name)?;
        self.check_shape(name, info, &[n_rows, width])?;
        let mut rows = Vec::with_capacity(ids.len() * width);
        for id in ids {
            rows.extend(self.read_range(name, info, *id as usize * width, width)?);
        }
        Ok(rows)
    }

    fn check_shape(
        &self,
        name: &str,
        info: &TensorInfo,
        expected: &[usize],
    ) -> Result<(), WeightsError> {
        if info.shape == expected {
            return Ok(());
        }
        Err(WeightsError::Shape {
            path: self.path.clone(),
            name: name.to_owned(),
            found: info.shape.clone(),
            expected: expected.to_vec(),
        })
    }

    fn read_range(
        &self,
        name: &str,
        info: &TensorInfo,
        start: usize,
        count: usize,
    ) -> Result<Vec<f32>, WeightsError> {
        let number_type = || WeightsError::NumberType {
            path: self.path.clone(),
            name: name.to_owned(),
            found: format!("{:?}", info.dtype),
        };
        if !is_float(info.dtype) {
            return Err(number_type());
        }
        let size = info.dtype.bitsize() / 8;
        let mut bytes = vec![0; count * size];
        let position = self.data_start + (info.data_offsets.0 + start * size) as u64;
        let read = |source| WeightsError::Read {
            path: self.path.clone(),
            source,
        };
        {
            let mut file = self
                .file
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            file.seek(SeekFrom::Start(position)).map_err(read)?;
            file.read_exact(&mut bytes).map_err(read)?;
        }
        Ok(match info.dtype {
            Dtype::F16 => halves(&bytes, |bits| half::f16::from_bits(bits).to_f32()),
            Dtype::BF16 => halves(&bytes, |bits| half::bf16::from_bits(bits).to_f32()),
            _ => bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
        })
    }
}

fn is_float(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::F32 | Dtype::F16 | Dtype::BF16)
}

fn halves(bytes: &[u8], widen: impl Fn(u16) -> f32) -> Vec<f32> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|bytes| widen(u16::from_le_bytes(*bytes)))
        .collect()
}

/// Reads the tensors of one part of the network: a file, a name prefix, a device.
#[derive(Clone, Debug)]
pub(crate) struct WeightSource<'a> {
    file: &'a WeightFile,
    prefix: String,
    device: &'a Device,
}

impl<'a> WeightSource<'a> {
    /// The whole encoder: below `bert.` or at the top of the file.
    pub(crate) fn encoder(file: &'a WeightFile, device: &'a Device) -> Self {
        let nested = file.has(&format!("bert.{}", super::WORD_EMBEDDINGS));
        let prefix = if nested { "bert." } else { "" }.to_owned();
        Self {
            file,
            prefix,
            device,
        }
    }

    /// The part called `name` below this one.
    pub(crate) fn part(&self, name: &str) -> Self {
        Self {
            prefix: format!("{}{name}.", self.prefix),
            ..self.clone()
        }
    }

    /// The top of the file, where the head is.
    pub(crate) fn top(&self) -> Self {
        Self {
            prefix: String::new(),
            ..self.clone()
        }
    }

    /// Whether there is a tensor called `name` here.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.file.has(&self.name(name))
    }

    /// Number of rows of the tensor `name`.
    pub(crate) fn n_rows(&self, name: &str) -> Result<usize, WeightsError> {
        self.file.n_rows(&self.name(name))
    }

    /// The tensor `name` as a parameter.
    pub(crate) fn parameter<const D: usize>(
        &self,
        name: &str,
        shape: [usize; D],
    ) -> Result<Param<Tensor<D>>, WeightsError> {
        Ok(self.to_parameter(self.elements(name, &shape)?, shape))
    }

    /// The elements of the tensor `name`.
    pub(crate) fn elements(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        self.file.read(&self.name(name), shape)
    }

    /// Some rows of the table `name` as a parameter.
    pub(crate) fn rows(
        &self,
        name: &str,
        ids: &[u32],
        n_rows: usize,
        width: usize,
    ) -> Result<Param<Tensor<2>>, WeightsError> {
        let rows = self.file.read_rows(&self.name(name), ids, n_rows, width)?;
        Ok(self.to_parameter(rows, [ids.len(), width]))
    }

    /// `elements` as a parameter on the device.
    pub(crate) fn to_parameter<const D: usize>(
        &self,
        elements: Vec<f32>,
        shape: [usize; D],
    ) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::from_data(
            TensorData::new(elements, shape),
            self.device,
        ))
    }

    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// A tensor on its way to a file.
#[derive(Debug)]
pub(crate) struct NamedTensor {
    /// Hugging Face name.
    pub(crate) name: String,
    /// Shape.
    pub(crate) shape: Vec<usize>,
    /// Elements, row-major.
    pub(crate) elements: Vec<f32>,
}

/// Collects the tensors of the network under their Hugging Face names.
#[derive(Debug, Default)]
pub(crate) struct NamedTensors {
    prefix: String,
    /// What was collected.
    pub(crate) tensors: Vec<NamedTensor>,
}

impl NamedTensors {
    /// Calls `add` with every name prefixed by `name.`.
    pub(crate) fn part(&mut self, name: &str, add: impl FnOnce(&mut Self)) {
        let outer = self.prefix.clone();
        self.prefix = format!("{outer}{name}.");
        add(self);
        self.prefix = outer;
    }

    /// Adds a parameter.
    pub(crate) fn push<const D: usize>(&mut self, name: &str, parameter: &Param<Tensor<D>>) {
        self.push_elements(
            name,
            parameter.dims().to_vec(),
            parameter_elements(parameter),
        );
    }

    /// Adds elements.
    pub(crate) fn push_elements(&mut self, name: &str, shape: Vec<usize>, elements: Vec<f32>) {
        self.tensors.push(NamedTensor {
            name: format!("{}{name}", self.prefix),
            shape,
            elements,
        });
    }
}

/// The elements of a parameter, row-major.
pub(crate) fn parameter_elements<const D: usize>(parameter: &Param<Tensor<D>>) -> Vec<f32> {
    parameter
        .val()
        .into_data()
        .try_to_vec()
        .expect("parameters are f32")
}

#[cfg(test)]
mod tests {
    use safetensors::tensor::TensorView;

    use super::*;

    fn folder_with(bytes: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE_NAME), bytes).unwrap();
        folder
    }

    fn file_of(dtype: Dtype, shape: Vec<usize>, bytes: &[u8]) -> WeightFile {
        let view = TensorView::new(dtype, shape, bytes).unwrap();
        let file = safetensors::serialize([("x", view)], None).unwrap();
        WeightFile::open(folder_with(&file).path()).unwrap()
    }

    #[test]
    fn half_precision_is_widened() {
        let numbers = [0.5_f32, -2.0, 1024.0, 0.0];
        let f16: Vec<u8> = numbers
            .iter()
            .flat_map(|x| half::f16::from_f32(*x).to_le_bytes())
            .collect();
        let bf16: Vec<u8> = numbers
            .iter()
            .flat_map(|x| half::bf16::from_f32(*x).to_le_bytes())
            .collect();
        assert_eq!(
            file_of(Dtype::F16, vec![2, 2], &f16)
                .read("x", &[2, 2])
                .unwrap(),
            numbers
        );
        assert_eq!(
            file_of(Dtype::BF16, vec![2, 2], &bf16)
                .read("x", &[2, 2])
                .unwrap(),
            numbers
        );
    }

    #[test]
    fn single_rows_are_read() {
        let bytes: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
        let file = file_of(Dtype::F32, vec![3, 2], &bytes);
        assert_eq!(
            file.read_rows("x", &[2, 0], 3, 2).unwrap(),
            [4.0, 5.0, 0.0, 1.0]
        );
        assert_eq!(file.n_parameters(), 6);
    }

    #[test]
    fn faults_are_named_with_both_numbers() {
        let bytes: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
        let file = file_of(Dtype::F32, vec![3, 2], &bytes);
        let shape = file.read("x", &[2, 3]).unwrap_err().to_string();
        assert!(shape.starts_with("Tensor \"x\" in "), "{shape}");
        assert!(
            shape.ends_with("has shape [3, 2], but config.json asks for [2, 3]"),
            "{shape}"
        );
        let missing = file.read("y", &[1]).unwrap_err().to_string();
        assert!(missing.ends_with("has no tensor \"y\""), "{missing}");
        let integers = file_of(Dtype::I32, vec![1], &[0; 4])
            .read("x", &[1])
            .unwrap_err()
            .to_string();
        assert!(integers.contains("numbers of type I32"), "{integers}");
    }

    #[test]
    fn a_broken_file_is_refused() {
        let error = |bytes: &[u8]| {
            WeightFile::open(folder_with(bytes).path())
                .unwrap_err()
                .to_string()
        };
        assert!(error(b"abc").ends_with("it has 3 bytes, fewer than 8"));
        let header = error(&[255; 20]);
        assert!(
            header.contains("its header claims") && header.ends_with("but the file has 20"),
            "{header}"
        );
        let mut cut = 60_u64.to_le_bytes().to_vec();
        cut.extend(
            format!(
                "{:<60}",
                r#"{"x":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}"#
            )
            .bytes(),
        );
        assert!(
            error(&cut).ends_with("its tensors need 36 bytes, but only 0 follow"),
            "{}",
            error(&cut)
        );
    }

    #[test]
    fn offsets_that_end_beyond_all_numbers_are_refused() {
        // Eight tensors that end 32 bytes below what 64 bits can count.
        let n_elements = (1_u64 << 59) - 1;
        let tensors: Vec<String> = (0..8)
            .map(|i: u64| {
                let (start, end) = (i * 4 * n_elements, (i + 1) * 4 * n_elements);
                format!(
                    r#""{i}":{{"dtype":"F32","shape":[{n_elements}],"data_offsets":[{start},{end}]}}"#
                )
            })
            .collect();
        let header = format!("{{{}}}", tensors.join(","));
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        let folder = folder_with(&bytes);
        let error = WeightFile::open(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("but only 0 follow"), "{error}");
    }
}
