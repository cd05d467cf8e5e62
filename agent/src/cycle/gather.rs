//! Reads what a scope covers into whole episodes: objections first, then units, treatments and answers.
//!
//! Promises: a row's identity lives from its reading to its pseudonym and no longer; the newest `updated_at` of everything read is
//! where the next increment begins.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use jiff::Timestamp;
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
    /// Descriptions of units, by id, in the order of the source.
    pub units: HashMap<HsaId, Unit>,
    /// What was wrong with descriptions of units.
    pub unit_findings: Vec<Finding>,
    /// The newest `updated_at` of all rows.
    pub newest: Option<Timestamp>,
}

/// Reads a scope.
///
/// # Errors
/// When the source or the scratch file fails.
pub async fn gather(
    setup: &Setup,
    source: &mut SqlSource,
    scope: &Scope,
    gathering: &mut Gathering,
    surroundings: &Surroundings<'_>,
) -> Result<Gathered, CycleError> {
    let context = setup.mapping((surroundings.now)());
    let mut words = Words::new(&setup.lists, &setup.config.map);
    let objectors = objectors(setup, source, &words, &context).await?;
    let pseudonymiser =
        Pseudonymiser { keys: &setup.keys, system: &setup.config.source.system, objectors, rules: context.rules() };
    let mut gathered = Gathered { units: HashMap::new(), unit_findings: Vec::new(), newest: None };

    let mut rows = source.units();
    while let Some(row) = rows.next().await {
        match map::map_unit(&row?, &words, &context) {
            Ok((id, unit)) => drop(gathered.units.insert(id, unit)),
            Err(findings) => gathered.unit_findings.extend(findings),
        }
    }
    drop(rows);

    let mut read = 0;
    let mut rows = source.treatments(scope.rows());
    while let Some(row) = rows.next().await {
        let row = pseudonymiser.treatment(map::map_treatment(&row?, &mut words, &context));
        gathered.newest = gathered.newest.max(row.updated_at);
        gathering.add_treatment(row).await?;
        read += 1;
        tell(read, surroundings);
    }
    drop(rows);

    let mut rows = source.measurements(scope.rows());
    while let Some(row) = rows.next().await {
        let row = pseudonymiser.answer(map::map_answer(&row?, &mut words, &context));
        gathered.newest = gathered.newest.max(row.updated_at);
        gathering.add_answer(row).await?;
        read += 1;
        tell(read, surroundings);
    }
    drop(rows);
    gathering.finish().await?;
    Ok(gathered)
}

/// Everybody who said no, read from the whole source in every cycle, whatever changed.
async fn objectors(
    setup: &Setup,
    source: &mut SqlSource,
    words: &Words<'_>,
    context: &map::Context<'_>,
) -> Result<Objectors, CycleError> {
    let mut objectors = Objectors::default();
    let mut rows = source.treatments(Rows::Since(Since::Beginning));
    while let Some(row) = rows.next().await {
        for person in map::opted_out(&row?, words, context) {
            objectors.add(setup.keys.objection(&person));
        }
    }
    Ok(objectors)
}

fn tell(read: u64, surroundings: &Surroundings<'_>) {
    if read.is_multiple_of(PROGRESS_ROWS) {
        (surroundings.progress)(Progress::Read(read));
    }
}
