//! Reads what a scope covers into whole episodes: units, treatments and answers; objections are read before.
//!
//! Promises: a row's identity lives from its reading to its pseudonym and no longer; the newest `updated_at` of everything read is
//! where the next increment of its source begins.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use futures_util::StreamExt as _;
use jiff::Timestamp;
use schemas::canonical;
use schemas::id::HsaId;
use schemas::record::Unit;
use schemas::rule::{Finding, Rule};

use super::{CycleError, GatheredCounts, Progress, Surroundings};
use crate::episode::Gathering;
use crate::extract::Scope;
use crate::guard;
use crate::map::{self, Cell, Context, Course, LocalWords, Words};
use crate::objections::{self, Collected};
use crate::pseudonymise::{Fate, Objectors, Pseudonymiser};
use crate::setup::{Place, Setup};
use crate::source::{Recency, Source};

/// A source that was opened for a cycle.
pub struct Opened<'a> {
    /// What the configuration says of it.
    pub place: &'a Place,
    /// Its place among the sources, which goes with its rows.
    pub index: usize,
    /// The source.
    pub source: Source,
}

/// What was read besides the episodes.
#[derive(Default)]
pub struct Gathered {
    /// Descriptions of units, by id.
    pub units: HashMap<HsaId, Unit>,
    /// What was wrong with descriptions of units: the source's index, the unit, the finding.
    pub unit_findings: Vec<(usize, String, Finding)>,
    /// What the sources say of monthly counts.
    pub counts: GatheredCounts,
    /// For each source the newest `updated_at` of its rows that is not in the future: one mistyped year must not hide every later
    /// change.
    pub newest: Vec<Option<Timestamp>>,
    /// For each source how many of its files have treatments; of a database one, unless it has none.
    pub files: Vec<u64>,
    rows: u64,
}

/// Opens every source, once it is known that every word of the mapping file leads to a code.
///
/// # Errors
/// When the mapping file names a code that does not exist, or a source cannot be read: nothing is sent then, because who objected may
/// stand in any of them.
pub async fn open(setup: &Setup, now: Timestamp) -> Result<Vec<Opened<'_>>, CycleError> {
    setup.check_mapping()?;
    let mut opened = Vec::with_capacity(setup.places.len());
    for (index, place) in setup.places.iter().enumerate() {
        opened.push(Opened { place, index, source: Source::open(place, now).await? });
    }
    Ok(opened)
}

/// Ends the use of every source.
pub async fn close(sources: Vec<Opened<'_>>) {
    for opened in sources {
        opened.source.close().await;
    }
}

