//! Where the numbers are computed: which devices there are, which one is right, and why.
//!
//! Drivers can crash a process, so a GPU is opened, compared with the CPU and timed in a child process
//! first; whoever owns the process passes what the child found to [`choose`]. Where both were measured in a real
//! training, that decides between them.

mod short_test;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::batch::BatchLayout;
use crate::device_reason::{DeviceReason, GpuFault, GpuSpeed};
use crate::measurement::Measurements;
use crate::threads;

use short_test::{relative_error, seconds, test_layer};

/// Largest relative difference between the gradients of a GPU and the CPU: ten times what `f32` and
/// another order of sums explain (BERT on software Vulkan: 9e-7), far below what a wrong kernel gives.
const LARGEST_ERROR: f64 = 1e-3;

/// A device that Embert can compute on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// What a person writes to choose it: `cpu`, `gpu0`, `gpu1` …
    pub id: String,
    /// Name of the part.
    pub name: String,
    /// CPU or GPU.
    pub kind: DeviceKind,
    /// The software behind it: `flex`, `wgpu`.
    pub backend: String,
}

/// The two kinds of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeviceKind {
    /// The processor.
    Cpu,
    /// A graphics card, or the graphics part of a processor.
    Gpu,
}

/// What a short test of a device found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceCheck {
    /// Largest relative difference of a gradient from the CPU's.
    pub error: f64,
    /// Seconds for the test on the device, kernels already built.
    pub seconds: f64,
    /// Seconds for the same on the CPU.
    pub cpu_seconds: f64,
}

impl DeviceCheck {
    /// Whether the device computes what the CPU computes.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.error < LARGEST_ERROR
    }

    /// How many times faster than the CPU the device is.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.cpu_seconds / self.seconds
    }
}

/// A device and what its test in a child process found, or why the test failed.
#[derive(Clone, Debug)]
pub struct CheckedDevice {
    /// The device.
    pub info: DeviceInfo,
    /// The finding.
    pub check: Result<DeviceCheck, GpuFault>,
}

/// A device, ready to compute.
#[derive(Clone, Debug)]
pub struct ComputeDevice {
    pub(crate) device: Device,
    pub(crate) layout: BatchLayout,
}

/// The device that was chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The device, ready.
    pub device: ComputeDevice,
    /// What it is.
    pub info: DeviceInfo,
    /// Why it was chosen.
    pub reason: DeviceReason,
}

/// Why there is no device.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum DeviceError {
    /// No device has that name.
    #[error("There is no device \"{request}\"; this computer has {known}")]
    Unknown {
        /// What was asked for.
        request: String,
        /// Names that could be used.
        known: String,
    },
    /// There is no GPU, or none in this build.
    #[error("There is no GPU that this build of Embert can use")]
    NoGpu,
    /// The GPU failed its test.
    #[error("The GPU {name} failed its test: {fault}")]
    Failed {
        /// Name of the part.
        name: String,
        /// What happened.
        #[serde(flatten)]
        fault: GpuFault,
    },
}

impl DeviceError {
    /// Short stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "device.unknown",
            Self::NoGpu => "device.noGpu",
            Self::Failed { .. } => "device.failed",
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("Choose \"auto\" or \"cpu\"; the result is the same, it only takes longer.".to_owned())
    }
}

impl ComputeDevice {
    /// The processor.
    #[must_use]
    pub fn cpu() -> Self {
        Self {
            device: Device::flex(),
            layout: BatchLayout::Packed,
        }
    }

    /// Runs `work` where the device computes fastest.
    ///
    /// On the CPU that is a thread of the pool, with the others awake. A GPU's queue belongs to the thread that fills
    /// it, so that `work` stays on the calling one.
    pub(crate) fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match self.layout {
            BatchLayout::Packed => threads::run(work),
            BatchLayout::Padded { .. } => work(),
        }
    }

    /// The device that records what gradients need.
    pub(crate) fn autodiff(&self) -> Device {
        self.device.clone().autodiff()
    }
}

