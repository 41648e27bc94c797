//! Running other programs and saying so.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// Runs `command` in the open: its name is printed first and its output goes to the terminal.
pub(crate) fn run(command: &mut Command, hint: &str) -> Result<(), Failure> {
    println!("$ {}", describe(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(
            format!("\"{}\" ended with {status}", describe(command)),
            hint,
        )),
        Err(error) => Err(cannot_start(command, &error)),
    }
}

/// Runs `command` in silence and returns what it printed, or nothing if it failed.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether `command` runs and ends well; it prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_some()
}

/// Finds a program the way the system would start it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let names = if cfg!(windows) {
        vec![format!("{program}.exe"), format!("{program}.cmd")]
    } else {
        vec![program.to_owned()]
    };
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// A command line as a person would type it, with paths inside the repository made short.
fn describe(command: &Command) -> String {
    let root = format!(
        "{}{}",
        crate::place::root().display(),
        std::path::MAIN_SEPARATOR
    );
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| quote(word).replace(&root, ""))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.is_empty() || word.contains([' ', '"', '<', '>']) {
        format!("'{word}'")
    } else {
        word.into_owned()
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    Failure::new(
        format!("Could not start {program}: {error}"),
        format!("Install {program} or add it to PATH, then run the command again."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_its_arguments_and_the_hint() {
        let failure = run(
            Command::new("cargo").args(["no-such-command", "two words"]),
            "Do this.",
        )
        .expect_err("cargo has no such command");

        let text = failure.to_string();
        assert!(text.contains("cargo no-such-command 'two words'"), "{text}");
        assert!(text.ends_with("Do this."), "{text}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(&mut Command::new("embert-no-such-program"), "").expect_err("missing");

        assert!(failure.message().contains("embert-no-such-program"));
    }

    #[test]
    fn programs_are_found_where_the_system_looks() {
        assert!(find("cargo").is_some());
        assert!(find("embert-no-such-program").is_none());
    }
}
