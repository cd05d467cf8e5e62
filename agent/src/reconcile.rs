//! Whether the register holds what this agent delivered, and what is done where it does not.
//!
//! Promises: what differs is found by digests, then line by line, and named by the source's own ids; what the register lacks or holds
//! otherwise is sent again from what was delivered, or read again; what it holds that nobody here knows is taken back only when it
//! certainly was not delivered, when it is little, or when a person says so; nothing is done twice when it breaks off.
//! Must not know: how records are made, or where a person is asked.

mod compare;
mod stage;
mod text;

#[cfg(test)]
mod tests;

pub use compare::{Difference, compare};
pub use stage::{Often, stage, whole};
pub use text::{document, text};

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::digest::{BUCKETS, Bucket, Digester, Line, fingerprint};
use schemas::id::Version;
use schemas::record::{Retraction, RetractionReason};
use serde::Serialize;

use crate::outbox::{Again, ComparedNote, Outbox, OutboxError, Standing};
use crate::push::{Client, ClientError, PushError};
use crate::vanished;

/// Lines that are asked for together.
const MOST_LINES: u64 = 50_000;

/// What was compared, and what differs.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Treatments that the register should hold.
    pub here: u64,
    /// Treatments that it holds.
    pub there: u64,
    /// What differs, by whole record key.
    pub differences: BTreeMap<String, Different>,
}

/// One treatment that differs.
#[derive(Debug, Clone)]
pub struct Different {
    /// How.
    pub how: Difference,
    /// The source's id, where one is known.
    pub local_id: Option<String>,
    /// What the register says of it.
    pub there: Option<Line>,
}

/// What may be taken back that nobody here knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// What certainly nobody here delivered, and otherwise as little as a reading may take back without a person.
    Little,
    /// All of it: a person said so.
    All,
}

/// What is known of this state directory, for the decision on what nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Whether what nobody knows here belongs to nobody.
    pub whole: Whole,
    /// What a person permits.
    pub permit: Permit,
}

/// Whether everything that ever was delivered is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// It is: this state directory alone delivered.
    Yes,
    /// Another one delivered too, but the sources have just shown everything that they ever had.
    AsFarAsShown,
    /// Another one may have delivered what the sources do not show any more.
    No,
}

/// What was done about a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// Queued again as it was delivered.
    pub sent_again: u64,
    /// Queued to be taken back.
    pub taken_back: u64,
    /// To be read again by a run that reads everything.
    pub read_again: u64,
    /// At the register and unknown here: left for a person's decision.
    pub left: u64,
    /// Neither at the register, nor in a source, nor kept here.
    pub lost: u64,
}

/// Why nothing could be compared or done.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the part that failed")]
pub enum ReconcileError {
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl From<PushError> for ReconcileError {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Outbox(error) => Self::Outbox(error),
            PushError::Client(error) => Self::Client(error),
        }
    }
}

impl Comparison {
    /// Whether both ends hold the same.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }

    /// Whether something that nobody knows here is newer than anything that was queued here: then this state directory is an old copy.
    fn is_ahead_of(&self, newest: Version) -> bool {
        let unknown = self.differences.values().filter(|one| one.how == Difference::Unknown);
        unknown.filter_map(|one| one.there.as_ref()).any(|line| line.version > newest)
    }

    /// What is kept of it for `status`.
    #[must_use]
    pub fn note(&self, at: Timestamp) -> ComparedNote {
        let [missing, other] = [Difference::Missing, Difference::Other].map(|how| self.count(how));
        let surplus = self.differences.len() as u64 - missing - other;
        ComparedNote { at, here: self.here, there: self.there, missing, other, surplus }
    }

    /// How many differ in one way.
    #[must_use]
    pub fn count(&self, how: Difference) -> u64 {
        self.differences.values().filter(|one| one.how == how).count() as u64
    }
}

/// Compares what the register holds with what it should hold. Records on their way are left out.
///
/// # Errors
/// When the state fails or the register does not answer.
pub async fn look(client: &Client, outbox: &mut Outbox) -> Result<Comparison, ReconcileError> {
    let (here, own) = own_buckets(outbox).await?;
    let (waiting, ..) = outbox.depth().await?;
    let told = (waiting == 0).then(|| fingerprint(&own));
    let digest = client.digest(told.as_deref()).await?;
    let there = digest.buckets.iter().map(|bucket| bucket.n).sum();
    let mut differences = BTreeMap::new();
    for part in parts(&differing(&own, &digest.buckets)) {
        let lines = client.digest_lines(&part).await?;
        let ours = outbox.standing_in(&part).await?;
        let mut found = compare(&ours, &lines);
        name(outbox, &mut found).await?;
        differences.append(&mut found);
    }
    Ok(Comparison { here, there, differences })
}

