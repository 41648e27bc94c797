//! Each command through the mock runtime, with its JSON: what the page sends and what it gets.

use std::path::Path;
use std::sync::Arc;

use embert_desktop::app::App;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};

#[test]
fn app_info_gives_name_version_and_folder() {
    let page = Page::new();
    let answer = page.call("app_info", json!({}));
    assert_eq!(
        answer,
        json!({"name": "Embert", "version": env!("CARGO_PKG_VERSION"), "dataFolder": page.data.path()})
    );
}

#[test]
fn the_name_is_the_product_name_of_the_bundle() {
    let config: Value = serde_json::from_str(include_str!("../tauri.conf.json"))
        .expect("the configuration is JSON");
    let answer = Page::new().call("app_info", json!({}));
    assert_eq!(answer["name"], config["productName"]);
}

#[test]
fn a_command_that_does_not_exist_is_refused() {
    let refusal = Page::new()
        .try_call("app_inf", json!({}))
        .expect_err("there is no such command");
    assert!(refusal.to_string().contains("app_inf"), "{refusal}");
}

#[test]
fn every_command_may_be_called_by_the_page() {
    let permissions = include_str!("../src-tauri/permissions/app.toml");
    let door = include_str!("../src-tauri/lib.rs");
    let registered: Vec<&str> = door
        .lines()
        .map(str::trim)
        .filter(|line| line.ends_with(','))
        .filter_map(|line| line.split_once("::"))
        .filter(|(module, _)| ["general", "projects", "training", "classify"].contains(module))
        .map(|(_, name)| name.trim_end_matches(','))
        .collect();
    assert!(registered.len() > 30, "found {}", registered.len());
    for name in registered {
        assert!(
            permissions.contains(&format!("\"{name}\"")),
            "{name} is not allowed"
        );
    }
}

#[test]
fn settings_are_kept() {
    let page = Page::new();
    let defaults = json!({"theme": "system", "language": "system", "device": "auto"});
    assert_eq!(page.call("read_settings", json!({})), defaults);
    let chosen = json!({"theme": "dark", "language": "de", "device": "cpu"});
    page.call("save_settings", json!({"settings": chosen}));
    assert_eq!(page.call("read_settings", json!({})), chosen);
}

#[test]
fn the_sample_becomes_a_project_that_can_be_trained() {
    let page = Page::new();
    assert_eq!(page.call("list_projects", json!({})), json!([]));
    let project = page.call("create_sample_project", json!({}));
    assert_eq!(project["obstacle"], Value::Null);
    assert_eq!(project["labels"].as_array().map(Vec::len), Some(6));
    assert_eq!(project["sourceFile"], "support-desk.csv");
    let roles: Vec<_> = project["columns"].as_array().unwrap().iter().collect();
    assert!(
        roles
            .iter()
            .any(|column| column["role"] == "text" && column["guessed"] == true)
    );

    let listed = page.call("list_projects", json!({}));
    assert_eq!(listed[0]["nExamples"], project["nExamples"]);
    assert_eq!(listed[0]["lastRun"], Value::Null);
    let reopened = page.call("open_project", json!({"projectId": project["id"]}));
    assert_eq!(reopened, project);
}

#[test]
fn rows_come_in_pages_with_their_lines() {
    let page = Page::new();
    let file = page.write(
        "three.csv",
        "text,label\n\"two\nlines\",a\nsecond,b\nthird,a\n",
    );
    let project = page.call("create_project", json!({"file": file}));
    let rows = page.call(
        "read_rows",
        json!({"projectId": project["id"], "first": 1, "count": 5}),
    );
    assert_eq!(
        rows,
        json!([{"line": 4, "cells": ["second", "b"]}, {"line": 5, "cells": ["third", "a"]}])
    );
    let beyond = page.call(
        "read_rows",
        json!({"projectId": project["id"], "first": 9, "count": 5}),
    );
    assert_eq!(beyond, json!([]));
}

#[test]
fn a_file_that_cannot_be_trained_on_opens_with_its_obstacle() {
    let page = Page::new();
    let file = page.write("one.csv", "text,label\nfirst,a\nsecond,a\n");
    let project = page.call("create_project", json!({"file": file}));
    assert_eq!(project["nRows"], 2);
    assert_eq!(project["obstacle"]["code"], "dataset.oneLabel");
    let refusal = page
        .try_call("start_training", json!({"projectId": project["id"]}))
        .unwrap_err();
    assert_eq!(refusal["code"], "dataset.oneLabel");
}

