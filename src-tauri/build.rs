//! Prepares what the shell is compiled from: the built screens, the window's permissions, the Windows resources.
//!
//! Cargo runs this with the repository root as the current folder.

use std::fs;
use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Embert</title>\
<p>The screens are not built yet. Run <code>cargo xtask start</code>.</p>\n";

fn main() {
    create_missing_screens(Path::new("ui/dist"));
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");

    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(
            tauri_build::AppManifest::new()
                .permissions_path_pattern("./src-tauri/permissions/*.toml"),
        );
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("The Tauri configuration could not be read: {error:#}");
    }
}

/// Writes a page that says what to do where the screens have not been built, so that Rust alone compiles.
fn create_missing_screens(folder: &Path) {
    let page = folder.join("index.html");
    if page.exists() {
        return;
    }
    if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(&page, PLACEHOLDER)) {
        panic!("Could not write {}: {error}", page.display());
    }
}
