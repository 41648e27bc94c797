//! Each command through the mock runtime, with its JSON: what the page sends and what it gets.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use embert_desktop::app::App;
use embert_desktop::commands::general;
use embert_desktop::project::Project;
use embert_engine::edits::DataEdit;
use embert_engine::table::ReadWatch;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};

use crate::tiny_bert;

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
fn a_build_that_was_not_installed_has_no_notices() {
    let notices = Page::new().call("read_notices", json!({}));
    assert_eq!(notices, Value::Null);
}

#[test]
fn notices_are_read_from_the_folder_of_the_resources() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    assert_eq!(general::notices_in(folder.path()).unwrap(), None);

    let file = folder.path().join(general::NOTICES);
    std::fs::write(&file, "burn 1.0.0 (Rust crate)").unwrap();
    let notices = general::notices_in(folder.path()).unwrap();
    assert_eq!(notices.as_deref(), Some("burn 1.0.0 (Rust crate)"));

    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let fault = general::notices_in(folder.path()).unwrap_err();
    assert_eq!(fault.code(), "file.unusable");
}

#[test]
fn the_notices_have_the_name_under_which_they_are_installed() {
    let bundle = include_str!("../xtask/src/notices.rs");
    assert!(bundle.contains(&format!("FILE: &str = \"{}\"", general::NOTICES)));
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
        .filter(|(module, _)| {
            [
                "general", "models", "preview", "projects", "edits", "training", "classify",
            ]
            .contains(module)
        })
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
fn the_score_that_counts_as_sure_is_kept_with_its_project() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = &project["id"];
    assert_eq!(project["sureFrom"], json!(0.5));
    let change = json!({"projectId": id, "sureFrom": 0.75});
    assert_eq!(page.call("set_sure_from", change), json!(0.75));

    // Another project is opened in between, so the first one is read from its files again.
    let other = page.call("create_sample_project", json!({}));
    assert_eq!(other["sureFrom"], json!(0.5));
    let reopened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(reopened["sureFrom"], json!(0.75));

    let beyond = json!({"projectId": id, "sureFrom": 7});
    assert_eq!(page.call("set_sure_from", beyond), json!(1.0));
}

#[test]
fn rows_come_in_pages_with_their_lines() {
    let page = Page::new();
    let file = page.write(
        "three.csv",
        "text,label\n\"two\nlines\",a\nsecond,b\nthird,a\n",
    );
    let project = page.create_project(&file);
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
    let project = page.create_project(&file);
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
    let project = page.create_project(&file);
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
fn a_declined_second_text_stays_away() {
    let page = Page::new();
    let rows: String = (0..30)
        .map(|i| format!("premise {i},hypothesis {i},{}\n", ["a", "b"][i % 2]))
        .collect();
    let file = page.write("pairs.csv", &format!("premise,hypothesis,label\n{rows}"));
    let project = page.create_project(&file);
    assert_eq!(project["columns"][1]["role"], "textB");
    assert_eq!(project["columns"][1]["reason"]["code"], "usualName");
    let id = &project["id"];
    let columns = json!({"text": null, "textB": false, "label": null, "split": null});
    let changed = page.call("set_columns", json!({"projectId": id, "columns": columns}));
    assert_eq!(changed["columns"][1]["role"], "ignore");
    assert_eq!(changed["columnRequest"], columns);
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(reopened["columns"], changed["columns"]);

    let without_text = json!({"text": false});
    let refusal = page
        .try_call(
            "set_columns",
            json!({"projectId": id, "columns": without_text}),
        )
        .unwrap_err();
    assert_eq!(refusal["code"], "dataset.textNeeded");
    let without_label = json!({"label": false});
    let unlabelled = page.call(
        "set_columns",
        json!({"projectId": id, "columns": without_label}),
    );
    assert_eq!(unlabelled["obstacle"]["code"], "dataset.noLabelColumn");
}

#[test]
fn naming_the_guessed_label_keeps_the_corrections() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = &project["id"];
    let edits = json!([{"kind": "dropDuplicates"}]);
    page.call("edit_data", json!({"projectId": id, "edits": edits}));
    let columns = json!({"label": "label"});
    let changed = page.call("set_columns", json!({"projectId": id, "columns": columns}));
    assert_eq!(changed["edits"], edits);
    let columns = json!({"text": "label", "label": "text"});
    let changed = page.call("set_columns", json!({"projectId": id, "columns": columns}));
    assert_eq!(changed["edits"], json!([]));
}

/// Two columns by commas or by semicolons, whichever way it is looked at.
fn two_faced_file() -> String {
    let rows: String = (0..40)
        .map(|i| {
            let label = ["good", "bad", "god"][i % 3];
            format!("text {i};a,b;{label}\n")
        })
        .collect();
    format!("text;more,x;label\n{rows}")
}

#[test]
fn a_file_is_read_again_in_another_way_without_the_persons_file() {
    let page = Page::new();
    let file = page.write("faces.csv", &two_faced_file());
    let project = page.create_project(&file);
    std::fs::remove_file(&file).expect("it is there");
    let id = &project["id"];
    assert_eq!(project["dialect"]["delimiter"], ";");
    assert_eq!(project["dialect"], project["detected"]);
    assert_eq!(project["canReadAgain"], true);
    let columns = json!({"label": "label"});
    page.call("set_columns", json!({"projectId": id, "columns": columns}));
    let edits = json!([{"kind": "mergeLabels", "labels": ["god"], "into": "good"}]);
    page.call("edit_data", json!({"projectId": id, "edits": edits}));

    let comma = json!({"delimiter": ","});
    let read = page.call("set_dialect", json!({"projectId": id, "dialect": comma}));
    assert_eq!(read["dropped"]["columns"], json!(["label"]));
    assert_eq!(read["project"]["dialect"]["delimiter"], ",");
    assert_eq!(read["project"]["dialectRequest"]["delimiter"], ",");
    assert_eq!(read["project"]["detected"]["delimiter"], ";");
    let names: Vec<&Value> = read["project"]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| &column["name"])
        .collect();
    assert_eq!(names, [&json!("text;more"), &json!("x;label")]);

    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(reopened, read["project"]);
    let detected = page.call("set_dialect", json!({"projectId": id, "dialect": {}}));
    assert_eq!(detected["project"]["dialect"], project["dialect"]);
    assert_eq!(detected["project"]["nRows"], 40);
}

#[test]
fn a_file_of_another_format_is_read_again_from_the_copy() {
    let page = Page::new();
    let rows: String = (0..40)
        .map(|i| {
            let label = if i % 2 == 0 { "good" } else { "bad" };
            format!("{{\"text\": \"text {i}\", \"label\": \"{label}\", \"n\": {i}.50}}\n")
        })
        .collect();
    let file = page.write("rows.jsonl", &rows);
    let project = page.create_project(&file);
    std::fs::remove_file(&file).expect("it is there");
    let id = &project["id"];
    assert_eq!(project["dialect"]["format"], json!({"kind": "jsonLines"}));
    assert_eq!(project["dialect"]["delimiter"], Value::Null);
    assert_eq!(project["nLabels"], 2);
    let western = json!({"encoding": "windows-1252"});
    let read = page.call("set_dialect", json!({"projectId": id, "dialect": western}));
    assert_eq!(read["project"]["dialect"]["encoding"], "windows-1252");
    assert_eq!(read["project"]["nRows"], 40);
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(reopened, read["project"]);
}

