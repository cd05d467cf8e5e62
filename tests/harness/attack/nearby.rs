//! Whole persons moved: from one point of whole numbers to the nearest where a sum is small or large enough.
//!
//! Promises: a point that it gives is of whole numbers and keeps all that is known; where it gives none there may still be one.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

use super::solver::{Program, Way, value};
use super::space::Sum;

/// The nearest point to a whole one where a sum is so small or so large, if that one is whole.
pub(super) fn nearest(program: &Program, from: &[f64], (sum, way, bound): (&Sum, Way, f64)) -> Option<Vec<f64>> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let moves: Vec<[Variable; 2]> =
        from.iter().map(|own| [problem.add_var(1.0, (0.0, program.most)), problem.add_var(1.0, (0.0, *own))]).collect();
    let of_sum = |sum: &Sum| {
        let both = |(unknown, factor): &(usize, f64)| {
            let [more, fewer] = moves[*unknown];
            [(more, *factor), (fewer, -factor)]
        };
        sum.iter().flat_map(both).collect::<Vec<(Variable, f64)>>()
    };
    for (row, low, high) in &program.rows {
        let own = value(row, from);
        let (low, high) = (low - own, high - own);
        let whole = problem.add_var(0.0, (low, high));
        let tie = of_sum(row).into_iter().chain([(whole, -1.0)]);
        problem.add_constraint(tie.collect::<LinearExpr>(), ComparisonOp::Eq, 0.0);
    }
    problem.add_constraint(of_sum(sum).into_iter().collect::<LinearExpr>(), way.compared(), bound - value(sum, from));
    let solution = problem.solve().ok()?.into_solution().ok()?;
    let at = |(own, [more, fewer]): (&f64, &[Variable; 2])| {
        (own + solution.var_value(*more) - solution.var_value(*fewer)).round()
    };
    let point: Vec<f64> = from.iter().zip(&moves).map(at).collect();
    let is_there = match way {
        Way::Down => value(sum, &point) <= bound,
        Way::Up => value(sum, &point) >= bound,
    };
    // What was rounded to whole numbers is none where the solver's point was not near them.
    (is_there && program.holds(&point)).then_some(point)
}
