//! Treatments by period, region and programme.
//!
//! Promises: a treatment is in its own group and in every group that sums over some of the dimensions. It must not
//! know figures.

use std::collections::BTreeMap;

use crate::selection::{ALL, Selection};
use crate::treatment::Treatment;

/// What a row is about; `ALL` where it sums over a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    pub(crate) period: String,
    pub(crate) region: String,
    pub(crate) programme: String,
}

impl Group {
    pub(crate) fn cells(&self) -> [&str; 3] {
        [&self.period, &self.region, &self.programme]
    }
}

/// Every group that has a treatment, with its treatments.
pub(crate) fn by_group(treatments: &[Treatment], selection: Selection) -> BTreeMap<Group, Vec<&Treatment>> {
    let mut members: BTreeMap<Group, Vec<&Treatment>> = BTreeMap::new();
    for treatment in treatments {
        for period in selection.labels(treatment) {
            for region in [&treatment.region, ALL] {
                for programme in [&treatment.programme, ALL] {
                    let group =
                        Group { period: period.clone(), region: region.to_owned(), programme: programme.to_owned() };
                    members.entry(group).or_default().push(treatment);
                }
            }
        }
    }
    members
}

/// Every printed period with its treatments.
pub(crate) fn by_period(treatments: &[Treatment], selection: Selection) -> BTreeMap<String, Vec<&Treatment>> {
    let mut members: BTreeMap<String, Vec<&Treatment>> = BTreeMap::from([(ALL.to_owned(), Vec::new())]);
    for treatment in treatments {
        for period in selection.labels(treatment) {
            members.entry(period).or_default().push(treatment);
        }
    }
    members
}
