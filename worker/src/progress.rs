//! How a long work looks on stderr: a bar when a person watches, a plain line now and then when nobody does, or JSON.

use std::time::{Duration, Instant};

use embert_engine::base_model::DownloadProgress;
use embert_engine::dataset::Task;
use embert_engine::event::{TrainEvent, WorkProgress};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::output;

/// Shortest time between two plain lines about steps.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Shows the events of a training.
pub(crate) struct TrainDisplay {
    style: Style,
    last_line: Option<Instant>,
    n_steps: usize,
    /// The last score on the valid part, for the bar.
    valid: String,
    /// Whether a text can have several labels: the first score of a look is a micro-F1 then.
    is_multi: bool,
}

enum Style {
    Json,
    Bar(ProgressBar),
    Lines,
}

impl TrainDisplay {
    /// Makes a display that prints each event as JSON, or else a bar or lines.
    pub(crate) fn new(json: bool) -> Self {
        let style = match (json, output::is_watched()) {
            (true, _) => Style::Json,
            (false, true) => Style::Bar(ProgressBar::hidden()),
            (false, false) => Style::Lines,
        };
        Self {
            style,
            last_line: None,
            n_steps: 0,
            valid: String::new(),
            is_multi: false,
        }
    }

    /// What is learned has one label per text or several.
    pub(crate) fn set_task(&mut self, task: Task) {
        self.is_multi = task == Task::Multi;
    }

    /// Shows an event.
    pub(crate) fn show(&mut self, event: &TrainEvent) {
        match &self.style {
            Style::Json => match serde_json::to_string(event) {
                Ok(line) => output::tell(&line),
                Err(error) => output::tell(&format!("an event can't be printed: {error}")),
            },
            _ => self.show_to_person(event),
        }
    }

    fn show_to_person(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::Started { n_steps, .. } => {
                self.n_steps = *n_steps;
                started_lines(event).iter().for_each(|line| self.say(line));
                if let Style::Bar(bar) = &mut self.style {
                    *bar = steps_bar(*n_steps);
                }
            }
            TrainEvent::Step {
                step,
                loss,
                examples_per_second,
                seconds_left,
                ..
            } => {
                let left = HumanDuration(seconds(*seconds_left));
                let numbers = format!(
                    "loss {loss:.3}{}, {examples_per_second:.0} examples/s, {left} left",
                    self.valid
                );
                if let Style::Bar(bar) = &self.style {
                    bar.set_position(*step as u64);
                    bar.set_message(numbers);
                } else if self.is_due() {
                    self.say(&format!("step {step} of {}: {numbers}", self.n_steps));
                }
            }
            TrainEvent::Validated {
                step,
                loss,
                accuracy,
                macro_f1,
                is_best,
                ..
            } => {
                let (name, shown) = if self.is_multi {
                    ("micro-F1", accuracy)
                } else {
                    ("accuracy", macro_f1)
                };
                self.valid = format!(", valid F1 {:.1} %", shown * 100.0);
                let best = if *is_best { ", the best so far" } else { "" };
                self.say(&format!(
                    "step {step} of {}: valid loss {loss:.3}, {name} {:.1} %, macro-F1 {:.1} %{best}",
                    self.n_steps,
                    accuracy * 100.0,
                    macro_f1 * 100.0
                ));
            }
            TrainEvent::Notice { message, .. } => self.say(message),
            TrainEvent::Resumed { step } => self.say(&format!("going on after step {step}")),
            // Nothing that a person waits for.
            TrainEvent::Checkpoint { .. } => {}
            TrainEvent::StoppedEarly { step, reason, .. } => {
                self.say(&format!("stopped early at step {step}: {reason}"))
            }
            TrainEvent::Testing { n_test } => {
                self.clear();
                self.say(&format!(
                    "judging the best model on {}",
                    output::count(*n_test, "test text")
                ));
            }
            TrainEvent::Finished {
                step,
                seconds: taken,
                best_step,
                stopped,
            } => {
                self.clear();
                let how = if *stopped { "stopped" } else { "done" };
                let taken = HumanDuration(seconds(*taken));
                self.say(&format!("{how} after {step} steps and {taken}; the best model is the one of step {best_step}"));
            }
        }
    }

    fn is_due(&mut self) -> bool {
        let is_due = self
            .last_line
            .is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
        if is_due {
            self.last_line = Some(Instant::now());
        }
        is_due
    }

    fn say(&self, line: &str) {
        match &self.style {
            Style::Bar(bar) => bar.suspend(|| output::tell(line)),
            _ => output::tell(line),
        }
    }

    fn clear(&self) {
        if let Style::Bar(bar) = &self.style {
            bar.finish_and_clear();
        }
    }
}

impl Drop for TrainDisplay {
    fn drop(&mut self) {
        self.clear();
    }
}

fn started_lines(event: &TrainEvent) -> Vec<String> {
    let TrainEvent::Started {
        n_train,
        n_valid,
        n_test,
        n_steps,
        n_epochs,
        n_parameters,
        device,
        device_reason,
        ..
    } = event
    else {
        return Vec::new();
    };
    vec![
        format!(
            "{n_train} texts to learn from, {n_valid} to choose the best model, {n_test} to judge it"
        ),
        format!(
            "{:.1} million parameters, {n_epochs:.1} epochs in {n_steps} steps",
            *n_parameters as f64 / 1e6
        ),
        format!("computing on {device}: {device_reason}"),
    ]
}

fn steps_bar(n_steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(n_steps as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// A duration that can be shown; an estimate can be infinite or negative.
fn seconds(number: f64) -> Duration {
    Duration::from_secs(number.clamp(0.0, 1e7).round() as u64)
}

/// Shows how far evaluating or classifying has come.
pub(crate) struct WorkDisplay {
    what: &'static str,
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl WorkDisplay {
    /// Makes a display for things such as "texts judged".
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = output::is_watched().then(ProgressBar::hidden);
        Self {
            what,
            bar,
            last_line: Instant::now(),
        }
    }

    /// Shows the state.
    pub(crate) fn show(&mut self, progress: WorkProgress) {
        let (done, total) = (progress.done as u64, progress.total as u64);
        if let Some(bar) = &mut self.bar {
            if bar.length() != Some(total) {
                *bar = ProgressBar::new(total);
                bar.set_message(self.what);
                if let Ok(style) =
                    ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}, {eta} left")
                {
                    bar.set_style(style);
                }
            }
            bar.set_position(done);
        } else if self.last_line.elapsed() >= BETWEEN_LINES {
            self.last_line = Instant::now();
            output::tell(&format!("{done} of {total} {}", self.what));
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Shows how far a download has come.
pub(crate) struct BytesDisplay {
    bar: Option<ProgressBar>,
    file: String,
}

impl BytesDisplay {
    /// Makes a display.
    pub(crate) fn new() -> Self {
        Self {
            bar: output::is_watched().then(ProgressBar::hidden),
            file: String::new(),
        }
    }

    /// Shows the state.
    pub(crate) fn show(&mut self, progress: &DownloadProgress) {
        if progress.total_bytes == 0 {
            return;
        }
        let is_new = self.file != progress.file;
        if is_new {
            self.file.clone_from(&progress.file);
        }
        if let Some(bar) = &mut self.bar {
            if is_new {
                bar.finish_and_clear();
                *bar = ProgressBar::new(progress.total_bytes);
                bar.set_message(progress.file.clone());
                let template = "{msg} {bar:24} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
            }
            bar.set_position(progress.done_bytes);
        } else if is_new {
            output::tell(&format!(
                "{} ({} bytes)",
                progress.file, progress.total_bytes
            ));
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
