//! What the solver answers: whether a sum can be so small or so large, and between what numbers it lies.
//!
//! Promises: every point that it gives keeps all that was told, checked again here; where it comes to no answer that is said.
//! Must not know: what a sum stands for.

use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Solution, SolveOptions, Variable};

use super::space::Sum;
use crate::crowd::draw::Draw;

/// What a point may be off by, in persons.
const OFF: f64 = 1e-5;
/// Parts of a tree of whole numbers that are looked at before no answer is given.
const NODES: u64 = 400;

/// What is known of the unknowns.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    /// No unknown is more than this.
    pub(super) most: f64,
    /// How many unknowns there are.
    pub(super) size: usize,
    /// Sums with the least and the most that they are.
    pub(super) rows: Vec<(Sum, f64, f64)>,
}

/// A way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// At most so many.
    Down,
    /// At least so many.
    Up,
}

/// Whether something can be.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// So.
    Point(Vec<f64>),
    /// It cannot.
    Never,
    /// The solver does not know.
    Open,
}

/// A program with a point of it to go on from.
pub(super) struct Solver<'p> {
    program: &'p Program,
    variables: Vec<Variable>,
    start: Solution,
    /// Questions so far.
    pub(super) asked: usize,
}

impl<'p> Solver<'p> {
    /// A solver of a program; nothing where no point of it is found.
    pub(super) fn new(program: &'p Program) -> Option<Self> {
        let (problem, variables) = program.problem(OptimizationDirection::Minimize, &Sum::new(), false);
        let start = problem.solve().ok()?.into_solution().ok()?;
        Some(Self { program, variables, start, asked: 0 })
    }

    /// The first point.
    pub(super) fn first(&self) -> Vec<f64> {
        self.point(&self.start)
    }

    /// Whether a sum can be so small or so large.
    pub(super) fn ask(&mut self, sum: &Sum, way: Way, bound: f64) -> Answer {
        self.asked += 1;
        let solved = self.start.clone().add_constraint(self.expression(sum), way.compared(), bound);
        match solved.map(microlp::SolveOutcome::into_solution) {
            Ok(Ok(solution)) => self.checked(self.point(&solution)),
            Err(Error::Infeasible) => Answer::Never,
            _ => Answer::Open,
        }
    }

    /// The least or the most that a sum can be; nothing where the solver does not know.
    pub(super) fn end(&mut self, sum: &Sum, way: Way) -> Option<f64> {
        self.asked += 1;
        let (problem, _) = self.program.problem(way.direction(), sum, false);
        Some(problem.solve().ok()?.into_solution().ok()?.objective())
    }

    /// A point that makes these sums small or large together, each as much as a lot says.
    pub(super) fn by_lot<'s>(
        &mut self,
        sums: impl Iterator<Item = &'s Sum>,
        way: Way,
        draw: &mut Draw,
    ) -> Option<Vec<f64>> {
        self.asked += 1;
        let weighed = |sum: &'s Sum| {
            let weight = draw.share() - 0.2;
            sum.iter().map(move |(unknown, factor)| (*unknown, factor * weight))
        };
        let aim: Sum = sums.flat_map(weighed).collect();
        let (problem, variables) = self.program.problem(way.direction(), &aim, false);
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let point = variables.iter().map(|variable| solution.var_value(*variable)).collect();
        match self.checked(point) {
            Answer::Point(point) => Some(point),
            Answer::Never | Answer::Open => None,
        }
    }

    /// The same question where all unknowns are whole persons.
    pub(super) fn ask_whole(&mut self, sum: &Sum, way: Way, bound: f64) -> Answer {
        self.asked += 1;
        let (mut problem, variables) = self.program.problem(OptimizationDirection::Minimize, &Sum::new(), true);
        let expression: LinearExpr = sum.iter().map(|(unknown, factor)| (variables[*unknown], *factor)).collect();
        problem.add_constraint(expression, way.compared(), bound);
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        options.dual_fixing = false;
        match problem.solve_with(options).map(microlp::SolveOutcome::into_solution) {
            Ok(Ok(solution)) => self.checked(self.point(&solution).into_iter().map(f64::round).collect()),
            Err(Error::Infeasible) => Answer::Never,
            _ => Answer::Open,
        }
    }

    fn expression(&self, sum: &Sum) -> LinearExpr {
        sum.iter().map(|(unknown, factor)| (self.variables[*unknown], *factor)).collect()
    }

    fn point(&self, solution: &Solution) -> Vec<f64> {
        self.variables.iter().map(|variable| solution.var_value(*variable)).collect()
    }

    fn checked(&self, point: Vec<f64>) -> Answer {
        if self.program.holds(&point) { Answer::Point(point) } else { Answer::Open }
    }
}

impl Way {
    fn direction(self) -> OptimizationDirection {
        match self {
            Self::Down => OptimizationDirection::Minimize,
            Self::Up => OptimizationDirection::Maximize,
        }
    }

    pub(super) fn compared(self) -> ComparisonOp {
        match self {
            Self::Down => ComparisonOp::Le,
            Self::Up => ComparisonOp::Ge,
        }
    }
}

/// What a sum comes to in a point.
pub(super) fn value(sum: &Sum, point: &[f64]) -> f64 {
    sum.iter().map(|(unknown, factor)| point[*unknown] * factor).sum()
}

impl Program {
    fn problem(&self, way: OptimizationDirection, aim: &Sum, are_whole: bool) -> (Problem, Vec<Variable>) {
        let mut problem = Problem::new(way);
        let mut weights = vec![0.0; self.size];
        for (unknown, factor) in aim {
            weights[*unknown] += factor;
        }
        let bounds = self.bounds();
        let variable = |(weight, (low, high)): (f64, (f64, f64))| {
            if are_whole {
                problem.add_integer_var(weight, (whole(low), whole(high)))
            } else {
                problem.add_var(weight, (low, high))
            }
        };
        let variables: Vec<Variable> = weights.into_iter().zip(bounds).map(variable).collect();
        for (sum, low, high) in self.rows.iter().filter(|(sum, ..)| !is_one(sum)) {
            let parts = sum.iter().map(|(unknown, factor)| (variables[*unknown], *factor));
            if high - low < OFF {
                problem.add_constraint(parts.collect::<LinearExpr>(), ComparisonOp::Eq, *low);
            } else {
                let whole = problem.add_var(0.0, (*low, *high));
                problem.add_constraint(parts.chain([(whole, -1.0)]).collect::<LinearExpr>(), ComparisonOp::Eq, 0.0);
            }
        }
        (problem, variables)
    }

    /// Least and most of each unknown by itself.
    fn bounds(&self) -> Vec<(f64, f64)> {
        let mut bounds = vec![(0.0_f64, self.most); self.size];
        for (sum, low, high) in self.rows.iter().filter(|(sum, ..)| is_one(sum)) {
            let known = &mut bounds[sum[0].0];
            *known = (known.0.max(*low), known.1.min(*high));
        }
        bounds
    }

    /// Whether a point keeps all that is known.
    pub(super) fn holds(&self, point: &[f64]) -> bool {
        let row = |(sum, low, high): &(Sum, f64, f64)| {
            let value = value(sum, point);
            value >= low - OFF && value <= high + OFF
        };
        point.iter().all(|value| *value >= -OFF) && self.rows.iter().all(row)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounds are numbers of persons of one register")]
fn whole(bound: f64) -> i32 {
    bound.round() as i32
}

/// Whether a row is about one unknown, as it stands.
fn is_one(sum: &Sum) -> bool {
    matches!(sum[..], [(_, factor)] if (factor - 1.0).abs() < OFF)
}
