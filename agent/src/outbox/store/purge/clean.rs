//! Removing the bytes of those who left from where SQLite no longer reads.
//!
//! Promises: `secure_delete` overwrites what is deleted; copies that SQLite left in the free part of a page when it moved rows to another
//! go when the file is written anew, which is done until it has succeeded with nobody reading.

use std::path::Path;

use sqlx::AssertSqlSafe;

use crate::outbox::OutboxError;
use crate::outbox::store::{Outbox, SET_META};

/// Stands in `meta` as long as the file is to be written anew.
pub(in crate::outbox::store) const DUE: &str = "clean_due";

const FILE: &str = "SELECT file FROM pragma_database_list WHERE name = 'main'";
const NOT_DUE: &str = "";

impl Outbox {
    /// Writes the file anew if somebody has left since the last time. While another process reads it waits for the next time.
    ///
    /// # Errors
    /// When the database fails, as on a full disk.
    pub async fn clean(&mut self) -> Result<(), OutboxError> {
        if self.meta(DUE).await?.is_none_or(|due| due == NOT_DUE) {
            return Ok(());
        }
        self.write_anew().await?;
        if self.fold_log().await? {
            sqlx::query(SET_META).bind(DUE).bind(NOT_DUE).execute(&mut self.connection).await?;
            self.fold_log().await?;
        }
        Ok(())
    }

    /// The copy that this takes lies in a file in the state directory: in memory it would be as large as the outbox.
    async fn write_anew(&mut self) -> Result<(), OutboxError> {
        let file: String = sqlx::query_scalar(FILE).fetch_one(&mut self.connection).await?;
        let folder = Path::new(&file).parent().unwrap_or(Path::new("")).display().to_string().replace('\'', "''");
        // No value can be bound to a setting; the folder is the configuration's.
        let beside = AssertSqlSafe(format!("PRAGMA temp_store_directory = '{folder}'"));
        sqlx::raw_sql(beside).execute(&mut self.connection).await?;
        sqlx::raw_sql("PRAGMA temp_store = FILE").execute(&mut self.connection).await?;
        let written = sqlx::raw_sql("VACUUM").execute(&mut self.connection).await;
        sqlx::raw_sql("PRAGMA temp_store = MEMORY").execute(&mut self.connection).await?;
        Ok(written.map(drop)?)
    }

    /// Empties the write-ahead log, which keeps what was overwritten; answers whether nobody was reading.
    pub(super) async fn fold_log(&mut self) -> Result<bool, OutboxError> {
        let fold = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)");
        let (busy, _, _): (i64, i64, i64) = fold.fetch_one(&mut self.connection).await?;
        Ok(busy == 0)
    }
}
