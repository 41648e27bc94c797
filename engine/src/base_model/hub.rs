//! The way to the Hugging Face hub, through the crate `hf-hub`.
//!
//! `hf-hub` keeps what it fetches in the cache that Python's tools share, and goes on with a half-fetched file. It has
//! no time limit of its own and can't be stopped, so it works on a thread that reports here, and is left alone when it
//! reports nothing for too long.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use hf_hub::api::Progress;
use hf_hub::api::sync::{ApiBuilder, ApiError};
use hf_hub::{Cache, Repo, RepoType};

use super::download::Source;
use super::{BaseModelError, PICKLES};

/// Address of the public hub.
const PUBLIC_HUB: &str = "https://huggingface.co";

/// Where models are fetched from, and how long to wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Address, without a slash at its end.
    pub endpoint: String,
    /// Folder of the cache that is shared with other programs.
    pub cache: PathBuf,
    /// Longest wait until the first bytes of a file.
    pub answer_limit: Duration,
    /// Longest silence between bytes.
    pub silence_limit: Duration,
    /// Access token of the person's account; `None` = the one that Hugging Face's own tools keep, if any.
    pub token: Option<String>,
}

impl Hub {
    /// Describes the hub at `endpoint` (the public one if `None`) with the cache below `home`, the folder that
    /// `HF_HOME` names (the user's cache folder if `None`).
    pub fn new(endpoint: Option<String>, home: Option<PathBuf>) -> Self {
        let endpoint = endpoint
            .filter(|endpoint| !endpoint.trim().is_empty())
            .unwrap_or_else(|| PUBLIC_HUB.to_owned());
        let cache = home.map_or_else(|| Cache::default().path().clone(), |home| home.join("hub"));
        Self {
            endpoint: endpoint.trim().trim_end_matches('/').to_owned(),
            cache,
            answer_limit: Duration::from_secs(10),
            silence_limit: Duration::from_secs(60),
            token: None,
        }
    }
}

/// Tries of a download whose connection ends, as long as each brings something.
const MOST_TRIES: u32 = 4;
/// Pause before the second try; before the third it is twice as long, and so on.
const BETWEEN_TRIES: Duration = Duration::from_millis(300);

/// What the fetching thread reports.
enum Report {
    Begun { total_bytes: u64 },
    Read { n_bytes: u64 },
    Ended(Result<PathBuf, ApiError>),
}

/// Hears how many bytes of a file are here, and how many it has.
type Observer<'a> = dyn FnMut(u64, u64) -> ControlFlow<()> + 'a;

/// Returns the path of `file` in the cache, fetching it if it is not there; `None` if the observer ended it.
pub(super) fn fetch(
    hub: &Hub,
    source: &Source,
    file: &str,
    observer: &mut Observer<'_>,
) -> Result<Option<PathBuf>, BaseModelError> {
    if let Some(cached) = cached(hub, source, file) {
        return Ok(Some(cached));
    }
    // `hf-hub` can try again by itself, but then begins at byte 0 of what it appends to: its first try of a download
    // that goes on must be its last.
    let mut forgot = false;
    let mut n_tries = 0;
    loop {
        n_tries += 1;
        let mut came_forward = false;
        let fetched = try_fetch(hub, source, file, &mut |done, total| {
            came_forward |= done > 0;
            observer(done, total)
        });
        let error = match fetched {
            Ok(fetched) => return fetched,
            Err(error) => error,
        };
        match explain(error, hub, source, file) {
            Explained::BrokeOff(_) if came_forward && n_tries < MOST_TRIES => {
                thread::sleep(BETWEEN_TRIES * n_tries);
            }
            Explained::BeyondTheEnd(_) if !forgot => {
                forget_parts(hub, source);
                forgot = true;
            }
            Explained::BrokeOff(failure)
            | Explained::BeyondTheEnd(failure)
            | Explained::Failure(failure) => return Err(failure),
        }
    }
}

