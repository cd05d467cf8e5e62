//! The cells of a table: every crossing of its codes with all sums above them, and which cells add up to which.
//!
//! Promises: a cell has one name, its places by dimension without those that sum over all, whatever table it stands in.
//! Must not know: persons.

use crate::disclose::engine::vocabulary::Vocabulary;

/// A cell by the places that it is narrowed to: dimension and node, by dimension.
pub(super) type Name = Vec<(usize, usize)>;

/// A cell and those that add up to it along one dimension.
pub(super) struct Group {
    pub(super) sum: usize,
    pub(super) parts: Vec<usize>,
}

impl Group {
    /// The sum and its parts.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().copied().chain([self.sum])
    }

    pub(super) fn holds(&self, cell: usize) -> bool {
        self.sum == cell || self.parts.contains(&cell)
    }
}

struct Axis {
    dimension: usize,
    depth: usize,
    nodes: Vec<usize>,
    stride: usize,
}

/// All cells of a crossing, numbered from 0.
pub(super) struct Cube<'v> {
    vocabulary: &'v Vocabulary,
    axes: Vec<Axis>,
    size: usize,
}

impl<'v> Cube<'v> {
    /// The cells of dimensions at levels, given as dimension and depth.
    pub(super) fn new(vocabulary: &'v Vocabulary, crossed: &[(usize, usize)]) -> Self {
        let mut size = 1;
        let axes = crossed.iter().map(|(dimension, depth)| {
            let known = &vocabulary.dimensions[*dimension].nodes;
            let nodes: Vec<usize> = (0..known.len()).filter(|node| known[*node].depth <= *depth).collect();
            let stride = size;
            size *= nodes.len();
            Axis { dimension: *dimension, depth: *depth, nodes, stride }
        });
        let axes = axes.collect();
        Self { vocabulary, axes, size }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The node on each axis.
    pub(super) fn nodes(&self, cell: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.axes.iter().map(move |axis| (axis.dimension, axis.nodes[cell / axis.stride % axis.nodes.len()]))
    }

    pub(super) fn name(&self, cell: usize) -> Name {
        self.nodes(cell).filter(|(_, node)| *node > 0).collect()
    }

    /// A cell by the names of its dimensions and codes.
    pub(super) fn spelled(&self, cell: usize) -> Vec<u8> {
        self.vocabulary.spelled(&self.name(cell))
    }

    /// The cell of a name; nothing where the name is narrower than the table.
    pub(super) fn find(&self, name: &[(usize, usize)]) -> Option<usize> {
        let is_here = |(dimension, _): &(usize, usize)| self.axes.iter().any(|axis| axis.dimension == *dimension);
        if !name.iter().all(is_here) {
            return None;
        }
        self.axes.iter().try_fold(0, |cell, axis| {
            let node = name.iter().find(|(dimension, _)| *dimension == axis.dimension).map_or(0, |(_, node)| *node);
            Some(cell + axis.nodes.iter().position(|known| *known == node)? * axis.stride)
        })
    }

    /// Whether no sum over parts: on the finest level of each axis.
    pub(super) fn is_finest(&self, cell: usize) -> bool {
        let depths = self.nodes(cell).map(|(dimension, node)| self.vocabulary.dimensions[dimension].nodes[node].depth);
        depths.zip(&self.axes).all(|(depth, axis)| depth == axis.depth)
    }

    /// Every cell that holds another, the cell itself first.
    pub(super) fn above(&self, cell: usize) -> Vec<usize> {
        let mut all = vec![cell];
        for axis in &self.axes {
            let at = cell / axis.stride % axis.nodes.len();
            let mut up = Vec::new();
            let mut node = axis.nodes[at];
            while node > 0 {
                node = self.vocabulary.dimensions[axis.dimension].nodes[node].parent;
                // The nodes of an axis are sorted.
                if let Ok(place) = axis.nodes.binary_search(&node) {
                    up.extend(all.iter().map(|cell| cell - (at - place) * axis.stride));
                }
            }
            all.extend(up);
        }
        all
    }

    /// Every sum along one dimension.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        for axis in &self.axes {
            let known = &self.vocabulary.dimensions[axis.dimension].nodes;
            for sum in 0..self.size {
                let at = sum / axis.stride % axis.nodes.len();
                let parts: Vec<usize> = (1..axis.nodes.len())
                    .filter(|place| known[axis.nodes[*place]].parent == axis.nodes[at])
                    .map(|place| sum + (place - at) * axis.stride)
                    .collect();
                if !parts.is_empty() {
                    groups.push(Group { sum, parts });
                }
            }
        }
        groups
    }

    /// The finest cell of a contributor with these codes by dimension.
    pub(super) fn place(&self, codes: &[usize]) -> usize {
        let place = |axis: &Axis| {
            let node = self.vocabulary.dimensions[axis.dimension].at(codes[axis.dimension], axis.depth);
            axis.nodes.binary_search(&node).unwrap_or(0) * axis.stride
        };
        self.axes.iter().map(place).sum()
    }
}
