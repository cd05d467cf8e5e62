//! What a report can be narrowed to: the labels that there are, and the reports that can be asked for some of them only.
//!
//! Promises: a label that there is not is refused with the nearest; a report that stands on counts that nobody can divide, or that
//! compares with what would be left out, refuses to be narrowed by it and says by what it can be. Must not know: who asks.

use std::collections::BTreeSet;

use schemas::codelist::{CodeLists, ListName, Near, likeness};
use schemas::id::HsaId;
use schemas::language::Language;

use super::parameters::{ParameterError, Parameters};
use super::{Text, heading, label};
use super::{benchmark, coverage, data_quality, deciles, duplicates, groups, participation, rates, usage};
use crate::aggregate::UNKNOWN;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::selection::Selection;
use crate::fact::Facts;

/// What the counts of a month tell.
const COUNTED: [Dimension; 6] = [
    Dimension::Region,
    Dimension::Unit,
    Dimension::Programme,
    Dimension::Condition,
    Dimension::CareLevel,
    Dimension::Ownership,
];
/// The same, where senders may split their counts further.
const COUNTED_BY_PERSON: [Dimension; 8] = [
    Dimension::Region,
    Dimension::Unit,
    Dimension::Programme,
    Dimension::Condition,
    Dimension::Sex,
    Dimension::AgeGroup,
    Dimension::CareLevel,
    Dimension::Ownership,
];
/// What leaves region and country to be compared with.
const OF_TREATMENTS: [Dimension; 8] = [
    Dimension::Programme,
    Dimension::ProgrammeVersion,
    Dimension::Condition,
    Dimension::DiagnosisGroup,
    Dimension::Severity,
    Dimension::Sex,
    Dimension::AgeGroup,
    Dimension::EndReason,
];
/// Names that are told of a list that has no near one.
const NEAREST: usize = 3;
/// Below this likeness a proposal misleads.
const ALIKE: f64 = 0.8;

/// What a report can be narrowed by.
#[must_use]
pub fn by(report: &str) -> &'static [Dimension] {
    let [quality, coverage, usage] = [data_quality::DEFINITION.name, coverage::DEFINITION.name, usage::DEFINITION.name];
    let (of_treatments, whole) = (
        [benchmark::DEFINITION.name, deciles::DEFINITION.name],
        [participation::DEFINITION.name, duplicates::DEFINITION.name],
    );
    match report {
        name if name == quality || name == coverage => &COUNTED,
        name if name == usage => &COUNTED_BY_PERSON,
        name if of_treatments.contains(&name) => &OF_TREATMENTS,
        name if whole.contains(&name) => &[],
        _ => &Dimension::ALL,
    }
}

/// Refuses a dimension that the report cannot be narrowed by, and a label that is in no list.
pub(super) fn check(report: &str, parameters: &Parameters, lists: &CodeLists) -> Result<(), ParameterError> {
    for (dimension, labels) in parameters.only.narrowed() {
        if !by(report).contains(&dimension) {
            return Err(ParameterError::NotNarrowed { dimension, given: by(report) });
        }
        for label in labels.iter().filter(|label| *label != UNKNOWN) {
            let is_known = match codes(dimension, lists) {
                Some(codes) => codes.contains(label),
                // Which units and versions there are is told by the data.
                None => dimension != Dimension::Unit || label.parse::<HsaId>().is_ok(),
            };
            if !is_known {
                return Err(ParameterError::Label { dimension, near: near(dimension, label, lists) });
            }
        }
    }
    Ok(())
}

/// Refuses a unit or version that the data do not know.
pub(super) fn check_known(only: &Selection, facts: &Facts) -> Result<(), ParameterError> {
    for dimension in [Dimension::Unit, Dimension::ProgrammeVersion] {
        let Some(labels) = only.of(dimension) else { continue };
        let known = known(dimension, facts);
        if let Some(label) = labels.iter().find(|label| *label != UNKNOWN && !known.contains(label.as_str())) {
            return Err(ParameterError::Label { dimension, near: alike(label, known.into_iter()) });
        }
    }
    Ok(())
}

fn known(dimension: Dimension, facts: &Facts) -> BTreeSet<&str> {
    let treatments = facts.treatments.iter();
    if dimension == Dimension::ProgrammeVersion {
        return treatments.filter_map(|fact| fact.programme_version.as_deref()).collect();
    }
    let treated = treatments.flat_map(|fact| std::iter::once(&*fact.unit_start).chain(fact.unit_end.as_deref()));
    let described = facts.units.iter().map(|fact| &*fact.unit);
    let counted = facts.activities.iter().map(|fact| &*fact.unit).chain(facts.runs.iter().map(|fact| &*fact.run.unit));
    let told = facts.denominators.iter().filter_map(|fact| fact.unit.as_deref());
    treated.chain(described).chain(counted).chain(told).collect()
}

