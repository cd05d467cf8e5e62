//! Senders, their keys, generations and plans.
//!
//! Promises: whoever writes for a sender holds its row first, so that two servers write for it one after the other.

use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::id::{KeyId, SenderCode, StateId};
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::audit;
use super::fault::fault;
use crate::environment::Stamp;
use crate::store::audit::{Entry, What};
use crate::store::plan::Given;
use crate::store::{Delivery, RefusedDelivery, Sender, SenderPlan, SenderStatus, StoreError};

#[derive(sqlx::FromRow)]
struct SenderRow {
    code: String,
    status: String,
    enrolled_at: String,
    generation: i64,
    treatments: i64,
    schedule: Option<String>,
    timezone: Option<String>,
    agent: Option<String>,
    last_seen_at: Option<String>,
    paused_until: Option<String>,
    pause_reason: Option<String>,
}

impl TryFrom<SenderRow> for Sender {
    type Error = StoreError;

    fn try_from(row: SenderRow) -> Result<Self, StoreError> {
        let paused = row.paused_until.map(|until| {
            let until = until.parse().map_err(|_| inconsistent("paused_until"))?;
            Ok(Pause { until, reason: row.pause_reason.unwrap_or_default() })
        });
        let (schedule, timezone, agent) = (row.schedule, row.timezone, row.agent);
        let paused = paused.transpose()?;
        Ok(Self {
            code: row.code.parse().map_err(|_| inconsistent("code"))?,
            status: read_status(&row.status)?,
            enrolled_at: row.enrolled_at,
            generation: read_generation(row.generation)?,
            keys: Vec::new(),
            treatments: u64::try_from(row.treatments).unwrap_or_default(),
            plan: SenderPlan { schedule, timezone, agent, last_seen_at: row.last_seen_at, paused },
        })
    }
}

/// Whether the tables answer.
pub(super) async fn ready(pool: &PgPool) -> Result<(), StoreError> {
    const READY: &str = include_str!("sql/ready.sql");
    sqlx::query_scalar::<_, i64>(READY).fetch_one(pool).await.map_err(fault).map(|_| ())
}

