//! Looking into the audit log, and its reviews.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgPool;

use super::fault::fault;
use super::{Postgres, audit};
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::trail::{Look, Patterns, Placed, PlacedRow, Review, ReviewRow, Trail, second, sql};

#[async_trait]
impl Trail for Postgres {
    async fn note_events(&self, entries: &[Entry]) -> Result<(), StoreError> {
        note(&self.pool, entries).await.map_err(fault)
    }

    async fn events(&self, look: &Look) -> Result<Vec<Placed>, StoreError> {
        let Patterns { seconds, like } = look.patterns();
        let query = sqlx::query_as(sql::EVENTS).bind(look.place());
        let query = seconds.into_iter().chain(like).fold(query, sqlx::query::QueryAs::bind);
        let rows: Vec<PlacedRow> = query.bind(i64::from(look.most)).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(Placed::try_from).collect()
    }

    async fn checkpoint_over(&self, from: Timestamp, until: Timestamp) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar(sql::COVERS).bind(second(from)).bind(second(until));
        query.fetch_optional(&self.pool).await.map_err(fault)
    }

    async fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        let rows: Vec<ReviewRow> = sqlx::query_as(sql::REVIEWS).fetch_all(&self.pool).await.map_err(fault)?;
        Ok(rows.into_iter().map(Review::from).collect())
    }

    async fn sign_review(&self, review: &Review, stamp: Stamp) -> Result<bool, StoreError> {
        sign(&self.pool, review, stamp).await.map_err(fault)
    }
}

async fn note(pool: &PgPool, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    for entry in entries {
        let query = sqlx::query(sql::NOTE).bind(entry.leaf.as_slice()).bind(&entry.event);
        query.bind(entry.salt.as_slice()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn sign(pool: &PgPool, review: &Review, stamp: Stamp) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let query = sqlx::query(sql::SIGN).bind(&review.month).bind(&review.signed_at).bind(i64::from(review.person));
    let query = query.bind(&review.name).bind(&review.remark).bind(review.sample.cast_signed());
    let done = query.bind(review.events.cast_signed()).bind(&review.seed).execute(&mut *transaction).await?;
    let is_new = done.rows_affected() > 0;
    if is_new {
        audit::note(&mut transaction, &Entry::new(stamp, None, What::review(review))).await?;
    }
    transaction.commit().await?;
    Ok(is_new)
}