/// Every code of a dimension, in the order of its list; nothing where no list holds them.
#[must_use]
pub fn codes(dimension: Dimension, lists: &CodeLists) -> Option<Vec<String>> {
    let code = |code: &String| code.clone();
    Some(match dimension {
        Dimension::Region => lists.regions().map(|one| code(&one.code)).collect(),
        Dimension::Programme => lists.programmes().map(|one| code(&one.code)).collect(),
        Dimension::Condition => {
            let conditions: BTreeSet<&str> = lists.programmes().map(|one| one.condition.as_str()).collect();
            conditions.into_iter().map(str::to_owned).collect()
        }
        Dimension::DiagnosisGroup => lists.diagnosis_groups().map(|one| code(&one.code)).collect(),
        Dimension::Severity => {
            let bands: BTreeSet<&str> = lists.severity_bands().map(|one| one.code.as_str()).collect();
            bands.into_iter().map(str::to_owned).collect()
        }
        Dimension::Sex => ["F", "M"].map(str::to_owned).to_vec(),
        Dimension::AgeGroup => lists.age_bands().map(|one| code(&one.code)).collect(),
        Dimension::CareLevel => lists.care_levels().map(|one| code(&one.code)).collect(),
        Dimension::Ownership => lists.ownerships().map(|one| code(&one.code)).collect(),
        Dimension::EndReason => lists.end_reasons().map(|one| code(&one.code)).collect(),
        Dimension::Unit | Dimension::ProgrammeVersion => return None,
    })
}

/// What a label of a dimension is called.
#[must_use]
pub fn name(dimension: Dimension, code: &str, lists: &CodeLists) -> Text {
    label::label(dimension.name(), code, lists).unwrap_or_else(|| Text::made(code.to_owned(), code.to_owned()))
}

/// The codes that a label may have been meant for; of a short list all.
fn near(dimension: Dimension, label: &str, lists: &CodeLists) -> Vec<String> {
    let list = match dimension {
        Dimension::Programme => ListName::Programmes,
        Dimension::Region => ListName::Regions,
        _ => return codes(dimension, lists).unwrap_or_default(),
    };
    lists.nearest_codes(list, label).into_iter().filter(Near::is_worth_telling).map(|near| near.code).collect()
}

fn alike<'a>(label: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut near: Vec<(f64, &str)> = known.map(|one| (likeness(label, one), one)).collect();
    near.retain(|(alike, _)| *alike >= ALIKE);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().take(NEAREST).map(|(_, one)| one.to_owned()).collect()
}

/// What is kept, in words; nothing where everything is.
#[must_use]
pub fn words(only: &Selection, lists: &CodeLists) -> Option<Text> {
    let one = |(dimension, labels): (Dimension, &[String]), language: Language| {
        let names: Vec<String> =
            labels.iter().map(|label| name(dimension, label, lists).pick(language).to_owned()).collect();
        let heading = heading::heading(dimension.name()).map(|heading| heading.text.pick(language).to_owned());
        format!("{}: {}", heading.unwrap_or_else(|| dimension.name().to_owned()), names.join(", "))
    };
    let all = |language| only.narrowed().map(|narrowed| one(narrowed, language)).collect::<Vec<_>>().join("; ");
    (!only.is_everything())
        .then(|| Text::made(format!("Urval: {}.", all(Language::Sv)), format!("Selection: {}.", all(Language::En))))
}

/// What is said of rates where inhabitants of several groups would have to be added up.
pub(super) fn without_rates(report: &str, only: &Selection) -> Option<Text> {
    let reports = [groups::DEFINITION.name, rates::DEFINITION.name, usage::DEFINITION.name];
    let of_inhabitants = [Dimension::Region, Dimension::Sex, Dimension::AgeGroup];
    let several = of_inhabitants.iter().any(|of| only.of(*of).is_some_and(|labels| labels.len() > 1));
    (several && reports.contains(&report)).then(|| {
        Text::fixed(
            "Antal per 1000 saknas för flera regioner, kön eller åldrar tillsammans; dela upp efter dem.",
            "There is no rate of several regions, sexes or ages together; split by them.",
        )
    })
}
