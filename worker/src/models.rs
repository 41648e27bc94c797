//! `embert models`: the base models, where they are looked for, and where trained ones are.

use std::collections::HashSet;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::{env, fs};

use embert_engine::base_model::{
    self, BaseModel, BaseModelError, CatalogueEntry, DownloadProgress, Hub, RecommendedRate, Size,
    Source, catalogue,
};
use embert_engine::estimate::EncoderShape;
use serde::Serialize;

use crate::arguments::{ModelsArguments, ModelsCommand};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::progress::BytesDisplay;
use crate::stop::Stop;

/// Levels above the executable in which a `models` folder is looked for: enough for `target/debug/deps`.
const LEVELS_ABOVE: usize = 4;

/// The folders in which base models are looked for.
#[derive(Debug, Clone)]
pub(crate) struct ModelFolders {
    searched: Vec<PathBuf>,
    download: PathBuf,
}

impl ModelFolders {
    /// Finds the folders: the one that was named, `EMBERT_MODELS`, `models` beside or above the executable, the
    /// models of an installed app, `models` here, and the user's own.
    pub(crate) fn of_this_computer(named: Option<&Path>) -> Self {
        let named = named
            .map(Path::to_path_buf)
            .or_else(|| env::var_os("EMBERT_MODELS").map(PathBuf::from));
        let executable = env::current_exe().unwrap_or_default();
        let beside = executable
            .ancestors()
            .skip(1)
            .take(LEVELS_ABOVE)
            .map(|folder| folder.join("models"));
        let here = PathBuf::from("models");
        let own = own_folder().join("models");
        // The window names a folder that came with the app and can't be written, and one of its own beside it.
        let download = if env::var_os("EMBERT_DATA").is_some() {
            Some(own.clone())
        } else {
            named.clone()
        };
        let download = download
            .or_else(|| here.is_dir().then(|| here.clone()))
            .unwrap_or_else(|| own.clone());

        let mut searched: Vec<PathBuf> = named.into_iter().collect();
        searched.extend(beside.filter(|folder| folder.is_dir()));
        searched.extend(executable.parent().and_then(crate::pack::bundled_models));
        searched.push(here);
        searched.push(own);
        Self { searched, download }
    }

    /// Returns the folders in the order of the search.
    pub(crate) fn searched(&self) -> &[PathBuf] {
        &self.searched
    }

    /// Returns the folder that new models go into.
    pub(crate) fn download(&self) -> &Path {
        &self.download
    }
}

/// The folder for what Embert keeps: the one that the window names in `EMBERT_DATA`, or the user's own by the custom of
/// the system.
pub(crate) fn own_folder() -> PathBuf {
    if let Some(named) = env::var_os("EMBERT_DATA") {
        return PathBuf::from(named);
    }
    let home = env::home_dir();
    let data = if cfg!(target_os = "windows") {
        env::var_os("APPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home.map(|home| home.join("Library").join("Application Support"))
    } else {
        env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(home?.join(".local").join("share")))
    };
    data.filter(|data| data.is_absolute())
        .map_or_else(|| PathBuf::from("."), |data| data.join("embert"))
}

/// Returns the folder of a trained model: the one that was named, or the `model` in a run folder.
pub(crate) fn trained_model(named: &Path) -> Result<PathBuf, Failure> {
    if named.join("config.json").is_file() {
        return Ok(named.to_path_buf());
    }
    let in_run = named.join("model");
    if in_run.join("config.json").is_file() {
        return Ok(in_run);
    }
    if named.is_dir() {
        return Err(BaseModelError::MissingFile {
            folder: named.to_path_buf(),
            file: "config.json".to_owned(),
        }
        .into());
    }
    Err(Failure::NoModelFolder {
        folder: named.to_path_buf(),
    })
}

/// A base model, installed or not.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedModel {
    /// What it is asked for by: a name of the catalogue, `owner/model` on the hub, or a folder.
    name: String,
    /// Name on the hub; left out for a model that did not come from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    /// Whether Embert knows it by name.
    in_catalogue: bool,
    size: Size,
    languages: Vec<String>,
    licence: String,
    about: String,
    n_parameters: usize,
    /// Bytes that a download fetches; 0 when only the hub knows.
    download_bytes: u64,
    /// Sizes of the network; left out until they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<EncoderShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_rate: Option<RecommendedRate>,
    /// Its folder; left out when it is not installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
}

impl ListedModel {
    fn known(entry: &CatalogueEntry, folders: &ModelFolders) -> Self {
        let places = folders
            .searched()
            .iter()
            .map(|folder| folder.join(&entry.name));
        Self {
            name: entry.name.clone(),
            repository: Some(entry.repository.clone()),
            in_catalogue: true,
            size: entry.size,
            languages: entry.languages.clone(),
            licence: entry.licence.clone(),
            about: entry.about.clone(),
            n_parameters: entry.n_parameters,
            download_bytes: entry.download_bytes,
            shape: Some(entry.shape),
            learning_rate: Some(entry.learning_rate.clone()),
            folder: places
                .into_iter()
                .find(|folder| BaseModel::open(folder).is_ok()),
        }
    }

    /// A model that the catalogue does not know, asked for by `name`.
    fn own(name: String, model: &BaseModel) -> Self {
        let n_parameters = model.n_parameters();
        Self {
            repository: base_model::is_hub_name(&name).then(|| name.clone()),
            name,
            in_catalogue: false,
            size: Size::of(n_parameters),
            languages: Vec::new(),
            licence: String::new(),
            about: String::new(),
            n_parameters,
            download_bytes: 0,
            shape: model.shape(),
            learning_rate: None,
            folder: Some(model.folder.clone()),
        }
    }

