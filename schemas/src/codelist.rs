//! The code lists: what programmes, instruments, regions and so on there are, as data that agent and register share.
//!
//! Promises: the built-in lists are always whole and without contradiction (the list tests say so); a local file adds to a list or
//! replaces lines of it, and a fault in such a file is named by file, line and column; the hash depends on content, not on order.
//! Must not know: where a local file lies, which sender or figure a line is used for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::canonical;

pub use age_band::AgeBand;
pub use care_level::CareLevel;
pub use diagnosis_group::DiagnosisGroup;
pub use difference::ListDifference;
pub use end_reason::EndReason;
pub use error::CodeListError;
pub use fold::fold;
pub use instrument::{Instrument, Scoring};
pub use list_name::ListName;
pub use near::{Near, likeness};
pub use ownership::Ownership;
pub use population::Population;
pub use programme::{Match, Programme, ProgrammeKind, programme_code, split_version};
pub use region::Region;
pub use severity_band::SeverityBand;
pub use test_identity::TestIdentity;
pub use threshold::ThresholdSet;

use list::{Line as _, List};

mod age_band;
mod care_level;
mod cell;
mod diagnosis_group;
mod difference;
mod end_reason;
mod error;
mod fold;
mod instrument;
mod list;
mod list_name;
mod lookup;
mod near;
mod ownership;
mod population;
mod programme;
mod read;
mod region;
mod severity_band;
mod test_identity;
mod text;
mod threshold;
mod validity;

#[cfg(test)]
mod builtin_tests;

/// All code lists together.
#[derive(Debug, Clone)]
pub struct CodeLists {
    programmes: List<Programme>,
    instruments: List<Instrument>,
    regions: List<Region>,
    populations: List<Population>,
    severity_bands: List<SeverityBand>,
    diagnosis_groups: List<DiagnosisGroup>,
    care_levels: List<CareLevel>,
    age_bands: List<AgeBand>,
    end_reasons: List<EndReason>,
    ownership: List<Ownership>,
    test_identities: List<TestIdentity>,
}

/// A local CSV file that adds to one list, already read into memory.
#[derive(Debug, Clone)]
pub struct Addition {
    /// The list that it adds to.
    pub list: ListName,
    /// The file's name, for messages only.
    pub file: String,
    /// The file's text: the list's own header, UTF-8.
    pub text: String,
}

/// Runs one expression on the list that a [`ListName`] names.
macro_rules! on_list {
    ($lists:expr, $name:expr, $list:ident => $run:expr) => {{
        let CodeLists {
            programmes,
            instruments,
            regions,
            populations,
            severity_bands,
            diagnosis_groups,
            care_levels,
            age_bands,
            end_reasons,
            ownership,
            test_identities,
        } = $lists;
        on_list!(@arms $name, $list, $run,
            Programmes programmes, Instruments instruments, Regions regions, Populations populations,
            SeverityBands severity_bands, DiagnosisGroups diagnosis_groups, CareLevels care_levels,
            AgeBands age_bands, EndReasons end_reasons, Ownership ownership, TestIdentities test_identities)
    }};
    (@arms $name:expr, $list:ident, $run:expr, $($variant:ident $field:ident),*) => {
        match $name {
            $(ListName::$variant => { let $list = $field; $run })*
        }
    };
}

use on_list;

impl CodeLists {
    /// The lists that are compiled in.
    #[must_use]
    pub fn builtin() -> Self {
        Self {
            programmes: List::builtin(),
            instruments: List::builtin(),
            regions: List::builtin(),
            populations: List::builtin(),
            severity_bands: List::builtin(),
            diagnosis_groups: List::builtin(),
            care_levels: List::builtin(),
            age_bands: List::builtin(),
            end_reasons: List::builtin(),
            ownership: List::builtin(),
            test_identities: List::builtin(),
        }
    }

    fn empty() -> Self {
        Self {
            programmes: List::empty(),
            instruments: List::empty(),
            regions: List::empty(),
            populations: List::empty(),
            severity_bands: List::empty(),
            diagnosis_groups: List::empty(),
            care_levels: List::empty(),
            age_bands: List::empty(),
            end_reasons: List::empty(),
            ownership: List::empty(),
            test_identities: List::empty(),
        }
    }

    /// These lists with local files laid over them, in the order given: a line with a known code replaces, any other adds.
    ///
    /// # Errors
    /// The first fault of a file: an unknown column, a value that cannot be read, a code twice in one file, a name that two lines
    /// bear, or a reference to a line of another list that is not there.
    pub fn with_additions(mut self, additions: &[Addition]) -> Result<Self, CodeListError> {
        for Addition { list: name, file, text } in additions {
            on_list!(&mut self, name, list => list.add(file, text)?);
        }
        self.check_references()?;
        Ok(self)
    }

    /// SHA-256 over the canonical JSON of all lists, 64 lower-case hexadecimal digits. Agent and register compare it.
    #[must_use]
    pub fn hash(&self) -> String {
        let lists: BTreeMap<&str, BTreeMap<String, Value>> = ListName::ALL
            .into_iter()
            .map(|name| (name.as_str(), on_list!(self, name, list => list.content())))
            .collect();
        canonical::sha256_hex(&canonical::bytes(&lists))
    }

    /// Up to three names of a list that are nearest to a value that was not found, the nearest first; none if nothing is near.
    #[must_use]
    pub fn nearest(&self, name: ListName, value: &str) -> Vec<String> {
        on_list!(self, name, list => list.nearest(value).into_iter().map(|(_, line)| line.label()).collect())
    }

    /// Up to three codes of a list that are nearest to a value, the nearest first; none if nothing is near.
    #[must_use]
    pub fn nearest_codes(&self, name: ListName, value: &str) -> Vec<Near> {
        let near = |(likeness, code): (f64, String)| Near { code, likeness };
        on_list!(self, name, list => list.nearest(value).into_iter().map(|(l, line)| near((l, line.key()))).collect())
    }

    fn check_references(&self) -> Result<(), CodeListError> {
        for name in ListName::ALL {
            on_list!(self, name, list => list.check_successors()?);
        }
        let instrument = |code: &str| self.instrument(code).is_some();
        let region = |code: &str| self.region(code).is_some();
        self.programmes.check_reference("primary_instrument", |p| p.primary_instrument.as_deref(), instrument)?;
        self.programmes.check_reference("anxiety_instrument", |p| p.anxiety_instrument.as_deref(), instrument)?;
        self.severity_bands.check_reference("instrument", |band| Some(&band.instrument), instrument)?;
        self.populations.check_reference("region", |population| Some(&population.region), region)
    }
}
