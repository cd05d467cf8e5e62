//! What people call the measures, levels and comparisons of tables.
//!
//! Promises: every registered level and measure has a name (tests say so); what is registered nowhere stands for itself.

use schemas::codelist::CodeLists;
use schemas::language::Text;

use crate::extract::measure;
use crate::outcome::Comparison;
use crate::report::heading::heading;
use crate::report::label::label;

/// What a measure is called.
pub(crate) fn of_measure(name: &str) -> Text {
    match name {
        measure::PERSONS => Text::fixed("Personer", "Persons"),
        measure::MEANS => {
            Text::fixed("Medelvärden före och efter, effektstorlek", "Means before and after, effect size")
        }
        other => {
            let named = heading(&format!("{other}_p")).map(|heading| heading.text);
            named.unwrap_or_else(|| Text::made(other.to_owned(), other.to_owned()))
        }
    }
}

/// What a level of a dimension is called, where it has another name than its dimension.
pub(crate) fn of_level(dimension: &str, level: &str) -> Option<Text> {
    let (sv, en) = match (dimension, level) {
        ("age", "broad") => ("breda åldersgrupper", "broad age groups"),
        ("age", "band") => ("åldersgrupper", "age groups"),
        ("programme", "condition") => ("tillstånd", "condition"),
        ("programme", "programme") => ("program", "programme"),
        ("period", "year") => ("år", "year"),
        ("period", "half") => ("halvår", "half-year"),
        ("period", "quarter") => ("kvartal", "quarter"),
        _ => return None,
    };
    Some(Text::fixed(sv, en))
}

/// What a comparison is called.
pub(crate) fn of_comparison(comparison: Comparison) -> Text {
    match comparison {
        Comparison::Paired => Text::fixed("före och efter", "before and after"),
        Comparison::FirstLast => Text::fixed("första och sista", "first and last"),
        Comparison::Locf => Text::fixed("före och den sista som finns", "before and the last there is"),
        Comparison::Followup(months) => Text::made(
            format!("före och uppföljning efter {months} månader"),
            format!("before and the follow-up after {months} months"),
        ),
    }
}

/// What a code of a column is called.
pub(crate) fn of_code((column, code): (&str, &str), lists: &CodeLists) -> Text {
    label(column, code, lists).unwrap_or_else(|| Text::made(code.to_owned(), code.to_owned()))
}

#[cfg(test)]
mod tests {
    use schemas::language::Language;

    use super::*;
    use crate::extract::vocabulary::DIMENSIONS;

    #[test]
    fn every_registered_measure_and_every_level_of_several_has_a_name() {
        for name in measure::names() {
            assert_ne!(of_measure(name).pick(Language::Sv), name);
        }
        for dimension in DIMENSIONS.iter().filter(|dimension| dimension.levels.len() > 1) {
            for level in dimension.levels {
                assert!(of_level(dimension.name, level).is_some(), "{} {level}", dimension.name);
            }
        }
    }
}
