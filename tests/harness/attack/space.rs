//! The unknowns behind all tables: how many persons there are in each finest cell of each crossing.
//!
//! Promises: every released cell is a sum of unknowns; neighbouring crossings agree on what they share.

use std::collections::BTreeMap;

use super::clique::{self, Clique, Crossing};
use super::told::{All, Name};
use crate::crowd::dimension::Dimension;

/// Unknowns with factors.
pub(super) type Sum = Vec<(usize, f64)>;

/// All unknowns.
pub(super) struct Space {
    /// Sums that are zero.
    pub(super) ties: Vec<Sum>,
    /// What the unknowns are in truth, to judge what was found.
    pub(super) truth: Vec<f64>,
    /// Each released cell.
    pub(super) sums: BTreeMap<Name, Vec<usize>>,
}

/// The finest cells of one crossing.
struct Block<'d> {
    dimensions: &'d [Dimension],
    crossing: Crossing,
    first: usize,
}

impl Space {
    /// The space of what was told of these persons.
    pub(super) fn new(dimensions: &[Dimension], told: &All, persons: &[Vec<usize>]) -> Self {
        let depth = |(dimension, code): &(usize, usize)| (*dimension, dimensions[*dimension].codes[*code].depth);
        let mut tables: Vec<Crossing> = told.keys().map(|name| name.iter().map(depth).collect()).collect();
        tables.sort();
        tables.dedup();
        let cliques = clique::cliques(dimensions, &tables);
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut truth = Vec::new();
        for clique in &cliques {
            let block = Block { dimensions, crossing: clique.crossing.clone(), first: truth.len() };
            truth.extend(block.counts(persons));
            blocks.push(block);
        }
        let ties = cliques.iter().enumerate().flat_map(|(place, clique)| ties(&blocks, place, clique)).collect();
        let sum = |name: &Name| {
            let block = blocks.iter().filter(|block| block.has(name)).min_by_key(|block| block.size());
            (name.clone(), block.map_or_else(Vec::new, |block| block.cells(name)))
        };
        Self { ties, sums: told.keys().map(sum).collect(), truth }
    }

    /// A cell in the unknowns.
    pub(super) fn sum(&self, name: &Name) -> Sum {
        self.sums[name].iter().map(|unknown| (*unknown, 1.0)).collect()
    }

    /// Persons in a cell, in truth.
    pub(super) fn persons(&self, name: &Name) -> f64 {
        self.sums[name].iter().map(|unknown| self.truth[*unknown]).sum()
    }
}

/// What a crossing and the one it hangs on have to agree on.
fn ties(blocks: &[Block<'_>], place: usize, clique: &Clique) -> Vec<Sum> {
    let Some(above) = clique.above else { return Vec::new() };
    let (one, other) = (&blocks[place], &blocks[above]);
    let shared: Crossing = { one.crossing.iter() }
        .filter_map(|(dimension, depth)| Some((*dimension, *other.crossing.get(dimension)?.min(depth))))
        .collect();
    let tie = |name: Name| {
        let side =
            |block: &Block<'_>, factor: f64| block.cells(&name).into_iter().map(move |unknown| (unknown, factor));
        side(one, 1.0).chain(side(other, -1.0)).collect()
    };
    Block { dimensions: one.dimensions, crossing: shared, first: 0 }.names().into_iter().map(tie).collect()
}

impl Block<'_> {
    fn size(&self) -> usize {
        self.crossing.iter().map(|(dimension, depth)| self.dimensions[*dimension].on(*depth).count()).product()
    }

    /// Whether a cell is a sum of cells of this crossing.
    fn has(&self, name: &Name) -> bool {
        let is_here = |(dimension, code): &(usize, usize)| {
            self.crossing.get(dimension).is_some_and(|depth| *depth >= self.dimensions[*dimension].codes[*code].depth)
        };
        name.iter().all(is_here)
    }

    /// The names of all finest cells, in the order of their unknowns.
    fn names(&self) -> Vec<Name> {
        self.crossing.iter().fold(vec![Name::new()], |names, (dimension, depth)| {
            let codes: Vec<usize> = self.dimensions[*dimension].on(*depth).collect();
            let narrowed = |name: &Name| -> Vec<Name> {
                codes.iter().map(|code| [name.as_slice(), &[(*dimension, *code)]].concat()).collect()
            };
            names.iter().flat_map(narrowed).collect()
        })
    }

    /// The unknowns that add up to a cell.
    fn cells(&self, name: &Name) -> Vec<usize> {
        let mut cells = vec![0];
        for (dimension, depth) in &self.crossing {
            let known = &self.dimensions[*dimension];
            let own = name.iter().find(|(other, _)| other == dimension).map(|(_, code)| *code);
            let is_in = |code: usize| own.is_none_or(|own| known.at(code, known.codes[own].depth) == own);
            let codes: Vec<usize> = known.on(*depth).collect();
            let places: Vec<usize> = (0..codes.len()).filter(|place| is_in(codes[*place])).collect();
            let narrowed = |cell: usize| places.iter().map(move |place| (cell, *place));
            cells = cells.into_iter().flat_map(narrowed).map(|(cell, place)| cell * codes.len() + place).collect();
        }
        cells.into_iter().map(|cell| self.first + cell).collect()
    }

    /// Persons in each finest cell.
    fn counts(&self, persons: &[Vec<usize>]) -> Vec<f64> {
        let axes: Vec<(usize, Vec<usize>, usize)> = { self.crossing.iter() }
            .map(|(dimension, depth)| {
                let known = &self.dimensions[*dimension];
                let codes: Vec<usize> = known.on(*depth).collect();
                let place = |code| codes.iter().position(|on| *on == known.at(code, *depth)).unwrap_or(0);
                (*dimension, (0..known.codes.len()).map(place).collect(), codes.len())
            })
            .collect();
        let mut counts = vec![0.0; self.size()];
        for codes in persons {
            let cell = axes.iter().fold(0, |cell, (dimension, places, size)| cell * size + places[codes[*dimension]]);
            counts[cell] += 1.0;
        }
        counts
    }
}
