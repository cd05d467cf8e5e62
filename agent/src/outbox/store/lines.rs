//! The accounting lines as they are queued: those that the register does not know as they stand now.
//!
//! Promises: a line that was told and counts nothing any more is told as empty; lines are in no payload, and commit alone.

use std::collections::{BTreeMap, BTreeSet};

use schemas::batch::{self, Kind};
use schemas::canonical;
use schemas::id::Version;
use schemas::record::Run;
use sqlx::Connection as _;

use super::writing::{Line, Writing};
use super::{Outbox, SET_META};
use crate::account::Account;
use crate::outbox::OutboxError;
use crate::release::LeftOut;

/// `?1` and `?2` are the bounds of the keys of one kind of reading.
const TOLD: &str = "SELECT key, fingerprint, queued_in FROM record WHERE key >= ?1 AND key < ?2 AND kind = 'run'";

/// What was queued last under a line's key.
#[derive(sqlx::FromRow)]
struct Told {
    key: String,
    fingerprint: Vec<u8>,
    queued_in: i64,
}

/// A line on its way into the queue.
struct Changed {
    key: String,
    content: Vec<u8>,
    fingerprint: [u8; 32],
}

impl Outbox {
    /// Queues the lines of accounts that changed since they were queued last; `fingerprint` is that of a content. Answers how many.
    ///
    /// # Errors
    /// When the database fails; then none is queued.
    pub async fn queue_lines(
        &mut self,
        accounts: &[Account],
        fingerprint: impl Fn(&[u8]) -> [u8; 32],
        now: jiff::Timestamp,
    ) -> Result<u64, OutboxError> {
        let left_out = self.left_out().await?;
        let mut changed = Vec::new();
        for account in accounts {
            let word = account.reading.word();
            let told = sqlx::query_as(TOLD).bind(format!("{word}|")).bind(format!("{word}}}"));
            changed.extend(differing(account, told.fetch_all(&mut self.connection).await?, (&fingerprint, &left_out)));
        }
        let Some(cycle) = accounts.iter().map(|account| account.cycle).max().filter(|_| !changed.is_empty()) else {
            return Ok(0);
        };
        let wrong = |_| OutboxError::Inconsistent("meta.counter");
        let (_, generation) = self.generation().await?.ok_or(OutboxError::Inconsistent("meta.generation"))?;
        let counter = self.meta("counter").await?.map_or(Ok(0), |text| text.parse::<u64>().map_err(wrong))?;
        let mut writing = Writing::new(i64::try_from(cycle).unwrap_or(i64::MAX), now.to_string());
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        for (counter, Changed { key, content, fingerprint }) in (counter + 1..).zip(&changed) {
            let line = Line {
                kind: Kind::Run,
                key,
                counter: i64::try_from(counter).unwrap_or(i64::MAX),
                text: &batch::line(Kind::Run, key, Version { generation, counter }, content),
                content: content.len(),
                fingerprint,
                counted: (0, 0),
            };
            writing.add(&mut transaction, &line).await?;
        }
        writing.end(&mut transaction).await?;
        let (queued, name) = (changed.len() as u64, "counter");
        sqlx::query(SET_META).bind(name).bind((counter + queued).to_string()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(queued)
    }
}

/// The lines that are not what was told, and those that were told since the account's cycle and count nothing any more. Those of an
/// earlier cycle are the register's to pass over.
fn differing(
    account: &Account,
    told: Vec<Told>,
    (fingerprint, left_out): (&impl Fn(&[u8]) -> [u8; 32], &LeftOut),
) -> Vec<Changed> {
    let standing: BTreeSet<String> = account.lines.iter().map(Run::key).collect();
    let since = i64::try_from(account.cycle).unwrap_or(i64::MAX);
    let left = told.iter().filter(|told| told.queued_in >= since && !standing.contains(&told.key));
    let emptied: Vec<_> = left.filter_map(|told| account.emptied(&told.key)).collect();
    let told: BTreeMap<String, Vec<u8>> = told.into_iter().map(|told| (told.key, told.fingerprint)).collect();
    let lines = account.lines.iter().chain(&emptied).map(|line| {
        let content = left_out.strip(Kind::Run, canonical::bytes(line));
        Changed { key: line.key(), fingerprint: fingerprint(&content), content }
    });
    lines.filter(|line| told.get(&line.key).is_none_or(|known| *known != line.fingerprint)).collect()
}
