//! A server's life: a folder and a port of its own, start, stop, start again.
//!
//! Promises: the folder is this server's alone and goes with it; the port stays the same over a restart, so addresses stay valid.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;

use crate::account::Account;
use crate::guard::{Guarded, Start};

/// Starts with other ports before giving up: between choosing a free port and listening on it another process may take it.
const ATTEMPTS: usize = 5;

/// How a server is stopped; [`start_again`](crate::Postgres::start_again) brings it back with what it had promised to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// As an administrator does: what is underway is cut off, the files are left in order.
    Orderly,
    /// As after a crash: at once, so that the next start recovers from the log.
    Crash,
}

/// Settings of a server by their names.
pub(crate) type Settings<'a> = &'a [(&'a str, &'a str)];

/// What differs between the engines.
pub(crate) struct Kind {
    /// The account to run under when this process is root.
    pub(crate) account: &'static str,
    /// The command that makes the data folder.
    pub(crate) initialise: fn(&Place) -> anyhow::Result<Vec<String>>,
    /// The command that serves it, with further settings.
    pub(crate) serve: fn(&Place, Settings<'_>) -> anyhow::Result<Vec<String>>,
    /// What the log says when the server can be used.
    pub(crate) ready: &'static str,
    /// The signal of an orderly stop.
    pub(crate) orderly: &'static str,
    /// The signal of a stop without delay.
    pub(crate) crash: &'static str,
}

/// Where a server is.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its folder; the data lie in `data` below it, the Unix socket directly in it.
    pub(crate) folder: PathBuf,
    /// Its port on 127.0.0.1.
    pub(crate) port: u16,
}

impl Place {
    /// Where its data lie.
    pub(crate) fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }
}

/// A server that is running or stopped for a while.
pub(crate) struct Engine {
    kind: &'static Kind,
    /// Where it is.
    pub(crate) place: Place,
    account: Account,
    settings: Vec<(String, String)>,
    running: Mutex<Option<Guarded>>,
    databases: AtomicU32,
}

impl Engine {
    /// Makes a new, empty server and waits until it can be used.
    pub(crate) fn start(kind: &'static Kind, settings: Settings<'_>) -> anyhow::Result<Self> {
        let account = Account::for_server(kind.account)?;
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let mut attempts = (0..ATTEMPTS).map(|_| {
            let (place, guarded) = first_start(kind, account, &settings)?;
            Ok(Self {
                kind,
                place,
                account,
                settings: settings.clone(),
                running: Mutex::new(Some(guarded)),
                databases: AtomicU32::new(0),
            })
        });
        let first: anyhow::Result<Self> = attempts.next().context("there is a first attempt")?;
        first.or_else(|error| attempts.find_map(Result::ok).ok_or(error))
    }

    /// Stops it; its files stay. Does nothing when it is stopped.
    pub(crate) fn stop(&self, how: Stop) -> anyhow::Result<()> {
        let signal = match how {
            Stop::Orderly => self.kind.orderly,
            Stop::Crash => self.kind.crash,
        };
        self.running().take().map_or(Ok(()), |guarded| guarded.stop(signal))
    }

    /// Starts it again on its port and waits until it can be used. Does nothing when it runs.
    pub(crate) fn start_again(&self) -> anyhow::Result<()> {
        let mut running = self.running();
        if running.is_none() {
            *running = Some(serve(self.kind, self.account, &self.place, &self.settings)?);
        }
        Ok(())
    }

    /// A name that no other database of this server has.
    pub(crate) fn unique(&self, name: &str) -> String {
        format!("{name}_{}", self.databases.fetch_add(1, Ordering::Relaxed))
    }

    fn running(&self) -> MutexGuard<'_, Option<Guarded>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn first_start(kind: &Kind, account: Account, settings: &[(String, String)]) -> anyhow::Result<(Place, Guarded)> {
    let temporary = tempfile::tempdir().context("there is no room for a server's folder")?;
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr())?.port();
    account.own(temporary.path())?;
    let place = Place { folder: temporary.path().to_owned(), port };
    let command = (kind.initialise)(&place)?;
    run(account, &place.folder, &command)?;
    let guarded = serve(kind, account, &place, settings)?;
    // From here on the server's guard removes it.
    let _ = temporary.keep();
    Ok((place, guarded))
}

fn serve(kind: &Kind, account: Account, place: &Place, settings: &[(String, String)]) -> anyhow::Result<Guarded> {
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let command = (kind.serve)(place, &settings)?;
    let (last_signal, ready) = (kind.crash, kind.ready);
    Guarded::start(&Start { account, folder: &place.folder, command, last_signal, ready })
}

fn run(account: Account, folder: &Path, command: &[String]) -> anyhow::Result<()> {
    let (program, arguments) = command.split_first().context("a command has a program")?;
    let mut run = Command::new(program);
    run.args(arguments).current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null());
    account.run(&mut run);
    succeeded(program, &run.output().with_context(|| format!("{program} cannot be started"))?).map(|_| ())
}

/// What a program printed; its complaint when it failed.
pub(crate) fn succeeded(program: &str, output: &Output) -> anyhow::Result<String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(anyhow::anyhow!("{program} failed ({}): {}", output.status, complaint.trim()))
}
