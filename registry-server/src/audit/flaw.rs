//! What is wrong with a log, and where.

use std::fmt;

use crate::store::StoreError;

/// Why a log is not proved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotProved {
    /// It was altered.
    #[error("{0}")]
    Flaw(Flaw),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The first fault that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub place: String,
    /// What.
    pub fault: Fault,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A place is empty or taken twice.
    Position,
    /// Event and salt do not give the leaf.
    Leaf,
    /// The event is none that this program writes.
    Event,
    /// The register's signature does not hold.
    Signature,
    /// The checkpoint is not of the entries up to its size.
    Root,
    /// The checkpoint before it is missing, or a later one.
    Chain,
    /// The log ends before the checkpoint.
    Short,
    /// Entries stand behind the newest checkpoint.
    Unsigned,
    /// The receipt is not the one that the log speaks of.
    Receipt,
    /// A receipt's event is not in the log.
    NotInLog,
    /// The batch of an event is gone.
    BatchGone,
}

impl Flaw {
    /// A fault at a place.
    pub(super) fn at(place: impl Into<String>, fault: Fault) -> NotProved {
        NotProved::Flaw(Self { place: place.into(), fault })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Position => "the entry of this place is missing, or another stands in it",
            Self::Leaf => "event and salt do not give the leaf that the log holds",
            Self::Event => "the event is none that the register writes",
            Self::Signature => "the register did not sign this",
            Self::Root => "the entries are not those that the register signed",
            Self::Chain => "the checkpoint before it is missing, or is not the one that it names",
            Self::Short => "the log has fewer entries than the register signed",
            Self::Unsigned => "entries stand behind the newest checkpoint",
            Self::Receipt => "the stored receipt is not the one that the log speaks of",
            Self::NotInLog => "its event is not in the log",
            Self::BatchGone => "the stored batch is gone",
        })
    }
}
