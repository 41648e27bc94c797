//! Each command once, as someone would type it who just installed Embert.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::{Place, desk_csv};

#[test]
fn inspect_shows_format_columns_and_labels() {
    let place = Place::new();
    place.write_desk();
    let ran = place.run("inspect desk.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for part in [
        "UTF-8",
        "id, text, label",
        "column \"text\"",
        "column \"label\"",
        "96 examples in 3 labels",
        "billing",
        "32",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }

    let json = place.run("inspect desk.csv --json").json();
    assert_eq!(json["nRows"], 96);
    assert_eq!(json["mapping"]["text"], "text");
    assert_eq!(
        json["labels"][0],
        serde_json::json!({"label": "billing", "nExamples": 32})
    );
}

/// Renames one label, leaves another out, and has a correction that fits no label.
const EDITS: &str = r#"{
  "format": "embert-edits",
  "version": 1,
  "edits": [
    {"kind": "renameLabel", "from": "billing", "to": "money"},
    {"kind": "renameLabel", "from": "billing", "to": "bills"},
    {"kind": "mergeRareLabels", "fewerThan": 3, "into": "other"},
    {"kind": "ignoreLabel", "label": "praise"}
  ]
}"#;

#[test]
fn corrections_are_shown_by_inspect_as_far_as_they_fit() {
    let place = Place::new();
    place.write(
        "desk.csv",
        desk_csv() + "a,one of a kind,lost\nb,another kind,found\n",
    );
    place.write("edits.json", EDITS);
    let ran = place.run("inspect desk.csv --edits edits.json");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for part in [
        "3 corrections made",
        "66 examples in 3 labels",
        "money",
        "other",
        "edits.json: correction 2 was left out. There is no label \"billing\"",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }
    let json = place
        .run("inspect desk.csv --edits edits.json --json")
        .json();
    assert_eq!(json["nEdits"], 3);
    assert_eq!(
        json["labels"],
        serde_json::json!([
            {"label": "money", "nExamples": 32},
            {"label": "other", "nExamples": 2},
            {"label": "technical", "nExamples": 32}
        ])
    );
    let findings = json["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["code"] == "edits.unknownLabel"),
        "{findings:?}"
    );
    let json = place.run("inspect desk.csv --json").json();
    assert_eq!(json["nEdits"], serde_json::Value::Null);
    assert_eq!(json["nExamples"], 98);
}

#[test]
fn convert_writes_the_corrected_rows() {
    let place = Place::new();
    let original = "topic,text,split\nbilling,one,x\npraise,two,y\n,three,z\ntechnical,four,x\nbilling,one,y\n";
    place.write("desk.csv", original);
    place.write("edits.json", EDITS);
    let ran = place
        .run("convert desk.csv plain.csv --edits edits.json --label topic --text text --header");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // Both labels that are left are rare, so they are one now; a row without a label stays as it is.
    assert_eq!(
        fs::read_to_string(place.path("plain.csv")).unwrap(),
        "topic,text,split\nother,one,x\nother,two,y\n,three,z\nother,four,x\nother,one,y\n"
    );
    assert!(
        ran.stderr.contains("2 corrections made; 0 rows left out"),
        "{}",
        ran.stderr
    );
    let fewer = EDITS.replace("\"fewerThan\": 3", "\"fewerThan\": 1");
    place.write("edits.json", fewer);
    let ran = place
        .run("convert desk.csv plain.csv --edits edits.json --label topic --text text --header");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("plain.csv")).unwrap(),
        "topic,text,split\nmoney,one,x\n,three,z\ntechnical,four,x\nmoney,one,y\n"
    );
    assert!(
        ran.stderr.contains("3 corrections made; 1 row left out"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        fs::read_to_string(place.path("desk.csv")).unwrap(),
        original
    );
}