#[test]
fn a_folder_of_texts_becomes_a_project_without_a_copy() {
    let page = Page::new();
    let place = tempfile::tempdir().expect("there is a place for it");
    for i in 0..40 {
        let label = place.path().join(if i % 2 == 0 { "good" } else { "bad" });
        std::fs::create_dir_all(&label).expect("it can be made");
        std::fs::write(label.join(format!("{i}.txt")), format!("text {i}")).expect("it has room");
    }
    let project = page.create_project(place.path());
    assert_eq!(
        project["dialect"]["format"],
        json!({"kind": "folder", "nFiles": 40})
    );
    assert_eq!(project["canReadAgain"], false);
    assert_eq!(project["nLabels"], 2);
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": project["id"]}));
    assert_eq!(reopened, project);
}

#[test]
fn files_of_several_parts_become_one_project() {
    let page = Page::new();
    let folder = page.data.path().join("mails");
    std::fs::create_dir(&folder).unwrap();
    let rows = |name: &str, n: usize| -> String {
        (0..n)
            .map(|i| format!("{name} text {i},{}\n", i % 2))
            .collect()
    };
    for (name, n) in [("test.csv", 10), ("train-1.csv", 40), ("train-2.csv", 41)] {
        page.write(
            &format!("mails/{name}"),
            &format!("text,label\n{}", rows(name, n)),
        );
    }
    let files = ["test.csv", "train-2.csv", "train-1.csv"].map(|name| folder.join(name));
    let project = page.call(
        "create_project",
        json!({"files": files, "onProgress": "__CHANNEL__:1"}),
    );
    assert_eq!(project["name"], "mails");
    assert_eq!(project["sourceFile"], "train-1.csv, train-2.csv, test.csv");
    assert_eq!(
        project["dialect"]["format"],
        json!({"kind": "parts", "files": [
            {"name": "train-1.csv", "part": "train", "firstLine": 1},
            {"name": "train-2.csv", "part": "train", "firstLine": 42},
            {"name": "test.csv", "part": "test", "firstLine": 84},
        ]})
    );
    assert_eq!(project["nRows"], 91);
    assert_eq!(project["canReadAgain"], false);
    assert_eq!(project["columns"][2]["role"], "split");
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": project["id"]}));
    assert_eq!(reopened, project);
    let last = page.call(
        "read_rows",
        json!({"projectId": project["id"], "first": 90, "count": 1}),
    );
    assert_eq!(
        last[0],
        json!({"line": 94, "cells": ["test.csv text 9", "1", "test"]})
    );

    page.write("mails/more.csv", "text,label\na,b\n");
    let files = ["train-1.csv", "more.csv"].map(|name| folder.join(name));
    let refusal = page
        .try_call(
            "create_project",
            json!({"files": files, "onProgress": "__CHANNEL__:1"}),
        )
        .unwrap_err();
    assert_eq!(refusal["code"], "table.unknownPart");
}

#[test]
fn a_project_that_is_cancelled_leaves_nothing() {
    let page = Page::new();
    assert_eq!(page.call("cancel_create_project", json!({})), Value::Null);
    let file = page.write("three.csv", "text,label\none,a\ntwo,b\nthree,a\n");
    let watch = Arc::new(ReadWatch::default());
    watch.cancel();
    let project = Project::create(page.data.path(), &[file], "minilm-l6", &watch).unwrap();
    assert!(project.is_none());
    assert_eq!(page.call("list_projects", json!({})), json!([]));
    let left = std::fs::read_dir(page.data.path().join("projects"));
    assert_eq!(left.map_or(0, Iterator::count), 0);
}

#[test]
fn what_could_be_read_once_can_be_opened_again() {
    let page = Page::new();
    let rows: String = (0..40).map(|i| format!("text {i},{}\n", i % 2)).collect();
    // Written down again, every mark is doubled, and the first row is longer than a row of a file may be.
    let marks = "'\"'".repeat(4 * 1024 * 1024);
    for (name, text) in [
        ("mark", format!("PAR1 text,label\n{rows}")),
        ("image", format!("GIF8 text,label\n{rows}")),
        ("long", format!("text,label\n{marks},0\n{rows}")),
    ] {
        let file = page.write(&format!("{name}.txt"), &format!("sep=,\n{text}"));
        let project = page.create_project(&file);
        page.call("create_sample_project", json!({}));
        let reopened = page.call("open_project", json!({"projectId": project["id"]}));
        assert_eq!(reopened["nRows"], project["nRows"], "{name}");
        assert_eq!(reopened["columns"], project["columns"], "{name}");
    }
}

#[test]
fn corrections_survive_another_reading_where_their_labels_do() {
    let page = Page::new();
    let rows: String = (0..40)
        .map(|i| format!("text {i},{}\n", ["good", "bad", "g\u{f6}\u{f6}d"][i % 3]))
        .collect();
    let file = page.write("accents.csv", &format!("text,label\n{rows}"));
    let project = page.create_project(&file);
    let id = &project["id"];
    let kept = json!({"kind": "renameLabel", "from": "bad", "to": "poor"});
    let lost = json!({"kind": "mergeLabels", "labels": ["g\u{f6}\u{f6}d", "good"], "into": "good"});
    page.call("edit_data", json!({"projectId": id, "edits": [kept, lost]}));
    let western = json!({"encoding": "windows-1252"});
    let read = page.call("set_dialect", json!({"projectId": id, "dialect": western}));
    let dropped = &read["dropped"];
    assert_eq!(dropped["dialect"], json!(false));
    assert_eq!(dropped["columns"], json!([]));
    assert_eq!(dropped["edits"].as_array().map(Vec::len), Some(1));
    assert_eq!(dropped["edits"][0]["edit"], lost);
    assert_eq!(dropped["edits"][0]["number"], 2);
    assert_eq!(dropped["edits"][0]["reason"]["code"], "edits.unknownLabel");
    assert_eq!(read["project"]["edits"], json!([kept]));
    assert_eq!(read["project"]["nLabels"], 3);

    // Read as one text per line there are no labels at all; the corrections wait for them.
    let lines = json!({"delimiter": false});
    let read = page.call("set_dialect", json!({"projectId": id, "dialect": lines}));
    assert_eq!(read["project"]["nLabels"], 0);
    let read = page.call("set_dialect", json!({"projectId": id, "dialect": {}}));
    assert_eq!(read["dropped"]["edits"], json!([]));
    assert_eq!(read["project"]["edits"], json!([kept]));
}

