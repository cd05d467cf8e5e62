//! Instruments, the measures of them, and which two scores they compare, as variables.
//!
//! Promises: a measure's definition is the register's own, of the definitions page; an instrument's constants are those of its code list.

use schemas::codelist::{CodeLists, Instrument};
use schemas::language::{Language, Text};

use super::{Kind, Validity, Variable};
use crate::extract::measure::{ANSWERED, COMPLETED, MEANS, PERSONS, judged, names};
use crate::extract::words;
use crate::outcome::Comparison;

/// The comparisons that are told; a follow-up may come after any number of months.
const COMPARISONS: [Comparison; 5] =
    [Comparison::Paired, Comparison::FirstLast, Comparison::Locf, Comparison::Followup(6), Comparison::Followup(12)];
const OWN: &str = "The register's definitions";

/// Every measure.
pub(super) fn measures() -> Vec<Variable> {
    names().into_iter().map(measure).collect()
}

fn measure(name: &'static str) -> Variable {
    let known = judged().find(|known| known.name == name);
    let definition = match (name, known) {
        (PERSONS, _) => Text::fixed(
            "Antal personer med en avslutad behandling; var och en räknas en gång hos varje avsändare.",
            "The number of persons with an ended treatment; each is counted once at each sender.",
        ),
        (COMPLETED, _) => Text::fixed(
            "Andelen vars behandling fullföljdes, av alla avslutade.",
            "The share whose treatment was completed, of all that ended.",
        ),
        (ANSWERED, _) => Text::fixed(
            "Andelen med båda skattningarna som jämförs.",
            "The share with both of the scores that are compared.",
        ),
        (MEANS, _) => Text::fixed(
            "Medelvärde och standardavvikelse före och efter, förändring och effektstorlek med 95 % intervall; från tio par.",
            "Mean and standard deviation before and after, change and effect size with its 95 % interval; from ten pairs on.",
        ),
        (_, Some(known)) => known.meaning.clone(),
        _ => words::of_measure(name),
    };
    let range = match name {
        PERSONS => Text::fixed("hela tal, avrundade", "whole numbers, rounded"),
        MEANS => Text::fixed("instrumentets poäng", "the instrument's points"),
        _ => Text::fixed("antal och andel, avrundade", "number and share, rounded"),
    };
    Variable {
        id: name.to_owned(),
        kind: Kind::Measure,
        name: words::of_measure(name),
        definition,
        values: Vec::new(),
        range: Some(range),
        validity: Validity::default(),
        source: known.map_or(OWN, |known| known.source).to_owned(),
    }
}

/// Which two scores.
pub(super) fn comparisons() -> Vec<Variable> {
    let one = |comparison: Comparison| Variable {
        id: comparison.to_string(),
        kind: Kind::Comparison,
        name: words::of_comparison(comparison),
        definition: match comparison {
            Comparison::Paired => Text::fixed(
                "Skattningen före mot den efter; inget annat får träda in.",
                "The score before against the one after; nothing else stands in.",
            ),
            Comparison::FirstLast => Text::fixed(
                "Den första mot den sista efter datum, bland screening, före, veckovis och efter.",
                "The first against the last by date, among screening, before, weekly and after.",
            ),
            Comparison::Locf => Text::fixed(
                "Skattningen före mot den sista av före, veckovis och efter.",
                "The score before against the last of before, weekly and after.",
            ),
            Comparison::Followup(_) => Text::fixed(
                "Skattningen före mot den vid uppföljningen, så många månader efter.",
                "The score before against the one at the follow-up, so many months after.",
            ),
        },
        values: Vec::new(),
        range: None,
        validity: Validity::default(),
        source: OWN.to_owned(),
    };
    COMPARISONS.into_iter().map(one).collect()
}

/// Every instrument.
pub(super) fn instruments(lists: &CodeLists) -> Vec<Variable> {
    lists.instruments().map(instrument).collect()
}

fn instrument(known: &Instrument) -> Variable {
    let [sv, en] = [Language::Sv, Language::En].map(|language| constants(known, language));
    let range = |language: Language| {
        let points = language.pick("poäng", "points");
        format!("{} – {} {points}", number(known.lowest, language), number(known.highest, language))
    };
    Variable {
        id: known.code.clone(),
        kind: Kind::Instrument,
        name: Text::made(known.code.clone(), known.code.clone()),
        definition: Text::made(sv, en),
        values: Vec::new(),
        range: Some(Text::made(range(Language::Sv), range(Language::En))),
        validity: Validity { from: known.valid_from, to: known.valid_to },
        source: known.source.clone(),
    }
}

/// What is agreed on an instrument, in a sentence.
fn constants(known: &Instrument, language: Language) -> String {
    let (better, worse) = ("Högre totalpoäng är bättre", "Högre totalpoäng är sämre");
    let (better_en, worse_en) = ("A higher total is better", "A higher total is worse");
    let first = if known.higher_is_better { language.pick(better, better_en) } else { language.pick(worse, worse_en) };
    let told = [
        (known.caseness_from, language.pick("fall från", "a case from")),
        (known.remission_to, language.pick("remission till och med", "remission up to")),
        (known.reliable_change, language.pick("tillförlitlig förändring från", "reliable change from")),
    ];
    let told = told.into_iter().filter_map(|(at, words)| Some(format!("; {words} {}", number(at?, language))));
    format!("{first}{}.", told.collect::<String>())
}

/// A constant with the decimals that it has.
fn number(value: f64, language: Language) -> String {
    let decimals = (0..3).find(|places| (value * 10_f64.powi(*places)).fract().abs() < 1e-9).unwrap_or(3);
    language.number(value, usize::try_from(decimals).unwrap_or(3))
}
