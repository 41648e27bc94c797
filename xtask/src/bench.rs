//! `bench`: the same rows from the same weights through Embert and through transformers' Trainer, as ratios.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::{Failure, file_failure};
use crate::worker::Programs;
use crate::{model, place, reference, shell, worker};

/// Both sides get the same number of threads.
const THREADS: &str = "2";

/// What to measure: `FILE ...` and `--seeds N,N,...`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BenchWishes {
    /// The usual data sets when empty.
    pub(crate) files: Vec<String>,
    /// One training of both sides for each.
    pub(crate) seeds: Vec<u64>,
}

impl Default for BenchWishes {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            seeds: vec![42],
        }
    }
}

/// What one side needed and reached on one data set with one seed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Measured {
    train_seconds: f64,
    peak_memory_bytes: f64,
    accuracy: f64,
    macro_f1: f64,
}

/// One data set with one seed through both sides.
struct Row {
    name: String,
    seed: u64,
    ours: Measured,
    theirs: Measured,
}

/// Measures every wished file with every wished seed and prints the ratios.
pub(crate) fn bench(wishes: &BenchWishes) -> Result<(), Failure> {
    let files = data_files(&wishes.files)?;
    let python = reference::bench_python()?;
    let trainer = reference::file("trainer.py")?;
    model::ensure()?;
    let embert = worker::build(Programs::shared_with_tests())?;
    let out = place::target().join("bench");
    fs::create_dir_all(&out).map_err(|error| file_failure(&out, &error))?;

    let mut rows = Vec::new();
    for file in &files {
        for &seed in &wishes.seeds {
            let name = name_of(file);
            let ours = run_embert(
                &embert,
                file,
                seed,
                &out.join(format!("embert-{name}-{seed}")),
            )?;
            let theirs = run_trainer(
                &python,
                &trainer,
                file,
                seed,
                &out.join(format!("trainer-{name}-{seed}.json")),
            )?;
            rows.push(Row {
                name,
                seed,
                ours,
                theirs,
            });
        }
    }
    println!("\nThe same rows from the same weights on the CPU, {THREADS} threads each:\n");
    println!("{}", table(&rows));
    Ok(())
}

fn data_files(named: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let files: Vec<PathBuf> = if named.is_empty() {
        let folder = place::root().join("..").join("shared").join("data");
        ["trec6.csv", "sst2.csv"]
            .iter()
            .map(|name| folder.join(name))
            .collect()
    } else {
        named.iter().map(PathBuf::from).collect()
    };
    match files.iter().find(|file| !file.is_file()) {
        None => Ok(files),
        Some(file) => Err(Failure::new(
            format!("There is no file {}", file.display()),
            "Name the data sets yourself: cargo xtask bench FILE.csv ….",
        )),
    }
}

fn name_of(file: &Path) -> String {
    file.file_stem().map_or_else(
        || "data".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn run_embert(embert: &Path, file: &Path, seed: u64, out: &Path) -> Result<Measured, Failure> {
    if out.exists() {
        fs::remove_dir_all(out).map_err(|error| file_failure(out, &error))?;
    }
    shell::run(
        Command::new(embert)
            .arg("train")
            .arg(file)
            .arg("--base-model")
            .arg(model::folder())
            .args(["--device", "cpu", "--seed", &seed.to_string(), "--out"])
            .arg(out)
            .env("RAYON_NUM_THREADS", THREADS),
        "Embert's own words are above.",
    )?;
    read(
        &out.join("report.json"),
        [
            "/training/seconds",
            "/training/peakMemoryBytes",
            "/scores/accuracy",
            "/scores/macroF1",
        ],
    )
}

fn run_trainer(
    python: &Path,
    trainer: &Path,
    file: &Path,
    seed: u64,
    out: &Path,
) -> Result<Measured, Failure> {
    shell::run(
        Command::new(python)
            .arg(trainer)
            .arg(file)
            .arg("--model")
            .arg(model::folder())
            .args(["--threads", THREADS, "--seed", &seed.to_string()])
            .args(["--epochs", "3", "--learning-rate", "1e-4", "--out"])
            .arg(out),
        "The reference's own words are above.",
    )?;
    read(
        out,
        [
            "/seconds_train",
            "/peak_memory_bytes",
            "/test_accuracy",
            "/test_macro_f1",
        ],
    )
}

/// Reads the four numbers at `pointers` out of a JSON file.
fn read(file: &Path, pointers: [&str; 4]) -> Result<Measured, Failure> {
    let text = fs::read(file).map_err(|error| file_failure(file, &error))?;
    let document: Value = serde_json::from_slice(&text).map_err(|error| {
        Failure::new(
            format!("{} is not JSON: {error}", file.display()),
            "Run the benchmark again.",
        )
    })?;
    measured(&document, pointers).map_err(|pointer| {
        Failure::new(
            format!("{} has no number at {pointer}", file.display()),
            "The program that wrote it and this one don't fit together; build both from the same commit.",
        )
    })
}

fn measured<'a>(document: &Value, pointers: [&'a str; 4]) -> Result<Measured, &'a str> {
    let number = |pointer: &'a str| {
        document
            .pointer(pointer)
            .and_then(Value::as_f64)
            .ok_or(pointer)
    };
    let [train_seconds, peak_memory_bytes, accuracy, macro_f1] = pointers;
    Ok(Measured {
        train_seconds: number(train_seconds)?,
        peak_memory_bytes: number(peak_memory_bytes)?,
        accuracy: number(accuracy)?,
        macro_f1: number(macro_f1)?,
    })
}

