//! The commands that the screens call, named verb first as the screen says it.
//!
//! A command is a thin door: it takes its arguments, goes off the window's thread, and lets the chapters do the work.
//! A new one is added to `with_commands` in `lib.rs`, to `permissions/app.toml` and to `ui/src/api`.

pub mod classify;
pub mod edits;
pub mod general;
pub mod models;
pub mod onnx;
pub mod preview;
pub mod projects;
pub mod training;

use std::sync::Arc;

use embert_engine::error::ErrorInfo;

use crate::app::App;
use crate::fault::Fault;

/// What every command answers with.
pub type Answer<T> = Result<T, ErrorInfo>;

/// Runs `work` where it can't hold up the window.
async fn off_thread<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Fault> + Send + 'static,
) -> Answer<T> {
    let app = Arc::clone(app);
    let done = tauri::async_runtime::spawn_blocking(move || work(&app)).await;
    done.unwrap_or_else(|error| {
        Err(Fault::Window {
            reason: error.to_string(),
        })
    })
    .map_err(ErrorInfo::from)
}
