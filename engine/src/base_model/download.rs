//! From a name on the hub to a model folder that is complete and right.
//!
//! The files are collected in a folder of another name beside the model's place, checked, and only then the folder gets
//! its name: a model is there completely or not at all. What was fetched stays in the hub's cache, so that a download
//! that was cut goes on from there.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::hub::{self, Hub};
use super::{
    BaseModel, BaseModelError, CatalogueEntry, WEIGHTS, catalogue_entry, check_hash, folder_name,
    is_hub_name, not_written, sha256_of,
};

/// Text of the licence of the catalogue's models, written beside their weights.
const APACHE_LICENCE: &str = include_str!("../../licences/APACHE-2.0.txt");
/// Files of a model that the catalogue does not know: without the first two it can't be used.
const NEEDED: [&str; 2] = ["config.json", "tokenizer.json"];
const WELCOME: [&str; 5] = [
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "LICENSE",
    "README.md",
];
/// Room that is left on the disk beside the model.
const SPARE_BYTES: u64 = 50_000_000;

/// A model on the hub that can be fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Name of its folder among the models.
    pub name: String,
    /// Name on the hub.
    pub repository: String,
    /// Commit on the hub, or `main`.
    pub revision: String,
    /// Files without which the model can't be used, `model.safetensors` apart.
    pub files: Vec<String>,
    /// Files that are taken when the hub has them.
    pub welcome: Vec<String>,
    /// SHA-256 of the weights; `None` = the one that the hub says.
    pub weights_sha256: Option<String>,
    /// Bytes of all files; `None` when only the hub knows.
    pub total_bytes: Option<u64>,
    /// Text of the file `NOTICE`; with it goes the Apache licence.
    pub notice: Option<String>,
}

impl Source {
    /// Finds what `name` stands for: a model of the catalogue, or `owner/model` on the hub.
    ///
    /// # Errors
    /// The name is neither.
    pub fn of(name: &str) -> Result<Self, BaseModelError> {
        if let Some(entry) = catalogue_entry(name) {
            return Ok(Self::from(entry));
        }
        if !is_hub_name(name) {
            return Err(BaseModelError::NotInCatalogue {
                name: name.to_owned(),
            });
        }
        Ok(Self {
            name: folder_name(name),
            repository: name.to_owned(),
            revision: "main".to_owned(),
            files: NEEDED.map(str::to_owned).to_vec(),
            welcome: WELCOME.map(str::to_owned).to_vec(),
            weights_sha256: None,
            total_bytes: None,
            notice: None,
        })
    }

    /// The name that fetches it again.
    fn asked_name(&self) -> &str {
        match catalogue_entry(&self.name) {
            Some(_) => &self.name,
            None => &self.repository,
        }
    }
}

impl From<&CatalogueEntry> for Source {
    fn from(entry: &CatalogueEntry) -> Self {
        Self {
            name: entry.name.clone(),
            repository: entry.repository.clone(),
            revision: entry.revision.clone().unwrap_or_else(|| "main".to_owned()),
            files: entry.files.clone(),
            welcome: Vec::new(),
            weights_sha256: entry.weights_sha256.clone(),
            total_bytes: Some(entry.download_bytes),
            notice: Some(entry.notice.clone()),
        }
    }
}

/// State of a download, told to its observer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadProgress {
    /// File that is being fetched.
    pub file: String,
    /// Bytes of all files that are here.
    pub done_bytes: u64,
    /// Bytes of all files; 0 until it is known.
    pub total_bytes: u64,
}

/// Ends a download with `Break`.
pub(super) type Observer<'a> = dyn FnMut(&DownloadProgress) -> ControlFlow<()> + 'a;

/// Fetches a model into the folder `into` (which becomes the model folder itself).
///
/// The disk is looked at first. The hash of the weights is compared with the catalogue's, or with the one that the hub
/// gives. A model that is already in `into` is verified and returned. `None` means that the observer ended the
/// download.
///
/// # Errors
/// The hub can't be reached or refuses, the disk has no room, the hash differs, the model is of no use, or a file can't
/// be written.
pub fn download(
    source: &Source,
    into: &Path,
    hub: &Hub,
    observer: &mut Observer<'_>,
) -> Result<Option<BaseModel>, BaseModelError> {
    if let Some(model) = already_there(source, into)? {
        return Ok(Some(model));
    }
    let parent = into
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| not_written(parent, error))?;
    if let Some(bytes) = source.total_bytes {
        check_room(source, bytes, hub, parent)?;
    }
    let collected = temporary_folder(parent)?;
    let Some(()) = collect(source, collected.path(), hub, parent, observer)? else {
        return Ok(None);
    };
    if let Some(notice) = &source.notice {
        write(&collected.path().join("LICENSE"), APACHE_LICENCE)?;
        write(&collected.path().join("NOTICE"), notice)?;
    }
    let collected = collected.keep();
    fs::rename(&collected, into).map_err(|error| {
        let _ = fs::remove_dir_all(&collected);
        not_written(into, error)
    })?;
    BaseModel::open(into).map(Some)
}

