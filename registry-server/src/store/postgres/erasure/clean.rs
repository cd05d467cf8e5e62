//! Removing the bytes of the erased from where PostgreSQL no longer reads.
//!
//! Promises: DELETE leaves rows in heap and indexes, ANALYZE values of columns among the statistics, and every change its pages in the
//! write-ahead log. So the partitions of senders with erasures are written anew, then the statistics; then the log is moved on to another
//! file and a checkpoint lets the older ones go. One server at a time does it; an erasure that comes meanwhile waits for the next time.

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};

use crate::store::StoreError;
use crate::store::erasure::{Cleaned, Cleaning};
use crate::store::postgres::fault::fault;

/// What is told when another server is at it.
const ELSEWHERE: &str = "another server of this register is removing erased bytes just now";
/// How long a table may be in use before it is given up for this time.
const PATIENCE: &str = "SET lock_timeout = '60s'";

/// Sees to the erasures that wait.
pub(in super::super) async fn clean(pool: &PgPool, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
    const WAITING: &str = include_str!("../sql/erasures_waiting.sql");
    let waiting = sqlx::query_as(WAITING).bind(cleaning.up_to.to_string());
    let waiting: Vec<(String, i64)> = waiting.fetch_all(pool).await.map_err(fault)?;
    if waiting.is_empty() {
        return Ok(Cleaned::default());
    }
    // A connection of its own: it is kept for long, and what it holds ends with it.
    let mut connection = pool.connect_options().connect().await.map_err(fault)?;
    let cleaned = clean_on(&mut connection, cleaning, &waiting).await;
    // An answer is there already, and the server notices by itself.
    let _ = connection.close().await;
    cleaned
}

async fn clean_on(
    connection: &mut PgConnection,
    cleaning: Cleaning,
    waiting: &[(String, i64)],
) -> Result<Cleaned, StoreError> {
    const LOCK: &str = include_str!("../sql/erasures_lock.sql");
    const DONE: &str = include_str!("../sql/erasures_cleaned.sql");
    if !sqlx::query_scalar(LOCK).fetch_one(&mut *connection).await.map_err(fault)? {
        return Ok(Cleaned { erasures: 0, left: vec![ELSEWHERE.to_owned()] });
    }
    let mut senders: Vec<&str> = waiting.iter().map(|(sender, _)| sender.as_str()).collect();
    senders.dedup();
    rewrite(connection, &senders).await?;
    let mut left = Vec::new();
    left.extend(rewrite_statistics(connection).await?);
    left.extend(let_go_of_the_log(connection).await?);
    let (senders, numbers): (Vec<&str>, Vec<i64>) =
        waiting.iter().map(|(sender, number)| (sender.as_str(), *number)).unzip();
    let done = sqlx::query(DONE).bind(senders).bind(numbers).bind(cleaning.at.to_string());
    let done = done.execute(connection).await.map_err(fault)?;
    Ok(Cleaned { erasures: done.rows_affected(), left })
}

/// Writes every partition of these senders anew, with its statistics.
async fn rewrite(connection: &mut PgConnection, senders: &[&str]) -> Result<(), StoreError> {
    const PARTITIONS: &str = include_str!("../sql/partitions_of_senders.sql");
    let partitions: Vec<String> =
        sqlx::query_scalar(PARTITIONS).bind(senders).fetch_all(&mut *connection).await.map_err(fault)?;
    sqlx::query(PATIENCE).execute(&mut *connection).await.map_err(fault)?;
    for partition in partitions {
        // The name comes quoted from the database's own catalogue.
        let rewrite = AssertSqlSafe(format!("VACUUM (FULL, ANALYZE) {partition}"));
        sqlx::raw_sql(rewrite).execute(&mut *connection).await.map_err(fault)?;
    }
    Ok(())
}

/// Writes the statistics of columns anew; tells why it cannot.
async fn rewrite_statistics(connection: &mut PgConnection) -> Result<Option<String>, StoreError> {
    const OWNER: &str = include_str!("../sql/is_owner.sql");
    if !sqlx::query_scalar(OWNER).fetch_one(&mut *connection).await.map_err(fault)? {
        return Ok(Some(super::doubts::NOT_OWNER.to_owned()));
    }
    sqlx::raw_sql("VACUUM FULL pg_catalog.pg_statistic").execute(connection).await.map_err(fault)?;
    Ok(None)
}

/// Moves the write-ahead log on to another file, and lets a checkpoint remove the older ones; tells what it must leave to the server.
async fn let_go_of_the_log(connection: &mut PgConnection) -> Result<Option<String>, StoreError> {
    const FILL: &str = include_str!("../sql/log_fill.sql");
    const MAY_CHECKPOINT: &str = include_str!("../sql/may_checkpoint.sql");
    sqlx::query(FILL).execute(&mut *connection).await.map_err(fault)?;
    if !sqlx::query_scalar(MAY_CHECKPOINT).fetch_one(&mut *connection).await.map_err(fault)? {
        return Ok(Some(super::doubts::NO_CHECKPOINT.to_owned()));
    }
    sqlx::raw_sql("CHECKPOINT").execute(connection).await.map_err(fault)?;
    Ok(None)
}
