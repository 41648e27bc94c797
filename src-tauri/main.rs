//! Starts the window.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    prepare_linux();
    if !has_display() {
        return fail(
            "There is no display to open a window on",
            "Start Embert inside a desktop session, or use the command line: embert --help.",
        );
    }
    match embert_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(
            &format!("The window could not be opened: {error}"),
            "Restart the computer's desktop session; if that doesn't help, report this sentence.",
        ),
    }
}

/// Turns off the renderer that leaves WebKitGTK's window blank on NVIDIA cards, unless the person chose.
fn prepare_linux() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux") && std::env::var_os(SWITCH).is_none() {
        // SAFETY: this is the first statement of the program, so no other thread can read the environment.
        #[expect(
            unsafe_code,
            reason = "the webview reads this only from the environment"
        )]
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}

/// Whether a window can be shown; without one, GTK would end the program with a panic.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[expect(
    clippy::print_stderr,
    reason = "without a window, the terminal is the only place left"
)]
fn fail(message: &str, hint: &str) -> ExitCode {
    eprintln!("{message}. {hint}");
    ExitCode::FAILURE
}
