//! Runs on disk: the trainings of a project.
//!
//! `runs/<id>/` is the engine's run folder, `runs/<id>.csv` the examples it learned from, `runs/<id>.json` what the
//! list shows. A run that says "running" while nobody runs it was interrupted: the computer or the app ended.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use embert_engine::dataset::{BRACKETS, MappingRequest, Task};
use embert_engine::error::ErrorInfo;
use embert_engine::event::{self, TrainEvent};
use embert_engine::report::Report;
use embert_engine::table::Table;
use embert_engine::wish::Wish;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fault::Fault;
use crate::files::{read_json, write_json};
use crate::lock;
use crate::project::{Project, first_version, now};

/// The engine's file to go on from, in the run folder.
const CHECKPOINT: &str = "checkpoint.safetensors";

/// Summary files of the runs that this process runs.
static RUNNING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It goes on.
    Running,
    /// It reached its end.
    Finished,
    /// The person ended it; the best model so far is kept.
    Stopped,
    /// The engine gave up.
    Failed,
    /// The worker or the computer ended in the middle.
    Interrupted,
}

/// A run in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    id: String,
    started_at: String,
    state: RunState,
    /// Which of the project's files it learned from, from 1; older projects had one.
    #[serde(default = "first_version")]
    file_version: usize,
    /// Name of that file; older versions did not keep it.
    #[serde(default)]
    source_file: Option<String>,
    /// What it learned from as a hash; older versions did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    data_hash: Option<String>,
    base_model: String,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    n_steps: Option<usize>,
    best_step: Option<usize>,
    seconds: Option<f64>,
    valid_macro_f1: Vec<f64>,
    error: Option<ErrorInfo>,
    has_model: bool,
    /// Where a text can have several labels; `accuracy` is the share of texts that got all and no other then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    micro_f1: Option<f64>,
    /// Step from which an interrupted training can go on.
    #[serde(default)]
    resume_step: Option<usize>,
}

impl RunSummary {
    /// A training of `project` that begins now.
    pub(crate) fn new(id: &str, project: &Project) -> RunSummary {
        RunSummary {
            id: id.to_owned(),
            started_at: now(),
            state: RunState::Running,
            file_version: project.file_version(),
            source_file: Some(project.source_file().to_owned()),
            data_hash: project.data_hash(),
            base_model: project.base_model().to_owned(),
            accuracy: None,
            macro_f1: None,
            n_steps: None,
            best_step: None,
            seconds: None,
            valid_macro_f1: Vec::new(),
            error: None,
            has_model: false,
            micro_f1: None,
            resume_step: None,
        }
    }

    /// It goes on after `events`.
    pub(crate) fn go_on(&mut self, events: &[TrainEvent]) {
        self.state = RunState::Running;
        self.error = None;
        self.valid_macro_f1.clear();
        self.best_step = None;
        events.iter().for_each(|event| self.take(event));
    }

    /// It ended with this report.
    pub(crate) fn end(&mut self, report: &Report, stopped: bool) {
        self.accuracy = Some(report.scores.accuracy);
        self.macro_f1 = Some(report.scores.macro_f1);
        let multi = report.multi_label.as_ref();
        self.micro_f1 = multi.map(|multi| multi.scores.micro_f1);
        self.state = if stopped {
            RunState::Stopped
        } else {
            RunState::Finished
        };
    }

    /// It ended with a fault.
    pub(crate) fn fail(&mut self, fault: Fault) {
        self.state = match fault.code() {
            "worker.died" | "worker.paused" => RunState::Interrupted,
            _ => RunState::Failed,
        };
        self.error = Some(fault.into());
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> RunState {
        self.state
    }

    /// Step from which it can go on.
    #[must_use]
    pub fn resume_step(&self) -> Option<usize> {
        self.resume_step
    }

    /// Takes in what the training tells.
    pub(crate) fn take(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::Started { n_steps, .. } => self.n_steps = Some(*n_steps),
            TrainEvent::Validated {
                step,
                macro_f1,
                is_best,
                ..
            } => {
                self.valid_macro_f1.push(*macro_f1);
                if *is_best {
                    self.best_step = Some(*step);
                    self.has_model = true;
                }
            }
            TrainEvent::Checkpoint { step } => self.resume_step = Some(*step),
            TrainEvent::Finished { seconds, .. } => self.seconds = Some(*seconds),
            TrainEvent::Step { .. }
            | TrainEvent::Resumed { .. }
            | TrainEvent::Notice { .. }
            | TrainEvent::StoppedEarly { .. }
            | TrainEvent::Testing { .. } => {}
        }
    }
}

