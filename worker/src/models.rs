//! `embert models`: the base models, where they are looked for, and where trained ones are.

use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use embert_engine::base_model::{self, BaseModelError, CATALOGUE, CatalogueEntry, Hub};
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
    /// Finds the folders: the one that was named, `EMBERT_MODELS`, `models` beside or above the executable, `models`
    /// here, and the user's own.
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
        let own = user_models();
        let download = named
            .clone()
            .or_else(|| here.is_dir().then(|| here.clone()))
            .or_else(|| own.clone());

        let mut searched: Vec<PathBuf> = named.into_iter().collect();
        searched.extend(beside.filter(|folder| folder.is_dir()));
        searched.push(here.clone());
        searched.extend(own);
        Self {
            searched,
            download: download.unwrap_or(here),
        }
    }

    /// Returns the folders in the order of the search.
    pub(crate) fn searched(&self) -> &[PathBuf] {
        &self.searched
    }
}

/// The user's own folder for models, by the custom of the system.
fn user_models() -> Option<PathBuf> {
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
        .map(|data| data.join("embert").join("models"))
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

/// A model of the catalogue and where it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedModel {
    #[serde(flatten)]
    entry: &'static CatalogueEntry,
    /// Its folder; left out when it is not installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &ModelsArguments, folders: &ModelFolders) -> Result<Outcome, Failure> {
    match &arguments.command {
        None => print_list(folders, false),
        Some(ModelsCommand::List { json }) => print_list(folders, *json),
        Some(ModelsCommand::Download { name }) => download(name, folders),
        Some(ModelsCommand::Verify { name }) => verify(name, folders),
    }
}

/// Lists the catalogue with what is installed.
pub(crate) fn list(folders: &ModelFolders) -> Vec<ListedModel> {
    let installed = |entry: &CatalogueEntry| {
        let in_folders = folders
            .searched()
            .iter()
            .map(|folder| folder.join(entry.name));
        in_folders
            .into_iter()
            .find(|folder| base_model::BaseModel::open(folder).is_ok())
    };
    CATALOGUE
        .iter()
        .map(|entry| ListedModel {
            entry,
            folder: installed(entry),
        })
        .collect()
}

fn print_list(folders: &ModelFolders, json: bool) -> Result<Outcome, Failure> {
    let models = list(folders);
    if json {
        output::print_json(&serde_json::json!({ "models": models }))?;
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for ListedModel { entry, folder } in &models {
        let place = match folder {
            Some(folder) => format!("in {}", folder.display()),
            None => format!(
                "not installed; get it with: embert models download {}",
                entry.name
            ),
        };
        let millions = entry.n_parameters as f64 / 1e6;
        let _ = writeln!(
            text,
            "{}  {} ({millions:.1} million parameters, {})",
            entry.name, entry.repository, entry.licence
        );
        let _ = writeln!(text, "    {}", entry.about);
        let _ = writeln!(text, "    {place}");
    }
    output::print(&text)?;
    Ok(Outcome::Done)
}

fn download(name: &str, folders: &ModelFolders) -> Result<Outcome, Failure> {
    let entry =
        base_model::catalogue_entry(name).ok_or_else(|| BaseModelError::NotInCatalogue {
            name: name.to_owned(),
        })?;
    let stop = Stop::by_interrupt("Stopping; what was fetched is kept for the next time.")?;
    let setting = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let hub = Hub::new(
        setting("HF_ENDPOINT"),
        setting("HF_HOME").map(PathBuf::from),
    );
    let into = folders.download.join(entry.name);
    output::tell(&format!(
        "Downloading {} from {} to {}",
        entry.repository,
        hub.endpoint,
        into.display()
    ));
    let mut display = BytesDisplay::new();
    let model = base_model::download(entry, &into, &hub, &mut |progress| {
        display.show(progress);
        stop.flow()
    })?;
    display.finish();
    let Some(model) = model else {
        return Ok(Outcome::Stopped);
    };
    output::print(&format!(
        "{} is in {}; its hash is right.\n",
        entry.name,
        model.folder.display()
    ))?;
    Ok(Outcome::Done)
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
