//! Waiting from the referral to the start of the treatment, in days.
//!
//! Meaning: how long people waited. Formula: start - referral in whole days; shares of waits of at most 30, 90, 42 and 126 days, the
//! limits included. Population: treatments with both dates; one that began before its referral is no wait and is counted apart.
//! Sources: 30 and 90 days as in Swedish waiting time statistics, 42 and 126 days (6 and 18 weeks) as in NHS Talking Therapies.
use std::collections::BTreeMap;

use schemas::language::Text;

use super::definition::Definition;
use super::quantile::quantile;
use super::share::Share;

/// What waiting means.
pub const WAITING: Definition = Definition {
    name: "wait_median, wait_p90, within_",
    meaning: Text::fixed(
        "Väntan i hela dagar från remiss eller egen anmälan till start: median, nionde decil och andel inom en gräns.",
        "The wait in whole days from referral or own request to the start: median, ninth decile and the share within a limit.",
    ),
    formula: "start - referral; quantiles of type 7: at the place h = (n - 1) p among the values in ascending order, between its neighbours",
    population: Text::fixed(
        "behandlingar med båda datum; de som började före remissen räknas för sig",
        "treatments with both dates; those that began before their referral are counted apart",
    ),
    source: "Hyndman and Fan 1996; 30 and 90 days: Swedish waiting times; 42 and 126 days: NHS Talking Therapies",
    given: Text::fixed(
        "väntan 0, 30, 31 och 127 dagar, en start före remissen och en utan remissdatum",
        "waits of 0, 30, 31 and 127 days, one start before its referral and one without a referral",
    ),
    gives: &[("wait_median", Some(30.5)), ("wait_p90", Some(98.2)), ("within_30_p", Some(0.5))],
    compute: || {
        let mut waits = Waits::default();
        for days in [Some(0), Some(30), Some(31), Some(127), Some(-1), None] {
            waits.count(days);
        }
        vec![waits.median(), waits.p90(), waits.within(30).p()]
    },
};

/// The limits that shares are given for, in days, in the order of the columns.
pub const LIMITS: [u32; 4] = [30, 90, 42, 126];

/// The waits of some treatments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// Days and how many waited so long.
    pub days: BTreeMap<u32, u64>,
    /// Treatments without a date of referral.
    pub missing: u64,
    /// Treatments that began before their referral.
    pub negative: u64,
}

impl Waits {
    /// Takes in one treatment: days from referral to start, nothing without a referral.
    pub fn count(&mut self, days: Option<i32>) {
        match days.map(u32::try_from) {
            None => self.missing += 1,
            Some(Err(_)) => self.negative += 1,
            Some(Ok(days)) => *self.days.entry(days).or_default() += 1,
        }
    }

    /// Treatments that waited.
    #[must_use]
    pub fn waited(&self) -> u64 {
        self.days.values().sum()
    }

    /// The wait that half of them stayed at or below.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        quantile(&self.days, 0.5)
    }

    /// The wait that nine of ten stayed at or below.
    #[must_use]
    pub fn p90(&self) -> Option<f64> {
        quantile(&self.days, 0.9)
    }

    /// The share that waited at most so many days.
    #[must_use]
    pub fn within(&self, limit: u32) -> Share {
        Share { n: self.days.range(..=limit).map(|(_, count)| count).sum(), d: self.waited() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_six_treatments_of_which_four_waited() {
        let mut waits = Waits::default();
        for days in [Some(0), Some(30), Some(31), Some(127), Some(-1), None] {
            waits.count(days);
        }
        assert_eq!((waits.waited(), waits.missing, waits.negative), (4, 1, 1));
        assert_eq!(waits.median(), Some(30.5));
        assert!(waits.p90().is_some_and(|days| (days - 98.2).abs() < 1e-12), "seven tenths of the way from 31 to 127");
        assert_eq!(LIMITS.map(|limit| waits.within(limit).n), [2, 3, 3, 3]);
        assert_eq!(waits.within(30), Share { n: 2, d: 4 });
    }
}
