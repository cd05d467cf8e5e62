//! The persons who said no: found in every source in every cycle, remembered for good, and kept from everything behind the pseudonym.
//!
//! Promises: a person is known by a hash only, under a key that never leaves the region; whoever objects in one source is left out of
//! all; a list that was lost or was made under another key stops everything before a row is read; nobody leaves the list but by being
//! lifted.
//! Must not know: what is delivered when.

mod agree;
mod backup;
mod collect;
mod store;

#[cfg(test)]
mod tests;

pub use agree::agree;
pub use backup::{BackupError, Restored};
pub use collect::{Collected, Said, collect};
pub use store::{Act, Count, FILE, KeptReceipt, NewObjection, Objections, Open};

use crate::pseudonymise::Objectors;
use crate::setup::Setup;

/// Where an objection came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A treatment whose status says so.
    Source,
    /// The query of objections.
    Query,
    /// A file of objections.
    File,
    /// Somebody wrote the number.
    Stdin,
}

impl Origin {
    /// The word in the list.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Query => "query",
            Self::File => "file",
            Self::Stdin => "stdin",
        }
    }
}

/// Why the list of objections cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub enum ObjectionsError {
    /// The database failed.
    #[error(
        "the list of objections, objections.db in [agent] state_dir, cannot be used ({0}); check the disk and who may write there"
    )]
    Database(#[from] sqlx::Error),
    /// The database's tables are not this version's.
    #[error(
        "the list of objections, objections.db in [agent] state_dir, cannot be brought to this version ({0}); install the agent's newest \
         version, which may have written it, and leave the list where it is"
    )]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not of its form.
    #[error(
        "the list of objections holds something of the wrong form in {0}; restore it with `registry-agent objections restore FILE`"
    )]
    Inconsistent(&'static str),
    /// The state directory cannot be made.
    #[error("cannot use the state directory ({0}); let [agent] state_dir name a folder that this account may write to")]
    Directory(std::io::Error),
    /// Another objection key.
    #[error(
        "the list of objections was made under another objection key (fingerprint {list}) than the one in the key file ({file}); nobody on it \
         could be recognised, so nothing is read or sent: put back your copy of that key file"
    )]
    OtherKey {
        /// Fingerprint that stands in the list.
        list: String,
        /// That of the key file.
        file: String,
    },
    /// Objections were lost.
    #[error(
        "{known} withdrawn persons are known of this sender, but only {remembered} are remembered here, and the others would be sent again; \
         nothing was read or sent: run `registry-agent objections restore FILE`, or let somebody answer for going on without them with \
         `registry-agent objections override --name NAME`"
    )]
    Fewer {
        /// Persons whom the register, or this state directory, knows as withdrawn.
        known: u64,
        /// Of these the ones that stand in the list, and those that somebody answered for.
        remembered: u64,
    },
}

impl ObjectionsError {
    /// Whether somebody must put a file back, rather than look at the disk.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::OtherKey { .. } | Self::Fewer { .. })
    }
}

/// Everybody who is left out: who objects now, and who is remembered. Nothing is written.
///
/// # Errors
/// [`ObjectionsError`]; nothing may be sent then.
pub async fn everybody(setup: &Setup, collected: &Collected) -> Result<Objectors, ObjectionsError> {
    let mut everybody = Objectors::default();
    if let Some(mut remembered) = Objections::open_to_read(&setup.config.state_dir(), &setup.keys).await? {
        remembered.hashes().await?.into_iter().for_each(|hash| everybody.add(hash));
    }
    collected.persons.keys().for_each(|hash| everybody.add(*hash));
    Ok(everybody)
}
