//! `embert worker` as the window has it: a process that is spoken to line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Place;

/// Longest wait for a line; a test that gets this far has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running worker. It is killed when it is dropped.
pub(crate) struct Worker {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Worker {
    pub(crate) fn start(place: &Place) -> Self {
        let mut child = place
            .command(&["worker"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            stdin,
            lines,
        }
    }

    pub(crate) fn send_line(&mut self, line: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin
            .write_all(line)
            .and_then(|()| stdin.write_all(b"\n"))
            .and_then(|()| stdin.flush())
            .unwrap();
    }

    pub(crate) fn send(&mut self, id: u64, method: &str, params: Value) {
        self.send_line(
            json!({"id": id, "method": method, "params": params})
                .to_string()
                .as_bytes(),
        );
    }

    /// The next line, which must be one JSON object.
    pub(crate) fn next(&self) -> Value {
        let line = self
            .lines
            .recv_timeout(PATIENCE)
            .expect("the worker says something");
        let value: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"));
        assert!(value.is_object(), "{line}");
        value
    }

    /// The answer to request `id` and the events before it; answers to others are left out.
    pub(crate) fn answer(&self, id: u64) -> (Value, Vec<Value>) {
        let mut events = Vec::new();
        loop {
            let line = self.next();
            match line.get("event") {
                Some(event) if line["id"] == id => events.push(event.clone()),
                Some(_) => {}
                None if line["id"] == id => return (line, events),
                None => {}
            }
        }
    }

    /// Waits for an event of the kind.
    pub(crate) fn wait_for(&self, kind: &str) -> Value {
        loop {
            let line = self.next();
            if line["event"]["kind"] == kind {
                return line;
            }
            assert!(
                line.get("event").is_some(),
                "an answer came before {kind}: {line}"
            );
        }
    }

    /// Closes stdin, as a window does that ends.
    pub(crate) fn close(&mut self) {
        drop(self.stdin.take());
    }

    /// Closes stdin and returns the exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.close();
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the worker does not end");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
