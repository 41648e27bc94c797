//! `embert worker`: the process that computes for the window.
//!
//! The main thread reads requests and never computes, so a `cancel` is answered at once; each request has a thread of
//! its own. Only one of them may train, evaluate or classify: two would fight for the same memory. Stdout carries the
//! protocol and nothing else. At the end of stdin everything is stopped; a training
//! leaves a checkpoint to go on from.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use embert_engine::base_model::DownloadProgress;
use embert_engine::event::{TrainEvent, WorkProgress};
use embert_engine::predict::{Classifier, Prediction};
use embert_engine::protocol::{
    Answer, Call, CancelResult, ClassifyParams, ClassifyResult, DownloadResult, DownloadState,
    EventLine, HelloResult, LabelledText, MeasureParams, MeasureResult, ModelParams, ProtocolError,
    Request, RequestId, TrainParams, TrainResult, WorkerEvent,
};
use embert_engine::train::Outcome as TrainOutcome;
use embert_engine::values::Values;
use serde::Serialize;
use serde_json::Value;

use crate::classify::{self, FileToClassify, Wanted};
use crate::failure::{self, Failure, Outcome};
use crate::models::{self, ModelFolders};
use crate::stop::Stop;
use crate::{devices, evaluate, export, inspect, measure, output, train};

/// Shortest time between two events that only say how far it is: ten a second are enough for any screen.
const BETWEEN_EVENTS: Duration = Duration::from_millis(100);
/// How long the work may take to end after stdin has ended.
const LEAVING: Duration = Duration::from_secs(120);
/// Time over which the speed of a download is averaged.
const SPEED_WINDOW: Duration = Duration::from_secs(5);
/// Version of the protocol; it changes when a line of an older one is no longer understood.
const PROTOCOL: u32 = 1;

/// What all threads share.
struct Desk {
    folders: ModelFolders,
    running: Mutex<HashMap<RequestId, Running>>,
    /// The classifier of the last request, so that the next text need not wait for the weights.
    loaded: Mutex<Option<Loaded>>,
    /// Held while a line is written.
    out: Mutex<()>,
}

struct Running {
    stop: Stop,
    computes: bool,
}

struct Loaded {
    folder: PathBuf,
    written: Option<SystemTime>,
    device: Option<String>,
    classifier: Classifier,
}

/// Runs the command.
pub(crate) fn run(folders: ModelFolders) -> Result<Outcome, Failure> {
    let desk = Arc::new(Desk {
        folders,
        running: Mutex::default(),
        loaded: Mutex::default(),
        out: Mutex::default(),
    });
    let interrupted = Arc::clone(&desk);
    let closing = Stop::default();
    let handler = move || {
        // A window that goes away takes its worker along; a training gets the time for a checkpoint.
        if closing.ask() || interrupted.stop_all() == 0 {
            std::process::exit(3);
        }
    };
    ctrlc::set_handler(handler).map_err(Failure::internal)?;

    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    let mut stdin = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match stdin.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if line.trim_ascii().is_empty() => continue,
            Ok(_) => {}
            Err(error) => {
                output::tell(&format!("stdin can't be read: {error}"));
                break;
            }
        }
        threads.retain(|thread| !thread.is_finished());
        threads.extend(take(&desk, &line));
    }
    desk.stop_all();
    thread::spawn(|| {
        thread::sleep(LEAVING);
        // Nobody is left to hear that something is stuck.
        std::process::exit(4);
    });
    for thread in threads {
        // A panic in it was answered already.
        let _ = thread.join();
    }
    Ok(Outcome::Done)
}

/// Answers a line, or starts the thread that will.
fn take(desk: &Arc<Desk>, line: &[u8]) -> Option<JoinHandle<()>> {
    let text = String::from_utf8_lossy(line);
    let request = match Request::parse(text.trim()) {
        Ok(request) => request,
        Err(error) => {
            let ProtocolError::Malformed { id, .. } = &error;
            desk.answer(id.clone(), Err(error.into()));
            return None;
        }
    };
    let Request { id, call } = request;
    match call {
        Call::Hello(_) => desk.answer(Some(id), to_value(&hello())),
        Call::Cancel(params) => {
            let cancelled = desk.stop(&params.id);
            desk.answer(Some(id), to_value(&CancelResult { cancelled }));
        }
        call => match desk.register(&id, &call) {
            Ok(stop) => return Some(start(desk, id, call, stop)),
            Err(failure) => desk.answer(Some(id), Err(failure)),
        },
    }
    None
}