async fn own_buckets(outbox: &mut Outbox) -> Result<(u64, Vec<Bucket>), OutboxError> {
    let (mut digester, mut here, mut last) = (Digester::default(), 0, String::new());
    loop {
        let page = outbox.standing_behind(&last).await?;
        let Some(newest) = page.last() else { break };
        last.clone_from(&newest.key);
        here += page.len() as u64;
        page.iter().filter_map(Standing::line).for_each(|line| digester.add(&line));
    }
    Ok((here, digester.finish()))
}

/// The buckets that differ, with the number of lines that the register has in each.
fn differing(own: &[Bucket], there: &[Bucket]) -> Vec<(u8, u64)> {
    let of = |at: u8| Some((own.get(usize::from(at))?, there.get(usize::from(at))?));
    let differ = |at: u8| of(at).is_none_or(|(own, there)| own != there);
    debug_assert_eq!(own.len(), BUCKETS, "a digest has a bucket for each byte");
    (0..=u8::MAX).filter(|at| differ(*at)).map(|at| (at, of(at).map_or(0, |(_, there)| there.n))).collect()
}

/// Buckets in parts that hold no more lines than are asked for together.
fn parts(buckets: &[(u8, u64)]) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut lines = u64::MAX;
    for (bucket, n) in buckets {
        lines = lines.saturating_add(*n);
        if let Some(part) = parts.last_mut().filter(|_| lines <= MOST_LINES) {
            part.push(*bucket);
        } else {
            parts.push(vec![*bucket]);
            lines = *n;
        }
    }
    parts
}

/// Tells what is known here of the treatments that differ, and leaves those out that are on their way.
async fn name(outbox: &mut Outbox, found: &mut BTreeMap<String, Different>) -> Result<(), OutboxError> {
    let keys: Vec<&str> = found.keys().map(String::as_str).collect();
    for trace in outbox.traces(&keys).await? {
        let Some(different) = found.get_mut(&trace.key) else { continue };
        match different.how.refined(&trace) {
            Some(how) => (different.how, different.local_id) = (how, trace.local_id),
            None => drop(found.remove(&trace.key)),
        }
    }
    Ok(())
}

/// Queues what brings both ends together, and says what it cannot do.
///
/// # Errors
/// When the state fails; what was queued before stays queued.
pub async fn repair(
    outbox: &mut Outbox,
    comparison: &Comparison,
    ground: Ground,
    now: Timestamp,
) -> Result<Repaired, OutboxError> {
    let keys = |how: &[Difference]| -> Vec<String> {
        let wanted = comparison.differences.iter().filter(|(_, one)| how.contains(&one.how));
        wanted.map(|(key, _)| key.clone()).collect()
    };
    let mut repaired = Repaired::default();
    let lacking = keys(&[Difference::Missing, Difference::Other]);
    let kept = outbox.kept_contents(&lacking).await?;
    let gone: Vec<&str> = lacking.iter().filter(|key| !kept.contains_key(*key)).map(String::as_str).collect();
    (repaired.read_again, repaired.lost) = outbox.forget_fingerprints(&gone).await?;
    let mut again: Vec<Again> =
        kept.into_iter().map(|(key, content)| Again { kind: Kind::Treatment, key, content }).collect();
    repaired.sent_again = again.len() as u64;

    let adopted: Vec<&Line> = comparison
        .differences
        .values()
        .filter(|one| one.how == Difference::Unaccounted)
        .filter_map(|one| one.there.as_ref())
        .collect();
    repaired.read_again += outbox.adopt(&adopted).await?;

    let mut back = keys(&[Difference::NotTakenBack]);
    let unknown = keys(&[Difference::Unknown]);
    let ground = if comparison.is_ahead_of(outbox.newest_version().await?) {
        Ground { whole: Whole::No, ..ground }
    } else {
        ground
    };
    if may_take_back(unknown.len() as u64, comparison.there, ground) {
        back.extend(unknown);
    } else {
        repaired.left = unknown.len() as u64;
    }
    repaired.taken_back = back.len() as u64;
    let content = canonical::bytes(&Retraction { reason: RetractionReason::Vanished });
    again.extend(back.into_iter().map(|key| Again { kind: Kind::Retraction, key, content: content.clone() }));
    again.sort_by(|one, other| one.key.cmp(&other.key));
    outbox.queue_again(&again, now).await?;
    // Which persons are one is in no digest; telling it again changes nothing where it is known.
    outbox.tell_pairs_again().await?;
    Ok(repaired)
}

fn may_take_back(unknown: u64, there: u64, ground: Ground) -> bool {
    match (ground.permit, ground.whole) {
        (Permit::All, _) | (Permit::Little, Whole::Yes) => true,
        (Permit::Little, Whole::AsFarAsShown) => !vanished::is_too_many(unknown, there),
        (Permit::Little, Whole::No) => false,
    }
}
