//! Tables built: from a cut, held against everything that left it before, and kept before anybody sees them.
//!
//! Promises: a table that was given once is given again as it was; of two that are built at the same time from one cut, the second is held
//! against the first. Must not know: who asks, files.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemas::codelist::CodeLists;
use zeroize::Zeroizing;

use super::asked::Asked;
use super::codes::Codes;
use super::cohort::Cohort;
use super::measure::Measure;
use super::population::{Population, Unfit};
use super::vocabulary::{self, DIMENSIONS};
use crate::disclose::engine::contributors::Contributors;
use crate::disclose::engine::earlier::Earlier;
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::request::{Request, Unaskable};
use crate::disclose::engine::secret::Secret;
use crate::disclose::engine::stored::{self, Unreadable};
use crate::disclose::engine::table::{Disclosed, Table};
use crate::disclose::engine::{self, Before, Precheck, Progress, Refusal};
use crate::environment::Stamp;
use crate::fact::{Facts, Part};
use crate::store::release::Release;
use crate::store::{Cut, Store, StoreError};
use crate::subject::Pepper;

/// What the key over tables is derived by.
const LABEL: &[u8] = b"fedreg/sdc/key/v1";

/// A table of a request, or why there is none.
#[derive(Debug, Clone)]
pub struct Built {
    /// What was asked for.
    pub asked: Asked,
    /// The place among the releases of the cut, and the table.
    pub table: Result<(u32, Disclosed<Table>), Refusal>,
}

