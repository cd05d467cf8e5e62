//! What others than the register's own staff are given.

use schemas::codelist::CodeLists;

use super::fixture::{facts, report};
use crate::figure::Figure;
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
    ] {
        let by = if more.0 == "by" { more.1 } else { "region" };
        let parameters = Parameters::from_pairs([("audience", "public"), ("by", by), more]).unwrap();
        let refused = build(name.parse().unwrap(), &data, &parameters).unwrap_err();
        assert_eq!(refused, ParameterError::NotOnTheList, "{name} {more:?}");
    }
}

#[test]
fn a_hidden_figure_a_true_zero_and_an_undefined_one_are_told_apart_in_every_form() {
    let parameters = [("by", "programme"), ("audience", "public"), ("comparison", "all")];
    let hidden = report(facts("worked-example"), "outcomes", &parameters);
    let exact = report(facts("worked-example"), "outcomes", &parameters[..1]);
    let count = |report: &crate::report::Report, figure: &Figure| {
        report.rows.iter().flatten().filter(|found| *found == figure).count()
    };
    assert!(count(&hidden, &Figure::Hidden) > 100 && count(&exact, &Figure::Hidden) == 0);
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
