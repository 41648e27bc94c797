//! `embert evaluate`: how good a trained model is on a file of texts and labels.

use std::ops::ControlFlow;
use std::path::Path;

use embert_engine::dataset::{self, MappingRequest};
use embert_engine::event::WorkProgress;
use embert_engine::page::{self, Page};
use embert_engine::plot::Language;
use embert_engine::predict::{self, Classifier};
use embert_engine::protocol::EvaluateParams;
use embert_engine::report::Report;
use embert_engine::table::Table;

use crate::arguments::EvaluateArguments;
use crate::devices;
use crate::failure::{Failure, Outcome};
use crate::models;
use crate::output;
use crate::progress::WorkDisplay;
use crate::stop::Stop;

/// Runs the command.
pub(crate) fn run(arguments: &EvaluateArguments) -> Result<Outcome, Failure> {
    let params = EvaluateParams {
        model: arguments.model.clone(),
        file: arguments.file.clone(),
        columns: arguments.columns.request(),
        dialect: arguments.dialect.request(),
        device: arguments.device.device.clone(),
    };
    let stop = Stop::by_interrupt("Stopping.")?;
    let mut display = WorkDisplay::new("texts judged");
    let report = evaluate(
        &params,
        &mut |reason| output::tell(reason),
        &mut |progress| {
            display.show(progress);
            stop.flow()
        },
    )?;
    display.finish();
    let Some(report) = report else {
        return Ok(Outcome::Stopped);
    };
    if let Some(file) = &arguments.html {
        write_page(file, &arguments.file, &report)?;
    }
    if arguments.json {
        output::print_json(&report)?;
    } else {
        output::print(&report.to_text())?;
    }
    Ok(Outcome::Done)
}

fn write_page(file: &Path, judged: &Path, report: &Report) -> Result<(), Failure> {
    let name = judged.file_stem().unwrap_or_default().to_string_lossy();
    let page = Page {
        name: &name,
        report,
        events: &[],
        language: Language::En,
    };
    page::write(file, &page.html()).map_err(|source| Failure::PageUnwritable {
        path: file.to_path_buf(),
        source,
    })
}

/// Judges a model. `notice` is told what was guessed. `None` means that the observer stopped it.
pub(crate) fn evaluate(
    params: &EvaluateParams,
    notice: &mut dyn FnMut(&str),
    observer: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
) -> Result<Option<Report>, Failure> {
    let folder = models::trained_model(&params.model)?;
    let table = Table::read_with(&params.file, &params.dialect)?;
    let columns = MappingRequest {
        // The labels are read the way in which the model gives them.
        task: Some(predict::task_of(&folder)),
        ..params.columns.clone()
    };
    let guessed = dataset::guess_mapping(&table, &columns)?;
    guessed
        .reasons
        .iter()
        .for_each(|reason| notice(&reason.to_string()));
    let device = devices::choose(params.device.as_deref())?;
    let classifier = Classifier::load(&folder, &device)?;
    let dataset = dataset::labelled_with(&table, &guessed.mapping, classifier.labels())?;
    if !dataset.skipped.is_empty() {
        notice(&format!(
            "{} left out: no text or no label.",
            output::count(dataset.skipped.len(), "row")
        ));
    }
    Ok(classifier.evaluate(&dataset, observer)?)
}
