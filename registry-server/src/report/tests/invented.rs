//! A handful of treatments for the worked examples of reports, and a row of a report by its key.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemas::codelist::{CodeLists, Population};
use schemas::record::{Ownership, Sex, Status};

use crate::fact::{DetailFact, Facts, TreatmentFact, UnitFact};
use crate::report::Report;
use crate::report::figure::Figure;

pub(crate) use super::fixture::{report, tried};

/// A completed treatment of a woman of 1990, January to March 2024, who is somebody else in every row.
pub(crate) fn treatment(row: i64, sender: &str, unit: &str) -> TreatmentFact {
    TreatmentFact {
        row,
        subject: row,
        sender: Arc::from(sender),
        unit_start: Arc::from(unit),
        unit_end: None,
        programme: Arc::from("depressionshjalpen"),
        programme_version: None,
        status: Status::Completed,
        end_reason: None,
        started_on: "2024-01-10".parse().unwrap(),
        ended_on: "2024-03-20".parse().unwrap(),
        sex: Some(Sex::F),
        birth_year: Some(1990),
        diagnosis: None,
    }
}

/// The same, ended on another day.
pub(crate) fn ended(row: i64, sender: &str, day: &str) -> TreatmentFact {
    let ended_on: jiff::civil::Date = day.parse().unwrap();
    TreatmentFact {
        ended_on,
        started_on: ended_on.saturating_sub(jiff::Span::new().days(70)),
        ..treatment(row, sender, "A")
    }
}

/// A unit in its sender's county.
pub(crate) fn unit(sender: &str, unit: &str, ownership: Option<Ownership>) -> UnitFact {
    UnitFact {
        sender: Arc::from(sender),
        unit: Arc::from(unit),
        name: Arc::from(unit),
        county: Arc::from(sender),
        care_level: None,
        ownership,
        successor: None,
    }
}

/// A treatment's further fields, none known.
pub(crate) fn detail(row: i64) -> DetailFact {
    DetailFact {
        row,
        referred_on: None,
        assessed_on: None,
        modules_total: None,
        modules_completed: None,
        therapist_minutes: None,
        messages: None,
        sick_leave_before: None,
        sick_leave_after: None,
    }
}

/// Facts of these treatments alone.
pub(crate) fn facts(treatments: Vec<TreatmentFact>) -> Facts {
    Facts { treatments, ..Facts::default() }
}

/// 100 inhabitants of each sex and one-year age, 101 ages.
pub(crate) fn by_age(region: &str, year: i16) -> Vec<Population> {
    let line = |sex, age: u8| Population {
        region: region.to_owned(),
        year,
        sex: Some(sex),
        age_from: Some(age),
        age_to: (age < 100).then_some(age),
        population: 100,
        valid_from: None,
        valid_to: None,
        successor: None,
    };
    (0..=100).flat_map(|age| [line(Sex::F, age), line(Sex::M, age)]).collect()
}

/// As many in every region.
pub(crate) fn inhabitants(year: i16) -> Vec<Population> {
    CodeLists::builtin().regions().flat_map(|region| by_age(&region.code, year)).collect()
}

/// The figures of the row with this key, by column.
pub(crate) fn figures_of(report: &Report, key: &[&str]) -> BTreeMap<String, Figure> {
    let is_one = |(figure, text): (&Figure, &&str)| {
        *figure == Figure::text(text) || (text.is_empty() && *figure == Figure::Undefined)
    };
    let is_it = |row: &&Vec<Figure>| row[..report.keys].iter().zip(key).all(is_one);
    let row = report.rows.iter().find(is_it).unwrap_or_else(|| panic!("no row {key:?}"));
    assert_eq!(report.keys, key.len());
    report.columns.iter().cloned().zip(row.iter().cloned()).collect()
}

/// All notes in English, a line each.
pub(crate) fn told(report: &Report) -> String {
    let notes: Vec<&str> = report.notes.iter().map(|note| note.pick(schemas::language::Language::En)).collect();
    notes.join("\n")
}
