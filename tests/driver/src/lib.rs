//! Drives Embert's real window from outside: a virtual display, WebKit's own driver, pointer and keyboard.
//!
//! The tests use it, and so does `cargo xtask start` on a machine without a display. Linux only: it needs `Xvfb` and
//! `WebKitWebDriver`, and for dragged files and the system's own dialogs `xdotool` and Python with GTK.

mod display;
mod failure;
mod http;
mod page;
mod pointer;
mod session;

pub use display::Display;
pub use failure::DriverError;
pub use pointer::{Dialog, Drag, close_window};
pub use session::{PATIENCE, Session};

/// The programs that [`Display`] and [`Session`] start.
pub const PROGRAMS: [&str; 2] = ["Xvfb", "WebKitWebDriver"];
