//! What the register keeps, in the words of the register: one trait, one module an engine.
//!
//! Promises of every engine: rows, batch and receipt of a delivery are stored together or not at all; a stored receipt is repeated
//! byte for byte; the same record in the same version has one effect, whatever the order; nothing is acknowledged before it is durable.
//! Must not know: HTTP, pseudonyms of the regions, statistics.

/// The embedded engine.
pub mod sqlite;

/// What to write for a delivery, decided before anything is written.
pub(crate) mod plan;
/// A delivery on its way in.
pub mod arrival;
/// What a store may answer instead.
mod error;
/// Which of two accounts of a record counts.
pub mod version;

#[cfg(test)]
pub(crate) mod contract;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::codelist::Population;
use schemas::id::{BatchId, KeyId, SenderCode, StateId};

pub use arrival::{Arrival, Delivery, Payload, TreatmentArrival};
pub use error::{RefusedDelivery, StoreError};

use crate::fact::Facts;

/// Where a sender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderStatus {
    /// May deliver.
    Active,
    /// May not deliver for the time being.
    Suspended,
    /// May not deliver any more.
    Revoked,
}

impl SenderStatus {
    /// The word that is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }
}

/// What the register knows about a sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Who.
    pub code: SenderCode,
    /// Where it stands.
    pub status: SenderStatus,
    /// When it was enrolled first, RFC 3339.
    pub enrolled_at: String,
    /// The newest generation given to it, 0 when none was.
    pub generation: u32,
    /// The key ids that it may use.
    pub keys: Vec<KeyId>,
    /// Its stored treatments.
    pub treatments: u64,
}

/// Everything that is kept.
#[async_trait]
pub trait Store: Send + Sync {
    /// Whether the store answers and its tables are this program's.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Sets a sender's standing; enrols it when it is new. Tells where it stood before.
    async fn set_sender(
        &self,
        code: &SenderCode,
        status: SenderStatus,
        at: Timestamp,
    ) -> Result<Option<SenderStatus>, StoreError>;

    /// Where a sender stands; nothing when it was never enrolled.
    async fn sender_status(&self, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError>;

    /// Every sender, by code.
    async fn senders(&self) -> Result<Vec<Sender>, StoreError>;

    /// The key ids that a sender may use now.
    async fn sender_keys(&self, code: &SenderCode) -> Result<Vec<KeyId>, StoreError>;

    /// The newest generation given to a sender, 0 when none was.
    async fn newest_generation(&self, code: &SenderCode) -> Result<u32, StoreError>;

    /// The generation of a state directory, given out when it is new.
    async fn issue_generation(&self, code: &SenderCode, state: &StateId, at: Timestamp) -> Result<u32, StoreError>;

    /// The stored receipt of a sender's batch.
    async fn receipt(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores a delivery with the receipt that its `seal` makes from the verdicts, in one transaction; gives the receipt's bytes. A
    /// delivery that is stored already gives the stored ones and changes nothing.
    async fn accept_batch(&self, delivery: Delivery) -> Result<Vec<u8>, RefusedDelivery>;

    /// Takes in inhabitants: a line replaces the one of the same region, year, sex and ages, and the others stay.
    async fn import_populations(&self, rows: &[Population], at: Timestamp) -> Result<(), StoreError>;

    /// The narrow facts for the statistics.
    async fn facts(&self) -> Result<Facts, StoreError>;

    /// Lets go of the database in order.
    async fn close(&self);
}