#[test]
fn labels_are_merged_and_taken_apart_again() {
    let page = Page::new();
    let before = page.call("create_sample_project", json!({}));
    let id = &before["id"];
    let names: Vec<&str> = before["labels"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|label| label["label"].as_str())
        .collect();
    let edits = json!([{"kind": "mergeLabels", "labels": [names[0], names[1]], "into": "both"}]);
    let merged = page.call("edit_data", json!({"projectId": id, "edits": edits}));
    assert_eq!(merged["labels"].as_array().map(Vec::len), Some(5));
    assert_eq!(merged["labels"][0]["label"], "both");
    assert_eq!(
        merged["labels"][0]["sources"].as_array().map(Vec::len),
        Some(2)
    );

    let unknown = json!([{"kind": "ignoreLabel", "label": "nobody"}]);
    let refusal = page
        .try_call("edit_data", json!({"projectId": id, "edits": unknown}))
        .unwrap_err();
    assert_eq!(refusal["code"], "edits.unknownLabel");
    let after = page.call("open_project", json!({"projectId": id}));
    assert_eq!(
        after["edits"], merged["edits"],
        "a refused edit leaves no trace"
    );

    let undone = page.call("undo_edit", json!({"projectId": id}));
    assert_eq!(undone["labels"], before["labels"]);
}

#[test]
fn columns_are_chosen_and_a_wrong_one_is_refused() {
    let page = Page::new();
    let rows: String = (0..30)
        .map(|i| {
            format!(
                "message {i},sender {i},{}\n",
                if i % 2 == 0 { "a" } else { "b" }
            )
        })
        .collect();
    let file = page.write("columns.csv", &format!("body,from,kind\n{rows}"));
    let project = page.call("create_project", json!({"file": file}));
    let id = &project["id"];
    let columns = json!({"text": "from", "textB": null, "label": "kind", "split": null});
    let changed = page.call("set_columns", json!({"projectId": id, "columns": columns}));
    assert_eq!(
        changed["columns"][1],
        json!({"name": "from", "role": "text", "guessed": false, "reason": null})
    );
    let wrong = json!({"text": "nothing", "textB": null, "label": null, "split": null});
    let refusal = page
        .try_call("set_columns", json!({"projectId": id, "columns": wrong}))
        .unwrap_err();
    assert_eq!(refusal["code"], "table.unknownColumn");
}

#[test]
fn what_is_not_there_is_said_with_a_code_and_a_hint() {
    let page = Page::new();
    let missing = page
        .try_call("open_project", json!({"projectId": "../elsewhere"}))
        .unwrap_err();
    assert_eq!(missing["code"], "project.notFound");
    assert!(missing["hint"].is_string());
    let file = page
        .try_call("create_project", json!({"file": "/no/such/file.csv"}))
        .unwrap_err();
    assert_eq!(file["code"], "table.missing");
    let project = page.call("create_sample_project", json!({}));
    for command in ["read_run", "read_report", "read_labels", "delete_run"] {
        let arguments = json!({"projectId": project["id"], "runId": "run-7"});
        assert_eq!(
            page.try_call(command, arguments).unwrap_err()["code"],
            "run.notFound",
            "{command}"
        );
    }
}

#[test]
fn a_project_is_renamed_and_removed() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let renamed = page.call(
        "rename_project",
        json!({"projectId": project["id"], "name": " Desk "}),
    );
    assert_eq!(renamed["name"], "Desk");
    page.call("delete_project", json!({"projectId": project["id"]}));
    assert_eq!(page.call("list_projects", json!({})), json!([]));
}

#[test]
fn a_file_to_classify_is_previewed() {
    let page = Page::new();
    let file = page.write("new.csv", "id,message\n1,where is my parcel\n2,thank you\n");
    let preview = page.call("preview_file", json!({"file": file}));
    assert_eq!(preview["nRows"], 2);
    assert_eq!(preview["textColumn"], "message");
    assert_eq!(preview["rows"][1], json!(["2", "thank you"]));
}

/// The app's commands with a data folder of their own.
struct Page {
    window: WebviewWindow<MockRuntime>,
    data: tempfile::TempDir,
}

impl Page {
    fn new() -> Page {
        let data = tempfile::tempdir().expect("the temporary folder is writable");
        let app = embert_desktop::with_commands(mock_builder())
            .manage(Arc::new(App::new(data.path().to_path_buf(), None)))
            .build(mock_context(noop_assets()))
            .expect("the mock runtime builds the app");
        let window = WebviewWindowBuilder::new(&app, "main", Default::default())
            .build()
            .expect("the mock runtime builds the window");
        Page { window, data }
    }

    fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let file: &Path = &self.data.path().join(name);
        std::fs::write(file, text).expect("the temporary folder is writable");
        file.to_path_buf()
    }

    fn call(&self, command: &str, arguments: Value) -> Value {
        self.try_call(command, arguments)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn try_call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().expect("the address is valid"),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request)
            .map(|body| body.deserialize().expect("commands answer with JSON"))
    }
}
