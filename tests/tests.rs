//! The integration tests of the app.

#![allow(clippy::unwrap_used)]

// Small things that several tests need.
mod support;

// A base model that trains in a moment; the worker's tests have the same.
#[path = "../worker/tests/support/tiny_bert.rs"]
mod tiny_bert;

// Each command once through the mock runtime, with its JSON.
mod commands;
// A file that is read as the person wants.
mod reading;
// Texts with several labels: in columns of their own, and as lists in a cell.
mod several_labels;
// Every fault of the shell, as the page gets it.
mod faults;
// What the program does before there is a window.
mod launch;
// The shapes that cross the door, as the screens know them.
mod types;
// The real window, driven from outside. Ignored by default; `cargo xtask test` runs it.
mod window;
// The app as a package installs it. Ignored by default; `cargo xtask test --bundle` runs it.
mod installed;
