//! Requests for extracts.
//!
//! Promises: new requests come one after the other, so that each has a number of its own.

use async_trait::async_trait;
use sqlx::PgConnection;

use super::fault::fault;
use super::{Postgres, audit};
use crate::request::{Request, Taken};
use crate::store::StoreError;
use crate::store::alarm::{Mark, number};
use crate::store::request::{HandedIn, Requests, StepRow, event, form, requests, room, sql};

/// Lets one transaction after the other write requests.
const LOCK: &str = include_str!("sql/request_lock.sql");

#[async_trait]
impl Requests for Postgres {
    async fn requests(&self) -> Result<Vec<Request>, StoreError> {
        let rows: Vec<StepRow> = sqlx::query_as(sql::ALL).fetch_all(&self.pool).await.map_err(fault)?;
        requests(rows)
    }

    async fn request(&self, number: u32) -> Result<Option<Request>, StoreError> {
        let query = sqlx::query_as(sql::ONE).bind(i64::from(number));
        let rows: Vec<StepRow> = query.fetch_all(&self.pool).await.map_err(fault)?;
        Ok(requests(rows)?.pop())
    }

    async fn add_request(&self, first: &Taken, mark: Mark) -> Result<u32, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
        let query = sqlx::query_scalar(sql::ADD).bind(first.step.word()).bind(first.at.to_string());
        let query =
            query.bind(i64::from(first.person)).bind(&first.said.comment).bind(&first.said.diary).bind(form(first)?);
        let added = query.fetch_one(&mut *transaction).await.map(number).map_err(fault)?;
        audit::note(&mut transaction, &event(added, first, mark)).await.map_err(fault)?;
        transaction.commit().await.map_err(fault)?;
        Ok(added)
    }

    async fn take_step(&self, number: u32, behind: usize, step: &Taken, mark: Mark) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        let kept = keep(&mut transaction, (number, behind), step, mark).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(kept)
    }

    async fn hand_in(&self, place: (u32, usize), step: &Taken, quota: u32, mark: Mark) -> Result<HandedIn, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
        let query = sqlx::query_as(sql::HANDED_IN).bind(i64::from(step.person));
        let rows: Vec<(i64, String)> = query.fetch_all(&mut *transaction).await.map_err(fault)?;
        if let Err(full) = room(place.0, rows, (quota, step.at))? {
            return Ok(HandedIn::Full(full));
        }
        let kept = keep(&mut transaction, place, step, mark).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(if kept { HandedIn::Kept } else { HandedIn::Overtaken })
    }
}

/// Keeps a step behind the others of its request.
async fn keep(
    connection: &mut PgConnection,
    (number, behind): (u32, usize),
    step: &Taken,
    mark: Mark,
) -> Result<bool, StoreError> {
    let place = i64::try_from(behind).unwrap_or(i64::MAX - 1) + 1;
    let query = sqlx::query(sql::STEP).bind(i64::from(number)).bind(place).bind(step.step.word());
    let query = query.bind(step.at.to_string()).bind(i64::from(step.person)).bind(&step.said.comment);
    let query = query.bind(&step.said.diary).bind(form(step)?);
    let kept = query.execute(&mut *connection).await.map_err(fault)?.rows_affected() > 0;
    if kept {
        audit::note(connection, &event(number, step, mark)).await.map_err(fault)?;
    }
    Ok(kept)
}