#[test]
fn a_training_learns_the_corrected_labels_and_says_what_did_not_fit() {
    let place = Place::new();
    place.write_desk();
    place.write("edits.json", EDITS);
    let ran = place.run(
        "train desk.csv --edits edits.json --recipe quick.json --epochs 1 --device cpu --out run --json",
    );
    assert!(
        ran.stderr.contains("edits.json: correction 2 was left out"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        ran.json()["labels"],
        serde_json::json!(["money", "technical"])
    );
}

#[test]
fn inspect_names_what_is_odd_with_its_lines() {
    let place = Place::new();
    let rows: String = (0..24)
        .map(|i| {
            format!(
                "text {:x} of {i},{}\n",
                i * i * 7919,
                ["good", "bad"][i % 2]
            )
        })
        .collect();
    let odd = "Where is my parcel?,good\nwhere is  my parcel?,good\nWhere is my parcel??,good\n";
    place.write("odd.csv", format!("text,label\n{rows}{odd}"));
    let json = place.run("inspect odd.csv --json").json();
    let findings = &json["findings"];
    assert_eq!(
        findings[0],
        serde_json::json!({"code": "data.duplicates", "line": 27, "message": "1 row repeats an earlier one"})
    );
    assert_eq!(findings[1]["code"], "data.nearDuplicates");
    assert_eq!(findings[1]["line"], 28);
    let ran = place.run("inspect odd.csv");
    assert!(
        ran.stdout.contains("line 27: 1 row repeats an earlier one"),
        "{}",
        ran.stdout
    );
}

#[test]
fn other_formats_are_read_and_named() {
    let place = Place::new();
    place.write(
        "mails.jsonl",
        "{\"text\": \"one\", \"label\": \"a\", \"n\": 1.50}\n{\"text\": \"two\", \"label\": \"b\"}\n",
    );
    let ran = place.run("inspect mails.jsonl");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("Format     JSON lines\n"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("Separator"), "{}", ran.stdout);
    let json = place.run("inspect mails.jsonl --json --sheet Any").json();
    assert_eq!(json["dialect"]["format"]["kind"], "jsonLines");
    assert_eq!(json["dialect"]["encoding"], "UTF-8");
    let ran = place.run("convert mails.jsonl mails.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("mails.csv")).unwrap(),
        "text,label,n\none,a,1.50\ntwo,b,\n"
    );

    for (label, text) in [("good", "fine"), ("bad", "awful")] {
        fs::create_dir_all(place.path(&format!("mails/{label}"))).unwrap();
        place.write(&format!("mails/{label}/1.txt"), text);
    }
    let json = place.run("inspect mails --json").json();
    assert_eq!(
        json["dialect"]["format"],
        serde_json::json!({"kind": "folder", "nFiles": 2})
    );
    assert_eq!(json["nRows"], 2);
}

#[test]
fn convert_writes_plain_csv_and_leaves_the_file_alone() {
    let place = Place::new();
    let original = "text;label\n\"one; two\";a\nthree;b\nfour;a\nfive;b\n";
    place.write("semicolons.csv", original);
    let ran = place.run("convert semicolons.csv plain.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("plain.csv")).unwrap(),
        "text,label\none; two,a\nthree,b\nfour,a\nfive,b\n"
    );
    assert_eq!(
        fs::read_to_string(place.path("semicolons.csv")).unwrap(),
        original
    );

    let ran = place.run("convert semicolons.csv semicolons.csv");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("is the input file itself"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        fs::read_to_string(place.path("semicolons.csv")).unwrap(),
        original
    );
}

#[test]
fn the_way_a_file_is_written_can_be_said() {
    let place = Place::new();
    place.write("odd.txt", b"H\xE4user;gut;'a;b'\nB\xE4ume;schlecht;'c'\n");
    let ran = place.run(
        "convert odd.txt plain.csv --delimiter semicolon --quote single --encoding windows-1252 \
                         --no-header",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("plain.csv")).unwrap(),
        "column 1,column 2,column 3\nHäuser,gut,a;b\nBäume,schlecht,c\n"
    );
    let json = place
        .run("inspect odd.txt --delimiter none --quote none --header --json")
        .json();
    assert_eq!(json["dialect"]["delimiter"], serde_json::Value::Null);
    assert_eq!(json["dialect"]["quote"], serde_json::Value::Null);
    assert_eq!(json["nRows"], 1);

    place.write(
        "notes.txt",
        "made by hand\n% a remark\ntext,label\n\"a \\\"b\\\"\",x\n% more\nc,y\n",
    );
    let ran = place.run(
        "convert notes.txt notes.csv --header-row 3 --comment % --escape backslash --delimiter comma",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(place.path("notes.csv")).unwrap(),
        "text,label\n\"a \"\"b\"\"\",x\nc,y\n"
    );
    let ran = place.run("inspect notes.txt --skip-lines 2 --comment %");
    for part in [
        "every character is ASCII",
        "rows has 2 cells",
        "\"text\" is a usual name of a column",
        "2 lines left out (you said so)",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }

    let ran = place.run("inspect odd.txt --encoding klingon");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("klingon") && ran.stderr.contains("hint"),
        "{}",
        ran.stderr
    );
    let ran = place.run("inspect odd.txt --delimiter ::");
    assert_eq!(ran.code, Some(2));
}

