//! What the region's own words mean: the configuration's tables first, then the code lists with their names and aliases.
//!
//! Promises: each distinct word is looked up once; an unknown word stays unknown.

use std::collections::{BTreeMap, HashMap};

use schemas::codelist::{CodeLists, fold};
use schemas::record::{Ownership, Sex, Timepoint};

use crate::config::Maps;

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
    Ended(schemas::record::Status),
    /// Not ended yet.
    Ongoing,
    /// The person said no to the register.
    OptedOut,
}

/// The words of one configuration, remembered as they are met.
pub struct Words<'a> {
    lists: &'a CodeLists,
    maps: FoldedMaps,
    programmes: HashMap<String, Option<Programme>>,
    instruments: HashMap<String, Option<String>>,
    timepoints: HashMap<String, Option<Timepoint>>,
}

struct FoldedMaps {
    programme: HashMap<String, String>,
    instrument: HashMap<String, String>,
    timepoint: HashMap<String, String>,
    status: HashMap<String, String>,
    end_reason: HashMap<String, String>,
    unit: HashMap<String, String>,
    sex: HashMap<String, String>,
    care_level: HashMap<String, String>,
    ownership: HashMap<String, String>,
}

impl<'a> Words<'a> {
    /// Prepares the tables of a configuration.
    #[must_use]
    pub fn new(lists: &'a CodeLists, maps: &Maps) -> Self {
        let folded = |map: &BTreeMap<String, String>| map.iter().map(|(k, v)| (fold(k), v.trim().to_owned())).collect();
        let maps = FoldedMaps {
            programme: folded(&maps.programme),
            instrument: folded(&maps.instrument),
            timepoint: folded(&maps.timepoint),
            status: folded(&maps.status),
            end_reason: folded(&maps.end_reason),
            unit: folded(&maps.unit),
            sex: folded(&maps.sex),
            care_level: folded(&maps.care_level),
            ownership: folded(&maps.ownership),
        };
        Self { lists, maps, programmes: HashMap::new(), instruments: HashMap::new(), timepoints: HashMap::new() }
    }

    /// The programme that a word means.
    pub fn programme(&mut self, word: &str) -> Option<&Programme> {
        if !self.programmes.contains_key(word) {
            let mapped = self.maps.programme.get(&fold(word)).map_or(word, String::as_str);
            let found = self.lists.find_programme(mapped).map(|m| Programme { code: m.code, version: m.version });
            self.programmes.insert(word.to_owned(), found);
        }
        self.programmes[word].as_ref()
    }

    /// The code of the instrument that a word means.
    pub fn instrument(&mut self, word: &str) -> Option<&str> {
        if !self.instruments.contains_key(word) {
            let mapped = self.maps.instrument.get(&fold(word)).map_or(word, String::as_str);
            let found = self.lists.find_instrument(mapped).map(|instrument| instrument.code.clone());
            self.instruments.insert(word.to_owned(), found);
        }
        self.instruments[word].as_deref()
    }

    /// The timepoint that a word means.
    pub fn timepoint(&mut self, word: &str) -> Option<Timepoint> {
        if !self.timepoints.contains_key(word) {
            let folded = fold(word);
            let found = self.maps.timepoint.get(&folded).unwrap_or(&folded).parse().ok();
            self.timepoints.insert(word.to_owned(), found);
        }
        self.timepoints[word]
    }

    /// The status that a word means.
    #[must_use]
    pub fn status(&self, word: &str) -> Option<LocalStatus> {
        let folded = fold(word);
        match self.maps.status.get(&folded).unwrap_or(&folded).as_str() {
            "completed" => Some(LocalStatus::Ended(schemas::record::Status::Completed)),
            "discontinued" => Some(LocalStatus::Ended(schemas::record::Status::Discontinued)),
            "ongoing" => Some(LocalStatus::Ongoing),
            "opted_out" => Some(LocalStatus::OptedOut),
            _ => None,
        }
    }

    /// The code of the end reason that a word means.
    #[must_use]
    pub fn end_reason(&self, word: &str) -> Option<String> {
        let mapped = self.maps.end_reason.get(&fold(word)).map_or(word, String::as_str);
        self.lists.find_end_reason(mapped).map(|reason| reason.code.clone())
    }

    /// The HSA-id that a local unit has, or the word itself.
    #[must_use]
    pub fn unit<'w>(&'w self, word: &'w str) -> &'w str {
        self.maps.unit.get(&fold(word)).map_or(word, String::as_str)
    }

    /// The sex that a word means.
    #[must_use]
    pub fn sex(&self, word: &str) -> Option<Sex> {
        let folded = fold(word);
        match self.maps.sex.get(&folded).unwrap_or(&folded).to_lowercase().as_str() {
            "f" | "k" | "kvinna" | "female" => Some(Sex::F),
            "m" | "man" | "male" => Some(Sex::M),
            _ => None,
        }
    }

    /// The code of the care level that a word means.
    #[must_use]
    pub fn care_level(&self, word: &str) -> Option<String> {
        let mapped = self.maps.care_level.get(&fold(word)).map_or(word, String::as_str);
        self.lists.find_care_level(mapped).map(|level| level.code.clone())
    }

    /// The ownership that a word means.
    #[must_use]
    pub fn ownership(&self, word: &str) -> Option<Ownership> {
        let mapped = self.maps.ownership.get(&fold(word)).map_or(word, String::as_str);
        match self.lists.find_ownership(mapped)?.code.as_str() {
            "public" => Some(Ownership::Public),
            "private" => Some(Ownership::Private),
            _ => None,
        }
    }
}
