//! Which rows are read: everything, or the whole episodes of the treatments that changed.
//!
//! Promises: `:since` only finds *which* treatments changed; every one of them is then read whole. The increment begins at the newest
//! `updated_at` seen so far minus an overlap, never at a clock time. Memory is bounded: when much changed, everything is read. A changed row
//! without an id can be found by no id, so that everything is read.
//! Must not know: what rows mean.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use futures_util::StreamExt as _;
use jiff::Timestamp;

use crate::source::{Pages, Rows, Since, Source, SourceError, uses_since};

/// Beyond this many changed treatments everything is read instead.
const MOST_CHANGED: usize = 20_000;

/// How a cycle reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The whole source.
    Full,
    /// What changed since a moment of the source's own times.
    Since(Timestamp),
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every row.
    Everything,
    /// The treatments of these ids.
    Treatments(Vec<String>),
}

impl Scope {
    /// The rows that the source is asked for.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        match self {
            Self::Everything => Rows::Since(Since::Beginning),
            Self::Treatments(ids) => Rows::Of(ids),
        }
    }
}

/// Finds out what a reading covers. A query without `:since` yields everything on every run, so everything is read. `looked` is told
/// after each page.
///
/// # Errors
/// When the source cannot be read.
pub async fn scope(
    source: &mut Source,
    queries: &crate::config::Source,
    reading: Reading,
    looked: &(dyn Fn() + Sync),
) -> Result<Scope, SourceError> {
    let Reading::Since(since) = reading else { return Ok(Scope::Everything) };
    if !(uses_since(&queries.treatments) && uses_since(&queries.measurements)) {
        return Ok(Scope::Everything);
    }
    let changed = Rows::Since(Since::Moment(since));
    let mut ids = BTreeSet::new();
    if !collect(source.treatments(changed), &mut ids, looked).await?
        || !collect(source.measurements(changed), &mut ids, looked).await?
    {
        return Ok(Scope::Everything);
    }
    Ok(Scope::Treatments(ids.into_iter().collect()))
}

/// Adds the treatment ids of some rows; answers false, and stops, when they are too many or a row has none.
async fn collect(
    mut pages: Pages<'_>,
    ids: &mut BTreeSet<String>,
    looked: &(dyn Fn() + Sync),
) -> Result<bool, SourceError> {
    while let Some(page) = pages.next().await {
        for row in page?.rows() {
            let Some(id) = row.get("treatment_id") else { return Ok(false) };
            if !ids.contains(id) {
                ids.insert(id.to_owned());
            }
        }
        looked();
        if ids.len() > MOST_CHANGED {
            return Ok(false);
        }
    }
    Ok(true)
}
