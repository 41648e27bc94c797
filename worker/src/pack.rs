//! `embert models pack`: a base model at half its size, as the installers carry it.

use std::path::{Path, PathBuf};

use embert_engine::{base_model, pack};

use crate::failure::{Failure, Outcome};
use crate::models::ModelFolders;
use crate::output;

/// Runs the command.
pub(crate) fn run(name: &str, out: &Path, folders: &ModelFolders) -> Result<Outcome, Failure> {
    let model = base_model::find(name, folders.searched())?;
    let packed = pack::pack(&model, out)?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    output::print(&format!(
        "{} is in {}: {:.1} MB of weights became {:.1} MB.\n",
        model.name,
        out.display(),
        megabytes(packed.before_bytes),
        megabytes(packed.after_bytes)
    ))?;
    Ok(Outcome::Done)
}

/// The models folder of an installed app, seen from the folder that holds the programs.
///
/// Packages for Linux have them in `/usr/bin` and `/usr/lib/Embert` (an AppImage the same below its own top), macOS in
/// `Contents/MacOS` and `Contents/Resources`. On Windows the folder lies beside the programs.
pub(crate) fn bundled_models(programs: &Path) -> Option<PathBuf> {
    ["../lib/Embert/models", "../Resources/models"]
        .iter()
        .map(|place| programs.join(place))
        .find_map(|folder| folder.canonicalize().ok())
        .filter(|folder| folder.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_found_where_the_packages_put_them() {
        for (programs, models) in [
            ("usr/bin", "usr/lib/Embert/models"),
            (
                "Embert.app/Contents/MacOS",
                "Embert.app/Contents/Resources/models",
            ),
        ] {
            let top = tempfile::tempdir().unwrap();
            let programs = top.path().join(programs);
            std::fs::create_dir_all(&programs).unwrap();
            assert_eq!(bundled_models(&programs), None);

            std::fs::create_dir_all(top.path().join(models)).unwrap();
            let found = bundled_models(&programs).unwrap();
            assert!(found.ends_with(models), "{}", found.display());
        }
    }
}
