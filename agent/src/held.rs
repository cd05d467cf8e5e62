//! What stays in the region and why: rows that break a rule here, and records that the register rejects, both under the source's own
//! ids.
//!
//! Promises: one cause is one line, however many rows it holds; nothing here is sent; no source is read.

mod render;
mod rows;

#[cfg(test)]
mod tests;

pub use render::{refused, rows, text};
pub use rows::{Cell, show};

use schemas::codelist::fold;
use schemas::rule::Rule;
use serde::Serialize;

use crate::config::MapKind;
use crate::map::nearest;
use crate::outbox::{HeldCause, Outbox, OutboxError, Rejected as RejectedRow, Stays};
use crate::setup::Setup;

/// Everything that stays.
#[derive(Debug, Serialize)]
pub struct Held {
    /// `registry-held/1`
    pub schema: &'static str,
    /// Held rows by cause, the one with the most first.
    pub causes: Vec<Cause>,
    /// Records that the register rejects.
    pub rejected: Vec<Rejected>,
}

/// One cause and its rows.
#[derive(Debug, Serialize)]
pub struct Cause {
    /// `treatment`, `answer` or `unit`.
    pub scope: String,
    /// System of the source.
    pub source: String,
    /// Id of the rule.
    pub rule: String,
    /// The field.
    pub field: String,
    /// The local word that means nothing; absent where the rule speaks of no word.
    pub word: Option<String>,
    /// Codes that the word may have been meant for, the likest first.
    pub nearest: Vec<String>,
    /// How many rows.
    pub n: i64,
    /// Begin of the newest cycle that found one, RFC 3339 UTC.
    pub found_at: String,
    /// What is wrong and what to do, Swedish.
    pub sv: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The source's ids of the treatments, the first of them.
    pub treatments: Vec<String>,
    /// Those among them of which the register keeps an accepted version.
    pub standing: Vec<Standing>,
}

/// A held treatment with the version that stands at the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The source's id, or the short record key.
    pub treatment: String,
    /// The version, `generation.counter`.
    pub version: String,
}

/// A record that the register rejects.
#[derive(Debug, Serialize)]
pub struct Rejected {
    /// Id of the rule.
    pub rule: String,
    /// What is wrong and what to do, Swedish.
    pub sv: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The short record key.
    pub key: String,
    /// The source's id of the treatment; absent while no reading has found it.
    pub treatment: Option<String>,
}

/// Lists what stays, with at most so many ids a cause.
///
/// # Errors
/// When the state cannot be read.
pub async fn held(setup: &Setup, most: u32) -> Result<Held, OutboxError> {
    let mut held = Held { schema: "registry-held/1", causes: Vec::new(), rejected: Vec::new() };
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else { return Ok(held) };
    for cause in outbox.held_causes().await? {
        let stays = outbox.held_behind(&cause, (setup.config.agent.region.as_str(), most)).await?;
        held.add(described(cause, stays, setup), most);
    }
    held.causes.sort_by_key(|cause| std::cmp::Reverse(cause.n));
    held.rejected = outbox.rejected_ones().await?.into_iter().map(named).collect();
    Ok(held)
}

impl Held {
    /// Adds a cause; spellings of one word are one cause, under the spelling with the most rows.
    fn add(&mut self, cause: Cause, most: u32) {
        let same = |other: &&mut Cause| {
            let place = |c: &Cause| (c.scope.clone(), c.source.clone(), c.rule.clone(), c.field.clone());
            place(other) == place(&cause) && other.word.as_deref().map(fold) == cause.word.as_deref().map(fold)
        };
        let Some(known) = self.causes.iter_mut().find(same) else { return self.causes.push(cause) };
        known.n += cause.n;
        known.found_at = cause.found_at.max(std::mem::take(&mut known.found_at));
        known.treatments.extend(cause.treatments);
        known.treatments.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        known.standing.extend(cause.standing);
        known.standing.retain(|one| known.treatments.contains(&one.treatment));
    }
}

fn described(cause: HeldCause, stays: Vec<Stays>, setup: &Setup) -> Cause {
    let HeldCause { scope, source, rule, field, word, n, found_at } = cause;
    let (sv, en) = words(&rule);
    let kind = match field.as_str() {
        "programme" => Some(MapKind::Programme),
        "instrument" => Some(MapKind::Instrument),
        "timepoint" => Some(MapKind::Timepoint),
        "status" => Some(MapKind::Status),
        _ => None,
    };
    let proposed = kind.filter(|_| !word.is_empty()).map(|kind| nearest(kind, &word, &setup.lists));
    let nearest = proposed.into_iter().flatten().map(|near| near.code).collect();
    let word = Some(word).filter(|word| !word.is_empty());
    let stands = |one: &Stays| Some(Standing { treatment: one.treatment.clone(), version: one.version.clone()? });
    let standing = stays.iter().filter_map(stands).collect();
    let treatments = stays.into_iter().map(|one| one.treatment).collect();
    Cause { scope, source, rule, field, word, nearest, n, found_at, sv, en, treatments, standing }
}

fn named(RejectedRow { key, rule, treatment }: RejectedRow) -> Rejected {
    let (sv, en) = words(&rule);
    let short = key.parse::<schemas::id::RecordKey>().map_or(key, |key| key.short());
    Rejected { rule, sv, en, key: short, treatment }
}

fn words(rule: &str) -> (&'static str, &'static str) {
    Rule::by_id(rule).map_or(("", ""), |rule| (rule.describe().sv, rule.describe().en))
}
