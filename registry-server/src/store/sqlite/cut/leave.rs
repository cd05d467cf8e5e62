//! Who leaves the cuts: persons who are withdrawn or have a protected identity now, and sets whose keys were lost.
//!
//! Promises: part of the caller's transaction; what left is counted.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SenderCode;
use sqlx::SqliteConnection;

use crate::store::cut;
use crate::store::plan::Plan;
use crate::store::sqlite::known::list;
use crate::store::sqlite::tombstone::{hashes, numbers};
use crate::store::sqlite::{fault, merge};
use crate::store::{Delivery, StoreError};

/// Takes the persons out of every cut whose treatments a delivery takes back because they have a protected identity now; before it does.
pub(in super::super) async fn protect(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    plan: &Plan<'_>,
) -> Result<(), StoreError> {
    const NAMES: &str = "SELECT s FROM treatment JOIN alias ON alias.subject = treatment.subject
        WHERE treatment.sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))";
    let keys = cut::protected(plan);
    if keys.is_empty() {
        return Ok(());
    }
    let names = sqlx::query_scalar(NAMES).bind(delivery.sender.as_str()).bind(list(&keys));
    let names = cut::names(names.fetch_all(&mut *connection).await.map_err(fault)?)?;
    let names = merge::all_names(connection, &delivery.sender, &names).await?;
    withdraw(connection, &delivery.sender, &names).await.map_err(fault)
}

/// Takes the persons of these names out of every cut.
pub(in super::super) async fn withdraw(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    names: &BTreeSet<[u8; 32]>,
) -> Result<(), sqlx::Error> {
    const PERSONS: &str = "SELECT DISTINCT cut, subject FROM cut_alias
        WHERE sender = ?1 AND s IN (SELECT unhex(value) FROM json_each(?2))";
    const TREATMENTS: &str = "DELETE FROM cut_treatment
        WHERE sender = ?1 AND (cut, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))
        RETURNING cut, treatment, person";
    const BEHIND: [&str; 2] = [
        "DELETE FROM cut_outcome
        WHERE sender = ?1 AND (cut, treatment) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
        "DELETE FROM cut_followup
        WHERE sender = ?1 AND (cut, treatment) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
    ];
    const NAMES: &str = "DELETE FROM cut_alias
        WHERE sender = ?1 AND (cut, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))";
    let code = sender.as_str();
    let persons = sqlx::query_as(PERSONS).bind(code).bind(hashes(names.iter().map(<[u8; 32]>::as_slice)));
    let persons: Vec<(i64, i64)> = persons.fetch_all(&mut *connection).await?;
    if persons.is_empty() {
        return Ok(());
    }
    let persons = numbers(&persons);
    let gone: Vec<(i64, i64, i64)> =
        sqlx::query_as(TREATMENTS).bind(code).bind(&persons).fetch_all(&mut *connection).await?;
    let treatments: Vec<(i64, i64)> = gone.iter().map(|(cut, treatment, _)| (*cut, *treatment)).collect();
    for statement in BEHIND {
        sqlx::query(statement).bind(code).bind(numbers(&treatments)).execute(&mut *connection).await?;
    }
    sqlx::query(NAMES).bind(code).bind(&persons).execute(&mut *connection).await?;
    count(connection, code, &gone).await
}

/// Notes in each cut how many left.
async fn count(connection: &mut SqliteConnection, sender: &str, gone: &[(i64, i64, i64)]) -> Result<(), sqlx::Error> {
    const COUNT: &str = "UPDATE cut_share SET withdrawn_persons = withdrawn_persons + ?3,
            withdrawn_treatments = withdrawn_treatments + ?4
        WHERE sender = ?1 AND cut = ?2";
    let mut left: BTreeMap<i64, (BTreeSet<i64>, i64)> = BTreeMap::new();
    for (cut, _, person) in gone {
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
pub(in super::super) async fn withdraw_all(connection: &mut SqliteConnection, sender: &str) -> Result<(), sqlx::Error> {
    const ALL: [&str; 5] = [
        "DELETE FROM cut_treatment WHERE sender = ?",
        "DELETE FROM cut_outcome WHERE sender = ?",
        "DELETE FROM cut_followup WHERE sender = ?",
        "DELETE FROM cut_alias WHERE sender = ?",
        "UPDATE cut_share SET replaced_treatments = treatments - withdrawn_treatments WHERE sender = ?",
    ];
    for statement in ALL {
        sqlx::query(statement).bind(sender).execute(&mut *connection).await?;
    }
    Ok(())
}
