//! Base models: the pretrained checkpoints that training starts from.
//!
//! Comes in: a name or a folder, and the folders in which models are kept. Goes out: a [`BaseModel`], a folder
//! whose files are known to be there and whose kind Embert can train. A step of its own because it is the only
//! chapter that may touch the network, and only when a person asked for a download.
//!
//! Weights are read from `model.safetensors` alone. A pickle (`pytorch_model.bin`) can run any program when it is
//! opened, so a folder that has nothing else is refused.

mod catalogue;
mod download;
mod hub;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::estimate::EncoderShape;
use crate::recipe::Recipe;

pub use catalogue::{CatalogueEntry, RecommendedRate, Size, catalogue, catalogue_entry, starter};
pub use download::{DownloadProgress, Source, download};
pub use hub::Hub;

/// The weights of every model folder.
const WEIGHTS: &str = "model.safetensors";
/// Files that hold the same weights as pickles.
const PICKLES: &[&str] = &["pytorch_model.bin", "model.bin", "model.pt", "model.pth"];

/// SHA-256 of weights that the installers carry: those of the catalogue, in half precision.
const PACKED_WEIGHTS: &[(&str, &str)] = &[(
    "minilm-l6",
    "553c9ff2a4d968014fb1c66fdb6f2c9dc19b3ac2360ba58a51c69e177e55d765",
)];

/// A pretrained model in a folder: its files are there and it is a BERT.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseModel {
    /// Name in the catalogue, or the folder's own name.
    pub name: String,
    /// Folder with `config.json`, `model.safetensors` and `tokenizer.json`.
    pub folder: PathBuf,
    /// Content of `config.json`.
    pub config: Value,
}

impl BaseModel {
    /// Opens the model in `folder` without reading its weights.
    ///
    /// # Errors
    /// A file is missing, the weights are a pickle, or the model is not a BERT.
    pub fn open(folder: &Path) -> Result<Self, BaseModelError> {
        let config = read_config(folder)?;
        check_is_bert(folder, &config)?;
        check_weights(folder)?;
        check_there(folder, "tokenizer.json")?;
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        Ok(Self {
            name: name.unwrap_or_else(|| folder.display().to_string()),
            folder: folder.to_path_buf(),
            config,
        })
    }

    /// The sizes in the configuration; `None` when they are not there.
    #[must_use]
    pub fn shape(&self) -> Option<EncoderShape> {
        EncoderShape::from_config(&self.config)
    }

    /// Number of parameters, reckoned from the sizes in the configuration; 0 when they are not there.
    pub fn n_parameters(&self) -> usize {
        self.shape().map_or(0, |shape| shape.n_parameters())
    }

    /// The settings for this model where the person chose none.
    #[must_use]
    pub fn default_recipe(&self) -> Recipe {
        let recommended = catalogue_entry(&self.name).map(|entry| entry.learning_rate.value);
        Recipe::for_model(self.n_parameters(), recommended)
    }

    /// Path of the weights.
    pub fn weights(&self) -> PathBuf {
        self.folder.join(WEIGHTS)
    }
}

/// What [`verify`] found out about a model whose files are sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// SHA-256 of `model.safetensors`, in hexadecimal.
    pub sha256: String,
    /// Whether the catalogue knows the model's hash, so that it was compared and is equal.
    pub in_catalogue: bool,
}

