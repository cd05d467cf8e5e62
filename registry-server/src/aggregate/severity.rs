//! The severity band of each treatment.
//!
//! Promises: worked out only for a plan that names severity; one value a treatment, whatever comparison is asked for.

use foldhash::HashMap;
use schemas::codelist::CodeLists;

use super::Rows;
use super::dimension::Dimension;
use super::plan::Plan;
use super::structure::Structure;
use crate::fact::Facts;
use crate::outcome::Comparison;

/// The bands, in the order of the facts.
#[derive(Debug)]
pub(super) struct Severity<'a> {
    bands: Vec<Option<&'a str>>,
}

/// Where a text lies in memory.
type Lies = (*const u8, usize);

fn lies(text: &str) -> Lies {
    (text.as_ptr(), text.len())
}

impl<'a> Severity<'a> {
    /// The band of the pre score on the programme's primary instrument.
    pub(super) fn of(facts: &'a Facts, lists: &'a CodeLists, plan: &Plan, structure: &Structure<'a>) -> Self {
        if !plan.names(Dimension::Severity) {
            return Self { bands: Vec::new() };
        }
        let mut rows = Rows::new(&facts.treatments);
        // Both by where a text lies: a store shares equal texts, so that nearly all were met where they are.
        let mut primary: HashMap<Lies, Option<&str>> = HashMap::default();
        let mut known: HashMap<(Lies, u64), Option<&str>> = HashMap::default();
        let mut bands = vec![None; facts.treatments.len()];
        for outcome in facts.outcomes.iter().filter(|outcome| outcome.comparison == Comparison::Paired) {
            let (Some(index), Some(first)) = (rows.find(outcome.row), outcome.first) else { continue };
            let programme = structure.programme(&facts.treatments[index]);
            let instrument = primary
                .entry(lies(programme))
                .or_insert_with(|| lists.programme(programme).and_then(|known| known.primary_instrument.as_deref()));
            if *instrument == Some(&*outcome.instrument) {
                let band = || lists.severity_band(&outcome.instrument, first).map(|band| band.code.as_str());
                bands[index] = *known.entry((lies(&outcome.instrument), first.to_bits())).or_insert_with(band);
            }
        }
        Self { bands }
    }

    /// The band of the treatment at a place of the facts; nothing where it has none, or none was asked for.
    pub(super) fn of_treatment(&self, index: usize) -> Option<&'a str> {
        self.bands.get(index).copied().flatten()
    }
}
