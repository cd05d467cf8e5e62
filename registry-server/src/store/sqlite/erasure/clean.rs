//! Removing the bytes of the erased from where SQLite no longer reads.
//!
//! Promises: `secure_delete` overwrites what is deleted, and the log is folded into the file after every erasure; copies that SQLite left
//! behind in the free part of a page when it moved rows to another one go when the file is written anew.

use std::path::Path;

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::store::StoreError;
use crate::store::erasure::{Cleaned, Cleaning};
use crate::store::sqlite::{Writer, fault};

/// What is told when somebody still read what the log holds.
const READ: &str = "somebody was reading the database, so its write-ahead log could not be emptied; run `registry-server erase-now` again";

/// Writes the file anew when an erasure waits for it, and empties the log.
pub(in super::super) async fn clean(writer: &Writer, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
    let mut connection = writer.connection().await?;
    let cleaned = clean_on(&mut connection, cleaning).await;
    writer.settle(connection, cleaned)
}

async fn clean_on(connection: &mut SqliteConnection, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
    const WAITS: &str = "SELECT COUNT(*) FROM erasure WHERE cleaned_at IS NULL AND received_at <= ?";
    // One file has no part that an erasure did not touch: all that wait, not only those up to the moment.
    const WAITING: &str = "SELECT json_group_array(json_array(sender, number)) FROM erasure WHERE cleaned_at IS NULL";
    // Not what another program erased while the file was written: its copies may lie in the new one.
    const DONE: &str = "UPDATE erasure SET cleaned_at = ?1 WHERE cleaned_at IS NULL
        AND (sender, number) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))";
    let up_to = cleaning.up_to.to_string();
    let waits: i64 = sqlx::query_scalar(WAITS).bind(up_to).fetch_one(&mut *connection).await.map_err(fault)?;
    if waits == 0 {
        return Ok(Cleaned::default());
    }
    let waiting: String = sqlx::query_scalar(WAITING).fetch_one(&mut *connection).await.map_err(fault)?;
    rewrite(connection).await.map_err(fault)?;
    if !fold_log(connection).await? {
        return Ok(Cleaned { erasures: 0, left: vec![READ.to_owned()] });
    }
    let done = sqlx::query(DONE).bind(cleaning.at.to_string()).bind(waiting);
    let done = done.execute(connection).await.map_err(fault)?;
    Ok(Cleaned { erasures: done.rows_affected(), left: Vec::new() })
}

/// The copy that this takes lies in a file beside the database: in memory it would be as large as the register, and other folders are
/// nobody's to fill.
async fn rewrite(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    const FILE: &str = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let file: String = sqlx::query_scalar(FILE).fetch_one(&mut *connection).await?;
    let folder = Path::new(&file).parent().unwrap_or(Path::new("")).display().to_string().replace('\'', "''");
    // No value can be bound to a setting; the folder is the configuration's.
    let beside = AssertSqlSafe(format!("PRAGMA temp_store_directory = '{folder}'"));
    sqlx::raw_sql(beside).execute(&mut *connection).await?;
    sqlx::raw_sql("PRAGMA temp_store = FILE").execute(&mut *connection).await?;
    let rewritten = sqlx::raw_sql("VACUUM").execute(&mut *connection).await;
    sqlx::raw_sql("PRAGMA temp_store = MEMORY").execute(&mut *connection).await?;
    rewritten.map(|_| ())
}

/// Folds the log into the file and empties it; tells whether nobody was in the way.
pub(super) async fn fold_log(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    const FOLD: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as(FOLD).fetch_one(connection).await.map_err(fault)?;
    Ok(busy == 0)
}

/// What keeps erased bytes from going.
pub(in super::super) async fn doubts(writer: &Writer) -> Result<Vec<String>, StoreError> {
    let mut connection = writer.connection().await?;
    let secure: Result<i64, _> =
        sqlx::query_scalar("PRAGMA secure_delete").fetch_one(&mut *connection).await.map_err(fault);
    let doubts = secure.map(|secure| match secure {
        1 => Vec::new(),
        _ => vec![
            "secure_delete is not on, so that what is deleted stays in the file; use the program's own SQLite"
                .to_owned(),
        ],
    });
    writer.settle(connection, doubts)
}
