//! The commands that the screens call, named verb first as the screen says it.
//!
//! A new command is added to `with_commands` in `lib.rs`, to `permissions/app.toml` and to `ui/src/api`.

use serde::Serialize;

/// What the app says about itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// The name as the person knows it; the same as `productName` in `tauri.conf.json`.
    pub name: &'static str,
    /// The version from `Cargo.toml`.
    pub version: &'static str,
}

/// Returns the app's name and version.
#[tauri::command]
pub fn app_info() -> AppInfo {
    AppInfo {
        name: "Embert",
        version: env!("CARGO_PKG_VERSION"),
    }
}