/// Why a base model can't be used.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum BaseModelError {
    /// No folder and no installed model has this name.
    #[error("There is no base model \"{name}\"{}", searched(.folders))]
    NotFound {
        /// Name or folder that was asked for.
        name: String,
        /// Models folders that were searched.
        #[serde(serialize_with = "crate::values::paths")]
        folders: Vec<PathBuf>,
    },
    /// The name is not in the catalogue, and not that of a model on the hub.
    #[error("The catalogue has no model \"{name}\"; it has {}", names())]
    NotInCatalogue {
        /// Name that was asked for.
        name: String,
    },
    /// A model folder lacks a file.
    #[error("The model folder {} has no {file}", .folder.display())]
    MissingFile {
        /// The model folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// File that is not there.
        file: String,
    },
    /// The folder's weights are a pickle.
    #[error("The model folder {} has its weights only as {file}, a pickle, which can run any program when it is opened", .folder.display())]
    Pickle {
        /// The model folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// The pickle.
        file: String,
    },
    /// `config.json` can't be read as JSON.
    #[error("{} is not the configuration of a model: {source}", .path.display())]
    Config {
        /// The file.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What the JSON reader says.
        #[serde(serialize_with = "crate::values::text")]
        source: serde_json::Error,
    },
    /// The model is of another family.
    #[error("The model in {} is of the kind \"{model_type}\"{}, and Embert trains models of the kind \"bert\"", .folder.display(), in_brackets(.architecture))]
    NotBert {
        /// The model folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// `model_type` of its configuration.
        model_type: String,
        /// First of the `architectures` of its configuration, or empty.
        architecture: String,
    },
    /// The weights are not those of the catalogue.
    #[error("{} has the SHA-256 {found}, but {name} has {expected}", .path.display())]
    Hash {
        /// The weights.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// Name in the catalogue.
        name: String,
        /// Hash in the catalogue.
        expected: String,
        /// Hash of the file.
        found: String,
    },
    /// A download would overwrite something.
    #[error("The folder {} is already there and does not hold {name}", .folder.display())]
    Occupied {
        /// The folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// Name in the catalogue.
        name: String,
    },
    /// The hub gives no answer, or stops in the middle.
    #[error("The model hub at {endpoint} can't be reached: {reason}")]
    Unreachable {
        /// Address of the hub.
        endpoint: String,
        /// What happened.
        reason: String,
    },
    /// The hub answers, but not with the file.
    #[error("The model hub at {endpoint} does not give {file} of {repository}: {reason}")]
    Refused {
        /// Address of the hub.
        endpoint: String,
        /// Name of the model on the hub.
        repository: String,
        /// The file.
        file: String,
        /// What the hub said.
        reason: String,
    },
    /// The hub gives the model to certain accounts alone.
    #[error("The model hub at {endpoint} does not give {repository} to everybody: {reason}")]
    Denied {
        /// Address of the hub.
        endpoint: String,
        /// Name of the model on the hub.
        repository: String,
        /// What the hub said.
        reason: String,
    },
    /// The hub has too much to do.
    #[error("The model hub at {endpoint} is too busy to give {repository}: {reason}")]
    HubBusy {
        /// Address of the hub.
        endpoint: String,
        /// Name of the model on the hub.
        repository: String,
        /// What the hub said.
        reason: String,
    },
    /// The hub has the weights only as a pickle.
    #[error(
        "The hub has the weights of {repository} only as {file}, a pickle, which can run any program when it is opened"
    )]
    PickleOnHub {
        /// Name of the model on the hub.
        repository: String,
        /// The pickle.
        file: String,
    },
    /// The disk is too full.
    #[error("{repository} needs {needed_bytes} bytes, but the disk of {} has {free_bytes} free", .folder.display())]
    DiskFull {
        /// Name of the model on the hub.
        repository: String,
        /// Folder on the disk.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
        /// Bytes that are still to come.
        needed_bytes: u64,
        /// Bytes that are free.
        free_bytes: u64,
    },
    /// A file can't be read or written.
    #[error("{} can't be {action}: {source}", .path.display())]
    Io {
        /// The file or folder.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What was tried: "read" or "written".
        action: &'static str,
        /// What the system says.
        #[serde(serialize_with = "crate::values::text")]
        source: io::Error,
    },
}

