//! Alarms, their messages and contacts.
//!
//! Promises: there is one writer, so whoever looks next sees what was raised before.

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::id::SenderCode;
use sqlx::query::{Query, QueryScalar};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, audit, fault};
use crate::store::StoreError;
use crate::store::alarm::{
    Acknowledged, Alarm, AlarmRow, AlarmStep, Alarms, Channel, Condition, Contact, ContactRow, Mark, Notice, changes,
    code, number, sql, step,
};
use crate::store::audit::Entry;

#[async_trait]
impl Alarms for Sqlite {
    async fn set_alarms(&self, conditions: &[Condition], at: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let set = set(&mut connection, conditions, at).await.map_err(fault);
        self.writer.settle(connection, set)
    }

    async fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let rows: Vec<AlarmRow> = sqlx::query_as(sql::ALL).fetch_all(&self.readers).await.map_err(fault)?;
        rows.into_iter().map(Alarm::try_from).collect()
    }

    async fn acknowledge_alarm(&self, number: u32, seen: &Acknowledged, mark: Mark) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(sql::ACKNOWLEDGE).bind(i64::from(number)).bind(&seen.at).bind(&seen.by);
        self.noted(query.bind(&seen.note), |sender| mark.alarm(sender, number)).await
    }

    async fn take_notice(&self, channel: Channel, at: Timestamp) -> Result<Option<Notice>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let taken = sqlx::query_as(channel.statements().0).bind(at.as_second()).fetch_optional(&mut *connection).await;
        let taken: Option<(i64, String)> = self.writer.settle(connection, taken.map_err(fault))?;
        let Some((number, word)) = taken else { return Ok(None) };
        let row: AlarmRow = sqlx::query_as(sql::ONE).bind(number).fetch_one(&self.readers).await.map_err(fault)?;
        Ok(Some(Notice { alarm: row.try_into()?, step: step(&word) }))
    }

    async fn notice_sent(&self, channel: Channel, notice: &Notice, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(channel.statements().1).bind(i64::from(notice.alarm.number)).bind(notice.step.word());
        self.changes_a_row(query.bind(at.to_string())).await.map(|_| ())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        let rows: Vec<ContactRow> = sqlx::query_as(sql::CONTACTS).fetch_all(&self.readers).await.map_err(fault)?;
        rows.into_iter().map(Contact::try_from).collect()
    }

    async fn add_contact(&self, contact: &Contact, mark: Mark) -> Result<u32, StoreError> {
        let mut connection = self.writer.connection().await?;
        let added = add(&mut connection, contact, mark).await.map_err(fault);
        self.writer.settle(connection, added)
    }

    async fn confirm_contact(&self, number: u32, by: &str, mark: Mark) -> Result<bool, StoreError> {
        let at = mark.stamp.at.to_string();
        let query = sqlx::query_scalar(sql::CONFIRM_CONTACT).bind(i64::from(number)).bind(at).bind(by);
        self.noted(query, |sender| mark.contact(sender, (number, "confirmed"))).await
    }

    async fn remove_contact(&self, number: u32, mark: Mark) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(sql::REMOVE_CONTACT).bind(i64::from(number));
        self.noted(query, |sender| mark.contact(sender, (number, "removed"))).await
    }
}

/// A statement that changes a row, if there is one, and tells its sender.
type Change<'q> = QueryScalar<'q, sqlx::Sqlite, String, SqliteArguments>;

impl Sqlite {
    async fn changes_a_row(&self, query: Query<'_, sqlx::Sqlite, SqliteArguments>) -> Result<bool, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = query.execute(&mut *connection).await.map_err(fault);
        self.writer.settle(connection, done.map(|done| done.rows_affected() > 0))
    }

    /// Changes a row, if there is one, and notes the event of it.
    async fn noted(&self, change: Change<'_>, event: impl Fn(&SenderCode) -> Entry + Send) -> Result<bool, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = noted_on(&mut connection, change, event).await;
        self.writer.settle(connection, done)
    }
}

async fn noted_on(
    connection: &mut SqliteConnection,
    change: Change<'_>,
    event: impl Fn(&SenderCode) -> Entry + Send,
) -> Result<bool, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let Some(sender) = change.fetch_optional(&mut *transaction).await.map_err(fault)? else { return Ok(false) };
    audit::note(&mut transaction, &event(&code(&sender)?)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(true)
}

async fn add(connection: &mut SqliteConnection, contact: &Contact, mark: Mark) -> Result<u32, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let query = sqlx::query_scalar(sql::ADD_CONTACT).bind(contact.sender.as_str()).bind(contact.role.word());
    let query = query.bind(&contact.name).bind(&contact.email).bind(contact.deputy_of.map(i64::from));
    let added = query.bind(contact.confirmed_at.to_string()).fetch_one(&mut *transaction).await.map(number)?;
    audit::note(&mut transaction, &mark.contact(&contact.sender, (added, "added"))).await?;
    transaction.commit().await?;
    Ok(added)
}

async fn set(
    connection: &mut SqliteConnection,
    conditions: &[Condition],
    at: Timestamp,
) -> Result<Vec<(u32, AlarmStep)>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let open: Vec<(String, String)> = sqlx::query_as(sql::OPEN).fetch_all(&mut *transaction).await?;
    let (new, over) = changes(&open, conditions);
    let mut changed: Vec<(i64, AlarmStep)> = Vec::new();
    for condition in new {
        let query = sqlx::query_scalar(sql::RAISE).bind(condition.sender.as_str()).bind(condition.kind.word());
        let query = query.bind(condition.since.to_string()).bind(at.to_string());
        changed.push((query.fetch_one(&mut *transaction).await?, AlarmStep::Raised));
    }
    for (sender, kind) in over {
        let query = sqlx::query_scalar(sql::CLEAR).bind(sender).bind(kind).bind(at.to_string());
        changed.push((query.fetch_one(&mut *transaction).await?, AlarmStep::Cleared));
    }
    for (alarm, step) in &changed {
        for statement in sql::NOTICES {
            let query = sqlx::query(statement).bind(alarm).bind(step.word()).bind(at.as_second());
            query.execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(changed.into_iter().map(|(alarm, step)| (number(alarm), step)).collect())
}
