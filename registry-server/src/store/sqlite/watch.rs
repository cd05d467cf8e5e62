//! What senders are watched by.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use schemas::id::{BatchId, HsaId, SenderCode};
use sqlx::{Connection as _, SqliteConnection};

use super::known::list;
use super::{Sqlite, fault};
use crate::store::plan::Done;
use crate::store::watch::batch::{TOLD_BATCH, ToldBatch, ToldBatchRow};
use crate::store::watch::unit::{UnitArrivals, UnitRow, arrivals};
use crate::store::watch::{
    BatchRow, Beat, DayRow, Heard, History, Life, LifeRow, RejectRow, SenderRow, Share, StoredBatch, Watch, beaten,
    histories, life, sql, stored,
};
use crate::store::{Delivery, StoreError};

#[async_trait]
impl Watch for Sqlite {
    async fn note_heard(&self, code: &SenderCode, heard: &Heard) -> Result<(), StoreError> {
        let query = sqlx::query(sql::HEARD).bind(code.as_str()).bind(heard.skew_s);
        let query = query.bind(heard.certificate_until.to_string()).bind(heard.at.to_string());
        let mut connection = self.writer.connection().await?;
        let noted = query.execute(&mut *connection).await.map(|_| ()).map_err(fault);
        self.writer.settle(connection, noted)
    }

    async fn histories(&self, from: Date) -> Result<Vec<History>, StoreError> {
        let from = from.to_string();
        let senders: Vec<SenderRow> = sqlx::query_as(sql::SENDERS).fetch_all(&self.readers).await.map_err(fault)?;
        let days: Vec<DayRow> = sqlx::query_as(sql::DAYS).bind(&from).fetch_all(&self.readers).await.map_err(fault)?;
        let rejects: Vec<RejectRow> =
            sqlx::query_as(sql::REJECTS).bind(&from).fetch_all(&self.readers).await.map_err(fault)?;
        histories(senders, days, rejects)
    }

    async fn batches(&self, code: &SenderCode, most: u32) -> Result<Vec<StoredBatch>, StoreError> {
        let query = sqlx::query_as(sql::BATCHES).bind(code.as_str()).bind(i64::from(most));
        let rows: Vec<BatchRow> = query.fetch_all(&self.readers).await.map_err(fault)?;
        Ok(rows.into_iter().map(stored).collect())
    }

    async fn told_batch(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<ToldBatch>, StoreError> {
        let query = sqlx::query_as(TOLD_BATCH).bind(code.as_str()).bind(batch.as_str());
        let row: Option<ToldBatchRow> = query.fetch_optional(&self.readers).await.map_err(fault)?;
        row.map(ToldBatchRow::read).transpose()
    }

    async fn unit_arrivals(&self, units: &[HsaId]) -> Result<Vec<UnitArrivals>, StoreError> {
        const ARRIVALS: &str =
            "SELECT sender, unit, substr(first_received, 1, 13) AS hour, COUNT(*), MAX(first_received)
            FROM treatment
            WHERE unit IN (SELECT value FROM json_each(?1)) AND id NOT IN (SELECT id FROM coming_treatment)
            GROUP BY sender, unit, hour
            UNION ALL
            SELECT sender, unit, NULL, 0, NULL FROM unit WHERE unit IN (SELECT value FROM json_each(?1))
            ORDER BY 1, 2";
        let query = sqlx::query_as(ARRIVALS).bind(list(units));
        let rows: Vec<UnitRow> = query.fetch_all(&self.readers).await.map_err(fault)?;
        arrivals(rows)
    }

    async fn beat(&self, beat: Beat, at: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.writer.connection().await?;
        let noted = live(&mut connection, (beat, at)).await;
        self.writer.settle(connection, noted)
    }

    async fn life(&self) -> Result<Option<Life>, StoreError> {
        life(sqlx::query_as(sql::LIFE).fetch_optional(&self.readers).await.map_err(fault)?)
    }
}

/// Counts a stored delivery on its day, and keeps what it tells of its sender.
pub(super) async fn count(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    (receipt, done): (&[u8], Done),
) -> Result<(), sqlx::Error> {
    let (sender, share) = (delivery.sender.as_str(), Share::of(delivery, receipt, done));
    let query = sqlx::query(sql::DAY).bind(sender).bind(&share.day).bind(share.records).bind(share.added);
    query.bind(share.rejected).execute(&mut *connection).await?;
    for (rule, records) in &share.rules {
        let query = sqlx::query(sql::REJECT).bind(sender).bind(&share.day).bind(rule).bind(records);
        query.execute(&mut *connection).await?;
    }
    let query = sqlx::query(sql::TOLD).bind(sender).bind(&delivery.plan.rules).bind(&share.newest_end);
    query.bind(&delivery.plan.schema).execute(connection).await.map(|_| ())
}

async fn live(connection: &mut SqliteConnection, beat: (Beat, Timestamp)) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let row: Option<LifeRow> = sqlx::query_as(sql::LIFE).fetch_optional(&mut *transaction).await.map_err(fault)?;
    let (began_at, seen_at, down_at) = beaten(row, beat)?;
    let query = sqlx::query(sql::LIVE).bind(began_at).bind(seen_at).bind(down_at);
    query.execute(&mut *transaction).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)
}
