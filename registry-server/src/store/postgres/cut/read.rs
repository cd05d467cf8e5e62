//! The facts of a cut.

use sqlx::{PgConnection, PgPool};

use crate::fact::{DetailFact, Facts, Names, Part};
use crate::store::StoreError;
use crate::store::cut::put_back;
use crate::store::cut::rows::{self, DetailRow};
use crate::store::postgres::facts;
use crate::store::postgres::fault::fault;

/// Reads the facts that a cut holds still, as [`crate::store::Figures::facts`] would have told them then.
pub(in super::super) async fn facts_of(pool: &PgPool, cut: u32, parts: &[Part]) -> Result<Facts, StoreError> {
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let facts = facts_on(&mut snapshot, i64::from(cut), parts).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}

async fn facts_on(connection: &mut PgConnection, cut: i64, parts: &[Part]) -> Result<Facts, StoreError> {
    const PARTS: &str = include_str!("../sql/cut_parts.sql");
    const TREATMENTS: &str = include_str!("../sql/cut_treatments.sql");
    const OUTCOMES: &str = include_str!("../sql/cut_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("../sql/cut_followups.sql");
    let mut names = Names::default();
    let mut facts = Facts {
        treatments: facts::treatments_of(connection, sqlx::query(TREATMENTS).bind(cut), &mut names).await?,
        ..Facts::default()
    };
    if parts.contains(&Part::Outcomes) {
        let found = (sqlx::query(OUTCOMES).bind(cut), sqlx::query(FOLLOWUPS).bind(cut));
        facts.outcomes = facts::outcomes_of(connection, found, &mut names).await?;
    }
    if parts.contains(&Part::Details) {
        facts.details = details(connection, cut).await?;
    }
    let documents: Vec<(String, String)> =
        sqlx::query_as(PARTS).bind(cut).fetch_all(connection).await.map_err(fault)?;
    put_back(&documents, parts, (&mut facts, &mut names))?;
    Ok(facts)
}

async fn details(connection: &mut PgConnection, cut: i64) -> Result<Vec<DetailFact>, StoreError> {
    const DETAILS: &str = include_str!("../sql/cut_details.sql");
    let rows: Vec<DetailRow> = sqlx::query_as(DETAILS).bind(cut).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::detail).collect()
}
