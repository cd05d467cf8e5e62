//! A sender's set under new keys.
//!
//! Promises: each step is one transaction.

use schemas::id::{KeyId, SenderCode};
use schemas::key_reset::{KeyResetAnswer, Step};
use sqlx::{Connection as _, SqliteConnection};

use super::{Writer, audit, cells, cut, fault, sender};
use crate::environment::Stamp;
use crate::store::account::DRIFT;
use crate::store::audit::{Entry, What};
use crate::store::figures::cells::Touched;
use crate::store::reset::{Deed, KeyReset, Stored};
use crate::store::{RefusedDelivery, SenderStatus, StoreError};

/// What a sender has between two generations, the first one in it and the last one not; a treatment's answers, and a person's names, go
/// with them by their references.
const SET: [&str; 6] = [
    "DELETE FROM treatment WHERE sender = ?1 AND generation >= ?2 AND generation < ?3",
    "DELETE FROM history WHERE sender = ?1 AND generation >= ?2 AND generation < ?3",
    "DELETE FROM retraction WHERE sender = ?1 AND generation >= ?2 AND generation < ?3",
    "DELETE FROM activity WHERE sender = ?1 AND generation >= ?2 AND generation < ?3",
    "DELETE FROM subject_pair WHERE sender = ?1 AND generation >= ?2 AND generation < ?3",
    "DELETE FROM subject WHERE sender = ?1 AND ?2 < ?3
        AND NOT EXISTS (SELECT 1 FROM treatment WHERE treatment.subject = subject.id)",
];

/// Takes a step.
pub(super) async fn step(writer: &Writer, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery> {
    let mut connection = writer.connection().await?;
    let done = in_transaction(&mut connection, reset, stamp).await;
    writer.settle(connection, done)
}

async fn in_transaction(
    connection: &mut SqliteConnection,
    reset: &KeyReset,
    stamp: Stamp,
) -> Result<KeyResetAnswer, RefusedDelivery> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    if sender::status(&mut transaction, &reset.sender).await? != Some(SenderStatus::Active) {
        return Err(RefusedDelivery::SenderNotActive);
    }
    let stored = stored(&mut transaction, &reset.sender).await?;
    let deed = reset.deed(&stored).ok_or(RefusedDelivery::KeyUnknown)?;
    let generation = sender::issue_on(&mut transaction, &reset.sender, (&reset.state, stamp)).await.map_err(fault)?;
    match deed {
        Deed::Start => start(&mut transaction, reset, (stored.coming, generation), stamp).await.map_err(fault)?,
        Deed::Replace(coming) => replace(&mut transaction, reset, coming, stamp).await.map_err(fault)?,
        Deed::Nothing => {}
    }
    let answer = answer(&mut transaction, &reset.sender, generation).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(answer)
}

async fn stored(connection: &mut SqliteConnection, sender: &SenderCode) -> Result<Stored, StoreError> {
    const KEYS: &str = "SELECT kid, status = 'active' FROM sender_key WHERE sender = ?";
    const COMING: &str = "SELECT coming FROM sender WHERE code = ?";
    let rows: Vec<(String, bool)> =
        sqlx::query_as(KEYS).bind(sender.as_str()).fetch_all(&mut *connection).await.map_err(fault)?;
    let wrong = |_| StoreError::Inconsistent { table: "sender_key", column: "kid", id: 0 };
    let key = |(kid, active): (String, bool)| Ok((kid.parse::<KeyId>().map_err(wrong)?, active));
    let keys = rows.into_iter().map(key).collect::<Result<_, StoreError>>()?;
    let coming = sqlx::query_scalar(COMING).bind(sender.as_str()).fetch_one(connection).await.map_err(fault)?;
    Ok(Stored { keys, coming })
}

async fn start(
    connection: &mut SqliteConnection,
    reset: &KeyReset,
    (before, generation): (Option<u32>, u32),
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    const RETIRE: &str = "UPDATE sender_key SET status = 'retired' WHERE sender = ?";
    const REGISTER: &str = "INSERT INTO sender_key (sender, kid, status, registered_at) VALUES (?, ?, 'active', ?)";
    const COMING: &str = "UPDATE sender SET coming = ? WHERE code = ?";
    let sender = reset.sender.as_str();
    sqlx::query(RETIRE).bind(sender).execute(&mut *connection).await?;
    let register = sqlx::query(REGISTER).bind(sender).bind(reset.kid.as_str()).bind(stamp.at.to_string());
    register.execute(&mut *connection).await?;
    let dropped = match before {
        Some(before) => drop_set(connection, sender, (before, generation)).await?,
        None => 0,
    };
    sqlx::query(COMING).bind(generation).bind(sender).execute(&mut *connection).await?;
    note(connection, reset, dropped, stamp).await
}

async fn replace(
    connection: &mut SqliteConnection,
    reset: &KeyReset,
    coming: u32,
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    const COUNTS: &str = "UPDATE sender SET coming = NULL WHERE code = ?";
    let sender = reset.sender.as_str();
    cells::touch(connection, sender, Touched::all()).await?;
    cut::withdraw_all(connection, sender).await?;
    let dropped = drop_set(connection, sender, (0, coming)).await?;
    sqlx::query(COUNTS).bind(sender).execute(&mut *connection).await?;
    note(connection, reset, dropped, stamp).await
}

/// Removes a set; tells how many treatments it had. What receipts and erasures come to is then another number than what is here.
async fn drop_set(connection: &mut SqliteConnection, sender: &str, (from, to): (u32, u32)) -> Result<u64, sqlx::Error> {
    let mut treatments = None;
    for statement in SET {
        let gone = sqlx::query(statement).bind(sender).bind(from).bind(to).execute(&mut *connection).await?;
        treatments.get_or_insert(gone.rows_affected());
    }
    sqlx::query(DRIFT).bind(sender).execute(connection).await?;
    Ok(treatments.unwrap_or_default())
}

async fn note(
    connection: &mut SqliteConnection,
    reset: &KeyReset,
    treatments: u64,
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    let replaced = reset.step == Step::Replace;
    let what = What::KeyReset { kid: reset.kid.clone(), replaced, treatments };
    audit::note(connection, &Entry::new(stamp, Some(&reset.sender), what)).await
}

async fn answer(
    connection: &mut SqliteConnection,
    sender: &SenderCode,
    generation: u32,
) -> Result<KeyResetAnswer, sqlx::Error> {
    const COUNTED: &str = "SELECT COUNT(treatment.id) FILTER (WHERE coming IS NULL OR generation < coming),
            COUNT(treatment.id) FILTER (WHERE generation >= coming), MAX(coming) IS NULL
        FROM sender LEFT JOIN treatment ON treatment.sender = code WHERE code = ?";
    let (standing, coming, counts): (i64, i64, bool) =
        sqlx::query_as(COUNTED).bind(sender.as_str()).fetch_one(connection).await?;
    let [standing, coming] = [standing, coming].map(|n| u64::try_from(n).unwrap_or_default());
    Ok(KeyResetAnswer { generation, standing, coming, counts })
}
