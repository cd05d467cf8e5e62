//! The dimensions that a report can be split by.
//!
//! Promises: a treatment has one label in each dimension, or none (then it stands in the group `unknown`).

use std::fmt;
use std::str::FromStr;

use schemas::codelist::CodeLists;
use schemas::record::{Ownership, Sex};

use super::structure::Place;
use crate::fact::TreatmentFact;

/// One thing to split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// County of the unit.
    Region,
    /// HSA-id of the unit.
    Unit,
    /// Programme code.
    Programme,
    /// Version of the programme.
    ProgrammeVersion,
    /// What the programme is for.
    Condition,
    /// Group of the main diagnosis.
    DiagnosisGroup,
    /// Band of the pre score on the programme's primary instrument.
    Severity,
    /// Legal sex.
    Sex,
    /// Band of the age in the year of the start.
    AgeGroup,
    /// Care level of the unit.
    CareLevel,
    /// Who runs the unit.
    Ownership,
    /// Why the treatment ended.
    EndReason,
}

/// Text that names no dimension.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a report can be split by {}", Dimension::ALL.map(Dimension::name).join(", "))]
pub struct UnknownDimension;

/// What the labels of one treatment are read from.
#[derive(Debug)]
pub struct Traits<'a> {
    /// The treatment itself.
    pub treatment: &'a TreatmentFact,
    /// Where it belongs.
    pub place: Place<'a>,
    /// Its programme in the structure asked for.
    pub programme: &'a str,
    /// Its severity band.
    pub severity: Option<&'a str>,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 12] = [
        Self::Region,
        Self::Unit,
        Self::Programme,
        Self::ProgrammeVersion,
        Self::Condition,
        Self::DiagnosisGroup,
        Self::Severity,
        Self::Sex,
        Self::AgeGroup,
        Self::CareLevel,
        Self::Ownership,
        Self::EndReason,
    ];

    /// The name, also that of its column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Unit => "unit",
            Self::Programme => "programme",
            Self::ProgrammeVersion => "programme_version",
            Self::Condition => "condition",
            Self::DiagnosisGroup => "diagnosis_group",
            Self::Severity => "severity",
            Self::Sex => "sex",
            Self::AgeGroup => "age_group",
            Self::CareLevel => "care_level",
            Self::Ownership => "ownership",
            Self::EndReason => "end_reason",
        }
    }

    /// The group of one treatment.
    #[must_use]
    pub fn label<'a>(self, traits: &Traits<'a>, lists: &'a CodeLists) -> Option<&'a str> {
        let Traits { treatment, place, programme, severity } = traits;
        match self {
            Self::Region => place.region,
            Self::Unit => Some(place.unit),
            Self::Programme => Some(programme),
            Self::ProgrammeVersion => treatment.programme_version.as_deref(),
            Self::Condition => lists.programme(programme).map(|programme| programme.condition.as_str()),
            Self::DiagnosisGroup => treatment
                .diagnosis
                .as_deref()
                .and_then(|icd| lists.diagnosis_group(icd))
                .map(|group| group.code.as_str()),
            Self::Severity => *severity,
            Self::Sex => treatment.sex.map(Sex::code),
            Self::AgeGroup => age(treatment).and_then(|age| lists.age_band(age)).map(|band| band.code.as_str()),
            Self::CareLevel => place.care_level,
            Self::Ownership => place.ownership.map(|ownership| match ownership {
                Ownership::Public => "public",
                Ownership::Private => "private",
            }),
            Self::EndReason => treatment.end_reason.as_deref(),
        }
    }
}

/// Age in whole years by calendar year: the day of birth never reaches the register.
pub(crate) fn age(treatment: &TreatmentFact) -> Option<u16> {
    u16::try_from(treatment.started_on.year().checked_sub(treatment.birth_year?)?).ok()
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dimension {
    type Err = UnknownDimension;
    fn from_str(text: &str) -> Result<Self, UnknownDimension> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == text).ok_or(UnknownDimension)
    }
}
