//! `embert devices`: what can compute here, and which of it is used.
//!
//! A graphics driver can crash its process. So GPUs are listed and tested in child processes, which are this program
//! again with a hidden command; a crash or a time-out there is a sentence here.

use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use embert_engine::device::{self, CheckedDevice, Choice, DeviceCheck, DeviceInfo, DeviceKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::DevicesArguments;
use crate::failure::{Failure, Outcome};
use crate::output;

/// Longest wait for a device: the first test builds all kernels, which took 111 s on software Vulkan.
const TEST_LIMIT: Duration = Duration::from_secs(180);
/// How often a child process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// All devices and the choice among them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceList {
    devices: Vec<ListedDevice>,
    /// Id of the device that `auto` takes.
    chosen: String,
    /// Why.
    reason: String,
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
}

/// Runs the command.
pub(crate) fn run(arguments: &DevicesArguments) -> Result<Outcome, Failure> {
    let list = list()?;
    if arguments.json {
        output::print_json(&list)?;
    } else {
        output::print(&to_text(&list))?;
    }
    Ok(Outcome::Done)
}

/// Lists and tests all devices.
pub(crate) fn list() -> Result<DeviceList, Failure> {
    let gpus = checked_gpus();
    let choice = device::choose("auto", &gpus)?;
    let cpu = ListedDevice {
        info: device::cpu_info(),
        check: None,
        fault: None,
    };
    let tested = gpus.into_iter().map(|gpu| match gpu.check {
        Ok(check) => ListedDevice {
            info: gpu.info,
            check: Some(check),
            fault: None,
        },
        Err(fault) => ListedDevice {
            info: gpu.info,
            check: None,
            fault: Some(fault),
        },
    });
    let devices = std::iter::once(cpu).chain(tested).collect();
    Ok(DeviceList {
        devices,
        chosen: choice.info.id,
        reason: choice.reason,
    })
}

/// Opens the device for a request; `None` is `auto`. GPUs are tested only when one could be taken.
pub(crate) fn choose(request: Option<&str>) -> Result<Choice, Failure> {
    let request = request.unwrap_or("auto");
    let gpus = if request == "cpu" {
        Vec::new()
    } else {
        checked_gpus()
    };
    Ok(device::choose(request, &gpus)?)
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

fn checked_gpus() -> Vec<CheckedDevice> {
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
fn ask_child<T: DeserializeOwned>(arguments: &[&str]) -> Result<T, String> {
    let start = |error: io::Error| format!("its test can't be started: {error}");
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
    serde_json::from_str(&text).map_err(|error| format!("its test gave no result: {error}"))
}

fn wait(child: &mut Child) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("the driver ended its test ({status})")),
            Ok(None) if begin.elapsed() < TEST_LIMIT => thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "its test did not end within {} seconds",
                    TEST_LIMIT.as_secs()
                ));
            }
            Err(error) => return Err(error.to_string()),
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
    }
    let _ = writeln!(text, "Training uses {}. {}", list.chosen, list.reason);
    text
}
