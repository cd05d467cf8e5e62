//! The mails about steps that were taken with requests.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, fault};
use crate::store::StoreError;
use crate::store::request_mail::{RequestMail, RequestMails, StepOf, mail, sql, step};

#[async_trait]
impl RequestMails for Sqlite {
    async fn untold_steps(&self, since: Timestamp) -> Result<Vec<StepOf>, StoreError> {
        let query = sqlx::query_as(sql::UNTOLD).bind(since.to_string());
        Ok(query.fetch_all(&self.readers).await.map_err(fault)?.into_iter().map(step).collect())
    }

    async fn plan_step(&self, step: StepOf, people: &[u32], at: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.writer.connection().await?;
        let planned = plan(&mut connection, (step, people), at).await.map_err(fault);
        self.writer.settle(connection, planned)
    }

    async fn take_step_mail(&self, at: Timestamp) -> Result<Option<RequestMail>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let taken = sqlx::query_as(sql::TAKE).bind(at.as_second()).fetch_optional(&mut *connection).await;
        Ok(self.writer.settle(connection, taken.map_err(fault))?.map(mail))
    }

    async fn step_mail_settled(&self, mail: RequestMail, at: Timestamp) -> Result<(), StoreError> {
        let RequestMail { step, person } = mail;
        let query = sqlx::query(sql::SETTLED).bind(i64::from(step.request)).bind(i64::from(step.place));
        let query = query.bind(i64::from(person)).bind(at.to_string());
        let mut connection = self.writer.connection().await?;
        let done = query.execute(&mut *connection).await.map(|_| ()).map_err(fault);
        self.writer.settle(connection, done)
    }
}

async fn plan(
    connection: &mut SqliteConnection,
    (step, people): (StepOf, &[u32]),
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let own = sqlx::query(sql::OWN).bind(i64::from(step.request)).bind(i64::from(step.place));
    own.bind(at.as_second()).bind(at.to_string()).execute(&mut *transaction).await?;
    for person in people {
        let query = sqlx::query(sql::PLAN).bind(i64::from(step.request)).bind(i64::from(step.place));
        query.bind(i64::from(*person)).bind(at.as_second()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
