//! Outside denominators, as imported.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use crate::fact::Denominator;
use crate::store::StoreError;
use crate::store::figures::rows::{self, DenominatorRow};

/// Puts each line in place of the one of the same region, unit, programme and month.
pub(super) async fn import(pool: &PgPool, lines: &[Denominator], at: Timestamp) -> Result<(), StoreError> {
    import_all(pool, lines, at).await.map_err(fault)
}

async fn import_all(pool: &PgPool, lines: &[Denominator], at: Timestamp) -> Result<(), sqlx::Error> {
    const LOCK: &str = include_str!("sql/denominator_lock.sql");
    const DELETE: &str = include_str!("sql/denominator_delete.sql");
    const INSERT: &str = include_str!("sql/denominator_insert.sql");
    let mut transaction = pool.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    for line in lines {
        let Denominator { region, unit, programme, month, ended, source, date } = line;
        let delete = sqlx::query(DELETE).bind(region).bind(unit).bind(programme).bind(month);
        delete.execute(&mut *transaction).await?;
        let insert = sqlx::query(INSERT).bind(region).bind(unit).bind(programme).bind(month);
        let insert = insert.bind(i64::try_from(*ended).unwrap_or(i64::MAX)).bind(source).bind(date.to_string());
        insert.bind(at.to_string()).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// The line that was imported last, by its number and moment: every import gives another.
pub(super) async fn newest(connection: &mut PgConnection) -> Result<Option<(i64, String)>, StoreError> {
    const NEWEST: &str = include_str!("sql/denominator_newest.sql");
    sqlx::query_as(NEWEST).fetch_optional(connection).await.map_err(fault)
}

/// Every line, in the order of its import.
pub(super) async fn all(connection: &mut PgConnection) -> Result<Vec<Denominator>, StoreError> {
    const ALL: &str = include_str!("sql/denominator_all.sql");
    let rows: Vec<DenominatorRow> = sqlx::query_as(ALL).fetch_all(connection).await.map_err(fault)?;
    rows.into_iter().map(rows::denominator).collect()
}
