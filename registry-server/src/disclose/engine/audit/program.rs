//! One linear program over cells: bounds, sums, and something to make small.
//!
//! Promises: the same program gives the same answer, bit for bit; nothing where no answer was reached.
//! Must not know: what a cell is.

use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT::{NonnegativeConeT, ZeroConeT};
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver as _};

/// What an answer may be off by, in persons.
pub(in crate::disclose::engine) const OFF: f64 = 1e-3;

/// How near the best a solver must come: nearer would prove nothing more.
const NEAR: f64 = 1e-4;

/// A sum of numbered values with factors.
pub(super) type Sum = Vec<(usize, f64)>;

/// Values with bounds, tied together by sums that are zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    /// Least and most of each value.
    pub(super) bounds: Vec<(f64, f64)>,
    /// Sums that are zero.
    pub(super) ties: Vec<Sum>,
}

impl Program {
    /// Values within all bounds and near those that make the sum as small as can be, found from values that are within them.
    pub(super) fn least(&self, aim: &Sum, from: &[f64]) -> Option<Vec<f64>> {
        let (mut rows, mut columns, mut factors, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut row = |sum: &[(usize, f64)], most: f64| {
            for (value, factor) in sum {
                rows.push(right.len());
                columns.push(*value);
                factors.push(*factor);
            }
            right.push(most);
        };
        self.ties.iter().for_each(|tie| row(tie, 0.0));
        for (value, (low, high)) in self.bounds.iter().enumerate() {
            row(&[(value, -1.0)], from[value] - low);
            if high.is_finite() {
                row(&[(value, 1.0)], high - from[value]);
            }
        }
        let mut costs = vec![0.0; self.bounds.len()];
        for (value, factor) in aim {
            costs[*value] += factor;
        }
        let cones = [ZeroConeT(self.ties.len()), NonnegativeConeT(right.len() - self.ties.len())];
        let matrix = CscMatrix::new_from_triplets(right.len(), costs.len(), rows, columns, factors);
        let nothing = CscMatrix::zeros((costs.len(), costs.len()));
        let settings = DefaultSettings {
            verbose: false,
            max_threads: 1,
            tol_gap_abs: NEAR,
            tol_gap_rel: NEAR,
            ..DefaultSettings::default()
        };
        let mut solver = DefaultSolver::new(&nothing, &costs, &matrix, &right, &cones, settings).ok()?;
        solver.solve();
        // Whatever keeps the bounds is a witness, also where the solver did not come quite to the end.
        let found: Vec<f64> = solver.solution.x.iter().zip(from).map(|(step, from)| from + step).collect();
        self.holds(&found).then_some(found)
    }

    /// Whether these values keep all bounds and ties, but for what an answer may be off by.
    pub(super) fn holds(&self, values: &[f64]) -> bool {
        let is_within = |((low, high), value): (&(f64, f64), &f64)| *value >= low - OFF && *value <= high + OFF;
        let off = |tie: &Sum| tie.iter().map(|(place, factor)| values[*place] * factor).sum::<f64>().abs();
        self.bounds.iter().zip(values).all(is_within) && self.ties.iter().all(|tie| off(tie) <= OFF * tie.len() as f64)
    }
}
