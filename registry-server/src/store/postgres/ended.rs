//! What coverage of regions is counted from.

use sqlx::PgPool;

use super::fault::fault;
use super::{denominator, facts};
use crate::fact::{EndedFact, Facts, Names};
use crate::store::StoreError;
use crate::store::figures::ended::{EndedRow, ended};

/// Reads units, outside denominators, and how many treatments ended.
pub(super) async fn coverage_sources(pool: &PgPool) -> Result<Facts, StoreError> {
    const ENDED: &str = include_str!("sql/facts_ended.sql");
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let mut names = Names::default();
    let rows: Vec<EndedRow> = sqlx::query_as(ENDED).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let counts: Result<Vec<EndedFact>, StoreError> = rows.into_iter().map(|row| ended(row, &mut names)).collect();
    let facts = Facts {
        ended: counts?,
        units: facts::units(&mut snapshot, &mut names).await?,
        denominators: denominator::all(&mut snapshot).await?,
        ..Facts::default()
    };
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}
