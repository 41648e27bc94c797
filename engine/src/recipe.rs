//! Every setting of a training: its default, its range and its reason.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::dataset::Task;

/// Looks at the valid part in a whole run, so that small data doesn't spend its time on them.
pub const MOST_VALIDATIONS: usize = 40;

/// Epochs are raised to reach `min_steps`, but not beyond this.
const MOST_EPOCHS: f64 = 30.0;

/// The settings of a training. In JSON every field may be left out, and a field that is not known is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Recipe {
    /// Times that every training text is seen. Raised when that gives fewer than `min_steps` steps.
    pub epochs: f64,
    /// Peak learning rate, after the warm-up.
    pub learning_rate: f64,
    /// How many times larger the learning rate of the new head is: it starts from nothing, the rest does not.
    pub head_learning_rate_factor: f64,
    /// Texts per optimizer step.
    pub batch_size: usize,
    /// Texts that are computed at once; `None` = `batch_size`, halved when memory runs out.
    pub micro_batch_size: Option<usize>,
    /// Most tokens per text, special tokens included.
    pub max_length: usize,
    /// Share of the steps in which the learning rate rises.
    pub warmup_fraction: f64,
    /// How the learning rate falls after the warm-up.
    pub schedule: Schedule,
    /// Weight decay; not on biases, layer norms and embeddings.
    pub weight_decay: f64,
    /// Decay of AdamW's running mean of gradients.
    pub adam_beta1: f64,
    /// Decay of AdamW's running mean of squared gradients.
    pub adam_beta2: f64,
    /// AdamW's epsilon.
    pub adam_epsilon: f64,
    /// Greatest norm of all gradients together; larger ones are scaled down.
    pub clip_norm: f64,
    /// Dropout; `None` = the checkpoint's.
    pub dropout: Option<f64>,
    /// Share of the target that is spread over all labels.
    pub label_smoothing: f64,
    /// Checks on the valid part per epoch.
    pub validations_per_epoch: usize,
    /// Checks without improvement before training stops early.
    pub patience: usize,
    /// What the best checkpoint is chosen by.
    pub best_by: BestBy,
    /// Share of the examples for the valid part.
    pub valid_fraction: f64,
    /// Share of the examples for the test part.
    pub test_fraction: f64,
    /// Seed of split, order, dropout and the new weights.
    pub seed: u64,
    /// Fewest optimizer steps; on small data the epochs are raised to reach it.
    pub min_steps: usize,
    /// What the training makes small.
    pub loss: Loss,
    /// Focal loss: how much less a text counts that is right already.
    pub focal_gamma: f64,
    /// How much the labels count.
    pub class_weights: ClassWeights,
}

/// What a training makes small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Loss {
    /// Cross-entropy; where a text can have several labels, that of every label.
    CrossEntropy,
    /// Cross-entropy in which texts that are right already count less.
    Focal,
}

/// How much the labels count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClassWeights {
    /// Every text the same.
    None,
    /// Rare labels more, so that every label counts the same in all.
    Balanced,
}

/// How the learning rate falls after the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Schedule {
    /// In a straight line to zero.
    Linear,
    /// Along half a cosine to zero.
    Cosine,
}

/// What the best checkpoint is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BestBy {
    /// The highest macro-F1 on the valid part.
    MacroF1,
    /// The highest micro-F1 on the valid part; where each text has one label, that is the share of right answers.
    MicroF1,
    /// The lowest loss on the valid part.
    Loss,
}

/// Why a recipe is not usable.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum RecipeError {
    /// A number is out of its range.
    #[error("The setting {name} is {value}, but must be {range}")]
    OutOfRange {
        /// The setting as it is called in JSON.
        name: &'static str,
        /// What was asked for.
        value: f64,
        /// What is possible.
        range: String,
    },
}

/// The longest text that a training reads, in tokens.
pub const MOST_TOKENS: usize = 512;

/// One setting, for screens and help texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Name as in JSON.
    pub name: &'static str,
    /// What is possible, in words.
    pub range: &'static str,
    /// Why the default is what it is.
    pub reason: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}