fn start(desk: &Arc<Desk>, id: RequestId, call: Call, stop: Stop) -> JoinHandle<()> {
    let desk = Arc::clone(desk);
    thread::spawn(move || {
        let result = failure::contain(|| desk.serve(&id, &call, &stop));
        // Whoever reads the answer may send the next request at once.
        desk.running().remove(&id);
        desk.answer(Some(id), result);
    })
}

fn hello() -> HelloResult {
    HelloResult {
        name: "embert".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
    }
}

impl Desk {
    fn serve(&self, id: &RequestId, call: &Call, stop: &Stop) -> Result<Value, Failure> {
        match call {
            Call::Train(params) => to_value(&self.train(id, params, stop)?),
            Call::Evaluate(params) => {
                let mut progress = Throttle::default();
                let notice = &mut |message: &str| self.notice(id, message);
                let report = evaluate::evaluate(params, notice, &mut |state| {
                    self.progress(id, state, &mut progress);
                    stop.flow()
                })?;
                to_value(&report)
            }
            Call::Classify(params) => to_value(&self.classify(id, params, stop)?),
            Call::Export(params) => {
                let mut progress = Throttle::default();
                let notice = &mut |message: &str| self.notice(id, message);
                let export = export::export(params, notice, &mut |state| {
                    self.progress(id, state, &mut progress);
                    stop.flow()
                })?;
                to_value(&export)
            }
            Call::Inspect(params) => to_value(&inspect::inspect(params)?),
            Call::Devices(_) => to_value(&devices::list()?),
            Call::Measure(params) => to_value(&self.measure(id, params, stop)?),
            Call::Models(_) => to_value(&serde_json::json!({
                "models": models::list(&self.folders),
                "downloadFolder": self.folders.download(),
            })),
            Call::Model(params) => to_value(&models::describe(&params.name, &self.folders)?),
            Call::Download(params) => to_value(&self.download(id, params, stop)?),
            Call::Hello(_) | Call::Cancel(_) => Err(Failure::internal("answered by the reader")),
        }
    }

    fn train(
        &self,
        id: &RequestId,
        params: &TrainParams,
        stop: &Stop,
    ) -> Result<TrainResult, Failure> {
        let prepared = train::prepare(params, &self.folders)?;
        let mut steps = Throttle::default();
        let trained = train::train(&prepared, &mut |event| {
            if !matches!(event, TrainEvent::Step { .. }) || steps.is_due() {
                self.event(id, WorkerEvent::Training(event.clone()));
            }
            stop.training_flow()
        })?;
        match trained {
            TrainOutcome::Trained(trained) => Ok(TrainResult {
                report: trained.report,
                model_folder: trained.model_folder,
                stopped: trained.stopped,
            }),
            TrainOutcome::Paused { step } => Err(Failure::Paused { step }),
        }
    }

    fn measure(
        &self,
        id: &RequestId,
        params: &MeasureParams,
        stop: &Stop,
    ) -> Result<MeasureResult, Failure> {
        let device = match &params.device {
            Some(device) => device.clone(),
            None => devices::choose(None)?.info.id,
        };
        let mut throttle = Throttle::default();
        let measurement = measure::measure(&device, &mut |state| {
            self.progress(id, state, &mut throttle);
            stop.flow()
        })?;
        Ok(MeasureResult { measurement })
    }

    fn download(
        &self,
        id: &RequestId,
        params: &ModelParams,
        stop: &Stop,
    ) -> Result<DownloadResult, Failure> {
        let mut throttle = Throttle::default();
        let mut speed = DownloadSpeed::default();
        let model = models::fetch(&params.name, &self.folders, &mut |progress| {
            if throttle.is_due() || progress.done_bytes == progress.total_bytes {
                let state = speed.state(progress, Instant::now());
                self.event(id, WorkerEvent::Download(state));
            }
            stop.flow()
        })?;
        Ok(DownloadResult {
            folder: model.map(|model| model.folder),
        })
    }

