//! What the shell keeps while the window is open: the folders, the open project, the training, the worker that answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use embert_engine::protocol::{Call, NoParams};

use crate::fault::Fault;
use crate::lock;
use crate::project::Project;
use crate::running::Training;
use crate::settings::{self, Settings};
use crate::worker::{self, Worker};

/// The app's state, shared by all commands.
pub struct App {
    data: PathBuf,
    models: Option<PathBuf>,
    project: Mutex<Option<Project>>,
    training: Mutex<Option<Arc<Training>>>,
    reader: Mutex<Option<Arc<Worker>>>,
    watches: Mutex<HashMap<u32, Arc<AtomicBool>>>,
    file_request: Mutex<Option<u64>>,
}

impl App {
    /// The state of an app that keeps its projects in `data` and its base models in `models`.
    #[must_use]
    pub fn new(data: PathBuf, models: Option<PathBuf>) -> App {
        App {
            data,
            models,
            project: Mutex::default(),
            training: Mutex::default(),
            reader: Mutex::default(),
            watches: Mutex::default(),
            file_request: Mutex::default(),
        }
    }

    /// Where projects and settings are.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        settings::read(&self.data)
    }

    /// Does something with a project, which is opened when it isn't.
    ///
    /// # Errors
    /// When there is no such project, and those of `work`.
    pub fn with_project<T>(
        &self,
        id: &str,
        work: impl FnOnce(&mut Project) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut open = lock(&self.project);
        if open.as_ref().is_none_or(|project| project.id() != id) {
            *open = Some(Project::open(&self.data, id)?);
        }
        match open.as_mut() {
            Some(project) => work(project),
            None => Err(Fault::NoProject { id: id.to_owned() }),
        }
    }

    /// Makes a new project the open one.
    pub fn set_project(&self, project: Project) {
        *lock(&self.project) = Some(project);
    }

    /// Forgets a project that was removed.
    pub fn close_project(&self, id: &str) {
        let mut open = lock(&self.project);
        if open.as_ref().is_some_and(|project| project.id() == id) {
            *open = None;
        }
    }

    /// Starts a training.
    ///
    /// # Errors
    /// When another one is running, or it can't be started.
    pub fn start_training(&self, project_id: &str) -> Result<Arc<Training>, Fault> {
        self.begin_training(project_id, Training::start)
    }

    /// Goes on with a training that was interrupted.
    ///
    /// # Errors
    /// When another one is running, or it can't go on.
    pub fn resume_training(&self, project_id: &str, run_id: &str) -> Result<Arc<Training>, Fault> {
        self.begin_training(project_id, |project, device, models| {
            Training::resume(project, run_id, device, models)
        })
    }

    fn begin_training(
        &self,
        project_id: &str,
        begin: impl FnOnce(&Project, &str, Option<&Path>) -> Result<Arc<Training>, Fault>,
    ) -> Result<Arc<Training>, Fault> {
        let mut slot = lock(&self.training);
        if let Some(training) = slot.as_ref().filter(|training| training.is_running()) {
            return Err(Fault::Busy {
                project: training.project_name().to_owned(),
            });
        }
        let device = self.settings().device;
        let models = self.models.clone();
        let training = self.with_project(project_id, |project| {
            begin(project, &device, models.as_deref())
        })?;
        *slot = Some(Arc::clone(&training));
        Ok(training)
    }

    /// The last training, running or over.
    #[must_use]
    pub fn training(&self) -> Option<Arc<Training>> {
        lock(&self.training).clone()
    }

    /// The worker that answers questions and classifies; started when it isn't there.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn reader(&self) -> Result<Arc<Worker>, Fault> {
        let mut reader = lock(&self.reader);
        match reader.as_ref().filter(|worker| worker.is_alive()) {
            Some(worker) => Ok(Arc::clone(worker)),
            None => {
                let worker = Arc::new(Worker::start(&worker::program(), self.models.as_deref())?);
                *reader = Some(Arc::clone(&worker));
                Ok(worker)
            }
        }
    }

    /// The base models as the worker lists them.
    ///
    /// # Errors
    /// When the worker fails.
    pub fn base_models(&self) -> Result<Vec<Value>, Fault> {
        let answer = self.reader()?.ask(Call::Models(NoParams {}))?;
        Ok(answer["models"].as_array().cloned().unwrap_or_default())
    }

    /// Begins a watch: its number, and the sign that it shall end.
    #[must_use]
    pub fn new_watch(&self) -> (u32, Arc<AtomicBool>) {
        let mut watches = lock(&self.watches);
        let id = watches.keys().max().map_or(1, |id| id + 1);
        let ended = Arc::new(AtomicBool::new(false));
        watches.insert(id, Arc::clone(&ended));
        (id, ended)
    }

    /// Ends a watch.
    pub fn end_watch(&self, id: u32) {
        if let Some(ended) = lock(&self.watches).remove(&id) {
            ended.store(true, Ordering::SeqCst);
        }
    }

    /// Remembers the request that classifies a file, or that there is none.
    pub fn set_file_request(&self, request: Option<u64>) {
        *lock(&self.file_request) = request;
    }

    /// The request that classifies a file.
    #[must_use]
    pub fn file_request(&self) -> Option<u64> {
        *lock(&self.file_request)
    }
}
