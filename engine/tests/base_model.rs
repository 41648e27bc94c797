//! Base models are found, refused with a reason, and downloaded from a hub that runs on this machine.

#![allow(clippy::unwrap_used)]
#![cfg(feature = "download")]

#[path = "base_model/loopback_hub.rs"]
mod loopback_hub;

use std::fs;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use embert_engine::base_model::{self, BaseModel, BaseModelError, Hub, Source};
use loopback_hub::{Faults, LoopbackHub};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const BERT: &str = r#"{"architectures":["BertModel"],"model_type":"bert","hidden_size":8}"#;

/// A folder with the named files.
fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn complete_model(config: &str) -> TempDir {
    folder_with(&[
        ("config.json", config),
        ("model.safetensors", "weights"),
        ("tokenizer.json", "{}"),
    ])
}

/// The little model that the loopback hub has.
fn entry(weights: &[u8]) -> Source {
    let hash: String = Sha256::digest(weights)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Source {
        name: "tiny".to_owned(),
        repository: "owner/tiny".to_owned(),
        revision: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        files: ["config.json", "tokenizer.json"]
            .map(str::to_owned)
            .to_vec(),
        welcome: Vec::new(),
        weights_sha256: Some(hash),
        total_bytes: None,
        notice: Some("Made by a test.\n".to_owned()),
    }
}

fn hub_of(server: &LoopbackHub, home: &Path) -> Hub {
    Hub::new(Some(server.endpoint()), Some(home.to_path_buf()))
}

