//! Real data and models beside the repository, for tests that want them.

use std::path::{Path, PathBuf};

/// Returns a file of the shared folder, or says that the test is skipped and returns nothing.
///
/// The folder is `EMBERT_SHARED`, or `shared` beside the repository.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EMBERT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let file = folder.join(path);
    if !file.exists() {
        eprintln!("skipped: {} is not there", file.display());
        return None;
    }
    Some(file)
}
