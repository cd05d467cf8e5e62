//! Limits around a common target, for a fair comparison of regions or units (Spiegelhalter 2005).
//!
//! Meaning: outside the limits a point differs from the target by more than chance explains. Formulas: share, target ±
//! z sqrt(t(1-t)/n) clipped to 0..1, and exact binomial; mean, target ± z SD / sqrt(n). z for 95 % and 99.8 %.
//! Denominator: what the point itself counts. No ranking follows from a point's place.

use std::fmt;

use schemas::language::Text;

use super::definition::Definition;
use super::distribution::{Z975, Z999, binomial_limit};

/// A smaller difference is rounding: where all changes are equal decimals, the means of some and of all differ in the last digit.
const ROUNDING: f64 = 1e-12;

/// What the normal limits mean.
pub const LIMITS: Definition = Definition {
    name: "lo95, hi95, lo998, hi998",
    meaning: Text::fixed(
        "Gränser runt det gemensamma målvärdet: utanför dem skiljer sig punkten mer än slumpen förklarar. Ingen rangordning följer.",
        "Limits around the common target: outside them the point differs by more than chance explains. No ranking follows.",
    ),
    formula: "share: target ± z sqrt(t(1-t)/n), clipped to 0..1; mean: target ± z x SD of all changes / sqrt(n); z = Φ⁻¹(0.975), Φ⁻¹(0.999)",
    population: Text::fixed("det som punkten själv räknar", "what the point itself counts"),
    source: "Spiegelhalter 2005",
    given: Text::fixed("målvärde 50 %, 100 räknade", "target 50 %, 100 counted"),
    gives: &[("lo95", Some(0.402_001_800_772_997_3)), ("hi998", Some(0.654_511_615_308_390_7))],
    compute: || {
        let limits = Limits::of_share(0.5, 100);
        vec![Some(limits.lo95), Some(limits.hi998)]
    },
};

/// What the exact limits mean.
pub const EXACT: Definition = Definition {
    name: "exact_lo95, exact_hi95, exact_lo998, exact_hi998",
    meaning: Text::fixed(
        "Exakta binomialgränser, interpolerade, för andelar som räknar få.",
        "Exact binomial limits, interpolated, for shares that count few.",
    ),
    formula: "r the smallest whole number with F(r) >= p; limit = (r - (F(r) - p) / f(r)) / n, clipped to 0..1; p = .025, .975, .001, .999",
    population: Text::fixed("det som punkten själv räknar", "what the point itself counts"),
    source: "Spiegelhalter 2005",
    given: Text::fixed("målvärde 50 %, 20 räknade", "target 50 %, 20 counted"),
    gives: &[
        ("exact_lo95", Some(0.255_823_529_411_764_7)),
        ("exact_hi95", Some(0.694_176_470_588_235_3)),
        ("exact_lo998", Some(0.136_735_789_473_684_2)),
        ("exact_hi998", Some(0.813_264_210_526_315_8)),
    ],
    compute: || {
        let limits = Limits::exact(0.5, 20);
        vec![Some(limits.lo95), Some(limits.hi95), Some(limits.lo998), Some(limits.hi998)]
    },
};

/// Four limits, from the lowest of 99.8 % over both of 95 % in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Lower 95 % limit.
    pub lo95: f64,
    /// Upper 95 % limit.
    pub hi95: f64,
    /// Lower 99.8 % limit.
    pub lo998: f64,
    /// Upper 99.8 % limit.
    pub hi998: f64,
}

/// Where a value lies, by the normal limits; the outer ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Between the 95 % limits, or on one.
    In,
    /// Below the lower 95 % limit.
    Low95,
    /// Above the upper 95 % limit.
    High95,
    /// Below the lower 99.8 % limit.
    Low998,
    /// Above the upper 99.8 % limit.
    High998,
}

impl Limits {
    /// Normal limits of a share with `n` counted.
    #[must_use]
    pub fn of_share(target: f64, n: u64) -> Self {
        let width = (target * (1.0 - target) / n as f64).sqrt();
        Self::around(target, width).clipped()
    }

    /// Exact binomial limits of a share with `n` counted.
    #[must_use]
    pub fn exact(target: f64, n: u64) -> Self {
        let limit = |p| binomial_limit(n, target, p);
        Self { lo95: limit(0.025), hi95: limit(0.975), lo998: limit(0.001), hi998: limit(0.999) }
    }

    /// Normal limits of a mean of `n` values, with the standard deviation of all values.
    #[must_use]
    pub fn of_mean(target: f64, sd: f64, n: u64) -> Self {
        Self::around(target, sd / (n as f64).sqrt())
    }

    /// Where a value lies.
    #[must_use]
    pub fn flag(&self, value: f64) -> Flag {
        let below = |limit: f64| limit - value > ROUNDING * limit.abs().max(1.0);
        let above = |limit: f64| value - limit > ROUNDING * limit.abs().max(1.0);
        if below(self.lo998) {
            Flag::Low998
        } else if above(self.hi998) {
            Flag::High998
        } else if below(self.lo95) {
            Flag::Low95
        } else if above(self.hi95) {
            Flag::High95
        } else {
            Flag::In
        }
    }

    fn around(target: f64, width: f64) -> Self {
        Self {
            lo95: target - Z975 * width,
            hi95: target + Z975 * width,
            lo998: target - Z999 * width,
            hi998: target + Z999 * width,
        }
    }

    fn clipped(self) -> Self {
        Self {
            lo95: self.lo95.clamp(0.0, 1.0),
            hi95: self.hi95.clamp(0.0, 1.0),
            lo998: self.lo998.clamp(0.0, 1.0),
            hi998: self.hi998.clamp(0.0, 1.0),
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In => "in",
            Self::Low95 => "low95",
            Self::High95 => "high95",
            Self::Low998 => "low998",
            Self::High998 => "high998",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_half_of_a_hundred() {
        let limits = Limits::of_share(0.5, 100);
        assert!((limits.lo95 - 0.402_001_800_772_997_3).abs() < 1e-12);
        assert!((limits.hi998 - 0.654_511_615_308_390_7).abs() < 1e-12);
        let flags = [0.3, 0.36, 0.402_001, 0.5, 0.597, 0.65, 0.66].map(|value| limits.flag(value).to_string());
        assert_eq!(flags, ["low998", "low95", "low95", "in", "in", "high95", "high998"].map(String::from));
    }

    #[test]
    fn limits_of_a_share_are_clipped_and_those_of_a_mean_are_not() {
        assert!(Limits::of_share(0.02, 4).lo998.abs() < f64::MIN_POSITIVE);
        assert!(Limits::of_mean(0.02, 1.0, 4).lo998 < 0.0);
        assert_eq!(Limits::of_mean(-3.0, 0.0, 4), Limits { lo95: -3.0, hi95: -3.0, lo998: -3.0, hi998: -3.0 });
    }

    #[test]
    fn a_value_on_a_limit_is_inside() {
        let limits = Limits::of_mean(-0.1, 0.0, 9);
        assert_eq!([-0.1, -0.1 - f64::EPSILON, -0.1 + f64::EPSILON].map(|value| limits.flag(value)), [Flag::In; 3]);
        assert_eq!((limits.flag(-0.1001), limits.flag(-0.0999)), (Flag::Low998, Flag::High998));
    }
}
