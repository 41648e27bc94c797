//! Home, before there is anything.

use std::path::Path;

use crate::support::webdriver::Session;

#[test]
#[ignore = "needs a virtual display; run cargo xtask test"]
fn home_opens_in_the_theme_of_the_system() {
    for (theme, gtk_theme, is_dark) in [("light", "Adwaita", false), ("dark", "Adwaita:dark", true)]
    {
        let session = Session::open(
            Path::new(env!("CARGO_BIN_EXE_embert-desktop")),
            &[("GTK_THEME", gtk_theme)],
        );
        assert_eq!(
            session.wait_for_text("h1"),
            "Teach your computer to sort text"
        );
        assert_eq!(
            session.execute("return matchMedia('(prefers-color-scheme: dark)').matches"),
            is_dark,
            "the page follows the {theme} theme"
        );
        session.picture(&format!("home-{theme}"));
        session.press("About");
        assert_eq!(
            session.wait_for_text("[data-testid=version]"),
            format!("Version {}", env!("CARGO_PKG_VERSION"))
        );
        session.picture(&format!("about-{theme}"));
        session.press("Close");
        session.press("Settings");
        session.wait_for("return document.querySelectorAll('input[name=theme]').length === 3");
        session.picture(&format!("settings-{theme}"));
        session.assert_no_error_banner();
    }
}
