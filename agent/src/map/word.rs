//! What the region's own words mean: the configuration's tables first, then the code lists with their names and aliases.
//!
//! Promises: each distinct programme, instrument and timepoint is looked up once; an unknown word stays unknown; whoever asks for a
//! meaning by kind gets what a row would get.

use std::collections::HashMap;

use schemas::codelist::{CodeLists, Instrument, fold, split_version};
use schemas::id::HsaId;
use schemas::record::{Ownership, Sex, Status, Timepoint};
use serde::Serialize;

use super::quick::Quick;
use crate::config::{MapKind, Maps};

/// A programme by its local word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Its code.
    pub code: String,
    /// The version behind the name, when the word had one.
    pub version: Option<String>,
}

/// The state of a treatment in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalStatus {
    /// Ended.
    Ended(Status),
    /// Not ended yet.
    Ongoing,
    /// The person said no to the register.
    OptedOut,
}

/// How a word came to its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It is the code.
    Code,
    /// A name or alias that the lists know.
    Alias,
    /// A row of the region's own mapping.
    Mapping,
    /// It has none.
    Unknown,
}

/// The words of one configuration, remembered as they are met.
pub struct Words<'a> {
    lists: &'a CodeLists,
    /// One table for each [`MapKind`], in the order of its list.
    maps: [HashMap<String, String>; 9],
    programmes: HashMap<String, Option<Programme>, Quick>,
    instruments: HashMap<String, Option<&'a Instrument>, Quick>,
    timepoints: HashMap<String, Option<Timepoint>, Quick>,
}

impl<'a> Words<'a> {
    /// Prepares the tables of a configuration.
    #[must_use]
    pub fn new(lists: &'a CodeLists, maps: &Maps) -> Self {
        let folded = |kind| maps.of(kind).iter().map(|(k, v)| (fold(k), v.trim().to_owned())).collect();
        Self {
            lists,
            maps: MapKind::ALL.map(folded),
            programmes: HashMap::default(),
            instruments: HashMap::default(),
            timepoints: HashMap::default(),
        }
    }

    /// What the region's own mapping says of a word, in any spelling.
    fn mapped(&self, kind: MapKind, word: &str) -> Option<&str> {
        let table = &self.maps[kind as usize];
        if table.is_empty() { None } else { table.get(&fold(word)).map(String::as_str) }
    }

    /// The programme that a word means.
    pub fn programme(&mut self, word: &str) -> Option<&Programme> {
        if !self.programmes.contains_key(word) {
            let found = self.find_programme(word);
            self.programmes.insert(word.to_owned(), found);
        }
        self.programmes[word].as_ref()
    }

    fn find_programme(&self, word: &str) -> Option<Programme> {
        let (mapped, version) = self.mapped_programme(word).unwrap_or((word, None));
        let found = self.lists.find_programme(mapped)?;
        Some(Programme { code: found.code, version: version.or(found.version) })
    }

    /// What the mapping says of a programme, whose row also covers the name with a version behind it that no row or list knows whole.
    fn mapped_programme(&self, word: &str) -> Option<(&str, Option<String>)> {
        if let Some(mapped) = self.mapped(MapKind::Programme, word) {
            return Some((mapped, None));
        }
        let (name, version) = split_version(&fold(word))?;
        let mapped = self.mapped(MapKind::Programme, &name)?;
        let whole = self.lists.find_programme(word).is_some_and(|found| found.version.is_none());
        (!whole).then_some((mapped, Some(version)))
    }

    fn is_mapped(&self, kind: MapKind, word: &str) -> bool {
        match kind {
            MapKind::Programme => self.mapped_programme(word).is_some(),
            _ => self.mapped(kind, word).is_some(),
        }
    }

