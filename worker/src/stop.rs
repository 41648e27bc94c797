//! The wish to stop: from Ctrl-C, or from a `cancel` request.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::output;

/// A wish to stop that the one who works looks at now and then. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for the stop. Returns whether it was asked for before.
    pub(crate) fn ask(&self) -> bool {
        self.0.swap(true, Ordering::SeqCst)
    }

    /// Returns what an observer answers.
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        if self.0.load(Ordering::SeqCst) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Returns a stop that the first Ctrl-C asks for. The second one ends the process.
    pub(crate) fn by_interrupt(first: &'static str) -> Result<Self, Failure> {
        let stop = Self::default();
        let asked = stop.clone();
        let handler = move || {
            if asked.ask() {
                std::process::exit(3);
            }
            output::tell(first);
        };
        ctrlc::set_handler(handler).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(stop)
    }
}
