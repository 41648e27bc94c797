//! Corrections: made, taken back, made again, and kept as a file of their own.

use std::path::PathBuf;
use std::sync::Arc;

use embert_engine::edits::DataEdit;
use embert_engine::plot::Language;
use serde::Serialize;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use ts_rs::TS;

use super::projects::changed;
use super::{Answer, off_thread};
use crate::app::App;
use crate::project::{ImportedEdits, Project, ProjectView};

/// A project after a list of corrections was imported.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EditsImport {
    project: ProjectView,
    imported: ImportedEdits,
}

/// Adds corrections.
#[tauri::command]
pub async fn edit_data(
    app: State<'_, Arc<App>>,
    project_id: String,
    edits: Vec<DataEdit>,
) -> Answer<ProjectView> {
    changed(&app, project_id, move |project| project.edit(edits)).await
}

/// Takes the last correction back.
#[tauri::command]
pub async fn undo_edit(app: State<'_, Arc<App>>, project_id: String) -> Answer<ProjectView> {
    changed(&app, project_id, Project::undo).await
}

/// Makes the correction again that was taken back last.
#[tauri::command]
pub async fn redo_edit(app: State<'_, Arc<App>>, project_id: String) -> Answer<ProjectView> {
    changed(&app, project_id, Project::redo).await
}

/// Asks for a list of corrections; `null` when the person cancelled.
#[tauri::command]
pub async fn choose_edits_file<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |_| {
        let chosen = window
            .dialog()
            .file()
            .add_filter("JSON", &["json"])
            .add_filter("*", &["*"])
            .blocking_pick_file();
        Ok(chosen.and_then(|path| path.into_path().ok()))
    })
    .await
}

/// Adds those corrections of an exported list that fit.
#[tauri::command]
pub async fn import_edits(
    app: State<'_, Arc<App>>,
    project_id: String,
    file: PathBuf,
) -> Answer<EditsImport> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| {
            let imported = project.import_edits(&file)?;
            Ok(EditsImport {
                project: project.view(),
                imported,
            })
        })
    })
    .await
}

/// Asks where corrections go and writes them, `edits` or all of the project; `null` when the person cancelled.
#[tauri::command]
pub async fn export_edits<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    project_id: String,
    edits: Option<Vec<DataEdit>>,
    language: Language,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |app| {
        let name = app.with_project(&project_id, |project| Ok(project.name().to_owned()))?;
        let chosen = window
            .dialog()
            .file()
            .add_filter("JSON", &["json"])
            .set_file_name(format!("{name} {}.json", file_word(language)))
            .blocking_save_file();
        let Some(path) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        app.with_project(&project_id, |project| {
            project.export_edits(edits.as_deref(), &path)
        })?;
        Ok(Some(path))
    })
    .await
}

fn file_word(language: Language) -> &'static str {
    match language {
        Language::En => "corrections",
        Language::De => "Korrekturen",
    }
}
