//! The monthly review of the log: a sample that anybody can draw again.
//!
//! Promises: pure. Of the events that show what people read, were refused, were given of persons, or did to sign in, two in a hundred are
//! drawn, ten at the least and a hundred at the most, all where there are fewer. The seed is the month and the root of the first
//! checkpoint over all of it, so nobody can choose the sample, and a log that was altered since gives another one.
//! Must not know: where events are kept, who reads them.

use std::collections::BinaryHeap;

use jiff::civil::Date;
use schemas::audit::Hash;
use schemas::canonical;

use crate::store::trail::Placed;

/// Kinds of events that are drawn from.
pub const SENSITIVE: [&str; 4] = ["read", "denied", "user", "person_extract"];
/// The largest sample.
const MOST: usize = 100;
/// The smallest, where there are so many.
const LEAST: u64 = 10;

/// A sample while it is drawn.
#[derive(Debug)]
pub struct Drawing {
    seed: Hash,
    events: u64,
    /// Those with the smallest hashes so far.
    best: BinaryHeap<Ranked>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// What it was drawn by.
    pub seed: Hash,
    /// Events that it was drawn of.
    pub events: u64,
    /// The events, in the order of the log.
    pub drawn: Vec<Placed>,
}

#[derive(Debug, PartialEq, Eq)]
struct Ranked(Hash, Placed);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1.position).cmp(&(other.0, other.1.position))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// How many of so many events are looked at.
#[must_use]
pub fn size(events: u64) -> u64 {
    events.div_ceil(50).clamp(LEAST, MOST as u64).min(events)
}

/// The month before a day, `YYYY-MM`.
#[must_use]
pub fn month_before(day: Date) -> String {
    let last = day.first_of_month().yesterday().unwrap_or(day);
    last.strftime("%Y-%m").to_string()
}

/// First day of a month and of the one after; nothing when the text is no month.
#[must_use]
pub fn days(month: &str) -> Option<(Date, Date)> {
    let first: Date = format!("{month}-01").parse().ok()?;
    let is_written_so = first.strftime("%Y-%m").to_string() == month;
    is_written_so.then_some((first, first.last_of_month().tomorrow().ok()?))
}

impl Drawing {
    /// Begins with the root of the first checkpoint over the month, `YYYY-MM`.
    #[must_use]
    pub fn new(month: &str, root: &Hash) -> Self {
        let text = format!("registry log review {month} {}", canonical::hex(root));
        Self { seed: canonical::sha256(text.as_bytes()), events: 0, best: BinaryHeap::new() }
    }

    /// Takes one more event of the month into account.
    pub fn offer(&mut self, event: Placed) {
        self.events += 1;
        let rank = canonical::sha256(&[self.seed, event.leaf].concat());
        self.best.push(Ranked(rank, event));
        if self.best.len() > MOST {
            self.best.pop();
        }
    }

    /// The sample.
    #[must_use]
    pub fn drawn(self) -> Sample {
        let wanted = usize::try_from(size(self.events)).unwrap_or(MOST);
        let mut drawn: Vec<Placed> =
            self.best.into_sorted_vec().into_iter().take(wanted).map(|Ranked(_, event)| event).collect();
        drawn.sort_unstable_by_key(|event| event.position);
        Sample { seed: self.seed, events: self.events, drawn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(position: u64) -> Placed {
        Placed { position, leaf: canonical::sha256(&position.to_be_bytes()), event: String::new() }
    }

    fn drawn(month: &str, root: u8, events: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut drawing = Drawing::new(month, &[root; 32]);
        events.for_each(|position| drawing.offer(placed(position)));
        drawing.drawn().drawn.iter().map(|event| event.position).collect()
    }

    #[test]
    fn two_in_a_hundred_are_looked_at_ten_at_least_and_a_hundred_at_most() {
        for (events, expected) in
            [(0, 0), (3, 3), (10, 10), (400, 10), (501, 11), (2_500, 50), (5_000, 100), (90_000, 100)]
        {
            assert_eq!(size(events), expected, "{events}");
        }
    }

    #[test]
    fn the_sample_is_the_same_whoever_draws_it_in_whatever_order_and_another_under_another_root_or_month() {
        let one = drawn("2026-10", 1, 0..3_000);
        assert_eq!((one.len(), one.is_sorted()), (60, true));
        assert_eq!(drawn("2026-10", 1, (0..3_000).rev()), one);
        assert_ne!(drawn("2026-10", 2, 0..3_000), one);
        assert_ne!(drawn("2026-11", 1, 0..3_000), one);
        // Every third of the log has its share.
        for third in 0..3 {
            let inside = one.iter().filter(|position| **position / 1_000 == third).count();
            assert!((8..=32).contains(&inside), "{third}: {inside}");
        }
    }

    #[test]
    fn a_month_has_its_days_and_the_one_before_it() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days("2026-12"), Some((day("2026-12-01"), day("2027-01-01"))));
        for wrong in ["", "2026", "2026-13", "2026-1", "2026-12-01", "x"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
        assert_eq!(month_before(day("2027-01-31")), "2026-12");
    }
}
