//! The built programs, run as an operator runs them.
//!
//! Promises: nothing that was started outlives its value; output is captured whole. Must not know what the output should say.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// The agent's program.
pub const AGENT: &str = "registry-agent";
/// The register's program.
pub const SERVER: &str = "registry-server";

/// What a command came to.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Exit code; 128 + signal when it was killed.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ended {
    /// The JSON document on standard output.
    ///
    /// # Errors
    /// When the output is no JSON.
    pub fn json(&self) -> anyhow::Result<serde_json::Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("no JSON document; it said: {}", self.stderr))
    }

    /// Itself, if it ended with one of these codes.
    ///
    /// # Errors
    /// With everything that it said otherwise.
    pub fn expect(self, codes: &[i32]) -> anyhow::Result<Self> {
        ensure!(
            codes.contains(&self.code),
            "exit code {} instead of {codes:?}\n{}\n{}",
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self)
    }
}

/// Where a built program stands: beside the running executable, or one folder up from a test's.
///
/// # Errors
/// When it has not been built.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let found = here.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built; run `cargo build --workspace` first"))
}

/// A command of a built program, without the environment's own settings.
///
/// # Errors
/// When the program has not been built.
pub fn command(name: &str, config: Option<&Path>, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(program(name)?);
    for (variable, _) in std::env::vars() {
        let of_ours = variable.starts_with("AGENT_") || variable.starts_with("REGISTRY_");
        if of_ours || variable.to_ascii_lowercase().ends_with("_proxy") {
            command.env_remove(variable);
        }
    }
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    command.args(arguments).stdin(Stdio::null());
    Ok(command)
}

/// Runs a command to its end.
///
/// # Errors
/// When it cannot be started.
pub fn run(name: &str, config: Option<&Path>, arguments: &[&str]) -> anyhow::Result<Ended> {
    ended(command(name, config, arguments)?)
}

/// Runs a prepared command to its end.
///
/// # Errors
/// When it cannot be started.
pub fn ended(mut command: Command) -> anyhow::Result<Ended> {
    use std::os::unix::process::ExitStatusExt as _;
    let output = command.output()?;
    let code = output.status.code().or_else(|| output.status.signal().map(|signal| 128 + signal)).unwrap_or(-1);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// Runs a prepared command to its end with a text on its standard input.
///
/// # Errors
/// When it cannot be started.
pub fn told(mut command: Command, input: &str) -> anyhow::Result<Ended> {
    // A pipe holds this much without anybody reading; more would have to be written beside.
    ensure!(input.len() < 60_000, "too long an input");
    let (reader, mut writer) = std::io::pipe()?;
    writer.write_all(input.as_bytes())?;
    drop(writer);
    command.stdin(reader);
    ended(command)
}

/// A running program; killed when the value goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts a prepared command with its errors in a file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command, errors: &Path) -> anyhow::Result<Self> {
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(errors)?;
        Ok(Self { child: command.stdout(Stdio::piped()).stderr(errors).spawn()? })
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once, as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
        // A process that has ended already cannot be killed, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end and gives the exit code.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn wait(&mut self) -> anyhow::Result<i32> {
        use std::os::unix::process::ExitStatusExt as _;
        let status = self.child.wait()?;
        Ok(status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A running register with its addresses.
#[derive(Debug)]
pub struct Server {
    /// The process.
    pub running: Running,
    /// The regions' listener.
    pub regions: SocketAddr,
    /// The listener for people, where there is one.
    pub people: Option<SocketAddr>,
    /// The operators' listener.
    pub admin: SocketAddr,
}

impl Server {
    /// Starts `registry-server serve` and reads its addresses from its output.
    ///
    /// # Errors
    /// When it ends before it listens; the message holds what it said.
    pub fn start(config: &Path, errors: &Path) -> anyhow::Result<Self> {
        Self::start_with(command(SERVER, Some(config), &["serve"])?, errors)
    }

    /// Starts a prepared `serve` and reads its addresses from its output.
    ///
    /// # Errors
    /// When it ends before it listens; the message holds what it said.
    pub fn start_with(command: Command, errors: &Path) -> anyhow::Result<Self> {
        let mut running = Running::start(command, errors)?;
        let output = running.child.stdout.take().context("the output is captured")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = BTreeMap::new();
        while !said.contains_key("admin") {
            let Some(line) = lines.next().transpose()? else {
                bail!("the register ended before it listened: {}", std::fs::read_to_string(errors).unwrap_or_default())
            };
            if let Some((listener, address)) = line.split_once(" listening on ") {
                said.insert(listener.to_owned(), address.trim().parse()?);
            }
        }
        let (people, admin) = (said.get("people").copied(), said["admin"]);
        let regions = *said.get("regions").context("the register did not say where regions deliver")?;
        // Nothing more is expected on standard output; reading on keeps the pipe from filling.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { running, regions, people, admin })
    }
}
