//! The training loop: a dataset, a base model and a recipe to a classifier and its report.
//!
//! `train` is an ordinary blocking function. It tells an observer what happens, and the observer may
//! end it; what was learned until then is kept. The test part is looked at once, with the checkpoint
//! that was best on the valid part.

mod run_folder;
mod session;
mod texts;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::base_model::BaseModel;
use crate::batch::plan_epoch;
use crate::bert::{BertConfigError, WeightsError};
use crate::dataset::Dataset;
use crate::device::Choice;
use crate::event::TrainEvent;
use crate::export::ExportError;
use crate::recipe::{Recipe, RecipeError};
use crate::report::Report;
use crate::schedule::learning_rate;
use crate::split::Split;
use crate::tokens::TokensError;

use run_folder::RunFolder;
use session::{Session, Taken};
use texts::Texts;

/// Steps in a row without a finite gradient before training gives up.
const MOST_SKIPPED_STEPS: usize = 10;
/// Looks at the valid part in a whole run, so that small data doesn't spend its time on them.
const MOST_VALIDATIONS: usize = 40;
/// Seconds between two step events.
const SECONDS_BETWEEN_EVENTS: f64 = 0.1;

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
    /// The run folder, made by [`train`]; must not be there or be empty.
    pub out: &'a Path,
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

/// Why a training fails.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A setting is out of range.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// Texts can't become tokens.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The base model's `config.json` can't be used.
    #[error(transparent)]
    Config(#[from] BertConfigError),
    /// The base model's weights can't be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The run can't be written.
    #[error(transparent)]
    Write(#[from] ExportError),
    /// The run folder is taken.
    #[error("The run folder {path} isn't empty")]
    FolderTaken {
        /// The folder.
        path: PathBuf,
    },
    /// The base model takes shorter texts than the recipe asks for.
    #[error("The recipe asks for texts of {asked} tokens, but the base model takes at most {most}")]
    TooLong {
        /// The recipe's length.
        asked: usize,
        /// The base model's length.
        most: usize,
    },
    /// The numbers became infinite.
    #[error(
        "Training broke off at step {step}: the gradient was not a number for {n_skipped} steps in a row"
    )]
    Diverged {
        /// The step.
        step: usize,
        /// Steps that were skipped.
        n_skipped: usize,
    },
}

impl TrainError {
    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Recipe(error) => error.code(),
            Self::Tokens(error) => error.code(),
            Self::Config(_) => "model.config",
            Self::Weights(_) => "model.weights",
            Self::Write(_) => "run.write",
            Self::FolderTaken { .. } => "run.folderTaken",
            Self::TooLong { .. } => "recipe.tooLong",
            Self::Diverged { .. } => "train.diverged",
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Recipe(error) => error.hint(),
            Self::Tokens(error) => error.hint(),
            Self::Config(_) | Self::Weights(_) => {
                Some("Copy or download the base model again.".to_owned())
            }
            Self::Write(_) => {
                Some("Check that the disk has room and the folder can be written.".to_owned())
            }
            Self::FolderTaken { .. } => {
                Some("Choose another folder, or move this one away.".to_owned())
            }
            Self::TooLong { most, .. } => Some(format!("Set the length to {most} or less.")),
            Self::Diverged { .. } => Some("Try a learning rate of half the size.".to_owned()),
        }
    }
}

impl TrainError {
    /// Whether the input is at fault, not the disk and not the numbers.
    #[must_use]
    pub fn is_input_fault(&self) -> bool {
        !matches!(self, Self::Write(_) | Self::Diverged { .. })
    }
}

/// Sees every event; `Break` ends the training.
pub type Observer<'a> = &'a mut dyn FnMut(&TrainEvent) -> ControlFlow<()>;

