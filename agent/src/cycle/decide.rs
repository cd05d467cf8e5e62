//! What becomes of an episode, given what was queued of it before: pure.
//!
//! Promises: content that equals its newest queued version is unchanged; a treatment that the register holds and that is ongoing,
//! test, protected or support now, or gone from its source for good, is retracted; one that is held now keeps its version at the register; nothing is queued that the guard
//! has not looked at.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use schemas::batch::Kind;
use schemas::canonical;
use schemas::id::HsaId;
use schemas::record::{Retraction, RetractionReason, Unit};
use schemas::rule::Rule;

use crate::episode::{Episode, Read, State};
use crate::guard;
use crate::map::LocalWords;
use crate::outbox::Known;
use crate::pseudonymise::Keys;
use crate::release::LeftOut;
use crate::vanished::VANISHED;

/// An episode with its decision.
pub struct Decided {
    /// Which one it is.
    pub read: Read,
    /// What is done.
    pub action: Action,
    /// Optional fields that were left out.
    pub warnings: Vec<(Rule, String)>,
    /// Local words of one that stays.
    pub words: LocalWords,
}

/// What is done with an episode.
pub enum Action {
    /// Queue this content.
    Queue {
        /// Treatment or retraction.
        kind: Kind,
        /// Its canonical bytes.
        content: Vec<u8>,
        /// The content's keyed fingerprint.
        fingerprint: [u8; 32],
        /// Why it is taken back: a rule's id, or [`VANISHED`]; empty for a treatment.
        because: &'static str,
    },
    /// Nothing changed.
    Unchanged,
    /// The source has it no more, and its retraction is on its way.
    Gone,
    /// It stays, with rules and fields.
    Hold(Vec<(Rule, String)>),
    /// It does not belong in the register, and is not there or on its way out.
    Exclude(Rule),
}

/// What decisions need besides the episode.
pub struct Facts<'a> {
    /// For fingerprints.
    pub keys: &'a Keys,
    /// Described units; a private caregiver's treatments need theirs.
    pub units: Option<&'a HashMap<HsaId, Unit>>,
    /// Fields that must not go.
    pub left_out: &'a LeftOut,
}

/// Decides on one episode.
#[must_use]
pub fn decide(episode: Episode, known: Option<&Known>, facts: &Facts<'_>) -> Decided {
    let Episode { read, mut words, state } = episode;
    let at_register = known.is_some_and(|known| known.at_register);
    let (action, warnings) = match state {
        State::Held(findings) => (Action::Hold(findings), Vec::new()),
        State::Ready { content, warnings } => {
            let unit = &read.cell.unit;
            let described = facts.units.is_none_or(|units| unit.parse().is_ok_and(|id: HsaId| units.contains_key(&id)));
            let action = if described {
                queue(Kind::Treatment, content, "", (known, facts))
            } else {
                Action::Hold(vec![(Rule::UnitUndescribed, "unit_id".into())])
            };
            if matches!(action, Action::Hold(_)) {
                words = LocalWords::of_unit(unit);
            }
            (action, warnings)
        }
        State::Excluded(rule) => match reason(rule).filter(|_| at_register) {
            Some(reason) => {
                let action = take_back(reason, rule.id(), (known, facts));
                (if matches!(action, Action::Unchanged) { Action::Exclude(rule) } else { action }, Vec::new())
            }
            None => (Action::Exclude(rule), Vec::new()),
        },
        State::Vanished => {
            let action = take_back(RetractionReason::Vanished, VANISHED, (known, facts));
            (if matches!(action, Action::Unchanged) { Action::Gone } else { action }, Vec::new())
        }
    };
    Decided { read, action, warnings, words }
}

fn take_back(reason: RetractionReason, because: &'static str, before: (Option<&Known>, &Facts<'_>)) -> Action {
    queue(Kind::Retraction, canonical::bytes(&Retraction { reason }), because, before)
}

fn queue(kind: Kind, content: Vec<u8>, because: &'static str, (known, facts): (Option<&Known>, &Facts<'_>)) -> Action {
    let content = facts.left_out.strip(kind, content);
    let fingerprint = facts.keys.content_fingerprint(&content);
    if known.is_some_and(|known| known.fingerprint == fingerprint) {
        Action::Unchanged
    } else if let Err(leak) = guard::content(kind, &content) {
        Action::Hold(vec![(Rule::LeakGuard, leak.field.into())])
    } else {
        Action::Queue { kind, content, fingerprint, because }
    }
}

fn reason(rule: Rule) -> Option<RetractionReason> {
    match rule {
        Rule::StatusOngoing => Some(RetractionReason::Reopened),
        Rule::TestPatient => Some(RetractionReason::TestPatient),
        Rule::ProtectedIdentity => Some(RetractionReason::ProtectedIdentity),
        Rule::ProgrammeSupport => Some(RetractionReason::SupportProgramme),
        _ => None,
    }
}
