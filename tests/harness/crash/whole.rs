//! What must be true once a disturbed cycle has been carried to its end: nothing lost, nothing doubled, databases whole, receipts of one
//! mind.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::ensure;
use rusqlite::Connection;

use super::stage::{Kept, Stage};
use crate::active;

impl Stage {
    /// Both ends are as an undisturbed cycle leaves them.
    ///
    /// # Errors
    /// A sentence on what differs.
    pub async fn must_be_whole(&self) -> anyhow::Result<()> {
        let now = self.active_set().await?;
        let keys: std::collections::BTreeSet<_> = now.keys().chain(self.expected.keys()).collect();
        let differ: Vec<_> = keys.into_iter().filter(|key| now.get(*key) != self.expected.get(*key)).collect();
        ensure!(differ.is_empty(), "{} of {} treatments differ: {differ:?}", differ.len(), self.expected.len());
        let (half, receipts) = match &self.kept {
            Kept::File => {
                let database = self.world.database();
                intact(&database)?;
                (active::half_stored(&database).await?, receipts(&database)?)
            }
            Kept::Database { url, .. } => {
                (active::postgres::half_stored(url).await?, active::postgres::receipts(url).await?)
            }
        };
        ensure!(half == 0, "{half} rows belong to nothing");
        for file in ["outbox.db", "objections.db"].map(|name| self.region.site.state().join(name)) {
            if file.is_file() {
                intact(&file)?;
            }
        }
        let outbox = self.region.site.state().join("outbox.db");
        for (digest, receipt) in delivered(&outbox)? {
            ensure!(receipts.get(&digest) == Some(&receipt), "the two ends have other receipts of batch {digest}");
        }
        Ok(())
    }
}

/// The check of the engine itself finds nothing.
///
/// # Errors
/// What it finds.
pub fn intact(database: &Path) -> anyhow::Result<()> {
    let connection = Connection::open(database)?;
    for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let mut statement = connection.prepare(check)?;
        let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        ensure!(found.iter().all(|line| line == "ok"), "{} is damaged: {found:?}", database.display());
    }
    Ok(())
}

fn receipts(database: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    read(database, "SELECT digest, receipt FROM batch")
}

/// What the agent counts as delivered; there must be nothing else.
fn delivered(outbox: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let waiting: i64 =
        Connection::open(outbox)?
            .query_row("SELECT count(*) FROM batch WHERE receipt IS NULL", [], |row| row.get(0))?;
    ensure!(waiting == 0, "{waiting} batches are not delivered");
    read(outbox, "SELECT digest, receipt FROM batch")
}

fn read(database: &Path, statement: &str) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let connection = Connection::open(database)?;
    let mut statement = connection.prepare(statement)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
