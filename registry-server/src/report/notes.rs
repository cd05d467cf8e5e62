//! What must stand beside the figures, a sentence each.
//!
//! Promises: nothing here counts persons or names one.

/// Breaks in series.
mod breaks;
/// How much of what was treated stands in the register.
mod coverage;
/// Periods of started treatments that are not mature.
mod maturity;
/// How many have a first score and no second.
mod second;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::parameters::Audience;
use super::{Definition, Parameters, ReportData, Text, narrowed};
use crate::aggregate::Grouping;
use crate::aggregate::plan::{Attribution, Cohort, Follow, Plan};
use crate::moment::minute;
pub(super) use second::missing_second;

/// Reports that count by dates and units of their own, and say so, whatever was asked for.
const IN_THEIR_OWN_WAY: [&Definition; 3] =
    [&super::participation::DEFINITION, &super::usage::DEFINITION, &super::coverage::DEFINITION];

/// The day of the facts, UTC.
pub(super) fn day(data: &ReportData) -> Date {
    data.as_of.to_zoned(TimeZone::UTC).date()
}

/// What every report says.
pub(super) fn common(definition: &Definition, data: &ReportData, parameters: &Parameters) -> Vec<Text> {
    let (version, set, as_of) = (definition.version, &data.thresholds.name, minute(data.as_of));
    let mut notes = vec![
        definition.meaning.clone(),
        Text::made(
            format!("Rapportens definition {version}, gränsvärden {set}, uppgifter per {as_of}."),
            format!("Definition {version} of the report, threshold set {set}, data as of {as_of}."),
        ),
    ];
    if !IN_THEIR_OWN_WAY.iter().any(|own| own.name == definition.name) {
        notes.extend(counted(parameters));
    }
    if parameters.structure == Follow::Current {
        notes.push(Text::fixed(
            "Enheter, program och regioner står under sina efterföljare.",
            "Units, programmes and regions stand under their successors.",
        ));
    }
    let plan = parameters.plan(day(data));
    if definition.name != super::participation::DEFINITION.name {
        notes.extend(asked_for(&plan));
    }
    notes.extend(narrowed::words(&plan.only, data.lists));
    notes.extend(narrowed::without_rates(definition.name, &plan.only));
    notes.extend(coverage::coverage(definition, data, parameters));
    notes.extend(breaks::breaks(&data.facts.breaks, &plan));
    if plan.cohort == Cohort::Started {
        notes.extend(maturity::maturity(data, &plan));
    }
    if parameters.audience == Audience::Internal {
        notes.push(Text::fixed(
            "Exakta siffror, inga dolda: endast för internt bruk.",
            "Exact figures, none hidden: for internal use only.",
        ));
    }
    notes
}

/// Which treatments count, when and where.
fn counted(parameters: &Parameters) -> [Text; 2] {
    let cohort = match parameters.cohort {
        Cohort::Started => Text::fixed(
            "Kohort: avslutade behandlingar efter startdatum.",
            "Cohort: ended treatments by their start date.",
        ),
        Cohort::Ended => Text::fixed(
            "Kohort: avslutade behandlingar efter slutdatum.",
            "Cohort: ended treatments by their end date.",
        ),
    };
    let attribution = match parameters.attribution {
        Attribution::Start => Text::fixed(
            "Räknas till den enhet som påbörjade behandlingen.",
            "Attribution: the unit that started the treatment.",
        ),
        Attribution::End => Text::fixed(
            "Räknas till den enhet som behandlingen lämnades över till, annars den som påbörjade den.",
            "Attribution: the unit that the treatment was handed over to, else the one that started it.",
        ),
    };
    [cohort, attribution]
}

/// The days that were asked for; nothing where all were.
fn asked_for(plan: &Plan) -> Option<Text> {
    let (from, to) = (plan.from, plan.to);
    let day = |words: [&str; 2], day: Option<Date>| {
        words.map(|word| day.map_or_else(String::new, |day| format!(" {word} {day}")))
    };
    let ([from_sv, from_en], [to_sv, to_en]) = (day(["från", "from"], from), day(["till och med", "to"], to));
    let any = from.or(to).is_some();
    any.then(|| Text::made(format!("Urval:{from_sv}{to_sv}."), format!("Selection:{from_en}{to_en}.")))
}

/// What the selection holds.
pub(super) fn selection(plan: &Plan, grouping: &Grouping) -> Vec<Text> {
    let span = grouping.span.map_or_else(
        || Text::fixed("Urvalet innehåller inga behandlingar.", "The selection holds no treatments."),
        |(first, last)| {
            Text::made(
                format!("Urvalet innehåller behandlingar från {first} till {last}."),
                format!("The selection holds treatments from {first} to {last}."),
            )
        },
    );
    let gaps = plan.period.gaps(grouping.periods());
    let gaps = (!gaps.is_empty()).then(|| {
        let gaps = gaps.join(", ");
        Text::made(format!("Perioder utan behandlingar: {gaps}."), format!("Periods without any treatment: {gaps}."))
    });
    std::iter::once(span).chain(gaps).collect()
}
