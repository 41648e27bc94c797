//! A base model at half its size, as the installers carry it.
//!
//! Comes in: a base model. Goes out: a folder with the same files, in which the weights are numbers of 16 bits. A step
//! of its own because it is the only one that changes a base model, and nobody needs it who trains.
//!
//! Half precision keeps 11 binary digits of each number. What that does to the answers is measured in `golden`: less
//! than training with another seed by orders of magnitude.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::base_model::BaseModel;
use crate::bert::{WeightFile, WeightsError};

/// The file that is changed.
const WEIGHTS: &str = "model.safetensors";
/// The file that says so, as the Apache License asks of changed files.
const NOTICE: &str = "NOTICE";
/// What the notice says besides.
const CHANGE: &str = "\nFor Embert's installers the weights (model.safetensors) were rounded to numbers of 16 bits \
                      (half precision).\nAll other files are unchanged.\n";

/// Why a base model can't be packed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The folder for the packed model holds something.
    #[error("The folder {} is already there", .folder.display())]
    Taken {
        /// The folder.
        folder: PathBuf,
    },
    /// The weights are not a safetensors file.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The tensors can't be read, or can't become a file.
    #[error("{} can't be packed: {source}", .path.display())]
    Tensors {
        /// The file.
        path: PathBuf,
        /// Why.
        source: safetensors::SafeTensorError,
    },
    /// A weight is too large for half precision, or not a number.
    #[error("Tensor \"{name}\" in {} has the number {value}, and half precision ends at {}", .path.display(), f16::MAX)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Name of the tensor.
        name: String,
        /// The number.
        value: f32,
    },
    /// A file can't be read or written.
    #[error("{} can't be {action}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: "read" or "written".
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

impl PackError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "pack.taken",
            Self::Weights(_) | Self::Tensors { .. } => "pack.tensors",
            Self::TooLarge { .. } => "pack.tooLarge",
            Self::Io { .. } => "pack.io",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Taken { .. } => "Name a folder that does not exist yet.",
            Self::Weights(_) | Self::Tensors { .. } => {
                "Copy model.safetensors again from where the model came from."
            }
            Self::TooLarge { .. } => "Use this model as it is; it can't be made smaller this way.",
            Self::Io { .. } => {
                "Check that the folder is there, that you may use it and that the disk has room."
            }
        };
        Some(hint.to_owned())
    }
}

/// What became of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Bytes of the weights before.
    pub before_bytes: u64,
    /// Bytes of the weights after.
    pub after_bytes: u64,
}

/// Writes `model` into `folder` with weights in half precision; the same model always gives the same bytes.
///
/// The folder appears as a whole or not at all.
///
/// # Errors
/// The folder is there already, a weight does not fit, or a file can't be read or written.
pub fn pack(model: &BaseModel, folder: &Path) -> Result<Packed, PackError> {
    if folder.exists() {
        return Err(PackError::Taken {
            folder: folder.to_path_buf(),
        });
    }
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|source| not_written(parent, source))?;
    let fresh = tempfile::Builder::new()
        .prefix(".pack-")
        .tempdir_in(parent)
        .map_err(|source| not_written(parent, source))?;

    copy_other_files(&model.folder, fresh.path())?;
    add_notice(&fresh.path().join(NOTICE))?;
    let (from, to) = (model.weights(), fresh.path().join(WEIGHTS));
    halve(&from, &to)?;

    make_readable(fresh.path()).map_err(|source| not_written(folder, source))?;
    let fresh = fresh.keep();
    fs::rename(&fresh, folder).map_err(|source| {
        let _ = fs::remove_dir_all(&fresh);
        not_written(folder, source)
    })?;
    Ok(Packed {
        before_bytes: size_of(&from)?,
        after_bytes: size_of(&folder.join(WEIGHTS))?,
    })
}

fn copy_other_files(from: &Path, to: &Path) -> Result<(), PackError> {
    for entry in fs::read_dir(from).map_err(|source| not_read(from, source))? {
        let entry = entry.map_err(|source| not_read(from, source))?;
        let path = entry.path();
        if path.is_file() && entry.file_name() != WEIGHTS {
            let copy = to.join(entry.file_name());
            fs::copy(&path, &copy).map_err(|source| not_written(&copy, source))?;
        }
    }
    Ok(())
}

fn add_notice(path: &Path) -> Result<(), PackError> {
    let mut text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(not_read(path, source)),
    };
    text.push_str(CHANGE);
    fs::write(path, text).map_err(|source| not_written(path, source))
}

/// Writes the tensors of `from` to `to`, those of f32 as f16 and all others as they are.
fn halve(from: &Path, to: &Path) -> Result<(), PackError> {
    let bytes = fs::read(from).map_err(|source| not_read(from, source))?;
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| PackError::Tensors { path, source }
    };
    // First, because `safetensors` adds up what a damaged header says, which can be more than a number holds.
    drop(WeightFile::open_file(from.to_path_buf())?);
    let tensors = SafeTensors::deserialize(&bytes).map_err(failed(from))?;
    let mut halved = Vec::new();
    for (name, view) in tensors.iter() {
        let (dtype, data) = match view.dtype() {
            Dtype::F32 => (Dtype::F16, half_precision(from, name, view.data())?),
            other => (other, view.data().to_vec()),
        };
        halved.push((name, dtype, view.shape().to_vec(), data));
    }
    let views = halved
        .iter()
        .map(|(name, dtype, shape, data)| {
            Ok((*name, TensorView::new(*dtype, shape.clone(), data)?))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed(to))?;
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    // In memory first: a file that safetensors makes by itself is for its owner alone.
    let packed = safetensors::serialize(views, Some(metadata)).map_err(failed(to))?;
    fs::write(to, packed).map_err(|source| not_written(to, source))
}

