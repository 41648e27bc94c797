//! The training loop: a dataset, a base model and a recipe to a classifier and its report.
//!
//! `train` is an ordinary blocking function. It tells an observer what happens, and the observer may
//! end it; what was learned until then is kept. Now and then it writes a checkpoint, from which a
//! training goes on whose process ended. The test part is looked at once, with the weights that were
//! best on the valid part.

mod error;
mod run_folder;
mod session;
mod texts;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::base_model::BaseModel;
use crate::batch::plan_epoch;
use crate::checkpoint::{Checkpoint, Position};
use crate::dataset::Dataset;
use crate::device::Choice;
use crate::evaluate::{Validation, notice_of};
use crate::event::TrainEvent;
use crate::recipe::{BestBy, Recipe};
use crate::report::Report;
use crate::schedule::learning_rate;
use crate::split::Split;

pub use error::TrainError;
pub use run_folder::RunDescription;

use run_folder::RunFolder;
use session::{Session, Taken};
use texts::Texts;

/// Steps in a row without a finite gradient before training gives up.
const MOST_SKIPPED_STEPS: usize = 10;
/// Seconds between two step events.
const SECONDS_BETWEEN_EVENTS: f64 = 0.1;
/// A checkpoint waits for this many times what writing the last one took: a hundredth of the time at most.
const CHECKPOINT_COST: u32 = 100;
/// Shortest time between two checkpoints.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(10);

/// Everything that a training needs.
#[derive(Clone, Copy, Debug)]
pub struct TrainJob<'a> {
    /// The examples.
    pub dataset: &'a Dataset,
    /// Which of them are for what.
    pub split: &'a Split,
    /// Where to start.
    pub base_model: &'a BaseModel,
    /// The settings.
    pub recipe: &'a Recipe,
    /// Where to compute.
    pub device: &'a Choice,
    /// The run folder, made by [`train`]; must not be there or be empty, unless the training goes on.
    pub out: &'a Path,
    /// Whether to go on from the checkpoint in the run folder; everything else must be as it was, apart
    /// from the device.
    pub resume: bool,
}

/// How a training ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There is a model and its report.
    Trained(Box<Trained>),
    /// The observer asked for a pause; a checkpoint is written, and the training can be resumed.
    Paused {
        /// Steps done.
        step: usize,
    },
}

/// A finished training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// What the test part showed.
    pub report: Report,
    /// The model folder.
    pub model_folder: PathBuf,
    /// Whether the observer ended the training.
    pub stopped: bool,
}

/// How an observer ends a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With the best checkpoint so far, which is judged on the test part.
    Finish,
    /// At once; the rest is for later.
    Pause,
}

/// Sees every event; `Break` ends the training.
pub type Observer<'a> = &'a mut dyn FnMut(&TrainEvent) -> ControlFlow<Ending>;

/// Trains a classifier, or goes on with a training that was interrupted.
///
/// # Errors
/// When an input can't be used, before anything is written; or when the run can't be written or the
/// numbers diverge, with the best checkpoint so far left in the run folder.
pub fn train(job: &TrainJob, observer: Observer) -> Result<Outcome, TrainError> {
    job.recipe.validate()?;
    let checkpoint = find_checkpoint(job)?;
    let texts = Texts::encode(job)?;
    let mut session = Session::new(job, &texts)?;
    let plan = Plan::new(job.recipe, texts.n_train());
    let mut progress = match &checkpoint {
        Some(checkpoint) => session.resume(checkpoint)?,
        None => LoopState::new(Position::default()),
    };
    let mut run = match &checkpoint {
        Some(_) => RunFolder::reopen(job, observer)?,
        None => RunFolder::create(job, observer)?,
    };
    drop(checkpoint);
    if !run.model_folder().is_dir() {
        // What was best is lost; the next look at the valid part is kept.
        progress.at.best = None;
    }
    texts
        .notices(job)
        .into_iter()
        .for_each(|notice| run.tell(notice));
    run.tell(session.started(&plan));
    if job.resume {
        run.tell(TrainEvent::Resumed {
            step: progress.at.step,
        });
    }

    learn(&mut session, &mut run, &plan, &mut progress)?;
    if run.ending() == Some(Ending::Pause) {
        let step = progress.at.step;
        progress.save(&session, &mut run)?;
        run.pause()?;
        return Ok(Outcome::Paused { step });
    }
    if progress.at.step != progress.at.last_validation {
        progress.validate(&mut session, &mut run, &plan)?;
    }
    run.tell(TrainEvent::Testing {
        n_test: texts.n_test(),
    });
    let report = session.test(&run, &progress.facts())?;
    notice_of(&report)
        .into_iter()
        .for_each(|notice| run.tell(notice));
    let mut facts = progress.facts();
    facts.seconds -= report.word_count_seconds();
    run.finish(&report, &facts)?;
    Ok(Outcome::Trained(Box::new(Trained {
        report,
        model_folder: run.model_folder(),
        stopped: run.was_stopped(),
    })))
}

