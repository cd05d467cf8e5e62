//! What was done in a year, for an inspector: reading, and the configuration of a cycle where it changed.
//!
//! Promises: nothing read here names a person or a record; a receipt is the register's bytes.

use super::{Outbox, Queueing, Release};
use crate::outbox::OutboxError;

/// One cycle with what identifies how it decided.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Cycle {
    /// Its number.
    pub id: i64,
    /// When it began, RFC 3339 UTC.
    pub started_at: String,
    /// `full`, or from when changes were read.
    pub reading: String,
    /// Its payload hash, as the cycle's report has it.
    pub payload_sha256: String,
    /// Version of the agent.
    pub agent: String,
    /// Hash of the rules.
    pub rules: String,
    /// Hash of the code lists.
    pub codelists: String,
    /// The person key.
    pub kid: String,
}

/// A year of this state directory.
#[derive(Debug, Default)]
pub struct Year {
    /// Its cycles.
    pub cycles: Vec<Cycle>,
    /// What each counted: cycle, term, rule, number.
    pub counts: Vec<(i64, String, String, i64)>,
    /// The receipts: number of the batch, the register's bytes.
    pub receipts: Vec<(i64, Vec<u8>)>,
    /// The releases.
    pub releases: Vec<Release>,
    /// The configurations up to its end, oldest first: first cycle, when it began, settings as JSON.
    pub configurations: Vec<(i64, String, String)>,
}

const CYCLES: &str = "
SELECT id, started_at, reading, payload_sha256, agent, rules, codelists, kid FROM cycle
WHERE substr(started_at, 1, 4) = ? ORDER BY id
";
const COUNTS: &str = "
SELECT n.cycle, n.term, n.rule, n.n FROM cycle_count n JOIN cycle c ON c.id = n.cycle
WHERE substr(c.started_at, 1, 4) = ? ORDER BY n.cycle, n.term, n.rule
";
const RECEIPTS: &str = "SELECT batch, bytes FROM receipt WHERE substr(received_at, 1, 4) = ? ORDER BY batch";
const CONFIGURATIONS: &str = "
SELECT k.cycle, c.started_at, k.settings FROM configuration k JOIN cycle c ON c.id = k.cycle
WHERE substr(c.started_at, 1, 4) <= ? ORDER BY k.cycle
";
/// Only where it is another than that of the cycle before.
const CONFIGURED: &str = "
INSERT INTO configuration (cycle, settings) SELECT ?1, ?2
WHERE ?2 IS NOT (SELECT settings FROM configuration ORDER BY cycle DESC LIMIT 1)
";

impl Queueing<'_> {
    /// Notes what is configured, as JSON without secrets.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn configured(&mut self, settings: &str) -> Result<(), OutboxError> {
        sqlx::query(CONFIGURED).bind(self.cycle).bind(settings).execute(&mut *self.transaction).await?;
        Ok(())
    }
}

impl Outbox {
    /// What was done in a year, UTC.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn year(&mut self, year: i16) -> Result<Year, OutboxError> {
        let year = format!("{year:04}");
        let releases = self.releases().await?.into_iter().filter(|release| release.at.starts_with(&year)).collect();
        let connection = &mut self.connection;
        Ok(Year {
            cycles: sqlx::query_as(CYCLES).bind(&year).fetch_all(&mut *connection).await?,
            counts: sqlx::query_as(COUNTS).bind(&year).fetch_all(&mut *connection).await?,
            receipts: sqlx::query_as(RECEIPTS).bind(&year).fetch_all(&mut *connection).await?,
            releases,
            configurations: sqlx::query_as(CONFIGURATIONS).bind(&year).fetch_all(&mut *connection).await?,
        })
    }
}
