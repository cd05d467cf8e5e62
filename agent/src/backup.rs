//! Copies that live elsewhere, under a passphrase: of the keys alone, or of keys, list of objections and state together.
//!
//! Promises: nothing that is there is written over; a copy of another sender, environment or key is not put back; after a state was put
//! back, the next cycle asks the register for a generation and sends everything again, so that what happened since the copy was made
//! doubles nothing and loses nothing.
//! Must not know: who asked for it.

mod archive;
mod keys;
mod state;

#[cfg(test)]
mod tests;

pub use keys::{back_up_keys, restore_keys};
pub use state::{Put, back_up, restore};

use std::path::Path;

use schemas::exit::Exit;

use crate::objections::ObjectionsError;
use crate::outbox::OutboxError;
use crate::pseudonymise::KeyError;
use crate::setup::SetupError;
use crate::vault::{FileError, VaultError};

/// What opens a copy, and where it is.
#[derive(Clone, Copy)]
pub struct Locked<'a> {
    /// The copy.
    pub path: &'a Path,
    /// The passphrase.
    pub passphrase: &'a str,
}

/// Why there is no copy, or nothing was put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The passphrase, or a file that is no copy.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The copy is of something else than what is configured.
    #[error(
        "the copy is of {copy}, but the configuration says {configured}; name another copy, or put the configuration right"
    )]
    Other {
        /// What it is of.
        copy: String,
        /// What it should be of.
        configured: String,
    },
    /// There is a state already.
    #[error(
        "the state directory {0} has a state already, and nothing is written over it; name an empty folder as [agent] state_dir, or move that state away"
    )]
    NotEmpty(String),
    /// There are other keys already.
    #[error(
        "the key file of the configuration holds other keys than the copy, and nothing is written over them; move them away first"
    )]
    OtherKeys,
    /// The keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The configuration.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The list of objections.
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
    /// The state.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl BackupError {
    /// The exit code that tells a scheduler what happened; nothing where the error inside has its own.
    #[must_use]
    pub fn exit(&self) -> Option<Exit> {
        match self {
            Self::File(_) | Self::NotEmpty(_) | Self::OtherKeys => Some(Exit::Failed),
            Self::Other { .. } => Some(Exit::Config),
            Self::Vault(error) => Some(error.exit()),
            Self::Key(error) => Some(error.exit()),
            Self::Setup(_) | Self::Objections(_) | Self::Outbox(_) => None,
        }
    }
}
