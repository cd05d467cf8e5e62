//! What two measures of one instrument cannot say of one person, by their definitions: whoever has answered before and after is judged, whoever
//! recovered is no case any more.
//!
//! Promises: found from the definitions themselves, over all scores that the instrument has, so that a new measure needs no word here; two
//! measures of which one never says anything about the other are held against each other no further. The attacker knows the definitions,
//! and so the audit must. Must not know: persons.

use std::collections::BTreeSet;

use schemas::codelist::{CodeLists, Instrument};

use super::measure::{self, Measure};
use crate::indicator::{Scale, Scores};
use crate::outcome::Comparison;

/// The most points of a range that are tried.
const MOST_POINTS: f64 = 200.0;
/// The fewest.
const FEWEST_POINTS: f64 = 40.0;

/// Two codes that nobody has both of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The places of two measures among those given, each with its code.
    pub sides: [(usize, &'static str); 2],
}

/// A measure with its instrument.
struct Known<'a> {
    measure: &'a Measure,
    instrument: Instrument,
    scale: Scale,
    comparison: Comparison,
}

/// Everything that measures exclude of each other.
#[must_use]
pub fn all(measures: &[&Measure], lists: &CodeLists) -> Vec<Exclusion> {
    let known: Vec<Option<Known<'_>>> = measures.iter().map(|measure| Known::of(measure, lists)).collect();
    let mut all = Vec::new();
    for (place, one) in known.iter().enumerate() {
        for (other_place, other) in known.iter().enumerate().skip(place + 1) {
            let (Some(one), Some(other)) = (one, other) else { continue };
            if one.instrument.code != other.instrument.code {
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

impl<'a> Known<'a> {
    fn of(measure: &'a Measure, lists: &CodeLists) -> Option<Self> {
        let Measure::Scores { instrument, comparison, .. } = measure else { return None };
        let instrument = lists.thresholds().instrument(instrument)?.clone();
        let scale = measure::scale(&instrument, lists);
        Some(Self { measure, instrument, scale, comparison: *comparison })
    }

    fn code(&self, scores: Option<(f64, f64)>) -> &'static str {
        self.measure.verdict(Some(&self.scale), scores.map(|(first, second)| Scores { first, second }))
    }

    /// Every code that somebody may have.
    fn codes(&self) -> BTreeSet<&'static str> {
        let points = self.points();
        let pairs = points.iter().flat_map(|first| points.iter().map(move |second| (*first, *second)));
        pairs.map(Some).chain([None]).map(|scores| self.code(scores)).collect()
    }

    fn points(&self) -> Vec<f64> {
        let range = self.instrument.highest - self.instrument.lowest;
        let number = range.clamp(FEWEST_POINTS, MOST_POINTS).round();
        let places = std::iter::successors(Some(0.0), |place| Some(place + 1.0)).take_while(|place| *place <= number);
        places.map(|place| self.instrument.lowest + range * place / number).collect()
    }

    /// Whether the first score is the one before the treatment.
    fn is_from_before(&self) -> bool {
        self.comparison != Comparison::FirstLast
    }
}

/// The pairs of codes that one person may have.
fn possible(one: &Known<'_>, other: &Known<'_>) -> BTreeSet<(&'static str, &'static str)> {
    let points = one.points();
    let seconds = |known: &Known<'_>, first: f64| {
        let scores = points.iter().map(|second| Some((first, *second)));
        scores.map(|scores| known.code(scores)).collect::<BTreeSet<_>>()
    };
    let mut possible = BTreeSet::from([(one.code(None), other.code(None))]);
    if one.comparison == other.comparison {
        for first in &points {
            possible.extend(
                points.iter().map(|second| Some((*first, *second))).map(|both| (one.code(both), other.code(both))),
            );
        }
        return possible;
    }
    let (here, there): (Vec<_>, Vec<_>) =
        points.iter().map(|first| (seconds(one, *first), seconds(other, *first))).unzip();
    if one.is_from_before() && other.is_from_before() {
        { here.iter().zip(&there) }.for_each(|(here, there)| possible.extend(product(here, there)));
    } else {
        possible.extend(product(&union(&here), &union(&there)));
    }
    if !implies(one.comparison, other.comparison) {
        possible.extend(product(&union(&here), &BTreeSet::from([other.code(None)])));
    }
    if !implies(other.comparison, one.comparison) {
        possible.extend(product(&BTreeSet::from([one.code(None)]), &union(&there)));
    }
    possible
}

/// Whether whoever has both scores of one comparison has both of another (statistics, section on comparisons): before and after are a first
/// and a last, and whoever answered before has a last answer to carry.
fn implies(one: Comparison, other: Comparison) -> bool {
    matches!(
        (one, other),
        (Comparison::Paired, Comparison::Locf | Comparison::FirstLast) | (Comparison::Followup(_), Comparison::Locf)
    )
}

type Words = BTreeSet<&'static str>;

fn product(one: &Words, other: &Words) -> Vec<(&'static str, &'static str)> {
    one.iter().flat_map(|here| other.iter().map(move |there| (*here, *there))).collect()
}

fn union(all: &[Words]) -> Words {
    all.iter().flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(one: (&str, &str), other: (&str, &str)) -> Vec<(&'static str, &'static str)> {
        let lists = CodeLists::builtin();
        let read = |(name, comparison): (&str, &str)| {
            Measure::read(name, Some("PHQ-9"), Some(comparison), &lists).expect("registered")
        };
        let measures = [read(one), read(other)];
        let found = all(&measures.iter().collect::<Vec<_>>(), &lists);
        found.into_iter().map(|Exclusion { sides: [(_, one), (_, other)] }| (one, other)).collect()
    }

    #[test]
    fn whoever_has_answered_twice_is_judged_and_nobody_else() {
        assert_eq!(
            excluded(("answered", "paired"), ("rel_improved", "paired")),
            [("no", "no"), ("no", "yes"), ("yes", "neither")]
        );
        // Recovery is judged of cases only, so who answered may not be judged.
        assert_eq!(excluded(("answered", "paired"), ("recovery", "paired")), [("no", "no"), ("no", "yes")]);
    }

    #[test]
    fn nobody_is_better_and_worse() {
        let found = excluded(("rel_improved", "paired"), ("rel_deteriorated", "paired"));
        assert!(found.contains(&("yes", "yes")) && !found.contains(&("no", "no")), "{found:?}");
    }

    #[test]
    fn before_and_after_lie_within_what_is_carried_and_follow_ups_begin_at_the_same_score() {
        assert_eq!(excluded(("answered", "paired"), ("answered", "locf")), [("yes", "no")]);
        assert_eq!(excluded(("answered", "locf"), ("answered", "paired")), [("no", "yes")]);
        assert_eq!(excluded(("answered", "followup-6m"), ("answered", "paired")), []);
        let cases = excluded(("case_pre", "paired"), ("case_pre", "followup-6m"));
        assert_eq!(cases, [("no", "yes"), ("yes", "no")]);
        assert_eq!(
            excluded(("case_pre", "paired"), ("case_pre", "first_last")),
            [("no", "neither"), ("yes", "neither")]
        );
    }
}
