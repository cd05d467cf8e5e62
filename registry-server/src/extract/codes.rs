//! Which codes a cut's tables are split by: fixed when the first table of the cut is made, and kept with it.
//!
//! Promises: a code is listed only if enough persons of the whole cut have it, by a number that nobody can foretell, and stays listed in
//! later cuts, so that neither a code nor its coming tells of anybody; others stand together as `OTHER` where the dimension gathers them, and
//! their persons are in no table where it does not, or where together they are too few. How many those are is said in broad words.
//! The regions of which nothing was ever received are listed as such. Must not know: tables.

/// Since when a code is listed.
mod listing;

use std::collections::{BTreeMap, BTreeSet};

use schemas::codelist::CodeLists;
use schemas::language::Text;
use serde::{Deserialize, Serialize};

use super::cohort::{Cohort, Path, Person};
use super::vocabulary::{self, DIMENSIONS};
use crate::fact::SenderFact;
pub use listing::Listing;

/// The code of those whose own code too few have.
const OTHER: &str = "OTHER";
/// Fewer persons than this are never told from a few per cent.
const BROAD: u64 = 10;

/// The listed codes of a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    /// By dimension.
    pub dimensions: Vec<Listed>,
    /// Regions that nothing was received from.
    pub silent: Vec<String>,
    /// How many persons are in no table.
    pub left_out: LeftOut,
}

/// How many persons of a cut are in no table, as far as it may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Less than one in a hundred.
    UnderOnePercent,
    /// Less than one in twenty.
    UnderFivePercent,
    /// More.
    More,
}

impl LeftOut {
    fn of(left: usize, all: usize) -> Self {
        let (left, all) = (left as u64, all as u64);
        if left < BROAD.max(all / 100) && all >= 100 * BROAD {
            Self::UnderOnePercent
        } else if left < BROAD.max(all / 20) {
            Self::UnderFivePercent
        } else {
            Self::More
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> Text {
        match self {
            Self::UnderOnePercent => Text::fixed("under 1 %", "under 1 %"),
            Self::UnderFivePercent => {
                Text::fixed("under 5 %, eller under tio personer", "under 5 %, or under ten persons")
            }
            Self::More => Text::fixed("5 % eller mer", "5 % or more"),
        }
    }
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
    pub fn of(cohort: &Cohort, senders: &[SenderFact], lists: &CodeLists, listing: &Listing<'_>) -> Self {
        let mut kept: Vec<&Person> = cohort.persons.iter().collect();
        loop {
            let codes = Self::listed((cohort, &kept), senders, lists, listing);
            let before = kept.len();
            let finest = codes.finest(cohort);
            kept.retain(|person| finest.of(person).is_some());
            // Whoever is left out may be one of those that made a code listed.
            if kept.len() == before {
                return codes;
            }
        }
    }

    fn listed(
        (cohort, persons): (&Cohort, &[&Person]),
        senders: &[SenderFact],
        lists: &CodeLists,
        listing: &Listing<'_>,
    ) -> Self {
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
                tree(&leaves((cohort, persons), place, listing))
            };
            Listed { name: known.name.to_owned(), codes }
        };
        let left_out = LeftOut::of(cohort.persons.len() - persons.len(), cohort.persons.len());
        Self { dimensions: (0..DIMENSIONS.len()).map(of).collect(), silent, left_out }
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

/// The finest paths that are listed, gathering level by level.
fn leaves((cohort, persons): (&Cohort, &[&Person]), place: usize, listing: &Listing<'_>) -> BTreeSet<Vec<String>> {
    let known = DIMENSIONS[place];
    let paths = persons.iter().filter_map(|person| path(cohort, person, place));
    let mut left: Vec<Vec<Vec<String>>> = paths.map(|path| candidates(path, known.gathers)).collect();
    let occurring: BTreeSet<&Vec<String>> = cohort.paths(place).iter().flatten().collect();
    let mut listed = listing.before(known.name, &occurring);
    while !left.is_empty() {
        let mut counts: BTreeMap<&Vec<String>, u64> = BTreeMap::new();
        left.iter().filter_map(|candidates| candidates.first()).for_each(|path| *counts.entry(path).or_default() += 1);
        let enough = counts.into_iter().filter(|(path, count)| *count >= listing.least(known.name, path));
        listed.extend(enough.map(|(path, _)| path.clone()).collect::<Vec<_>>());
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