/// Sets a sender's standing, and makes the partitions of a new one; tells where it stood before.
pub(super) async fn set(
    pool: &PgPool,
    code: &SenderCode,
    status: SenderStatus,
    stamp: Stamp,
) -> Result<Option<SenderStatus>, StoreError> {
    const ADD: &str = include_str!("sql/sender_add.sql");
    const PARTITIONS: &str = include_str!("sql/sender_partitions.sql");
    const SET: &str = include_str!("sql/sender_set.sql");
    let mut transaction = pool.begin().await.map_err(fault)?;
    let add = sqlx::query(ADD).bind(code.as_str()).bind(status.word()).bind(stamp.at.to_string());
    let added = add.execute(&mut *transaction).await.map_err(fault)?;
    let mut before = None;
    if added.rows_affected() == 1 {
        sqlx::query(PARTITIONS).bind(code.as_str()).execute(&mut *transaction).await.map_err(fault)?;
    } else {
        before = lock(&mut transaction, code).await?;
        if before != Some(status) {
            let set = sqlx::query(SET).bind(code.as_str()).bind(status.word()).bind(stamp.at.to_string());
            set.execute(&mut *transaction).await.map_err(fault)?;
        }
    }
    if before != Some(status) {
        let entry = Entry::new(stamp, Some(code), What::standing(before, (status, None)));
        audit::note(&mut transaction, &entry).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(before)
}

/// Suspends a sender that may deliver; tells where it stood before.
pub(super) async fn suspend(
    pool: &PgPool,
    code: &SenderCode,
    (reason, stamp): (&str, Stamp),
) -> Result<Option<SenderStatus>, StoreError> {
    const SET: &str = include_str!("sql/sender_set.sql");
    let mut transaction = pool.begin().await.map_err(fault)?;
    let before = lock(&mut transaction, code).await?;
    if before == Some(SenderStatus::Active) {
        let now = SenderStatus::Suspended;
        let set = sqlx::query(SET).bind(code.as_str()).bind(now.word()).bind(stamp.at.to_string());
        set.execute(&mut *transaction).await.map_err(fault)?;
        let entry = Entry::new(stamp, Some(code), What::standing(before, (now, Some(reason))));
        audit::note(&mut transaction, &entry).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(before)
}

/// Holds the sender's row to the end of the transaction; tells where the sender stands.
pub(super) async fn lock(connection: &mut PgConnection, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError> {
    const LOCK: &str = include_str!("sql/sender_lock.sql");
    let word: Option<String> =
        sqlx::query_scalar(LOCK).bind(code.as_str()).fetch_optional(connection).await.map_err(fault)?;
    word.as_deref().map(read_status).transpose()
}

/// Where a sender stands.
pub(super) async fn status(pool: &PgPool, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError> {
    const STATUS: &str = include_str!("sql/sender_status.sql");
    let word: Option<String> =
        sqlx::query_scalar(STATUS).bind(code.as_str()).fetch_optional(pool).await.map_err(fault)?;
    word.as_deref().map(read_status).transpose()
}

/// Notes a planned silence, or its end.
pub(super) async fn set_pause(
    pool: &PgPool,
    code: &SenderCode,
    pause: Option<&Pause>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SET_PAUSE: &str = include_str!("sql/sender_pause.sql");
    sqlx::query(SET_PAUSE)
        .bind(code.as_str())
        .bind(pause.map(|pause| pause.until.to_string()))
        .bind(pause.map(|pause| pause.reason.as_str()))
        .bind(at.to_string())
        .execute(pool)
        .await
        .map_err(fault)
        .map(|_| ())
}

/// Notes what a delivery says of its agent.
pub(super) async fn set_plan(connection: &mut PgConnection, delivery: &Delivery) -> Result<(), sqlx::Error> {
    const SET_PLAN: &str = include_str!("sql/sender_plan.sql");
    sqlx::query(SET_PLAN)
        .bind(delivery.sender.as_str())
        .bind(&delivery.plan.schedule)
        .bind(&delivery.plan.timezone)
        .bind(&delivery.plan.agent)
        .bind(delivery.received_at.to_string())
        .execute(connection)
        .await
        .map(|_| ())
}

/// Every sender.
pub(super) async fn list(pool: &PgPool) -> Result<Vec<Sender>, StoreError> {
    const LIST: &str = include_str!("sql/sender_list.sql");
    let rows: Vec<SenderRow> = sqlx::query_as(LIST).fetch_all(pool).await.map_err(fault)?;
    let mut senders = Vec::with_capacity(rows.len());
    for row in rows {
        let mut sender = Sender::try_from(row)?;
        sender.keys = keys(pool, &sender.code).await?;
        senders.push(sender);
    }
    Ok(senders)
}

/// The key ids that a sender may use now.
pub(super) async fn keys(pool: &PgPool, code: &SenderCode) -> Result<Vec<KeyId>, StoreError> {
    const KEYS: &str = include_str!("sql/sender_keys.sql");
    let kids: Vec<String> = sqlx::query_scalar(KEYS).bind(code.as_str()).fetch_all(pool).await.map_err(fault)?;
    kids.into_iter().map(|kid| kid.parse().map_err(|_| inconsistent("kid"))).collect()
}

/// A sender's first key is registered by its first batch; any other must be registered already.
pub(super) async fn register_key(connection: &mut PgConnection, delivery: &Delivery) -> Result<(), RefusedDelivery> {
    const STATUS: &str = include_str!("sql/key_status.sql");
    const REGISTER: &str = include_str!("sql/key_register.sql");
    let (code, kid) = (delivery.sender.as_str(), delivery.kid.as_str());
    let status: Option<String> =
        sqlx::query_scalar(STATUS).bind(code).bind(kid).fetch_optional(&mut *connection).await.map_err(fault)?;
    match status.as_deref() {
        Some("active") => Ok(()),
        None if delivery.kid == delivery.sender.first_key_id() => {
            let query = sqlx::query(REGISTER).bind(code).bind(kid).bind(delivery.received_at.to_string());
            query.execute(connection).await.map_err(fault)?;
            Ok(())
        }
        _ => Err(RefusedDelivery::KeyUnknown),
    }
}

/// The newest generation given to a sender, 0 when none was.
pub(super) async fn newest_generation(pool: &PgPool, code: &SenderCode) -> Result<u32, StoreError> {
    const NEWEST: &str = include_str!("sql/newest_generation.sql");
    let newest = sqlx::query_scalar(NEWEST).bind(code.as_str()).fetch_one(pool).await.map_err(fault)?;
    read_generation(newest)
}

/// The generations that a sender, and one of its state directories, was given.
pub(super) async fn given(
    executor: impl PgExecutor<'_>,
    code: &SenderCode,
    state: &StateId,
) -> Result<Given, StoreError> {
    const GIVEN: &str = include_str!("sql/given.sql");
    let query = sqlx::query_as(GIVEN).bind(code.as_str()).bind(state.as_str());
    let (newest, of_state, coming): (i64, Option<i64>, Option<i64>) = query.fetch_one(executor).await.map_err(fault)?;
    Ok(Given {
        newest: read_generation(newest)?,
        of_state: of_state.map(read_generation).transpose()?,
        coming: coming.map(read_generation).transpose()?,
    })
}

/// The generation of a state directory, given out when it is new.
pub(super) async fn issue_generation(
    pool: &PgPool,
    code: &SenderCode,
    state: &StateId,
    stamp: Stamp,
) -> Result<u32, StoreError> {
    let mut transaction = pool.begin().await.map_err(fault)?;
    lock(&mut transaction, code).await?;
    let generation = issue_on(&mut transaction, code, (state, stamp)).await?;
    transaction.commit().await.map_err(fault)?;
    Ok(generation)
}

/// The same in the caller's transaction, which holds the sender's row.
pub(super) async fn issue_on(
    connection: &mut PgConnection,
    code: &SenderCode,
    (state, stamp): (&StateId, Stamp),
) -> Result<u32, StoreError> {
    const ISSUE: &str = include_str!("sql/generation_issue.sql");
    const GENERATION: &str = include_str!("sql/generation.sql");
    let issue = sqlx::query(ISSUE).bind(code.as_str()).bind(state.as_str()).bind(stamp.at.to_string());
    let is_new = issue.execute(&mut *connection).await.map_err(fault)?.rows_affected() == 1;
    let given = sqlx::query_scalar(GENERATION).bind(code.as_str()).bind(state.as_str());
    let generation = read_generation(given.fetch_one(&mut *connection).await.map_err(fault)?)?;
    if is_new {
        let entry = Entry::new(stamp, Some(code), What::Generation { generation });
        audit::note(connection, &entry).await.map_err(fault)?;
    }
    Ok(generation)
}

fn read_status(word: &str) -> Result<SenderStatus, StoreError> {
    SenderStatus::of_word(word).ok_or_else(|| inconsistent("status"))
}

fn read_generation(generation: i64) -> Result<u32, StoreError> {
    let table = "generation";
    u32::try_from(generation).map_err(|_| StoreError::Inconsistent { table, column: "generation", id: generation })
}

fn inconsistent(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "sender", column, id: 0 }
}
