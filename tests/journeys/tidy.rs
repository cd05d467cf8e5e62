//! The house rules, read from the files of the tree itself.
//!
//! Promises: each rule is a named test that also finds a planted fault, so that none can go blind; only files are read and only cargo
//! is asked, nothing is built. Must not know what the programs do.

/// The files of the tree.
mod tree;
/// Rust text told apart: code, literals, tests.
mod source;
/// How large files and functions are, and how they begin.
mod shape;
/// Words that do not stand in the tree.
mod words;
/// Where SQL stands.
mod sql;
/// Who may name whom among the packages.
mod direction;
/// Stages in the order of the flow, and no circles between modules.
mod flow;
/// Paths that leave the tree.
mod outside;
/// Identity numbers that are not published test numbers.
mod identity;
/// Licences, and packages that must not be linked.
mod supply;
/// Programs that tests start.
mod programs;
/// The table of promises.
mod promises;
