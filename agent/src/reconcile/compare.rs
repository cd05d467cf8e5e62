//! What the register should hold beside what it says that it holds: pure.
//!
//! Promises: each treatment that differs is told once; one that is on its way is told as on its way and never as a difference.

use std::collections::BTreeMap;

use schemas::digest::Line;
use serde::Serialize;

use super::Different;
use crate::outbox::{Standing, Trace};

/// How a treatment differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The register lacks it.
    Missing,
    /// The register holds it in another version or with other content, or its row was altered.
    Other,
    /// It was taken back, and the register holds it still.
    NotTakenBack,
    /// The register holds it, a source shows it, and no delivery of it is known here.
    Unaccounted,
    /// The register holds it, and nothing is known of it here.
    Unknown,
}

impl Difference {
    /// The difference as it is told, given what is known of it here; nothing when it is none.
    #[must_use]
    pub fn refined(self, trace: &Trace) -> Option<Self> {
        match self {
            _ if trace.is_under_way => None,
            Self::Unknown if trace.was_taken_back => Some(Self::NotTakenBack),
            Self::Unknown if trace.has_record || trace.local_id.is_some() => Some(Self::Unaccounted),
            other => Some(other),
        }
    }
}

/// Compares some treatments that the register should hold with the lines that it tells of the same buckets.
#[must_use]
pub fn compare(ours: &[Standing], theirs: &[Line]) -> BTreeMap<String, Different> {
    let mut there: BTreeMap<&str, &Line> = theirs.iter().map(|line| (line.key.as_str(), line)).collect();
    let mut differences = BTreeMap::new();
    for own in ours {
        let line = there.remove(own.key.as_str());
        let how = match line {
            None => Difference::Missing,
            Some(line) if own.line().as_ref() == Some(line) => continue,
            Some(_) => Difference::Other,
        };
        differences.insert(own.key.clone(), Different { how, local_id: None, there: line.cloned() });
    }
    differences.extend(there.into_iter().map(|(key, line)| {
        (key.to_owned(), Different { how: Difference::Unknown, local_id: None, there: Some(line.clone()) })
    }));
    differences
}
