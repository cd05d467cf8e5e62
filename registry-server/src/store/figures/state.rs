//! What figures stand on, as both engines read it: a few rows, however large the register is.

use crate::fact::DataState;

/// Erasures; treatments taken back for a protected identity; the newest break; number and moment of the line of denominators and of inhabitants that was imported last.
pub(in crate::store) type AroundRow = (i64, i64, Option<i64>, Option<i64>, Option<String>, Option<i64>, Option<String>);

/// A sender: code, standing, moments of its last change, delivery, pause and comparison, its set under new keys, and how often its
/// figures changed.
pub(in crate::store) type SenderRow =
    (String, String, String, Option<String>, Option<String>, Option<String>, Option<i64>, Option<i64>);

/// The state that the rows tell.
pub(in crate::store) fn state(around: &AroundRow, senders: &[SenderRow]) -> DataState {
    DataState { left: (around.0, around.1), changes: format!("{around:?} {senders:?}") }
}