/// The processor's entry in every list.
#[must_use]
pub fn cpu_info() -> DeviceInfo {
    let n_threads = rayon::current_num_threads();
    let name = format!(
        "CPU, {n_threads} {}",
        if n_threads == 1 { "thread" } else { "threads" }
    );
    DeviceInfo {
        id: "cpu".to_owned(),
        name,
        kind: DeviceKind::Cpu,
        backend: "flex".to_owned(),
    }
}

/// Every device of this computer that this build can use, the CPU first.
///
/// Opens the graphics drivers: call it in a child process.
#[must_use]
pub fn list() -> Vec<DeviceInfo> {
    let mut devices = vec![cpu_info()];
    devices.extend(gpu::list());
    devices
}

/// Compares the device `id` with the CPU: the gradients of one small encoder layer, and the time.
///
/// Opens the graphics driver: call it in a child process.
///
/// # Errors
/// When there is no such device.
pub fn check(id: &str) -> Result<DeviceCheck, DeviceError> {
    let device = open(id)?;
    let cpu = ComputeDevice::cpu();
    let expected = test_layer(&cpu);
    let found = test_layer(&device);
    let error = expected
        .iter()
        .zip(&found)
        .map(|(a, b)| relative_error(a, b))
        .fold(0.0, f64::max);
    Ok(DeviceCheck {
        error,
        seconds: seconds(&device),
        cpu_seconds: seconds(&cpu),
    })
}

/// Opens the device `id`.
///
/// # Errors
/// When there is no such device.
pub(crate) fn open(id: &str) -> Result<ComputeDevice, DeviceError> {
    if id == "cpu" {
        return Ok(ComputeDevice::cpu());
    }
    gpu::open(id).ok_or_else(|| DeviceError::Unknown {
        request: id.to_owned(),
        known: "cpu".to_owned(),
    })
}

