//! The protocol of `embert worker`, line by line.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::Place;
use support::worker::Worker;

fn long_training(place: &Place) -> Value {
    place.write_desk();
    json!({"file": "desk.csv", "device": "cpu", "recipe": {"epochs": 100, "minSteps": 100, "patience": 100}})
}

#[test]
fn the_worker_says_who_it_is() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "hello", json!({}));
    let (answer, _) = worker.answer(1);
    assert_eq!(answer["result"]["name"], "embert");
    assert_eq!(answer["result"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(answer["result"]["protocol"], 1);
    assert_eq!(
        worker.end(),
        Some(0),
        "the end of stdin is the end of the worker"
    );
}

#[test]
fn lines_that_are_no_requests_are_answered_and_the_loop_goes_on() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    let lines: [(&[u8], Value); 6] = [
        (b"hello", Value::Null),
        (b"[]", Value::Null),
        (
            b"{\"id\": 7, \"method\": \"fly\", \"params\": {}}",
            json!(7),
        ),
        (
            b"{\"id\": \"x\", \"method\": \"train\", \"params\": {\"fil\": 1}}",
            json!("x"),
        ),
        (b"{\"method\": \"hello\", \"params\": {}}", Value::Null),
        (b"\xff\xfe", Value::Null),
    ];
    for (line, id) in lines {
        worker.send_line(line);
        let answer = worker.next();
        let text = String::from_utf8_lossy(line);
        assert_eq!(answer["id"], id, "{text}: {answer}");
        let error = &answer["error"];
        assert!(
            error["code"].is_string() && error["message"].is_string() && error["hint"].is_string(),
            "{text}: {answer}"
        );
    }
    worker.send_line(b"");
    worker.send(8, "hello", json!({}));
    assert_eq!(worker.next()["id"], 8);
}

#[test]
fn inspect_and_devices_are_answered() {
    let place = Place::new();
    place.write_desk();
    let mut worker = Worker::start(&place);
    worker.send(1, "inspect", json!({"file": "desk.csv"}));
    let (answer, _) = worker.answer(1);
    assert_eq!(answer["result"]["nRows"], 96, "{answer}");
    worker.send(2, "devices", json!({}));
    let (answer, _) = worker.answer(2);
    assert_eq!(answer["result"]["devices"][0]["id"], "cpu", "{answer}");
    worker.send(3, "models", json!({}));
    let (answer, _) = worker.answer(3);
    assert_eq!(
        answer["result"]["models"][1]["name"], "minilm-l6",
        "{answer}"
    );
    assert_eq!(
        answer["result"]["models"][1]["folder"],
        json!(place.path("models/minilm-l6")),
        "{answer}"
    );
}

#[test]
fn models_are_described_by_name_folder_and_hub_name() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "model", json!({"name": "bert-base-uncased"}));
    let (answer, _) = worker.answer(1);
    assert_eq!(answer["result"]["shape"]["layers"], 12, "{answer}");
    assert_eq!(answer["result"].get("folder"), None, "{answer}");
    let folder = place.path("models/minilm-l6");
    worker.send(2, "model", json!({"name": folder}));
    let (answer, _) = worker.answer(2);
    assert_eq!(answer["result"]["inCatalogue"], false, "{answer}");
    assert_eq!(answer["result"]["folder"], json!(folder), "{answer}");
    worker.send(3, "model", json!({"name": "owner/some-bert"}));
    assert_eq!(
        worker.answer(3).0["result"]["repository"],
        "owner/some-bert"
    );
    worker.send(4, "model", json!({"name": "nothing"}));
    assert_eq!(worker.answer(4).0["error"]["code"], "baseModel.notFound");
}

#[test]
fn a_device_is_measured_with_progress_and_others_are_answered_meanwhile() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "measure", json!({"device": "cpu"}));
    worker.send(2, "inspect", json!({"file": "missing.csv"}));
    let first = worker.next();
    assert!(
        first["id"] == 2 || first.get("event").is_some(),
        "the measurement holds nobody up: {first}"
    );
    let (answer, events) = worker.answer(1);
    let found = &answer["result"]["measurement"];
    assert_eq!(found["device"], "cpu", "{answer}");
    assert!(
        found["examplesPerSecond"].as_f64().unwrap() > 0.0,
        "{answer}"
    );
    assert!(found["seconds"].as_f64().unwrap() >= 2.0, "{answer}");
    assert!(
        events.iter().any(|event| event["kind"] == "progress"),
        "{events:?}"
    );
}

