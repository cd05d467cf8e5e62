//! The counts around treatments: monthly activity, senders, accounting lines; and the further fields of treatments.

use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::{FromRow as _, PgConnection};

use super::fault::fault;
use crate::fact::{ActivityFact, DetailFact, Names, RunFact, SenderFact};
use crate::store::StoreError;
use crate::store::figures::narrow;
use crate::store::figures::rows::{self, ActivityRow, RunRow, SenderRow};

/// Every sender's monthly counts.
pub(super) async fn activities(
    connection: &mut PgConnection,
    names: &mut Names,
) -> Result<Vec<ActivityFact>, StoreError> {
    const ACTIVITIES: &str = include_str!("sql/figures_activities.sql");
    let rows: Vec<ActivityRow> = sqlx::query_as(ACTIVITIES).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(|row| rows::activity(row, names)).collect()
}

/// Every sender.
pub(super) async fn senders(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<SenderFact>, StoreError> {
    const SENDERS: &str = include_str!("sql/figures_senders.sql");
    let rows: Vec<SenderRow> = sqlx::query_as(SENDERS).fetch_all(connection).await.map_err(fault)?;
    Ok(rows.into_iter().map(|row| rows::sender(row, names)).collect())
}

/// The accounting lines of every sender's newest reading of everything.
pub(super) async fn runs(connection: &mut PgConnection, names: &mut Names) -> Result<Vec<RunFact>, StoreError> {
    const RUNS: &str = include_str!("sql/figures_runs.sql");
    let rows: Vec<RunRow> = sqlx::query_as(RUNS).fetch_all(connection).await.map_err(fault)?;
    rows::runs(rows, names)
}

/// The further fields of every treatment.
pub(super) async fn details(connection: &mut PgConnection) -> Result<Vec<DetailFact>, StoreError> {
    const DETAILS: &str = include_str!("sql/figures_details.sql");
    let rows = sqlx::query(DETAILS).fetch(connection);
    let facts = rows.map(|row| narrow::detail(<(i64, &str)>::from_row(&row.map_err(fault)?).map_err(fault)?));
    facts.try_collect().await
}
