//! Senders, their keys and their generations.

use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::id::{KeyId, SenderCode, StateId};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{Writer, audit, fault};
use crate::environment::Stamp;
use crate::store::audit::{Entry, What};
use crate::store::plan::Given;
use crate::store::{Delivery, Sender, SenderPlan, SenderStatus, StoreError};

#[derive(sqlx::FromRow)]
struct SenderRow {
    code: String,
    status: String,
    enrolled_at: String,
    generation: u32,
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
            generation: row.generation,
            keys: Vec::new(),
            treatments: u64::try_from(row.treatments).unwrap_or_default(),
            plan: SenderPlan { schedule, timezone, agent, last_seen_at: row.last_seen_at, paused },
        })
    }
}

/// How many senders there are.
pub(super) async fn count(readers: &SqlitePool) -> Result<i64, sqlx::Error> {
    const COUNT: &str = "SELECT COUNT(*) FROM sender";
    sqlx::query_scalar(COUNT).fetch_one(readers).await
}

/// Sets a sender's standing; tells where it stood before.
pub(super) async fn set(
    writer: &Writer,
    code: &SenderCode,
    status: SenderStatus,
    stamp: Stamp,
) -> Result<Option<SenderStatus>, StoreError> {
    let mut connection = writer.connection().await?;
    let before = set_on(&mut connection, code, status, stamp).await;
    writer.settle(connection, before)
}

