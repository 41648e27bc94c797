//! `embert train`: from a file of texts and labels to a model folder and a report.
//!
//! [`prepare`] does everything that can find fault with the input, and writes nothing; only then the run folder is
//! made.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use embert_engine::base_model::{self, BaseModel};
use embert_engine::dataset::{self, Dataset, Task};
use embert_engine::device::Choice;
use embert_engine::event::TrainEvent;
use embert_engine::page;
use embert_engine::protocol::TrainParams;
use embert_engine::quality;
use embert_engine::recipe::Recipe;
use embert_engine::split::{self, Fractions, Split};
use embert_engine::table::{Format, Table};
use embert_engine::train::{self, Ending, RunDescription, TrainJob};
use embert_engine::values;
use serde_json::{Map, Value, json};

use crate::arguments::{EventFormat, TrainArguments};
use crate::convert::line_name;
use crate::corrections::Corrections;
use crate::devices;
use crate::failure::{Failure, Outcome};
use crate::models::ModelFolders;
use crate::output::{self, count};
use crate::progress::TrainDisplay;
use crate::stop::Stop;

/// Where runs go that have no folder of their own.
const RUNS: &str = "runs";

/// Observer of a training.
pub(crate) type Observer<'a> = dyn FnMut(&TrainEvent) -> ControlFlow<Ending> + 'a;

/// A training whose input is sound.
pub(crate) struct Prepared {
    /// What the page of the report is called: the file without its ending.
    name: String,
    dataset: Dataset,
    split: Split,
    base_model: BaseModel,
    recipe: Recipe,
    device: Choice,
    out: PathBuf,
    /// Whether the training goes on.
    resume: bool,
    /// What was guessed and left out, for the person.
    notices: Vec<TrainEvent>,
}

/// Runs the command.
pub(crate) fn run(arguments: &TrainArguments, folders: &ModelFolders) -> Result<Outcome, Failure> {
    let stop = Stop::by_interrupt(
        "Stopping; the best model so far is kept. Press Ctrl-C again to end at once.",
    )?;
    let mut display = TrainDisplay::new(arguments.events.map(|EventFormat::Json| ()).is_some());
    let prepared = prepare(&params(arguments)?, folders)?;
    display.set_task(prepared.dataset.task);
    let trained = train(&prepared, &mut |event| {
        display.show(event);
        stop.training_flow()
    })?;
    let train::Outcome::Trained(trained) = trained else {
        return Ok(Outcome::Stopped);
    };
    if arguments.json {
        output::print_json(&trained.report)?;
    } else {
        let model = trained.model_folder.display();
        output::print(&format!(
            "{}\nModel folder: {model}\n",
            trained.report.to_text().trim_end()
        ))?;
        output::print(&format!(
            "Try it: embert classify {model} --text \"a text of your own\"\n"
        ))?;
    }
    Ok(if trained.stopped {
        Outcome::Stopped
    } else {
        Outcome::Done
    })
}

/// Checks everything that can be checked, and writes nothing.
pub(crate) fn prepare(params: &TrainParams, folders: &ModelFolders) -> Result<Prepared, Failure> {
    let corrections = Corrections::read(params.edits.as_deref())?;
    let table = if params.is_own_file {
        Table::read_own(&params.file)?
    } else {
        let files: Vec<PathBuf> = std::iter::once(&params.file)
            .chain(&params.other_files)
            .cloned()
            .collect();
        Table::read_parts(&files, &params.dialect)?
    };
    let guessed = dataset::guess_mapping(&table, &params.columns)?;
    let mut notices: Vec<_> = guessed
        .reasons
        .iter()
        .map(|reason| notice("columns.guessed", reason.to_string(), &Value::Null))
        .collect();
    let mut dataset = Dataset::from_table(&table, &guessed.mapping)?;
    // What the window wrote it has looked through before.
    let many = quality::many_labels(&dataset).filter(|_| !params.is_own_file);
    notices.extend(many.map(|finding| {
        let (n_labels, n_examples) = (dataset.labels.len(), dataset.examples.len());
        let values = json!({"nLabels": n_labels, "nExamples": n_examples});
        notice("labels.many", format!("{}.", finding.message), &values)
    }));
    notices.extend(left_out(&params.file, &table, dataset.skipped.len()));
    if let Some(test_file) = &params.test_file {
        let n_skipped = dataset.skipped.len();
        let test_table = Table::read_with(test_file, &params.dialect)?;
        dataset.append_test(&test_table, &guessed.mapping)?;
        notices.extend(left_out(
            test_file,
            &test_table,
            dataset.skipped.len().saturating_sub(n_skipped),
        ));
    }
    if let Some(corrections) = &corrections {
        dataset = corrected(corrections, &dataset, &mut notices)?;
    }
    let begun = begun_run(params)?;
    let base_model = match (&params.base_model, &begun) {
        (Some(name), _) => base_model::find(name, folders.searched())?,
        (None, Some(begun)) => base_model_of(&begun.description, folders)?,
        (None, None) => base_model::find(&base_model::starter().name, folders.searched())?,
    };
    let recipe = match &begun {
        Some(begun) => begun.description.recipe.clone(),
        None => recipe(&params.recipe, &base_model, dataset.task)?,
    };
    let fractions = Fractions {
        valid: recipe.valid_fraction,
        test: recipe.test_fraction,
    };
    let split = split::split(&dataset, fractions, recipe.seed)?;
    let resume = begun.is_some();
    let out = match (begun, &params.out) {
        (Some(begun), _) => begun.folder,
        (None, Some(out)) => free_folder(out)?,
        (None, None) => next_run_folder(Path::new(RUNS), &params.file),
    };
    let device = devices::choose(params.device.as_deref())?;
    let name = params.file.file_stem().unwrap_or_default();
    Ok(Prepared {
        name: name.to_string_lossy().into_owned(),
        dataset,
        split,
        base_model,
        recipe,
        device,
        out,
        resume,
        notices,
    })
}

