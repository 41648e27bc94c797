#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::ops::ControlFlow;

use prost::Message;
use serde_json::json;

use super::message::{AttributeType, DataType, Dimension, GraphProto, ModelProto, TensorProto};
use super::*;
use crate::golden::{assert_values, encodings, floats, golden, tiny_folder};
use crate::measurement::Measurements;
use crate::tokens::Encoding;

/// A golden model with its ONNX file, and what is known about both.
struct Tiny {
    folder: tempfile::TempDir,
    golden: Value,
}

impl Tiny {
    fn new(name: &str, precision: Precision) -> Self {
        let golden = golden(name);
        let folder = tiny_folder(&golden);
        write_file(folder.path(), folder.path(), FULL, precision).unwrap();
        Self { folder, golden }
    }

    fn file(&self) -> ModelProto {
        let bytes = fs::read(self.folder.path().join(FULL)).unwrap();
        ModelProto::decode(bytes.as_slice()).unwrap()
    }

    fn graph(&self) -> GraphProto {
        self.file().graph.unwrap()
    }

    fn logits(&self, texts: &[Encoding]) -> Vec<f32> {
        let model = OnnxModel::load(self.folder.path(), FULL, 0).unwrap();
        model
            .logits(texts, &mut |_| true)
            .unwrap()
            .unwrap()
            .concat()
    }

    fn texts(&self) -> Vec<Encoding> {
        encodings(&self.golden["batches"][0])
    }
}

fn tensor<'a>(graph: &'a GraphProto, name: &str) -> &'a TensorProto {
    let found = graph
        .initializer
        .iter()
        .find(|tensor| tensor.name() == name);
    found.unwrap_or_else(|| panic!("no tensor {name}"))
}

fn numbers(tensor: &TensorProto) -> Vec<f32> {
    let bytes = tensor.raw_data().as_chunks::<4>().0.iter();
    bytes.map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[test]
fn the_graph_computes_the_reference_logits_in_one_batch_and_one_by_one() {
    for name in ["tiny.json", "tiny_plain_head.json"] {
        let tiny = Tiny::new(name, Precision::Full);
        let (texts, expected) = (tiny.texts(), floats(&tiny.golden["step"]["logits"]));
        let lengths: HashSet<usize> = texts.iter().map(|text| text.ids.len()).collect();
        assert!(lengths.len() > 1, "the texts differ in length");
        assert_values(name, &tiny.logits(&texts), &expected);
        let alone = texts.chunks(1).flat_map(|text| tiny.logits(text));
        assert_values(name, &alone.collect::<Vec<_>>(), &expected);
    }
}

#[test]
fn weights_of_8_bits_answer_nearly_the_same() {
    let tiny = Tiny::new("tiny.json", Precision::Int8);
    let found = tiny.logits(&tiny.texts());
    let expected = floats(&tiny.golden["step"]["logits"]);
    let apart = found.iter().zip(&expected);
    let apart = apart
        .map(|(a, b)| (f64::from(*a) - b).abs())
        .fold(0.0, f64::max);
    // The logits are of the size 0.1; rounding to 64 levels moves them by a few percent.
    assert!(apart > 1e-6 && apart < 0.02, "{apart}");
}

#[test]
fn the_file_says_what_other_programs_look_for() {
    let tiny = Tiny::new("tiny.json", Precision::Full);
    let model = tiny.file();
    assert_eq!(model.ir_version(), 8);
    let versions: Vec<_> = model.opset_import.iter().map(|set| set.version()).collect();
    assert_eq!(versions, [17]);

    let graph = model.graph.unwrap();
    let shape = |value: &message::ValueInfoProto| {
        let tensor = value.r#type.clone().unwrap().tensor_type.unwrap();
        let dims = tensor.shape.clone().unwrap().dim;
        let dims = dims.into_iter().map(|dim| dim.value.unwrap());
        (tensor.elem_type(), dims.collect::<Vec<_>>())
    };
    let named = |name: &str| Dimension::Name(name.to_owned());
    let names: Vec<_> = graph.input.iter().map(|value| value.name()).collect();
    assert_eq!(names, ["input_ids", "attention_mask", "token_type_ids"]);
    for input in &graph.input {
        let dims = vec![named("batch_size"), named("sequence_length")];
        assert_eq!(shape(input), (DataType::Int64, dims));
    }
    assert_eq!(graph.output.len(), 1);
    assert_eq!(graph.output[0].name(), "logits");
    let dims = vec![named("batch_size"), Dimension::Number(3)];
    assert_eq!(shape(&graph.output[0]), (DataType::Float, dims));
}

#[test]
fn every_value_is_there_before_it_is_read_and_has_one_name() {
    for precision in [Precision::Full, Precision::Int8] {
        let graph = Tiny::new("tiny.json", precision).graph();
        let mut known: HashSet<&str> = HashSet::new();
        let given = graph.input.iter().map(|value| value.name());
        let given = given.chain(graph.initializer.iter().map(|tensor| tensor.name()));
        for name in given {
            assert!(known.insert(name), "{name} is there twice");
        }
        for node in &graph.node {
            for input in &node.input {
                assert!(known.contains(input.as_str()), "{input} comes too late");
            }
            for output in &node.output {
                assert!(known.insert(output), "{output} is there twice");
            }
            for attribute in &node.attribute {
                let has = match attribute.r#type() {
                    AttributeType::Float => attribute.f.is_some(),
                    AttributeType::Int => attribute.i.is_some(),
                    AttributeType::Ints => !attribute.ints.is_empty(),
                    AttributeType::Undefined => false,
                };
                assert!(has, "{} of {}", attribute.name(), node.name());
            }
        }
        assert!(known.contains("logits"));
    }
}

