//! A small blocking client of the WebDriver protocol, as much of it as the tests use.
//!
//! `WebKitWebDriver` is driven directly: with `TAURI_WEBVIEW_AUTOMATION` the app accepts it, and the option
//! `webkitgtk:browserOptions` names the program to start.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long the window and its page may take to come up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The app in a real window, with the driver in front of it. Both end when it is dropped.
pub(crate) struct Session {
    driver: Child,
    port: u16,
    id: String,
    /// The app's home folder, so that no test reads or writes the person's own.
    _home: tempfile::TempDir,
}

impl Session {
    /// Starts `app` with `environment` on top of an empty home folder and a valid language.
    pub(crate) fn open(app: &Path, environment: &[(&str, &str)]) -> Session {
        let home = tempfile::tempdir().expect("a folder for the app's home");
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LANG", "en_US.UTF-8")
            // With the switch that the app sets for NVIDIA cards, the driver's picture of the page never comes
            // (WebKitGTK 2.50 under Xvfb: no answer in 60 s; 4 s without it). The app leaves it alone when it is set.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "0")
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver starts (Debian package webkit2gtk-driver)");
        let mut session = Session {
            driver,
            port,
            id: String::new(),
            _home: home,
        };
        session.wait_until_driver_listens();

        let wanted = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": app, "args": []}
        }}});
        let answer = session
            .request("POST", "/session", &wanted)
            .expect("the window opens");
        session.id = text(&answer["sessionId"]);
        session
    }

    /// Waits until an element that matches `selector` is there, and returns its text.
    pub(crate) fn wait_for_text(&self, selector: &str) -> String {
        let started = Instant::now();
        let query = json!({"using": "css selector", "value": selector});
        loop {
            match self.command("POST", "/element", &query) {
                Ok(element) => {
                    let reference = element
                        .as_object()
                        .and_then(|fields| fields.values().next());
                    let path = format!(
                        "/element/{}/text",
                        text(reference.expect("an element reference"))
                    );
                    return text(
                        &self
                            .command("GET", &path, &Value::Null)
                            .expect("the element has a text"),
                    );
                }
                Err(error) if started.elapsed() > PATIENCE => {
                    panic!("{selector} did not appear within {PATIENCE:?}: {error}")
                }
                Err(_) => sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub(crate) fn execute(&self, script: &str) -> Value {
        self.command(
            "POST",
            "/execute/sync",
            &json!({"script": script, "args": []}),
        )
        .expect("the script runs")
    }

    /// Waits until `script` returns something other than nothing, false and 0, and returns it.
    pub(crate) fn wait_for(&self, script: &str) -> Value {
        let started = Instant::now();
        loop {
            let found = self.execute(script);
            let is_empty = [Value::Null, json!(false), json!(0)].contains(&found);
            if !is_empty {
                return found;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{script} was not true within {PATIENCE:?}; the page says: {}",
                self.execute("return document.body.innerText")
            );
            sleep(Duration::from_millis(100));
        }
    }

    /// Waits until a button begins with `words` and can be pressed, and presses it.
    pub(crate) fn press(&self, words: &str) {
        self.wait_for(&format!(
            "const button = [...document.querySelectorAll('button')] \
                .find((button) => !button.disabled && button.textContent.trim().startsWith({})); \
             button?.click(); return button !== undefined;",
            json!(words)
        ));
    }

    /// Calls a command of the shell as the page does, and waits until it is done.
    pub(crate) fn invoke(&self, command: &str, arguments: &Value) -> Value {
        let script = format!(
            "const done = arguments[0]; \
             window.__TAURI_INTERNALS__.invoke({}, {arguments}).then(done, (error) => done({{error}}));",
            json!(command)
        );
        self.command(
            "POST",
            "/execute/async",
            &json!({"script": script, "args": []}),
        )
        .expect("the command is answered")
    }

    /// Waits until the pictures of the page are there and the window has drawn what the page says.
    fn wait_for_paint(&self) {
        let script = "const done = arguments[0]; \
            const pictures = [...document.images].map((image) => image.decode().catch(() => {})); \
            const frame = () => new Promise((next) => requestAnimationFrame(next)); \
            Promise.all(pictures).then(frame).then(frame).then(() => setTimeout(() => done(true), 200));";
        self.command(
            "POST",
            "/execute/async",
            &json!({"script": script, "args": []}),
        )
        .expect("the page is drawn");
    }

    /// Writes a picture of the page to `path`.
    pub(crate) fn screenshot(&self, path: &Path) {
        self.wait_for_paint();
        let encoded = text(
            &self
                .command("GET", "/screenshot", &Value::Null)
                .expect("a picture"),
        );
        let png = base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .expect("base64");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, png).expect("the picture is written");
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.request(method, &format!("/session/{}{path}", self.id), body)
    }

    fn wait_until_driver_listens(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                started.elapsed() < PATIENCE,
                "WebKitWebDriver does not listen on port {}",
                self.port
            );
            sleep(Duration::from_millis(50));
        }
    }

    /// Sends one request on a connection of its own and returns the answer's `value`.
    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut stream =
            TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream
            .set_read_timeout(Some(PATIENCE))
            .map_err(|error| error.to_string())?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .map_err(|error| error.to_string())?;

        let (status, answer) = read_answer(stream).map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        if status == 200 {
            Ok(answer["value"].clone())
        } else {
            Err(answer["value"].to_string())
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

/// Reads the status and the body; the driver always gives a length.
fn read_answer(stream: TcpStream) -> std::io::Result<(u16, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((status, body))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
