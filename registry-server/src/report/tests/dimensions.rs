//! Dimensions, successors, handovers and windows on a handful of treatments.

use std::sync::Arc;

use schemas::language::Language;
use schemas::record::{Ownership, Sex, Status};

use super::fixture::report;
use crate::fact::{Facts, OutcomeFact, TreatmentFact, UnitFact};
use crate::outcome::Comparison;
use crate::report::Report;
use crate::report::figure::Figure;

fn treatment(row: i64) -> TreatmentFact {
    TreatmentFact {
        row,
        subject: row,
        sender: Arc::from("12"),
        unit_start: Arc::from("SE2321000131-A"),
        unit_end: None,
        programme: Arc::from("depressionshjalpen"),
        programme_version: Some(Arc::from("2.0")),
        status: Status::Completed,
        end_reason: None,
        started_on: "2024-11-05".parse().unwrap(),
        ended_on: "2025-02-05".parse().unwrap(),
        sex: Some(Sex::F),
        birth_year: Some(1990),
        diagnosis: Some(Arc::from("F321")),
    }
}

fn unit(id: &str, county: &str, successor: Option<&str>) -> UnitFact {
    UnitFact {
        sender: Arc::from("12"),
        unit: Arc::from(id),
        name: Arc::from(id),
        county: Arc::from(county),
        care_level: Some(Arc::from("primary")),
        ownership: Some(Ownership::Private),
        successor: successor.map(Arc::from),
    }
}

/// One treatment begun at unit A in county 12 and handed over to unit B in county 01, whose successor is C.
fn handed_over() -> Facts {
    let treatment = TreatmentFact { unit_end: Some(Arc::from("SE2321000131-B")), ..treatment(1) };
    let outcome = OutcomeFact {
        row: 1,
        instrument: Arc::from("MADRS-S"),
        comparison: Comparison::Paired,
        first: Some(21.0),
        second: None,
    };
    let circle = Some("SE2321000131-C");
    Facts {
        treatments: vec![treatment],
        outcomes: vec![outcome],
        units: vec![
            unit("SE2321000131-A", "12", None),
            unit("SE2321000131-B", "01", circle),
            unit("SE2321000131-C", "03", None),
        ],
        ..Facts::default()
    }
}

fn texts(report: &Report) -> Vec<Vec<String>> {
    let text = |figure: &Figure| if let Figure::Text(text) = figure { text.to_string() } else { String::new() };
    report.rows.iter().map(|row| row[..report.keys].iter().map(text).collect()).collect()
}

fn first_row(facts: Facts, parameters: &[(&str, &str)]) -> Vec<String> {
    texts(&report(facts, "groups", parameters)).remove(0)
}

#[test]
fn every_dimension_has_its_label() {
    let all = "unit,programme,programme_version,condition,diagnosis_group,severity,sex,age_group,care_level,ownership,end_reason";
    let row = first_row(handed_over(), &[("by", all)]);
    let expected = [
        "ALL",
        "SE2321000131-A",
        "depressionshjalpen",
        "2.0",
        "depression",
        "F30-F39",
        "moderate",
        "F",
        "25-34",
        "primary",
        "private",
        "unknown",
    ];
    assert_eq!(row, expected);
}

#[test]
fn a_missing_value_is_a_group_of_its_own() {
    let bare = TreatmentFact {
        sender: Arc::from("P01"),
        programme_version: None,
        sex: None,
        birth_year: Some(2030),
        diagnosis: None,
        ..treatment(1)
    };
    let facts = Facts { treatments: vec![bare], ..Facts::default() };
    let by = "programme_version,diagnosis_group,severity,sex,age_group,care_level,ownership,end_reason";
    assert_eq!(first_row(facts.clone(), &[("by", by)])[1..], ["unknown"; 8]);
    let regions = texts(&report(facts, "groups", &[("by", "region")]));
    assert!(
        regions.contains(&vec!["ALL".to_owned(), "unknown".to_owned()]),
        "a private caregiver's unit that nobody described"
    );
    assert_eq!(regions.len(), 23, "21 regions, the unknown one, and the country");
}

#[test]
fn a_handover_counts_where_the_attribution_says() {
    let place = |parameters: &[(&str, &str)]| {
        let by = [("by", "unit,region")];
        first_row(handed_over(), &[&by[..], parameters].concat())[1..].to_vec()
    };
    assert_eq!(place(&[]), ["SE2321000131-A", "12"]);
    assert_eq!(place(&[("attribution", "end")]), ["SE2321000131-B", "01"]);
    assert_eq!(place(&[("attribution", "end"), ("structure", "current")]), ["SE2321000131-C", "03"]);
}

#[test]
fn a_handover_to_another_sender_s_unit_counts_where_that_unit_is() {
    let mut facts = handed_over();
    facts.units.retain(|unit| &*unit.unit == "SE2321000131-A");
    let of = |sender: &str, county: &str| UnitFact {
        sender: Arc::from(sender),
        ..unit("SE2321000131-B", county, Some("SE2321000131-C"))
    };
    facts.units.extend([of("03", "01"), of("04", "04"), of("05", "05")]);
    facts.units.push(UnitFact { sender: Arc::from("05"), ..unit("SE2321000131-C", "05", None) });
    let region = |attribution, structure| {
        let parameters = [("by", "unit,region"), ("attribution", attribution), ("structure", structure)];
        first_row(facts.clone(), &parameters)[1..3].to_vec()
    };
    assert_eq!(region("start", "as-was"), ["SE2321000131-A", "12"]);
    assert_eq!(region("end", "as-was"), ["SE2321000131-B", "04"]);
    assert_eq!(region("end", "current"), ["SE2321000131-C", "05"]);
}

