//! The run folder: what was asked, what happened, the best model, the report.
//!
//! `run.json` the job and its state · `events.jsonl` every event, one line each · `model/` the best
//! model so far, whole at any moment · `checkpoint.safetensors` to go on from, until the end ·
//! `report.json` at the end.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Ending, LoopFacts, Observer, TrainError, TrainJob};
use crate::checkpoint;
use crate::dataset::LabelMap;
use crate::device::DeviceInfo;
use crate::event::{self, TrainEvent};
use crate::export::{ExportError, tidy_up, write_json};
use crate::recipe::Recipe;
use crate::report::Report;
use crate::split::Split;

const DESCRIPTION: &str = "run.json";
const LOCK: &str = ".lock";

/// `run.json`: what a run was asked for and how it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunDescription {
    /// How it stands.
    pub state: RunState,
    /// Version of Embert that began it.
    pub embert_version: String,
    /// Name of the base model.
    pub base_model: String,
    /// The base model's folder.
    pub base_model_folder: PathBuf,
    /// Every setting.
    pub recipe: Recipe,
    /// SHA-256 of texts and labels.
    pub data_hash: String,
    /// The labels in the order of their ids.
    pub labels: LabelMap,
    /// Which examples are for what.
    pub split: Split,
    /// Where it computes.
    pub device: DeviceInfo,
    /// Why there.
    pub device_reason: String,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It goes on, or its process ended without a word.
    Running,
    /// It waits to be resumed.
    Paused,
    /// It reached its end.
    Finished,
    /// The person ended it.
    Stopped,
}

impl RunState {
    fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
        }
    }
}

impl RunDescription {
    /// Reads that of the run folder `folder`.
    ///
    /// # Errors
    /// [`TrainError::NoRun`] when there is no run.
    pub fn read(folder: &Path) -> Result<Self, TrainError> {
        let path = folder.join(DESCRIPTION);
        let read = || -> Result<Self, String> {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            serde_json::from_str(&text).map_err(|error| error.to_string())
        };
        read().map_err(|reason| TrainError::NoRun {
            path: path.clone(),
            reason,
        })
    }

    /// Checks that the run can go on as `job`.
    pub(super) fn check(&self, job: &TrainJob) -> Result<(), TrainError> {
        let folder = || job.out.to_path_buf();
        if matches!(self.state, RunState::Finished | RunState::Stopped) {
            return Err(TrainError::Over {
                folder: folder(),
                state: self.state.name().to_owned(),
            });
        }
        let differing = [
            (
                "set of texts and labels",
                self.data_hash == job.dataset.content_hash(),
            ),
            ("split", self.split == *job.split),
            ("recipe", self.recipe == *job.recipe),
            ("base model", self.base_model == job.base_model.name),
        ];
        match differing.iter().find(|(_, is_same)| !is_same) {
            Some((what, _)) => Err(TrainError::Differs {
                folder: folder(),
                what,
            }),
            None => Ok(()),
        }
    }

    fn of(job: &TrainJob) -> Self {
        Self {
            state: RunState::Running,
            embert_version: env!("CARGO_PKG_VERSION").to_owned(),
            base_model: job.base_model.name.clone(),
            base_model_folder: job.base_model.folder.clone(),
            recipe: job.recipe.clone(),
            data_hash: job.dataset.content_hash(),
            labels: job.dataset.labels.clone(),
            split: job.split.clone(),
            device: job.device.info.clone(),
            device_reason: job.device.reason.to_string(),
        }
    }
}

/// A run on disk, and the observer that hears of it.
pub(super) struct RunFolder<'a> {
    folder: PathBuf,
    events: File,
    /// Held as long as the training goes on, so that no second process writes here.
    _lock: File,
    observer: Observer<'a>,
    description: RunDescription,
    ending: Option<Ending>,
}

/// Locks `folder` for this process; the system ends the lock with the process.
fn lock(folder: &Path) -> Result<File, TrainError> {
    let path = folder.join(LOCK);
    let write = |source| ExportError::Write {
        path: path.clone(),
        source,
    };
    let file = File::create(&path).map_err(write)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(TrainError::InUse {
            folder: folder.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(write(source).into()),
    }
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
        let write = |source| ExportError::Write {
            path: job.out.to_path_buf(),
            source,
        };
        fs::create_dir_all(job.out).map_err(write)?;
        Self::open(job, observer)
    }

    /// Goes on in a folder that is there; a last event that was cut off is ended.
    pub(super) fn reopen(job: &TrainJob, observer: Observer<'a>) -> Result<Self, TrainError> {
        let mut run = Self::open(job, observer)?;
        tidy_up(job.out).map_err(|source| ExportError::Write {
            path: job.out.to_path_buf(),
            source,
        })?;
        let log = fs::read(job.out.join(event::LOG)).unwrap_or_default();
        if log.last().is_some_and(|byte| *byte != b'\n') {
            let _ = writeln!(run.events);
        }
        Ok(run)
    }

    fn open(job: &TrainJob, observer: Observer<'a>) -> Result<Self, TrainError> {
        let folder = job.out.to_path_buf();
        let lock = lock(&folder)?;
        let path = folder.join(event::LOG);
        let events = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|source| ExportError::Write { path, source })?;
        let mut run = Self {
            folder,
            events,
            _lock: lock,
            observer,
            description: RunDescription::of(job),
            ending: None,
        };
        run.write_state(RunState::Running)?;
        Ok(run)
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
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
        if let ControlFlow::Break(ending) = (self.observer)(&event) {
            self.ending.get_or_insert(ending);
        }
    }

    /// How the observer asked to end, if it did.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Whether the training ends before its time because the observer wanted it.
    pub(super) fn was_stopped(&self) -> bool {
        self.ending == Some(Ending::Finish)
    }

    /// Writes down that the run waits to be resumed.
    pub(super) fn pause(&mut self) -> Result<(), TrainError> {
        Ok(self.write_state(RunState::Paused)?)
    }

    /// Writes the report and the last event; nobody needs the checkpoint any more.
    pub(super) fn finish(&mut self, report: &Report, facts: &LoopFacts) -> Result<(), TrainError> {
        let value = serde_json::to_value(report).expect("a report is plain data");
        write_json(&self.folder.join("report.json"), &value)?;
        let stopped = self.was_stopped();
        self.write_state(if stopped {
            RunState::Stopped
        } else {
            RunState::Finished
        })?;
        // One that stays takes room and does no harm.
        let _ = fs::remove_file(checkpoint::path_in(&self.folder));
        self.tell(TrainEvent::Finished {
            step: facts.n_steps,
            seconds: facts.seconds,
            best_step: facts.best_step,
            stopped,
        });
        Ok(())
    }

    fn write_state(&mut self, state: RunState) -> Result<(), ExportError> {
        self.description.state = state;
        let value = serde_json::to_value(&self.description).expect("a description is plain data");
        write_json(&self.folder.join(DESCRIPTION), &value)
    }
}
