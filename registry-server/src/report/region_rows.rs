//! The rows of regions that have nothing.
//!
//! Promises: where rows are split by region, every region of the code list that is kept has one in every printed period, all other
//! dimensions summed over; where some units are kept, regions without them have none.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemas::codelist::CodeLists;

use crate::aggregate::ALL;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::selection::Selection;

/// The labels of every region, and of the country, in each period of `printed`, whose first label is the period.
pub(super) fn region_rows(
    (by, only): (&[Dimension], &Selection),
    lists: &CodeLists,
    printed: &BTreeSet<Vec<Arc<str>>>,
) -> Vec<Vec<Arc<str>>> {
    let Some(place) = by.iter().position(|dimension| *dimension == Dimension::Region) else { return Vec::new() };
    let all: Arc<str> = Arc::from(ALL);
    let periods: BTreeSet<&Arc<str>> = printed.iter().filter_map(|labels| labels.first()).chain([&all]).collect();
    let regions: Vec<Arc<str>> = kept_regions(only, lists).map(Arc::from).chain([Arc::clone(&all)]).collect();
    let row = |period: &Arc<str>, region: &Arc<str>| {
        let mut labels = vec![Arc::clone(&all); by.len() + 1];
        labels[0] = Arc::clone(period);
        labels[place + 1] = Arc::clone(region);
        labels
    };
    periods.iter().flat_map(|period| regions.iter().map(|region| row(period, region)).collect::<Vec<_>>()).collect()
}

/// The regions that may have a row without anything in it.
pub(super) fn kept_regions<'a>(only: &Selection, lists: &'a CodeLists) -> impl Iterator<Item = &'a str> {
    let codes = lists.regions().map(|region| region.code.as_str());
    codes.filter(move |code| only.of(Dimension::Unit).is_none() && only.takes_label(Dimension::Region, Some(code)))
}
