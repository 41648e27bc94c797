//! The app as a package installs it: with no network, no home and nothing of this folder, it must train.
//!
//! Ignored by default; `cargo xtask test --bundle` installs the package, runs this and removes the package.

use std::path::PathBuf;

use serde_json::json;

use crate::support::webdriver::Session;

#[test]
#[ignore = "needs the installed package; run cargo xtask test --bundle"]
fn the_installed_app_trains_without_a_network() {
    let app = std::env::var_os("EMBERT_INSTALLED")
        .map(PathBuf::from)
        .expect("EMBERT_INSTALLED names the installed program");
    // A hub that nobody can reach; the data folder is in the empty home.
    let session = Session::open(&app, &[("HF_ENDPOINT", "http://127.0.0.1:9")]);
    session.press("Try the sample");
    session.wait_for("return document.querySelectorAll('[data-testid=rows] tr.data').length");
    let info = session.invoke("app_info", &json!({}));
    assert!(
        info["dataFolder"]
            .as_str()
            .unwrap()
            .ends_with("/data/org.embert.desktop"),
        "{info}"
    );
    let models = session.invoke("list_base_models", &json!({}));
    let starter = models
        .as_array()
        .unwrap()
        .iter()
        .find(|model| model["name"] == "minilm-l6");
    assert_eq!(
        starter.map(|model| &model["installed"]),
        Some(&json!(true)),
        "{models}"
    );

    let notices = session.invoke("read_notices", &json!({}));
    assert!(
        notices
            .as_str()
            .is_some_and(|text| text.contains("\ntauri ") && text.contains("\nsvelte ")),
        "the notices are not where the window looks for them"
    );

    let project = session.invoke("list_projects", &json!({}))[0]["id"].clone();
    let few_steps = json!({"projectId": project, "baseModel": "minilm-l6", "recipe": {"epochs": 0.1, "minSteps": 1}});
    session.invoke("set_training", &few_steps);
    session.execute("window.isOld = true; location.reload(); return true");
    session.wait_for("return window.isOld === undefined");
    session.go_to("model");
    session.press("Train");
    session.wait_for_training(
        "return [...document.querySelectorAll('button')] \
            .some((button) => button.textContent.trim() === 'See the report')",
    );
    session.press("See the report");
    session.wait_for("return document.querySelectorAll('table').length >= 2");
    session.picture("installed");
    session.assert_no_error_banner();
}
