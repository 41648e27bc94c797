//! `embert classify`: labels for a text, or for every row of a file.

use std::ops::ControlFlow;
use std::path::Path;

use embert_engine::dataset::{self, LabelMap, MappingRequest};
use embert_engine::event::WorkProgress;
use embert_engine::predict::{Classifier, Prediction};
use embert_engine::table::{DialectRequest, Table};
use embert_engine::wish::Wish;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::arguments::ClassifyArguments;
use crate::convert;
use crate::devices;
use crate::failure::{Failure, Outcome};
use crate::models;
use crate::output::{self, count};
use crate::progress::WorkDisplay;
use crate::stop::Stop;

/// Observer of the work on many texts.
pub(crate) type Observer<'a> = dyn FnMut(WorkProgress) -> ControlFlow<()> + 'a;

/// What `--json` prints for a text.
#[derive(Debug, Serialize)]
struct JsonPrediction {
    /// Line of the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// The label with the highest score.
    label: String,
    score: f32,
    /// The labels that the text gets, where it can have several.
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<Vec<String>>,
    /// Score by label, in the order of the labels.
    #[serde(serialize_with = "as_object")]
    scores: Vec<(String, f32)>,
    /// Scores before the softmax or sigmoid, in the order of the labels.
    logits: Vec<f32>,
}

#[derive(Debug, Serialize)]
struct JsonPredictions {
    predictions: Vec<JsonPrediction>,
}

/// A file whose rows got labels.
pub(crate) struct LabelledFile {
    table: Table,
    /// For each row its prediction; `None` for a row without text.
    predictions: Vec<Option<Prediction>>,
}

/// Runs the command.
pub(crate) fn run(arguments: &ClassifyArguments) -> Result<Outcome, Failure> {
    match &arguments.file {
        None => run_on_texts(arguments),
        Some(file) => run_on_file(arguments, file),
    }
}

fn run_on_texts(arguments: &ClassifyArguments) -> Result<Outcome, Failure> {
    let (n_texts, n_second_texts) = (arguments.text.len(), arguments.text_b.len());
    if n_second_texts > 0 && n_second_texts != n_texts {
        return Err(Failure::UnevenPairs {
            n_texts,
            n_second_texts,
        });
    }
    let second = |index: usize| arguments.text_b.get(index).map(String::as_str);
    let texts: Vec<_> = arguments
        .text
        .iter()
        .enumerate()
        .map(|(index, text)| (text.as_str(), second(index)))
        .collect();
    let stop = Stop::by_interrupt("Stopping.")?;
    let classifier = load(&arguments.model, arguments.device.device.as_deref())?;
    let Some(predictions) = classifier.classify(&texts, &mut |_| stop.flow())? else {
        return Ok(Outcome::Stopped);
    };
    if arguments.json {
        let predictions = predictions
            .iter()
            .map(|prediction| to_json(prediction, None, &classifier))
            .collect();
        output::print_json(&JsonPredictions { predictions })?;
    } else {
        for prediction in &predictions {
            output::print(&to_text(prediction, &classifier))?;
        }
    }
    Ok(Outcome::Done)
}

fn run_on_file(arguments: &ClassifyArguments, file: &Path) -> Result<Outcome, Failure> {
    if let Some(out) = &arguments.out {
        convert::check_out(file, out)?;
    }
    let stop = Stop::by_interrupt("Stopping; nothing is written.")?;
    let mut display = WorkDisplay::new("texts classified");
    let folder = models::trained_model(&arguments.model)?;
    let wanted = Wanted {
        columns: arguments.columns(),
        dialect: arguments.dialect.request(),
        pairs: takes_pairs(&folder),
    };
    let file = FileToClassify::open(file, wanted)?;
    file.notices.iter().for_each(|notice| output::tell(notice));
    convert::tell_losses(&file.table);
    let classifier = Classifier::load(
        &folder,
        &devices::choose(arguments.device.device.as_deref())?,
    )?;
    let labelled = file.classify(&classifier, &mut |progress| {
        display.show(progress);
        stop.flow()
    })?;
    display.finish();
    let Some(labelled) = labelled else {
        return Ok(Outcome::Stopped);
    };
    if let Some(out) = &arguments.out {
        labelled.write(classifier.labels(), out)?;
        let n_without = labelled.predictions.len() - labelled.n_classified();
        let without = if n_without == 0 {
            String::new()
        } else {
            format!(", {n_without} without text")
        };
        let rows = count(labelled.predictions.len(), "row");
        output::tell(&format!("{rows} written to {}{without}", out.display()));
    }
    if arguments.json {
        output::print_json(&labelled.to_json(&classifier))?;
    }
    Ok(Outcome::Done)
}

