//! The real window, driven from outside through WebKit's own driver.
//!
//! Ignored by default, because it needs Xvfb, WebKitWebDriver, xdotool and Python with GTK. `cargo xtask test` installs
//! them, runs these tests, and leaves pictures of every screen in both themes in `target/screens`.

// Home, before there is anything.
mod home;
// The sample: every screen once, and closed and opened again.
mod sample;
// A file of the person's own: dragged in, mapped, corrected, trained on, tried, exported.
mod own_file;
// The window is closed while a training runs.
mod closing;
// The worker is killed in the middle of a training.
mod interrupted;

use std::path::Path;

use serde_json::{Value, json};

use crate::support::webdriver::Session;

/// Starts the app that was built with the tests, with its data in `data`.
fn open(data: &Path) -> Session {
    let data = data.to_string_lossy();
    Session::open(
        Path::new(env!("CARGO_BIN_EXE_embert-desktop")),
        &[("EMBERT_DATA", &data), ("GTK_THEME", "Adwaita")],
    )
}

/// Whether the starter model is there. A test that is skipped says so.
#[allow(clippy::print_stderr)]
fn starter_model_is_there() -> bool {
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/minilm-l6/model.safetensors");
    if !weights.is_file() {
        eprintln!("skipped: the starter model is not there; get it with cargo xtask model");
    }
    weights.is_file()
}

/// Opens the folded settings and gives some of them a number, as a person does who types it.
fn set_numbers(session: &Session, settings: &[(&str, f64)]) {
    for (name, number) in settings {
        session.wait_for(&format!(
            "document.querySelectorAll('details').forEach((part) => (part.open = true)); \
             const label = [...document.querySelectorAll('.setting label')] \
                .find((label) => label.textContent === {}); \
             const field = label && document.getElementById(label.htmlFor); \
             if (!field) return false; \
             if (field.value === '{number}') return true; \
             field.value = '{number}'; \
             field.dispatchEvent(new Event('change', {{bubbles: true}})); return false;",
            json!(name)
        ));
    }
}

/// Opens the sample, goes on to the Model screen, gives some settings a number and trains.
fn train_the_sample(session: &Session, settings: &[(&str, f64)]) {
    session.press("Try the sample");
    session.press("Continue to Labels");
    session.press("Continue to Model");
    set_numbers(session, settings);
    session.press("Train");
}

/// Length of the drawn curve of the training loss: it grows with each point.
const CURVE_LENGTH: &str =
    "(document.querySelector('figure > svg path.faint')?.getAttribute('d')?.length ?? 0)";

/// Waits until points of the curve have come at two different moments.
fn watch_the_curve_grow(session: &Session) {
    let first = session.wait_for_training(&format!("return {CURVE_LENGTH}"));
    session.wait_for_training(&format!("return {CURVE_LENGTH} > {first}"));
}

/// Puts a text to the model and returns what it answers.
fn ask(session: &Session, text: &str) -> String {
    session.go_to("try");
    session.wait_for("return document.querySelector('#try-text') !== null");
    session.type_into("#try-text", text);
    session.wait_for_text("[data-testid=verdict] .label")
}

/// The only project.
fn project(session: &Session) -> Value {
    session.invoke("list_projects", &json!({}))[0].clone()
}
