//! The end of a cycle: everything is written for good, and what older cycles knew of sources that are gone is forgotten.

use jiff::Timestamp;
use serde_json::json;

use super::Queueing;
use crate::outbox::OutboxError;
use crate::outbox::store::release;

const HAS_CELLS: &str = "DELETE FROM meta WHERE name = 'lacks_cells'";
const DROP_OLD_HELD: &str = "DELETE FROM held WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_FOUND: &str = "DELETE FROM found WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_EXCLUDED: &str = "DELETE FROM excluded WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_VANISHED: &str = "DELETE FROM vanished WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_CURSORS: &str = "DELETE FROM cursor WHERE source NOT IN (SELECT value FROM json_each(?))";
const DROP_OLD_NOTES: &str = "
DELETE FROM meta WHERE (name LIKE 'exact_ids.%' OR name LIKE 'files.%')
    AND substr(name, instr(name, '.') + 1) NOT IN (SELECT value FROM json_each(?))
";
const INSERT_COUNT: &str = "INSERT INTO cycle_count (cycle, term, rule, n) VALUES (?, ?, ?, ?)";
const SET_META: &str =
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const SET_CURSOR: &str = "
INSERT INTO cursor (source, updated_at) VALUES (?, ?)
ON CONFLICT (source) DO UPDATE SET updated_at = max(updated_at, excluded.updated_at)
";
const FINISH_CYCLE: &str = "UPDATE cycle SET payload_sha256 = ? WHERE id = ?";

impl Queueing<'_> {
    /// Writes everything for good, with the payload hash and each source's new cursor. Returns the cycle's number.
    ///
    /// # Errors
    /// When the database fails; then nothing of the cycle is kept.
    pub async fn commit(mut self, payload_sha256: &str, cursors: &[Option<Timestamp>]) -> Result<i64, OutboxError> {
        self.writing.end(&mut self.transaction).await?;
        if let Some(frozen) = self.frozen.take() {
            release::freeze(&mut self.transaction, self.cycle, &frozen).await?;
        }
        self.write_held().await?;
        for source in 0..self.sources.len() {
            self.write_found(source).await?;
        }
        self.end_waiting().await?;
        sqlx::query(HAS_CELLS).execute(&mut *self.transaction).await?;
        self.drop_old_sources().await?;
        for ((term, rule), n) in std::mem::take(&mut self.counts) {
            let count = sqlx::query(INSERT_COUNT).bind(self.cycle).bind(term.word()).bind(rule).bind(n);
            count.execute(&mut *self.transaction).await?;
        }
        sqlx::query(SET_META)
            .bind("source_system")
            .bind(self.sources.join("\n"))
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query(SET_META).bind("basis").bind(&self.basis).execute(&mut *self.transaction).await?;
        sqlx::query(SET_META).bind("counter").bind(self.counter.to_string()).execute(&mut *self.transaction).await?;
        for (source, cursor) in self.sources.iter().zip(cursors) {
            if let Some(cursor) = cursor {
                let set = sqlx::query(SET_CURSOR).bind(source).bind(cursor.as_microsecond());
                set.execute(&mut *self.transaction).await?;
            }
        }
        sqlx::query(FINISH_CYCLE).bind(payload_sha256).bind(self.cycle).execute(&mut *self.transaction).await?;
        self.transaction.commit().await?;
        Ok(self.cycle)
    }

    /// Forgets what is known of sources that are not configured any more.
    async fn drop_old_sources(&mut self) -> Result<(), OutboxError> {
        let sources = json!(self.sources).to_string();
        for statement in
            [DROP_OLD_HELD, DROP_OLD_FOUND, DROP_OLD_EXCLUDED, DROP_OLD_VANISHED, DROP_OLD_CURSORS, DROP_OLD_NOTES]
        {
            sqlx::query(statement).bind(&sources).execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}
