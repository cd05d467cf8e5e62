//! What the audit must show of a cell, or of two, and how far its witnesses have come.
//!
//! Promises: a target is safe once witnesses prove it, and stays so.

use super::All;
use super::program::{OFF, Sum};
use super::space::Space;
use crate::disclose::engine::FEW;
use crate::disclose::engine::cube::Name;
use crate::disclose::engine::implied::Implied;
use crate::disclose::engine::primary::Tells;
use crate::disclose::engine::rounding::BASE;
use crate::disclose::engine::vocabulary::Vocabulary;

/// What the attacker knows beside what was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Nothing.
    Neutral,
    /// Which hidden cells are too few.
    Pessimistic,
}

/// What must be possible.
#[derive(Debug, Clone, Copy)]
enum Aim {
    /// Nobody, and as many as are shown.
    Ambiguous { k: f64 },
    /// Nobody. Some of the hidden that are enough must be so, for whoever holds the mark for one of few.
    Nobody,
    /// Values so far apart.
    Wide(f64),
    /// As many as are shown, or nobody and five.
    NotFew { k: f64 },
}

/// A cell or a difference, what must be possible for it, and what was seen.
pub(super) struct Target {
    /// The cells it is about.
    pub(super) names: Vec<Name>,
    /// It in the unknowns.
    pub(super) sum: Sum,
    aim: Aim,
    low: f64,
    high: f64,
}

/// Everything that must be shown in a model. What is safe for who knows more is safe for who knows less.
pub(super) fn all(all: &All, known: (&Space, &Vocabulary), model: Model) -> Vec<Target> {
    let mut targets = Vec::new();
    for (name, released) in all {
        let Some(unknown) = known.0.place.get(name) else { continue };
        let aim = match (released.shown, model) {
            (None, Model::Neutral) if released.tells == Tells::Few => Aim::Ambiguous { k: released.k as f64 },
            (None, Model::Neutral) if released.tells == Tells::Nothing => Aim::Nobody,
            (None, Model::Pessimistic) if released.tells == Tells::Much => Aim::Wide(2.0 * BASE as f64),
            (None, Model::Pessimistic) => Aim::Wide(2.0),
            (Some(_), Model::Pessimistic) => Aim::Wide(4.0),
            (_, Model::Neutral) => continue,
        };
        targets.push(Target::new(vec![name.clone()], vec![(*unknown, 1.0)], aim));
    }
    if model == Model::Pessimistic {
        targets.extend(pairs(all, known));
    }
    targets
}

/// Shown cells less shown cells in them.
fn pairs(all: &All, (space, vocabulary): (&Space, &Vocabulary)) -> Vec<Target> {
    let (mut targets, implied) = (Vec::new(), Implied::of(vocabulary));
    for (inner, released) in all {
        let (true, Some(one)) = (released.shown.is_some(), space.place.get(inner)) else { continue };
        for outer in implied.above(vocabulary, inner) {
            let is_shown = all.get(&outer).is_some_and(|outer| outer.shown.is_some());
            let Some(other) = space.place.get(&outer).filter(|other| is_shown && *other != one) else { continue };
            // What is truly far apart is its own witness.
            if space.truth[*other].saturating_sub(space.truth[*one]) < released.k {
                let names = vec![inner.clone(), outer];
                let aim = Aim::NotFew { k: released.k as f64 };
                targets.push(Target::new(names, vec![(*other, 1.0), (*one, -1.0)], aim));
            }
        }
    }
    targets
}

impl Target {
    fn new(names: Vec<Name>, sum: Sum, aim: Aim) -> Self {
        Self { names, sum, aim, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }

    /// Takes what a witness says of it.
    pub(super) fn see(&mut self, witness: &[f64]) {
        let value: f64 = self.sum.iter().map(|(place, factor)| witness[*place] * factor).sum();
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// Whether the witnesses prove it.
    pub(super) fn is_safe(&self) -> bool {
        match self.aim {
            Aim::Ambiguous { k } => self.low <= OFF && self.high >= k - OFF,
            Aim::Nobody => self.low <= OFF,
            Aim::Wide(width) => self.high - self.low >= width - OFF,
            Aim::NotFew { k } => self.high >= k - OFF || (self.low <= OFF && self.high >= FEW as f64 - OFF),
        }
    }

    /// Whether it need not be safe by itself: so many of its kind must be.
    pub(super) fn is_company(&self) -> bool {
        matches!(self.aim, Aim::Nobody)
    }

    /// The way to what is missing: 1 to make it small, -1 to make it large.
    pub(super) fn missing(&self, coin: bool) -> f64 {
        match self.aim {
            Aim::Ambiguous { .. } if self.low > OFF && coin => 1.0,
            Aim::Ambiguous { k } if self.high >= k - OFF => 1.0,
            Aim::Ambiguous { .. } | Aim::NotFew { .. } => -1.0,
            Aim::Nobody => 1.0,
            Aim::Wide(_) => {
                if coin {
                    1.0
                } else {
                    -1.0
                }
            }
        }
    }
}
