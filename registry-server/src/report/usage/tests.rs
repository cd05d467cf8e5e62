//! Started, ended and ongoing on a handful of counts.

use std::sync::Arc;

use schemas::record::Sex;

use crate::fact::{ActivityFact, Facts};
use crate::report::figure::Figure;
use crate::report::tests::invented::{figures_of, report, told, unit};

/// Month, then started, ended and ongoing of a sender's unit A.
fn counts(sender: &str, months: &[(&str, [u64; 3])]) -> Vec<ActivityFact> {
    let text = |text: &str| -> Arc<str> { Arc::from(text) };
    let fact = |(month, [started, ended, ongoing]): &(&str, [u64; 3])| ActivityFact {
        sender: text(sender),
        month: text(month),
        unit: text("A"),
        programme: text("depressionshjalpen"),
        sex: None,
        age_group: None,
        started: *started,
        ended: *ended,
        ongoing: *ongoing,
    };
    months.iter().map(fact).collect()
}

fn facts(activities: Vec<ActivityFact>) -> Facts {
    Facts { activities, units: vec![unit("12", "A", None), unit("13", "A", None)], ..Facts::default() }
}

fn row(facts: Facts, choice: &[(&str, &str)], key: &[&str]) -> [u64; 3] {
    let row = figures_of(&report(facts, "usage", choice), key);
    ["n_started", "n_ended", "n_ongoing"].map(|column| match row[column] {
        Figure::Count(n) => n,
        _ => panic!("{column} is no count"),
    })
}

#[test]
fn started_and_ended_add_up_over_time_and_ongoing_is_that_of_the_last_month() {
    let quarter = || {
        facts(counts(
            "12",
            &[("2024-01", [5, 0, 5]), ("2024-02", [2, 3, 4]), ("2024-03", [1, 5, 0]), ("2024-04", [1, 0, 1])],
        ))
    };
    let by = ("by", "region");
    assert_eq!(row(quarter(), &[by], &["2024-02", "12"]), [2, 3, 4]);
    assert_eq!(row(quarter(), &[by, ("period", "quarter")], &["2024Q1", "12"]), [8, 8, 0]);
    assert_eq!(row(quarter(), &[by, ("period", "quarter")], &["2024Q2", "ALL"]), [1, 0, 1]);
    assert_eq!(row(quarter(), &[by], &["ALL", "ALL"]), [9, 8, 1]);
    assert_eq!(row(quarter(), &[by, ("to", "2024-02-29")], &["ALL", "12"]), [7, 3, 4]);
    assert_eq!(row(quarter(), &[by, ("to", "2024-03-15")], &["ALL", "12"]), [7, 3, 4], "a divided month is left out");
    assert_eq!(row(quarter(), &[by], &["2024-01", "01"]), [0, 0, 0], "a region without counts has a row");
}

#[test]
fn a_sender_that_stopped_counting_is_named_and_what_it_said_last_is_ongoing() {
    let one = counts("12", &[("2024-01", [5, 0, 5]), ("2024-03", [1, 2, 4])]);
    let other = counts("13", &[("2024-01", [3, 0, 3])]);
    let both = || facts([one.clone(), other.clone()].concat());
    assert_eq!(row(both(), &[("by", "region")], &["ALL", "ALL"]), [9, 2, 7]);
    assert_eq!(row(both(), &[("by", "region")], &["2024-03", "ALL"]), [1, 2, 4]);
    let notes = told(&report(both(), "usage", &[]));
    assert!(
        notes.contains("Gaps: senders that counted before, but not these months: 12 (2024-02); 13 (2024-02, 2024-03)."),
        "{notes}"
    );
    let without = notes.lines().find(|note| note.starts_with("Regions without monthly counts")).unwrap();
    assert!(without.contains("Region Stockholm") && !without.contains("Region Skåne"), "{without}");
    assert!(told(&report(Facts::default(), "usage", &[])).contains("no monthly counts"));
}

#[test]
fn split_and_unsplit_counts_of_one_month_are_never_added() {
    let all = counts("12", &[("2024-01", [9, 1, 8])]);
    let part = |sex, n| ActivityFact {
        sex: Some(sex),
        age_group: Some(Arc::from("25-34")),
        ..counts("12", &[("2024-01", [n, 0, n])])[0].clone()
    };
    let facts = || facts([all.clone(), vec![part(Sex::F, 5), part(Sex::M, 2)]].concat());
    assert_eq!(row(facts(), &[("by", "sex")], &["2024-01", "ALL"]), [9, 1, 8]);
    assert_eq!(row(facts(), &[("by", "sex")], &["2024-01", "F"]), [5, 0, 5]);
    assert_eq!(row(facts(), &[("by", "sex")], &["2024-01", "unknown"]), [2, 1, 1]);
    assert_eq!(row(facts(), &[("by", "sex,age_group")], &["ALL", "M", "25-34"]), [2, 0, 2]);
    assert_eq!(row(facts(), &[("by", "sex,age_group")], &["ALL", "ALL", "25-34"]), [7, 0, 7]);
    assert_eq!(row(facts(), &[("by", "sex,age_group")], &["ALL", "ALL", "ALL"]), [9, 1, 8]);
}

#[test]
fn the_rate_is_of_started_treatments_and_stands_only_where_somebody_lives() {
    let facts = || facts(counts("12", &[("2024-01", [120, 0, 120])]));
    let report = report(facts(), "usage", &[("by", "region,unit"), ("period", "year")]);
    let region = figures_of(&report, &["2024", "12", "ALL"]);
    let (Figure::Number(years), Figure::Number(rate)) = (&region["person_years"], &region["rate_per_1000"]) else {
        panic!("{region:?}")
    };
    assert!((rate - 120.0 / years * 1000.0).abs() < 1e-12);
    assert_eq!(figures_of(&report, &["2024", "12", "A"])["rate_per_1000"], Figure::Undefined);
}

#[test]
fn what_counts_do_not_tell_stands_under_the_total_and_is_named() {
    let facts = facts(counts("12", &[("2024-01", [5, 0, 5])]));
    let report = report(facts, "usage", &[("by", "severity"), ("to", "2024-02-10")]);
    assert_eq!(report.rows.len(), 2, "one month and the total");
    assert!(told(&report).contains("not told by severity"));
}
