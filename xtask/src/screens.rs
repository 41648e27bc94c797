//! The user interface's packages and build.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, file_failure};
use crate::{place, shell};

/// What the window loads at most before it can show anything: a page of that size is there at once.
const LARGEST_KILOBYTES: f64 = 300.0;

/// Prints the bytes of all built files, each packed with gzip.
const WEIGH: &str = "
const { readdirSync, readFileSync, statSync } = require('node:fs');
const { gzipSync } = require('node:zlib');
const files = readdirSync('dist', { recursive: true }).map((name) => 'dist/' + name);
const sizes = files.filter((file) => statSync(file).isFile()).map((file) => gzipSync(readFileSync(file)).length);
console.log(sizes.reduce((sum, size) => sum + size, 0));
";

/// Whether `install` has something to do.
pub(crate) fn needs_install() -> bool {
    fs::read(place::ui().join("package-lock.json")).ok() != fs::read(stamp()).ok()
}

/// Installs exactly the packages of `ui/package-lock.json`; does nothing if that has been done.
pub(crate) fn install() -> Result<(), Failure> {
    check_node()?;
    if !needs_install() {
        return Ok(());
    }
    shell::run(
        &mut npm(&["ci", "--no-audit", "--no-fund"]),
        "Look at npm's own words above; often it is the network, and a second try works.",
    )?;
    let lock = place::ui().join("package-lock.json");
    fs::copy(&lock, stamp())
        .map(drop)
        .map_err(|error| file_failure(&lock, &error))
}

/// Builds the screens into `ui/dist`, which the shell embeds.
pub(crate) fn build() -> Result<(), Failure> {
    shell::run(
        &mut npm(&["run", "build"]),
        "Look at Vite's own words above.",
    )
}

/// Builds the screens and checks that they are still small.
pub(crate) fn build_and_weigh() -> Result<(), Failure> {
    build()?;
    let size = shell::output(
        Command::new("node")
            .args(["-e", WEIGH])
            .current_dir(place::ui()),
    )
    .and_then(|words| words.parse::<f64>().ok());
    let Some(bytes) = size else {
        return Err(Failure::new(
            "The size of the screens could not be measured",
            "Look into ui/dist: the build should have left index.html and assets there.",
        ));
    };
    let kilobytes = bytes / 1e3;
    println!(
        "The screens are {kilobytes:.1} kB, packed with gzip; {LARGEST_KILOBYTES} is the limit."
    );
    if kilobytes > LARGEST_KILOBYTES {
        return Err(Failure::new(
            format!(
                "The screens are {kilobytes:.1} kB, packed with gzip, and {LARGEST_KILOBYTES} is the limit"
            ),
            "Look at what was added: npx vite build lists the parts with their sizes.",
        ));
    }
    Ok(())
}

/// Checks the types of the screens.
pub(crate) fn check() -> Result<(), Failure> {
    shell::run(
        &mut npm(&["run", "check"]),
        "Look at svelte-check's own words above.",
    )
}

/// Runs the tests of the screens.
pub(crate) fn test() -> Result<(), Failure> {
    shell::run(
        &mut npm(&["test", "--", "--run"]),
        "Look at the failed tests above.",
    )
}

/// The lock file as it was at the last installation.
fn stamp() -> std::path::PathBuf {
    place::ui()
        .join("node_modules")
        .join(".installed-package-lock.json")
}

/// npm in the folder of the user interface.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    // Windows starts npm through a script with an ending of its own.
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(place::ui());
    command
}

/// Why the screens can't be built with the Node.js that is here, or nothing.
pub(crate) fn node_obstacle() -> Option<String> {
    let version = shell::output(Command::new("node").arg("--version")).unwrap_or_default();
    let is_npm_there = shell::find("npm").is_some();
    if is_new_enough(&version) && is_npm_there {
        return None;
    }
    let found = match (version.as_str(), is_npm_there) {
        ("", _) => "none is here".to_owned(),
        (version, true) => format!("this is {version}"),
        (version, false) => format!("there is Node.js {version} but no npm"),
    };
    Some(format!(
        "The screens need Node.js 20.19 or newer with npm, and {found}"
    ))
}

/// Checks that Node.js is there and new enough for Vite.
fn check_node() -> Result<(), Failure> {
    let Some(reason) = node_obstacle() else {
        return Ok(());
    };
    Err(Failure::new(
        reason,
        if cfg!(target_os = "macos") {
            "Run: brew install node."
        } else if cfg!(windows) {
            "Run: winget install OpenJS.NodeJS.LTS."
        } else {
            "Install Node.js 22 from nodejs.org or with your version manager; Debian 12's own is too old."
        },
    ))
}

/// Vite wants 20.19 and up within 20, and 22.12 and up.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        for (version, expected) in [
            ("v20.20.2", true),
            ("v20.9.0", false),
            ("v22.12.0", true),
            ("v22.2.0", false),
            ("v21.7.0", false),
            ("v24.1.0", true),
            ("v18.19.0", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }
}
