//! What figures stand on.

use sqlx::PgPool;

use super::fault::fault;
use crate::fact::DataState;
use crate::store::StoreError;
use crate::store::figures::state::{AroundRow, SenderRow, state};

/// The state of this moment.
pub(super) async fn data_state(pool: &PgPool) -> Result<DataState, StoreError> {
    const AROUND: &str = include_str!("sql/state_around.sql");
    const SENDERS: &str = include_str!("sql/state_senders.sql");
    let mut connection = pool.acquire().await.map_err(fault)?;
    let around: AroundRow = sqlx::query_as(AROUND).fetch_one(&mut *connection).await.map_err(fault)?;
    let senders: Vec<SenderRow> = sqlx::query_as(SENDERS).fetch_all(&mut *connection).await.map_err(fault)?;
    Ok(state(&around, &senders))
}