/// The checkpoint of a job that goes on, after checking that it is the same job.
fn find_checkpoint(job: &TrainJob) -> Result<Option<Checkpoint>, TrainError> {
    if !job.resume {
        RunFolder::check_free(job.out)?;
        return Ok(None);
    }
    RunDescription::read(job.out)?.check(job)?;
    Ok(Some(Checkpoint::open(job.out)?))
}

/// Takes steps until the plan is done or somebody or something ends it.
fn learn(
    session: &mut Session,
    run: &mut RunFolder,
    plan: &Plan,
    progress: &mut LoopState,
) -> Result<(), TrainError> {
    let recipe = session.recipe();
    let lengths = session.train_lengths();
    let (first_epoch, mut n_done) = (
        progress.at.step / plan.steps_per_epoch,
        progress.at.step % plan.steps_per_epoch,
    );
    for epoch in first_epoch.. {
        let batches = plan_epoch(&lengths, recipe.batch_size, recipe.seed, epoch);
        for batch in &batches[n_done..] {
            if progress.is_over(plan) || run.ending().is_some() {
                return Ok(());
            }
            let rate = learning_rate(
                recipe.schedule,
                progress.at.step,
                plan.n_warmup,
                plan.n_steps,
                recipe.learning_rate,
            );
            let taken = session.step(batch, progress.at.step, rate);
            progress.count(&taken)?;
            if progress.event_due(plan) {
                run.tell(progress.step_event(&taken, rate, plan, recipe.batch_size));
            }
            let validation_due = progress.validation_due(plan);
            if validation_due {
                progress.validate(session, run, plan)?;
            }
            if progress.checkpoint_due(validation_due) && !progress.is_over(plan) {
                progress.save(session, run)?;
            }
        }
        n_done = 0;
    }
    Ok(())
}

/// How many steps of which kind.
#[derive(Clone, Debug)]
struct Plan {
    n_steps: usize,
    n_warmup: usize,
    n_epochs: f64,
    steps_per_epoch: usize,
    steps_per_validation: usize,
    patience: usize,
}

impl Plan {
    fn new(recipe: &Recipe, n_train: usize) -> Self {
        let steps_per_epoch = recipe.steps_per_epoch(n_train);
        let n_steps = recipe.n_steps(n_train);
        Self {
            n_steps,
            n_warmup: (recipe.warmup_fraction * n_steps as f64).ceil() as usize,
            n_epochs: n_steps as f64 / steps_per_epoch as f64,
            steps_per_epoch,
            steps_per_validation: recipe.steps_per_validation(n_train),
            patience: recipe.patience,
        }
    }
}

/// Where the loop is.
pub(super) struct LoopState {
    at: Position,
    /// Steps that an earlier process took.
    n_steps_before: usize,
    seconds_before: f64,
    start: Instant,
    last_event: Option<Instant>,
    last_checkpoint: Option<WrittenCheckpoint>,
}

/// When a checkpoint was written, and how long that took.
#[derive(Clone, Copy)]
struct WrittenCheckpoint {
    at: Instant,
    took: Duration,
}

/// What the loop adds to the report.
pub(crate) struct LoopFacts {
    pub(crate) seconds: f64,
    pub(crate) best_step: usize,
    pub(crate) n_steps: usize,
}

impl LoopState {
    /// A loop that goes on from `at`.
    pub(super) fn new(at: Position) -> Self {
        Self {
            n_steps_before: at.step,
            seconds_before: at.seconds,
            at,
            start: Instant::now(),
            last_event: None,
            last_checkpoint: None,
        }
    }

    fn count(&mut self, taken: &Taken) -> Result<(), TrainError> {
        self.at.step += 1;
        self.at.n_skipped = if taken.skipped {
            self.at.n_skipped + 1
        } else {
            0
        };
        if self.at.n_skipped >= MOST_SKIPPED_STEPS {
            return Err(TrainError::Diverged {
                step: self.at.step,
                n_skipped: self.at.n_skipped,
            });
        }
        Ok(())
    }

    /// Whether no further step is to be taken.
    fn is_over(&self, plan: &Plan) -> bool {
        self.at.step >= plan.n_steps || self.has_stalled(plan)
    }

    /// Whether the valid part has not improved for too long.
    fn has_stalled(&self, plan: &Plan) -> bool {
        self.at.checks_without_gain >= plan.patience
    }

    fn seconds(&self) -> f64 {
        self.seconds_before + self.start.elapsed().as_secs_f64()
    }

