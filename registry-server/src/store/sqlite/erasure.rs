//! The one transaction in which persons leave the register.
//!
//! Promises: everything that is held of them goes together, and what keeps them out, the answer to a case and the receipt come with it;
//! the same request again gets the same receipt.

/// Cases of the register.
mod case;
/// Removing bytes that the database no longer reads.
mod clean;
/// Cells of what is gone.
mod figures;
/// What is held of persons.
mod person;

use std::collections::BTreeSet;

use schemas::canonical;
use schemas::id::SenderCode;
use schemas::withdrawal::CaseAnswer;
use sqlx::{Connection as _, SqliteConnection};

use super::known::list;
use super::tombstone::{hashes, numbers};
use super::{Writer, audit, cells, cut, fault, history, merge, sender};
use crate::environment::Stamp;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::erasure::barred::tombstone;
use crate::store::erasure::leaving::{ErasedRow, Leaving, RetractedRow, count, record_tombstones};
use crate::store::erasure::{Erased, Erasure, Persons};
use crate::store::figures::cells::Touched;
use crate::store::{RefusedDelivery, SenderStatus, StoreError};
use crate::subject::{Alias, Tombstone};

pub(super) use case::{affairs, ledger, set_case};
pub(super) use clean::{clean, doubts};
pub(super) use figures::drop_cells;
pub(super) use person::disclose;

/// Erases persons, or gives the receipt of the same request.
pub(super) async fn erase(writer: &Writer, erasure: &Erasure) -> Result<Vec<u8>, RefusedDelivery> {
    let mut connection = writer.connection().await?;
    let mut erased = in_transaction(&mut connection, erasure).await;
    if erased.is_ok()
        && let Err(error) = clean::fold_log(&mut connection).await
    {
        // Erased it is; what the log still holds goes with the next cleaning.
        tracing::warn!("the write-ahead log could not be emptied after an erasure: {error}");
        if matches!(error, StoreError::Broken(_)) {
            erased = Err(error.into());
        }
    }
    writer.settle(connection, erased)
}

async fn in_transaction(connection: &mut SqliteConnection, erasure: &Erasure) -> Result<Vec<u8>, RefusedDelivery> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    if sender::status(&mut transaction, &erasure.sender).await? != Some(SenderStatus::Active) {
        return Err(RefusedDelivery::SenderNotActive);
    }
    let leaving = leaving(&mut transaction, (&erasure.sender, &erasure.persons)).await?;
    if let Some(receipt) = repeated(&mut transaction, erasure, &leaving).await? {
        return Ok(receipt);
    }
    let erased = take_away(&mut transaction, erasure, &leaving).await?;
    bar(&mut transaction, erasure, &leaving).await.map_err(fault)?;
    let newest = audit::newest(&mut transaction).await.map_err(fault)?;
    let Sealed { receipt, entry } = (erasure.seal)(&erased, newest);
    audit::note(&mut transaction, &entry).await.map_err(fault)?;
    keep(&mut transaction, erasure, (&erased, &receipt)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(receipt)
}

/// The persons behind these names of a sender, each with all its names.
pub(super) async fn leaving(
    connection: &mut SqliteConnection,
    (code, persons): (&SenderCode, &[Alias]),
) -> Result<Leaving, StoreError> {
    const ALIASES: &str = "SELECT named.s, other.s, named.subject FROM alias AS named
        JOIN alias AS other ON other.subject = named.subject
        WHERE named.kid IN (SELECT kid FROM sender_key WHERE sender = ?1)
            AND named.s IN (SELECT unhex(value) FROM json_each(?2))";
    let asked: Vec<[u8; 32]> = persons.iter().map(|alias| alias.s).collect();
    let together = merge::all_names(connection, code, &asked).await?;
    let mut names: Vec<BTreeSet<[u8; 32]>> = asked.iter().map(|name| BTreeSet::from([*name])).collect();
    if together.len() > names.len() {
        for (name, names) in asked.iter().zip(&mut names) {
            *names = merge::all_names(connection, code, &[*name]).await?;
        }
    }
    let mut leaving = Leaving::new(asked, names);
    let all = leaving.all_names();
    let rows = sqlx::query_as(ALIASES).bind(code.as_str()).bind(hashes(all.iter().map(<[u8; 32]>::as_slice)));
    leaving.meet(rows.fetch_all(connection).await.map_err(fault)?)?;
    Ok(leaving)
}

