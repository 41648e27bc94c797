//! Base models: the pretrained checkpoints that training starts from.
//!
//! Comes in: a name or a folder, and the folders in which models are kept. Goes out: a [`BaseModel`], a folder
//! whose files are known to be there and whose kind Embert can train. A step of its own because it is the only
//! chapter that may touch the network, and only when a person asked for a download.
//!
//! Weights are read from `model.safetensors` alone. A pickle (`pytorch_model.bin`) can run any program when it is
//! opened, so a folder that has nothing else is refused.

mod hub;

use std::fs;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use hub::Hub;

/// The weights of every model folder.
const WEIGHTS: &str = "model.safetensors";
/// Files that hold the same weights as pickles.
const PICKLES: &[&str] = &["pytorch_model.bin", "model.bin", "model.pt", "model.pth"];
/// Text of the licence of the catalogue's models, written beside their weights.
const APACHE_LICENCE: &str = include_str!("../licences/APACHE-2.0.txt");

/// A model that Embert knows by name and can download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntry {
    /// Short name, also the name of its folder.
    pub name: &'static str,
    /// Name on the Hugging Face hub.
    pub repository: &'static str,
    /// Commit on the hub, so that the same name is always the same model.
    pub revision: &'static str,
    /// Files that are fetched.
    pub files: &'static [&'static str],
    /// SHA-256 of `model.safetensors`, in hexadecimal. It decides whether a copy is the model.
    pub weights_sha256: &'static str,
    /// Number of parameters.
    pub n_parameters: usize,
    /// Licence of the weights, as an SPDX name.
    pub licence: &'static str,
    /// What the model is good for, in a sentence.
    pub about: &'static str,
    /// Who made the model and under which terms; becomes the file `NOTICE`.
    pub notice: &'static str,
}

/// The models that Embert knows by name.
pub const CATALOGUE: &[CatalogueEntry] = &[CatalogueEntry {
    name: "minilm-l6",
    repository: "sentence-transformers/all-MiniLM-L6-v2",
    revision: "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
    files: &[
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.txt",
        WEIGHTS,
    ],
    weights_sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    n_parameters: 22_713_216,
    licence: "Apache-2.0",
    about: "Small and quick English model (6 layers, width 384); a good start on a computer without a GPU.",
    notice: "all-MiniLM-L6-v2 by Sentence Transformers (UKP Lab), sentence-transformers/all-MiniLM-L6-v2 on the\n\
             Hugging Face hub. Licensed under the Apache License, Version 2.0; see LICENSE.\n\
             It was trained from nreimers/MiniLM-L6-H384-uncased, which comes from Microsoft's MiniLM (MIT licence).\n\
             The vocabulary is the one of BERT by Google (Apache License, Version 2.0).\n\
             The files are unchanged.\n",
}];

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

    /// Number of parameters, reckoned from the sizes in the configuration; 0 when they are not there.
    pub fn n_parameters(&self) -> usize {
        let size = |name: &str| self.config[name].as_u64().unwrap_or(0) as usize;
        let (hidden, inner) = (size("hidden_size"), size("intermediate_size"));
        let linear = |from: usize, to: usize| from * to + to;
        let layer_norm = 2 * hidden;
        let rows = size("vocab_size") + size("max_position_embeddings") + size("type_vocab_size");
        let attention = 4 * linear(hidden, hidden) + layer_norm;
        let feed_forward = linear(hidden, inner) + linear(inner, hidden) + layer_norm;
        let pooler = linear(hidden, hidden);
        rows * hidden + layer_norm + size("num_hidden_layers") * (attention + feed_forward) + pooler
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
    /// Whether the catalogue knows the model, so that the hash was compared and is equal.
    pub in_catalogue: bool,
}

/// State of a download, told to its observer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadProgress {
    /// File that is being fetched.
    pub file: String,
    /// Bytes of it that are here.
    pub done_bytes: u64,
    /// Bytes it has.
    pub total_bytes: u64,
}

/// Why a base model can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaseModelError {
    /// No folder and no installed model has this name.
    #[error("There is no base model \"{name}\"{}", searched(.folders))]
    NotFound {
        /// Name or folder that was asked for.
        name: String,
        /// Models folders that were searched.
        folders: Vec<PathBuf>,
    },
    /// The name is not in the catalogue.
    #[error("The catalogue has no model \"{name}\"; it has {}", names())]
    NotInCatalogue {
        /// Name that was asked for.
        name: String,
    },
    /// A model folder lacks a file.
    #[error("The model folder {} has no {file}", .folder.display())]
    MissingFile {
        /// The model folder.
        folder: PathBuf,
        /// File that is not there.
        file: String,
    },
    /// The folder's weights are a pickle.
    #[error("The model folder {} has its weights only as {file}, a pickle, which can run any program when it is opened", .folder.display())]
    Pickle {
        /// The model folder.
        folder: PathBuf,
        /// The pickle.
        file: String,
    },
    /// `config.json` can't be read as JSON.
    #[error("{} is not the configuration of a model: {source}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// The model is of another family.
    #[error("The model in {} is of the kind \"{model_type}\"{}, and Embert trains models of the kind \"bert\"", .folder.display(), in_brackets(.architecture))]
    NotBert {
        /// The model folder.
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
            Self::Io { .. } => "baseModel.io",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound { name, .. } => match catalogue_entry(name) {
                Some(entry) => format!(
                    "Get it with `embert models download {0}` (or `cargo xtask model` in the source folder), or give the folder of a model.",
                    entry.name
                ),
                None => "Give the folder of a model, or a name that `embert models list` shows.".to_owned(),
            },
            Self::NotInCatalogue { .. } => "Choose a name that `embert models list` shows.".to_owned(),
            Self::MissingFile { .. } => {
                "A model folder needs config.json, model.safetensors and tokenizer.json; copy the missing file from where the model came from.".to_owned()
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
                "Check the connection and the proxy, or set HF_ENDPOINT to a mirror; what was already fetched is kept.".to_owned()
            }
            Self::Refused { .. } => "Check that HF_ENDPOINT names a Hugging Face hub or a full mirror of it.".to_owned(),
            Self::Io { .. } => "Check that the folder is there, that you may use it and that the disk has room.".to_owned(),
        };
        Some(hint)
    }

    /// Whether the input or its surroundings are at fault, not the program.
    pub fn is_input_fault(&self) -> bool {
        true
    }
}