async fn set_on(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    status: SenderStatus,
    stamp: Stamp,
) -> Result<Option<SenderStatus>, StoreError> {
    const SET: &str = "INSERT INTO sender (code, status, enrolled_at, changed_at) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT (code) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let before = self::status(&mut transaction, code).await?;
    if before != Some(status) {
        let query = sqlx::query(SET).bind(code.as_str()).bind(status.word()).bind(stamp.at.to_string());
        query.execute(&mut *transaction).await.map_err(fault)?;
        let entry = Entry::new(stamp, Some(code), What::standing(before, (status, None)));
        audit::note(&mut transaction, &entry).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(before)
}

/// Suspends a sender that may deliver; tells where it stood before.
pub(super) async fn suspend(
    writer: &Writer,
    code: &SenderCode,
    (reason, stamp): (&str, Stamp),
) -> Result<Option<SenderStatus>, StoreError> {
    let mut connection = writer.connection().await?;
    let before = suspend_on(&mut connection, code, (reason, stamp)).await;
    writer.settle(connection, before)
}

async fn suspend_on(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    (reason, stamp): (&str, Stamp),
) -> Result<Option<SenderStatus>, StoreError> {
    const SUSPEND: &str = "UPDATE sender SET status = 'suspended', changed_at = ?2 WHERE code = ?1";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let before = status(&mut transaction, code).await?;
    if before == Some(SenderStatus::Active) {
        let suspend = sqlx::query(SUSPEND).bind(code.as_str()).bind(stamp.at.to_string());
        suspend.execute(&mut *transaction).await.map_err(fault)?;
        let what = What::standing(before, (SenderStatus::Suspended, Some(reason)));
        audit::note(&mut transaction, &Entry::new(stamp, Some(code), what)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(before)
}

/// Where a sender stands.
pub(super) async fn status(
    connection: &mut SqliteConnection,
    code: &SenderCode,
) -> Result<Option<SenderStatus>, StoreError> {
    const STATUS: &str = "SELECT status FROM sender WHERE code = ?";
    let word: Option<String> =
        sqlx::query_scalar(STATUS).bind(code.as_str()).fetch_optional(connection).await.map_err(fault)?;
    word.as_deref().map(read_status).transpose()
}

/// Notes a planned silence, or its end.
pub(super) async fn set_pause(
    writer: &Writer,
    code: &SenderCode,
    pause: Option<&Pause>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SET_PAUSE: &str = "UPDATE sender SET paused_until = ?, pause_reason = ?, changed_at = ? WHERE code = ?";
    let mut connection = writer.connection().await?;
    let set = sqlx::query(SET_PAUSE)
        .bind(pause.map(|pause| pause.until.to_string()))
        .bind(pause.map(|pause| pause.reason.as_str()))
        .bind(at.to_string())
        .bind(code.as_str())
        .execute(&mut *connection)
        .await;
    writer.settle(connection, set.map(|_| ()).map_err(fault))
}

/// Notes what a delivery says of its agent.
pub(super) async fn set_plan(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<(), sqlx::Error> {
    const SET_PLAN: &str = "UPDATE sender SET schedule = ?, timezone = ?, agent = ?, last_seen_at = ? WHERE code = ?";
    sqlx::query(SET_PLAN)
        .bind(&delivery.plan.schedule)
        .bind(&delivery.plan.timezone)
        .bind(&delivery.plan.agent)
        .bind(delivery.received_at.to_string())
        .bind(delivery.sender.as_str())
        .execute(connection)
        .await
        .map(|_| ())
}

/// Every sender.
pub(super) async fn list(readers: &SqlitePool) -> Result<Vec<Sender>, StoreError> {
    const LIST: &str = "SELECT code, status, enrolled_at,
            (SELECT COALESCE(MAX(generation), 0) FROM generation WHERE sender = code) AS generation,
            (SELECT COUNT(*) FROM treatment WHERE sender = code AND (coming IS NULL OR treatment.generation < coming)) AS treatments,
            schedule, timezone, agent, last_seen_at, paused_until, pause_reason
        FROM sender ORDER BY code";
    let rows: Vec<SenderRow> = sqlx::query_as(LIST).fetch_all(readers).await.map_err(fault)?;
    let mut senders = Vec::with_capacity(rows.len());
    for row in rows {
        let mut sender = Sender::try_from(row)?;
        sender.keys = keys(readers, &sender.code).await?;
        senders.push(sender);
    }
    Ok(senders)
}

/// The key ids that a sender may use now.
pub(super) async fn keys(readers: &SqlitePool, code: &SenderCode) -> Result<Vec<KeyId>, StoreError> {
    const KEYS: &str = "SELECT kid FROM sender_key WHERE sender = ? AND status = 'active' ORDER BY kid";
    let kids: Vec<String> = sqlx::query_scalar(KEYS).bind(code.as_str()).fetch_all(readers).await.map_err(fault)?;
    kids.into_iter().map(|kid| kid.parse().map_err(|_| inconsistent("kid"))).collect()
}

/// The newest generation given to a sender, 0 when none was.
pub(super) async fn newest_generation(readers: &SqlitePool, code: &SenderCode) -> Result<u32, StoreError> {
    const NEWEST: &str = "SELECT COALESCE(MAX(generation), 0) FROM generation WHERE sender = ?";
    sqlx::query_scalar(NEWEST).bind(code.as_str()).fetch_one(readers).await.map_err(fault)
}

/// The generations that a sender, and one of its state directories, was given.
pub(super) async fn given(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    state: &StateId,
) -> Result<Given, StoreError> {
    const GIVEN: &str = "SELECT COALESCE(MAX(generation), 0), MAX(CASE WHEN state_id = ?2 THEN generation END),
            (SELECT coming FROM sender WHERE code = ?1)
        FROM generation WHERE sender = ?1";
    let query = sqlx::query_as(GIVEN).bind(code.as_str()).bind(state.as_str());
    let (newest, of_state, coming) = query.fetch_one(connection).await.map_err(fault)?;
    Ok(Given { newest, of_state, coming })
}

/// The generation of a state directory, given out when it is new.
pub(super) async fn issue_generation(
    writer: &Writer,
    code: &SenderCode,
    state: &StateId,
    stamp: Stamp,
) -> Result<u32, StoreError> {
    let mut connection = writer.connection().await?;
    let generation = issue(&mut connection, code, state, stamp).await.map_err(fault);
    writer.settle(connection, generation)
}

async fn issue(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    state: &StateId,
    stamp: Stamp,
) -> Result<u32, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let generation = issue_on(&mut transaction, code, (state, stamp)).await?;
    transaction.commit().await?;
    Ok(generation)
}

/// The same in the caller's transaction.
pub(super) async fn issue_on(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    (state, stamp): (&StateId, Stamp),
) -> Result<u32, sqlx::Error> {
    const ISSUE: &str = "INSERT INTO generation (sender, state_id, generation, issued_at)
        VALUES (?1, ?2, (SELECT COALESCE(MAX(generation), 0) + 1 FROM generation WHERE sender = ?1), ?3)
        ON CONFLICT (sender, state_id) DO NOTHING";
    const GENERATION: &str = "SELECT generation FROM generation WHERE sender = ? AND state_id = ?";
    let issue = sqlx::query(ISSUE).bind(code.as_str()).bind(state.as_str()).bind(stamp.at.to_string());
    let is_new = issue.execute(&mut *connection).await?.rows_affected() == 1;
    let given = sqlx::query_scalar(GENERATION).bind(code.as_str()).bind(state.as_str());
    let generation = given.fetch_one(&mut *connection).await?;
    if is_new {
        audit::note(connection, &Entry::new(stamp, Some(code), What::Generation { generation })).await?;
    }
    Ok(generation)
}

fn read_status(word: &str) -> Result<SenderStatus, StoreError> {
    SenderStatus::of_word(word).ok_or_else(|| inconsistent("status"))
}

fn inconsistent(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "sender", column, id: 0 }
}
