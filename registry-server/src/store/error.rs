//! What a store answers when it cannot do what was asked.
//!
//! Promises: the message holds no value of a record; each variant says by itself whether trying again makes sense.

/// A store that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk; the transaction was rolled back, and the store goes on when there is room again.
    #[error("the database's disk is full; make room")]
    Full,
    /// Another process holds the database for longer than is reasonable; try again.
    #[error("another process holds the database; try again when it is done")]
    Busy,
    /// The engine ended a transaction so that another could go on. The store tries again by itself, so this comes after several times.
    #[error("the database was too busy with other work; try again")]
    Collided,
    /// The database's server does not answer, or the connection to it was lost; the store connects again by itself.
    #[error("the database cannot be reached ({0}); check that its server runs and that [database] url names it")]
    Unreachable(String),
    /// The disk failed under the database, or the file is damaged: this handle must not be used any more.
    #[error("the database could not be read or written ({0}); check the disk, then start again")]
    Broken(String),
    /// The tables are not those of this program.
    #[error("{0}")]
    Schema(String),
    /// A row holds what this program never writes.
    #[error(
        "table {table}, column {column}, row {id} holds what the register never writes; restore the database from a backup"
    )]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's internal id.
        id: i64,
    },
    /// Anything else that the engine reported.
    #[error("the database refused a statement ({0})")]
    Statement(String),
}

impl StoreError {
    /// Whether the same call may succeed in a moment without anybody doing anything here.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy | Self::Collided | Self::Unreachable(_))
    }
}

/// Why a delivery was not stored; nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedDelivery {
    /// The sender was revoked while the delivery was on its way.
    #[error("the sender is not active")]
    SenderNotActive,
    /// The key id of the manifest is retired or was never registered.
    #[error("line 1 names a key id that is not registered for this sender; check [pseudonym] key_id")]
    KeyUnknown,
    /// The state directory of the manifest was never given a generation.
    #[error("line 1 names a state directory that was never given a generation; ask for one with POST /v1/generation")]
    StateUnknown,
    /// The record at this line (from 1) is of a generation that the sender was never given.
    #[error("line {} is of a generation that was never given out; ask for one with POST /v1/generation", .0 + 1)]
    GenerationUnknown(u32),
    /// The record at this line (from 1) is stored in the same version with other content.
    #[error("record {0} is stored in the same version with other content")]
    VersionConflict(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