/// The table of ratios: below 1 is less time and memory than the reference, above 0 points is a better score.
/// A data set with several seeds ends with their mean.
fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<16} {:>6}  {:<16} {:>10} {:>10} {:>12}\n",
        "data set", "seed", "", "Embert", "Trainer", "Embert is at"
    );
    for of_one_file in rows.chunk_by(|row, next| row.name == next.name) {
        for row in of_one_file {
            text.push_str(&lines(
                &row.name,
                &row.seed.to_string(),
                row.ours,
                row.theirs,
            ));
        }
        if let [first, _, ..] = of_one_file {
            let ours: Vec<Measured> = of_one_file.iter().map(|row| row.ours).collect();
            let theirs: Vec<Measured> = of_one_file.iter().map(|row| row.theirs).collect();
            text.push_str(&lines(&first.name, "mean", mean(&ours), mean(&theirs)));
        }
    }
    text
}

fn mean(of: &[Measured]) -> Measured {
    let mean = |number: fn(&Measured) -> f64| of.iter().map(number).sum::<f64>() / of.len() as f64;
    Measured {
        train_seconds: mean(|one| one.train_seconds),
        peak_memory_bytes: mean(|one| one.peak_memory_bytes),
        accuracy: mean(|one| one.accuracy),
        macro_f1: mean(|one| one.macro_f1),
    }
}

/// The four lines of one data set and one seed.
fn lines(name: &str, seed: &str, ours: Measured, theirs: Measured) -> String {
    let times = |ours: f64, theirs: f64| format!("{:.2} x", ours / theirs);
    let points = |ours: f64, theirs: f64| format!("{:+.1} points", 100.0 * (ours - theirs));
    let seconds = |seconds: f64| format!("{seconds:.1}");
    let megabytes = |bytes: f64| format!("{:.0}", bytes / 1e6);
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);

    let (a, b) = (ours, theirs);
    let numbers = [
        (
            "train, seconds",
            seconds(a.train_seconds),
            seconds(b.train_seconds),
            times(a.train_seconds, b.train_seconds),
        ),
        (
            "peak memory, MB",
            megabytes(a.peak_memory_bytes),
            megabytes(b.peak_memory_bytes),
            times(a.peak_memory_bytes, b.peak_memory_bytes),
        ),
        (
            "test accuracy",
            percent(a.accuracy),
            percent(b.accuracy),
            points(a.accuracy, b.accuracy),
        ),
        (
            "test macro-F1",
            percent(a.macro_f1),
            percent(b.macro_f1),
            points(a.macro_f1, b.macro_f1),
        ),
    ];
    let mut text = String::new();
    for (index, (what, ours, theirs, ratio)) in numbers.into_iter().enumerate() {
        let (name, seed) = if index == 0 { (name, seed) } else { ("", "") };
        text.push_str(&format!(
            "{name:<16} {seed:>6}  {what:<16} {ours:>10} {theirs:>10} {ratio:>12}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_both_sides_are_read() {
        let ours = serde_json::json!({
            "training": {"seconds": 60.0, "peakMemoryBytes": 500_000_000u64},
            "scores": {"accuracy": 0.96, "macroF1": 0.95}
        });
        let pointers = [
            "/training/seconds",
            "/training/peakMemoryBytes",
            "/scores/accuracy",
            "/scores/macroF1",
        ];

        let read = measured(&ours, pointers).expect("every number is there");
        assert_eq!(read.peak_memory_bytes, 500_000_000.0);
        assert_eq!(read.macro_f1, 0.95);
        assert_eq!(
            measured(&serde_json::json!({"training": {"seconds": 1}}), pointers),
            Err("/training/peakMemoryBytes")
        );
    }

    #[test]
    fn the_table_shows_ratios_and_points() {
        let ours = Measured {
            train_seconds: 60.0,
            peak_memory_bytes: 5e8,
            accuracy: 0.96,
            macro_f1: 0.95,
        };
        let theirs = Measured {
            train_seconds: 120.0,
            peak_memory_bytes: 2e9,
            accuracy: 0.95,
            macro_f1: 0.951,
        };

        let one = |seed| Row {
            name: "trec6".to_owned(),
            seed,
            ours,
            theirs,
        };
        let single = table(&[one(42)]);
        for part in ["0.50 x", "0.25 x", "+1.0 points", "-0.1 points", "96.0 %"] {
            assert!(single.contains(part), "{part} is missing in\n{single}");
        }
        assert!(!single.contains("mean"), "one seed has no mean:\n{single}");

        let slower = Row {
            ours: Measured {
                train_seconds: 180.0,
                ..ours
            },
            ..one(43)
        };
        let both = table(&[one(42), slower]);
        for part in ["1.50 x", "1.00 x", "mean"] {
            assert!(both.contains(part), "{part} is missing in\n{both}");
        }
    }
}
