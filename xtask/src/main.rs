//! Sets up, starts, tests and measures Embert: `cargo xtask help`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program speaks to the person in the terminal"
)]

mod bench;
mod bundle;
mod checks;
mod failure;
mod import;
mod installed;
mod journey;
mod machine;
mod model;
mod notices;
mod packages;
mod place;
mod reference;
mod screens;
mod shell;
mod start;
mod startup;
mod typing;
mod window;
mod worker;

use std::process::ExitCode;

use bench::BenchWishes;
use bundle::BundleWishes;
use failure::Failure;
use start::Wishes;
use worker::Profile;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  start [--gpu] [--terminal]  set everything up and open the window; without a display, put the sample through it on a
                              virtual one and leave pictures. --gpu builds the GPU backend even where no GPU is found,
                              --terminal trains on the sample here and opens no window
  test [--bundle|--reference] set up what the tests need and run every test and check; instead of these,
                              --bundle makes the package, installs it, trains in it and removes it (administrator),
                              --reference compares trained models with transformers (Python, PyTorch)
  bundle [--debug] [--gpu] [--appimage]
                              make the installers of this system with the worker, the starter model and the notices
                              of other people's parts inside;
                              --debug takes the programs that the tests use, --gpu adds the GPU backend,
                              --appimage makes an AppImage too, from parts that are downloaded
  model                       fetch the starter model into models/minilm-l6 and verify it
  bench [--seeds N,N,...] [FILE ...]
                              train the same rows with Embert and with transformers' Trainer and print the ratios;
                              EMBERT_REFERENCE_PYTHON may name a Python that has torch and transformers
  bench import                read a CSV file of 600 MB with Embert, pandas and DuckDB and print the ratios of time and
                              memory; the file and the Python packages stay below target
  bench --startup [--release] measure the time from starting the program to a window that can be used
  bench --typing [--release]  measure the time from a typed word to the bars of its answer
  types                       write the types that the screens share with the shell into ui/src/api/generated.ts
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
        ["test", "--bundle"] => installed::test(),
        ["test", "--reference"] => reference::test(),
        ["bundle", options @ ..] => bundle_wishes(options).and_then(bundle::bundle).map(drop),
        ["types"] => checks::write_types(),
        ["model"] => model::ensure(),
        ["bench", "import"] => import::bench(),
        ["bench", "--startup"] => startup::bench(Profile::Development),
        ["bench", "--startup", "--release"] => startup::bench(Profile::Release),
        ["bench", "--typing"] => typing::bench(Profile::Development),
        ["bench", "--typing", "--release"] => typing::bench(Profile::Release),
        ["bench", options @ ..] => bench_wishes(options).and_then(|wishes| bench::bench(&wishes)),
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

fn bundle_wishes(options: &[&str]) -> Result<BundleWishes, Failure> {
    let mut wishes = BundleWishes::default();
    for option in options {
        match *option {
            "--debug" => wishes.debug = true,
            "--gpu" => wishes.gpu = true,
            "--appimage" => wishes.appimage = true,
            _ => return Err(unknown(options)),
        }
    }
    Ok(wishes)
}

fn bench_wishes(options: &[&str]) -> Result<BenchWishes, Failure> {
    let mut wishes = BenchWishes::default();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        if *option == "--seeds" {
            wishes.seeds = rest
                .next()
                .and_then(|seeds| seeds.split(',').map(|seed| seed.parse().ok()).collect())
                .ok_or_else(|| {
                    Failure::new(
                        "--seeds is followed by no list of whole numbers",
                        "Write the numbers with commas: cargo xtask bench --seeds 42,43,44.",
                    )
                })?;
        } else if option.starts_with('-') {
            return Err(unknown(options));
        } else {
            wishes.files.push((*option).to_owned());
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
