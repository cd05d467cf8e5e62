//! Orders of the statistician's file.

use async_trait::async_trait;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, audit, fault};
use crate::environment::Stamp;
use crate::request::analysis::{Order, Taken};
use crate::store::StoreError;
use crate::store::alarm::number;
use crate::store::analysis::{Analyses, StepRow, event, orders, sql};

#[async_trait]
impl Analyses for Sqlite {
    async fn analyses(&self) -> Result<Vec<Order>, StoreError> {
        let rows: Vec<StepRow> = sqlx::query_as(sql::ALL).fetch_all(&self.readers).await.map_err(fault)?;
        orders(rows)
    }

    async fn add_analysis(&self, of: (u32, &str), first: Taken, stamp: Stamp) -> Result<u32, StoreError> {
        let mut connection = self.writer.connection().await?;
        let added = add(&mut connection, of, (first, stamp)).await;
        self.writer.settle(connection, added)
    }

    async fn step_analysis(&self, number: u32, behind: usize, step: Taken, stamp: Stamp) -> Result<bool, StoreError> {
        let mut connection = self.writer.connection().await?;
        let kept = take(&mut connection, (number, behind), (step, stamp)).await;
        self.writer.settle(connection, kept)
    }
}

async fn add(
    connection: &mut SqliteConnection,
    (cut, purpose): (u32, &str),
    (first, stamp): (Taken, Stamp),
) -> Result<u32, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let query = sqlx::query_scalar(sql::ADD).bind(first.step.word()).bind(first.at.to_string());
    let query = query.bind(i64::from(first.person)).bind(i64::from(cut)).bind(purpose);
    let added = query.fetch_one(&mut *transaction).await.map(number).map_err(fault)?;
    audit::note(&mut transaction, &event(added, first, stamp)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(added)
}

async fn take(
    connection: &mut SqliteConnection,
    (number, behind): (u32, usize),
    (step, stamp): (Taken, Stamp),
) -> Result<bool, StoreError> {
    let place = i64::try_from(behind).unwrap_or(i64::MAX - 1) + 1;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let query = sqlx::query(sql::STEP).bind(i64::from(number)).bind(place).bind(step.step.word());
    let query = query.bind(step.at.to_string()).bind(i64::from(step.person));
    let kept = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() > 0;
    if kept {
        audit::note(&mut transaction, &event(number, step, stamp)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(kept)
}
