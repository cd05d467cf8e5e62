//! Every figure of the two fixtures, whose expected files were computed by code that imports nothing of this.

use super::compare::differences;
use super::fixture::{facts, report};
use crate::report::ALL;

fn assert_same(file: &str, report: &crate::report::Report) {
    let found = differences(file, report);
    assert!(found.is_empty(), "{file}: {} differences\n{}", found.len(), found[..found.len().min(20)].join("\n"));
}

/// The reports that the fixtures have expected files of.
const COUNTED: [&str; 4] = ["outcomes", "groups", "composite", "funnel"];

#[test]
fn every_figure_of_the_worked_example_agrees() {
    for name in COUNTED {
        let parameters = [("by", "region,programme"), ("comparison", "all"), ("cohort", "started"), ("period", "all")];
        let report = report(facts("worked-example"), name, &parameters);
        assert_same(&format!("worked-example/expected-{name}.csv"), &report);
    }
}

#[test]
fn every_figure_of_the_second_example_agrees_for_both_cohorts_by_year() {
    for name in COUNTED {
        for cohort in ["started", "ended"] {
            let parameters = [("comparison", "all"), ("cohort", cohort), ("period", "year")];
            let report = report(facts("second-example"), name, &parameters);
            assert_same(&format!("second-example/expected-{name}-{cohort}.csv"), &report);
        }
    }
}

#[test]
fn one_changed_score_is_found() {
    let mut facts = facts("worked-example");
    let outcome = facts.outcomes.iter_mut().find(|outcome| outcome.second.is_some()).unwrap();
    outcome.second = outcome.second.map(|score| score + 1.0);
    let report = report(facts, "outcomes", &[("comparison", "all"), ("cohort", "started")]);
    assert!(!differences("worked-example/expected-outcomes.csv", &report).is_empty());
}

#[test]
fn one_missing_treatment_is_found() {
    let mut facts = facts("worked-example");
    facts.treatments.pop();
    let report = report(facts, "groups", &[("cohort", "started")]);
    assert!(!differences("worked-example/expected-groups.csv", &report).is_empty());
}

#[test]
fn the_order_of_arrival_changes_no_bit() {
    for definition in ALL {
        let parameters = [("comparison", "all"), ("period", "quarter"), ("by", "unit,programme")];
        let forwards = report(facts("second-example"), definition.name, &parameters);
        let mut facts = facts("second-example");
        facts.treatments.reverse();
        facts.outcomes.reverse();
        assert!(forwards == report(facts, definition.name, &parameters), "{}", definition.name);
    }
}

#[test]
fn asking_for_one_instrument_or_comparison_gives_the_same_rows() {
    let all = report(facts("worked-example"), "outcomes", &[("comparison", "all")]);
    let one = report(facts("worked-example"), "outcomes", &[("comparison", "followup-6m"), ("instrument", "GAD-7")]);
    let name = crate::report::figure::Figure::text;
    let same: Vec<_> = all.rows.iter().filter(|row| row[3] == name("GAD-7") && row[4] == name("followup-6m")).collect();
    assert!(!same.is_empty());
    assert_eq!(one.rows.iter().collect::<Vec<_>>(), same);
}
