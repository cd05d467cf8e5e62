//! What is wrong with the senders, found from what the register knows of them.
//!
//! Promises: whether a sender is late or silent is decided as the report `participation` decides it; a planned silence, and a sender that may not
//! deliver, are no reason to call anybody; at most one condition of a kind for a sender.
//! Must not know: what was noticed before, who is told.

/// Messages by mail.
pub mod mail;
/// What a message says.
mod message;
/// Looking, and telling.
pub mod watch;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemas::id::SenderCode;

use crate::fact::SenderFact;
use crate::report::participation::standing::{Standing, standing};
use crate::store::SenderStatus;
use crate::store::alarm::{AlarmKind, Condition, Contact};

/// How long a contact counts as right.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What is wrong now, by sender and kind.
#[must_use]
pub fn conditions(senders: &[SenderFact], contacts: &[Contact], now: Timestamp) -> Vec<Condition> {
    let mut found: BTreeMap<(SenderCode, AlarmKind), Timestamp> = BTreeMap::new();
    for sender in senders.iter().filter(|sender| &*sender.status == SenderStatus::Active.word()) {
        let Ok(code) = sender.sender.parse::<SenderCode>() else { continue };
        for contact in contacts.iter().filter(|contact| contact.sender == code) {
            let old = contact.confirmed_at.saturating_add(YEAR).unwrap_or(Timestamp::MAX);
            if old <= now {
                let since = found.entry((code.clone(), AlarmKind::ContactUnconfirmed)).or_insert(old);
                *since = old.min(*since);
            }
        }
        let seen = sender.last_seen_at.as_ref().and_then(|seen| seen.parse().ok()).unwrap_or(now);
        for kind in missed(standing(sender, now)) {
            found.insert((code.clone(), *kind), seen);
        }
    }
    found.into_iter().map(|((sender, kind), since)| Condition { sender, kind, since }).collect()
}

/// What a standing means: who is silent stays late, so that the first alarm does not seem to be over.
fn missed(standing: Standing) -> &'static [AlarmKind] {
    match standing {
        Standing::Never | Standing::Paused | Standing::OnTime => &[],
        Standing::Late => &[AlarmKind::Late],
        Standing::Silent => &[AlarmKind::Late, AlarmKind::Silent],
    }
}

#[cfg(test)]
mod tests;
