//! What can be said of a table before it is asked for in earnest: how much of it would be hidden.
//!
//! Promises: quick, since nothing is audited, so what is said is the least; never which cells, and in steps too coarse to count them.

use std::collections::BTreeMap;

use crate::disclose::engine::build::{self, Past};
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::{Cut, Refusal};

/// Shares are told in steps of so many per cent.
const STEP: u32 = 5;

/// What a table would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precheck {
    /// What it would be split by: less than was asked for, where too much would be hidden already now.
    pub split_by: String,
    /// Its cells, with every sum.
    pub cells: usize,
    /// Per cent of the cells that are hidden at least, in steps of five downwards.
    pub hidden_percent: u32,
}

/// What the table that is asked for would be at best.
///
/// # Errors
/// No table would leave.
pub fn precheck(cut: &Cut<'_>, request: &Request, ledger: &Ledger) -> Result<Precheck, Refusal> {
    let past = Past { ledger, kept: BTreeMap::new(), is_firm: true };
    let mut next = Some(request.clone());
    while let Some(request) = next {
        if let Some((cells, share)) = build::least_hidden(cut, &request, &past) {
            let steps = (1_u32..20).take_while(|step| f64::from(*step * STEP) <= share * 100.0).count();
            let hidden_percent = STEP * u32::try_from(steps).unwrap_or_default();
            return Ok(Precheck { split_by: request.text(cut.vocabulary), cells, hidden_percent });
        }
        next = request.coarser(cut.vocabulary);
    }
    Err(Refusal::TooFew)
}
