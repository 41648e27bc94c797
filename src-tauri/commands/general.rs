//! The app itself: its name, its settings, its devices, and the system's dialogs.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::device_reason::DeviceReason;
use embert_engine::protocol::{Call, NoParams};
use serde::Serialize;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager, Runtime, State};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_opener::OpenerExt;
use ts_rs::TS;

use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::settings::{self, Settings};

/// Endings of the files that hold tables.
const TABLE_ENDINGS: [&str; 15] = [
    "csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xlsb", "xls", "ods",
    "parquet", "gz", "zip",
];

/// The notices of other people's parts, as `xtask/src/notices.rs` names them.
pub const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// What the app says about itself.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// The name as the person knows it; the same as `productName` in `tauri.conf.json`.
    pub name: &'static str,
    /// The version from `Cargo.toml`.
    pub version: &'static str,
    /// Where projects are kept.
    pub data_folder: PathBuf,
}

/// Returns the app's name, version and folder.
#[tauri::command]
pub async fn app_info(app: State<'_, Arc<App>>) -> Answer<AppInfo> {
    Ok(AppInfo {
        name: "Embert",
        version: env!("CARGO_PKG_VERSION"),
        data_folder: app.data().to_path_buf(),
    })
}

/// Returns the notices of other people's parts; `null` in a build that was not installed and has none.
#[tauri::command]
pub async fn read_notices<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<String>> {
    off_thread(&app, move |_| match window.path().resource_dir() {
        Ok(folder) => notices_in(&folder),
        Err(_) => Ok(None),
    })
    .await
}

/// The notices in the folder of the app's resources; `None` when there is no such file.
///
/// # Errors
/// When the file is there and can't be read.
pub fn notices_in(folder: &Path) -> Result<Option<String>, Fault> {
    let file = folder.join(NOTICES);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::file(&file)(error)),
    }
}

/// Returns the settings.
#[tauri::command]
pub async fn read_settings(app: State<'_, Arc<App>>) -> Answer<Settings> {
    off_thread(&app, |app| Ok(app.settings())).await
}

/// Keeps the settings.
#[tauri::command]
pub async fn save_settings(app: State<'_, Arc<App>>, settings: Settings) -> Answer<()> {
    off_thread(&app, move |app| settings::save(app.data(), &settings)).await
}

/// Lists the devices and says which one the settings lead to.
#[tauri::command]
pub async fn list_devices(app: State<'_, Arc<App>>) -> Answer<Value> {
    off_thread(&app, device_choice).await
}

/// The devices, with the choice that the settings make.
pub(super) fn device_choice(app: &App) -> Result<Value, Fault> {
    let mut answer: Value = app.reader()?.ask(Call::Devices(NoParams {}))?;
    let asked = app.settings().device;
    if asked != "auto" {
        answer["chosen"] = json!(asked);
        answer["reason"] = json!("You chose it in the settings.");
        answer["why"] = json!(DeviceReason::Asked);
    }
    Ok(answer)
}

/// Asks for a file of texts; `null` when the person cancelled.
#[tauri::command]
pub async fn choose_data_file<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |_| {
        let chosen = table_dialog(&window).blocking_pick_file();
        Ok(chosen.and_then(|path| path.into_path().ok()))
    })
    .await
}

/// Asks for a file of texts, or for several that are parts of one table; `null` when the person cancelled.
#[tauri::command]
pub async fn choose_data_files<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<Vec<PathBuf>>> {
    off_thread(&app, move |_| {
        let chosen = table_dialog(&window).blocking_pick_files();
        let paths = |chosen: Vec<FilePath>| {
            let paths = chosen.into_iter().filter_map(|path| path.into_path().ok());
            paths.collect()
        };
        Ok(chosen.map(paths))
    })
    .await
}

/// Asks for a folder of texts; `null` when the person cancelled.
#[tauri::command]
pub async fn choose_data_folder<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
) -> Answer<Option<PathBuf>> {
    off_thread(&app, move |_| {
        let chosen = window.dialog().file().blocking_pick_folder();
        Ok(chosen.and_then(|path| path.into_path().ok()))
    })
    .await
}

fn table_dialog<R: Runtime>(window: &AppHandle<R>) -> FileDialogBuilder<R> {
    window
        .dialog()
        .file()
        .add_filter("CSV, Excel, JSON, Parquet", &TABLE_ENDINGS)
        .add_filter("*", &["*"])
}

/// Shows a file or folder in the system's file manager.
#[tauri::command]
pub async fn show_in_folder<R: Runtime>(
    app: State<'_, Arc<App>>,
    window: AppHandle<R>,
    path: PathBuf,
) -> Answer<()> {
    off_thread(&app, move |_| {
        window
            .opener()
            .reveal_item_in_dir(&path)
            .map_err(|error| Fault::Window {
                reason: error.to_string(),
            })
    })
    .await
}
