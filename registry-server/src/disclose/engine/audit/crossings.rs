//! The crossings whose finest cells are an attacker's unknowns: a tree of them that holds every released table.
//!
//! Promises: every released cell lies in one crossing; a dimension at a level lies in crossings that hang together, so that crossings that
//! agree on what neighbours share agree on everything. Levels of dimensions are points of a graph, those of one table are joined, and the
//! point that joins fewest others anew is taken away first: what it was joined to with itself is a crossing.
//! Must not know: persons.

use std::collections::{BTreeMap, BTreeSet};

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::vocabulary::Vocabulary;

/// Dimensions with the depth of their level, by dimension.
pub(super) type Crossing = Vec<(usize, usize)>;
/// Levels of dimensions, each with all coarser ones.
type Points = BTreeSet<(usize, usize)>;

/// Crossings, and which of them are neighbours in what.
pub(super) struct Tree {
    pub(super) crossings: Vec<Crossing>,
    /// Two crossings and what they share.
    pub(super) edges: Vec<(usize, usize, Crossing)>,
}

/// The tree of these cells; nothing where its crossings have more finest cells together than may be.
pub(super) fn tree(vocabulary: &Vocabulary, names: &[Name], most: usize) -> Option<Tree> {
    let all = crossings(joined(vocabulary, names));
    let size = |points: &Points| {
        let of = |(dimension, depth): &(usize, usize)| {
            vocabulary.dimensions[*dimension].nodes.iter().filter(|node| node.depth == *depth).count()
        };
        crossing(points).iter().map(of).fold(1_usize, usize::saturating_mul)
    };
    if all.iter().map(size).fold(0, usize::saturating_add) > most {
        return None;
    }
    let edges = neighbours(&all).into_iter().map(|(one, other)| (one, other, crossing(&(&all[one] & &all[other]))));
    Some(Tree { edges: edges.collect(), crossings: all.iter().map(crossing).collect() })
}

/// The finest level of each dimension.
fn crossing(points: &Points) -> Crossing {
    let finest: BTreeMap<usize, usize> = points.iter().copied().collect();
    finest.into_iter().collect()
}

/// Every point with those that it is joined to.
fn joined(vocabulary: &Vocabulary, names: &[Name]) -> BTreeMap<(usize, usize), Points> {
    let depth = |(dimension, node): &(usize, usize)| vocabulary.dimensions[*dimension].nodes[*node].depth;
    let levels = |place: &(usize, usize)| (1..=depth(place)).map(|depth| (place.0, depth)).collect::<Vec<_>>();
    let tables: BTreeSet<Points> = names.iter().map(|name| name.iter().flat_map(levels).collect()).collect();
    // What excludes each other must lie in one crossing, or nobody would know of it.
    let pairs = vocabulary.impossible.iter().chain(&vocabulary.inapplicable);
    let known: Points = tables.iter().flatten().copied().collect();
    let pairs =
        pairs.map(|pair| pair.iter().flat_map(levels).collect::<Points>()).filter(|pair| pair.is_subset(&known));
    let mut joined: BTreeMap<(usize, usize), Points> = BTreeMap::new();
    for points in tables.iter().cloned().chain(pairs) {
        for point in &points {
            joined.entry(*point).or_default().extend(points.iter().filter(|other| *other != point));
        }
    }
    joined
}

/// The largest sets of points that are all joined, once so much is joined anew that they make a tree.
fn crossings(mut joined: BTreeMap<(usize, usize), Points>) -> Vec<Points> {
    let mut all: Vec<Points> = Vec::new();
    loop {
        let missing = |around: &Points| {
            let pairs = around.iter().flat_map(|one| around.range((one.0, one.1 + 1)..).map(move |other| (one, other)));
            pairs.filter(|(one, other)| !joined[*one].contains(*other)).count()
        };
        let Some(point) = joined.iter().min_by_key(|(_, around)| missing(around)).map(|(point, _)| *point) else {
            break;
        };
        let around = joined.remove(&point).unwrap_or_default();
        for one in &around {
            let others = joined.entry(*one).or_default();
            others.remove(&point);
            others.extend(around.iter().filter(|other| *other != one));
        }
        // A level is nothing without the coarser ones.
        let whole: Points =
            around.into_iter().chain([point]).flat_map(|(of, depth)| (1..=depth).map(move |at| (of, at))).collect();
        if !all.iter().any(|other| whole.is_subset(other)) {
            all.retain(|other| !other.is_subset(&whole));
            all.push(whole);
        }
    }
    if all.is_empty() { vec![Points::new()] } else { all }
}

