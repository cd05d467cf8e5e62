//! A child process that ends with this process.
//!
//! Promises: the server is started by a shell that waits for the end of a pipe whose other end only this process holds; when this
//! process ends, for whatever reason, the pipe ends, and the shell stops the server at once and removes its folder. A signal of the
//! terminal does not reach the server. What it says last is kept for messages.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::Context as _;

use crate::account::Account;

/// The shell's part; its arguments are the folder, the last signal, and the server's command.
const SCRIPT: &str = r#"folder=$1 last=$2; shift 2
"$@" & server=$!
exec 2>/dev/null
if read -r signal; then kill -s "$signal" "$server"; wait "$server"; exit; fi
kill -s "$last" "$server"; wait "$server"; rm -rf "$folder""#;
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(2);
/// Lines of the server's log that a message shows.
const LAST_LINES: usize = 12;

/// What to start.
pub(crate) struct Start<'a> {
    /// The account to run under.
    pub(crate) account: Account,
    /// The server's folder.
    pub(crate) folder: &'a Path,
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
    /// The signal that stops it without delay.
    pub(crate) last_signal: &'static str,
    /// What its log says when it can be used.
    pub(crate) ready: &'static str,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Guarded {
    shell: Child,
}

impl Guarded {
    /// Starts a server and waits until it can be used.
    pub(crate) fn start(start: &Start<'_>) -> anyhow::Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "guard"]).arg(start.folder).arg(start.last_signal).args(&start.command);
        command.stdin(Stdio::piped()).stderr(Stdio::piped()).current_dir(start.folder).env("LC_ALL", "C");
        command.process_group(0);
        start.account.run(&mut command);
        let mut shell = command.spawn().context("the shell cannot be started")?;
        let log = shell.stderr.take().context("the shell has no standard error")?;
        let (tell, told) = sync_channel(1);
        let ready = start.ready;
        std::thread::spawn(move || follow(log, ready, &tell));
        let guarded = Self { shell };
        wait_until_ready(&told)?;
        Ok(guarded)
    }

    /// Stops the server with a signal and waits for its end; its folder stays.
    pub(crate) fn stop(mut self, signal: &str) -> anyhow::Result<()> {
        let mut pipe = self.shell.stdin.take().context("the server was stopped before")?;
        writeln!(pipe, "{signal}").context("the server's shell is gone")?;
        self.shell.wait().map(|_| ()).context("the server's end cannot be waited for")
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // When it is gone already there is nothing to wait for.
        let _ = self.shell.wait();
    }
}

fn wait_until_ready(told: &Receiver<Result<(), String>>) -> anyhow::Result<()> {
    match told.recv_timeout(PATIENCE) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(log)) => Err(anyhow::anyhow!("the server did not start: {log}")),
        Err(_) => Err(anyhow::anyhow!("the server was not ready after {} s", PATIENCE.as_secs())),
    }
}

/// Reads the log to its end, so that the server never waits for a reader, and tells when the server is ready or gone.
fn follow(log: impl Read, ready: &str, tell: &SyncSender<Result<(), String>>) {
    let mut last = VecDeque::new();
    for line in BufReader::new(log).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.contains(ready) {
            // Nobody listens after the first time.
            let _ = tell.try_send(Ok(()));
        }
        last.push_back(line);
        last.drain(..last.len().saturating_sub(LAST_LINES));
    }
    // The server alone holds the other end: it is gone.
    let _ = tell.try_send(Err(last.into_iter().collect::<Vec<_>>().join("\n")));
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Runs `test` in a process of its own, which holds a server while `variable` is set, kills that process as soon as it names the
    /// server's folder, and waits until nothing that it started runs any more: all of it writes to the same pipe.
    pub(crate) fn folder_of_a_killed_owner(variable: &str, test: &str) -> PathBuf {
        let this = std::env::current_exe().unwrap();
        let mut command = Command::new(this);
        command.args(["--exact", test, "--nocapture"]).env(variable, "1").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut owner = command.spawn().unwrap();
        let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines().map(Result::unwrap);
        let folder =
            lines.find_map(|line| line.split_once("folder ").map(|(_, folder)| PathBuf::from(folder))).unwrap();
        assert!(folder.join("data").exists());
        owner.kill().unwrap();
        owner.wait().unwrap();
        assert_eq!(lines.count(), 0);
        folder
    }
}