/// Every setting in the order of [`Recipe`].
pub const FIELDS: &[Field] = &[
    field(
        "epochs",
        "above 0, at most 1000",
        "A few passes are enough for a pretrained model; the best checkpoint is kept.",
        "Devlin et al. 2019",
    ),
    field(
        "learningRate",
        "above 0, at most 0.1",
        "Small models take larger steps than large ones.",
        "Devlin et al. 2019; measured on six data sets",
    ),
    field(
        "headLearningRateFactor",
        "1 to 100",
        "The head is new and has the longest way to go, above all with many labels.",
        "Howard and Ruder 2018; measured on banking77",
    ),
    field(
        "batchSize",
        "1 to 4096",
        "Small batches make more steps of the same texts, which helps small data.",
        "Devlin et al. 2019",
    ),
    field(
        "microBatchSize",
        "1 to 4096",
        "Left out: the whole batch at once, as long as memory lasts.",
        "gradient accumulation gives the same gradient",
    ),
    field(
        "maxLength",
        "8 to 512",
        "Most texts are shorter; longer ones lose their middle.",
        "Sun et al. 2019",
    ),
    field(
        "warmupFraction",
        "0 to 0.9",
        "A slow start keeps the pretrained weights from being thrown away.",
        "Devlin et al. 2019; Mosbach et al. 2021",
    ),
    field(
        "schedule",
        "linear or cosine",
        "The rate falls to zero along a line.",
        "Devlin et al. 2019",
    ),
    field(
        "weightDecay",
        "0 to 1",
        "A light pull to zero on matrices, none on biases, layer norms and embeddings.",
        "Loshchilov and Hutter 2019",
    ),
    field(
        "adamBeta1",
        "0 to below 1",
        "The usual one.",
        "Kingma and Ba 2015",
    ),
    field(
        "adamBeta2",
        "0 to below 1",
        "The usual one.",
        "Kingma and Ba 2015",
    ),
    field(
        "adamEpsilon",
        "above 0, at most 0.01",
        "The one BERT was trained with.",
        "Devlin et al. 2019",
    ),
    field(
        "clipNorm",
        "above 0",
        "One unlucky batch can't throw the weights away.",
        "Pascanu et al. 2013",
    ),
    field(
        "dropout",
        "0 to below 1",
        "Left out: what the base model was trained with.",
        "Srivastava et al. 2014",
    ),
    field(
        "labelSmoothing",
        "0 to below 1",
        "Off: scores stay close to probabilities.",
        "Szegedy et al. 2016",
    ),
    field(
        "validationsPerEpoch",
        "1 to 100",
        "Often enough to catch the best checkpoint, rarely enough to cost little.",
        "Dodge et al. 2020",
    ),
    field(
        "patience",
        "1 to 1000",
        "Two epochs without gain are rarely followed by one.",
        "Dodge et al. 2020",
    ),
    field(
        "bestBy",
        "macroF1, microF1 or loss",
        "Every label counts the same, however rare it is.",
        "Sokolova and Lapalme 2009",
    ),
    field(
        "validFraction",
        "0.01 to 0.5",
        "Enough texts to tell checkpoints apart, most are left to learn from.",
        "common practice",
    ),
    field(
        "testFraction",
        "0.01 to 0.5",
        "Enough texts for a narrow interval, most are left to learn from.",
        "common practice",
    ),
    field(
        "seed",
        "a whole number",
        "The same seed gives the same split, order and result.",
        "common practice",
    ),
    field(
        "minSteps",
        "0 to 1000000",
        "Small data needs more epochs: short trainings are unstable.",
        "Mosbach et al. 2021; Zhang et al. 2021",
    ),
    field(
        "loss",
        "crossEntropy or focal",
        "Scores stay close to probabilities.",
        "common practice; Lin et al. 2017",
    ),
    field(
        "focalGamma",
        "1 to 5",
        "Only for the focal loss: the value that its authors found best.",
        "Lin et al. 2017",
    ),
    field(
        "classWeights",
        "none or balanced",
        "Weights help rare labels and cost frequent ones; scores are no longer probabilities.",
        "King and Zeng 2001",
    ),
];

const fn field(
    name: &'static str,
    range: &'static str,
    reason: &'static str,
    source: &'static str,
) -> Field {
    Field {
        name,
        range,
        reason,
        source,
    }
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            epochs: 3.0,
            learning_rate: 1e-4,
            head_learning_rate_factor: 10.0,
            batch_size: 16,
            micro_batch_size: None,
            max_length: 256,
            warmup_fraction: 0.1,
            schedule: Schedule::Linear,
            weight_decay: 0.01,
            adam_beta1: 0.9,
            adam_beta2: 0.999,
            adam_epsilon: 1e-6,
            clip_norm: 1.0,
            dropout: None,
            label_smoothing: 0.0,
            validations_per_epoch: 3,
            patience: 6,
            best_by: BestBy::MacroF1,
            valid_fraction: 0.1,
            test_fraction: 0.1,
            seed: 42,
            min_steps: 400,
            loss: Loss::CrossEntropy,
            focal_gamma: 2.0,
            class_weights: ClassWeights::None,
        }
    }
}

