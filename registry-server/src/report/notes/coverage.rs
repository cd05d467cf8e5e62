//! How much of what was treated stands in the register, of the regions that a report includes.
//!
//! Promises: the counts are those of the report `coverage` over the whole months of the selection; a region of which no outside source tells
//! everything is named; others than staff are told a rounded share of many, so that no small region is found by subtraction.

/// Every region of a selection.
mod regions;
#[cfg(test)]
mod tests;
/// The sentences.
mod words;

use schemas::language::Language;

use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::{Follow, Plan};
use crate::report::coverage::{self, regional};
use crate::report::parameters::Audience;
use crate::report::{
    Definition, Parameters, ReportData, Text, benchmark, catalogue, data_quality, funnel, participation, rates, usage,
};
use regions::Regions;
use words::Words;

/// So many regions are named one by one whatever a report is split by.
const FEW: usize = 5;
/// Reports whose rows are regions or senders whatever was asked for.
const ABOUT_REGIONS: [&Definition; 5] = [
    &funnel::DEFINITION,
    &benchmark::DEFINITION,
    &catalogue::DEFINITION,
    &data_quality::DEFINITION,
    &participation::DEFINITION,
];

/// What is said below a report; nothing below those that tell coverage themselves or count outside the register.
pub(super) fn coverage(definition: &Definition, data: &ReportData, parameters: &Parameters) -> Option<Text> {
    let plan = selection(definition, data, parameters)?;
    let known = data.facts.coverage.as_deref();
    if known.is_none() && data.facts.denominators.is_empty() {
        return Some(Text::fixed("Täckningsgrad: ingen källa utanför registret.", "Coverage: no outside source."));
    }
    let counted;
    let months = match (known, plan.structure) {
        (Some(known), Follow::AsWas) => &known.as_was,
        (Some(known), Follow::Current) => &known.current,
        (None, structure) => {
            counted = regional::months(&data.facts, data.lists, structure);
            &counted
        }
    };
    let regions = Regions::new(months, &plan);
    let by_region = parameters.by.contains(&Dimension::Region)
        || ABOUT_REGIONS.iter().any(|about| about.name == definition.name)
        || regions.covered().len() <= FEW;
    let words = |language| {
        let words = Words { regions: &regions, lists: data.lists, language };
        if parameters.audience == Audience::Internal { words.exact(by_region) } else { words.rounded() }
    };
    Some(Text::made(words(Language::Sv), words(Language::En)))
}

/// Which treatments a report is made of.
fn selection(definition: &Definition, data: &ReportData, parameters: &Parameters) -> Option<Plan> {
    let asked = parameters.plan(super::day(data));
    match definition.name {
        name if [coverage::DEFINITION.name, usage::DEFINITION.name].contains(&name) => None,
        name if name == participation::DEFINITION.name => Some(Parameters::default().plan(super::day(data))),
        name if name == rates::DEFINITION.name => Some(rates::selection(data, &asked)),
        _ => Some(asked),
    }
}
