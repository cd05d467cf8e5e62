//! What the audit must show of a cell, or of two, and how far its witnesses have come.
//!
//! Promises: a target is safe once witnesses prove it, and stays so.

use std::collections::BTreeMap;

use super::All;
use super::program::{OFF, Sum};
use crate::disclose::engine::cube::Name;
use crate::disclose::engine::rounding::BASE;

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
    /// Nobody, or as many as are shown.
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
pub(super) fn all(all: &All, place: &BTreeMap<Name, usize>, model: Model) -> Vec<Target> {
    let mut targets = Vec::new();
    for (name, released) in all {
        let Some(unknown) = place.get(name) else { continue };
        let aim = match (released.shown, model) {
            (None, Model::Neutral) if released.is_few => Aim::Ambiguous { k: released.k as f64 },
            (None, Model::Neutral) => Aim::Nobody,
            (None, Model::Pessimistic) => Aim::Wide(2.0),
            (Some(_), Model::Pessimistic) => Aim::Wide(4.0),
            (Some(_), Model::Neutral) => continue,
        };
        targets.push(Target::new(vec![name.clone()], vec![(*unknown, 1.0)], aim));
    }
    if model == Model::Pessimistic {
        targets.extend(pairs(all, place));
    }
    targets
}

/// Shown cells less shown cells in them. Pairs whose figures alone leave room are left out.
fn pairs(all: &All, place: &BTreeMap<Name, usize>) -> Vec<Target> {
    let shown: Vec<_> = all.iter().filter_map(|(name, released)| Some((name, released.shown?, released.k))).collect();
    let mut targets = Vec::new();
    for (inner, (low, _), k) in &shown {
        for (outer, (_, high), _) in shown.iter().filter(|(outer, ..)| outer.len() < inner.len()) {
            let is_in = outer.iter().all(|narrowed| inner.contains(narrowed));
            // What is certainly far apart needs no witness.
            let (Some(one), Some(other)) = (place.get(*outer), place.get(*inner)) else { continue };
            if is_in && one != other && *high < low + k + 4 * BASE {
                let names = vec![(*inner).clone(), (*outer).clone()];
                targets.push(Target::new(names, vec![(*one, 1.0), (*other, -1.0)], Aim::NotFew { k: *k as f64 }));
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
            Aim::NotFew { k } => self.low <= OFF || self.high >= k - OFF,
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
            Aim::Ambiguous { .. } => -1.0,
            Aim::Nobody => 1.0,
            Aim::Wide(_) | Aim::NotFew { .. } => {
                if coin {
                    1.0
                } else {
                    -1.0
                }
            }
        }
    }
}
