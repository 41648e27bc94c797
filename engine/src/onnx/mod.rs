//! A trained classifier to ONNX, the format that runs in browsers, phones and servers without Python.
//!
//! Comes in: a model folder. Goes out: a folder with the same files and `onnx/model.onnx` in it, where transformers.js
//! and other readers of Hugging Face folders look for it; on request `onnx/model_quantized.onnx` with weights of 8 bits
//! too. A file counts only when another runtime has read it again and given the model's answers: [`export`] compares both.
//!
//! Read in this order: [`message`] what a file consists of, [`numbers`] how its tensors are made of the model's weights,
//! [`graph`] the operations, [`bert`] the network, [`write`] the file, [`runtime`] and [`check`] the comparison,
//! [`card`] what the model card says. Another family of networks is a module beside [`bert`] and an arm in [`drawing_of`].

mod bert;
mod card;
mod check;
mod error;
mod graph;
mod message;
mod numbers;
mod runtime;
mod write;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use serde_json::Value;

use self::check::Expected;
use self::graph::{Graph, Precision};
use self::runtime::OnnxModel;
use self::write::OnnxFile;
use crate::bert::WeightFile;
use crate::dataset::Dataset;
use crate::device::Choice;
use crate::exported::{OnnxExport, TextsFrom};
use crate::pack::make_readable;
use crate::predict::{Classifier, Progress};
use crate::train::RunDescription;
use crate::whole_file::{self, Readers};

pub use self::error::OnnxError;

/// Where transformers.js looks for a model with full weights.
const FULL: &str = "onnx/model.onnx";
/// Where transformers.js looks for a model with weights of 8 bits, and what it takes in a browser unless told otherwise.
const QUANTIZED: &str = "onnx/model_quantized.onnx";
/// Largest message that readers of the format take.
const MOST_BYTES: usize = i32::MAX as usize;
/// Most texts that the files are compared with the model on.
const MOST_COMPARED: usize = 200;

/// What to export.
#[derive(Debug)]
pub struct OnnxOrder<'a> {
    /// The model folder.
    pub model: &'a Path,
    /// The folder to write; it must not exist.
    pub out: &'a Path,
    /// Whether to write a file with weights of 8 bits besides.
    pub int8: bool,
    /// The texts to compare on.
    pub texts: &'a ComparedTexts,
}

/// Texts that a written file is compared with its model on.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedTexts {
    texts: Vec<(String, Option<String>)>,
    /// Ids of the labels of each, ascending; `None` where they are not known.
    label_ids: Option<Vec<Vec<usize>>>,
    from: TextsFrom,
}

impl ComparedTexts {
    /// Texts of `dataset`, whose label ids are those of the model in `model`: of its test part where the run that `model`
    /// lies in was about the same texts and labels, otherwise evenly from all of them.
    #[must_use]
    pub fn of(dataset: &Dataset, model: &Path) -> Self {
        let run = model
            .parent()
            .and_then(|run| RunDescription::read(run).ok());
        let same = run.filter(|run| run.data_hash == dataset.content_hash());
        let (positions, from) = match same {
            Some(run) if !run.split.test.is_empty() => (run.split.test, TextsFrom::TestPart),
            _ => ((0..dataset.examples.len()).collect(), TextsFrom::File),
        };
        let examples: Vec<_> = spread(&positions, MOST_COMPARED)
            .filter_map(|position| dataset.examples.get(position))
            .collect();
        Self {
            texts: examples
                .iter()
                .map(|example| (example.text.clone(), example.text_b.clone()))
                .collect(),
            label_ids: Some(
                examples
                    .iter()
                    .map(|example| example.label_ids.as_slice().to_vec())
                    .collect(),
            ),
            from,
        }
    }

    /// Texts without labels, of one word to hundreds, for a model that is exported without a file.
    #[must_use]
    pub fn built_in(pairs: bool) -> Self {
        const WORDS: &str = "please tell me where my order is because it did not arrive today, thank you! der Zug kam \
                             zu spät 12 3.50 € 你好 где мой заказ 😀 ok";
        let of = |start: usize, n_words: usize| -> String {
            let words = WORDS.split(' ').cycle().skip(start).take(n_words);
            words.collect::<Vec<_>>().join(" ")
        };
        let texts = (0..24).map(|index| {
            let n_words = [1, 2, 5, 9, 17, 40, 120, 400][index % 8];
            (of(index, n_words), pairs.then(|| of(2 * index, 1 + index)))
        });
        Self {
            texts: texts.collect(),
            label_ids: None,
            from: TextsFrom::BuiltIn,
        }
    }

    /// Number of texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// At most `most` of `positions`, evenly.
fn spread(positions: &[usize], most: usize) -> impl Iterator<Item = usize> + '_ {
    let n = positions.len().min(most);
    (0..n).map(move |index| positions[index * positions.len() / n])
}

