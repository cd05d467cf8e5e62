//! Tables built: from a cut, held against everything that left it before, and kept before anybody sees them.
//!
//! Promises: a table that was given once is given again as it was; of two that are built at the same time, from one cut or from two, the
//! second is held against the first; whoever leaves while a table is built is not in it. Must not know: who asks, files.

/// What a table is held against.
mod held;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schemas::codelist::CodeLists;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::asked::Asked;
use super::codes::LeftOut;
use super::measure::Measure;
use super::population::{Population, Unfit};
use super::vocabulary;
use crate::disclose::engine::contributors::Contributors;
use crate::disclose::engine::request::{Request, Unaskable};
use crate::disclose::engine::secret::Secret;
use crate::disclose::engine::stored::Unreadable;
use crate::disclose::engine::table::{Disclosed, Table};
use crate::disclose::engine::{self, Before, Precheck, Refusal};
use crate::environment::Stamp;
use crate::store::job::Progress;
use crate::store::release::Release;
use crate::store::{Cut, Store, StoreError};
use crate::subject::Pepper;
use held::{Past, Read};

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
    /// Whoever asked stopped it.
    #[error("the work was broken off")]
    Stopped,
}

/// Where it is told how far tables have come, and whether to go on.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// Takes down how far they have come.
    pub tell: &'a (dyn Fn(Progress) + Send + Sync),
    /// Breaks the work off, within a question of the audit.
    pub stop: &'a CancellationToken,
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
        let told = Told { tell: &|_| (), stop: &CancellationToken::new() };
        self.build_telling((asked, told), request, stamp).await
    }

    /// The same, told how far it has come.
    ///
    /// # Errors
    /// As above.
    pub async fn build_telling(
        &self,
        (asked, told): (&[Asked], Told<'_>),
        request: Option<u32>,
        stamp: impl Fn() -> Stamp,
    ) -> Result<Vec<Built>, BuildError> {
        let mut past = self.past(Some(stamp().at)).await?;
        let mut built = Vec::with_capacity(asked.len());
        let tables = small(asked.len());
        for (table, asked) in (1..).zip(asked) {
            let tell = |Progress { round, cells, .. }: Progress| (told.tell)(Progress { table, tables, round, cells });
            tell(Progress::default());
            let table = self.one(&mut past, (asked, Told { tell: &tell, ..told }), request, &stamp).await?;
            built.push(Built { asked: asked.clone(), table });
        }
        Ok(built)
    }

    /// What a table would be at best, without building it.
    ///
    /// # Errors
    /// The cut cannot be read.
    pub async fn precheck(&self, asked: &Asked) -> Result<Result<Precheck, Refusal>, BuildError> {
        let past = self.past(None).await?;
        tokio::task::block_in_place(|| self.with(&past, asked, engine::precheck))
    }

    /// How many persons of a cut that was built from are in no table, whatever it is split by: as it was said first.
    ///
    /// # Errors
    /// The cut cannot be read.
    pub async fn left_out(&self) -> Result<LeftOut, BuildError> {
        let text = self.store.extract_codes(self.cut.number).await?.ok_or(BuildError::Codes)?;
        Ok(held::read_codes(&text)?.left_out)
    }

    async fn one(
        &self,
        past: &mut Past,
        (asked, told): (&Asked, Told<'_>),
        request: Option<u32>,
        stamp: &impl Fn() -> Stamp,
    ) -> Result<Result<(u32, Disclosed<Table>), Refusal>, BuildError> {
        loop {
            // Audits take a while; other tasks of the process go on meanwhile.
            let made = tokio::task::block_in_place(|| self.disclosed(past, (asked, told)))?;
            let Made { known, table, counts } = made;
            let table = match table {
                Ok(table) => table,
                Err(Refusal::Stopped) => return Err(BuildError::Stopped),
                Err(refusal) => return Ok(Err(refusal)),
            };
            if let Some(place) = known {
                return Ok(Ok((place, table)));
            }
            self.is_askable(past)?;
            let (stamp, place) = (stamp(), past.read.releases.last().map_or(1, |last| last.place + 1));
            let (question, kept) = (table.asked.clone(), table.write(&self.secret(&past.read.name)));
            let cut = self.cut.number;
            let release = Release {
                cut,
                place,
                asked: question,
                kept,
                counts,
                at: stamp.at,
                request,
                published_at: None,
                left_before: past.left_before,
            };
            if self.store.release(&release, past.moment, stamp).await? {
                past.read.releases.push(release);
                past.moment.releases += 1;
                return Ok(Ok((place, table)));
            }
            // Somebody released another meanwhile, or left: it is held against that too, and built without them.
            *past = self.past(Some(stamp.at)).await?;
        }
    }

    /// Whether something new may be asked of the cut.
    fn is_askable(&self, past: &Past) -> Result<(), BuildError> {
        if self.cut.code_lists != self.lists.hash() || self.cut.thresholds != self.lists.thresholds().name {
            return Err(BuildError::Lists);
        }
        if past.is_overtaken { Err(BuildError::Later) } else { Ok(()) }
    }

    /// The table of a question, with its place where it was given before.
    fn disclosed(&self, past: &Past, (asked, told): (&Asked, Told<'_>)) -> Result<Made, BuildError> {
        self.with(past, asked, |cut, question, before| {
            let text = question.text(cut.vocabulary);
            let known = past.read.releases.iter().find(|release| release.asked == text).map(|release| release.place);
            let mut last = None;
            let mut progress = |far: engine::Progress| {
                if last.replace(far) != Some(far) {
                    let engine::Progress { cells, round } = far;
                    tracing::info!(cells, round, "a table is held against all others");
                    (told.tell)(Progress { round: small(round), cells: small(cells), ..Progress::default() });
                }
                if told.stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let table = engine::disclose_after(cut, question, before, &mut progress);
            let counts = table.as_ref().map(|table| Contributors::of(cut, table).counted(cut.secret));
            Made { known, counts: counts.unwrap_or_default(), table }
        })
    }

    /// What the engine makes of a question, with all that was released before.
    fn with<T>(
        &self,
        past: &Past,
        asked: &Asked,
        make: impl FnOnce(&engine::Cut<'_>, &Request, Before<'_>) -> T,
    ) -> Result<T, BuildError> {
        let all = measures(past.before.iter().chain([&past.read]), Some(asked), self.lists);
        let population = self.population(&past.read, &all)?;
        let secret = self.secret(&past.read.name);
        let (ledger, earlier) = self.released(past, &population)?;
        let question = Request::read(&asked.crossing, &population.vocabulary)?;
        let cut = engine::Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
        Ok(make(&cut, &question, Before { ledger: &ledger, earlier: &earlier }))
    }

    fn population(&self, read: &Read, measures: &[Measure]) -> Result<Population, Unfit> {
        Population::new((&read.facts, &read.cohort, &read.codes), measures, self.lists)
    }

    fn secret(&self, cut: &str) -> Secret {
        secret(self.pepper, cut)
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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

/// Every measure that was released from cuts, and that of a question.
fn measures<'r>(read: impl IntoIterator<Item = &'r Read>, asked: Option<&Asked>, lists: &CodeLists) -> Vec<Measure> {
    let released = read.into_iter().flat_map(|read| &read.releases).flat_map(|release| release.asked.split(','));
    let released = released.filter(|one| one.split(':').next().is_some_and(|name| vocabulary::named(name).is_none()));
    let released = released.filter_map(|one| Measure::named(one, lists));
    let mut seen = BTreeSet::new();
    let all = asked.map(|asked| asked.measure.clone()).into_iter().chain(released);
    all.filter(|measure| seen.insert(measure.to_string())).collect()
}
