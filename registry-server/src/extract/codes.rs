//! Which codes a cut's tables are split by: fixed when the first table of the cut is made, and kept with it.
//!
//! Promises: a code is listed only if enough persons of the whole cut have it, so that a listed code tells of nobody; others stand together
//! as `OTHER` where the dimension gathers them, and their persons are in no table where it does not, or where together they are too few.
//! The regions of which nothing was ever received are listed as such. Must not know: tables, keys.

use std::collections::{BTreeMap, BTreeSet};

use schemas::codelist::CodeLists;
use serde::{Deserialize, Serialize};

use super::cohort::{Cohort, Path, Person};
use super::vocabulary::{self, DIMENSIONS};
use crate::fact::SenderFact;

/// The code of those whose own code too few have.
const OTHER: &str = "OTHER";
/// Fewest persons of the whole cut that a code is listed for.
const LISTED: u64 = 5;

/// The listed codes of a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    /// By dimension.
    pub dimensions: Vec<Listed>,
    /// Regions that nothing was received from.
    pub silent: Vec<String>,
}

/// The listed codes of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Each code with the one above it, empty for none; above before below.
    pub codes: Vec<(String, String)>,
}

impl Codes {
    /// The codes of a cut of which nothing was released yet.
    #[must_use]
    pub fn of(cohort: &Cohort, senders: &[SenderFact], lists: &CodeLists) -> Self {
        let mut kept: Vec<&Person> = cohort.persons.iter().collect();
        loop {
            let codes = Self::listed(cohort, &kept, senders, lists);
            let before = kept.len();
            let finest = codes.finest(cohort);
            kept.retain(|person| finest.of(person).is_some());
            // Whoever is left out may be one of those that made a code listed.
            if kept.len() == before {
                return codes;
            }
        }
    }

    fn listed(cohort: &Cohort, persons: &[&Person], senders: &[SenderFact], lists: &CodeLists) -> Self {
        let region = DIMENSIONS.iter().position(|known| known.name == vocabulary::REGION.name);
        let met: BTreeSet<&str> = persons
            .iter()
            .filter_map(|person| path(cohort, person, region?))
            .filter_map(|path| path.first().map(String::as_str))
            .collect();
        let is_heard = |code: &str| {
            let heard = |sender: &SenderFact| &*sender.sender == code && sender.first_accepted_at.is_some();
            met.contains(code) || senders.iter().any(heard)
        };
        let all = lists.regions().filter(|known| known.successor.is_none()).map(|known| known.code.clone());
        let regions: BTreeSet<String> = all.chain(met.iter().map(|code| (*code).to_owned())).collect();
        let silent = regions.iter().filter(|code| !is_heard(code)).cloned().collect();
        let of = |place: usize| {
            let known = DIMENSIONS[place];
            let codes = if Some(place) == region {
                regions.iter().map(|code| (code.clone(), String::new())).collect()
            } else {
                tree(&leaves(cohort, persons, place))
            };
            Listed { name: known.name.to_owned(), codes }
        };
        Self { dimensions: (0..DIMENSIONS.len()).map(of).collect(), silent }
    }

    /// The finest listed code of every path of a cohort, by dimension; nothing for whoever is in no table.
    #[must_use]
    pub fn finest(&self, cohort: &Cohort) -> Finest {
        let of = |(place, listed): (usize, &Listed)| {
            let known: BTreeSet<&str> = listed.codes.iter().map(|(code, _)| code.as_str()).collect();
            let finest = |path: &Path| {
                let candidates = candidates(path.as_ref()?, DIMENSIONS[place].gathers);
                candidates
                    .into_iter()
                    .filter_map(|path| path.last().cloned())
                    .find(|code| known.contains(code.as_str()))
            };
            cohort.paths(place).iter().map(finest).collect()
        };
        Finest(self.dimensions.iter().enumerate().map(of).collect())
    }
}

/// The listed codes of a cohort's paths.
#[derive(Debug)]
pub struct Finest(Vec<Vec<Option<String>>>);

impl Finest {
    /// A person's code in each dimension; nothing for whoever is in no table.
    #[must_use]
    pub fn of(&self, person: &Person) -> Option<Vec<&str>> {
        (0..).zip(&self.0).map(|(dimension, codes)| codes[person.at(dimension)].as_deref()).collect()
    }
}

fn path<'c>(cohort: &'c Cohort, person: &Person, dimension: usize) -> Option<&'c Vec<String>> {
    cohort.paths(dimension)[person.at(dimension)].as_ref()
}

/// The paths that a person may stand at, its own first, then the gathered ones.
fn candidates(path: &[String], gathers: bool) -> Vec<Vec<String>> {
    let mut all = vec![path.to_vec()];
    if gathers {
        if let [coarse, _] = path {
            all.push(vec![coarse.clone(), format!("{OTHER} {coarse}")]);
            all.push(vec![OTHER.to_owned(), format!("{OTHER} {OTHER}")]);
        } else {
            all.push(vec![OTHER.to_owned()]);
        }
    }
    all
}

/// The finest paths that enough persons have, gathering level by level.
fn leaves(cohort: &Cohort, persons: &[&Person], place: usize) -> BTreeSet<Vec<String>> {
    let gathers = DIMENSIONS[place].gathers;
    let paths = persons.iter().filter_map(|person| path(cohort, person, place));
    let mut left: Vec<Vec<Vec<String>>> = paths.map(|path| candidates(path, gathers)).collect();
    let mut listed = BTreeSet::new();
    while !left.is_empty() {
        let mut counts: BTreeMap<&Vec<String>, u64> = BTreeMap::new();
        left.iter().filter_map(|candidates| candidates.first()).for_each(|path| *counts.entry(path).or_default() += 1);
        let enough = counts.into_iter().filter(|(_, count)| *count >= LISTED).map(|(path, _)| path.clone());
        listed.extend(enough.collect::<Vec<_>>());
        let is_listed = |candidates: &[Vec<String>]| candidates.first().is_some_and(|path| listed.contains(path));
        left.retain(|candidates| !is_listed(candidates));
        for candidates in &mut left {
            candidates.remove(0);
        }
        left.retain(|candidates| !candidates.is_empty());
    }
    listed
}

/// Codes with those above them, above before below.
fn tree(leaves: &BTreeSet<Vec<String>>) -> Vec<(String, String)> {
    let mut codes: Vec<(String, String)> = Vec::new();
    for path in leaves {
        let mut above = "";
        for code in path {
            let one = (code.clone(), above.to_owned());
            above = code;
            if !codes.contains(&one) {
                codes.push(one);
            }
        }
    }
    codes
}
