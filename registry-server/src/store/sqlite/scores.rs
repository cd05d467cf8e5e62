//! The narrow facts of some outcomes.

use sqlx::SqlitePool;

use super::known::list;
use super::{facts, fault, series_break};
use crate::fact::cell::Wanted;
use crate::fact::{Facts, Names};
use crate::store::StoreError;

/// Reads treatments, units, breaks, and the scores that are wanted.
pub(super) async fn scores(readers: &SqlitePool, wanted: &Wanted) -> Result<Facts, StoreError> {
    const OUTCOMES: &str = "SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
        WHERE treatment NOT IN (SELECT id FROM coming_treatment)
            AND (?1 IS NULL OR instrument IN (SELECT value FROM json_each(?1)))";
    const FOLLOWUPS: &str = "SELECT treatment, instrument, months, pre, score FROM followup
        WHERE treatment NOT IN (SELECT id FROM coming_treatment)
            AND (?1 IS NULL OR instrument IN (SELECT value FROM json_each(?1)))";
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let mut names = Names::default();
    let treatments = facts::treatments(&mut snapshot, &mut names).await?;
    let of_wanted = |statement| sqlx::query(statement).bind(wanted.instruments.as_deref().map(list));
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
