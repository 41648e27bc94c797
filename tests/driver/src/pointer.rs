//! Pointer, keyboard and the system's own windows, through `xdotool` and a few lines of Python with GTK and Xlib.
//!
//! There is no window manager on a virtual display: windows lie at the upper left, and none gets the keyboard by
//! itself.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::display::Display;
use crate::failure::DriverError;
use crate::session::PATIENCE;

const XDOTOOL: &str = "xdotool";
/// Debian's own Python, which sees Debian's GTK, whatever comes first on PATH.
const PYTHON: &str = "/usr/bin/python3";
const DRAG_SOURCE: &str = include_str!("drag_source.py");
const CLOSE_WINDOW: &str = include_str!("close_window.py");

/// What GTK needs to notice a movement before the next one.
const BETWEEN_MOVES: Duration = Duration::from_millis(60);

/// A file that hangs on the pointer, taken from another program's window.
pub struct Drag<'a> {
    display: &'a Display,
    source: Child,
}

impl<'a> Drag<'a> {
    /// Opens a small window at `at` that offers `file`, and takes the file from it.
    ///
    /// # Errors
    /// Python with GTK or xdotool can't be started.
    pub fn take(
        display: &'a Display,
        file: &Path,
        at: (i32, i32),
    ) -> Result<Drag<'a>, DriverError> {
        let mut source = display
            .command(PYTHON)
            .args(["-c", DRAG_SOURCE])
            .arg(file)
            .args([at.0.to_string(), at.1.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| DriverError::Start {
                program: PYTHON,
                source,
            })?;
        let mut said = String::new();
        if let Some(stdout) = source.stdout.take() {
            let _ = BufReader::new(stdout).read_line(&mut said);
        }
        let drag = Drag { display, source };
        if said.trim() != "ready" {
            return Err(DriverError::Program {
                program: PYTHON,
                said: "the window to drag from did not open".to_owned(),
            });
        }
        drag.move_to((at.0 + 20, at.1 + 20))?;
        xdotool(display, &["mousedown", "1"])?;
        // Beyond the distance that makes a drag of a click.
        drag.move_to((at.0 + 35, at.1 + 35))?;
        drag.move_to((at.0 + 50, at.1 + 50))?;
        Ok(drag)
    }

    /// Moves the pointer.
    ///
    /// # Errors
    /// xdotool fails.
    pub fn move_to(&self, place: (i32, i32)) -> Result<(), DriverError> {
        let (x, y) = (place.0.to_string(), place.1.to_string());
        xdotool(self.display, &["mousemove", &x, &y])?;
        sleep(BETWEEN_MOVES);
        Ok(())
    }

    /// Lets the file go.
    ///
    /// # Errors
    /// xdotool fails.
    pub fn drop_here(mut self) -> Result<(), DriverError> {
        xdotool(self.display, &["mouseup", "1"])?;
        // The window ends by itself when the file has been taken.
        let started = Instant::now();
        while matches!(self.source.try_wait(), Ok(None)) && started.elapsed() < PATIENCE {
            sleep(BETWEEN_MOVES);
        }
        Ok(())
    }
}

impl Drop for Drag<'_> {
    fn drop(&mut self) {
        let _ = self.source.kill();
        let _ = self.source.wait();
    }
}

/// A dialog of the system, such as the one that asks where a file goes.
pub struct Dialog<'a> {
    display: &'a Display,
    window: String,
}

impl<'a> Dialog<'a> {
    /// Waits for the dialog with this title and gives it the keyboard.
    ///
    /// # Errors
    /// It does not come.
    pub fn wait_for(display: &'a Display, title: &str) -> Result<Dialog<'a>, DriverError> {
        let window = wait_for_window(display, title)?;
        // It is drawn before it listens.
        sleep(Duration::from_millis(500));
        xdotool(display, &["windowfocus", &window])?;
        sleep(Duration::from_millis(200));
        Ok(Dialog { display, window })
    }

    /// Types a path in the place of what stands there, and confirms.
    ///
    /// # Errors
    /// xdotool fails.
    pub fn answer(&self, path: &Path) -> Result<(), DriverError> {
        let path = path.to_string_lossy();
        xdotool(self.display, &["key", "ctrl+a"])?;
        xdotool(self.display, &["type", "--delay", "5", &path])?;
        // The dialog looks up what was typed so far and would complete it.
        sleep(Duration::from_millis(500));
        xdotool(self.display, &["key", "Return"])
    }

    /// Closes it without an answer.
    ///
    /// # Errors
    /// xdotool fails.
    pub fn cancel(&self) -> Result<(), DriverError> {
        xdotool(self.display, &["windowfocus", &self.window])?;
        xdotool(self.display, &["key", "Escape"])
    }
}

/// Asks the window with this title to close, as the cross in its corner does.
///
/// # Errors
/// There is no such window, or Python can't be started.
pub fn close_window(display: &Display, title: &str) -> Result<(), DriverError> {
    let window = wait_for_window(display, title)?;
    let output = display
        .command(PYTHON)
        .args(["-c", CLOSE_WINDOW, &window])
        .output()
        .map_err(|source| DriverError::Start {
            program: PYTHON,
            source,
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(DriverError::Program {
        program: PYTHON,
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

/// The number of the window with exactly this title, once it is there.
fn wait_for_window(display: &Display, title: &str) -> Result<String, DriverError> {
    let started = Instant::now();
    let pattern = format!("^{title}$");
    loop {
        let output = display
            .command(XDOTOOL)
            .args(["search", "--onlyvisible", "--name", &pattern])
            .output()
            .map_err(|source| DriverError::Start {
                program: XDOTOOL,
                source,
            })?;
        let found = String::from_utf8_lossy(&output.stdout);
        if let Some(window) = found.lines().next() {
            return Ok(window.to_owned());
        }
        if started.elapsed() > PATIENCE {
            return Err(DriverError::Patience {
                what: format!("a window called \"{title}\""),
                waited: PATIENCE,
                page: String::new(),
            });
        }
        sleep(Duration::from_millis(100));
    }
}

fn xdotool(display: &Display, words: &[&str]) -> Result<(), DriverError> {
    let output = display
        .command(XDOTOOL)
        .args(words)
        .output()
        .map_err(|source| DriverError::Start {
            program: XDOTOOL,
            source,
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(DriverError::Program {
        program: XDOTOOL,
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