#[test]
fn tensors_have_the_numbers_that_their_shape_says() {
    for precision in [Precision::Full, Precision::Int8] {
        for tensor in &Tiny::new("tiny.json", precision).graph().initializer {
            let n: i64 = tensor.dims.iter().product();
            let n_bytes = n as usize * tensor.data_type().size();
            assert_eq!(tensor.raw_data().len(), n_bytes, "{}", tensor.name());
        }
    }
}

#[test]
fn the_weights_are_those_of_the_model_and_linear_layers_are_turned() {
    let tiny = Tiny::new("tiny.json", Precision::Full);
    let graph = tiny.graph();
    let file = WeightFile::open(tiny.folder.path()).unwrap();
    let words = "bert.embeddings.word_embeddings.weight";
    assert_eq!(
        numbers(tensor(&graph, words)),
        file.read(words, &[100, 24]).unwrap()
    );

    let name = "bert.encoder.layer.1.intermediate.dense.weight";
    let turned = tensor(&graph, name);
    assert_eq!(turned.dims, [24, 48]);
    let (turned, stored) = (numbers(turned), file.read(name, &[48, 24]).unwrap());
    for (input, output) in [(0, 0), (3, 40), (23, 47), (23, 0)] {
        assert_eq!(turned[input * 48 + output], stored[output * 24 + input]);
    }
}

/// A tokenizer whose words are "w5" to "w99".
fn write_tokenizer(folder: &Path) {
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(str::to_owned);
    let words = words.into_iter().chain((5..100).map(|id| format!("w{id}")));
    let vocabulary: serde_json::Map<String, Value> = words
        .enumerate()
        .map(|(id, word)| (word, json!(id)))
        .collect();
    let part = |kind: &str, id: &str| json!({kind: {"id": id, "type_id": 0}});
    let single = [
        part("SpecialToken", "[CLS]"),
        part("Sequence", "A"),
        part("SpecialToken", "[SEP]"),
    ];
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
        "post_processor": {
            "type": "TemplateProcessing", "single": single, "pair": single,
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}
            }
        },
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"}
    });
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
}

/// A model folder that [`export`] takes: the golden model with labels and a tokenizer.
fn classifier_folder() -> tempfile::TempDir {
    let golden = golden("tiny.json");
    let folder = tiny_folder(&golden);
    let mut config = golden["config"].clone();
    config["model_type"] = json!("bert");
    config["id2label"] = json!({"0": "a", "1": "b", "2": "c"});
    fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    write_tokenizer(folder.path());
    folder
}

