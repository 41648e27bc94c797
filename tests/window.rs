//! The real window, driven from outside through WebKit's own driver.
//!
//! Ignored by default, because it needs Xvfb and WebKitWebDriver (Debian packages `xvfb` and
//! `webkit2gtk-driver`). `cargo xtask test` runs it and leaves pictures of the screens in `target/screens`.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::webdriver::Session;

#[test]
#[ignore = "needs Xvfb and WebKitWebDriver; run cargo xtask test"]
fn home_opens_in_both_themes() {
    for (theme, gtk_theme, is_dark) in [("light", "Adwaita", false), ("dark", "Adwaita:dark", true)]
    {
        let session = open(&[("GTK_THEME", gtk_theme)]);
        assert_eq!(
            session.wait_for_text("h1"),
            "Teach your computer to sort text"
        );
        assert_eq!(
            session.execute("return matchMedia('(prefers-color-scheme: dark)').matches"),
            is_dark,
            "the page follows the {theme} theme"
        );
        session.screenshot(&screens().join(format!("home-{theme}.png")));
        session.press("About");
        assert_eq!(
            session.wait_for_text("[data-testid=version]"),
            format!("Version {}", env!("CARGO_PKG_VERSION"))
        );
        assert_no_error_banner(&session);
    }
}

#[test]
#[ignore = "needs Xvfb, WebKitWebDriver and the starter model; run cargo xtask test"]
#[allow(clippy::print_stderr)] // a test that is skipped says so
fn the_sample_is_corrected_trained_judged_and_tried() {
    if !Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("models/minilm-l6/model.safetensors")
        .is_file()
    {
        eprintln!("skipped: the starter model is not there; get it with cargo xtask model");
        return;
    }
    let data = tempfile::tempdir().expect("the temporary folder is writable");
    let data_folder = data.path().to_string_lossy().into_owned();
    let environment = [
        ("EMBERT_DATA", data_folder.as_str()),
        ("GTK_THEME", "Adwaita"),
    ];
    {
        let session = open(&environment);
        session.press("Try the sample");
        session.wait_for("return document.querySelectorAll('[data-testid=rows] tbody tr').length");
        session.screenshot(&screens().join("data.png"));

        session.press("Continue to Labels");
        session.wait_for(
            "return document.querySelector('[data-testid=labels]')?.children.length === 6",
        );
        let project = session.invoke("list_projects", &json!({}))[0]["id"].clone();
        session.screenshot(&screens().join("labels.png"));

        // Twenty steps instead of ten minutes.
        let few_steps =
            json!({"projectId": project, "baseModel": "minilm-l6", "recipe": {"epochs": 0.5}});
        assert_eq!(
            session.invoke("set_training", &few_steps)["recipe"]["epochs"],
            0.5
        );
        session.execute("window.isOld = true; location.reload(); return true");
        session.wait_for("return window.isOld === undefined");
        session.press("Continue to Model");
        session.wait_for("return document.body.innerText.includes('20')");
        session.screenshot(&screens().join("model.png"));

        session.press("Train");
        session.wait_for("return document.querySelector('svg path') !== null");
        session.press("See the report");
        session.wait_for("return document.querySelectorAll('table').length >= 2");
        session.screenshot(&screens().join("report.png"));

        session.wait_for(
            "const step = [...document.querySelectorAll('nav button')].at(5); step?.click(); return step !== undefined;",
        );
        session.wait_for(
            "const field = document.querySelector('#try-text'); if (!field) return false; \
             field.value = 'I was charged twice, please give me my money back'; \
             field.dispatchEvent(new Event('input', {bubbles: true})); return true;",
        );
        session.wait_for(
            "return document.querySelector('[data-testid=verdict]')?.dataset.verdict ?? null",
        );
        session.screenshot(&screens().join("try.png"));
        assert_no_error_banner(&session);
    }

    let session = open(&environment);
    session.wait_for("return document.querySelectorAll('[data-testid=project]').length === 1");
    session.screenshot(&screens().join("home-with-project.png"));
    assert_no_error_banner(&session);
}

fn open(environment: &[(&str, &str)]) -> Session {
    Session::open(Path::new(env!("CARGO_BIN_EXE_embert-desktop")), environment)
}

fn assert_no_error_banner(session: &Session) {
    assert_eq!(
        session.execute("return document.getElementById('error-banner')?.textContent ?? null"),
        serde_json::Value::Null,
        "no error banner"
    );
}

/// The folder for pictures of the screens, inside cargo's target folder.
fn screens() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens")
}
