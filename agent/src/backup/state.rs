//! Keys, list of objections and state together: a copy of a host, and another host in its place.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::archive::{Archive, Of};
use super::{BackupError, Locked};
use crate::config::Config;
use crate::objections::{self, Objections};
use crate::outbox::{self, Outbox};
use crate::pseudonymise::{KeyError, Keys};
use crate::setup::{self, Setup, SetupError};
use crate::vault::{self, FileError};

/// What was put back.
pub struct Put {
    /// The keys.
    pub keys: Keys,
    /// Where they were written; nothing where they were already.
    pub key_file: Option<PathBuf>,
    /// When the copy was made, RFC 3339 UTC.
    pub made_at: String,
    /// Objections in it.
    pub objections: u64,
}

/// Writes a copy of everything; no cycle runs meanwhile. Answers how many objections it holds. `salt` must be new random bytes.
///
/// # Errors
/// [`BackupError`]; then there is no copy.
pub async fn back_up(setup: &Setup, copy: Locked<'_>, (now, salt): (Timestamp, [u8; 32])) -> Result<u64, BackupError> {
    let state_dir = setup.config.state_dir();
    let mut outbox = Outbox::open(&state_dir).await?;
    let state = outbox.image().await?;
    // Behind the state: whoever is in the list need not be dealt with in the state, the other way round they must be in the list.
    let mut list = Objections::open(&state_dir, &setup.keys).await?;
    let archive = Archive {
        of: Of { made_at: now.to_string(), ..of(&setup.config) },
        keys: setup.keys.file_text(),
        objections: list.image(&state_dir).await?,
        outbox: state,
    };
    let locked = vault::lock(&archive.bytes().map_err(FileError::of(copy.path))?, copy.passphrase, salt)?;
    vault::write_new(copy.path, &locked)?;
    Ok(list.count().await?.all)
}

/// Puts a copy into a state directory without a state, and the keys where the configuration wants them, or into `key_file`.
///
/// # Errors
/// [`BackupError`]; nothing that was there is changed.
pub async fn restore(config: &Config, copy: Locked<'_>, key_file: Option<&Path>) -> Result<Put, BackupError> {
    let locked = vault::read(copy.path)?;
    let Archive { of: of_copy, keys, objections, outbox } = Archive::of_bytes(&vault::open(&locked, copy.passphrase)?)?;
    let keys = Keys::read_from_text(&keys)?;
    let configured = of(config);
    if shown(&of_copy) != shown(&configured) {
        return Err(BackupError::Other { copy: shown(&of_copy), configured: shown(&configured) });
    }
    let state_dir = config.state_dir();
    let held = outbox::hold(&state_dir)?;
    for name in [outbox::FILE, objections::FILE] {
        if state_dir.join(name).exists() {
            return Err(BackupError::NotEmpty(state_dir.display().to_string()));
        }
    }
    let key_file = put_keys(config, &keys, key_file)?;
    // The list first: without it nothing may be sent, without the state everything is sent again.
    for (name, bytes) in [(objections::FILE, &objections), (outbox::FILE, &outbox)] {
        let path = state_dir.join(name);
        put(&path, bytes).map_err(FileError::of(&path))?;
    }
    drop(held);
    Outbox::open(&state_dir).await?.begin_anew().await?;
    let objections = Objections::open(&state_dir, &keys).await?.count().await?.all;
    Ok(Put { keys, key_file, made_at: of_copy.made_at, objections })
}

fn of(config: &Config) -> Of {
    Of {
        sender: config.agent.region.to_string(),
        environment: config.agent.environment.word().into(),
        kid: config.pseudonym.key_id.to_string(),
        agent: env!("CARGO_PKG_VERSION").into(),
        made_at: String::new(),
    }
}

fn shown(of: &Of) -> String {
    format!("sender {} in {} with the key {}", of.sender, of.environment, of.kid)
}

/// Writes the keys unless they are there; tells where.
fn put_keys(config: &Config, keys: &Keys, out: Option<&Path>) -> Result<Option<PathBuf>, BackupError> {
    let out = match (out, setup::read_keys(config)) {
        (Some(out), _) => out.to_owned(),
        (None, Ok(there)) if *there.file_text() == *keys.file_text() => return Ok(None),
        (None, Ok(_)) => return Err(BackupError::OtherKeys),
        (None, Err(SetupError::Key(KeyError::Missing(file)))) if config.pseudonym.key_file.is_some() => file,
        (None, Err(error)) => return Err(error.into()),
    };
    keys.write_new(&out)?;
    Ok(Some(out))
}

/// Writes a file whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("restoring");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}
