//! The worker is killed in the middle of a training.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{open, project, starter_model_is_there, train_the_sample, watch_the_curve_grow};

#[test]
#[ignore = "needs a virtual display and the starter model; run cargo xtask test"]
fn a_killed_training_says_so_and_goes_on() {
    if !starter_model_is_there() {
        return;
    }
    let data = tempfile::tempdir().expect("the temporary folder is writable");
    let session = open(data.path());
    // Forty steps, and three looks at the valid part.
    train_the_sample(&session, &[("Rounds (epochs)", 1.0)]);
    // The first checkpoint comes with the first look at the valid part.
    session
        .wait_for_training("return document.body.innerText.includes('The first check, at step')");
    let project_folder = data.path().join("projects").join(
        project(&session)["id"]
            .as_str()
            .expect("a project has an id"),
    );
    let checkpoint = project_folder.join("runs/run-1/checkpoint.safetensors");
    while !checkpoint.is_file() {
        watch_the_curve_grow(&session);
    }
    kill_workers(data.path());

    session.wait_for_words("The training was interrupted");
    session.wait_for_words("It can go on after step");
    session.pictures("interrupted");
    assert_eq!(project(&session)["lastRun"]["state"], "interrupted");
    assert_eq!(project(&session)["lastRun"]["hasModel"], true);

    session.press("Resume");
    session.wait_for_training(
        "return [...document.querySelectorAll('button')] \
            .some((button) => button.textContent.trim() === 'See the report')",
    );
    let run = &project(&session)["lastRun"];
    assert_eq!(run["id"], "run-1", "it is the same training");
    assert_eq!(run["state"], "finished");
    session.assert_no_error_banner();
}

/// Kills the workers of the app whose data is in `data`, as a driver or the system would.
fn kill_workers(data: &Path) {
    let data = format!("EMBERT_DATA={}\0", data.display());
    let processes = fs::read_dir("/proc").expect("there is a list of processes");
    let mut n_killed = 0;
    for process in processes.flatten() {
        let read = |name: &str| fs::read(process.path().join(name)).unwrap_or_default();
        let is_worker = read("cmdline").ends_with(b"embert\0worker\0");
        let environment = read("environ");
        let is_ours = environment
            .windows(data.len())
            .any(|part| part == data.as_bytes());
        if is_worker && is_ours {
            let id = process.file_name();
            let killed = Command::new("kill").arg("-KILL").arg(&id).status();
            assert!(killed.is_ok_and(|status| status.success()), "{id:?}");
            n_killed += 1;
        }
    }
    assert!(n_killed > 0, "a worker runs");
}
