//! Cells that are out of date go with what they were made of.
//!
//! Promises: part of the caller's transaction, after its marks; cells that are not marked stay. Readers make marked months anew before they
//! use any cell, so nothing that is told changes.

use sqlx::SqliteConnection;

/// Takes away the cells of every month that is marked, also by what came before: they hold scores of treatments that are gone.
pub(in super::super) async fn drop_cells(connection: &mut SqliteConnection, sender: &str) -> Result<(), sqlx::Error> {
    const DROP: [&str; 2] = [
        "DELETE FROM cell WHERE sender = ?1 AND (month IN (SELECT month FROM cell_mark WHERE sender = ?1)
            OR EXISTS (SELECT 1 FROM cell_mark WHERE sender = ?1 AND month = ''))",
        "DELETE FROM cell_group WHERE sender = ?1 AND (month IN (SELECT month FROM cell_mark WHERE sender = ?1)
            OR EXISTS (SELECT 1 FROM cell_mark WHERE sender = ?1 AND month = ''))",
    ];
    for statement in DROP {
        sqlx::query(statement).bind(sender).execute(&mut *connection).await?;
    }
    Ok(())
}
