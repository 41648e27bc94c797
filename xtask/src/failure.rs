//! What a command says when it can't go on: one sentence, and one about what to do.

use std::fmt;

/// The reason why a command stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: String,
}

impl Failure {
    /// `message` starts with a capital and has no final period; `hint` is a whole sentence.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The first sentence alone, for a place where the work goes on without the thing that failed.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.\n  {}", self.message, self.hint)
    }
}

/// Turns a file error into a failure that names the file.
pub(crate) fn file_failure(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("Could not read or write {}: {error}", path.display()),
        "Check that the folder exists, that the disk has room and that you may write there.",
    )
}
