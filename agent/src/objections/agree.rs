//! Whether the list still holds everybody who was withdrawn: pure.

use super::ObjectionsError;

/// Compares how many withdrawn persons are known elsewhere with those in the list that may have been withdrawn; somebody has answered
/// for `answered` that are not in it.
///
/// # Errors
/// [`ObjectionsError::Fewer`] when some are missing.
pub fn agree(known: u64, withdrawn: u64, answered: u64) -> Result<(), ObjectionsError> {
    let remembered = withdrawn + answered;
    if known > remembered { Err(ObjectionsError::Fewer { known, remembered }) } else { Ok(()) }
}