#[test]
fn a_measurement_can_be_cancelled() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "measure", json!({}));
    worker.wait_for("progress");
    worker.send(2, "cancel", json!({"id": 1}));
    let (answer, _) = worker.answer(1);
    assert_eq!(answer["result"]["measurement"], Value::Null, "{answer}");
    worker.send(3, "measure", json!({"device": "gpu7"}));
    let error = &worker.answer(3).0["error"];
    assert_eq!(error["code"], "device.unknown");
    assert!(error["values"]["request"].is_string(), "{error}");
}

#[test]
fn nothing_is_measured_beside_a_training() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    let params = long_training(&place);
    worker.send(1, "train", params);
    worker.wait_for("validated");
    worker.send(2, "measure", json!({"device": "cpu"}));
    assert_eq!(worker.answer(2).0["error"]["code"], "worker.busy");
}

#[test]
fn a_download_without_a_network_says_so_and_leaves_nothing() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "download", json!({"name": "minilm-l12"}));
    let (answer, _) = worker.answer(1);
    assert_eq!(
        answer["error"]["code"], "baseModel.hubUnreachable",
        "{answer}"
    );
    assert!(
        answer["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("without a network"),
        "{answer}"
    );
    assert_eq!(place.names("models"), ["minilm-l6"]);
    worker.send(2, "download", json!({"name": "nothing"}));
    assert_eq!(
        worker.answer(2).0["error"]["code"],
        "baseModel.notInCatalogue"
    );
}

#[test]
fn bad_input_is_an_error_with_a_hint_and_leaves_nothing() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    worker.send(1, "train", json!({"file": "missing.csv", "out": "run"}));
    let (answer, _) = worker.answer(1);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("missing.csv"),
        "{answer}"
    );
    assert!(answer["error"]["hint"].is_string(), "{answer}");
    assert_eq!(place.names("run"), Vec::<String>::new());
    worker.send(
        2,
        "classify",
        json!({"model": "nowhere", "texts": [{"text": "hello"}]}),
    );
    assert!(
        worker.answer(2).0["error"]["message"]
            .as_str()
            .unwrap()
            .contains("nowhere")
    );
    worker.send(3, "classify", json!({"model": "nowhere"}));
    assert_eq!(worker.answer(3).0["error"]["code"], "worker.classifyWhat");
}

#[test]
fn nothing_is_detected_about_a_file_that_embert_wrote() {
    let place = Place::new();
    let rows: String = (0..20).map(|i| format!("text {i},{}\n", i % 2)).collect();
    // It begins as a Parquet file does.
    place.write("own.csv", format!("PAR1 text,label\n{rows}"));
    let mut worker = Worker::start(&place);
    let mut params = json!({
        "file": "own.csv",
        "columns": {"text": "PAR1 text", "label": "label"},
        "baseModel": "nowhere",
        "isOwnFile": false,
    });
    worker.send(1, "train", params.clone());
    assert_eq!(worker.answer(1).0["error"]["code"], "table.damaged");
    params["isOwnFile"] = true.into();
    worker.send(2, "train", params);
    assert_eq!(worker.answer(2).0["error"]["code"], "baseModel.notFound");
}

