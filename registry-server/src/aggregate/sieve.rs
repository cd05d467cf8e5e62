//! A selection, asked of one treatment after the other.
//!
//! Promises: a treatment has the labels here that it has in every report that is split by them.

use schemas::codelist::CodeLists;

use super::dimension::Traits;
use super::plan::Plan;
use super::selection::Selection;
use super::severity::Severity;
use super::structure::Structure;
use crate::fact::{Facts, TreatmentFact};

/// A selection, ready to be asked of each treatment of some facts.
#[derive(Debug)]
pub struct Sieve<'a> {
    structure: Structure<'a>,
    severity: Severity<'a>,
    lists: &'a CodeLists,
    only: Selection,
}

impl<'a> Sieve<'a> {
    /// The selection of a plan.
    #[must_use]
    pub fn new(facts: &'a Facts, lists: &'a CodeLists, plan: &Plan) -> Self {
        let structure = Structure::new(facts, lists, plan);
        let severity = Severity::of(facts, lists, plan, &structure);
        Self { structure, severity, lists, only: plan.only.clone() }
    }

    /// Whether the treatment at a place of the facts is kept.
    #[must_use]
    pub fn takes(&self, index: usize, treatment: &'a TreatmentFact) -> bool {
        self.only.is_everything() || {
            let traits = Traits {
                treatment,
                place: self.structure.place(treatment),
                programme: self.structure.programme(treatment),
                severity: self.severity.of_treatment(index),
            };
            self.only.takes(|dimension| dimension.label(&traits, self.lists))
        }
    }
}
