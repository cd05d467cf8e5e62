//! The building of requests' tables.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, audit, fault};
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::alarm::Mark;
use crate::store::job::{
    Job, JobRow, JobState, Jobs, NewJob, Progress, asked, begins, ended, job, kept, silent_since, sql,
};

#[async_trait]
impl Jobs for Sqlite {
    async fn queue_job(&self, job: &NewJob, mark: Mark) -> Result<bool, StoreError> {
        let mut connection = self.writer.connection().await?;
        let queued = queue(&mut connection, job, mark).await;
        self.writer.settle(connection, queued)
    }

    async fn job(&self, request: u32) -> Result<Option<Job>, StoreError> {
        let query = sqlx::query_as(sql::ONE).bind(i64::from(request));
        let row: Option<JobRow> = query.fetch_optional(&self.readers).await.map_err(fault)?;
        row.map(job).transpose()
    }

    async fn take_job(&self, holder: &str, at: Timestamp) -> Result<Option<Job>, StoreError> {
        let query = sqlx::query_as(sql::TAKE).bind(holder).bind(at.as_second()).bind(silent_since(at));
        let mut connection = self.writer.connection().await?;
        let taken = query.fetch_optional(&mut *connection).await.map_err(fault);
        let row: Option<JobRow> = self.writer.settle(connection, taken)?;
        row.map(job).transpose()
    }

    async fn note_job(
        &self,
        (request, holder): (u32, &str),
        progress: Progress,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let Progress { table, tables, round, cells } = progress;
        let query = sqlx::query(sql::NOTE).bind(i64::from(request)).bind(holder).bind(at.as_second());
        let query = query.bind(i64::from(table)).bind(i64::from(tables)).bind(i64::from(round)).bind(i64::from(cells));
        let mut connection = self.writer.connection().await?;
        let noted = query.execute(&mut *connection).await.map(|done| done.rows_affected() > 0).map_err(fault);
        self.writer.settle(connection, noted)
    }

    async fn end_job(&self, held: (u32, &str), state: &JobState, stamp: Stamp) -> Result<(), StoreError> {
        let mut connection = self.writer.connection().await?;
        let ended = end(&mut connection, held, state, stamp).await;
        self.writer.settle(connection, ended)
    }
}

async fn end(
    connection: &mut SqliteConnection,
    (request, holder): (u32, &str),
    state: &JobState,
    stamp: Stamp,
) -> Result<(), StoreError> {
    let (word, why, why_sv) = kept(state);
    let query = sqlx::query_scalar(sql::END).bind(i64::from(request)).bind(holder).bind(word).bind(why).bind(why_sv);
    let query = query.bind(stamp.at.to_string());
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let person: Option<i64> = query.fetch_optional(&mut *transaction).await.map_err(fault)?;
    if let Some(person) = person
        && let Some(event) = ended((request, person), state, stamp)?
    {
        audit::note(&mut transaction, &event).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)
}

async fn queue(connection: &mut SqliteConnection, job: &NewJob, mark: Mark) -> Result<bool, StoreError> {
    let at = mark.stamp.at;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let query = sqlx::query(sql::QUEUE).bind(i64::from(job.request)).bind(i64::from(job.person)).bind(&job.cut);
    let query = query.bind(begins(job)).bind(at.to_string()).bind(&job.holder).bind(at.as_second());
    let queued = query.bind(silent_since(at)).execute(&mut *transaction).await.map_err(fault)?.rows_affected() > 0;
    if queued {
        audit::note(&mut transaction, &asked(job, mark)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(queued)
}
