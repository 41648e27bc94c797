//! The real window, driven from outside through WebKit's own driver.
//!
//! Ignored by default, because it needs Xvfb and WebKitWebDriver (Debian packages `xvfb` and
//! `webkit2gtk-driver`). `cargo xtask test` runs it and leaves pictures of the screens in `target/screens`.

use std::path::{Path, PathBuf};

use crate::support::webdriver::Session;

#[test]
#[ignore = "needs Xvfb and WebKitWebDriver; run cargo xtask test"]
fn home_shows_name_and_version_in_both_themes() {
    for (theme, gtk_theme, is_dark) in [("light", "Adwaita", false), ("dark", "Adwaita:dark", true)]
    {
        let session = Session::open(
            Path::new(env!("CARGO_BIN_EXE_embert-desktop")),
            &[("GTK_THEME", gtk_theme)],
        );

        assert_eq!(session.wait_for_text("h1"), "Embert");
        assert_eq!(
            session.wait_for_text("[data-testid=version]"),
            format!("Version {}", env!("CARGO_PKG_VERSION"))
        );
        assert_eq!(
            session.execute("return matchMedia('(prefers-color-scheme: dark)').matches"),
            is_dark,
            "the page follows the {theme} theme"
        );
        assert_eq!(
            session.execute("return document.getElementById('error-banner')?.textContent ?? null"),
            serde_json::Value::Null,
            "no error banner"
        );
        session.screenshot(&screens().join(format!("home-{theme}.png")));
    }
}

/// The folder for pictures of the screens, inside cargo's target folder.
fn screens() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens")
}
