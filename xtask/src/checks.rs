//! `test`: every check of the repository, one after the other, with a sum at the end.

use std::time::Instant;

use embert_driver::PROGRAMS;

use crate::failure::Failure;
use crate::packages::Group;
use crate::{machine, model, packages, screens, shell, worker};

/// How one check ended.
enum Outcome {
    Passed,
    Failed(Failure),
    /// Not run, with the reason.
    Skipped(String),
}

/// The checks that have run, in order.
#[derive(Default)]
pub(crate) struct Checks(Vec<(&'static str, Outcome)>);

impl Checks {
    /// Runs one check; a failure is kept for the end, so that one run shows all of them.
    pub(crate) fn run(&mut self, name: &'static str, check: impl FnOnce() -> Result<(), Failure>) {
        println!("\n== {name} ==");
        let started = Instant::now();
        let outcome = match check() {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(failure),
        };
        println!("-- {name}: {} s", started.elapsed().as_secs());
        self.0.push((name, outcome));
    }

    /// Notes a check that can't run here.
    pub(crate) fn skip(&mut self, name: &'static str, reason: &str) {
        println!("\n== {name} ==\nSkipped: {reason}.");
        self.0.push((name, Outcome::Skipped(reason.to_owned())));
    }

    /// Prints every result and the sum; fails if a check failed.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        println!();
        for (name, outcome) in &self.0 {
            match outcome {
                Outcome::Passed => println!("passed   {name}"),
                Outcome::Failed(failure) => println!("FAILED   {name}: {}", failure.message()),
                Outcome::Skipped(reason) => println!("skipped  {name}: {reason}"),
            }
        }
        println!("{}", self.sum());
        match self.count(|outcome| matches!(outcome, Outcome::Failed(_))) {
            0 => Ok(()),
            n_failed => Err(Failure::new(
                format!("{n_failed} of {} checks failed", self.0.len()),
                "Each one's own words stand under its heading above.",
            )),
        }
    }

    /// The last line, in the form that test runners use.
    fn sum(&self) -> String {
        let n_passed = self.count(|outcome| matches!(outcome, Outcome::Passed));
        let n_failed = self.count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let n_skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let mut sum = format!("checks: {n_passed} passed, {n_failed} failed");
        if n_skipped > 0 {
            sum.push_str(&format!(", {n_skipped} skipped"));
        }
        sum
    }

    fn count(&self, is_meant: impl Fn(&Outcome) -> bool) -> usize {
        self.0
            .iter()
            .filter(|(_, outcome)| is_meant(outcome))
            .count()
    }
}

/// Sets up what the tests need and runs all of them.
pub(crate) fn test() -> Result<(), Failure> {
    let groups = [
        Group::Window,
        Group::VirtualDisplay,
        Group::Pointer,
        Group::Python,
    ];
    println!("This runs every test and check. First it sets up what they need:");
    println!(
        "  - system packages: {}",
        list_or_nothing(&packages::missing(&groups))
    );
    let npm = if screens::needs_install() {
        "120 MB in ui/node_modules"
    } else {
        "nothing"
    };
    println!("  - packages of the user interface: {npm}");
    println!(
        "  - starter model: {}",
        if model::is_there() {
            "nothing"
        } else {
            "91 MB in models/"
        }
    );
    println!();
    packages::ensure(&groups)?;
    screens::install()?;
    if let Err(failure) = model::ensure() {
        println!("{failure}\nTests that need the starter model will say that they skip.");
    }

    let mut checks = Checks::default();
    // First, because the shell embeds what this builds.
    checks.run("UI build and size", screens::build_and_weigh);
    checks.run("UI types", screens::check);
    checks.run("UI tests", screens::test);
    checks.run("Rust format", || {
        cargo(
            &["fmt", "--all", "--check"],
            "Run: cargo fmt --all. If rustfmt is missing: rustup component add rustfmt.",
        )
    });
    checks.run("Rust lints", || {
        cargo(
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
            "Mend what clippy names. If clippy is missing: rustup component add clippy.",
        )
    });
    checks.run("Rust tests", || {
        cargo(
            &["test", "--workspace", "--no-fail-fast"],
            "Look at the failed tests above.",
        )
    });
    match window_test_obstacle() {
        // An automatic run must not pass because a tool is missing.
        Some(reason) if !machine::is_automatic() || !cfg!(target_os = "linux") => {
            checks.skip("Window tests", &reason);
        }
        _ => checks.run("Window tests", window_tests),
    }
    checks.finish()
}

/// Writes the types of the screens anew; the Rust tests check that they are fresh.
pub(crate) fn write_types() -> Result<(), Failure> {
    let mut command = worker::cargo();
    command
        .args(["test", "--workspace", "--test", "integration", "types::"])
        .current_dir(crate::place::root())
        .env("EMBERT_WRITE_TYPES", "1");
    shell::run(&mut command, "Look at the compiler's words above.")
}

/// Drives the real window; each test has a display of its own.
fn window_tests() -> Result<(), Failure> {
    // The same packages and target as the Rust tests, so that nothing is compiled again. Two windows at a time, because
    // each of them trains.
    cargo(
        &[
            "test",
            "--workspace",
            "--test",
            "integration",
            "--",
            "--ignored",
            "--test-threads=2",
            "window::",
        ],
        "Look at the failed tests above; the pictures are in target/screens.",
    )
}

/// Why the window tests can't run on this machine, or nothing.
fn window_test_obstacle() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("the window is only driven on Linux so far".to_owned());
    }
    PROGRAMS
        .iter()
        .chain(&["xdotool"])
        .find(|program| shell::find(program).is_none())
        .map(|program| format!("{program} is not installed"))
}

fn cargo(arguments: &[&str], hint: &str) -> Result<(), Failure> {
    shell::run(worker::cargo().args(arguments), hint)
}

fn list_or_nothing(names: &[&str]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_counts_what_passed_failed_and_was_skipped() {
        let mut checks = Checks::default();
        checks.run("one", || Ok(()));
        checks.run("two", || Ok(()));
        assert_eq!(checks.sum(), "checks: 2 passed, 0 failed");
        assert!(checks.finish().is_ok());

        checks.run("three", || Err(Failure::new("It broke", "Mend it.")));
        checks.skip("four", "no display");
        assert_eq!(checks.sum(), "checks: 2 passed, 1 failed, 1 skipped");
        let failure = checks.finish().expect_err("one check failed");
        assert_eq!(failure.message(), "1 of 4 checks failed");
    }
}
