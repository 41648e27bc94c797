//! What a training has to do, counted before it begins and after it ended: the lengths of its texts, in its parts.

use std::path::Path;

use embert_engine::dataset::{self, Dataset};
use embert_engine::estimate::{EncoderShape, Workload};
use embert_engine::event::{self, TrainEvent};
use embert_engine::recipe::Recipe;
use embert_engine::split::Split;
use embert_engine::table::Table;
use serde::Deserialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::files::read_json;
use crate::run::columns_of_examples;
use crate::text_counts::{Counts, TextCounts};

/// A run whose speed is so many times more or less than the measured one was not an undisturbed whole.
const BELIEVABLE: f64 = 5.0;

/// The lengths of the texts in each part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    train: Vec<usize>,
    valid: Vec<usize>,
    test: Vec<usize>,
    n_words: usize,
}

impl Parts {
    /// Puts the counted texts into the parts of `split`, cut to `max_length` tokens.
    #[must_use]
    pub fn new(counts: &Counts, split: &Split, max_length: usize) -> Parts {
        let of = |part: &[usize]| -> Vec<usize> {
            part.iter()
                .filter_map(|index| Some((*counts.lengths.get(*index)?).min(max_length)))
                .collect()
        };
        Parts {
            train: of(&split.train),
            valid: of(&split.valid),
            test: of(&split.test),
            n_words: counts.n_words,
        }
    }

    /// What a training of a network of `shape` with `recipe` does with them.
    #[must_use]
    pub fn workload<'a>(&'a self, shape: EncoderShape, recipe: &'a Recipe) -> Workload<'a> {
        Workload {
            shape,
            train: &self.train,
            valid: &self.valid,
            test: &self.test,
            n_words: self.n_words.min(shape.vocabulary),
            recipe,
        }
    }
}

/// How fast a device was in a run that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSpeed {
    /// Id of the device.
    pub device: String,
    /// Floating-point operations per second.
    pub flops_per_second: f64,
}

/// What `run.json` says about the work.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    recipe: Recipe,
    split: Split,
    device: JobDevice,
}

#[derive(Deserialize)]
struct JobDevice {
    id: String,
}

impl RunSpeed {
    /// Reads it from the run folder `folder` and the table of examples beside it; `None` when the run tells too little.
    ///
    /// # Errors
    /// When a file of the run can't be read.
    pub fn of(folder: &Path) -> Result<Option<RunSpeed>, Fault> {
        let Some(done) = Done::of(folder) else {
            return Ok(None);
        };
        let job: Job = read_json(&folder.join("run.json"))?;
        let model = folder.join("model");
        let config: Value = read_json(&model.join("config.json"))?;
        let Some(shape) = EncoderShape::from_config(&config) else {
            return Ok(None);
        };
        let table = Table::read_own(&folder.with_extension("csv"))?;
        let mapping = dataset::guess_mapping(&table, &columns_of_examples(&table))?.mapping;
        let dataset = Dataset::from_table(&table, &mapping)?;
        let counts = TextCounts::once(&dataset.examples, &model)?;
        let parts = Parts::new(&counts, &job.split, job.recipe.max_length);
        let speed = parts.workload(shape, &job.recipe).speed_of_run(
            done.n_steps,
            done.n_validations,
            done.seconds,
        );
        Ok(speed.map(|flops_per_second| RunSpeed {
            device: job.device.id,
            flops_per_second,
        }))
    }

    /// Whether it can be true, beside what was measured.
    #[must_use]
    pub fn is_believable(&self, measured: f64) -> bool {
        let ratio = self.flops_per_second / measured;
        (1.0 / BELIEVABLE..BELIEVABLE).contains(&ratio)
    }
}

/// How much of a run was done, from its log.
struct Done {
    n_steps: usize,
    n_validations: usize,
    seconds: f64,
}

impl Done {
    fn of(folder: &Path) -> Option<Done> {
        let (mut n_validations, mut n_starts) = (0, 0);
        for event in event::read_log(folder) {
            match event {
                TrainEvent::Started { .. } => n_starts += 1,
                TrainEvent::Validated { .. } => n_validations += 1,
                TrainEvent::Finished { step, seconds, .. } => {
                    // A run that was taken up again has parts of which only the last was timed.
                    return (n_starts == 1).then_some(Done {
                        n_steps: step,
                        n_validations,
                        seconds,
                    });
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn a_run_that_was_cut_or_taken_up_again_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let started = r#"{"kind":"started","nTrain":9,"nValid":1,"nTest":1,"nSteps":4,"nEpochs":1.0,"nParameters":1,"nTrainedParameters":1,"device":"CPU","deviceReason":"","microBatchSize":4}"#;
        let validated = r#"{"kind":"validated","step":4,"epoch":1.0,"loss":1.0,"accuracy":0.5,"macroF1":0.5,"isBest":true}"#;
        let finished = r#"{"kind":"finished","step":4,"seconds":9.0,"bestStep":4,"stopped":false}"#;
        let done = |lines: &[&str]| {
            fs::write(folder.path().join(event::LOG), lines.join("\n")).unwrap();
            Done::of(folder.path()).map(|done| (done.n_steps, done.n_validations))
        };
        assert_eq!(done(&[started, validated, finished]), Some((4, 1)));
        assert_eq!(done(&[started, validated]), None);
        assert_eq!(done(&[started, started, validated, finished]), None);
    }

    #[test]
    fn a_speed_far_from_the_measured_one_is_not_believed() {
        let speed = RunSpeed {
            device: "cpu".to_owned(),
            flops_per_second: 30e9,
        };
        assert!(speed.is_believable(60e9));
        assert!(!speed.is_believable(200e9));
        assert!(!speed.is_believable(5e9));
    }
}