#[test]
fn a_second_text_and_a_split_can_be_declined() {
    let place = Place::new();
    let rows: String = (0..12)
        .map(|i| format!("a text {i},another {i},{},train\n", i % 2))
        .collect();
    place.write("pairs.csv", format!("text,text_b,label,split\n{rows}"));
    let json = place.run("inspect pairs.csv --json").json();
    assert_eq!(json["mapping"]["textB"], "text_b");
    assert_eq!(json["mapping"]["split"], "split");
    let json = place
        .run("inspect pairs.csv --no-text-b --no-split --json")
        .json();
    assert_eq!(json["mapping"]["textB"], serde_json::Value::Null);
    assert_eq!(json["mapping"]["split"], serde_json::Value::Null);
}

#[test]
fn a_model_of_single_texts_is_given_no_second_text_by_a_guess() {
    let place = Place::new();
    let model = place.trained();
    place.write("new.csv", "text,text_b\nwhere is it,my parcel\n");
    let model = model.to_str().unwrap();
    let ran = place.run_words(&["classify", model, "new.csv", "--json", "--device", "cpu"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("second text"), "{}", ran.stderr);
    let alone = place.run_words(&[
        "classify",
        model,
        "--text",
        "where is it",
        "--json",
        "--device",
        "cpu",
    ]);
    assert_eq!(
        ran.json()["predictions"][0]["label"],
        alone.json()["predictions"][0]["label"]
    );
}

#[test]
fn a_model_of_pairs_guesses_the_second_text_and_misses_it_aloud() {
    let place = Place::new();
    place.write_desk();
    let rows: String = (0..24)
        .map(|i| {
            format!(
                "a text {i},another {i},{}\n",
                if i % 2 == 0 { "x" } else { "y" }
            )
        })
        .collect();
    place.write("pairs.csv", format!("text,text_b,label\n{rows}"));
    let ran = place.run("train pairs.csv --recipe quick.json --epochs 1 --device cpu --out pairs");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = place.run("classify pairs pairs.csv --json --device cpu");
    assert!(ran.stderr.contains("second text"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("less sure"), "{}", ran.stderr);
    let ran = place.run("classify pairs pairs.csv --no-text-b --json --device cpu");
    assert!(ran.stderr.contains("less sure"), "{}", ran.stderr);
}

#[test]
fn train_without_any_option_makes_a_run_and_a_report() {
    let place = Place::new();
    place.write("desk.csv", desk_csv());
    let ran = place.run("train desk.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("text"),
        "the guess of the columns is told: {}",
        ran.stderr
    );
    assert!(ran.stderr.contains("computing on"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("Model folder: runs/desk-1/model"),
        "{}",
        ran.stdout
    );
    let names = place.names("runs/desk-1/model");
    for file in ["config.json", "model.safetensors", "tokenizer.json"] {
        assert!(
            names.iter().any(|name| name == file),
            "{names:?} lacks {file}"
        );
    }

    place.write_desk();
    let ran = place.run("train desk.csv --recipe quick.json --epochs 1");
    assert!(
        ran.stdout.contains("runs/desk-2/model"),
        "a second run gets a folder of its own: {}",
        ran.stdout
    );
}

#[test]
fn train_prints_the_report_and_the_events_as_json() {
    let place = Place::new();
    place.write_desk();
    let ran = place.run(
        "train desk.csv --recipe quick.json --epochs 1 --device cpu --out run --events json --json",
    );
    let report = ran.json();
    assert_eq!(
        report["labels"],
        serde_json::json!(["billing", "praise", "technical"])
    );
    assert!(report["scores"]["accuracy"].is_number());
    let kinds: Vec<String> = ran
        .stderr
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    for kind in [
        "notice",
        "started",
        "step",
        "validated",
        "testing",
        "finished",
    ] {
        assert!(
            kinds.iter().any(|seen| seen == kind),
            "no {kind} in {kinds:?}"
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let place = Place::new();
    place.write_desk();
    let report = |out: &str, seed: &str| {
        let line = format!(
            "train desk.csv --recipe quick.json --epochs 1 --device cpu --seed {seed} --out {out} --json"
        );
        place.run(&line).json()
    };
    let (first, second, other) = (report("a", "1"), report("b", "1"), report("c", "2"));
    assert_eq!(first["loss"], second["loss"]);
    assert_ne!(first["loss"], other["loss"]);
}

#[test]
fn the_model_folder_holds_none_of_the_texts() {
    let place = Place::new();
    place.write_desk();
    // Both texts are known, so one of the labels is wrong whatever the answer.
    let text = "only this sentence is a secret";
    place.write(
        "test.csv",
        format!("text,label\n{text},billing\n{text},technical\n"),
    );
    let line = "train desk.csv --test test.csv --recipe quick.json --epochs 1 --device cpu --out run --json";
    let report = place.run(line).json();
    assert_eq!(report["mistakes"][0]["text"], text);
    for entry in std::fs::read_dir(place.path("run/model")).unwrap() {
        let file = entry.unwrap().path();
        let content = std::fs::read(&file).unwrap();
        let found = content
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!found, "{} holds a text of the test part", file.display());
    }
}

#[test]
fn a_second_file_judges_the_model() {
    let place = Place::new();
    place.write_desk();
    place.write(
        "test.csv",
        "text,label\nrefund my order,billing\nthe laptop does not start,technical\n",
    );
    let line = "train desk.csv --test test.csv --recipe quick.json --epochs 1 --device cpu --out run --json";
    let report = place.run(line).json();
    assert_eq!(report["nTest"], 2);
}

#[test]
fn evaluate_judges_a_model_on_another_file() {
    let place = Place::new();
    let model = place.trained();
    let ran = place.run_words(&["evaluate", model.to_str().unwrap(), "desk.csv", "--json"]);
    assert_eq!(ran.json()["scores"]["nExamples"], 96);
    let ran = place.run("evaluate run desk.csv");
    assert_eq!(
        ran.code,
        Some(0),
        "the run folder stands for its model: {}",
        ran.stderr
    );
    assert!(ran.stdout.contains("billing"), "{}", ran.stdout);

    place.write(
        "unknown.csv",
        "text,label\nhello there,billing\nwhat is this,riddle\n",
    );
    let ran = place.run("evaluate run unknown.csv --text text --label label");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("riddle") && ran.stderr.contains('3'),
        "{}",
        ran.stderr
    );
}

#[test]
fn classify_gives_a_label_to_a_text() {
    let place = Place::new();
    place.trained();
    let ran = place.run_words(&["classify", "run", "--text", "please refund my money"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let (label, score) = ran.stdout.trim_end().split_once('\t').unwrap();
    assert!(
        ["billing", "technical", "praise"].contains(&label),
        "{label}"
    );
    assert!(
        (0.0..=1.0).contains(&score.parse::<f64>().unwrap()),
        "{score}"
    );

    let json = place
        .run_words(&[
            "classify",
            "run",
            "--text",
            "refund",
            "--text",
            "thank you",
            "--json",
        ])
        .json();
    let predictions = json["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 2);
    for prediction in predictions {
        let scores = prediction["scores"].as_object().unwrap();
        let sum: f64 = scores.values().map(|score| score.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        assert_eq!(
            scores[prediction["label"].as_str().unwrap()],
            prediction["score"]
        );
        assert_eq!(prediction["logits"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn classify_adds_two_columns_to_a_file_and_changes_nothing_else() {
    let place = Place::new();
    place.trained();
    place.write(
        "new.csv",
        "when,text,label,note\n01,refund my money,NA,\"a, b\"\n02,,x,\n03,thank you,null,end\n",
    );
    let ran = place.run("classify run new.csv --text-column text --out labelled.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let written = fs::read_to_string(place.path("labelled.csv")).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "when,text,label,note,predicted label,score");
    assert!(
        lines[1].starts_with("01,refund my money,NA,\"a, b\","),
        "{written}"
    );
    assert_eq!(lines[2], "02,,x,,,", "a row without text gets no label");
    assert!(lines[3].starts_with("03,thank you,null,end,"), "{written}");

    let ran = place.run("classify run new.csv --text-column text --out new.csv");
    assert_eq!(ran.code, Some(1), "the person's file is never replaced");
}

/// 96 texts with any number of three labels.
fn tickets_csv() -> String {
    let rows = [
        ("please refund my money", "billing"),
        (
            "the app does not start, refund my money",
            "billing|technical",
        ),
        (
            "the app does not start on my laptop, quick help please",
            "technical|urgent",
        ),
        ("quick help please", "urgent"),
    ];
    let row = |i: usize| format!("\"{}, number {i}\",{}\n", rows[i % 4].0, rows[i % 4].1);
    format!("text,tags\n{}", (0..96).map(row).collect::<String>())
}

#[test]
fn several_labels_are_trained_judged_and_given() {
    let place = Place::new();
    place.write("tickets.csv", tickets_csv());
    place.write(
        "quick.json",
        r#"{"minSteps": 1, "validationsPerEpoch": 1, "classWeights": "balanced"}"#,
    );
    let train = "train tickets.csv --recipe quick.json --epochs 2 --device cpu --out run --json";
    let ran = place.run(train);
    let report = ran.json();
    assert!(
        ran.stderr.contains("with \"|\" between them"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        report["labels"],
        serde_json::json!(["billing", "technical", "urgent"])
    );
    assert_eq!(report["scores"]["confusion"], serde_json::json!([]));
    let several = &report["multiLabel"];
    assert!(several["scores"]["microF1"].is_number(), "{report}");
    assert!(several["wordCountMicroF1"].is_number(), "{report}");
    assert_eq!(several["scores"]["outcomes"].as_array().unwrap().len(), 3);

    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(place.path(name)).unwrap()).unwrap()
    };
    let config = read("run/model/config.json");
    assert_eq!(config["problem_type"], "multi_label_classification");
    assert_eq!(config["id2label"]["2"], "urgent");
    let facts = read("run/model/embert.json");
    assert_eq!(facts["thresholds"].as_array().unwrap().len(), 3);
    assert_eq!(facts["recipe"]["bestBy"], "microF1");
    let page = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(
        page.contains("micro-F1") && page.contains("Rightly given"),
        "{page}"
    );

    // The model folder says everything that is needed to judge and to classify.
    let judged = place.run("evaluate run tickets.csv --json").json();
    assert_eq!(judged["scores"]["nExamples"], 96);
    assert_eq!(judged["multiLabel"]["thresholds"], several["thresholds"]);

    let json = place
        .run_words(&["classify", "run", "--text", "refund my money", "--json"])
        .json();
    let prediction = &json["predictions"][0];
    let (scores, given) = (
        &prediction["scores"],
        prediction["labels"].as_array().unwrap(),
    );
    for (label, threshold) in ["billing", "technical", "urgent"]
        .iter()
        .zip(facts["thresholds"].as_array().unwrap())
    {
        let is_given = given.iter().any(|name| name == label);
        let reaches = scores[label].as_f64().unwrap() >= threshold.as_f64().unwrap() - 1e-6;
        assert_eq!(is_given, reaches, "{label} of {prediction}");
    }
    let ran = place.run("classify run tickets.csv --out labelled.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let written = fs::read_to_string(place.path("labelled.csv")).unwrap();
    assert!(written.starts_with("text,tags,label,score\n"), "{written}");
}

#[test]
fn the_same_seed_gives_the_same_report_of_several_labels() {
    let place = Place::new();
    place.write("tickets.csv", tickets_csv());
    place.write(
        "quick.json",
        r#"{"minSteps": 1, "validationsPerEpoch": 1, "loss": "focal"}"#,
    );
    let report = |out: &str| {
        let train = "train tickets.csv --recipe quick.json --epochs 1 --device cpu --json --out";
        let mut report = place.run(&format!("{train} {out}")).json();
        report["training"] = serde_json::Value::Null;
        report
    };
    assert_eq!(report("first"), report("second"));
}

#[test]
fn inspect_names_several_labels_and_what_is_left_out() {
    let place = Place::new();
    place.write(
        "toxic.csv",
        "id,text,toxic,insult,threat,lang\n1,you fool,1,1,0,en\n2,hello there,0,0,0,en\n3,get lost,1,0,1,en\n",
    );
    let inspection = place.run("inspect toxic.csv --json").json();
    let labels = serde_json::json!(["toxic", "insult", "threat"]);
    assert_eq!(inspection["mapping"]["task"], "multi");
    assert_eq!(inspection["mapping"]["labels"], labels);
    assert_eq!(
        inspection["labels"][0],
        serde_json::json!({"label": "toxic", "nExamples": 2})
    );
    assert_eq!(inspection["ignored"].as_array().unwrap().len(), 2);
    let said = place.run("inspect toxic.csv --labels insult,toxic");
    assert!(
        said.stdout.contains("columns insult, toxic"),
        "{}",
        said.stdout
    );
}

#[test]
fn training_compares_with_word_counts_and_leaves_a_page_with_figures() {
    let place = Place::new();
    place.write_desk();
    let line = "train desk.csv --recipe quick.json --epochs 1 --device cpu --out run";
    let ran = place.run(line);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("Counting words would be right on 100.0 %."),
        "three kinds of sentences are told apart by their words: {}",
        ran.stdout
    );
    assert!(ran.stdout.contains("McNemar"), "{}", ran.stdout);
    assert_eq!(
        place.names("run/figures"),
        ["confusion.svg", "labels.svg", "training.svg"]
    );
    let page = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(page.contains("<h1>desk</h1>"), "{page}");

    let text = fs::read_to_string(place.path("run/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let n_right = report["right"].as_array().unwrap().len() as u64;
    let n_wrong = report["mistakes"].as_array().unwrap().len() as u64;
    assert_eq!(report["nTest"], n_right + n_wrong, "all texts are kept");
    assert!(report["training"]["wordCountSeconds"].is_number());
    assert_eq!(report["wordCount"]["nTrain"], report["nTrain"]);
}

#[test]
fn evaluate_writes_a_page_where_it_is_asked_to() {
    let place = Place::new();
    place.trained();
    let ran = place.run("evaluate run desk.csv --html pages/checked.html");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page = fs::read_to_string(place.path("pages/checked.html")).unwrap();
    assert!(page.contains("<h1>desk</h1>"), "{page}");
    assert!(
        !page.contains("Counting words"),
        "it is not known what the model learned from"
    );

    let ran = place.run("evaluate run desk.csv --html run");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("The page run can't be written"),
        "{}",
        ran.stderr
    );
}

#[test]
fn devices_names_the_cpu_and_the_reason() {
    let place = Place::new();
    let ran = place.run("devices");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("cpu"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Training uses"), "{}", ran.stdout);
    let json = place.run("devices --json").json();
    assert_eq!(json["devices"][0]["id"], "cpu");
    assert!(json["reason"].is_string());
    assert!(json["why"]["code"].is_string());
}

#[test]
fn devices_are_measured_and_it_is_remembered() {
    let place = Place::new();
    let json = place.run("devices --measure --json").json();
    let found = &json["devices"][0]["measurement"];
    assert!(found["examplesPerSecond"].as_f64().unwrap() > 0.0, "{json}");
    assert!(
        found["peakMemoryBytes"].as_u64().unwrap() > 1_000_000,
        "{json}"
    );
    let again = place.run("devices --json").json();
    assert_eq!(&again["devices"][0]["measurement"], found);
    let ran = place.run("devices");
    assert!(
        ran.stdout.contains("texts of 32 tokens per second"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_model_in_a_folder_that_the_catalogue_does_not_know_is_listed_too() {
    let place = Place::new();
    fs::rename(
        place.path("models/minilm-l6"),
        place.path("models/owner--own"),
    )
    .unwrap();
    let json = place.run("models list --json").json();
    let models = json["models"].as_array().unwrap();
    let own = models.last().unwrap();
    assert_eq!(own["name"], "owner/own");
    assert_eq!(own["inCatalogue"], false);
    place.write_desk();
    let ran = place.run(
        "train desk.csv --recipe quick.json --epochs 1 --device cpu --base-model owner/own --out run",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn models_lists_the_starter_model_and_verifies_it() {
    let place = Place::new();
    let ran = place.run("models");
    assert!(ran.stdout.contains("minilm-l6"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Apache-2.0"), "{}", ran.stdout);
    let json = place.run("models list --json").json();
    assert_eq!(
        json["models"][1]["repository"],
        "sentence-transformers/all-MiniLM-L6-v2"
    );
    assert!(json["models"][1]["folder"].is_string());
    assert!(json["models"][0].get("folder").is_none());

    let ran = place.run("models verify minilm-l6");
    assert_eq!(
        ran.code,
        Some(1),
        "the tiny model of this test is not the starter model"
    );
    assert!(
        ran.stderr
            .contains("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        "{}",
        ran.stderr
    );
    let ran = place.run("models verify no-such-model");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("no-such-model"), "{}", ran.stderr);
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    let place = Place::new();
    for line in [
        "train",
        "classify run",
        "frobnicate",
        "train desk.csv --epochs many",
        "models download",
    ] {
        let ran = place.run(line);
        assert_eq!(ran.code, Some(2), "{line}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{line}");
    }
    assert_eq!(place.run("--help").code, Some(0));
    assert!(place.run("--version").stdout.starts_with("embert "));
}