/// Writes the folder of an order and compares its files with the model; `None` when `progress` asked to stop. The folder
/// is there as a whole or not at all.
///
/// # Errors
/// The model is no BERT classifier, the folder is there already, a file can't be written, or answers otherwise than the
/// model.
pub fn export(
    order: &OnnxOrder,
    choice: &Choice,
    progress: Progress,
) -> Result<Option<OnnxExport>, OnnxError> {
    if order.out.exists() {
        return Err(OnnxError::Taken {
            folder: order.out.to_path_buf(),
        });
    }
    // First, because who loads the model would only say that it can't be trained.
    drawing_of(order.model)?;
    let classifier = Classifier::load(order.model, choice)?;
    let wanted = if order.int8 {
        vec![(FULL, Precision::Full), (QUANTIZED, Precision::Int8)]
    } else {
        vec![(FULL, Precision::Full)]
    };
    let Some(mut expected) = Expected::of(&classifier, order.texts, wanted.len(), progress)? else {
        return Ok(None);
    };

    let parent = whole_file::folder_of(order.out);
    fs::create_dir_all(parent).map_err(OnnxError::write(parent))?;
    let fresh = tempfile::Builder::new()
        .prefix(".export-")
        .tempdir_in(parent)
        .map_err(OnnxError::write(parent))?;
    copy_model(order.model, fresh.path())?;
    let mut files = Vec::new();
    for (name, precision) in wanted {
        let size_bytes = write_file(order.model, fresh.path(), name, precision)?;
        let written = OnnxModel::load(fresh.path(), name, classifier.pad_id())?;
        let is_exact = precision == Precision::Full;
        let Some(file) = expected.check(&written, name, size_bytes, is_exact)? else {
            return Ok(None);
        };
        files.push(file);
    }
    let export = OnnxExport {
        folder: order.out.to_path_buf(),
        task: classifier.task(),
        pairs: is_for_pairs(order.model),
        n_compared: order.texts.len(),
        compared_with: order.texts.from,
        n_right: expected.n_right(),
        files,
    };
    add_to_card(&export, fresh.path())?;
    make_readable(fresh.path()).map_err(OnnxError::write(order.out))?;
    let fresh = fresh.keep();
    fs::rename(&fresh, order.out).map_err(|source| {
        let _ = fs::remove_dir_all(&fresh);
        OnnxError::write(order.out)(source)
    })?;
    Ok(Some(export))
}

/// Draws the network of the model folder whose weights are given.
type Drawing = fn(&Path, &WeightFile, &mut Graph) -> Result<(), OnnxError>;

/// How the network in `folder` is drawn, by its family. What is no model at all is left to who loads it.
fn drawing_of(folder: &Path) -> Result<Drawing, OnnxError> {
    let family = fs::read(folder.join("config.json"))
        .ok()
        .and_then(|text| serde_json::from_slice::<Value>(&text).ok())
        .and_then(|config| Some(config.get("model_type")?.as_str()?.to_owned()));
    match family.as_deref() {
        Some("bert") | None => Ok(bert::draw),
        Some(family) => Err(OnnxError::Family {
            folder: folder.to_path_buf(),
            family: family.to_owned(),
        }),
    }
}

/// Writes the file `name` into `out` and returns its size.
fn write_file(
    model: &Path,
    out: &Path,
    name: &'static str,
    precision: Precision,
) -> Result<u64, OnnxError> {
    let weights = WeightFile::open(model)?;
    let mut graph = Graph::new(precision);
    drawing_of(model)?(model, &weights, &mut graph)?;
    let (graph, initializers) = graph.finish("classifier");
    let file = OnnxFile::new(&graph, initializers);
    if file.n_bytes() > MOST_BYTES {
        return Err(OnnxError::TooLarge {
            file: name,
            n_bytes: file.n_bytes(),
            most_bytes: MOST_BYTES,
        });
    }
    let path = out.join(name);
    let folder = whole_file::folder_of(&path);
    fs::create_dir_all(folder).map_err(OnnxError::write(folder))?;
    let mut numbers = Ok(());
    whole_file::write(&path, Readers::Usual, |out| {
        numbers = file.write(&weights, out);
        Ok(())
    })
    .map_err(OnnxError::write(&path))?;
    numbers.map_err(OnnxError::numbers(&path))?;
    Ok(file.n_bytes() as u64)
}

/// Copies the files of a model folder, which has no folders in it.
fn copy_model(model: &Path, out: &Path) -> Result<(), OnnxError> {
    for entry in fs::read_dir(model).map_err(OnnxError::read(model))? {
        let entry = entry.map_err(OnnxError::read(model))?;
        let (from, to) = (entry.path(), out.join(entry.file_name()));
        if from.is_file() {
            fs::copy(&from, &to).map_err(OnnxError::write(&to))?;
        }
    }
    Ok(())
}

/// Adds the comparison and the sample code to the model card.
fn add_to_card(export: &OnnxExport, folder: &Path) -> Result<(), OnnxError> {
    let path = folder.join("README.md");
    let text = fs::read_to_string(&path).unwrap_or_default() + &card::section(export);
    whole_file::write(&path, Readers::Usual, |file| {
        file.write_all(text.as_bytes())
    })
    .map_err(OnnxError::write(&path))
}

/// Whether the model was trained on pairs of texts; one that doesn't say so was not.
fn is_for_pairs(model: &Path) -> bool {
    let facts = fs::read(model.join("embert.json")).ok();
    let facts: Option<Value> = facts.and_then(|text| serde_json::from_slice(&text).ok());
    facts.is_some_and(|facts| facts["pairs"] == true)
}
