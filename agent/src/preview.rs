//! What `once` would send: the same reading, mapping and decisions, and nothing written or sent.
//!
//! Promises: connects to nothing but the source; writes no state; reads what the next cycle would read, so that its payload hash is
//! the one that the cycle will log, unless source, mapping or code lists change in between.

mod difference;
mod label;
mod page;
mod pending;
mod plain;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

pub use difference::Changed;
use difference::difference;
pub(crate) use label::has_words;
pub use page::page;
pub use pending::{Pending, pending};
pub(crate) use plain::fields;
pub use plain::text;
use schemas::batch::Kind;
use schemas::canonical::{self, PayloadHash};
use schemas::id::HsaId;
use serde::Serialize;

use crate::activity::Told;
use crate::cycle::{
    Action, CycleError, Decided, Facts, Gathered, Ordered, Surroundings, decide, gather_everything, planned, to_send,
};
use crate::episode::{Gathering, Joined};
use crate::outbox::Outbox;
use crate::release::LeftOut;
use crate::setup::Setup;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Records to show.
    pub limit: usize,
    /// Only this treatment, by its local id; it is looked for in the whole source.
    pub treatment: Option<String>,
    /// Everything is shown as if nothing had been read before.
    pub full: bool,
}

/// What would happen.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// `registry-preview/1`
    pub schema: &'static str,
    /// The payload hash, as the cycle's report has it.
    pub payload_sha256: String,
    /// Units whose description is new or changed.
    pub units: u64,
    /// Monthly counts that are new or changed.
    pub monthly_counts: u64,
    /// Treatments never queued before.
    pub new: u64,
    /// Treatments queued before with other content.
    pub changed: u64,
    /// Treatments equal to what was queued last.
    pub unchanged: u64,
    /// Treatments that would be taken back, by rule.
    pub retracted: BTreeMap<String, u64>,
    /// Treatments held, by rule.
    pub held: BTreeMap<String, u64>,
    /// Answers held, by rule.
    pub held_answers: BTreeMap<String, u64>,
    /// Treatments excluded, by rule.
    pub excluded: BTreeMap<String, u64>,
    /// Optional fields left out, by rule.
    pub warnings: BTreeMap<String, u64>,
    /// What becomes of the treatment that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<AskedFor>,
    /// The first records, pseudonyms shortened.
    pub records: Vec<Shown>,
    /// What waits for a release, where that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// What becomes of one treatment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "fate", content = "rules")]
pub enum AskedFor {
    /// The source has no treatment of this id.
    Unknown,
    /// It would be sent as it is shown.
    Sent,
    /// It is equal to what was queued last.
    Unchanged,
    /// It is held by these rules.
    Held(Vec<String>),
    /// It does not belong in the register, by this rule.
    Excluded(String),
}

/// One record as it is shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The source's id, or the short record key.
    pub treatment: String,
    /// The short record key.
    pub key: String,
    /// `treatment` or `retraction`.
    pub kind: &'static str,
    /// Whether the register has another version.
    pub change: &'static str,
    /// The content that would travel, pseudonym shortened.
    pub content: serde_json::Value,
    /// The fields that differ from what was queued last; empty where that is not known any more, and for a retraction.
    pub difference: BTreeMap<String, Changed>,
}

/// Reads the whole source and shows what would be sent.
///
/// # Errors
/// When the source or the state cannot be read.
pub async fn preview(setup: &Setup, wanted: &Wanted, surroundings: &Surroundings<'_>) -> Result<Preview, CycleError> {
    let mut gathering = Gathering::begin(None)?;
    let mut outbox = Outbox::open_to_read(&setup.config.state_dir()).await?;
    let (gathered, mut episodes) = match &mut outbox {
        Some(outbox) if !wanted.full && wanted.treatment.is_none() => {
            planned((setup, surroundings), outbox, gathering).await?
        }
        _ => {
            let gathered = gather_everything(setup, surroundings, &mut gathering).await?;
            (gathered, Ordered::all_here(gathering.finish()))
        }
    };
    let left_out = match &mut outbox {
        Some(outbox) => outbox.left_out().await?,
        None => LeftOut::default(),
    };
    let private = setup.config.agent.region.is_private();
    let facts = Facts { keys: &setup.keys, units: private.then_some(&gathered.units), left_out: &left_out };

    let mut preview = Preview { asked_for: wanted.treatment.as_ref().map(|_| AskedFor::Unknown), ..Preview::empty() };
    preview.add_units(&gathered, &mut outbox, &facts).await?;
    let mut tally = gathered.counts.tally().filter(|_| !episodes.lacks);
    let mut hash = PayloadHash::default();
    while let Some(Joined { episodes, held_answers, .. }) = episodes.next().await? {
        let wire: Vec<String> =
            episodes.iter().map(|episode| format!("rec1.{}.{}", setup.config.agent.region, episode.read.key)).collect();
        let keys: Vec<&str> = wire.iter().map(String::as_str).collect();
        let known = match &mut outbox {
            Some(outbox) => outbox.known(&keys).await?,
            None => HashMap::new(),
        };
        gathered.counts.add(&mut tally, &episodes);
        let (first, mut shown) = (preview.records.len(), Vec::new());
        for (episode, key) in episodes.into_iter().zip(&wire) {
            let before = known.get(key);
            let decided = decide(episode, before, &facts);
            if let Action::Queue { content, .. } = &decided.action {
                hash.add(key, content);
            }
            preview.add(decided, before.is_some(), wanted);
            shown.resize(preview.records.len() - first, key.as_str());
        }
        if let Some(outbox) = &mut outbox {
            preview.compare(first, &shown, outbox).await?;
        }
        for (rule, _) in held_answers.iter().flat_map(|answer| crate::episode::findings(&answer.findings)) {
            *preview.held_answers.entry(rule.id().into()).or_default() += 1;
        }
    }
    if let Some(tally) = tally {
        let told = match &mut outbox {
            Some(outbox) => outbox.counts_told().await?,
            None => Told::default(),
        };
        let today = (&left_out, schemas::rule::today((surroundings.now)()));
        preview.monthly_counts = to_send(setup, tally, told, today).len() as u64;
    }
    preview.payload_sha256 = hash.finish();
    Ok(preview)
}

