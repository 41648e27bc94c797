//! Which panics are faults.
//!
//! The readers of workbooks and Parquet run behind `catch_unwind`, because the crates below them panic at damaged
//! files. The fuzzer's own hook would end the process at each of these. Only a panic that nobody catches is a fault.

use std::backtrace::Backtrace;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

static LAST: Mutex<String> = Mutex::new(String::new());

/// Keeps what the last panic said instead of ending the process.
pub fn listen() {
    panic::set_hook(Box::new(|panic| {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) =
            format!("{panic}\n{}", Backtrace::capture());
    }));
}

/// Runs a target, and ends the process where it panics.
pub fn end_at_one(target: impl FnOnce()) {
    if panic::catch_unwind(AssertUnwindSafe(target)).is_err() {
        eprintln!("{}", LAST.lock().unwrap_or_else(PoisonError::into_inner));
        std::process::abort();
    }
}
