//! `[map]`: what the region's own words mean, kind by kind.
//!
//! Promises: every kind that the contract names is a table of its own. Must not know: which codes there are.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `[map]`: a file, and a table for each kind of value, local value to code.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Maps {
    /// A CSV file with more rows: kind, `local_value`, code.
    pub file: Option<PathBuf>,
    /// Programmes.
    pub programme: BTreeMap<String, String>,
    /// Instruments.
    pub instrument: BTreeMap<String, String>,
    /// Timepoints.
    pub timepoint: BTreeMap<String, String>,
    /// States of a treatment.
    pub status: BTreeMap<String, String>,
    /// End reasons.
    pub end_reason: BTreeMap<String, String>,
    /// Units, local id to HSA-id.
    pub unit: BTreeMap<String, String>,
    /// Sexes.
    pub sex: BTreeMap<String, String>,
    /// Care levels.
    pub care_level: BTreeMap<String, String>,
    /// Ownerships.
    pub ownership: BTreeMap<String, String>,
}

/// The kinds of value that are mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds are documented at the fields of Maps")]
pub enum MapKind {
    Programme,
    Instrument,
    Timepoint,
    Status,
    EndReason,
    Unit,
    Sex,
    CareLevel,
    Ownership,
}

impl MapKind {
    /// Every kind, in the order of the file.
    pub const ALL: [Self; 9] = [
        Self::Programme,
        Self::Instrument,
        Self::Timepoint,
        Self::Status,
        Self::EndReason,
        Self::Unit,
        Self::Sex,
        Self::CareLevel,
        Self::Ownership,
    ];

    /// The word in tables, files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Programme => "programme",
            Self::Instrument => "instrument",
            Self::Timepoint => "timepoint",
            Self::Status => "status",
            Self::EndReason => "end_reason",
            Self::Unit => "unit",
            Self::Sex => "sex",
            Self::CareLevel => "care_level",
            Self::Ownership => "ownership",
        }
    }
}

impl fmt::Display for MapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchKind;

impl FromStr for MapKind {
    type Err = NoSuchKind;

    fn from_str(text: &str) -> Result<Self, NoSuchKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or(NoSuchKind)
    }
}

impl Maps {
    /// The table of a kind.
    #[must_use]
    pub fn of(&self, kind: MapKind) -> &BTreeMap<String, String> {
        match kind {
            MapKind::Programme => &self.programme,
            MapKind::Instrument => &self.instrument,
            MapKind::Timepoint => &self.timepoint,
            MapKind::Status => &self.status,
            MapKind::EndReason => &self.end_reason,
            MapKind::Unit => &self.unit,
            MapKind::Sex => &self.sex,
            MapKind::CareLevel => &self.care_level,
            MapKind::Ownership => &self.ownership,
        }
    }

    /// The table of a kind, to add to.
    pub fn of_mut(&mut self, kind: MapKind) -> &mut BTreeMap<String, String> {
        match kind {
            MapKind::Programme => &mut self.programme,
            MapKind::Instrument => &mut self.instrument,
            MapKind::Timepoint => &mut self.timepoint,
            MapKind::Status => &mut self.status,
            MapKind::EndReason => &mut self.end_reason,
            MapKind::Unit => &mut self.unit,
            MapKind::Sex => &mut self.sex,
            MapKind::CareLevel => &mut self.care_level,
            MapKind::Ownership => &mut self.ownership,
        }
    }
}
