//! Ended treatments as counts, as both engines read them.
//!
//! Promises: a row that cannot be this program's is an error that names it, never a guess.

use jiff::civil::Date;

use crate::fact::{EndedFact, Names};
use crate::store::StoreError;

/// Sender, unit, programme, `YYYY-MM` of the end, how many.
pub(in crate::store) type EndedRow = (String, String, String, String, i64);

/// What one sender ended of one programme at one unit in one month.
pub(in crate::store) fn ended(row: EndedRow, names: &mut Names) -> Result<EndedFact, StoreError> {
    let (sender, unit, programme, month, treatments) = row;
    let wrong = |column| StoreError::Inconsistent { table: "treatment", column, id: 0 };
    let month: Date = format!("{month}-01").parse().map_err(|_| wrong("ended_on"))?;
    Ok(EndedFact {
        sender: names.share(&sender),
        unit: names.share(&unit),
        programme: names.share(&programme),
        month,
        treatments: u64::try_from(treatments).map_err(|_| wrong("ended_on"))?,
    })
}