/// Trains a classifier.
///
/// # Errors
/// When an input can't be used, before anything is written; or when the run can't be written or the
/// numbers diverge, with the best checkpoint so far left in the run folder.
pub fn train(job: &TrainJob, observer: Observer) -> Result<Trained, TrainError> {
    job.recipe.validate()?;
    RunFolder::check_free(job.out)?;
    let texts = Texts::encode(job)?;
    let mut session = Session::new(job, &texts)?;
    let plan = Plan::new(job.recipe, texts.n_train());
    let mut run = RunFolder::create(job, observer)?;
    texts
        .notices(job)
        .into_iter()
        .for_each(|notice| run.tell(notice));
    run.tell(session.started(&plan));

    let clock = Instant::now();
    let mut progress = LoopState::new();
    'epochs: for epoch in 0.. {
        for batch in plan_epoch(
            &texts.train_lengths(),
            job.recipe.batch_size,
            job.recipe.seed,
            epoch,
        ) {
            if progress.step == plan.n_steps || run.was_stopped() || progress.stopped_early {
                break 'epochs;
            }
            let recipe = job.recipe;
            let rate = learning_rate(
                recipe.schedule,
                progress.step,
                plan.n_warmup,
                plan.n_steps,
                recipe.learning_rate,
            );
            let taken = session.step(&batch, progress.step, rate);
            progress.count(&taken)?;
            if progress.event_due(&plan) {
                run.tell(progress.step_event(&taken, rate, &plan, recipe.batch_size));
            }
            if progress.validation_due(&plan) {
                progress.validate(&mut session, &mut run, &plan)?;
            }
        }
    }
    if progress.step != progress.last_validation {
        progress.validate(&mut session, &mut run, &plan)?;
    }

    run.tell(TrainEvent::Testing {
        n_test: texts.n_test(),
    });
    let report = session.test(&run, &progress.facts(clock.elapsed().as_secs_f64()))?;
    run.finish(
        &report,
        progress.step,
        progress.best_step,
        clock.elapsed().as_secs_f64(),
    )?;
    Ok(Trained {
        report,
        model_folder: run.model_folder(),
        stopped: run.was_stopped(),
    })
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
        let per_epoch = steps_per_epoch.div_ceil(recipe.validations_per_epoch.max(1));
        Self {
            n_steps,
            n_warmup: (recipe.warmup_fraction * n_steps as f64).ceil() as usize,
            n_epochs: n_steps as f64 / steps_per_epoch as f64,
            steps_per_epoch,
            steps_per_validation: per_epoch.max(n_steps.div_ceil(MOST_VALIDATIONS)),
            patience: recipe.patience,
        }
    }
}

/// Where the loop is.
struct LoopState {
    step: usize,
    n_skipped: usize,
    last_validation: usize,
    best_step: usize,
    checks_without_gain: usize,
    stopped_early: bool,
    start: Instant,
    last_event: Option<Instant>,
}

/// What the loop adds to the report.
pub(crate) struct LoopFacts {
    pub(crate) seconds: f64,
    pub(crate) best_step: usize,
    pub(crate) n_steps: usize,
}

impl LoopState {
    fn new() -> Self {
        Self {
            step: 0,
            n_skipped: 0,
            last_validation: 0,
            best_step: 0,
            checks_without_gain: 0,
            stopped_early: false,
            start: Instant::now(),
            last_event: None,
        }
    }

    fn count(&mut self, taken: &Taken) -> Result<(), TrainError> {
        self.step += 1;
        self.n_skipped = if taken.skipped { self.n_skipped + 1 } else { 0 };
        if self.n_skipped >= MOST_SKIPPED_STEPS {
            return Err(TrainError::Diverged {
                step: self.step,
                n_skipped: self.n_skipped,
            });
        }
        Ok(())
    }

    fn event_due(&mut self, plan: &Plan) -> bool {
        let waited = self
            .last_event
            .is_none_or(|last| last.elapsed().as_secs_f64() >= SECONDS_BETWEEN_EVENTS);
        let due = waited || self.step == plan.n_steps || self.validation_due(plan);
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
        let seconds_per_step = self.start.elapsed().as_secs_f64() / self.step as f64;
        TrainEvent::Step {
            step: self.step,
            epoch: self.step as f64 / plan.steps_per_epoch as f64,
            loss: taken.loss(),
            learning_rate,
            gradient_norm: taken.gradient_norm(),
            examples_per_second: batch_size as f64 / seconds_per_step,
            seconds_left: seconds_per_step * (plan.n_steps - self.step) as f64,
        }
    }

    fn validation_due(&self, plan: &Plan) -> bool {
        self.step.is_multiple_of(plan.steps_per_validation) || self.step == plan.n_steps
    }

    /// Looks at the valid part; keeps the weights when they are the best so far.
    fn validate(
        &mut self,
        session: &mut Session,
        run: &mut RunFolder,
        plan: &Plan,
    ) -> Result<(), TrainError> {
        let (validation, is_best) = session.validate();
        self.last_validation = self.step;
        if is_best {
            session.save(&run.model_folder())?;
            (self.best_step, self.checks_without_gain) = (self.step, 0);
        } else {
            self.checks_without_gain += 1;
        }
        run.tell(TrainEvent::Validated {
            step: self.step,
            epoch: self.step as f64 / plan.steps_per_epoch as f64,
            loss: validation.loss,
            accuracy: validation.accuracy,
            macro_f1: validation.macro_f1,
            is_best,
        });
        if self.checks_without_gain >= plan.patience && self.step < plan.n_steps {
            self.stopped_early = true;
            let (step, best) = (self.step, self.best_step);
            let reason = format!(
                "The last {} checks were not better than the one at step {best}.",
                plan.patience
            );
            run.tell(TrainEvent::StoppedEarly { step, reason });
        }
        Ok(())
    }

    fn facts(&self, seconds: f64) -> LoopFacts {
        LoopFacts {
            seconds,
            best_step: self.best_step,
            n_steps: self.step,
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
