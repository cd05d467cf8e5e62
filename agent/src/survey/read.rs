//! Reads every source once and counts its words.

use futures_util::StreamExt as _;
use jiff::Timestamp;

use super::{Survey, Tally};
use crate::config::MapKind;
use crate::cycle::{CycleError, Opened, close, open};
use crate::setup::Setup;
use crate::source::{Pages, Rows, Since};

/// The columns of `treatments` whose values are mapped.
const TREATMENTS: [(&str, MapKind); 6] = [
    ("programme", MapKind::Programme),
    ("status", MapKind::Status),
    ("end_reason", MapKind::EndReason),
    ("unit_id", MapKind::Unit),
    ("unit_id_end", MapKind::Unit),
    ("sex", MapKind::Sex),
];
/// Those of `measurements`.
const MEASUREMENTS: [(&str, MapKind); 2] = [("instrument", MapKind::Instrument), ("timepoint", MapKind::Timepoint)];
/// Those of `units`.
const UNITS: [(&str, MapKind); 4] = [
    ("unit_id", MapKind::Unit),
    ("successor_id", MapKind::Unit),
    ("care_level", MapKind::CareLevel),
    ("ownership", MapKind::Ownership),
];

/// Those of `activity`.
const ACTIVITY: [(&str, MapKind); 3] =
    [("programme", MapKind::Programme), ("unit_id", MapKind::Unit), ("sex", MapKind::Sex)];

/// Reads the whole of every source, as it is at `now`.
///
/// # Errors
/// When the mapping file or a source cannot be used.
pub async fn survey(setup: &Setup, now: Timestamp) -> Result<Survey, CycleError> {
    let mut tally = Tally::default();
    let mut sources = open(setup, now).await?;
    for Opened { source, .. } in &mut sources {
        count(source.units(), &UNITS, &mut tally).await?;
        count(source.activity(), &ACTIVITY, &mut tally).await?;
        count(source.treatments(Rows::Since(Since::Beginning)), &TREATMENTS, &mut tally).await?;
        count(source.measurements(Rows::Since(Since::Beginning)), &MEASUREMENTS, &mut tally).await?;
    }
    close(sources).await;
    Ok(tally.survey(&setup.lists, &setup.config.map))
}

async fn count(mut pages: Pages<'_>, columns: &[(&str, MapKind)], tally: &mut Tally) -> Result<(), CycleError> {
    while let Some(page) = pages.next().await {
        // A row of a broken form has its values in the wrong columns.
        for row in page?.rows().filter(|row| row.fault().is_none()) {
            for (column, kind) in columns {
                if let Some(value) = row.get(column) {
                    tally.add(*kind, value);
                }
            }
        }
    }
    Ok(())
}