/// The little-endian f32 in `data`, rounded to the nearest f16.
fn half_precision(path: &Path, name: &str, data: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut halves = Vec::with_capacity(data.len() / 2);
    for bytes in data.as_chunks::<4>().0 {
        let value = f32::from_le_bytes(*bytes);
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(PackError::TooLarge {
                path: path.to_path_buf(),
                name: name.to_owned(),
                value,
            });
        }
        halves.extend(half.to_le_bytes());
    }
    Ok(halves)
}

/// Temporary folders are for their owner alone; a model folder is a folder like any other.
#[cfg(unix)]
pub(crate) fn make_readable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
pub(crate) fn make_readable(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn size_of(path: &Path) -> Result<u64, PackError> {
    fs::metadata(path)
        .map(|data| data.len())
        .map_err(|source| not_read(path, source))
}

fn not_read(path: &Path, source: io::Error) -> PackError {
    PackError::Io {
        path: path.to_path_buf(),
        action: "read",
        source,
    }
}

fn not_written(path: &Path, source: io::Error) -> PackError {
    PackError::Io {
        path: path.to_path_buf(),
        action: "written",
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model folder with one tensor of f32 and one of integers.
    fn model_of(numbers: &[f32]) -> (tempfile::TempDir, BaseModel) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("config.json", r#"{"model_type": "bert"}"#);
        write("tokenizer.json", "{}");
        write("LICENSE", "the licence");
        write("NOTICE", "who made it\n");
        let floats: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        let integers: Vec<u8> = (0..4_i64).flat_map(i64::to_le_bytes).collect();
        let views = [
            (
                "weight",
                TensorView::new(Dtype::F32, vec![numbers.len()], &floats).unwrap(),
            ),
            (
                "ids",
                TensorView::new(Dtype::I64, vec![4], &integers).unwrap(),
            ),
        ];
        safetensors::serialize_to_file(views, None, &folder.path().join(WEIGHTS)).unwrap();
        let model = BaseModel::open(folder.path()).unwrap();
        (folder, model)
    }

    #[test]
    fn weights_become_halves_and_everything_else_stays() {
        let (place, model) = model_of(&[0.5, -2.0, 0.1, 65504.0]);
        let packed = place.path().join("packed");
        pack(&model, &packed).unwrap();

        let bytes = fs::read(packed.join(WEIGHTS)).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let weight = tensors.tensor("weight").unwrap();
        assert_eq!((weight.dtype(), weight.shape()), (Dtype::F16, &[4][..]));
        let found: Vec<f32> = weight
            .data()
            .as_chunks::<2>()
            .0
            .iter()
            .map(|bytes| f16::from_le_bytes(*bytes).to_f32())
            .collect();
        // 0.1 in half precision, from the table of IEEE 754's binary16.
        assert_eq!(found, [0.5, -2.0, 0.099_975_586, 65504.0]);
        assert_eq!(tensors.tensor("ids").unwrap().dtype(), Dtype::I64);
        for file in ["config.json", "tokenizer.json", "LICENSE"] {
            let before = fs::read(model.folder.join(file)).unwrap();
            assert_eq!(fs::read(packed.join(file)).unwrap(), before, "{file}");
        }
        let notice = fs::read_to_string(packed.join(NOTICE)).unwrap();
        assert!(notice.starts_with("who made it\n"), "{notice}");
        assert!(notice.contains("16 bits"), "{notice}");
    }

    #[test]
    fn a_number_that_does_not_fit_is_named_and_leaves_no_folder() {
        let (place, model) = model_of(&[1.0, 70000.0]);
        let packed = place.path().join("packed");
        let error = pack(&model, &packed).unwrap_err();
        assert_eq!(error.code(), "pack.tooLarge");
        assert!(error.to_string().contains("70000"), "{error}");
        assert!(error.to_string().contains("65504"), "{error}");
        assert!(!packed.exists());
    }

    #[test]
    fn a_header_whose_tensors_end_beyond_64_bits_is_a_fault() {
        let (place, model) = model_of(&[1.0]);
        let length = u64::MAX / 32;
        let tensors: Vec<String> = (0..8)
            .map(|i| {
                let (start, end) = (4 * length * i, 4 * length * (i + 1));
                format!(
                    r#""{i}":{{"dtype":"F32","shape":[{length}],"data_offsets":[{start},{end}]}}"#
                )
            })
            .collect();
        let header = format!("{{{}}}", tensors.join(","));
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.as_bytes());
        fs::write(model.weights(), file).unwrap();
        let error = pack(&model, &place.path().join("packed")).unwrap_err();
        assert_eq!(error.code(), "pack.tensors");
        assert!(error.to_string().contains("only 0 follow"), "{error}");
    }

    #[test]
    fn a_folder_that_is_there_is_not_touched() {
        let (place, model) = model_of(&[1.0]);
        let error = pack(&model, place.path()).unwrap_err();
        assert_eq!(error.code(), "pack.taken");
    }
}
