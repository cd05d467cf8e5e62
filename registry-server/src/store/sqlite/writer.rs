//! The one connection that writes.
//!
//! Promises: after the disk failed under it, it never writes again: its process must end and start anew, because what a failed
//! `fsync` left in memory cannot be trusted. After a full disk a fresh connection goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};

use super::fault;
use crate::store::{RefusedDelivery, StoreError};

/// The writing end of a database.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pool: SqlitePool,
    failed: Arc<AtomicBool>,
}

/// An error in which the store's own can be looked for.
pub(super) trait MayBeStores {
    /// The store's own error.
    fn of_store(&self) -> Option<&StoreError>;
}

impl MayBeStores for StoreError {
    fn of_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl MayBeStores for RefusedDelivery {
    fn of_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl Writer {
    /// A writer on a pool of one connection.
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self { pool, failed: Arc::default() }
    }

    /// Waits for the connection.
    pub(super) async fn connection(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        let connection = self.pool.acquire().await.map_err(fault)?;
        if self.failed.load(Ordering::SeqCst) {
            return Err(StoreError::Broken("an earlier write failed".to_owned()));
        }
        Ok(connection)
    }

    /// Gives the connection back, or throws it away when the store failed on it. The result passes through.
    pub(super) fn settle<T, E: MayBeStores>(
        &self,
        mut connection: PoolConnection<Sqlite>,
        result: Result<T, E>,
    ) -> Result<T, E> {
        if let Some(error) = result.as_ref().err().and_then(MayBeStores::of_store) {
            if matches!(error, StoreError::Broken(_)) {
                self.failed.store(true, Ordering::SeqCst);
            }
            // SQLite may have rolled back by itself; sqlx would still count a transaction on this connection.
            connection.close_on_drop();
        }
        result
    }

    /// Closes it in order.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
