//! The regions with the highest and the lowest rates, in words.
//!
//! Promises: never a rank; each with its limits, so that nobody reads chance as a difference; a region without a treatment is not the
//! lowest, because it may not have joined.

use schemas::codelist::CodeLists;

use super::super::Text;
use super::EVERYBODY;
use crate::indicator::rate::Rate;

/// How many are named at either end.
const NAMED: (usize, usize) = (3, 2);

/// The regions with the highest and the lowest rate of a year and ages: each with its treatments and rate.
pub(super) fn note(lists: &CodeLists, (year, ages): (i16, &str), regions: &[(String, u64, Rate)]) -> Option<Text> {
    let mut treated: Vec<&(String, u64, Rate)> = regions.iter().filter(|(_, n, _)| *n > 0).collect();
    treated.sort_by(|a, b| b.2.per_1000.total_cmp(&a.2.per_1000).then_with(|| a.0.cmp(&b.0)));
    if treated.len() < 2 {
        return None;
    }
    let highest = NAMED.0.min(treated.len() / 2);
    let lowest = NAMED.1.min(treated.len() - highest);
    let told = |regions: &[&(String, u64, Rate)]| {
        let told = regions.iter().map(|(code, _, Rate { per_1000, low, high })| {
            let name = lists.region(code).map_or(code.as_str(), |region| region.name.as_str());
            format!("{name} {per_1000:.2} ({low:.2} to {high:.2})")
        });
        told.collect::<Vec<_>>().join("; ")
    };
    let (high, low) = (told(&treated[..highest]), told(&treated[treated.len() - lowest..]));
    let (aged_sv, aged_en) = match ages {
        EVERYBODY => ("invånare".to_owned(), "inhabitants".to_owned()),
        span => (format!("invånare {span} år"), format!("inhabitants aged {span}")),
    };
    let swedish = |text: &str| text.replace('.', ",").replace(" to ", " till ");
    Some(Text::made(
        format!(
            "Högst per 1000 {aged_sv} {year}: {}. Lägst av de regioner som har behandlingar: {}. Skillnader inom gränserna (95 %) kan \
             vara slump.",
            swedish(&high),
            swedish(&low)
        ),
        format!(
            "Highest per 1000 {aged_en} in {year}: {high}. Lowest of the regions that have treatments: {low}. Differences within the \
             limits (95 %) may be chance."
        ),
    ))
}
