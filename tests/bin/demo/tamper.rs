//! Alters the register behind its back, so that the demo can show that its checks would find it.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Changes one score, or deletes one treatment, through a connection of its own. Answers what was done.
pub(crate) async fn alter(database: &Path, delete: bool) -> anyhow::Result<&'static str> {
    let mut connection = SqliteConnectOptions::new().filename(database).foreign_keys(true).connect().await?;
    let (statement, what) = if delete {
        (
            "DELETE FROM treatment WHERE id = (SELECT min(id) FROM treatment)",
            "one treatment was deleted from the register",
        )
    } else {
        (
            "UPDATE outcome SET post = post + 1 WHERE treatment = \
             (SELECT min(treatment) FROM outcome WHERE pre IS NOT NULL AND post IS NOT NULL)",
            "one second score was raised by a point in the register",
        )
    };
    let altered = sqlx::query(statement).execute(&mut connection).await?.rows_affected();
    anyhow::ensure!(altered >= 1, "there was nothing to alter");
    connection.close().await?;
    Ok(what)
}
