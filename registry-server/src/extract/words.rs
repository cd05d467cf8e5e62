//! What people call tables, and the measures, levels and comparisons of them.
//!
//! Promises: every registered level and measure has a name (tests say so); what is registered nowhere stands for itself; a table is called
//! by what it is split by, also where that is less than was asked for.

use schemas::language::{Language, Text};

use super::measure::{self, Measure};
use super::vocabulary;
use crate::disclose::engine::Refusal;
use crate::outcome::Comparison;
use crate::report::heading::heading;

/// What a table is called: what it counts, and what it is split by.
pub(crate) fn of_table(measure: &Measure, (asked, split_by): (&str, &str)) -> Text {
    let (what, by, wanted) = (counted(measure), of_crossing(split_by), of_crossing(asked));
    let is_coarser = by != wanted;
    let one = |language: Language| {
        let told = format!("{}, {}", what.pick(language), by.pick(language));
        let more = language.pick("begärd", "asked for");
        if is_coarser { format!("{told} ({more} {})", wanted.pick(language)) } else { told }
    };
    Text::made(one(Language::Sv), one(Language::En))
}

/// What a crossing is called, such as `by region and age groups`; the measure's own dimension is no part of it.
pub(crate) fn of_crossing(crossing: &str) -> Text {
    let one = |language: Language| {
        let names: Vec<String> = crossing.split(',').filter_map(|one| of_dimension(one, language)).collect();
        let Some((last, before)) = names.split_last() else {
            return language.pick("hela landet", "the whole country").to_owned();
        };
        let (by, and) = (language.pick("efter", "by"), language.pick("och", "and"));
        if before.is_empty() { format!("{by} {last}") } else { format!("{by} {} {and} {last}", before.join(", ")) }
    };
    Text::made(one(Language::Sv), one(Language::En))
}

fn of_dimension(one: &str, language: Language) -> Option<String> {
    let (name, level) = one.split_once(':').unwrap_or((one, ""));
    let known = vocabulary::named(name)?;
    Some(of_level(name, level).unwrap_or_else(|| known.title.clone()).pick(language).to_owned())
}

fn counted(measure: &Measure) -> Text {
    let name = of_measure(measure.name());
    let Measure::Scores { instrument, comparison, .. } = measure else { return name };
    let pair = of_comparison(*comparison);
    let one = |language: Language| format!("{}, {instrument} ({})", name.pick(language), pair.pick(language));
    Text::made(one(Language::Sv), one(Language::En))
}

/// Why there is no table.
pub(crate) fn of_refusal(why: Refusal) -> Text {
    let sv = match why {
        Refusal::TooFew => "för få personer: nästan en tredjedel av cellerna skulle döljas på varje nivå",
        Refusal::TooWide => {
            "tillsammans med tabellerna som redan lämnats ut ur underlaget korsar den för många dimensioner för att prövas: välj färre"
        }
        Refusal::Unproved => {
            "tabellerna som lämnats ut ur underlaget stämmer inte längre med det som finns i det: begär ett nytt underlag"
        }
        Refusal::Stopped => "arbetet avbröts",
    };
    Text::made(sv.to_owned(), why.to_string())
}

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

#[cfg(test)]
mod tests {
    use schemas::codelist::CodeLists;

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

    #[test]
    fn a_table_is_called_by_its_dimensions_in_words_and_tells_where_it_is_coarser_than_asked_for() {
        let measure = Measure::read("means", Some("PHQ-9"), None, &CodeLists::builtin()).unwrap();
        let split_by = "region:region,age:broad,answered.PHQ-9.paired:result,mean:PHQ-9.paired";
        let same = of_table(&measure, (split_by, split_by));
        assert_eq!(
            same.pick(Language::Sv),
            "Medelvärden före och efter, effektstorlek, PHQ-9 (före och efter), efter region och breda åldersgrupper"
        );
        let coarser = of_table(&Measure::Persons, ("region:region,sex:sex,period:year", "period:year"));
        assert_eq!(coarser.pick(Language::Sv), "Personer, efter år (begärd efter region, kön och år)");
        assert_eq!(coarser.pick(Language::En), "Persons, by year (asked for by region, sex and year)");
        assert_eq!(of_table(&Measure::Persons, ("", "")).pick(Language::En), "Persons, the whole country");
    }

    #[test]
    fn every_reason_for_no_table_is_told_in_both_languages() {
        for why in [Refusal::TooFew, Refusal::TooWide, Refusal::Unproved, Refusal::Stopped] {
            assert_ne!(of_refusal(why).pick(Language::Sv), of_refusal(why).pick(Language::En));
        }
    }
}
