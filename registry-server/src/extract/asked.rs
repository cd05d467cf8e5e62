//! A table of a request, held against what is registered: by which dimensions, at which levels, of which measure.
//!
//! Promises: what is refused is told in one sentence with the valid choices, the same that the engine gives; which codes a cut has is not
//! needed to know it. Must not know: persons, cuts.

use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::measure::{Kind as Of, Measure};
use super::vocabulary::DIMENSIONS;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::vocabulary::{Dimension, Kind, Vocabulary};
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
    let own = is_crossed(&measure).then(|| measure.to_string());
    let text: Vec<&str> = table.split_by.iter().map(String::as_str).chain(own.as_deref()).collect();
    let known = skeleton(own.as_deref());
    // The engine's sentences name what was asked for; in a form that is one word of a list.
    let request = Request::read(&text.join(","), &known).map_err(|why| Text::made(why.to_string(), why.to_string()))?;
    Ok(Asked { measure, crossing: request.text(&known) })
}

/// Whether a measure is a dimension of its own in the engine.
pub(super) fn is_crossed(measure: &Measure) -> bool {
    !matches!(measure, Measure::Persons | Measure::Scores { kind: Of::Means, .. })
}

/// The levels of a measure's own dimension: among whom it is judged, and how.
pub(super) fn levels(measure: &str) -> &'static [&'static str] {
    let is_plain = measure == super::measure::COMPLETED || measure.starts_with(super::measure::ANSWERED);
    if is_plain { &["result"] } else { &["judged", "result"] }
}

/// The registered dimensions without codes, which no question needs.
fn skeleton(own: Option<&str>) -> Vocabulary {
    let bare = |name: &str, kind, levels: &[&str]| Dimension::new(name, kind, levels, &[]);
    let known = DIMENSIONS.into_iter().map(|known| bare(known.name, known.kind, known.levels));
    let own = own.map(|name| bare(name, Kind::Outcome, levels(name)));
    // Without codes there is none that could be out of place.
    Vocabulary::new(known.chain(own).flatten().collect())
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
        assert_eq!(crossing(table(&["period:year"], "means", "PHQ-9")), "period:year");
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
