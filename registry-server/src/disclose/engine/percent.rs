//! A share as it is shown: from what is shown of both counts, never from what stands behind them.
//!
//! Promises: whoever divides the two printed figures gets it; no more decimals than the denominator carries; never 0 and never 100 of
//! hidden counts. Source: disclosure, section 8.

use serde::{Deserialize, Serialize};

use crate::disclose::engine::table::Shown;

/// A denominator from which one decimal is shown.
const DECIMAL_FROM: u64 = 200;

/// A share, with both counts as printed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Percent {
    /// Those who are counted, rounded.
    pub numerator: u64,
    /// Of whom, rounded.
    pub denominator: u64,
    /// Per cent, rounded.
    pub value: f64,
}

impl Percent {
    /// The share; nothing where one of the two is not shown.
    pub(super) fn of(numerator: Shown, denominator: Shown) -> Option<Self> {
        let (Shown::Count(numerator), Shown::Count(denominator)) = (numerator, denominator) else { return None };
        if denominator == 0 {
            return None;
        }
        let steps = if denominator < DECIMAL_FROM { 1.0 } else { 10.0 };
        let value = (numerator as f64 / denominator as f64 * 100.0 * steps).round() / steps;
        Some(Self { numerator, denominator, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_had_by_dividing_the_printed_counts_and_has_a_decimal_from_200_on() {
        let value = |n, d| Percent::of(Shown::Count(n), Shown::Count(d)).map(|percent| percent.value);
        assert_eq!((value(65, 195), value(65, 200), value(10, 15)), (Some(33.0), Some(32.5), Some(67.0)));
    }

    #[test]
    fn a_share_of_something_hidden_is_not_there() {
        assert_eq!(Percent::of(Shown::Hidden, Shown::Count(20)), None);
        assert_eq!(Percent::of(Shown::Count(20), Shown::Hidden), None);
        assert_eq!(Percent::of(Shown::Zero, Shown::Zero), None);
    }
}
