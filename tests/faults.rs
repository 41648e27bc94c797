//! Every fault that the shell itself has a code for, as the page gets it. Those of the engine and the worker have tests
//! of their own there.

use std::fs;

use embert_desktop::fault::Fault;
use embert_desktop::worker::{Places, Worker};
use embert_engine::error::ErrorInfo;
use embert_engine::protocol::{Call, NoParams};
use serde_json::{Value, json};

use crate::commands::{Page, kill};

/// The faults that are raised below; the others are raised where their command is tested.
const ELSEWHERE: [&str; 7] = [
    "worker.died",
    "project.notFound",
    "run.notFound",
    "training.busy",
    "run.noCheckpoint",
    "project.noCopy",
    "folder.taken",
];

#[test]
fn every_code_is_tested() {
    let source = include_str!("../src-tauri/fault.rs");
    let own = [
        include_str!("faults.rs"),
        include_str!("commands.rs"),
        include_str!("../src-tauri/commands/classify.rs"),
    ];
    let (_, codes) = source.split_once("pub fn code(").unwrap();
    let (codes, _) = codes.split_once("\n    }\n").unwrap();
    let codes: Vec<&str> = codes
        .lines()
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    assert!(codes.len() >= 13, "{codes:?}");
    for code in codes {
        let n_places: usize = own.iter().map(|text| text.matches(code).count()).sum();
        // The list above names some once.
        let n_tests = n_places - usize::from(ELSEWHERE.contains(&code));
        assert!(n_tests > 0, "{code} has no test");
    }
}

#[test]
fn a_worker_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        models: None,
        data: folder.path().to_path_buf(),
    };
    let program = folder.path().join("embert");
    let fault = Worker::start(&program, &places).err().unwrap();
    let told = ErrorInfo::from(fault);
    assert_eq!(told.code, "worker.start");
    assert!(
        told.message.contains(&program.display().to_string()),
        "{}",
        told.message
    );
}

#[cfg(unix)]
#[test]
fn an_answer_that_makes_no_sense_is_a_fault() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        models: None,
        data: folder.path().to_path_buf(),
    };
    // It stands in for a worker of another version.
    let program = folder.path().join("embert");
    let script = "#!/bin/sh\nread line\necho '{\"id\":1,\"result\":\"yes\"}'\nread line\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let worker = Worker::start(&program, &places).unwrap();
    let answer: Result<Vec<u64>, Fault> = worker.ask(Call::Devices(NoParams {}));
    assert_eq!(answer.unwrap_err().code(), "worker.answer");
}

#[test]
fn a_damaged_project_says_so_and_is_left_alone() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = project["id"].as_str().unwrap();
    let file = page
        .data
        .path()
        .join("projects")
        .join(id)
        .join("project.json");
    fs::write(&file, "{").unwrap();
    // Another project is the open one now, so that this one is read again.
    page.call("create_sample_project", json!({}));
    let refusal = page
        .try_call("open_project", json!({"projectId": id}))
        .unwrap_err();
    assert_eq!(refusal["code"], "project.damaged");
    assert_ne!(refusal["details"], Value::Null);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let page = Page::new();
    // A file where the folder of the projects would be.
    page.write("projects", "");
    let refusal = page
        .try_call("create_sample_project", json!({}))
        .unwrap_err();
    assert_eq!(refusal["code"], "file.unusable");
    assert!(
        refusal["message"].as_str().unwrap().contains("projects"),
        "{refusal}"
    );
}

#[test]
fn a_run_that_was_killed_before_its_first_model_has_none() {
    let page = Page::with_tiny_model();
    let project = page.tiny_project();
    let run = page.call("start_training", json!({"projectId": project["id"]}));
    let training = page.app.training().unwrap();
    kill(training.process_id());
    training.wait();
    let of_run = json!({"projectId": project["id"], "runId": run["id"]});
    let refusal = page.try_call("read_model", of_run).unwrap_err();
    assert_eq!(refusal["code"], "run.noModel");
}

#[test]
fn what_the_window_cannot_do_is_a_fault_and_no_crash() {
    let page = Page::new();
    let nowhere = page.data.path().join("nowhere").join("model");
    let refusal = page
        .try_call("show_in_folder", json!({"path": nowhere}))
        .unwrap_err();
    assert_eq!(refusal["code"], "window.fault");
}