#[test]
fn a_correction_that_was_taken_back_is_made_again() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = &project["id"];
    let of_project = json!({"projectId": id});
    let [first, second] = [
        json!({"kind": "renameLabel", "from": "billing", "to": "money"}),
        json!({"kind": "ignoreLabel", "label": "money"}),
    ];
    let edits = json!({"projectId": id, "edits": [first, second]});
    let edited = page.call("edit_data", edits);
    assert_eq!(edited["undone"], json!([]));
    page.call("undo_edit", of_project.clone());
    let undone = page.call("undo_edit", of_project.clone());
    assert_eq!(undone["edits"], json!([]));
    assert_eq!(undone["undone"], json!([second, first]));

    // It outlives the window.
    page.call("create_sample_project", json!({}));
    let redone = page.call("redo_edit", of_project.clone());
    assert_eq!(redone["edits"], json!([first]));
    assert_eq!(redone["undone"], json!([second]));
    let redone = page.call("redo_edit", of_project.clone());
    assert_eq!(redone["labels"], edited["labels"]);
    let again = page.call("redo_edit", of_project.clone());
    assert_eq!(again["edits"], edited["edits"], "there is nothing left");

    page.call("undo_edit", of_project.clone());
    let other = json!({"projectId": id, "edits": [{"kind": "dropDuplicates"}]});
    let changed = page.call("edit_data", other);
    assert_eq!(changed["undone"], json!([]), "a new correction ends that");
}

#[test]
fn rare_labels_become_one_label() {
    let page = Page::new();
    let mut text = String::from("text,label\n");
    for i in 0..40 {
        text += &format!("text {i},{}\n", ["good", "bad"][i % 2]);
    }
    text += "one,rare\ntwo,rarer\nthree,rarest\n";
    let file = page.write("rare.csv", &text);
    let project = page.create_project(&file);
    assert_eq!(project["obstacle"]["code"], "split.tooFewExamples");
    let id = &project["id"];
    let edit = |into: &str| {
        let edit = json!({"kind": "mergeRareLabels", "fewerThan": 10, "into": into});
        page.try_call("edit_data", json!({"projectId": id, "edits": [edit]}))
    };
    assert_eq!(edit(" ").unwrap_err()["code"], "edits.emptyRareName");
    let merged = edit("other").unwrap();
    assert_eq!(merged["obstacle"], Value::Null);
    assert_eq!(
        merged["labels"][2],
        json!({"label": "other", "nExamples": 3, "sources": ["rare", "rarer", "rarest"]})
    );
    assert_eq!(merged["nExamples"], 43);
}