/// Exports to `out` below `place`, which ends after `n_progress` words of progress.
fn export_to(
    place: &Path,
    model: &Path,
    n_progress: usize,
) -> Result<Option<OnnxExport>, OnnxError> {
    let texts = ComparedTexts {
        texts: (0..40)
            .map(|n| (vec!["w7 w20 w99"; 1 + n % 9].join(" "), None))
            .collect(),
        label_ids: Some(vec![vec![1]; 40]),
        from: TextsFrom::File,
    };
    let out = place.join("out");
    let order = OnnxOrder {
        model,
        out: &out,
        int8: true,
        texts: &texts,
    };
    let choice = crate::device::choose("cpu", &[], &Measurements::default()).unwrap();
    let mut n = 0;
    export(&order, &choice, &mut |_| {
        n += 1;
        if n > n_progress {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
}

#[test]
fn an_export_that_is_stopped_leaves_nothing() {
    let model = classifier_folder();
    let n_files = fs::read_dir(model.path()).unwrap().count();
    for n_progress in [0, 3, 8] {
        let place = tempfile::tempdir().unwrap();
        let export = export_to(place.path(), model.path(), n_progress).unwrap();
        assert_eq!(export, None, "after {n_progress}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
    let place = tempfile::tempdir().unwrap();
    let export = export_to(place.path(), model.path(), 1000)
        .unwrap()
        .unwrap();
    assert_eq!((export.files.len(), export.n_compared), (2, 40));
    assert_eq!(export.files[0].n_same_labels, 40);
    assert_eq!(export.files[0].n_right, export.n_right);
    let written = fs::read_dir(place.path().join("out")).unwrap().count();
    // The model's own files, the folder of the others, and the model card.
    assert_eq!(written, n_files + 2);
}

#[test]
fn a_file_with_other_weights_is_found_out() {
    let model = classifier_folder();
    let mut other = golden("tiny.json");
    let weights = other["weights"].as_array_mut().unwrap();
    let bias = weights.last_mut().unwrap();
    assert_eq!(bias["name"], "classifier.bias");
    bias["offset"] = json!(0.01);
    let folder = tiny_folder(&other);
    write_file(folder.path(), folder.path(), FULL, Precision::Full).unwrap();

    let choice = crate::device::choose("cpu", &[], &Measurements::default()).unwrap();
    let classifier = Classifier::load(model.path(), &choice).unwrap();
    let texts = ComparedTexts::built_in(false);
    let progress: Progress = &mut |_| ControlFlow::Continue(());
    let expected = Expected::of(&classifier, &texts, 2, progress).unwrap();
    let mut expected = expected.unwrap();
    let written = OnnxModel::load(folder.path(), FULL, 0).unwrap();
    let error = expected.check(&written, FULL, 0, true).unwrap_err();
    assert_eq!(error.code(), "onnx.differs");
    assert!(error.to_string().contains("by 0.0"), "{error}");
    // Of weights that were rounded, it is only told.
    let file = expected.check(&written, FULL, 0, false).unwrap().unwrap();
    assert!((file.largest_difference - 0.01).abs() < 1e-3, "{file:?}");
}

#[test]
fn a_family_without_a_graph_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let check = |config: &str, family: Option<&str>| {
        fs::write(folder.path().join("config.json"), config).unwrap();
        match (drawing_of(folder.path()), family) {
            (Ok(_), None) => {}
            (Err(error), Some(family)) => {
                assert_eq!(error.code(), "onnx.family");
                assert!(error.to_string().contains(family), "{error}");
            }
            (found, _) => panic!("{found:?} for {config}"),
        }
    };
    check(r#"{"model_type": "bert"}"#, None);
    check(r#"{"model_type": "distilbert"}"#, Some("\"distilbert\""));
    check(r#"{"model_type": "xlm-roberta"}"#, Some("\"xlm-roberta\""));
    // What is no model is refused by who loads it, with better words.
    check("{}", None);
    check("not JSON", None);
}

#[test]
fn a_file_beyond_what_the_format_holds_is_refused_before_it_is_written() {
    let golden = golden("tiny.json");
    let folder = tiny_folder(&golden);
    let mut config = golden["config"].clone();
    // 30 million words of 24 numbers of 4 bytes.
    config["vocab_size"] = json!(30_000_000);
    fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    let write = |precision| write_file(folder.path(), folder.path(), FULL, precision);
    let error = write(Precision::Full).unwrap_err();
    assert_eq!(error.code(), "onnx.tooLarge");
    assert!(error.to_string().contains("2880"), "{error}");
    assert!(error.to_string().contains("2147483647"), "{error}");
    assert!(!folder.path().join("onnx").exists());
    // In 8 bits it would fit, so that the missing words are what is wrong with it.
    let error = write(Precision::Int8).unwrap_err();
    assert_eq!(error.code(), "model.weights", "{error}");
}

#[test]
fn compared_texts_are_spread_evenly() {
    let positions: Vec<usize> = (0..1000).collect();
    let check = |n: usize, most: usize, expected: &[usize]| {
        assert_eq!(
            spread(&positions[..n], most).collect::<Vec<_>>(),
            expected,
            "{most} of {n}"
        );
    };
    check(3, 5, &[0, 1, 2]);
    check(1000, 4, &[0, 250, 500, 750]);
    check(7, 3, &[0, 2, 4]);
    check(0, 3, &[]);
}
