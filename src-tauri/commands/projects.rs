//! Projects: list, begin, open, correct.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::dataset::MappingRequest;
use embert_engine::event::WorkProgress;
use embert_engine::quality::{self, DataFinding};
use embert_engine::recipe::MOST_TOKENS;
use embert_engine::table::DialectRequest;
use serde::Serialize;
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;
use ts_rs::TS;

use super::models::base_model;
use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::files::read_json;
use crate::project::{
    self, DroppedDecisions, NotedRows, Project, ProjectSummary, ProjectView, RowNote, recipe_with,
};
use crate::text_counts::CountedTexts;

/// The starter model, which every project begins with.
const STARTER: &str = "minilm-l6";
/// Messages to a support desk, written for this project.
const SAMPLE: &str = include_str!("../../samples/support-desk.csv");

/// A row of the preview.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableRow {
    line: u64,
    cells: Vec<String>,
}

/// A project whose file was read in another way, or replaced by a newer version.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadAgain {
    project: ProjectView,
    dropped: DroppedDecisions,
}

/// Lists the projects, the last changed first.
#[tauri::command]
pub async fn list_projects(app: State<'_, Arc<App>>) -> Answer<Vec<ProjectSummary>> {
    off_thread(&app, |app| Ok(project::list(app.data()))).await
}

/// Begins a project with a file, a folder of texts or the files of several parts; `null` when the person cancelled it.
#[tauri::command]
pub async fn create_project(
    app: State<'_, Arc<App>>,
    files: Vec<PathBuf>,
    on_progress: Channel<WorkProgress>,
) -> Answer<Option<ProjectView>> {
    off_thread(&app, move |app| {
        app.import(&files, STARTER, move |progress| {
            let _ = on_progress.send(progress);
        })
    })
    .await
}

/// Ends what [`create_project`] began.
#[tauri::command]
pub async fn cancel_create_project(app: State<'_, Arc<App>>) -> Answer<()> {
    off_thread(&app, |app| {
        app.cancel_import();
        Ok(())
    })
    .await
}

/// Begins a project with the sample data, which is too small to be cancelled.
#[tauri::command]
pub async fn create_sample_project(app: State<'_, Arc<App>>) -> Answer<Option<ProjectView>> {
    off_thread(&app, |app| {
        let folder = tempfile::tempdir().map_err(Fault::file(Path::new("the temporary folder")))?;
        let file = folder.path().join("support-desk.csv");
        std::fs::write(&file, SAMPLE).map_err(Fault::file(&file))?;
        app.import(&[file], STARTER, |_| {})
    })
    .await
}

/// Opens a project.
#[tauri::command]
pub async fn open_project(app: State<'_, Arc<App>>, project_id: String) -> Answer<ProjectView> {
    changed(&app, project_id, |_| Ok(())).await
}

/// Gives a project another name.
#[tauri::command]
pub async fn rename_project(
    app: State<'_, Arc<App>>,
    project_id: String,
    name: String,
) -> Answer<ProjectView> {
    changed(&app, project_id, move |project| project.rename(&name)).await
}

/// Removes a project with its runs.
#[tauri::command]
pub async fn delete_project(app: State<'_, Arc<App>>, project_id: String) -> Answer<()> {
    off_thread(&app, move |app| {
        if let Some(training) = app.training().filter(|training| training.is_running())
            && training.is(&project_id, training.summary().id())
        {
            return Err(training.busy());
        }
        app.close_project(&project_id);
        project::delete(app.data(), &project_id)
    })
    .await
}

/// Returns rows of the table.
#[tauri::command]
pub async fn read_rows(
    app: State<'_, Arc<App>>,
    project_id: String,
    first: usize,
    count: usize,
) -> Answer<Vec<TableRow>> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| {
            let rows = project.rows(first, count).iter();
            Ok(rows
                .map(|row| TableRow {
                    line: row.line,
                    cells: row.cells.clone(),
                })
                .collect())
        })
    })
    .await
}

