//! The run folder: what was asked, what happened, the best model, the report.
//!
//! `run.json` the job and its state · `events.jsonl` every event, one line each · `model/` the best
//! model so far, whole at any moment · `report.json` at the end.

use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Observer, TrainError, TrainJob};
use crate::event::TrainEvent;
use crate::export::{ExportError, write_json};
use crate::report::Report;

/// A run on disk, and the observer that hears of it.
pub(super) struct RunFolder<'a> {
    folder: PathBuf,
    events: File,
    observer: Observer<'a>,
    description: Value,
    stopped: bool,
}

impl<'a> RunFolder<'a> {
    /// Refuses a folder that holds something.
    pub(super) fn check_free(folder: &Path) -> Result<(), TrainError> {
        let taken = match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => folder.exists(),
        };
        if taken {
            Err(TrainError::FolderTaken {
                path: folder.to_path_buf(),
            })
        } else {
            Ok(())
        }
    }

    /// Makes the folder and writes what is going to be done.
    pub(super) fn create(job: &TrainJob, observer: Observer<'a>) -> Result<Self, TrainError> {
        let folder = job.out.to_path_buf();
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |source| ExportError::Write { path, source }
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let path = folder.join("events.jsonl");
        let events = File::create(&path).map_err(failed(&path))?;
        let description = describe(job);
        let run = Self {
            folder,
            events,
            observer,
            description,
            stopped: false,
        };
        run.write_state("running")?;
        Ok(run)
    }

    /// Where the best model is.
    pub(super) fn model_folder(&self) -> PathBuf {
        self.folder.join("model")
    }

    /// Writes the event down and tells the observer.
    pub(super) fn tell(&mut self, event: TrainEvent) {
        let line = serde_json::to_string(&event).expect("events are plain data");
        // A log that can't be written is no reason to lose the training.
        let _ = writeln!(self.events, "{line}");
        if matches!((self.observer)(&event), ControlFlow::Break(())) {
            self.stopped = true;
        }
    }

    /// Whether the observer asked to stop.
    pub(super) fn was_stopped(&self) -> bool {
        self.stopped
    }

    /// Writes the report and the last event.
    pub(super) fn finish(
        &mut self,
        report: &Report,
        step: usize,
        best_step: usize,
        seconds: f64,
    ) -> Result<(), TrainError> {
        let value = serde_json::to_value(report).expect("a report is plain data");
        write_json(&self.folder.join("report.json"), &value)?;
        let stopped = self.stopped;
        self.write_state(if stopped { "stopped" } else { "finished" })?;
        self.tell(TrainEvent::Finished {
            step,
            seconds,
            best_step,
            stopped,
        });
        self.stopped = stopped;
        Ok(())
    }

    fn write_state(&self, state: &str) -> Result<(), ExportError> {
        let mut description = self.description.clone();
        description["state"] = json!(state);
        write_json(&self.folder.join("run.json"), &description)
    }
}

fn describe(job: &TrainJob) -> Value {
    json!({
        "state": "new",
        "embertVersion": env!("CARGO_PKG_VERSION"),
        "baseModel": job.base_model.name,
        "recipe": job.recipe,
        "dataHash": job.dataset.content_hash(),
        "labels": job.dataset.labels,
        "split": job.split,
        "device": job.device.info,
        "deviceReason": job.device.reason,
    })
}
