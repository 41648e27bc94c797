//! `embert export`: a trained model for programs without Python, compared with the model before it counts as done.

use std::ops::ControlFlow;
use std::path::Path;

use embert_engine::dataset::{self, MappingRequest};
use embert_engine::event::WorkProgress;
use embert_engine::exported::{OnnxExport, TextsFrom};
use embert_engine::onnx::{self, ComparedTexts, OnnxOrder};
use embert_engine::predict;
use embert_engine::protocol::ExportParams;
use embert_engine::table::Table;

use crate::arguments::{ExportArguments, ExportFormat};
use crate::classify;
use crate::devices;
use crate::failure::{Failure, Outcome};
use crate::models;
use crate::output::{self, count};
use crate::progress::WorkDisplay;
use crate::stop::Stop;

/// Where both sides compute: on the processor, whose rounding differs least.
const DEVICE: &str = "cpu";

/// Runs the command.
pub(crate) fn run(arguments: &ExportArguments) -> Result<Outcome, Failure> {
    let ExportFormat::Onnx = arguments.format;
    let params = ExportParams {
        model: arguments.model.clone(),
        file: arguments.file.clone(),
        columns: arguments.columns.request(),
        dialect: arguments.dialect.request(),
        is_own_file: false,
        out: arguments.out.clone(),
        int8: arguments.int8,
    };
    let stop = Stop::by_interrupt("Stopping; nothing is written.")?;
    let mut display = WorkDisplay::new("answers compared");
    let export = export(
        &params,
        &mut |reason| output::tell(reason),
        &mut |progress| {
            display.show(progress);
            stop.flow()
        },
    )?;
    display.finish();
    let Some(export) = export else {
        return Ok(Outcome::Stopped);
    };
    if arguments.json {
        output::print_json(&export)?;
    } else {
        output::print(&to_text(&export))?;
    }
    Ok(Outcome::Done)
}

/// Exports a model. `notice` is told what was guessed. `None` means that the observer stopped it.
pub(crate) fn export(
    params: &ExportParams,
    notice: &mut dyn FnMut(&str),
    observer: &mut dyn FnMut(WorkProgress) -> ControlFlow<()>,
) -> Result<Option<OnnxExport>, Failure> {
    let model = models::trained_model(&params.model)?;
    let texts = match &params.file {
        Some(file) => compared_texts(file, &model, params, notice)?,
        None => ComparedTexts::built_in(classify::takes_pairs(&model)),
    };
    let order = OnnxOrder {
        model: &model,
        out: &params.out,
        int8: params.int8,
        texts: &texts,
    };
    Ok(onnx::export(
        &order,
        &devices::choose(Some(DEVICE))?,
        observer,
    )?)
}

/// Reads the texts that the exported files are compared on.
fn compared_texts(
    file: &Path,
    model: &Path,
    params: &ExportParams,
    notice: &mut dyn FnMut(&str),
) -> Result<ComparedTexts, Failure> {
    let table = if params.is_own_file {
        Table::read_own(file)?
    } else {
        Table::read_with(file, &params.dialect)?
    };
    let columns = MappingRequest {
        // The labels are read the way in which the model gives them.
        task: Some(predict::task_of(model)),
        ..params.columns.clone()
    };
    let guessed = dataset::guess_mapping(&table, &columns)?;
    guessed
        .reasons
        .iter()
        .for_each(|reason| notice(&reason.to_string()));
    let labels = predict::labels_of(model)?;
    let dataset = dataset::labelled_with(&table, &guessed.mapping, &labels)?;
    Ok(ComparedTexts::of(&dataset, model))
}

fn to_text(export: &OnnxExport) -> String {
    let n = export.n_compared;
    let from = match export.compared_with {
        TextsFrom::TestPart => "of the test part",
        TextsFrom::File => "of the file",
        TextsFrom::BuiltIn => {
            "that Embert has for it; name a file of texts and labels to compare on those"
        }
    };
    let percent = |n_right: usize| 100.0 * n_right as f64 / n.max(1) as f64;
    let mut text = format!("Compared on {} {from}.\n", count(n, "text"));
    if let Some(n_right) = export.n_right {
        text += &format!("The model has {:.1} % of them right.\n", percent(n_right));
    }
    for file in &export.files {
        let right = file.n_right.map_or_else(String::new, |n_right| {
            format!(", {:.1} % right", percent(n_right))
        });
        text += &format!(
            "{}: {:.1} MB, scores differ by {:.1e} at most, {} of {n} with the same label{}{right}\n",
            file.name,
            file.size_bytes as f64 / 1e6,
            file.largest_difference,
            file.n_same_labels,
            if export.task.is_multi() { "s" } else { "" },
        );
    }
    text + &format!("The model is in {}.\n", export.folder.display())
}
