//! `bench import`: a CSV file of 600 MB through Embert, pandas and DuckDB, as ratios.
//!
//! Each side runs in a process of its own, in turn, and finds out by itself how the file is written. Each has to say how
//! many rows and different labels there are and how many characters the texts have; the answers must be the same.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::{Failure, file_failure};
use crate::worker::Programs;
use crate::{place, reference, shell, worker};

const ROWS: usize = 1_000_000;
const WORDS_PER_TEXT: usize = 100;
const N_LABELS: usize = 20;
const ROUNDS: usize = 3;

/// What is compared, and what it does with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Embert,
    Pandas,
    DuckDb,
    DuckDbStream,
}

impl Side {
    const ALL: [Side; 4] = [Side::Embert, Side::Pandas, Side::DuckDb, Side::DuckDbStream];

    fn name(self) -> &'static str {
        match self {
            Side::Embert => "Embert",
            Side::Pandas => "pandas",
            Side::DuckDb => "DuckDB",
            Side::DuckDbStream => "DuckDB, streaming",
        }
    }

    fn does(self) -> &'static str {
        match self {
            Side::Embert => "looks at the whole file for its encoding, then keeps all rows",
            Side::Pandas => "read_csv as it is: takes UTF-8 and commas for granted, keeps all rows",
            Side::DuckDb => "CREATE TABLE from read_csv with detection, keeps all rows",
            Side::DuckDbStream => "counts straight from read_csv with detection, keeps no row",
        }
    }
}

/// What one run took, and what it found.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    seconds: f64,
    peak_memory_bytes: f64,
    found: Found,
}

/// What every side must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    rows: u64,
    labels: u64,
    characters: u64,
}

/// Writes the file if it is not there yet, measures every side and prints the ratios.
pub(crate) fn bench() -> Result<(), Failure> {
    let python = reference::import_python()?;
    let program = reference::file("read_csv.py")?;
    let embert = worker::build(Programs::shared_with_tests())?;
    let folder = place::target().join("bench");
    fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
    let file = folder.join("import.csv");
    if !file.exists() {
        println!("Writing {} (about 600 MB), once.", place::shown(&file));
        write_file(&file).map_err(|error| file_failure(&file, &error))?;
    }
    let command = |side: Side| {
        let mut command = Command::new(if side == Side::Embert {
            &embert
        } else {
            &python
        });
        match side {
            Side::Embert => command.arg("read-table"),
            Side::Pandas => command.arg(&program).arg("pandas"),
            Side::DuckDb => command.arg(&program).arg("duckdb"),
            Side::DuckDbStream => command.arg(&program).arg("duckdb-stream"),
        };
        command.arg(&file);
        command
    };
    let mut runs: Vec<(Side, Run)> = Vec::new();
    for round in 1..=ROUNDS {
        for side in Side::ALL {
            println!("Round {round} of {ROUNDS}: {}", side.name());
            runs.push((side, run(&mut command(side), side)?));
        }
    }
    check_same(&runs)?;
    println!("\n{}", table(&runs));
    for side in Side::ALL {
        println!("{}: {}.", side.name(), side.does());
    }
    Ok(())
}

fn run(command: &mut Command, side: Side) -> Result<Run, Failure> {
    let hint = "Run it again; if it stays so, run the command by hand and look at its words.";
    let text = shell::output(command)
        .ok_or_else(|| Failure::new(format!("{} could not read the file", side.name()), hint))?;
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    read(&answer).ok_or_else(|| {
        Failure::new(
            format!("{} answered without the numbers", side.name()),
            hint,
        )
    })
}

/// Reads an answer; nothing where a number is missing, such as the memory on a system that does not tell it.
fn read(answer: &Value) -> Option<Run> {
    Some(Run {
        seconds: answer["seconds"].as_f64()?,
        peak_memory_bytes: answer["peakMemoryBytes"].as_f64()?,
        found: Found {
            rows: answer["rows"].as_u64()?,
            labels: answer["labels"].as_u64()?,
            characters: answer["characters"].as_u64()?,
        },
    })
}

fn check_same(runs: &[(Side, Run)]) -> Result<(), Failure> {
    let others = |(_, first): &(Side, Run)| runs.iter().find(|(_, run)| run.found != first.found);
    match runs.first().and_then(others) {
        None => Ok(()),
        Some((side, run)) => Err(Failure::new(
            format!("{} found something else: {:?}", side.name(), run.found),
            "Delete target/bench/import.csv, so that it is written again; else one side reads it wrongly.",
        )),
    }
}

