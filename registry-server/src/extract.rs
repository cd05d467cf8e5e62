//! Extracts: tables for research and the public, from a frozen cut to the files that leave.
//!
//! Promises: nothing can be asked for but what is registered here; every table goes through the disclosure engine and its ledger; what is
//! asked for again is answered by the same bytes. Must not know: HTTP, how a request is decided on.

/// What a table may be split by.
pub mod vocabulary;
/// What a table may count.
pub mod measure;
/// A table of a request, held against both.
pub mod asked;
/// What the codes of dimensions are called.
pub mod value;
/// What tables, measures and levels are called.
pub(crate) mod words;
/// Who is counted.
pub mod cohort;
/// Which codes a cut has.
pub mod codes;
/// The cut as the engine takes it.
pub mod population;
/// What two measures cannot both say of a person.
pub mod exclusion;
/// Tables built and kept.
pub mod build;
/// How whole the cut is.
pub mod whole;
/// Tables that everybody may read.
pub mod open;
/// A table as every file shows it.
pub mod sheet;
/// The files, and what proves them.
pub mod package;
/// The statistician's file.
pub mod analysis;
/// A request's tables built and packed.
pub mod deliver;
/// Why they were not, in words.
pub(crate) mod undelivered;

#[cfg(test)]
mod tests;