/// The receipt of the same request, as long as nobody in it was let in again.
async fn repeated(
    connection: &mut SqliteConnection,
    erasure: &Erasure,
    leaving: &Leaving,
) -> Result<Option<Vec<u8>>, StoreError> {
    const RECEIPT: &str = "SELECT receipt FROM erasure WHERE sender = ? AND digest = ? ORDER BY number DESC LIMIT 1";
    let stored = sqlx::query_scalar(RECEIPT).bind(erasure.sender.as_str()).bind(&erasure.digest);
    let Some(receipt) = stored.fetch_optional(&mut *connection).await.map_err(fault)? else { return Ok(None) };
    let asked = leaving.asked(&erasure.tombs);
    let out = withdrawn(connection, erasure.sender.as_str(), &asked).await.map_err(fault)?;
    Ok((out == count(asked.len())).then_some(receipt))
}

/// How many of these tombstones a sender has.
async fn withdrawn(
    connection: &mut SqliteConnection,
    sender: &str,
    asked: &BTreeSet<Tombstone>,
) -> Result<u32, sqlx::Error> {
    const WITHDRAWN: &str = "SELECT COUNT(*) FROM person_tombstone
        WHERE sender = ? AND hash IN (SELECT unhex(value) FROM json_each(?))";
    let asked = hashes(asked.iter().map(Tombstone::as_slice));
    sqlx::query_scalar(WITHDRAWN).bind(sender).bind(asked).fetch_one(connection).await
}

/// Takes away everything that is held of the persons, and leaves tombstones of their records.
async fn take_away(
    connection: &mut SqliteConnection,
    erasure: &Erasure,
    leaving: &Leaving,
) -> Result<Erased, StoreError> {
    const TREATMENTS: &str =
        "SELECT id, record_key, generation, counter FROM treatment WHERE subject IN (SELECT value FROM json_each(?))";
    // What was worked out of them, and the persons' names, go with them by their references.
    const TREATED: &str = "DELETE FROM treatment WHERE id IN (SELECT value FROM json_each(?))";
    const SUBJECTS: &str = "DELETE FROM subject WHERE id IN (SELECT value FROM json_each(?))";
    const RETRACTED: &str = "DELETE FROM retraction
        WHERE sender = ? AND person IN (SELECT unhex(value) FROM json_each(?))
        RETURNING treatment, record_key, generation, counter, person";
    let (sender, subjects) = (erasure.sender.as_str(), leaving.subjects());
    cells::touch(connection, sender, Touched::persons(subjects.clone())).await.map_err(fault)?;
    drop_cells(connection, sender).await.map_err(fault)?;
    let subjects = numbers(&subjects);
    let treatments: Vec<(i64, String, i64, i64)> =
        sqlx::query_as(TREATMENTS).bind(&subjects).fetch_all(&mut *connection).await.map_err(fault)?;
    let (mut ids, mut records): (Vec<i64>, Vec<ErasedRow>) =
        treatments.into_iter().map(|(id, key, generation, counter)| (id, (key, generation, counter))).unzip();
    let treatments = count(ids.len());
    sqlx::query(TREATED).bind(numbers(&ids)).execute(&mut *connection).await.map_err(fault)?;
    sqlx::query(SUBJECTS).bind(&subjects).execute(&mut *connection).await.map_err(fault)?;
    merge::forget(connection, &erasure.sender, &leaving.all_names()).await?;

    let persons = leaving.tombstones(&erasure.tombs);
    let retracted = sqlx::query_as(RETRACTED).bind(sender).bind(hashes(persons.keys().map(Tombstone::as_slice)));
    let retracted: Vec<RetractedRow> = retracted.fetch_all(&mut *connection).await.map_err(fault)?;
    let mut taken_back = BTreeSet::new();
    for (id, key, generation, counter, person) in retracted {
        ids.extend(id);
        records.push((key, generation, counter));
        taken_back.insert(tombstone(person, "retraction")?);
    }
    history::forget(connection, &ids).await.map_err(fault)?;
    cut::withdraw(connection, &erasure.sender, (&leaving.all_names(), &ids)).await.map_err(fault)?;
    bar_records(connection, erasure, &records).await?;
    Ok(Erased {
        case: answer_case(connection, erasure).await.map_err(fault)?,
        found: leaving.found(&taken_back, &erasure.tombs),
        treatments,
    })
}

