//! The fields of a form that keep some of the treatments: what there is to choose, in the reader's language.
//!
//! Promises: a reader is offered the units that are theirs and no other; what was chosen by the address stays chosen, also where the form
//! does not offer it.

use std::collections::BTreeMap;

use schemas::codelist::{CodeLists, ProgrammeKind};
use schemas::language::Language;

use super::Ask;
use super::fault::Fault;
use super::filter::Choice;
use super::sheet::Sheet;
use crate::aggregate::UNKNOWN;
use crate::aggregate::dimension::Dimension;
use crate::authenticate::{Permit, Role};
use crate::fact::UnitFact;
use crate::report::narrowed;

/// The dimensions that a form may offer, with their fields' names.
const OFFERED: [(Dimension, (&str, &str)); 6] = [
    (Dimension::Programme, ("Bara program", "Programme only")),
    (Dimension::Condition, ("Bara tillstånd", "Condition only")),
    (Dimension::Region, ("Bara region", "Region only")),
    (Dimension::Unit, ("Bara enhet", "Unit only")),
    (Dimension::Sex, ("Bara kön", "Sex only")),
    (Dimension::AgeGroup, ("Bara ålder", "Age only")),
];

/// Whether a parameter of an address keeps some of the treatments.
pub(super) fn is_kept(name: &str) -> bool {
    name.parse::<Dimension>().is_ok()
}

/// What is kept by an address, of that which a report can be narrowed by.
pub(super) fn kept<'a>(ask: &'a Ask<'_>, report: &str) -> impl Iterator<Item = (&'static str, &'a str)> {
    narrowed::by(report).iter().filter_map(|dimension| {
        let name = dimension.name();
        Some((name, ask.visit.asked(name).filter(|value| !value.is_empty())?))
    })
}

/// The units that a form offers, by HSA-id, with their names; none where it has no such field.
///
/// # Errors
/// When the store fails.
pub(super) async fn units(ask: &Ask<'_>, sheet: &Sheet) -> Result<BTreeMap<String, String>, Fault> {
    let names = Dimension::Unit.name();
    if !sheet.fields.contains(&names) || ask.permit == Permit::Released {
        return Ok(BTreeMap::new());
    }
    let described = ask.desk.registry.store.described_units().await?;
    let regions: Vec<&str> = ask.visit.asked("region").unwrap_or_default().split(',').collect();
    let in_region = |unit: &UnitFact| regions == [""] || regions.contains(&&*unit.county);
    let is_theirs = |unit: &UnitFact| match ask.visitor.map(|visitor| &visitor.user.role) {
        Some(Role::Region(code)) => *unit.sender == *code.as_str(),
        Some(Role::Unit(own)) => own.iter().any(|id| id.as_str() == &*unit.unit),
        Some(_) => in_region(unit),
        None => false,
    };
    let theirs = described.into_iter().filter(is_theirs);
    Ok(theirs.map(|unit| (unit.unit.to_string(), format!("{} ({})", unit.name, unit.unit))).collect())
}

/// A field; nothing where its name keeps nothing, or the reader has no choice there.
pub(super) fn choice(
    name: &str,
    (ask, lists): (&Ask<'_>, &CodeLists),
    (chosen, units): (&str, &BTreeMap<String, String>),
) -> Option<Choice> {
    let (dimension, label) = OFFERED.into_iter().find(|(dimension, _)| dimension.name() == name)?;
    let language = ask.visit.language;
    let mut offered: Vec<(String, String)> = match dimension {
        // What a region's reader has is its own.
        Dimension::Region if !matches!(ask.permit, Permit::All | Permit::Read) => return None,
        Dimension::Unit if units.len() < 2 && chosen.is_empty() => return None,
        Dimension::Unit => units.iter().map(|(unit, name)| (unit.clone(), name.clone())).collect(),
        _ => coded(dimension, lists, language),
    };
    offered.sort_by_cached_key(|(code, name)| match dimension {
        Dimension::Programme | Dimension::Condition | Dimension::Unit => name.to_lowercase(),
        _ => code.clone(),
    });
    if dimension != Dimension::Unit {
        offered.push((UNKNOWN.to_owned(), language.pick("okänt", "unknown").to_owned()));
    }
    if !chosen.is_empty() && !offered.iter().any(|(code, _)| code == chosen) {
        offered.push((chosen.to_owned(), chosen.to_owned()));
    }
    let all = (String::new(), language.pick("alla", "all").to_owned());
    let options = std::iter::once(all).chain(offered);
    Some(Choice {
        name: dimension.name(),
        label: language.pick(label.0, label.1),
        options: options.map(|(code, name)| (code.clone(), name, code == chosen)).collect(),
        day: String::new(),
    })
}

/// The codes of a list with their names; of programmes those that treat.
fn coded(dimension: Dimension, lists: &CodeLists, language: Language) -> Vec<(String, String)> {
    let treats = |code: &str| lists.programme(code).is_none_or(|one| one.kind == ProgrammeKind::Treatment);
    let codes = narrowed::codes(dimension, lists).unwrap_or_default().into_iter();
    let codes = codes.filter(|code| dimension != Dimension::Programme || treats(code));
    let named = |code: String| {
        let name = narrowed::name(dimension, &code, lists).pick(language).to_owned();
        (code, name)
    };
    codes.map(named).collect()
}
