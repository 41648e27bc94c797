//! A request that takes a while: it tells how far it has come, and the person can end it.

use std::sync::Mutex;

use embert_engine::protocol::{Call, WorkerEvent};
use serde::de::DeserializeOwned;

use crate::fault::Fault;
use crate::lock;
use crate::worker::Worker;

/// A place for one slow request, so that it can be found again to be cancelled.
#[derive(Debug, Default)]
pub struct SlowRequest(Mutex<Option<u64>>);

impl SlowRequest {
    /// Sends `call`, hands every event to `listener` and waits for the answer.
    ///
    /// # Errors
    /// The worker's own error, that it ended, or that its answer makes no sense.
    pub fn ask<T: DeserializeOwned>(
        &self,
        worker: &Worker,
        call: Call,
        listener: impl FnMut(WorkerEvent),
    ) -> Result<T, Fault> {
        let pending = worker.send(call)?;
        *lock(&self.0) = Some(pending.id());
        let answer = pending.wait(listener);
        *lock(&self.0) = None;
        answer
    }

    /// Asks `worker` to end it, when there is one.
    pub fn cancel(&self, worker: &Worker) {
        let request = *lock(&self.0);
        if let Some(request) = request {
            worker.cancel(request);
        }
    }
}
