//! The new key file in the old one's place.
//!
//! Promises: the state forgets the old set before the keys change, and the key file is one or the other, never half; the old file is
//! kept beside the new one.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::ResetError;
use crate::config::Config;
use crate::objections;
use crate::outbox::Outbox;
use crate::pseudonymise::{KeyError, Keys};
use crate::setup::kept_key_file;

/// What is known of the keys before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    /// Their file can be read.
    Readable,
    /// They are lost for good, and with them who said no.
    Lost,
}

/// The new keys.
pub struct Made {
    /// They.
    pub keys: Keys,
    /// Their file.
    pub file: PathBuf,
    /// Where the old file is kept, where there was one.
    pub old_file: Option<PathBuf>,
    /// Where a list of objections is kept that nobody can read any more.
    pub lost_list: Option<PathBuf>,
}

/// Makes new person and record keys under the id that the configuration names, with the objection key of the old file, and lets the next
/// cycle send everything under them.
///
/// # Errors
/// [`ResetError`]; the same again goes on from there.
pub async fn make(config: &Config, old: Old, random: impl FnMut(&mut [u8])) -> Result<Made, ResetError> {
    let file = config.pseudonym.key_file.as_ref().map(|file| config.path(file)).ok_or(ResetError::NoFile)?;
    let kid = &config.pseudonym.key_id;
    let before = match Keys::read(&file) {
        Ok(keys) => Some(keys),
        Err(KeyError::Missing(_) | KeyError::Malformed(_) | KeyError::NotOwnId) if old == Old::Lost => None,
        Err(error @ (KeyError::Missing(_) | KeyError::Malformed(_))) => return Err(ResetError::Unreadable(error)),
        Err(error) => return Err(error.into()),
    };
    let there = before.as_ref().map_or_else(|| config.agent.region.first_key_id(), |keys| keys.id().clone());
    if !kid.belongs_to(&config.agent.region) || kid.generation() <= there.generation() {
        let next = format!("r{}-g{}", config.agent.region, there.generation() + 1);
        return Err(ResetError::NotLater { named: kid.to_string(), there: there.to_string(), next });
    }
    let mut outbox = Outbox::open(&config.state_dir()).await?;
    let beside = kept_key_file(&file, kid.as_str());
    let keys = match Keys::read(&beside) {
        // An earlier try broke off behind it.
        Ok(keys) if keys.id() == kid => keys,
        Ok(_) => return Err(KeyError::Exists(beside).into()),
        Err(KeyError::Missing(_)) => {
            let keys = match (&before, old) {
                (Some(before), Old::Readable) => before.renewed(kid, random)?,
                _ => Keys::generate(kid, random)?,
            };
            keys.write_new(&beside)?;
            keys
        }
        Err(error) => return Err(error.into()),
    };
    let lost_list = if old == Old::Lost { set_aside(&config.state_dir())? } else { None };
    outbox.begin_reset(kid).await?;
    let old_file = replace(&file, &beside, before.as_ref().map_or("lost", |keys| keys.id().as_str()))?;
    Ok(Made { keys, file, old_file, lost_list })
}

fn replace(file: &Path, new: &Path, old: &str) -> Result<Option<PathBuf>, ResetError> {
    let kept = kept_key_file(file, old);
    let there = file.exists();
    if there {
        match std::fs::hard_link(file, &kept) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(ResetError::file(&kept, error)),
            _ => {}
        }
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replaced = std::fs::rename(new, file).and_then(|()| File::open(folder)?.sync_all());
    replaced.map_err(|error| ResetError::file(file, error))?;
    Ok(there.then_some(kept))
}

/// Moves a list away that was made under a key that is lost.
fn set_aside(state_dir: &Path) -> Result<Option<PathBuf>, ResetError> {
    let list = state_dir.join(objections::FILE);
    if !list.exists() {
        return Ok(None);
    }
    // One for each time that keys were lost for good.
    let mut numbered = (1..1_000).map(|number| state_dir.join(format!("objections.lost-{number}.db")));
    let aside = numbered.find(|path| !path.exists()).unwrap_or_else(|| state_dir.join("objections.lost.db"));
    for suffix in ["-wal", "-shm", ""] {
        let path = |base: &Path| PathBuf::from(format!("{}{suffix}", base.display()));
        match std::fs::rename(path(&list), path(&aside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(ResetError::file(&list, error)),
            _ => {}
        }
    }
    Ok(Some(aside))
}
