//! Which of a sender's persons are one: pairs of names that were said to be one person's, and what follows from all pairs together.
//!
//! Promises: pure; a pair that was taken apart again connects nothing, so a merge leaves nothing behind that a split does not undo.

use schemas::canonical;
use schemas::id::Version;

use super::StoreError;
use super::plan::{Known, Space};
use super::version::Account;

/// A pair as it is read: both names, version and content hash of what was said last.
pub(super) type Row = (Vec<u8>, Vec<u8>, i64, i64, Vec<u8>);

/// Notes the stored accounts of pairs, under the keys that arriving ones have.
pub(super) fn note(rows: Vec<Row>, known: &mut Known) -> Result<(), StoreError> {
    for (one, other, generation, counter, content) in rows {
        let wrong = |column| StoreError::Inconsistent { table: "subject_pair", column, id: counter };
        let version = Version {
            generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
            counter: u64::try_from(counter).map_err(|_| wrong("counter"))?,
        };
        let content = content.try_into().map_err(|_| wrong("content_hash"))?;
        let key = canonical::hex(&[one, other].concat());
        known.accounts.insert((Space::Pair, key), Account { version, content, subject: None });
    }
    Ok(())
}
