//! Projects: a snapshot of a file's rows, what the person decided about them, and the runs.
//!
//! `projects/<id>/`: `project.json` the decisions · `source`, `table.csv` and `source.json` the file (see [`source`]) ·
//! `runs/` the trainings (see [`crate::run`]). The person's own file is never touched and not needed again.

mod corrections;
mod reading;
mod source;
mod texts;
mod view;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use embert_engine::dataset::{
    self, Dataset, DatasetError, GuessReason, Mapping, MappingRequest, Task,
};
use embert_engine::edits::{self, DataEdit, Edited};
use embert_engine::error::ErrorInfo;
use embert_engine::quality::{self, DataFinding, Material};
use embert_engine::recipe::Recipe;
use embert_engine::split::{self, Fractions, Split};
use embert_engine::table::{DialectRequest, ReadWatch, Row, Table};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

pub use self::corrections::{ImportedEdits, LeftOutEdit};
pub use self::reading::DroppedDecisions;
use self::source::Source;
pub use self::texts::TextsKey;
pub use self::view::{NotedRows, ProjectView, RowNote};
use crate::fault::Fault;
use crate::files::{read_json, write_json};
use crate::run::{self, RunSummary};

/// The person's decisions, as they are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decisions {
    name: String,
    source_file: String,
    /// Counts the files that the project has had, from 1; older projects had one.
    #[serde(default = "first_version")]
    file_version: usize,
    created_at: String,
    changed_at: String,
    /// Older projects were read as detected.
    #[serde(default)]
    dialect: DialectRequest,
    columns: MappingRequest,
    edits: Vec<DataEdit>,
    /// Corrections that were taken back and can be made again, the next one last.
    #[serde(default)]
    undone: Vec<DataEdit>,
    base_model: String,
    recipe: Map<String, Value>,
    /// Older projects never changed it.
    #[serde(default = "sure_from_at_first")]
    sure_from: f64,
    /// Kept, so that the list of projects need not read any rows.
    n_examples: usize,
    n_labels: usize,
}

/// The version of the file that a project begins with.
pub(crate) fn first_version() -> usize {
    1
}

/// Below one half, all other labels together are the likelier answer.
fn sure_from_at_first() -> f64 {
    0.5
}

/// A project in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProjectSummary {
    id: String,
    name: String,
    source_file: String,
    created_at: String,
    changed_at: String,
    n_examples: usize,
    n_labels: usize,
    last_run: Option<RunSummary>,
}

/// An open project.
#[derive(Debug)]
pub struct Project {
    id: String,
    folder: PathBuf,
    decisions: Decisions,
    table: Table,
    source: Source,
    understood: Understood,
    /// Of all rows of the file, for their texts and this label column; searching takes seconds in a large file.
    near: Option<texts::KnownNear>,
}

/// What the decisions make of the rows.
#[derive(Debug, Default)]
struct Understood {
    mapping: Option<Mapping>,
    reasons: Vec<GuessReason>,
    /// What speaks for several labels in a cell of the label column, also where the person said otherwise.
    listed: Option<GuessReason>,
    /// Shared, so that long work on the texts need not hold up the project.
    edited: Option<Arc<Edited>>,
    findings: Vec<DataFinding>,
    obstacle: Option<ErrorInfo>,
    /// Of the examples, once somebody has asked for it.
    data_hash: OnceLock<String>,
}

/// Where the projects are.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    data.join("projects")
}

/// Lists the projects, the last changed first. A damaged one is left out.
#[must_use]
pub fn list(data: &Path) -> Vec<ProjectSummary> {
    let entries = fs::read_dir(folder(data)).into_iter().flatten().flatten();
    let mut projects: Vec<ProjectSummary> = entries
        .filter_map(|entry| {
            let folder = entry.path();
            let decisions: Decisions = read_json(&folder.join("project.json")).ok()?;
            Some(ProjectSummary {
                id: entry.file_name().to_string_lossy().into_owned(),
                name: decisions.name,
                source_file: decisions.source_file,
                created_at: decisions.created_at,
                changed_at: decisions.changed_at,
                n_examples: decisions.n_examples,
                n_labels: decisions.n_labels,
                last_run: run::list(&folder).into_iter().next(),
            })
        })
        .collect();
    projects.sort_by(|a, b| b.changed_at.cmp(&a.changed_at));
    projects
}

