//! A training on disk, so that it can go on after the process or the computer ended.
//!
//! `checkpoint.safetensors` holds every parameter and both moments of AdamW in f32, as
//! `parameter.<path>`, `first.<path>` and `second.<path>`, and in its header where the loop was. The
//! order of the texts and the dropout masks follow from the seed and the step, so that they need no
//! place: a resumed training takes the same steps as one that was never interrupted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use safetensors::View;
use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use crate::bert::{WeightFile, WeightsError};
use crate::evaluate::Validation;
use crate::export::ExportError;
use crate::optimizer::{AdamW, Moment};

const FILE_NAME: &str = "checkpoint.safetensors";
/// Name of the position in the file's header.
const POSITION: &str = "position";

/// Where the loop was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Position {
    /// Optimizer steps done.
    pub(crate) step: usize,
    /// Steps in a row whose gradient was not finite.
    pub(crate) n_skipped: usize,
    /// Step of the last look at the valid part.
    pub(crate) last_validation: usize,
    /// Step of the best weights.
    pub(crate) best_step: usize,
    /// What they scored.
    pub(crate) best: Option<Validation>,
    /// Looks at the valid part since then.
    pub(crate) checks_without_gain: usize,
    /// Seconds that the training has taken so far.
    pub(crate) seconds: f64,
    /// Steps that moved the parameters.
    n_moves: i32,
}

/// Why a checkpoint can't be used.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum CheckpointError {
    /// There is none.
    #[error("The run in {folder} has no checkpoint")]
    Missing {
        /// The run folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
    },
    /// Its tensors are not those of the run's network.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// Its position can't be read.
    #[error("{path} doesn't say at which step the training was")]
    NoPosition {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
}

/// The file in the run folder `folder`.
pub(crate) fn path_in(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

/// Writes the checkpoint of `module` into the run folder `folder`, in place of the last one.
///
/// # Errors
/// When the file can't be written; the last one is still there.
pub(crate) fn write<M: Module>(
    module: &M,
    optimizer: &AdamW,
    position: &Position,
    folder: &Path,
) -> Result<(), ExportError> {
    let path = path_in(folder);
    let mut collector = Collector {
        optimizer,
        path: Vec::new(),
        tensors: Vec::new(),
    };
    module.visit(&mut collector);
    let position = Position {
        n_moves: optimizer.n_moves(),
        ..position.clone()
    };
    let position = serde_json::to_string(&position).expect("a position is plain data");
    let header = HashMap::from([(POSITION.to_owned(), position)]);

    let temporary = path.with_extension("writing");
    safetensors::serialize_to_file(collector.tensors, Some(header), &temporary).map_err(
        |source| ExportError::Tensors {
            path: temporary.clone(),
            source,
        },
    )?;
    File::open(&temporary)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &path))
        .map_err(|source| ExportError::Write { path, source })
}

/// A tensor whose elements are fetched when they are written, so that no second network fills the
/// memory.
struct StoredTensor {
    shape: Vec<usize>,
    fetch: Box<dyn Fn() -> TensorData>,
}

impl StoredTensor {
    fn new<const D: usize>(tensor: Tensor<D>) -> Self {
        Self {
            shape: tensor.dims().to_vec(),
            fetch: Box::new(move || tensor.clone().into_data()),
        }
    }
}

impl View for StoredTensor {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Little-endian, as all machines that Embert runs on.
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Owned((self.fetch)().as_bytes().to_vec())
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * size_of::<f32>()
    }
}

struct Collector<'a> {
    optimizer: &'a AdamW,
    path: Vec<String>,
    tensors: Vec<(String, StoredTensor)>,
}

impl ModuleVisitor for Collector<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join(".");
        let parameter = StoredTensor::new(param.val().inner());
        self.tensors.push((format!("parameter.{path}"), parameter));
        for moment in Moment::BOTH {
            if let Some(tensor) = self.optimizer.moment::<D>(moment, param.id) {
                let name = format!("{}.{path}", moment.name());
                self.tensors.push((name, StoredTensor::new(tensor)));
            }
        }
    }
}

/// A checkpoint that was found.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    file: WeightFile,
    position: Position,
}

impl Checkpoint {
    /// Opens the one in the run folder `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, CheckpointError> {
        let path = path_in(folder);
        if !path.is_file() {
            return Err(CheckpointError::Missing {
                folder: folder.to_path_buf(),
            });
        }
        let file = WeightFile::open_file(path.clone())?;
        let position = file
            .note(POSITION)
            .and_then(|note| serde_json::from_str(note).ok())
            .ok_or(CheckpointError::NoPosition { path })?;
        Ok(Self { file, position })
    }

    /// Where the loop was.
    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Puts the parameters into `module` and the moments into `optimizer`.
    pub(crate) fn restore<M: Module>(
        &self,
        module: M,
        optimizer: &mut AdamW,
    ) -> Result<M, CheckpointError> {
        optimizer.set_n_moves(self.position.n_moves);
        let mut restorer = Restorer {
            file: &self.file,
            optimizer,
            path: Vec::new(),
            fault: None,
        };
        let module = module.map(&mut restorer);
        match restorer.fault {
            None => Ok(module),
            Some(fault) => Err(fault.into()),
        }
    }
}

struct Restorer<'a> {
    file: &'a WeightFile,
    optimizer: &'a mut AdamW,
    path: Vec<String>,
    fault: Option<WeightsError>,
}

impl Restorer<'_> {
    /// The tensor `name` like `like`, or `like` itself after noting why not.
    fn read<const D: usize>(&mut self, name: &str, like: &Tensor<D>) -> Option<Tensor<D>> {
        match self.file.read(name, &like.dims()) {
            Ok(elements) => Some(Tensor::from_data(
                TensorData::new(elements, like.dims()),
                &like.device(),
            )),
            Err(fault) => {
                self.fault.get_or_insert(fault);
                None
            }
        }
    }
}

impl ModuleMapper for Restorer<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let path = self.path.join(".");
        let inner = tensor.clone().inner();
        for moment in Moment::BOTH {
            let name = format!("{}.{path}", moment.name());
            if self.file.has(&name)
                && let Some(stored) = self.read(&name, &inner)
            {
                self.optimizer.set_moment(moment, id, stored);
            }
        }
        let parameter = match self.read(&format!("parameter.{path}"), &inner) {
            Some(stored) => Tensor::from_inner(stored).require_grad(),
            None => tensor,
        };
        Param::from_mapped_value(id, parameter, mapper)
    }
}
