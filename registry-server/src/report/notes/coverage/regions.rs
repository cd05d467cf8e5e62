//! The regions of a selection: how many treatments each has in the register, and how many somebody outside counts.
//!
//! Promises: a month counts only where all of its days are in the selection, because nobody can divide an outside count.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::Plan;
use crate::fact::RegionMonth;
use crate::indicator::coverage::of;
use crate::indicator::share::Share;
use crate::report::months::{Whereabouts, whereabouts};

/// What a region has in the selection, and what is told of it.
#[derive(Debug, Default)]
pub(super) struct Region<'a> {
    /// Treatments in the register.
    pub(super) accepted: u64,
    ended: u64,
    /// Who tells of it.
    pub(super) sources: BTreeSet<&'a str>,
    partly: bool,
    /// Months with treatments, and those of them of which everything is told.
    pub(super) months: (usize, usize),
}

/// How a region's coverage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Told.
    Covered(Share),
    /// The source tells of fewer than there are.
    Above,
    /// The source leaves out something of which there are treatments.
    InPart,
    /// Nobody outside tells of it.
    NoSource,
    /// The source tells of a region without treatments.
    Absent,
}

impl Region<'_> {
    /// How its coverage stands.
    pub(super) fn standing(&self) -> Standing {
        match (self.accepted, self.sources.is_empty(), self.partly) {
            (0, ..) => Standing::Absent,
            (_, true, _) => Standing::NoSource,
            (_, _, true) => Standing::InPart,
            _ => of(self.accepted, self.ended).map_or(Standing::Above, Standing::Covered),
        }
    }
}

/// Every region of the selection.
pub(super) struct Regions<'a> {
    /// By county code.
    pub(super) by_code: BTreeMap<&'a str, Region<'a>>,
    /// Months of which the selection holds a part only.
    pub(super) divided: BTreeSet<Date>,
}

impl<'a> Regions<'a> {
    /// Sums the whole months of a selection, of the regions that it keeps.
    pub(super) fn new(months: &'a [RegionMonth], plan: &Plan) -> Self {
        let mut regions = Self { by_code: BTreeMap::new(), divided: BTreeSet::new() };
        let is_kept = |region: &str| plan.only.takes_label(Dimension::Region, Some(region));
        // A month's rows follow each other.
        for of_month in months.chunk_by(|a, b| a.month == b.month) {
            match whereabouts(plan, Some(of_month[0].month)) {
                Whereabouts::In(_) => {
                    of_month.iter().filter(|one| is_kept(&one.region)).for_each(|one| regions.add(one));
                }
                Whereabouts::Divided => drop(regions.divided.insert(of_month[0].month)),
                Whereabouts::Total | Whereabouts::Outside => (),
            }
        }
        regions
    }

    fn add(&mut self, one: &'a RegionMonth) {
        let region = self.by_code.entry(&one.region).or_default();
        region.accepted += one.accepted;
        region.ended += one.ended;
        region.sources.extend(one.sources.iter().map(|source| &**source));
        region.partly |= one.partly;
        region.months.0 += usize::from(one.accepted > 0);
        region.months.1 += usize::from(one.accepted > 0 && !one.partly && !one.sources.is_empty());
    }

    /// Those whose coverage is told.
    pub(super) fn covered(&self) -> Vec<(&'a str, Share)> {
        let share = |region: &Region| if let Standing::Covered(share) = region.standing() { Some(share) } else { None };
        self.by_code.iter().filter_map(|(code, region)| Some((*code, share(region)?))).collect()
    }

    /// Those that stand in a way.
    pub(super) fn standing(&self, standing: Standing) -> Vec<&'a str> {
        let of_it = self.by_code.iter().filter(|(_, region)| region.standing() == standing);
        of_it.map(|(code, _)| *code).collect()
    }
}
