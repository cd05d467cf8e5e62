//! What must stand beside the figures (statistics, section 7), a sentence each.
//!
//! Promises: nothing here counts persons or names one.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Definition, Parameters, ReportData};
use crate::aggregate::Grouping;
use crate::aggregate::plan::{Attribution, Cohort, Follow, Plan};

/// The day of the facts, UTC.
pub(super) fn day(data: &ReportData) -> Date {
    data.as_of.to_zoned(TimeZone::UTC).date()
}

/// What every report says.
pub(super) fn common(definition: &Definition, data: &ReportData, parameters: &Parameters) -> Vec<String> {
    let cohort = match parameters.cohort {
        Cohort::Started => "Cohort: ended treatments by their start date.",
        Cohort::Ended => "Cohort: ended treatments by their end date.",
    };
    let attribution = match parameters.attribution {
        Attribution::Start => "Attribution: the unit that started the treatment.",
        Attribution::End => {
            "Attribution: the unit that the treatment was handed over to, else the one that started it."
        }
    };
    let mut notes = vec![
        definition.meaning.to_owned(),
        format!(
            "Definition {} of the report, threshold set {}, data as of {}.",
            definition.version, data.thresholds.name, data.as_of
        ),
        cohort.to_owned(),
        attribution.to_owned(),
    ];
    if parameters.structure == Follow::Current {
        notes.push("Units, programmes and regions stand under their successors.".to_owned());
    }
    notes.push("Exact figures, none hidden: for internal use only.".to_owned());
    notes
}

/// What the selection holds.
pub(super) fn selection(plan: &Plan, grouping: &Grouping) -> Vec<String> {
    let span = grouping.span.map_or_else(
        || "The selection holds no treatments.".to_owned(),
        |(first, last)| format!("The selection holds treatments from {first} to {last}."),
    );
    let gaps = plan.period.gaps(grouping.periods());
    let gaps = (!gaps.is_empty()).then(|| format!("Periods without any treatment: {}.", gaps.join(", ")));
    std::iter::once(span).chain(gaps).collect()
}
