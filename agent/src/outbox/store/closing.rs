//! The end of a batch: its verified receipt, and what it says of each of the batch's records.
//!
//! Promises: a receipt, the verdicts and the end of its batch commit together; batches may end in any order; a batch costs time by its
//! own lines only, however many records there are.

use std::collections::BTreeMap;

use schemas::receipt::{Receipt, Verdict};
use sqlx::Connection as _;

use super::witness::{self, Heard};
use super::{FINISH_CYCLES, Outbox};
use crate::outbox::OutboxError;

const CLOSE_BATCH: &str = "UPDATE batch SET delivered_at = ?, receipt = ? WHERE id = ? AND delivered_at IS NULL";
/// `?2` holds one letter a line, `r` for a rejected one; `?3` is the rule of each line that has one. What the register holds is known by
/// its hash only where the newest queued version was accepted.
const CLOSE_RECORDS: &str = "
UPDATE record SET accepted_hash = CASE WHEN v.verdict = 'r' OR record.accepted > v.counter THEN record.accepted_hash
        WHEN record.counter = v.counter THEN record.content_hash END,
    accepted_generation = CASE WHEN v.verdict = 'r' OR record.accepted > v.counter THEN record.accepted_generation
        ELSE (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'generation') END,
    accepted = CASE WHEN v.verdict = 'r' THEN record.accepted ELSE max(record.accepted, v.counter) END,
    accepted_kind = CASE WHEN v.verdict = 'r' OR record.accepted > v.counter THEN record.accepted_kind ELSE v.kind END,
    state = CASE WHEN record.counter <> v.counter THEN record.state WHEN v.verdict = 'r' THEN 'rejected' ELSE 'closed' END,
    rule = CASE WHEN record.counter = v.counter THEN v.rule ELSE record.rule END
FROM (
    SELECT key, counter, kind, substr(?2, line, 1) AS verdict, ?3 ->> CAST(line AS TEXT) AS rule
    FROM batch_line WHERE batch = ?1 AND line <= length(?2)
) v WHERE record.key = v.key
";
/// The register has the records under the persons that their rows name now. What is held by now was not sent as it is read.
const FORGET_BEARERS: &str = "
DELETE FROM bearer WHERE key IN (
    SELECT substr(l.key, -43) FROM batch_line l JOIN record r ON r.key = l.key AND r.counter = l.counter
    WHERE l.batch = ?1 AND l.kind = 'treatment' AND substr(?2, l.line, 1) = 'a' AND r.seen > 0
) AND EXISTS (SELECT 1 FROM found f WHERE f.key = bearer.key AND f.person IS NOT NULL)
";
/// Whether a line with the letter `s` holds the newest queued version of its record.
const IS_BEHIND: &str = "
SELECT EXISTS (
    SELECT 1 FROM batch_line l JOIN record r ON r.key = l.key AND r.counter = l.counter
    WHERE l.batch = ?1 AND substr(?2, l.line, 1) = 's'
)
";

impl Outbox {
    /// Closes a batch with its verified receipt: the answer's bytes, and the verdict on each line. Answers whether the register holds a
    /// later version of a record than any that this state directory queued, as after the return of an old copy of the directory.
    ///
    /// # Errors
    /// When the database fails; then the batch stays queued and is sent again.
    pub async fn close(
        &mut self,
        batch: i64,
        (receipt, bytes): (&Receipt, &[u8]),
        verdicts: &[Verdict],
        now: jiff::Timestamp,
    ) -> Result<bool, OutboxError> {
        let letters: String = verdicts.iter().map(|verdict| letter(*verdict)).collect();
        let findings = receipt.body.findings.iter().rev();
        let rules: BTreeMap<u32, &str> = findings.map(|finding| (finding.line, finding.rule.as_str())).collect();
        let rules = serde_json::to_string(&rules).map_err(|_| OutboxError::Inconsistent("batch.receipt"))?;
        let body = &receipt.body;
        let (checkpoint, leaf) = (body.checkpoint.as_deref(), body.leaf.as_deref());
        let heard = Heard { checkpoint, leaf, at: &body.received_at };
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut behind = false;
        let closed =
            sqlx::query(CLOSE_BATCH).bind(now.to_string()).bind(bytes).bind(batch).execute(&mut *transaction).await?;
        if closed.rows_affected() == 1 {
            if verdicts.contains(&Verdict::Stale) {
                behind = sqlx::query_scalar(IS_BEHIND).bind(batch).bind(&letters).fetch_one(&mut *transaction).await?;
            }
            sqlx::query(FORGET_BEARERS).bind(batch).bind(&letters).execute(&mut *transaction).await?;
            sqlx::query(CLOSE_RECORDS).bind(batch).bind(letters).bind(rules).execute(&mut *transaction).await?;
            sqlx::query(FINISH_CYCLES).bind(now.to_string()).execute(&mut *transaction).await?;
            witness::heard(&mut transaction, heard).await?;
        }
        transaction.commit().await?;
        Ok(behind)
    }
}

/// What tells the verdicts apart in the statements above.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Accepted | Verdict::Replaced | Verdict::Unchanged => 'a',
        Verdict::Stale => 's',
        Verdict::Rejected => 'r',
    }
}