fn never_stops(_: &base_model::DownloadProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_folder_is_opened_as_it_is() {
    let folder = complete_model(BERT);
    let model = base_model::find(folder.path().to_str().unwrap(), &[]).unwrap();
    assert_eq!(model.folder, folder.path());
    assert_eq!(model.config["hidden_size"], 8);
}

#[test]
fn a_name_is_found_in_the_first_models_folder_that_has_it() {
    let empty = tempfile::tempdir().unwrap();
    let models = tempfile::tempdir().unwrap();
    let folder = models.path().join("minilm-l6");
    fs::rename(complete_model(BERT).keep(), &folder).unwrap();
    let folders = [empty.path().to_path_buf(), models.path().to_path_buf()];

    for name in [
        "minilm-l6",
        "MiniLM-L6",
        "sentence-transformers/all-MiniLM-L6-v2",
    ] {
        let model = base_model::find(name, &folders).unwrap();
        assert_eq!(
            (model.name.as_str(), &model.folder),
            ("minilm-l6", &folder),
            "{name}"
        );
    }
}

#[test]
fn a_model_that_is_not_there_says_how_to_get_it() {
    let error = base_model::find("minilm-l6", &[PathBuf::from("models")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "There is no base model \"minilm-l6\" (not a folder, and not in models)"
    );
    let hint = error.hint().unwrap();
    assert!(hint.contains("embert models download minilm-l6"), "{hint}");
    assert!(hint.contains("cargo xtask model"), "{hint}");
    assert_eq!(error.code(), "baseModel.notFound");
}

#[test]
fn a_name_does_not_lead_out_of_the_models_folder() {
    let models = tempfile::tempdir().unwrap();
    let inner = models.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::rename(complete_model(BERT).keep(), models.path().join("outside")).unwrap();
    let error = base_model::find("../outside", &[inner]).unwrap_err();
    assert!(matches!(error, BaseModelError::NotFound { .. }), "{error}");
}

#[test]
fn folders_that_can_not_be_used_are_refused_with_the_reason() {
    let check = |files: &[(&str, &str)], code: &str, parts: &[&str]| {
        let folder = folder_with(files);
        let error = BaseModel::open(folder.path()).unwrap_err();
        let message = error.to_string();
        assert_eq!(error.code(), code, "{message}");
        for part in parts {
            assert!(message.contains(part), "{message} lacks {part}");
        }
        assert!(
            error.hint().is_some_and(|hint| hint.ends_with('.')),
            "{message}"
        );
    };
    let weights = ("model.safetensors", "");
    let tokenizer = ("tokenizer.json", "{}");
    check(&[], "baseModel.incomplete", &["config.json"]);
    check(
        &[("config.json", BERT), tokenizer],
        "baseModel.incomplete",
        &["model.safetensors"],
    );
    check(
        &[("config.json", BERT), weights],
        "baseModel.incomplete",
        &["tokenizer.json"],
    );
    check(
        &[("config.json", BERT), tokenizer, ("pytorch_model.bin", "")],
        "baseModel.pickle",
        &["pytorch_model.bin", "pickle"],
    );
    check(
        &[("config.json", "{"), weights, tokenizer],
        "baseModel.config",
        &["config.json", "line 1"],
    );
    check(
        &[
            (
                "config.json",
                r#"{"architectures":["RobertaModel"],"model_type":"roberta"}"#,
            ),
            weights,
            tokenizer,
        ],
        "baseModel.notBert",
        &["roberta", "RobertaModel"],
    );
    check(
        &[("config.json", "{}"), weights, tokenizer],
        "baseModel.notBert",
        &["unknown"],
    );
    check(
        &[("config.json", "[1]"), weights, tokenizer],
        "baseModel.notBert",
        &["unknown"],
    );
}

#[test]
fn verification_compares_the_weights_with_the_catalogue() {
    let own = complete_model(BERT);
    let verification = base_model::verify(&BaseModel::open(own.path()).unwrap()).unwrap();
    assert!(!verification.in_catalogue);
    assert_eq!(
        verification.sha256,
        "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"
    );

    let models = tempfile::tempdir().unwrap();
    fs::rename(complete_model(BERT).keep(), models.path().join("minilm-l6")).unwrap();
    let model = base_model::find("minilm-l6", &[models.path().to_path_buf()]).unwrap();
    let error = base_model::verify(&model).unwrap_err();
    assert_eq!(error.code(), "baseModel.hash");
    assert!(
        error
            .to_string()
            .contains(base_model::starter().weights_sha256.as_deref().unwrap()),
        "{error}"
    );
}

#[test]
fn a_download_ends_with_a_complete_model_folder() {
    let weights = vec![7_u8; 300_000];
    let server = LoopbackHub::start(&[
        ("config.json", BERT.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", &weights),
    ]);
    let place = tempfile::tempdir().unwrap();
    let (into, home) = (place.path().join("models/tiny"), place.path().join("home"));
    let entry = entry(&weights);

    let mut seen = Vec::new();
    let model = base_model::download(&entry, &into, &hub_of(&server, &home), &mut |progress| {
        seen.push(progress.clone());
        ControlFlow::Continue(())
    });

    assert_eq!(model.unwrap().unwrap().folder, into);
    assert_eq!(
        names_in(&into),
        [
            "LICENSE",
            "NOTICE",
            "config.json",
            "model.safetensors",
            "tokenizer.json"
        ]
    );
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
    assert!(
        fs::read_to_string(into.join("LICENSE"))
            .unwrap()
            .contains("Apache License")
    );
    assert_eq!(
        fs::read_to_string(into.join("NOTICE")).unwrap(),
        "Made by a test.\n"
    );
    assert_eq!(
        names_in(&place.path().join("models")),
        ["tiny"],
        "nothing else stays"
    );
    let last = seen
        .iter()
        .rfind(|progress| progress.file == "model.safetensors")
        .unwrap();
    let small = (BERT.len() + "{}".len()) as u64;
    assert_eq!(
        (last.done_bytes, last.total_bytes),
        (300_000 + small, 300_000 + small),
        "all files together are counted"
    );

    let n_requests = server.n_requests();
    base_model::download(&entry, &into, &hub_of(&server, &home), &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(
        server.n_requests(),
        n_requests,
        "a model that is there is not fetched again"
    );

    fs::remove_dir_all(&into).unwrap();
    base_model::download(&entry, &into, &hub_of(&server, &home), &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(
        server.n_requests(),
        n_requests,
        "the cache below HF_HOME is used"
    );
}

#[test]
fn weights_with_another_hash_are_refused_and_not_kept() {
    let server = LoopbackHub::start(&[
        ("config.json", BERT.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", b"other"),
    ]);
    let place = tempfile::tempdir().unwrap();
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));

    for attempt in 1..=2 {
        let n_before = server.n_requests();
        let error =
            base_model::download(&entry(b"weights"), &into, &hub, &mut never_stops).unwrap_err();
        assert_eq!(error.code(), "baseModel.hash", "{error}");
        assert!(
            server.n_requests() > n_before,
            "attempt {attempt} asks the hub, not the refused copy"
        );
    }
    assert_eq!(names_in(&place.path().join("models")), Vec::<String>::new());
}

#[test]
fn a_folder_with_something_else_is_not_overwritten() {
    let server = LoopbackHub::start(&[]);
    let own = folder_with(&[("diary.txt", "dear diary")]);
    let hub = hub_of(&server, own.path());
    let error =
        base_model::download(&entry(b"weights"), own.path(), &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.occupied", "{error}");
    assert_eq!(names_in(own.path()), ["diary.txt"]);
    assert_eq!(server.n_requests(), 0);
}

#[test]
fn a_file_that_the_hub_does_not_have_is_named() {
    let server = LoopbackHub::start(&[("config.json", BERT.as_bytes())]);
    let place = tempfile::tempdir().unwrap();
    let hub = hub_of(&server, &place.path().join("home"));
    let error = base_model::download(
        &entry(b"w"),
        &place.path().join("tiny"),
        &hub,
        &mut never_stops,
    )
    .unwrap_err();
    assert_eq!(error.code(), "baseModel.hubRefused", "{error}");
    assert!(
        error
            .to_string()
            .contains("tokenizer.json of owner/tiny: status 404"),
        "{error}"
    );
}

#[test]
fn a_hub_that_is_not_there_or_silent_ends_in_an_error_soon() {
    let check = |hub: &Hub, part: &str| {
        let place = tempfile::tempdir().unwrap();
        let begin = Instant::now();
        let error = base_model::download(
            &entry(b"w"),
            &place.path().join("tiny"),
            hub,
            &mut never_stops,
        )
        .unwrap_err();
        assert_eq!(error.code(), "baseModel.hubUnreachable", "{error}");
        assert!(error.to_string().contains(&hub.endpoint), "{error}");
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.hint().unwrap().contains("HF_ENDPOINT"));
        assert!(
            begin.elapsed() < Duration::from_secs(8),
            "it took {:?}",
            begin.elapsed()
        );
        assert_eq!(names_in(place.path()), Vec::<String>::new());
    };
    let home = tempfile::tempdir().unwrap();
    let free_port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    check(
        &Hub::new(
            Some(format!("http://{free_port}")),
            Some(home.path().to_path_buf()),
        ),
        "",
    );

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut hub = Hub::new(
        Some(format!("http://{}", silent.local_addr().unwrap())),
        Some(home.path().to_path_buf()),
    );
    hub.answer_limit = Duration::from_millis(500);
    check(&hub, "no answer within 0.5 seconds");
}

#[test]
fn the_observer_can_end_a_download() {
    let weights = vec![1_u8; 100_000];
    let server = LoopbackHub::start(&[
        ("config.json", BERT.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", &weights),
    ]);
    let place = tempfile::tempdir().unwrap();
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));
    let outcome = base_model::download(&entry(&weights), &into, &hub, &mut |progress| {
        if progress.file == "model.safetensors" {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(outcome.unwrap().is_none());
    assert_eq!(names_in(&place.path().join("models")), Vec::<String>::new());
}

#[test]
fn the_public_hub_is_used_when_nothing_else_is_named() {
    for endpoint in [None, Some(String::new())] {
        assert_eq!(
            Hub::new(endpoint, Some(PathBuf::from("home"))).endpoint,
            "https://huggingface.co"
        );
    }
    let hub = Hub::new(
        Some("https://mirror.example/".to_owned()),
        Some(PathBuf::from("home")),
    );
    assert_eq!(hub.endpoint, "https://mirror.example");
    assert_eq!(hub.cache, Path::new("home").join("hub"));
}

/// A hub with the little model and `faults`, and a place to put it.
fn faulty(weights: &[u8], faults: Faults) -> (LoopbackHub, TempDir) {
    let files: &[(&str, &[u8])] = &[
        ("config.json", BERT.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", weights),
    ];
    let server = LoopbackHub::with_faults(files, faults);
    (server, tempfile::tempdir().unwrap())
}

/// A model by its name on the hub, of which the catalogue knows nothing.
fn unknown() -> Source {
    Source::of("owner/tiny").unwrap()
}

#[test]
fn a_model_is_fetched_by_its_name_on_the_hub() {
    let weights = vec![3_u8; 50_000];
    let (server, place) = faulty(&weights, Faults::default());
    let into = place.path().join("models").join(unknown().name);
    let hub = hub_of(&server, &place.path().join("home"));
    base_model::download(&unknown(), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(
        names_in(&into),
        ["config.json", "model.safetensors", "tokenizer.json"],
        "what the hub lacks is left out"
    );
    let found = base_model::find("owner/tiny", &[place.path().join("models")]).unwrap();
    assert_eq!(found.folder, into);
}

#[test]
fn names_are_checked_before_anything_is_asked() {
    for name in [
        "nothing", "a/b/c", "../x", "owner/", "/etc", "own er/x", "./x",
    ] {
        let error = Source::of(name).unwrap_err();
        assert_eq!(error.code(), "baseModel.notInCatalogue", "{name}");
    }
}

#[test]
fn a_cut_connection_is_taken_up_where_it_broke() {
    let weights: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
    let faults = Faults {
        cut_after: 60_000,
        n_cuts: 1,
        ..Faults::default()
    };
    let (server, place) = faulty(&weights, faults);
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));
    base_model::download(&entry(&weights), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
    assert_eq!(server.weight_ranges(), [0, 60_000]);
}

#[test]
fn a_download_that_broke_off_goes_on_at_the_next_try() {
    let weights: Vec<u8> = (0..200_000_u32).map(|i| (i % 241) as u8).collect();
    // A download is tried four times as long as each try brings something.
    let faults = Faults {
        cut_after: 30_000,
        n_cuts: 4,
        ..Faults::default()
    };
    let (server, place) = faulty(&weights, faults);
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));
    let error = base_model::download(&entry(&weights), &into, &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.hubUnreachable", "{error}");
    assert_eq!(names_in(&place.path().join("models")), Vec::<String>::new());
    base_model::download(&entry(&weights), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
    assert_eq!(server.weight_ranges(), [0, 30_000, 60_000, 90_000, 120_000]);
}

#[test]
fn a_part_that_is_whole_but_was_given_up_is_fetched_again() {
    let weights = vec![4_u8; 100_000];
    let (server, place) = faulty(&weights, Faults::default());
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));
    let blobs = hub.cache.join("models--owner--tiny/blobs");
    fs::create_dir_all(&blobs).unwrap();
    // Another program was ended between the last byte and the new name.
    let name = entry(&weights).weights_sha256.unwrap();
    fs::write(blobs.join(format!("{name}.part")), &weights).unwrap();
    base_model::download(&entry(&weights), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
}

#[test]
fn a_slow_hub_is_waited_for_and_can_be_left() {
    let weights = vec![5_u8; 100_000];
    let faults = Faults {
        drip: true,
        ..Faults::default()
    };
    let (server, place) = faulty(&weights, faults);
    let into = place.path().join("models/tiny");
    let hub = hub_of(&server, &place.path().join("home"));
    let mut last = 0;
    let outcome = base_model::download(&entry(&weights), &into, &hub, &mut |progress| {
        assert!(progress.done_bytes >= last, "progress never goes back");
        last = progress.done_bytes;
        if last > 40_000 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(outcome.unwrap().is_none());
    base_model::download(&entry(&weights), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
}

#[test]
fn a_part_that_is_longer_than_the_file_is_thrown_away() {
    let weights = vec![9_u8; 10_000];
    let (server, place) = faulty(&weights, Faults::default());
    let home = place.path().join("home");
    let blobs = home.join("hub/models--owner--tiny/blobs");
    fs::create_dir_all(&blobs).unwrap();
    let hash = entry(&weights).weights_sha256.unwrap();
    fs::write(blobs.join(format!("{hash}.part")), vec![0; 20_000]).unwrap();
    let into = place.path().join("models/tiny");
    base_model::download(
        &entry(&weights),
        &into,
        &hub_of(&server, &home),
        &mut never_stops,
    )
    .unwrap()
    .unwrap();
    assert_eq!(fs::read(into.join("model.safetensors")).unwrap(), weights);
}

#[test]
fn without_a_hash_of_our_own_the_one_of_the_hub_decides() {
    let faults = Faults {
        wrong_hash: true,
        ..Faults::default()
    };
    let (server, place) = faulty(b"weights", faults);
    let hub = hub_of(&server, &place.path().join("home"));
    let into = place.path().join("models/owner--tiny");
    let error = base_model::download(&unknown(), &into, &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.hash", "{error}");
    assert!(error.hint().unwrap().contains("owner/tiny"));
    assert!(!into.exists());
}

#[test]
fn a_hub_that_refuses_says_what_can_be_done() {
    let check = |faults: Faults, code: &str, part: &str| {
        let (server, place) = faulty(b"weights", faults);
        let hub = hub_of(&server, &place.path().join("home"));
        let into = place.path().join("models/tiny");
        let error =
            base_model::download(&entry(b"weights"), &into, &hub, &mut never_stops).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.hint().unwrap().contains(part), "{:?}", error.hint());
        assert_eq!(names_in(&place.path().join("models")), Vec::<String>::new());
    };
    let status = |status: u16| Faults {
        status: Some(status),
        ..Faults::default()
    };
    check(status(401), "baseModel.hubDenied", "HF_TOKEN");
    check(status(403), "baseModel.hubDenied", "terms");
    check(status(404), "baseModel.hubRefused", "name of the model");
    check(status(429), "baseModel.hubBusy", "few minutes");
    check(status(500), "baseModel.hubBusy", "few minutes");
}

#[test]
fn a_token_opens_a_model_that_is_not_for_everybody() {
    let faults = Faults {
        token: Some("hf_secret"),
        ..Faults::default()
    };
    let (server, place) = faulty(b"weights", faults);
    let home = place.path().join("home");
    let into = place.path().join("models/tiny");
    let hub = Hub {
        token: Some("hf_secret".to_owned()),
        ..hub_of(&server, &home)
    };
    base_model::download(&entry(b"weights"), &into, &hub, &mut never_stops)
        .unwrap()
        .unwrap();

    // Without one of its own, the token that Hugging Face's tools keep is used.
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("token"), "hf_secret\n").unwrap();
    let into = other.path().join("models/tiny");
    base_model::download(
        &entry(b"weights"),
        &into,
        &hub_of(&server, other.path()),
        &mut never_stops,
    )
    .unwrap()
    .unwrap();
}

#[test]
fn a_model_with_only_a_pickle_is_refused_with_a_way_out() {
    let server = LoopbackHub::start(&[
        ("config.json", BERT.as_bytes()),
        ("tokenizer.json", b"{}"),
        ("pytorch_model.bin", b"pickle"),
    ]);
    let place = tempfile::tempdir().unwrap();
    let hub = hub_of(&server, &place.path().join("home"));
    let into = place.path().join("models/tiny");
    let error = base_model::download(&unknown(), &into, &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.pickle", "{error}");
    assert!(error.to_string().contains("pytorch_model.bin"), "{error}");
    assert!(error.hint().unwrap().contains("model.safetensors"));
}

#[test]
fn a_model_of_another_family_is_refused_before_its_weights_are_fetched() {
    let server = LoopbackHub::start(&[
        (
            "config.json",
            br#"{"architectures":["RobertaModel"],"model_type":"roberta"}"#,
        ),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", b"weights"),
    ]);
    let place = tempfile::tempdir().unwrap();
    let hub = hub_of(&server, &place.path().join("home"));
    let into = place.path().join("models/tiny");
    let error = base_model::download(&unknown(), &into, &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.notBert", "{error}");
    assert_eq!(server.weight_ranges(), Vec::<usize>::new());
}

#[test]
fn a_disk_without_room_is_told_before_anything_is_fetched() {
    let (server, place) = faulty(b"weights", Faults::default());
    let hub = hub_of(&server, &place.path().join("home"));
    let into = place.path().join("models/tiny");
    let huge = Source {
        total_bytes: Some(1 << 60),
        ..entry(b"weights")
    };
    let error = base_model::download(&huge, &into, &hub, &mut never_stops).unwrap_err();
    assert_eq!(error.code(), "baseModel.diskFull", "{error}");
    assert_eq!(server.n_requests(), 0);
}
