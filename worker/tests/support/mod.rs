//! A place for one test: a folder with a tiny base model and files of texts, and the real program to run there.

// Each test file uses its own part of this module.
#![allow(dead_code)]

mod tiny_bert;
pub(crate) mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder for one test.
pub(crate) struct Place {
    folder: TempDir,
}

/// What the program did.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// Makes the folder, with a tiny BERT in the place of the starter model.
    pub(crate) fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        tiny_bert::write(&place.path("models/minilm-l6"));
        place
    }

    /// The path of something in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Writes the file of support-desk texts that most tests use, and a recipe that trains on it in a moment.
    pub(crate) fn write_desk(&self) {
        self.write("desk.csv", desk_csv());
        self.write("quick.json", r#"{"minSteps": 1, "validationsPerEpoch": 1}"#);
    }

    /// Names in a folder, sorted; none if it is not there.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.path(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program, ready to run in the folder, and blind for what is installed on this computer.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_embert"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("EMBERT_MODELS", self.path("models"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HF_HOME", self.path("hf"))
            .env("HF_ENDPOINT", "http://127.0.0.1:9");
        command
    }

    /// Runs the program with the words of a line (no word may have a space).
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_words(&line.split(' ').collect::<Vec<_>>())
    }

    /// Runs the program with words.
    pub(crate) fn run_words(&self, words: &[&str]) -> Ran {
        Ran::of(&self.command(words).output().unwrap())
    }

    /// Trains on the desk file in a moment, and returns the model folder.
    pub(crate) fn trained(&self) -> PathBuf {
        self.write_desk();
        let ran = self.run("train desk.csv --recipe quick.json --epochs 2 --device cpu --out run");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        self.path("run/model")
    }
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let ran = Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }

    /// Stdout as JSON, after checking that the program succeeded.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {}", self.stdout))
    }
}

/// 96 texts with three labels, with quotes and line breaks in some of them.
pub(crate) fn desk_csv() -> String {
    let mut csv = "id,text,label\n".to_owned();
    for number in 0..32 {
        csv += &format!("{number}a,\"please refund my money, order {number}\",billing\n");
        csv += &format!("{number}b,the app does not start on laptop {number},technical\n");
        csv += &format!("{number}c,\"thank you\nfor the quick help number {number}\",praise\n");
    }
    csv
}

/// Path as the program prints it.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