impl Recipe {
    /// Returns the defaults for a base model: its recommended learning rate, or that of models of its size.
    #[must_use]
    pub fn for_model(n_parameters: usize, learning_rate: Option<f64>) -> Recipe {
        let of_its_size = match n_parameters {
            0..50_000_000 => 1e-4,
            50_000_000..200_000_000 => 5e-5,
            _ => 2e-5,
        };
        Recipe {
            learning_rate: learning_rate.unwrap_or(of_its_size),
            ..Recipe::default()
        }
    }

    /// Returns the defaults where a text can have as many labels as `task` says.
    ///
    /// With several labels the best checkpoint is the one with the highest micro-F1. That is the number the report begins
    /// with, and it rests on all decisions together, while the macro-F1 of many labels swings with those that only a
    /// handful of valid texts have, all the more as each threshold is chosen on the same texts.
    ///
    /// The loss is a mean over all labels, most of which a text doesn't have, so its gradients are small. AdamW's epsilon
    /// must stay far below them, or it slows the training down.
    #[must_use]
    pub fn for_task(self, task: Task) -> Recipe {
        match task {
            Task::Single => self,
            Task::Multi => Recipe {
                best_by: BestBy::MicroF1,
                adam_epsilon: 1e-8,
                ..self
            },
        }
    }

    /// Returns `defaults` with `settings`, named as in JSON, over them.
    ///
    /// # Errors
    /// When a setting is not known or of the wrong kind. Ranges are checked by [`Recipe::validate`].
    pub fn with_settings(
        settings: &Map<String, Value>,
        defaults: &Recipe,
    ) -> Result<Recipe, serde_json::Error> {
        let mut merged = match serde_json::to_value(defaults)? {
            Value::Object(defaults) => defaults,
            _ => Map::new(),
        };
        merged.extend(settings.clone());
        if settings.contains_key("epochs") && !settings.contains_key("minSteps") {
            // Whoever says how many epochs means it.
            merged.insert("minSteps".to_owned(), Value::from(0));
        }
        serde_json::from_value(Value::Object(merged))
    }

    /// Returns the optimizer steps of one epoch, at least 1.
    #[must_use]
    pub fn steps_per_epoch(&self, n_train: usize) -> usize {
        n_train.div_ceil(self.batch_size).max(1)
    }

    /// Returns the optimizer steps in all: those of the epochs, raised to `min_steps` within [`MOST_EPOCHS`].
    #[must_use]
    pub fn n_steps(&self, n_train: usize) -> usize {
        let steps_per_epoch = self.steps_per_epoch(n_train) as f64;
        let raised = (self.min_steps as f64).min(MOST_EPOCHS * steps_per_epoch);
        let asked = self.epochs * steps_per_epoch;
        (asked.max(raised).ceil() as usize).max(1)
    }

    /// Returns the optimizer steps between two looks at the valid part, at most [`MOST_VALIDATIONS`] of which are in a
    /// run.
    #[must_use]
    pub fn steps_per_validation(&self, n_train: usize) -> usize {
        let in_epoch = self
            .steps_per_epoch(n_train)
            .div_ceil(self.validations_per_epoch.max(1));
        in_epoch.max(self.n_steps(n_train).div_ceil(MOST_VALIDATIONS))
    }

