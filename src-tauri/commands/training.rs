//! Choosing a model and settings, training, watching, the report.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use embert_engine::recipe::{FIELDS, Field, Recipe};
use embert_engine::report::Report;
use embert_engine::tokens::Tokenizer;
use serde::Serialize;
use serde_json::{Map, Value};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;

use super::general::device_choice;
use super::projects::changed;
use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::files::write_json;
use crate::project::{Project, ProjectView, recipe_with};
use crate::run::{RunFiles, RunHistory, RunSummary, RunUpdate};

/// Bytes of a weight in the files that are downloaded.
const BYTES_PER_PARAMETER: u64 = 4;

/// A base model as a card.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseModelInfo {
    name: String,
    size: &'static str,
    about: String,
    n_parameters: u64,
    download_bytes: u64,
    installed: bool,
    licence: String,
    #[serde(skip)]
    folder: Option<PathBuf>,
}

/// One setting and its default.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipeField {
    #[serde(flatten)]
    field: Field,
    default: Value,
}

/// What a training would do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunPreview {
    base_model: String,
    n_train: usize,
    n_valid: usize,
    n_test: usize,
    n_steps: usize,
    n_epochs: f64,
    batch_size: usize,
    max_length: usize,
    learning_rate: f64,
    n_cut: usize,
    device: String,
    device_reason: String,
    seconds: Option<f64>,
    memory_bytes: Option<u64>,
    downloads: Vec<String>,
}

/// Lists the base models.
#[tauri::command]
pub async fn list_base_models(app: State<'_, Arc<App>>) -> Answer<Vec<BaseModelInfo>> {
    off_thread(&app, base_models).await
}

fn base_models(app: &App) -> Result<Vec<BaseModelInfo>, Fault> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let info = |model: &Value| {
        let n_parameters = model["nParameters"].as_u64().unwrap_or(0);
        BaseModelInfo {
            name: text(&model["name"]),
            size: match n_parameters {
                0..50_000_000 => "fast",
                50_000_000..200_000_000 => "balanced",
                _ => "best",
            },
            about: text(&model["about"]),
            n_parameters,
            download_bytes: n_parameters * BYTES_PER_PARAMETER,
            installed: model["folder"].is_string(),
            licence: text(&model["licence"]),
            folder: model["folder"].as_str().map(PathBuf::from),
        }
    };
    Ok(app.base_models()?.iter().map(info).collect())
}

fn base_model_of(app: &App, name: &str) -> Result<Option<BaseModelInfo>, Fault> {
    Ok(base_models(app)?
        .into_iter()
        .find(|model| model.name == name))
}

/// Lists the settings with the defaults of the project's base model.
#[tauri::command]
pub async fn recipe_fields(
    app: State<'_, Arc<App>>,
    project_id: String,
) -> Answer<Vec<RecipeField>> {
    off_thread(&app, move |app| {
        let name = app.with_project(&project_id, |project| Ok(project.base_model().to_owned()))?;
        let model = base_model_of(app, &name)?;
        let defaults =
            serde_json::to_value(recipe(model.as_ref(), &Map::new())?).unwrap_or_default();
        let field = |field: &Field| RecipeField {
            field: *field,
            default: defaults[field.name].clone(),
        };
        Ok(FIELDS.iter().map(field).collect())
    })
    .await
}

fn recipe(model: Option<&BaseModelInfo>, settings: &Map<String, Value>) -> Result<Recipe, Fault> {
    recipe_with(
        settings,
        model.map_or(0, |model| model.n_parameters as usize),
    )
}

/// Chooses base model and settings.
#[tauri::command]
pub async fn set_training(
    app: State<'_, Arc<App>>,
    project_id: String,
    base_model: String,
    recipe: Map<String, Value>,
) -> Answer<ProjectView> {
    changed(&app, project_id, move |project| {
        project.set_training(base_model, recipe)
    })
    .await
}

/// Says what a training would do.
#[tauri::command]
pub async fn preview_run(app: State<'_, Arc<App>>, project_id: String) -> Answer<RunPreview> {
    off_thread(&app, move |app| {
        let (name, settings) = app.with_project(&project_id, |project| {
            Ok((project.base_model().to_owned(), project.recipe().clone()))
        })?;
        let model = base_model_of(app, &name)?;
        let recipe = recipe(model.as_ref(), &settings)?;
        let folder = model.as_ref().and_then(|model| model.folder.clone());
        let device = device_choice(app)?;
        app.with_project(&project_id, |project| {
            let split = project.split(&recipe)?;
            let sizes = split.map_or((0, 0, 0), |split| {
                (split.train.len(), split.valid.len(), split.test.len())
            });
            let n_steps = recipe.n_steps(sizes.0);
            Ok(RunPreview {
                base_model: name.clone(),
                n_train: sizes.0,
                n_valid: sizes.1,
                n_test: sizes.2,
                n_steps,
                n_epochs: n_steps as f64 / recipe.steps_per_epoch(sizes.0) as f64,
                batch_size: recipe.batch_size,
                max_length: recipe.max_length,
                learning_rate: recipe.learning_rate,
                n_cut: folder
                    .as_deref()
                    .map_or(Ok(0), |folder| n_cut(project, folder, recipe.max_length))?,
                device: device_name(&device),
                device_reason: device["reason"].as_str().unwrap_or_default().to_owned(),
                seconds: None,
                memory_bytes: None,
                downloads: if folder.is_none() {
                    vec![name.clone()]
                } else {
                    Vec::new()
                },
            })
        })
    })
    .await
}

