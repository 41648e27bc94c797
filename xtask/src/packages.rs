//! The system's packages: which are missing, and how they are installed.

use std::process::Command;

use crate::failure::Failure;
use crate::{machine, shell};

/// A reason to need system packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Compiling the window's shell.
    Window,
    /// Opening the real window where there is no display.
    VirtualDisplay,
    /// Dragging files into the window and answering the system's dialogs.
    Pointer,
    /// What an AppImage is made with.
    AppImage,
    /// Speaking to the GPU.
    Gpu,
    /// Getting Python packages.
    Python,
    /// PyTorch on the CPU, as Debian builds it: 150 MB to download where the one from PyPI is several GB.
    Torch,
}

impl Group {
    fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Group::Window => &[
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libgtk-3-dev",
                "libsoup-3.0-dev",
                "libdbus-1-dev",
            ],
            Group::VirtualDisplay => &["xvfb", "webkit2gtk-driver", "fonts-dejavu-core"],
            Group::Pointer => &["xdotool", "python3-gi", "gir1.2-gtk-3.0", "libx11-6"],
            Group::AppImage => &["file", "librsvg2-dev", "patchelf", "xdg-utils"],
            Group::Gpu => &["libvulkan1"],
            Group::Python => &["python3", "python3-pip", "python3-venv"],
            // Without OpenBLAS, this PyTorch multiplies matrices many times slower.
            Group::Torch => &["libopenblas0", "python3", "python3-torch", "python3-venv"],
        }
    }

    /// Whether the thing is there by other means than a Debian package.
    fn is_there_otherwise(self) -> bool {
        match self {
            Group::Python => machine::python().is_ok_and(|python| {
                shell::succeeds(Command::new(&python).args(["-m", "pip", "--version"]))
                    && shell::succeeds(Command::new(&python).args(["-c", "import venv, ensurepip"]))
            }),
            _ => false,
        }
    }
}

/// The Debian packages of `groups` that are not installed; none on other systems.
pub(crate) fn missing(groups: &[Group]) -> Vec<&'static str> {
    if !machine::is_debian() {
        return Vec::new();
    }
    let mut wanted: Vec<&'static str> = groups
        .iter()
        .filter(|group| !group.is_there_otherwise())
        .flat_map(|group| group.debian_packages().iter().copied())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|name| !is_installed(name));
    wanted
}

/// Installs what `groups` need, or says how the person can.
pub(crate) fn ensure(groups: &[Group]) -> Result<(), Failure> {
    if machine::is_debian() {
        return install(&missing(groups));
    }
    if groups.contains(&Group::Window) {
        check_window_parts()?;
    }
    Ok(())
}

/// Whether `group` is there already, so that nothing needs to be installed for it.
pub(crate) fn is_ready(group: Group) -> bool {
    if machine::is_debian() {
        missing(&[group]).is_empty()
    } else {
        group != Group::Window || check_window_parts().is_ok()
    }
}

/// Whether Debian's package is installed.
pub(crate) fn is_installed(package: &str) -> bool {
    shell::output(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]))
        .is_some_and(|status| status == "installed")
}

fn install(packages: &[&str]) -> Result<(), Failure> {
    if packages.is_empty() {
        return Ok(());
    }
    println!("Installing system packages: {}.", packages.join(" "));
    let hint = format!(
        "Look at apt-get's own words above, or install them yourself: apt-get install {}.",
        packages.join(" ")
    );
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);

    // A list that can't be brought up to date is often good enough, so only the installation decides.
    if let Err(failure) = shell::run(&mut apt_get(&["update"])?, "") {
        println!(
            "{}; going on with the package lists that are here.",
            failure.message()
        );
    }
    if shell::run(&mut apt_get(&arguments)?, "").is_ok() {
        return Ok(());
    }
    println!("The installation failed; trying once more.");
    shell::run(&mut apt_get(&arguments)?, &hint)
}

/// `apt-get` without questions, as the administrator.
pub(crate) fn apt_get(arguments: &[&str]) -> Result<Command, Failure> {
    let mut command = if is_root() {
        Command::new("env")
    } else if shell::find("sudo").is_some() {
        let mut command = Command::new("sudo");
        command.arg("env");
        command
    } else {
        return Err(Failure::new(
            "System packages are missing, and there is no sudo to install them with",
            format!(
                "Run this as the administrator: apt-get {}.",
                arguments.join(" ")
            ),
        ));
    };
    command
        .arg("DEBIAN_FRONTEND=noninteractive")
        .arg("apt-get")
        .args(arguments);
    Ok(command)
}

/// Whether this program may install packages without asking.
pub(crate) fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Checks what the window is compiled against where packages can't be installed from here.
fn check_window_parts() -> Result<(), Failure> {
    if cfg!(target_os = "macos") {
        if !shell::succeeds(Command::new("xcode-select").arg("-p")) {
            return Err(Failure::new(
                "The command line tools of Xcode are missing",
                "Run: xcode-select --install.",
            ));
        }
    } else if cfg!(windows) {
        if !has_webview2() {
            return Err(Failure::new(
                "Microsoft's WebView2 is missing, which draws the window",
                "Run: winget install Microsoft.EdgeWebView2Runtime.",
            ));
        }
    } else if !shell::succeeds(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"])) {
        return Err(Failure::new(
            "The developer files of WebKitGTK 4.1 are missing, and this system has no apt-get",
            "Install pkg-config and webkit2gtk4.1-devel (Fedora), webkit2gtk-4.1 (Arch) or what your system calls \
             them.",
        ));
    }
    Ok(())
}

fn has_webview2() -> bool {
    const CLIENT: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    [
        r"HKLM\SOFTWARE\WOW6432Node",
        r"HKLM\SOFTWARE",
        r"HKCU\Software",
    ]
    .iter()
    .any(|hive| {
        shell::succeeds(Command::new("reg").args([
            "query",
            &format!(r"{hive}\{CLIENT}"),
            "/v",
            "pv",
        ]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_listed_once_and_in_order() {
        let missing = missing(&[Group::Torch, Group::Window, Group::Torch]);

        assert!(missing.is_sorted(), "{missing:?}");
        assert!(
            missing.windows(2).all(|pair| pair[0] != pair[1]),
            "{missing:?}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_package_that_does_not_exist_is_not_installed() {
        assert!(!is_installed("embert-no-such-package"));
    }
}