    fn classify(
        &self,
        id: &RequestId,
        params: &ClassifyParams,
        stop: &Stop,
    ) -> Result<ClassifyResult, Failure> {
        let mut progress = Throttle::default();
        let mut observer = |state| {
            self.progress(id, state, &mut progress);
            stop.flow()
        };
        let stopped = ClassifyResult {
            predictions: Vec::new(),
            n_classified: 0,
            stopped: true,
        };
        match (&params.file, params.texts.as_slice()) {
            (None, []) => Err(Failure::ClassifyWhat { found: "nothing" }),
            (Some(_), [_, ..]) => Err(Failure::ClassifyWhat { found: "both" }),
            (None, texts) => {
                let texts: Vec<_> = texts
                    .iter()
                    .map(|text| (text.text.as_str(), text.text_b.as_deref()))
                    .collect();
                let found = self.with_classifier(params, |classifier| {
                    let found = classifier.classify(&texts, &mut observer)?;
                    Ok(found.map(|found| labelled(&found, classifier)))
                })?;
                Ok(found.map_or(stopped, |predictions| ClassifyResult {
                    n_classified: predictions.len(),
                    predictions,
                    stopped: false,
                }))
            }
            (Some(file), []) => {
                let out = params.out.as_deref().ok_or(Failure::ClassifyWhat {
                    found: "file without out",
                })?;
                crate::convert::check_out(file, out)?;
                let wanted = Wanted {
                    columns: params.columns.clone(),
                    dialect: params.dialect.clone(),
                    pairs: classify::takes_pairs(&models::trained_model(&params.model)?),
                };
                let file = FileToClassify::open(file, wanted)?;
                file.notices
                    .iter()
                    .for_each(|notice| self.notice(id, notice));
                self.with_classifier(params, |classifier| {
                    let Some(labelled) = file.classify(classifier, &mut observer)? else {
                        return Ok(stopped);
                    };
                    labelled.write(classifier.labels(), out)?;
                    let n_classified = labelled.n_classified();
                    Ok(ClassifyResult {
                        predictions: Vec::new(),
                        n_classified,
                        stopped: false,
                    })
                })
            }
        }
    }

    /// Works with the classifier of a request, which is loaded unless it is the last one.
    fn with_classifier<T>(
        &self,
        params: &ClassifyParams,
        work: impl FnOnce(&Classifier) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let folder = models::trained_model(&params.model)?;
        let written = folder
            .join("model.safetensors")
            .metadata()
            .and_then(|file| file.modified())
            .ok();
        let mut loaded = lock(&self.loaded);
        let is_same = |loaded: &Loaded| {
            loaded.folder == folder && loaded.written == written && loaded.device == params.device
        };
        let kept = match loaded.take() {
            Some(kept) if is_same(&kept) => kept,
            _ => {
                let classifier = classify::load(&folder, params.device.as_deref())?;
                Loaded {
                    folder,
                    written,
                    device: params.device.clone(),
                    classifier,
                }
            }
        };
        work(&loaded.insert(kept).classifier)
    }

    fn register(&self, id: &RequestId, call: &Call) -> Result<Stop, Failure> {
        let computes = matches!(
            call,
            Call::Train(_) | Call::Evaluate(_) | Call::Classify(_) | Call::Export(_)
        );
        let mut running = self.running();
        if running.contains_key(id) {
            return Err(Failure::Busy {
                running: name_of(id),
            });
        }
        // A measurement beside a training would be wrong, and would slow it down.
        let needs_quiet = computes || matches!(call, Call::Measure(_));
        if needs_quiet && let Some((busy, _)) = running.iter().find(|(_, other)| other.computes) {
            return Err(Failure::Busy {
                running: name_of(busy),
            });
        }
        let stop = Stop::default();
        running.insert(
            id.clone(),
            Running {
                stop: stop.clone(),
                computes,
            },
        );
        Ok(stop)
    }

    /// Asks a request to stop; returns whether there is such a request.
    fn stop(&self, id: &RequestId) -> bool {
        self.running()
            .get(id)
            .map(|running| running.stop.ask())
            .is_some()
    }

