//! `embert export`: a model for other programs, compared with the model that it comes from.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::Place;

/// The files of the folder `out` that the model folder does not have.
fn onnx_files(place: &Place) -> Vec<String> {
    place.names("out/onnx")
}

#[test]
fn a_model_becomes_onnx_and_is_compared_on_the_test_part() {
    let place = Place::new();
    let model = place.trained();
    let ran = place.run("export run desk.csv --format onnx --out out");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("of the test part"), "{}", ran.stdout);
    assert!(ran.stdout.contains("with the same label"), "{}", ran.stdout);
    assert_eq!(onnx_files(&place), ["model.onnx"]);
    let mut expected = place.names("run/model");
    expected.push("onnx".to_owned());
    expected.sort();
    assert_eq!(place.names("out"), expected);
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        let before = fs::read(model.join(file)).unwrap();
        assert_eq!(fs::read(place.path("out").join(file)).unwrap(), before);
    }
    let card = fs::read_to_string(place.path("out/README.md")).unwrap();
    let before = fs::read_to_string(model.join("README.md")).unwrap();
    assert!(card.starts_with(&before));
    for part in [
        "| `onnx/model.onnx` |",
        "onnxruntime.InferenceSession",
        "@huggingface/transformers",
        "dtype: \"fp32\"",
        "embert classify",
    ] {
        assert!(card.contains(part), "no {part} in {card}");
    }
}

#[test]
fn a_file_of_8_bits_is_written_beside_it_with_its_accuracy() {
    let place = Place::new();
    place.trained();
    let json = place
        .run("export run desk.csv --format onnx --int8 --out out --json")
        .json();
    assert_eq!(onnx_files(&place), ["model.onnx", "model_quantized.onnx"]);
    assert_eq!(json["comparedWith"], "testPart");
    let n = json["nCompared"].as_u64().unwrap();
    // A tenth of 96 texts is the test part.
    assert!((5..30).contains(&n), "{n}");
    assert!(json["nRight"].is_u64());
    let [full, int8] = [&json["files"][0], &json["files"][1]];
    assert_eq!(full["name"], "onnx/model.onnx");
    assert_eq!(full["nSameLabels"], n);
    assert_eq!(full["nRight"], json["nRight"]);
    assert!(full["largestDifference"].as_f64().unwrap() < 1e-4);
    assert_eq!(int8["name"], "onnx/model_quantized.onnx");
    assert!(int8["largestDifference"].as_f64().unwrap() > 0.0);
    assert!(int8["nRight"].is_u64());
    let size = |file: &Value| file["sizeBytes"].as_u64().unwrap();
    assert!(size(int8) < size(full));
    for file in [full, int8] {
        let path = place.path("out").join(file["name"].as_str().unwrap());
        assert_eq!(fs::metadata(path).unwrap().len(), size(file));
    }
    let card = fs::read_to_string(place.path("out/README.md")).unwrap();
    assert!(card.contains("dtype: \"q8\""), "{card}");
}

#[test]
fn other_texts_or_none_are_compared_too() {
    let place = Place::new();
    place.trained();
    place.write(
        "other.csv",
        "text,label\nrefund my money,billing\nthank you,praise\n",
    );
    let json = place
        .run("export run/model other.csv --format onnx --out out --json")
        .json();
    assert_eq!(json["comparedWith"], "file");
    assert_eq!(json["nCompared"], 2);

    let json = place
        .run("export run/model --format onnx --out out2 --json")
        .json();
    assert_eq!(json["comparedWith"], "builtIn");
    assert_eq!(json["nRight"], Value::Null);
    assert_eq!(json["files"][0]["nSameLabels"], json["nCompared"]);
}

#[test]
fn several_labels_are_compared_as_they_are_given() {
    let place = Place::new();
    let rows = (0..60).map(|number| match number % 3 {
        0 => format!("refund order {number},billing|urgent\n"),
        1 => format!("the app does not start {number},technical\n"),
        _ => format!("thank you {number},\n"),
    });
    place.write(
        "tags.csv",
        "text,labels\n".to_owned() + &rows.collect::<String>(),
    );
    place.write("quick.json", r#"{"minSteps": 1, "validationsPerEpoch": 1}"#);
    let ran = place.run(
        "train tags.csv --task multi --label-separator | --recipe quick.json --epochs 2 --device cpu --out run",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json = place
        .run("export run tags.csv --task multi --label-separator | --format onnx --out out --json")
        .json();
    assert_eq!(json["task"], "multi");
    assert_eq!(json["comparedWith"], "testPart");
    assert_eq!(json["files"][0]["nSameLabels"], json["nCompared"]);
    let card = fs::read_to_string(place.path("out/README.md")).unwrap();
    assert!(card.contains("top_k: null"), "{card}");
}

#[test]
fn a_folder_that_is_there_and_another_family_are_refused() {
    let place = Place::new();
    let model = place.trained();
    let ran = place.run("export run --format onnx --out run");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("is already there"), "{}", ran.stderr);

    let path = model.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config["model_type"] = json!("distilbert");
    fs::write(&path, config.to_string()).unwrap();
    let ran = place.run("export run --format onnx --out out");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("\"distilbert\""), "{}", ran.stderr);
    assert!(place.names("out").is_empty());

    let ran = place.run("export run --out out");
    assert_eq!(ran.code, Some(2), "the format has to be said");
}

#[test]
fn nothing_is_left_of_an_export_that_fails() {
    let place = Place::new();
    let model = place.trained();
    let weights = fs::read(model.join("model.safetensors")).unwrap();
    fs::write(
        model.join("model.safetensors"),
        &weights[..weights.len() / 2],
    )
    .unwrap();
    let before = place.names(".");
    let ran = place.run("export run --format onnx --out out");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(place.names("."), before);
}
