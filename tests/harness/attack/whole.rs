//! The attack in whole persons: what a solver of fractions leaves possible may not be possible for people.
//!
//! Promises: what is possible was shown by a point of whole numbers; what the solver did not come to within its bound is counted.

use super::found::{Found, Wanted};
use super::nearby;
use super::solver::{Answer, Program, Solver, Way, value};
use super::space::Sum;

/// Attacks cells in whole persons, from points that were found in fractions.
pub(super) fn attack(
    program: &Program,
    cells: &[(Sum, Wanted)],
    (truth, points): (&[f64], Vec<Vec<f64>>),
    found: &mut Found,
) {
    found.attacked += cells.len();
    let Some(solver) = Solver::new(program) else {
        found.open += cells.len();
        return;
    };
    let is_whole = |point: &Vec<f64>| point.iter().all(|value| (value - value.round()).abs() < 1e-6);
    let known = [truth.to_vec()].into_iter().chain(points.into_iter().filter(is_whole)).collect();
    let mut search = Search { program, solver, known };
    for (sum, wanted) in cells {
        match wanted {
            Wanted::Ambiguous(k) => {
                let ends = [search.reaches(sum, Way::Down, 0.0), search.reaches(sum, Way::Up, *k as f64)];
                found.known += usize::from(ends.contains(&Some(false)));
                found.open += usize::from(ends.contains(&None));
            }
            _ => match search.other(sum) {
                Some(true) => {}
                Some(false) => found.exact += 1,
                None => found.open += 1,
            },
        }
    }
}

/// A search for points of whole numbers.
struct Search<'p> {
    program: &'p Program,
    solver: Solver<'p>,
    /// Points that were found, the truth first: it only helps to find others.
    known: Vec<Vec<f64>>,
}

impl Search<'_> {
    /// Whether there is more than one number of persons that a cell can be.
    fn other(&mut self, sum: &Sum) -> Option<bool> {
        let values: Vec<f64> = self.known.iter().map(|point| value(sum, point).round()).collect();
        let ends = |(low, high): (f64, f64), value: &f64| (low.min(*value), high.max(*value));
        let (low, high) = values.iter().fold((f64::MAX, 0.0), ends);
        if high > low {
            return Some(true);
        }
        match self.reaches(sum, Way::Up, high + 1.0) {
            Some(false) => self.reaches(sum, Way::Down, low - 1.0),
            answer => answer,
        }
    }

    /// Whether a sum can be so small or so large in whole persons; nothing where that is not known.
    fn reaches(&mut self, sum: &Sum, way: Way, bound: f64) -> Option<bool> {
        let is_there = |point: &Vec<f64>| match way {
            Way::Down => value(sum, point) <= bound + 1e-3,
            Way::Up => value(sum, point) >= bound - 1e-3,
        };
        if self.known.iter().any(is_there) {
            return Some(true);
        }
        let near = nearby::nearest(self.program, &self.known[0], (sum, way, bound));
        let answer = near.map_or_else(|| self.solver.ask_whole(sum, way, bound), Answer::Point);
        match answer {
            Answer::Point(point) => {
                self.known.push(point);
                Some(true)
            }
            Answer::Never => Some(false),
            Answer::Open => None,
        }
    }
}

/// A number of persons that a sum came to.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of persons of one register")]
pub(super) fn persons(sum: f64) -> u64 {
    sum.round() as u64
}
