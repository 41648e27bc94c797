//! A file of the person's own: dragged in, mapped, corrected, trained on, tried, exported, and found again.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{ask, open, project, set_numbers, starter_model_is_there, watch_the_curve_grow};
use crate::support::webdriver::Session;

#[test]
#[ignore = "needs a virtual display and the starter model; run cargo xtask test"]
fn a_file_is_dragged_in_mapped_merged_trained_tried_exported_and_found_again() {
    if !starter_model_is_there() {
        return;
    }
    let place = tempfile::tempdir().expect("the temporary folder is writable");
    let file = place.path().join("messages.csv");
    fs::write(&file, messages()).expect("the temporary folder is writable");
    let data = place.path().join("data");
    {
        let session = open(&data);
        drag_in(&session, &file);
        map_columns(&session);
        merge_labels(&session);
        train(&session);
        read_the_report(&session);
        let answer = ask(&session, "I want my money back for the broken lamp");
        assert!(answer.contains("refund"), "{answer}");
        export(&session, &place.path().join("my model"));
        session.assert_no_error_banner();
    }

    let session = open(&data);
    assert_eq!(
        session.wait_for_text("[data-testid=project] .open"),
        "messages"
    );
    session.press("messages");
    session.wait_for_words("refund");
    let found = session.invoke(
        "open_project",
        &json!({"projectId": project(&session)["id"]}),
    );
    assert_eq!(found["edits"][0]["kind"], "mergeLabels");
    assert_eq!(found["runs"][0]["state"], "finished");
    assert_eq!(fs::read_to_string(&file).unwrap(), messages());
    session.assert_no_error_banner();
}

/// A column that is called "label" and isn't, two columns of text, and a label in two spellings.
fn messages() -> String {
    let mut csv = "order;label;from;message;reason\n".to_owned();
    for n in 0..28 {
        let (day, thing) = (
            ["Monday", "Tuesday", "Friday"][n % 3],
            ["lamp", "chair", "desk", "shelf"][n % 4],
        );
        let kinds = [
            (
                format!(
                    "Please give me my money back for the {thing} of order {n}, it came broken."
                ),
                "refund",
            ),
            (
                format!(
                    "The {thing} of order {n} was damaged. I want the money back that I paid on {day}."
                ),
                "refunds",
            ),
            (
                format!("Where is my parcel {n}? The {thing} should have come on {day}."),
                "delivery",
            ),
            (
                format!("I can't log in since {day}. My password for order {n} is refused."),
                "login",
            ),
        ];
        for (kind, (message, reason)) in kinds.iter().enumerate() {
            let shelf = ["blue", "green", "red"][(n + kind) % 3];
            csv.push_str(&format!(
                "{};{shelf};customer {n};{message};{reason}\n",
                4 * n + kind
            ));
        }
    }
    csv
}

fn drag_in(session: &Session, file: &Path) {
    session.wait_for_text("h1");
    let drag = session.drag_over(file);
    session.wait_for_words("Drop the file to begin");
    session.pictures("drop");
    drag.drop_here().expect("the file is let go");
    session.wait_for("return document.querySelectorAll('[data-testid=rows] tr.data').length");
}

/// The role of each column, as the shell has them.
fn roles(session: &Session) -> Vec<(String, String)> {
    let found = session.invoke(
        "open_project",
        &json!({"projectId": project(session)["id"]}),
    );
    let word = |column: &Value, name: &str| column[name].as_str().unwrap().to_owned();
    let columns = found["columns"].as_array().unwrap();
    columns
        .iter()
        .map(|column| (word(column, "name"), word(column, "role")))
        .collect()
}

fn map_columns(session: &Session) {
    let guessed = roles(session);
    assert!(
        guessed.contains(&("label".to_owned(), "label".to_owned())),
        "the name misleads the guess: {guessed:?}"
    );
    session.set_role("message", "text");
    session.set_role("reason", "label");
    session.wait_for(
        "return document.querySelector('select[aria-label=\"What the column reason is\"]')?.value === 'label'",
    );
    session.wait_for_words("delivery");
    let wanted = ["ignore", "ignore", "ignore", "text", "label"];
    let chosen: Vec<String> = roles(session).into_iter().map(|(_, role)| role).collect();
    assert_eq!(chosen, wanted);
    session.pictures("data-own-file");
}

fn merge_labels(session: &Session) {
    session.press("Continue to Labels");
    session
        .wait_for("return document.querySelector('[data-testid=labels]')?.children.length === 4");
    for label in ["refund", "refunds"] {
        session.wait_for(&format!(
            "const box = document.querySelector('[data-label={label}] input[type=checkbox]'); \
             if (box && !box.checked) box.click(); return box?.checked === true;"
        ));
    }
    session.wait_for_words("2 selected");
    session.pictures("labels-merge");
    session.wait_for(
        "const field = document.querySelector('form input[list]'); if (!field) return false; \
         field.value = 'refund'; field.dispatchEvent(new Event('input', {bubbles: true})); return true;",
    );
    session.wait_for(
        "const button = document.querySelector('form button[type=submit]'); \
         const isReady = button?.disabled === false; if (isReady) button.click(); return isReady;",
    );
    session
        .wait_for("return document.querySelector('[data-testid=labels]')?.children.length === 3");
    session.wait_for_words("made of");
}

fn train(session: &Session) {
    session.press("Continue to Model");
    set_numbers(
        session,
        &[
            ("Rounds (epochs)", 6.0),
            ("Fewest steps", 1.0),
            ("Checks per round", 1.0),
        ],
    );
    session.press("Train");
    watch_the_curve_grow(session);
    session.wait_for_training(
        "return [...document.querySelectorAll('button')] \
            .some((button) => button.textContent.trim() === 'See the report')",
    );
}

fn read_the_report(session: &Session) {
    session.press("See the report");
    session.wait_for("return document.querySelectorAll('table').length >= 2");
    let words = session.execute("return document.querySelector('main').innerText");
    let words = words.as_str().unwrap();
    for label in ["refund", "delivery", "login"] {
        assert!(words.contains(label), "no {label} in {words}");
    }
    assert!(
        !words.contains("refunds"),
        "the merged label is one: {words}"
    );
}

/// Through the system's own dialog.
fn export(session: &Session, folder: &Path) {
    session.go_to("export");
    session.press("Save the model folder");
    session.answer_dialog("Save File", folder);
    session.wait_for_words("The model folder is saved");
    session.wait_for_words(&folder.to_string_lossy());
    session.pictures("exported");
    let config: Value =
        serde_json::from_slice(&fs::read(folder.join("config.json")).unwrap()).unwrap();
    assert_eq!(
        config["id2label"],
        json!({"0": "delivery", "1": "login", "2": "refund"})
    );
    assert!(folder.join("model.safetensors").is_file());
}