    /// Checks every field against its range.
    ///
    /// # Errors
    /// The first field that is out of range, with its value and range.
    pub fn validate(&self) -> Result<(), RecipeError> {
        above_zero("epochs", self.epochs, 1000.0)?;
        above_zero("learningRate", self.learning_rate, 0.1)?;
        between(
            "headLearningRateFactor",
            self.head_learning_rate_factor,
            1.0,
            100.0,
        )?;
        between("batchSize", self.batch_size as f64, 1.0, 4096.0)?;
        if let Some(size) = self.micro_batch_size {
            between("microBatchSize", size as f64, 1.0, 4096.0)?;
        }
        between("maxLength", self.max_length as f64, 8.0, MOST_TOKENS as f64)?;
        between("warmupFraction", self.warmup_fraction, 0.0, 0.9)?;
        between("weightDecay", self.weight_decay, 0.0, 1.0)?;
        below_one("adamBeta1", self.adam_beta1)?;
        below_one("adamBeta2", self.adam_beta2)?;
        above_zero("adamEpsilon", self.adam_epsilon, 0.01)?;
        above_zero("clipNorm", self.clip_norm, f64::MAX)?;
        if let Some(dropout) = self.dropout {
            below_one("dropout", dropout)?;
        }
        below_one("labelSmoothing", self.label_smoothing)?;
        between(
            "validationsPerEpoch",
            self.validations_per_epoch as f64,
            1.0,
            100.0,
        )?;
        between("patience", self.patience as f64, 1.0, 1000.0)?;
        between("validFraction", self.valid_fraction, 0.01, 0.5)?;
        between("testFraction", self.test_fraction, 0.01, 0.5)?;
        between("minSteps", self.min_steps as f64, 0.0, 1e6)?;
        between("focalGamma", self.focal_gamma, 1.0, 5.0)
    }
}

fn check(name: &'static str, value: f64, is_right: bool, range: String) -> Result<(), RecipeError> {
    if is_right {
        Ok(())
    } else {
        Err(RecipeError::OutOfRange { name, value, range })
    }
}

fn between(name: &'static str, value: f64, low: f64, high: f64) -> Result<(), RecipeError> {
    check(
        name,
        value,
        (low..=high).contains(&value),
        format!("{low} to {high}"),
    )
}

fn below_one(name: &'static str, value: f64) -> Result<(), RecipeError> {
    check(
        name,
        value,
        (0.0..1.0).contains(&value),
        "0 or more and less than 1".to_owned(),
    )
}

fn above_zero(name: &'static str, value: f64, high: f64) -> Result<(), RecipeError> {
    let range = if high < f64::MAX {
        format!("above 0 and at most {high}")
    } else {
        "above 0".to_owned()
    };
    check(name, value, value > 0.0 && value <= high, range)
}

impl RecipeError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            RecipeError::OutOfRange { .. } => "recipe.outOfRange",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        let RecipeError::OutOfRange { name, .. } = self;
        let field = FIELDS.iter().find(|field| field.name == *name)?;
        Some(format!(
            "Leave the setting out to get the default. {}",
            field.reason
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        for n_parameters in [1_000_000, 22_000_000, 110_000_000, 400_000_000] {
            Recipe::for_model(n_parameters, None).validate().unwrap();
        }
    }

    #[test]
    fn a_recommended_learning_rate_goes_before_that_of_the_size() {
        assert_eq!(Recipe::for_model(22_000_000, None).learning_rate, 1e-4);
        assert_eq!(
            Recipe::for_model(22_000_000, Some(3e-5)).learning_rate,
            3e-5
        );
    }

    #[test]
    fn a_value_out_of_range_is_named_with_its_range() {
        let recipe = Recipe {
            learning_rate: 3.0,
            ..Recipe::default()
        };
        let error = recipe.validate().unwrap_err();
        assert_eq!(
            error.to_string(),
            "The setting learningRate is 3, but must be above 0 and at most 0.1"
        );
        assert!(error.hint().is_some());
        let recipe = Recipe {
            epochs: f64::NAN,
            ..Recipe::default()
        };
        assert!(recipe.validate().is_err());
    }

    #[test]
    fn several_labels_are_judged_by_all_decisions_together() {
        let recipe = Recipe::default();
        assert_eq!(
            recipe.clone().for_task(Task::Multi).best_by,
            BestBy::MicroF1
        );
        assert!(recipe.clone().for_task(Task::Multi).adam_epsilon < recipe.adam_epsilon);
        assert_eq!(recipe.clone().for_task(Task::Single), recipe);
    }

    #[test]
    fn every_setting_has_its_reason() {
        let serde_json::Value::Object(recipe) = serde_json::to_value(Recipe::default()).unwrap()
        else {
            panic!()
        };
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(recipe.keys().map(String::as_str).collect::<Vec<_>>(), names);
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        assert!(serde_json::from_str::<Recipe>(r#"{"learningrate": 1}"#).is_err());
        assert_eq!(
            serde_json::from_str::<Recipe>("{}").unwrap(),
            Recipe::default()
        );
    }
}
