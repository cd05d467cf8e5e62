//! The catalogue as a workbook: the variables on one sheet, their values on another, how whole the newest data set is on a third.
//!
//! Promises: every cell is a text, also where it begins as a formula does; the same lists and statements give the same
//! bytes.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use schemas::language::{Language, Text};

use super::Variable;
use crate::extract::whole::{Said, Stated};

/// Widths of columns, in characters.
const WIDE: f64 = 40.0;
const NARROW: f64 = 16.0;
const VARIABLES: [&str; 11] = [
    "id",
    "kind",
    "name_sv",
    "name_en",
    "definition_sv",
    "definition_en",
    "range_sv",
    "range_en",
    "valid_from",
    "valid_to",
    "source",
];
const VALUES: [&str; 7] = ["variable", "kind", "code", "name_sv", "name_en", "valid_from", "valid_to"];

const WHOLE: [&str; 9] =
    ["cut", "statement", "name_sv", "name_en", "by", "code", "percent", "definition_sv", "definition_en"];

/// The workbook's bytes; with the data set that something is stated of, where there is one.
///
/// # Errors
/// When a text does not fit into a cell.
pub fn workbook(variables: &[Variable], whole: Option<&(String, Vec<Stated>)>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The moment of making would make every file another.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    let lines = variables.iter().map(|one| {
        let empty = Text::fixed("", "");
        let range = one.range.as_ref().unwrap_or(&empty);
        let [name, meaning, range] = [&one.name, &one.definition, range].map(both);
        let texts = [name, meaning, range].concat();
        let first = [one.id.clone(), one.kind.word().to_owned()];
        let last = [day(one.validity.from), day(one.validity.to), one.source.clone()];
        first.into_iter().chain(texts).chain(last).collect()
    });
    sheet(workbook.add_worksheet(), "variables", (&VARIABLES, lines.collect()))?;
    let lines = variables.iter().flat_map(|one| one.values.iter().map(move |value| (one, value)));
    let lines = lines.map(|(one, value)| {
        let [sv, en] = both(&value.name);
        let (id, kind) = (one.id.clone(), one.kind.word().to_owned());
        vec![id, kind, value.code.clone(), sv, en, day(value.validity.from), day(value.validity.to)]
    });
    sheet(workbook.add_worksheet(), "values", (&VALUES, lines.collect()))?;
    if let Some((cut, stated)) = whole {
        let lines =
            stated.iter().flat_map(|Stated { statement, lines }| lines.iter().map(move |line| (*statement, line)));
        let lines = lines.map(|(statement, (code, _, said))| {
            let ([sv, en], [meaning_sv, meaning_en]) = (both(&statement.title), both(&statement.meaning));
            let [name, by] = [statement.name, statement.by].map(str::to_owned);
            vec![cut.clone(), name, sv, en, by, code.clone(), percent(*said), meaning_sv, meaning_en]
        });
        sheet(workbook.add_worksheet(), "whole", (&WHOLE, lines.collect()))?;
    }
    workbook.save_to_buffer()
}

fn sheet(sheet: &mut Worksheet, name: &str, (heads, lines): (&[&str], Vec<Vec<String>>)) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, column, *head, &bold)?;
        let is_wide = head.starts_with("definition") || head.starts_with("name");
        sheet.set_column_width(column, if is_wide { WIDE } else { NARROW })?;
    }
    for (row, line) in (1_u32..).zip(lines) {
        for (column, text) in (0_u16..).zip(line) {
            sheet.write_string(row, column, text)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn both(text: &Text) -> [String; 2] {
    [Language::Sv, Language::En].map(|language| text.pick(language).to_owned())
}

/// Whole per cent, or the mark.
fn percent(said: Said) -> String {
    match said {
        Said::Percent(percent) => percent.to_string(),
        said => said.text(Language::En),
    }
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
