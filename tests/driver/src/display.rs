//! A display that nobody sees.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::failure::DriverError;

const SERVER: &str = "Xvfb";

/// A virtual display of its own, so that windows, pointer and keyboard of one run don't meet those of another.
/// It ends when it is dropped.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display of `width` times `height` pixels.
    ///
    /// # Errors
    /// `Xvfb` can't be started or finds no free number.
    pub fn start(width: u32, height: u32) -> Result<Display, DriverError> {
        let mut server = Command::new(SERVER)
            // It chooses a free number and prints it when it is ready.
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| DriverError::Start {
                program: SERVER,
                source,
            })?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            let _ = BufReader::new(stdout).read_line(&mut number);
        }
        let number = number.trim();
        if number.is_empty() {
            let _ = server.kill();
            let _ = server.wait();
            return Err(DriverError::Program {
                program: SERVER,
                said: "it ended without the number of a display".to_owned(),
            });
        }
        let name = format!(":{number}");
        Ok(Display { server, name })
    }

    /// What `DISPLAY` must be for a program to appear on it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `program`, to be started on this display and no other.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.name)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XAUTHORITY");
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
