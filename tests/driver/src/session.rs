//! The app in a real window, with WebKit's driver in front of it.
//!
//! `WebKitWebDriver` is driven directly: with `TAURI_WEBVIEW_AUTOMATION` the app accepts it, and the option
//! `webkitgtk:browserOptions` names the program to start.

use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::display::Display;
use crate::failure::DriverError;
use crate::http;

const DRIVER: &str = "WebKitWebDriver";

/// How long the window and its page may take for one thing on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at the page.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The app in a real window. Driver and app end when it is dropped.
pub struct Session {
    driver: Child,
    port: u16,
    id: String,
}

impl Session {
    /// Starts `app` on `display` with `environment` on top of `home` as home folder and a valid language.
    ///
    /// The app runs in `home`, so that it finds nothing of the folder that this program runs in.
    ///
    /// # Errors
    /// The driver or the app can't be started.
    pub fn open(
        app: &Path,
        display: &Display,
        home: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Session, DriverError> {
        let port = http::free_port().map_err(DriverError::Connection)?;
        let driver = display
            .command(DRIVER)
            .arg(format!("--port={port}"))
            .current_dir(home)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LANG", "en_US.UTF-8")
            // With the switch that the app sets for NVIDIA cards, the driver's picture of the page never comes
            // (WebKitGTK 2.50 under Xvfb: no answer in 60 s; 4 s without it). The app leaves it alone when it is set.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "0")
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| DriverError::Start {
                program: DRIVER,
                source,
            })?;
        let mut session = Session {
            driver,
            port,
            id: String::new(),
        };
        session.wait_until_driver_listens()?;
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": app, "args": []}
        }}});
        let answer = session.request("POST", "/session", &wanted)?;
        session.id = text(&answer["sessionId"]);
        Ok(session)
    }

    /// Runs the body of a function in the page and returns what it returns.
    ///
    /// # Errors
    /// The script fails, or the app has ended.
    pub fn execute(&self, script: &str) -> Result<Value, DriverError> {
        let body = json!({"script": script, "args": []});
        self.command("POST", "/execute/sync", &body)
    }

    /// Runs the body of a function whose last argument is to be called with the result, and waits for it.
    ///
    /// # Errors
    /// The script fails, or the app has ended.
    pub fn execute_async(&self, script: &str) -> Result<Value, DriverError> {
        let body = json!({"script": script, "args": []});
        self.command("POST", "/execute/async", &body)
    }

    /// Waits until `script` returns something other than nothing, false, 0 and an empty text, and returns it.
    ///
    /// # Errors
    /// It does not within `patience`.
    pub fn wait_for(&self, script: &str, patience: Duration) -> Result<Value, DriverError> {
        let started = Instant::now();
        loop {
            let found = self.execute(script)?;
            if ![Value::Null, json!(false), json!(0), json!("")].contains(&found) {
                return Ok(found);
            }
            if started.elapsed() > patience {
                return Err(DriverError::Patience {
                    what: script.to_owned(),
                    waited: patience,
                    page: text(&self.execute("return document.body.innerText")?),
                });
            }
            sleep(BETWEEN_LOOKS);
        }
    }

    /// Types `words` into the field that `selector` names, key by key.
    ///
    /// # Errors
    /// There is no such field.
    pub fn type_into(&self, selector: &str, words: &str) -> Result<(), DriverError> {
        let query = json!({"using": "css selector", "value": selector});
        let element = self.command("POST", "/element", &query)?;
        let reference = element
            .as_object()
            .and_then(|fields| fields.values().next())
            .map(text)
            .unwrap_or_default();
        let keys = json!({"text": words});
        self.command("POST", &format!("/element/{reference}/value"), &keys)
            .map(drop)
    }

    /// Writes a picture of the page to `path`, once the page has drawn what it says.
    ///
    /// # Errors
    /// The picture does not come or can't be written.
    pub fn picture(&self, path: &Path) -> Result<(), DriverError> {
        self.execute_async(
            "const done = arguments[0]; \
             const pictures = [...document.images].map((image) => image.decode().catch(() => {})); \
             const frame = () => new Promise((next) => requestAnimationFrame(next)); \
             Promise.all(pictures).then(frame).then(frame).then(() => setTimeout(() => done(true), 200));",
        )?;
        let encoded = text(&self.command("GET", "/screenshot", &Value::Null)?);
        let png = base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .map_err(|error| DriverError::Refused(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(path, png))
            .map_err(DriverError::Picture)
    }

    /// Whether the window is still there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.execute("return true").is_ok()
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, DriverError> {
        self.request(method, &format!("/session/{}{path}", self.id), body)
    }

    fn wait_until_driver_listens(&self) -> Result<(), DriverError> {
        let started = Instant::now();
        while !http::is_open(self.port) {
            if started.elapsed() > PATIENCE {
                return Err(DriverError::Program {
                    program: DRIVER,
                    said: format!("it does not listen on port {}", self.port),
                });
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Sends a request and returns the answer's `value`.
    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, DriverError> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = http::request(self.port, method, path, &body, PATIENCE)
            .map_err(DriverError::Connection)?;
        let content: Value = serde_json::from_slice(&answer.body)
            .map_err(|error| DriverError::Refused(error.to_string()))?;
        if answer.status == 200 {
            Ok(content["value"].clone())
        } else {
            Err(DriverError::Refused(content["value"].to_string()))
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Deleting the session closes the window; without it the app would outlive the driver.
        let _ = self.request("DELETE", &format!("/session/{}", self.id), &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
