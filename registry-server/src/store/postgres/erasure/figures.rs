//! Cells that are out of date go with what they were made of.
//!
//! Promises: part of the caller's transaction, after its marks; cells that are not marked stay. Readers make marked months anew before they
//! use any cell, so nothing that is told changes.

use sqlx::PgConnection;

/// Takes away the cells of every month that is marked, also by what came before: they hold scores of treatments that are gone.
pub(in super::super) async fn drop_cells(connection: &mut PgConnection, sender: &str) -> Result<(), sqlx::Error> {
    const DROP: &str = include_str!("../sql/cell_drop_marked.sql");
    sqlx::query(DROP).bind(sender).execute(connection).await.map(|_| ())
}