/// Returns what there is to say about repaired or skipped rows.
#[tauri::command]
pub async fn read_notes(
    app: State<'_, Arc<App>>,
    project_id: String,
    rows: NotedRows,
    first: usize,
    count: usize,
) -> Answer<Vec<RowNote>> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| Ok(project.notes(rows, first, count)))
    })
    .await
}

/// Says which columns mean what.
#[tauri::command]
pub async fn set_columns(
    app: State<'_, Arc<App>>,
    project_id: String,
    columns: MappingRequest,
) -> Answer<ProjectView> {
    changed(&app, project_id, move |project| {
        project.set_columns(columns)
    })
    .await
}

/// Reads the file again as the person wants it.
#[tauri::command]
pub async fn set_dialect(
    app: State<'_, Arc<App>>,
    project_id: String,
    dialect: DialectRequest,
) -> Answer<ReadAgain> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| {
            let dropped = project.set_dialect(dialect)?;
            Ok(ReadAgain {
                project: project.view(),
                dropped,
            })
        })
    })
    .await
}

/// Takes a newer version of the file.
#[tauri::command]
pub async fn replace_file(
    app: State<'_, Arc<App>>,
    project_id: String,
    file: PathBuf,
) -> Answer<ReadAgain> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| {
            let dropped = project.replace_file(&file)?;
            Ok(ReadAgain {
                project: project.view(),
                dropped,
            })
        })
    })
    .await
}

/// Says from which score on an answer counts as sure, and returns the score that is kept.
#[tauri::command]
pub async fn set_sure_from(
    app: State<'_, Arc<App>>,
    project_id: String,
    sure_from: f64,
) -> Answer<f64> {
    off_thread(&app, move |app| {
        app.with_project(&project_id, |project| project.set_sure_from(sure_from))
    })
    .await
}

/// Looks for what the base model can't read: words that it doesn't know, and texts that are longer than a training would
/// read. Nothing is found when nobody can tell yet, because the base model is not on this computer.
#[tauri::command]
pub async fn find_unreadable(
    app: State<'_, Arc<App>>,
    project_id: String,
) -> Answer<Vec<DataFinding>> {
    off_thread(&app, move |app| {
        let (name, settings) = app.with_project(&project_id, |project| {
            Ok((project.base_model().to_owned(), project.recipe().clone()))
        })?;
        // A model that is not here or not known any more is the matter of the Model screen.
        let Ok(model) = base_model(app, &name) else {
            return Ok(Vec::new());
        };
        let Some(folder) = model.folder() else {
            return Ok(Vec::new());
        };
        let limit = longest_readable(folder)?;
        let recipe = recipe_with(&settings, &model.default_recipe())?;
        let max_length = recipe.max_length.min(limit);
        let Some(CountedTexts { edited, counts }) = app.count_texts(&project_id, folder)? else {
            return Ok(Vec::new());
        };
        let (dataset, lengths) = (&edited.dataset, &counts.lengths);
        let unknown = quality::unknown_words(dataset, lengths, &counts.n_unknown);
        let cut = quality::cut_texts(dataset, lengths, max_length, limit);
        Ok(unknown.into_iter().chain(cut).collect())
    })
    .await
}

/// Tokens that a training on this base model can read at most.
fn longest_readable(model: &Path) -> Result<usize, Fault> {
    let config: Value = read_json(&model.join("config.json"))?;
    let limit = config["max_position_embeddings"].as_u64();
    Ok(limit.map_or(MOST_TOKENS, |limit| MOST_TOKENS.min(limit as usize)))
}

/// Changes a project and returns what became of it.
pub(super) async fn changed(
    app: &Arc<App>,
    project_id: String,
    change: impl FnOnce(&mut Project) -> Result<(), Fault> + Send + 'static,
) -> Answer<ProjectView> {
    off_thread(app, move |app| {
        app.with_project(&project_id, |project| {
            change(project)?;
            Ok(project.view())
        })
    })
    .await
}
