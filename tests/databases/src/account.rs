//! Under which account a server runs: this process's own, unless that is root, which no database server wants to be.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use rustix::fs::{Gid, Uid, chown};

/// The account to take when this process is root and the server has none of its own.
const NOBODY: &str = "nobody";

/// An account other than this process's.
#[derive(Debug, Clone, Copy)]
struct Other {
    uid: u32,
    gid: u32,
}

/// Who runs a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account(Option<Other>);

impl Account {
    /// This process's account; when that is root, the named one, else `nobody`.
    pub(crate) fn for_server(preferred: &str) -> anyhow::Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self(None));
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("the list of accounts cannot be read")?;
        let other = entry(&accounts, preferred).or_else(|| entry(&accounts, NOBODY));
        let other =
            other.with_context(|| format!("this is root, and there is neither account {preferred} nor {NOBODY}"))?;
        Ok(Self(Some(other)))
    }

    /// Makes a command run under it.
    pub(crate) fn run(self, command: &mut Command) {
        if let Some(other) = self.0 {
            command.uid(other.uid).gid(other.gid);
        }
    }

    /// Gives it a file or folder.
    pub(crate) fn own(self, path: &Path) -> anyhow::Result<()> {
        let Some(other) = self.0 else { return Ok(()) };
        chown(path, Some(Uid::from_raw(other.uid)), Some(Gid::from_raw(other.gid)))
            .with_context(|| format!("{} cannot be given to the server's account", path.display()))
    }
}

fn entry(accounts: &str, name: &str) -> Option<Other> {
    let mut fields = accounts.lines().map(|line| line.split(':')).find_map(|mut fields| {
        let named = fields.next() == Some(name);
        named.then_some(fields)
    })?;
    // After name and password stand the numbers of account and group.
    Some(Other { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}