/// The examples after the corrections; what does not fit is noticed.
fn corrected(
    corrections: &Corrections,
    dataset: &Dataset,
    notices: &mut Vec<TrainEvent>,
) -> Result<Dataset, Failure> {
    let corrected = corrections.make(dataset);
    corrected.edited.check()?;
    notices.extend(corrected.left_out.iter().map(|left_out| {
        notice(
            "edits.leftOut",
            corrections.sentence(left_out),
            &json!({"file": corrections.file, "number": left_out.number}),
        )
    }));
    Ok(corrected.edited.dataset)
}

/// A run that is to go on.
struct BegunRun {
    folder: PathBuf,
    description: RunDescription,
}

/// The run that `params` want to go on with, if they do.
fn begun_run(params: &TrainParams) -> Result<Option<BegunRun>, Failure> {
    if !params.resume {
        return Ok(None);
    }
    let folder = match &params.out {
        Some(folder) => folder.clone(),
        None => last_run_folder(Path::new(RUNS), &params.file).ok_or_else(|| {
            Failure::NothingToResume {
                file: params.file.clone(),
            }
        })?,
    };
    let description = RunDescription::read(&folder)?;
    Ok(Some(BegunRun {
        folder,
        description,
    }))
}

/// The base model of a run: where it was, or else by its name.
fn base_model_of(run: &RunDescription, folders: &ModelFolders) -> Result<BaseModel, Failure> {
    let folder = run.base_model_folder.to_string_lossy();
    let name = if run.base_model_folder.is_dir() {
        folder.as_ref()
    } else {
        run.base_model.as_str()
    };
    Ok(base_model::find(name, folders.searched())?)
}

/// Trains and reports. The run folder is removed again when the training fails because of its input.
pub(crate) fn train(
    prepared: &Prepared,
    observer: &mut Observer<'_>,
) -> Result<train::Outcome, Failure> {
    let is_new = !prepared.out.exists();
    let job = TrainJob {
        dataset: &prepared.dataset,
        split: &prepared.split,
        base_model: &prepared.base_model,
        recipe: &prepared.recipe,
        device: &prepared.device,
        out: &prepared.out,
        resume: prepared.resume,
    };
    for notice in &prepared.notices {
        // Whoever stops before the first step stops at the first step.
        let _ = observer(notice);
    }
    let outcome = train::train(&job, observer).map_err(|error| {
        let failure = Failure::from(error);
        if is_new && failure.is_input_fault() {
            let _ = fs::remove_dir_all(&prepared.out);
        }
        failure
    })?;
    if let train::Outcome::Trained(trained) = &outcome
        && let Err(error) = page::write_into_run(&prepared.out, &prepared.name, &trained.report)
    {
        // The model and the numbers are there; the page can be made again from them.
        let message = format!("The page report.html could not be written: {error}.");
        let _ = observer(&notice(
            "report.page",
            message,
            &json!({"reason": error.to_string()}),
        ));
    }
    Ok(outcome)
}

