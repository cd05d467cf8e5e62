//! What follows from everything released of a cut together, by linear programs: the intervals that an attacker can find.
//!
//! Promises: in the neutral model every cell hidden for too few may be nobody and may be enough to be shown; in the pessimistic one, where
//! the attacker knows which hidden cells are too few, none of them is known closer than two persons, and none that is hidden for another
//! reason closer than ten; no shown cell is known closer than four; a shown cell less another in it may always be enough to be shown or,
//! where more than five are needed for that, nobody and five. Points that keep all bounds are witnesses for many cells at once; a
//! linear program of its own is solved for what no witness stands for. Source: disclosure, section 7.

/// Linear programs.
mod program;
/// The crossings that the unknowns are cells of.
mod crossings;
/// Released cells as sums of unknowns.
mod space;
/// What is to be shown of each cell, and how far the witnesses have come.
mod target;

use std::collections::BTreeMap;

use crate::disclose::engine::Refusal;
use crate::disclose::engine::complement::ONE_IN;
use crate::disclose::engine::cube::Name;
use crate::disclose::engine::primary::Tells;
use crate::disclose::engine::tally::Facts;
use crate::disclose::engine::vocabulary::Vocabulary;
use program::{Program, Sum};
use space::Space;
use target::{Model, Target};

/// Turns of the dice that must find something new, at first for all cells together.
const TURNS: usize = 12;

/// So many cells that are known too well are found at a time.
const MOST_WEAK: usize = 24;
/// Cells are asked for in steps of so many, so that those found lie far apart.
const STEP: usize = 17;

/// What must be mended.
pub(super) struct Weak {
    /// Cells that are known too well, each with those that make it so.
    pub(super) names: Vec<Vec<Name>>,
    /// How many more of the hidden must pass for nobody.
    pub(super) missing: usize,
}

/// A released cell as the audit sees it.
#[derive(Clone, Copy)]
pub(super) struct Released {
    /// What may stand behind the figure; nothing where it is hidden.
    pub(super) shown: Option<(u64, u64)>,
    /// What it would tell by itself.
    pub(super) tells: Tells,
    /// The fewest persons that it is shown from.
    pub(super) k: u64,
}

/// Everything released, by name.
pub(super) type All = BTreeMap<Name, Released>;

/// The audit of one cut; what its witnesses prove stays proved when more is hidden.
pub(super) struct Audit<'v> {
    vocabulary: &'v Vocabulary,
    space: Space,
    /// Witnesses that know which hidden cells are few, and such that do not.
    pessimistic: Vec<Vec<f64>>,
    neutral: Vec<Vec<f64>>,
    chance: u64,
    /// Hidden cells that are enough to be shown and pass for nobody.
    company: usize,
}

impl<'v> Audit<'v> {
    /// An audit of these cells together; nothing where they are too detailed to be held against each other.
    pub(super) fn new(vocabulary: &'v Vocabulary, names: &[Name], facts: &Facts) -> Option<Self> {
        let space = Space::new(vocabulary, names, facts)?;
        let (pessimistic, neutral) = (Vec::new(), Vec::new());
        Some(Self { vocabulary, space, pessimistic, neutral, chance: 0x9e37_79b9_7f4a_7c15, company: 0 })
    }

    /// Makes what the attacker is taken to know hold for who is in the cut now, where persons left since a figure was drawn: as much wider
    /// as needed, and no more.
    pub(super) fn fit(&self, all: &mut All) {
        for (name, released) in all {
            let Some(persons) = self.space.place.get(name).map(|place| self.space.truth[*place]) else { continue };
            released.shown = released.shown.map(|(low, high)| (low.min(persons), high.max(persons)));
            if persons < released.k {
                released.tells = Tells::Few;
            } else if released.tells == Tells::Few {
                released.tells = Tells::Nothing;
            }
        }
    }

    /// Some cells that are known too well, and how many more must pass for nobody; there is no table where no figures fit all that was
    /// released, and where it is stopped meanwhile.
    pub(super) fn weak(&mut self, all: &All, is_stopped: &mut dyn FnMut() -> bool) -> Result<Weak, Refusal> {
        let few = all.values().filter(|cell| cell.shown.is_none() && cell.tells == Tells::Few).count();
        // A quarter beside the few is a fifth of all.
        let wanted = few.div_ceil(ONE_IN - 1);
        let names = self.known_in(all, (Model::Pessimistic, 0), is_stopped)?;
        // What is known to who knows more comes first: what is hidden for it helps against the other.
        if !names.is_empty() {
            return Ok(Weak { names, missing: 0 });
        }
        let names = self.known_in(all, (Model::Neutral, wanted), is_stopped)?;
        Ok(Weak { missing: if names.is_empty() { wanted.saturating_sub(self.company) } else { 0 }, names })
    }

