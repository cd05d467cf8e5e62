//! Who leaves the cuts: persons who are withdrawn or have a protected identity now, and sets whose keys were lost.
//!
//! Promises: part of the caller's transaction, which a cut that is being made comes before or after, never in between, because its
//! maker holds the table of cuts; what left is counted; what was another person's then leaves with whom it is now known to be of.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SenderCode;
use sqlx::PgConnection;

use crate::store::cut;
use crate::store::figures::cells::Touched;
use crate::store::plan::Plan;
use crate::store::postgres::fault::fault;
use crate::store::postgres::{cells, erasure, merge};
use crate::store::{Delivery, StoreError};
use crate::subject::Tombstone;

/// Takes the persons out of every cut whose treatments a delivery takes back because they have a protected identity now; before it does.
pub(in super::super) async fn protect(
    connection: &mut PgConnection,
    delivery: &Delivery,
    plan: &Plan<'_>,
) -> Result<(), StoreError> {
    const NAMES: &str = include_str!("../sql/names_of_records.sql");
    const HELD: &str = include_str!("../sql/treatments_of_names.sql");
    let keys = cut::protected(plan);
    if keys.is_empty() {
        return Ok(());
    }
    let sender = delivery.sender.as_str();
    let taken_back = Touched { keys: keys.iter().map(ToString::to_string).collect(), ..Touched::default() };
    cells::touch(connection, sender, taken_back).await.map_err(fault)?;
    erasure::drop_cells(connection, sender).await.map_err(fault)?;
    let names = sqlx::query_scalar(NAMES).bind(sender).bind(keys);
    let names = cut::names(names.fetch_all(&mut *connection).await.map_err(fault)?)?;
    let names = merge::all_names(connection, &delivery.sender, &names).await?;
    let taken_back: Vec<Tombstone> = names.iter().map(|name| delivery.tombs.person(name)).collect();
    let held = sqlx::query_scalar(HELD).bind(sender).bind(names.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>());
    let held = held.bind(taken_back.iter().map(Tombstone::as_slice).collect::<Vec<_>>());
    let held: Vec<i64> = held.fetch_all(&mut *connection).await.map_err(fault)?;
    withdraw(connection, &delivery.sender, (&names, &held)).await.map_err(fault)
}

/// Takes the persons of these names out of every cut, and these treatments, whoever they were of then.
pub(in super::super) async fn withdraw(
    connection: &mut PgConnection,
    sender: &SenderCode,
    (names, held): (&BTreeSet<[u8; 32]>, &[i64]),
) -> Result<(), sqlx::Error> {
    const HOLD: &str = include_str!("../sql/cut_hold.sql");
    const PERSONS: &str = include_str!("../sql/cut_alias_persons.sql");
    const TREATMENTS: &str = include_str!("../sql/cut_leave_treatments.sql");
    const BEHIND: [&str; 2] =
        [include_str!("../sql/cut_leave_outcomes.sql"), include_str!("../sql/cut_leave_followups.sql")];
    const NAMES: &str = include_str!("../sql/cut_leave_aliases.sql");
    let code = sender.as_str();
    sqlx::query(HOLD).execute(&mut *connection).await?;
    let persons = sqlx::query_as(PERSONS).bind(code).bind(names.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>());
    let persons: Vec<(i64, i64)> = persons.fetch_all(&mut *connection).await?;
    if persons.is_empty() && held.is_empty() {
        return Ok(());
    }
    let (mut cuts, mut subjects): (Vec<i64>, Vec<i64>) = persons.into_iter().unzip();
    let gone = sqlx::query_as(TREATMENTS).bind(code).bind(&cuts).bind(&subjects).bind(held);
    let gone: Vec<(i64, i64, i64, i64)> = gone.fetch_all(&mut *connection).await?;
    let (of, treatments): (Vec<i64>, Vec<i64>) = gone.iter().map(|(cut, treatment, _, _)| (*cut, *treatment)).unzip();
    for statement in BEHIND {
        sqlx::query(statement).bind(code).bind(&of).bind(&treatments).execute(&mut *connection).await?;
    }
    cuts.extend(&of);
    subjects.extend(gone.iter().map(|(.., subject)| subject));
    sqlx::query(NAMES).bind(code).bind(&cuts).bind(&subjects).execute(&mut *connection).await?;
    count(connection, code, &gone).await
}

/// Notes in each cut how many left.
async fn count(connection: &mut PgConnection, sender: &str, gone: &[(i64, i64, i64, i64)]) -> Result<(), sqlx::Error> {
    const COUNT: &str = include_str!("../sql/cut_leave_count.sql");
    let mut left: BTreeMap<i64, (BTreeSet<i64>, i64)> = BTreeMap::new();
    for (cut, _, person, _) in gone {
        let (persons, treatments) = left.entry(*cut).or_default();
        persons.insert(*person);
        *treatments += 1;
    }
    for (cut, (persons, treatments)) in left {
        let persons = i64::try_from(persons.len()).unwrap_or(i64::MAX);
        let count = sqlx::query(COUNT).bind(sender).bind(cut).bind(persons).bind(treatments);
        count.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Takes everything of a sender out of every cut.
pub(in super::super) async fn withdraw_all(connection: &mut PgConnection, sender: &str) -> Result<(), sqlx::Error> {
    const HOLD: &str = include_str!("../sql/cut_hold.sql");
    const ALL: &str = include_str!("../sql/cut_replaced.sql");
    sqlx::query(HOLD).execute(&mut *connection).await?;
    sqlx::query(ALL).bind(sender).execute(connection).await.map(|_| ())
}
