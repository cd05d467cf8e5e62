//! A program under `strace`, which lists its calls, kills it at one of them or lets one of them fail.
//!
//! Promises: a killed program does not make the call at which it is killed; nothing that was started outlives its value.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use super::call::{Point, WRITING};

/// What becomes of a call.
#[derive(Debug, Clone)]
pub enum Blow {
    /// The program is killed when it is about to make it.
    Kill(Point),
    /// It is not made, and the program is told of this error.
    Fail(Point, Errno),
}

/// What a disk says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errno {
    /// No room.
    NoSpace,
    /// It could not be read or written.
    Io,
}

impl Errno {
    /// As `strace` names it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoSpace => "ENOSPC",
            Self::Io => "EIO",
        }
    }
}

/// Whether `strace` is there and may trace. CI has it installed, so its absence is a failure there.
///
/// # Panics
/// In CI, when it is missing.
#[must_use]
pub fn is_here() -> bool {
    let here = Command::new("strace").args(["-f", "-qq", "sh", "-c", ":"]).output();
    let here = here.is_ok_and(|output| output.status.success());
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(here || !strict, "strace is missing; run `apt-get install strace`");
    if !here {
        println!("not checked: strace is missing or may not trace; run `apt-get install strace` as root");
    }
    here
}

/// The same command under `strace`, with its calls that write in a list; of a blow, those of the one place.
#[must_use]
pub fn watched(command: &Command, list: &Path, blow: Option<&Blow>) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-q", "-y", "-s", "0", "--signal=none", "-o"]).arg(list);
    match blow {
        None => {
            strace.arg("--seccomp-bpf").arg(format!("--trace={}", WRITING.join(",")));
        }
        Some(Blow::Kill(point)) => aim(&mut strace, point, "signal=KILL"),
        Some(Blow::Fail(point, errno)) => aim(&mut strace, point, &format!("error={}", errno.word())),
    }
    behind(strace, command)
}

/// A command with another in front of it.
pub(super) fn behind(mut strace: Command, command: &Command) -> Command {
    strace.arg("--").arg(command.get_program()).args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => strace.env(variable, value),
            None => strace.env_remove(variable),
        };
    }
    strace.stdin(std::process::Stdio::null());
    strace
}

fn aim(strace: &mut Command, Point { place, nth }: &Point, deed: &str) {
    strace.arg(format!("--trace={}", place.call)).arg(format!("--inject={}:{deed}:when={nth}", place.call));
    // Stopping at these calls alone would be quicker, but then not every one of them counts.
    if let Some(file) = &place.file {
        strace.arg("-P").arg(file);
    }
}

/// The program that a `strace` started; killed when the value goes, because `strace` would let it live.
#[derive(Debug)]
pub struct Traced(Option<Pid>);

impl Traced {
    /// Of a running `strace`; of one whose program is gone, nobody.
    #[must_use]
    pub fn by(strace: u32) -> Self {
        let children = std::fs::read_to_string(PathBuf::from(format!("/proc/{strace}/task/{strace}/children")));
        let child = children.ok().and_then(|children| children.split_whitespace().next()?.parse().ok());
        Self(child.and_then(Pid::from_raw))
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.0.and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok())
    }

    /// Kills it at once.
    pub fn kill(&mut self) {
        // One that has ended already cannot be killed, which is as good.
        self.0.take().map(|pid| kill_process(pid, Signal::KILL).ok());
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        self.kill();
    }
}
