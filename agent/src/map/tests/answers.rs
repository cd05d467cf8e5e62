//! Rows of `measurements`.

use schemas::record::{Answer, Measurement};

use super::shown;
use crate::config::Maps;
use crate::map::{MappedAnswer, Outcome, map_answer};
use crate::source::{MEASUREMENTS, SourceRow};
use crate::tests::Mapping;

fn outcome(mapping: &Mapping, altered: &[(&str, &str)]) -> Outcome<Measurement> {
    let good = [
        ("treatment_id", "M-1"),
        ("instrument", "PHQ-9"),
        ("timepoint", "pre"),
        ("answered_on", "2024-01-11"),
        ("score", "12"),
    ];
    let kept = good.iter().filter(|(name, _)| !altered.iter().any(|(other, _)| other == name));
    let row = SourceRow::of(&MEASUREMENTS, &kept.chain(altered).copied().collect::<Vec<_>>());
    match map_answer(&row, &mut mapping.words(), &mapping.context()) {
        Outcome::Ready(MappedAnswer { answer: Answer { instrument, timepoint, answered_on, score }, .. }) => {
            Outcome::Ready(Measurement { instrument: instrument.to_owned(), timepoint, answered_on, score })
        }
        Outcome::Held(kept) => Outcome::Held(kept),
        Outcome::Excluded(kept) => Outcome::Excluded(kept),
    }
}

fn ready_in(mapping: &Mapping, altered: &[(&str, &str)]) -> Measurement {
    match outcome(mapping, altered) {
        Outcome::Ready(measurement) => measurement,
        Outcome::Held(kept) | Outcome::Excluded(kept) => panic!("{altered:?} stays: {:?}", shown(&kept.findings)),
    }
}

fn score(altered: &[(&str, &str)]) -> f64 {
    ready_in(&Mapping::default(), altered).score
}

fn held(altered: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    match outcome(&Mapping::default(), altered) {
        Outcome::Held(kept) => shown(&kept.findings),
        _ => panic!("{altered:?} goes on"),
    }
}

#[test]
fn each_fault_of_an_answer_holds_it_with_its_own_rule() {
    for (altered, rule) in [
        (("treatment_id", ""), "answer-without-treatment"),
        (("instrument", ""), "instrument-unknown"),
        (("instrument", "Nallemätaren"), "instrument-unknown"),
        (("timepoint", ""), "timepoint-unknown"),
        (("timepoint", "weekly-0"), "timepoint-unknown"),
        (("answered_on", ""), "answer-date-missing"),
        (("answered_on", "2023-02-29"), "answer-date-invalid"),
        (("answered_on", "2024-06-02"), "answer-date-invalid"),
        (("answered_on", "1999-12-31"), "answer-date-invalid"),
        (("score", ""), "score-missing"),
        (("score", "tolv"), "score-not-number"),
        (("score", "1e1"), "score-not-number"),
        (("score", "28"), "score-range"),
        (("score", "-1"), "score-range"),
        (("score", "12.5"), "score-fraction"),
        (("items", "[1,2,3]"), "items-invalid"),
        (("items", "[1,1,1,1,1,1,1,1,4]"), "items-invalid"),
        (("items", "[1,1,1,1,1,1,1,1,null]"), "items-invalid"),
        (("items", "12"), "items-invalid"),
        (("items", "[1,1,1,1,1,1,1,1,1]"), "items-disagree"),
    ] {
        assert_eq!(held(&[altered]), [(rule, altered.0)], "{altered:?}");
    }
}

#[test]
fn several_faults_are_told_at_once() {
    assert_eq!(
        held(&[("instrument", "?"), ("timepoint", "?"), ("answered_on", "?"), ("score", "?")]),
        [
            ("instrument-unknown", "instrument"),
            ("timepoint-unknown", "timepoint"),
            ("answer-date-invalid", "answered_on"),
            ("score-not-number", "score"),
        ]
    );
}

#[test]
fn scores_take_point_or_comma_and_whole_ones_a_fraction_of_zero() {
    for (text, expected) in [("12", 12.0), ("12.0", 12.0), ("+7", 7.0), ("12,0", 12.0), ("-0", 0.0)] {
        assert_eq!(score(&[("score", text)]).to_bits(), f64::to_bits(expected), "{text}");
    }
    assert_eq!(score(&[("instrument", "EDE-Q"), ("score", "2,83")]).to_bits(), 2.83_f64.to_bits());
}

#[test]
fn items_confirm_a_score_or_stand_for_a_missing_one() {
    let items = ("items", "[2,2,2,1,1,1,1,1,1]");
    assert_eq!(score(&[items]).to_bits(), 12.0_f64.to_bits());
    assert_eq!(score(&[items, ("score", "")]).to_bits(), 12.0_f64.to_bits());
    let mean = [("instrument", "HSCL-11"), ("items", "[1,1,1,1,1,1,1,1,1,1,2]")];
    let expected = 12.0 / 11.0;
    assert_eq!(score(&[mean[0], mean[1], ("score", "")]).to_bits(), f64::to_bits(expected));
    assert_eq!(score(&[mean[0], mean[1], ("score", &expected.to_string())]).to_bits(), f64::to_bits(expected));
    assert_eq!(held(&[mean[0], mean[1], ("score", "1.09")]), [("items-disagree", "items")]);
}

#[test]
fn items_of_an_instrument_with_unknown_scoring_neither_confirm_nor_replace_a_score() {
    let pswq = [("instrument", "PSWQ"), ("items", "[5,5]")];
    assert_eq!(score(&[pswq[0], pswq[1], ("score", "50")]).to_bits(), 50.0_f64.to_bits());
    assert_eq!(held(&[pswq[0], pswq[1], ("score", "")]), [("score-missing", "score")]);
}

#[test]
fn local_words_for_instrument_and_timepoint_are_understood() {
    let maps: Maps = toml::from_str(
        r#"
        instrument = { "PHQ 9 (depression)" = "PHQ-9" }
        timepoint = { "före" = "pre", "Uppföljning 6 mån" = "followup-6m" }
        "#,
    )
    .unwrap();
    let mapping = Mapping::of("12", maps);
    let answer = ready_in(&mapping, &[("instrument", "phq 9 (Depression)"), ("timepoint", "UPPFÖLJNING 6 MÅN")]);
    assert_eq!((answer.instrument.as_str(), answer.timepoint.to_string().as_str()), ("PHQ-9", "followup-6m"));
    let answer = ready_in(&mapping, &[("instrument", "phq-9"), ("timepoint", "Weekly-12")]);
    assert_eq!((answer.instrument.as_str(), answer.timepoint.to_string().as_str()), ("PHQ-9", "weekly-12"));
}
