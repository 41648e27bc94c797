//! What a training would do, before it does it: its texts, steps, device, time and memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::device_reason::DeviceReason;
use embert_engine::measurement::Measurements;
use embert_engine::recipe::Recipe;
use embert_engine::split::Split;
use serde::Serialize;
use serde_json::Value;
use tauri::State;
use ts_rs::TS;

use super::general::device_choice;
use super::models::{BaseModelInfo, base_model, base_models};
use super::{Answer, off_thread};
use crate::app::App;
use crate::fault::Fault;
use crate::project::recipe_with;
use crate::text_counts::Counts;
use crate::workload::Parts;

/// What a training would do.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunPreview {
    base_model: String,
    n_train: usize,
    n_valid: usize,
    n_test: usize,
    n_steps: usize,
    n_epochs: f64,
    batch_size: usize,
    max_length: usize,
    learning_rate: f64,
    n_cut: usize,
    device: String,
    /// Id of the device.
    device_id: String,
    /// Why there, in English.
    device_reason: String,
    /// The same by name.
    device_why: Option<DeviceReason>,
    /// Seconds in all, if nothing ends it early; `None` until the device was measured.
    seconds: Option<f64>,
    memory_bytes: Option<u64>,
    /// What each model of the list would take.
    estimates: Vec<Estimate>,
    downloads: Vec<String>,
}

/// Time and memory of a training with one model.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RunEstimate")]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    name: String,
    seconds: Option<f64>,
    memory_bytes: u64,
}

/// Says what a training would do.
#[tauri::command]
pub async fn preview_run(app: State<'_, Arc<App>>, project_id: String) -> Answer<RunPreview> {
    off_thread(&app, move |app| preview(app, &project_id)).await
}

fn preview(app: &App, project_id: &str) -> Result<RunPreview, Fault> {
    let (name, settings) = app.with_project(project_id, |project| {
        Ok((project.base_model().to_owned(), project.recipe().clone()))
    })?;
    let mut models = base_models(app)?;
    let model = match models.iter().find(|model| model.name() == name) {
        Some(model) => model.clone(),
        None => {
            models.push(base_model(app, &name)?);
            models[models.len() - 1].clone()
        }
    };
    let recipe = recipe_with(&settings, &model.default_recipe())?;
    let choice = device_choice(app)?;
    let device_id = choice["chosen"].as_str().unwrap_or_default().to_owned();
    let tokenizer = tokenizer(&model, &models);
    let measurements = Measurements::read(app.data());
    let counted = match tokenizer {
        Some(folder) => app.count_texts(project_id, &folder)?,
        None => None,
    };
    app.with_project(project_id, |project| {
        let split = project.split(&recipe)?;
        let work = counted
            .as_ref()
            .zip(split.as_ref())
            .map(|(counted, split)| Work::of(&counted.counts, split, &recipe));
        let (n_train, n_valid, n_test) = split.map_or((0, 0, 0), |split| {
            (split.train.len(), split.valid.len(), split.test.len())
        });
        let speed = measurements.get(&device_id).map(|found| found.speed());
        let estimates = work
            .as_ref()
            .map_or_else(Vec::new, |work| work.estimates(&models, &recipe, speed));
        let own = estimates.iter().find(|estimate| estimate.name == name);
        let n_steps = recipe.n_steps(n_train);
        Ok(RunPreview {
            n_train,
            n_valid,
            n_test,
            n_steps,
            n_epochs: n_steps as f64 / recipe.steps_per_epoch(n_train) as f64,
            batch_size: recipe.batch_size,
            max_length: recipe.max_length,
            learning_rate: recipe.learning_rate,
            n_cut: work.as_ref().map_or(0, |work| work.n_cut),
            device: device_name(&choice),
            device_reason: choice["reason"].as_str().unwrap_or_default().to_owned(),
            device_why: serde_json::from_value(choice["why"].clone()).ok(),
            seconds: own.and_then(|estimate| estimate.seconds),
            memory_bytes: own.map(|estimate| estimate.memory_bytes),
            downloads: model
                .folder()
                .is_none()
                .then(|| name.clone())
                .into_iter()
                .collect(),
            estimates,
            base_model: name.clone(),
            device_id: device_id.clone(),
        })
    })
}

/// The folder whose tokenizer counts the tokens: the model's own, or while it is not here that of another one, which
/// cuts English much the same way.
fn tokenizer(model: &BaseModelInfo, models: &[BaseModelInfo]) -> Option<PathBuf> {
    let installed = || models.iter().find_map(BaseModelInfo::folder);
    model.folder().or_else(installed).map(Path::to_path_buf)
}

/// The texts of a project in tokens, by part.
struct Work {
    parts: Parts,
    n_cut: usize,
}

impl Work {
    fn of(counts: &Counts, split: &Split, recipe: &Recipe) -> Work {
        let is_cut = |length: &&usize| **length > recipe.max_length;
        Work {
            parts: Parts::new(counts, split, recipe.max_length),
            n_cut: counts.lengths.iter().filter(is_cut).count(),
        }
    }

    fn estimates(
        &self,
        models: &[BaseModelInfo],
        recipe: &Recipe,
        flops_per_second: Option<f64>,
    ) -> Vec<Estimate> {
        let estimate = |model: &BaseModelInfo| {
            let workload = self.parts.workload(model.shape?, recipe);
            Some(Estimate {
                name: model.name().to_owned(),
                seconds: flops_per_second.map(|speed| workload.seconds(speed)),
                memory_bytes: workload.memory_bytes(),
            })
        };
        models.iter().filter_map(estimate).collect()
    }
}

fn device_name(choice: &Value) -> String {
    let devices = choice["devices"].as_array().into_iter().flatten();
    let chosen = devices
        .filter(|device| device["id"] == choice["chosen"])
        .map(|device| &device["name"]);
    let name = chosen
        .chain(std::iter::once(&choice["chosen"]))
        .find_map(Value::as_str);
    name.unwrap_or_default().to_owned()
}