/// Removes a project with its runs.
///
/// # Errors
/// When there is none, or it can't be removed.
pub fn delete(data: &Path, id: &str) -> Result<(), Fault> {
    let folder = existing(data, id)?;
    fs::remove_dir_all(&folder).map_err(Fault::file(&folder))
}

fn existing(data: &Path, id: &str) -> Result<PathBuf, Fault> {
    let is_plain = !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || c == '-');
    let folder = folder(data).join(id);
    if is_plain && folder.join("project.json").is_file() {
        Ok(folder)
    } else {
        Err(Fault::NoProject { id: id.to_owned() })
    }
}

/// The present in the form in which it is kept.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().to_string()
}

impl Project {
    /// Reads `files`, which are one or the parts of one table, and keeps a snapshot; `None` when `watch` was cancelled.
    ///
    /// # Errors
    /// When the files can't be read as a table, or the snapshot can't be written.
    pub fn create(
        data: &Path,
        files: &[PathBuf],
        base_model: &str,
        watch: &Arc<ReadWatch>,
    ) -> Result<Option<Project>, Fault> {
        let Some(table) = Table::read_watched(files, &DialectRequest::default(), watch)? else {
            return Ok(None);
        };
        let stem = source::name_of(files);
        let (id, folder) = new_folder(&folder(data), &stem)?;
        let decisions = Decisions {
            name: stem.replace(['_', '-'], " "),
            source_file: source::names_of(files, &table).join(", "),
            file_version: first_version(),
            created_at: now(),
            changed_at: now(),
            dialect: DialectRequest::default(),
            columns: MappingRequest::default(),
            edits: Vec::new(),
            undone: Vec::new(),
            base_model: base_model.to_owned(),
            recipe: Map::new(),
            sure_from: sure_from_at_first(),
            n_examples: 0,
            n_labels: 0,
        };
        let write = || -> Result<Option<Project>, Fault> {
            let source = source::keep(&folder, files, &table)?;
            let mut project = Project {
                id: id.clone(),
                folder: folder.clone(),
                decisions,
                table,
                source,
                understood: Understood::default(),
                near: None,
            };
            project.understand();
            // There is a project once this is written.
            if watch.is_cancelled() {
                return Ok(None);
            }
            project.save()?;
            Ok(Some(project))
        };
        let written = write();
        if !matches!(written, Ok(Some(_))) {
            let _ = fs::remove_dir_all(&folder);
        }
        written
    }

