//! The mail that a unit's reader gets after each quarter.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, fault};
use crate::store::StoreError;
use crate::store::quarter::{Choice, QuarterMail, QuarterMails, choice, mail, sql};

#[async_trait]
impl QuarterMails for Sqlite {
    async fn plan_mails(&self, quarter: &str, people: &[u32], at: Timestamp) -> Result<u32, StoreError> {
        let mut connection = self.writer.connection().await?;
        let planned = plan(&mut connection, (quarter, people), at).await.map_err(fault);
        self.writer.settle(connection, planned)
    }

    async fn take_mail(&self, at: Timestamp) -> Result<Option<QuarterMail>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let taken = sqlx::query_as(sql::TAKE).bind(at.as_second()).fetch_optional(&mut *connection).await;
        Ok(self.writer.settle(connection, taken.map_err(fault))?.map(mail))
    }

    async fn mail_settled(&self, mail: &QuarterMail, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SETTLED).bind(i64::from(mail.person)).bind(&mail.quarter).bind(at.to_string());
        let mut connection = self.writer.connection().await?;
        let done = query.execute(&mut *connection).await.map(|_| ()).map_err(fault);
        self.writer.settle(connection, done)
    }

    async fn choose_mail(&self, person: u32, choice: Choice, at: Timestamp) -> Result<(), StoreError> {
        let query = match choice {
            Choice::Wanted => sqlx::query(sql::WANT).bind(i64::from(person)),
            Choice::Declined => sqlx::query(sql::DECLINE).bind(i64::from(person)).bind(at.to_string()),
        };
        let mut connection = self.writer.connection().await?;
        let done = query.execute(&mut *connection).await.map(|_| ()).map_err(fault);
        self.writer.settle(connection, done)
    }

    async fn mail_choice(&self, person: u32) -> Result<Choice, StoreError> {
        let query = sqlx::query_scalar(sql::CHOICE).bind(i64::from(person));
        Ok(choice(query.fetch_optional(&self.readers).await.map_err(fault)?))
    }
}

async fn plan(
    connection: &mut SqliteConnection,
    (quarter, people): (&str, &[u32]),
    at: Timestamp,
) -> Result<u32, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut planned = 0;
    for person in people {
        let query = sqlx::query(sql::PLAN).bind(i64::from(*person)).bind(quarter).bind(at.as_second());
        planned += query.execute(&mut *transaction).await?.rows_affected();
    }
    transaction.commit().await?;
    Ok(u32::try_from(planned).unwrap_or(u32::MAX))
}
