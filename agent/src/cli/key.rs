//! `key`: made, named, copied. Secrets are written to files of mode 0600 and never printed.

use std::path::PathBuf;

use clap::Subcommand;
use schemas::exit::Exit;

use super::failure::Failure;
use super::objections::note_in;
use super::secret::{Again, LockedCopy};
use super::{fill_random, print};
use crate::backup::{self, Locked};
use crate::config::Config;
use crate::objections::Objections;
use crate::outbox::Outbox;
use crate::pseudonymise::Keys;
use crate::reset::{self, Made, Old, ResetError};
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
    /// Make new person and record keys where the old ones were lost or seen, and send the whole set again under them.
    ///
    /// First let [pseudonym] `key_id` name the next key, such as r12-g2. The objection key stays, and the old file is kept beside the new
    /// one. The register goes on counting the old set until the new one is whole, and takes nothing under the old keys any more.
    Reset {
        /// The old file is lost for good: make a new objection key too. Nobody in the list of objections can be recognised then; it is set
        /// aside, and a person in charge has to answer for going on without it.
        #[arg(long)]
        lost: bool,
        /// Take a new set that has fewer treatments than the old one.
        #[arg(long, conflicts_with = "lost")]
        take_fewer: bool,
    },
}

pub(super) async fn run(command: &KeyCommand, config: impl Fn() -> Result<Config, Failure>) -> Result<Exit, Failure> {
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
        KeyCommand::Reset { take_fewer: true, .. } => {
            let mut outbox = Outbox::open(&config()?.state_dir()).await?;
            let words = if reset::take_fewer(&mut outbox).await? {
                "the next run puts the new set in the old one's place as it is\n"
            } else {
                "no reset is under way; nothing was changed\n"
            };
            print::text(words)
        }
        KeyCommand::Reset { lost, .. } => renew(&config()?, if *lost { Old::Lost } else { Old::Readable }).await,
        KeyCommand::Backup(copy) => back_up(copy, &config()?),
        KeyCommand::Restore { copy, out } => {
            let out = out.clone().map_or_else(|| key_file(&config()?), Ok)?;
            let passphrase = copy.passphrase(Again::No)?;
            let keys = backup::restore_keys(Locked { path: &copy.file, passphrase: &passphrase }, &out)?;
            print::key(&keys, Some(&out), false)
        }
    }
}

impl From<ResetError> for Failure {
    fn from(error: ResetError) -> Self {
        match (error.exit(), error) {
            (_, ResetError::Outbox(error)) => error.into(),
            (_, ResetError::Objections(error)) => error.into(),
            (exit, error) => Self::new(exit.unwrap_or(Exit::Failed), error.to_string()),
        }
    }
}

async fn renew(config: &Config, old: Old) -> Result<Exit, Failure> {
    let Made { keys, file, old_file, lost_list } = reset::make(config, old, fill_random).await?;
    note_in(&mut Objections::open(&config.state_dir(), &keys).await?, "key reset", (0, None)).await?;
    let kept = old_file.map(|old| format!("; the old keys are kept in {}", old.display())).unwrap_or_default();
    let aside = lost_list.map(|list| {
        format!(
            "the list of objections cannot be read under a new objection key and is set aside as {}\n",
            list.display()
        )
    });
    let text = format!(
        "{} (fingerprint {}) written to {}{kept}; keep a copy (`registry-agent key backup FILE`)\n\
         the next run sends everything under the new keys; pairs of `person merge` have to be said again\n{}",
        keys.id(),
        keys.fingerprint(),
        file.display(),
        aside.unwrap_or_default()
    );
    print::text(&text)
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
