//! Sets up, starts, tests and measures Embert: `cargo xtask help`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program speaks to the person in the terminal"
)]

mod bench;
mod checks;
mod failure;
mod machine;
mod model;
mod packages;
mod place;
mod reference;
mod screens;
mod shell;
mod start;
mod worker;

use std::process::ExitCode;

use failure::Failure;
use start::Wishes;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  start [--gpu] [--terminal]  set everything up and open the window; without a display, train on the sample data
                              --gpu builds the GPU backend even where no GPU is found, --terminal opens no window
  test [--reference]          set up what the tests need and run every test and check
                              --reference compares trained models with transformers instead (Python, PyTorch)
  model                       fetch the starter model into models/minilm-l6 and verify it
  bench [FILE ...]            train the same rows with Embert and with transformers' Trainer and print the ratios;
                              EMBERT_REFERENCE_PYTHON may name a Python that has torch and transformers
  setup [--gpu] [--terminal]  everything that start does, except running it
  help                        this text

Every command says what it is about to install and can be run again at any time.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["start", options @ ..] => wishes(options).and_then(start::start),
        ["setup", options @ ..] => wishes(options).and_then(start::set_up),
        ["test"] => checks::test(),
        ["test", "--reference"] => reference::test(),
        ["model"] => model::ensure(),
        ["bench", files @ ..] if !files.iter().any(|file| file.starts_with('-')) => {
            bench::bench(&arguments[1..])
        }
        words => Err(unknown(words)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nError: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn wishes(options: &[&str]) -> Result<Wishes, Failure> {
    let mut wishes = Wishes::default();
    for option in options {
        match *option {
            "--gpu" => wishes.gpu = true,
            "--terminal" => wishes.terminal = true,
            _ => return Err(unknown(options)),
        }
    }
    Ok(wishes)
}

fn unknown(words: &[&str]) -> Failure {
    Failure::new(
        format!("xtask does not know \"{}\"", words.join(" ")),
        "Run: cargo xtask help.",
    )
}
