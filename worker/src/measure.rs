//! Measuring a device: a test training in a child process, which is this program again with a hidden command. A
//! driver's crash is a sentence here, the memory is that of the test alone, and stopping is ending the child.

use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use embert_engine::event::WorkProgress;
use embert_engine::measurement::{Measurement, Measurements};
use embert_engine::{base_model, device};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};
use crate::models::{self, ModelFolders};
use crate::{devices, output};

/// Longest wait for the result: building all kernels of a training took two minutes on software Vulkan.
const LIMIT: Duration = Duration::from_secs(300);
/// How often the wish to stop is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// A line from the child.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Result(Box<Measurement>),
    Progress(WorkProgress),
}

/// Measures the device `id`; `None` when `observer` ended it.
pub(crate) fn measure(
    id: &str,
    observer: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
) -> Result<Option<Measurement>, Failure> {
    let info = devices::find(id)?;
    let failed = |reason: String| Failure::Measuring {
        device: info.name.clone(),
        reason,
    };
    let mut child = start(id).map_err(|error| failed(format!("it can't be started: {error}")))?;
    let outcome = follow(&mut child, observer);
    let _ = child.kill();
    let status = child.wait();
    match outcome {
        Followed::Measured(measurement) => Ok(Some(*measurement)),
        Followed::Stopped => Ok(None),
        Followed::TooSlow => Err(failed(format!(
            "it did not end within {} seconds",
            LIMIT.as_secs()
        ))),
        Followed::Ended => Err(failed(match status {
            Ok(status) => format!("its process ended without a result ({status})"),
            Err(error) => error.to_string(),
        })),
    }
}

/// Keeps a measurement for the next choice of a device.
pub(crate) fn remember(measurement: Measurement) -> Result<(), Failure> {
    let folder = models::own_folder();
    Measurements::read(&folder)
        .keep(measurement)
        .map_err(|source| Failure::Remember { folder, source })
}

/// Measures for [`measure`] in the parent process.
pub(crate) fn for_parent(id: &str, folders: &ModelFolders) -> Result<Outcome, Failure> {
    // This is the child: the drivers may be opened here.
    let known = device::list().into_iter().find(|info| info.id == id);
    let info = known.map_or_else(|| devices::find(id), Ok)?;
    let starter = base_model::find(&base_model::starter().name, folders.searched()).ok();
    let mut told = Ok(());
    let measurement = embert_engine::measure::measure(&info, starter.as_ref(), &mut |progress| {
        told = print(&Line::Progress(progress));
        match told {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    told?;
    match measurement {
        Some(measurement) => {
            print(&Line::Result(Box::new(measurement)))?;
            Ok(Outcome::Done)
        }
        None => Ok(Outcome::Stopped),
    }
}

/// The result as a person says it.
pub(crate) fn in_words(measurement: &Measurement) -> String {
    let memory = measurement
        .peak_memory_bytes
        .map(|bytes| format!(", {:.0} MB of memory", bytes as f64 / 1e6))
        .unwrap_or_default();
    format!(
        "about {:.0} texts of {} tokens per second, {:.0} tokens per second{memory}, with {}",
        measurement.examples_per_second,
        measurement.example_tokens,
        measurement.tokens_per_second,
        measurement.model
    )
}

fn print(line: &Line) -> Result<(), Failure> {
    let text = serde_json::to_string(line).map_err(|error| Failure::Output(error.into()))?;
    output::print(&format!("{text}\n"))
}

fn start(id: &str) -> io::Result<Child> {
    Command::new(env::current_exe()?)
        .args(["measure-device", id])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

enum Followed {
    Measured(Box<Measurement>),
    Stopped,
    TooSlow,
    Ended,
}

fn follow(
    child: &mut Child,
    observer: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
) -> Followed {
    let Some(stdout) = child.stdout.take() else {
        return Followed::Ended;
    };
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let begin = Instant::now();
    let mut progress = WorkProgress {
        done: 0,
        total: 100,
    };
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) => match serde_json::from_str(&line) {
                Ok(Line::Result(measurement)) => return Followed::Measured(measurement),
                Ok(Line::Progress(now)) => progress = now,
                Err(_) => {}
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Followed::Ended,
        }
        if observer(progress).is_break() {
            return Followed::Stopped;
        }
        if begin.elapsed() > LIMIT {
            return Followed::TooSlow;
        }
    }
}
