//! Which two scores a treatment contributes, per instrument and comparison: worked out once, when a treatment is received.
//!
//! Promises: the same measurements in any order give the same rows in the same order; a row exists when either member is there;
//! nothing is imputed but the last answer that `locf` names.
//! Must not know: thresholds, groups, the store, the clock.

/// The names of the comparisons, as text and in order.
mod comparison;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemas::record::{Measurement, Timepoint};

pub use comparison::{Comparison, UnknownComparison};

/// First and second score of one treatment on one instrument under one comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRow {
    /// Code of the instrument.
    pub instrument: String,
    /// Which two scores.
    pub comparison: Comparison,
    /// The first member, in the instrument's own points.
    pub first: Option<f64>,
    /// The second member.
    pub second: Option<f64>,
}

/// Derives every row of one treatment (statistics, section 3).
///
/// A `followup-Nm` row exists only where that follow-up was answered; a report takes the first scores of those who were not
/// followed up from their `paired` rows. Expects at most one measurement for an instrument and timepoint.
#[must_use]
pub fn derive(measurements: &[Measurement]) -> Vec<OutcomeRow> {
    let mut by_instrument: BTreeMap<&str, Vec<Answer>> = BTreeMap::new();
    for m in measurements {
        // Adding zero turns a negative zero into zero, so that equal scores have equal bits.
        let answer = Answer { answered_on: m.answered_on, timepoint: m.timepoint, score: m.score + 0.0 };
        by_instrument.entry(&m.instrument).or_default().push(answer);
    }
    let mut rows = Vec::new();
    for (instrument, mut answers) in by_instrument {
        answers.sort_by_key(|a| (a.answered_on, a.timepoint));
        rows.extend(
            members(&answers).into_iter().filter(|(_, first, second)| first.is_some() || second.is_some()).map(
                |(comparison, first, second)| OutcomeRow {
                    instrument: instrument.to_owned(),
                    comparison,
                    first,
                    second,
                },
            ),
        );
    }
    rows
}

struct Answer {
    answered_on: Date,
    timepoint: Timepoint,
    score: f64,
}

type Members = (Comparison, Option<f64>, Option<f64>);

/// The answers of one instrument, ordered by date and planned time, as comparisons.
fn members(answers: &[Answer]) -> Vec<Members> {
    let at = |timepoint| answers.iter().find(|a| a.timepoint == timepoint).map(|a| a.score);
    let during = || answers.iter().filter(|a| !matches!(a.timepoint, Timepoint::FollowupMonths(_)));
    let pre = at(Timepoint::Pre);
    let first = during().next().map(|a| a.score);
    let last = if during().count() > 1 { during().next_back().map(|a| a.score) } else { None };
    let carried = during().rfind(|a| a.timepoint != Timepoint::Screening).map(|a| a.score);
    let mut members = vec![
        (Comparison::Paired, pre, at(Timepoint::Post)),
        (Comparison::FirstLast, first, last),
        (Comparison::Locf, pre, carried),
    ];
    let mut followups: Vec<Members> = answers
        .iter()
        .filter_map(|a| match a.timepoint {
            Timepoint::FollowupMonths(months) => Some((Comparison::Followup(months), pre, Some(a.score))),
            _ => None,
        })
        .collect();
    followups.sort_by_key(|member| member.0);
    members.extend(followups);
    members
}

#[cfg(test)]
mod tests;
