//! What a report can be asked for, as the program itself reads it.
//!
//! Promises: the choices of a closed list are those that the parser names; each of them is read (a test says so).

use schemas::codelist::CodeLists;
use schemas::language::Language;
use serde_json::{Map, Value, json};

use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::PeriodKind;
use crate::aggregate::plan::{Attribution, Cohort, Follow, UnknownChoice};
use crate::report::{self, Parameters};

/// The language of a page.
pub(super) const LANG: &str = "lang";
/// A follow-up of so many months.
const FOLLOW_UP: &str = "^followup-[1-9][0-9]?m$";

/// Every parameter that stands once for several addresses.
pub(super) fn all() -> Map<String, Value> {
    let mut all = of_reports();
    let languages = [Language::Sv, Language::En].map(Language::tag);
    let says = "Language of the page; remembered.";
    all.insert(LANG.into(), query(LANG, says, &json!({ "type": "string", "enum": languages })));
    all
}

/// The name of a report, in its path.
pub(super) fn name() -> Value {
    let names: Vec<&str> = report::ALL.iter().map(|definition| definition.name).collect();
    json!({ "name": "name", "in": "path", "required": true, "schema": { "type": "string", "enum": names } })
}

/// Those of a report.
pub(super) fn of_reports() -> Map<String, Value> {
    let day = || json!({ "type": "string", "format": "date" });
    let of_list = |name: &str, says: &str, choices: Vec<String>| query(name, says, &closed(name, &choices));
    let all = [
        by(),
        query("instrument", "Codes of instruments, comma separated, or `all`.", &instrument()),
        query("comparison", "Which two scores.", &comparison()),
        of_list("cohort", "Which date decides whether and when a treatment counts.", choices::<Cohort>()),
        of_list("period", "Which spans of time stand apart.", choices::<PeriodKind>()),
        query("from", "First cohort date, included.", &day()),
        query("to", "Last cohort date, included.", &day()),
        of_list("attribution", "The unit that a treatment counts for after a handover.", choices::<Attribution>()),
        of_list("structure", "Whether successors take over.", choices::<Follow>()),
    ];
    let kept = Dimension::ALL.map(kept);
    all.into_iter().chain(kept).map(|one| (one["name"].as_str().unwrap().to_owned(), one)).collect()
}

/// What the parser names when it is given none of its choices.
pub(super) fn choices<T: std::str::FromStr<Err = UnknownChoice> + std::fmt::Debug>() -> Vec<String> {
    let UnknownChoice { choices, .. } = "?".parse::<T>().unwrap_err();
    choices.split(", ").map(str::to_owned).collect()
}

fn query(name: &str, says: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": says, "schema": schema })
}

fn closed(name: &str, choices: &[String]) -> Value {
    json!({ "type": "string", "enum": choices, "default": default(name) })
}

/// What is taken when nothing is named.
fn default(name: &str) -> Option<String> {
    let listed = Parameters::default().listed();
    listed.into_iter().find(|(known, _)| *known == name).and_then(|(_, value)| value)
}

fn by() -> Value {
    let names = Dimension::ALL.map(Dimension::name);
    let items = json!({ "type": "string", "enum": names });
    let first: Vec<&'static str> = Parameters::default().by.iter().map(|dimension| dimension.name()).collect();
    let schema = json!({ "type": "array", "items": items, "uniqueItems": true, "default": first });
    let mut by = query("by", "Dimensions, comma separated, in the order of the columns; empty for none.", &schema);
    by["style"] = "form".into();
    by["explode"] = false.into();
    by["allowEmptyValue"] = true.into();
    by
}

/// The labels of a dimension that are kept.
fn kept(dimension: Dimension) -> Value {
    let text = "Only treatments with one of these labels, comma separated; some reports refuse it.";
    query(dimension.name(), text, &json!({ "type": "string" }))
}

fn instrument() -> Value {
    let lists = CodeLists::builtin();
    let codes: Vec<&str> = lists.instruments().map(|one| one.code.as_str()).collect();
    json!({ "type": "string", "default": default("instrument"), "examples": codes })
}

fn comparison() -> Value {
    let fixed = json!({ "enum": ["paired", "first_last", "locf", "all"] });
    json!({ "type": "string", "default": default("comparison"), "anyOf": [fixed, { "pattern": FOLLOW_UP }] })
}
