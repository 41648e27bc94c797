//! `test --bundle`: what a person gets who installs the package, from its contents to a training without a network.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bundle::{self, BundleWishes};
use crate::checks::Checks;
use crate::failure::Failure;
use crate::packages::{self, Group};
use crate::{machine, shell, worker};

/// Name of the Debian package.
const PACKAGE: &str = "embert";
/// Where it puts the window's program.
const INSTALLED: &str = "/usr/bin/embert-desktop";

/// Files that the package must have.
const CONTENTS: [&str; 12] = [
    "usr/bin/embert",
    "usr/bin/embert-desktop",
    "usr/share/applications/Embert.desktop",
    "usr/share/doc/embert/copyright",
    "usr/lib/Embert/LICENSE-APACHE",
    "usr/lib/Embert/LICENSE-MIT",
    NOTICES,
    "usr/lib/Embert/models/minilm-l6/config.json",
    "usr/lib/Embert/models/minilm-l6/model.safetensors",
    "usr/lib/Embert/models/minilm-l6/tokenizer.json",
    "usr/lib/Embert/models/minilm-l6/LICENSE",
    "usr/lib/Embert/models/minilm-l6/NOTICE",
];

/// The notices of other people's parts.
const NOTICES: &str = "usr/lib/Embert/THIRD-PARTY-NOTICES.txt";

/// Parts that they must name, with what each is.
const NAMED: [(&str, &str); 4] = [
    ("burn", "Rust crate"),
    ("tauri", "Rust crate"),
    ("tokenizers", "Rust crate"),
    ("svelte", "npm package"),
];

/// Makes the package from the programs that the tests use, looks into it, installs it, trains with it and removes it.
pub(crate) fn test() -> Result<(), Failure> {
    packages::ensure(&[Group::Window, Group::VirtualDisplay])?;
    let mut checks = Checks::default();
    let mut package = None;
    checks.run("Installers", || {
        let made = bundle::bundle(BundleWishes {
            debug: true,
            ..BundleWishes::default()
        })?;
        package = made
            .into_iter()
            .find(|file| file.extension().is_some_and(|ending| ending == "deb"));
        Ok(())
    });
    if let Some(package) = package {
        checks.run("Contents of the package", || look_into(&package));
        match obstacle() {
            Some(reason) => checks.skip("Installed app", &reason),
            None => checks.run("Installed app", || train_installed(&package)),
        }
    }
    checks.finish()
}

/// Why the package can't be installed here, or nothing.
fn obstacle() -> Option<String> {
    if !machine::is_debian() {
        Some("the package is one for Debian".to_owned())
    } else if !packages::is_root() {
        Some("only the administrator can install a package".to_owned())
    } else if packages::is_installed(PACKAGE) {
        Some("Embert is installed here already, and this would remove it".to_owned())
    } else {
        None
    }
}

/// Checks the package's description and files.
fn look_into(package: &Path) -> Result<(), Failure> {
    let ask = |option: &str| {
        shell::output(Command::new("dpkg-deb").arg(option).arg(package)).ok_or_else(|| {
            Failure::new(
                format!("dpkg-deb can't read {}", package.display()),
                "Make the package again: cargo xtask bundle --debug.",
            )
        })
    };
    let (control, listing) = (ask("--field")?, ask("--contents")?);
    println!("{control}");
    let mut missing = missing_from(&control, &listing);
    let notices = file_in(package, NOTICES).unwrap_or_default();
    missing.extend(missing_from_notices(&notices));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("The package lacks {}", missing.join(", ")),
        "Look at tauri.conf.json and at xtask/src/bundle.rs.",
    ))
}

/// What a package with this description and these files lacks.
fn missing_from(control: &str, listing: &str) -> Vec<String> {
    let fields = [
        "Package: embert",
        "Maintainer: ",
        "Description: ",
        "Depends: ",
    ];
    let missing_fields = fields
        .iter()
        .filter(|field| !control.lines().any(|line| line.starts_with(**field)))
        .map(|field| format!("the field \"{}\"", field.trim()));
    let missing_files = CONTENTS
        .iter()
        .filter(|file| {
            !listing
                .lines()
                .any(|line| line.ends_with(&format!(" {file}")))
        })
        .map(|file| (*file).to_owned());
    missing_fields.chain(missing_files).collect()
}

/// What notices don't name although it is in the programs.
fn missing_from_notices(notices: &str) -> Vec<String> {
    NAMED
        .iter()
        .filter(|(name, kind)| {
            let (start, end) = (format!("{name} "), format!(" ({kind})"));
            !notices
                .lines()
                .any(|line| line.starts_with(&start) && line.ends_with(&end))
        })
        .map(|(name, kind)| format!("the notice of the {kind} {name}"))
        .collect()
}

/// The text of one file in the package, or nothing if it isn't there.
fn file_in(package: &Path, name: &str) -> Option<String> {
    let mut archive = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(package)
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let found = archive.stdout.take().and_then(|files| {
        Command::new("tar")
            .args(["--extract", "--to-stdout", "--file=-", name])
            .stdin(files)
            .output()
            .ok()
    });
    // Its end is of no interest; a child that nobody waits for would stay behind.
    let _ = archive.wait();
    let found = found.filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&found.stdout).into_owned())
}

/// Installs the package, trains in its window, and removes it.
fn train_installed(package: &Path) -> Result<(), Failure> {
    shell::run(
        packages::apt_get(&["install", "-y", "--no-install-recommends"])?.arg(package),
        "Look at apt-get's own words above.",
    )?;
    let _removal = Removal;
    shell::run(
        worker::cargo()
            .args(["test", "--workspace", "--test", "integration", "--"])
            .args(["--ignored", "installed::"])
            .env("EMBERT_INSTALLED", PathBuf::from(INSTALLED)),
        "Look at the failed test above.",
    )
}

/// Removes the package at the end, also after a failed test.
struct Removal;

impl Drop for Removal {
    fn drop(&mut self) {
        let removed = packages::apt_get(&["purge", "-y", PACKAGE]).and_then(|mut command| {
            shell::run(&mut command, "Remove it yourself: apt-get purge embert.")
        });
        if let Err(failure) = removed {
            println!("{failure}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_lacks_is_named() {
        let control = "Package: embert\nMaintainer: x\nDescription: y\nDepends: z";
        let listing: String = CONTENTS
            .iter()
            .map(|file| format!("-rw-r--r-- 0/0 1 2026-01-01 00:00 {file}\n"))
            .collect();
        assert!(missing_from(control, &listing).is_empty());

        let lacking = missing_from(
            &control.replace("Description", "Describes"),
            &listing.replace("minilm-l6/NOTICE", "minilm-l6/NOTES"),
        );
        assert_eq!(lacking.len(), 2, "{lacking:?}");
        assert!(lacking[1].ends_with("NOTICE"), "{lacking:?}");
    }

    #[test]
    fn a_part_without_a_notice_is_named() {
        let notices: String = NAMED
            .iter()
            .map(|(name, kind)| format!("{name} 1.0.0 ({kind})\n    Licence: MIT\n"))
            .collect();
        assert!(missing_from_notices(&notices).is_empty());
        let lacking = missing_from_notices(&notices.replace("tauri ", "tauri-utils "));
        assert_eq!(lacking, ["the notice of the Rust crate tauri"]);
    }

    #[test]
    fn the_notices_are_looked_for_under_their_name() {
        assert!(NOTICES.ends_with(crate::notices::FILE));
    }
}