/// Loads a trained model from its folder, or from its run's folder.
pub(crate) fn load(model: &Path, device: Option<&str>) -> Result<Classifier, Failure> {
    let folder = models::trained_model(model)?;
    Ok(Classifier::load(&folder, &devices::choose(device)?)?)
}

/// A file that was read, and the columns of its texts.
pub(crate) struct FileToClassify {
    table: Table,
    text: usize,
    text_b: Option<usize>,
    /// How the columns were guessed, and what is missing.
    pub(crate) notices: Vec<String>,
}

/// How a file is to be read.
pub(crate) struct Wanted {
    /// What was said about the columns.
    pub(crate) columns: MappingRequest,
    /// How it is written.
    pub(crate) dialect: DialectRequest,
    /// Whether the model judges two texts together. One that doesn't is never given a second one by a guess.
    pub(crate) pairs: bool,
}

/// Whether the model in this folder was trained on pairs of texts; one that doesn't say so was not.
pub(crate) fn takes_pairs(folder: &Path) -> bool {
    let facts = std::fs::read(folder.join("embert.json")).ok();
    let facts: Option<Value> = facts.and_then(|text| serde_json::from_slice(&text).ok());
    facts.is_some_and(|facts| facts["pairs"] == true)
}

impl FileToClassify {
    /// Reads the file and finds its columns.
    pub(crate) fn open(file: &Path, wanted: Wanted) -> Result<Self, Failure> {
        let table = Table::read_with(file, &wanted.dialect)?;
        let mut columns = wanted.columns;
        // Labels and parts are not read here, so nothing is taken for them that could be the text.
        (columns.label, columns.split) = (Wish::None, Wish::None);
        columns.labels = Vec::new();
        if columns.text_b.is_guess() && !wanted.pairs {
            columns.text_b = Wish::None;
        }
        let guessed = dataset::guess_mapping(&table, &columns)?;
        let text = table.column(&guessed.mapping.text)?;
        let text_b = guessed
            .mapping
            .text_b
            .as_deref()
            .map(|name| table.column(name))
            .transpose()?;
        let mut notices: Vec<String> = guessed.reasons.iter().map(ToString::to_string).collect();
        if wanted.pairs && text_b.is_none() {
            notices.push(
                "The model was trained on pairs of texts, but the file has no column for the second text; its answers \
                 are less sure."
                    .to_owned(),
            );
        }
        Ok(Self {
            table,
            text,
            text_b,
            notices,
        })
    }

    /// Classifies each row that has a text. `None` means that the observer stopped it.
    pub(crate) fn classify(
        self,
        classifier: &Classifier,
        observer: &mut Observer<'_>,
    ) -> Result<Option<LabelledFile>, Failure> {
        let has_text = |cells: &[String]| !cells[self.text].trim().is_empty();
        let rows = self.table.rows.iter().filter(|row| has_text(&row.cells));
        let texts: Vec<_> = rows
            .map(|row| {
                (
                    row.cells[self.text].as_str(),
                    self.text_b.map(|column| row.cells[column].as_str()),
                )
            })
            .collect();
        let Some(found) = classifier.classify(&texts, observer)? else {
            return Ok(None);
        };
        let mut found = found.into_iter();
        let predictions = self
            .table
            .rows
            .iter()
            .map(|row| {
                if has_text(&row.cells) {
                    found.next()
                } else {
                    None
                }
            })
            .collect();
        Ok(Some(LabelledFile {
            table: self.table,
            predictions,
        }))
    }
}

impl LabelledFile {
    /// Number of rows that got a label.
    pub(crate) fn n_classified(&self) -> usize {
        self.predictions.iter().flatten().count()
    }

