//! The shell: the window, its commands and, later, the supervision of the worker process.
//!
//! This is the only crate that names tauri, and it touches no tensors. A command is a thin door: it checks
//! nothing that the engine checks and keeps no state that the run folder keeps.

pub mod commands;

use tauri::{Builder, Runtime};

/// Adds every command of the app to `builder`.
///
/// The app and the tests share it, so that a command works in both or in neither.
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![commands::app_info])
}

/// Opens the window and returns when the person has closed it.
///
/// # Errors
///
/// The window or its webview could not be made.
pub fn run() -> Result<(), tauri::Error> {
    with_commands(Builder::default()).run(tauri::generate_context!())
}
