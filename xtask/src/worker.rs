//! Building the programs of the workspace.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::packages::Group;
use crate::{bundle, packages, place, shell};

/// What to build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Programs {
    /// The window's shell besides the worker.
    pub(crate) with_window: bool,
    /// The GPU backend of the worker.
    pub(crate) with_gpu: bool,
}

impl Programs {
    /// The worker for the CPU, built so that it shares its parts with the tests where that is possible.
    ///
    /// Together with the window, some common crates get more features than they get for the worker alone, and
    /// everything above them, burn included, would be compiled a second time.
    pub(crate) fn shared_with_tests() -> Programs {
        Programs {
            with_window: packages::is_ready(Group::Window),
            with_gpu: false,
        }
    }
}

/// How the compiler goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// The one that tests and `start` share.
    Development,
    /// For installers: smaller and a little faster, and everything is compiled once more.
    Release,
}

impl Profile {
    /// Cargo's name for the folder of the programs.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Profile::Development => "debug",
            Profile::Release => "release",
        }
    }
}

/// Builds `programs` for everyday use and returns the path of the worker.
pub(crate) fn build(programs: Programs) -> Result<PathBuf, Failure> {
    build_as(programs, Profile::Development)
}

/// Builds `programs` and returns the path of the worker.
pub(crate) fn build_as(programs: Programs, profile: Profile) -> Result<PathBuf, Failure> {
    let mut command = cargo();
    if profile == Profile::Release {
        command.env("RUSTFLAGS", bundle::release_flags());
    }
    command.args(["build", "--package", "embert-worker"]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    if programs.with_window {
        command.args(["--package", "embert-desktop"]);
    }
    if programs.with_window && profile == Profile::Release {
        // What tauri's own command line adds for a release: the page comes from the program and from nowhere else.
        command.args(["--features", "embert-desktop/custom-protocol"]);
    }
    if programs.with_gpu {
        command.args(["--features", "embert-worker/gpu"]);
    }
    shell::run(
        &mut command,
        "Look at the compiler's own words above; a full disk and a lost network are the usual causes.",
    )?;
    let name = format!("embert{}", std::env::consts::EXE_SUFFIX);
    Ok(place::target().join(profile.folder()).join(name))
}

/// The system that programs are built for, as the compiler calls it: `x86_64-unknown-linux-gnu`.
pub(crate) fn host() -> Result<String, Failure> {
    let words = shell::output(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let host = words.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| {
        Failure::new(
            "rustc did not say which system it compiles for",
            "Run: rustc -vV. If it is missing, install Rust from rustup.rs.",
        )
    })
}

/// Where the worker lies when it is built.
pub(crate) fn path() -> PathBuf {
    place::program("embert")
}

/// The cargo that started this program, in the root of the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root());
    command
}
