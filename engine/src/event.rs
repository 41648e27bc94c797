//! What a training tells while it runs. The run's log, the pipe to the window and the progress bar carry the same events.

use serde::{Deserialize, Serialize};

/// One thing that happened in a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
        /// Why this device.
        device_reason: String,
        /// Texts that are computed at once.
        micro_batch_size: usize,
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
        /// Share of right answers, 0 to 1.
        accuracy: f64,
        /// Mean of the labels' F1, 0 to 1.
        macro_f1: f64,
        /// Whether this is the best checkpoint so far.
        is_best: bool,
    },
    /// Something that the person should know; the training goes on.
    Notice {
        /// Stable name of the matter.
        code: String,
        /// One sentence for the person.
        message: String,
    },
    /// The training ends before the planned last step because it no longer improves.
    StoppedEarly {
        /// Steps done.
        step: usize,
        /// Why.
        reason: String,
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

/// How far evaluating or classifying has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "progress", rename_all = "camelCase")]
pub struct WorkProgress {
    /// Texts done.
    pub done: usize,
    /// Texts in all.
    pub total: usize,
}
