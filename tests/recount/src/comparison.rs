//! Which two scores a comparison sets against each other.
//!
//! Promises: a follow-up never enters `first_last` or `locf`; nothing is imputed but `locf`'s own carrying forward.
//! It must not know instruments.

use std::collections::BTreeSet;
use std::fmt;

use crate::timepoint::Timepoint;
use crate::treatment::{Score, Treatment};

/// A rule that picks a first and a second score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Comparison {
    /// Pre and post.
    Paired,
    /// First and last by date during treatment, two different answers.
    FirstLast,
    /// Pre and the last by date of pre, weekly and post.
    Locf,
    /// Pre and the follow-up after so many months.
    Followup(u8),
}

impl Comparison {
    /// The three standing comparisons and each follow-up for which there is a score.
    pub(crate) fn all<'a>(treatments: impl IntoIterator<Item = &'a Treatment>) -> Vec<Self> {
        let scores = treatments.into_iter().flat_map(|treatment| treatment.scores.values().flatten());
        let followups: BTreeSet<u8> = scores
            .filter_map(|score| match score.timepoint {
                Timepoint::Followup(months) => Some(months),
                _ => None,
            })
            .collect();
        let standing = [Self::Paired, Self::FirstLast, Self::Locf];
        standing.into_iter().chain(followups.into_iter().map(Self::Followup)).collect()
    }

    /// The first and the second score, each on its own, of scores in order of date and timepoint.
    pub(crate) fn members(self, scores: &[Score]) -> (Option<f64>, Option<f64>) {
        let at = |timepoint| scores.iter().find(|score| score.timepoint == timepoint).map(|score| score.value);
        let pre = at(Timepoint::Pre);
        match self {
            Self::Paired => (pre, at(Timepoint::Post)),
            Self::FirstLast => {
                let during: Vec<f64> = values(scores, |timepoint| !matches!(timepoint, Timepoint::Followup(_)));
                (during.first().copied(), during.get(1..).and_then(<[f64]>::last).copied())
            }
            Self::Locf => {
                let carried = values(scores, |timepoint| {
                    matches!(timepoint, Timepoint::Pre | Timepoint::Weekly(_) | Timepoint::Post)
                });
                (pre, carried.last().copied())
            }
            Self::Followup(months) => (pre, at(Timepoint::Followup(months))),
        }
    }
}

fn values(scores: &[Score], wanted: impl Fn(Timepoint) -> bool) -> Vec<f64> {
    scores.iter().filter(|score| wanted(score.timepoint)).map(|score| score.value).collect()
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paired => f.write_str("paired"),
            Self::FirstLast => f.write_str("first_last"),
            Self::Locf => f.write_str("locf"),
            Self::Followup(months) => write!(f, "followup-{months}m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Score, Timepoint};

    fn scores(list: &[(Timepoint, f64)]) -> Vec<Score> {
        list.iter().map(|&(timepoint, value)| Score { timepoint, value }).collect()
    }

    #[test]
    fn a_lone_answer_gives_a_first_and_no_second_but_is_carried_forward() {
        let lone = scores(&[(Timepoint::Pre, 12.0)]);
        assert_eq!(Comparison::FirstLast.members(&lone), (Some(12.0), None));
        assert_eq!(Comparison::Locf.members(&lone), (Some(12.0), Some(12.0)));
        assert_eq!(Comparison::Paired.members(&lone), (Some(12.0), None));
    }

    #[test]
    fn a_follow_up_stays_outside_and_a_screening_is_not_carried() {
        let list = scores(&[(Timepoint::Screening, 9.0), (Timepoint::Weekly(3), 7.0), (Timepoint::Followup(6), 1.0)]);
        assert_eq!(Comparison::FirstLast.members(&list), (Some(9.0), Some(7.0)));
        assert_eq!(Comparison::Locf.members(&list), (None, Some(7.0)));
        assert_eq!(Comparison::Followup(6).members(&list), (None, Some(1.0)));
    }
}
