//! What an attacker can write down: every released cell of a cut as a sum of the finest cells of all tables together.
//!
//! Promises: all tables released from a cut are held against each other, also where they cross different dimensions; a cell that
//! everybody knows to be empty is no unknown.

use std::collections::BTreeMap;

use super::program::Sum;
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::tally::Facts;
use crate::disclose::engine::vocabulary::Vocabulary;

/// More finest cells than this are not audited together.
const MOST_FINEST: usize = 20_000;

/// The unknowns, and the released cells in them.
pub(super) struct Space {
    /// Sums that are zero: a cell and its parts.
    pub(super) ties: Vec<Sum>,
    /// How many unknowns there are.
    pub(super) size: usize,
    /// The unknown of a released cell.
    pub(super) place: BTreeMap<Name, usize>,
    /// What the unknowns are in truth.
    pub(super) truth: Vec<u64>,
}

impl Space {
    /// The space of these cells; nothing where it is too wide.
    pub(super) fn new(vocabulary: &Vocabulary, names: &[Name], facts: &Facts) -> Option<Self> {
        let mut crossed: BTreeMap<usize, usize> = BTreeMap::new();
        for (dimension, node) in names.iter().flatten() {
            let depth = crossed.entry(*dimension).or_default();
            *depth = vocabulary.dimensions[*dimension].nodes[*node].depth.max(*depth);
        }
        let crossed: Vec<(usize, usize)> = crossed.into_iter().collect();
        let cube = Cube::new(vocabulary, &crossed);
        let finest = (0..cube.size()).filter(|cell| cube.is_finest(*cell)).count();
        if finest > MOST_FINEST {
            return None;
        }
        let mut filled = Filling::new(vocabulary, &cube, facts);
        let place = names.iter().filter_map(|name| Some((name.clone(), filled.unknown(cube.find(name)?)?))).collect();
        Some(Self { ties: filled.ties, size: filled.truth.len(), place, truth: filled.truth })
    }
}

/// The unknowns while they are being found.
struct Filling<'a> {
    vocabulary: &'a Vocabulary,
    cube: &'a Cube<'a>,
    finest: Vec<u64>,
    parts: BTreeMap<usize, Vec<usize>>,
    known: BTreeMap<usize, Option<usize>>,
    ties: Vec<Sum>,
    truth: Vec<u64>,
}

impl<'a> Filling<'a> {
    fn new(vocabulary: &'a Vocabulary, cube: &'a Cube<'a>, facts: &Facts) -> Self {
        // One way down to the finest cells is enough: all ways add up the same.
        let parts = cube.groups().into_iter().map(|group| (group.sum, group.parts)).collect();
        let finest = facts.finest(cube);
        Self { vocabulary, cube, finest, parts, known: BTreeMap::new(), ties: Vec::new(), truth: Vec::new() }
    }

    /// The unknown of a cell; nothing where everybody knows that it is empty.
    fn unknown(&mut self, cell: usize) -> Option<usize> {
        if let Some(known) = self.known.get(&cell) {
            return *known;
        }
        let unknown = self.made(cell);
        self.known.insert(cell, unknown);
        unknown
    }

    fn made(&mut self, cell: usize) -> Option<usize> {
        let Some(parts) = self.parts.get(&cell).cloned() else {
            let name = self.cube.name(cell);
            if self.vocabulary.is_impossible(&name) || self.vocabulary.is_silent(&name) {
                return None;
            }
            self.truth.push(self.finest[cell]);
            return Some(self.truth.len() - 1);
        };
        let parts: Vec<usize> = parts.into_iter().filter_map(|part| self.unknown(part)).collect();
        match parts[..] {
            [] => None,
            [part] => Some(part),
            _ => {
                self.truth.push(parts.iter().map(|part| self.truth[*part]).sum());
                let whole = self.truth.len() - 1;
                self.ties.push(parts.into_iter().map(|part| (part, -1.0)).chain([(whole, 1.0)]).collect());
                Some(whole)
            }
        }
    }
}
