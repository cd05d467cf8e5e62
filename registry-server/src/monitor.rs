//! What is wrong with the senders, found from what the register knows of them.
//!
//! Promises: whether a sender is late or silent is decided as the report `participation` decides it; a planned silence, and a sender that may not
//! deliver, are no reason to call anybody; for a day after an outage of the register nobody is late who was not late before it; at most one
//! condition of a kind for a sender.
//! Must not know: what was noticed before, who is told.

/// A sender's weeks.
pub mod course;
/// What the mail after a quarter says.
mod letter;
/// When a week's numbers are out of what is expected.
pub mod limits;
/// Messages by mail.
pub mod mail;
/// What the mail about a step of a request says.
mod notice;
/// What a message says.
mod message;
/// The mail to units' readers after each quarter.
mod quarter;
/// Looking, and telling.
pub mod watch;
/// Messages to another program.
pub mod webhook;
/// The mails about steps that were taken with requests.
mod request;
/// What each alarm is called.
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use schemas::contact::SKEW_TOLD_S;
use schemas::id::SenderCode;

use crate::fact::SenderFact;
use crate::report::participation::standing::{Standing, standing};
use crate::store::SenderStatus;
use crate::store::alarm::{AlarmKind, Condition, Contact};
use crate::store::watch::{History, Life};

/// How long a contact counts as right.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// How long after an outage of the register its senders have to come again.
const AFTER_OUTAGE: SignedDuration = SignedDuration::from_hours(24);
/// Within so many days a certificate's end is told.
const CERTIFICATE: [(i64, AlarmKind); 3] =
    [(30, AlarmKind::Certificate30), (7, AlarmKind::Certificate7), (1, AlarmKind::Certificate1)];

/// What is known when somebody looks.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every sender.
    pub senders: Vec<SenderFact>,
    /// Whom to turn to at them.
    pub contacts: Vec<Contact>,
    /// What came from them.
    pub histories: Vec<History>,
    /// Those whose accounting does not add up.
    pub unbalanced: BTreeSet<SenderCode>,
    /// When the register was up.
    pub life: Option<Life>,
}

/// What is wrong now, by sender and kind.
#[must_use]
pub fn conditions(known: &Known, now: Timestamp) -> Vec<Condition> {
    let mut found: BTreeMap<(SenderCode, AlarmKind), Timestamp> = BTreeMap::new();
    for sender in known.senders.iter().filter(|sender| &*sender.status == SenderStatus::Active.word()) {
        let Ok(code) = sender.sender.parse::<SenderCode>() else { continue };
        for contact in known.contacts.iter().filter(|contact| contact.sender == code) {
            let old = contact.confirmed_at.saturating_add(YEAR).unwrap_or(Timestamp::MAX);
            if old <= now {
                let since = found.entry((code.clone(), AlarmKind::ContactUnconfirmed)).or_insert(old);
                *since = old.min(*since);
            }
        }
        let seen = sender.last_seen_at.as_ref().and_then(|seen| seen.parse().ok()).unwrap_or(now);
        let standing = standing(sender, excusing(known.life, now));
        for kind in missed(standing) {
            found.insert((code.clone(), *kind), seen);
        }
        if standing == Standing::Never {
            continue;
        }
        if let Some(history) = known.histories.iter().find(|history| history.sender == code) {
            for kind in delivered(history, standing, now) {
                found.insert((code.clone(), kind), now);
            }
        }
        if known.unbalanced.contains(&code) {
            found.insert((code.clone(), AlarmKind::Accounting), now);
        }
    }
    found.into_iter().map(|((sender, kind), since)| Condition { sender, kind, since }).collect()
}

/// The moment at which senders are judged: for a while after an outage that of its beginning, because nobody could come in it.
fn excusing(life: Option<Life>, now: Timestamp) -> Timestamp {
    let down = life.filter(|life| now.duration_since(life.began_at) < AFTER_OUTAGE).and_then(|life| life.down_at);
    down.map_or(now, |down| down.min(now))
}

/// What a standing means: who is silent stays late, so that the first alarm does not seem to be over.
fn missed(standing: Standing) -> &'static [AlarmKind] {
    match standing {
        Standing::Never | Standing::Paused | Standing::OnTime => &[],
        Standing::Late => &[AlarmKind::Late],
        Standing::Silent => &[AlarmKind::Late, AlarmKind::Silent],
    }
}

/// What is wrong with what came, and with the machine that it came from. Who sends nothing has no drop besides.
fn delivered(history: &History, standing: Standing, now: Timestamp) -> Vec<AlarmKind> {
    let mut wrong = Vec::new();
    let (week, before) = course::volumes(history, now);
    if standing == Standing::OnTime && limits::is_drop(week.added, &before) {
        wrong.push(AlarmKind::VolumeDrop);
    }
    let (week, before) = course::rejects(history, now);
    if limits::is_spike(week, before) {
        wrong.push(AlarmKind::RejectSpike);
    }
    if let Some(heard) = &history.heard {
        let left = heard.certificate_until.duration_since(now);
        let ends = CERTIFICATE.iter().filter(|(days, _)| left <= SignedDuration::from_hours(24 * days));
        wrong.extend(ends.map(|(_, kind)| *kind));
        if heard.skew_s.is_some_and(|skew_s| skew_s.abs() > SKEW_TOLD_S) {
            wrong.push(AlarmKind::Clock);
        }
    }
    if history.agent.as_ref().is_some_and(|agent| is_older(agent, env!("CARGO_PKG_VERSION"))) {
        wrong.push(AlarmKind::OldAgent);
    }
    if history.rules.as_ref().is_some_and(|rules| *rules != schemas::rule::hash()) {
        wrong.push(AlarmKind::OtherRules);
    }
    wrong
}

/// Whether a version is older than another, number by number; one that cannot be read is not.
pub(crate) fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        text.split(['-', '+']).next()?.split('.').map(|number| number.parse().ok()).collect()
    };
    numbers(version).zip(numbers(than)).is_some_and(|(version, than)| version < than)
}

#[cfg(test)]
mod harmful;
#[cfg(test)]
mod tests;