    /// Writes the file with two more columns: the label and its score, or the labels and their scores.
    pub(crate) fn write(&self, labels: &LabelMap, out: &Path) -> Result<(), Failure> {
        let mut table = self.table.clone();
        for name in ["label", "score"] {
            let name = free_name(name, &table.columns);
            table.columns.push(name);
        }
        for (row, prediction) in table.rows.iter_mut().zip(&self.predictions) {
            let (label, score) = match prediction {
                Some(prediction) => (
                    joined(&names(prediction, labels)),
                    joined(&scores(prediction)),
                ),
                None => (String::new(), String::new()),
            };
            row.cells.extend([label, score]);
        }
        Ok(table.write_csv(out)?)
    }

    fn to_json(&self, classifier: &Classifier) -> JsonPredictions {
        let rows = self.table.rows.iter().zip(&self.predictions);
        let predictions = rows.filter_map(|(row, prediction)| {
            Some(to_json(prediction.as_ref()?, Some(row.line), classifier))
        });
        JsonPredictions {
            predictions: predictions.collect(),
        }
    }
}

/// The name itself, or one that no column has.
fn free_name(name: &str, columns: &[String]) -> String {
    let numbered = (2..).map(|number| format!("predicted {name} {number}"));
    let mut candidates = [name.to_owned(), format!("predicted {name}")]
        .into_iter()
        .chain(numbered);
    candidates
        .find(|candidate| !columns.contains(candidate))
        .unwrap_or_default()
}

/// The labels that a text gets: one, or where it can have several any number.
pub(crate) fn names(prediction: &Prediction, labels: &LabelMap) -> Vec<String> {
    let ids = prediction.label_ids.iter();
    ids.map(|id| labels.name(*id).to_owned()).collect()
}

/// Their scores, as they are written down.
fn scores(prediction: &Prediction) -> Vec<String> {
    let ids = prediction.label_ids.iter();
    ids.map(|id| {
        format!(
            "{:.4}",
            prediction.scores.get(*id).copied().unwrap_or_default()
        )
    })
    .collect()
}

/// Several labels in one cell, as the mapping of columns reads them; as a list where a label has the separator in it.
fn joined(parts: &[String]) -> String {
    if parts.len() > 1 && parts.iter().any(|part| part.contains('|')) {
        return dataset::bracketed_cell(parts.iter().map(String::as_str));
    }
    parts.join("|")
}

/// The highest score.
pub(crate) fn best_score(prediction: &Prediction) -> f32 {
    prediction
        .scores
        .get(prediction.label_id)
        .copied()
        .unwrap_or_default()
}

fn to_json(prediction: &Prediction, line: Option<u64>, classifier: &Classifier) -> JsonPrediction {
    let labels = classifier.labels();
    let is_multi = classifier.task().is_multi();
    let scores = labels.names().iter().zip(&prediction.scores);
    JsonPrediction {
        line,
        label: labels.name(prediction.label_id).to_owned(),
        score: best_score(prediction),
        labels: is_multi.then(|| names(prediction, labels)),
        scores: scores
            .map(|(label, score)| (label.clone(), *score))
            .collect(),
        logits: prediction.logits.clone(),
    }
}

fn as_object<S: Serializer>(scores: &[(String, f32)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(scores.iter().map(|(label, score)| (label, score)))
}

fn to_text(prediction: &Prediction, classifier: &Classifier) -> String {
    let names = names(prediction, classifier.labels());
    if names.is_empty() {
        return "(none of the labels)\t\n".to_owned();
    }
    format!("{}\t{}\n", joined(&names), joined(&scores(prediction)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_labels_stand_in_one_cell() {
        let check = |parts: &[&str], expected: &str| {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(joined(&parts), expected);
        };
        check(&[], "");
        check(&["a|b"], "a|b");
        check(&["a", "b c"], "a|b c");
        check(&["a|b", "c"], "[\"a|b\",\"c\"]");
    }

    #[test]
    fn new_columns_take_names_that_are_free() {
        let check = |columns: &[&str], expected: &str| {
            let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(free_name("label", &columns), expected);
        };
        check(&["text"], "label");
        check(&["text", "label"], "predicted label");
        check(&["label", "predicted label"], "predicted label 2");
        check(
            &["label", "predicted label", "predicted label 2"],
            "predicted label 3",
        );
    }
}
