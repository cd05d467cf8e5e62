//! The shares that an instrument can have over pairs of scores.
//!
//! Promises: a share that the instrument's constants do not define is `None`; inclusive limits on differences allow
//! 1e-9 for scales with decimals, limits on scores do not. It must not know groups or comparisons.

use crate::input::Instrument;
use crate::share::Share;

/// How far a difference may fall short of an inclusive limit.
const ALLOWANCE: f64 = 1e-9;
/// The part of the way to the lowest score that is a response.
const RESPONSE_SHARE: f64 = 0.5;

/// A first and a second score of one treatment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) first: f64,
    pub(crate) second: f64,
    /// Whether the treatment was completed.
    pub(crate) completed: bool,
}

/// A share over pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Response,
    ResponseRaw,
    Remission,
    RemissionSick,
    RelImproved,
    RelDeteriorated,
    CasePre,
    CasePost,
    Recovery,
    RelRecovery,
}

impl Measure {
    /// All shares, in the order of the report.
    pub(crate) const ALL: [Self; 10] = [
        Self::Response,
        Self::ResponseRaw,
        Self::Remission,
        Self::RemissionSick,
        Self::RelImproved,
        Self::RelDeteriorated,
        Self::CasePre,
        Self::CasePost,
        Self::Recovery,
        Self::RelRecovery,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::ResponseRaw => "response_raw",
            Self::Remission => "remission",
            Self::RemissionSick => "remission_sick",
            Self::RelImproved => "rel_improved",
            Self::RelDeteriorated => "rel_deteriorated",
            Self::CasePre => "case_pre",
            Self::CasePost => "case_post",
            Self::Recovery => "recovery",
            Self::RelRecovery => "rel_recovery",
        }
    }

    /// The share over some pairs of one instrument.
    pub(crate) fn share(self, instrument: &Instrument, pairs: &[Pair]) -> Option<Share> {
        let everyone = |_: &Pair| true;
        let improvement = |pair: &Pair| improvement(instrument, pair);
        match self {
            Self::Response | Self::ResponseRaw if instrument.higher_is_better => None,
            Self::Response => {
                let room = |pair: &Pair| pair.first - instrument.lowest;
                let responds = |pair: &Pair| improvement(pair) >= RESPONSE_SHARE * room(pair) - ALLOWANCE;
                Some(Share::among(pairs, |pair| room(pair) > 0.0, responds))
            }
            Self::ResponseRaw => {
                let responds = |pair: &Pair| improvement(pair) >= 0.5 * pair.first - ALLOWANCE;
                Some(Share::among(pairs, |pair| pair.first > 0.0, responds))
            }
            Self::Remission => {
                let to = instrument.remission_to?;
                Some(Share::among(pairs, everyone, |pair| pair.second <= to))
            }
            Self::RemissionSick => {
                let to = instrument.remission_to?;
                Some(Share::among(pairs, |pair| pair.first > to, |pair| pair.second <= to))
            }
            Self::RelImproved => {
                let limit = instrument.reliable_change?;
                Some(Share::among(pairs, everyone, |pair| improvement(pair) >= limit - ALLOWANCE))
            }
            Self::RelDeteriorated => {
                let limit = instrument.reliable_change?;
                Some(Share::among(pairs, everyone, |pair| improvement(pair) <= ALLOWANCE - limit))
            }
            Self::CasePre | Self::CasePost | Self::Recovery | Self::RelRecovery => self.of_cases(instrument, pairs),
        }
    }

    fn of_cases(self, instrument: &Instrument, pairs: &[Pair]) -> Option<Share> {
        let from = instrument.caseness_from?;
        let first = |pair: &Pair| pair.first >= from;
        let second = |pair: &Pair| pair.second >= from;
        match self {
            Self::CasePre => Some(Share::among(pairs, |_| true, first)),
            Self::CasePost => Some(Share::among(pairs, |_| true, second)),
            Self::Recovery => Some(Share::among(pairs, first, |pair| !second(pair))),
            _ => {
                let limit = instrument.reliable_change?;
                let better = |pair: &Pair| improvement(instrument, pair) >= limit - ALLOWANCE;
                Some(Share::among(pairs, first, |pair| !second(pair) && better(pair)))
            }
        }
    }
}

/// How much better the second score is, in raw points.
pub(crate) fn improvement(instrument: &Instrument, pair: &Pair) -> f64 {
    let change = pair.second - pair.first;
    if instrument.higher_is_better { change } else { -change }
}

/// Where a pair stands, for one instrument that has a cut-off and a reliable change.
pub(crate) struct Standing {
    pub(crate) case_first: bool,
    pub(crate) case_second: bool,
    pub(crate) change: Change,
}

/// Whether a change is reliable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Better,
    Worse,
    Unsure,
}

/// The standing of one pair; `None` if the instrument has no cut-off or reliable change or is better when higher.
pub(crate) fn standing(instrument: &Instrument, pair: &Pair) -> Option<Standing> {
    let (from, limit) = (instrument.caseness_from?, instrument.reliable_change?);
    let improvement = improvement(instrument, pair);
    let change = if improvement >= limit - ALLOWANCE {
        Change::Better
    } else if improvement <= ALLOWANCE - limit {
        Change::Worse
    } else {
        Change::Unsure
    };
    let standing = Standing { case_first: pair.first >= from, case_second: pair.second >= from, change };
    (!instrument.higher_is_better).then_some(standing)
}
