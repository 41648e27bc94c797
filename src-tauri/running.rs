//! The training that is running: its worker, what it tells, and its end.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use embert_engine::event::{TrainEvent, rewound};
use embert_engine::protocol::{Call, TrainParams, TrainResult, WorkerEvent};
use embert_engine::table::{DialectRequest, Table};

use crate::fault::Fault;
use crate::lock;
use crate::project::Project;
use crate::run::{RunFiles, RunState, RunSummary, RunUpdate, columns_of_examples};
use crate::worker::{self, Places, Worker};

/// Shortest time between two messages to a screen: a channel has no back-pressure, and a flood freezes the page.
const BETWEEN_UPDATES: Duration = Duration::from_millis(50);
/// How long a training that was asked to stop may be silent before its worker is killed. The test part is looked at in
/// this time, so it is generous.
const STUCK: Duration = Duration::from_secs(120);

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
    pub fn start(project: &Project, device: &str, places: &Places) -> Result<Arc<Training>, Fault> {
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
        let runs = project.folder().join("runs");
        fs::create_dir_all(&runs).map_err(Fault::file(&runs))?;
        table.write_csv(&files.examples())?;
        let params = TrainParams {
            base_model: Some(project.base_model().to_owned()),
            recipe: project.recipe().clone(),
            ..params(&files, &table, device)
        };
        let log = Log {
            summary: RunSummary::new(files.id(), project),
            events: Vec::new(),
        };
        Training::begin(project, files, log, params, places)
    }

    /// Goes on with a training that was interrupted.
    ///
    /// # Errors
    /// When there is nothing to go on from, or the worker can't be started.
    pub fn resume(
        project: &Project,
        run_id: &str,
        device: &str,
        places: &Places,
    ) -> Result<Arc<Training>, Fault> {
        let files = RunFiles::of(project.folder(), run_id)?;
        let mut summary = files.summary()?;
        if summary.resume_step().is_none() {
            return Err(Fault::NoCheckpoint {
                id: run_id.to_owned(),
            });
        }
        let params = TrainParams {
            resume: true,
            ..params(&files, &Table::read_own(&files.examples())?, device)
        };
        let events = files.events();
        summary.go_on(&events);
        Training::begin(project, files, Log { summary, events }, params, places)
    }

    fn begin(
        project: &Project,
        files: RunFiles,
        log: Log,
        params: TrainParams,
        places: &Places,
    ) -> Result<Arc<Training>, Fault> {
        let worker = Worker::start(&worker::program(), places)?;
        files.write_summary(&log.summary)?;
        files.set_running_here(true);
        let training = Arc::new(Training {
            project_id: project.id().to_owned(),
            project_name: project.name().to_owned(),
            files,
            worker,
            request: Mutex::new(None),
            log: Mutex::new(log),
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

    /// The engine's run folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.files.folder()
    }

    /// Whether it is the run `run_id` of `project_id`.
    #[must_use]
    pub fn is(&self, project_id: &str, run_id: &str) -> bool {
        self.project_id == project_id && self.files.id() == run_id
    }

    /// That something else has to wait for it.
    #[must_use]
    pub fn busy(&self) -> Fault {
        Fault::Busy {
            project: self.project_name.clone(),
        }
    }

    /// Number of its worker process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.worker.process_id()
    }

    /// What the list shows of it.
    #[must_use]
    pub fn summary(&self) -> RunSummary {
        lock(&self.log).summary.clone()
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        lock(&self.log).summary.state() == RunState::Running
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
        while log.summary.state() == RunState::Running {
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
                while log.events.len() == seen && log.summary.state() == RunState::Running {
                    let waited = self.changed.wait_timeout(log, Duration::from_secs(1));
                    log = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                let events = log.events[seen..].to_vec();
                seen = log.events.len();
                RunUpdate {
                    run_id: self.files.id().to_owned(),
                    events,
                    summary: log.summary.clone(),
                    memory_bytes: resident_bytes(self.worker.process_id()),
                }
            };
            let is_over = update.summary.state() != RunState::Running;
            if !send(update) || is_over {
                return;
            }
            thread::sleep(BETWEEN_UPDATES);
        }
    }

    fn work(&self, params: TrainParams) {
        let result: Result<TrainResult, Fault> = self
            .worker
            .send(Call::Train(Box::new(params)))
            .and_then(|pending| {
                *lock(&self.request) = Some(pending.id());
                pending.wait(|event| self.take(event))
            });
        self.worker.kill();
        let mut summary = self.summary();
        match result {
            Ok(trained) => summary.end(&trained.report, trained.stopped),
            Err(fault) => summary.fail(fault),
        }
        self.files.complete(&mut summary);
        if self.discard.load(Ordering::SeqCst) {
            let _ = self.files.delete();
        } else {
            // A summary that can't be written is read as interrupted the next time: true enough.
            let _ = self.files.write_summary(&summary);
        }
        self.files.set_running_here(false);
        lock(&self.log).summary = summary;
        self.changed.notify_all();
    }

    fn take(&self, event: WorkerEvent) {
        let WorkerEvent::Training(event) = event else {
            return;
        };
        let mut log = lock(&self.log);
        let is_step = matches!(event, TrainEvent::Step { .. });
        if let TrainEvent::Resumed { .. } = event {
            // What it took back is not in its summary.
            let mut counting = log.events.clone();
            counting.push(event.clone());
            log.summary.go_on(&rewound(counting));
        } else {
            log.summary.take(&event);
        }
        log.events.push(event);
        if !is_step {
            let summary = log.summary.clone();
            drop(log);
            let _ = self.files.write_summary(&summary);
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

/// What the worker is told about the texts and the place.
fn params(files: &RunFiles, table: &Table, device: &str) -> TrainParams {
    TrainParams {
        file: files.examples(),
        other_files: Vec::new(),
        columns: columns_of_examples(table),
        dialect: DialectRequest::default(),
        is_own_file: true,
        edits: None,
        test_file: None,
        base_model: None,
        out: Some(files.folder()),
        recipe: serde_json::Map::new(),
        device: Some(device.to_owned()),
        resume: false,
    }
}

/// Memory that a process uses, where the system tells.
fn resident_bytes(process_id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
