//! The mail that a unit's reader gets after each quarter.
//!
//! Promises: of several servers that plan or take at once, one does.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Postgres;
use super::fault::fault;
use crate::store::StoreError;
use crate::store::quarter::{Choice, QuarterMail, QuarterMails, choice, mail, sql};

#[async_trait]
impl QuarterMails for Postgres {
    async fn plan_mails(&self, quarter: &str, people: &[u32], at: Timestamp) -> Result<u32, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        let mut planned = 0;
        for person in people {
            let query = sqlx::query(sql::PLAN).bind(i64::from(*person)).bind(quarter).bind(at.as_second());
            planned += query.execute(&mut *transaction).await.map_err(fault)?.rows_affected();
        }
        transaction.commit().await.map_err(fault)?;
        Ok(u32::try_from(planned).unwrap_or(u32::MAX))
    }

    async fn take_mail(&self, at: Timestamp) -> Result<Option<QuarterMail>, StoreError> {
        let query = sqlx::query_as(sql::TAKE).bind(at.as_second());
        Ok(query.fetch_optional(&self.pool).await.map_err(fault)?.map(mail))
    }

    async fn mail_settled(&self, mail: &QuarterMail, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SETTLED).bind(i64::from(mail.person)).bind(&mail.quarter).bind(at.to_string());
        query.execute(&self.pool).await.map(|_| ()).map_err(fault)
    }

    async fn choose_mail(&self, person: u32, choice: Choice, at: Timestamp) -> Result<(), StoreError> {
        let query = match choice {
            Choice::Wanted => sqlx::query(sql::WANT).bind(i64::from(person)),
            Choice::Declined => sqlx::query(sql::DECLINE).bind(i64::from(person)).bind(at.to_string()),
        };
        query.execute(&self.pool).await.map(|_| ()).map_err(fault)
    }

    async fn mail_choice(&self, person: u32) -> Result<Choice, StoreError> {
        let query = sqlx::query_scalar(sql::CHOICE).bind(i64::from(person));
        Ok(choice(query.fetch_optional(&self.pool).await.map_err(fault)?))
    }
}
