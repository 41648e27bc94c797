//! Trying a trained model, classifying files with it, and giving it away.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::dataset::{self, MappingRequest};
use embert_engine::event::WorkProgress;
use embert_engine::protocol::{Call, ClassifyParams, ClassifyResult, LabelledText, TextToClassify};
use embert_engine::table::{DialectRequest, Table};
use embert_engine::wish::Wish;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;
use ts_rs::TS;

use super::training::files;
use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::files::read_json;

/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 8;

/// The beginning of a file.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilePreview {
    file: PathBuf,
    n_rows: usize,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    text_column: String,
    /// Column that looks like the second text of a pair.
    text_b_column: Option<String>,
}

/// The columns of a file that are read to classify it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextColumns {
    text: String,
    text_b: Option<String>,
}

/// What a trained model answers, and to what.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// The labels in the order of the scores.
    labels: Vec<String>,
    /// Whether it judges two texts together.
    pairs: bool,
}

/// What became of a file.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassifiedFile {
    file: PathBuf,
    n_classified: usize,
    stopped: bool,
}

/// A model folder that was given away.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportedModel {
    folder: PathBuf,
    size_bytes: u64,
    files: Vec<ExportedFile>,
}

#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
struct ExportedFile {
    name: String,
    size_bytes: u64,
}

/// Returns what a trained model answers, and to what.
#[tauri::command]
pub async fn read_model(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
) -> Answer<ModelInfo> {
    off_thread(&app, move |app| {
        model_info(&files(app, &project_id, &run_id)?.model()?)
    })
    .await
}

fn model_info(model: &Path) -> Result<ModelInfo, Fault> {
    let config: Value = read_json(&model.join("config.json"))?;
    let names = config["id2label"].as_object().into_iter().flatten();
    let mut names: Vec<(usize, String)> = names
        .filter_map(|(id, name)| Some((id.parse().ok()?, name.as_str()?.to_owned())))
        .collect();
    names.sort();
    // A model from elsewhere says nothing about pairs.
    let facts: Value = read_json(&model.join("embert.json")).unwrap_or_default();
    Ok(ModelInfo {
        labels: names.into_iter().map(|(_, name)| name).collect(),
        pairs: facts["pairs"] == true,
    })
}

/// Gives labels to texts, or to pairs of texts.
#[tauri::command]
pub async fn classify_texts(
    app: State<'_, Arc<App>>,
    project_id: String,
    run_id: String,
    texts: Vec<TextToClassify>,
) -> Answer<Vec<LabelledText>> {
    off_thread(&app, move |app| {
        let params = ClassifyParams {
            texts,
            ..params(app, &project_id, &run_id)?
        };
        let result: ClassifyResult = app.reader()?.ask(Call::Classify(params))?;
        Ok(result.predictions)
    })
    .await
}

fn params(app: &App, project_id: &str, run_id: &str) -> Result<ClassifyParams, Fault> {
    Ok(ClassifyParams {
        model: files(app, project_id, run_id)?.model()?,
        texts: Vec::new(),
        file: None,
        out: None,
        columns: MappingRequest::default(),
        dialect: DialectRequest::default(),
        device: Some(app.settings().device),
    })
}

/// Returns the beginning of a file that is to be classified.
#[tauri::command]
pub async fn preview_file(app: State<'_, Arc<App>>, file: PathBuf) -> Answer<FilePreview> {
    off_thread(&app, move |_| {
        let table = Table::read(&file)?;
        // Neither labels nor parts are read, so no column is taken for them that could be the text.
        let request = MappingRequest {
            label: Wish::None,
            split: Wish::None,
            ..MappingRequest::default()
        };
        let mapping = dataset::guess_mapping(&table, &request).map(|guessed| guessed.mapping);
        let (text_column, text_b_column) = match mapping {
            Ok(mapping) => (mapping.text, mapping.text_b),
            Err(_) => (table.columns[0].clone(), None),
        };
        Ok(FilePreview {
            n_rows: table.rows.len(),
            rows: table
                .rows
                .iter()
                .take(PREVIEW_ROWS)
                .map(|row| row.cells.clone())
                .collect(),
            columns: table.columns,
            text_column,
            text_b_column,
            file,
        })
    })
    .await
}