#[test]
fn corrections_go_from_one_project_to_another_as_far_as_they_fit() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = project["id"].as_str().unwrap();
    let edits = json!([
        {"kind": "renameLabel", "from": "billing", "to": "money"},
        {"kind": "ignoreLabel", "label": "delivery"},
        {"kind": "mergeRareLabels", "fewerThan": 2, "into": "other"}
    ]);
    page.call("edit_data", json!({"projectId": id, "edits": edits}));
    let list = page.data.path().join("edits.json");
    let export = page
        .app
        .with_project(id, |project| project.export_edits(None, &list));
    export.unwrap();

    let rows: String = (0..40)
        .map(|i| format!("text {i},{}\n", ["billing", "praise"][i % 2]))
        .collect();
    let file = page.write("other.csv", &format!("text,label\n{rows}"));
    let other = page.create_project(&file);
    let import = json!({"projectId": other["id"], "file": list});
    let answer = page.call("import_edits", import.clone());
    assert_eq!(answer["imported"]["nMade"], 2);
    assert_eq!(
        answer["imported"]["leftOut"],
        json!([{
            "number": 2,
            "edit": edits[1],
            "reason": {
                "code": "edits.unknownLabel",
                "message": "There is no label \"delivery\"; the 2 labels are others",
                "hint": "Choose one of the labels in the list.",
                "details": null,
                "values": {"label": "delivery", "nLabels": 2}
            }
        }])
    );
    assert_eq!(answer["project"]["edits"], json!([edits[0], edits[2]]));
    let names = answer["project"]["labels"].to_string();
    assert!(names.contains("money"), "{names}");
    let reopened = page.call("open_project", json!({"projectId": other["id"]}));
    assert_eq!(reopened, answer["project"]);

    // A second time the renamed label is not there any more.
    let answer = page.call("import_edits", import);
    assert_eq!(answer["imported"]["nMade"], 1);
    assert_eq!(answer["imported"]["leftOut"][0]["number"], 1);

    // What was left out can be kept as a list of its own.
    let lost = page.data.path().join("lost.json");
    let left_out: DataEdit = serde_json::from_value(edits[1].clone()).unwrap();
    let left_out = [left_out];
    let export = page.app.with_project(id, |project| {
        project.export_edits(Some(left_out.as_slice()), &lost)
    });
    export.unwrap();
    let text = std::fs::read_to_string(&lost).unwrap();
    assert!(
        text.contains("delivery") && !text.contains("money"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_list_of_corrections_changes_nothing() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = &project["id"];
    let refused = |name: &str, text: &str| {
        let file = page.write(name, text);
        let import = json!({"projectId": id, "file": file});
        page.try_call("import_edits", import).unwrap_err()
    };
    let list = |version: u32, edit: &str| {
        format!("{{\"format\": \"embert-edits\", \"version\": {version}, \"edits\": [{edit}]}}")
    };
    assert_eq!(refused("a.json", "no")["code"], "editFile.notJson");
    assert_eq!(refused("b.json", "[]")["code"], "editFile.otherJson");
    let newer = refused("c.json", &list(7, ""));
    assert_eq!(newer["code"], "editFile.version");
    assert_eq!(newer["values"]["version"], 7);
    let kind = "{\"kind\": \"dropDuplicates\"}, {\"kind\": \"splitLabel\"}";
    let unknown = refused("d.json", &list(1, kind));
    assert_eq!(unknown["code"], "editFile.edit");
    assert_eq!(unknown["values"]["number"], 2);
    assert_eq!(unknown["values"]["kind"], "splitLabel");
    let long = " ".repeat(17 << 20);
    assert_eq!(refused("e.json", &long)["code"], "editFile.tooLong");
    let missing = json!({"projectId": id, "file": page.data.path().join("f.json")});
    let missing = page.try_call("import_edits", missing).unwrap_err();
    assert_eq!(missing["code"], "editFile.unreadable");
    assert_eq!(page.call("open_project", json!({"projectId": id})), project);
}

#[test]
fn a_newer_version_of_the_file_keeps_what_still_fits() {
    let page = Page::new();
    let rows = |n: usize, first: &str, labels: [&str; 3]| -> String {
        (0..n)
            .map(|i| {
                let label = labels[i % 3];
                format!("{first}{i},note {i} of many words,{label}\n")
            })
            .collect()
    };
    let older = rows(60, "", ["good", "bad", "odd"]);
    let file = page.write("mails.csv", &format!("nr,body,kind\n{older}"));
    let project = page.create_project(&file);
    let id = &project["id"];
    assert_eq!(project["fileVersion"], 1);
    let kept = json!({"kind": "renameLabel", "from": "bad", "to": "poor"});
    let lost = json!({"kind": "ignoreLabel", "label": "odd"});
    page.call("edit_data", json!({"projectId": id, "edits": [kept, lost]}));

    // Another column looks more like the text now; the one that was the text stays so.
    let newer = rows(90, "mail ", ["good", "bad", "fine"]);
    let newer = page.write("mails 2.csv", &format!("text,body,kind\n{newer}"));
    let replace = json!({"projectId": id, "file": newer});
    let read = page.call("replace_file", replace);
    let replaced = &read["project"];
    assert_eq!(read["dropped"]["dialect"], json!(false));
    assert_eq!(read["dropped"]["columns"], json!([]));
    assert_eq!(read["dropped"]["edits"][0]["edit"], lost);
    assert_eq!(read["dropped"]["edits"][0]["number"], 2);
    assert_eq!(replaced["edits"], json!([kept]));
    assert_eq!(replaced["nRows"], 90);
    assert_eq!(replaced["nLabels"], 3);
    assert_eq!(replaced["sourceFile"], "mails 2.csv");
    assert_eq!(replaced["fileVersion"], 2);
    assert_eq!(replaced["columns"][1]["role"], "text");
    assert_eq!(replaced["columns"][2]["role"], "label");

    // The copy is the new file, too.
    std::fs::remove_file(&newer).unwrap();
    page.call("create_sample_project", json!({}));
    let reopened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(&reopened, replaced);
    let again = page.call("set_dialect", json!({"projectId": id, "dialect": {}}));
    assert_eq!(again["project"]["nRows"], 90);
}

#[test]
fn a_newer_version_that_can_not_be_read_changes_nothing_and_a_folder_has_no_copy() {
    let page = Page::new();
    let rows: String = (0..40)
        .map(|i| format!("{{\"text\": \"text {i}\", \"label\": \"{}\"}}\n", i % 2))
        .collect();
    let file = page.write("a.jsonl", &rows);
    let project = page.create_project(&file);
    let id = &project["id"];
    let western = json!({"projectId": id, "dialect": {"encoding": "windows-1252"}});
    let project = page.call("set_dialect", western)["project"].clone();

    let empty = page.write("empty.csv", "");
    let replace = json!({"projectId": id, "file": empty});
    let refusal = page.try_call("replace_file", replace).unwrap_err();
    assert_eq!(refusal["code"], "table.empty");
    assert_eq!(page.call("open_project", json!({"projectId": id})), project);

    // A folder has no copy, so the one of the file before must not stay in its place.
    let place = tempfile::tempdir().expect("there is a place for it");
    for i in 0..40 {
        let label = place.path().join(if i % 2 == 0 { "good" } else { "bad" });
        std::fs::create_dir_all(&label).expect("it can be made");
        std::fs::write(label.join(format!("{i}.txt")), format!("text {i}")).expect("it has room");
    }
    let replace = json!({"projectId": id, "file": place.path()});
    let read = page.call("replace_file", replace);
    assert_eq!(read["project"]["canReadAgain"], false);
    assert_eq!(read["project"]["nLabels"], 2);
}

#[test]
fn a_newer_version_that_can_not_be_read_as_wanted_is_detected() {
    let page = Page::new();
    let rows: String = (0..40).map(|i| format!("text {i},{}\n", i % 2)).collect();
    let file = page.write("a.csv", &format!("text,label\n{rows}"));
    let project = page.create_project(&file);
    let id = &project["id"];
    let header = json!({"projectId": id, "dialect": {"hasHeader": true}});
    page.call("set_dialect", header);
    // One row can't be a header and a row.
    let one = page.write("one.csv", "17;42\n");
    let replace = json!({"projectId": id, "file": one});
    let read = page.call("replace_file", replace);
    assert_eq!(read["dropped"]["dialect"], json!(true));
    assert_eq!(read["dropped"]["columns"], json!(["text", "label"]));
    assert_eq!(read["project"]["nRows"], 1);
    assert_eq!(read["project"]["dialectRequest"]["hasHeader"], Value::Null);
}

#[test]
fn a_run_says_which_file_it_learned_from() {
    let page = Page::with_tiny_model();
    let project = page.tiny_project();
    let id = &project["id"];
    let run = page.call("start_training", json!({"projectId": id}));
    assert_eq!(run["fileVersion"], 1);
    assert_eq!(run["sourceFile"], "desk.csv");
    let training = page.app.training().expect("a training runs");
    page.call("stop_training", json!({"keep": true}));
    training.wait();

    let rows: String = (0..40)
        .map(|i| format!("another text {i},{}\n", ["billing", "technical"][i % 2]))
        .collect();
    let newer = page.write("newer.csv", &format!("text,label\n{rows}"));
    let replace = json!({"projectId": id, "file": newer});
    let replaced = page.call("replace_file", replace)["project"].clone();
    assert_eq!(replaced["fileVersion"], 2);
    let kept = &replaced["runs"][0];
    assert_eq!(kept["id"], run["id"]);
    assert_eq!(kept["fileVersion"], 1);
    assert_eq!(kept["sourceFile"], "desk.csv");
}

#[test]
fn a_run_says_from_which_data_it_learned() {
    let page = Page::with_tiny_model();
    let project = page.tiny_project();
    let id = &project["id"];
    assert_eq!(
        project["dataHash"],
        Value::Null,
        "there is nothing to compare"
    );
    let run = page.call("start_training", json!({"projectId": id}));
    let training = page.app.training().expect("a training runs");
    page.call("stop_training", json!({"keep": true}));
    training.wait();

    let opened = page.call("open_project", json!({"projectId": id}));
    assert_eq!(opened["dataHash"], run["dataHash"]);
    assert_eq!(opened["runs"][0]["dataHash"], run["dataHash"]);
    assert_eq!(run["dataHash"].as_str().map(str::len), Some(64));

    let edits = json!([{"kind": "renameLabel", "from": "billing", "to": "money"}]);
    let edited = page.call("edit_data", json!({"projectId": id, "edits": edits}));
    assert_ne!(edited["dataHash"], run["dataHash"]);
    assert_eq!(edited["runs"][0]["dataHash"], run["dataHash"]);
    let undone = page.call("undo_edit", json!({"projectId": id}));
    assert_eq!(undone["dataHash"], run["dataHash"]);

    // A newer file with the same texts and labels teaches the same.
    let older = std::fs::read_to_string(page.data.path().join("desk.csv")).expect("it is there");
    let newer = page.write("newer.csv", &older.replace(',', ";"));
    let replace = json!({"projectId": id, "file": newer});
    let replaced = page.call("replace_file", replace)["project"].clone();
    assert_eq!(replaced["fileVersion"], 2);
    assert_eq!(replaced["dataHash"], run["dataHash"]);
}

#[test]
fn a_reading_that_fails_changes_nothing() {
    let page = Page::new();
    let file = page.write("one-row.csv", "17;42\n");
    let project = page.create_project(&file);
    let id = &project["id"];
    let header = json!({"hasHeader": true});
    let refusal = page
        .try_call("set_dialect", json!({"projectId": id, "dialect": header}))
        .unwrap_err();
    assert_eq!(refusal["code"], "table.headerOnly");
    assert!(
        refusal["message"]
            .as_str()
            .unwrap()
            .starts_with("The file one-row.csv has"),
        "{refusal}"
    );
    let unknown = json!({"encoding": "klingon"});
    let refusal = page
        .try_call("set_dialect", json!({"projectId": id, "dialect": unknown}))
        .unwrap_err();
    assert_eq!(refusal["code"], "table.unknownEncoding");
    assert_eq!(page.call("open_project", json!({"projectId": id})), project);
}

#[test]
fn a_project_of_an_older_version_opens_and_says_what_it_lacks() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let folder = page.data.path().join("projects/support-desk");
    let change = |name: &str, keys: &[&str]| {
        let file = folder.join(name);
        let text = std::fs::read(&file).expect("it was written");
        let mut content: Value = serde_json::from_slice(&text).expect("it is JSON");
        for key in keys {
            content.as_object_mut().unwrap().remove(*key);
        }
        std::fs::write(&file, content.to_string()).expect("it can be written");
    };
    change(
        "project.json",
        &["dialect", "sureFrom", "undone", "fileVersion"],
    );
    change("source.json", &["detected"]);
    std::fs::remove_file(folder.join("source")).expect("it was kept");
    page.call(
        "delete_project",
        json!({"projectId": page.call("create_sample_project", json!({}))["id"]}),
    );
    let opened = page.call("open_project", json!({"projectId": project["id"]}));
    assert_eq!(opened["labels"], project["labels"]);
    assert_eq!(opened["columns"], project["columns"]);
    assert_eq!(opened["canReadAgain"], false);
    assert_eq!(opened["sureFrom"], json!(0.5));
    assert_eq!(opened["undone"], json!([]));
    assert_eq!(opened["fileVersion"], 1);
    let refusal = page
        .try_call(
            "set_dialect",
            json!({"projectId": project["id"], "dialect": {}}),
        )
        .unwrap_err();
    assert_eq!(refusal["code"], "project.noCopy");
}