async fn bar_records(
    connection: &mut SqliteConnection,
    erasure: &Erasure,
    records: &[ErasedRow],
) -> Result<(), StoreError> {
    const BAR: &str = "INSERT INTO record_tombstone (sender, hash, generation, counter, erased_at)
        SELECT ?1, unhex(value ->> 0), value ->> 1, value ->> 2, ?2 FROM json_each(?3) WHERE TRUE
        ON CONFLICT (sender, hash) DO UPDATE SET generation = excluded.generation, counter = excluded.counter,
            erased_at = excluded.erased_at
        WHERE (excluded.generation, excluded.counter) > (record_tombstone.generation, record_tombstone.counter)";
    let tombstones = record_tombstones(records, &erasure.tombs)?;
    let rows: Vec<_> = tombstones.iter().map(|(hash, v)| (canonical::hex(hash), v.generation, v.counter)).collect();
    let bar = sqlx::query(BAR).bind(erasure.sender.as_str()).bind(erasure.stamp.at.to_string()).bind(numbers(&rows));
    bar.execute(connection).await.map_err(fault).map(|_| ())
}

/// Leaves tombstones of the persons.
async fn bar(connection: &mut SqliteConnection, erasure: &Erasure, leaving: &Leaving) -> Result<(), sqlx::Error> {
    const BAR: &str = "INSERT INTO person_tombstone (sender, hash, stands_for, withdrawn_at)
        SELECT ?1, unhex(value ->> 0), unhex(value ->> 1), ?2 FROM json_each(?3) WHERE TRUE
        ON CONFLICT (sender, hash) DO UPDATE SET stands_for = excluded.stands_for
        WHERE excluded.stands_for = excluded.hash";
    let tombstones = leaving.tombstones(&erasure.tombs);
    let rows: Vec<_> =
        tombstones.iter().map(|(hash, stands_for)| [hash, stands_for].map(|part| canonical::hex(part))).collect();
    let bar = sqlx::query(BAR).bind(erasure.sender.as_str()).bind(erasure.stamp.at.to_string()).bind(list(&rows));
    bar.execute(connection).await.map(|_| ())
}

/// Answers the case of an erasure; gives its number, when there is one of that number.
async fn answer_case(connection: &mut SqliteConnection, erasure: &Erasure) -> Result<Option<u32>, sqlx::Error> {
    let Some(number) = erasure.case else { return Ok(None) };
    let answer = (&erasure.sender, CaseAnswer::Withdrawn, erasure.stamp.at);
    Ok(case::answer(connection, number, answer).await?.then_some(number))
}

/// Writes the erasure down.
async fn keep(
    connection: &mut SqliteConnection,
    erasure: &Erasure,
    (erased, receipt): (&Erased, &[u8]),
) -> Result<(), sqlx::Error> {
    const KEEP: &str = "INSERT INTO erasure (sender, number, digest, state_id, received_at, case_number, persons, found,
            treatments, receipt)
        VALUES (?1, (SELECT COALESCE(MAX(number), 0) + 1 FROM erasure WHERE sender = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    sqlx::query(KEEP)
        .bind(erasure.sender.as_str())
        .bind(&erasure.digest)
        .bind(erasure.state.as_str())
        .bind(erasure.stamp.at.to_string())
        .bind(erased.case)
        .bind(count(erasure.persons.len()))
        .bind(erased.found)
        .bind(erased.treatments)
        .bind(receipt)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Lets persons in again; tells how many were withdrawn.
pub(super) async fn lift(writer: &Writer, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
    let mut connection = writer.connection().await?;
    let lifted = lift_on(&mut connection, persons, stamp).await;
    writer.settle(connection, lifted)
}

async fn lift_on(connection: &mut SqliteConnection, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
    const LIFT: &str = "DELETE FROM person_tombstone
        WHERE sender = ?1 AND (hash IN (SELECT unhex(value) FROM json_each(?2))
            OR stands_for IN (SELECT unhex(value) FROM json_each(?2)))";
    let Persons { sender, persons, tombs } = persons;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let asked: BTreeSet<Tombstone> = persons.iter().map(|alias| tombs.person(&alias.s)).collect();
    let lifted = withdrawn(&mut transaction, sender.as_str(), &asked).await.map_err(fault)?;
    let lift = sqlx::query(LIFT).bind(sender.as_str()).bind(hashes(asked.iter().map(Tombstone::as_slice)));
    lift.execute(&mut *transaction).await.map_err(fault)?;
    let what = What::Lift { persons: u64::from(count(persons.len())) };
    audit::note(&mut transaction, &Entry::new(stamp, Some(sender), what)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(lifted)
}
