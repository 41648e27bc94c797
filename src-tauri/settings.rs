//! What the person chose for the whole app.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fault::Fault;
use crate::files;

/// The settings, each with its default where the file has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// `system`, `en` or `de`.
    pub language: Language,
    /// `auto`, or the id of a device.
    pub device: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            theme: Theme::System,
            language: Language::System,
            device: "auto".to_owned(),
        }
    }
}

/// Which colours the screens have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Which words the screens have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// As the system has it.
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Reads the settings; a file that is missing or damaged gives the defaults.
#[must_use]
pub fn read(folder: &Path) -> Settings {
    files::read_json(&folder.join("settings.json")).unwrap_or_default()
}

/// Keeps the settings.
///
/// # Errors
/// When the file can't be written.
pub fn save(folder: &Path, settings: &Settings) -> Result<(), Fault> {
    files::write_json(&folder.join("settings.json"), settings)
}