impl BaseModelError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "baseModel.notFound",
            Self::NotInCatalogue { .. } => "baseModel.notInCatalogue",
            Self::MissingFile { .. } => "baseModel.incomplete",
            Self::Pickle { .. } => "baseModel.pickle",
            Self::Config { .. } => "baseModel.config",
            Self::NotBert { .. } => "baseModel.notBert",
            Self::Hash { .. } => "baseModel.hash",
            Self::Occupied { .. } => "baseModel.occupied",
            Self::Unreachable { .. } => "baseModel.hubUnreachable",
            Self::Refused { .. } => "baseModel.hubRefused",
            Self::Denied { .. } => "baseModel.hubDenied",
            Self::HubBusy { .. } => "baseModel.hubBusy",
            Self::PickleOnHub { .. } => "baseModel.pickle",
            Self::DiskFull { .. } => "baseModel.diskFull",
            Self::Io { .. } => "baseModel.io",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound { name, .. } => match catalogue_entry(name) {
                Some(entry) => format!(
                    "Get it with `embert models download {0}` (or `cargo xtask model` in the source folder), or give \
                     the folder of a model.",
                    entry.name
                ),
                None => "Give the folder of a model, or a name that `embert models list` shows.".to_owned(),
            },
            Self::NotInCatalogue { .. } => {
                "Choose a name that `embert models list` shows, or a name on the hub such as \
                 google-bert/bert-base-uncased.".to_owned()
            }
            Self::MissingFile { .. } => {
                "A model folder needs config.json, model.safetensors and tokenizer.json; copy the missing file from \
                 where the model came from.".to_owned()
            }
            Self::Pickle { .. } => {
                "Get the model as safetensors; most models on the hub have a file model.safetensors.".to_owned()
            }
            Self::Config { .. } => "Copy config.json again from where the model came from.".to_owned(),
            Self::NotBert { .. } => {
                "Choose a BERT model, for example bert-base-uncased, or a name that `embert models list` shows.".to_owned()
            }
            Self::Hash { name, .. } => format!(
                "The file is damaged or another model; delete its folder and run `embert models download {name}`."
            ),
            Self::Occupied { folder, .. } => format!("Move {} away, or choose another models folder.", folder.display()),
            Self::Unreachable { .. } => {
                "Check the connection and the proxy, or set HF_ENDPOINT to a mirror; what was already fetched is kept, \
                 and the models that are installed work without a network.".to_owned()
            }
            Self::Refused { .. } => {
                "Check the name of the model, and that HF_ENDPOINT names a Hugging Face hub or a full mirror of it.".to_owned()
            }
            Self::Denied { .. } => {
                "Log in with `hf auth login` or put your access token into HF_TOKEN, and accept the model's terms on \
                 its page; or choose another model.".to_owned()
            }
            Self::HubBusy { .. } => "Try again in a few minutes; what was already fetched is kept.".to_owned(),
            Self::PickleOnHub { .. } => {
                "Look on the hub for a copy of the model with a file model.safetensors, or convert it once in Python: \
                 AutoModel.from_pretrained(...).save_pretrained(\"folder\").".to_owned()
            }
            Self::DiskFull { .. } => "Make room on the disk, or put the folder of models on another one.".to_owned(),
            Self::Io { .. } => "Check that the folder is there, that you may use it and that the disk has room.".to_owned(),
        };
        Some(hint)
    }

    /// Whether the input or its surroundings are at fault, not the program.
    pub fn is_input_fault(&self) -> bool {
        true
    }
}

/// Finds a base model: a folder if `name_or_folder` is one, else the model of that name in the first of
/// `model_folders` that has it.
///
/// # Errors
/// Nothing has that name, or what has it can't be used.
pub fn find(name_or_folder: &str, model_folders: &[PathBuf]) -> Result<BaseModel, BaseModelError> {
    let as_folder = Path::new(name_or_folder);
    if as_folder.is_dir() {
        return BaseModel::open(as_folder);
    }
    let entry = catalogue_entry(name_or_folder);
    let name = entry.map_or_else(|| folder_name(name_or_folder), |entry| entry.name.clone());
    if is_plain_name(&name)
        && let Some(folder) = model_folders
            .iter()
            .map(|folder| folder.join(&name))
            .find(|folder| folder.is_dir())
    {
        return BaseModel::open(&folder);
    }
    Err(BaseModelError::NotFound {
        name: name_or_folder.to_owned(),
        folders: model_folders.to_vec(),
    })
}

/// Hashes the weights and compares them with the catalogue.
///
/// # Errors
/// The catalogue knows the model's name and the hash is another one, or the weights can't be read.
pub fn verify(model: &BaseModel) -> Result<Verification, BaseModelError> {
    let sha256 = sha256_of(&model.weights())?;
    let known = catalogue_entry(&model.name).and_then(|entry| {
        let expected = entry.weights_sha256.as_deref()?;
        Some((entry.name.as_str(), expected))
    });
    if let Some((name, expected)) = known {
        check_hash(&model.weights(), name, expected, &sha256)?;
    }
    Ok(Verification {
        sha256,
        in_catalogue: known.is_some(),
    })
}

