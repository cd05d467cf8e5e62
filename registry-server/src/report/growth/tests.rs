//! The worked example of `growth`: a base, a gap, a year that has not ended, and breaks.

use crate::fact::{Facts, SeriesBreak};
use crate::report::figure::Figure;
use crate::report::tests::invented::{ended, facts, figures_of, report};

/// Four treatments in 2021, six in 2022, none in 2023, nine in 2024.
fn four_six_none_nine() -> Facts {
    let days = [("2021", 4), ("2022", 6), ("2024", 9)].into_iter();
    let days = days.flat_map(|(year, n)| (1..=n).map(move |day| format!("{year}-05-{day:02}")));
    facts((1..).zip(days).map(|(row, day)| ended(row, "12", &day)).collect())
}

fn of(facts: Facts, period: &str, choice: &[(&str, &str)]) -> [Figure; 7] {
    let report = report(facts, "growth", &[&[("by", "region"), ("period", "year")], choice].concat());
    let row = figures_of(&report, &[period, "12"]);
    let names =
        ["n_started", "previous_period", "change_previous", "base_period", "compared_period", "change_base", "mark"];
    names.map(|name| row[name].clone())
}

#[test]
fn worked_example_every_change_names_its_periods_and_a_gap_is_no_fall() {
    let text = Figure::text;
    let none = || Figure::Undefined;
    assert_eq!(
        of(four_six_none_nine(), "2021", &[]),
        [Figure::Count(4), none(), none(), none(), none(), none(), none()],
        "a base is not compared with itself"
    );
    let second = [
        Figure::Count(6),
        text("2021"),
        Figure::Number(50.0),
        text("2021"),
        text("2022"),
        Figure::Number(50.0),
        none(),
    ];
    assert_eq!(of(four_six_none_nine(), "2022", &[]), second);
    let gap = [Figure::Count(0), none(), none(), none(), none(), none(), text("gap")];
    assert_eq!(of(four_six_none_nine(), "2023", &[]), gap);
    let after = [
        Figure::Count(9),
        text("2022"),
        Figure::Number(50.0),
        text("2021"),
        text("2024"),
        Figure::Number(125.0),
        none(),
    ];
    assert_eq!(of(four_six_none_nine(), "2024", &[]), after);
    let total = [Figure::Count(19), none(), none(), text("2021"), text("2024"), Figure::Number(125.0), none()];
    assert_eq!(of(four_six_none_nine(), "ALL", &[]), total);
}

#[test]
fn a_period_that_the_selection_cuts_is_neither_base_nor_compared() {
    let cut = [("from", "2021-05-03"), ("to", "2024-05-04")];
    let row = of(four_six_none_nine(), "2021", &cut);
    assert_eq!((row[0].clone(), row[6].clone()), (Figure::Count(2), Figure::text("partial")));
    let row = of(four_six_none_nine(), "2024", &cut);
    assert_eq!(
        (row[0].clone(), row[5].clone(), row[6].clone()),
        (Figure::Count(4), Figure::Undefined, Figure::text("partial"))
    );
    assert_eq!(
        of(four_six_none_nine(), "ALL", &cut)[4],
        Figure::Undefined,
        "one whole year has nothing to be compared with"
    );
}

#[test]
fn a_break_between_the_compared_periods_stands_in_the_rows_that_it_concerns() {
    let of = |number, region: Option<&str>, day: &str| SeriesBreak {
        number,
        region: region.map(str::to_owned),
        unit: None,
        programme: None,
        on: day.parse().unwrap(),
        note: "another basis".to_owned(),
    };
    let mut facts = four_six_none_nine();
    facts.breaks = vec![of(1, Some("12"), "2022-01-01"), of(2, Some("01"), "2022-02-01"), of(3, None, "2025-01-01")];
    facts.breaks.extend([of(4, None, "2021-01-01"), of(5, Some("12"), "2024-12-31")]);
    let report = report(facts, "growth", &[("by", "region")]);
    let breaks = |period, region| figures_of(&report, &[period, region])["breaks"].clone();
    assert_eq!((breaks("2021", "12"), breaks("2022", "12")), (Figure::Undefined, Figure::text("2022-01-01")));
    assert_eq!(breaks("2024", "12"), Figure::text("2022-01-01 2024-12-31"), "also within the period that is compared");
    assert_eq!(breaks("2024", "ALL"), Figure::text("2022-01-01 2022-02-01 2024-12-31"));
}

#[test]
fn without_periods_calendar_years_are_compared() {
    let report = report(four_six_none_nine(), "growth", &[("by", "region"), ("period", "rolling12")]);
    assert_eq!(figures_of(&report, &["2022", "12"])["change_previous"], Figure::Number(50.0));
}
