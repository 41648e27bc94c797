//! `bundle`: the installers of this system, with the worker, the starter model and the notices of other people's parts.
//!
//! cargo compiles; the bundler is tauri's own, from its npm package: a program that is there in 3 s, where the same as
//! a crate takes minutes to compile. It is not among the packages of the screens, because nobody else needs its 35 MB.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::failure::{Failure, file_failure};
use crate::notices::{self, Notices};
use crate::packages::Group;
use crate::worker::{Profile, Programs};
use crate::{model, packages, place, screens, shell, worker};

/// The bundler, in the version that fits the crate `tauri`.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// What the person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BundleWishes {
    /// The programs as the tests build them, which are there already, instead of those for release.
    pub(crate) debug: bool,
    /// The worker with the GPU backend.
    pub(crate) gpu: bool,
    /// An AppImage besides; its parts are downloaded.
    pub(crate) appimage: bool,
}

impl BundleWishes {
    fn profile(self) -> Profile {
        if self.debug {
            Profile::Development
        } else {
            Profile::Release
        }
    }

    /// The kinds of installers that this system can make.
    fn kinds(self) -> &'static str {
        if cfg!(target_os = "macos") {
            "dmg"
        } else if cfg!(windows) {
            "nsis,msi"
        } else if self.appimage {
            "deb,rpm,appimage"
        } else {
            "deb,rpm"
        }
    }

    fn groups(self) -> Vec<Group> {
        let mut groups = vec![Group::Window];
        if self.appimage {
            groups.push(Group::AppImage);
        }
        groups
    }
}

/// Makes the installers and returns where they are.
pub(crate) fn bundle(wishes: BundleWishes) -> Result<Vec<PathBuf>, Failure> {
    packages::ensure(&wishes.groups())?;
    screens::install()?;
    screens::build()?;
    // Before the long compilation, because a licence can stop the bundle.
    let notices = notices::write(wishes.gpu)?;
    let worker = worker::build_as(
        Programs {
            with_window: true,
            with_gpu: wishes.gpu,
        },
        wishes.profile(),
    )?;
    model::ensure()?;
    let parts = gather_parts(&worker, notices)?;
    let made = folder_of_installers(wishes.profile());
    remove(&made)?;
    run_bundler(&bundler()?, wishes, &parts)?;

    let installers = installers_in(&made);
    if installers.is_empty() {
        return Err(Failure::new(
            format!("The bundler left nothing in {}", made.display()),
            "Its own words are above.",
        ));
    }
    println!("\nThe installers:");
    for installer in &installers {
        let bytes = fs::metadata(installer).map_or(0, |data| data.len());
        println!(
            "  {:>6.1} MB  {}",
            bytes as f64 / 1e6,
            place::shown(installer)
        );
    }
    Ok(installers)
}

/// What goes into the installers besides the shell.
struct Parts {
    /// The worker's path without the system's name at its end, as the bundler wants it.
    worker: PathBuf,
    models: PathBuf,
    notices: Notices,
}