/// Puts all files of the model into `folder`, the weights last, so that a model of no use is refused early.
fn collect(
    source: &Source,
    folder: &Path,
    hub: &Hub,
    models: &Path,
    observer: &mut Observer<'_>,
) -> Result<Option<()>, BaseModelError> {
    let mut fetched_bytes = 0;
    let mut tell = |file: &str, done: u64, of_file: u64, before: u64| {
        let known = source.total_bytes.unwrap_or(0);
        observer(&DownloadProgress {
            file: file.to_owned(),
            done_bytes: before + done,
            total_bytes: if of_file == 0 {
                known
            } else {
                known.max(before + of_file)
            },
        })
    };
    let welcome = source.welcome.iter().map(|file| (file, false));
    for (file, is_needed) in source.files.iter().map(|file| (file, true)).chain(welcome) {
        let before = fetched_bytes;
        let found = hub::fetch(hub, source, file, &mut |done, total| {
            tell(file, done, total, before)
        });
        let cached = match found {
            Ok(Some(cached)) => cached,
            Ok(None) => return Ok(None),
            Err(BaseModelError::Refused { .. }) if !is_needed => continue,
            Err(error) => return Err(error),
        };
        fetched_bytes += copy(&cached, &folder.join(file))?;
    }
    // The folder has a name for a moment only; the person knows the model by that on the hub.
    super::check_is_bert(Path::new(&source.repository), &super::read_config(folder)?)?;

    let mut room: Result<(), BaseModelError> = Ok(());
    let weights = hub::fetch(hub, source, WEIGHTS, &mut |done, total| {
        if source.total_bytes.is_none() && done == 0 && total > 0 {
            room = check_room(source, total, hub, models);
        }
        if room.is_err() {
            return ControlFlow::Break(());
        }
        tell(WEIGHTS, done, total, fetched_bytes)
    });
    room?;
    let cached = match weights {
        Ok(Some(cached)) => cached,
        Ok(None) => return Ok(None),
        Err(error) => return Err(hub::explain_missing_weights(hub, source, error)),
    };
    check_weights(source, &cached)?;
    copy(&cached, &folder.join(WEIGHTS))?;
    Ok(Some(()))
}

/// A damaged file in the cache would be met again at every try, so it is forgotten.
fn check_weights(source: &Source, cached: &Path) -> Result<(), BaseModelError> {
    let expected = source
        .weights_sha256
        .clone()
        .or_else(|| hub::sha256_by_hub(cached));
    let Some(expected) = expected else {
        return Ok(());
    };
    let found = sha256_of(cached)?;
    check_hash(cached, source.asked_name(), &expected, &found).inspect_err(|_| hub::forget(cached))
}

fn already_there(source: &Source, into: &Path) -> Result<Option<BaseModel>, BaseModelError> {
    let Ok(mut files) = fs::read_dir(into) else {
        return Ok(None);
    };
    if files.next().is_none() {
        fs::remove_dir(into).map_err(|error| not_written(into, error))?;
        return Ok(None);
    }
    let occupied = |_| BaseModelError::Occupied {
        folder: into.to_path_buf(),
        name: source.name.clone(),
    };
    let model = BaseModel::open(into).map_err(occupied)?;
    if let Some(expected) = &source.weights_sha256 {
        let weights = model.weights();
        check_hash(
            &weights,
            source.asked_name(),
            expected,
            &sha256_of(&weights)?,
        )?;
    }
    Ok(Some(model))
}

/// The files are needed twice for a moment: in the hub's cache and in the folder of models.
fn check_room(source: &Source, bytes: u64, hub: &Hub, models: &Path) -> Result<(), BaseModelError> {
    let places = [models, hub.cache.as_path()].map(free_bytes);
    // Two folders with the same number of free bytes are on one disk.
    let is_one_disk = matches!(&places, [Some((_, a)), Some((_, b))] if a == b);
    for (folder, free_bytes) in places.into_iter().flatten() {
        let needed_bytes = bytes * if is_one_disk { 2 } else { 1 } + SPARE_BYTES;
        if free_bytes < needed_bytes {
            return Err(BaseModelError::DiskFull {
                repository: source.repository.clone(),
                folder,
                needed_bytes,
                free_bytes,
            });
        }
    }
    Ok(())
}

/// Bytes that are free on the disk of `folder`, or of the nearest folder above it that is there.
fn free_bytes(folder: &Path) -> Option<(PathBuf, u64)> {
    let there = folder.ancestors().find(|folder| folder.is_dir())?;
    let free = fs4::available_space(there).ok()?;
    Some((there.to_path_buf(), free))
}

/// A folder for the files until they are complete, with the permissions of an ordinary one.
fn temporary_folder(parent: &Path) -> Result<tempfile::TempDir, BaseModelError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".download-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder
        .tempdir_in(parent)
        .map_err(|error| not_written(parent, error))
}

fn copy(from: &Path, to: &Path) -> Result<u64, BaseModelError> {
    let n_bytes = fs::copy(from, to).map_err(|error| not_written(to, error))?;
    let written = fs::File::options()
        .write(true)
        .open(to)
        .and_then(|file| file.sync_all());
    written.map_err(|error| not_written(to, error))?;
    Ok(n_bytes)
}

fn write(path: &Path, text: &str) -> Result<(), BaseModelError> {
    fs::write(path, text).map_err(|error| not_written(path, error))
}
