//! Monthly counts in a cycle: given by a source's own query, or counted from its treatments, and which of them go.
//!
//! Promises: counts are told only where every source tells all of them; rows of a source's own query never stop its treatments; of
//! files that count the same thing the last one stands.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use jiff::civil::Date;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::record::Activity;
use schemas::rule::Finding;

use super::CycleError;
use crate::activity::{Changed, Tally, Told, changed};
use crate::config::Content;
use crate::episode::Episode;
use crate::extract::Scope;
use crate::map::{self, Context, Words};
use crate::release::LeftOut;
use crate::setup::{Place, Setup};
use crate::source::Source;

/// Where the counts of one source come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// From its own query.
    Given,
    /// From its treatments, all of which were read.
    Whole,
    /// Its treatments were read in part, or never hold everything: they tell no counts.
    Part,
}

/// What the sources say of counts besides their treatments.
#[derive(Debug, Default)]
pub struct GatheredCounts {
    /// Of each source.
    pub counting: Vec<Counting>,
    /// Counts of the sources' own queries.
    pub given: Vec<Activity>,
    /// What was wrong with rows that were left out.
    pub findings: Vec<Finding>,
}

impl GatheredCounts {
    /// The tally begun with what is given; nothing where some source does not tell all of its counts.
    #[must_use]
    pub fn tally(&self) -> Option<Tally> {
        if self.counting.contains(&Counting::Part) {
            return None;
        }
        let mut tally = Tally::default();
        for given in &self.given {
            tally.add_given(given.clone());
        }
        Some(tally)
    }

    /// Adds treatments of the sources that do not count themselves.
    pub fn add(&self, tally: &mut Option<Tally>, episodes: &[Episode]) {
        let Some(tally) = tally else { return };
        let whole = |source: usize| self.counting.get(source) == Some(&Counting::Whole);
        for Episode { read, .. } in episodes.iter().filter(|episode| whole(episode.read.source)) {
            tally.add(&read.cell, read.course);
        }
    }

    /// Reads what a source counts itself.
    pub(super) async fn read(
        &mut self,
        (place, source): (&Place, &mut Source),
        scope: &Scope,
        words: &mut Words<'_>,
        context: &Context<'_>,
    ) -> Result<(), CycleError> {
        self.counting.push(match (&place.config.activity, scope) {
            (Some(_), _) => Counting::Given,
            (None, Scope::Everything) if place.config.content != Some(Content::Delta) => Counting::Whole,
            (None, _) => Counting::Part,
        });
        let mut told: HashMap<[String; 5], (u32, Vec<Activity>)> = HashMap::new();
        let mut pages = source.activity();
        while let Some(page) = pages.next().await {
            for row in page?.rows() {
                match map::map_count(&row, words, context) {
                    Ok(Some(count)) => {
                        let key = ["month", "unit_id", "programme", "sex", "age_group"];
                        let key = key.map(|column| row.get(column).unwrap_or_default().to_owned());
                        let order = row.recency(None).order;
                        let known = told.entry(key).or_default();
                        if known.0 < order {
                            *known = (order, Vec::new());
                        }
                        known.1.extend((known.0 == order).then_some(count));
                    }
                    Ok(None) => (),
                    Err(findings) => self.findings.extend(findings),
                }
            }
        }
        self.given.extend(told.into_values().flat_map(|(_, counts)| counts));
        Ok(())
    }
}

/// The counts that go, on a day: those that the register does not know as they stand.
#[must_use]
pub fn to_send(setup: &Setup, tally: Tally, told: Told, (left_out, today): (&LeftOut, Date)) -> Vec<Changed> {
    let left_until = setup.places.iter().filter_map(|place| place.config.keeps.left_until(today)).max();
    let counts = tally.counts();
    if counts.is_empty() && !told.fingerprints.is_empty() {
        tracing::warn!("no monthly count was found in any source; what was told of them before stands");
    }
    changed(&counts, &Told { left_until, ..told }, |count| {
        let content = left_out.strip(Kind::Activity, canonical::bytes(count));
        let fingerprint = setup.keys.content_fingerprint(&content);
        (content, fingerprint)
    })
}
