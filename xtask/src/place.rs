//! Where things lie in the repository.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The user interface.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The base models; git-ignored.
pub(crate) fn models() -> PathBuf {
    root().join("models")
}

/// Cargo's folder of finished programs: the one that this program lies in.
pub(crate) fn programs() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(Path::to_path_buf))
        .unwrap_or_else(|| root().join("target").join("debug"))
}

/// Cargo's target folder; what the commands here make goes below it too.
pub(crate) fn target() -> PathBuf {
    let programs = programs();
    programs
        .parent()
        .map_or(programs.clone(), Path::to_path_buf)
}

/// A path as a person reads it: inside the repository without what lies above.
pub(crate) fn shown(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.display().to_string()
}

/// A program of this workspace.
pub(crate) fn program(name: &str) -> PathBuf {
    programs().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
