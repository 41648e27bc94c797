//! `start`: from a fresh clone to the running app, and `setup`: the same without running it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::packages::Group;
use crate::worker::Programs;
use crate::{journey, machine, model, packages, place, screens, shell, worker};

/// What the person asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// Build the GPU backend even where no GPU was found.
    pub(crate) gpu: bool,
    /// Train in the terminal even where there is a display.
    pub(crate) terminal: bool,
}

/// How the app is shown.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// In a window on the person's display.
    Window,
    /// In a window on a virtual display: the sample is put through it, and pictures show what happened.
    Journey,
    /// Not at all, for this reason: the terminal trains on the sample.
    Terminal(String),
}

impl Way {
    fn new(wishes: Wishes) -> Way {
        if wishes.terminal {
            return Way::Terminal("you asked for it with --terminal".to_owned());
        }
        if machine::has_display() {
            return Way::Window;
        }
        match journey::obstacle() {
            None => Way::Journey,
            Some(reason) => Way::Terminal(format!("there is no display, and {}", lower(&reason))),
        }
    }
}

/// What will happen on this machine.
struct Plan {
    way: Way,
    /// Why the GPU backend is built, or nothing.
    gpu: Option<String>,
}

impl Plan {
    fn new(wishes: Wishes) -> Plan {
        let asked = wishes.gpu.then(|| "you asked for it with --gpu".to_owned());
        Plan {
            way: Way::new(wishes),
            gpu: asked.or_else(machine::gpu),
        }
    }

    fn has_window(&self) -> bool {
        !matches!(self.way, Way::Terminal(_))
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        if self.has_window() {
            groups.push(Group::Window);
        }
        if self.way == Way::Journey {
            groups.push(Group::VirtualDisplay);
        }
        if self.gpu.is_some() {
            groups.push(Group::Gpu);
        }
        if !model::is_there() {
            groups.push(Group::Python);
        }
        groups
    }

    /// Says what is about to be installed and built, before any of it happens.
    fn announce(&self) {
        println!(
            "Embert sets itself up in this folder. What is there already stays as it is. Next:"
        );
        let missing = packages::missing(&self.groups());
        if !missing.is_empty() {
            println!(
                "  - install system packages with apt-get: {}",
                missing.join(" ")
            );
        }
        if self.has_window() && screens::needs_install() {
            println!(
                "  - install the packages of the user interface with npm (120 MB in ui/node_modules)"
            );
        }
        match &self.gpu {
            Some(reason) => println!(
                "  - compile the worker with the GPU backend, because {reason} (tens of minutes the first time)"
            ),
            None => println!(
                "  - compile the worker for the CPU (about 10 minutes on 2 cores the first time)"
            ),
        }
        if !model::is_there() {
            println!("  - fetch the starter model (91 MB in models/)");
        }
        match &self.way {
            Way::Window => println!("  - compile the window (5 minutes more) and open it"),
            Way::Journey => println!(
                "  - compile the window (5 minutes more), open it on a virtual display because there is no other, train \
                 on\n    samples/support-desk.csv in it and leave pictures (--terminal trains without a window)"
            ),
            Way::Terminal(reason) => println!(
                "  - train on samples/support-desk.csv in this terminal and print the report, because {reason}"
            ),
        }
        println!();
    }

    fn set_up(&self) -> Result<PathBuf, Failure> {
        packages::ensure(&self.groups())?;
        if self.has_window() {
            screens::install()?;
            screens::build()?;
        }
        let worker = worker::build(Programs {
            with_window: self.has_window(),
            with_gpu: self.gpu.is_some(),
        })?;
        model::ensure()?;
        Ok(worker)
    }
}

/// Installs and builds everything that `start` needs.
pub(crate) fn set_up(wishes: Wishes) -> Result<(), Failure> {
    let plan = Plan::new(wishes);
    plan.announce();
    plan.set_up()?;
    println!("\nEverything is set up. Run: cargo xtask start.");
    Ok(())
}

/// Sets everything up and runs the main job.
pub(crate) fn start(wishes: Wishes) -> Result<(), Failure> {
    let plan = Plan::new(wishes);
    plan.announce();
    let worker = plan.set_up()?;
    match plan.way {
        Way::Window => shell::run(
            &mut Command::new(place::program("embert-desktop")),
            "The window ended with an error; its words are above.",
        ),
        Way::Journey => journey::run(),
        Way::Terminal(_) => train_sample(&worker),
    }
}

/// A sentence as the second half of another one.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Trains on the sample data set and prints the report.
fn train_sample(worker: &Path) -> Result<(), Failure> {
    let out = free_folder(&place::root().join("runs"), "sample");
    shell::run(
        Command::new(worker)
            .current_dir(place::root())
            .args(["train", "samples/support-desk.csv", "--out"])
            .arg(&out)
            .env("EMBERT_MODELS", place::models()),
        "The worker's own words are above.",
    )?;
    println!(
        "\nThe classifier is in {}. Try it:",
        place::shown(&out.join("model"))
    );
    println!(
        "  {} classify {} --text \"I can't log in since this morning\"",
        place::shown(worker),
        place::shown(&out.join("model"))
    );
    Ok(())
}

/// The first of `name`, `name-2`, `name-3` … that does not exist, so that no earlier run is lost.
fn free_folder(parent: &Path, name: &str) -> PathBuf {
    let first = parent.join(name);
    if !first.exists() {
        return first;
    }
    let mut number = 2;
    loop {
        let folder = parent.join(format!("{name}-{number}"));
        if !folder.exists() {
            return folder;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_gets_a_folder_of_its_own() {
        let parent = std::env::temp_dir().join(format!("embert-runs-{}", std::process::id()));
        std::fs::create_dir_all(parent.join("sample-2")).expect("the temporary folder is writable");

        let first = free_folder(&parent, "sample");
        std::fs::create_dir(&first).expect("the folder is free");
        let second = free_folder(&parent, "sample");
        std::fs::remove_dir_all(&parent).expect("the folder is there");

        assert_eq!(first, parent.join("sample"));
        assert_eq!(second, parent.join("sample-3"));
    }

    #[test]
    fn the_terminal_needs_no_webview() {
        let wishes = Wishes {
            gpu: false,
            terminal: true,
        };
        let groups = Plan::new(wishes).groups();

        assert!(!groups.contains(&Group::Window), "{groups:?}");
        assert!(!groups.contains(&Group::VirtualDisplay), "{groups:?}");
    }
}
