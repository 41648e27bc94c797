//! The worker process: started here, fed with requests, stopped, killed when it is stuck, and its end noticed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use embert_engine::error::ErrorInfo;
use embert_engine::protocol::{
    Answer, Call, CancelParams, EventLine, Request, RequestId, WorkerEvent,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fault::Fault;
use crate::lock;

/// How much of the worker's log is kept for the person.
const LOG_BYTES: usize = 4096;
/// How long the end of the process may take after its pipe closed.
const ENDING: Duration = Duration::from_secs(5);

/// What the worker says about one request.
enum Line {
    Event(WorkerEvent),
    Result(Result<Value, ErrorInfo>),
}

/// Folders that a worker works with.
#[derive(Debug, Clone)]
pub struct Places {
    /// Base models that came with the app; `None` where it was not installed.
    pub models: Option<PathBuf>,
    /// The app's data folder: downloaded models and what was measured.
    pub data: PathBuf,
}

/// A running worker process. Dropping it ends the process.
pub struct Worker {
    child: Mutex<Child>,
    stdin: Mutex<Option<ChildStdin>>,
    waiting: Arc<Mutex<HashMap<u64, Sender<Line>>>>,
    log: Arc<Mutex<Vec<u8>>>,
    next_id: AtomicU64,
}

impl Worker {
    /// Starts `program`.
    ///
    /// # Errors
    /// [`Fault::WorkerStart`].
    pub fn start(program: &Path, places: &Places) -> Result<Worker, Fault> {
        let mut command = Command::new(program);
        command
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("EMBERT_DATA", &places.data);
        if let Some(models) = &places.models {
            command.env("EMBERT_MODELS", models);
        }
        hide_console(&mut command);
        let mut child = command.spawn().map_err(|source| Fault::WorkerStart {
            path: program.to_path_buf(),
            source,
        })?;
        let stdin = child.stdin.take();
        let waiting = Arc::new(Mutex::new(HashMap::new()));
        let log = Arc::new(Mutex::new(Vec::new()));
        if let Some(stdout) = child.stdout.take() {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || read_lines(stdout, &waiting));
        }
        if let Some(stderr) = child.stderr.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || read_log(stderr, &log));
        }
        Ok(Worker {
            child: Mutex::new(child),
            stdin: Mutex::new(stdin),
            waiting,
            log,
            next_id: AtomicU64::new(1),
        })
    }

    /// Sends a request whose answer is waited for with [`Pending::wait`].
    ///
    /// # Errors
    /// [`Fault::WorkerDied`] when nobody reads it any more.
    pub fn send(&self, call: Call) -> Result<Pending<'_>, Fault> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = mpsc::channel();
        lock(&self.waiting).insert(id, sender);
        if self.write(id, call).is_err() {
            lock(&self.waiting).remove(&id);
            return Err(self.died());
        }
        Ok(Pending {
            worker: self,
            id,
            receiver,
        })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The worker's own error, that it ended, or that its answer makes no sense.
    pub fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Fault> {
        self.send(call)?.wait(|_| {})
    }

    /// Asks the worker to stop the request `id`.
    pub fn cancel(&self, id: u64) {
        let call = Call::Cancel(CancelParams {
            id: RequestId::Number(id),
        });
        // The answer tells nothing that the answer of the request itself doesn't.
        let _ = self.write(self.next_id.fetch_add(1, Ordering::Relaxed), call);
    }

    /// Ends the process at once.
    pub fn kill(&self) {
        let mut child = lock(&self.child);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Whether the process is still there.
    pub fn is_alive(&self) -> bool {
        matches!(lock(&self.child).try_wait(), Ok(None))
    }

    /// Number of the process.
    pub fn process_id(&self) -> u32 {
        lock(&self.child).id()
    }

    fn write(&self, id: u64, call: Call) -> std::io::Result<()> {
        let request = Request {
            id: RequestId::Number(id),
            call,
        };
        let mut line = serde_json::to_vec(&request)?;
        line.push(b'\n');
        match lock(&self.stdin).as_mut() {
            Some(stdin) => stdin.write_all(&line).and_then(|()| stdin.flush()),
            None => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn died(&self) -> Fault {
        let mut child = lock(&self.child);
        let clock = std::time::Instant::now();
        let ending = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status.to_string(),
                Ok(None) if clock.elapsed() < ENDING => thread::sleep(Duration::from_millis(20)),
                Ok(None) => {
                    let _ = child.kill();
                    break "it closed its pipe".to_owned();
                }
                Err(error) => break error.to_string(),
            }
        };
        Fault::WorkerDied {
            ending,
            log: String::from_utf8_lossy(&lock(&self.log)).trim().to_owned(),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // At the end of its stdin the worker ends by itself; a training takes a moment for a checkpoint, and nobody
        // waits for that.
        lock(&self.stdin).take();
        let mut child = lock(&self.child);
        for _ in 0..50 {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A request without its answer yet.
pub struct Pending<'a> {
    worker: &'a Worker,
    id: u64,
    receiver: Receiver<Line>,
}

impl Pending<'_> {
    /// The request's number, for [`Worker::cancel`].
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Waits for the answer and hands every event to `listener`.
    ///
    /// # Errors
    /// The worker's own error, that it ended, or that its answer makes no sense.
    pub fn wait<T: DeserializeOwned>(
        self,
        mut listener: impl FnMut(WorkerEvent),
    ) -> Result<T, Fault> {
        loop {
            match self.receiver.recv_timeout(Duration::from_secs(1)) {
                Ok(Line::Event(event)) => listener(event),
                Ok(Line::Result(Ok(result))) => {
                    return serde_json::from_value(result).map_err(Fault::WorkerAnswer);
                }
                Ok(Line::Result(Err(error))) => return Err(Fault::Worker(error)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.worker.died()),
            }
        }
    }
}

/// Sorts the worker's lines by request; at the end, everybody who waits hears of it by losing the sender.
fn read_lines(stdout: impl Read, waiting: &Mutex<HashMap<u64, Sender<Line>>>) {
    for line in BufReader::new(stdout).lines() {
        let Ok(line) = line else { break };
        if let Ok(EventLine {
            id: RequestId::Number(id),
            event,
        }) = serde_json::from_str(&line)
        {
            if let Some(sender) = lock(waiting).get(&id) {
                let _ = sender.send(Line::Event(event));
            }
            continue;
        }
        let (id, result) = match serde_json::from_str(&line) {
            Ok(Answer::Done { id, result }) => (Some(id), Ok(result)),
            Ok(Answer::Failed { id, error }) => (id, Err(error)),
            Err(_) => continue,
        };
        if let Some(RequestId::Number(id)) = id
            && let Some(sender) = lock(waiting).remove(&id)
        {
            let _ = sender.send(Line::Result(result));
        }
    }
    lock(waiting).clear();
}

fn read_log(mut stderr: impl Read, log: &Mutex<Vec<u8>>) {
    let mut piece = [0; 1024];
    while let Ok(n) = stderr.read(&mut piece) {
        if n == 0 {
            break;
        }
        let mut log = lock(log);
        log.extend_from_slice(&piece[..n]);
        let surplus = log.len().saturating_sub(LOG_BYTES);
        log.drain(..surplus);
    }
}

/// The worker program: beside this one, or the one that `EMBERT_WORKER` names.
#[must_use]
pub fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("EMBERT_WORKER") {
        return PathBuf::from(named);
    }
    let name = if cfg!(windows) {
        "embert.exe"
    } else {
        "embert"
    };
    let own = std::env::current_exe().unwrap_or_default();
    let beside = own.with_file_name(name);
    // Tests run from a folder below the one that holds the programs.
    match own.parent().and_then(Path::parent) {
        Some(above) if !beside.exists() => above.join(name),
        _ => beside,
    }
}

#[cfg(windows)]
fn hide_console(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn hide_console(_: &mut Command) {}
