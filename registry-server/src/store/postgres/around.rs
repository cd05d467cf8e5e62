//! The counts around treatments: monthly activity, senders, accounting lines; and the further fields of treatments.

use futures_util::TryStreamExt as _;
use sqlx::{PgConnection, Row as _};

use super::fault::fault;
use crate::fact::{ActivityFact, DetailFact, Names, RunFact, SenderFact};
use crate::store::StoreError;
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
    let mut rows = sqlx::query(DETAILS).fetch(connection);
    let mut facts = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        let id: i64 = row.try_get(0).map_err(fault)?;
        let detail = DetailFact::of(id, row.try_get(1).map_err(fault)?);
        facts.push(detail.ok_or(StoreError::Inconsistent { table: "treatment", column: "document", id })?);
    }
    Ok(facts)
}
