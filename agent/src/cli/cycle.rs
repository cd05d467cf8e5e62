//! A cycle in a process of its own, for the daemon: what a cycle needs in memory is given back when it ends, and a cycle that breaks
//! down takes no daemon along.
//!
//! Promises: the cycle runs under the configuration that the daemon holds, whatever stands in its file by now, while the files that it
//! names (mapping, code lists, `url_file`, keys, certificates) are read afresh by each run; dropping the wait kills the process, which
//! loses nothing (a cycle is kept whole or not at all, a batch is closed by its receipt alone).
//! Must not know: when cycles run.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use schemas::exit::Exit;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::failure::Failure;
use super::once;
use crate::config::Config;
use crate::cycle::{Extent, Progress};
use crate::daemon::Came;
use crate::push::Delivered;
use crate::setup::Setup;

/// The program that runs, also when an upgrade has put another in its place.
const OURSELVES: &str = "/proc/self/exe";

/// A line on the standard output of the process.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Looked,
    Read(u64),
    Queued(u64),
    Attempt,
    Delivered(u32),
    /// The last one, in words.
    Ended(String),
}

/// Runs a cycle in another process.
pub(super) async fn start(path: &Path, config: &Config, progress: &(dyn Fn(Progress) + Sync)) -> std::io::Result<Came> {
    let mut child = Command::new(OURSELVES)
        .arg("--config")
        .arg(path)
        .arg("cycle")
        // A signal for the daemon is not for the cycle.
        .process_group(0)
        .env_remove("NOTIFY_SOCKET")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(config.text.as_bytes()).await?;
    }
    let mut sentence = String::from("the cycle broke down; the log above may say why");
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            match serde_json::from_str(&line) {
                Ok(Line::Looked) => progress(Progress::Looked),
                Ok(Line::Read(rows)) => progress(Progress::Read(rows)),
                Ok(Line::Queued(records)) => progress(Progress::Queued(records)),
                Ok(Line::Attempt) => progress(Progress::Attempt),
                Ok(Line::Delivered(records)) => progress(Progress::Delivered(records)),
                Ok(Line::Ended(words)) => sentence = words,
                Err(_) => tracing::warn!("a line of the cycle cannot be read"),
            }
        }
    }
    let code = child.wait().await?.code();
    Ok(Came { exit: code.and_then(Exit::of_code).unwrap_or(Exit::Failed), sentence })
}

/// The other process: a cycle under the configuration that stands on standard input.
pub(super) async fn run(path: &Path) -> Result<Exit, Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| {
        Failure::new(Exit::Usage, format!("the configuration cannot be read from standard input ({error})"))
    })?;
    let (exit, sentence) = match cycle(path, text).await {
        Ok(ended) => ended,
        Err(failure) => (failure.exit(), failure.sentence().to_owned()),
    };
    say(&Line::Ended(sentence));
    Ok(exit)
}

async fn cycle(path: &Path, text: String) -> Result<(Exit, String), Failure> {
    let setup = Setup::read(Config::parse(path, text, std::env::vars())?)?;
    let progress = |progress: Progress| {
        say(&match progress {
            Progress::Looked => Line::Looked,
            Progress::Read(rows) => Line::Read(rows),
            Progress::Queued(records) => Line::Queued(records),
            Progress::Attempt => Line::Attempt,
            Progress::Delivered(records) => Line::Delivered(records),
        });
    };
    let mut done = once::cycle(&setup, Extent::Planned, &progress).await?;
    if done.outcome.delivered == Delivered::BegunAnew {
        done = once::cycle(&setup, Extent::Planned, &progress).await?;
    }
    Ok((done.exit, done.report.delivery))
}

/// A daemon that is gone hears nothing any more; the cycle goes on.
fn say(line: &Line) {
    if let Ok(text) = serde_json::to_string(line) {
        writeln!(std::io::stdout(), "{text}").ok();
    }
}