/// Returns the name of the folder of a model on the hub: `owner/model` becomes `owner--model`, as in the hub's own
/// cache.
#[must_use]
pub fn folder_name(name: &str) -> String {
    if is_hub_name(name) {
        name.replace('/', "--")
    } else {
        name.to_owned()
    }
}

/// Whether `name` has the form `owner/model` that names on the hub have.
#[must_use]
pub fn is_hub_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && part.chars().all(allowed) && !part.starts_with('.')
    };
    name.split_once('/')
        .is_some_and(|(owner, model)| is_part(owner) && is_part(model))
}

fn read_config(folder: &Path) -> Result<Value, BaseModelError> {
    check_there(folder, "config.json")?;
    let path = folder.join("config.json");
    let text = fs::read_to_string(&path).map_err(|source| not_read(&path, source))?;
    serde_json::from_str(&text).map_err(|source| BaseModelError::Config { path, source })
}

fn check_is_bert(folder: &Path, config: &Value) -> Result<(), BaseModelError> {
    let architecture = config["architectures"][0].as_str().unwrap_or_default();
    let model_type = config["model_type"].as_str().unwrap_or_default();
    // Old checkpoints have no model_type; their architecture says what they are.
    let is_bert =
        model_type == "bert" || (model_type.is_empty() && architecture.starts_with("Bert"));
    if is_bert {
        return Ok(());
    }
    Err(BaseModelError::NotBert {
        folder: folder.to_path_buf(),
        model_type: if model_type.is_empty() {
            "unknown"
        } else {
            model_type
        }
        .to_owned(),
        architecture: architecture.to_owned(),
    })
}

fn check_weights(folder: &Path) -> Result<(), BaseModelError> {
    let missing = match check_there(folder, WEIGHTS) {
        Ok(()) => return Ok(()),
        Err(missing) => missing,
    };
    match PICKLES.iter().find(|pickle| folder.join(pickle).is_file()) {
        Some(pickle) => Err(BaseModelError::Pickle {
            folder: folder.to_path_buf(),
            file: (*pickle).to_owned(),
        }),
        None => Err(missing),
    }
}

fn check_there(folder: &Path, file: &str) -> Result<(), BaseModelError> {
    if folder.join(file).is_file() {
        return Ok(());
    }
    Err(BaseModelError::MissingFile {
        folder: folder.to_path_buf(),
        file: file.to_owned(),
    })
}

fn check_hash(path: &Path, name: &str, expected: &str, found: &str) -> Result<(), BaseModelError> {
    if found == expected || PACKED_WEIGHTS.contains(&(name, found)) {
        return Ok(());
    }
    Err(BaseModelError::Hash {
        path: path.to_path_buf(),
        name: name.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

/// SHA-256 of a file in hexadecimal, read piece by piece.
fn sha256_of(path: &Path) -> Result<String, BaseModelError> {
    let mut file = fs::File::open(path).map_err(|source| not_read(path, source))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        let n_bytes = file
            .read(&mut piece)
            .map_err(|source| not_read(path, source))?;
        if n_bytes == 0 {
            return Ok(hash
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect());
        }
        hash.update(&piece[..n_bytes]);
    }
}

fn not_read(path: &Path, source: io::Error) -> BaseModelError {
    BaseModelError::Io {
        path: path.to_path_buf(),
        action: "read",
        source,
    }
}

fn not_written(path: &Path, source: io::Error) -> BaseModelError {
    BaseModelError::Io {
        path: path.to_path_buf(),
        action: "written",
        source,
    }
}

/// Whether `name` is the name of one folder, so that joining it can't lead out of the models folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(
        (parts.next(), parts.next()),
        (Some(std::path::Component::Normal(_)), None)
    )
}

fn searched(folders: &[PathBuf]) -> String {
    if folders.is_empty() {
        return String::new();
    }
    let folders: Vec<_> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    format!(" (not a folder, and not in {})", folders.join(", "))
}

fn names() -> String {
    let names: Vec<&str> = catalogue()
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    names.join(", ")
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    }
}
