//! Where a treatment belongs: unit, region and programme, as they were or as they are now.
//!
//! Promises: geography comes from the unit's county as the treatment's own sender describes it, and from the sender for a unit that it
//! did not describe, so that no sender moves another's figures; only where a sender itself points to a unit, by a handover or as a
//! successor, another's description of that unit stands in for its own; a chain of successors ends, even one that was registered as
//! a circle.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};
use schemas::codelist::CodeLists;
use schemas::record::Ownership;

use super::period::Period;
use super::plan::{Attribution, Cohort, Follow, Plan};
use super::selection::Selection;
use crate::fact::{Facts, TreatmentFact, UnitFact};

/// More changes of hands than a unit sees in the life of a register; a longer chain is a circle.
const LONGEST_CHAIN: usize = 32;

/// The unit that a treatment counts for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// County code; unknown for a private caregiver's unit that it did not describe.
    pub region: Option<&'a str>,
    /// HSA-id.
    pub unit: &'a str,
    /// Code list care-levels.
    pub care_level: Option<&'a str>,
    /// Who runs it.
    pub ownership: Option<Ownership>,
}

/// The units and lists, ready to be asked.
#[derive(Debug)]
pub struct Structure<'a> {
    described: HashMap<(&'a str, &'a str), &'a UnitFact>,
    anywhere: HashMap<&'a str, &'a UnitFact>,
    lists: &'a CodeLists,
    attribution: Attribution,
    follow: Follow,
}

impl<'a> Structure<'a> {
    /// Takes in the units. Of several senders that describe one, the one whose own county it is in is believed, else the lowest code.
    #[must_use]
    pub fn new(facts: &'a Facts, lists: &'a CodeLists, plan: &Plan) -> Self {
        let described = facts.units.iter().map(|unit| ((&*unit.sender, &*unit.unit), unit)).collect();
        let mut anywhere: HashMap<&str, &UnitFact> = HashMap::with_capacity(facts.units.len());
        let doubt = |unit: &UnitFact| (unit.sender != unit.county, Arc::clone(&unit.sender));
        for unit in &facts.units {
            let known = anywhere.entry(&unit.unit).or_insert(unit);
            if doubt(unit) < doubt(known) {
                *known = unit;
            }
        }
        Self { described, anywhere, lists, attribution: plan.attribution, follow: plan.structure }
    }

    /// The units as they were, under one attribution.
    #[must_use]
    pub fn as_was(facts: &'a Facts, lists: &'a CodeLists, attribution: Attribution) -> Self {
        let everything = Plan {
            by: Vec::new(),
            cohort: Cohort::Ended,
            period: Period::All,
            from: None,
            to: None,
            attribution,
            structure: Follow::AsWas,
            only: Selection::default(),
        };
        Self::new(facts, lists, &everything)
    }

    /// Whether a sender itself describes a unit.
    #[must_use]
    pub fn describes(&self, sender: &str, unit: &str) -> bool {
        self.own(sender, unit).is_some()
    }

    /// The region, as it was, of a unit that a sender handed over to.
    #[must_use]
    pub fn region_elsewhere(&self, sender: &'a str, unit: &str) -> Option<&'a str> {
        self.pointed_to(sender, unit).map_or_else(|| of_sender(sender), |fact| Some(&*fact.county))
    }

    /// The unit and region that a treatment counts for.
    #[must_use]
    pub fn place(&self, treatment: &'a TreatmentFact) -> Place<'a> {
        let sender = &*treatment.sender;
        let (unit, fact): (&str, _) = match (self.attribution, &treatment.unit_end) {
            (Attribution::End, Some(end)) => (end, self.pointed_to(sender, end)),
            _ => (&treatment.unit_start, self.own(sender, &treatment.unit_start)),
        };
        self.settled(sender, unit, fact)
    }

    /// The unit and region of what a sender counts at a unit.
    #[must_use]
    pub fn unit_place(&self, sender: &'a str, unit: &'a str) -> Place<'a> {
        self.settled(sender, unit, self.own(sender, unit))
    }

    /// The unit that somebody outside the register names, in the region that is named with it.
    #[must_use]
    pub fn named_place(&self, region: &'a str, unit: &'a str) -> Place<'a> {
        let place = self.settled(region, unit, self.anywhere.get(unit).copied());
        Place { region: Some(self.region(region)), ..place }
    }

    fn settled(&self, sender: &'a str, unit: &'a str, fact: Option<&'a UnitFact>) -> Place<'a> {
        let Some(mut fact) = fact else {
            let region = of_sender(sender);
            return Place { region: region.map(|code| self.region(code)), unit, care_level: None, ownership: None };
        };
        if self.follow == Follow::Current {
            for _ in 0..LONGEST_CHAIN {
                let Some(next) = fact.successor.as_deref().and_then(|unit| self.pointed_to(&fact.sender, unit)) else {
                    break;
                };
                fact = next;
            }
        }
        Place {
            region: Some(self.region(&fact.county)),
            unit: &fact.unit,
            care_level: fact.care_level.as_deref(),
            ownership: fact.ownership,
        }
    }

    /// The programme that a treatment counts for.
    #[must_use]
    pub fn programme(&self, treatment: &'a TreatmentFact) -> &'a str {
        self.programme_now(&treatment.programme)
    }

    /// The programme that a code counts for.
    #[must_use]
    pub fn programme_now(&self, code: &'a str) -> &'a str {
        self.current(code, |code| self.lists.programme(code)?.successor.as_deref())
    }

    fn region(&self, code: &'a str) -> &'a str {
        if self.follow == Follow::Current { region_now(self.lists, code) } else { code }
    }

    fn own(&self, sender: &str, unit: &str) -> Option<&'a UnitFact> {
        self.described.get(&(sender, unit)).copied()
    }

    /// A unit that the sender itself handed over to, or named as a successor; it may be another sender's to describe.
    fn pointed_to(&self, sender: &str, unit: &str) -> Option<&'a UnitFact> {
        self.own(sender, unit).or_else(|| self.anywhere.get(unit).copied())
    }

    fn current(&self, code: &'a str, successor: impl Fn(&str) -> Option<&'a str>) -> &'a str {
        if self.follow == Follow::AsWas { code } else { last(code, successor) }
    }
}

/// The region that a county code stands for now.
#[must_use]
pub fn region_now<'a>(lists: &'a CodeLists, code: &'a str) -> &'a str {
    last(code, |code| lists.region(code)?.successor.as_deref())
}

/// The end of a chain of successors.
fn last<'a>(code: &'a str, successor: impl Fn(&str) -> Option<&'a str>) -> &'a str {
    std::iter::successors(Some(code), |code| successor(code)).take(LONGEST_CHAIN).last().unwrap_or(code)
}

/// The region of a unit that nobody described: its sender's, which a private caregiver has none of.
fn of_sender(sender: &str) -> Option<&str> {
    (!sender.starts_with('P')).then_some(sender)
}
