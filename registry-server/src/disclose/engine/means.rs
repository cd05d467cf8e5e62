//! Means before and after, their spread and the effect size, for cells whose pairs are enough to be shown.
//!
//! Promises: printed so that nothing but two means, two standard deviations and the width of one interval is told of the pairs: the change
//! is that of the printed means, the effect size that of the printed figures, by the register's own definitions; never least, most or
//! commonest; from 10 pairs, effect size and interval where the printed number can only be 20 or more; one decimal, none on scales of 100
//! and more, two for effect sizes. All answers alike are hidden, and so is what would tell of fewer than are shown by subtraction
//! (`hiding`). Source: disclosure, section 9; statistics of the register, section 4.

/// Scores that are registered.
mod measure;
/// Which means are kept back.
mod hiding;
/// Printed cells that together are as much of another as can be.
mod cover;
/// Which are kept back for means of the same scores at other times.
mod siblings;
/// What two sets of which one holds the other tell of the difference.
mod nested;

use serde::{Deserialize, Serialize};

use crate::disclose::PAIRS_FOR_EFFECTS;
use crate::disclose::engine::rounding;
use crate::disclose::engine::table::{Row, Shown};
use crate::indicator::change::Spread;
use crate::indicator::effect_size::{self, Spreads};
pub(super) use hiding::fill;
pub(super) use measure::Measure;
pub use measure::Scored;

/// What stands in a cell of pairs that means were asked of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Averaged {
    /// Kept back.
    Hidden,
    /// Figures.
    Shown(Means),
}

/// The printed figures of a cell, in points of the instrument.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Mean of the first scores.
    pub mean_first: f64,
    /// Standard deviation of the first scores.
    pub sd_first: f64,
    /// Mean of the second scores.
    pub mean_second: f64,
    /// Standard deviation of the second scores.
    pub sd_second: f64,
    /// Second printed mean less the first.
    pub mean_change: f64,
    /// 95 % interval of the mean change; nothing where there may be fewer than 20 pairs.
    pub interval: Option<(f64, f64)>,
    /// Hedges' g of the printed figures, above 0 where persons are better; nothing where there may be fewer than 20 pairs.
    pub hedges_g: Option<f64>,
}

impl Means {
    /// As printed, beside a printed number of pairs; nothing where some scores are all alike.
    fn of(spreads: &Spreads, pairs: u64, measure: &Measure) -> Option<Self> {
        let printed = |value: f64| measure.printed(value);
        let with = |spread: &Spread| Some((printed(spread.mean), printed(spread.sd?)));
        let ((mean_first, sd_first), (mean_second, sd_second)) = (with(&spreads.first)?, with(&spreads.second)?);
        if sd_first <= 0.0 || sd_second <= 0.0 {
            return None;
        }
        let mean_change = printed(mean_second - mean_first);
        let spread = |mean, sd| Spread { n: pairs, mean, sd: Some(sd) };
        let change = Spread { n: pairs, mean: mean_change, sd: spreads.change.sd };
        let told = Spreads { first: spread(mean_first, sd_first), second: spread(mean_second, sd_second), change };
        let improvement = if measure.higher_is_better { mean_change } else { -mean_change };
        let is_enough = rounding::behind(pairs, 0).0 >= PAIRS_FOR_EFFECTS;
        let interval = change.interval().filter(|_| is_enough).map(|(low, high)| (printed(low), printed(high)));
        let hedges = effect_size::effect_sizes(improvement, &told).hedges.filter(|_| is_enough);
        let hedges_g = hedges.map(|g| (g * 100.0).round() / 100.0);
        Some(Self { mean_first, sd_first, mean_second, sd_second, mean_change, interval, hedges_g })
    }
}

/// The printed number of pairs of a row.
fn pairs(row: &Row) -> Option<u64> {
    if let Shown::Count(pairs) = row.shown { Some(pairs) } else { None }
}
