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

use super::{BaseModelError, CatalogueEntry, DownloadProgress};

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
        }
    }
}

/// What the fetching thread reports.
enum Report {
    Begun { total_bytes: u64 },
    Read { n_bytes: u64 },
    Ended(Result<PathBuf, ApiError>),
}

/// Returns the path of `file` in the cache, fetching it if it is not there; `None` if the observer ended it.
pub(super) fn fetch(
    hub: &Hub,
    entry: &CatalogueEntry,
    file: &str,
    observer: &mut dyn FnMut(&DownloadProgress) -> ControlFlow<()>,
) -> Result<Option<PathBuf>, BaseModelError> {
    let repository = Repo::with_revision(
        entry.repository.to_owned(),
        RepoType::Model,
        entry.revision.to_owned(),
    );
    let cached = hub
        .cache
        .join(repository.folder_name())
        .join("snapshots")
        .join(entry.revision)
        .join(file);
    if cached.is_file() {
        return Ok(Some(cached));
    }
    let builder = ApiBuilder::from_cache(Cache::new(hub.cache.clone()))
        .with_endpoint(hub.endpoint.clone())
        .with_progress(false)
        .with_retries(2);
    let (sender, receiver) = mpsc::channel();
    let name = file.to_owned();
    thread::spawn(move || {
        let progress = ToChannel(sender.clone());
        let fetched = builder
            .build()
            .and_then(|api| api.repo(repository).download_with_progress(&name, progress));
        let _ = sender.send(Report::Ended(fetched));
    });
    follow(&receiver, hub, entry, file, observer)
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
    entry: &CatalogueEntry,
    file: &str,
    observer: &mut dyn FnMut(&DownloadProgress) -> ControlFlow<()>,
) -> Result<Option<PathBuf>, BaseModelError> {
    let mut progress = DownloadProgress {
        file: file.to_owned(),
        done_bytes: 0,
        total_bytes: 0,
    };
    let unreachable = |reason: String| BaseModelError::Unreachable {
        endpoint: hub.endpoint.clone(),
        reason,
    };
    let mut last_sign = Instant::now();
    loop {
        // The observer is asked ten times a second, so that a silent hub does not hold up a person who stops.
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(Report::Begun { total_bytes }) => {
                progress.done_bytes = 0;
                progress.total_bytes = total_bytes;
                last_sign = Instant::now();
            }
            Ok(Report::Read { n_bytes }) => {
                progress.done_bytes += n_bytes;
                last_sign = Instant::now();
            }
            Ok(Report::Ended(Ok(path))) => return Ok(Some(path)),
            Ok(Report::Ended(Err(error))) => return Err(explain(error, hub, entry, file)),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(unreachable("the download broke off".to_owned()));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let begun = progress.total_bytes > 0;
        let limit = if begun {
            hub.silence_limit
        } else {
            hub.answer_limit
        };
        if last_sign.elapsed() > limit {
            let what = if begun {
                "no further data"
            } else {
                "no answer"
            };
            return Err(unreachable(format!(
                "{what} within {} seconds",
                limit.as_secs_f32()
            )));
        }
        if observer(&progress).is_break() {
            return Ok(None);
        }
    }
}

fn explain(error: ApiError, hub: &Hub, entry: &CatalogueEntry, file: &str) -> BaseModelError {
    let refused = |reason: String| BaseModelError::Refused {
        endpoint: hub.endpoint.clone(),
        repository: entry.repository.to_owned(),
        file: file.to_owned(),
        reason,
    };
    match error {
        ApiError::RequestError(error) => {
            let reason = error.to_string();
            match error.into_response() {
                Some(answer) => refused(format!("status {}", answer.status())),
                None => BaseModelError::Unreachable {
                    endpoint: hub.endpoint.clone(),
                    reason,
                },
            }
        }
        ApiError::IoError(error) => BaseModelError::Unreachable {
            endpoint: hub.endpoint.clone(),
            reason: error.to_string(),
        },
        ApiError::TooManyRetries(error) => explain(*error, hub, entry, file),
        other => refused(other.to_string()),
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
