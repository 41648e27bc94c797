//! The Rust crates that are linked into the window and the worker.
//!
//! `cargo tree` says which they are: it goes by the features that are built. `cargo metadata` says what they are and
//! where they lie; its own graph has hundreds of crates that nothing is built from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Part, files};
use crate::failure::Failure;
use crate::{shell, worker};

/// A crate's name and version.
type Crate = (String, String);

/// The crates of other people in the programs for this system, without those that only build them.
pub(super) fn linked(with_gpu: bool) -> Result<Vec<Part>, Failure> {
    let system = worker::host()?;
    let mut features = "embert-desktop/custom-protocol".to_owned();
    if with_gpu {
        features.push_str(",embert-worker/gpu");
    }
    let ask = |command: &mut Command| {
        command.args(["--locked", "--features", features.as_str()]);
        shell::output(command).ok_or_else(no_answer)
    };
    let tree = ask(worker::cargo()
        .args(["tree", "--package", "embert-desktop"])
        .args(["--package", "embert-worker"])
        .args(["--target", system.as_str()])
        .args(["--edges", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p}"]))?;
    let metadata = ask(worker::cargo()
        .args(["metadata", "--format-version", "1"])
        .args(["--filter-platform", system.as_str()]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|_| no_answer())?;
    parts_of(&crates_in(&tree), &metadata)
}

fn no_answer() -> Failure {
    Failure::new(
        "cargo did not say which crates the programs are made of",
        "Run this to see its own words: cargo tree --locked.",
    )
}

/// The crates that `cargo tree` lists, one or more times each: `burn v0.22.1`, and more words behind that.
fn crates_in(tree: &str) -> BTreeSet<Crate> {
    tree.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let version = words.next()?.strip_prefix('v')?;
            Some((name.to_owned(), version.to_owned()))
        })
        .collect()
}

/// What `metadata` says about the crates of `wanted`, without those of this project.
fn parts_of(wanted: &BTreeSet<Crate>, metadata: &Value) -> Result<Vec<Part>, Failure> {
    let mut unknown = wanted.clone();
    let mut parts = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let text = |field: &str| package[field].as_str().map(str::to_owned);
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            continue;
        };
        if !unknown.remove(&(name.clone(), version.clone())) {
            continue;
        }
        // A crate of this project comes from no registry.
        let Some(source) = text("source") else {
            continue;
        };
        let folder = text("manifest_path")
            .and_then(|manifest| Path::new(&manifest).parent().map(Path::to_path_buf))
            .unwrap_or_default();
        let named = text("license_file").map(PathBuf::from);
        parts.push(Part {
            origin: if source.starts_with("registry+") {
                format!("https://crates.io/crates/{name}/{version}")
            } else {
                source
            },
            name,
            version,
            kind: "Rust crate",
            licence: text("license"),
            authors: package["authors"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|author| author.as_str().map(str::to_owned))
                .collect(),
            texts: files::texts_in(&folder, named.as_deref())?,
        });
    }
    match unknown.first() {
        None => Ok(parts),
        Some((name, version)) => Err(Failure::new(
            format!("cargo does not say where the crate {name} {version} lies"),
            "Look for it in: cargo metadata --locked --format-version 1.",
        )),
    }
}

/// What the compiler says about its standard library, which is in every program; a compiler from elsewhere than
/// rustup may have left it out.
pub(super) fn of_the_standard_library() -> Option<PathBuf> {
    let compiler = shell::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let page = Path::new(&compiler).join("share/doc/rust/COPYRIGHT-library.html");
    page.is_file().then_some(page)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::notices;

    #[test]
    fn the_tree_names_each_crate_once() {
        let tree = "embert-worker v0.1.0 (/home/ada/embert/worker)\nburn v0.22.1\n\n\
                    spirv v0.4.0+sdk-1.4.341.0\nburn v0.22.1 (*)\n";
        let found = crates_in(tree);
        let expected = [
            ("burn", "0.22.1"),
            ("embert-worker", "0.1.0"),
            ("spirv", "0.4.0+sdk-1.4.341.0"),
        ];
        let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
        assert_eq!(found, BTreeSet::from(expected));
    }

    #[test]
    fn crates_are_described_by_cargo_and_by_their_folder() {
        let folder = std::env::temp_dir().join(format!("embert-crate-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("LICENSE"), "Copyright Ada").unwrap();
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        let metadata = json!({"packages": [
            {"name": "mine", "version": "1.0.0", "source": null},
            {"name": "sort", "version": "0.9.0", "source": registry},
            {"name": "sort", "version": "1.0.0", "source": registry, "license": "MIT", "license_file": null,
             "authors": ["Ada", "Grace"], "manifest_path": folder.join("Cargo.toml")},
        ]});
        let wanted = crates_in("mine v1.0.0\nsort v1.0.0");
        let parts = parts_of(&wanted, &metadata);
        let strange = parts_of(&crates_in("other v1.0.0"), &metadata);
        fs::remove_dir_all(&folder).unwrap();

        let parts = parts.unwrap();
        assert_eq!(parts.len(), 1, "{parts:?}");
        assert_eq!(parts[0].licence.as_deref(), Some("MIT"));
        assert_eq!(parts[0].authors, ["Ada", "Grace"]);
        assert_eq!(parts[0].texts, ["Copyright Ada"]);
        assert_eq!(parts[0].origin, "https://crates.io/crates/sort/1.0.0");
        assert!(strange.unwrap_err().message().contains("other 1.0.0"));
    }

    #[test]
    fn every_crate_of_this_project_may_be_carried() {
        let parts = linked(false).unwrap();
        for name in ["burn", "tauri", "tokenizers"] {
            assert!(parts.iter().any(|part| part.name == name), "{name}");
        }
        let text = notices::describe(&parts).unwrap();
        assert!(text.contains("Apache License"));
    }
}
