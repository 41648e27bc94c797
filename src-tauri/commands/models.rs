//! Base models and devices: what there is, fetching a model, measuring a device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::estimate::EncoderShape;
use embert_engine::event::WorkProgress;
use embert_engine::measurement::Measurement;
use embert_engine::protocol::{Call, DownloadState, ModelParams, NoParams};
use embert_engine::recipe::Recipe;
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use ts_rs::TS;

use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;

/// A base model as a card.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BaseModelInfo {
    name: String,
    repository: Option<String>,
    in_catalogue: bool,
    #[ts(type = "\"fast\" | \"balanced\" | \"best\"")]
    size: String,
    languages: Vec<String>,
    about: String,
    pub(super) n_parameters: usize,
    download_bytes: u64,
    installed: bool,
    folder: Option<PathBuf>,
    licence: String,
    /// Where the default learning rate is known from.
    rate_source: Option<String>,
    #[serde(skip)]
    pub(super) shape: Option<EncoderShape>,
    #[serde(skip)]
    learning_rate: Option<f64>,
}

/// What the worker lists.
#[derive(Deserialize)]
struct List {
    models: Vec<Listed>,
}

/// A model as the worker lists it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    name: String,
    repository: Option<String>,
    in_catalogue: bool,
    size: String,
    languages: Vec<String>,
    licence: String,
    about: String,
    n_parameters: usize,
    download_bytes: u64,
    shape: Option<EncoderShape>,
    learning_rate: Option<Rate>,
    folder: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Rate {
    value: f64,
    source: String,
}

impl From<Listed> for BaseModelInfo {
    fn from(model: Listed) -> BaseModelInfo {
        BaseModelInfo {
            learning_rate: model.learning_rate.as_ref().map(|rate| rate.value),
            rate_source: model.learning_rate.map(|rate| rate.source),
            installed: model.folder.is_some(),
            name: model.name,
            repository: model.repository,
            in_catalogue: model.in_catalogue,
            size: model.size,
            languages: model.languages,
            about: model.about,
            n_parameters: model.n_parameters,
            download_bytes: model.download_bytes,
            folder: model.folder,
            licence: model.licence,
            shape: model.shape,
        }
    }
}

impl BaseModelInfo {
    /// Where it is, when it is on this computer.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The settings where the person chose none.
    pub(super) fn default_recipe(&self) -> Recipe {
        Recipe::for_model(self.n_parameters, self.learning_rate)
    }
}

/// Where models are put.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ModelPlaces {
    /// The folder that downloads go into.
    download_folder: PathBuf,
}

/// Lists the base models.
#[tauri::command]
pub async fn list_base_models(app: State<'_, Arc<App>>) -> Answer<Vec<BaseModelInfo>> {
    off_thread(&app, base_models).await
}

pub(super) fn base_models(app: &App) -> Result<Vec<BaseModelInfo>, Fault> {
    let list: List = app.reader()?.ask(Call::Models(NoParams {}))?;
    Ok(list.models.into_iter().map(BaseModelInfo::from).collect())
}

/// The model that is asked for by `name`, whether it is in the list or not.
///
/// # Errors
/// When the name means nothing, or a folder can't be used.
pub(super) fn base_model(app: &App, name: &str) -> Result<BaseModelInfo, Fault> {
    let call = Call::Model(ModelParams {
        name: name.to_owned(),
    });
    let listed: Listed = app.reader()?.ask(call)?;
    Ok(listed.into())
}

/// Says where models are put.
#[tauri::command]
pub async fn model_places(app: State<'_, Arc<App>>) -> Answer<ModelPlaces> {
    off_thread(&app, |app| app.reader()?.ask(Call::Models(NoParams {}))).await
}

/// Describes the base model that is called `name` in the list, on the hub, or that is in the folder `name`.
#[tauri::command]
pub async fn describe_base_model(app: State<'_, Arc<App>>, name: String) -> Answer<BaseModelInfo> {
    off_thread(&app, move |app| base_model(app, name.trim())).await
}

/// Asks for the folder of a base model; `null` when the person cancelled.
#[tauri::command]
pub async fn choose_model_folder<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<BaseModelInfo>> {
    off_thread(&app, move |app| {
        let chosen = window.dialog().file().blocking_pick_folder();
        let Some(folder) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        base_model(app, &folder.to_string_lossy()).map(Some)
    })
    .await
}

/// Fetches a base model; `null` when the person stopped it.
#[tauri::command]
pub async fn download_model(
    app: State<'_, Arc<App>>,
    name: String,
    on_progress: Channel<DownloadState>,
) -> Answer<Option<BaseModelInfo>> {
    off_thread(&app, move |app| {
        let model = ModelParams { name: name.clone() };
        let result = app.download(model, |state| {
            let _ = on_progress.send(state);
        })?;
        result.folder.map(|_| base_model(app, &name)).transpose()
    })
    .await
}

/// Ends what [`download_model`] began; what was fetched is kept for the next time.
#[tauri::command]
pub async fn cancel_download(app: State<'_, Arc<App>>) -> Answer<()> {
    off_thread(&app, |app| {
        app.cancel_download();
        Ok(())
    })
    .await
}

/// Measures a device, unless it was measured before and not `again`; `null` when the person stopped it.
#[tauri::command]
pub async fn measure_device(
    app: State<'_, Arc<App>>,
    device: String,
    again: bool,
    on_progress: Channel<WorkProgress>,
) -> Answer<Option<Measurement>> {
    off_thread(&app, move |app| {
        app.measure(&device, again, |progress| {
            let _ = on_progress.send(progress);
        })
    })
    .await
}

/// Ends what [`measure_device`] began.
#[tauri::command]
pub async fn cancel_measure(app: State<'_, Arc<App>>) -> Answer<()> {
    off_thread(&app, |app| {
        app.cancel_measure();
        Ok(())
    })
    .await
}
