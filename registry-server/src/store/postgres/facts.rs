//! The narrow facts that the statistics are made of.
//!
//! Promises: all parts come from one snapshot of the database; rows are read one by one.

use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::{FromRow as _, PgConnection, PgPool};

use super::copied::{Fields, copied};
use super::fault::fault;
use super::{around, denominator, merge, population, series_break};
use crate::fact::cell::Wanted;
use crate::fact::{Facts, Names, OutcomeFact, Part, TreatmentFact, UnitFact};
use crate::store::StoreError;
use crate::store::figures::narrow::{self, FollowupRow, OutcomeRow, Scores, TreatmentRow, UnitRow};

/// A statement that finds rows.
type Found<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// Reads the facts.
pub(super) async fn facts(pool: &PgPool, parts: &[Part]) -> Result<Facts, StoreError> {
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let facts = facts_on(&mut snapshot, parts).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(facts)
}

/// Reads the facts as one connection sees them.
pub(super) async fn facts_on(connection: &mut PgConnection, parts: &[Part]) -> Result<Facts, StoreError> {
    let mut names = Names::default();
    let mut treatments = treatments(connection, &mut names).await?;
    merge::join(connection, &mut treatments).await?;
    let mut facts = Facts {
        treatments,
        units: units(connection, &mut names).await?,
        populations: population::all(connection).await?,
        denominators: denominator::all(connection).await?,
        breaks: series_break::all(connection).await?,
        ..Facts::default()
    };
    for part in parts {
        match part {
            Part::Outcomes => facts.outcomes = outcomes(connection, &mut names).await?,
            Part::Details => facts.details = around::details(connection).await?,
            Part::Activity => facts.activities = around::activities(connection, &mut names).await?,
            Part::Senders => facts.senders = around::senders(connection, &mut names).await?,
            Part::Runs => facts.runs = around::runs(connection, &mut names).await?,
        }
    }
    Ok(facts)
}

/// Every treatment, in no order but that of [`copied_outcomes`].
pub(super) async fn treatments(
    connection: &mut PgConnection,
    names: &mut Names,
) -> Result<Vec<TreatmentFact>, StoreError> {
    const TREATMENTS: &str = include_str!("sql/facts_treatments.sql");
    let mut treatments = Vec::new();
    let take = |fields: &mut Fields<'_>| {
        let (number, text, maybe) = (Fields::number, Fields::text, Fields::maybe);
        let row: TreatmentRow = (
            number(fields)?,
            number(fields)?,
            text(fields)?,
            text(fields)?,
            maybe(fields)?,
            text(fields)?,
            maybe(fields)?,
            text(fields)?,
            maybe(fields)?,
            text(fields)?,
            text(fields)?,
            maybe(fields)?,
            fields.small()?,
            maybe(fields)?,
        );
        treatments.push(narrow::treatment(row, names)?);
        Ok(())
    };
    copied(connection, TREATMENTS, take).await?;
    Ok(treatments)
}

/// The treatments that a statement finds.
pub(super) async fn treatments_of(
    connection: &mut PgConnection,
    found: Found<'_>,
    names: &mut Names,
) -> Result<Vec<TreatmentFact>, StoreError> {
    let rows = found.fetch(connection);
    let facts = rows.map(|row| narrow::treatment(TreatmentRow::from_row(&row.map_err(fault)?).map_err(fault)?, names));
    facts.try_collect().await
}

async fn outcomes(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<OutcomeFact>, StoreError> {
    const OUTCOMES: &str = include_str!("sql/facts_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/facts_followups.sql");
    copied_outcomes(connection, (OUTCOMES, sqlx::query(FOLLOWUPS)), (&Wanted::default(), names)).await
}

/// The wanted outcomes that a copy gives, and then the follow-ups that a statement finds.
pub(super) async fn copied_outcomes(
    connection: &mut PgConnection,
    (own, followups): (&'static str, Found<'_>),
    (wanted, names): (&Wanted, &mut Names),
) -> Result<Vec<OutcomeFact>, StoreError> {
    let mut scores = Scores { wanted, names, facts: Vec::new() };
    let take = |fields: &mut Fields<'_>| {
        let (treatment, instrument) = (fields.number()?, fields.text()?);
        let (pre, post, first) = (fields.score()?, fields.score()?, fields.score()?);
        scores.add((treatment, instrument, pre, post, first, fields.score()?, fields.score()?));
        Ok(())
    };
    copied(connection, own, take).await?;
    add_followups(connection, followups, &mut scores).await?;
    Ok(scores.facts)
}

/// The outcomes that two statements find: those of the treatment itself, and follow-ups.
pub(super) async fn outcomes_of(
    connection: &mut PgConnection,
    found: (Found<'_>, Found<'_>),
    names: &mut Names,
) -> Result<Vec<OutcomeFact>, StoreError> {
    let (own, followups) = found;
    let mut scores = Scores { wanted: &Wanted::default(), names, facts: Vec::new() };
    let mut rows = own.fetch(&mut *connection);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        scores.add(OutcomeRow::from_row(&row).map_err(fault)?);
    }
    drop(rows);
    add_followups(connection, followups, &mut scores).await?;
    Ok(scores.facts)
}

async fn add_followups(
    connection: &mut PgConnection,
    followups: Found<'_>,
    scores: &mut Scores<'_>,
) -> Result<(), StoreError> {
    let mut rows = followups.fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        scores.add_followup(FollowupRow::from_row(&row).map_err(fault)?)?;
    }
    Ok(())
}

/// The units as the senders describe them.
pub(super) async fn units(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<UnitFact>, StoreError> {
    const UNITS: &str = include_str!("sql/facts_units.sql");
    let rows = sqlx::query(UNITS).fetch(connection);
    let facts = rows.map(|row| narrow::unit(UnitRow::from_row(&row.map_err(fault)?).map_err(fault)?, names));
    facts.try_collect().await
}
