//! A sender's set under new keys.
//!
//! Promises: each step is one transaction, which holds the sender's row, so that no delivery of the sender is half done meanwhile.

use schemas::id::{KeyId, SenderCode};
use schemas::key_reset::{KeyResetAnswer, Step};
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use super::{audit, cells, cut, sender};
use crate::environment::Stamp;
use crate::store::account::DRIFT;
use crate::store::audit::{Entry, What};
use crate::store::figures::cells::Touched;
use crate::store::reset::{Deed, KeyReset, Stored};
use crate::store::{RefusedDelivery, SenderStatus, StoreError};

const SET: &str = include_str!("sql/reset_set.sql");

/// Takes a step.
pub(super) async fn step(pool: &PgPool, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery> {
    let mut transaction = pool.begin().await.map_err(fault)?;
    if sender::lock(&mut transaction, &reset.sender).await? != Some(SenderStatus::Active) {
        return Err(RefusedDelivery::SenderNotActive);
    }
    let stored = stored(&mut transaction, &reset.sender).await?;
    let deed = reset.deed(&stored).ok_or(RefusedDelivery::KeyUnknown)?;
    let generation = sender::issue_on(&mut transaction, &reset.sender, (&reset.state, stamp)).await?;
    match deed {
        Deed::Start => start(&mut transaction, reset, (stored.coming, generation), stamp).await.map_err(fault)?,
        Deed::Replace(coming) => replace(&mut transaction, reset, coming, stamp).await.map_err(fault)?,
        Deed::Nothing => {}
    }
    let answer = answer(&mut transaction, &reset.sender, generation).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(answer)
}

async fn stored(connection: &mut PgConnection, sender: &SenderCode) -> Result<Stored, StoreError> {
    const KEYS: &str = include_str!("sql/reset_keys.sql");
    const COMING: &str = include_str!("sql/reset_coming.sql");
    let rows: Vec<(String, bool)> =
        sqlx::query_as(KEYS).bind(sender.as_str()).fetch_all(&mut *connection).await.map_err(fault)?;
    let wrong = |_| StoreError::Inconsistent { table: "sender_key", column: "kid", id: 0 };
    let key = |(kid, active): (String, bool)| Ok((kid.parse::<KeyId>().map_err(wrong)?, active));
    let keys = rows.into_iter().map(key).collect::<Result<_, StoreError>>()?;
    let coming: Option<i64> =
        sqlx::query_scalar(COMING).bind(sender.as_str()).fetch_one(connection).await.map_err(fault)?;
    let coming = coming.map(u32::try_from).transpose();
    let coming = coming.map_err(|_| StoreError::Inconsistent { table: "sender", column: "coming", id: 0 })?;
    Ok(Stored { keys, coming })
}

async fn start(
    connection: &mut PgConnection,
    reset: &KeyReset,
    (before, generation): (Option<u32>, u32),
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    const RETIRE: &str = include_str!("sql/reset_retire.sql");
    const REGISTER: &str = include_str!("sql/key_register.sql");
    let sender = reset.sender.as_str();
    sqlx::query(RETIRE).bind(sender).execute(&mut *connection).await?;
    let register = sqlx::query(REGISTER).bind(sender).bind(reset.kid.as_str()).bind(stamp.at.to_string());
    register.execute(&mut *connection).await?;
    let dropped = match before {
        Some(before) => drop_set(connection, sender, (before, generation)).await?,
        None => 0,
    };
    sqlx::query(SET).bind(sender).bind(i64::from(generation)).execute(&mut *connection).await?;
    note(connection, reset, dropped, stamp).await
}

async fn replace(
    connection: &mut PgConnection,
    reset: &KeyReset,
    coming: u32,
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    let sender = reset.sender.as_str();
    cells::touch(connection, sender, Touched::all()).await?;
    cut::withdraw_all(connection, sender).await?;
    let dropped = drop_set(connection, sender, (0, coming)).await?;
    sqlx::query(SET).bind(sender).bind(None::<i64>).execute(&mut *connection).await?;
    note(connection, reset, dropped, stamp).await
}

/// Removes what the sender has between two generations, the first one in it and the last one not; tells how many treatments that were.
/// What receipts and erasures come to is then another number than what is here.
async fn drop_set(connection: &mut PgConnection, sender: &str, (from, to): (u32, u32)) -> Result<u64, sqlx::Error> {
    const TREATMENTS: &str = include_str!("sql/reset_drop_treatment.sql");
    const OTHERS: [&str; 4] = [
        include_str!("sql/reset_drop_history.sql"),
        include_str!("sql/reset_drop_retraction.sql"),
        include_str!("sql/reset_drop_activity.sql"),
        include_str!("sql/reset_drop_subject_pair.sql"),
    ];
    // What was worked out of treatments that are gone, persons without treatments with their names, and the count of what is here.
    const BEHIND: [&str; 4] = [
        include_str!("sql/account_left_outcomes.sql"),
        include_str!("sql/account_left_followups.sql"),
        include_str!("sql/account_left_subjects.sql"),
        DRIFT,
    ];
    let (from, to) = (i64::from(from), i64::from(to));
    let gone = sqlx::query(TREATMENTS).bind(sender).bind(from).bind(to).execute(&mut *connection).await?;
    for statement in OTHERS {
        sqlx::query(statement).bind(sender).bind(from).bind(to).execute(&mut *connection).await?;
    }
    for statement in BEHIND {
        sqlx::query(statement).bind(sender).execute(&mut *connection).await?;
    }
    Ok(gone.rows_affected())
}

async fn note(
    connection: &mut PgConnection,
    reset: &KeyReset,
    treatments: u64,
    stamp: Stamp,
) -> Result<(), sqlx::Error> {
    let replaced = reset.step == Step::Replace;
    let what = What::KeyReset { kid: reset.kid.clone(), replaced, treatments };
    audit::note(connection, &Entry::new(stamp, Some(&reset.sender), what)).await
}

async fn answer(
    connection: &mut PgConnection,
    sender: &SenderCode,
    generation: u32,
) -> Result<KeyResetAnswer, sqlx::Error> {
    const COUNTED: &str = include_str!("sql/reset_answer.sql");
    let (standing, coming, counts): (i64, i64, bool) =
        sqlx::query_as(COUNTED).bind(sender.as_str()).fetch_one(connection).await?;
    let [standing, coming] = [standing, coming].map(|n| u64::try_from(n).unwrap_or_default());
    Ok(KeyResetAnswer { generation, standing, coming, counts })
}