    /// A model on the hub of which nothing else is known yet.
    fn on_hub(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            repository: Some(name.to_owned()),
            in_catalogue: false,
            size: Size::Balanced,
            languages: Vec::new(),
            licence: String::new(),
            about: String::new(),
            n_parameters: 0,
            download_bytes: 0,
            shape: None,
            learning_rate: None,
            folder: None,
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &ModelsArguments, folders: &ModelFolders) -> Result<Outcome, Failure> {
    match &arguments.command {
        None => print_list(folders, false),
        Some(ModelsCommand::List { json }) => print_list(folders, *json),
        Some(ModelsCommand::Download { name }) => download(name, folders),
        Some(ModelsCommand::Verify { name }) => verify(name, folders),
        Some(ModelsCommand::Pack { name, out }) => crate::pack::run(name, out, folders),
    }
}

/// Lists the catalogue with what is installed, and the other models in the folders.
pub(crate) fn list(folders: &ModelFolders) -> Vec<ListedModel> {
    let known = catalogue()
        .iter()
        .map(|entry| ListedModel::known(entry, folders));
    known.chain(others(folders)).collect()
}

/// Models in the folders that the catalogue does not know.
fn others(folders: &ModelFolders) -> Vec<ListedModel> {
    let mut seen: HashSet<String> = catalogue().iter().map(|entry| entry.name.clone()).collect();
    let mut found = Vec::new();
    for folder in folders.searched() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A name with a point is a download that goes on, or was cut.
            if name.starts_with('.') || seen.contains(&name) {
                continue;
            }
            if let Ok(model) = BaseModel::open(&entry.path()) {
                found.push(ListedModel::own(hub_name(&name), &model));
                seen.insert(name);
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// `owner--model`, the folder of a model from the hub, back to `owner/model`.
fn hub_name(folder: &str) -> String {
    let slashed = folder.replacen("--", "/", 1);
    if base_model::is_hub_name(&slashed) {
        slashed
    } else {
        folder.to_owned()
    }
}

/// Describes a model by its name or folder.
///
/// # Errors
/// It can't be used, or the name means nothing.
pub(crate) fn describe(name: &str, folders: &ModelFolders) -> Result<ListedModel, Failure> {
    if let Some(entry) = base_model::catalogue_entry(name) {
        return Ok(ListedModel::known(entry, folders));
    }
    match base_model::find(name, folders.searched()) {
        Ok(model) => Ok(ListedModel::own(name.to_owned(), &model)),
        Err(BaseModelError::NotFound { .. }) if base_model::is_hub_name(name) => {
            Ok(ListedModel::on_hub(name))
        }
        Err(error) => Err(error.into()),
    }
}

fn print_list(folders: &ModelFolders, json: bool) -> Result<Outcome, Failure> {
    let models = list(folders);
    if json {
        output::print_json(&serde_json::json!({ "models": models }))?;
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for model in &models {
        let place = match &model.folder {
            Some(folder) => format!("in {}", folder.display()),
            None => format!(
                "not installed ({:.0} MB); get it with: embert models download {}",
                model.download_bytes as f64 / 1e6,
                model.name
            ),
        };
        let mut facts: Vec<String> = model.repository.iter().cloned().collect();
        let millions = model.n_parameters as f64 / 1e6;
        facts.push(format!("{millions:.1} million parameters"));
        facts.extend(Some(model.licence.clone()).filter(|licence| !licence.is_empty()));
        let _ = writeln!(text, "{}  ({})", model.name, facts.join(", "));
        for line in [&model.about, &place] {
            if !line.is_empty() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    output::print(&text)?;
    Ok(Outcome::Done)
}

fn download(name: &str, folders: &ModelFolders) -> Result<Outcome, Failure> {
    let stop = Stop::by_interrupt("Stopping; what was fetched is kept for the next time.")?;
    let source = Source::of(name)?;
    output::tell(&format!(
        "Downloading {} from {} to {}",
        source.repository,
        hub().endpoint,
        folders.download().join(&source.name).display()
    ));
    let mut display = BytesDisplay::new();
    let model = fetch(name, folders, &mut |progress| {
        display.show(progress);
        stop.flow()
    })?;
    display.finish();
    let Some(model) = model else {
        return Ok(Outcome::Stopped);
    };
    output::print(&format!(
        "{} is in {}; its hash is right.\n",
        source.name,
        model.folder.display()
    ))?;
    Ok(Outcome::Done)
}

/// Fetches a model into the folder for new ones; `None` when `observer` ended it.
pub(crate) fn fetch(
    name: &str,
    folders: &ModelFolders,
    observer: &mut dyn FnMut(&DownloadProgress) -> ControlFlow<()>,
) -> Result<Option<BaseModel>, Failure> {
    let source = Source::of(name)?;
    let into = folders.download().join(&source.name);
    Ok(base_model::download(&source, &into, &hub(), observer)?)
}

/// The hub as the environment names it.
fn hub() -> Hub {
    let setting = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    Hub {
        token: setting("HF_TOKEN"),
        ..Hub::new(
            setting("HF_ENDPOINT"),
            setting("HF_HOME").map(PathBuf::from),
        )
    }
}

fn verify(name: &str, folders: &ModelFolders) -> Result<Outcome, Failure> {
    let model = base_model::find(name, folders.searched())?;
    let verification = base_model::verify(&model)?;
    let finding = if verification.in_catalogue {
        "is the model of the catalogue"
    } else {
        "is sound, but not in the catalogue, so its hash can't be compared"
    };
    output::print(&format!(
        "{} in {} {finding}.\nSHA-256 {}\n",
        model.name,
        model.folder.display(),
        verification.sha256
    ))?;
    Ok(Outcome::Done)
}