/// What has happened since the last message.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunUpdate {
    pub(crate) run_id: String,
    pub(crate) events: Vec<TrainEvent>,
    pub(crate) summary: RunSummary,
    pub(crate) memory_bytes: Option<u64>,
}

/// A run with everything that it told.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunHistory {
    summary: RunSummary,
    events: Vec<TrainEvent>,
}

impl RunHistory {
    /// Its events, in their order.
    #[must_use]
    pub fn events(&self) -> &[TrainEvent] {
        &self.events
    }
}

/// Files of a run.
#[derive(Debug, Clone)]
pub struct RunFiles {
    id: String,
    runs: PathBuf,
}

impl RunFiles {
    /// Those of the run `id`.
    ///
    /// # Errors
    /// [`Fault::NoRun`].
    pub fn of(project: &Path, id: &str) -> Result<RunFiles, Fault> {
        let files = RunFiles {
            id: id.to_owned(),
            runs: project.join("runs"),
        };
        let is_plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_plain && files.summary_file().is_file() {
            Ok(files)
        } else {
            Err(Fault::NoRun { id: id.to_owned() })
        }
    }

    /// Those of a run that is yet to begin.
    pub(crate) fn next(project: &Path) -> RunFiles {
        let runs = project.join("runs");
        let mut number = 1;
        loop {
            let files = RunFiles {
                id: format!("run-{number}"),
                runs: runs.clone(),
            };
            if !files.summary_file().exists() && !files.folder().exists() {
                return files;
            }
            number += 1;
        }
    }

    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The engine's run folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.runs.join(&self.id)
    }

    /// The best model.
    ///
    /// # Errors
    /// [`Fault::NoModel`].
    pub fn model(&self) -> Result<PathBuf, Fault> {
        let model = self.folder().join("model");
        if model.join("config.json").is_file() {
            Ok(model)
        } else {
            Err(Fault::NoModel {
                id: self.id.clone(),
            })
        }
    }

    fn summary_file(&self) -> PathBuf {
        self.runs.join(format!("{}.json", self.id))
    }

    /// The examples that it learns from.
    pub(crate) fn examples(&self) -> PathBuf {
        self.runs.join(format!("{}.csv", self.id))
    }

    /// What the list shows of it.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn summary(&self) -> Result<RunSummary, Fault> {
        let mut summary: RunSummary = read_json(&self.summary_file())?;
        let is_running = self.is_running_here();
        if summary.state == RunState::Running && !is_running {
            summary.state = RunState::Interrupted;
        }
        if !is_running {
            self.complete(&mut summary);
        }
        Ok(summary)
    }

    /// Adds what only the disk knows of a run that is over.
    pub(crate) fn complete(&self, summary: &mut RunSummary) {
        summary.has_model = self.model().is_ok();
        let can_go_on = match summary.state {
            RunState::Interrupted => true,
            // The same steps would diverge again.
            RunState::Failed => summary
                .error
                .as_ref()
                .is_some_and(|error| error.code != "train.diverged"),
            RunState::Running | RunState::Finished | RunState::Stopped => false,
        };
        if !can_go_on || !self.folder().join(CHECKPOINT).is_file() {
            summary.resume_step = None;
        }
    }

    /// Keeps what the list shows.
    pub(crate) fn write_summary(&self, summary: &RunSummary) -> Result<(), Fault> {
        write_json(&self.summary_file(), summary)
    }

    /// Everything that it told and that still counts.
    ///
    /// # Errors
    /// When the summary is damaged; a line of the log that can't be read is left out.
    pub fn history(&self) -> Result<RunHistory, Fault> {
        Ok(RunHistory {
            summary: self.summary()?,
            events: self.events(),
        })
    }

    pub(crate) fn events(&self) -> Vec<TrainEvent> {
        event::read_log(&self.folder())
    }

    /// Notes that this process runs it, or no longer does.
    pub(crate) fn set_running_here(&self, is_running: bool) {
        let mut running = lock(&RUNNING);
        running.retain(|file| *file != self.summary_file());
        if is_running {
            running.push(self.summary_file());
        }
    }

    fn is_running_here(&self) -> bool {
        lock(&RUNNING).contains(&self.summary_file())
    }

    /// The report, with the lines of the person's file.
    ///
    /// # Errors
    /// When there is none.
    pub fn report(&self) -> Result<Report, Fault> {
        let mut report: Report = read_json(&self.folder().join("report.json"))?;
        let examples = Table::read_own(&self.examples())?;
        let line_column = examples.column("line")?;
        let lines: HashMap<u64, u64> = examples
            .rows
            .iter()
            .filter_map(|row| Some((row.line, row.cells.get(line_column)?.parse().ok()?)))
            .collect();
        for text in report.mistakes.iter_mut().chain(&mut report.right) {
            text.line = lines.get(&text.line).copied().unwrap_or(text.line);
        }
        Ok(report)
    }

    /// Removes everything of it.
    ///
    /// # Errors
    /// When something can't be removed.
    pub fn delete(&self) -> Result<(), Fault> {
        let folder = self.folder();
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Fault::file(&folder))?;
        }
        for file in [self.examples(), self.summary_file()] {
            if file.exists() {
                fs::remove_file(&file).map_err(Fault::file(&file))?;
            }
        }
        Ok(())
    }
}