#[test]
fn a_model_is_trained_judged_and_used() {
    let place = Place::new();
    place.write_desk();
    let mut worker = Worker::start(&place);
    let recipe = json!({"epochs": 1, "minSteps": 1});
    worker.send(
        1,
        "train",
        json!({"file": "desk.csv", "device": "cpu", "out": "run", "recipe": recipe}),
    );
    let (answer, events) = worker.answer(1);
    let result = &answer["result"];
    assert_eq!(result["stopped"], false, "{answer}");
    assert_eq!(
        result["report"]["labels"],
        json!(["billing", "praise", "technical"])
    );
    for kind in ["started", "step", "validated", "testing", "finished"] {
        assert!(
            events.iter().any(|event| event["kind"] == kind),
            "no {kind} in {events:?}"
        );
    }
    let model = result["modelFolder"].clone();

    worker.send(2, "evaluate", json!({"model": model, "file": "desk.csv"}));
    let (answer, events) = worker.answer(2);
    assert_eq!(answer["result"]["scores"]["nExamples"], 96, "{answer}");
    assert!(
        events
            .iter()
            .any(|event| event["kind"] == "progress" && event["done"] == 96),
        "{events:?}"
    );

    for id in 3..5 {
        worker.send(
            id,
            "classify",
            json!({"model": model, "texts": [{"text": "refund"}, {"text": "thanks"}]}),
        );
        let (answer, _) = worker.answer(id);
        let predictions = answer["result"]["predictions"].as_array().unwrap();
        assert_eq!(predictions.len(), 2, "{answer}");
        let sum: f64 = predictions[0]["scores"]
            .as_array()
            .unwrap()
            .iter()
            .map(|score| score.as_f64().unwrap())
            .sum();
        assert!((sum - 1.0).abs() < 1e-5, "{answer}");
    }

    worker.send(
        5,
        "classify",
        json!({"model": model, "file": "desk.csv", "out": "labelled.csv"}),
    );
    let (answer, _) = worker.answer(5);
    assert_eq!(answer["result"]["nClassified"], 96, "{answer}");
    let written = std::fs::read_to_string(place.path("labelled.csv")).unwrap();
    assert!(
        written.starts_with("id,text,label,predicted label,score\n"),
        "{written}"
    );
}

#[test]
fn a_model_is_exported_with_progress() {
    let place = Place::new();
    let model = place.trained();
    let mut worker = Worker::start(&place);
    let params = json!({
        "model": model, "file": "desk.csv", "columns": {"text": "text", "label": "label"},
        "isOwnFile": true, "out": place.path("out"), "int8": true,
    });
    worker.send(1, "export", params.clone());
    let (answer, events) = worker.answer(1);
    let result = &answer["result"];
    assert_eq!(result["comparedWith"], "testPart", "{answer}");
    assert_eq!(result["files"].as_array().unwrap().len(), 2, "{answer}");
    let total = 3 * result["nCompared"].as_u64().unwrap();
    let last = events.last().unwrap();
    assert_eq!(
        (&last["done"], &last["total"]),
        (&json!(total), &json!(total))
    );

    worker.send(2, "export", params);
    let (answer, _) = worker.answer(2);
    assert_eq!(answer["error"]["code"], "onnx.taken", "{answer}");
    assert!(answer["error"]["values"]["folder"].is_string(), "{answer}");
}

#[test]
fn a_training_can_be_cancelled_and_keeps_its_best() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    let params = long_training(&place);
    worker.send(1, "train", params);
    worker.wait_for("validated");

    worker.send(
        2,
        "classify",
        json!({"model": "nowhere", "texts": [{"text": "hello"}]}),
    );
    assert_eq!(worker.answer(2).0["error"]["code"], "worker.busy");

    let begin = Instant::now();
    worker.send(3, "cancel", json!({"id": 1}));
    assert_eq!(worker.answer(3).0["result"]["cancelled"], true);
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "cancel took {:?}",
        begin.elapsed()
    );
    let (answer, _) = worker.answer(1);
    assert_eq!(answer["result"]["stopped"], true, "{answer}");
    assert!(
        place
            .names("runs/desk-1/model")
            .contains(&"model.safetensors".to_owned())
    );

    worker.send(4, "cancel", json!({"id": 1}));
    assert_eq!(
        worker.answer(4).0["result"]["cancelled"],
        false,
        "it is over"
    );
    worker.send(
        5,
        "classify",
        json!({"model": "runs/desk-1", "texts": [{"text": "hello"}]}),
    );
    assert!(worker.answer(5).0["result"]["predictions"][0]["label"].is_string());
}

#[test]
fn the_end_of_stdin_stops_a_training_and_keeps_its_best() {
    let place = Place::new();
    let mut worker = Worker::start(&place);
    let params = long_training(&place);
    worker.send(1, "train", params);
    worker.wait_for("validated");
    assert_eq!(worker.end(), Some(0));
    assert!(
        place
            .names("runs/desk-1/model")
            .contains(&"model.safetensors".to_owned())
    );
}
