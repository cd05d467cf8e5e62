//! Coverage by region and month, from which what stands below every other report is summed.
//!
//! Promises: it is the report `coverage` by region and month, and nothing is counted in a way of its own; without an outside denominator
//! there is nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemas::codelist::CodeLists;

use super::Labels;
use super::counted::{Counted, Sums};
use crate::aggregate::ALL;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::{Part, Period};
use crate::aggregate::plan::{Attribution, Cohort, Follow, Plan};
use crate::aggregate::selection::Selection;
use crate::fact::{Facts, RegionMonth, RegionMonths};
use crate::report::months::first_day;

/// Coverage of every region and month, under both structures.
#[must_use]
pub(crate) fn both(facts: &Facts, lists: &CodeLists) -> RegionMonths {
    RegionMonths { as_was: months(facts, lists, Follow::AsWas), current: months(facts, lists, Follow::Current) }
}

/// Coverage of every region and month in which the register has a treatment or somebody outside tells of one.
#[must_use]
pub(crate) fn months(facts: &Facts, lists: &CodeLists, structure: Follow) -> Vec<RegionMonth> {
    if facts.denominators.is_empty() {
        return Vec::new();
    }
    let plan = Plan {
        by: vec![Dimension::Region],
        cohort: Cohort::Ended,
        period: Period::Calendar(Part::Month),
        from: None,
        to: None,
        attribution: Attribution::Start,
        structure,
        only: Selection::default(),
    };
    let counted = Counted::new(facts, lists, &plan);
    let (outside, _) = counted.outside(facts);
    let sums: BTreeMap<&Labels, &Sums> = counted.sums.rows().collect();
    let labels: BTreeSet<&Labels> = sums.keys().copied().chain(outside.keys()).collect();
    let of_one = |labels: &Labels| {
        let (Some(month), region) = (first_day(&labels[0]), &labels[1]) else { return None };
        let told = outside.get(labels).cloned().unwrap_or_default();
        let accepted = sums.get(labels).map_or(0, |sums| sums.accepted);
        (&**region != ALL && (accepted > 0 || told.is_told())).then(|| RegionMonth {
            region: Arc::clone(region),
            month,
            accepted,
            ended: told.ended,
            sources: told.sources.iter().map(|source| Arc::from(*source)).collect(),
            partly: told.partly,
        })
    };
    labels.into_iter().filter_map(of_one).collect()
}
