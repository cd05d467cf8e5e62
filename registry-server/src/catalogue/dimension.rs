//! Registered dimensions as variables, one for each level that can be asked for.
//!
//! Promises: the codes are those of the lists in force, or follow from the calendar; what a cut has too few persons of stands together there.

use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::{Kind, Validity, Value, Variable, words};
use crate::extract::vocabulary::{self, DIMENSIONS, Registered};

/// Where the dimensions are written down.
const SOURCE: &str = "The register's vocabulary of extracts";
/// Broad age groups.
const BROAD: [&str; 4] = ["under 18", "18 to 44", "45 to 64", "65 and over"];

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

fn values(name: &str, level: &str, lists: &CodeLists) -> Vec<Value> {
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
        ("age", "broad") => BROAD.iter().zip(BROAD_SV).map(|(en, sv)| value(en, sv, en, always)).collect(),
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

/// The same in Swedish.
const BROAD_SV: [&str; 4] = ["under 18 år", "18 till 44 år", "45 till 64 år", "65 år och äldre"];

/// Each condition once, in the order of the programmes.
fn conditions(lists: &CodeLists) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for programme in lists.programmes().filter(|programme| !programme.condition.is_empty()) {
        if !values.iter().any(|known| known.code == programme.condition) {
            values.push(Value {
                code: programme.condition.clone(),
                name: words::of_code(("condition", &programme.condition), lists),
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
