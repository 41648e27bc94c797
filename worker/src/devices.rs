//! `embert devices`: what can compute here, and which of it is used.
//!
//! A graphics driver can crash its process. So GPUs are listed and tested in child processes, which are this program
//! again with a hidden command; a crash or a time-out there is a fault with a name here.

use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, io, thread};

use embert_engine::device::{
    self, CheckedDevice, Choice, DeviceCheck, DeviceError, DeviceInfo, DeviceKind,
};
use embert_engine::device_reason::{DeviceReason, GpuFault};
use embert_engine::measurement::{Measurement, Measurements};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::DevicesArguments;
use crate::failure::{Failure, Outcome};
use crate::stop::Stop;
use crate::{measure, models, output};

/// Longest wait for a device: the first test builds all kernels, which took 111 s on software Vulkan.
const TEST_SECONDS: u32 = 180;
/// How often a child process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// All devices and the choice among them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceList {
    devices: Vec<ListedDevice>,
    /// Id of the device that `auto` takes.
    chosen: String,
    /// Why, a sentence.
    reason: String,
    /// The same by name.
    why: DeviceReason,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedDevice {
    #[serde(flatten)]
    info: DeviceInfo,
    /// What the test found; left out for the CPU, which is the measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<DeviceCheck>,
    /// Why the test failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// How fast it was in a test training; left out until it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    measurement: Option<Measurement>,
}

/// Runs the command.
pub(crate) fn run(arguments: &DevicesArguments) -> Result<Outcome, Failure> {
    if arguments.measure && measure_all()? == Outcome::Stopped {
        return Ok(Outcome::Stopped);
    }
    let list = list()?;
    if arguments.json {
        output::print_json(&list)?;
    } else {
        output::print(&to_text(&list))?;
    }
    Ok(Outcome::Done)
}

/// Measures every device that passed its test and remembers what was found.
fn measure_all() -> Result<Outcome, Failure> {
    let stop = Stop::by_interrupt("Stopping; what was measured is kept.")?;
    let right = checked_gpus()
        .iter()
        .filter(|gpu| gpu.check.as_ref().is_ok_and(DeviceCheck::is_right));
    let infos = std::iter::once(device::cpu_info()).chain(right.map(|gpu| gpu.info.clone()));
    for info in infos {
        output::tell(&format!("Measuring {} ({}) …", info.id, info.name));
        match measure::measure(&info.id, &mut |_| stop.flow()) {
            Ok(Some(measurement)) => measure::remember(measurement)?,
            Ok(None) => return Ok(Outcome::Stopped),
            // The other devices can still be measured.
            Err(failure) if info.kind == DeviceKind::Gpu => output::tell(&failure.to_string()),
            Err(failure) => return Err(failure),
        }
    }
    Ok(Outcome::Done)
}

/// Lists and tests all devices.
pub(crate) fn list() -> Result<DeviceList, Failure> {
    let measurements = Measurements::read(&models::own_folder());
    let gpus = checked_gpus();
    let choice = device::choose("auto", gpus, &measurements)?;
    let listed = |info: DeviceInfo, check: Option<DeviceCheck>, fault: Option<String>| {
        let measurement = measurements.get(&info.id).cloned();
        ListedDevice {
            info,
            check,
            fault,
            measurement,
        }
    };
    let cpu = listed(device::cpu_info(), None, None);
    let tested = gpus.iter().map(|gpu| match &gpu.check {
        Ok(check) => listed(gpu.info.clone(), Some(*check), None),
        Err(fault) => listed(gpu.info.clone(), None, Some(fault.to_string())),
    });
    let devices = std::iter::once(cpu).chain(tested).collect();
    Ok(DeviceList {
        devices,
        chosen: choice.info.id,
        reason: choice.reason.to_string(),
        why: choice.reason,
    })
}

/// Opens the device for a request; `None` is `auto`. GPUs are tested only when one could be taken.
pub(crate) fn choose(request: Option<&str>) -> Result<Choice, Failure> {
    let request = request.unwrap_or("auto");
    let gpus = if request == "cpu" {
        &[]
    } else {
        checked_gpus()
    };
    let measurements = Measurements::read(&models::own_folder());
    Ok(device::choose(request, gpus, &measurements)?)
}

