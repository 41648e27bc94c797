//! The window whose speed is measured: its program and a home folder of its own, on a virtual display.

use std::fs;
use std::path::PathBuf;

use embert_driver::{Display, DriverError, Session};

use crate::failure::{Failure, file_failure};
use crate::packages::Group;
use crate::worker::{Profile, Programs};
use crate::{packages, place, screens, worker};

/// A window that is built and can be opened.
pub(crate) struct Window {
    app: PathBuf,
    home: PathBuf,
}

impl Window {
    /// Sets up what the window needs and builds it. Its home lies in the target folder below `home`.
    pub(crate) fn build(profile: Profile, home: &str) -> Result<Window, Failure> {
        packages::ensure(&[Group::Window, Group::VirtualDisplay])?;
        screens::install()?;
        screens::build()?;
        let programs = Programs {
            with_window: true,
            with_gpu: false,
        };
        let worker = worker::build_as(programs, profile)?;
        let name = format!("embert-desktop{}", std::env::consts::EXE_SUFFIX);
        let window = Window {
            app: worker.with_file_name(name),
            home: place::target().join(home),
        };
        window.make_home()?;
        Ok(window)
    }

    /// Takes away what an earlier start of the window left behind.
    pub(crate) fn forget_earlier_starts(&self) -> Result<(), Failure> {
        fs::remove_dir_all(&self.home).map_err(|error| file_failure(&self.home, &error))?;
        self.make_home()
    }

    /// A display with room for the window.
    pub(crate) fn display() -> Result<Display, DriverError> {
        Display::start(1280, 900)
    }

    /// Starts the window on `display`.
    pub(crate) fn open(
        &self,
        display: &Display,
        environment: &[(&str, &str)],
    ) -> Result<Session, DriverError> {
        Session::open(&self.app, display, &self.home, environment)
    }

    fn make_home(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.home).map_err(|error| file_failure(&self.home, &error))
    }
}