    /// Some cells that are known too well in a model, each with those that make it so.
    fn known_in(
        &mut self,
        all: &All,
        (model, wanted): (Model, usize),
        is_stopped: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<Vec<Name>>, Refusal> {
        let program = self.program(all, model);
        let mut targets = target::all(all, (&self.space, self.vocabulary), model);
        if self.pessimistic.is_empty() {
            self.pessimistic.push(self.space.truth.iter().map(|persons| *persons as f64).collect());
        }
        if !program.holds(&self.pessimistic[0]) {
            return Err(Refusal::Unproved);
        }
        for witness in self.pessimistic.iter().chain(&self.neutral) {
            if program.holds(witness) {
                see(&mut targets, witness);
            }
        }
        self.turn_dice(&program, (&mut targets, model), is_stopped)?;
        let mut names = self.ask_each(&program, (&mut targets, model, wanted), is_stopped)?;
        self.company = company(&targets);
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Aims at many open targets at once while that proves something.
    fn turn_dice(
        &mut self,
        program: &Program,
        (targets, model): (&mut [Target], Model),
        is_stopped: &mut dyn FnMut() -> bool,
    ) -> Result<(), Refusal> {
        for _ in 0..TURNS {
            let open = targets.iter().filter(|target| !target.is_safe()).count();
            if open < 8 {
                break;
            }
            go_on(is_stopped)?;
            let mut aim: BTreeMap<usize, f64> = BTreeMap::new();
            for target in targets.iter().filter(|target| !target.is_safe()) {
                let way = target.missing(self.coin());
                let weight = 0.5 + self.coin_weight();
                target.sum.iter().for_each(|(value, factor)| *aim.entry(*value).or_default() += way * weight * factor);
            }
            self.witness(program, &aim.into_iter().collect(), (&mut *targets, model));
            let left = targets.iter().filter(|target| !target.is_safe()).count();
            if left * 20 > open * 19 {
                break;
            }
        }
        Ok(())
    }

    /// Asks for both ends of targets that are still open, here and there, until so many are known too well: what is hidden for them helps
    /// others. So many of those that need not be safe by themselves are wanted.
    fn ask_each(
        &mut self,
        program: &Program,
        (targets, model, wanted): (&mut [Target], Model, usize),
        is_stopped: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<Vec<Name>>, Refusal> {
        let mut weak = Vec::new();
        let number = targets.len();
        for place in (0..STEP).flat_map(|start| (start..number).step_by(STEP)) {
            let is_company = targets[place].is_company();
            if targets[place].is_safe() || (is_company && company(targets) >= wanted) {
                continue;
            }
            for way in if is_company { &[1.0][..] } else { &[1.0, -1.0] } {
                if !targets[place].is_safe() {
                    go_on(is_stopped)?;
                    let aim: Sum = targets[place].sum.iter().map(|(value, factor)| (*value, way * factor)).collect();
                    self.witness(program, &aim, (&mut *targets, model));
                }
            }
            if !targets[place].is_safe() && !is_company {
                weak.push(targets[place].names.clone());
            }
            if weak.len() >= MOST_WEAK {
                break;
            }
        }
        Ok(weak)
    }

    fn witness(&mut self, program: &Program, aim: &Sum, (targets, model): (&mut [Target], Model)) {
        // Without a witness a target stays open, and so something more is hidden.
        let Some(witness) = program.least(aim, &self.pessimistic[0]) else { return };
        see(targets, &witness);
        match model {
            Model::Pessimistic => self.pessimistic.push(witness),
            Model::Neutral => self.neutral.push(witness),
        }
    }

    /// What the attacker of a model knows.
    fn program(&self, all: &All, model: Model) -> Program {
        let mut bounds = vec![(0.0_f64, f64::INFINITY); self.space.size];
        for (name, released) in all {
            let Some(place) = self.space.place.get(name) else { continue };
            let (low, high) = match (released.shown, model) {
                (Some((low, high)), _) => (low as f64, high as f64),
                (None, Model::Neutral) => continue,
                (None, Model::Pessimistic) if released.tells == Tells::Few => (0.0, (released.k - 1) as f64),
                (None, Model::Pessimistic) => (released.k as f64, f64::INFINITY),
            };
            bounds[*place] = (bounds[*place].0.max(low), bounds[*place].1.min(high));
        }
        Program { bounds, ties: self.space.ties.clone() }
    }

    /// Chance that is the same each time: it only chooses what is tried first.
    fn coin(&mut self) -> bool {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance & 1 == 1
    }

    fn coin_weight(&mut self) -> f64 {
        f64::from(u8::from(self.coin())) * 0.5 + f64::from(u8::from(self.coin())) * 0.25
    }
}

/// Those that are enough to be shown and pass for nobody.
fn company(targets: &[Target]) -> usize {
    targets.iter().filter(|target| target.is_company() && target.is_safe()).count()
}

/// Nothing where it may go on.
fn go_on(is_stopped: &mut dyn FnMut() -> bool) -> Result<(), Refusal> {
    if is_stopped() { Err(Refusal::Stopped) } else { Ok(()) }
}

/// Takes what a witness says of all targets.
fn see(targets: &mut [Target], witness: &[f64]) {
    for target in targets {
        target.see(witness);
    }
}