/// The runs of the project in `folder`, the newest first.
#[must_use]
pub fn list(folder: &Path) -> Vec<RunSummary> {
    let entries = fs::read_dir(folder.join("runs"))
        .into_iter()
        .flatten()
        .flatten();
    let mut runs: Vec<RunSummary> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            RunFiles::of(folder, name.strip_suffix(".json")?)
                .ok()?
                .summary()
                .ok()
        })
        .collect();
    runs.sort_by(|a, b| b.started_at.cmp(&a.started_at));
    runs
}

/// Which columns the table of a run's examples has; nothing is left to be guessed.
#[must_use]
pub fn columns_of_examples(table: &Table) -> MappingRequest {
    let column = |name: &str| match table.column(name) {
        Ok(_) => Wish::Named(name.to_owned()),
        Err(_) => Wish::None,
    };
    let request = MappingRequest {
        text: column("text"),
        text_b: column("text_b"),
        label: column("label"),
        split: column("split"),
        label_separator: Wish::None,
        task: Some(Task::Single),
        ..MappingRequest::default()
    };
    match column("labels") {
        Wish::Guess | Wish::None => request,
        // Lists, where a text can have several labels.
        labels @ Wish::Named(_) => MappingRequest {
            label: labels,
            label_separator: Wish::Named(BRACKETS.to_owned()),
            task: Some(Task::Multi),
            ..request
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use embert_engine::dataset::{Dataset, guess_mapping};

    use super::*;

    #[test]
    fn the_name_of_the_column_says_how_labels_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run-1.csv");
        let read = |text: &str| {
            fs::write(&file, text).unwrap();
            let table = Table::read_own(&file).unwrap();
            let mapping = guess_mapping(&table, &columns_of_examples(&table)).unwrap();
            Dataset::from_table(&table, &mapping.mapping).unwrap()
        };
        let several = read("text,labels,line\na,\"[\"\"x|y\"\",\"\"z\"\"]\",2\nb,[],3\n");
        assert_eq!(several.task, Task::Multi);
        assert_eq!(several.labels.names(), ["x|y", "z"]);
        assert!(several.examples[1].label_ids.as_slice().is_empty());
        // What looks like a list stays one label where the person wanted that.
        let single = read("text,label,line\na,x|y,2\nb,y,3\nc,x,4\nd,x|y,5\ne,x|y,6\n");
        assert_eq!(single.task, Task::Single);
        assert_eq!(single.labels.names(), ["x", "x|y", "y"]);
    }
}
