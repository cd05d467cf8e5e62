//! The catalogue beside what can be asked for.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};

use super::*;
use crate::extract::asked::asked;
use crate::extract::measure::names;
use crate::extract::whole::{STATEMENTS, Said, Stated};
use crate::request::form::Table;

fn all() -> Vec<Variable> {
    variables(&CodeLists::builtin())
}

fn ids(kind: Kind) -> Vec<String> {
    all().into_iter().filter(|one| one.kind == kind).map(|one| one.id).collect()
}

#[test]
fn what_stands_in_the_catalogue_can_be_asked_for_and_each_has_one_id() {
    let lists = CodeLists::builtin();
    let variables = all();
    let unique: BTreeSet<(&str, &str)> = variables.iter().map(|one| (one.kind.word(), one.id.as_str())).collect();
    assert_eq!(unique.len(), variables.len());
    for id in ids(Kind::Dimension) {
        let table = Table { split_by: vec![id.clone()], ..Table::default() };
        assert!(asked(&table, &lists).is_ok(), "{id}");
    }
    assert_eq!(ids(Kind::Measure), names());
    assert_eq!(ids(Kind::Instrument).len(), lists.instruments().count());
    for id in ids(Kind::Comparison) {
        let (measure, instrument) = ("means".to_owned(), "PHQ-9".to_owned());
        let table = Table { measure, instrument, comparison: Some(id.clone()), ..Table::default() };
        assert!(asked(&table, &lists).is_ok(), "{id}");
    }
    let refused = Table { split_by: vec!["shoe_size".to_owned()], ..Table::default() };
    assert!(asked(&refused, &lists).is_err(), "what is not registered is refused");
}

#[test]
fn every_variable_has_names_and_a_definition_in_both_languages_and_values_or_a_range() {
    for one in all() {
        for language in [Language::Sv, Language::En] {
            assert!(!one.name.pick(language).is_empty() && !one.definition.pick(language).is_empty(), "{}", one.id);
        }
        assert!(!one.values.is_empty() || one.range.is_some() || one.kind == Kind::Comparison, "{}", one.id);
    }
    let phq = all().into_iter().find(|one| one.id == "PHQ-9").unwrap();
    assert_eq!(phq.range.unwrap().pick(Language::Sv), "0 – 27 poäng");
    assert!(phq.definition.pick(Language::En).starts_with("A higher total is worse; a case from 10;"));
}

#[test]
fn a_search_finds_by_id_name_definition_and_value_in_either_language() {
    let found =
        |search: &str| -> Vec<String> { all().into_iter().filter(|one| one.has(search)).map(|one| one.id).collect() };
    assert_eq!(found("juridiskt kön"), ["sex"]);
    assert_eq!(found("LEGAL SEX"), ["sex"]);
    assert!(found("phq-9").contains(&"PHQ-9".to_owned()));
    assert_eq!(found("kronoberg"), ["region"], "by a value");
    assert_eq!(found("skostorlek"), [""; 0]);
    assert_eq!(found("").len(), all().len());
}

#[test]
fn the_files_hold_every_variable_and_value_and_are_the_same_each_time() {
    let variables = all();
    let values: usize = variables.iter().map(|one| one.values.len()).sum();
    let document = document::document(&variables, None);
    assert!(document["whole"].is_null());
    let told = document["variables"].as_array().unwrap();
    assert_eq!(told.len(), variables.len());
    assert_eq!(told.iter().map(|one| one["values"].as_array().unwrap().len()).sum::<usize>(), values);
    let region = told.iter().find(|one| one["id"] == "region").unwrap();
    assert_eq!(region["values"][0]["code"], "01");
    let name = Text::fixed("Region Kronoberg", "Region Kronoberg");
    let lines = vec![("07".to_owned(), name.clone(), Said::Percent(83)), ("12".to_owned(), name, Said::Hidden)];
    let whole = ("c1".to_owned(), vec![Stated { statement: &STATEMENTS[0], lines }]);
    let book = workbook::workbook(&variables, Some(&whole)).unwrap();
    assert!(book == workbook::workbook(&variables, Some(&whole)).unwrap());
    let mut read: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book)).unwrap();
    assert_eq!(read.worksheet_range("variables").unwrap().height(), 1 + variables.len());
    let sheet = read.worksheet_range("values").unwrap();
    assert_eq!(sheet.height(), 1 + values);
    assert_eq!(sheet.get_value((1, 2)).unwrap().to_string(), "01", "a code stays a text");
    let sheet = read.worksheet_range("whole").unwrap();
    let line = |row: u32| [0, 1, 5, 6].map(|column| sheet.get_value((row, column)).unwrap().to_string());
    assert_eq!(line(1), ["c1", "coverage", "07", "83"]);
    assert_eq!(line(2), ["c1", "coverage", "12", "*"]);
}