/// The crossings as a tree: each beside the one that it shares most with.
fn neighbours(all: &[Points]) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    let (mut inside, mut outside): (Vec<usize>, Vec<usize>) = (vec![0], (1..all.len()).collect());
    let shared = |(one, other): &(usize, usize)| (&all[*one] & &all[*other]).len();
    while !outside.is_empty() {
        let pairs = inside.iter().flat_map(|one| outside.iter().map(move |other| (*one, *other)));
        let Some(edge) = pairs.max_by_key(shared) else { break };
        outside.retain(|other| *other != edge.1);
        inside.push(edge.1);
        edges.push(edge);
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclose::engine::vocabulary::{Dimension, Kind};

    /// Four dimensions of two codes and one of two levels.
    fn vocabulary() -> Vocabulary {
        let plain = ["a", "b", "c", "d"]
            .map(|name| Dimension::new(name, Kind::Known, &["code"], &[("x", ""), ("y", "")]).expect("two codes"));
        let codes = [("x", ""), ("y", ""), ("x1", "x"), ("x2", "x"), ("y1", "y"), ("y2", "y")];
        let two = Dimension::new("e", Kind::Known, &["group", "code"], &codes).expect("two levels");
        Vocabulary::new(plain.into_iter().chain([two]).collect())
    }

    fn of(names: &[&[(usize, usize)]]) -> (Vec<Crossing>, Vec<(usize, usize, Crossing)>) {
        let names: Vec<Name> = names.iter().map(|name| name.to_vec()).collect();
        let Tree { crossings, edges } = tree(&vocabulary(), &names, 1_000).expect("small");
        (crossings, edges)
    }

    #[test]
    fn tables_that_share_a_dimension_hang_together_in_it_and_a_coarser_table_lies_in_a_finer() {
        let (crossings, edges) = of(&[&[(0, 1), (1, 1)], &[(1, 2), (2, 1)], &[(1, 1)], &[(2, 1), (4, 1)], &[(4, 4)]]);
        assert_eq!(crossings.iter().map(Vec::len).sum::<usize>(), 7, "{crossings:?}");
        for wanted in [vec![(0, 1), (1, 1)], vec![(1, 1), (2, 1)], vec![(2, 1), (4, 1)], vec![(4, 2)]] {
            assert!(crossings.contains(&wanted), "{crossings:?}");
        }
        let mut shared: Vec<Crossing> = edges.into_iter().map(|(_, _, shared)| shared).collect();
        shared.sort();
        assert_eq!(shared, [vec![(1, 1)], vec![(2, 1)], vec![(4, 1)]]);
    }

    #[test]
    fn tables_in_a_ring_are_held_in_crossings_wider_than_any_of_them() {
        let ring: [&[(usize, usize)]; 4] = [&[(0, 1), (1, 1)], &[(1, 1), (2, 1)], &[(2, 1), (3, 1)], &[(0, 1), (3, 1)]];
        let (crossings, edges) = of(&ring);
        assert_eq!(crossings.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
        assert_eq!(edges.len(), 1);
        let three: [&[(usize, usize)]; 3] = [&[(0, 1), (1, 1)], &[(1, 1), (2, 1)], &[(0, 1), (2, 1)]];
        assert_eq!(of(&three).0, [vec![(0, 1), (1, 1), (2, 1)]]);
        assert!(tree(&vocabulary(), &three.map(<[_]>::to_vec), 7).is_none(), "eight cells");
    }

    #[test]
    fn what_excludes_each_other_lies_in_one_crossing() {
        let vocabulary = vocabulary().excluding(("a", "x"), ("c", "y")).expect("registered");
        let Tree { crossings, .. } = tree(&vocabulary, &[vec![(0, 1)], vec![(2, 1)]], 1_000).expect("small");
        assert_eq!(crossings, [vec![(0, 1), (2, 1)]]);
    }
}
