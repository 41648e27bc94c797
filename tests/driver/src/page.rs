//! What a person does with Embert's page: press a button, choose in a list, go to a step, look at it.

use std::path::Path;

use serde_json::{Value, json};

use crate::failure::DriverError;
use crate::session::{PATIENCE, Session, text};

impl Session {
    /// Waits until an element that matches `selector` has a text, and returns it.
    ///
    /// # Errors
    /// It does not come.
    pub fn wait_for_text(&self, selector: &str) -> Result<String, DriverError> {
        let script = format!(
            "return document.querySelector({})?.innerText.trim()",
            json!(selector)
        );
        self.wait_for(&script, PATIENCE).map(|found| text(&found))
    }

    /// Waits until a button whose text or name for screen readers begins with `words` can be pressed, and presses it.
    ///
    /// # Errors
    /// It does not come.
    pub fn press(&self, words: &str) -> Result<(), DriverError> {
        self.press_in("document", words)
    }

    /// As [`Session::press`], in the question that is open.
    ///
    /// # Errors
    /// No question with such a button comes.
    pub fn press_in_question(&self, words: &str) -> Result<(), DriverError> {
        self.press_in("document.querySelector('dialog[open]')", words)
    }

    fn press_in(&self, part: &str, words: &str) -> Result<(), DriverError> {
        let script = format!(
            "const button = [...({part}?.querySelectorAll('button') ?? [])] \
                .find((button) => !button.disabled && [button.textContent, button.ariaLabel ?? ''] \
                    .some((name) => name.trim().startsWith({}))); \
             button?.click(); return button !== undefined;",
            json!(words)
        );
        self.wait_for(&script, PATIENCE).map(drop)
    }

    /// Chooses `value` in the list whose label for screen readers is `name`, as soon as it can be changed.
    ///
    /// # Errors
    /// There is no such list.
    pub fn choose(&self, name: &str, value: &str) -> Result<(), DriverError> {
        let script = format!(
            "const list = document.querySelector(`select[aria-label=${{JSON.stringify({})}}]`); \
             if (!list || list.disabled) return false; \
             list.value = {}; \
             list.dispatchEvent(new Event('change', {{bubbles: true}})); return true;",
            json!(name),
            json!(value)
        );
        self.wait_for(&script, PATIENCE).map(drop)
    }

    /// Goes to a step of the project: `data`, `labels`, `model`, `train`, `report`, `try` or `export`.
    ///
    /// # Errors
    /// The step can't be gone to.
    pub fn go_to(&self, step: &str) -> Result<(), DriverError> {
        let script = format!(
            "const step = document.querySelector('[data-step={step}]'); \
             if (!step || step.getAttribute('aria-disabled') === 'true') return false; \
             step.click(); return step.getAttribute('aria-current') === 'step' || 'once more';"
        );
        self.wait_for(&script, PATIENCE).map(drop)
    }

    /// Calls a command of the shell as the page does; a fault is the answer's `error`.
    ///
    /// # Errors
    /// The app has ended.
    pub fn invoke(&self, command: &str, arguments: &Value) -> Result<Value, DriverError> {
        self.execute_async(&format!(
            "const done = arguments[0]; \
             window.__TAURI_INTERNALS__.invoke({}, {arguments}).then(done, (error) => done({{error}}));",
            json!(command)
        ))
    }

    /// Writes pictures of the page in both themes: `<name>-light.png` and `<name>-dark.png`.
    ///
    /// # Errors
    /// A picture does not come or can't be written.
    pub fn pictures(&self, folder: &Path, name: &str) -> Result<(), DriverError> {
        let before = self.execute("return document.documentElement.dataset.theme ?? null")?;
        for theme in ["dark", "light"] {
            self.execute(&format!(
                "document.documentElement.dataset.theme = '{theme}'; return true"
            ))?;
            self.picture(&folder.join(format!("{name}-{theme}.png")))?;
        }
        let restored = match before {
            Value::Null => "delete document.documentElement.dataset.theme".to_owned(),
            theme => format!("document.documentElement.dataset.theme = {theme}"),
        };
        self.execute(&format!("{restored}; return true")).map(drop)
    }

    /// What the red banner above the page says, when an error reached it.
    ///
    /// # Errors
    /// The app has ended.
    pub fn error_banner(&self) -> Result<Option<String>, DriverError> {
        let found =
            self.execute("return document.getElementById('error-banner')?.textContent ?? null")?;
        Ok(found.as_str().map(str::to_owned))
    }
}
