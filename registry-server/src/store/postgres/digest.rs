//! The treatments that a sender has here.
//!
//! Promises: all pages come from one snapshot of the database; a page at a time is in memory; a page costs what stands in it, also just
//! after a large delivery.

use schemas::digest::Line;
use schemas::id::SenderCode;
use sqlx::PgPool;
use tokio::sync::mpsc;

use super::fault::fault;
use crate::store::StoreError;
use crate::store::active::{PAGE, Stored, StoredFollowup, StoredOutcome, lines};

const BY_KEYS: &str = include_str!("sql/by_keys.sql");
const TREATMENTS: &str = include_str!("sql/active.sql");
const OUTCOMES: &str = include_str!("sql/active_outcomes.sql");
const FOLLOWUPS: &str = include_str!("sql/active_followups.sql");

/// Sends them in the order of their keys; ends early when nobody takes them any more.
pub(super) async fn active(pool: &PgPool, code: &SenderCode, pages: mpsc::Sender<Vec<Line>>) -> Result<(), StoreError> {
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    sqlx::query(BY_KEYS).execute(&mut *snapshot).await.map_err(fault)?;
    let mut last = String::new();
    loop {
        let query = sqlx::query_as(TREATMENTS).bind(code.as_str()).bind(&last).bind(PAGE);
        let treatments: Vec<Stored> = query.fetch_all(&mut *snapshot).await.map_err(fault)?;
        let Some(newest) = treatments.last() else { break };
        last.clone_from(&newest.record_key);
        let ids: Vec<i64> = treatments.iter().map(|treatment| treatment.id).collect();
        let query = sqlx::query_as(OUTCOMES).bind(code.as_str()).bind(&ids);
        let outcomes: Vec<StoredOutcome> = query.fetch_all(&mut *snapshot).await.map_err(fault)?;
        let query = sqlx::query_as(FOLLOWUPS).bind(code.as_str()).bind(&ids);
        let followups: Vec<StoredFollowup> = query.fetch_all(&mut *snapshot).await.map_err(fault)?;
        if pages.send(lines(code, &treatments, (outcomes, followups))).await.is_err() {
            break;
        }
    }
    snapshot.commit().await.map_err(fault)
}