#[test]
fn an_ignored_label_comes_back_and_later_corrections_stay() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let id = &project["id"];
    let edit = |edit: Value| page.call("edit_data", json!({"projectId": id, "edits": [edit]}));
    edit(json!({"kind": "ignoreLabel", "label": "billing"}));
    let ignored = edit(json!({"kind": "renameLabel", "from": "delivery", "to": "parcels"}));
    assert_eq!(ignored["nIgnoredLabels"], 1);
    let back = edit(json!({"kind": "restoreLabel", "label": "billing"}));
    assert_eq!(back["nIgnoredLabels"], 0);
    assert_eq!(back["nExamples"], project["nExamples"]);
    let names = back["labels"].to_string();
    assert!(
        names.contains("parcels") && names.contains("billing"),
        "{names}"
    );
    let again = json!([{"kind": "restoreLabel", "label": "billing"}]);
    let refusal = page
        .try_call("edit_data", json!({"projectId": id, "edits": again}))
        .unwrap_err();
    assert_eq!(refusal["code"], "edits.notIgnored");
}

#[test]
fn every_fix_of_a_finding_is_an_edit_that_settles_it() {
    let page = Page::new();
    let mut text = String::from("text,label\n");
    for i in 0..60 {
        text += &format!("text {i},{}\n", ["refund", "delivery", "Refunds"][i % 3]);
    }
    text += "text 3,refund\ntext 1,refund\nrare one,rare\nrare two,rare\nrarer one,rarer\nrarer two,rarer\n";
    let file = page.write("odd.csv", &text);
    let project = page.create_project(&file);
    let id = &project["id"];
    let findings = project["findings"].as_array().unwrap();
    let codes: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        ["conflicts", "duplicates", "similarLabels", "rareLabel"]
    );
    assert_eq!(findings[3]["nRare"], 2);
    assert_eq!(findings[2]["labels"], json!(["Refunds", "refund"]));
    for code in codes {
        let now = page.call("open_project", json!({"projectId": id}));
        let found = now["findings"].as_array().unwrap();
        let Some(finding) = found.iter().find(|finding| finding["code"] == code) else {
            continue;
        };
        let after = page.call(
            "edit_data",
            json!({"projectId": id, "edits": finding["fix"]["edits"]}),
        );
        let left = after["findings"].as_array().unwrap();
        assert!(left.iter().all(|finding| finding["code"] != code), "{code}");
    }
}

#[test]
fn rows_without_text_or_label_are_listed_among_the_skipped() {
    let page = Page::new();
    let file = page.write("gaps.csv", "text,label\na,x\n,y\nb,\nc,y,z\nd,y\n");
    let project = page.create_project(&file);
    assert_eq!(project["nSkipped"], 3);
    assert_eq!(
        project["skipped"][0],
        json!({"line": 3, "reason": "no text in \"text\"", "faults": [{"code": "noText", "column": "text"}]})
    );
    let lines: Vec<&Value> = project["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| &note["line"])
        .collect();
    assert_eq!(lines, [3, 4, 5]);
}

#[test]
fn the_page_gets_every_label_but_the_first_of_other_long_lists_and_their_true_length() {
    let page = Page::new();
    let mut text = String::from("text,label\n");
    for i in 0..9000 {
        text += &format!("text {i},topic {}\n", i % 3000);
    }
    for i in 0..300 {
        text += &format!("short {i}\nlong {i},topic 1,x\n");
    }
    let file = page.write("many.csv", &text);
    let project = page.create_project(&file);
    assert_eq!(project["nLabels"], 3000);
    assert_eq!(project["labels"].as_array().map(Vec::len), Some(3000));
    assert_eq!(
        (&project["nRepaired"], &project["nSkipped"]),
        (&json!(300), &json!(600))
    );
    assert_eq!(project["repaired"].as_array().map(Vec::len), Some(200));
    assert_eq!(project["skipped"].as_array().map(Vec::len), Some(200));
    let next = json!({"projectId": project["id"], "rows": "skipped", "first": 200, "count": 500});
    let next = page.call("read_notes", next);
    let lines: Vec<u64> = next
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|note| note["line"].as_u64())
        .collect();
    assert_eq!(lines.len(), 400, "the rest of 600");
    assert!(lines.is_sorted(), "{lines:?}");
    assert!(project["skipped"][199]["line"].as_u64() < lines.first().copied());
    let listed = page.call("list_projects", json!({}));
    assert_eq!(listed[0]["nLabels"], 3000);
    assert!(
        project.to_string().len() < 400_000,
        "{}",
        project.to_string().len()
    );
}

#[test]
fn a_column_of_texts_taken_for_labels_is_an_obstacle_and_no_list() {
    let page = Page::new();
    let rows: String = (0..3000).map(|i| format!("text {i},title {i}\n")).collect();
    let file = page.write("titles.csv", &format!("text,label\n{rows}"));
    let project = page.create_project(&file);
    assert_eq!(project["obstacle"]["code"], "dataset.tooManyLabels");
    assert_eq!(project["labels"], json!([]));
}

