//! What the program does before there is a window.

use std::process::Command;

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_it_says_what_to_do_instead() {
    let output = Command::new(env!("CARGO_BIN_EXE_embert-desktop"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("the program starts");

    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("no display"), "{words}");
    assert!(words.contains("embert --help"), "{words}");
}