/// Finds the device `id`, which passed its test.
pub(crate) fn find(id: &str) -> Result<DeviceInfo, Failure> {
    if id == "cpu" {
        return Ok(device::cpu_info());
    }
    let gpus = checked_gpus();
    let known = gpus.iter().find(|gpu| gpu.info.id == id);
    known.map(|gpu| gpu.info.clone()).ok_or_else(|| {
        let ids = gpus.iter().map(|gpu| gpu.info.id.as_str());
        DeviceError::Unknown {
            request: id.to_owned(),
            known: std::iter::once("cpu")
                .chain(ids)
                .collect::<Vec<_>>()
                .join(", "),
        }
        .into()
    })
}

/// Prints the devices for [`checked_gpus`] in the parent process.
pub(crate) fn list_for_parent() -> Result<Outcome, Failure> {
    output::print_json(&device::list())?;
    Ok(Outcome::Done)
}

/// Prints the test of one device for [`checked_gpus`] in the parent process.
pub(crate) fn check_for_parent(id: &str) -> Result<Outcome, Failure> {
    output::print_json(&device::check(id)?)?;
    Ok(Outcome::Done)
}

/// The GPUs and their tests, which are made once: a computer's GPUs don't change while a process runs, and building the
/// kernels of a test takes its time.
fn checked_gpus() -> &'static [CheckedDevice] {
    static GPUS: OnceLock<Vec<CheckedDevice>> = OnceLock::new();
    GPUS.get_or_init(check_gpus)
}

fn check_gpus() -> Vec<CheckedDevice> {
    if !cfg!(feature = "gpu") {
        return Vec::new();
    }
    // No list means no GPU that could be used; the CPU does the work.
    let devices: Vec<DeviceInfo> = ask_child(&["list-devices"]).unwrap_or_default();
    let gpus = devices
        .into_iter()
        .filter(|device| device.kind == DeviceKind::Gpu);
    gpus.map(|info| CheckedDevice {
        check: ask_child(&["check-device", &info.id]),
        info,
    })
    .collect()
}

/// Runs this program with a hidden command and reads its JSON, or says what happened.
fn ask_child<T: DeserializeOwned>(arguments: &[&str]) -> Result<T, GpuFault> {
    let start = |error: io::Error| GpuFault::NotStarted {
        words: error.to_string(),
    };
    let mut child = Command::new(env::current_exe().map_err(start)?)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(start)?;
    let stdout = child.stdout.take();
    let reader =
        thread::spawn(move || stdout.map_or_else(|| Ok(String::new()), io::read_to_string));
    wait(&mut child)?;
    let text = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| GpuFault::NoResult {
        words: error.to_string(),
    })
}

fn wait(child: &mut Child) -> Result<(), GpuFault> {
    let begin = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                return Err(GpuFault::Ended {
                    status: status.to_string(),
                });
            }
            Ok(None) if begin.elapsed() < Duration::from_secs(TEST_SECONDS.into()) => {
                thread::sleep(LOOK);
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(GpuFault::TimedOut {
                    seconds: TEST_SECONDS,
                });
            }
            Err(error) => {
                return Err(GpuFault::Lost {
                    words: error.to_string(),
                });
            }
        }
    }
}

fn to_text(list: &DeviceList) -> String {
    let mut text = String::new();
    for device in &list.devices {
        let finding = match (&device.check, &device.fault) {
            (Some(check), _) if check.is_right() => {
                format!("{:.1} times the speed of the CPU", check.speed())
            }
            (Some(check), _) => format!("wrong results, off by {:.1e}", check.error),
            (None, Some(fault)) => fault.clone(),
            (None, None) => String::new(),
        };
        let mark = if device.info.id == list.chosen {
            '*'
        } else {
            ' '
        };
        let line = format!(
            "{mark} {:<6} {}  ({})  {finding}",
            device.info.id, device.info.name, device.info.backend
        );
        let _ = writeln!(text, "{}", line.trim_end());
        if let Some(measurement) = &device.measurement {
            let _ = writeln!(text, "         {}", measure::in_words(measurement));
        }
    }
    let _ = writeln!(text, "Training uses {}. {}", list.chosen, list.reason);
    text
}
