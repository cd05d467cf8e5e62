//! Who leaves the cuts: persons who are withdrawn or have a protected identity now, and sets whose keys were lost.
//!
//! Promises: part of the caller's transaction; what left is counted; what was another person's then leaves with whom it is now
//! known to be of.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SenderCode;
use sqlx::SqliteConnection;

use crate::store::cut;
use crate::store::figures::cells::Touched;
use crate::store::plan::Plan;
use crate::store::sqlite::known::list;
use crate::store::sqlite::tombstone::{hashes, numbers};
use crate::store::sqlite::{cells, erasure, fault, merge};
use crate::store::{Delivery, StoreError};
use crate::subject::Tombstone;

/// Takes the persons out of every cut whose treatments a delivery takes back because they have a protected identity now; before it does.
pub(in super::super) async fn protect(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    plan: &Plan<'_>,
) -> Result<(), StoreError> {
    const NAMES: &str = "SELECT s FROM treatment JOIN alias ON alias.subject = treatment.subject
        WHERE treatment.sender = ?1 AND record_key IN (SELECT value FROM json_each(?2))";
    const HELD: &str = "SELECT treatment.id FROM alias JOIN treatment ON treatment.subject = alias.subject
        WHERE treatment.sender = ?1 AND s IN (SELECT unhex(value) FROM json_each(?2))
        UNION SELECT treatment FROM retraction
        WHERE sender = ?1 AND treatment IS NOT NULL AND person IN (SELECT unhex(value) FROM json_each(?3))";
    let keys = cut::protected(plan);
    if keys.is_empty() {
        return Ok(());
    }
    let sender = delivery.sender.as_str();
    let taken_back = Touched { keys: keys.iter().map(ToString::to_string).collect(), ..Touched::default() };
    cells::touch(connection, sender, taken_back).await.map_err(fault)?;
    erasure::drop_cells(connection, sender).await.map_err(fault)?;
    let names = sqlx::query_scalar(NAMES).bind(sender).bind(list(&keys));
    let names = cut::names(names.fetch_all(&mut *connection).await.map_err(fault)?)?;
    let names = merge::all_names(connection, &delivery.sender, &names).await?;
    let taken_back: Vec<Tombstone> = names.iter().map(|name| delivery.tombs.person(name)).collect();
    let held = sqlx::query_scalar(HELD).bind(sender).bind(hashes(names.iter().map(<[u8; 32]>::as_slice)));
    let held = held.bind(hashes(taken_back.iter().map(Tombstone::as_slice)));
    let held: Vec<i64> = held.fetch_all(&mut *connection).await.map_err(fault)?;
    withdraw(connection, &delivery.sender, (&names, &held)).await.map_err(fault)
}

/// Takes the persons of these names out of every cut, and these treatments, whoever they were of then.
pub(in super::super) async fn withdraw(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    (names, held): (&BTreeSet<[u8; 32]>, &[i64]),
) -> Result<(), sqlx::Error> {
    const PERSONS: &str = "SELECT DISTINCT cut, subject FROM cut_alias
        WHERE sender = ?1 AND s IN (SELECT unhex(value) FROM json_each(?2))";
    const TREATMENTS: &str = "DELETE FROM cut_treatment
        WHERE sender = ?1 AND (cut, treatment) IN (
            SELECT held.cut, held.treatment FROM json_each(?2) AS gone
            JOIN cut_treatment AS held
                ON held.sender = ?1 AND held.cut = gone.value ->> 0 AND held.subject = gone.value ->> 1
            UNION SELECT number, gone.value FROM cut CROSS JOIN json_each(?3) AS gone)
        RETURNING cut, treatment, person, subject";
    const BEHIND: [&str; 2] = [
        "DELETE FROM cut_outcome
        WHERE sender = ?1 AND (cut, treatment) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
        "DELETE FROM cut_followup
        WHERE sender = ?1 AND (cut, treatment) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
    ];
    // A name stays as long as the cut holds a treatment of it.
    const NAMES: &str = "DELETE FROM cut_alias
        WHERE sender = ?1 AND (cut, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))
            AND NOT EXISTS (SELECT 1 FROM cut_treatment AS held WHERE held.sender = ?1 AND held.cut = cut_alias.cut
                AND held.subject = cut_alias.subject)";
    let code = sender.as_str();
    let persons = sqlx::query_as(PERSONS).bind(code).bind(hashes(names.iter().map(<[u8; 32]>::as_slice)));
    let mut persons: Vec<(i64, i64)> = persons.fetch_all(&mut *connection).await?;
    if persons.is_empty() && held.is_empty() {
        return Ok(());
    }
    let gone = sqlx::query_as(TREATMENTS).bind(code).bind(numbers(&persons)).bind(numbers(held));
    let gone: Vec<(i64, i64, i64, i64)> = gone.fetch_all(&mut *connection).await?;
    let treatments: Vec<(i64, i64)> = gone.iter().map(|(cut, treatment, _, _)| (*cut, *treatment)).collect();
    for statement in BEHIND {
        sqlx::query(statement).bind(code).bind(numbers(&treatments)).execute(&mut *connection).await?;
    }
    persons.extend(gone.iter().map(|(cut, .., subject)| (*cut, *subject)));
    sqlx::query(NAMES).bind(code).bind(numbers(&persons)).execute(&mut *connection).await?;
    count(connection, code, &gone).await
}

/// Notes in each cut how many left.
async fn count(
    connection: &mut SqliteConnection,
    sender: &str,
    gone: &[(i64, i64, i64, i64)],
) -> Result<(), sqlx::Error> {
    const COUNT: &str = "UPDATE cut_share SET withdrawn_persons = withdrawn_persons + ?3,
            withdrawn_treatments = withdrawn_treatments + ?4
        WHERE sender = ?1 AND cut = ?2";
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
