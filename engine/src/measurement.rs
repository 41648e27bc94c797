//! How fast a device was, kept for the next time: in a short test training, and in the last real ones.
//!
//! Comes in: a [`Measurement`], or the speed of a run. Goes out: a file that whoever chooses a device or estimates a
//! time reads. One entry for each device and version of Embert, because another version may be faster.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::whole_file::{self, Readers, folder_of};

/// Name of the file.
const FILE: &str = "measurements.json";
/// Share of a new run's speed in what is kept: a few runs outweigh one that something disturbed.
const WEIGHT_OF_A_RUN: f64 = 0.5;

/// What a short test training found out about a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// Id of the device: `cpu`, `gpu0` …
    pub device: String,
    /// Its name.
    pub device_name: String,
    /// The software behind it.
    pub backend: String,
    /// Base model whose weights were trained, or what stood in for it.
    pub model: String,
    /// Parameters of its encoder layers.
    pub n_encoder_parameters: usize,
    /// Optimizer steps that were timed.
    pub n_steps: usize,
    /// Seconds that they took.
    pub seconds: f64,
    /// Tokens that were learned from in a second.
    pub tokens_per_second: f64,
    /// Texts that would be learned from in a second, if each had `example_tokens` tokens.
    pub examples_per_second: f64,
    /// Length of those texts in tokens, special tokens included.
    pub example_tokens: usize,
    /// Floating-point operations in a second, as [`crate::estimate`] counts them.
    pub flops_per_second: f64,
    /// Most memory that the test's process used; `None` where the system doesn't tell.
    pub peak_memory_bytes: Option<u64>,
    /// When, in seconds since 1970.
    pub measured_at: u64,
    /// Version of Embert.
    pub version: String,
    /// What real trainings on the device showed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub runs: Option<RunSpeed>,
}

/// The speed of real trainings on a device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunSpeed {
    /// Trainings that it comes from.
    pub n_runs: usize,
    /// Floating-point operations in a second, the last trainings counting most.
    pub flops_per_second: f64,
}

impl Measurement {
    /// Returns the best knowledge of the device's speed, in floating-point operations per second.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.runs
            .map_or(self.flops_per_second, |runs| runs.flops_per_second)
    }

    /// Takes the speed of a finished training in.
    pub fn learn(&mut self, flops_per_second: f64) {
        let before = self.runs;
        self.runs = Some(RunSpeed {
            n_runs: before.map_or(0, |runs| runs.n_runs) + 1,
            flops_per_second: before.map_or(flops_per_second, |runs| {
                (1.0 - WEIGHT_OF_A_RUN) * runs.flops_per_second + WEIGHT_OF_A_RUN * flops_per_second
            }),
        });
    }
}

/// The measurements in a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measurements {
    file: PathBuf,
    found: Vec<Measurement>,
}

impl Measurements {
    /// Reads the measurements that this version of Embert kept in `folder`. A file that is missing or damaged has none:
    /// a measurement can be made again.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).unwrap_or_default();
        let mut found: Vec<Measurement> = serde_json::from_str(&text).unwrap_or_default();
        found.retain(|measurement| measurement.version == env!("CARGO_PKG_VERSION"));
        Self { file, found }
    }

    /// Measurements that are kept nowhere.
    #[must_use]
    pub fn of(found: Vec<Measurement>) -> Self {
        Self {
            file: PathBuf::new(),
            found,
        }
    }

    /// Returns what is known about the device `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Measurement> {
        self.found
            .iter()
            .find(|measurement| measurement.device == id)
    }

    /// Puts a measurement in the place of the device's last one and writes the file under another name first.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn keep(&mut self, measurement: Measurement) -> io::Result<()> {
        self.found
            .retain(|other| other.device != measurement.device);
        self.found.push(measurement);
        fs::create_dir_all(folder_of(&self.file))?;
        let text = serde_json::to_vec_pretty(&self.found)?;
        whole_file::write(&self.file, Readers::Owner, |file| file.write_all(&text))
    }
}

/// A measurement for tests.
#[cfg(test)]
pub(crate) fn made_up(device: &str, examples_per_second: f64) -> Measurement {
    Measurement {
        device: device.to_owned(),
        device_name: device.to_owned(),
        backend: "test".to_owned(),
        model: "minilm-l6".to_owned(),
        n_encoder_parameters: 10_000_000,
        n_steps: 4,
        seconds: 2.0,
        tokens_per_second: examples_per_second * 32.0,
        examples_per_second,
        example_tokens: 32,
        flops_per_second: examples_per_second * 1e9,
        peak_memory_bytes: None,
        measured_at: 1_700_000_000,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        runs: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_last_measurement_of_each_device_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut measurements = Measurements::read(folder.path());
        measurements.keep(made_up("cpu", 50.0)).unwrap();
        measurements.keep(made_up("gpu0", 450.0)).unwrap();
        measurements.keep(made_up("cpu", 60.0)).unwrap();
        let again = Measurements::read(folder.path());
        assert_eq!(again, measurements);
        assert_eq!(again.get("cpu").unwrap().examples_per_second, 60.0);
        assert_eq!(again.get("gpu1"), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn another_version_and_a_damaged_file_are_no_measurement() {
        let folder = tempfile::tempdir().unwrap();
        let old = Measurement {
            version: "0.0.1".to_owned(),
            ..made_up("cpu", 50.0)
        };
        Measurements::read(folder.path()).keep(old).unwrap();
        assert_eq!(Measurements::read(folder.path()).get("cpu"), None);
        fs::write(folder.path().join(FILE), "[{").unwrap();
        assert_eq!(Measurements::read(folder.path()).get("cpu"), None);
    }

    #[test]
    fn runs_correct_the_speed_of_the_test() {
        let mut measurement = made_up("cpu", 50.0);
        assert_eq!(measurement.speed(), 50e9);
        measurement.learn(40e9);
        assert_eq!(measurement.speed(), 40e9);
        measurement.learn(20e9);
        assert_eq!(measurement.speed(), 30e9);
        assert_eq!(measurement.runs.unwrap().n_runs, 2);
    }
}
