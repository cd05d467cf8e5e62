//! The names of the code lists, as the files and the `[codelists]` settings say them.
//!
//! Promises: one name a list, the same in file names, settings and messages. Must not know: what a list holds.

use std::fmt;
use std::str::FromStr;

use crate::id::WrongForm;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListName {
    /// `programmes.csv`
    Programmes,
    /// `instruments.csv`
    Instruments,
    /// `regions.csv`
    Regions,
    /// `populations.csv`
    Populations,
    /// `severity-bands.csv`
    SeverityBands,
    /// `diagnosis-groups.csv`
    DiagnosisGroups,
    /// `care-levels.csv`
    CareLevels,
    /// `age-bands.csv`
    AgeBands,
    /// `end-reasons.csv`
    EndReasons,
    /// `ownership.csv`
    Ownership,
    /// `test-identities.csv`
    TestIdentities,
}

impl ListName {
    /// Every list.
    pub const ALL: [Self; 11] = [
        Self::Programmes,
        Self::Instruments,
        Self::Regions,
        Self::Populations,
        Self::SeverityBands,
        Self::DiagnosisGroups,
        Self::CareLevels,
        Self::AgeBands,
        Self::EndReasons,
        Self::Ownership,
        Self::TestIdentities,
    ];

    /// The file's name without `.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Programmes => "programmes",
            Self::Instruments => "instruments",
            Self::Regions => "regions",
            Self::Populations => "populations",
            Self::SeverityBands => "severity-bands",
            Self::DiagnosisGroups => "diagnosis-groups",
            Self::CareLevels => "care-levels",
            Self::AgeBands => "age-bands",
            Self::EndReasons => "end-reasons",
            Self::Ownership => "ownership",
            Self::TestIdentities => "test-identities",
        }
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ListName {
    type Err = WrongForm;

    /// Reads a name with `-` or `_`, as a settings file may write either.
    fn from_str(text: &str) -> Result<Self, WrongForm> {
        let text = text.replace('_', "-");
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or(WrongForm("name of a code list"))
    }
}