fn device_name(choice: &Value) -> String {
    let devices = choice["devices"].as_array().into_iter().flatten();
    let chosen = devices
        .filter(|device| device["id"] == choice["chosen"])
        .map(|device| &device["name"]);
    let name = chosen
        .chain(std::iter::once(&choice["chosen"]))
        .find_map(Value::as_str);
    name.unwrap_or_default().to_owned()
}

/// Texts that would be cut.
fn n_cut(project: &Project, model: &Path, max_length: usize) -> Result<usize, Fault> {
    let Some(dataset) = project.dataset() else {
        return Ok(0);
    };
    let tokenizer = Tokenizer::load(model)?;
    let texts: Vec<(&str, Option<&str>)> = dataset
        .examples
        .iter()
        .map(|example| (example.text.as_str(), example.text_b.as_deref()))
        .collect();
    let encodings = tokenizer.encode_all(&texts, max_length)?;
    Ok(encodings
        .iter()
        .filter(|encoding| encoding.n_cut > 0)
        .count())
}

/// Starts a training.
#[tauri::command]
pub async fn start_training(app: State<'_, Arc<App>>, project_id: String) -> Answer<RunSummary> {
    off_thread(&app, move |app| {
        Ok(app.start_training(&project_id)?.summary())
    })
    .await
}

/// Goes on with a training that was interrupted.
#[tauri::command]
pub async fn resume_training(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
) -> Answer<RunSummary> {
    off_thread(&app, move |app| {
        Ok(app.resume_training(&project_id, &run_id)?.summary())
    })
    .await
}

/// Ends the running training and waits until it is over.
#[tauri::command]
pub async fn stop_training(app: State<'_, Arc<App>>, keep: bool) -> Answer<()> {
    off_thread(&app, move |app| {
        if let Some(training) = app.training().filter(|training| training.is_running()) {
            training.stop(keep);
            training.wait();
        }
        Ok(())
    })
    .await
}

/// Sends the history of a run and then what happens; returns the number that ends it.
#[tauri::command]
pub async fn watch_run(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
    on_update: Channel<RunUpdate>,
) -> Answer<u32> {
    let (id, ended) = app.new_watch();
    if let Some(training) = app
        .training()
        .filter(|training| training.is(&project_id, &run_id))
    {
        std::thread::spawn(move || {
            training
                .watch(|update| !ended.load(Ordering::SeqCst) && on_update.send(update).is_ok());
        });
    }
    Ok(id)
}

/// Ends what [`watch_run`] began.
#[tauri::command]
pub async fn unwatch_run(app: State<'_, Arc<App>>, watch_id: u32) -> Answer<()> {
    app.end_watch(watch_id);
    Ok(())
}

/// Returns a run with everything that it told.
#[tauri::command]
pub async fn read_run(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
) -> Answer<RunHistory> {
    off_thread(&app, move |app| files(app, &project_id, &run_id)?.history()).await
}

/// Removes a run.
#[tauri::command]
pub async fn delete_run(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
) -> Answer<ProjectView> {
    off_thread(&app, move |app| {
        if let Some(training) = app
            .training()
            .filter(|training| training.is(&project_id, &run_id) && training.is_running())
        {
            return Err(Fault::Busy {
                project: training.project_name().to_owned(),
            });
        }
        files(app, &project_id, &run_id)?.delete()?;
        app.with_project(&project_id, |project| Ok(project.view()))
    })
    .await
}

/// Returns the report on the test part.
#[tauri::command]
pub async fn read_report(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
) -> Answer<Report> {
    off_thread(&app, move |app| files(app, &project_id, &run_id)?.report()).await
}

/// Asks where the report goes and writes it; `null` when the person cancelled.
#[tauri::command]
pub async fn save_report<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    project_id: String,
    run_id: String,
    format: ReportFormat,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |app| {
        let report = files(app, &project_id, &run_id)?.report()?;
        let name = app.with_project(&project_id, |project| Ok(project.name().to_owned()))?;
        let ending = format.ending();
        let chosen = window
            .dialog()
            .file()
            .add_filter(ending.to_uppercase(), &[ending])
            .set_file_name(format!("{name} report.{ending}"))
            .blocking_save_file();
        let Some(path) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        match format {
            ReportFormat::Json => write_json(&path, &report)?,
            ReportFormat::Html => crate::report_page::write(&path, &name, &report)?,
        }
        Ok(Some(path))
    })
    .await
}

/// What a saved report is.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReportFormat {
    /// One page that needs nothing else.
    Html,
    /// The numbers.
    Json,
}

impl ReportFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// The files of a run.
pub(super) fn files(app: &App, project_id: &str, run_id: &str) -> Result<RunFiles, Fault> {
    app.with_project(project_id, |project| RunFiles::of(project.folder(), run_id))
}
