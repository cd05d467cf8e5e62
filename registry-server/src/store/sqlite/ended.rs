//! What coverage of regions is counted from.

use sqlx::SqlitePool;

use super::{denominator, facts, fault};
use crate::fact::{EndedFact, Facts, Names};
use crate::store::StoreError;
use crate::store::figures::ended::{EndedRow, ended};

/// Reads units, outside denominators, and how many treatments ended.
pub(super) async fn coverage_sources(readers: &SqlitePool) -> Result<Facts, StoreError> {
    const ENDED: &str = "SELECT sender, unit, programme, SUBSTR(ended_on, 1, 7), COUNT(*)
        FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment)
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
    let mut snapshot = readers.begin().await.map_err(fault)?;
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
