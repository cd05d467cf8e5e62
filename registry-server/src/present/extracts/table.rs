//! Tables of a request, as they are typed: a part of the form for each, with a list for every dimension, the measure and the instrument.
//!
//! Promises: a part in which nothing was chosen is no table; what was typed and is no choice stays a table that is told its fault, and
//! is shown.

use schemas::codelist::CodeLists;
use schemas::language::{Language, Text};

use super::typed::Pairs;
use crate::extract::measure;
use crate::extract::vocabulary::{DIMENSIONS, Registered, named};
use crate::extract::words;
use crate::outcome::Comparison;
use crate::present::visit::value;
use crate::request::form::Table;

/// Tables of one form.
const MOST: usize = 20;
/// What is chosen beside the dimensions.
const MEASURE: &str = "measure";
const INSTRUMENT: &str = "instrument";
const COMPARISON: &str = "comparison";
/// What a file asked to be split by that is no dimension.
const FURTHER: &str = "further";
static COMPARISONS: [Comparison; 5] =
    [Comparison::Paired, Comparison::FirstLast, Comparison::Locf, Comparison::Followup(6), Comparison::Followup(12)];

/// A table's part of the form.
pub(super) struct Part {
    /// Its number, from 1.
    pub(super) number: usize,
    /// What is counted.
    pub(super) counted: Vec<Control>,
    /// What it is split by.
    pub(super) split: Vec<Control>,
    /// What is wrong with it.
    pub(super) faults: Vec<String>,
    /// What would be hidden of it; nothing before it was checked.
    pub(super) hidden: Option<String>,
}

/// A list to choose from.
pub(super) struct Control {
    pub(super) name: String,
    pub(super) label: String,
    /// Word, name, and whether it is chosen.
    pub(super) choices: Vec<(String, String, bool)>,
}

fn key(number: usize, field: &str) -> String {
    format!("table-{number}-{field}")
}

/// The tables that were typed.
pub(super) fn read(pairs: &Pairs) -> Vec<Table> {
    let one = |number: usize| {
        let typed = |field: &str| value(pairs, &key(number, field)).unwrap_or_default().trim().to_owned();
        let split = DIMENSIONS.iter().filter_map(|dimension| asked(dimension, &typed(dimension.name)));
        Table {
            split_by: split.chain(Some(typed(FURTHER)).filter(|text| !text.is_empty())).collect(),
            measure: typed(MEASURE),
            instrument: typed(INSTRUMENT),
            comparison: Some(typed(COMPARISON)).filter(|text| !text.is_empty()),
        }
    };
    (1..=MOST).map(one).filter(|table| *table != Table::default()).collect()
}

/// A dimension at a level, as a table asks for it.
fn asked(dimension: &Registered, level: &str) -> Option<String> {
    match (dimension.levels, level) {
        (_, "") => None,
        ([only], level) if *only == level => Some(dimension.name.to_owned()),
        (_, level) => Some(format!("{}:{level}", dimension.name)),
    }
}

/// Tables as a browser would send them.
pub(super) fn pairs(tables: &[Table]) -> Vec<(String, String)> {
    let mut sent = Vec::new();
    for (number, table) in (1..).zip(tables) {
        // A file may ask for the whole country's persons without a word.
        let measure = if *table == Table::default() { measure::PERSONS } else { &table.measure };
        let comparison = table.comparison.as_deref().unwrap_or_default();
        for (field, text) in [(MEASURE, measure), (INSTRUMENT, &table.instrument), (COMPARISON, comparison)] {
            sent.push((key(number, field), text.to_owned()));
        }
        for one in &table.split_by {
            let (name, level) = one.split_once(':').unwrap_or((one, ""));
            let finest = |dimension: &'static Registered| dimension.levels.last().copied().unwrap_or_default();
            sent.push(match named(name) {
                Some(dimension) if level.is_empty() => (key(number, name), finest(dimension).to_owned()),
                Some(_) => (key(number, name), level.to_owned()),
                None => (key(number, FURTHER), one.clone()),
            });
        }
    }
    sent
}

/// The parts of a form: one for each table, and one more to be filled in.
pub(super) fn parts(tables: &[Table], (lists, language): (&CodeLists, Language)) -> Vec<Part> {
    let sent = pairs(tables);
    let one = |number: usize| Part {
        number,
        counted: counted(number, lists).into_iter().map(|list| list.control(&sent, language)).collect(),
        split: split(number, &sent).into_iter().map(|list| list.control(&sent, language)).collect(),
        faults: Vec::new(),
        hidden: None,
    };
    (1..=MOST.min(tables.len() + 1)).map(one).collect()
}

/// A list before it is known what was chosen.
struct List {
    name: String,
    label: Text,
    choices: Vec<(String, Text)>,
}

impl List {
    fn control(self, sent: &Pairs, language: Language) -> Control {
        let chosen = value(sent, &self.name).unwrap_or_default();
        let own = (!self.choices.iter().any(|(word, _)| word == chosen)).then(|| own_name(chosen));
        let choices = self.choices.into_iter().chain(own);
        let choices = choices.map(|(word, name)| (word.clone(), name.pick(language).to_owned(), word == chosen));
        Control { choices: choices.collect(), label: self.label.pick(language).to_owned(), name: self.name }
    }
}

