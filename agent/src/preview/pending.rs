//! What waits for a release, shown from the outbox itself.
//!
//! Promises: the hash and the batches are those of the very bytes that a release sends; reads neither a source nor the network, and
//! writes nothing.

use std::collections::BTreeMap;

use schemas::batch::{Envelope, Kind};
use schemas::record::{Retraction, RetractionReason};
use schemas::rule::Rule;
use serde::Serialize;

use super::difference::difference;
use super::{Preview, Shown, Wanted, short, shown};
use crate::cycle::{CycleError, look};
use crate::outbox::{Candidate, Outbox, OutboxError, Term};
use crate::release::{self, Because};
use crate::setup::Setup;
use crate::vanished::VANISHED;
use schemas::language::Language;

/// What is told of a candidate besides its records.
#[derive(Debug, Serialize)]
pub struct Pending {
    /// The cycle that queued it.
    pub cycle: i64,
    /// When, RFC 3339 UTC.
    pub queued_at: String,
    /// Why it waits.
    pub because: Vec<Because>,
    /// The batches as the register will know them.
    pub batches: Vec<Batch>,
    /// Candidates that wait behind it.
    pub behind: usize,
}

/// A batch that waits.
#[derive(Debug, Serialize)]
pub struct Batch {
    /// SHA-256 of its bytes, its address at the register.
    pub sha256: String,
    /// Records in it.
    pub records: u32,
}

impl Pending {
    /// What it is, in words.
    #[must_use]
    pub fn sentences(&self, language: Language) -> Vec<String> {
        let Self { cycle, because, batches, behind, .. } = self;
        let mut told = vec![language.pick(
            format!("väntar på ett godkännande sedan körning {cycle}, i {} leveranser", batches.len()),
            format!("waits for a release since cycle {cycle}, in {} batches", batches.len()),
        )];
        told.extend(release::sentences(because, language));
        if *behind > 0 {
            told.push(language.pick(
                format!("{behind} senare körningar väntar bakom denna"),
                format!("{behind} later cycles wait behind this one"),
            ));
        }
        told
    }
}

/// Shows the oldest candidate; nothing when none waits.
///
/// # Errors
/// When the state cannot be read or a batch is damaged.
pub async fn pending(setup: &Setup, wanted: &Wanted) -> Result<Option<Preview>, CycleError> {
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else { return Ok(None) };
    let candidates = outbox.candidates().await?;
    let Some(candidate) = candidates.first() else { return Ok(None) };
    let mut preview = Preview::empty();
    preview.add_counts(&mut outbox, candidate).await?;
    let sender = &setup.config.agent.region;
    let looked =
        look((&mut outbox, sender), candidate, async |outbox, page| preview.add_page(outbox, page, wanted).await);
    let looked = looked.await?;
    let Candidate { cycle, queued_at, because, .. } = candidate.clone();
    let batches = looked.batches.into_iter().map(|(sha256, records)| Batch { sha256, records }).collect();
    preview.payload_sha256 = looked.payload_sha256;
    preview.pending = Some(Pending { cycle, queued_at, because, batches, behind: candidates.len() - 1 });
    Ok(Some(preview))
}

impl Preview {
    /// What the cycle counted and did not queue.
    async fn add_counts(&mut self, outbox: &mut Outbox, candidate: &Candidate) -> Result<(), OutboxError> {
        for (term, rule, n) in outbox.counts(candidate.cycle).await? {
            let n = u64::try_from(n).unwrap_or_default();
            let of = |term_of: Term| term == term_of.word();
            match () {
                () if of(Term::Unchanged) => self.unchanged = n,
                () if of(Term::Held) => drop(self.held.insert(rule, n)),
                () if of(Term::AnswerHeld) => drop(self.held_answers.insert(rule, n)),
                () if of(Term::Excluded) => drop(self.excluded.insert(rule, n)),
                () if of(Term::Warning) => drop(self.warnings.insert(rule, n)),
                () => {}
            }
        }
        Ok(())
    }

    async fn add_page(
        &mut self,
        outbox: &mut Outbox,
        (batch, lines): (i64, &[Envelope<'_>]),
        wanted: &Wanted,
    ) -> Result<(), OutboxError> {
        let records: Vec<&Envelope<'_>> =
            lines.iter().filter(|line| matches!(line.kind, Kind::Treatment | Kind::Retraction)).collect();
        let of = |kind| lines.iter().filter(|line| line.kind == kind).count() as u64;
        self.units += of(Kind::Unit);
        self.monthly_counts += of(Kind::Activity);
        let keys: Vec<&str> = records.iter().map(|line| line.key.as_ref()).collect();
        let last: Vec<&str> = keys.iter().map(|key| last_part(key)).collect();
        let (accepted, ids) = (outbox.accepted(&keys).await?, outbox.local_ids(&last).await?);
        let mut earlier = outbox.queued_last(&keys, batch).await?;
        for (line, last) in records.into_iter().zip(last) {
            let content: serde_json::Value = serde_json::from_str(line.content.get()).unwrap_or_default();
            let before = accepted.contains(line.key.as_ref());
            match line.kind {
                Kind::Retraction => *self.retracted.entry(rule(line)).or_default() += 1,
                _ if before => self.changed += 1,
                _ => self.new += 1,
            }
            let local_id = ids.get(last).cloned().unwrap_or_else(|| short(last));
            let asked_for = wanted.treatment.as_ref().is_none_or(|id| *id == local_id);
            if !asked_for || self.records.len() >= wanted.limit {
                continue;
            }
            let content = shown(content);
            let earlier = earlier.remove(line.key.as_ref()).filter(|_| line.kind == Kind::Treatment);
            let difference = earlier.map_or_else(BTreeMap::new, |earlier| difference(&shown(earlier), &content));
            self.records.push(Shown {
                treatment: local_id,
                key: short(last),
                kind: line.kind.word(),
                change: if before { "changed" } else { "new" },
                content,
                difference,
            });
        }
        Ok(())
    }
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or_default()
}

/// Why a treatment is taken back: the rule's id, as a cycle counts it.
fn rule(line: &Envelope<'_>) -> String {
    let reason = serde_json::from_str::<Retraction>(line.content.get()).map(|retraction| retraction.reason);
    match reason {
        Ok(RetractionReason::Reopened) => Rule::StatusOngoing.id().into(),
        Ok(RetractionReason::TestPatient) => Rule::TestPatient.id().into(),
        Ok(RetractionReason::ProtectedIdentity) => Rule::ProtectedIdentity.id().into(),
        Ok(RetractionReason::SupportProgramme) => Rule::ProgrammeSupport.id().into(),
        Ok(RetractionReason::Vanished) => VANISHED.into(),
        Err(_) => String::new(),
    }
}