    /// The instrument that a word means.
    pub fn instrument(&mut self, word: &str) -> Option<&'a Instrument> {
        if let Some(found) = self.instruments.get(word) {
            return *found;
        }
        let mapped = self.mapped(MapKind::Instrument, word).unwrap_or(word);
        let found = self.lists.find_instrument(mapped);
        self.instruments.insert(word.to_owned(), found);
        found
    }

    /// The timepoint that a word means.
    pub fn timepoint(&mut self, word: &str) -> Option<Timepoint> {
        if let Some(found) = self.timepoints.get(word) {
            return *found;
        }
        let found = fold(self.mapped(MapKind::Timepoint, word).unwrap_or(word)).parse().ok();
        self.timepoints.insert(word.to_owned(), found);
        found
    }

    /// The status that a word means.
    #[must_use]
    pub fn status(&self, word: &str) -> Option<LocalStatus> {
        match fold(self.mapped(MapKind::Status, word).unwrap_or(word)).as_str() {
            "completed" => Some(LocalStatus::Ended(Status::Completed)),
            "discontinued" => Some(LocalStatus::Ended(Status::Discontinued)),
            "ongoing" => Some(LocalStatus::Ongoing),
            "opted_out" => Some(LocalStatus::OptedOut),
            _ => None,
        }
    }

    /// The code of the end reason that a word means.
    #[must_use]
    pub fn end_reason(&self, word: &str) -> Option<String> {
        let mapped = self.mapped(MapKind::EndReason, word).unwrap_or(word);
        self.lists.find_end_reason(mapped).map(|reason| reason.code.clone())
    }

    /// The HSA-id that a local unit has, or the word itself.
    #[must_use]
    pub fn unit<'w>(&'w self, word: &'w str) -> &'w str {
        self.mapped(MapKind::Unit, word).unwrap_or(word)
    }

    /// The sex that a word means.
    #[must_use]
    pub fn sex(&self, word: &str) -> Option<Sex> {
        match fold(self.mapped(MapKind::Sex, word).unwrap_or(word)).as_str() {
            "f" | "k" | "kvinna" | "female" => Some(Sex::F),
            "m" | "man" | "male" => Some(Sex::M),
            _ => None,
        }
    }

    /// The code of the care level that a word means.
    #[must_use]
    pub fn care_level(&self, word: &str) -> Option<String> {
        let mapped = self.mapped(MapKind::CareLevel, word).unwrap_or(word);
        self.lists.find_care_level(mapped).map(|level| level.code.clone())
    }

    /// The ownership that a word means.
    #[must_use]
    pub fn ownership(&self, word: &str) -> Option<Ownership> {
        let mapped = self.mapped(MapKind::Ownership, word).unwrap_or(word);
        match self.lists.find_ownership(mapped)?.code.as_str() {
            "public" => Some(Ownership::Public),
            "private" => Some(Ownership::Private),
            _ => None,
        }
    }

    /// The code that a word of a kind means, if any, and how it came to it.
    pub fn meaning(&mut self, kind: MapKind, word: &str) -> (Option<String>, Origin) {
        let code = match kind {
            MapKind::Programme => self.programme(word).map(|programme| programme.code.clone()),
            MapKind::Instrument => self.instrument(word).map(|instrument| instrument.code.clone()),
            MapKind::Timepoint => self.timepoint(word).map(|timepoint| timepoint.to_string()),
            MapKind::Status => self.status(word).map(|status| status.code().to_owned()),
            MapKind::EndReason => self.end_reason(word),
            MapKind::Unit => Some(self.unit(word)).filter(|id| id.parse::<HsaId>().is_ok()).map(str::to_owned),
            MapKind::Sex => self.sex(word).map(|sex| sex.code().to_owned()),
            MapKind::CareLevel => self.care_level(word),
            MapKind::Ownership => self.ownership(word).map(|ownership| match ownership {
                Ownership::Public => "public".to_owned(),
                Ownership::Private => "private".to_owned(),
            }),
        };
        let origin = match &code {
            None => Origin::Unknown,
            Some(_) if self.is_mapped(kind, word) => Origin::Mapping,
            Some(code) if fold(code) == fold(word) => Origin::Code,
            Some(_) => Origin::Alias,
        };
        (code, origin)
    }
}

impl LocalStatus {
    /// The code, as a source or `[map.status]` may write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ended(Status::Completed) => "completed",
            Self::Ended(Status::Discontinued) => "discontinued",
            Self::Ongoing => "ongoing",
            Self::OptedOut => "opted_out",
        }
    }
}
