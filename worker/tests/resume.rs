//! A training whose process ended goes on, and comes to the same end as one that was left alone.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use serde_json::{Value, json};
use support::Place;

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

/// Begins the same training in the folder `run` and hands its process over after the first checkpoint and a few more
/// events.
fn begun(place: &Place) -> Child {
    let mut child = place
        .command(&["worker"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let params = json!({
        "file": place.path("desk.csv"),
        "recipe": serde_json::from_str::<Value>(LONG).unwrap(),
        "device": "cpu",
        "out": place.path("run"),
    });
    let request = json!({"id": 1, "method": "train", "params": params});
    writeln!(child.stdin.as_mut().unwrap(), "{request}").unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let is_checkpoint = |line: &String| line.contains("\"kind\":\"checkpoint\"");
    assert!(
        lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| is_checkpoint(&line)),
        "a checkpoint is written"
    );
    let later: Vec<_> = lines.map_while(Result::ok).take(2).collect();
    assert!(
        later.iter().all(|line| line.contains("\"event\"")),
        "the training goes on: {later:?}"
    );
    child
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
    let mut child = begun(&place);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(state(&place), "running");
    assert_resumed_equals_whole(&place);
}

#[test]
fn a_worker_that_loses_its_window_leaves_a_checkpoint() {
    let place = place_with_whole_run();
    let mut child = begun(&place);
    drop(child.stdin.take());
    // What it still says must not fill the pipe.
    let rest = BufReader::new(child.stdout.take().unwrap()).lines();
    let last = rest.map_while(Result::ok).last().unwrap();
    assert!(last.contains("worker.paused"), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
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

    let mut child = begun(&place);
    child.kill().unwrap();
    child.wait().unwrap();
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