/// Puts the options of the command line over the recipe file.
fn params(arguments: &TrainArguments) -> Result<TrainParams, Failure> {
    let mut recipe = arguments
        .recipe
        .as_deref()
        .map(read_recipe)
        .transpose()?
        .unwrap_or_default();
    let options = [
        ("epochs", arguments.epochs.map(Value::from)),
        ("learningRate", arguments.learning_rate.map(Value::from)),
        ("batchSize", arguments.batch_size.map(Value::from)),
        ("maxLength", arguments.max_length.map(Value::from)),
        ("seed", arguments.seed.map(Value::from)),
    ];
    for (name, value) in options {
        recipe.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(TrainParams {
        file: arguments.files.first().cloned().unwrap_or_default(),
        other_files: arguments.files.iter().skip(1).cloned().collect(),
        columns: arguments.columns(),
        dialect: arguments.dialect.request(),
        is_own_file: false,
        edits: arguments.edits.clone(),
        test_file: arguments.test.clone(),
        base_model: arguments.base_model.clone(),
        out: arguments.out.clone(),
        recipe,
        device: arguments.device.device.clone(),
        resume: arguments.resume,
    })
}

fn read_recipe(path: &Path) -> Result<Map<String, Value>, Failure> {
    let text = fs::read_to_string(path).map_err(|source| Failure::RecipeUnreadable {
        path: path.to_path_buf(),
        source,
    })?;
    let content = |source| Failure::RecipeContent {
        path: Some(path.to_path_buf()),
        source,
    };
    let settings: Map<String, Value> = serde_json::from_str(&text).map_err(content)?;
    // A wrong name is reported here, where the file can be named.
    serde_json::from_value::<Recipe>(Value::Object(settings.clone())).map_err(content)?;
    Ok(settings)
}

/// The defaults for this model, with the person's settings over them.
fn recipe(
    settings: &Map<String, Value>,
    base_model: &BaseModel,
    task: Task,
) -> Result<Recipe, Failure> {
    let content = |source| Failure::RecipeContent { path: None, source };
    let defaults = base_model.default_recipe().for_task(task);
    let mut recipe = Recipe::with_settings(settings, &defaults).map_err(content)?;
    recipe.validate()?;
    let limit = base_model.config["max_position_embeddings"]
        .as_u64()
        .map_or(usize::MAX, |limit| limit as usize);
    if recipe.max_length > limit {
        if settings.contains_key("maxLength") {
            return Err(Failure::MaxLength {
                max_length: recipe.max_length,
                limit,
            });
        }
        recipe.max_length = limit;
    }
    Ok(recipe)
}

fn notice(code: &str, message: String, values: &Value) -> TrainEvent {
    TrainEvent::Notice {
        code: code.to_owned(),
        message,
        values: values::of(values),
    }
}

fn left_out(file: &Path, table: &Table, n_skipped_examples: usize) -> Vec<TrainEvent> {
    let format = &table.dialect.format;
    let name = match format {
        Format::Parts { files } => {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            names.join(", ")
        }
        _ => {
            let name = file.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        }
    };
    let parts = [
        (
            "row.repaired",
            table.repaired.len(),
            table.repaired.first().map(|row| row.line),
            "repaired",
        ),
        (
            "row.skipped",
            table.skipped.len(),
            table.skipped.first().map(|row| row.line),
            "left out as unreadable",
        ),
        (
            "example.skipped",
            n_skipped_examples,
            None,
            "left out for having no text or no label",
        ),
    ];
    let sentence = |(code, n, line, what): (&str, usize, Option<u64>, &str)| {
        let first = line
            .map(|line| format!(", the first in {}", line_name(format, line)))
            .unwrap_or_default();
        (n > 0).then(|| {
            notice(
                code,
                format!("{name}: {} {what}{first}.", count(n, "row")),
                &json!({"file": name, "nRows": n, "line": line}),
            )
        })
    };
    parts.into_iter().filter_map(sentence).collect()
}

fn free_folder(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.is_file() {
        return Err(Failure::RunFolderIsFile {
            folder: folder.to_path_buf(),
        });
    }
    let is_taken = fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    if is_taken {
        return Err(Failure::RunFolderTaken {
            folder: folder.to_path_buf(),
        });
    }
    Ok(folder.to_path_buf())
}

/// The first `runs/<file>-<number>` that is not there.
fn next_run_folder(runs: &Path, file: &Path) -> PathBuf {
    run_folders(runs, file)
        .find(|folder| !folder.exists())
        .expect("there are more numbers than folders")
}

/// The last `runs/<file>-<number>` that is there.
fn last_run_folder(runs: &Path, file: &Path) -> Option<PathBuf> {
    run_folders(runs, file)
        .take_while(|folder| folder.exists())
        .last()
}

fn run_folders(runs: &Path, file: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let first = runs.join(stem.as_ref()).into_os_string();
    (1..).map(move |number| {
        let mut folder = first.clone();
        folder.push(format!("-{number}"));
        PathBuf::from(folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_numbered_and_never_reused() {
        let runs = tempfile::tempdir().unwrap();
        let file = Path::new("data/support desk.csv");
        assert_eq!(
            next_run_folder(runs.path(), file),
            runs.path().join("support desk-1")
        );
        assert_eq!(last_run_folder(runs.path(), file), None);
        fs::create_dir(runs.path().join("support desk-1")).unwrap();
        assert_eq!(
            last_run_folder(runs.path(), file),
            Some(runs.path().join("support desk-1"))
        );
        assert_eq!(
            next_run_folder(runs.path(), file),
            runs.path().join("support desk-2")
        );
    }

    #[test]
    fn an_empty_folder_is_free_and_a_used_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_folder(folder.path()).is_ok());
        assert!(free_folder(&folder.path().join("new")).is_ok());
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(matches!(
            free_folder(folder.path()),
            Err(Failure::RunFolderTaken { .. })
        ));
        assert!(matches!(
            free_folder(&folder.path().join("file")),
            Err(Failure::RunFolderIsFile { .. })
        ));
    }
}
