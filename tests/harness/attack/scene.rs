//! All that was told of a register, for an attacker who knows nothing else or who knows which hidden cells are few.
//!
//! Promises: what an attacker is given to know is true of the persons, or there is no attack.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Target, Wanted};
use super::narrowed::narrowed;
use super::solver::Program;
use super::space::{Space, Sum};
use super::told::{self, All, Name, Told};
use crate::crowd::Crowd;
use crate::crowd::dimension::Dimension;
use crate::crowd::draw::Draw;

/// Whoever knows which hidden cells are few knows them no closer than this.
const WIDTH_HIDDEN: f64 = 2.0;
/// Shown cells are known no closer than this.
const WIDTH_SHOWN: f64 = 4.0;

/// How much of each register is attacked.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Cells that sums tie down most, of the hidden and of the shown.
    pub tight: usize,
    /// Others by lot.
    pub random: usize,
    /// Of the tightest hidden, those attacked in whole persons.
    pub whole: usize,
}

/// What the attacker knows beside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Nothing.
    Neutral,
    /// Which hidden cells are too few to be shown.
    Pessimistic,
}

/// All that was told of a register.
pub(super) struct Scene<'c> {
    dimensions: &'c [Dimension],
    pub(super) told: All,
    sums: Vec<(Name, Vec<Name>)>,
    pub(super) space: Space,
    most: f64,
}

impl<'c> Scene<'c> {
    pub(super) fn new(crowd: &'c Crowd, told: All) -> Self {
        let dimensions = &crowd.dimensions;
        let space = Space::new(dimensions, &told, &crowd.persons);
        let sums = told::sums(dimensions, &told);
        let most = told.values().filter_map(|told| told.shown).map(|(_, high)| high as f64).fold(1e4, f64::max);
        Self { dimensions, told, sums, space, most }
    }

    fn is_few(&self, name: &Name) -> bool {
        self.space.persons(name) < self.told[name].k as f64
    }

    /// What a cell is by itself, to who knows so much.
    fn bounds(&self, name: &Name, model: Model) -> (f64, f64) {
        let told = self.told[name];
        match (told.shown, model) {
            (Some((low, high)), _) => (low.max(told.units.unwrap_or(0) as u64) as f64, high as f64),
            (None, Model::Neutral) => (0.0, self.most),
            (None, Model::Pessimistic) if self.is_few(name) => (0.0, (told.k - 1) as f64),
            (None, Model::Pessimistic) => (told.k as f64, self.most),
        }
    }

    /// Everything that is known.
    ///
    /// # Panics
    /// The truth does not fit it.
    pub(super) fn program(&self, model: Model) -> Program {
        let mut rows: Vec<(Sum, f64, f64)> = self.space.ties.iter().map(|tie| (tie.clone(), 0.0, 0.0)).collect();
        for name in self.told.keys() {
            let (low, high) = self.bounds(name, model);
            if low > 0.0 || high < self.most {
                rows.push((self.space.sum(name), low, high));
            }
        }
        rows.extend(self.sums.iter().filter_map(|(whole, parts)| self.units(whole, parts)));
        let program = Program { most: self.most, size: self.space.truth.len(), rows };
        assert!(program.holds(&self.space.truth), "the truth fits what was told");
        program
    }

    /// What the numbers of units tell of the hidden parts of a sum: so many persons at least as there are units left, and a unit has one
    /// region, so that none left is nobody.
    fn units(&self, whole: &Name, parts: &[Name]) -> Option<(Sum, f64, f64)> {
        let mut left = self.told[whole].units?;
        let (hidden, shown): (Vec<&Name>, Vec<&Name>) = parts.iter().partition(|part| self.told[*part].shown.is_none());
        for part in shown {
            left = left.saturating_sub(self.told[part].units?);
        }
        let sum: Sum = hidden.iter().flat_map(|part| self.space.sum(part)).collect();
        let has_region = |name: &Name| name.first().is_some_and(|(dimension, _)| *dimension == 0);
        let is_of_regions = !has_region(whole) && parts.iter().all(has_region);
        let most = if left == 0 && is_of_regions { 0.0 } else { self.most };
        (!sum.is_empty() && (left > 0 || most < 1.0)).then_some((sum, left as f64, most))
    }

