//! Somebody who has every table that left a register and a solver of their own: what they find of the cells that were kept back.
//!
//! Promises: knows the tables, the code lists, how figures are rounded and from how many persons they are shown, and nothing of how the
//! register audits; another solver than the register's, a simplex, and another way to write all tables down together. The same code
//! runs on a few registers in the tests and on all of them as a benchmark. It must not know a person but to judge what was found.

/// What the tables tell.
pub mod told;
/// Which tables must be written down together.
mod clique;
/// The unknowns behind all tables.
mod space;
/// What the solver answers.
mod solver;
/// What follows from sums alone.
mod narrowed;
/// All that was told of a register.
mod scene;
/// What is attacked, and what was found.
mod found;
/// Whole persons moved.
mod nearby;
/// The attack in whole persons.
mod whole;
/// One register, attacked.
pub mod register;
/// What is printed.
pub mod report;
/// What the tables still tell those who may read them.
pub mod utility;
