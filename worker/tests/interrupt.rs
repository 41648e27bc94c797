//! Ctrl-C stops a training, keeps the best model, and has its own exit code.

#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use support::Place;

#[test]
fn the_first_interrupt_keeps_the_best_model() {
    let place = Place::new();
    place.write_desk();
    let line =
        "train desk.csv --epochs 100 --recipe quick.json --device cpu --out run --events json";
    let mut child = place
        .command(&line.split(' ').collect::<Vec<_>>())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let seen = lines.any(|line| line.contains("\"kind\":\"validated\""));
    assert!(seen, "the training comes to a validation");

    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    let rest: Vec<String> = lines.collect();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("\"kind\":\"finished\"") && line.contains("\"stopped\":true")), "{rest:?}");
    assert!(
        place
            .names("run/model")
            .contains(&"model.safetensors".to_owned())
    );
}
