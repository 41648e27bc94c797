//! Why a training computes where it does, by name and with its values, so that every language can word it.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a device was chosen. Displayed, it is a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum DeviceReason {
    /// It was asked for.
    Asked,
    /// It is the CPU, because there is no GPU that this build can use.
    NoGpu,
    /// It is the CPU, because the GPU is slower.
    SlowGpu {
        /// Name of the GPU.
        name: String,
        /// How fast it is.
        speed: GpuSpeed,
    },
    /// It is the CPU, because the GPU failed its test.
    FailedGpu {
        /// Name of the GPU.
        name: String,
        /// What happened.
        reason: String,
    },
    /// It is the GPU, because it passed its test and the person wants it or it is faster.
    RightGpu {
        /// How fast it is.
        speed: GpuSpeed,
    },
}

/// How fast a GPU is beside the CPU, and where that is known from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GpuSpeed {
    /// How many times the speed of the CPU.
    pub times: f64,
    /// Length of the test training; `None` when only the product of a layer was timed.
    pub seconds: Option<f64>,
}

impl fmt::Display for DeviceReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => write!(out, "It was asked for."),
            Self::NoGpu => write!(out, "No GPU was found that this build can use."),
            Self::SlowGpu { name, speed } => write!(out, "The GPU {name} is slower here: {speed}."),
            Self::FailedGpu { name, reason } => {
                write!(out, "The GPU {name} failed its test: {reason}.")
            }
            Self::RightGpu { speed } => write!(out, "{speed}."),
        }
    }
}

impl fmt::Display for GpuSpeed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.1} times the speed of this CPU ", self.times)?;
        match self.seconds {
            Some(seconds) => write!(out, "in a test training of {:.0} seconds", seconds.max(1.0)),
            None => write!(out, "in a short test"),
        }
    }
}
