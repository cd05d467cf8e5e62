//! The keys alone: the text of their file under a passphrase.

use std::path::Path;

use super::{BackupError, Locked};
use crate::pseudonymise::{KeyError, Keys};
use crate::vault::{self, VaultError};

/// Writes a copy of the keys. `salt` must be new random bytes.
///
/// # Errors
/// [`BackupError`]; then there is no copy.
pub fn back_up_keys(keys: &Keys, copy: Locked<'_>, salt: [u8; 32]) -> Result<(), BackupError> {
    let locked = vault::lock(keys.file_text().as_bytes(), copy.passphrase, salt)?;
    Ok(vault::write_new(copy.path, &locked)?)
}

/// Writes the keys of a copy to a new key file.
///
/// # Errors
/// [`BackupError`]; then no file is written.
pub fn restore_keys(copy: Locked<'_>, out: &Path) -> Result<Keys, BackupError> {
    let keys = read(copy)?;
    keys.write_new(out)?;
    Ok(keys)
}

fn read(copy: Locked<'_>) -> Result<Keys, BackupError> {
    let plain = vault::open(&vault::read(copy.path)?, copy.passphrase)?;
    let text = std::str::from_utf8(&plain).map_err(|_| VaultError::NotOurs)?;
    Keys::read_from_text(text).map_err(|error| match error {
        KeyError::Malformed(_) => VaultError::NotOurs.into(),
        error => error.into(),
    })
}
