//! The codes of the registered dimensions with what people call them: one way for the catalogue, the files of a package and the pages.
//!
//! Promises: the codes are those of the register's lists, or follow from the calendar; a code that has no name stands for itself.
//! Must not know: persons, which codes a cut has.

use jiff::civil::Date;
use schemas::codelist::CodeLists;
use schemas::language::{Language, Text};

use super::vocabulary::{self, DIMENSIONS};
use crate::report::label::label;

/// Broad age groups.
const BROAD: [(&str, &str); 4] = [
    ("under 18", "under 18 år"),
    ("18 to 44", "18 till 44 år"),
    ("45 to 64", "45 till 64 år"),
    ("65 and over", "65 år och äldre"),
];

/// When something is in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// From this day; always before the other where nothing is told.
    pub from: Option<Date>,
    /// Up to and including this day.
    pub to: Option<Date>,
}

/// One value of a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The code in a file.
    pub code: String,
    /// What people call it.
    pub name: Text,
    /// When it is in use.
    pub validity: Validity,
}

/// Every value of every dimension, to name the codes of tables by.
#[derive(Debug)]
pub struct Names(Vec<(&'static str, Vec<Value>)>);

impl Names {
    /// The names of the register's lists.
    #[must_use]
    pub fn of(lists: &CodeLists) -> Self {
        let levels = DIMENSIONS.iter().flat_map(|known| known.levels.iter().map(|level| (known.name, *level)));
        Self(levels.map(|(name, level)| (name, values(name, level, lists))).collect())
    }

    /// What a code of a column is called.
    #[must_use]
    pub fn of_code(&self, column: &str, code: &str) -> Text {
        if let Some(name) = standing(code) {
            return name;
        }
        if let Some(above) = code.strip_prefix("OTHER ").filter(|above| *above != "OTHER") {
            let above = self.of_code(column, above);
            let [sv, en] = [Language::Sv, Language::En].map(|language| above.pick(language));
            return Text::made(format!("övriga: {sv}"), format!("other: {en}"));
        }
        let itself = || Text::made(code.to_owned(), code.to_owned());
        if vocabulary::named(column).is_none() {
            return result(code).unwrap_or_else(itself);
        }
        let values = self.0.iter().filter(|(name, _)| *name == column).flat_map(|(_, values)| values);
        values.into_iter().find(|value| value.code == code).map_or_else(itself, |value| value.name.clone())
    }
}

/// What stands for no single code.
fn standing(code: &str) -> Option<Text> {
    match code {
        "ALL" => Some(Text::fixed("alla", "all")),
        "UNKNOWN" => Some(Text::fixed("okänt", "not known")),
        "OTHER" | "OTHER OTHER" => Some(Text::fixed("övriga", "other")),
        _ => None,
    }
}

/// What a code of a measure is called.
fn result(code: &str) -> Option<Text> {
    match code {
        "yes" => Some(Text::fixed("ja", "yes")),
        "no" => Some(Text::fixed("nej", "no")),
        "judged" => Some(Text::fixed("bedömda", "judged")),
        "not judged" => Some(Text::fixed("inte bedömda", "not judged")),
        "completed" => Some(Text::fixed("fullföljd", "completed")),
        "discontinued" => Some(Text::fixed("avbruten", "discontinued")),
        _ => None,
    }
}

/// The codes of a level of a dimension; none where they follow from the calendar.
pub(crate) fn values(name: &str, level: &str, lists: &CodeLists) -> Vec<Value> {
    let always = Validity::default();
    let value = |code: &str, sv: &str, en: &str, validity: Validity| Value {
        code: code.to_owned(),
        name: Text::made(sv.to_owned(), en.to_owned()),
        validity,
    };
    let of = |from, to| Validity { from, to };
    match (name, level) {
        ("region", _) => lists
            .regions()
            .map(|one| value(&one.code, &one.name, &one.name, of(one.valid_from, one.valid_to)))
            .collect(),
        ("sex", _) => vec![value("F", "kvinnor", "women", always), value("M", "män", "men", always)],
        ("age", "broad") => BROAD.iter().map(|(en, sv)| value(en, sv, en, always)).collect(),
        ("age", _) => lists.age_bands().map(|one| value(&one.code, &one.code, &one.code, always)).collect(),
        ("programme", "condition") => conditions(lists),
        ("programme", _) => lists
            .programmes()
            .map(|one| value(&one.code, &one.name, &one.name, of(one.valid_from, one.valid_to)))
            .collect(),
        ("diagnosis", _) => lists
            .diagnosis_groups()
            .map(|one| value(&one.code, &one.name_sv, &one.name_en, of(one.valid_from, one.valid_to)))
            .collect(),
        ("severity", _) => severity(lists),
        ("care_level", _) => lists
            .care_levels()
            .map(|one| value(&one.code, &one.name_sv, &one.name_en, of(one.valid_from, one.valid_to)))
            .collect(),
        ("ownership", _) => lists
            .ownerships()
            .map(|one| value(&one.code, &one.name_sv, &one.name_en, of(one.valid_from, one.valid_to)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Each condition once, in the order of the programmes.
fn conditions(lists: &CodeLists) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for programme in lists.programmes().filter(|programme| !programme.condition.is_empty()) {
        if !values.iter().any(|known| known.code == programme.condition) {
            values.push(Value {
                code: programme.condition.clone(),
                name: label("condition", &programme.condition, lists)
                    .unwrap_or_else(|| Text::made(programme.condition.clone(), programme.condition.clone())),
                validity: Validity::default(),
            });
        }
    }
    values
}

/// Each band once, whichever the instrument.
fn severity(lists: &CodeLists) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for band in lists.severity_bands() {
        if !values.iter().any(|known| known.code == band.code) {
            let name = Text::made(band.name_sv.clone(), band.name_en.clone());
            values.push(Value { code: band.code.clone(), name, validity: Validity::default() });
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use schemas::codelist::{Addition, ListName};

    use super::*;

    fn name(column: &str, code: &str) -> [String; 2] {
        let name = Names::of(&CodeLists::builtin()).of_code(column, code);
        [Language::Sv, Language::En].map(|language| name.pick(language).to_owned())
    }

    #[test]
    fn every_listed_code_has_a_name_in_both_languages_where_the_register_has_one() {
        let lists = CodeLists::builtin();
        for region in lists.regions() {
            assert_eq!(name("region", &region.code)[0], region.name);
        }
        assert_eq!(name("sex", "F"), ["kvinnor", "women"]);
        assert_eq!(name("age", "65 and over"), ["65 år och äldre", "65 and over"]);
        assert_eq!(name("programme", "worry"), ["oro", "worry"]);
        assert_eq!(name("programme", "OTHER worry"), ["övriga: oro", "other: worry"]);
        assert_eq!(name("recovery.PHQ-9.paired", "not judged"), ["inte bedömda", "not judged"]);
        assert_eq!(name("period", "2025Q1"), ["2025Q1", "2025Q1"]);
    }

    #[test]
    fn a_name_is_that_of_the_register_s_own_list_and_not_of_the_built_in_one() {
        let region = CodeLists::builtin().regions().next().cloned().unwrap();
        let text = format!(
            "code,letter,name,organisation_number,population_2021,aliases,valid_from,valid_to,successor\n\
             {},X,Nya regionen,232100-0016,1000,,,,\n",
            region.code
        );
        let addition = Addition { list: ListName::Regions, file: "regions.csv".into(), text };
        let lists = CodeLists::builtin().with_additions(&[addition]).unwrap();
        assert_eq!(Names::of(&lists).of_code("region", &region.code).pick(Language::Sv), "Nya regionen");
        assert_eq!(name("region", &region.code)[0], region.name);
    }
}
