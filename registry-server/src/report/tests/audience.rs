//! What others than the register's own staff are given.

use std::sync::Arc;

use schemas::codelist::CodeLists;

use super::fixture::{facts, report};
use super::invented::{self, ended, figures_of, told};
use crate::fact::{Facts, OutcomeFact};
use crate::figure::Figure;
use crate::outcome::Comparison;
use crate::report::{ParameterError, Parameters, ReportData, build, render};

#[test]
fn what_is_not_on_the_fixed_list_is_refused_with_the_list() {
    let lists = CodeLists::builtin();
    let data = ReportData {
        facts: facts("worked-example").into(),
        lists: &lists,
        thresholds: lists.thresholds(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    for (name, more) in [
        ("outcomes", ("by", "region,programme")),
        ("outcomes", ("by", "unit")),
        ("funnel", ("by", "region")),
        ("groups", ("period", "month")),
        ("groups", ("from", "2024-01-01")),
        ("groups", ("attribution", "end")),
        ("groups", ("cohort", "started")),
        ("outcomes", ("comparison", "locf")),
        ("outcomes", ("comparison", "all")),
        ("outcomes", ("programme", "depressionshjalpen")),
        ("groups", ("sex", "F")),
    ] {
        let by = if more.0 == "by" { more.1 } else { "region" };
        let parameters = Parameters::from_pairs([("audience", "public"), ("by", by), more]).unwrap();
        let refused = build(name.parse().unwrap(), &data, &parameters).unwrap_err();
        assert_eq!(refused, ParameterError::NotOnTheList, "{name} {more:?}");
    }
    let parameters = Parameters::from_pairs([("audience", "research"), ("by", "region")]).unwrap();
    assert!(build("outcomes".parse().unwrap(), &data, &parameters).is_ok());
    let mut own = data.thresholds.clone();
    own.response_share = 0.3;
    let refused = build("outcomes".parse().unwrap(), &ReportData { thresholds: own, ..data }, &parameters);
    assert_eq!(refused.unwrap_err(), ParameterError::NotOnTheList, "other cut-offs tell who lies between the two");
}

/// Treatments that end in a region and year, each of somebody else.
fn ended_in(cells: &[(&str, i16, usize)]) -> Facts {
    let days = cells.iter().flat_map(|(region, year, n)| (0..*n).map(move |day| (*region, *year, day)));
    let treatments = (1..).zip(days).map(|(row, (region, year, day))| {
        ended(row, region, &format!("{year}-{:02}-{:02}", day % 12 + 1, day % 28 + 1))
    });
    invented::facts(treatments.collect())
}

#[test]
fn what_one_table_of_the_list_hides_no_other_gives_away() {
    let started = |cells: &[(&str, i16, usize)], choice: &[(&str, &str)], keys: &[&str]| {
        let report = report(ended_in(cells), "groups", &[&[("audience", "public")], choice].concat());
        figures_of(&report, keys)["n_started"].clone()
    };
    let (whole, by_year) = ([("by", "region")], [("by", "region"), ("period", "year")]);
    let few =
        [("01", 2023, 60), ("01", 2024, 60), ("12", 2023, 20), ("12", 2024, 3), ("14", 2023, 40), ("14", 2024, 30)];
    for (keys, expected) in [
        (["2024", "12"], Figure::Hidden),
        (["2023", "12"], Figure::Hidden),
        (["2024", "14"], Figure::Hidden),
        (["2023", "14"], Figure::Hidden),
        (["2024", "01"], Figure::Count(60)),
        (["ALL", "12"], Figure::Count(23)),
    ] {
        assert_eq!(started(&few, &by_year, &keys), expected, "{keys:?}");
    }
    // County 12 has one year alone, which is hidden beside the few of 14: its total is that year.
    let one_year = [("01", 2023, 60), ("01", 2024, 60), ("12", 2024, 30), ("14", 2023, 40), ("14", 2024, 3)];
    for (keys, expected) in
        [(["ALL", "12"], Figure::Hidden), (["ALL", "14"], Figure::Hidden), (["ALL", "01"], Figure::Count(120))]
    {
        assert_eq!(started(&one_year, &whole, &keys), expected, "{keys:?}");
        assert_eq!(started(&one_year, &by_year, &keys), expected, "a row is the same in every table: {keys:?}");
    }
    assert_eq!(started(&one_year, &[("by", "")], &["ALL"]), Figure::Count(193));
}

#[test]
fn beside_protected_figures_nothing_counts_exactly_or_tells_a_day() {
    let cells = [("01", 2023, 60), ("01", 2024, 60), ("12", 2024, 3)];
    for name in ["groups", "outcomes"] {
        let mut facts = ended_in(&cells);
        facts.outcomes = facts.treatments.iter().map(|one| paired(one.row)).collect();
        facts.outcomes[0].second = None;
        let told = told(&report(facts, name, &[("audience", "public"), ("by", "region")]));
        assert!(told.contains("treatments of the years 2023 to 2024."), "{told}");
        for exact in ["The selection holds treatments from", "no second score", "2023-01"] {
            assert!(!told.contains(exact), "{exact}: {told}");
        }
    }
}

fn paired(row: i64) -> OutcomeFact {
    let (instrument, comparison) = (Arc::from("PHQ-9"), Comparison::Paired);
    OutcomeFact { row, instrument, comparison, first: Some(15.0), second: Some(6.0) }
}

#[test]
fn a_hidden_figure_a_true_zero_and_an_undefined_one_are_told_apart_in_every_form() {
    let parameters = [("by", "programme"), ("audience", "public")];
    let hidden = report(facts("worked-example"), "outcomes", &parameters);
    let exact = report(facts("worked-example"), "outcomes", &parameters[..1]);
    let count = |report: &crate::report::Report, figure: &Figure| {
        report.rows.iter().flatten().filter(|found| *found == figure).count()
    };
    assert!(count(&hidden, &Figure::Hidden) > 30 && count(&exact, &Figure::Hidden) == 0);
    assert!(count(&exact, &Figure::Undefined) > 0);
    // No share of nobody or of everybody is left.
    for row in &hidden.rows {
        for (column, figure) in hidden.columns.iter().zip(row).filter(|(column, _)| column.ends_with("_p")) {
            assert!(!matches!(figure, Figure::Number(p) if *p <= 0.0 || *p >= 1.0), "{column}");
        }
    }
    let csv = render::csv(&hidden).unwrap();
    let json = render::json(&hidden).unwrap();
    assert!(csv.contains(",*,") && json.contains("\"hidden\": true"));
    let long = render::indicators(&hidden, &[crate::aggregate::dimension::Dimension::Programme]).unwrap();
    assert!(long.starts_with("period,group,measure,value,status\n"));
    assert!(long.lines().any(|line| line.ends_with(",,hidden")) && long.lines().any(|line| line.ends_with(",shown")));
    assert!(long.contains("ALL,ALL,outcomes.PHQ-9.paired.n_paired,"), "{}", &long[..400]);
}
