//! The measures: each with its meaning, formula, denominator and a worked example that runs as a test.
//!
//! Promises: pure functions of scores and constants; an undefined figure is `None`, a true zero is zero; differences are held against
//! inclusive limits with an allowance of 1e-9, because scales with decimals do not subtract exactly.
//! Must not know: groups, periods, reports, the store. The source of every rule stands in its definition.

/// Cases before and after.
pub mod caseness;
/// Means, standard deviations and the interval of the mean change.
pub mod change;
/// What a field holds.
pub mod completeness;
/// Depression and anxiety judged together.
pub mod composite;
/// Limits of a fair comparison around a common target.
pub mod control_limits;
/// How much of what was treated stands in the register.
pub mod coverage;
/// Quantiles that the limits stand on.
pub mod distribution;
/// How far apart units or regions lie.
pub mod decile;
/// What every figure means, for the definitions page and the code book.
pub mod definition;
/// What two senders may both have delivered.
pub mod duplicates;
/// Standardised mean improvements.
pub mod effect_size;
/// Improvement beyond measurement error, by Jacobson and Truax.
pub mod jacobson_truax;
/// How far treatments came.
pub mod flow;
/// From one count to a later one.
pub mod growth;
/// The value that a share of all lie at or below.
pub mod quantile;
/// Every measure's verdict on every distinct pair, once.
pub mod judged;
/// Treatments per inhabitants.
pub mod rate;
/// From case to no case.
pub mod recovery;
/// Improvement beyond measurement error, by the instrument's constant.
pub mod reliable_change;
/// Scores in the healthy range afterwards.
pub mod remission;
/// Improvement by a share of the burden.
pub mod response;
/// A share with its Wilson limits.
pub mod share;
/// The extent of sick leave before and after.
pub mod sick_leave;
/// Means at a timepoint.
pub mod trajectory;
/// Days from referral to start.
pub mod waiting;

use schemas::codelist::Instrument;
use schemas::language::Text;

use share::Share;

/// Every measure that is a share of pairs, in the order of the columns.
pub const ALL: [&Measure; 12] = [
    &response::RESPONSE,
    &response::RESPONSE_RAW,
    &remission::REMISSION,
    &remission::REMISSION_SICK,
    &reliable_change::IMPROVED,
    &reliable_change::DETERIORATED,
    &caseness::BEFORE,
    &caseness::AFTER,
    &recovery::RECOVERY,
    &recovery::RELIABLE_RECOVERY,
    &jacobson_truax::IMPROVED,
    &jacobson_truax::DETERIORATED,
];

/// What inclusive limits on differences allow for.
pub const ALLOWANCE: f64 = 1e-9;

/// A share of pairs: who is counted, among whom.
#[derive(Debug)]
pub struct Measure {
    /// The column's name.
    pub name: &'static str,
    /// What it tells, in one sentence.
    pub meaning: Text,
    /// Who is counted.
    pub formula: &'static str,
    /// Among whom.
    pub denominator: Text,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Whether the instrument has the constants that the measure needs; without them the figure is empty.
    pub applies: fn(&Scale) -> bool,
    /// `None` outside the denominator, otherwise whether the pair counts.
    pub judge: fn(&Scale, Scores) -> Option<bool>,
    /// Shown on the definitions page and run as a test.
    pub example: Example,
}

/// A worked example: these pairs on this scale give `n` of `d`.
#[derive(Debug)]
pub struct Example {
    /// The constants.
    pub scale: Scale,
    /// First and second scores.
    pub pairs: &'static [(f64, f64)],
    /// Counted.
    pub n: u64,
    /// Among.
    pub d: u64,
}

/// What the measures need to know of an instrument. Constants are in points; absent where there is no agreed one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Lowest possible total.
    pub lowest: f64,
    /// Whether a higher total is better.
    pub higher_is_better: bool,
    /// A case from here on.
    pub caseness_from: Option<f64>,
    /// Remission up to here.
    pub remission_to: Option<f64>,
    /// Smallest change beyond measurement error.
    pub reliable_change: Option<f64>,
    /// Reliability, 0 to 1.
    pub reliability: Option<f64>,
    /// Share of the burden that must be gone for a response.
    pub response_share: f64,
    /// Jacobson and Truax's limit in the population of the report.
    pub jacobson_truax: Option<f64>,
}