    /// The cells of a kind that sums tie down most, and as many by lot.
    pub(super) fn tightest(&self, model: Model, size: Size, is_meant: impl Fn(&Told) -> bool) -> Vec<Name> {
        let bounds: BTreeMap<Name, (f64, f64)> =
            self.told.keys().map(|name| (name.clone(), self.bounds(name, model))).collect();
        let narrowed = narrowed(&bounds, &self.sums);
        let width = |name: &Name| narrowed[name].1 - narrowed[name].0;
        let mut names: Vec<Name> =
            self.told.iter().filter(|(_, told)| is_meant(told)).map(|(name, _)| name.clone()).collect();
        names.sort_by(|one, other| width(one).total_cmp(&width(other)));
        let rest = names.len().min(size.tight);
        Draw::new(names.len() as u64).shuffle(&mut names[rest..]);
        names.truncate(size.tight + size.random);
        names
    }

    /// A hidden cell as a target.
    pub(super) fn hidden(&self, name: &Name, model: Model) -> Target {
        let wanted = match model {
            Model::Pessimistic => Wanted::Wide(WIDTH_HIDDEN),
            Model::Neutral if self.is_few(name) => Wanted::Ambiguous(self.told[name].k),
            Model::Neutral => Wanted::Wide(1.0),
        };
        Target::new(self.space.sum(name), wanted)
    }

    /// The few of the first cells, to be nobody and to be enough in whole persons.
    pub(super) fn ambiguous(&self, names: &[Name], first: usize) -> Vec<(Sum, Wanted)> {
        let few = names.iter().take(first).filter(|name| self.is_few(name));
        few.map(|name| (self.space.sum(name), Wanted::Ambiguous(self.told[name].k))).collect()
    }

    /// The first cells, to be two numbers in whole persons.
    pub(super) fn others(&self, names: &[Name], first: usize) -> Vec<(Sum, Wanted)> {
        names.iter().take(first).map(|name| (self.space.sum(name), Wanted::Wide(1.0))).collect()
    }

    /// Shown cells that a sum ties down most, and others, as targets.
    pub(super) fn shown(&self, size: Size) -> Vec<Target> {
        let names = self.tightest(Model::Pessimistic, size, |told| told.shown.is_some_and(|(low, high)| low < high));
        names.iter().map(|name| Target::new(self.space.sum(name), Wanted::Wide(WIDTH_SHOWN))).collect()
    }

    /// Shown cells less shown cells in them, where the figures alone do not leave room.
    pub(super) fn pairs(&self) -> Vec<Target> {
        let shown = |(name, told): (&'_ Name, &Told)| Some((name.clone(), told.shown?, told.k));
        let shown: Vec<(Name, (u64, u64), u64)> = self.told.iter().filter_map(shown).collect();
        let mut seen = BTreeSet::new();
        let mut targets = Vec::new();
        for (inner, (low, high), k) in &shown {
            let is_near = |of: &&(Name, (u64, u64), u64)| of.1.0 < high + k && of.1.1 > *low;
            for (outer, ..) in shown.iter().filter(is_near) {
                if outer == inner || !told::holds(self.dimensions, outer, inner) {
                    continue;
                }
                let less: Sum = self.space.sum(inner).into_iter().map(|(unknown, _)| (unknown, -1.0)).collect();
                let sum = merged([self.space.sum(outer), less].concat());
                let key: Vec<(usize, bool)> = sum.iter().map(|(unknown, factor)| (*unknown, *factor > 0.0)).collect();
                if !sum.is_empty() && seen.insert(key) {
                    targets.push(Target::new(sum, Wanted::NotFew(*k)));
                }
            }
        }
        targets
    }
}

/// A sum that names every unknown once.
fn merged(sum: Sum) -> Sum {
    let mut all: BTreeMap<usize, f64> = BTreeMap::new();
    for (unknown, factor) in sum {
        *all.entry(unknown).or_default() += factor;
    }
    all.into_iter().filter(|(_, factor)| factor.abs() > 0.5).collect()
}
