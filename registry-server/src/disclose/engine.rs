//! The disclosure engine: a table of persons over registered dimensions leaves only as what nobody can be found from.
//!
//! Promises: pure; a table is a `Disclosed<Table>`, made here or read back under its seal, or there is none and one sentence why; the same question
//! about the same cut gives the same bytes; every table is held against all that was released from its cut before it. Tables of
//! extracts go through here; pages and reports go through `primary`, with the same limits.
//! Source: disclosure, sections 2 to 10 and 12.
//! Must not know: SQL, HTTP, who asks.

/// What a table may be split by.
pub mod vocabulary;
/// What is asked for.
pub mod request;
/// The key over tables.
pub mod secret;
/// The cells of a table and their sums.
mod cube;
/// Who stands behind each cell.
pub mod tally;
/// What must be hidden for what it says itself.
mod primary;
/// Counts as they are shown.
mod rounding;
/// What is hidden beside what must be.
mod complement;
/// Figures drawn the other way.
mod redraw;
/// What follows from everything released together.
mod audit;
/// A share as it is shown.
pub mod percent;
/// Means, their spread and effect sizes.
pub mod means;
/// A table as it may leave.
pub mod table;
/// What was released before.
pub mod ledger;
/// A table as it is kept.
pub mod stored;
/// Who stood behind a released table.
pub mod contributors;
/// What was released from earlier cuts.
pub mod earlier;
/// Cells that everybody knows to be empty.
mod marks;
/// Codes that follow from another.
mod implied;
/// One table from facts to figures.
mod build;
/// What can be said before a table is built.
mod precheck;

pub use precheck::{Precheck, precheck};

use std::ops::ControlFlow;

use super::{FEW, FEW_WITH_OUTCOMES};
use build::Past;
use earlier::Earlier;
use ledger::Ledger;
use request::Request;
use secret::Secret;
use table::{Disclosed, Table};
use tally::Facts;
use vocabulary::Vocabulary;

/// A frozen cut.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a> {
    /// What its tables may be split by.
    pub vocabulary: &'a Vocabulary,
    /// Who is in it.
    pub facts: &'a Facts,
    /// The key of its tables.
    pub secret: &'a Secret,
}

/// Why there is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// However coarse, too much would be hidden.
    #[error("too few persons: nearly a third of the cells would be hidden at every level")]
    TooFew,
    /// Together with what was released before there are too many cells to hold against each other.
    #[error(
        "with the tables released from this cut before, this one crosses too many dimensions to be audited: choose fewer"
    )]
    TooWide,
    /// No figures fit all that was released, so nothing is proved.
    #[error("the tables released from this cut no longer fit what is in it: ask for a new cut")]
    Unproved,
    /// Whoever asked broke it off.
    #[error("the work was broken off")]
    Stopped,
}

/// What was released before.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// From this cut.
    pub ledger: &'a Ledger,
    /// From earlier cuts.
    pub earlier: &'a Earlier,
}

/// How far a table has come; told before each attempt, and again before each question of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Cells of the table that is being held against all others.
    pub cells: usize,
    /// Which attempt this is: after each that tells too much, more is hidden.
    pub round: usize,
}

/// The table that was asked for, or one of less detail where too much of it would be hidden. For a cut with none before it.
///
/// # Errors
/// No table that may leave.
pub fn disclose(cut: &Cut<'_>, request: &Request, ledger: &Ledger) -> Result<Disclosed<Table>, Refusal> {
    disclose_after(cut, request, Before { ledger, earlier: &Earlier::default() }, &mut |_| ControlFlow::Continue(()))
}

/// The same, where a cell that hardly changed since an earlier cut keeps its figure. Tells how far it has come, and stops
/// where it is told to.
///
/// # Errors
/// No table that may leave.
pub fn disclose_after(
    cut: &Cut<'_>,
    request: &Request,
    before: Before<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Disclosed<Table>, Refusal> {
    let asked = request.text(cut.vocabulary);
    if let Some(answer) = before.ledger.answer(&asked) {
        return Ok(answer.clone());
    }
    let mut past = Past { ledger: before.ledger, kept: before.earlier.kept(cut), is_firm: true };
    // A figure that was shown before is only hidden now where there is no other way.
    let grips = if past.kept.is_empty() { &[true][..] } else { &[true, false] };
    let mut next = Some(request.clone());
    while let Some(request) = next {
        for is_firm in grips {
            past.is_firm = *is_firm;
            if let Some(rows) = build::rows(cut, &request, &past, progress)? {
                let name = |(dimension, _): &(usize, usize)| cut.vocabulary.dimensions[*dimension].name.clone();
                let columns = request.crossed.iter().map(name).collect();
                return Ok(Disclosed::new(Table { asked, split_by: request.text(cut.vocabulary), columns, rows }));
            }
        }
        next = request.coarser(cut.vocabulary);
    }
    Err(Refusal::TooFew)
}

#[cfg(test)]
mod tests;
