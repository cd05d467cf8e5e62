//! The reports against figures that were computed without this code, and the rules of their form.

/// For others than staff.
mod audience;
/// Reports against expected files, both ways, by key and column name.
mod compare;
/// Dimensions, successors, handovers and windows on a handful of treatments.
mod dimensions;
/// The same figures from either engine.
pub(crate) mod engines;
/// Fixtures in the long form: one line a score.
pub(crate) mod fixture;
/// The expected figures of the fixtures.
mod expected;
/// A handful of treatments for the worked examples of reports.
pub(crate) mod invented;
/// Zero, undefined and hidden.
mod marks;
/// The written forms.
mod rendering;