/// Puts the worker and the starter model where the bundler takes them from.
fn gather_parts(worker: &Path, notices: Notices) -> Result<Parts, Failure> {
    let folder = place::target().join("bundle-parts");
    remove(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
    let parts = Parts {
        worker: folder.join("embert"),
        models: folder.join("models"),
        notices,
    };
    let named = folder.join(format!(
        "embert-{}{}",
        worker::host()?,
        std::env::consts::EXE_SUFFIX
    ));
    fs::copy(worker, &named).map_err(|error| file_failure(&named, &error))?;
    shell::run(
        Command::new(worker)
            .args(["models", "pack"])
            .arg(model::folder())
            .arg("--out")
            .arg(parts.models.join(model::NAME)),
        "The worker's own words are above.",
    )?;
    Ok(parts)
}

/// Gets the bundler, if it isn't there, and returns its program.
fn bundler() -> Result<PathBuf, Failure> {
    let folder = place::target().join("bundler");
    let program = folder.join("node_modules/@tauri-apps/cli/tauri.js");
    let stamp = folder.join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == BUNDLER) {
        return Ok(program);
    }
    fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
    shell::run(
        screens::npm(&["install", "--no-save", "--no-package-lock"])
            .args(["--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(BUNDLER),
        "Look at npm's own words above; often it is the network, and a second try works.",
    )?;
    fs::write(&stamp, BUNDLER).map_err(|error| file_failure(&stamp, &error))?;
    Ok(program)
}

/// Runs tauri's bundler on what cargo compiled.
fn run_bundler(program: &Path, wishes: BundleWishes, parts: &Parts) -> Result<(), Failure> {
    let mut command = Command::new("node");
    command
        .current_dir(place::root())
        .arg(program)
        // The program is not told what carries it: only an updater would ask, and there is none.
        .args(["bundle", "--no-binary-patching"])
        .args(["--bundles", wishes.kinds(), "--config"])
        .arg(additions(parts).to_string());
    if wishes.debug {
        command.arg("--debug");
    }
    shell::run(&mut command, "The bundler's own words are above.")
}

/// What `tauri.conf.json` can't say, because a plain `cargo build` would want these files to be there.
fn additions(parts: &Parts) -> Value {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut resources = json!({
        (text(&parts.models)): "models",
        "LICENSE-MIT": "LICENSE-MIT",
        "LICENSE-APACHE": "LICENSE-APACHE",
        (text(&parts.notices.file)): notices::FILE,
    });
    if let Some(library) = &parts.notices.library {
        resources[text(library)] = json!(notices::LIBRARY_FILE);
    }
    json!({"bundle": {
        "externalBin": [text(&parts.worker)],
        "resources": resources,
    }})
}

fn folder_of_installers(profile: Profile) -> PathBuf {
    place::target().join(profile.folder()).join("bundle")
}

/// Files that a person installs from, of any kind, sorted.
fn installers_in(folder: &Path) -> Vec<PathBuf> {
    const ENDINGS: [&str; 6] = ["deb", "rpm", "AppImage", "dmg", "exe", "msi"];
    let kinds = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = kinds
        .flat_map(|kind| fs::read_dir(kind.path()).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .filter(|path| {
            let ending = path.extension().map(|ending| ending.to_string_lossy());
            ending.is_some_and(|ending| ENDINGS.contains(&&*ending))
        })
        .collect();
    found.sort();
    found
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_failure(folder, &error))
        }
        _ => Ok(()),
    }
}

/// Compiler options for a release: messages of a fault name files of this project, not folders of the machine that
/// compiled them.
pub(crate) fn release_flags() -> OsString {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| {
            let home = std::env::home_dir()?;
            Some(home.join(".cargo"))
        });
    let mut flags = std::env::var_os("RUSTFLAGS").unwrap_or_default();
    let folders = [(Some(place::root()), "embert"), (home, "cargo")];
    for (folder, name) in folders {
        if let Some(folder) = folder {
            flags.push(" --remap-path-prefix=");
            flags.push(folder);
            flags.push("=");
            flags.push(name);
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundler_is_told_where_everything_is() {
        let mut parts = Parts {
            worker: "parts/embert".into(),
            models: "parts/models".into(),
            notices: Notices {
                file: "notices/all.txt".into(),
                library: Some("notices/std.html".into()),
            },
        };
        let bundle = &additions(&parts)["bundle"];
        assert_eq!(bundle["externalBin"], json!(["parts/embert"]));
        let resources = &bundle["resources"];
        assert_eq!(resources["parts/models"], "models");
        assert_eq!(resources["notices/all.txt"], notices::FILE);
        assert_eq!(resources["notices/std.html"], notices::LIBRARY_FILE);

        parts.notices.library = None;
        let resources = &additions(&parts)["bundle"]["resources"];
        assert_eq!(resources.as_object().map(serde_json::Map::len), Some(4));
    }

    #[test]
    fn installers_are_told_from_what_lies_beside_them() {
        let folder = std::env::temp_dir().join(format!("embert-bundle-{}", std::process::id()));
        for file in ["deb/Embert.deb", "deb/data.tar.gz", "rpm/Embert.rpm"] {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let found = installers_in(&folder);
        fs::remove_dir_all(&folder).unwrap();
        let expected = ["deb/Embert.deb", "rpm/Embert.rpm"].map(|name| folder.join(name));
        assert_eq!(found, expected);
    }
}
