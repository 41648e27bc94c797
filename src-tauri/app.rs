//! What the shell keeps while the window is open: the folders, the open project, the training, the worker that answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use embert_engine::event::WorkProgress;
use embert_engine::exported::OnnxExport;
use embert_engine::measurement::{Measurement, Measurements};
use embert_engine::protocol::{
    Call, ClassifyParams, ClassifyResult, DownloadResult, DownloadState, ExportParams,
    MeasureParams, MeasureResult, ModelParams, WorkerEvent,
};
use embert_engine::table::ReadWatch;

use crate::fault::Fault;
use crate::importing::Importing;
use crate::lock;
use crate::project::{Project, ProjectView};
use crate::run::RunState;
use crate::running::Training;
use crate::settings::{self, Settings};
use crate::slow_request::SlowRequest;
use crate::text_counts::{CountedTexts, TextCounts};
use crate::worker::{self, Places, Worker};
use crate::workload::RunSpeed;

/// The app's state, shared by all commands.
pub struct App {
    places: Places,
    project: Mutex<Option<Project>>,
    training: Mutex<Option<Arc<Training>>>,
    reader: Mutex<Option<Arc<Worker>>>,
    watches: Mutex<HashMap<u32, Arc<AtomicBool>>>,
    importing: Importing,
    file_request: SlowRequest,
    export_request: SlowRequest,
    download_turn: Mutex<()>,
    download: SlowRequest,
    measure_turn: Mutex<()>,
    measure: SlowRequest,
    counts: Mutex<TextCounts>,
}

impl App {
    /// The state of an app that keeps its projects in `data` and its base models in `models`.
    #[must_use]
    pub fn new(data: PathBuf, models: Option<PathBuf>) -> App {
        App {
            places: Places { models, data },
            project: Mutex::default(),
            training: Mutex::default(),
            reader: Mutex::default(),
            watches: Mutex::default(),
            importing: Importing::default(),
            file_request: SlowRequest::default(),
            export_request: SlowRequest::default(),
            download_turn: Mutex::default(),
            download: SlowRequest::default(),
            measure_turn: Mutex::default(),
            measure: SlowRequest::default(),
            counts: Mutex::default(),
        }
    }

