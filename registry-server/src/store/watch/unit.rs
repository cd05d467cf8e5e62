//! When a unit's treatments came, from whichever sender.
//!
//! Promises: counts by the hour of the first receipt, so that a correction does not count again; nothing of other units.
//! Must not know: what is expected of whom.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::id::{HsaId, SenderCode};

use crate::store::StoreError;

/// What came of one unit from one sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitArrivals {
    /// Who sent it, or describes the unit.
    pub sender: SenderCode,
    /// The unit where the treatments started.
    pub unit: HsaId,
    /// Treatments that are here, by the hour in which each came first.
    pub hours: BTreeMap<Timestamp, u64>,
    /// Those that came before the register noted when.
    pub untold: u64,
    /// When the newest came first.
    pub newest: Option<Timestamp>,
}

/// Sender, unit, hour, how many came in it and when the last of them, as they are read; no hour where only the unit is described.
pub(in crate::store) type UnitRow = (String, String, Option<String>, i64, Option<String>);

/// Puts rows together that are ordered by sender and unit.
pub(in crate::store) fn arrivals(rows: Vec<UnitRow>) -> Result<Vec<UnitArrivals>, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "treatment", column, id: 0 };
    let moment = |text: &str| text.parse::<Timestamp>().map_err(|_| wrong("first_received"));
    let mut found: Vec<UnitArrivals> = Vec::new();
    for (sender, unit, hour, count, newest) in rows {
        let sender: SenderCode = sender.parse().map_err(|_| wrong("sender"))?;
        let unit: HsaId = unit.parse().map_err(|_| wrong("unit"))?;
        if found.last().is_none_or(|last| (&last.sender, &last.unit) != (&sender, &unit)) {
            found.push(UnitArrivals { sender, unit, hours: BTreeMap::new(), untold: 0, newest: None });
        }
        let Some(last) = found.last_mut() else { continue };
        match hour {
            Some(hour) => {
                last.hours.insert(moment(&format!("{hour}:00:00Z"))?, count.unsigned_abs());
            }
            None => last.untold += count.unsigned_abs(),
        }
        last.newest = last.newest.max(newest.as_deref().map(moment).transpose()?);
    }
    Ok(found)
}
