//! Outside denominators as staff get them: a CSV file of ended treatments, for example the platform's own statistics.
//!
//! Promises: a file is taken in whole or not at all; a fault is told with file, line and column, and without the value.
//! Must not know: where the lines are kept, or what is made of them.

use std::collections::HashSet;

use schemas::codelist::{CodeListError, CodeLists, ProgrammeKind};
use schemas::id::HsaId;

use crate::fact::Denominator;

/// The columns that a file must have; `unit` and `programme` may be empty.
const COLUMNS: [&str; 7] = ["region", "unit", "programme", "month", "ended", "source", "date"];

/// Reads a file's text.
///
/// # Errors
/// The first fault, with its line and column.
pub fn read(file: &str, text: &str, lists: &CodeLists) -> Result<Vec<Denominator>, CodeListError> {
    let fault = |line: u64, column: Option<&str>, message: &str| CodeListError {
        file: file.to_owned(),
        line,
        column: column.map(str::to_owned),
        message: message.to_owned(),
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| fault(1, None, "cannot be read as CSV in UTF-8"))?.clone();
    if let Some(missing) = COLUMNS.iter().find(|column| !header.iter().any(|name| name == **column)) {
        return Err(fault(1, Some(missing), &format!("is missing; the columns are {}", COLUMNS.join(", "))));
    }
    let (mut lines, mut keys) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let broken = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
        let record = record.map_err(|error| {
            fault(broken(&error), None, "has another number of fields than the header, or is not UTF-8")
        })?;
        let number = record.position().map_or(1, csv::Position::line);
        let value =
            |column: &str| header.iter().position(|name| name == column).and_then(|at| record.get(at)).unwrap_or("");
        let line = line(value, lists).map_err(|(column, message)| fault(number, Some(column), message))?;
        if !keys.insert((line.region.clone(), line.unit.clone(), line.programme.clone(), line.month.clone())) {
            return Err(fault(
                number,
                None,
                "repeats the region, unit, programme and month of an earlier line; keep one",
            ));
        }
        lines.push(line);
    }
    Ok(lines)
}

/// A column and what is wrong in it.
type Wrong = (&'static str, &'static str);

fn line<'a>(value: impl Fn(&str) -> &'a str, lists: &CodeLists) -> Result<Denominator, Wrong> {
    let optional = |column: &str| Some(value(column)).filter(|text| !text.is_empty()).map(str::to_owned);
    let (region, unit, programme) = (value("region").to_owned(), optional("unit"), optional("programme"));
    check_place(Some(&region), unit.as_deref(), programme.as_deref(), lists)?;
    let month = value("month").to_owned();
    if month.len() != 7 || format!("{month}-01").parse::<jiff::civil::Date>().is_err() {
        return Err(("month", "is a month such as 2025-09"));
    }
    let ended = value("ended").parse().map_err(|_| ("ended", "is how many treatments ended, a whole number"))?;
    let source = optional("source").ok_or(("source", "says who counted; fill it in"))?;
    let date = value("date").parse().map_err(|_| ("date", "is the day of the count, such as 2025-10-15"))?;
    Ok(Denominator { region, unit, programme, month, ended, source, date })
}

/// Holds a region, unit and programme against the lists; what is not given is right.
///
/// # Errors
/// The column of the first that is not in its list, and what to write instead.
pub fn check_place(
    region: Option<&str>,
    unit: Option<&str>,
    programme: Option<&str>,
    lists: &CodeLists,
) -> Result<(), Wrong> {
    if region.is_some_and(|code| lists.region(code).is_none()) {
        return Err(("region", "is no county code; see schemas/codelists/regions.csv"));
    }
    if unit.is_some_and(|unit| unit.parse::<HsaId>().is_err()) {
        return Err(("unit", "is no HSA-id (SE, ten digits, hyphen, id)"));
    }
    match programme.map(|code| lists.programme(code)) {
        Some(None) => Err(("programme", "is not in the code list; see schemas/codelists/programmes.csv")),
        Some(Some(programme)) if programme.kind == ProgrammeKind::Support => {
            Err(("programme", "is a support programme, of which the register holds nothing; leave the line out"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "region,unit,programme,month,ended,source,date\n";

    fn read_line(line: &str) -> Result<Vec<Denominator>, String> {
        read("d.csv", &format!("{HEADER}{line}\n"), &CodeLists::builtin()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_may_leave_unit_and_programme_empty() {
        let lines =
            read_line("12,,,2025-09,40,SoB,2025-10-15\n12,SE9990120000-E002,oroshjalpen,2025-09,7,SoB,2025-10-15")
                .unwrap();
        assert_eq!((lines[0].unit.as_deref(), lines[0].programme.as_deref(), lines[0].ended), (None, None, 40));
        assert_eq!((lines[1].unit.as_deref(), lines[1].month.as_str()), (Some("SE9990120000-E002"), "2025-09"));
        assert_eq!(read_line(""), Ok(Vec::new()));
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_column() {
        for (line, says) in [
            ("99,,,2025-09,40,SoB,2025-10-15", "d.csv, line 2, column region: is no county code"),
            ("12,E002,,2025-09,40,SoB,2025-10-15", "line 2, column unit: is no HSA-id"),
            ("12,,oro,2025-09,40,SoB,2025-10-15", "line 2, column programme: is not in the code list"),
            ("12,,artrosskola,2025-09,40,SoB,2025-10-15", "column programme: is a support programme"),
            ("12,,,2025-9,40,SoB,2025-10-15", "column month: is a month such as 2025-09"),
            ("12,,,2025-09,-1,SoB,2025-10-15", "column ended: is how many"),
            ("12,,,2025-09,40,,2025-10-15", "column source: says who counted"),
            ("12,,,2025-09,40,SoB,15/10", "column date: is the day"),
            ("12,,,2025-09,40,SoB,2025-10-15\n12,,,2025-09,41,SoB,2025-10-15", "line 3: repeats the region"),
            ("12,,,2025-09,40", "line 2: has another number of fields"),
        ] {
            let error = read_line(line).unwrap_err();
            assert!(error.contains(says), "{line}: {error}");
        }
        let error = read("d.csv", "region,unit\n", &CodeLists::builtin()).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("d.csv, line 1, column programme: is missing; the columns are {}", COLUMNS.join(", "))
        );
    }
}
