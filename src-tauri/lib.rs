//! The shell: the window, its commands, the projects on disk and the supervision of the worker process.
//!
//! This is the only crate that names tauri, and it touches no tensors. Opening, mapping and correcting a file happens
//! here with the engine's Part I; whatever needs a network runs in the worker, whose end is an event and not ours.

pub mod app;
pub mod commands;
pub mod fault;
pub mod files;
pub mod importing;
pub mod project;
pub mod run;
pub mod running;
pub mod settings;
pub mod slow_request;
pub mod text_counts;
pub mod worker;
pub mod workload;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tauri::{App as Window, Builder, Manager, Runtime, WindowEvent};

use crate::app::App;
use crate::commands::{classify, edits, general, models, onnx, preview, projects, training};

/// Asked of the page when the person closes the window while a training runs.
pub const CLOSE_ASKED: &str = "close-asked";

/// Adds every command of the app to `builder`.
///
/// The app and the tests share it, so that a command works in both or in neither.
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(tauri::generate_handler![
            general::app_info,
            general::read_notices,
            general::read_settings,
            general::save_settings,
            general::list_devices,
            general::choose_data_file,
            general::choose_data_files,
            general::choose_data_folder,
            general::show_in_folder,
            projects::list_projects,
            projects::create_project,
            projects::cancel_create_project,
            projects::create_sample_project,
            projects::open_project,
            projects::rename_project,
            projects::delete_project,
            projects::read_rows,
            projects::read_notes,
            projects::set_columns,
            projects::set_dialect,
            projects::replace_file,
            edits::edit_data,
            edits::undo_edit,
            edits::redo_edit,
            edits::choose_edits_file,
            edits::import_edits,
            edits::export_edits,
            projects::set_sure_from,
            projects::find_unreadable,
            models::list_base_models,
            models::describe_base_model,
            models::choose_model_folder,
            models::download_model,
            models::cancel_download,
            models::model_places,
            models::measure_device,
            models::cancel_measure,
            training::recipe_fields,
            training::set_training,
            preview::preview_run,
            training::start_training,
            training::resume_training,
            training::stop_training,
            training::watch_run,
            training::unwatch_run,
            training::read_run,
            training::delete_run,
            training::read_report,
            training::save_report,
            classify::read_model,
            classify::classify_texts,
            classify::preview_file,
            classify::classify_file,
            classify::cancel_classify_file,
            classify::export_model,
            onnx::export_onnx,
            onnx::cancel_export_onnx,
        ])
}

/// Opens the window and returns when the person has closed it.
///
/// # Errors
///
/// The window or its webview could not be made.
pub fn run() -> Result<(), tauri::Error> {
    with_commands(Builder::default())
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            if let Some(window) = handle.get_webview_window("main") {
                // A window that can't come to the front is still there.
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .setup(|window| {
            let state = App::new(data_folder(window)?, models_folder(window));
            window.manage(Arc::new(state));
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                let app = window.state::<Arc<App>>();
                if app.training().is_some_and(|training| training.is_running()) {
                    api.prevent_close();
                    let _ = tauri::Emitter::emit(window, CLOSE_ASKED, ());
                }
            }
        })
        .run(tauri::generate_context!())
}

/// Where projects are kept: `EMBERT_DATA`, or the system's place for the app.
fn data_folder(window: &Window) -> Result<PathBuf, tauri::Error> {
    match std::env::var_os("EMBERT_DATA") {
        Some(named) => Ok(PathBuf::from(named)),
        None => window.path().app_data_dir(),
    }
}

/// The base models that came with the app, where it was installed.
fn models_folder(window: &Window) -> Option<PathBuf> {
    let bundled = window.path().resource_dir().ok()?.join("models");
    bundled.is_dir().then_some(bundled)
}

/// Locks `mutex`. What a thread left behind that panicked is still the best there is.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
