//! Alarms, their messages and contacts.
//!
//! Promises: servers that look at the same time come one after the other, so that an alarm is raised once; a message is taken by one.

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::id::SenderCode;
use sqlx::PgPool;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryScalar;

use super::again::again;
use super::fault::fault;
use super::{Postgres, audit};
use crate::store::StoreError;
use crate::store::alarm::{
    Acknowledged, Alarm, AlarmRow, AlarmStep, Alarms, Channel, Condition, Contact, ContactRow, Mark, Notice, changes,
    code, number, sql, step,
};
use crate::store::audit::Entry;

#[async_trait]
impl Alarms for Postgres {
    async fn set_alarms(&self, conditions: &[Condition], at: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
        again(|| async { set(&self.pool, conditions, at).await.map_err(fault) }).await
    }

    async fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let rows: Vec<AlarmRow> = sqlx::query_as(sql::ALL).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(Alarm::try_from).collect()
    }

    async fn acknowledge_alarm(&self, number: u32, seen: &Acknowledged, mark: Mark) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(sql::ACKNOWLEDGE).bind(i64::from(number)).bind(&seen.at).bind(&seen.by);
        noted(&self.pool, query.bind(&seen.note), |sender| mark.alarm(sender, number)).await
    }

    async fn take_notice(&self, channel: Channel, at: Timestamp) -> Result<Option<Notice>, StoreError> {
        let query = sqlx::query_as(channel.statements().0).bind(at.as_second());
        let taken: Option<(i64, String)> = query.fetch_optional(&self.pool).await.map_err(fault)?;
        let Some((number, word)) = taken else { return Ok(None) };
        let row: AlarmRow = sqlx::query_as(sql::ONE).bind(number).fetch_one(&self.pool).await.map_err(fault)?;
        Ok(Some(Notice { alarm: row.try_into()?, step: step(&word) }))
    }

    async fn notice_sent(&self, channel: Channel, notice: &Notice, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(channel.statements().1).bind(i64::from(notice.alarm.number)).bind(notice.step.word());
        query.bind(at.to_string()).execute(&self.pool).await.map_err(fault).map(|_| ())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        let rows: Vec<ContactRow> = sqlx::query_as(sql::CONTACTS).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(Contact::try_from).collect()
    }

    async fn add_contact(&self, contact: &Contact, mark: Mark) -> Result<u32, StoreError> {
        const LOCK: &str = include_str!("sql/alarm_lock.sql");
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
        let query = sqlx::query_scalar(sql::ADD_CONTACT).bind(contact.sender.as_str()).bind(contact.role.word());
        let query = query.bind(&contact.name).bind(&contact.email).bind(contact.deputy_of.map(i64::from));
        let query = query.bind(contact.confirmed_at.to_string());
        let added = query.fetch_one(&mut *transaction).await.map(number).map_err(fault)?;
        let event = mark.contact(&contact.sender, (added, "added"));
        audit::note(&mut transaction, &event).await.map_err(fault)?;
        transaction.commit().await.map_err(fault)?;
        Ok(added)
    }

    async fn confirm_contact(&self, number: u32, by: &str, mark: Mark) -> Result<bool, StoreError> {
        let at = mark.stamp.at.to_string();
        let query = sqlx::query_scalar(sql::CONFIRM_CONTACT).bind(i64::from(number)).bind(at).bind(by);
        noted(&self.pool, query, |sender| mark.contact(sender, (number, "confirmed"))).await
    }

    async fn remove_contact(&self, number: u32, mark: Mark) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(sql::REMOVE_CONTACT).bind(i64::from(number));
        noted(&self.pool, query, |sender| mark.contact(sender, (number, "removed"))).await
    }
}

/// Changes a row, if there is one, with a statement that tells its sender, and notes the event of it.
async fn noted(
    pool: &PgPool,
    change: QueryScalar<'_, sqlx::Postgres, String, PgArguments>,
    event: impl Fn(&SenderCode) -> Entry + Send,
) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await.map_err(fault)?;
    let Some(sender) = change.fetch_optional(&mut *transaction).await.map_err(fault)? else { return Ok(false) };
    audit::note(&mut transaction, &event(&code(&sender)?)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(true)
}

async fn set(pool: &PgPool, conditions: &[Condition], at: Timestamp) -> Result<Vec<(u32, AlarmStep)>, sqlx::Error> {
    const LOCK: &str = include_str!("sql/alarm_lock.sql");
    let mut transaction = pool.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
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
