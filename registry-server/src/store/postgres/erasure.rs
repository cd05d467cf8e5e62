//! The one transaction in which persons leave the register.
//!
//! Promises: everything that is held of them goes together, and what keeps them out, the answer to a case and the receipt come with it;
//! the same request again gets the same receipt; the sender's row is held from the first statement on, so that a batch that is underway
//! comes before or after, never in between.

/// Cases of the register.
mod case;
/// Removing bytes that the database no longer reads.
mod clean;
/// What keeps erased bytes from going.
mod doubts;
/// Cells of what is gone.
mod figures;
/// What is held of persons.
mod person;

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SenderCode;
use schemas::withdrawal::CaseAnswer;
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use super::{audit, cells, cut, history, merge, sender};
use crate::environment::Stamp;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::erasure::barred::tombstone;
use crate::store::erasure::leaving::{ErasedRow, Leaving, RetractedRow, count, record_tombstones};
use crate::store::erasure::{Erased, Erasure, Persons};
use crate::store::figures::cells::Touched;
use crate::store::{RefusedDelivery, SenderStatus, StoreError};
use crate::subject::{Alias, Tombstone};

pub(super) use case::{affairs, ledger, set_case};
pub(super) use clean::clean;
pub(super) use doubts::doubts;
pub(super) use figures::drop_cells;
pub(super) use person::disclose;

