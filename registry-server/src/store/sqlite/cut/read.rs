//! The facts of a cut.

use sqlx::{SqliteConnection, SqlitePool};

use crate::fact::{DetailFact, Facts, Names, Part};
use crate::store::StoreError;
use crate::store::cut::put_back;
use crate::store::cut::rows::{self, DetailRow};
use crate::store::sqlite::{facts, fault};

/// Reads the facts that a cut holds still, as [`crate::store::Figures::facts`] would have told them then.
pub(in super::super) async fn facts_of(readers: &SqlitePool, cut: u32, parts: &[Part]) -> Result<Facts, StoreError> {
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let facts = facts_on(&mut snapshot, cut, parts).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}

async fn facts_on(connection: &mut SqliteConnection, cut: u32, parts: &[Part]) -> Result<Facts, StoreError> {
    const PARTS: &str = "SELECT part, document FROM cut_part WHERE cut = ?";
    const TREATMENTS: &str = "SELECT treatment, person, sender, unit, unit_end, programme, programme_version,
            cut_treatment.status, end_reason, started_on, ended_on, sex, birth_year, diagnosis
        FROM sender CROSS JOIN cut_treatment ON sender = code AND cut = ? ORDER BY treatment";
    const OUTCOMES: &str = "SELECT treatment, instrument, pre, post, first, last, carried
        FROM sender CROSS JOIN cut_outcome ON sender = code AND cut = ? ORDER BY treatment, instrument";
    const FOLLOWUPS: &str = "SELECT treatment, instrument, months, pre, score
        FROM sender CROSS JOIN cut_followup ON sender = code AND cut = ? ORDER BY treatment, instrument, months";
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

async fn details(connection: &mut SqliteConnection, cut: u32) -> Result<Vec<DetailFact>, StoreError> {
    const DETAILS: &str =
        "SELECT treatment, referred_on, assessed_on, modules_total, modules_completed, therapist_minutes,
            messages, sick_leave_before, sick_leave_after
        FROM sender CROSS JOIN cut_treatment ON sender = code AND cut = ? ORDER BY treatment";
    let rows: Vec<DetailRow> = sqlx::query_as(DETAILS).bind(cut).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::detail).collect()
}