/// Everybody who is left out, and who of them objects now: read from every whole source in every cycle, whatever changed.
///
/// # Errors
/// When a source fails.
pub async fn objectors(
    setup: &Setup,
    sources: &mut [Opened<'_>],
    surroundings: &Surroundings<'_>,
) -> Result<(Objectors, Collected), CycleError> {
    let sources = sources.iter_mut().map(|opened| (opened.place, &mut opened.source));
    let looked = || (surroundings.progress)(Progress::Looked);
    let collected = objections::collect(setup, sources, (surroundings.now)(), looked).await?;
    Ok((objections::everybody(setup, &collected).await?, collected))
}

/// Reads every source whole, for commands that show and send nothing.
///
/// # Errors
/// When a source or the scratch fails.
pub async fn gather_everything(
    setup: &Setup,
    surroundings: &Surroundings<'_>,
    gathering: &mut Gathering,
) -> Result<Gathered, CycleError> {
    let mut sources = open(setup, (surroundings.now)()).await?;
    let (objectors, _) = objectors(setup, &mut sources, surroundings).await?;
    let mut gathered = Gathered::default();
    for opened in &mut sources {
        let read = (&Scope::Everything, &objectors);
        gather((setup, surroundings), opened, read, (gathering, &mut gathered)).await?;
    }
    close(sources).await;
    Ok(gathered)
}

/// Reads a scope of one source; `objectors` are left out.
///
/// # Errors
/// When the source or the scratch file fails.
pub async fn gather(
    (setup, surroundings): (&Setup, &Surroundings<'_>),
    Opened { place, index, source }: &mut Opened<'_>,
    (scope, objectors): (&Scope, &Objectors),
    (gathering, gathered): (&mut Gathering, &mut Gathered),
) -> Result<(), CycleError> {
    let now = (surroundings.now)();
    let context = setup.mapping(place, now);
    let mut words = Words::new(&setup.lists, &setup.config.map);
    let system = (*index, place.config.system.as_str());
    let mut pseudonymiser = Pseudonymiser::new(&setup.keys, system, objectors, context.rules());
    let mut newest = None;
    let mut seen = |recency: Recency| newest = newest.max(recency.updated_at.filter(|at| *at <= now));
    units(&context, (*index, source), &words, gathered).await?;
    gathered.counts.read((place, source), scope, &mut words, &context).await?;

    let mut files = BTreeSet::new();
    let mut pages = source.treatments(scope.rows());
    while let Some(page) = pages.next().await {
        let page = page?;
        files.extend(page.rows().next().map(|row| row.recency(None).order));
        for row in page.rows() {
            let keyed = pseudonymiser.treatment(map::map_treatment(&row, &mut words, &context));
            let counted = match &keyed.fate {
                Fate::Ready(treatment, _) => (Cell::of(treatment), Course::of(treatment)),
                _ => (Cell::read(&row, &mut words, &context), Course::read(&row, &mut words, &context)),
            };
            let words = match &keyed.fate {
                Fate::Held(findings) => LocalWords::noted(&row, findings),
                _ => LocalWords::default(),
            };
            seen(keyed.recency);
            gathering.add_treatment(&keyed, (&counted.0, counted.1), &words)?;
        }
        gathered.read(page.len(), surroundings);
    }
    drop(pages);

    let mut pages = source.measurements(scope.rows());
    while let Some(page) = pages.next().await {
        let page = page?;
        for row in page.rows() {
            let keyed = pseudonymiser.answer(map::map_answer(&row, &mut words, &context));
            let words = match &keyed.answer {
                Err(findings) => LocalWords::noted(&row, findings),
                Ok(_) => LocalWords::default(),
            };
            seen(keyed.recency);
            gathering.add_answer(&keyed, &words)?;
        }
        gathered.read(page.len(), surroundings);
    }
    gathered.newest.push(newest);
    gathered.files.push(files.len() as u64);
    Ok(())
}

async fn units(
    context: &Context<'_>,
    (index, source): (usize, &mut Source),
    words: &Words<'_>,
    gathered: &mut Gathered,
) -> Result<(), CycleError> {
    let mut pages = source.units();
    while let Some(page) = pages.next().await {
        for row in page?.rows() {
            let mapped = map::map_unit(&row, words, context);
            let found = mapped.findings.into_iter().map(|finding| (index, mapped.local_id.clone(), finding));
            gathered.unit_findings.extend(found);
            let Some((id, unit)) = mapped.unit else { continue };
            match guard::unit(&id, &unit) {
                Ok(()) => gathered.add_unit(id, unit),
                Err(leak) => {
                    let finding = Finding::new(Rule::LeakGuard, leak.field);
                    gathered.unit_findings.push((index, mapped.local_id, finding));
                }
            }
        }
    }
    Ok(())
}

impl Gathered {
    /// Of several descriptions of one unit the latest stands, then the last by its bytes, whatever order they were read in.
    fn add_unit(&mut self, id: HsaId, unit: Unit) {
        let rank = |unit: &Unit| (unit.valid_from, canonical::bytes(unit));
        match self.units.entry(id) {
            Entry::Occupied(mut earlier) if rank(earlier.get()) < rank(&unit) => drop(earlier.insert(unit)),
            Entry::Occupied(_) => (),
            Entry::Vacant(place) => drop(place.insert(unit)),
        }
    }

    fn read(&mut self, rows: usize, surroundings: &Surroundings<'_>) {
        self.rows += rows as u64;
        (surroundings.progress)(Progress::Read(self.rows));
    }
}