/// Erases persons, or gives the receipt of the same request.
pub(super) async fn erase(pool: &PgPool, erasure: &Erasure) -> Result<Vec<u8>, RefusedDelivery> {
    let mut transaction = pool.begin().await.map_err(fault)?;
    if sender::lock(&mut transaction, &erasure.sender).await? != Some(SenderStatus::Active) {
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
async fn leaving(
    connection: &mut PgConnection,
    (code, persons): (&SenderCode, &[Alias]),
) -> Result<Leaving, StoreError> {
    const ALIASES: &str = include_str!("sql/aliases_of_names.sql");
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
    let rows = sqlx::query_as(ALIASES).bind(code.as_str()).bind(bytes(&all));
    leaving.meet(rows.fetch_all(connection).await.map_err(fault)?)?;
    Ok(leaving)
}

/// The receipt of the same request, as long as nobody in it was let in again.
async fn repeated(
    connection: &mut PgConnection,
    erasure: &Erasure,
    leaving: &Leaving,
) -> Result<Option<Vec<u8>>, StoreError> {
    const RECEIPT: &str = include_str!("sql/erasure_receipt.sql");
    let stored = sqlx::query_scalar(RECEIPT).bind(erasure.sender.as_str()).bind(&erasure.digest);
    let Some(receipt) = stored.fetch_optional(&mut *connection).await.map_err(fault)? else { return Ok(None) };
    let asked = leaving.asked(&erasure.tombs);
    let out = withdrawn(connection, &erasure.sender, &asked).await?;
    Ok((out == count(asked.len())).then_some(receipt))
}

/// How many of these tombstones a sender has.
async fn withdrawn(
    connection: &mut PgConnection,
    code: &SenderCode,
    asked: &BTreeSet<Tombstone>,
) -> Result<u32, StoreError> {
    const PERSONS: &str = include_str!("sql/tombstones_of_persons.sql");
    let found = sqlx::query_scalar(PERSONS).bind(code.as_str()).bind(bytes(asked));
    let found: Vec<Vec<u8>> = found.fetch_all(connection).await.map_err(fault)?;
    Ok(count(found.len()))
}

/// Takes away everything that is held of the persons, and leaves tombstones of their records.
async fn take_away(connection: &mut PgConnection, erasure: &Erasure, leaving: &Leaving) -> Result<Erased, StoreError> {
    const TREATMENTS: &str = include_str!("sql/treatments_erased.sql");
    const OUTCOMES: &str = include_str!("sql/outcomes_replaced.sql");
    const SUBJECTS: &str = include_str!("sql/subjects_erased.sql");
    const RETRACTIONS: &str = include_str!("sql/retractions_erased.sql");
    let (sender, subjects) = (erasure.sender.as_str(), leaving.subjects());
    cells::touch(connection, sender, Touched::persons(subjects.clone())).await.map_err(fault)?;
    drop_cells(connection, sender).await.map_err(fault)?;
    let treatments = sqlx::query_as(TREATMENTS).bind(sender).bind(&subjects);
    let treatments: Vec<(i64, String, i64, i64)> = treatments.fetch_all(&mut *connection).await.map_err(fault)?;
    let (mut ids, mut records): (Vec<i64>, Vec<ErasedRow>) =
        treatments.into_iter().map(|(id, key, generation, counter)| (id, (key, generation, counter))).unzip();
    let treatments = count(ids.len());
    for (statement, ids) in [(OUTCOMES, &ids), (SUBJECTS, &subjects)] {
        sqlx::query(statement).bind(sender).bind(ids).execute(&mut *connection).await.map_err(fault)?;
    }
    merge::forget(connection, &erasure.sender, &leaving.all_names()).await?;

    let persons = leaving.tombstones(&erasure.tombs);
    let retracted = sqlx::query_as(RETRACTIONS).bind(sender).bind(bytes(persons.keys()));
    let retracted: Vec<RetractedRow> = retracted.fetch_all(&mut *connection).await.map_err(fault)?;
    let mut taken_back = BTreeSet::new();
    for (id, key, generation, counter, person) in retracted {
        ids.extend(id);
        records.push((key, generation, counter));
        taken_back.insert(tombstone(person, "retraction")?);
    }
    history::forget(connection, &erasure.sender, &ids).await.map_err(fault)?;
    cut::withdraw(connection, &erasure.sender, (&leaving.all_names(), &ids)).await.map_err(fault)?;
    bar_records(connection, erasure, &records).await?;
    Ok(Erased {
        case: answer_case(connection, erasure).await.map_err(fault)?,
        found: leaving.found(&taken_back, &erasure.tombs),
        treatments,
    })
}

async fn bar_records(
    connection: &mut PgConnection,
    erasure: &Erasure,
    records: &[ErasedRow],
) -> Result<(), StoreError> {
    const BAR: &str = include_str!("sql/tombstones_bar_records.sql");
    let tombstones = record_tombstones(records, &erasure.tombs)?;
    let versions = || tombstones.values();
    let bar = sqlx::query(BAR)
        .bind(erasure.sender.as_str())
        .bind(erasure.stamp.at.to_string())
        .bind(bytes(tombstones.keys()))
        .bind(versions().map(|version| i64::from(version.generation)).collect::<Vec<_>>())
        .bind(versions().map(|version| i64::try_from(version.counter).unwrap_or(i64::MAX)).collect::<Vec<_>>());
    bar.execute(connection).await.map_err(fault).map(|_| ())
}

/// Leaves tombstones of the persons.
async fn bar(connection: &mut PgConnection, erasure: &Erasure, leaving: &Leaving) -> Result<(), sqlx::Error> {
    const BAR: &str = include_str!("sql/tombstones_bar_persons.sql");
    let tombstones: BTreeMap<Tombstone, Tombstone> = leaving.tombstones(&erasure.tombs);
    let bar = sqlx::query(BAR)
        .bind(erasure.sender.as_str())
        .bind(erasure.stamp.at.to_string())
        .bind(bytes(tombstones.keys()))
        .bind(bytes(tombstones.values()));
    bar.execute(connection).await.map(|_| ())
}

/// Answers the case of an erasure; gives its number, when there is one of that number.
async fn answer_case(connection: &mut PgConnection, erasure: &Erasure) -> Result<Option<u32>, sqlx::Error> {
    let Some(number) = erasure.case else { return Ok(None) };
    let answer = (&erasure.sender, CaseAnswer::Withdrawn, erasure.stamp.at);
    Ok(case::answer(connection, number, answer).await?.then_some(number))
}

/// Writes the erasure down.
async fn keep(
    connection: &mut PgConnection,
    erasure: &Erasure,
    (erased, receipt): (&Erased, &[u8]),
) -> Result<(), sqlx::Error> {
    const KEEP: &str = include_str!("sql/erasure_keep.sql");
    sqlx::query(KEEP)
        .bind(erasure.sender.as_str())
        .bind(&erasure.digest)
        .bind(erasure.state.as_str())
        .bind(erasure.stamp.at.to_string())
        .bind(erased.case.map(i64::from))
        .bind(i64::from(count(erasure.persons.len())))
        .bind(i64::from(erased.found))
        .bind(i64::from(erased.treatments))
        .bind(receipt)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Lets persons in again; tells how many were withdrawn.
pub(super) async fn lift(pool: &PgPool, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
    const LIFT: &str = include_str!("sql/tombstones_lift.sql");
    let Persons { sender: code, persons, tombs } = persons;
    let mut transaction = pool.begin().await.map_err(fault)?;
    sender::lock(&mut transaction, code).await?;
    let asked: BTreeSet<Tombstone> = persons.iter().map(|alias| tombs.person(&alias.s)).collect();
    let lifted = withdrawn(&mut transaction, code, &asked).await?;
    let lift = sqlx::query(LIFT).bind(code.as_str()).bind(bytes(&asked));
    lift.execute(&mut *transaction).await.map_err(fault)?;
    let what = What::Lift { persons: u64::from(count(persons.len())) };
    audit::note(&mut transaction, &Entry::new(stamp, Some(code), what)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(lifted)
}

/// Hashes in the form in which a statement takes many of them.
fn bytes<'a>(hashes: impl IntoIterator<Item = &'a [u8; 32]>) -> Vec<&'a [u8]> {
    hashes.into_iter().map(<[u8; 32]>::as_slice).collect()
}
