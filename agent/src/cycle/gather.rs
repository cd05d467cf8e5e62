//! Reads what a scope covers into whole episodes: units, treatments and answers; objections are read before.
//!
//! Promises: a row's identity lives from its reading to its pseudonym and no longer; the newest `updated_at` of everything read is
//! where the next increment begins.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use schemas::canonical;
use schemas::id::HsaId;
use schemas::record::Unit;
use schemas::rule::Finding;

use super::{CycleError, Progress, Surroundings};
use crate::episode::Gathering;
use crate::extract::Scope;
use crate::map::{self, Words};
use crate::pseudonymise::{Objectors, Pseudonymiser};
use crate::setup::Setup;
use crate::source::{Rows, Since, SqlSource};

/// Rows between two signs of progress.
const PROGRESS_ROWS: u64 = 1_000;

/// What was read besides the episodes.
pub struct Gathered {
    /// Descriptions of units, by id.
    pub units: HashMap<HsaId, Unit>,
    /// What was wrong with descriptions of units, with the unit.
    pub unit_findings: Vec<(String, Finding)>,
    /// The newest `updated_at` of all rows that is not in the future: one mistyped year must not hide every later change.
    pub newest: Option<Timestamp>,
}

/// Everybody who said no, read from the whole source in every cycle, whatever changed.
///
/// # Errors
/// When the source fails.
pub async fn objectors(
    setup: &Setup,
    source: &mut SqlSource,
    surroundings: &Surroundings<'_>,
) -> Result<Objectors, CycleError> {
    let context = setup.mapping((surroundings.now)());
    let words = Words::new(&setup.lists, &setup.config.map);
    let mut objectors = Objectors::default();
    let mut rows = source.treatments(Rows::Since(Since::Beginning));
    while let Some(row) = rows.next().await {
        for person in map::opted_out(&row?, &words, &context) {
            objectors.add(setup.keys.objection(&person));
        }
    }
    Ok(objectors)
}

/// What is read, and who is left out of it.
pub struct Wanted<'a> {
    /// Which treatments.
    pub scope: &'a Scope,
    /// Everybody who said no.
    pub objectors: Objectors,
}

/// Reads a scope.
///
/// # Errors
/// When the source or the scratch file fails.
pub async fn gather(
    (setup, surroundings): (&Setup, &Surroundings<'_>),
    source: &mut SqlSource,
    Wanted { scope, objectors }: Wanted<'_>,
    gathering: &mut Gathering,
) -> Result<Gathered, CycleError> {
    let now = (surroundings.now)();
    let context = setup.mapping(now);
    let mut words = Words::new(&setup.lists, &setup.config.map);
    let pseudonymiser =
        Pseudonymiser { keys: &setup.keys, system: &setup.config.source.system, objectors, rules: context.rules() };
    let mut gathered = Gathered { units: HashMap::new(), unit_findings: Vec::new(), newest: None };

    let mut rows = source.units();
    while let Some(row) = rows.next().await {
        let mapped = map::map_unit(&row?, &words, &context);
        gathered.unit_findings.extend(mapped.findings.into_iter().map(|finding| (mapped.local_id.clone(), finding)));
        if let Some((id, unit)) = mapped.unit {
            gathered.add_unit(id, unit);
        }
    }
    drop(rows);

    let mut read = 0;
    let mut rows = source.treatments(scope.rows());
    while let Some(row) = rows.next().await {
        let row = pseudonymiser.treatment(map::map_treatment(&row?, &mut words, &context));
        gathered.newest = gathered.newest.max(row.updated_at.filter(|at| *at <= now));
        gathering.add_treatment(row).await?;
        read += 1;
        tell(read, surroundings);
    }
    drop(rows);

    let mut rows = source.measurements(scope.rows());
    while let Some(row) = rows.next().await {
        let row = pseudonymiser.answer(map::map_answer(&row?, &mut words, &context));
        gathered.newest = gathered.newest.max(row.updated_at.filter(|at| *at <= now));
        gathering.add_answer(row).await?;
        read += 1;
        tell(read, surroundings);
    }
    drop(rows);
    gathering.finish().await?;
    Ok(gathered)
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
}

fn tell(read: u64, surroundings: &Surroundings<'_>) {
    if read.is_multiple_of(PROGRESS_ROWS) {
        (surroundings.progress)(Progress::Read(read));
    }
}
