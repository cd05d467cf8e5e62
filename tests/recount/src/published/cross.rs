//! Treatments by period and labels.
//!
//! Promises: a treatment stands in its own combination of labels and in every one that sums over some of them.

use std::collections::BTreeMap;

use super::Episode;
use crate::selection::{ALL, Selection};

/// Period and labels, and who stands under them.
pub(super) type Members<'a> = BTreeMap<Vec<String>, Vec<&'a Episode<'a>>>;

/// Everybody under the selection's periods and some labels.
pub(super) fn cross<'a>(
    episodes: &'a [Episode<'a>],
    selection: Selection,
    labels: impl Fn(&Episode) -> Vec<String>,
) -> Members<'a> {
    let mut members = Members::new();
    for episode in episodes {
        let own = labels(episode);
        for period in selection.labels(&episode.treatment) {
            let mut keys = vec![vec![period]];
            for label in &own {
                let with = |key: &Vec<String>, label: &str| [key.as_slice(), &[label.to_owned()]].concat();
                keys = keys.iter().flat_map(|key| [with(key, label), with(key, ALL)]).collect();
            }
            for key in keys {
                members.entry(key).or_default().push(episode);
            }
        }
    }
    members
}

/// Region and programme.
pub(super) fn group(episode: &Episode) -> Vec<String> {
    vec![episode.treatment.region.clone(), episode.treatment.programme.clone()]
}

/// A key as the start of a line.
pub(super) fn cells(key: &[String]) -> Vec<&str> {
    key.iter().map(String::as_str).collect()
}