    /// Asks all requests to stop, because the process is to end, and returns their number.
    fn stop_all(&self) -> usize {
        let running = self.running();
        running
            .values()
            .for_each(|request| request.stop.ask_to_leave());
        running.len()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<RequestId, Running>> {
        lock(&self.running)
    }

    fn notice(&self, id: &RequestId, message: &str) {
        let notice = TrainEvent::Notice {
            code: "columns.guessed".to_owned(),
            message: message.to_owned(),
            // Only a caller that names no columns hears this, and the window names them.
            values: Values::new(),
        };
        self.event(id, WorkerEvent::Training(notice));
    }

    fn progress(&self, id: &RequestId, state: WorkProgress, throttle: &mut Throttle) {
        if throttle.is_due() || state.done == state.total {
            self.event(id, WorkerEvent::Progress(state));
        }
    }

    fn event(&self, id: &RequestId, event: WorkerEvent) {
        self.write(&EventLine {
            id: id.clone(),
            event,
        });
    }

    fn answer(&self, id: Option<RequestId>, result: Result<Value, Failure>) {
        let answer = match (id, result) {
            (Some(id), Ok(result)) => Answer::Done { id, result },
            (id, Err(failure)) => Answer::Failed {
                id,
                error: failure.info(),
            },
            (None, Ok(_)) => return,
        };
        self.write(&answer);
    }

    fn write(&self, line: &impl Serialize) {
        let text = match serde_json::to_string(line) {
            Ok(text) => text,
            Err(error) => return output::tell(&format!("a line can't be written: {error}")),
        };
        let _whole_lines = lock(&self.out);
        let mut stdout = io::stdout().lock();
        // Nobody reads any more: stdin ends as well, and with it the worker.
        let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    }
}

/// Lets something through at most ten times a second.
#[derive(Default)]
struct Throttle(Option<Instant>);

impl Throttle {
    fn is_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|last| last.elapsed() >= BETWEEN_EVENTS);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}

/// How fast bytes arrive: the mean of the last seconds, because a line's speed changes.
#[derive(Default)]
struct DownloadSpeed(VecDeque<(Instant, u64)>);

impl DownloadSpeed {
    fn state(&mut self, progress: &DownloadProgress, now: Instant) -> DownloadState {
        let done = progress.done_bytes;
        // A file that was half here already begins with a leap, which is no speed.
        if self.0.back().is_some_and(|(_, last)| done < *last) {
            self.0.clear();
        }
        self.0.push_back((now, done));
        while self.0.len() > 2 && now - self.0[0].0 > SPEED_WINDOW {
            self.0.pop_front();
        }
        let (since, before) = self.0[0];
        let seconds = (now - since).as_secs_f64();
        let bytes_per_second = if seconds > 0.0 {
            (done - before) as f64 / seconds
        } else {
            0.0
        };
        let left = progress.total_bytes.saturating_sub(done) as f64;
        DownloadState {
            file: progress.file.clone(),
            done_bytes: done,
            total_bytes: progress.total_bytes,
            bytes_per_second,
            seconds_left: (bytes_per_second > 0.0 && progress.total_bytes > 0)
                .then(|| left / bytes_per_second),
        }
    }
}

fn labelled(predictions: &[Prediction], classifier: &Classifier) -> Vec<LabelledText> {
    let labelled = predictions.iter().map(|prediction| LabelledText {
        label: classifier.labels().name(prediction.label_id).to_owned(),
        scores: prediction
            .scores
            .iter()
            .map(|score| f64::from(*score))
            .collect(),
        labels: classifier
            .task()
            .is_multi()
            .then(|| classify::names(prediction, classifier.labels())),
    });
    labelled.collect()
}

fn to_value(result: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(result).map_err(Failure::internal)
}

fn name_of(id: &RequestId) -> String {
    match id {
        RequestId::Number(number) => number.to_string(),
        RequestId::Text(text) => text.clone(),
    }
}

/// A panic in another thread does not make the data wrong: each holder leaves it whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_of_a_download_is_that_of_the_last_seconds() {
        let begin = Instant::now();
        let mut speed = DownloadSpeed::default();
        let mut at = |seconds: u64, done_bytes: u64| {
            let progress = DownloadProgress {
                file: "model.safetensors".to_owned(),
                done_bytes,
                total_bytes: 10_000,
            };
            speed.state(&progress, begin + Duration::from_secs(seconds))
        };
        assert_eq!(at(0, 1000).seconds_left, None);
        assert_eq!(at(1, 2000).bytes_per_second, 1000.0);
        assert_eq!(at(2, 3000).seconds_left, Some(7.0));
        // Six seconds later only what came in them counts.
        assert_eq!(at(8, 3600).bytes_per_second, 100.0);
        // A new file begins from the start.
        assert_eq!(at(9, 0).bytes_per_second, 0.0);
    }
}
