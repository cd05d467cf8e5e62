//! When a week's numbers are out of what a sender's own weeks before it let expect.
//!
//! Promises: pure; exact tails of the Poisson and the binomial distribution, no normal approximation. A rule asks for two things: that
//! chance alone would give it less than once in a thousand weeks, and that it is large enough to matter.
//! Must not know: senders, calendars.

use statrs::distribution::{Binomial, DiscreteCDF as _, Poisson};

/// What chance alone may give: once in so many weeks.
const RARE: f64 = 0.001;
/// Weeks that a week is compared with.
pub const WEEKS: usize = 8;
/// Records from which a share of its own is known of a sender.
const KNOWN: u64 = 100;
/// The share of rejected records that is expected of one of which none is known.
const USUAL: f64 = 0.01;
/// Fewer rejected records are nobody's alarm.
const FEWEST: u64 = 10;

/// Whether so few new treatments in a week are a drop: fewer than half of the median of the weeks before, and at most as many as a Poisson
/// variable of that mean is in one of a thousand weeks. Fewer weeks than [`WEEKS`] tell nothing.
#[must_use]
pub fn is_drop(week: u64, before: &[u64]) -> bool {
    let Some(median) = median(before).filter(|median| *median > 0.0) else { return false };
    let Ok(expected) = Poisson::new(median) else { return false };
    (week as f64) < median / 2.0 && expected.cdf(week) < RARE
}

/// Whether so many rejected records among those of a week are a spike: ten or more, more than twice the share of the weeks before, and at
/// least as many as a binomial variable of that share is in one of a thousand weeks. The share before is never taken as less than one in
/// a hundred, and as that of a sender of which fewer than 100 records are known.
#[must_use]
pub fn is_spike((rejected, records): (u64, u64), (rejected_before, records_before): (u64, u64)) -> bool {
    if rejected < FEWEST || records == 0 {
        return false;
    }
    let known = (records_before >= KNOWN).then(|| rejected_before as f64 / records_before as f64);
    let share = known.unwrap_or(USUAL).clamp(USUAL, 1.0);
    let Ok(expected) = Binomial::new(share, records) else { return false };
    let larger = rejected as f64 > 2.0 * share * records as f64;
    larger && expected.sf(rejected - 1) < RARE
}

fn median(before: &[u64]) -> Option<f64> {
    let weeks: &[u64; WEEKS] = before.try_into().ok()?;
    let mut sorted = *weeks;
    sorted.sort_unstable();
    Some((sorted[WEEKS / 2 - 1] + sorted[WEEKS / 2]) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_a_drop_below_half_and_below_what_chance_gives() {
        // Poisson: P(X = 0 | 6) = 0.00248, P(X = 0 | 7) = 0.00091; P(X <= 5 | 16) = 0.00138, P(X <= 4 | 16) = 0.00040.
        for (week, usual, expected) in [
            (0, 1, false),
            (0, 6, false),
            (0, 7, true),
            (5, 16, false),
            (4, 16, true),
            (49, 100, true),
            (50, 100, false),
            (500, 1_000, false),
            (499, 1_000, true),
            (0, 0, false),
        ] {
            assert_eq!(is_drop(week, &[usual; WEEKS]), expected, "{week} of {usual}");
        }
        // One week in which everything was read anew is no measure, and a short history is none.
        assert!(!is_drop(10, &[5_000, 12, 9, 11, 10, 8, 12, 11]));
        assert!(is_drop(1, &[5_000, 12, 19, 21, 20, 18, 22, 21]));
        assert!(!is_drop(0, &[100; WEEKS - 1]));
    }

    #[test]
    fn a_share_is_a_spike_above_twice_the_usual_and_above_what_chance_gives() {
        for (week, before, expected) in [
            ((9, 100), (0, 10_000), false),
            ((10, 10_000), (0, 10_000), false),
            ((10, 100), (0, 10_000), true),
            ((10, 100), (5, 99), true),
            ((10, 100), (5, 100), false),
            ((15, 100), (6, 100), true),
            ((14, 100), (6, 100), false),
            ((200, 1_000), (150, 1_000), false),
            ((100, 100), (100, 100), false),
            ((0, 0), (0, 0), false),
        ] {
            assert_eq!(is_spike(week, before), expected, "{week:?} after {before:?}");
        }
    }
}
