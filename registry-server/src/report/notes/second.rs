//! How many have a first score and no second.

use std::collections::BTreeMap;

use crate::aggregate::pairs::{PairTable, Series, SeriesName};
use crate::report::Text;
use crate::report::figure::Figure;
use crate::report::heading::Unit;
use crate::report::render::number::shown;
use schemas::language::Language;

/// The share that has a first score and no second, for each instrument and comparison, over the whole selection.
pub(in crate::report) fn missing_second(pairs: &PairTable, whole: &BTreeMap<SeriesName, Series>) -> Option<Text> {
    let mut shares: Vec<(&str, String, f64)> = whole
        .iter()
        .filter(|(_, series)| series.firsts > 0)
        .map(|((instrument, comparison), series)| {
            let missing = (series.firsts - series.paired()) as f64 / series.firsts as f64;
            (&*pairs.instruments[*instrument], comparison.to_string(), missing)
        })
        .collect();
    shares.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let told = |language| {
        let one = |(instrument, comparison, missing): &(&str, String, f64)| {
            format!("{instrument} {comparison} {} %", shown(&Figure::from(*missing), Unit::Share, language))
        };
        shares.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    (!shares.is_empty()).then(|| {
        Text::made(
            format!("Med en första men ingen andra skattning: {}.", told(Language::Sv)),
            format!("With a first but no second score: {}.", told(Language::En)),
        )
    })
}
