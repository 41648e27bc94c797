//! Giving a trained model to programs that read ONNX.

use std::sync::Arc;

use embert_engine::event::WorkProgress;
use embert_engine::exported::OnnxExport;
use embert_engine::protocol::ExportParams;
use embert_engine::table::{DialectRequest, Table};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::DialogExt;

use super::training::files;
use super::{Answer, off_thread};
use crate::app::App;
use crate::run::columns_of_examples;

/// Asks where the model goes, writes it there as ONNX and compares it with the model on the run's test part; `null` when
/// the person cancelled.
#[tauri::command]
pub async fn export_onnx<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    project_id: String,
    run_id: String,
    int8: bool,
    on_progress: Channel<WorkProgress>,
) -> Answer<Option<OnnxExport>> {
    off_thread(&app, move |app| {
        let run = files(app, &project_id, &run_id)?;
        let model = run.model()?;
        let columns = columns_of_examples(&Table::read_own(&run.examples())?);
        let name = app.with_project(&project_id, |project| Ok(project.name().to_owned()))?;
        let chosen = window
            .dialog()
            .file()
            .set_file_name(format!("{name} ONNX"))
            .blocking_save_file();
        let Some(out) = chosen.and_then(|path| path.into_path().ok()) else {
            return Ok(None);
        };
        let params = ExportParams {
            model,
            file: Some(run.examples()),
            columns,
            dialect: DialectRequest::default(),
            is_own_file: true,
            out,
            int8,
        };
        app.export_onnx(params, |progress| {
            let _ = on_progress.send(progress);
        })
    })
    .await
}

/// Ends what [`export_onnx`] began.
#[tauri::command]
pub async fn cancel_export_onnx(app: State<'_, Arc<App>>) -> Answer<()> {
    off_thread(&app, |app| {
        app.cancel_export_onnx();
        Ok(())
    })
    .await
}
