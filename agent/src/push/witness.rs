//! This agent as one of the witnesses of the register's audit log: at each contact the log must extend what was seen of it before.
//!
//! Promises: a log that was altered, cut short or put back is found at the next contact, with the register's own signatures as evidence;
//! the checkpoint that is shown is kept from then on, so that each fault is told once and stays told; whatever is found, the agent goes
//! on delivering, because its own queue and the register's other witnesses lose nothing by it.
//! Must not know: how a finding is shown.

use jiff::{SignedDuration, Timestamp};
use schemas::audit::{Checkpoint, CheckpointAnswer, Hash, SignedCheckpoint, extends, includes, read_hex};
use schemas::problem::ProblemType;
use schemas::receipt::ReceiptKey;

use super::{Client, ClientError};
use crate::outbox::{Found, Kept, Outbox, OutboxError, Settled, Sort};

/// How long after a receipt its event may be missing in the log: the register has a second, servers' clocks differ by more.
const PATIENCE: SignedDuration = SignedDuration::from_mins(1);

/// What is known besides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    /// `test` or `production`.
    pub(crate) environment: &'a str,
    /// Whether the register has just told otherwise that it was put back.
    pub(crate) forgotten: Forgotten,
}

/// Whether the register has forgotten this state directory, which a register does that was put back from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forgotten {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// What is to be done about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judged {
    found: Option<Found>,
    keep: Option<SignedCheckpoint>,
    settled: Settled,
}

/// Asks the register for its log and holds it against what is kept. Answers what is newly wrong with it.
///
/// # Errors
/// When the state fails. A register that does not answer is asked at the next contact.
pub(crate) async fn ask(
    (client, outbox): (&Client, &mut Outbox),
    standing: Standing<'_>,
    now: Timestamp,
) -> Result<Option<Sort>, OutboxError> {
    let kept = outbox.witness().await?;
    let from = kept.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.body.size);
    let answer = match client.checkpoint(from, kept.leaf.as_ref().map(|(leaf, _)| leaf.as_str())).await {
        Ok(answer) => answer,
        // A register of before the log.
        Err(ClientError::Problem(problem)) if problem.kind == ProblemType::NotFound && from == 0 => return Ok(None),
        Err(error) => {
            tracing::warn!("the register's audit log is not looked at: {error}");
            return Ok(None);
        }
    };
    let Judged { found, keep, settled } = judge(&kept, &answer, (client.receipt_key(), standing));
    let is_new = outbox.witnessed((keep.as_ref(), settled), found.as_ref(), now).await?;
    Ok(found.filter(|_| is_new).map(|found| found.sort))
}

/// What an answer means beside what is kept.
fn judge(kept: &Kept, answer: &CheckpointAnswer, (key, standing): (&ReceiptKey, Standing<'_>)) -> Judged {
    let old = kept.checkpoint.as_ref();
    let found = |sort, leaf: &str| {
        let kept = old.map(ToString::to_string).unwrap_or_default();
        Some(Found { sort, kept, shown: answer.checkpoint.clone().unwrap_or_default(), leaf: leaf.into() })
    };
    let nothing = Judged { found: None, keep: None, settled: Settled::NotYet };
    let Some(shown) = &answer.checkpoint else {
        let sort = if standing.forgotten == Forgotten::Yes { Sort::Restored } else { Sort::Shorter };
        return Judged { found: old.and_then(|_| found(sort, "")), ..nothing };
    };
    let signed: Option<SignedCheckpoint> = shown.parse().ok();
    let Some(new) = signed.filter(|new| new.is_of(key, standing.environment)) else {
        return Judged { found: found(Sort::Unsigned, ""), ..nothing };
    };
    if let Some(sort) = old.and_then(|old| contradiction(&old.body, &new.body, (answer, standing))) {
        // Where the entry of a receipt stood is not asked of a log that is another one.
        return Judged { found: found(sort, ""), keep: Some(new), settled: Settled::Yes };
    }
    match &kept.leaf {
        Some((leaf, _)) if holds(&new.body, leaf, answer) => {
            Judged { found: None, keep: Some(new), settled: Settled::Yes }
        }
        Some((leaf, at)) if new.body.at.duration_since(*at) > PATIENCE => {
            Judged { found: found(Sort::Missing, leaf), keep: Some(new), settled: Settled::Yes }
        }
        _ => Judged { keep: Some(new), ..nothing },
    }
}

/// How a checkpoint contradicts an earlier one.
fn contradiction(
    old: &Checkpoint,
    new: &Checkpoint,
    (answer, standing): (&CheckpointAnswer, Standing<'_>),
) -> Option<Sort> {
    let proof = hashes(&answer.consistency);
    if proof.is_some_and(|proof| extends((old.size, &old.root), (new.size, &new.root), &proof)) {
        return None;
    }
    let says_so = new.restored.is_some() && new.restored != old.restored;
    Some(if says_so || standing.forgotten == Forgotten::Yes {
        Sort::Restored
    } else if new.size < old.size {
        Sort::Shorter
    } else {
        Sort::Other
    })
}

/// Whether the log of a checkpoint was shown to hold a leaf.
fn holds(log: &Checkpoint, leaf: &str, answer: &CheckpointAnswer) -> bool {
    let proof = answer.inclusion.as_ref().and_then(|inclusion| {
        let (leaf, path) = read_hex(leaf).zip(hashes(&inclusion.path))?;
        Some(includes((log.size, &log.root), (inclusion.position, &leaf), &path))
    });
    proof.unwrap_or_default()
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| read_hex(text)).collect()
}

#[cfg(test)]
mod tests;