/// Why nothing was built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cut contradicts itself.
    #[error("the cut cannot be split by the registered codes: {0}")]
    Unfit(#[from] Unfit),
    /// Something kept is not as it was written.
    #[error("what was released from this cut before cannot be read: {0}")]
    Unreadable(#[from] Unreadable),
    /// The codes that were kept with the cut.
    #[error("the codes kept with this cut cannot be read")]
    Codes,
    /// What is stated of how whole a cut is.
    #[error("what is stated of the coverage of this cut cannot be made or read")]
    Statement,
    /// A question that the cut's codes do not know.
    #[error("a table cannot be asked of this cut: {0}")]
    Unaskable(#[from] Unaskable),
    /// A later cut was released from, whose tables this one cannot be held against any more.
    #[error("tables left a later data set already: ask the newest one, or for a table that this one has given before")]
    Later,
    /// The register's lists are not those that the cut was frozen under.
    #[error("the code lists or thresholds have changed since this data set was frozen: freeze a new one")]
    Lists,
}

/// A cut of a register, to be built from.
pub struct Source<'a> {
    /// Where it is kept.
    pub store: &'a dyn Store,
    /// The cut.
    pub cut: &'a Cut,
    /// The register's code lists.
    pub lists: &'a CodeLists,
    /// What the key over tables is derived from.
    pub pepper: &'a Pepper,
}

/// A cut that was read, with what was released from it.
struct Read {
    name: String,
    facts: Facts,
    cohort: Cohort,
    codes: Codes,
    releases: Vec<Release>,
}

impl Source<'_> {
    /// Builds tables and keeps each before the next.
    ///
    /// # Errors
    /// Whatever keeps all of them from being built; what the engine refuses is told table by table.
    pub async fn build(
        &self,
        asked: &[Asked],
        request: Option<u32>,
        stamp: impl Fn() -> Stamp,
    ) -> Result<Vec<Built>, BuildError> {
        let mut read = self.read(self.cut, Some(stamp().at)).await?;
        let before = self.before().await?;
        let mut built = Vec::with_capacity(asked.len());
        for asked in asked {
            let table = self.one((&mut read, &before), asked, request, &stamp).await?;
            built.push(Built { asked: asked.clone(), table });
        }
        Ok(built)
    }

    /// What a table would be at best, without building it.
    ///
    /// # Errors
    /// The cut cannot be read.
    pub async fn precheck(&self, asked: &Asked) -> Result<Result<Precheck, Refusal>, BuildError> {
        let read = self.read(self.cut, None).await?;
        let population = self.population(&read, &measures([&read], Some(asked), self.lists))?;
        let secret = self.secret(&read.name);
        let ledger = ledger(&read, &population, &secret)?;
        let question = Request::read(&asked.crossing, &population.vocabulary)?;
        let cut = engine::Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
        Ok(engine::precheck(&cut, &question, &ledger))
    }

    /// How many persons of the cut are in no table, whatever it is split by.
    ///
    /// # Errors
    /// The cut cannot be read.
    pub async fn left_out(&self) -> Result<u64, BuildError> {
        let read = self.read(self.cut, None).await?;
        Ok(self.population(&read, &[])?.left_out)
    }

    /// A cut, with its codes; they are kept from now on where a moment is given.
    async fn read(&self, cut: &Cut, keep_at: Option<Timestamp>) -> Result<Read, BuildError> {
        let facts = self.store.facts_of(cut.number, &[Part::Outcomes, Part::Senders]).await?;
        let cohort = Cohort::of(&facts, self.lists);
        let known = self.store.extract_codes(cut.number).await?;
        let new = || serde_json::to_string(&Codes::of(&cohort, &facts.senders, self.lists));
        let text = match (known, keep_at) {
            (Some(known), _) => known,
            (None, None) => new().map_err(|_| BuildError::Codes)?,
            (None, Some(at)) => {
                let text = new().map_err(|_| BuildError::Codes)?;
                self.store.keep_extract_codes(cut.number, &text, at).await?
            }
        };
        let codes: Codes = serde_json::from_str(&text).map_err(|_| BuildError::Codes)?;
        if !codes.dimensions.iter().map(|listed| listed.name.as_str()).eq(DIMENSIONS.map(|known| known.name)) {
            return Err(BuildError::Codes);
        }
        let releases = self.store.releases(cut.number).await?;
        Ok(Read { name: cut.name.clone(), facts, cohort, codes, releases })
    }

    /// Every earlier cut that something was released from, oldest first.
    async fn before(&self) -> Result<Vec<Read>, BuildError> {
        let mut before = Vec::new();
        for cut in self.store.cuts().await?.iter().filter(|cut| cut.number < self.cut.number) {
            if !self.store.releases(cut.number).await?.is_empty() {
                before.push(self.read(cut, None).await?);
            }
        }
        Ok(before)
    }

    async fn one(
        &self,
        (read, before): (&mut Read, &[Read]),
        asked: &Asked,
        request: Option<u32>,
        stamp: &impl Fn() -> Stamp,
    ) -> Result<Result<(u32, Disclosed<Table>), Refusal>, BuildError> {
        loop {
            // Audits take a while; other tasks of the process go on meanwhile.
            let made = tokio::task::block_in_place(|| self.disclosed((read, before), asked))?;
            let Made { known, table, counts } = made;
            let table = match table {
                Ok(table) => table,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if let Some(place) = known {
                return Ok(Ok((place, table)));
            }
            self.is_askable().await?;
            let (stamp, place) = (stamp(), read.releases.last().map_or(1, |last| last.place + 1));
            let (question, kept) = (table.asked.clone(), table.write(&self.secret(&read.name)));
            let (cut, left_before) = (self.cut.number, self.cut.withdrawn_persons());
            let asked = question;
            let release =
                Release { cut, place, asked, kept, counts, at: stamp.at, request, published_at: None, left_before };
            if self.store.release(&release, stamp).await? {
                read.releases.push(release);
                return Ok(Ok((place, table)));
            }
            // Somebody released another meanwhile: it is held against that too.
            read.releases = self.store.releases(cut).await?;
        }
    }

    /// Whether something new may be asked of the cut.
    async fn is_askable(&self) -> Result<(), BuildError> {
        if self.cut.code_lists != self.lists.hash() || self.cut.thresholds != self.lists.thresholds().name {
            return Err(BuildError::Lists);
        }
        for cut in self.store.cuts().await?.iter().filter(|cut| cut.number > self.cut.number) {
            if !self.store.releases(cut.number).await?.is_empty() {
                return Err(BuildError::Later);
            }
        }
        Ok(())
    }

    /// The table of a question, with its place where it was given before.
    fn disclosed(&self, (read, before): (&Read, &[Read]), asked: &Asked) -> Result<Made, BuildError> {
        let all = measures(before.iter().chain([read]), Some(asked), self.lists);
        let population = self.population(read, &all)?;
        let secret = self.secret(&read.name);
        let ledger = ledger(read, &population, &secret)?;
        let mut earlier = Earlier::default();
        for then in before {
            self.add_earlier(&mut earlier, then, &population)?;
        }
        let question = Request::read(&asked.crossing, &population.vocabulary)?;
        let text = question.text(&population.vocabulary);
        let known = read.releases.iter().find(|release| release.asked == text).map(|release| release.place);
        let cut = engine::Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
        let released = Before { ledger: &ledger, earlier: &earlier };
        let mut progress =
            |Progress { cells, round }| tracing::info!(cells, round, "a table is held against all others");
        let table = engine::disclose_after(&cut, &question, released, &mut progress);
        let counts = table.as_ref().map(|table| Contributors::of(&cut, table).counts()).unwrap_or_default();
        let counts = serde_json::to_string(&counts).map_err(|_| BuildError::Codes)?;
        Ok(Made { known, table, counts })
    }

    /// The tables of an earlier cut with whoever is left of those behind them.
    fn add_earlier(&self, earlier: &mut Earlier, then: &Read, now: &Population) -> Result<(), BuildError> {
        let secret = self.secret(&then.name);
        let population = self.population(then, &measures([then], None, self.lists))?;
        let cut = engine::Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
        for release in &then.releases {
            let counts: Vec<(Vec<String>, u32)> =
                serde_json::from_str(&release.counts).map_err(|_| BuildError::Codes)?;
            let table = stored::read(&release.kept, &population.vocabulary, &secret)?;
            let contributors = Contributors::of(&cut, &table).after(&counts);
            earlier.add(stored::read_earlier(&release.kept, &now.vocabulary, &secret)?, contributors);
        }
        Ok(())
    }

    fn population(&self, read: &Read, measures: &[Measure]) -> Result<Population, Unfit> {
        Population::new((&read.facts, &read.cohort, &read.codes), measures, self.lists)
    }

    fn secret(&self, cut: &str) -> Secret {
        secret(self.pepper, cut)
    }
}

/// The key over the tables of a cut of a name.
pub(super) fn secret(pepper: &Pepper, cut: &str) -> Secret {
    let key: Zeroizing<[u8; 32]> = pepper.derived(LABEL);
    Secret::new(&key, cut)
}

/// A released question as it was asked.
pub(super) fn asked_of(asked: &str, lists: &CodeLists) -> Asked {
    let is_own = |one: &&str| one.split(':').next().is_some_and(|name| vocabulary::named(name).is_none());
    // Means are asked for behind who answered, which they are means of.
    let measure = asked.rsplit(',').filter(is_own).find_map(|one| Measure::named(one, lists));
    Asked { measure: measure.unwrap_or(Measure::Persons), crossing: asked.to_owned() }
}

/// A table and what is kept beside it.
struct Made {
    known: Option<u32>,
    table: Result<Disclosed<Table>, Refusal>,
    counts: String,
}

fn ledger(read: &Read, population: &Population, secret: &Secret) -> Result<Ledger, Unreadable> {
    let kept = read.releases.iter().map(|release| release.kept.as_str());
    Ledger::read(kept, &population.vocabulary, secret)
}

/// Every measure that was released from cuts, and that of a question.
fn measures<'r>(read: impl IntoIterator<Item = &'r Read>, asked: Option<&Asked>, lists: &CodeLists) -> Vec<Measure> {
    let released = read.into_iter().flat_map(|read| &read.releases).flat_map(|release| release.asked.split(','));
    let released = released.filter(|one| one.split(':').next().is_some_and(|name| vocabulary::named(name).is_none()));
    let released = released.filter_map(|one| Measure::named(one, lists));
    let mut seen = BTreeSet::new();
    let all = asked.map(|asked| asked.measure.clone()).into_iter().chain(released);
    all.filter(|measure| seen.insert(measure.to_string())).collect()
}