/// Chooses the device for `request`: `auto`, `cpu`, `gpu`, or the name of a device in `gpus`. `auto` takes the fastest
/// by `measurements`, or by the short test where there are none.
///
/// # Errors
/// When the device that was asked for isn't there or failed its test. With `auto` the CPU takes over
/// and the reason says why.
pub fn choose(
    request: &str,
    gpus: &[CheckedDevice],
    measurements: &Measurements,
) -> Result<Choice, DeviceError> {
    match request {
        "cpu" => Ok(on_cpu(DeviceReason::Asked)),
        "auto" => Ok(choose_automatically(gpus, measurements)),
        "gpu" => on_gpu(gpus.first().ok_or(DeviceError::NoGpu)?, measurements),
        id => {
            let known = || {
                let ids = gpus.iter().map(|gpu| gpu.info.id.as_str());
                std::iter::once("cpu")
                    .chain(ids)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let unknown = || DeviceError::Unknown {
                request: id.to_owned(),
                known: known(),
            };
            on_gpu(
                gpus.iter()
                    .find(|gpu| gpu.info.id == id)
                    .ok_or_else(unknown)?,
                measurements,
            )
        }
    }
}

fn on_cpu(reason: DeviceReason) -> Choice {
    Choice {
        device: ComputeDevice::cpu(),
        info: cpu_info(),
        reason,
    }
}

fn choose_automatically(gpus: &[CheckedDevice], measurements: &Measurements) -> Choice {
    let speed = |gpu: &CheckedDevice| speed_of(gpu, measurements).map_or(0.0, |speed| speed.times);
    let fastest = gpus.iter().max_by(|a, b| speed(a).total_cmp(&speed(b)));
    let Some(gpu) = fastest else {
        return on_cpu(DeviceReason::NoGpu);
    };
    let is_right = gpu.check.as_ref().is_ok_and(DeviceCheck::is_right);
    let name = || gpu.info.name.clone();
    if let Some(speed) = speed_of(gpu, measurements).filter(|speed| is_right && speed.times <= 1.0)
    {
        return on_cpu(DeviceReason::SlowGpu {
            name: name(),
            speed,
        });
    }
    on_gpu(gpu, measurements).unwrap_or_else(|error| {
        let (reason, fault) = match error {
            DeviceError::Failed { fault, .. } => (fault.to_string(), Some(fault)),
            other => (other.to_string(), None),
        };
        on_cpu(DeviceReason::FailedGpu {
            name: name(),
            reason,
            fault,
        })
    })
}

/// How fast a GPU is beside the CPU: in the test trainings if both were measured, else in the short test.
fn speed_of(gpu: &CheckedDevice, measurements: &Measurements) -> Option<GpuSpeed> {
    let check = gpu.check.as_ref().ok()?;
    let measured = measurements
        .get(&gpu.info.id)
        .zip(measurements.get("cpu"))
        .filter(|(_, cpu)| cpu.examples_per_second > 0.0);
    Some(match measured {
        Some((gpu, cpu)) => GpuSpeed {
            times: gpu.examples_per_second / cpu.examples_per_second,
            seconds: Some(gpu.seconds),
        },
        None => GpuSpeed {
            times: check.speed(),
            seconds: None,
        },
    })
}

fn on_gpu(gpu: &CheckedDevice, measurements: &Measurements) -> Result<Choice, DeviceError> {
    let failed = |fault: GpuFault| DeviceError::Failed {
        name: gpu.info.name.clone(),
        fault,
    };
    let check = gpu.check.as_ref().map_err(|fault| failed(fault.clone()))?;
    if !check.is_right() {
        return Err(failed(GpuFault::WrongGradients {
            // JSON has no infinity.
            error: check.error.min(f64::MAX),
            most: LARGEST_ERROR,
        }));
    }
    let device = open(&gpu.info.id)?;
    let speed = speed_of(gpu, measurements);
    Ok(Choice {
        device,
        info: gpu.info.clone(),
        reason: speed.map_or(DeviceReason::Asked, |speed| DeviceReason::RightGpu {
            speed,
        }),
    })
}

#[cfg(not(feature = "gpu"))]
mod gpu {
    use super::{ComputeDevice, DeviceInfo};

    pub(super) fn list() -> Vec<DeviceInfo> {
        Vec::new()
    }

    pub(super) fn open(_id: &str) -> Option<ComputeDevice> {
        None
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use burn::tensor::{Device, DeviceType};

    use super::{ComputeDevice, DeviceInfo, DeviceKind};
    use crate::batch::BatchLayout;

    /// Kernels are tuned for each shape: few different lengths mean little tuning.
    const LENGTH_MULTIPLE: usize = 16;

    fn devices() -> Vec<Device> {
        Device::enumerate(DeviceType::Wgpu).into_vec()
    }

    pub(super) fn list() -> Vec<DeviceInfo> {
        let info = |(index, device): (usize, Device)| DeviceInfo {
            id: format!("gpu{index}"),
            name: device.identity().map_or_else(
                || format!("GPU {index}"),
                |identity| identity.name.to_string(),
            ),
            kind: DeviceKind::Gpu,
            backend: "wgpu".to_owned(),
        };
        devices().into_iter().enumerate().map(info).collect()
    }

    pub(super) fn open(id: &str) -> Option<ComputeDevice> {
        let index: usize = id.strip_prefix("gpu")?.parse().ok()?;
        let device = devices().into_iter().nth(index)?;
        Some(ComputeDevice {
            device,
            layout: BatchLayout::Padded {
                multiple: LENGTH_MULTIPLE,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::made_up;

    fn gpu(check: Result<DeviceCheck, GpuFault>) -> CheckedDevice {
        let info = DeviceInfo {
            id: "gpu0".to_owned(),
            name: "Test GPU".to_owned(),
            kind: DeviceKind::Gpu,
            backend: "wgpu".to_owned(),
        };
        CheckedDevice { info, check }
    }

    #[test]
    fn the_cpu_agrees_with_itself() {
        let check = check("cpu").unwrap();
        assert_eq!(check.error, 0.0);
        assert!(check.is_right());
    }

    #[test]
    fn a_broken_gpu_is_left_for_the_cpu_with_the_reason() {
        let crashed = gpu(Err(GpuFault::Ended {
            status: "signal: 11".to_owned(),
        }));
        let choice = choose(
            "auto",
            std::slice::from_ref(&crashed),
            &Measurements::default(),
        )
        .unwrap();
        assert_eq!(choice.info.id, "cpu");
        assert_eq!(
            choice.reason.to_string(),
            "The GPU Test GPU failed its test: the driver ended its test (signal: 11)."
        );
        let error = choose("gpu", &[crashed], &Measurements::default()).unwrap_err();
        let values = crate::values::of(&error);
        assert_eq!(values["name"], "Test GPU");
        assert_eq!(values["fault"], "ended");
        assert_eq!(values["status"], "signal: 11");
    }

    #[test]
    fn a_gpu_with_wrong_numbers_is_left_for_the_cpu() {
        let wrong = gpu(Ok(DeviceCheck {
            error: 0.01,
            seconds: 0.1,
            cpu_seconds: 1.0,
        }));
        let choice = choose("auto", &[wrong], &Measurements::default()).unwrap();
        assert_eq!(choice.info.id, "cpu");
        let reason = choice.reason.to_string();
        assert!(reason.contains("off by 1.0e-2"), "{reason}");
    }

    #[test]
    fn a_slow_gpu_is_left_for_the_cpu() {
        let slow = gpu(Ok(DeviceCheck {
            error: 1e-6,
            seconds: 1.0,
            cpu_seconds: 0.5,
        }));
        let choice = choose("auto", &[slow], &Measurements::default()).unwrap();
        assert_eq!(
            choice.reason,
            DeviceReason::SlowGpu {
                name: "Test GPU".to_owned(),
                speed: GpuSpeed {
                    times: 0.5,
                    seconds: None
                },
            }
        );
    }

    /// The reasons that made-up measurements lead to; there is no GPU where the tests run.
    #[test]
    fn a_measurement_in_a_training_goes_before_the_short_test() {
        let quick_in_the_short_test = gpu(Ok(DeviceCheck {
            error: 1e-6,
            seconds: 0.1,
            cpu_seconds: 0.5,
        }));
        let speed = |examples_per_second: f64| {
            let measured = vec![made_up("cpu", 52.0), made_up("gpu0", examples_per_second)];
            speed_of(&quick_in_the_short_test, &Measurements::of(measured)).unwrap()
        };
        assert_eq!(
            speed(468.0).to_string(),
            "9.0 times the speed of this CPU in a test training of 2 seconds"
        );
        let slow = vec![made_up("cpu", 52.0), made_up("gpu0", 26.0)];
        let choice = choose(
            "auto",
            std::slice::from_ref(&quick_in_the_short_test),
            &Measurements::of(slow),
        )
        .unwrap();
        assert_eq!(choice.info.id, "cpu");
        assert_eq!(
            choice.reason.to_string(),
            "The GPU Test GPU is slower here: 0.5 times the speed of this CPU in a test training of 2 seconds."
        );
    }

    #[test]
    fn with_one_device_measured_the_short_test_decides() {
        let tested = gpu(Ok(DeviceCheck {
            error: 1e-6,
            seconds: 0.1,
            cpu_seconds: 0.5,
        }));
        let alone = Measurements::of(vec![made_up("gpu0", 5.0)]);
        assert_eq!(
            speed_of(&tested, &alone).unwrap().to_string(),
            "5.0 times the speed of this CPU in a short test"
        );
    }

    #[test]
    fn an_unknown_device_is_named() {
        let error = choose("gpu7", &[], &Measurements::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no device \"gpu7\"; this computer has cpu"
        );
    }
}
