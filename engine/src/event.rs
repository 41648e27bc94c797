//! What a training tells while it runs. The run's log, the pipe to the window and the progress bar carry the same
//! events.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::device_reason::DeviceReason;
use crate::values::Values;

/// Every event of a run, one JSON line each, in the run folder.
pub const LOG: &str = "events.jsonl";

/// One thing that happened in a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum TrainEvent {
    /// Everything is loaded; the first step follows.
    Started {
        /// Texts to learn from.
        n_train: usize,
        /// Texts to choose the best checkpoint by.
        n_valid: usize,
        /// Texts for the report.
        n_test: usize,
        /// Optimizer steps planned.
        n_steps: usize,
        /// Epochs planned.
        n_epochs: f64,
        /// Weights of the model.
        n_parameters: usize,
        /// Weights that are trained.
        n_trained_parameters: usize,
        /// The device, in words.
        device: String,
        /// Why this device, in English.
        device_reason: String,
        /// The same by name; `None` in what older versions wrote.
        #[serde(default)]
        device_why: Option<DeviceReason>,
        /// Texts that are computed at once.
        micro_batch_size: usize,
    },
    /// The training goes on from a checkpoint. What an earlier event said about later steps no longer counts: those
    /// steps are taken again.
    Resumed {
        /// Steps done so far.
        step: usize,
    },
    /// An optimizer step is done.
    Step {
        /// Steps done so far, from 1.
        step: usize,
        /// Epochs done so far, with fraction.
        epoch: f64,
        /// Mean loss of the step's texts.
        loss: f64,
        /// Learning rate of the step.
        learning_rate: f64,
        /// Norm of all gradients before clipping; `None` on a GPU, which would have to be waited for.
        gradient_norm: Option<f64>,
        /// Texts per second, lately.
        examples_per_second: f64,
        /// Seconds until the planned end.
        seconds_left: f64,
    },
    /// The valid part was looked at. The best weights are on disk before this event.
    Validated {
        /// Steps done so far.
        step: usize,
        /// Epochs done so far, with fraction.
        epoch: f64,
        /// Mean loss on the valid part.
        loss: f64,
        /// Share of right answers, 0 to 1. Where a text can have several labels, micro-F1, which is the same with one.
        accuracy: f64,
        /// Mean of the labels' F1, 0 to 1.
        macro_f1: f64,
        /// Whether this is the best checkpoint so far.
        is_best: bool,
    },
    /// The training can be resumed from here, should the process or the computer end.
    Checkpoint {
        /// Steps done so far.
        step: usize,
    },
    /// Something that the person should know; the training goes on.
    Notice {
        /// Stable name of the matter.
        code: String,
        /// One sentence for the person, in English.
        message: String,
        /// The numbers and names in the sentence, for other languages; empty in what older versions wrote.
        #[serde(default)]
        #[ts(type = "Record<string, string | number | Array<string> | Array<number>>")]
        values: Values,
    },
    /// The training ends before the planned last step because it no longer improves.
    StoppedEarly {
        /// Steps done.
        step: usize,
        /// Why, in English.
        reason: String,
        /// Looks at the valid part without gain; `None` in what older versions wrote.
        #[serde(default)]
        n_checks: Option<usize>,
        /// Step of the best checkpoint; `None` in what older versions wrote.
        #[serde(default)]
        best_step: Option<usize>,
    },
    /// The test part is looked at, once, with the best checkpoint.
    Testing {
        /// Texts of the test part.
        n_test: usize,
    },
    /// The training is over.
    Finished {
        /// Steps done.
        step: usize,
        /// Seconds since the training started.
        seconds: f64,
        /// Step of the best checkpoint.
        best_step: usize,
        /// Whether the person stopped it.
        stopped: bool,
    },
}

/// What a run told and what of it still counts; empty where there is no log. Lines that can't be read are left out: the
/// last one of a process that was killed may be half there.
#[must_use]
pub fn read_log(run_folder: &Path) -> Vec<TrainEvent> {
    let log = fs::read(run_folder.join(LOG)).unwrap_or_default();
    let events = log
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok());
    rewound(events.collect())
}

/// The events that still count: what a resumed training took back is left out.
#[must_use]
pub fn rewound(events: Vec<TrainEvent>) -> Vec<TrainEvent> {
    let mut counting: Vec<TrainEvent> = Vec::with_capacity(events.len());
    for event in events {
        if let TrainEvent::Resumed { step: last } = event {
            counting.retain(|earlier| earlier.step().is_none_or(|step| step <= last));
        }
        counting.push(event);
    }
    counting
}

impl TrainEvent {
    /// The step that it tells about, where it tells about one.
    fn step(&self) -> Option<usize> {
        match self {
            Self::Step { step, .. }
            | Self::Validated { step, .. }
            | Self::Checkpoint { step }
            | Self::StoppedEarly { step, .. }
            | Self::Finished { step, .. } => Some(*step),
            Self::Started { .. }
            | Self::Resumed { .. }
            | Self::Notice { .. }
            | Self::Testing { .. } => None,
        }
    }
}

/// How far a long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename = "progress", rename_all = "camelCase")]
pub struct WorkProgress {
    /// Texts done, or bytes read.
    pub done: usize,
    /// Texts or bytes in all.
    pub total: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_version_told_can_be_read() {
        let notice = r#"{"kind": "notice", "code": "texts.cut", "message": "2 texts are cut."}"#;
        let stopped = r#"{"kind": "stoppedEarly", "step": 8, "reason": "It got no better."}"#;
        assert_eq!(
            serde_json::from_str::<TrainEvent>(notice).unwrap(),
            TrainEvent::Notice {
                code: "texts.cut".to_owned(),
                message: "2 texts are cut.".to_owned(),
                values: Values::new(),
            }
        );
        assert_eq!(
            serde_json::from_str::<TrainEvent>(stopped).unwrap(),
            TrainEvent::StoppedEarly {
                step: 8,
                reason: "It got no better.".to_owned(),
                n_checks: None,
                best_step: None,
            }
        );
    }

    #[test]
    fn what_a_resumed_training_took_back_no_longer_counts() {
        let checkpoint = |step| TrainEvent::Checkpoint { step };
        let resumed = TrainEvent::Resumed { step: 2 };
        let events = vec![
            checkpoint(1),
            checkpoint(2),
            checkpoint(3),
            resumed.clone(),
            checkpoint(3),
        ];
        assert_eq!(
            rewound(events),
            [checkpoint(1), checkpoint(2), resumed, checkpoint(3)]
        );
    }
}
