//! Chromium without a window, over the pipe of its `DevTools` protocol.
//!
//! Promises: it asks nobody but this machine; nothing of it is left when the value goes. The pipe needs no driver and no package: a
//! message is JSON that ends with a zero byte.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Descriptor 3 is what Chromium reads, descriptor 4 what it writes.
const PIPE: &str = "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
const SWITCHES: [&str; 13] = [
    "--headless=new",
    "--remote-debugging-pipe",
    // Chromium's own sandbox refuses root, and the pages that it shows are the register's own.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
];
/// How long an answer may take before Chromium counts as stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running browser.
pub(crate) struct Chromium {
    child: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    number: u64,
    /// What happened and was not asked for yet.
    events: VecDeque<Value>,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let mut command = Command::new("sh");
        command.args(["-c", PIPE, "chromium"]).args(SWITCHES).arg(folder).env("HOME", profile.path());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell is on every machine");
        let (input, mut reader) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while reader.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                let read = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                if read.ok().is_none_or(|read| sender.send(read).is_err()) {
                    return;
                }
                message.clear();
            }
        });
        Self { child, input, output, number: 0, events: VecDeque::new(), _profile: profile }
    }

    /// Sends a command, to the browser or to one of its tabs, and gives its result.
    pub(crate) fn call(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let number = self.send(session, method, parameters);
        loop {
            let message = self.receive();
            if message["id"] == number {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    /// Waits for an event of a tab; what else happens meanwhile is kept.
    pub(crate) fn wait_for(&mut self, session: &str, method: &str) -> Value {
        loop {
            let of_tab = |event: &Value| event["sessionId"] == session && event["method"] == method;
            if let Some(place) = self.events.iter().position(of_tab) {
                return self.events.remove(place).unwrap()["params"].clone();
            }
            self.receive();
        }
    }

    /// What happened since this was asked last.
    pub(crate) fn events(&mut self) -> Vec<Value> {
        self.events.drain(..).collect()
    }

    fn send(&mut self, session: Option<&str>, method: &str, parameters: Value) -> u64 {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method });
        message["params"] = parameters;
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).expect("Chromium runs; without it run `apt-get install chromium` as root");
        self.number
    }

    fn receive(&mut self) -> Value {
        let message =
            self.output.recv_timeout(PATIENCE).expect("Chromium answers; without it run `apt-get install chromium`");
        if message.get("method").is_some() {
            // A page stands still behind a dialog; it is told of, not obeyed.
            if message["method"] == "Page.javascriptDialogOpening" {
                let session = message["sessionId"].as_str().map(str::to_owned);
                self.send(session.as_deref(), "Page.handleJavaScriptDialog", json!({ "accept": false }));
            }
            self.events.push_back(message.clone());
        }
        message
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
