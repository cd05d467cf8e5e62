//! What figures stand on.

use sqlx::SqlitePool;

use super::fault;
use crate::fact::DataState;
use crate::store::StoreError;
use crate::store::figures::state::{AroundRow, SenderRow, state};

/// The state of this moment.
pub(super) async fn data_state(readers: &SqlitePool) -> Result<DataState, StoreError> {
    const AROUND: &str = "SELECT (SELECT COUNT(*) FROM erasure),
        (SELECT COUNT(*) FROM retraction WHERE reason = 'protected_identity'), (SELECT MAX(number) FROM series_break),
        (SELECT id FROM denominator ORDER BY id DESC LIMIT 1), (SELECT imported_at FROM denominator ORDER BY id DESC LIMIT 1),
        (SELECT id FROM population ORDER BY id DESC LIMIT 1), (SELECT imported_at FROM population ORDER BY id DESC LIMIT 1)";
    const SENDERS: &str = "SELECT code, status, changed_at, last_seen_at, paused_until, compared_at, coming, change
        FROM sender LEFT JOIN cell_mark ON cell_mark.sender = code AND month = '*' ORDER BY code";
    let mut connection = readers.acquire().await.map_err(fault)?;
    let around: AroundRow = sqlx::query_as(AROUND).fetch_one(&mut *connection).await.map_err(fault)?;
    let senders: Vec<SenderRow> = sqlx::query_as(SENDERS).fetch_all(&mut *connection).await.map_err(fault)?;
    Ok(state(&around, &senders))
}
