//! What figures stand on: enough to tell whether they may still be shown.

/// What the figures of a register stood on at a moment. Two that are equal give equal reports on the same day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataState {
    /// Erasures so far, and treatments that are taken back because their persons have a protected identity now: nobody leaves without one
    /// of these changing.
    pub left: (i64, i64),
    /// What else figures change by, in a form that is another after every change.
    pub changes: String,
}
