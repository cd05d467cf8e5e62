//! Keys that were lost: new ones, under which the whole set is sent again and then takes the old one's place at the register.
//!
//! Promises: the objection key stays wherever the old file can be read, so that nobody who objects is sent under the new keys; wherever
//! it breaks off, the same command or the next cycle goes on; the old set counts at the register until the new one is as whole as it
//! was, or a person takes less.
//! Must not know: how records are made.

mod files;
mod stage;

#[cfg(test)]
mod tests;

pub use files::{Made, Old, make};
pub use stage::{begin, remember, stage, take_fewer, waits};

use std::io;
use std::path::{Path, PathBuf};

use schemas::exit::Exit;

use crate::objections::ObjectionsError;
use crate::outbox::OutboxError;
use crate::pseudonymise::KeyError;

/// Why there are no new keys.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// Only a file can be replaced.
    #[error(
        "[pseudonym] names a credential, which only systemd can replace; name its decrypted file as key_file, reset, and encrypt the new one"
    )]
    NoFile,
    /// The configuration names no later key.
    #[error(
        "[pseudonym] key_id is {named}, which is no later key of this sender than {there}; name the next one, such as {next}, and reset then"
    )]
    NotLater {
        /// The configuration's.
        named: String,
        /// The key file's, or the first there could be.
        there: String,
        /// One that would do.
        next: String,
    },
    /// The old keys cannot be read.
    #[error(
        "{0}; put the old file back if you can, because its objection key must stay; if it is lost for good, run `registry-agent key reset --lost`"
    )]
    Unreadable(KeyError),
    /// A file.
    #[error("cannot use {path} ({source}); check its folder and owner, and reset again", path = path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The new keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The state.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The list of objections.
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
}

impl ResetError {
    /// The exit code that tells a scheduler what happened; nothing where the error inside has its own.
    #[must_use]
    pub fn exit(&self) -> Option<Exit> {
        match self {
            Self::NoFile | Self::NotLater { .. } | Self::Unreadable(_) => Some(Exit::Config),
            Self::File { .. } => Some(Exit::Failed),
            Self::Key(error) => Some(error.exit()),
            Self::Outbox(_) | Self::Objections(_) => None,
        }
    }

    fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}
