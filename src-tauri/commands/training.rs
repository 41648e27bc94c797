//! Choosing a model and settings, training, watching, the report.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use embert_engine::page::{self, Page};
use embert_engine::plot::Language;
use embert_engine::recipe::{FIELDS, Field};
use embert_engine::report::Report;
use serde::Serialize;
use serde_json::{Map, Value};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use ts_rs::TS;

use super::models::base_model;
use super::projects::changed;
use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::files::write_json;
use crate::project::ProjectView;
use crate::run::{RunFiles, RunHistory, RunSummary, RunUpdate};

/// One setting and its default.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipeField {
    #[serde(flatten)]
    field: Field,
    #[ts(type = "number | string | null")]
    default: Value,
}

/// Lists the settings with the defaults of the project's base model.
#[tauri::command]
pub async fn recipe_fields(
    app: State<'_, Arc<App>>,
    project_id: String,
) -> Answer<Vec<RecipeField>> {
    off_thread(&app, move |app| {
        let name = app.with_project(&project_id, |project| Ok(project.base_model().to_owned()))?;
        let model = base_model(app, &name)?;
        let defaults = serde_json::to_value(model.default_recipe()).unwrap_or_default();
        let field = |field: &Field| RecipeField {
            field: *field,
            default: defaults[field.name].clone(),
        };
        Ok(FIELDS.iter().map(field).collect())
    })
    .await
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

/// Starts a training.
#[tauri::command]
pub async fn start_training(app: State<'_, Arc<App>>, project_id: String) -> Answer<RunSummary> {
    let learning = Arc::clone(&app);
    off_thread(&app, move |app| {
        let training = app.start_training(&project_id)?;
        let summary = training.summary();
        std::thread::spawn(move || learning.learn_speed(&training));
        Ok(summary)
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
            return Err(training.busy());
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
    language: Language,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |app| {
        let run = files(app, &project_id, &run_id)?;
        let report = run.report()?;
        let name = app.with_project(&project_id, |project| Ok(project.name().to_owned()))?;
        let ending = format.ending();
        let chosen = window
            .dialog()
            .file()
            .add_filter(ending.to_uppercase(), &[ending])
            .set_file_name(format!("{name} {}.{ending}", file_word(language)))
            .blocking_save_file();
        let Some(path) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        match format {
            ReportFormat::Json => write_json(&path, &report)?,
            ReportFormat::Html => {
                let history = run.history()?;
                let page = Page {
                    name: &name,
                    report: &report,
                    events: history.events(),
                    language,
                };
                page::write(&path, &page.html()).map_err(Fault::file(&path))?;
            }
        }
        Ok(Some(path))
    })
    .await
}

fn file_word(language: Language) -> &'static str {
    match language {
        Language::En => "report",
        Language::De => "Bericht",
    }
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
