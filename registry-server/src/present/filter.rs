//! What a person asks a report for: the choices of the form, and the parameters that they come to.
//!
//! Promises: an address with nothing behind the question mark asks for what the page shows at first; what is left empty is not asked
//! for; nobody asks for another audience than the page's.

use std::collections::BTreeMap;

use super::fault::Fault;
use super::sheet::Sheet;
use super::visit::Visit;
use super::{Ask, keep, tab};
use crate::aggregate::dimension::Dimension;
use crate::authenticate::Permit;
use crate::report::Parameters;

/// Parameters that an address may name, beside the dimensions of which it may keep some.
const NAMES: [&str; 9] =
    ["by", "instrument", "comparison", "cohort", "period", "from", "to", "attribution", "structure"];

/// A field of the form.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The parameter.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) label: &'static str,
    /// Value, words and whether it is chosen; none for a day.
    pub(super) options: Vec<(String, String, bool)>,
    /// The day, where it is one.
    pub(super) day: String,
}

type Words = (&'static str, &'static str, &'static str);

const BY: [Words; 9] = [
    ("", "odelat", "undivided"),
    ("region", "region", "region"),
    ("programme", "program", "programme"),
    ("region,programme", "region och program", "region and programme"),
    ("unit", "enhet", "unit"),
    ("condition", "tillstånd", "condition"),
    ("sex", "kön", "sex"),
    ("age_group", "ålder", "age"),
    ("care_level", "vårdnivå", "level of care"),
];
const PERIODS: [Words; 7] = [
    ("all", "hela tiden", "all time"),
    ("year", "år", "year"),
    ("half", "halvår", "half-year"),
    ("quarter", "kvartal", "quarter"),
    ("month", "månad", "month"),
    ("rolling12", "senaste 12 månaderna", "last 12 months"),
    ("rolling36", "senaste 36 månaderna", "last 36 months"),
];
const COHORTS: [Words; 2] = [("ended", "avslutade", "ended"), ("started", "påbörjade", "started")];
const COMPARISONS: [Words; 3] = [
    ("paired", "före och efter", "before and after"),
    ("first_last", "första och sista", "first and last"),
    ("locf", "sista värdet förs fram", "last value carried forward"),
];

/// The parameters of a visit to a page.
///
/// # Errors
/// [`Fault::Unreadable`] when a value is not understood.
pub(super) fn parameters(sheet: &Sheet, visit: &Visit) -> Result<Parameters, Fault> {
    let asked = pairs(sheet, visit);
    Parameters::from_pairs(asked.iter().map(|(name, value)| (*name, value.as_str()))).map_err(|_| Fault::Unreadable)
}

/// The parameters of a visit to an address without a page.
///
/// # Errors
/// [`Fault::Unreadable`] when a name or value is not understood.
pub(super) fn asked(visit: &Visit) -> Result<Parameters, Fault> {
    let named = visit.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let known = |(name, _): &(&str, &str)| NAMES.contains(name) || keep::is_kept(name);
    if !named.clone().all(|pair| known(&pair)) {
        return Err(Fault::Unreadable);
    }
    Parameters::from_pairs(named).map_err(|_| Fault::Unreadable)
}

/// What stands behind the question mark of the same selection.
pub(super) fn query(sheet: &Sheet, visit: &Visit) -> String {
    let shown = tab::word(sheet).map(|word| (tab::SHOW, word));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(shown).extend_pairs(pairs(sheet, visit)).finish()
}

fn pairs(sheet: &Sheet, visit: &Visit) -> Vec<(&'static str, String)> {
    let value = |name: &'static str| {
        let first = || sheet.first.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        visit.asked(name).or_else(first)
    };
    let given =
        |name: &'static str| value(name).filter(|value| !value.is_empty()).map(|value| (name, value.to_owned()));
    let names = NAMES.into_iter().chain(Dimension::ALL.map(Dimension::name));
    // No dimension is a choice too, unlike no day.
    names
        .filter_map(|name| given(name).or_else(|| value(name).filter(|_| name == "by").map(|_| (name, String::new()))))
        .collect()
}

/// What is published can be split by these alone.
const PUBLISHED: [&str; 5] = ["", "region", "programme", "all", "year"];

/// The fields of the form.
pub(super) fn choices(sheet: &Sheet, ask: &Ask<'_>, units: &BTreeMap<String, String>) -> Vec<Choice> {
    let (visit, lists) = (ask.visit, &ask.desk.registry.lists);
    let is_given = |value: &str| ask.permit != Permit::Released || PUBLISHED.contains(&value);
    let (language, chosen) = (visit.language, pairs(sheet, visit));
    let chosen = |name: &str| chosen.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
    let of = |name: &'static str, label: (&'static str, &'static str), words: &[Words]| Choice {
        name,
        label: language.pick(label.0, label.1),
        options: words
            .iter()
            .filter(|(value, ..)| is_given(value))
            .map(|(value, sv, en)| ((*value).to_owned(), language.pick(*sv, *en).to_owned(), *value == chosen(name)))
            .collect(),
        day: String::new(),
    };
    let instruments = || {
        let all = ("all".to_owned(), language.pick("alla", "all").to_owned(), chosen("instrument") == "all");
        let each =
            lists.instruments().map(|one| (one.code.clone(), one.code.clone(), one.code == chosen("instrument")));
        Choice {
            name: "instrument",
            label: language.pick("Instrument", "Instrument"),
            options: std::iter::once(all).chain(each).collect(),
            day: String::new(),
        }
    };
    let day = |name: &'static str, label: (&'static str, &'static str)| Choice {
        name,
        label: language.pick(label.0, label.1),
        options: Vec::new(),
        day: chosen(name).to_owned(),
    };
    let field = |name: &&str| match *name {
        "by" => of("by", ("Per", "By"), &BY),
        "instrument" => instruments(),
        "comparison" => of("comparison", ("Jämför", "Compare"), &COMPARISONS),
        "cohort" => of("cohort", ("Behandlingar", "Treatments"), &COHORTS),
        "period" => of("period", ("Period", "Period"), &PERIODS),
        "from" => day("from", ("Från", "From")),
        _ => day("to", ("Till", "To")),
    };
    let of_form = |name: &&str| {
        if keep::is_kept(name) { keep::choice(name, (ask, lists), (chosen(name), units)) } else { Some(field(name)) }
    };
    sheet.fields.iter().filter_map(of_form).collect()
}
