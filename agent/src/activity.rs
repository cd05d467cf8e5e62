//! Monthly counts of started, ended and ongoing treatments: the denominators of coverage and of the usage statistics
//! (agent/README.md, "The columns").
//!
//! Promises: numbers, never persons, and of what is counted here neither sex nor age, which a source may tell in a query of its own; the
//! same source gives the same counts whenever and in whatever order it is read: they end with the
//! month of the newest day that was read, not with today's; a count that is as it was told is not told again, and one that is gone is
//! told as zeros.
//! Must not know: rows, the outbox, or how anything is sent.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use schemas::batch::Kind;
use schemas::canonical;
use schemas::record::{Activity, UNKNOWN};

use crate::guard;
use crate::map::{Cell, Course, End, Month};

/// Counts as they are added up.
#[derive(Debug, Default)]
pub struct Tally {
    /// By unit, then programme.
    counted: HashMap<String, HashMap<String, BTreeMap<Month, Events>>>,
    /// What sources count themselves, by key.
    given: BTreeMap<String, Activity>,
    newest: Option<Month>,
}

/// What happened in one month.
#[derive(Debug, Clone, Copy, Default)]
struct Events {
    started: u64,
    ended: u64,
    /// Treatments that went on over the end of the month in which they began.
    opened: u64,
    /// Those of them that ended.
    closed: u64,
}

/// A count that the register does not know as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its key.
    pub key: String,
    /// Its canonical content.
    pub content: Vec<u8>,
    /// The content's fingerprint.
    pub fingerprint: [u8; 32],
}

/// What was told before.
#[derive(Debug, Default)]
pub struct Told {
    /// The fingerprint of each count's newest content, by key.
    pub fingerprints: BTreeMap<String, Vec<u8>>,
    /// The newest month that has left a source's window, `YYYY-MM`: counts up to it stay as they were told.
    pub left_until: Option<String>,
}

impl Tally {
    /// Adds one treatment. One whose unit or programme cannot be read is in the accounting lines only.
    pub fn add(&mut self, cell: &Cell, course: Course) {
        let end = if let End::In(month) = course.end { Some(month) } else { None };
        self.newest = self.newest.max(course.started).max(end);
        let is_dated = course.started.is_some() || end.is_some();
        if !is_dated || cell.unit == UNKNOWN || cell.programme == UNKNOWN {
            return;
        }
        let programmes = entry(&mut self.counted, &cell.unit);
        let months = entry(programmes, &cell.programme);
        if let Some(start) = course.started {
            let month = months.entry(start).or_default();
            month.started += 1;
            let goes_on = course.end == End::Ongoing || end.is_some_and(|end| end > start);
            month.opened += u64::from(goes_on);
        }
        if let Some(end) = end {
            let month = months.entry(end).or_default();
            month.ended += 1;
            month.closed += u64::from(course.started.is_some_and(|start| start < end));
        }
    }

    /// Adds what a source counts itself.
    pub fn add_given(&mut self, given: Activity) {
        let Activity { started, ended, ongoing, .. } = given;
        let key = given.key();
        if let Some(known) = self.given.get_mut(&key) {
            known.started += started;
            known.ended += ended;
            known.ongoing += ongoing;
        } else {
            self.given.insert(key, given);
        }
    }

    /// The counts by key, without those that are all zero.
    #[must_use]
    pub fn counts(self) -> BTreeMap<String, Activity> {
        let Self { counted, given, newest } = self;
        let mut all = Self { given, ..Self::default() };
        for (unit, programmes) in counted {
            for (programme, months) in programmes {
                for (month, started, ended, ongoing) in over_time(&months, newest) {
                    let (unit, programme, month) = (unit.clone(), programme.clone(), month.text());
                    let (sex, age_group) = (None, None);
                    all.add_given(Activity { month, unit, programme, sex, age_group, started, ended, ongoing });
                }
            }
        }
        let mut counts = all.given;
        counts.retain(|key, count| {
            let Activity { started, ended, ongoing, .. } = *count;
            let is_clean = guard::content(Kind::Activity, &canonical::bytes(count)).is_ok();
            started + ended + ongoing > 0
                && is_clean
                && guard::looks(key.split('|').nth(1).unwrap_or_default()).is_none()
        });
        counts
    }
}

/// The months from the first in which something happened to `newest` in which something is to be told.
fn over_time(months: &BTreeMap<Month, Events>, newest: Option<Month>) -> Vec<(Month, u64, u64, u64)> {
    let (Some((first, _)), Some(last)) = (months.first_key_value(), newest) else { return Vec::new() };
    let (mut month, mut ongoing, mut told) = (*first, 0, Vec::new());
    while month <= last {
        let Events { started, ended, opened, closed } = months.get(&month).copied().unwrap_or_default();
        // Whatever closes in a month has opened in an earlier one.
        ongoing = ongoing + opened - closed;
        if started + ended + ongoing > 0 {
            told.push((month, started, ended, ongoing));
        }
        month = month.next();
    }
    told
}

/// The counts that the register does not know as they stand, in the order of their keys. Where nothing at all is counted nothing is
/// taken back: an empty source never empties the register.
#[must_use]
pub fn changed(
    counts: &BTreeMap<String, Activity>,
    told: &Told,
    content: impl Fn(&Activity) -> (Vec<u8>, [u8; 32]),
) -> Vec<Changed> {
    if counts.is_empty() {
        return Vec::new();
    }
    let gone = told.fingerprints.keys().filter(|key| !counts.contains_key(*key));
    let emptied: BTreeMap<&String, Activity> = gone.filter_map(|key| Some((key, Activity::emptied(key)?))).collect();
    let all: BTreeMap<&String, &Activity> =
        counts.iter().chain(emptied.iter().map(|(key, count)| (*key, count))).collect();
    let stays = |count: &Activity| told.left_until.as_ref().is_some_and(|last| count.month <= *last);
    let all = all.into_iter().filter(|(_, count)| !stays(count)).map(|(key, count)| {
        let (content, fingerprint) = content(count);
        Changed { key: key.clone(), content, fingerprint }
    });
    all.filter(|one| told.fingerprints.get(&one.key).is_none_or(|known| *known != one.fingerprint)).collect()
}

/// The place of a text, made where there is none yet.
fn entry<'a, T: Default>(places: &'a mut HashMap<String, T>, text: &str) -> &'a mut T {
    if !places.contains_key(text) {
        places.insert(text.to_owned(), T::default());
    }
    places.entry(text.to_owned()).or_default()
}
