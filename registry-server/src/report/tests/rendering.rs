//! The written forms: CSV, JSON and the table on a terminal.

use schemas::language::Language;
use serde_json::Value;

use super::fixture::{facts, report};
use crate::fact::Facts;
use crate::figure::Figure;
use crate::report::heading::heading;
use crate::report::{ALL, ReportName, render};

#[test]
fn every_row_has_a_figure_for_every_column() {
    for definition in ALL {
        let report = report(facts("worked-example"), definition.name, &[("comparison", "all"), ("period", "half")]);
        assert!(!report.rows.is_empty());
        assert!(report.rows.iter().all(|row| row.len() == report.columns.len()), "{}", definition.name);
        for column in &report.columns {
            assert!(heading(column).is_some(), "{}: {column} has no heading", definition.name);
        }
        for column in definition.on_screen {
            assert!(report.columns.iter().any(|known| known == column), "{}: {column}", definition.name);
        }
    }
}

#[test]
fn the_document_holds_what_the_contract_names() {
    let report = report(facts("worked-example"), "funnel", &[("cohort", "started"), ("by", "sex")]);
    let document: Value = serde_json::from_str(&render::json(&report).unwrap()).unwrap();
    assert_eq!(document["schema"], "registry-report/1");
    assert_eq!(document["report"], "funnel");
    assert_eq!(document["definition_version"], 1);
    assert_eq!(document["as_of"], "2026-01-01T00:00:00Z");
    let parameters = &document["parameters"];
    assert_eq!(
        (&parameters["cohort"], &parameters["by"]),
        (&Value::from("started"), &Value::from("sex")),
        "also the unused"
    );
    assert_eq!((&parameters["from"], &parameters["thresholds"]), (&Value::Null, &Value::from("siber-2026")));
    let completed = &document["rows"][0];
    assert_eq!((&completed["instrument"], &completed["measure"]), (&Value::Null, &Value::from("completed")));
    assert_eq!((&completed["point"], &completed["n"]), (&Value::from("01"), &Value::from(119)));
    assert!(completed["value"].is_f64());
}

#[test]
fn csv_and_json_hold_the_same_figures() {
    let report = report(facts("worked-example"), "outcomes", &[("comparison", "all")]);
    let document: Value = serde_json::from_str(&render::json(&report).unwrap()).unwrap();
    let text = render::csv(&report).unwrap();
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let columns = lines.headers().unwrap().clone();
    let mut undefined = 0;
    for (line, row) in lines.records().zip(document["rows"].as_array().unwrap()) {
        for (column, field) in columns.iter().zip(&line.unwrap()) {
            let same = match &row[column] {
                Value::Null => field.is_empty(),
                Value::String(text) => field == text,
                number => field.parse::<f64>().unwrap().to_bits() == number.as_f64().unwrap().to_bits(),
            };
            assert!(same, "{column}");
            undefined += usize::from(field.is_empty());
        }
    }
    assert!(undefined > 0);
    assert!(!text.contains("-0,") && !text.contains(",-0\n") && !text.contains("NaN"));
}

#[test]
fn rows_stand_in_the_order_of_their_grouping_columns_with_totals_last() {
    let report = report(facts("worked-example"), "groups", &[("by", "region,programme"), ("period", "year")]);
    let text = render::csv(&report).unwrap();
    let keys: Vec<String> =
        text.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
    let mut sorted = keys.clone();
    sorted.sort_by_key(|key| key.replace("ALL", "~"));
    assert_eq!(keys, sorted);
    assert_eq!(keys.last().unwrap(), "ALL,ALL,ALL");
}

#[test]
fn the_table_shows_its_columns_and_what_must_stand_beside_them() {
    let table = render::table(&report(facts("worked-example"), "groups", &[("cohort", "started")]), Language::En);
    for text in ["Persons", "111", "76.8", "siber-2026", "start date", "once per sender", "2019 from 2018"] {
        assert!(table.contains(text), "{text}\n{table}");
    }
}

#[test]
fn an_empty_register_makes_reports_without_figures() {
    let nothing = |figure: &Figure| match figure {
        Figure::Count(count) => *count == 0,
        Figure::Number(number) => *number == 0.0,
        Figure::Text(_) | Figure::Undefined | Figure::Hidden => true,
    };
    for definition in ALL {
        let report =
            report(Facts::default(), definition.name, &[("by", "sex"), ("comparison", "all"), ("period", "year")]);
        for row in report.rows.iter().filter(|_| definition.name != "participation") {
            assert!(row.iter().all(nothing), "{}: {row:?}", definition.name);
        }
        let table = render::table(&report, Language::En);
        assert!(report.notes.len() > 3 && table.contains(report.notes[0].pick(Language::En)), "{}", definition.name);
        if ["outcomes", "groups", "composite", "funnel"].contains(&definition.name) {
            assert!(report.rows.is_empty() && table.contains("holds no treatments"), "{}", definition.name);
        }
    }
    let groups = report(Facts::default(), "groups", &[]);
    assert_eq!(groups.rows.len(), 22, "every region and the country");
}

#[test]
fn an_unknown_report_is_answered_with_those_there_are() {
    let error = "results".parse::<ReportName>().unwrap_err().to_string();
    assert!(error.contains("outcomes, groups, composite, funnel"), "{error}");
    assert_eq!("groups".parse::<ReportName>().unwrap().to_string(), "groups");
}
