//! Runs: the trainings of a project, the one that is running, and those that are over.
//!
//! `runs/<id>/` is the engine's run folder, `runs/<id>.csv` the examples it learned from, `runs/<id>.json` what the list
//! shows. A run that says "running" while nobody runs it was interrupted: the computer or the app ended.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use embert_engine::error::ErrorInfo;
use embert_engine::event::TrainEvent;
use embert_engine::protocol::{Call, TrainParams, TrainResult, WorkerEvent};
use embert_engine::report::Report;
use embert_engine::table::Table;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::files::{read_json, write_json};
use crate::lock;
use crate::project::{Project, now};
use crate::worker::{self, Worker};

/// Shortest time between two messages to a screen: a channel has no back-pressure, and a flood freezes the page.
const BETWEEN_UPDATES: Duration = Duration::from_millis(50);
/// How long a training that was asked to stop may be silent before its worker is killed. The test part is looked at in
/// this time, so it is generous.
const STUCK: Duration = Duration::from_secs(120);

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    id: String,
    started_at: String,
    state: RunState,
    base_model: String,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    n_steps: Option<usize>,
    best_step: Option<usize>,
    seconds: Option<f64>,
    valid_macro_f1: Vec<f64>,
    error: Option<ErrorInfo>,
    has_model: bool,
}

impl RunSummary {
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

    fn take(&mut self, event: &TrainEvent) {
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
            TrainEvent::Finished { seconds, .. } => self.seconds = Some(*seconds),
            TrainEvent::Step { .. }
            | TrainEvent::Notice { .. }
            | TrainEvent::StoppedEarly { .. }
            | TrainEvent::Testing { .. } => {}
        }
    }
}

/// What has happened since the last message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunUpdate {
    run_id: String,
    events: Vec<TrainEvent>,
    summary: RunSummary,
    memory_bytes: Option<u64>,
}