    /// Opens a project.
    ///
    /// # Errors
    /// When there is none, or its files are damaged.
    pub fn open(data: &Path, id: &str) -> Result<Project, Fault> {
        let folder = existing(data, id)?;
        let decisions = read_json(&folder.join("project.json"))?;
        let (table, source) = source::open(&folder)?;
        let mut project = Project {
            id: id.to_owned(),
            folder,
            decisions,
            table,
            source,
            understood: Understood::default(),
            near: None,
        };
        project.understand();
        Ok(project)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The person's name for it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.decisions.name
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Name of the person's file.
    #[must_use]
    pub fn source_file(&self) -> &str {
        &self.decisions.source_file
    }

    /// Which of its files it has now, from 1.
    #[must_use]
    pub fn file_version(&self) -> usize {
        self.decisions.file_version
    }

    /// Name of the base model.
    #[must_use]
    pub fn base_model(&self) -> &str {
        &self.decisions.base_model
    }

    /// Settings that differ from the defaults.
    #[must_use]
    pub fn recipe(&self) -> &Map<String, Value> {
        &self.decisions.recipe
    }

    /// The examples to train on; `None` while there is an obstacle.
    #[must_use]
    pub fn dataset(&self) -> Option<&Dataset> {
        let edited = self.understood.edited.as_ref()?;
        self.understood
            .obstacle
            .is_none()
            .then_some(&edited.dataset)
    }

    /// What a training learns from as a hash: it changes with texts, labels and parts, and comes back with them.
    #[must_use]
    pub fn data_hash(&self) -> Option<String> {
        let dataset = &self.understood.edited.as_ref()?.dataset;
        let hash = self
            .understood
            .data_hash
            .get_or_init(|| dataset.training_hash());
        Some(hash.clone())
    }

    /// Why it can't be trained on.
    #[must_use]
    pub fn obstacle(&self) -> Option<&ErrorInfo> {
        self.understood.obstacle.as_ref()
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// When it can't be saved. The same for all that follow.
    pub fn rename(&mut self, name: &str) -> Result<(), Fault> {
        if !name.trim().is_empty() {
            name.trim().clone_into(&mut self.decisions.name);
        }
        self.save_change()
    }

    /// Says which columns mean what; what is left out is guessed, and what is declined stays away.
    pub fn set_columns(&mut self, columns: MappingRequest) -> Result<(), Fault> {
        // What can't be chosen is refused; anything else is an obstacle that the screen shows.
        if let Err(
            error @ (DatasetError::Table(_)
            | DatasetError::TextNeeded
            | DatasetError::SameColumn { .. }),
        ) = dataset::guess_mapping(&self.table, &columns)
        {
            return Err(error.into());
        }
        let labels_before = self.label_mapping();
        self.decisions.columns = columns;
        self.understand();
        // Corrections speak of the labels of another column.
        if self.label_mapping() != labels_before {
            self.decisions.undone.clear();
            if !self.decisions.edits.is_empty() {
                self.decisions.edits.clear();
                self.understand();
            }
        }
        self.save_change()
    }

    /// What the mapping says about labels, and nothing else.
    fn label_mapping(&self) -> Option<Mapping> {
        let mapping = self.understood.mapping.clone()?;
        Some(Mapping {
            text: String::new(),
            text_b: None,
            split: None,
            ..mapping
        })
    }

    /// Chooses base model and settings.
    pub fn set_training(
        &mut self,
        base_model: String,
        recipe: Map<String, Value>,
    ) -> Result<(), Fault> {
        // Only the check counts here; the model's own defaults are put under it when it trains.
        recipe_with(&recipe, &Recipe::default())?;
        self.decisions.base_model = base_model;
        self.decisions.recipe = recipe;
        self.save_change()
    }

    /// Says from which score on an answer of its models counts as sure, 0 to 1, and returns the score that is kept. It
    /// belongs to the project and not to the settings, because what a score is worth depends on the labels and on the
    /// model.
    pub fn set_sure_from(&mut self, score: f64) -> Result<f64, Fault> {
        self.decisions.sure_from = score.clamp(0.0, 1.0);
        self.save_change()?;
        Ok(self.decisions.sure_from)
    }

    /// Rows of the table.
    #[must_use]
    pub fn rows(&self, first: usize, count: usize) -> &[Row] {
        let end = first.saturating_add(count).min(self.table.rows.len());
        self.table.rows.get(first..end).unwrap_or_default()
    }

    /// The split that a training would make.
    ///
    /// # Errors
    /// When a label has too few examples.
    pub fn split(&self, recipe: &Recipe) -> Result<Option<Split>, Fault> {
        let fractions = Fractions {
            valid: recipe.valid_fraction,
            test: recipe.test_fraction,
        };
        self.dataset()
            .map(|dataset| split::split(dataset, fractions, recipe.seed))
            .transpose()
            .map_err(Fault::from)
    }

    /// The examples as a table that the worker reads: text, second text, label, part and the line of the person's file.
    #[must_use]
    pub fn training_table(&self) -> Option<Table> {
        let dataset = self.dataset()?;
        let has_pairs = dataset
            .examples
            .iter()
            .any(|example| example.text_b.is_some());
        let has_parts = dataset
            .examples
            .iter()
            .any(|example| example.part.is_some());
        let mut columns = vec!["text".to_owned()];
        columns.extend(has_pairs.then(|| "text_b".to_owned()));
        // The name says how the cells are written: see `run::columns_of_examples`.
        let label_column = match dataset.task {
            Task::Single => "label",
            Task::Multi => "labels",
        };
        columns.push(label_column.to_owned());
        columns.extend(has_parts.then(|| "split".to_owned()));
        columns.push("line".to_owned());
        let rows = dataset.examples.iter().map(|example| {
            let mut cells = vec![example.text.clone()];
            cells.extend(has_pairs.then(|| example.text_b.clone().unwrap_or_default()));
            let names = example.label_ids.as_slice().iter();
            let mut names = names.map(|id| dataset.labels.name(*id));
            cells.push(match dataset.task {
                Task::Single => names.next().unwrap_or_default().to_owned(),
                Task::Multi => dataset::bracketed_cell(names),
            });
            cells.extend(has_parts.then(|| part_name(example.part).to_owned()));
            cells.push(example.line.to_string());
            Row {
                line: example.line,
                cells,
            }
        });
        Some(Table {
            rows: rows.collect(),
            columns,
            dialect: self.source.dialect.clone(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        })
    }

    /// Works out anew what the decisions make of the rows. A fault becomes the obstacle.
    fn understand(&mut self) {
        if let Err(fault) = self.try_understand() {
            self.understood.obstacle = Some(fault.into());
        }
    }

    fn try_understand(&mut self) -> Result<(), Fault> {
        self.understood = Understood::default();
        let guessed = dataset::guess_mapping(&self.table, &self.decisions.columns)?;
        let label = guessed.mapping.label.as_deref();
        self.understood.listed = label.and_then(|label| dataset::listed_labels(&self.table, label));
        self.understood.mapping = Some(guessed.mapping.clone());
        self.understood.reasons = guessed.reasons;
        let dataset = Dataset::from_table(&self.table, &guessed.mapping)?;
        let near = self.near_texts(&dataset, &guessed.mapping);
        let edited = edits::apply_knowing(&dataset, &self.decisions.edits, &near)?;
        drop(dataset);
        self.understood.findings = quality::findings(&Material {
            dataset: &edited.dataset,
            near: &near,
            rows: Some((&self.table, &guessed.mapping)),
        });
        let checked = edited.check();
        self.understood.edited = Some(Arc::new(edited));
        checked?;
        let recipe = Recipe::default();
        self.split(&recipe).map(drop)
    }

    fn touch(&mut self) -> Result<(), Fault> {
        self.understand();
        self.save_change()
    }

    fn save_change(&mut self) -> Result<(), Fault> {
        self.decisions.changed_at = now();
        self.save()
    }

    fn save(&mut self) -> Result<(), Fault> {
        let edited = self.understood.edited.as_deref();
        self.decisions.n_examples = edited.map_or(0, |edited| edited.dataset.examples.len());
        self.decisions.n_labels = edited.map_or(0, |edited| edited.labels.len());
        write_json(&self.folder.join("project.json"), &self.decisions)
    }
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn part_name(part: Option<dataset::Part>) -> &'static str {
    match part {
        Some(dataset::Part::Valid) => "valid",
        Some(dataset::Part::Test) => "test",
        Some(dataset::Part::Train) | None => "train",
    }
}

/// Makes `<name>` or the first `<name>-<number>` that is free, of letters and digits alone.
fn new_folder(parent: &Path, name: &str) -> Result<(String, PathBuf), Fault> {
    fs::create_dir_all(parent).map_err(Fault::file(parent))?;
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(40)
        .collect();
    let plain = plain.trim_matches('-');
    let plain = if plain.is_empty() { "project" } else { plain };
    let mut number = 1;
    loop {
        let id = if number == 1 {
            plain.to_owned()
        } else {
            format!("{plain}-{number}")
        };
        let folder = parent.join(&id);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok((id, folder)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Fault::file(&folder)(error)),
        }
    }
}

/// The defaults for a model of this size with the person's settings over them, checked.
///
/// # Errors
/// When a setting is not known, of the wrong kind or out of its range.
pub(crate) fn recipe_with(
    settings: &Map<String, Value>,
    defaults: &Recipe,
) -> Result<Recipe, Fault> {
    let recipe = Recipe::with_settings(settings, defaults).map_err(|source| Fault::Damaged {
        path: PathBuf::from("project.json"),
        source,
    })?;
    recipe.validate()?;
    Ok(recipe)
}
