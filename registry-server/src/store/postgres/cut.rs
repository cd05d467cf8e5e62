//! Frozen data sets.
//!
//! Promises: a cut is made in one transaction, and so holds the facts of one moment. While it is made, deliveries go on; withdrawals wait
//! for it, so that nobody who was withdrawn meanwhile stays in it.

/// Steps in the calendar.
mod calendar;
/// Who leaves the cuts.
mod leave;
/// The facts of a cut.
mod read;

use std::collections::HashMap;

use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use super::{audit, facts};
use crate::environment::Stamp;
use crate::fact::{Facts, Part};
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::cut::rows::{self, Around, CutRow, ShareRow};
use crate::store::cut::{Cut, Frozen, NewCut};

pub(super) use calendar::step;
pub(super) use leave::{protect, withdraw, withdraw_all};
pub(super) use read::facts_of;

/// Freezes what counts now; nothing when the name is taken.
pub(super) async fn freeze(pool: &PgPool, new: &NewCut, stamp: Stamp) -> Result<Option<Cut>, StoreError> {
    const LOCK: &str = include_str!("sql/cut_lock.sql");
    const TAKEN: &str = include_str!("sql/cut_taken.sql");
    const NUMBER: &str = include_str!("sql/cut_number.sql");
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.map_err(fault)?;
    // Before the first statement that reads: the moment of the cut begins when nobody is leaving.
    sqlx::raw_sql(LOCK).execute(&mut *transaction).await.map_err(fault)?;
    if sqlx::query_scalar(TAKEN).bind(&new.name).fetch_one(&mut *transaction).await.map_err(fault)? {
        return Ok(None);
    }
    let number: i64 = sqlx::query_scalar(NUMBER).fetch_one(&mut *transaction).await.map_err(fault)?;
    let facts = facts::facts_on(&mut transaction, Part::ALL).await?;
    let frozen = Frozen::of(&facts, new);
    describe(&mut transaction, number, (new, &frozen, stamp)).await.map_err(fault)?;
    if let Some(calendar) = &new.calendar {
        calendar::begin(&mut transaction, (number, calendar)).await.map_err(fault)?;
    }
    copy(&mut transaction, number).await.map_err(fault)?;
    join(&mut transaction, number, &facts).await.map_err(fault)?;
    let what = What::Cut { number: number.unsigned_abs(), hash: frozen.hash, treatments: frozen.treatments };
    audit::note(&mut transaction, &Entry::new(stamp, None, what)).await.map_err(fault)?;
    let cut = cuts_on(&mut transaction).await?.pop();
    transaction.commit().await.map_err(fault)?;
    Ok(cut)
}

/// Writes down what is told of a cut, and what in it is no person's.
async fn describe(
    connection: &mut PgConnection,
    number: i64,
    (new, frozen, stamp): (&NewCut, &Frozen, Stamp),
) -> Result<(), sqlx::Error> {
    const CUT: &str = include_str!("sql/cut_insert.sql");
    const PARTS: &str = include_str!("sql/cut_parts_insert.sql");
    const SHARES: &str = include_str!("sql/cut_shares_insert.sql");
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let definitions = schemas::canonical::bytes(&new.definitions);
    let cut = sqlx::query(CUT).bind(number).bind(&new.name).bind(&new.note).bind(stamp.at.to_string());
    let cut = cut.bind(count(frozen.treatments)).bind(&frozen.hash).bind(&new.code_lists).bind(&new.thresholds);
    cut.bind(String::from_utf8_lossy(&definitions)).execute(&mut *connection).await?;
    let (parts, documents): (Vec<&str>, Vec<&str>) =
        frozen.parts.iter().map(|(part, document)| (*part, document.as_str())).unzip();
    sqlx::query(PARTS).bind(number).bind(parts).bind(documents).execute(&mut *connection).await?;
    let shares = sqlx::query(SHARES).bind(number);
    let shares = shares.bind(frozen.shares.iter().map(|(sender, _, _)| &**sender).collect::<Vec<_>>());
    let shares = shares.bind(frozen.shares.iter().map(|(_, treatments, _)| count(*treatments)).collect::<Vec<_>>());
    let shares = shares.bind(frozen.shares.iter().map(|(_, _, hash)| hash.as_str()).collect::<Vec<_>>());
    shares.execute(connection).await.map(|_| ())
}

/// Copies the narrow rows of what counts, and the names of its persons.
async fn copy(connection: &mut PgConnection, number: i64) -> Result<(), sqlx::Error> {
    const ALL: [&str; 4] = [
        include_str!("sql/cut_copy_treatments.sql"),
        include_str!("sql/cut_copy_outcomes.sql"),
        include_str!("sql/cut_copy_followups.sql"),
        include_str!("sql/cut_copy_aliases.sql"),
    ];
    for statement in ALL {
        sqlx::query(statement).bind(number).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Gives those who were said to be one person one number.
async fn join(connection: &mut PgConnection, number: i64, facts: &Facts) -> Result<(), sqlx::Error> {
    const SUBJECTS: &str = include_str!("sql/cut_subjects.sql");
    const PERSONS: &str = include_str!("sql/cut_persons.sql");
    let subjects: Vec<(i64, i64)> = sqlx::query_as(SUBJECTS).bind(number).fetch_all(&mut *connection).await?;
    let subjects: HashMap<i64, i64> = subjects.into_iter().collect();
    let joined = || facts.treatments.iter().filter(|fact| subjects.get(&fact.row) != Some(&fact.subject));
    let persons = sqlx::query(PERSONS).bind(number).bind(joined().map(|fact| &*fact.sender).collect::<Vec<_>>());
    let persons = persons.bind(joined().map(|fact| fact.row).collect::<Vec<_>>());
    let persons = persons.bind(joined().map(|fact| fact.subject).collect::<Vec<_>>());
    persons.execute(connection).await.map(|_| ())
}

/// Every cut, by number.
pub(super) async fn cuts(pool: &PgPool) -> Result<Vec<Cut>, StoreError> {
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let cuts = cuts_on(&mut snapshot).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(cuts)
}

async fn cuts_on(connection: &mut PgConnection) -> Result<Vec<Cut>, StoreError> {
    const CUTS: &str = include_str!("sql/cut_list.sql");
    const SHARES: &str = include_str!("sql/cut_shares.sql");
    const CALENDARS: &str = include_str!("sql/cut_calendars.sql");
    const COMMENTS: &str = include_str!("sql/cut_comments.sql");
    const SIGNATURES: &str = include_str!("sql/cut_signatures.sql");
    let cuts: Vec<CutRow> = sqlx::query_as(CUTS).fetch_all(&mut *connection).await.map_err(fault)?;
    let shares: Vec<ShareRow> = sqlx::query_as(SHARES).fetch_all(&mut *connection).await.map_err(fault)?;
    let around = Around {
        calendars: sqlx::query_as(CALENDARS).fetch_all(&mut *connection).await.map_err(fault)?,
        comments: sqlx::query_as(COMMENTS).fetch_all(&mut *connection).await.map_err(fault)?,
        signatures: sqlx::query_as(SIGNATURES).fetch_all(connection).await.map_err(fault)?,
    };
    rows::cuts(cuts, shares, around)
}

#[cfg(test)]
mod tests;
