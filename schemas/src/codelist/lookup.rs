//! How a line is found: by its exact code, or by what somebody wrote.
//!
//! Promises: `find_*` knows code, name and alias in any spelling that folds to them, and nothing that is merely similar.
//! Must not know: what is done with a value that is not found.

use super::diagnosis_group::category;
use super::fold::fold;
use super::programme::split_version;
use super::{
    AgeBand, CareLevel, CodeLists, DiagnosisGroup, EndReason, Instrument, Match, Ownership, Population, Programme,
    Region, SeverityBand, TestIdentity,
};

impl CodeLists {
    /// The programme with exactly this code.
    #[must_use]
    pub fn programme(&self, code: &str) -> Option<&Programme> {
        self.programmes.get(code)
    }

    /// The instrument with exactly this code.
    #[must_use]
    pub fn instrument(&self, code: &str) -> Option<&Instrument> {
        self.instruments.get(code)
    }

    /// The region with exactly this county code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.get(code)
    }

    /// The care level with exactly this code.
    #[must_use]
    pub fn care_level(&self, code: &str) -> Option<&CareLevel> {
        self.care_levels.get(code)
    }

    /// The end reason with exactly this code.
    #[must_use]
    pub fn end_reason(&self, code: &str) -> Option<&EndReason> {
        self.end_reasons.get(code)
    }

    /// The form of ownership with exactly this code.
    #[must_use]
    pub fn ownership(&self, code: &str) -> Option<&Ownership> {
        self.ownership.get(code)
    }

    /// The programme that a local value means. The whole value is tried first, then without a trailing version.
    #[must_use]
    pub fn find_programme(&self, value: &str) -> Option<Match> {
        if let Some(programme) = self.programmes.find(value) {
            return Some(Match { code: programme.code.clone(), version: None });
        }
        let (name, version) = split_version(&fold(value))?;
        self.programmes.find(&name).map(|programme| Match { code: programme.code.clone(), version: Some(version) })
    }

    /// The instrument that a local value means.
    #[must_use]
    pub fn find_instrument(&self, value: &str) -> Option<&Instrument> {
        self.instruments.find(value)
    }

    /// The region that a name, old name or county code means.
    #[must_use]
    pub fn find_region(&self, value: &str) -> Option<&Region> {
        self.regions.find(value)
    }

    /// The care level that a local value means.
    #[must_use]
    pub fn find_care_level(&self, value: &str) -> Option<&CareLevel> {
        self.care_levels.find(value)
    }

    /// The end reason that a local value means.
    #[must_use]
    pub fn find_end_reason(&self, value: &str) -> Option<&EndReason> {
        self.end_reasons.find(value)
    }

    /// The form of ownership that a local value means.
    #[must_use]
    pub fn find_ownership(&self, value: &str) -> Option<&Ownership> {
        self.ownership.find(value)
    }

    /// The band of an instrument that a score lies in: the last one that begins at or below it. None outside the instrument's range
    /// or where it has no bands.
    #[must_use]
    pub fn severity_band(&self, instrument: &str, score: f64) -> Option<&SeverityBand> {
        let range = self.instrument(instrument)?;
        if !(range.lowest..=range.highest).contains(&score) {
            return None;
        }
        self.severity_bands
            .iter()
            .filter(|band| band.instrument == instrument && band.from <= score)
            .max_by(|a, b| a.from.total_cmp(&b.from))
    }

    /// The group of a diagnosis code, with or without point and with any Swedish suffix: `F32.1`, `F321`, `F41.9P`.
    #[must_use]
    pub fn diagnosis_group(&self, icd: &str) -> Option<&DiagnosisGroup> {
        let category = category(icd)?;
        self.diagnosis_groups.iter().find(|group| group.holds(&category))
    }

    /// The band of an age in whole years.
    #[must_use]
    pub fn age_band(&self, age: u16) -> Option<&AgeBand> {
        self.age_bands.iter().find(|band| band.holds(age))
    }

    /// Whether a number in normal form (12 characters) is listed as a test identity. The test serials 980-999 are not listed.
    #[must_use]
    pub fn is_test_identity(&self, number: &str) -> bool {
        self.test_identities.get(number).is_some()
    }

    /// All programmes.
    pub fn programmes(&self) -> impl Iterator<Item = &Programme> {
        self.programmes.iter()
    }

    /// All instruments.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.iter()
    }

    /// All regions, by county code.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.regions.iter()
    }

    /// All populations.
    pub fn populations(&self) -> impl Iterator<Item = &Population> {
        self.populations.iter()
    }

    /// All severity bands.
    pub fn severity_bands(&self) -> impl Iterator<Item = &SeverityBand> {
        self.severity_bands.iter()
    }

    /// All diagnosis groups.
    pub fn diagnosis_groups(&self) -> impl Iterator<Item = &DiagnosisGroup> {
        self.diagnosis_groups.iter()
    }

    /// All care levels.
    pub fn care_levels(&self) -> impl Iterator<Item = &CareLevel> {
        self.care_levels.iter()
    }

    /// All age bands, youngest first.
    pub fn age_bands(&self) -> impl Iterator<Item = &AgeBand> {
        self.age_bands.iter()
    }

    /// All end reasons.
    pub fn end_reasons(&self) -> impl Iterator<Item = &EndReason> {
        self.end_reasons.iter()
    }

    /// All forms of ownership.
    pub fn ownerships(&self) -> impl Iterator<Item = &Ownership> {
        self.ownership.iter()
    }

    /// All listed test identities.
    pub fn test_identities(&self) -> impl Iterator<Item = &TestIdentity> {
        self.test_identities.iter()
    }
}
