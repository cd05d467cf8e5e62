//! The mails about steps that were taken with requests.
//!
//! Promises: of several servers that plan or take at once, one does.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Postgres;
use super::fault::fault;
use crate::store::StoreError;
use crate::store::request_mail::{RequestMail, RequestMails, StepOf, mail, sql, step};

#[async_trait]
impl RequestMails for Postgres {
    async fn untold_steps(&self, since: Timestamp) -> Result<Vec<StepOf>, StoreError> {
        let query = sqlx::query_as(sql::UNTOLD).bind(since.to_string());
        Ok(query.fetch_all(&self.pool).await.map_err(fault)?.into_iter().map(step).collect())
    }

    async fn plan_step(&self, step: StepOf, people: &[u32], at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        let own = sqlx::query(sql::OWN).bind(i64::from(step.request)).bind(i64::from(step.place));
        own.bind(at.as_second()).bind(at.to_string()).execute(&mut *transaction).await.map_err(fault)?;
        for person in people {
            let query = sqlx::query(sql::PLAN).bind(i64::from(step.request)).bind(i64::from(step.place));
            let query = query.bind(i64::from(*person)).bind(at.as_second());
            query.execute(&mut *transaction).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)
    }

    async fn take_step_mail(&self, at: Timestamp) -> Result<Option<RequestMail>, StoreError> {
        let query = sqlx::query_as(sql::TAKE).bind(at.as_second());
        Ok(query.fetch_optional(&self.pool).await.map_err(fault)?.map(mail))
    }

    async fn step_mail_settled(&self, mail: RequestMail, at: Timestamp) -> Result<(), StoreError> {
        let RequestMail { step, person } = mail;
        let query = sqlx::query(sql::SETTLED).bind(i64::from(step.request)).bind(i64::from(step.place));
        let query = query.bind(i64::from(person)).bind(at.to_string());
        query.execute(&self.pool).await.map(|_| ()).map_err(fault)
    }
}
