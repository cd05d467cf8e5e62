//! A table of a request, held against what is registered: by which dimensions, at which levels, of which measure.
//!
//! Promises: what is refused is told in one sentence with the valid choices, the same that the engine gives; which codes a cut has is not
//! needed to know it. Must not know: persons, cuts.

use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::measure::{MEAN, Measure};
use super::vocabulary::{DIMENSIONS, Registered};
use crate::disclose::engine::request::Request;
use crate::disclose::engine::vocabulary::{Dimension, Kind, Unregistered, Vocabulary};
use crate::request::form::Table;

/// Longest text of one choice that is read.
const LONGEST: usize = 200;

/// A table that may be built.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is counted.
    pub measure: Measure,
    /// What it is split by, as the engine is asked: `region:region,age:broad`, with the measure's own dimension where it has one.
    pub crossing: String,
}

/// The table as it may be built.
///
/// # Errors
/// What to write instead.
pub fn asked(table: &Table, lists: &CodeLists) -> Result<Asked, Text> {
    let instrument = Some(table.instrument.as_str()).filter(|code| !code.is_empty());
    let measure = Measure::read(&table.measure, instrument, table.comparison.as_deref(), lists);
    let measure = measure.map_err(super::measure::Unmeasured::sentence)?;
    if table.split_by.iter().any(|one| one.chars().count() > LONGEST || one.contains(',')) {
        return Err(Text::fixed("skriv en dimension i varje citat", "write one dimension in each pair of quotes"));
    }
    let known = skeleton(&measure, lists).map_err(|_| Text::fixed("måttet finns inte", "there is no such measure"))?;
    let own = match measure.scored() {
        Some(scored) => Some(format!("{MEAN}{scored}")),
        None => measure.dimension().map(|own| own.name),
    };
    let text: Vec<&str> = table.split_by.iter().map(String::as_str).chain(own.as_deref()).collect();
    // The engine's sentences name what was asked for; in a form that is one word of a list.
    let request = Request::read(&text.join(","), &known).map_err(|why| Text::made(why.to_string(), why.to_string()))?;
    Ok(Asked { measure, crossing: request.text(&known) })
}

/// The registered dimensions without codes, which no question needs, and the measure's own.
fn skeleton(measure: &Measure, lists: &CodeLists) -> Result<Vocabulary, Unregistered> {
    let bare = |known: &Registered| Dimension::new(known.name, known.kind, known.levels, &[]);
    let mut dimensions = DIMENSIONS.into_iter().map(bare).collect::<Result<Vec<_>, _>>()?;
    if let Some(own) = measure.dimension() {
        dimensions.push(Dimension::new(&own.name, Kind::Outcome, own.levels, own.codes)?);
    }
    super::population::scored(Vocabulary::new(dimensions), measure, lists)
}

#[cfg(test)]
mod tests {
    use schemas::language::Language;

    use super::*;

    fn table(split_by: &[&str], measure: &str, instrument: &str) -> Table {
        Table {
            split_by: split_by.iter().map(|one| (*one).to_owned()).collect(),
            measure: measure.to_owned(),
            instrument: instrument.to_owned(),
            comparison: None,
        }
    }

    fn said(table: &Table) -> String {
        asked(table, &CodeLists::builtin()).unwrap_err().pick(Language::En).to_owned()
    }

    #[test]
    fn a_table_is_asked_for_by_dimension_and_level() {
        let lists = CodeLists::builtin();
        let crossing = |table| asked(&table, &lists).unwrap().crossing;
        assert_eq!(crossing(table(&["sex", "region"], "persons", "")), "region:region,sex:sex");
        assert_eq!(crossing(table(&["age:broad"], "recovery", "PHQ-9")), "age:broad,recovery.PHQ-9.paired:result");
        let means = "period:year,answered.PHQ-9.paired:result,mean:PHQ-9.paired";
        assert_eq!(crossing(table(&["period:year"], "means", "PHQ-9")), means);
        assert_eq!(crossing(table(&[], "completed", "")), "completed:result");
        assert_eq!(crossing(table(&[], "", "")), "");
    }

    #[test]
    fn filters_bands_and_dimensions_of_ones_own_and_too_many_at_once_are_refused() {
        assert!(said(&table(&["sex=F"], "", "")).contains("filter of its own"));
        assert!(said(&table(&["age:18-21"], "", "")).contains("choose broad, band"));
        assert!(said(&table(&["municipality"], "", "")).contains("is not registered"));
        assert!(said(&table(&["region,sex"], "", "")).contains("each pair of quotes"));
        assert!(said(&table(&["region", "sex", "age", "severity"], "", "")).contains("at most 3"));
        assert!(said(&table(&["sex", "sex"], "", "")).contains("asked for twice"));
        assert!(said(&table(&[], "recovery", "")).contains("of an instrument"));
    }
}
