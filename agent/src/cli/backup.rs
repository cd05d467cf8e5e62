//! `backup` and `restore`: a host's keys, list of objections and state, and another host in its place.

use std::path::PathBuf;

use schemas::exit::Exit;

use super::failure::Failure;
use super::objections::note_in;
use super::secret::{Again, LockedCopy};
use super::{fill_random, now, print};
use crate::backup::{self, BackupError, Locked, Put};
use crate::config::Config;
use crate::objections::Objections;
use crate::setup::Setup;

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArguments {
    #[command(flatten)]
    copy: LockedCopy,
    /// Where to write the keys, instead of the configuration's file; needed where systemd gives them as a credential.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match (error.exit(), error) {
            (_, BackupError::Setup(error)) => error.into(),
            (_, BackupError::Objections(error)) => error.into(),
            (_, BackupError::Outbox(error)) => error.into(),
            (exit, error) => Self::new(exit.unwrap_or(Exit::Failed), error.to_string()),
        }
    }
}

pub(super) async fn back_up(copy: &LockedCopy, config: Config) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let passphrase = copy.passphrase(Again::Yes)?;
    let mut salt = [0; 32];
    fill_random(&mut salt);
    let locked = Locked { path: &copy.file, passphrase: &passphrase };
    let persons = backup::back_up(&setup, locked, (now(), salt)).await?;
    print::text(&format!(
        "keys, {persons} objections and the state written to {}; keep it elsewhere than this host, and the passphrase elsewhere than the \
         file\n",
        copy.file.display()
    ))
}

pub(super) async fn restore(arguments: &RestoreArguments, config: Config) -> Result<Exit, Failure> {
    let RestoreArguments { copy, keys } = arguments;
    let passphrase = copy.passphrase(Again::No)?;
    let locked = Locked { path: &copy.file, passphrase: &passphrase };
    let Put { keys, key_file, made_at, objections } = backup::restore(&config, locked, keys.as_deref()).await?;
    note_in(&mut Objections::open(&config.state_dir(), &keys).await?, "restore", (objections, None)).await?;
    let written = key_file.map(|file| format!(" written to {}", file.display())).unwrap_or_default();
    print::text(&format!(
        "the copy of {made_at} is put back: the keys {} (fingerprint {}){written}, {objections} objections, and the state; \
         the next run sends everything again, and the register keeps what it has\n",
        keys.id(),
        keys.fingerprint()
    ))
}
