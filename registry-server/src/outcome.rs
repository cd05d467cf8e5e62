//! Which two scores a treatment contributes, per instrument and comparison: worked out once, when a treatment is received.
//!
//! Promises: the same measurements in any order give the same scores in the same order; a pair exists when either member is there;
//! nothing is imputed but the last answer that `locf` names.
//! Must not know: thresholds, groups, the store, the clock.

/// The names of the comparisons, as text and in order.
mod comparison;

use schemas::record::{Measurement, Timepoint};

pub use comparison::{Comparison, UnknownComparison};

/// What one treatment's answers on one instrument come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Code of the instrument.
    pub instrument: String,
    /// The scores of the treatment itself.
    pub members: Members,
    /// Months after the end and score of each follow-up, in their order.
    pub followups: Vec<(u8, f64)>,
}

/// The scores that the comparisons without a follow-up are made of, in the instrument's own points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Members {
    /// Before the treatment.
    pub pre: Option<f64>,
    /// After it.
    pub post: Option<f64>,
    /// The first of all by date.
    pub first: Option<f64>,
    /// The last of all by date, when there are two.
    pub last: Option<f64>,
    /// The last of pre, weekly and post.
    pub carried: Option<f64>,
}

/// First and second score under one comparison; one of them is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Which two scores.
    pub comparison: Comparison,
    /// The first member.
    pub first: Option<f64>,
    /// The second member.
    pub second: Option<f64>,
}

impl Members {
    /// The comparisons that have a member.
    pub fn pairs(self) -> impl Iterator<Item = Pair> {
        let Self { pre, post, first, last, carried } = self;
        let pairs = [
            Pair { comparison: Comparison::Paired, first: pre, second: post },
            Pair { comparison: Comparison::FirstLast, first, second: last },
            Pair { comparison: Comparison::Locf, first: pre, second: carried },
        ];
        pairs.into_iter().filter(|pair| pair.first.is_some() || pair.second.is_some())
    }
}

impl Scores {
    /// Every comparison that has a member, follow-ups last.
    ///
    /// A `followup-Nm` row exists only where that follow-up was answered; a report takes the first scores of those who were not
    /// followed up from their `paired` rows.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let first = self.members.pre;
        let followups = self.followups.iter().map(move |(months, score)| Pair {
            comparison: Comparison::Followup(*months),
            first,
            second: Some(*score),
        });
        self.members.pairs().chain(followups)
    }
}

/// Derives the scores of one treatment, by instrument. Expects at most one measurement for an instrument and
/// timepoint.
#[must_use]
pub fn derive(measurements: &[Measurement]) -> Vec<Scores> {
    let mut answers: Vec<&Measurement> = measurements.iter().collect();
    answers.sort_by(|a, b| {
        a.instrument.cmp(&b.instrument).then((a.answered_on, a.timepoint).cmp(&(b.answered_on, b.timepoint)))
    });
    answers.chunk_by(|a, b| a.instrument == b.instrument).map(scores).collect()
}

/// The scores of one instrument, whose answers stand in the order of date and planned time.
fn scores(answers: &[&Measurement]) -> Scores {
    // Adding zero turns a negative zero into zero, so that equal scores have equal bits.
    let score = |answer: &&Measurement| answer.score + 0.0;
    let at = |timepoint| answers.iter().find(|a| a.timepoint == timepoint).map(score);
    let during = || answers.iter().filter(|a| !matches!(a.timepoint, Timepoint::FollowupMonths(_)));
    let members = Members {
        pre: at(Timepoint::Pre),
        post: at(Timepoint::Post),
        first: during().next().map(score),
        last: if during().count() > 1 { during().next_back().map(score) } else { None },
        carried: during().rfind(|a| a.timepoint != Timepoint::Screening).map(score),
    };
    let followup = |answer: &&Measurement| match answer.timepoint {
        Timepoint::FollowupMonths(months) => Some((months, score(answer))),
        _ => None,
    };
    let mut followups: Vec<(u8, f64)> = answers.iter().filter_map(followup).collect();
    followups.sort_by_key(|(months, _)| *months);
    Scores { instrument: answers[0].instrument.clone(), members, followups }
}

#[cfg(test)]
mod tests;
