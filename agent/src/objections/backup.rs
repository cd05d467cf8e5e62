//! A copy of the list that lives elsewhere, under a passphrase.
//!
//! Promises: the copy is safe on its disk when the call returns, and never written over another file; what is restored is added to what
//! is there.

use std::path::Path;

use zeroize::Zeroizing;

use super::store::Rows;
use super::{Objections, ObjectionsError};
use crate::pseudonymise::Keys;
use crate::vault::{self, FileError, VaultError};

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Persons in the copy.
    pub in_copy: u64,
    /// Of these the ones that the list did not have.
    pub new: u64,
}

/// Why there is no copy, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The passphrase, or a file that is no copy.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The list.
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
}

impl Objections {
    /// Writes a copy; answers how many persons stand in it. `salt` must be new random bytes.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no copy.
    pub async fn back_up(&mut self, path: &Path, passphrase: &str, salt: [u8; 32]) -> Result<u64, BackupError> {
        let rows = self.rows().await?;
        let plain = serde_json::to_vec(&rows).map_err(|_| ObjectionsError::Inconsistent("the list"))?;
        let locked = vault::lock(&Zeroizing::new(plain), passphrase, salt)?;
        vault::write_new(path, &locked)?;
        Ok(rows.objections.len() as u64)
    }

    /// Adds the persons of a copy to the list.
    ///
    /// # Errors
    /// [`BackupError`], also for the copy of a list under another objection key; then the list is as it was.
    pub async fn restore(&mut self, path: &Path, passphrase: &str, keys: &Keys) -> Result<Restored, BackupError> {
        let plain = vault::open(&vault::read(path)?, passphrase)?;
        let rows: Rows = serde_json::from_slice(&plain).map_err(|_| VaultError::NotOurs)?;
        let file = keys.objection_fingerprint();
        if rows.key != file {
            return Err(ObjectionsError::OtherKey { list: rows.key, file }.into());
        }
        let new = self.merge(&rows).await?;
        Ok(Restored { in_copy: rows.objections.len() as u64, new })
    }
}