/// Returns the catalogue's entry for a short name or a name on the hub.
pub fn catalogue_entry(name: &str) -> Option<&'static CatalogueEntry> {
    CATALOGUE.iter().find(|entry| {
        entry.name.eq_ignore_ascii_case(name) || entry.repository.eq_ignore_ascii_case(name)
    })
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
    let name = entry.map_or(name_or_folder, |entry| entry.name);
    if is_plain_name(name)
        && let Some(folder) = model_folders
            .iter()
            .map(|folder| folder.join(name))
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
    match catalogue_entry(&model.name) {
        Some(entry) => check_hash(&model.weights(), entry, &sha256).map(|()| Verification {
            sha256,
            in_catalogue: true,
        }),
        None => Ok(Verification {
            sha256,
            in_catalogue: false,
        }),
    }
}

/// Fetches a model of the catalogue into the folder `into` (which becomes the model folder itself).
///
/// The files are collected in a folder of another name beside it, the hash of the weights is compared, `LICENSE` and
/// `NOTICE` are written, and only then the folder gets its name: a model is there completely or not at all.
/// A model that is already in `into` is verified and returned. `None` means that the observer ended the download;
/// what was fetched stays in the hub's cache, and the next try goes on from there.
///
/// # Errors
/// The hub can't be reached, the hash differs, or a file can't be written.
pub fn download(
    entry: &CatalogueEntry,
    into: &Path,
    hub: &Hub,
    observer: &mut dyn FnMut(&DownloadProgress) -> ControlFlow<()>,
) -> Result<Option<BaseModel>, BaseModelError> {
    if let Some(model) = already_there(entry, into)? {
        return Ok(Some(model));
    }
    let parent = into
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|source| not_written(parent, source))?;
    let collected = temporary_folder(parent)?;

    for file in entry.files {
        let Some(cached) = hub::fetch(hub, entry, file, observer)? else {
            return Ok(None);
        };
        if *file == WEIGHTS {
            let sha256 = sha256_of(&cached)?;
            // A damaged file in the cache would be met again at every try.
            check_hash(&cached, entry, &sha256).inspect_err(|_| hub::forget(&cached))?;
        }
        copy(&cached, &collected.path().join(file))?;
    }
    write(&collected.path().join("LICENSE"), APACHE_LICENCE)?;
    write(&collected.path().join("NOTICE"), entry.notice)?;
    BaseModel::open(collected.path())?;

    let collected = collected.keep();
    fs::rename(&collected, into).map_err(|source| {
        let _ = fs::remove_dir_all(&collected);
        not_written(into, source)
    })?;
    BaseModel::open(into).map(Some)
}

fn already_there(entry: &CatalogueEntry, into: &Path) -> Result<Option<BaseModel>, BaseModelError> {
    let Ok(mut files) = fs::read_dir(into) else {
        return Ok(None);
    };
    if files.next().is_none() {
        fs::remove_dir(into).map_err(|source| not_written(into, source))?;
        return Ok(None);
    }
    let occupied = || BaseModelError::Occupied {
        folder: into.to_path_buf(),
        name: entry.name.to_owned(),
    };
    let model = BaseModel::open(into).map_err(|_| occupied())?;
    check_hash(&model.weights(), entry, &sha256_of(&model.weights())?)?;
    Ok(Some(model))
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

fn check_hash(path: &Path, entry: &CatalogueEntry, found: &str) -> Result<(), BaseModelError> {
    if found == entry.weights_sha256 {
        return Ok(());
    }
    Err(BaseModelError::Hash {
        path: path.to_path_buf(),
        name: entry.name.to_owned(),
        expected: entry.weights_sha256.to_owned(),
        found: found.to_owned(),
    })
}

/// A folder for the files until they are complete, with the permissions of an ordinary one.
fn temporary_folder(parent: &Path) -> Result<tempfile::TempDir, BaseModelError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".download-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder
        .tempdir_in(parent)
        .map_err(|source| not_written(parent, source))
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

fn copy(from: &Path, to: &Path) -> Result<(), BaseModelError> {
    fs::copy(from, to).map_err(|source| not_written(to, source))?;
    let written = fs::File::options()
        .write(true)
        .open(to)
        .and_then(|file| file.sync_all());
    written.map_err(|source| not_written(to, source))
}

fn write(path: &Path, text: &str) -> Result<(), BaseModelError> {
    fs::write(path, text).map_err(|source| not_written(path, source))
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
    CATALOGUE
        .iter()
        .map(|entry| entry.name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    }
}
