//! The app in a real window on a display of its own, for tests: whatever goes wrong ends the test with a sentence.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use embert_driver::{Dialog, Display, Drag, DriverError, PATIENCE};
use serde_json::{Value, json};

/// How long a short training may take on a busy machine.
const TRAINING_PATIENCE: Duration = Duration::from_secs(300);

/// Width and height of the display. The app's window lies at the upper left and leaves room beside it.
const DISPLAY: (u32, u32) = (1440, 900);
/// A place beside the app's window.
const BESIDE: (i32, i32) = (1300, 100);
/// A place on the app's window.
const ON_THE_APP: (i32, i32) = (600, 450);

/// The app in a real window. It and its display end when it is dropped.
pub(crate) struct Session {
    driven: embert_driver::Session,
    display: Display,
    /// The app's home folder, so that no test reads or writes the person's own.
    _home: tempfile::TempDir,
}

impl Session {
    /// Starts `app` with `environment` on top of an empty home folder and a valid language.
    pub(crate) fn open(app: &Path, environment: &[(&str, &str)]) -> Session {
        let home = tempfile::tempdir().expect("a folder for the app's home");
        let display = done(Display::start(DISPLAY.0, DISPLAY.1));
        let driven = done(embert_driver::Session::open(
            app,
            &display,
            home.path(),
            environment,
        ));
        Session {
            driven,
            display,
            _home: home,
        }
    }

    /// Waits until an element that matches `selector` has a text, and returns it.
    pub(crate) fn wait_for_text(&self, selector: &str) -> String {
        done(self.driven.wait_for_text(selector))
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub(crate) fn execute(&self, script: &str) -> Value {
        done(self.driven.execute(script))
    }

    /// Waits until `script` returns something other than nothing, false and 0, and returns it.
    pub(crate) fn wait_for(&self, script: &str) -> Value {
        done(self.driven.wait_for(script, PATIENCE))
    }

    /// As [`Session::wait_for`], for what comes at the end of a short training.
    pub(crate) fn wait_for_training(&self, script: &str) -> Value {
        done(self.driven.wait_for(script, TRAINING_PATIENCE))
    }

    /// Waits until the page says `words` somewhere.
    pub(crate) fn wait_for_words(&self, words: &str) {
        self.wait_for(&format!(
            "return document.body.innerText.includes({})",
            json!(words)
        ));
    }

    /// Waits until a button begins with `words` and can be pressed, and presses it.
    pub(crate) fn press(&self, words: &str) {
        done(self.driven.press(words));
    }

    /// As [`Session::press`], in the question that is open.
    pub(crate) fn press_in_question(&self, words: &str) {
        done(self.driven.press_in_question(words));
    }

    /// Chooses a role in the head of a column.
    pub(crate) fn set_role(&self, column: &str, role: &str) {
        done(
            self.driven
                .choose(&format!("What the column {column} is"), role),
        );
    }

    /// Goes to a step of the project.
    pub(crate) fn go_to(&self, step: &str) {
        done(self.driven.go_to(step));
    }

    /// Types into a field, key by key.
    pub(crate) fn type_into(&self, selector: &str, words: &str) {
        done(self.driven.type_into(selector, words));
    }

    /// Calls a command of the shell as the page does, and waits until it is done.
    pub(crate) fn invoke(&self, command: &str, arguments: &Value) -> Value {
        done(self.driven.invoke(command, arguments))
    }

    /// Leaves pictures of the page in both themes in `target/screens`.
    pub(crate) fn pictures(&self, name: &str) {
        done(self.driven.pictures(&screens(), name));
    }

    /// Leaves a picture of the page as it is in `target/screens`.
    pub(crate) fn picture(&self, name: &str) {
        done(self.driven.picture(&screens().join(format!("{name}.png"))));
    }

    /// Takes a file from another program's window and holds it over the app's.
    pub(crate) fn drag_over(&self, file: &Path) -> Drag<'_> {
        let drag = done(Drag::take(&self.display, file, BESIDE));
        for part in 1..=8 {
            let between = |from: i32, to: i32| from + (to - from) * part / 8;
            let place = (
                between(BESIDE.0, ON_THE_APP.0),
                between(BESIDE.1, ON_THE_APP.1),
            );
            done(drag.move_to(place));
        }
        drag
    }

    /// Answers the system's dialog with this title.
    pub(crate) fn answer_dialog(&self, title: &str, path: &Path) {
        done(Dialog::wait_for(&self.display, title).and_then(|dialog| dialog.answer(path)));
    }

    /// Presses the cross in the corner of the window.
    pub(crate) fn close_window(&self) {
        done(embert_driver::close_window(&self.display, "Embert"));
    }

    /// Waits until the window is gone.
    pub(crate) fn wait_until_closed(&self) {
        let started = Instant::now();
        while self.driven.is_open() {
            assert!(
                started.elapsed() < TRAINING_PATIENCE,
                "the window is still there"
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Fails if an error reached the banner above the page.
    pub(crate) fn assert_no_error_banner(&self) {
        assert_eq!(done(self.driven.error_banner()), None, "no error banner");
    }
}

/// The folder for pictures of the screens, inside cargo's target folder.
pub(crate) fn screens() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens")
}

fn done<T>(result: Result<T, DriverError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