    /// Where projects and settings are.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.places.data
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        settings::read(self.data())
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
            *open = Some(Project::open(self.data(), id)?);
        }
        match open.as_mut() {
            Some(project) => work(project),
            None => Err(Fault::NoProject { id: id.to_owned() }),
        }
    }

    /// Begins a project with a file, a folder of texts or the files of several parts, and makes it the open one; `None`
    /// when it was cancelled.
    ///
    /// # Errors
    /// When the files can't be read as a table, or can't be kept.
    pub fn import(
        &self,
        files: &[PathBuf],
        base_model: &str,
        listener: impl FnMut(WorkProgress) + Send,
    ) -> Result<Option<ProjectView>, Fault> {
        let create =
            |watch: &Arc<ReadWatch>| Project::create(self.data(), files, base_model, watch);
        let Some(project) = self.importing.run(create, listener)? else {
            return Ok(None);
        };
        let view = project.view();
        self.set_project(project);
        Ok(Some(view))
    }

    /// Ends beginning a project, if one is begun.
    pub fn cancel_import(&self) {
        self.importing.cancel();
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
        self.begin_training(project_id, |project, device, places| {
            Training::resume(project, run_id, device, places)
        })
    }

    fn begin_training(
        &self,
        project_id: &str,
        begin: impl FnOnce(&Project, &str, &Places) -> Result<Arc<Training>, Fault>,
    ) -> Result<Arc<Training>, Fault> {
        let mut slot = lock(&self.training);
        if let Some(training) = slot.as_ref().filter(|training| training.is_running()) {
            return Err(training.busy());
        }
        // A measurement beside it would be wrong, and would slow it down.
        self.cancel_measure();
        let device = self.settings().device;
        let training =
            self.with_project(project_id, |project| begin(project, &device, &self.places))?;
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
                let worker = Arc::new(Worker::start(&worker::program(), &self.places)?);
                *reader = Some(Arc::clone(&worker));
                Ok(worker)
            }
        }
    }

    /// Asks the worker to fetch a model, after those that are being fetched.
    ///
    /// # Errors
    /// Those of the worker.
    pub fn download(
        &self,
        model: ModelParams,
        mut listener: impl FnMut(DownloadState),
    ) -> Result<DownloadResult, Fault> {
        let _one_at_a_time = lock(&self.download_turn);
        let worker = self.reader()?;
        self.download.ask(&worker, Call::Download(model), |event| {
            if let WorkerEvent::Download(state) = event {
                listener(state);
            }
        })
    }

    /// Ends fetching a model, if one is fetched.
    pub fn cancel_download(&self) {
        self.cancel(&self.download);
    }

    /// Asks the worker to classify a file.
    ///
    /// # Errors
    /// Those of the worker.
    pub fn classify_file(
        &self,
        params: ClassifyParams,
        mut listener: impl FnMut(WorkProgress),
    ) -> Result<ClassifyResult, Fault> {
        let worker = self.reader()?;
        self.file_request
            .ask(&worker, Call::Classify(params), |event| {
                if let WorkerEvent::Progress(progress) = event {
                    listener(progress);
                }
            })
    }

    /// Ends classifying a file, if one is classified.
    pub fn cancel_classify_file(&self) {
        self.cancel(&self.file_request);
    }

    /// Asks the worker to write a model as ONNX; `None` when it was cancelled.
    ///
    /// # Errors
    /// Those of the worker.
    pub fn export_onnx(
        &self,
        params: ExportParams,
        mut listener: impl FnMut(WorkProgress),
    ) -> Result<Option<OnnxExport>, Fault> {
        let worker = self.reader()?;
        self.export_request
            .ask(&worker, Call::Export(params), |event| {
                if let WorkerEvent::Progress(progress) = event {
                    listener(progress);
                }
            })
    }

    /// Ends writing a model as ONNX, if one is written.
    pub fn cancel_export_onnx(&self) {
        self.cancel(&self.export_request);
    }

    /// Measures a device, unless it was measured before and not `again`; `None` when it was cancelled. Whoever asks
    /// while it is being measured waits for that.
    ///
    /// # Errors
    /// While a training runs, and those of the worker.
    pub fn measure(
        &self,
        device: &str,
        again: bool,
        mut listener: impl FnMut(WorkProgress),
    ) -> Result<Option<Measurement>, Fault> {
        let _one_at_a_time = lock(&self.measure_turn);
        let known = Measurements::read(self.data()).get(device).cloned();
        if known.is_some() && !again {
            return Ok(known);
        }
        if let Some(training) = self.training().filter(|training| training.is_running()) {
            return Err(training.busy());
        }
        let worker = self.reader()?;
        let params = MeasureParams {
            device: Some(device.to_owned()),
        };
        let result: MeasureResult = self.measure.ask(&worker, Call::Measure(params), |event| {
            if let WorkerEvent::Progress(progress) = event {
                listener(progress);
            }
        })?;
        let Some(measurement) = result.measurement else {
            return Ok(None);
        };
        self.keep(measurement.clone())?;
        Ok(Some(measurement))
    }

    /// Ends a measurement, if there is one.
    pub fn cancel_measure(&self) {
        self.cancel(&self.measure);
    }

    fn cancel(&self, request: &SlowRequest) {
        // Not under the lock: a worker that is stuck may not read what is written to it.
        let worker = lock(&self.reader).clone();
        if let Some(worker) = worker {
            request.cancel(&worker);
        }
    }

    /// Waits until a training is over and learns from it how fast its device is.
    pub fn learn_speed(&self, training: &Training) {
        training.wait();
        if !matches!(
            training.summary().state(),
            RunState::Finished | RunState::Stopped
        ) {
            return;
        }
        // A run that says too little, or can't be read, leaves the estimate as it was.
        let Ok(Some(speed)) = RunSpeed::of(&training.folder()) else {
            return;
        };
        let _one_at_a_time = lock(&self.measure_turn);
        let known = Measurements::read(self.data()).get(&speed.device).cloned();
        if let Some(mut measurement) =
            known.filter(|known| speed.is_believable(known.flops_per_second))
        {
            measurement.learn(speed.flops_per_second);
            let _ = self.keep(measurement);
        }
    }

    fn keep(&self, measurement: Measurement) -> Result<(), Fault> {
        Measurements::read(self.data())
            .keep(measurement)
            .map_err(Fault::file(self.data()))
    }

    /// Counts the tokens of a project's texts for the base model in the folder `model`; `None` while it has no
    /// examples. The project stays free for others meanwhile.
    ///
    /// # Errors
    /// When there is no such project, or the model has no usable tokenizer.
    pub fn count_texts(
        &self,
        project_id: &str,
        model: &Path,
    ) -> Result<Option<CountedTexts>, Fault> {
        let Some((edited, key)) = self.with_project(project_id, |project| Ok(project.texts()))?
        else {
            return Ok(None);
        };
        let counts = lock(&self.counts).of(&edited.dataset.examples, key, model)?;
        Ok(Some(CountedTexts { edited, counts }))
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
}
