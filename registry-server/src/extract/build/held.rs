//! What a table is held against: everything that left its cut and earlier ones, and the moment that this was read at.
//!
//! Promises: a table is only kept where nothing was released and nobody left since that moment (the store's part); a cut's codes are those of
//! the cut before it and what is new. Must not know: how a table is made.

use jiff::Timestamp;

use super::{BuildError, Source, measures};
use crate::disclose::engine;
use crate::disclose::engine::contributors::Contributors;
use crate::disclose::engine::earlier::Earlier;
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::stored;
use crate::extract::codes::{Codes, Listing};
use crate::extract::cohort::Cohort;
use crate::extract::population::Population;
use crate::extract::vocabulary::DIMENSIONS;
use crate::fact::{Facts, Part};
use crate::store::Cut;
use crate::store::release::{Moment, Release};

/// A cut that was read, with what was released from it.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) facts: Facts,
    pub(super) cohort: Cohort,
    pub(super) codes: Codes,
    pub(super) releases: Vec<Release>,
}

/// All that a table of a cut is held against.
pub(super) struct Past {
    /// When it was read.
    pub(super) moment: Moment,
    /// The cut.
    pub(super) read: Read,
    /// Every earlier cut that something was released from, oldest first.
    pub(super) before: Vec<Read>,
    /// Whether something was released from a later cut.
    pub(super) is_overtaken: bool,
    /// How many persons had been withdrawn from the cut.
    pub(super) left_before: u64,
}

impl Source<'_> {
    /// What a table of the cut is held against now; its codes are kept from now on where a moment is given.
    pub(super) async fn past(&self, keep_at: Option<Timestamp>) -> Result<Past, BuildError> {
        // Read first: what comes after it is noticed when a table is to be kept.
        let moment = self.store.moment_of_releases().await?;
        let read = self.read(self.cut, keep_at).await?;
        let (mut before, mut is_overtaken) = (Vec::new(), false);
        let (own, others): (Vec<Cut>, Vec<Cut>) =
            { self.store.cuts().await?.into_iter() }.partition(|cut| cut.number == self.cut.number);
        let left_before = own.iter().map(Cut::withdrawn_persons).sum();
        for cut in &others {
            if self.store.releases(cut.number).await?.is_empty() {
                continue;
            }
            if cut.number > self.cut.number {
                is_overtaken = true;
            } else {
                before.push(self.read(cut, None).await?);
            }
        }
        Ok(Past { moment, read, before, is_overtaken, left_before })
    }

    /// A cut, with its codes.
    async fn read(&self, cut: &Cut, keep_at: Option<Timestamp>) -> Result<Read, BuildError> {
        let facts = self.store.facts_of(cut.number, &[Part::Outcomes, Part::Senders]).await?;
        let (cohort, codes) = self.codes(cut, &facts, keep_at).await?;
        let releases = self.store.releases(cut.number).await?;
        Ok(Read { name: cut.name.clone(), facts, cohort, codes, releases })
    }

    /// Who is counted in a cut, and by which codes: as they were kept, or as they would be kept now.
    pub(super) async fn codes(
        &self,
        cut: &Cut,
        facts: &Facts,
        keep_at: Option<Timestamp>,
    ) -> Result<(Cohort, Codes), BuildError> {
        let cohort = Cohort::of(facts, self.lists);
        let text = match (self.store.extract_codes(cut.number).await?, keep_at) {
            (Some(known), _) => known,
            (None, keep_at) => {
                let before = self.codes_before(cut).await?;
                let codes = Codes::of(&cohort, &facts.senders, self.lists, &Listing::new(self.pepper, before.as_ref()));
                let text = serde_json::to_string(&codes).map_err(|_| BuildError::Codes)?;
                match keep_at {
                    Some(at) => self.store.keep_extract_codes(cut.number, &text, at).await?,
                    None => text,
                }
            }
        };
        Ok((cohort, read_codes(&text)?))
    }

    /// The codes of the newest earlier cut that has some.
    async fn codes_before(&self, cut: &Cut) -> Result<Option<Codes>, BuildError> {
        for earlier in self.store.cuts().await?.iter().rev().filter(|earlier| earlier.number < cut.number) {
            if let Some(text) = self.store.extract_codes(earlier.number).await? {
                return read_codes(&text).map(Some);
            }
        }
        Ok(None)
    }

    /// What left the cut, and what left earlier ones with whoever is left of those behind it.
    pub(super) fn released(&self, past: &Past, now: &Population) -> Result<(Ledger, Earlier), BuildError> {
        let secret = self.secret(&past.read.name);
        let kept = past.read.releases.iter().map(|release| release.kept.as_str());
        let ledger = Ledger::read(kept, &now.vocabulary, &secret)?;
        let mut earlier = Earlier::default();
        for then in &past.before {
            self.add_earlier(&mut earlier, then, now)?;
        }
        Ok((ledger, earlier))
    }

    fn add_earlier(&self, earlier: &mut Earlier, then: &Read, now: &Population) -> Result<(), BuildError> {
        let secret = self.secret(&then.name);
        let population = self.population(then, &measures([then], None, self.lists))?;
        let cut = engine::Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
        for release in &then.releases {
            let table = stored::read(&release.kept, &population.vocabulary, &secret)?;
            let contributors = Contributors::of(&cut, &table).after(&release.counts, &secret)?;
            earlier.add(stored::read_earlier(&release.kept, &now.vocabulary, &secret)?, contributors);
        }
        Ok(())
    }
}

pub(super) fn read_codes(text: &str) -> Result<Codes, BuildError> {
    let codes: Codes = serde_json::from_str(text).map_err(|_| BuildError::Codes)?;
    let is_whole = codes.dimensions.iter().map(|listed| listed.name.as_str()).eq(DIMENSIONS.map(|known| known.name));
    if is_whole { Ok(codes) } else { Err(BuildError::Codes) }
}
