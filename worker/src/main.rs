//! `embert`: the command line, and the process that computes for the window.
//!
//! Each command is a module with a function `run`. What a command computes is a function of its own, which the requests
//! of `embert worker` call as well: a terminal and the window get the same result from the same code.

mod arguments;
mod classify;
mod convert;
mod corrections;
mod devices;
mod dialect_arguments;
mod evaluate;
mod export;
mod failure;
mod inspect;
mod measure;
mod models;
mod output;
mod pack;
mod progress;
mod read_table;
mod stop;
mod train;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::failure::{Failure, Outcome};
use crate::models::ModelFolders;

/// Keeps freed blocks for the next step: a training step allocates and frees the same large blocks again and again, and
/// the system's allocator would give each back and have its pages cleared anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Milliseconds before the memory of a freed block goes back to the system: longer than a step and a look at the valid
/// part, which need different blocks in turn.
const KEEP_MEMORY_MILLISECONDS: std::ffi::c_long = 60_000;

fn keep_memory() {
    /// `mi_option_purge_delay` of mimalloc 2 and 3, which its Rust bindings leave out.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: sets a number in the allocator; no other thread runs yet.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, KEEP_MEMORY_MILLISECONDS);
    }
}

fn main() -> ExitCode {
    keep_memory();
    failure::install_panic_hook();
    let arguments = Arguments::parse();
    match failure::contain(|| run(&arguments)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Stopped) => ExitCode::from(3),
        Err(failure) => failure.report(),
    }
}

fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let folders = ModelFolders::of_this_computer(arguments.models_folder.as_deref());
    match &arguments.command {
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Train(arguments) => train::run(arguments, &folders),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Classify(arguments) => classify::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Devices(arguments) => devices::run(arguments),
        Command::Models(arguments) => models::run(arguments, &folders),
        Command::Worker => worker::run(folders),
        Command::ReadTable { file } => read_table::run(file),
        Command::ListDevices => devices::list_for_parent(),
        Command::CheckDevice { id } => devices::check_for_parent(id),
        Command::MeasureDevice { id } => measure::for_parent(id, &folders),
    }
}
