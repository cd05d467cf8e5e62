//! What measures exclude, held against every pair of scores that there is.

use schemas::codelist::{CodeLists, Instrument};

use super::*;
use crate::extract::measure::names;
use crate::indicator::Scores;

fn read(name: &str, instrument: &str, comparison: &str) -> Option<Measure> {
    Measure::read(name, Some(instrument), Some(comparison), &CodeLists::builtin()).ok()
}

fn excluded_of(instrument: &str, one: (&str, &str), other: (&str, &str)) -> Vec<(&'static str, &'static str)> {
    let lists = CodeLists::builtin();
    let measures = [one, other].map(|(name, comparison)| read(name, instrument, comparison).expect("registered"));
    let found = all(&measures.iter().collect::<Vec<_>>(), &lists);
    found.into_iter().map(|Exclusion { sides: [(_, one), (_, other)] }| (one, other)).collect()
}

fn excluded(one: (&str, &str), other: (&str, &str)) -> Vec<(&'static str, &'static str)> {
    excluded_of("PHQ-9", one, other)
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
    assert_eq!(excluded(("case_pre", "paired"), ("case_pre", "first_last")), [("no", "neither"), ("yes", "neither")]);
}

#[test]
fn whoever_recovered_by_the_answer_after_the_treatment_has_recovered_by_the_last_one() {
    let found = excluded(("recovery", "paired"), ("recovery", "locf"));
    assert_eq!(found, [("no", "neither"), ("no", "yes"), ("yes", "neither"), ("yes", "no")]);
    // First answers may differ, so only what goes by the last one alone is the same.
    let found = excluded(("case_post", "paired"), ("case_post", "first_last"));
    assert_eq!(found, [("no", "neither"), ("no", "yes"), ("yes", "neither"), ("yes", "no")]);
    let followed = excluded(("case_post", "paired"), ("case_post", "followup-6m"));
    assert!(!followed.contains(&("no", "yes")) && !followed.contains(&("yes", "no")), "{followed:?}");
}

#[test]
fn limits_one_point_apart_exclude_on_a_short_scale_as_on_a_long_one() {
    // PDSS-SR: remission up to 7, a case from 8: one is the other's opposite.
    for instrument in ["PDSS-SR", "OASIS", "ISI", "LSAS-SR"] {
        let found = excluded_of(instrument, ("remission", "paired"), ("case_post", "paired"));
        assert!(found.contains(&("yes", "yes")), "{instrument}: {found:?}");
        let between = instrument == "ISI";
        assert_eq!(
            found.contains(&("no", "no")),
            !between,
            "{instrument}: between 7 and 15 lies something on ISI alone"
        );
    }
}

/// All pairs of scores of an instrument in steps of a point, or of a small part of the range where scores have decimals.
fn every_pair(instrument: &Instrument) -> Vec<Scores> {
    let width = instrument.highest - instrument.lowest;
    let step = if instrument.integer { 1.0 } else { width / 320.0 };
    let places =
        std::iter::successors(Some(0.0), |place| Some(place + step)).take_while(|place| *place <= width + 1e-9);
    let scores: Vec<f64> = places.map(|place| (instrument.lowest + place).min(instrument.highest)).collect();
    let pairs = scores.iter().flat_map(|first| scores.iter().map(|second| (*first, *second)));
    pairs.map(|(first, second)| Scores { first, second }).collect()
}

#[test]
fn for_every_instrument_exactly_that_is_excluded_which_no_pair_of_scores_gives() {
    let lists = CodeLists::builtin();
    let (mut held, mut instruments) = (0, 0);
    for instrument in lists.instruments() {
        instruments += 1;
        let measures: Vec<Measure> = names().iter().filter_map(|name| read(name, &instrument.code, "paired")).collect();
        let scale = measure::scale(instrument, &lists);
        let pairs = every_pair(instrument);
        let said: Vec<Vec<&str>> = { measures.iter() }
            .map(|measure| {
                let both = pairs.iter().map(|scores| measure.verdict(Some(&scale), Some(*scores)));
                both.chain([measure.verdict(Some(&scale), None)]).collect()
            })
            .collect();
        let found = all(&measures.iter().collect::<Vec<_>>(), &lists);
        for one in 0..measures.len() {
            for other in one + 1..measures.len() {
                let seen: BTreeSet<(&str, &str)> = said[one].iter().copied().zip(said[other].iter().copied()).collect();
                for here in said[one].iter().copied().collect::<BTreeSet<_>>() {
                    for there in said[other].iter().copied().collect::<BTreeSet<_>>() {
                        let is_excluded =
                            found.iter().any(|exclusion| exclusion.sides == [(one, here), (other, there)]);
                        let names = (&measures[one].to_string(), here, &measures[other].to_string(), there);
                        // Where scores have decimals the grid of the product also has what lies just beside a limit.
                        let is_right = is_excluded != seen.contains(&(here, there));
                        assert!(is_right || !(instrument.integer || is_excluded), "{names:?}");
                        held += 1;
                    }
                }
            }
        }
    }
    assert!(instruments > 30 && held > 5_000, "{instruments} instruments, {held} pairs of codes");
}
