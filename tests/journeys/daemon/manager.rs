//! A service manager in the place of systemd: the socket that a daemon tells of itself, and its signals.
//!
//! Promises: a journey waits on what the daemon says, never on time; what never comes fails it with all that was said.

use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;

use end_to_end::process::{AGENT, Running, command};
use end_to_end::site::Site;
use rustix::process::{Pid, Signal, kill_process};

/// The limit of a wait, for a journey that would otherwise hang.
const LIMIT: Duration = Duration::from_mins(2);

/// A daemon under a manager.
pub(super) struct Managed {
    pub(super) running: Running,
    socket: UnixDatagram,
    log: PathBuf,
    said: Vec<String>,
}

impl Managed {
    /// Starts `run` of a site with a watchdog of a few seconds.
    pub(super) fn start(site: &Site) -> Self {
        let path = site.folder.join("notify");
        // The socket of an earlier daemon of the site.
        drop(std::fs::remove_file(&path));
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        let mut agent = command(AGENT, Some(&site.config()), &["run"]).unwrap();
        agent.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "2000000").env_remove("WATCHDOG_PID");
        let log = site.folder.join("run.log");
        Self { running: Running::start(agent, &log).unwrap(), socket, log, said: Vec::new() }
    }

    /// Waits until the daemon says a line that fits, and gives it.
    pub(super) fn until(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let mut from = 0;
        loop {
            if let Some(found) = self.said[from..].iter().find(|line| fits(line)) {
                return found.clone();
            }
            from = self.said.len();
            let mut bytes = [0; 4096];
            let length = match self.socket.recv(&mut bytes) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => panic!("{what} was not said ({error}), but {:?}\n{}", self.said, self.log()),
            };
            self.said.extend(String::from_utf8_lossy(&bytes[..length]).lines().map(str::to_owned));
        }
    }

    /// Waits for a line that is said after this call only.
    pub(super) fn hears(&mut self, line: &str) -> String {
        self.until(line, |said| said.starts_with(line))
    }

    /// Forgets what was said, so that the next wait is for something new.
    pub(super) fn forget(&mut self) {
        self.said.clear();
    }

    /// Sends a signal.
    pub(super) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.running.id()).ok().and_then(Pid::from_raw).unwrap();
        kill_process(id, signal).unwrap();
    }

    /// Sends a signal and gives the exit code.
    pub(super) fn stop(&mut self, signal: Signal) -> i32 {
        self.signal(signal);
        self.running.wait().unwrap()
    }

    /// What was logged.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// Appends a schedule that has nothing to do today.
pub(super) fn plan(config: &Path, cron: &str) {
    let text = std::fs::read_to_string(config).unwrap();
    let text = text.split("\n[schedule]").next().unwrap_or_default();
    std::fs::write(config, format!("{text}\n[schedule]\ncron = \"{cron}\"\njitter = \"0s\"\n")).unwrap();
}
