//! The narrow facts of some outcomes.

use sqlx::PgPool;

use super::fault::fault;
use super::{facts, series_break};
use crate::fact::cell::Wanted;
use crate::fact::{Facts, Names};
use crate::store::StoreError;

/// Reads treatments, units, breaks, and the scores that are wanted.
pub(super) async fn scores(pool: &PgPool, wanted: &Wanted) -> Result<Facts, StoreError> {
    const WANTED: &str = include_str!("sql/scores_wanted.sql");
    const OUTCOMES: &str = include_str!("sql/scores_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/scores_followups.sql");
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let mut names = Names::default();
    let treatments = facts::treatments(&mut snapshot, &mut names).await?;
    let instruments = wanted.instruments.as_deref().unwrap_or_default().join(",");
    sqlx::query(WANTED).bind(instruments).execute(&mut *snapshot).await.map_err(fault)?;
    let answers = (OUTCOMES, sqlx::query(FOLLOWUPS).bind(&wanted.instruments));
    let mut facts = Facts {
        treatments,
        outcomes: facts::copied_outcomes(&mut snapshot, answers, (wanted, &mut names)).await?,
        units: facts::units(&mut snapshot, &mut names).await?,
        ..Facts::default()
    };
    facts.breaks = series_break::all(&mut snapshot).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}
