//! Workbooks of Excel and OpenDocument.

#![no_main]

use embert_fuzz::{panics, targets};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: panics::listen(), |bytes: &[u8]| {
    panics::end_at_one(|| targets::workbook(bytes));
});
