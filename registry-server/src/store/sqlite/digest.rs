//! The treatments that a sender has here.
//!
//! Promises: all pages come from one snapshot of the database; a page at a time is in memory.

use schemas::digest::Line;
use schemas::id::SenderCode;
use sqlx::SqlitePool;
use tokio::sync::mpsc;

use super::fault;
use super::known::list;
use crate::store::StoreError;
use crate::store::active::{PAGE, Stored, StoredFollowup, StoredOutcome, lines};

const TREATMENTS: &str =
    "SELECT id, record_key, generation, counter, content_hash, programme, programme_version, unit, unit_end, status,
        end_reason, started_on, ended_on, sex, birth_year, diagnosis, document,
        EXISTS (SELECT 1 FROM alias WHERE alias.subject = treatment.subject) AS named
    FROM treatment WHERE sender = ?1 AND record_key > ?2
        AND generation >= COALESCE((SELECT coming FROM sender WHERE code = ?1), 0)
    ORDER BY record_key LIMIT ?3";
const OUTCOMES: &str = "SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
    WHERE treatment IN (SELECT value FROM json_each(?))";
const FOLLOWUPS: &str = "SELECT treatment, instrument, months, pre, score FROM followup
    WHERE treatment IN (SELECT value FROM json_each(?))";

/// Sends them in the order of their keys; ends early when nobody takes them any more.
pub(super) async fn active(
    readers: &SqlitePool,
    code: &SenderCode,
    pages: mpsc::Sender<Vec<Line>>,
) -> Result<(), StoreError> {
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let mut last = String::new();
    loop {
        let query = sqlx::query_as(TREATMENTS).bind(code.as_str()).bind(&last).bind(PAGE);
        let treatments: Vec<Stored> = query.fetch_all(&mut *snapshot).await.map_err(fault)?;
        let Some(newest) = treatments.last() else { break };
        last.clone_from(&newest.record_key);
        let ids = list(&treatments.iter().map(|treatment| treatment.id).collect::<Vec<_>>());
        let outcomes: Vec<StoredOutcome> =
            sqlx::query_as(OUTCOMES).bind(&ids).fetch_all(&mut *snapshot).await.map_err(fault)?;
        let followups: Vec<StoredFollowup> =
            sqlx::query_as(FOLLOWUPS).bind(&ids).fetch_all(&mut *snapshot).await.map_err(fault)?;
        if pages.send(lines(code, &treatments, (outcomes, followups))).await.is_err() {
            break;
        }
    }
    snapshot.commit().await.map_err(fault)
}
