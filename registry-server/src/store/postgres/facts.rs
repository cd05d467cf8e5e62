//! The narrow facts that the statistics are made of.
//!
//! Promises: all parts come from one snapshot of the database; rows are read one by one, and repeated text is shared; a row that
//! cannot be this program's is an error that names it, never a guess.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use jiff::civil::Date;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};

use super::fault::fault;
use super::{around, denominator, merge, population, series_break};
use crate::fact::cell::Wanted;
use crate::fact::{Facts, Names, OutcomeFact, Part, TreatmentFact, UnitFact};
use crate::outcome::{Comparison, Members, Pair};
use crate::store::{StoreError, words};

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

async fn treatments(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<TreatmentFact>, StoreError> {
    const TREATMENTS: &str = include_str!("sql/facts_treatments.sql");
    treatments_of(connection, sqlx::query(TREATMENTS), names).await
}

/// The treatments that a statement finds.
pub(super) async fn treatments_of(
    connection: &mut PgConnection,
    found: Found<'_>,
    names: &mut Names,
) -> Result<Vec<TreatmentFact>, StoreError> {
    let mut rows = found.fetch(connection);
    let mut facts = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        facts.push(treatment(&row, names)?);
    }
    Ok(facts)
}

fn treatment(row: &PgRow, names: &mut Names) -> Result<TreatmentFact, StoreError> {
    let id = row.try_get(0).map_err(fault)?;
    let wrong = |column| StoreError::Inconsistent { table: "treatment", column, id };
    let date = |index, column| {
        let text: &str = row.try_get(index).map_err(fault)?;
        text.parse::<Date>().map_err(|_| wrong(column))
    };
    Ok(TreatmentFact {
        row: id,
        subject: row.try_get(1).map_err(fault)?,
        sender: text(row, 2, names)?,
        unit_start: text(row, 3, names)?,
        unit_end: optional(row, 4, names)?,
        programme: text(row, 5, names)?,
        programme_version: optional(row, 6, names)?,
        status: words::read_status(row.try_get(7).map_err(fault)?).ok_or_else(|| wrong("status"))?,
        end_reason: optional(row, 8, names)?,
        started_on: date(9, "started_on")?,
        ended_on: date(10, "ended_on")?,
        sex: row
            .try_get::<Option<&str>, _>(11)
            .map_err(fault)?
            .map(|code| words::read_sex(code).ok_or_else(|| wrong("sex")))
            .transpose()?,
        birth_year: row.try_get(12).map_err(fault)?,
        diagnosis: optional(row, 13, names)?,
    })
}

async fn outcomes(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<OutcomeFact>, StoreError> {
    const OUTCOMES: &str = include_str!("sql/facts_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/facts_followups.sql");
    outcomes_of(connection, (sqlx::query(OUTCOMES), sqlx::query(FOLLOWUPS)), names).await
}

/// The outcomes that two statements find: those of the treatment itself, and follow-ups.
pub(super) async fn outcomes_of(
    connection: &mut PgConnection,
    found: (Found<'_>, Found<'_>),
    names: &mut Names,
) -> Result<Vec<OutcomeFact>, StoreError> {
    wanted_of(connection, found, (&Wanted::default(), names)).await
}

/// Those of them that are wanted.
pub(super) async fn wanted_of(
    connection: &mut PgConnection,
    (own, followups): (Found<'_>, Found<'_>),
    (wanted, names): (&Wanted, &mut Names),
) -> Result<Vec<OutcomeFact>, StoreError> {
    let mut facts = Vec::new();
    let mut rows = own.fetch(&mut *connection);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        let (treatment, instrument) = (row.try_get(0).map_err(fault)?, text(&row, 1, names)?);
        let score = |index| row.try_get::<Option<f64>, _>(index).map_err(fault);
        let members =
            Members { pre: score(2)?, post: score(3)?, first: score(4)?, last: score(5)?, carried: score(6)? };
        facts.extend(
            members
                .pairs()
                .filter(|pair| wanted.takes(pair.comparison))
                .map(|pair| OutcomeFact::new(treatment, &instrument, pair)),
        );
    }
    drop(rows);
    let mut rows = followups.fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        let id = row.try_get(0).map_err(fault)?;
        let wrong = |_| StoreError::Inconsistent { table: "followup", column: "months", id };
        let months = u8::try_from(row.try_get::<i16, _>(2).map_err(fault)?).map_err(wrong)?;
        let pair = Pair {
            comparison: Comparison::Followup(months),
            first: row.try_get(3).map_err(fault)?,
            second: row.try_get(4).map_err(fault)?,
        };
        if wanted.takes(pair.comparison) {
            facts.push(OutcomeFact::new(id, &text(&row, 1, names)?, pair));
        }
    }
    Ok(facts)
}

/// The units as the senders describe them.
pub(super) async fn units(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<UnitFact>, StoreError> {
    const WRONG_OWNERSHIP: StoreError = StoreError::Inconsistent { table: "unit", column: "ownership", id: 0 };
    const UNITS: &str = include_str!("sql/facts_units.sql");
    let mut rows = sqlx::query(UNITS).fetch(connection);
    let mut facts = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        facts.push(UnitFact {
            sender: text(&row, 0, names)?,
            unit: text(&row, 1, names)?,
            county: text(&row, 2, names)?,
            care_level: optional(&row, 3, names)?,
            ownership: row
                .try_get::<Option<&str>, _>(4)
                .map_err(fault)?
                .map(|word| words::read_ownership(word).ok_or(WRONG_OWNERSHIP))
                .transpose()?,
            successor: optional(&row, 5, names)?,
            name: text(&row, 6, names)?,
        });
    }
    Ok(facts)
}

fn text(row: &PgRow, index: usize, names: &mut Names) -> Result<Arc<str>, StoreError> {
    Ok(names.share(row.try_get(index).map_err(fault)?))
}

fn optional(row: &PgRow, index: usize, names: &mut Names) -> Result<Option<Arc<str>>, StoreError> {
    let text: Option<&str> = row.try_get(index).map_err(fault)?;
    Ok(text.map(|text| names.share(text)))
}
