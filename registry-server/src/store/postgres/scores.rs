//! The narrow facts of some outcomes.

use sqlx::PgPool;

use super::fault::fault;
use super::{facts, series_break};
use crate::fact::cell::Wanted;
use crate::fact::{Facts, Names};
use crate::store::StoreError;

/// Reads treatments, units, breaks, and the scores that are wanted.
pub(super) async fn scores(pool: &PgPool, wanted: &Wanted) -> Result<Facts, StoreError> {
    const TREATMENTS: &str = include_str!("sql/scores_treatments.sql");
    const OUTCOMES: &str = include_str!("sql/scores_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/scores_followups.sql");
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let mut names = Names::default();
    let treatments = facts::treatments_of(&mut snapshot, sqlx::query(TREATMENTS), &mut names).await?;
    let of_wanted = |statement| sqlx::query(statement).bind(&wanted.instruments);
    let answers = (of_wanted(OUTCOMES), of_wanted(FOLLOWUPS));
    let mut facts = Facts {
        treatments,
        outcomes: facts::wanted_of(&mut snapshot, answers, (wanted, &mut names)).await?,
        units: facts::units(&mut snapshot, &mut names).await?,
        ..Facts::default()
    };
    facts.breaks = series_break::all(&mut snapshot).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}