/// The medians of each side, and how Embert compares: below 1 is less time and memory.
fn table(runs: &[(Side, Run)]) -> String {
    let of = |side: Side, number: fn(&Run) -> f64| {
        let runs = runs.iter().filter(|(other, _)| *other == side);
        median(runs.map(|(_, run)| number(run)).collect())
    };
    let seconds = |side| of(side, |run| run.seconds);
    let memory = |side| of(side, |run| run.peak_memory_bytes);
    let mut text = format!(
        "{:<18} {:>10} {:>12} {:>16} {:>18}\n",
        "", "seconds", "memory, MB", "Embert's time", "Embert's memory"
    );
    for side in Side::ALL {
        text.push_str(&format!(
            "{:<18} {:>10.2} {:>12.0} {:>14.2} x {:>16.2} x\n",
            side.name(),
            seconds(side),
            memory(side) / 1e6,
            seconds(Side::Embert) / seconds(side),
            memory(Side::Embert) / memory(side),
        ));
    }
    text
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn write_file(file: &Path) -> io::Result<()> {
    let unfinished: PathBuf = file.with_extension("unfinished");
    let mut out = BufWriter::new(File::create(&unfinished)?);
    write_rows(&mut out, ROWS)?;
    out.flush()?;
    drop(out);
    fs::rename(&unfinished, file)
}

/// Writes texts with commas in every third, quotation marks in every tenth and line breaks in every twentieth.
fn write_rows(out: &mut impl Write, n_rows: usize) -> io::Result<()> {
    let mut random = Random(42);
    let words: Vec<String> = (0..2000).map(|_| random.word()).collect();
    out.write_all(b"text,label\n")?;
    for _ in 0..n_rows {
        let mut text = String::new();
        let (has_commas, has_marks, has_breaks) = (
            random.below(3) == 0,
            random.below(10) == 0,
            random.below(20) == 0,
        );
        let n_words = WORDS_PER_TEXT / 2 + random.below(WORDS_PER_TEXT + 1);
        for i in 0..n_words {
            let word = words
                .get(random.below(words.len()))
                .map_or("", String::as_str);
            if has_marks && i % 30 == 5 {
                text.push_str(&format!("\"{word}\""));
            } else {
                text.push_str(word);
            }
            match i % 12 {
                _ if i + 1 == n_words => text.push('.'),
                11 if has_breaks => text.push('\n'),
                4 if has_commas => text.push_str(", "),
                _ => text.push(' '),
            }
        }
        let label = random.below(N_LABELS);
        if text.contains([',', '"', '\n']) {
            writeln!(out, "\"{}\",topic {label}", text.replace('"', "\"\""))?;
        } else {
            writeln!(out, "{text},topic {label}")?;
        }
    }
    Ok(())
}

/// The same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    /// A word of one to three syllables.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 12] = [
            "ba", "ken", "lo", "mi", "ster", "ü", "ra", "ton", "é", "wi", "du", "sal",
        ];
        let n = 1 + self.below(3);
        (0..n)
            .map(|_| SYLLABLES[self.below(SYLLABLES.len())])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_of(seconds: f64, megabytes: f64, rows: u64) -> Run {
        Run {
            seconds,
            peak_memory_bytes: megabytes * 1e6,
            found: Found {
                rows,
                labels: 2,
                characters: 10,
            },
        }
    }

    #[test]
    fn the_file_is_the_same_each_time_and_of_the_size_that_is_said() {
        let written = |n_rows| {
            let mut out = Vec::new();
            write_rows(&mut out, n_rows).expect("memory has room");
            String::from_utf8(out).expect("it is UTF-8")
        };
        let text = written(2000);
        assert_eq!(text, written(2000));
        let bytes_per_row = text.len() / 2000;
        assert!((540..660).contains(&bytes_per_row), "{bytes_per_row}");
        for part in ["\"\"", ", ", "\nb", "ü", "text,label\n"] {
            assert!(text.contains(part), "{part}");
        }
        // Marks are doubled within a quoted text, so that their number is even.
        assert_eq!(text.matches('"').count() % 2, 0);
    }

    #[test]
    fn answers_are_read_and_compared() {
        let answer = serde_json::json!({
            "rows": 3, "labels": 2, "characters": 10, "seconds": 1.5, "peakMemoryBytes": 7_000_000u64
        });
        assert_eq!(read(&answer), Some(run_of(1.5, 7.0, 3)));
        assert_eq!(read(&serde_json::json!({"rows": 3})), None);
        let same = [
            (Side::Embert, run_of(1.0, 1.0, 3)),
            (Side::Pandas, run_of(2.0, 2.0, 3)),
        ];
        assert!(check_same(&same).is_ok());
        let other = [same[0], (Side::DuckDb, run_of(1.0, 1.0, 4))];
        let failure = check_same(&other).expect_err("they differ").to_string();
        assert!(failure.contains("DuckDB found something else"), "{failure}");
    }

    #[test]
    fn the_table_has_the_medians_and_their_ratios() {
        let mut runs = Vec::new();
        for seconds in [9.0, 3.0, 2.0] {
            runs.push((Side::Embert, run_of(seconds, 1000.0, 3)));
            runs.push((Side::Pandas, run_of(2.0 * seconds, 4000.0, 3)));
            runs.push((Side::DuckDb, run_of(2.0, 2000.0, 3)));
            runs.push((Side::DuckDbStream, run_of(1.0, 100.0, 3)));
        }
        let text = table(&runs);
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(
            lines[1],
            ["Embert", "3.00", "1000", "1.00", "x", "1.00", "x"]
        );
        assert_eq!(
            lines[2],
            ["pandas", "6.00", "4000", "0.50", "x", "0.25", "x"]
        );
        assert_eq!(
            lines[3],
            ["DuckDB", "2.00", "2000", "1.50", "x", "0.50", "x"]
        );
    }
}
