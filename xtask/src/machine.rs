//! What this machine has: a display, a GPU, a Python.

use std::fs;
use std::process::Command;

use crate::failure::Failure;
use crate::shell;

/// Whether a window can be shown.
pub(crate) fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The sign that there is a GPU, in words, or nothing.
pub(crate) fn gpu() -> Option<String> {
    if cfg!(target_os = "macos") {
        return Some("every Mac has one".to_owned());
    }
    let names = shell::output(
        Command::new("nvidia-smi").args(["--query-gpu=name", "--format=csv,noheader"]),
    );
    if let Some(name) = names.as_deref().and_then(|names| names.lines().next()) {
        return Some(format!("nvidia-smi lists {}", name.trim()));
    }
    fs::read_dir("/dev/dri")
        .ok()?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| name.starts_with("renderD"))
        .map(|name| format!("/dev/dri/{name} is there"))
}

/// Whether system packages are Debian's, so that they can be installed from here.
pub(crate) fn is_debian() -> bool {
    cfg!(target_os = "linux")
        && ["apt-get", "dpkg-query"]
            .iter()
            .all(|name| shell::find(name).is_some())
}

/// Whether this is an automatic run, in which a missing tool is a failure and not a skipped check.
pub(crate) fn is_automatic() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// How Python 3 is called here.
pub(crate) fn python() -> Result<String, Failure> {
    ["python3", "python", "py"]
        .into_iter()
        .find(|name| {
            let version = Command::new(name)
                .args(["-c", "import sys; print(sys.version_info[0])"])
                .output();
            version.is_ok_and(|version| version.stdout.starts_with(b"3"))
        })
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(
                "Python 3 was not found",
                "Install Python 3.9 or newer with pip, then run the command again.",
            )
        })
}