/// The file as this or another program fetched it before: by its commit, or as what the branch was then.
fn cached(hub: &Hub, source: &Source, file: &str) -> Option<PathBuf> {
    let path = folder_of(hub, source)
        .join("snapshots")
        .join(&source.revision)
        .join(file);
    if path.is_file() {
        return Some(path);
    }
    Cache::new(hub.cache.clone()).repo(repo(source)).get(file)
}

fn folder_of(hub: &Hub, source: &Source) -> PathBuf {
    hub.cache.join(repo(source).folder_name())
}

fn repo(source: &Source) -> Repo {
    Repo::with_revision(
        source.repository.clone(),
        RepoType::Model,
        source.revision.clone(),
    )
}

fn builder(hub: &Hub) -> ApiBuilder {
    let cache = Cache::new(hub.cache.clone());
    let token = hub.token.clone().or_else(|| cache.token());
    ApiBuilder::from_cache(cache)
        .with_endpoint(hub.endpoint.clone())
        .with_token(token)
        .with_progress(false)
}

/// The outer error is the hub's own, the inner one is silence.
fn try_fetch(
    hub: &Hub,
    source: &Source,
    file: &str,
    observer: &mut Observer<'_>,
) -> Result<Result<Option<PathBuf>, BaseModelError>, ApiError> {
    let (builder, repository, name) = (builder(hub), repo(source), file.to_owned());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let progress = ToChannel(sender.clone());
        let fetched = builder
            .build()
            .and_then(|api| api.repo(repository).download_with_progress(&name, progress));
        let _ = sender.send(Report::Ended(fetched));
    });
    follow(&receiver, hub, observer)
}

/// Removes half-fetched files of the model.
fn forget_parts(hub: &Hub, source: &Source) {
    let blobs = fs::read_dir(folder_of(hub, source).join("blobs"));
    for blob in blobs.into_iter().flatten().flatten() {
        let path = blob.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "part")
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// SHA-256 of a large file as the hub said it: the cache keeps such files under this name.
pub(super) fn sha256_by_hub(cached: &Path) -> Option<String> {
    let blob = cached.canonicalize().ok()?;
    let name = blob.file_name()?.to_str()?;
    let is_sha256 = name.len() == 64 && name.chars().all(|c| c.is_ascii_hexdigit());
    is_sha256.then(|| name.to_ascii_lowercase())
}

/// Says whether a model whose weights the hub does not give has a pickle instead.
pub(super) fn explain_missing_weights(
    hub: &Hub,
    source: &Source,
    error: BaseModelError,
) -> BaseModelError {
    if !matches!(error, BaseModelError::Refused { .. }) {
        return error;
    }
    let (builder, repository) = (builder(hub), repo(source));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let info = builder.build().and_then(|api| api.repo(repository).info());
        let _ = sender.send(info.map(|info| info.siblings));
    });
    let Ok(Ok(files)) = receiver.recv_timeout(hub.answer_limit) else {
        return error;
    };
    let has = |name: &&&str| files.iter().any(|file| file.rfilename == **name);
    match PICKLES.iter().find(has) {
        Some(pickle) => BaseModelError::PickleOnHub {
            repository: source.repository.clone(),
            file: (*pickle).to_owned(),
        },
        None => error,
    }
}

/// Removes a file from the cache, so that the next try fetches it anew.
pub(super) fn forget(cached: &Path) {
    if let Ok(blob) = cached.canonicalize() {
        let _ = fs::remove_file(blob);
    }
    let _ = fs::remove_file(cached);
}

