//! A training whose process ended goes on, and comes to the same end as one that was left alone.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::Place;
use support::worker::Worker;

/// Long enough to be interrupted, and without an end before the last step.
const LONG: &str = r#"{"epochs": 60, "minSteps": 1, "validationsPerEpoch": 1, "patience": 1000}"#;

/// A place with a training of [`LONG`] in the folder `whole` that was left alone.
fn place_with_whole_run() -> Place {
    let place = Place::new();
    place.write_desk();
    place.write("long.json", LONG);
    let ran = place.run("train desk.csv --recipe long.json --device cpu --out whole");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    place
}

/// Begins the same training in the folder `run` and hands its worker over after the first checkpoint and a few more
/// events.
fn begun(place: &Place) -> Worker {
    let mut worker = Worker::start(place);
    let params = json!({
        "file": place.path("desk.csv"),
        "recipe": serde_json::from_str::<Value>(LONG).unwrap(),
        "device": "cpu",
        "out": place.path("run"),
    });
    worker.send(1, "train", params);
    worker.wait_for("checkpoint");
    for _ in 0..2 {
        let later = worker.next();
        assert!(
            later.get("event").is_some(),
            "the training goes on: {later}"
        );
    }
    worker
}

fn assert_resumed_equals_whole(place: &Place) {
    let ran = place.run("train desk.csv --device cpu --out run --resume");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("going on after step"), "{}", ran.stderr);
    let weights = |run: &str| fs::read(place.path(run).join("model/model.safetensors")).unwrap();
    assert!(weights("run") == weights("whole"), "the same weights");
    let report = |run: &str| {
        let text = fs::read_to_string(place.path(run).join("report.json")).unwrap();
        let mut report: Value = serde_json::from_str(&text).unwrap();
        for measured in ["seconds", "peakMemoryBytes", "wordCountSeconds"] {
            report["training"][measured] = Value::Null;
        }
        report
    };
    assert_eq!(report("run"), report("whole"));
    assert!(
        !place
            .names("run")
            .contains(&"checkpoint.safetensors".to_owned()),
        "nobody needs it any more"
    );
}

fn state(place: &Place) -> Value {
    let text = fs::read_to_string(place.path("run/run.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["state"].clone()
}

#[test]
fn a_killed_training_goes_on_as_if_nothing_had_happened() {
    let place = place_with_whole_run();
    drop(begun(&place));
    assert_eq!(state(&place), "running");
    assert_resumed_equals_whole(&place);
}

#[test]
fn a_worker_that_loses_its_window_leaves_a_checkpoint() {
    let place = place_with_whole_run();
    let mut worker = begun(&place);
    worker.close();
    let (last, _) = worker.answer(1);
    assert_eq!(last["error"]["code"], "worker.paused", "{last}");
    assert_eq!(worker.end(), Some(0));
    assert_eq!(state(&place), "paused");
    assert_resumed_equals_whole(&place);
}

#[test]
fn what_cannot_go_on_says_why() {
    let place = place_with_whole_run();
    let over = place.run("train desk.csv --device cpu --out whole --resume");
    assert_eq!(over.code, Some(1));
    assert!(
        over.stderr.contains("is over: its state is \"finished\""),
        "{}",
        over.stderr
    );

    let nothing = place.run("train desk.csv --device cpu --resume");
    assert_eq!(nothing.code, Some(1));
    assert!(
        nothing.stderr.contains("There is no run on desk.csv"),
        "{}",
        nothing.stderr
    );

    drop(begun(&place));
    let csv = support::desk_csv().replace("refund", "return");
    place.write("desk.csv", csv);
    let other = place.run("train desk.csv --device cpu --out run --resume");
    assert_eq!(other.code, Some(1));
    assert!(
        other
            .stderr
            .contains("was begun with another set of texts and labels"),
        "{}",
        other.stderr
    );

    fs::remove_file(place.path("run/checkpoint.safetensors")).unwrap();
    place.write("desk.csv", support::desk_csv());
    let lost = place.run("train desk.csv --device cpu --out run --resume");
    assert_eq!(lost.code, Some(1));
    assert!(lost.stderr.contains("has no checkpoint"), "{}", lost.stderr);
}