/// A run with everything that it told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunHistory {
    summary: RunSummary,
    events: Vec<TrainEvent>,
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

    fn next(project: &Path) -> RunFiles {
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

    fn examples(&self) -> PathBuf {
        self.runs.join(format!("{}.csv", self.id))
    }

    /// What the list shows of it.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn summary(&self) -> Result<RunSummary, Fault> {
        let mut summary: RunSummary = read_json(&self.summary_file())?;
        if summary.state == RunState::Running && !is_running_here(&self.summary_file()) {
            summary.state = RunState::Interrupted;
            summary.has_model = self.model().is_ok();
        }
        Ok(summary)
    }

    /// Everything that it told.
    ///
    /// # Errors
    /// When the summary is damaged; a line of the log that can't be read is left out.
    pub fn history(&self) -> Result<RunHistory, Fault> {
        let summary = self.summary()?;
        let log = fs::read_to_string(self.folder().join("events.jsonl")).unwrap_or_default();
        let events = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        Ok(RunHistory {
            summary,
            events: events.collect(),
        })
    }

    /// The report, with the lines of the person's file.
    ///
    /// # Errors
    /// When there is none.
    pub fn report(&self) -> Result<Report, Fault> {
        let mut report: Report = read_json(&self.folder().join("report.json"))?;
        let examples = Table::read(&self.examples())?;
        let line_column = examples.column("line")?;
        let lines: HashMap<u64, u64> = examples
            .rows
            .iter()
            .filter_map(|row| Some((row.line, row.cells.get(line_column)?.parse().ok()?)))
            .collect();
        for mistake in &mut report.mistakes {
            mistake.line = lines.get(&mistake.line).copied().unwrap_or(mistake.line);
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

/// Summary files of the runs that this process runs.
static RUNNING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn is_running_here(summary_file: &Path) -> bool {
    lock(&RUNNING).iter().any(|file| file == summary_file)
}

/// A training that goes on, and its worker.
pub struct Training {
    project_id: String,
    project_name: String,
    files: RunFiles,
    worker: Worker,
    request: Mutex<Option<u64>>,
    log: Mutex<Log>,
    changed: Condvar,
    discard: AtomicBool,
    stopping: Mutex<Option<Instant>>,
}

struct Log {
    summary: RunSummary,
    events: Vec<TrainEvent>,
}

impl Training {
    /// Starts the training of `project` in a worker of its own.
    ///
    /// # Errors
    /// When the project has an obstacle, or the worker can't be started.
    pub fn start(
        project: &Project,
        device: &str,
        models: Option<&Path>,
    ) -> Result<Arc<Training>, Fault> {
        let Some(table) = project.training_table() else {
            let info = project.obstacle().cloned();
            return Err(info.map_or_else(
                || Fault::NoProject {
                    id: project.id().to_owned(),
                },
                Fault::Worker,
            ));
        };
        let files = RunFiles::next(project.folder());
        fs::create_dir_all(&files.runs).map_err(Fault::file(&files.runs))?;
        table.write_csv(&files.examples())?;
        let summary = RunSummary {
            id: files.id.clone(),
            started_at: now(),
            state: RunState::Running,
            base_model: project.base_model().to_owned(),
            accuracy: None,
            macro_f1: None,
            n_steps: None,
            best_step: None,
            seconds: None,
            valid_macro_f1: Vec::new(),
            error: None,
            has_model: false,
        };
        let worker = Worker::start(&worker::program(), models)?;
        lock(&RUNNING).push(files.summary_file());
        write_json(&files.summary_file(), &summary)?;
        let has = |name: &str| {
            table
                .columns
                .iter()
                .any(|column| column == name)
                .then(|| name.to_owned())
        };
        let params = TrainParams {
            file: files.examples(),
            columns: embert_engine::dataset::MappingRequest {
                text: has("text"),
                text_b: has("text_b"),
                label: has("label"),
                split: has("split"),
            },
            test_file: None,
            base_model: Some(project.base_model().to_owned()),
            out: Some(files.folder()),
            recipe: project.recipe().clone(),
            device: Some(device.to_owned()),
        };
        let training = Arc::new(Training {
            project_id: project.id().to_owned(),
            project_name: project.name().to_owned(),
            files,
            worker,
            request: Mutex::new(None),
            log: Mutex::new(Log {
                summary,
                events: Vec::new(),
            }),
            changed: Condvar::new(),
            discard: AtomicBool::new(false),
            stopping: Mutex::new(None),
        });
        let working = Arc::clone(&training);
        thread::spawn(move || working.work(params));
        let guarding = Arc::clone(&training);
        thread::spawn(move || guarding.guard());
        Ok(training)
    }

    /// Whether it is the run `run_id` of `project_id`.
    #[must_use]
    pub fn is(&self, project_id: &str, run_id: &str) -> bool {
        self.project_id == project_id && self.files.id == run_id
    }

    /// The name of its project.
    #[must_use]
    pub fn project_name(&self) -> &str {
        &self.project_name
    }

    /// What the list shows of it.
    #[must_use]
    pub fn summary(&self) -> RunSummary {
        lock(&self.log).summary.clone()
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        lock(&self.log).summary.state == RunState::Running
    }

    /// Ends it: with the best model so far, or without a trace.
    pub fn stop(&self, keep: bool) {
        if !keep {
            self.discard.store(true, Ordering::SeqCst);
            self.worker.kill();
            return;
        }
        lock(&self.stopping).get_or_insert_with(Instant::now);
        if let Some(request) = *lock(&self.request) {
            self.worker.cancel(request);
        }
    }

    /// Waits until it is over.
    pub fn wait(&self) {
        let mut log = lock(&self.log);
        while log.summary.state == RunState::Running {
            log = self
                .changed
                .wait(log)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands over the history and then what happens, until it is over or `send` returns `false`.
    pub fn watch(&self, mut send: impl FnMut(RunUpdate) -> bool) {
        let mut seen = 0;
        loop {
            let update = {
                let mut log = lock(&self.log);
                while log.events.len() == seen && log.summary.state == RunState::Running {
                    let waited = self.changed.wait_timeout(log, Duration::from_secs(1));
                    log = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                let events = log.events[seen..].to_vec();
                seen = log.events.len();
                RunUpdate {
                    run_id: self.files.id.clone(),
                    events,
                    summary: log.summary.clone(),
                    memory_bytes: resident_bytes(self.worker.process_id()),
                }
            };
            let is_over = update.summary.state != RunState::Running;
            if !send(update) || is_over {
                return;
            }
            thread::sleep(BETWEEN_UPDATES);
        }
    }

    fn work(&self, params: TrainParams) {
        let result = self
            .worker
            .send(Call::Train(Box::new(params)))
            .and_then(|pending| {
                *lock(&self.request) = Some(pending.id());
                pending.wait(|event| self.take(event))
            });
        self.worker.kill();
        let mut summary = self.summary();
        match result {
            Ok(result) => match serde_json::from_value::<TrainResult>(result) {
                Ok(trained) => {
                    summary.accuracy = Some(trained.report.scores.accuracy);
                    summary.macro_f1 = Some(trained.report.scores.macro_f1);
                    summary.state = if trained.stopped {
                        RunState::Stopped
                    } else {
                        RunState::Finished
                    };
                }
                Err(source) => {
                    summary.state = RunState::Failed;
                    summary.error = Some(
                        Fault::Damaged {
                            path: self.files.folder(),
                            source,
                        }
                        .into(),
                    );
                }
            },
            Err(fault) => {
                summary.state = match fault {
                    Fault::WorkerDied { .. } => RunState::Interrupted,
                    _ => RunState::Failed,
                };
                summary.error = Some(fault.into());
            }
        }
        summary.has_model = self.files.model().is_ok();
        if self.discard.load(Ordering::SeqCst) {
            let _ = self.files.delete();
        } else {
            // A summary that can't be written is read as interrupted the next time: true enough.
            let _ = write_json(&self.files.summary_file(), &summary);
        }
        lock(&RUNNING).retain(|file| *file != self.files.summary_file());
        lock(&self.log).summary = summary;
        self.changed.notify_all();
    }

    fn take(&self, event: WorkerEvent) {
        let WorkerEvent::Training(event) = event else {
            return;
        };
        let mut log = lock(&self.log);
        log.summary.take(&event);
        let is_step = matches!(event, TrainEvent::Step { .. });
        log.events.push(event);
        if !is_step {
            let summary = log.summary.clone();
            drop(log);
            let _ = write_json(&self.files.summary_file(), &summary);
        }
        if let Some(since) = lock(&self.stopping).as_mut() {
            // It is stopping and alive.
            *since = Instant::now();
        }
        self.changed.notify_all();
    }

    /// Kills a worker that was asked to stop and is stuck.
    fn guard(&self) {
        while self.is_running() {
            thread::sleep(Duration::from_millis(500));
            let stuck = lock(&self.stopping).is_some_and(|since| since.elapsed() > STUCK);
            if stuck {
                self.worker.kill();
                return;
            }
        }
    }
}

/// Memory that a process uses, where the system tells.
fn resident_bytes(process_id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
