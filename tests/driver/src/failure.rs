//! Why the window can't be driven.

use std::fmt;
use std::io;
use std::time::Duration;

/// Why the window can't be driven, or isn't as it should be.
#[derive(Debug)]
pub enum DriverError {
    /// A program can't be started.
    Start {
        /// The program.
        program: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A program that was started says something else than expected.
    Program {
        /// The program.
        program: &'static str,
        /// What it said.
        said: String,
    },
    /// The driver does not answer, or the app behind it has ended.
    Connection(io::Error),
    /// The driver refuses a command.
    Refused(String),
    /// What was waited for did not come.
    Patience {
        /// What was waited for.
        what: String,
        /// How long.
        waited: Duration,
        /// What the page says instead.
        page: String,
    },
    /// A picture can't be written.
    Picture(io::Error),
}

impl fmt::Display for DriverError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { program, source } => {
                write!(formatter, "{program} could not be started: {source}")
            }
            Self::Program { program, said } => {
                write!(formatter, "{program} did not do its work: {said}")
            }
            Self::Connection(source) => write!(
                formatter,
                "The window's driver gave no answer, or the app has ended: {source}"
            ),
            Self::Refused(reason) => {
                write!(formatter, "The window's driver refused a command: {reason}")
            }
            Self::Patience { what, waited, page } => write!(
                formatter,
                "{what} did not come within {} s; the page says: {page}",
                waited.as_secs()
            ),
            Self::Picture(source) => {
                write!(
                    formatter,
                    "A picture of the window could not be written: {source}"
                )
            }
        }
    }
}

impl std::error::Error for DriverError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Start { source, .. } | Self::Connection(source) | Self::Picture(source) => {
                Some(source)
            }
            Self::Program { .. } | Self::Refused(_) | Self::Patience { .. } => None,
        }
    }
}
