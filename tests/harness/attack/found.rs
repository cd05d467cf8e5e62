//! What is attacked, and what was found of it.
//!
//! Promises: what is called safe was shown by points that keep all that was told; what is called found was shown by the solver to have
//! no other point; whatever is neither is counted as open.

use super::solver::{Answer, Program, Solver, Way, value};
use super::space::Sum;
use crate::crowd::draw::Draw;

/// How near a bound counts as reached, in persons.
const NEAR: f64 = 0.01;
/// Points in ways by lot, before anything is asked for by itself.
const LOTS: usize = 6;

/// What must be possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// Nobody, and so many as are shown.
    Ambiguous(u64),
    /// Whole numbers so far apart.
    Wide(f64),
    /// Nobody or fewer, or so many as are shown.
    NotFew(u64),
}

/// A cell, or a cell less another in it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) sum: Sum,
    pub(super) wanted: Wanted,
    low: f64,
    high: f64,
}

/// What an attack on some targets came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Targets.
    pub attacked: usize,
    /// Known exactly.
    pub exact: usize,
    /// Known too well: what must be possible is not.
    pub known: usize,
    /// The solver came to no answer.
    pub open: usize,
}

impl Target {
    pub(super) fn new(sum: Sum, wanted: Wanted) -> Self {
        Self { sum, wanted, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }

    fn see(&mut self, point: &[f64]) {
        let value = value(&self.sum, point);
        (self.low, self.high) = (self.low.min(value), self.high.max(value));
    }

    /// The least and the most whole number that was seen to be possible.
    fn whole(&self) -> (f64, f64) {
        ((self.low - NEAR).ceil(), (self.high + NEAR).floor())
    }

    pub(super) fn is_safe(&self) -> bool {
        let (low, high) = self.whole();
        match self.wanted {
            Wanted::Ambiguous(k) => low <= 0.0 && high >= k as f64,
            Wanted::Wide(width) => high - low >= width,
            Wanted::NotFew(k) => low <= 0.0 || high >= k as f64,
        }
    }

    /// What would show it to be safe, in turn.
    fn question(&self, turn: usize) -> Option<(Way, f64)> {
        let (low, high) = self.whole();
        match (self.wanted, turn) {
            (Wanted::Ambiguous(_) | Wanted::NotFew(_), 0) => Some((Way::Down, 0.0)),
            (Wanted::Ambiguous(k) | Wanted::NotFew(k), 1) => Some((Way::Up, k as f64)),
            (Wanted::Wide(width), 0) => Some((Way::Up, low + width)),
            (Wanted::Wide(width), 1) => Some((Way::Down, high - width)),
            _ => None,
        }
    }
}

/// Attacks all targets; points found for one are points for all. Gives the points.
pub(super) fn attack(program: &Program, targets: &mut [Target], found: &mut Found) -> Vec<Vec<f64>> {
    found.attacked += targets.len();
    let Some(mut solver) = Solver::new(program) else {
        found.open += targets.len();
        return Vec::new();
    };
    let mut points = vec![solver.first()];
    see(targets, &points[0]);
    let mut draw = Draw::new(program.size as u64);
    for turn in 0..LOTS {
        let way = if turn % 2 == 0 { Way::Down } else { Way::Up };
        if let Some(point) = solver.by_lot(targets.iter().map(|target| &target.sum), way, &mut draw) {
            see(targets, &point);
            points.push(point);
        }
    }
    for place in 0..targets.len() {
        for turn in 0..2 {
            if targets[place].is_safe() {
                break;
            }
            let Some((way, bound)) = targets[place].question(turn) else { break };
            let sum = targets[place].sum.clone();
            if let Answer::Point(point) = solver.ask(&sum, way, bound) {
                see(targets, &point);
                points.push(point);
            }
        }
        if !targets[place].is_safe() {
            ends(&mut solver, &mut targets[place], found);
        }
    }
    points
}

/// Takes what a point says of all targets.
fn see(targets: &mut [Target], point: &[f64]) {
    for target in targets {
        target.see(point);
    }
}

/// Looks at both ends of a target that nothing has shown to be safe.
fn ends(solver: &mut Solver<'_>, target: &mut Target, found: &mut Found) {
    let (Some(low), Some(high)) = (solver.end(&target.sum, Way::Down), solver.end(&target.sum, Way::Up)) else {
        found.open += 1;
        return;
    };
    (target.low, target.high) = (low, high);
    let (low, high) = target.whole();
    found.known += usize::from(!target.is_safe());
    found.exact += usize::from(high - low < 0.5);
}
