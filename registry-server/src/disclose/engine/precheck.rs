//! What can be said of a table before it is asked for in earnest: how much of it would be hidden.
//!
//! Promises: quick, since nothing is audited, so what is said is the least; never which cells, and in steps too coarse to count them; what
//! was released before stands as it does in the table itself, so that asking again and again tells no more than that.

use crate::disclose::engine::build::{self, Past};
use crate::disclose::engine::request::Request;
use crate::disclose::engine::{Before, Cut, Refusal};

/// Shares are told in steps of so many per cent.
const STEP: u32 = 5;
/// The same of a table of few cells, where a smaller step would be one cell.
const COARSE_STEP: u32 = 20;
/// How many cells are few.
const FEW_CELLS: usize = 40;

/// What a table would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precheck {
    /// What it would be split by: less than was asked for, where too much would be hidden already now.
    pub split_by: String,
    /// Its cells, with every sum.
    pub cells: usize,
    /// Per cent of the cells that are hidden at least, downwards in steps of five, or of twenty where the cells are few.
    pub hidden_percent: u32,
}

/// What the table that is asked for would be at best.
///
/// # Errors
/// No table would leave.
pub fn precheck(cut: &Cut<'_>, request: &Request, before: Before<'_>) -> Result<Precheck, Refusal> {
    let past = Past { ledger: before.ledger, kept: before.earlier.kept(cut), is_firm: true };
    let mut next = Some(request.clone());
    while let Some(request) = next {
        if let Some((cells, share)) = build::least_hidden(cut, &request, &past) {
            let step = if cells < FEW_CELLS { COARSE_STEP } else { STEP };
            let steps = (1_u32..20).take_while(|steps| f64::from(*steps * step) <= share * 100.0).count();
            let hidden_percent = step * u32::try_from(steps).unwrap_or_default();
            return Ok(Precheck { split_by: request.text(cut.vocabulary), cells, hidden_percent });
        }
        next = request.coarser(cut.vocabulary);
    }
    Err(Refusal::TooFew)
}