impl Preview {
    /// Records that would travel besides units.
    #[must_use]
    pub fn to_show(&self) -> u64 {
        self.new + self.changed + self.retracted.values().sum::<u64>()
    }

    fn empty() -> Self {
        Self {
            schema: "registry-preview/1",
            payload_sha256: String::new(),
            units: 0,
            monthly_counts: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            retracted: BTreeMap::new(),
            held: BTreeMap::new(),
            held_answers: BTreeMap::new(),
            excluded: BTreeMap::new(),
            warnings: BTreeMap::new(),
            asked_for: None,
            records: Vec::new(),
            pending: None,
        }
    }

    async fn add_units(
        &mut self,
        gathered: &Gathered,
        outbox: &mut Option<Outbox>,
        facts: &Facts<'_>,
    ) -> Result<(), CycleError> {
        let of_units = gathered.unit_findings.iter().map(|(_, _, finding)| finding);
        for finding in of_units.chain(&gathered.counts.findings) {
            *self.warnings.entry(finding.rule.id().into()).or_default() += 1;
        }
        let ids: Vec<&str> = gathered.units.keys().map(HsaId::as_str).collect();
        let known = match outbox {
            Some(outbox) => outbox.known(&ids).await?,
            None => HashMap::new(),
        };
        for (id, unit) in &gathered.units {
            let fingerprint = facts.keys.content_fingerprint(&facts.left_out.strip(Kind::Unit, canonical::bytes(unit)));
            let same = known.get(id.as_str()).is_some_and(|known| known.fingerprint == fingerprint);
            self.units += u64::from(!same);
        }
        Ok(())
    }

    /// Holds the records from `first` on, whose keys these are, against what was queued last.
    async fn compare(&mut self, first: usize, keys: &[&str], outbox: &mut Outbox) -> Result<(), CycleError> {
        let mut earlier = if keys.is_empty() { HashMap::new() } else { outbox.queued_last(keys, i64::MAX).await? };
        for (record, key) in self.records[first..].iter_mut().zip(keys) {
            if let Some(before) = earlier.remove(*key).filter(|_| record.kind == Kind::Treatment.word()) {
                record.difference = difference(&shown(before), &record.content);
            }
        }
        Ok(())
    }

    fn add(&mut self, decided: Decided, before: bool, wanted: &Wanted) {
        for (rule, _) in &decided.warnings {
            *self.warnings.entry(rule.id().into()).or_default() += 1;
        }
        if wanted.treatment.as_ref().is_some_and(|id| *id == decided.read.local_id) {
            self.asked_for = Some(asked_for(&decided.action));
        }
        match decided.action {
            Action::Unchanged => self.unchanged += 1,
            Action::Gone => (),
            Action::Exclude(rule) => *self.excluded.entry(rule.id().into()).or_default() += 1,
            Action::Hold(findings) => {
                let rule = findings.first().map_or("", |(rule, _)| rule.id());
                *self.held.entry(rule.into()).or_default() += 1;
            }
            Action::Queue { kind, content, because, .. } => {
                match (kind, before) {
                    (Kind::Retraction, _) => {
                        *self.retracted.entry(because.into()).or_default() += 1;
                    }
                    (_, true) => self.changed += 1,
                    (_, false) => self.new += 1,
                }
                let asked_for = wanted.treatment.as_ref().is_none_or(|id| *id == decided.read.local_id);
                if asked_for && self.records.len() < wanted.limit {
                    let change = if before { "changed" } else { "new" };
                    self.records.push(Shown {
                        treatment: decided.read.local_id,
                        key: short(&decided.read.key),
                        kind: kind.word(),
                        change,
                        content: shown(serde_json::from_slice(&content).unwrap_or_default()),
                        difference: BTreeMap::new(),
                    });
                }
            }
        }
    }
}

fn asked_for(action: &Action) -> AskedFor {
    match action {
        Action::Queue { .. } => AskedFor::Sent,
        Action::Unchanged | Action::Gone => AskedFor::Unchanged,
        Action::Hold(findings) => AskedFor::Held(findings.iter().map(|(rule, _)| rule.id().into()).collect()),
        Action::Exclude(rule) => AskedFor::Excluded(rule.id().into()),
    }
}

/// Enough of a key to tell two records apart, as [`schemas::id::RecordKey::short`] shows it.
fn short(key: &str) -> String {
    key.get(..10).map_or_else(String::new, |first| format!("{first}…"))
}

/// A content with its pseudonym shortened.
fn shown(mut value: serde_json::Value) -> serde_json::Value {
    if let Some(pseudonym) = value.get_mut("pseudonym") {
        let short = pseudonym.as_str().and_then(|text| text.parse::<schemas::id::Pseudonym>().ok()).map(|p| p.short());
        *pseudonym = short.map_or(serde_json::Value::Null, serde_json::Value::String);
    }
    value
}
