//! What two measures of one instrument cannot say of one person, by their definitions: whoever has answered before and after is judged, whoever
//! recovered is no case any more.
//!
//! Promises: found from the definitions themselves, over all scores that the instrument has, so that a new measure needs no word here; two
//! measures of which one never says anything about the other are held against each other no further. The attacker knows the definitions,
//! and so the audit must. An answer after the treatment is taken for the last one too: so it is but for answers dated out of order, and
//! whoever compares the two takes it so. Must not know: persons.

use std::collections::BTreeSet;

use schemas::codelist::CodeLists;

use super::measure::{self, Measure};
use crate::indicator;
use crate::outcome::Comparison;

/// The scores that are tried.
mod scores;

/// Two codes that nobody has both of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The places of two measures among those given, each with its code.
    pub sides: [(usize, &'static str); 2],
}

/// A measure with what it says of every pair of scores.
struct Known {
    instrument: String,
    comparison: Comparison,
    /// By first and second score.
    said: Vec<Vec<&'static str>>,
    /// Said of whoever lacks one of them.
    missing: &'static str,
}

/// Everything that measures exclude of each other.
#[must_use]
pub fn all(measures: &[&Measure], lists: &CodeLists) -> Vec<Exclusion> {
    let known: Vec<Option<Known>> = measures.iter().map(|measure| Known::of(measure, lists)).collect();
    let mut all = Vec::new();
    for (place, one) in known.iter().enumerate() {
        for (other_place, other) in known.iter().enumerate().skip(place + 1) {
            let (Some(one), Some(other)) = (one, other) else { continue };
            if one.instrument != other.instrument {
                continue;
            }
            let possible = possible(one, other);
            for here in one.codes() {
                for there in other.codes().into_iter().filter(|there| !possible.contains(&(here, *there))) {
                    all.push(Exclusion { sides: [(place, here), (other_place, there)] });
                }
            }
        }
    }
    all
}

type Words = BTreeSet<&'static str>;

impl Known {
    fn of(measure: &Measure, lists: &CodeLists) -> Option<Self> {
        let Measure::Scores { instrument, comparison, .. } = measure else { return None };
        let thresholds = lists.thresholds();
        let instrument = thresholds.instrument(instrument)?;
        let scale = measure::scale(instrument, lists);
        let scores = scores::all(instrument, &scale);
        let code = |scores| measure.verdict(Some(&scale), scores);
        let said = |first: &f64| {
            let second = scores.iter().map(|second| code(Some(indicator::Scores { first: *first, second: *second })));
            second.collect()
        };
        Some(Self {
            instrument: instrument.code.clone(),
            comparison: *comparison,
            said: scores.iter().map(said).collect(),
            missing: code(None),
        })
    }

    /// What it may say of whoever has both scores.
    fn answers(&self) -> Words {
        self.said.iter().flatten().copied().collect()
    }

    /// Every code that somebody may have.
    fn codes(&self) -> Words {
        self.answers().into_iter().chain([self.missing]).collect()
    }

    /// What it may say, by first score.
    fn by_first(&self) -> Vec<Words> {
        self.said.iter().map(|second| second.iter().copied().collect()).collect()
    }

    /// What it may say, by second score.
    fn by_second(&self) -> Vec<Words> {
        (0..self.said.len()).map(|second| self.said.iter().map(|first| first[second]).collect()).collect()
    }

    /// Whether the first score is the one before the treatment.
    fn is_from_before(&self) -> bool {
        self.comparison != Comparison::FirstLast
    }

    /// Whether the second score is the last of the treatment itself.
    fn is_to_its_end(&self) -> bool {
        !matches!(self.comparison, Comparison::Followup(_))
    }
}

/// The pairs of codes that one person may have.
fn possible(one: &Known, other: &Known) -> BTreeSet<(&'static str, &'static str)> {
    let is_same_first = one.comparison == other.comparison || (one.is_from_before() && other.is_from_before());
    let is_same_second = one.comparison == other.comparison || (one.is_to_its_end() && other.is_to_its_end());
    let mut possible = BTreeSet::from([(one.missing, other.missing)]);
    match (is_same_first, is_same_second) {
        (true, true) => { one.said.iter().flatten() }
            .zip(other.said.iter().flatten())
            .for_each(|(here, there)| _ = possible.insert((*here, *there))),
        (true, false) => possible.extend(together(&one.by_first(), &other.by_first())),
        (false, true) => possible.extend(together(&one.by_second(), &other.by_second())),
        (false, false) => possible.extend(together(&[one.answers()], &[other.answers()])),
    }
    if !implies(one.comparison, other.comparison) {
        possible.extend(together(&[one.answers()], &[BTreeSet::from([other.missing])]));
    }
    if !implies(other.comparison, one.comparison) {
        possible.extend(together(&[BTreeSet::from([one.missing])], &[other.answers()]));
    }
    possible
}

/// Whether whoever has both scores of one comparison has both of another (statistics, section on comparisons): before and after are a first
/// and a last, and whoever answered before has a last answer to carry.
fn implies(one: Comparison, other: Comparison) -> bool {
    one == other
        || matches!(
            (one, other),
            (Comparison::Paired, Comparison::Locf | Comparison::FirstLast)
                | (Comparison::Followup(_), Comparison::Locf)
        )
}

/// Each of what one may say with each of what the other may, of the same score.
fn together(one: &[Words], other: &[Words]) -> Vec<(&'static str, &'static str)> {
    let both = one.iter().zip(other);
    both.flat_map(|(here, there)| here.iter().flat_map(|here| there.iter().map(move |there| (*here, *there)))).collect()
}

#[cfg(test)]
mod tests;