    fn event_due(&mut self, plan: &Plan) -> bool {
        let waited = self
            .last_event
            .is_none_or(|last| last.elapsed().as_secs_f64() >= SECONDS_BETWEEN_EVENTS);
        let due = waited || self.at.step == plan.n_steps || self.validation_due(plan);
        if due {
            self.last_event = Some(Instant::now());
        }
        due
    }

    fn step_event(
        &self,
        taken: &Taken,
        learning_rate: f64,
        plan: &Plan,
        batch_size: usize,
    ) -> TrainEvent {
        let n_steps_here = self.at.step - self.n_steps_before;
        let seconds_per_step = self.start.elapsed().as_secs_f64() / n_steps_here as f64;
        TrainEvent::Step {
            step: self.at.step,
            epoch: self.at.step as f64 / plan.steps_per_epoch as f64,
            loss: taken.loss(),
            learning_rate,
            gradient_norm: taken.gradient_norm(),
            examples_per_second: batch_size as f64 / seconds_per_step,
            seconds_left: seconds_per_step * (plan.n_steps - self.at.step) as f64,
        }
    }

    fn validation_due(&self, plan: &Plan) -> bool {
        self.at.step.is_multiple_of(plan.steps_per_validation) || self.at.step == plan.n_steps
    }

    /// Looks at the valid part; keeps the weights when they are the best so far.
    fn validate(
        &mut self,
        session: &mut Session,
        run: &mut RunFolder,
        plan: &Plan,
    ) -> Result<(), TrainError> {
        let found = session.validate();
        let is_best = self
            .at
            .best
            .is_none_or(|best| is_better(session.recipe().best_by, found, best));
        self.at.last_validation = self.at.step;
        if is_best {
            session.save(&run.model_folder())?;
            self.at.best = Some(found);
            (self.at.best_step, self.at.checks_without_gain) = (self.at.step, 0);
        } else {
            self.at.checks_without_gain += 1;
        }
        run.tell(TrainEvent::Validated {
            step: self.at.step,
            epoch: self.at.step as f64 / plan.steps_per_epoch as f64,
            loss: found.loss,
            accuracy: found.accuracy,
            macro_f1: found.macro_f1,
            is_best,
        });
        if self.has_stalled(plan) && self.at.step < plan.n_steps {
            let checks = match plan.patience {
                1 => "The last check was".to_owned(),
                n => format!("The last {n} checks were"),
            };
            let reason = format!(
                "{checks} not better than the one at step {}.",
                self.at.best_step
            );
            run.tell(TrainEvent::StoppedEarly {
                step: self.at.step,
                reason,
                n_checks: Some(plan.patience),
                best_step: Some(self.at.best_step),
            });
        }
        Ok(())
    }

    /// The first checkpoint comes with the first look at the valid part, the others so seldom that they
    /// cost no time that anybody would notice.
    fn checkpoint_due(&self, at_validation: bool) -> bool {
        match self.last_checkpoint {
            None => at_validation,
            Some(last) => {
                let wait = (last.took * CHECKPOINT_COST).max(BETWEEN_CHECKPOINTS);
                last.at.elapsed() >= wait
            }
        }
    }

    /// Writes a checkpoint.
    fn save(&mut self, session: &Session, run: &mut RunFolder) -> Result<(), TrainError> {
        let begin = Instant::now();
        self.at.seconds = self.seconds();
        session.write_checkpoint(&self.at, run.folder())?;
        self.last_checkpoint = Some(WrittenCheckpoint {
            at: Instant::now(),
            took: begin.elapsed(),
        });
        run.tell(TrainEvent::Checkpoint { step: self.at.step });
        Ok(())
    }

    fn facts(&self) -> LoopFacts {
        LoopFacts {
            seconds: self.seconds(),
            best_step: self.at.best_step,
            n_steps: self.at.step,
        }
    }
}

fn is_better(best_by: BestBy, found: Validation, best: Validation) -> bool {
    match best_by {
        BestBy::Loss => found.loss < best.loss,
        BestBy::MacroF1 => {
            found.macro_f1 > best.macro_f1
                || (found.macro_f1 == best.macro_f1 && found.loss < best.loss)
        }
        BestBy::MicroF1 => {
            found.accuracy > best.accuracy
                || (found.accuracy == best.accuracy && found.loss < best.loss)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_data_gets_more_epochs_up_to_a_limit() {
        let recipe = Recipe {
            epochs: 3.0,
            batch_size: 16,
            min_steps: 400,
            warmup_fraction: 0.1,
            ..Recipe::default()
        };
        let small = Plan::new(&recipe, 480);
        assert_eq!(
            (small.n_steps, small.steps_per_epoch, small.n_warmup),
            (400, 30, 40)
        );
        let tiny = Plan::new(&recipe, 32);
        assert_eq!(tiny.n_steps, 60, "30 epochs of 2 steps");
        let large = Plan::new(&recipe, 16_000);
        assert_eq!((large.n_steps, large.steps_per_validation), (3000, 334));
    }
}
