//! Stored batches and their receipts.

use schemas::id::{BatchId, SenderCode};
use sqlx::query::Query;
use sqlx::{PgConnection, PgExecutor};

use super::fault::fault;
use crate::store::plan::Done;
use crate::store::watch::batch::manifest;
use crate::store::{Delivery, StoreError};

/// The stored receipt of a batch.
pub(super) async fn stored(
    executor: impl PgExecutor<'_>,
    code: &SenderCode,
    batch: &BatchId,
) -> Result<Option<Vec<u8>>, StoreError> {
    const RECEIPT: &str = include_str!("sql/receipt.sql");
    let query = sqlx::query_scalar(RECEIPT).bind(code.as_str()).bind(batch.as_str());
    query.fetch_optional(executor).await.map_err(fault)
}

/// Keeps a batch with its receipt.
pub(super) async fn keep(
    connection: &mut PgConnection,
    delivery: &Delivery,
    receipt: &[u8],
    done: Done,
) -> Result<(), sqlx::Error> {
    const BATCH: &str = include_str!("sql/batch.sql");
    let query = sqlx::query(BATCH)
        .bind(delivery.sender.as_str())
        .bind(delivery.batch.as_str())
        .bind(delivery.received_at.to_string())
        .bind(i64::try_from(delivery.records.len()).unwrap_or(i64::MAX))
        .bind(receipt)
        .bind(done.generation.map(i64::from))
        .bind(i64::try_from(delivery.cycle).unwrap_or(i64::MAX))
        .bind(done.accepted)
        .bind(done.added)
        .bind(done.removed);
    let query = manifest(&delivery.plan).into_iter().fold(query, Query::bind);
    query.execute(connection).await.map(|_| ())
}