#[test]
fn a_sender_s_words_on_a_unit_move_nobody_else_s_treatments() {
    let mut facts = handed_over();
    let other = UnitFact { sender: Arc::from("01"), ..unit("SE2321000131-A", "01", Some("SE2321000131-C")) };
    let own = TreatmentFact { sender: Arc::from("01"), ..treatment(2) };
    let private = TreatmentFact { sender: Arc::from("P01"), ..treatment(3) };
    let undescribed = TreatmentFact { unit_start: Arc::from("SE2321000131-D"), ..treatment(4) };
    let foreign = UnitFact { unit: Arc::from("SE2321000131-D"), ..other.clone() };
    facts.treatments.extend([own, private, undescribed]);
    facts.units.splice(0..0, [other, foreign]);
    // Sender 01 itself names C, in county 03, as the successor of its unit.
    for (structure, expected) in [("as-was", [1, 2, 1, 0]), ("current", [0, 2, 1, 1])] {
        let report = report(facts.clone(), "groups", &[("by", "region"), ("structure", structure)]);
        let counted = |region| report.rows.iter().find(|row| row[1] == Figure::text(region)).unwrap()[2].clone();
        let counts = ["01", "12", "unknown", "03"].map(counted);
        assert_eq!(counts, expected.map(Figure::Count), "{structure}");
    }
}

#[test]
fn a_circle_of_successors_comes_to_an_end() {
    let mut facts = handed_over();
    facts.units[2].successor = Some(Arc::from("SE2321000131-B"));
    let row = first_row(facts, &[("by", "unit"), ("attribution", "end"), ("structure", "current")]);
    assert!(["SE2321000131-B", "SE2321000131-C"].contains(&row[1].as_str()));
}

#[test]
fn from_and_to_are_inclusive_on_the_cohort_date() {
    let count = |parameters: &[(&str, &str)]| {
        let by = [("by", "sex")];
        report(handed_over(), "groups", &[&by[..], parameters].concat()).rows.len()
    };
    assert_eq!(count(&[("from", "2025-02-05"), ("to", "2025-02-05")]), 2);
    assert_eq!(count(&[("from", "2025-02-06")]), 0);
    assert_eq!(count(&[("cohort", "started"), ("to", "2024-11-05")]), 2);
    assert_eq!(count(&[("cohort", "started"), ("to", "2024-11-04")]), 0);
}

#[test]
fn a_rolling_window_holds_the_months_up_to_its_last_day_and_their_person_years() {
    let mut facts = handed_over();
    facts.treatments.push(TreatmentFact { ended_on: "2024-03-31".parse().unwrap(), ..treatment(2) });
    let report = report(facts, "groups", &[("by", "region"), ("period", "rolling12"), ("to", "2025-03-31")]);
    let row = report.rows.iter().find(|row| row[1] == Figure::text("12")).unwrap();
    assert_eq!(row[0], Figure::text("2024-04-01..2025-03-31"));
    assert_eq!(row[2], Figure::Count(1));
    let years = report.columns.iter().position(|column| column == "person_years").unwrap();
    let whole = schemas::codelist::CodeLists::builtin().region("12").unwrap().population_2021;
    assert_eq!(row[years], Figure::Number(whole as f64), "twelve months of the only year that has a figure");
}

#[test]
fn every_region_has_a_row_for_every_printed_period_even_with_nothing() {
    let mut facts = handed_over();
    facts.treatments.push(TreatmentFact { ended_on: "2023-03-31".parse().unwrap(), ..treatment(2) });
    let report = report(facts, "groups", &[("by", "programme,region"), ("period", "year")]);
    let gotland = |period: &str| vec![period.to_owned(), "ALL".to_owned(), "09".to_owned()];
    let texts = texts(&report);
    for period in ["2023", "2025", "ALL"] {
        assert!(texts.contains(&gotland(period)), "{period}");
    }
    assert!(!texts.contains(&gotland("2024")));
    assert!(report.notes.iter().any(|note| note.pick(Language::En).contains("without any treatment: 2024")));
}

#[test]
fn a_group_split_by_unit_has_no_rate_and_its_total_has_one() {
    let report = report(handed_over(), "groups", &[("by", "unit")]);
    let rate = report.columns.iter().position(|column| column == "rate_per_1000").unwrap();
    assert_eq!(report.rows[0][rate], Figure::Undefined);
    assert!(matches!(report.rows[1][rate], Figure::Number(_)));
}

#[test]
fn a_split_by_which_no_inhabitants_were_imported_is_told_and_no_other() {
    let told = |by| {
        let notes = report(handed_over(), "groups", &[("by", by)]).notes;
        let told = notes.iter().map(|note| note.pick(Language::En)).find(|note| note.starts_with("There is no rate"));
        told.map(str::to_owned)
    };
    let sentence =
        |split| format!("There is no rate where inhabitants were not imported by {split} (population import).");
    assert_eq!(told("region,sex"), Some(sentence("sex")));
    assert_eq!(told("age_group"), Some(sentence("age")));
    assert_eq!(told("sex,age_group"), Some(sentence("sex and age")));
    assert_eq!((told("region"), told("unit"), told("programme")), (None, None, None));
}
