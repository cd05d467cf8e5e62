//! Tables that left a frozen data set.
//!
//! Promises: releases of all cuts come one after the other, so that each was held against those before it.

use async_trait::async_trait;
use jiff::Timestamp;

use super::fault::fault;
use super::{Postgres, audit};
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::release::{
    Head, HeadRow, Moment, Package, PackageRow, Release, ReleaseRow, Releases, bound, head, moment, package, packed,
    published, release, released, sql, steps,
};

#[async_trait]
impl Releases for Postgres {
    async fn extract_codes(&self, cut: u32) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(sql::CODES).bind(i64::from(cut)).fetch_optional(&self.pool).await.map_err(fault)
    }

    async fn keep_extract_codes(&self, cut: u32, codes: &str, at: Timestamp) -> Result<String, StoreError> {
        let query = sqlx::query(sql::KEEP_CODES).bind(i64::from(cut)).bind(codes).bind(at.to_string());
        query.execute(&self.pool).await.map_err(fault)?;
        sqlx::query_scalar(sql::CODES).bind(i64::from(cut)).fetch_one(&self.pool).await.map_err(fault)
    }

    async fn statement(&self, cut: u32) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(sql::STATEMENT).bind(i64::from(cut)).fetch_optional(&self.pool).await.map_err(fault)
    }

    async fn keep_statement(&self, cut: u32, kept: &str, at: Timestamp) -> Result<String, StoreError> {
        let query = sqlx::query(sql::KEEP_STATEMENT).bind(i64::from(cut)).bind(kept).bind(at.to_string());
        query.execute(&self.pool).await.map_err(fault)?;
        sqlx::query_scalar(sql::STATEMENT).bind(i64::from(cut)).fetch_one(&self.pool).await.map_err(fault)
    }

    async fn releases(&self, cut: u32) -> Result<Vec<Release>, StoreError> {
        let rows: Vec<ReleaseRow> =
            sqlx::query_as(sql::ALL).bind(i64::from(cut)).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(release).collect()
    }

    async fn moment_of_releases(&self) -> Result<Moment, StoreError> {
        moment(sqlx::query_as(sql::MOMENT).fetch_one(&self.pool).await.map_err(fault)?)
    }

    async fn release(&self, release: &Release, held_at: Moment, stamp: Stamp) -> Result<bool, StoreError> {
        const LOCK: &str = include_str!("sql/release_lock.sql");
        let (releases, left) = bound(held_at)?;
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
        let query = sqlx::query(sql::RELEASE).bind(i64::from(release.cut)).bind(i64::from(release.place));
        let query = query.bind(&release.asked).bind(&release.kept).bind(&release.counts).bind(release.at.to_string());
        let query = query.bind(release.request.map(i64::from)).bind(release.published_at.map(|at| at.to_string()));
        let query = query.bind(release.left_before.cast_signed()).bind(releases).bind(left);
        let kept = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() > 0;
        if kept {
            audit::note(&mut transaction, &released(release, stamp)).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(kept)
    }

    async fn release_heads(&self) -> Result<Vec<Head>, StoreError> {
        let rows: Vec<HeadRow> = sqlx::query_as(sql::HEADS).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(head).collect()
    }

    async fn published(&self, cut: u32, place: u32) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar(sql::PUBLISHED).bind(i64::from(cut)).bind(i64::from(place));
        query.fetch_optional(&self.pool).await.map_err(fault)
    }

    async fn publish(&self, table: (u32, u32), of: u32, stamp: Stamp) -> Result<bool, StoreError> {
        let (cut, place) = table;
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        let query = sqlx::query(sql::PUBLISH).bind(i64::from(cut)).bind(i64::from(place)).bind(stamp.at.to_string());
        let done = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() > 0;
        if done {
            audit::note(&mut transaction, &published((cut, place), of, stamp)).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(done)
    }

    async fn keep_package(&self, package: &Package, behind: usize, stamp: Stamp) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(fault)?;
        let query = sqlx::query(sql::KEEP_PACKAGE).bind(i64::from(package.request)).bind(i64::from(package.cut));
        let query = query.bind(&package.sha256).bind(&package.bytes).bind(package.at.to_string());
        let query = query.bind(steps(behind)?);
        let kept = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() > 0;
        if kept {
            audit::note(&mut transaction, &packed(package, stamp)).await.map_err(fault)?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(kept)
    }

    async fn package(&self, request: u32) -> Result<Option<Package>, StoreError> {
        let query = sqlx::query_as(sql::PACKAGE).bind(i64::from(request));
        let row: Option<PackageRow> = query.fetch_optional(&self.pool).await.map_err(fault)?;
        row.map(package).transpose()
    }
}
