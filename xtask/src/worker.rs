//! Building the programs of the workspace.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::packages::Group;
use crate::{packages, place, shell};

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

/// Builds `programs` and returns the path of the worker.
pub(crate) fn build(programs: Programs) -> Result<PathBuf, Failure> {
    let mut command = cargo();
    command.args(["build", "--package", "embert-worker"]);
    if programs.with_window {
        command.args(["--package", "embert-desktop"]);
    }
    if programs.with_gpu {
        command.args(["--features", "embert-worker/gpu"]);
    }
    shell::run(
        &mut command,
        "Look at the compiler's own words above; a full disk and a lost network are the usual causes.",
    )?;
    Ok(path())
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
