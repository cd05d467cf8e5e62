//! How many have a first score and no second.

use std::collections::BTreeMap;

use crate::aggregate::pairs::{PairTable, Series, SeriesName};
use crate::outcome::Comparison;
use crate::report::Text;
use crate::report::figure::Figure;
use crate::report::heading::Unit;
use crate::report::label::comparison;
use crate::report::render::number::shown;
use schemas::language::Language;

/// The share that has a first score and no second, for each instrument and comparison, over the whole selection.
pub(in crate::report) fn missing_second(pairs: &PairTable, whole: &BTreeMap<SeriesName, Series>) -> Option<Text> {
    let mut shares: Vec<(&str, Comparison, f64)> = whole
        .iter()
        .filter(|(_, series)| series.firsts > 0)
        .map(|((instrument, comparison), series)| {
            let missing = (series.firsts - series.paired()) as f64 / series.firsts as f64;
            (&*pairs.instruments[*instrument], *comparison, missing)
        })
        .collect();
    shares.sort_by_key(|(instrument, compared, _)| (*instrument, compared.to_string()));
    let told = |language| {
        let one = |(instrument, compared, missing): &(&str, Comparison, f64)| {
            let share = shown(&Figure::from(*missing), Unit::Share, language);
            format!("{instrument} ({}) {share} %", comparison(*compared).pick(language))
        };
        shares.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    (!shares.is_empty()).then(|| {
        Text::made(
            format!("Med en första men ingen andra skattning: {}.", told(Language::Sv)),
            format!("With a first but no second score: {}.", told(Language::En)),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use schemas::language::Language::{self, En, Sv};

    use crate::fact::{Facts, OutcomeFact};
    use crate::outcome::Comparison;
    use crate::report::render;
    use crate::report::tests::invented::{facts, report, treatment};

    fn four() -> Facts {
        let score = |row, instrument: &str, comparison, second| OutcomeFact {
            row,
            instrument: Arc::from(instrument),
            comparison,
            first: Some(10.0),
            second,
        };
        let mut facts = facts((1..=4).map(|row| treatment(row, "12", "A")).collect());
        facts.outcomes = (1..=4).map(|row| score(row, "PHQ-9", Comparison::Paired, (row > 1).then_some(4.0))).collect();
        facts.outcomes.push(score(1, "GAD-7", Comparison::FirstLast, None));
        facts
    }

    #[test]
    fn who_lacks_a_second_score_is_told_in_words_for_each_instrument_and_comparison() {
        let made = report(four(), "outcomes", &[("comparison", "all")]);
        let note = |language: Language| {
            made.notes.iter().map(|note| note.pick(language)).find(|note| note.contains("PHQ-9 ("))
        };
        assert_eq!(
            note(Sv),
            Some(
                "Med en första men ingen andra skattning: GAD-7 (första och sista) 100,0 %; PHQ-9 (före och efter) 25,0 %."
            )
        );
        assert_eq!(
            note(En),
            Some("With a first but no second score: GAD-7 (first and last) 100.0 %; PHQ-9 (before and after) 25.0 %.")
        );
        for language in [Sv, En] {
            assert!(!render::table(&made, language).contains("paired"), "a code stands in the table of a terminal");
        }
        assert!(render::csv(&made).unwrap().contains(",paired,"), "files keep the codes");
    }
}
