//! `key new` and `key id`. Secrets are written to a file of mode 0600 and never printed.

use std::path::PathBuf;

use clap::Subcommand;
use schemas::exit::Exit;

use super::failure::Failure;
use super::{fill_random, print};
use crate::config::Config;
use crate::pseudonymise::Keys;

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
    }
}

fn key_file(config: &Config) -> Result<PathBuf, Failure> {
    let file = config.pseudonym.key_file.as_ref();
    file.map(|file| config.path(file))
        .ok_or_else(|| Failure::new(Exit::Config, "[pseudonym] key_file is not given; name a file with --out"))
}
