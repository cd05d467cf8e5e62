//! Coverage of a handful of treatments, of which an outside source and the senders tell more or less.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemas::record::Run;
use serde_json::json;

use crate::fact::{Denominator, Facts, RunFact};
use crate::report::Report;
use crate::report::figure::Figure;
use crate::report::tests::invented::{ended, facts, figures_of, report, told};

fn told_outside(place: (&str, Option<&str>, Option<&str>), month: &str, ended: u64) -> Denominator {
    let (region, unit, programme) = place;
    Denominator {
        region: region.to_owned(),
        unit: unit.map(str::to_owned),
        programme: programme.map(str::to_owned),
        month: month.to_owned(),
        ended,
        source: "SoB".to_owned(),
        date: "2025-01-15".parse().unwrap(),
    }
}

fn run(sender: &str, month: &str, (found, accepted): (u64, u64), reasons: &[(&str, &str, u64)]) -> RunFact {
    let of = |term: &str| -> u64 { reasons.iter().filter(|(one, ..)| *one == term).map(|(.., n)| n).sum() };
    let reasons: Vec<_> = reasons.iter().map(|(term, rule, n)| json!({ "term": term, "rule": rule, "n": n })).collect();
    let mut line = json!({
        "cycle": 1, "reading": "full", "counted": "treatments", "month": month, "unit": "A", "programme": "depressionshjalpen",
        "found": found, "accepted": accepted, "unchanged": 0, "rejected": 0, "pending": 0, "reasons": reasons,
    });
    line["held"] = of("held").into();
    line["excluded"] = of("excluded").into();
    let run: Run = serde_json::from_value(line).unwrap();
    RunFact { sender: Arc::from(sender), run }
}

/// Two treatments of February and one of March 2024 at unit A of county 12.
fn three() -> Facts {
    facts(vec![ended(1, "12", "2024-02-05"), ended(2, "12", "2024-02-20"), ended(3, "12", "2024-03-20")])
}

fn coverage(facts: Facts, more: &[(&str, &str)]) -> Report {
    report(facts, "coverage", more)
}

/// Eligible, numerator and share of the row.
fn share(report: &Report, key: &[&str]) -> (Figure, Figure, Figure) {
    let row = figures_of(report, key);
    (row["eligible"].clone(), row["coverage_n"].clone(), row["coverage_p"].clone())
}

const NOTHING: (Figure, Figure, Figure) = (Figure::Undefined, Figure::Undefined, Figure::Undefined);

fn some(ended: u64, accepted: u64) -> (Figure, Figure, Figure) {
    (Figure::Count(ended), Figure::Count(accepted), Figure::Number(accepted as f64 / ended as f64))
}

#[test]
fn the_worked_example_three_of_four_are_in_the_register() {
    let lines = vec![told_outside(("12", None, None), "2024-02", 2), told_outside(("12", None, None), "2024-03", 2)];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region")]);
    let row: BTreeMap<_, _> = figures_of(&made, &["ALL", "12"]);
    assert_eq!(share(&made, &["ALL", "12"]), some(4, 3));
    assert_eq!(row["source"], Figure::text("SoB"));
    let (Figure::Number(low), Figure::Number(high)) = (&row["coverage_lo"], &row["coverage_hi"]) else { panic!() };
    // Wilson's limits of 3 of 4, as the textbooks have them.
    assert!(
        (low - 0.300_641_842_582_402_6).abs() < 1e-9 && (high - 0.954_412_738_573_942_5).abs() < 1e-9,
        "{low} {high}"
    );
    assert_eq!(share(&made, &["ALL", "ALL"]), some(4, 3), "no other region has anything");
}

#[test]
fn without_an_outside_source_the_report_says_so() {
    let made = coverage(three(), &[("by", "region")]);
    let row = figures_of(&made, &["ALL", "12"]);
    assert_eq!((share(&made, &["ALL", "12"]), row["source"].clone()), (NOTHING, Figure::text("no outside source")));
    assert_eq!((row["accepted"].clone(), row["transfer_p"].clone()), (Figure::Count(3), Figure::Undefined));
    let empty = figures_of(&made, &["ALL", "03"]);
    assert_eq!(
        (empty["accepted"].clone(), empty["source"].clone()),
        (Figure::Count(0), Figure::text("no outside source"))
    );
}

#[test]
fn a_month_that_nobody_tells_leaves_its_period_empty_and_is_named() {
    let lines = vec![told_outside(("12", None, None), "2024-02", 4)];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region"), ("period", "month")]);
    assert_eq!(share(&made, &["2024-02", "12"]), some(4, 2));
    assert_eq!(share(&made, &["2024-03", "12"]), NOTHING);
    let total = figures_of(&made, &["ALL", "12"]);
    assert_eq!(
        (total["eligible"].clone(), total["source"].clone()),
        (Figure::Undefined, Figure::text("outside source in part"))
    );
    assert!(told(&made).contains("coverage is empty: 12 2024-03."), "{}", told(&made));
}