#[test]
fn long_texts_are_found_with_the_base_models_tokenizer() {
    let page = Page::with_tiny_model();
    // Of 3 to 42 tokens, the first and the last one included.
    let rows: String = (0..40)
        .map(|i| format!("please{},{}\n", " number".repeat(i), ["a", "b"][i % 2]))
        .collect();
    let file = page.write("lengths.csv", &format!("text,label\n{rows}"));
    let project = page.create_project(&file);
    let id = &project["id"];
    let cut = |base_model: &str, settings: Value| {
        let arguments = json!({"projectId": id, "baseModel": base_model, "recipe": settings});
        page.call("set_training", arguments);
        page.call("find_unreadable", json!({"projectId": id}))
    };
    assert_eq!(cut("minilm-l6", json!({})), json!([]));
    let found = cut("minilm-l6", json!({"maxLength": 8}))[0].clone();
    assert_eq!(
        [
            &found["code"],
            &found["nCut"],
            &found["longest"],
            &found["limit"]
        ],
        [&json!("cutTexts"), &json!(34), &json!(42), &json!(64)]
    );
    assert_eq!(found["lines"][0], 8);
    assert_eq!(found["fix"]["maxLength"], 48);
    assert_eq!(cut("minilm-l6", json!({"maxLength": 48})), json!([]));

    let ignored = json!([{"kind": "ignoreLabel", "label": "a"}]);
    page.call("edit_data", json!({"projectId": id, "edits": ignored}));
    let found = cut("minilm-l6", json!({"maxLength": 8}));
    assert_eq!(found[0]["nCut"], 17);
    assert_eq!(cut("not-here", json!({"maxLength": 8})), json!([]));
}

