//! Copying, table by table.
//!
//! Promises: nothing is written into a database that holds anything; at most a few pages are in memory; success is told only when both
//! sides, read again, hold the same.

use tokio::sync::mpsc;

use super::digest::{Content, contents};
use super::{TABLES, Table};
use crate::store::{Store, StoreError};

/// What both sides hold after a move; they are the same when it succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What the source holds.
    pub from: Vec<Content>,
    /// What the target holds.
    pub to: Vec<Content>,
}

/// Why nothing, or not everything, was moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The target has senders or inhabitants.
    #[error("the target holds a register already; name an empty database")]
    NotEmpty,
    /// The source failed.
    #[error("the source: {0}")]
    Source(StoreError),
    /// The target failed.
    #[error("the target: {0}; empty it before the next attempt")]
    Target(StoreError),
}

/// Moves everything from one store into another that is empty, and reads both again. No server may run on either meanwhile.
///
/// # Errors
/// When the target is not empty, or one of them fails.
pub async fn migrate(from: &dyn Store, to: &dyn Store) -> Result<Moved, TransferError> {
    if !contents(to).await.map_err(TransferError::Target)?.is_empty() {
        return Err(TransferError::NotEmpty);
    }
    for table in TABLES {
        copy(table, from, to).await?;
    }
    let (from, to) = tokio::join!(contents(from), contents(to));
    Ok(Moved { from: from.map_err(TransferError::Source)?, to: to.map_err(TransferError::Target)? })
}

async fn copy(table: &'static Table, from: &dyn Store, to: &dyn Store) -> Result<(), TransferError> {
    let (pages, mut coming) = mpsc::channel(2);
    let write = async {
        while let Some(page) = coming.recv().await {
            to.import(table, page).await.map_err(TransferError::Target)?;
        }
        Ok(())
    };
    let read = async { from.export(table, pages).await.map_err(TransferError::Source) };
    // A target that fails drops its end of the channel, and so ends the reading.
    let (read, written) = tokio::join!(read, write);
    written.and(read)
}
