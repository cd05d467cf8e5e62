//! What an attacker can write down: every released cell of a cut as a sum of unknowns, all tables together.
//!
//! Promises: all tables released from a cut are held against each other, also where they cross different dimensions; a cell that
//! everybody knows to be empty is no unknown. The unknowns are the finest cells of crossings that hang together as a tree (`crossings`),
//! each as large as the next in what they share: such figures always are those of one whole crossing of everything (Lauritzen 1996,
//! proposition 3.7 on decomposable models), so nothing that an attacker can conclude is lost, while the whole crossing need not be
//! written down.

use std::collections::BTreeMap;

use super::crossings::{self, Crossing, Tree};
use super::program::Sum;
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::tally::Facts;
use crate::disclose::engine::vocabulary::Vocabulary;

/// More finest cells than this are not audited together.
const MOST_FINEST: usize = 40_000;

/// The unknowns, and the released cells in them.
pub(super) struct Space {
    /// Sums that are zero: a cell and its parts, and what two crossings share.
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
        let Tree { crossings, edges } = crossings::tree(vocabulary, names, MOST_FINEST)?;
        let cubes: Vec<Cube<'_>> = crossings.iter().map(|crossing| Cube::new(vocabulary, crossing)).collect();
        let mut unknowns = Unknowns::default();
        let mut filled: Vec<Filling<'_>> = cubes.iter().map(|cube| Filling::new(vocabulary, cube, facts)).collect();
        let mut place = BTreeMap::new();
        for name in names {
            let found = filled.iter_mut().find_map(|one| Some((one.cube.find(name)?, one)));
            if let Some(unknown) = found.and_then(|(cell, one)| one.unknown(cell, &mut unknowns)) {
                place.insert(name.clone(), unknown);
            }
        }
        for (one, other, shared) in edges {
            for name in finest(vocabulary, &shared) {
                let mut of = |place: usize| {
                    let cell = filled[place].cube.find(&name)?;
                    filled[place].unknown(cell, &mut unknowns)
                };
                let sides: Vec<usize> = [of(one), of(other)].into_iter().flatten().collect();
                // Where one side knows that nobody is there, so does the other.
                let tie: Sum = sides.into_iter().zip([1.0, -1.0]).collect();
                if !tie.is_empty() {
                    unknowns.ties.push(tie);
                }
            }
        }
        Some(Self { ties: unknowns.ties, size: unknowns.truth.len(), place, truth: unknowns.truth })
    }
}

/// The finest cells of a crossing.
fn finest(vocabulary: &Vocabulary, crossing: &Crossing) -> Vec<Name> {
    let cube = Cube::new(vocabulary, crossing);
    (0..cube.size()).filter(|cell| cube.is_finest(*cell)).map(|cell| cube.name(cell)).collect()
}

/// All unknowns so far.
#[derive(Default)]
struct Unknowns {
    ties: Vec<Sum>,
    truth: Vec<u64>,
    /// The unknown that is the sum of others: cells of the same persons, whatever they are called, are one unknown.
    sums: BTreeMap<Vec<usize>, usize>,
}

/// The unknowns of one crossing while they are being found.
struct Filling<'a> {
    vocabulary: &'a Vocabulary,
    cube: &'a Cube<'a>,
    finest: Vec<u64>,
    parts: BTreeMap<usize, Vec<usize>>,
    known: BTreeMap<usize, Option<usize>>,
}

impl<'a> Filling<'a> {
    fn new(vocabulary: &'a Vocabulary, cube: &'a Cube<'a>, facts: &Facts) -> Self {
        // One way down to the finest cells is enough: all ways add up the same.
        let parts = cube.groups().into_iter().map(|group| (group.sum, group.parts)).collect();
        let finest = facts.finest(cube);
        Self { vocabulary, cube, finest, parts, known: BTreeMap::new() }
    }

    /// The unknown of a cell; nothing where everybody knows that it is empty.
    fn unknown(&mut self, cell: usize, unknowns: &mut Unknowns) -> Option<usize> {
        if let Some(known) = self.known.get(&cell) {
            return *known;
        }
        let unknown = self.made(cell, unknowns);
        self.known.insert(cell, unknown);
        unknown
    }

    fn made(&mut self, cell: usize, unknowns: &mut Unknowns) -> Option<usize> {
        let Some(parts) = self.parts.get(&cell).cloned() else {
            if self.vocabulary.void(&self.cube.name(cell)).is_some() {
                return None;
            }
            unknowns.truth.push(self.finest[cell]);
            return Some(unknowns.truth.len() - 1);
        };
        let mut parts: Vec<usize> = parts.into_iter().filter_map(|part| self.unknown(part, unknowns)).collect();
        parts.sort_unstable();
        match parts[..] {
            [] => None,
            [part] => Some(part),
            _ if unknowns.sums.contains_key(&parts) => unknowns.sums.get(&parts).copied(),
            _ => {
                unknowns.truth.push(parts.iter().map(|part| unknowns.truth[*part]).sum());
                let whole = unknowns.truth.len() - 1;
                unknowns.sums.insert(parts.clone(), whole);
                unknowns.ties.push(parts.into_iter().map(|part| (part, -1.0)).chain([(whole, 1.0)]).collect());
                Some(whole)
            }
        }
    }
}
