//! What every figure means, for the definitions page and the code book: meaning, formula, population, source and a worked example.
//!
//! Promises: each worked example is computed by the code that computes the figure (a test holds the answer against the written one), so
//! that the page cannot tell anything else than the program does. To add a figure: a `Definition` in its measure's file and a line
//! in `FIGURES`; a share of pairs is a line in `ALL` of the measures.
//! Must not know: how it is printed.

use schemas::language::Text;

use super::{
    Measure, change, completeness, composite, control_limits, coverage, decile, duplicates, effect_size, flow, growth,
    rate, share, sick_leave, trajectory, waiting,
};

/// A figure that is not a share of pairs.
#[derive(Debug)]
pub struct Definition {
    /// The column, or what the columns of the figure begin with.
    pub name: &'static str,
    /// What it tells, in one sentence.
    pub meaning: Text,
    /// How it is computed.
    pub formula: &'static str,
    /// Over whom.
    pub population: Text,
    /// Where the rule comes from.
    pub source: &'static str,
    /// What is given in the example.
    pub given: Text,
    /// What the example comes to: name and figure, absent where it is undefined.
    pub gives: &'static [(&'static str, Option<f64>)],
    /// The same computed.
    pub compute: fn() -> Vec<Option<f64>>,
}

/// A definition as it is shown, whatever kind of figure it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The column, or what its columns begin with.
    pub name: &'static str,
    /// What it tells.
    pub meaning: Text,
    /// How it is computed.
    pub formula: &'static str,
    /// Over whom.
    pub population: Text,
    /// Where the rule comes from.
    pub source: &'static str,
    /// The worked example, in words.
    pub example: Text,
}

/// Every figure that is not a share of pairs, in the order of the page.
pub const FIGURES: &[&Definition] = &[
    &share::SHARE,
    &rate::RATE,
    &change::MEAN,
    &change::INTERVAL,
    &effect_size::PRE,
    &effect_size::POOLED,
    &effect_size::Z,
    &effect_size::HEDGES,
    &effect_size::HEDGES_EXACT,
    &composite::COMPOSITE,
    &control_limits::LIMITS,
    &control_limits::EXACT,
    &decile::DECILES,
    &growth::GROWTH,
    &waiting::WAITING,
    &sick_leave::SICK_LEAVE,
    &coverage::COVERAGE,
    &coverage::TRANSFER,
    &completeness::COMPLETENESS,
    &duplicates::DUPLICATES,
    &trajectory::TRAJECTORY,
    &flow::FLOW,
];

/// Every definition, in the order of the page.
#[must_use]
pub fn all() -> Vec<Entry> {
    FIGURES.iter().map(|figure| of_figure(figure)).chain(super::ALL.iter().map(|measure| of_measure(measure))).collect()
}

fn of_figure(figure: &Definition) -> Entry {
    let named = |(name, value): &(&str, Option<f64>)| {
        value.map_or_else(|| format!("{name} = "), |value| format!("{name} = {value}"))
    };
    let comes_to = figure.gives.iter().map(named).collect::<Vec<_>>().join("; ");
    Entry {
        name: figure.name,
        meaning: figure.meaning.clone(),
        formula: figure.formula,
        population: figure.population.clone(),
        source: figure.source,
        example: both(|language| format!("{}: {comes_to}", figure.given.pick(language))),
    }
}

fn of_measure(measure: &Measure) -> Entry {
    let pairs: Vec<String> =
        measure.example.pairs.iter().map(|(first, second)| format!("{first} → {second}")).collect();
    let (pairs, n, d) = (pairs.join(", "), measure.example.n, measure.example.d);
    Entry {
        name: measure.name,
        meaning: measure.meaning.clone(),
        formula: measure.formula,
        population: measure.denominator.clone(),
        source: measure.source,
        example: Text::made(
            format!("PHQ-9, före → efter {pairs}: {n} av {d}"),
            format!("PHQ-9, first → second {pairs}: {n} of {d}"),
        ),
    }
}

fn both(text: impl Fn(schemas::language::Language) -> String) -> Text {
    use schemas::language::Language::{En, Sv};
    Text::made(text(Sv), text(En))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_worked_example_comes_to_what_is_written() {
        for figure in FIGURES {
            let computed = (figure.compute)();
            assert_eq!(computed.len(), figure.gives.len(), "{}", figure.name);
            for ((name, written), computed) in figure.gives.iter().zip(computed) {
                let same = match (written, computed) {
                    (None, None) => true,
                    (Some(written), Some(computed)) => (written - computed).abs() <= 1e-9 * written.abs().max(1.0),
                    _ => false,
                };
                assert!(same, "{} {name}: {computed:?} instead of {written:?}", figure.name);
            }
        }
    }

    #[test]
    fn every_definition_says_everything_in_both_languages_under_a_name_of_its_own() {
        use schemas::language::Language::{En, Sv};
        let mut names = BTreeSet::new();
        for entry in all() {
            assert!(names.insert(entry.name), "{} twice", entry.name);
            for text in [&entry.meaning, &entry.population, &entry.example] {
                assert!(text.pick(Sv).len() > 5 && text.pick(En).len() > 5, "{}", entry.name);
            }
            assert_ne!(entry.meaning.pick(Sv), entry.meaning.pick(En), "{}", entry.name);
            assert!(!entry.formula.is_empty() && !entry.source.is_empty(), "{}", entry.name);
        }
    }
}