/// First and second score of one treatment, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// The first member of the comparison.
    pub first: f64,
    /// The second member.
    pub second: f64,
}

/// Equal scores and how many treatments have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The two scores.
    pub scores: Scores,
    /// Treatments with these scores.
    pub count: u64,
    /// Of these, completed.
    pub completed: u64,
}

impl Scale {
    /// The constants of an instrument under a threshold set's share for response.
    #[must_use]
    pub fn new(instrument: &Instrument, response_share: f64) -> Self {
        Self {
            lowest: instrument.lowest,
            higher_is_better: instrument.higher_is_better,
            caseness_from: instrument.caseness_from,
            remission_to: instrument.remission_to,
            reliable_change: instrument.reliable_change,
            reliability: instrument.reliability,
            response_share,
            jacobson_truax: None,
        }
    }

    /// Points of change for the better; negative for the worse.
    #[must_use]
    pub fn improvement(&self, scores: Scores) -> f64 {
        if self.higher_is_better { scores.second - scores.first } else { scores.first - scores.second }
    }

    /// Whether a score is a case; `None` where the instrument has no cut-off.
    #[must_use]
    pub fn is_case(&self, score: f64) -> Option<bool> {
        self.caseness_from.map(|from| score >= from)
    }
}

impl Measure {
    /// The share among the pairs; `None` where the instrument lacks what the measure needs.
    #[must_use]
    pub fn share(&self, scale: &Scale, pairs: &[Pair]) -> Option<Share> {
        if !(self.applies)(scale) {
            return None;
        }
        let mut share = Share { n: 0, d: 0 };
        for pair in pairs {
            if let Some(counts) = (self.judge)(scale, pair.scores) {
                share.d += pair.count;
                share.n += if counts { pair.count } else { 0 };
            }
        }
        Some(share)
    }
}

/// PHQ-9 in the threshold set `siber-2026`, the scale of the worked examples.
pub(crate) const PHQ9: Scale = Scale {
    lowest: 0.0,
    higher_is_better: false,
    caseness_from: Some(10.0),
    remission_to: Some(4.0),
    reliable_change: Some(6.0),
    reliability: Some(0.89),
    response_share: 0.5,
    jacobson_truax: None,
};

#[cfg(test)]
mod tests {
    use schemas::codelist::CodeLists;

    use super::*;

    fn pairs(list: &[(f64, f64)]) -> Vec<Pair> {
        list.iter().map(|&(first, second)| Pair { scores: Scores { first, second }, count: 1, completed: 1 }).collect()
    }

    #[test]
    fn every_worked_example_gives_its_share() {
        for measure in ALL {
            let Example { scale, pairs: list, n, d } = &measure.example;
            assert_eq!(measure.share(scale, &pairs(list)), Some(Share { n: *n, d: *d }), "{}", measure.name);
            assert!(*n > 0 && n < d, "{}: an example shows both outcomes", measure.name);
        }
    }

    #[test]
    fn the_example_scale_is_the_built_in_instrument() {
        let lists = CodeLists::builtin();
        assert_eq!(Scale::new(lists.instrument("PHQ-9").unwrap(), 0.5), PHQ9);
    }

    #[test]
    fn a_measure_without_its_constants_is_undefined_not_zero() {
        let bare = Scale {
            caseness_from: None,
            remission_to: None,
            reliable_change: None,
            reliability: None,
            higher_is_better: true,
            ..PHQ9
        };
        for measure in ALL {
            assert_eq!(measure.share(&bare, &pairs(&[(1.0, 2.0)])), None, "{}", measure.name);
        }
    }

    #[test]
    fn scales_with_decimals_reach_an_inclusive_limit() {
        let scale = Scale { reliable_change: Some(0.1), lowest: 0.0, ..PHQ9 };
        let tenth = pairs(&[(0.3, 0.2)]);
        assert!(scale.improvement(tenth[0].scores) < 0.1, "the double falls short of the limit");
        assert_eq!(reliable_change::IMPROVED.share(&scale, &tenth), Some(Share { n: 1, d: 1 }));
    }
}