#[test]
fn words_that_the_base_model_does_not_know_are_found_with_its_tokenizer() {
    let page = Page::with_tiny_model();
    let rows: String = (0..40)
        .map(|i| format!("please help 很好 {i},{}\n", ["a", "b"][i % 2]))
        .collect();
    let file = page.write("unknown.csv", &format!("text,label\n{rows}"));
    let project = page.create_project(&file);
    let found = page.call("find_unreadable", json!({"projectId": project["id"]}));
    assert_eq!(found[0]["code"], "unknownWords");
    assert_eq!([&found[0]["nHard"], &found[0]["nTexts"]], [40, 40]);
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[test]
fn what_copies_the_train_part_and_what_gives_the_label_away_is_found_and_settled() {
    let page = Page::new();
    let mut text = String::from("text,label,split,topic\n");
    for i in 0..60 {
        let (label, part) = (["good", "bad"][i % 2], ["train", "test", "train"][i % 3]);
        text += &format!(
            "{i:x} {:x} text {:x},{label},{part},{label}ness\n",
            i * 7919,
            i * i * 31
        );
    }
    text += "The train knows this text,good,train,goodness\nthe train  knows this text,bad,test,badness\n";
    text += "The train knows this text.,good,test,goodness\n";
    let file = page.write("copies.csv", &text);
    let project = page.create_project(&file);
    let codes = |project: &Value| -> Vec<String> {
        let findings = project["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        codes(&project),
        ["leaks", "conflicts", "tellingColumn", "nearDuplicates"]
    );
    let leaks = &project["findings"][0];
    assert_eq!(leaks["lines"], json!([63, 64]));
    assert_eq!([&leaks["nEqual"], &leaks["nNear"]], [&json!(1), &json!(1)]);
    let id = &project["id"];
    let edits = json!({"projectId": id, "edits": leaks["fix"]["edits"]});
    let after = page.call("edit_data", edits);
    assert_eq!(codes(&after), ["tellingColumn"]);
    assert_eq!(after["nExamples"], 61);
    let back = page.call("undo_edit", json!({"projectId": id}));
    assert_eq!(codes(&back), codes(&project));
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
        .try_call(
            "create_project",
            created_from(Path::new("/no/such/file.csv")),
        )
        .unwrap_err();
    assert_eq!(file["code"], "table.missing");
    let project = page.call("create_sample_project", json!({}));
    for command in ["read_run", "read_report", "read_model", "delete_run"] {
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
fn the_texts_of_a_report_have_the_lines_of_the_persons_file() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let project_id = project["id"].as_str().unwrap();
    let runs = page
        .data
        .path()
        .join("projects")
        .join(project_id)
        .join("runs");
    std::fs::create_dir_all(runs.join("run-1")).unwrap();
    let write = |name: &str, text: String| std::fs::write(runs.join(name), text).unwrap();
    let summary = json!({
        "id": "run-1", "startedAt": "2026-11-23T10:00:00Z", "state": "finished", "baseModel": "minilm-l6",
        "accuracy": 0.5, "macroF1": 0.5, "nSteps": 1, "bestStep": 1, "seconds": 1.0, "validMacroF1": [],
        "error": null, "hasModel": false
    });
    write("run-1.json", summary.to_string());
    write(
        "run-1.csv",
        "text,label,line\nfirst,a,17\nsecond,b,29\n".to_owned(),
    );
    let judged = embert_engine::report::Judged {
        labels: &embert_engine::dataset::LabelMap::in_order(vec!["a".into(), "b".into()]),
        predicted: &[0, 0],
        actual: &[0, 1],
        train_label_ids: &[0, 1],
        word_count: None,
        loss: 0.5,
    };
    let mut report = json!(embert_engine::report::Report::new(&judged));
    let text = |line, actual| json!({"line": line, "text": "t", "textB": null, "actual": actual, "predicted": "a", "score": 0.9});
    (report["right"], report["mistakes"]) = (json!([text(2, "a")]), json!([text(3, "b")]));
    write("run-1/report.json", report.to_string());

    let read = page.call(
        "read_report",
        json!({"projectId": project_id, "runId": "run-1"}),
    );
    assert_eq!(read["right"][0]["line"], 17);
    assert_eq!(read["mistakes"][0]["line"], 29);
    assert_eq!(read["wordCount"], Value::Null);
    assert_eq!(read["remarks"][0]["kind"], "notBetterThanMajority");
}

#[test]
fn a_report_is_saved_in_a_language_that_there_is() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let saved = |language: &str| {
        let arguments = json!({"projectId": project["id"], "runId": "run-7", "format": "html", "language": language});
        page.try_call("save_report", arguments).unwrap_err()
    };
    assert_eq!(saved("de")["code"], "run.notFound");
    assert!(
        saved("fr").to_string().contains("unknown variant"),
        "{}",
        saved("fr")
    );
}

#[test]
fn a_file_to_classify_is_previewed() {
    let page = Page::new();
    let file = page.write("new.csv", "id,message\n1,where is my parcel\n2,thank you\n");
    let preview = page.call("preview_file", json!({"file": file}));
    assert_eq!(preview["nRows"], 2);
    assert_eq!(preview["textColumn"], "message");
    assert_eq!(preview["textBColumn"], Value::Null);
    assert_eq!(preview["rows"][1], json!(["2", "thank you"]));
    let pairs = page.write("pairs.csv", "premise,hypothesis\na b,c d\n");
    let preview = page.call("preview_file", json!({"file": pairs}));
    assert_eq!(preview["textColumn"], "premise");
    assert_eq!(preview["textBColumn"], "hypothesis");
}

/// Measures; run it with `--ignored --nocapture`. A million rows are opened, scrolled, corrected and opened again.
#[test]
#[ignore = "it measures, and takes its time"]
#[allow(clippy::print_stderr)]
fn a_large_file_stays_usable() {
    let page = Page::new();
    let words = [
        "parcel", "invoice", "password", "crash", "refund", "colour", "late", "thanks",
    ];
    let mut text = String::from("id,message,topic\n");
    for i in 0..1_000_000_usize {
        text += &i.to_string();
        text.push(',');
        for j in 0..20 {
            text += words[(i * 7 + j * (i % 11 + 1)) % words.len()];
            text.push(' ');
        }
        text += &format!("number {i},topic {}\n", i % 40);
    }
    let file = page.write("large.csv", &text);
    let clock = |what: &str, command: &str, arguments: Value| {
        let start = std::time::Instant::now();
        let answer = page.call(command, arguments);
        let size = answer.to_string().len();
        eprintln!(
            "{what}: {:.2} s, {size} bytes",
            start.elapsed().as_secs_f64()
        );
        assert!(size < 1_000_000, "{what} sends {size} bytes");
        answer
    };
    let project = clock("create", "create_project", created_from(&file));
    let id = &project["id"];
    assert_eq!(project["nRows"], 1_000_000);
    let rows = json!({"projectId": id, "first": 750_000, "count": 100});
    clock("rows", "read_rows", rows);
    clock("view", "open_project", json!({"projectId": id}));
    let edits = json!([{"kind": "mergeLabels", "labels": ["topic 1"], "into": "topic 2"}]);
    clock(
        "merge",
        "edit_data",
        json!({"projectId": id, "edits": edits}),
    );
    clock("undo", "undo_edit", json!({"projectId": id}));
    let by_id = json!({"text": "message", "label": "id"});
    let many = clock(
        "ids as labels",
        "set_columns",
        json!({"projectId": id, "columns": by_id}),
    );
    assert_eq!(many["obstacle"]["code"], "dataset.tooManyLabels");
    clock(
        "guess",
        "set_columns",
        json!({"projectId": id, "columns": {}}),
    );
    let dialect = json!({"delimiter": ",", "hasHeader": true});
    clock(
        "read again",
        "set_dialect",
        json!({"projectId": id, "dialect": dialect}),
    );
    page.call("create_sample_project", json!({}));
    clock("open", "open_project", json!({"projectId": id}));
}

#[test]
fn a_killed_training_is_interrupted_and_goes_on_to_its_end() {
    let page = Page::with_tiny_model();
    let project = page.tiny_project();
    let id = &project["id"];
    let run = page.call("start_training", json!({"projectId": id}));
    assert_eq!(run["state"], "running");
    let busy = page
        .try_call("start_training", json!({"projectId": id}))
        .unwrap_err();
    assert_eq!(busy["code"], "training.busy");

    let training = page.app.training().expect("a training runs");
    let began = Instant::now();
    while training.summary().resume_step().is_none() {
        assert!(training.is_running(), "it is long enough to be killed");
        assert!(began.elapsed() < PATIENCE, "a checkpoint is written");
        std::thread::sleep(Duration::from_millis(5));
    }
    kill(training.process_id());
    training.wait();

    let of_run = json!({"projectId": id, "runId": run["id"]});
    let interrupted = page.call("read_run", of_run.clone());
    let summary = &interrupted["summary"];
    assert_eq!(summary["state"], "interrupted");
    assert_eq!(summary["error"]["code"], "worker.died");
    assert_eq!(summary["hasModel"], true, "the best so far is kept");
    let resume_step = summary["resumeStep"].as_u64().expect("a step");

    let resumed = page.call("resume_training", of_run.clone());
    assert_eq!(resumed["id"], run["id"]);
    assert_eq!(resumed["state"], "running");
    page.app.training().expect("a training runs").wait();
    let finished = page.call("read_run", of_run.clone());
    assert_eq!(finished["summary"]["state"], "finished");
    assert_eq!(finished["summary"]["resumeStep"], Value::Null);
    let kinds: Vec<_> = finished["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"] == "resumed" || event["kind"] == "finished")
        .map(|event| (event["kind"].clone(), event["step"].clone()))
        .collect();
    assert_eq!(
        kinds,
        [
            (json!("resumed"), json!(resume_step)),
            (json!("finished"), finished["summary"]["nSteps"].clone())
        ]
    );
    let steps: Vec<u64> = finished["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"] == "step")
        .filter_map(|event| event["step"].as_u64())
        .collect();
    assert!(
        steps.is_sorted(),
        "what was taken back is not told twice: {steps:?}"
    );
    assert!(page.call("read_report", of_run.clone())["scores"]["accuracy"].is_number());
    let again = page.try_call("resume_training", of_run).unwrap_err();
    assert_eq!(again["code"], "run.noCheckpoint");
}

/// Longest wait for a training; a test that gets this far has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn kill(process_id: u32) {
    let status = std::process::Command::new("kill")
        .args(["-KILL", &process_id.to_string()])
        .status()
        .expect("there is a program kill");
    assert!(status.success());
}

#[test]
fn the_catalogue_is_listed_with_what_a_card_shows() {
    let page = Page::new();
    let models = page.call("list_base_models", json!({}));
    let starter = models
        .as_array()
        .unwrap()
        .iter()
        .find(|model| model["name"] == "minilm-l6")
        .expect("the starter is listed");
    assert_eq!(
        starter["repository"],
        "sentence-transformers/all-MiniLM-L6-v2"
    );
    assert_eq!(starter["size"], "fast");
    assert_eq!(starter["languages"], json!(["en"]));
    assert_eq!(starter["nParameters"], 22_713_216);
    assert_eq!(starter["inCatalogue"], true);
    assert!(starter["downloadBytes"].as_u64().unwrap() > 90_000_000);
    assert!(starter["rateSource"].is_string());
    let places = page.call("model_places", json!({}));
    assert_eq!(
        places["downloadFolder"],
        json!(page.data.path().join("models"))
    );
}

#[test]
fn a_model_is_described_by_its_name_on_the_hub_and_a_folder_by_what_is_in_it() {
    let page = Page::new();
    let unknown = page.call("describe_base_model", json!({"name": " owner/some-bert "}));
    assert_eq!(unknown["name"], "owner/some-bert");
    assert_eq!(unknown["installed"], false);
    let refused = |name: &str| {
        page.try_call("describe_base_model", json!({ "name": name }))
            .unwrap_err()
    };
    assert_eq!(refused("nothing")["code"], "baseModel.notFound");
    let folder = page.data.path().join("pickled");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("config.json"), r#"{"model_type":"bert"}"#).unwrap();
    std::fs::write(folder.join("pytorch_model.bin"), "").unwrap();
    let pickle = refused(folder.to_str().unwrap());
    assert_eq!(pickle["code"], "baseModel.pickle");
    assert!(pickle["hint"].as_str().unwrap().contains("safetensors"));
}

