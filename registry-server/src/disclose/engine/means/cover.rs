//! Printed cells that together are as much of another cell as can be, by each way in which cells add up.
//!
//! Promises: the parts of a cover are disjoint; of several ways down from a cell that is not printed the one that leaves fewest persons out.
//! Must not know: scores, what is hidden for whom.

use super::hiding::Field;
use crate::disclose::engine::cube::{Cube, Name};

/// The cells of a cube, and of each the ways in which those of pairs add up.
pub(super) struct Tree<'a> {
    cube: Cube<'a>,
    names: Vec<Name>,
    ways: Vec<Vec<Vec<usize>>>,
}

/// Sets with means in a cell that are disjoint, and who is in none of them.
#[derive(Clone, Default)]
pub(super) struct Cover {
    pub(super) parts: Vec<Name>,
    pub(super) left: u64,
    pub(super) is_whole: bool,
}

/// The covers of a field's cells by what is printed in it now, each found once.
pub(super) struct Covers<'f> {
    field: &'f Field<'f>,
    tree: &'f Tree<'f>,
    known: Vec<Option<Cover>>,
}

impl<'a> Tree<'a> {
    /// The tree of a cube with a place, as dimension and node, that those of pairs stand at.
    pub(super) fn new(cube: Cube<'a>, pairs: (usize, usize)) -> Self {
        let names: Vec<Name> = (0..cube.size()).map(|cell| cube.name(cell)).collect();
        let mut ways: Vec<Vec<Vec<usize>>> = vec![Vec::new(); cube.size()];
        for group in cube.groups().into_iter().filter(|group| names[group.sum].contains(&pairs)) {
            ways[group.sum].push(group.parts);
        }
        Self { cube, names, ways }
    }
}

impl<'f> Covers<'f> {
    /// Nothing found yet.
    pub(super) fn new(field: &'f Field<'f>, tree: &'f Tree<'f>) -> Self {
        Self { field, tree, known: vec![None; tree.names.len()] }
    }

    /// Each printed cell with the printed cells in it that leave fewest out, by each way of adding up.
    pub(super) fn all(mut self) -> Vec<(Name, Cover)> {
        let (tree, field) = (self.tree, self.field);
        let mut found = Vec::new();
        for (cell, name) in tree.names.iter().enumerate().filter(|(_, name)| field.printed.contains_key(*name)) {
            for parts in &tree.ways[cell] {
                let cover = self.together(parts);
                found.push((name.clone(), cover));
            }
        }
        found
    }

    /// Printed cells that together are as much of a cell as can be; nothing where the tree does not have it.
    pub(super) fn of(&mut self, name: &Name) -> Option<Vec<Name>> {
        let cell = self.tree.cube.find(name)?;
        Some(self.cover(cell).parts).filter(|parts| !parts.is_empty())
    }

    fn together(&mut self, parts: &[usize]) -> Cover {
        let mut all = Cover { is_whole: true, ..Cover::default() };
        for part in parts {
            let cover = self.cover(*part);
            all.parts.extend(cover.parts);
            all.left += cover.left;
            all.is_whole &= cover.is_whole;
        }
        all
    }

    fn cover(&mut self, cell: usize) -> Cover {
        if let Some(cover) = &self.known[cell] {
            return cover.clone();
        }
        let (tree, field) = (self.tree, self.field);
        let name = &tree.names[cell];
        let cover = if field.printed.contains_key(name) {
            Cover { parts: vec![name.clone()], left: 0, is_whole: true }
        } else {
            let ways: Vec<Cover> = tree.ways[cell].iter().map(|parts| self.together(parts)).collect();
            let best = ways.into_iter().filter(|cover| !cover.parts.is_empty()).min_by_key(|cover| cover.left);
            let is_void = field.vocabulary().void(name).is_some();
            best.unwrap_or_else(|| Cover { parts: Vec::new(), left: field.persons(name), is_whole: is_void })
        };
        self.known[cell] = Some(cover.clone());
        cover
    }
}