/// What stands for itself.
fn own_name(word: &str) -> (String, Text) {
    (word.to_owned(), Text::made(word.to_owned(), word.to_owned()))
}

fn counted(number: usize, lists: &CodeLists) -> [List; 3] {
    let none = |sv: &'static str, en: &'static str| (String::new(), Text::fixed(sv, en));
    let measures = measure::names().into_iter().map(|name| (name.to_owned(), words::of_measure(name)));
    let instruments = lists.instruments().map(|instrument| own_name(&instrument.code));
    let comparisons = COMPARISONS.iter().map(|one| (one.to_string(), words::of_comparison(*one)));
    [
        List {
            name: key(number, MEASURE),
            label: Text::fixed("Mått", "Measure"),
            choices: std::iter::once(none("(välj)", "(choose)")).chain(measures).collect(),
        },
        List {
            name: key(number, INSTRUMENT),
            label: Text::fixed("Instrument", "Instrument"),
            choices: std::iter::once(none("(inget)", "(none)")).chain(instruments).collect(),
        },
        List {
            name: key(number, COMPARISON),
            label: Text::fixed("Vilka skattningar", "Which scores"),
            choices: std::iter::once(none("(som brukligt)", "(as usual)")).chain(comparisons).collect(),
        },
    ]
}

fn split(number: usize, sent: &Pairs) -> Vec<List> {
    let of = |dimension: &&'static Registered| {
        let level = |level: &&str| {
            let name = words::of_level(dimension.name, level).unwrap_or_else(|| Text::fixed("ja", "yes"));
            ((*level).to_owned(), name)
        };
        let no = (String::new(), Text::fixed("nej", "no"));
        List {
            name: key(number, dimension.name),
            label: dimension.title.clone(),
            choices: std::iter::once(no).chain(dimension.levels.iter().map(level)).collect(),
        }
    };
    let further = value(sent, &key(number, FURTHER)).map(|_| List {
        name: key(number, FURTHER),
        label: Text::fixed("annat", "other"),
        choices: vec![(String::new(), Text::fixed("nej", "no"))],
    });
    DIMENSIONS.iter().map(of).chain(further).collect()
}

/// A table in a line.
pub(super) fn told(table: &Table, language: Language) -> String {
    let name = if table.measure.is_empty() { measure::PERSONS } else { &table.measure };
    let mut text = words::of_measure(name).pick(language).to_owned();
    if !table.instrument.is_empty() {
        text = format!("{text}, {}", table.instrument);
    }
    if let Some(comparison) = table.comparison.as_deref().and_then(|text| text.parse().ok()) {
        text = format!("{text}, {}", words::of_comparison(comparison).pick(language));
    }
    let split = |one: &String| {
        let (name, level) = one.split_once(':').unwrap_or((one, ""));
        let level = words::of_level(name, level).or_else(|| named(name).map(|known| known.title.clone()));
        level.map_or_else(|| one.clone(), |text| text.pick(language).to_owned())
    };
    let split: Vec<String> = table.split_by.iter().map(split).collect();
    match split.as_slice() {
        [] => format!("{text}; {}", language.pick("hela riket", "the whole country")),
        some => format!("{text}; {} {}", language.pick("uppdelat på", "split by"), some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(split_by: &[&str], measure: &str, instrument: &str) -> Table {
        let split_by = split_by.iter().map(|one| (*one).to_owned()).collect();
        Table { split_by, measure: measure.to_owned(), instrument: instrument.to_owned(), comparison: None }
    }

    #[test]
    fn tables_are_shown_to_be_mended_and_sent_back_as_they_were() {
        let kept = vec![
            table(&["region", "age:broad"], "persons", ""),
            table(&["shoe_size"], "median", "XYZ"),
            table(&["age:18-21"], "recovery", "PHQ-9"),
        ];
        assert_eq!(read(&pairs(&kept)), kept);
        assert_eq!(read(&pairs(&[Table::default()])), [table(&[], "persons", "")]);
        assert_eq!(read(&pairs(&[table(&["age"], "", "")])), [table(&["age:band"], "", "")], "the finest is meant");
        let parts = parts(&kept, (&CodeLists::builtin(), Language::Sv));
        assert_eq!(parts.len(), 4);
        let chosen = |part: &Part| -> Vec<String> {
            let controls = part.counted.iter().chain(&part.split);
            let chosen = controls.filter_map(|control| control.choices.iter().find(|(_, _, is_chosen)| *is_chosen));
            chosen.map(|(word, ..)| word.clone()).filter(|word| !word.is_empty()).collect()
        };
        assert_eq!(chosen(&parts[0]), ["persons", "region", "broad"]);
        assert_eq!(chosen(&parts[1]), ["median", "XYZ", "shoe_size"], "what is no choice is shown");
        assert_eq!(chosen(&parts[3]), [""; 0]);
    }

    #[test]
    fn a_table_is_told_in_a_line() {
        assert_eq!(told(&Table::default(), Language::Sv), "Personer; hela riket");
        let recovery = table(&["region", "period:year"], "recovery", "PHQ-9");
        assert_eq!(told(&recovery, Language::En), "Recovered, PHQ-9; split by region, year");
    }
}
