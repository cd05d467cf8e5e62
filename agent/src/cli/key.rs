//! `key`: made, named, copied. Secrets are written to files of mode 0600 and never printed.

use std::path::PathBuf;

use clap::Subcommand;
use schemas::exit::Exit;

use super::failure::Failure;
use super::secret::{Again, LockedCopy};
use super::{fill_random, print};
use crate::backup::{self, Locked};
use crate::config::Config;
use crate::pseudonymise::Keys;
use crate::setup;

/// The commands on keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make new keys in a new file; keep a copy of it in a safe place.
    New {
        /// The file, instead of the configuration's.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The key's id, instead of the configuration's.
        #[arg(long, value_name = "ID")]
        id: Option<schemas::id::KeyId>,
    },
    /// Show the key's id and fingerprint.
    Id {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Write a copy of the keys under a passphrase to a new file.
    Backup(LockedCopy),
    /// Write the keys of a copy to a new key file.
    Restore {
        #[command(flatten)]
        copy: LockedCopy,
        /// The file, instead of the configuration's.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(super) fn run(command: &KeyCommand, config: impl Fn() -> Result<Config, Failure>) -> Result<Exit, Failure> {
    match command {
        KeyCommand::New { out, id } => {
            let (out, id) = if let (Some(out), Some(id)) = (out, id) {
                (out.clone(), id.clone())
            } else {
                let config = config()?;
                let out = out.clone().map_or_else(|| key_file(&config), Ok)?;
                (out, id.clone().unwrap_or_else(|| config.pseudonym.key_id.clone()))
            };
            let keys = Keys::generate(&id, fill_random)?;
            keys.write_new(&out)?;
            print::key(&keys, Some(&out), false)
        }
        KeyCommand::Id { json } => {
            let config = config()?;
            print::key(&Keys::read(&key_file(&config)?)?, None, *json)
        }
        KeyCommand::Backup(copy) => back_up(copy, &config()?),
        KeyCommand::Restore { copy, out } => {
            let out = out.clone().map_or_else(|| key_file(&config()?), Ok)?;
            let passphrase = copy.passphrase(Again::No)?;
            let keys = backup::restore_keys(Locked { path: &copy.file, passphrase: &passphrase }, &out)?;
            print::key(&keys, Some(&out), false)
        }
    }
}

fn back_up(copy: &LockedCopy, config: &Config) -> Result<Exit, Failure> {
    let keys = setup::read_keys(config)?;
    let passphrase = copy.passphrase(Again::Yes)?;
    let mut salt = [0; 32];
    fill_random(&mut salt);
    backup::back_up_keys(&keys, Locked { path: &copy.file, passphrase: &passphrase }, salt)?;
    print::text(&format!(
        "{} (fingerprint {}) written to {}; keep it elsewhere than this host, and the passphrase elsewhere than the file\n",
        keys.id(),
        keys.fingerprint(),
        copy.file.display()
    ))
}

fn key_file(config: &Config) -> Result<PathBuf, Failure> {
    let file = config.pseudonym.key_file.as_ref();
    file.map(|file| config.path(file))
        .ok_or_else(|| Failure::new(Exit::Config, "[pseudonym] key_file is not given; name a file with --out"))
}
