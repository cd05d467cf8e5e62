//! The severity band of each treatment.
//!
//! Promises: worked out only for a plan that names severity; one value a treatment, whatever comparison is asked for.

use schemas::codelist::CodeLists;

use super::dimension::Dimension;
use super::plan::Plan;
use super::row_numbers;
use super::structure::Structure;
use crate::fact::Facts;
use crate::outcome::Comparison;

/// The bands, in the order of the facts.
#[derive(Debug)]
pub(super) struct Severity<'a> {
    bands: Vec<Option<&'a str>>,
}

impl<'a> Severity<'a> {
    /// The band of the pre score on the programme's primary instrument.
    pub(super) fn of(facts: &'a Facts, lists: &'a CodeLists, plan: &Plan, structure: &Structure<'a>) -> Self {
        if !plan.names(Dimension::Severity) {
            return Self { bands: Vec::new() };
        }
        let rows = row_numbers(&facts.treatments);
        let mut bands = vec![None; facts.treatments.len()];
        for outcome in facts.outcomes.iter().filter(|outcome| outcome.comparison == Comparison::Paired) {
            let (Some(&index), Some(first)) = (rows.get(&outcome.row), outcome.first) else { continue };
            let programme = lists.programme(structure.programme(&facts.treatments[index]));
            if programme.and_then(|programme| programme.primary_instrument.as_deref()) == Some(&*outcome.instrument) {
                bands[index] = lists.severity_band(&outcome.instrument, first).map(|band| band.code.as_str());
            }
        }
        Self { bands }
    }

    /// The band of the treatment at a place of the facts; nothing where it has none, or none was asked for.
    pub(super) fn of_treatment(&self, index: usize) -> Option<&'a str> {
        self.bands.get(index).copied().flatten()
    }
}