#[test]
fn a_unit_that_never_sent_is_listed_with_nothing_of_what_it_ended() {
    let at = |unit, month, ended| told_outside(("12", Some(unit), None), month, ended);
    let lines = vec![at("A", "2024-02", 4), at("A", "2024-03", 1), at("B", "2024-02", 5)];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region,unit")]);
    assert_eq!(share(&made, &["ALL", "12", "B"]), some(5, 0));
    assert_eq!(share(&made, &["ALL", "12", "A"]), some(5, 3));
    assert_eq!(share(&made, &["ALL", "12", "ALL"]), some(10, 3), "the units together tell the region");
}

#[test]
fn a_line_of_a_whole_region_comes_before_its_units_and_tells_nothing_of_them() {
    let lines = vec![
        told_outside(("12", None, None), "2024-02", 9),
        told_outside(("12", None, None), "2024-03", 1),
        told_outside(("12", Some("A"), None), "2024-02", 4),
    ];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region,unit,programme")]);
    assert_eq!(share(&made, &["ALL", "12", "ALL", "ALL"]), some(10, 3));
    assert_eq!(share(&made, &["ALL", "12", "A", "ALL"]), NOTHING, "March is not told of the unit");
    assert_eq!(share(&made, &["ALL", "12", "ALL", "depressionshjalpen"]), NOTHING);
}

#[test]
fn units_may_tell_their_programmes_or_all_of_them_together() {
    let lines = vec![
        told_outside(("12", Some("A"), Some("depressionshjalpen")), "2024-02", 4),
        told_outside(("12", Some("A"), Some("depressionshjalpen")), "2024-03", 1),
        told_outside(("12", Some("B"), None), "2024-03", 5),
    ];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region,programme")]);
    assert_eq!(share(&made, &["ALL", "12", "ALL"]), some(10, 3));
    assert_eq!(share(&made, &["ALL", "12", "depressionshjalpen"]), some(5, 3), "of B's programmes nothing is told");
}

#[test]
fn more_in_the_register_than_outside_is_no_share_and_is_named() {
    let lines = vec![told_outside(("12", None, None), "2024-02", 1)];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region"), ("to", "2024-02-29")]);
    let row = figures_of(&made, &["ALL", "12"]);
    assert_eq!((row["eligible"].clone(), row["coverage_p"].clone()), (Figure::Count(1), Figure::Undefined));
    assert!(told(&made).contains("coverage is empty: ALL 12; ALL ALL."), "{}", told(&made));
}

#[test]
fn a_selection_that_divides_a_month_has_no_shares_of_it() {
    let lines = vec![told_outside(("12", None, None), "2024-02", 2)];
    let made = coverage(Facts { denominators: lines, ..three() }, &[("by", "region"), ("to", "2024-02-10")]);
    let row = figures_of(&made, &["ALL", "12"]);
    assert_eq!((row["accepted"].clone(), row["coverage_p"].clone()), (Figure::Count(1), Figure::Undefined));
    assert!(told(&made).contains("choose whole months: 2024-02."), "{}", told(&made));
}

#[test]
fn the_sender_s_own_count_holds_the_held_and_the_protected_but_no_test_patient() {
    let reasons = [
        ("held", "date-invalid", 2),
        ("excluded", "protected-identity", 1),
        ("excluded", "objection", 3),
        ("excluded", "test-patient", 4),
        ("excluded", "status-ongoing", 5),
    ];
    let runs = vec![
        run("12", "2024-02", (17, 2), &reasons),
        run("12", "2024-03", (1, 1), &[]),
        run(
            "12",
            "unknown",
            (6, 0),
            &[("held", "date-missing", 1), ("excluded", "objection", 3), ("excluded", "protected-identity", 2)],
        ),
    ];
    let made = coverage(Facts { runs, ..three() }, &[("by", "region"), ("period", "year")]);
    let row = figures_of(&made, &["2024", "12"]);
    let count = |column: &str| row[column].clone();
    assert_eq!([count("found"), count("own_eligible"), count("transfer_n")], [18, 9, 3].map(Figure::Count));
    assert_eq!(
        ["held", "rejected", "pending", "opted_out", "protected", "test"].map(count),
        [2, 0, 0, 3, 1, 4].map(Figure::Count)
    );
    let total = figures_of(&made, &["ALL", "12"]);
    assert_eq!(total["own_eligible"], Figure::Count(10), "what has no month stands in the total, if it has ended");
}

#[test]
fn a_sender_without_an_account_leaves_the_country_s_transfer_rate_empty() {
    let mut three = three();
    three.treatments.push(ended(4, "14", "2024-02-05"));
    let runs = vec![run("12", "2024-02", (2, 2), &[]), run("12", "2024-03", (1, 1), &[])];
    let made = coverage(Facts { runs, ..three }, &[("by", "region")]);
    assert_eq!(figures_of(&made, &["ALL", "12"])["transfer_p"], Figure::Number(1.0));
    assert_eq!(figures_of(&made, &["ALL", "ALL"])["transfer_p"], Figure::Undefined);
}

#[test]
fn what_only_a_treatment_tells_stands_under_all() {
    let made = coverage(three(), &[("by", "sex")]);
    assert_eq!(figures_of(&made, &["ALL", "ALL"])["accepted"], Figure::Count(3));
    assert_eq!(made.rows.len(), 1);
    assert!(told(&made).contains("not counted by sex"), "{}", told(&made));
}