fn follow(
    receiver: &Receiver<Report>,
    hub: &Hub,
    observer: &mut Observer<'_>,
) -> Result<Result<Option<PathBuf>, BaseModelError>, ApiError> {
    let unreachable = |reason: String| {
        Ok(Err(BaseModelError::Unreachable {
            endpoint: hub.endpoint.clone(),
            reason,
        }))
    };
    let (mut done_bytes, mut total_bytes) = (0, 0);
    let mut last_sign = Instant::now();
    loop {
        // The observer is asked ten times a second, so that a silent hub does not hold up a person who stops.
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(Report::Begun { total_bytes: total }) => {
                (done_bytes, total_bytes) = (0, total);
                last_sign = Instant::now();
            }
            Ok(Report::Read { n_bytes }) => {
                done_bytes += n_bytes;
                last_sign = Instant::now();
            }
            Ok(Report::Ended(ended)) => return ended.map(|path| Ok(Some(path))),
            Err(RecvTimeoutError::Disconnected) => {
                return unreachable("the download broke off".to_owned());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let (limit, what) = if total_bytes > 0 {
            (hub.silence_limit, "no further data")
        } else {
            (hub.answer_limit, "no answer")
        };
        if last_sign.elapsed() > limit {
            let seconds = limit.as_secs_f32();
            return unreachable(format!("{what} within {seconds} seconds"));
        }
        if observer(done_bytes, total_bytes).is_break() {
            return Ok(Ok(None));
        }
    }
}

/// What a fault of `hf-hub` means.
enum Explained {
    Failure(BaseModelError),
    /// The connection ended; what has arrived is kept.
    BrokeOff(BaseModelError),
    /// The part of an earlier try is as long as the file or longer, so that nothing can follow it.
    BeyondTheEnd(BaseModelError),
}

fn explain(error: ApiError, hub: &Hub, source: &Source, file: &str) -> Explained {
    const RANGE_NOT_SATISFIABLE: u16 = 416;
    let (endpoint, repository) = (hub.endpoint.clone(), source.repository.clone());
    let unreachable = |reason: String| BaseModelError::Unreachable {
        endpoint: endpoint.clone(),
        reason,
    };
    let refused = |reason: String| BaseModelError::Refused {
        endpoint: endpoint.clone(),
        repository: repository.clone(),
        file: file.to_owned(),
        reason,
    };
    Explained::Failure(match error {
        ApiError::RequestError(error) => {
            let reason = error.to_string();
            match error.into_response().map(|answer| answer.status()) {
                Some(RANGE_NOT_SATISFIABLE) => return Explained::BeyondTheEnd(refused(reason)),
                Some(status) => explain_status(status, endpoint, repository, file),
                None => unreachable(reason),
            }
        }
        ApiError::InvalidResume => {
            return Explained::BeyondTheEnd(refused(error.to_string()));
        }
        ApiError::IoError(error) => return Explained::BrokeOff(unreachable(error.to_string())),
        ApiError::LockAcquisition(_) => BaseModelError::HubBusy {
            endpoint,
            repository,
            reason: "another program is fetching the same file".to_owned(),
        },
        other => refused(other.to_string()),
    })
}

fn explain_status(status: u16, endpoint: String, repository: String, file: &str) -> BaseModelError {
    let reason = format!("status {status}");
    match status {
        401 | 403 => BaseModelError::Denied {
            endpoint,
            repository,
            reason,
        },
        429 | 500.. => BaseModelError::HubBusy {
            endpoint,
            repository,
            reason,
        },
        _ => BaseModelError::Refused {
            endpoint,
            repository,
            file: file.to_owned(),
            reason,
        },
    }
}

/// Passes the reports of `hf-hub` on.
struct ToChannel(Sender<Report>);

impl ToChannel {
    fn send(&self, report: Report) {
        if self.0.send(report).is_err() {
            // Nobody waits any more. `hf-hub` has no other way to be ended than to unwind its thread, and unwinding
            // this way is silent.
            std::panic::resume_unwind(Box::new("the download was ended"));
        }
    }
}

impl Progress for ToChannel {
    fn init(&mut self, size: usize, _file: &str) {
        self.send(Report::Begun {
            total_bytes: size as u64,
        });
    }

    fn update(&mut self, size: usize) {
        self.send(Report::Read {
            n_bytes: size as u64,
        });
    }

    fn finish(&mut self) {}
}