/// Asks where the result goes and classifies a file; `null` when the person cancelled the question.
#[tauri::command]
pub async fn classify_file<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    project_id: String,
    run_id: String,
    file: PathBuf,
    columns: TextColumns,
    on_progress: Channel<WorkProgress>,
) -> Answer<Option<ClassifiedFile>> {
    off_thread(&app, move |app| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let mut dialog = window.dialog().file().add_filter("CSV", &["csv"]);
        if let Some(folder) = file.parent() {
            dialog = dialog.set_directory(folder);
        }
        let chosen = dialog
            .set_file_name(format!("{stem} classified.csv"))
            .blocking_save_file();
        let Some(out) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        let params = ClassifyParams {
            file: Some(file),
            out: Some(out.clone()),
            columns: MappingRequest {
                text: Wish::Named(columns.text),
                text_b: columns.text_b.map_or(Wish::None, Wish::Named),
                ..MappingRequest::default()
            },
            ..params(app, &project_id, &run_id)?
        };
        let result = app.classify_file(params, |progress| {
            let _ = on_progress.send(progress);
        })?;
        Ok(Some(ClassifiedFile {
            file: out,
            n_classified: result.n_classified,
            stopped: result.stopped,
        }))
    })
    .await
}

/// Ends what [`classify_file`] began.
#[tauri::command]
pub async fn cancel_classify_file(app: State<'_, Arc<App>>) -> Answer<()> {
    off_thread(&app, |app| {
        app.cancel_classify_file();
        Ok(())
    })
    .await
}

/// Asks where the model goes and copies it there; `null` when the person cancelled.
#[tauri::command]
pub async fn export_model<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    project_id: String,
    run_id: String,
) -> Answer<Option<ExportedModel>> {
    off_thread(&app, move |app| {
        let model = files(app, &project_id, &run_id)?.model()?;
        let name = app.with_project(&project_id, |project| Ok(project.name().to_owned()))?;
        let chosen = window
            .dialog()
            .file()
            .set_file_name(format!("{name} model"))
            .blocking_save_file();
        let Some(folder) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        copy_model(&model, &folder).map(Some)
    })
    .await
}

/// Copies a model folder; the copy is there as a whole or not at all.
fn copy_model(model: &Path, folder: &Path) -> Result<ExportedModel, Fault> {
    if folder.exists() {
        return Err(Fault::FolderTaken {
            path: folder.to_path_buf(),
        });
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    let copy = tempfile::Builder::new()
        .prefix(".embert-")
        .tempdir_in(parent)
        .map_err(Fault::file(parent))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(model).map_err(Fault::file(model))? {
        let entry = entry.map_err(Fault::file(model))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let size_bytes =
            fs::copy(entry.path(), copy.path().join(&name)).map_err(Fault::file(&entry.path()))?;
        files.push(ExportedFile { name, size_bytes });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    fs::rename(copy.keep(), folder).map_err(Fault::file(folder))?;
    Ok(ExportedModel {
        folder: folder.to_path_buf(),
        size_bytes: files.iter().map(|file| file.size_bytes).sum(),
        files,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_model_says_its_labels_and_whether_it_reads_pairs() {
        let model = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(model.path().join(name), text).unwrap();
        write(
            "config.json",
            r#"{"id2label": {"10": "k", "0": "a", "2": "c"}}"#,
        );
        let single = model_info(model.path()).unwrap();
        assert_eq!(
            (single.labels.join(" "), single.pairs),
            ("a c k".to_owned(), false)
        );
        write("embert.json", r#"{"pairs": true}"#);
        assert!(model_info(model.path()).unwrap().pairs);
    }

    #[test]
    fn a_model_is_copied_as_a_whole_and_never_over_something() {
        let place = tempfile::tempdir().unwrap();
        let model = place.path().join("model");
        fs::create_dir(&model).unwrap();
        fs::write(model.join("config.json"), "{}").unwrap();
        let target = place.path().join("copy");
        let exported = copy_model(&model, &target).unwrap();
        assert_eq!(exported.size_bytes, 2);
        assert_eq!(
            fs::read_to_string(target.join("config.json")).unwrap(),
            "{}"
        );
        let fault = copy_model(&model, &target).unwrap_err();
        assert_eq!(fault.code(), "folder.taken");
    }
}