#[test]
fn a_preview_has_time_and_memory_once_the_device_was_measured() {
    let page = Page::new();
    let project = page.call("create_sample_project", json!({}));
    let preview = |page: &Page| page.call("preview_run", json!({"projectId": project["id"]}));
    let before = preview(&page);
    assert_eq!(before["deviceId"], "cpu");
    assert_eq!(before["seconds"], Value::Null);
    page.remember_measurement(60e9);
    let measured = preview(&page);
    assert_eq!(measured["nTrain"], before["nTrain"]);
    if measured["downloads"] != json!([]) {
        // Without any model nobody can count the tokens.
        return;
    }
    let seconds = measured["seconds"].as_f64().unwrap();
    assert!((10.0..2000.0).contains(&seconds), "{seconds}");
    let memory = measured["memoryBytes"].as_u64().unwrap();
    assert!((200_000_000..2_000_000_000).contains(&memory), "{memory}");
    let of = |name: &str| {
        let estimates = measured["estimates"].as_array().unwrap();
        estimates
            .iter()
            .find(|estimate| estimate["name"] == name)
            .unwrap()["seconds"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(of("minilm-l6"), seconds);
    assert!(of("minilm-l3") < of("minilm-l6") && of("minilm-l6") < of("bert-base-uncased"));
    page.remember_measurement(30e9);
    let slower = preview(&page)["seconds"].as_f64().unwrap();
    assert!(slower > 1.5 * seconds, "{slower} {seconds}");
}

/// Measures; run it with `--ignored --nocapture`. Says what trainings on real data would take, to be compared with what
/// they took: the table in `docs/estimates.md`.
#[test]
#[ignore = "it measures, and needs the starter model and the data sets"]
#[allow(clippy::print_stderr)]
fn estimates_of_real_data() {
    let page = Page::new();
    let speed = page.call(
        "measure_device",
        json!({"device": "cpu", "again": true, "onProgress": "__CHANNEL__:1"}),
    );
    eprintln!("CPU: {} operations per second", speed["flopsPerSecond"]);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    for name in ["trec6", "sst2", "banking77", "ag_news_small", "sms_spam"] {
        let file = data.join(format!("{name}.csv"));
        let project = page.create_project(&file);
        let preview = page.call("preview_run", json!({"projectId": project["id"]}));
        eprintln!(
            "{name}: {} steps, {} s, {} bytes",
            preview["nSteps"], preview["seconds"], preview["memoryBytes"]
        );
    }
}

#[test]
fn a_measurement_that_is_known_is_not_made_again() {
    let page = Page::new();
    page.remember_measurement(60e9);
    let found = page.call(
        "measure_device",
        json!({"device": "cpu", "again": false, "onProgress": "__CHANNEL__:1"}),
    );
    assert_eq!(found["flopsPerSecond"], 60e9);
    let devices = page.call("list_devices", json!({}));
    assert_eq!(devices["devices"][0]["measurement"], found);
    page.call("cancel_measure", json!({}));
    page.call("cancel_download", json!({}));
}

#[test]
fn a_device_and_a_model_that_are_not_there_are_named() {
    let page = Page::new();
    let device = json!({"device": "gpu7", "again": true, "onProgress": "__CHANNEL__:1"});
    let refusal = page.try_call("measure_device", device).unwrap_err();
    assert_eq!(refusal["code"], "device.unknown");
    let model = json!({"name": "nothing", "onProgress": "__CHANNEL__:2"});
    let refusal = page.try_call("download_model", model).unwrap_err();
    assert_eq!(refusal["code"], "baseModel.notInCatalogue");
}

/// What begins a project with one file.
fn created_from(file: &Path) -> Value {
    json!({"files": [file], "onProgress": "__CHANNEL__:1"})
}

/// The app's commands with a data folder of their own.
pub(crate) struct Page {
    window: WebviewWindow<MockRuntime>,
    pub(crate) app: Arc<App>,
    pub(crate) data: tempfile::TempDir,
}

impl Page {
    pub(crate) fn new() -> Page {
        Page::with_models(None)
    }

    /// One whose starter model is a tiny BERT, so that a training takes seconds.
    pub(crate) fn with_tiny_model() -> Page {
        let page = Page::with_models(Some("models"));
        tiny_bert::write(&page.data.path().join("models/minilm-l6"));
        page
    }

    /// A project that trains for a few hundred steps.
    pub(crate) fn tiny_project(&self) -> Value {
        let rows: String = (0..40)
            .map(|i| {
                format!("please refund order {i},billing\nthe app does not start {i},technical\n")
            })
            .collect();
        let file = self.write("desk.csv", &format!("text,label\n{rows}"));
        let project = self.create_project(&file);
        let recipe = json!({"epochs": 100, "validationsPerEpoch": 1, "patience": 1000});
        let settings =
            json!({"projectId": project["id"], "baseModel": "minilm-l6", "recipe": recipe});
        self.call("set_training", settings)
    }

    fn with_models(models: Option<&str>) -> Page {
        let data = tempfile::tempdir().expect("the temporary folder is writable");
        let models = models.map(|name| data.path().join(name));
        let state = Arc::new(App::new(data.path().to_path_buf(), models));
        let app = embert_desktop::with_commands(mock_builder())
            .manage(Arc::clone(&state))
            .build(mock_context(noop_assets()))
            .expect("the mock runtime builds the app");
        let window = WebviewWindowBuilder::new(&app, "main", Default::default())
            .build()
            .expect("the mock runtime builds the window");
        Page {
            window,
            app: state,
            data,
        }
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let file: &Path = &self.data.path().join(name);
        std::fs::write(file, text).expect("the temporary folder is writable");
        file.to_path_buf()
    }

    /// Writes what a test of the CPU would have found.
    fn remember_measurement(&self, flops_per_second: f64) {
        let found = json!([{
            "device": "cpu", "deviceName": "CPU", "backend": "flex", "model": "minilm-l6",
            "nEncoderParameters": 10_646_784, "nSteps": 9, "seconds": 2.0, "tokensPerSecond": 1600.0,
            "examplesPerSecond": 50.0, "exampleTokens": 32, "flopsPerSecond": flops_per_second,
            "peakMemoryBytes": null, "measuredAt": 1_763_900_000, "version": env!("CARGO_PKG_VERSION")
        }]);
        self.write("measurements.json", &found.to_string());
    }

    pub(crate) fn create_project(&self, file: &Path) -> Value {
        self.call("create_project", created_from(file))
    }

    pub(crate) fn call(&self, command: &str, arguments: Value) -> Value {
        self.try_call(command, arguments)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub(crate) fn try_call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
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
