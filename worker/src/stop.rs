//! The wish to stop: from Ctrl-C, or from a `cancel` request.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use embert_engine::train::Ending;

use crate::failure::Failure;
use crate::output;

/// A wish to stop that the one who works looks at now and then. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<Wishes>);

#[derive(Debug, Default)]
struct Wishes {
    stop: AtomicBool,
    /// The process is to end: a training leaves the rest for later.
    leave: AtomicBool,
}

impl Stop {
    /// Asks for the stop. Returns whether it was asked for before.
    pub(crate) fn ask(&self) -> bool {
        self.0.stop.swap(true, Ordering::SeqCst)
    }

    /// Asks for the stop because the process is to end.
    pub(crate) fn ask_to_leave(&self) {
        self.0.leave.store(true, Ordering::SeqCst);
        self.ask();
    }

    /// Returns what an observer answers.
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        match self.training_flow() {
            ControlFlow::Break(_) => ControlFlow::Break(()),
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
        }
    }

    /// Returns what the observer of a training answers.
    pub(crate) fn training_flow(&self) -> ControlFlow<Ending> {
        if !self.0.stop.load(Ordering::SeqCst) {
            ControlFlow::Continue(())
        } else if self.0.leave.load(Ordering::SeqCst) {
            ControlFlow::Break(Ending::Pause)
        } else {
            ControlFlow::Break(Ending::Finish)
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
        ctrlc::set_handler(handler).map_err(Failure::internal)?;
        Ok(stop)
    }
}
