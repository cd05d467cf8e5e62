//! Registered dimensions as variables, one for each level that can be asked for.
//!
//! Promises: the codes are those of the lists in force, or follow from the calendar; what a cut has too few persons of stands together there.

use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::{Kind, Validity, Variable};
use crate::extract::value::values;
use crate::extract::vocabulary::{self, DIMENSIONS, Registered};
use crate::extract::words;

/// Where the dimensions are written down.
const SOURCE: &str = "The register's vocabulary of extracts";
/// Every level of every dimension.
pub(super) fn all(lists: &CodeLists) -> Vec<Variable> {
    let levels = DIMENSIONS.iter().flat_map(|known| known.levels.iter().map(move |level| (*known, *level)));
    levels.map(|(known, level)| variable(known, level, lists)).collect()
}

fn variable(known: &Registered, level: &str, lists: &CodeLists) -> Variable {
    let is_only = known.levels.len() == 1;
    let name = words::of_level(known.name, level).unwrap_or_else(|| known.title.clone());
    Variable {
        id: if is_only { known.name.to_owned() } else { format!("{}:{level}", known.name) },
        kind: Kind::Dimension,
        name,
        definition: known.meaning.clone(),
        values: values(known.name, level, lists),
        range: (known.name == vocabulary::PERIOD.name).then(|| range(level)),
        validity: Validity::default(),
        source: SOURCE.to_owned(),
    }
}

/// How a period is written.
fn range(level: &str) -> Text {
    match level {
        "year" => Text::fixed("år, som 2026", "years, as 2026"),
        "half" => Text::fixed("halvår, som 2026H1", "half-years, as 2026H1"),
        _ => Text::fixed("kvartal, som 2026Q1", "quarters, as 2026Q1"),
    }
}
