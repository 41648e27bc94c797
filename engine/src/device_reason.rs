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
        /// The same by name; `None` in what older versions wrote.
        #[serde(default)]
        fault: Option<GpuFault>,
    },
    /// It is the GPU, because it passed its test and the person wants it or it is faster.
    RightGpu {
        /// How fast it is.
        speed: GpuSpeed,
    },
}

/// Why a GPU failed its test. Displayed, it is the end of a sentence about the GPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "fault",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum GpuFault {
    /// It computes something else than the CPU.
    WrongGradients {
        /// Largest relative difference of a gradient from the CPU's.
        error: f64,
        /// The most that it may be.
        most: f64,
    },
    /// The test can't be started.
    NotStarted {
        /// What the system says.
        words: String,
    },
    /// The test ended without a result that can be read.
    NoResult {
        /// What is wrong with it.
        words: String,
    },
    /// The driver ended the process of the test.
    Ended {
        /// What the system says of its end.
        status: String,
    },
    /// The test took too long.
    TimedOut {
        /// The longest wait.
        seconds: u32,
    },
    /// Nobody knows what became of the test.
    Lost {
        /// What the system says.
        words: String,
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
            Self::FailedGpu { name, reason, .. } => {
                write!(out, "The GPU {name} failed its test: {reason}.")
            }
            Self::RightGpu { speed } => write!(out, "{speed}."),
        }
    }
}

impl fmt::Display for GpuFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongGradients { error, most } => write!(
                out,
                "its gradients are off by {error:.1e}, more than {most:.0e}"
            ),
            Self::NotStarted { words } => write!(out, "its test can't be started: {words}"),
            Self::NoResult { words } => write!(out, "its test gave no result: {words}"),
            Self::Ended { status } => write!(out, "the driver ended its test ({status})"),
            Self::TimedOut { seconds } => {
                write!(out, "its test did not end within {seconds} seconds")
            }
            Self::Lost { words } => write!(out, "{words}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_versions_wrote_about_a_failed_gpu_is_read() {
        let old = r#"{"code":"failedGpu","name":"RTX 3060","reason":"the driver crashed"}"#;
        let reason: DeviceReason = serde_json::from_str(old).unwrap();
        assert_eq!(
            reason.to_string(),
            "The GPU RTX 3060 failed its test: the driver crashed."
        );
        let new = DeviceReason::FailedGpu {
            name: "RTX 3060".to_owned(),
            reason: "its test did not end within 180 seconds".to_owned(),
            fault: Some(GpuFault::TimedOut { seconds: 180 }),
        };
        let json = serde_json::to_string(&new).unwrap();
        assert!(
            json.contains(r#""fault":{"fault":"timedOut","seconds":180}"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<DeviceReason>(&json).unwrap(), new);
    }
}
