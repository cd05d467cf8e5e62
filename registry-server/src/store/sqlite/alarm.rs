//! Alarms, their messages and contacts.
//!
//! Promises: there is one writer, so whoever looks next sees what was raised before.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, fault};
use crate::store::StoreError;
use crate::store::alarm::{
    Acknowledged, Alarm, AlarmRow, AlarmStep, Alarms, Condition, Contact, ContactRow, Notice, changes, number, sql,
    step,
};

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

    async fn acknowledge_alarm(&self, number: u32, seen: &Acknowledged) -> Result<bool, StoreError> {
        let query = sqlx::query(sql::ACKNOWLEDGE).bind(i64::from(number)).bind(&seen.at).bind(&seen.by);
        self.changes_a_row(query.bind(&seen.note)).await
    }

    async fn take_notice(&self, at: Timestamp) -> Result<Option<Notice>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let taken = sqlx::query_as(sql::TAKE).bind(at.as_second()).fetch_optional(&mut *connection).await;
        let taken: Option<(i64, String)> = self.writer.settle(connection, taken.map_err(fault))?;
        let Some((number, word)) = taken else { return Ok(None) };
        let row: AlarmRow = sqlx::query_as(sql::ONE).bind(number).fetch_one(&self.readers).await.map_err(fault)?;
        Ok(Some(Notice { alarm: row.try_into()?, step: step(&word) }))
    }

    async fn notice_sent(&self, notice: &Notice, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SENT).bind(i64::from(notice.alarm.number)).bind(notice.step.word());
        self.changes_a_row(query.bind(at.to_string())).await.map(|_| ())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        let rows: Vec<ContactRow> = sqlx::query_as(sql::CONTACTS).fetch_all(&self.readers).await.map_err(fault)?;
        rows.into_iter().map(Contact::try_from).collect()
    }

    async fn add_contact(&self, contact: &Contact) -> Result<u32, StoreError> {
        let mut connection = self.writer.connection().await?;
        let query = sqlx::query_scalar(sql::ADD_CONTACT).bind(contact.sender.as_str()).bind(contact.role.word());
        let query = query.bind(&contact.name).bind(&contact.email).bind(contact.deputy_of.map(i64::from));
        let added = query.bind(contact.confirmed_at.to_string()).fetch_one(&mut *connection).await;
        self.writer.settle(connection, added.map(number).map_err(fault))
    }

    async fn confirm_contact(&self, number: u32, by: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.changes_a_row(sqlx::query(sql::CONFIRM_CONTACT).bind(i64::from(number)).bind(at.to_string()).bind(by))
            .await
    }

    async fn remove_contact(&self, number: u32) -> Result<bool, StoreError> {
        self.changes_a_row(sqlx::query(sql::REMOVE_CONTACT).bind(i64::from(number))).await
    }
}

impl Sqlite {
    async fn changes_a_row(
        &self,
        query: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
    ) -> Result<bool, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = query.execute(&mut *connection).await.map_err(fault);
        self.writer.settle(connection, done.map(|done| done.rows_affected() > 0))
    }
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
        let query = sqlx::query(sql::NOTICE).bind(alarm).bind(step.word()).bind(at.as_second());
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(changed.into_iter().map(|(alarm, step)| (number(alarm), step)).collect())
}
