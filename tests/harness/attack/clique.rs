//! Which dimensions must be crossed so that all tables can be written as sums of the same unknowns.
//!
//! Promises: every table lies in one crossing, and crossings that share dimensions hang together in a tree, so that unknowns of all
//! crossings which agree on what neighbours share come from persons: nothing is lost against one crossing of all dimensions.
//! A level of a dimension brings its coarser levels with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::crowd::dimension::Dimension;

/// Levels by dimension, from 1.
pub(super) type Crossing = BTreeMap<usize, usize>;

/// A crossing and the one that it hangs on.
#[derive(Debug, Clone)]
pub(super) struct Clique {
    pub(super) crossing: Crossing,
    pub(super) above: Option<usize>,
}

/// A dimension at a level.
type Corner = (usize, usize);

/// The crossings that tables of these crossings need.
pub(super) fn cliques(dimensions: &[Dimension], tables: &[Crossing]) -> Vec<Clique> {
    let mut near: BTreeMap<Corner, BTreeSet<Corner>> = BTreeMap::new();
    for table in tables {
        let corners: Vec<Corner> =
            table.iter().flat_map(|(dimension, depth)| (1..=*depth).map(|level| (*dimension, level))).collect();
        for corner in &corners {
            near.entry(*corner).or_default().extend(corners.iter().filter(|other| *other != corner));
        }
    }
    let mut order: Vec<(Corner, BTreeSet<Corner>)> = Vec::new();
    while let Some(corner) =
        near.keys().copied().min_by_key(|corner| size(dimensions, &crossing(*corner, &near[corner])))
    {
        let around = near.remove(&corner).unwrap_or_default();
        for other in &around {
            let of = near.entry(*other).or_default();
            of.extend(around.iter().filter(|next| *next != other));
            of.remove(&corner);
        }
        order.push((corner, around));
    }
    merged(linked(&order))
}

fn crossing(corner: Corner, around: &BTreeSet<Corner>) -> Crossing {
    let mut crossing = Crossing::new();
    for (dimension, level) in around.iter().copied().chain([corner]) {
        let depth = crossing.entry(dimension).or_default();
        *depth = level.max(*depth);
    }
    crossing
}

/// How many finest cells a crossing has.
fn size(dimensions: &[Dimension], crossing: &Crossing) -> usize {
    crossing.iter().map(|(dimension, depth)| dimensions[*dimension].on(*depth).count()).product()
}

/// Each crossing hangs on that of the corner around it which was taken next.
fn linked(order: &[(Corner, BTreeSet<Corner>)]) -> Vec<Clique> {
    let taken = |corner: &Corner| order.iter().position(|(other, _)| other == corner);
    let last = order.len().saturating_sub(1);
    let clique = |(place, (corner, around)): (usize, &(Corner, BTreeSet<Corner>))| Clique {
        crossing: crossing(*corner, around),
        // What shares no dimension shares the sum of all persons.
        above: around.iter().filter_map(taken).min().or((place < last).then_some(last)),
    };
    let cliques: Vec<Clique> = order.iter().enumerate().map(clique).collect();
    if cliques.is_empty() { vec![Clique { crossing: Crossing::new(), above: None }] } else { cliques }
}

/// Crossings without those that lie in the one they hang on, or in one that hangs on them.
fn merged(mut cliques: Vec<Clique>) -> Vec<Clique> {
    let within = |one: &Crossing, other: &Crossing| {
        one.iter().all(|(dimension, depth)| other.get(dimension).is_some_and(|other| other >= depth))
    };
    while let Some((gone, kept)) = (0..cliques.len()).find_map(|place| {
        let above = cliques[place].above?;
        let (own, other) = (&cliques[place].crossing, &cliques[above].crossing);
        within(own, other).then_some((place, above)).or_else(|| within(other, own).then_some((above, place)))
    }) {
        let above = cliques[gone].above;
        for (place, clique) in cliques.iter_mut().enumerate() {
            if clique.above == Some(gone) {
                clique.above = Some(kept);
            }
            if place == kept && clique.above == Some(kept) {
                clique.above = above;
            }
        }
        cliques.remove(gone);
        let moved = |above: usize| if above > gone { above - 1 } else { above };
        for clique in &mut cliques {
            clique.above = clique.above.map(moved);
        }
    }
    cliques
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crossings(tables: &[&[Corner]]) -> Vec<(Vec<Corner>, Option<usize>)> {
        let tables: Vec<Crossing> = tables.iter().map(|table| table.iter().copied().collect()).collect();
        let cliques = cliques(&crate::crowd::dimension::all(), &tables);
        cliques.into_iter().map(|clique| (clique.crossing.into_iter().collect(), clique.above)).collect()
    }

    #[test]
    fn tables_that_hang_together_in_a_tree_are_not_crossed_and_a_ring_of_tables_is() {
        let tree = crossings(&[&[(0, 1), (1, 1), (2, 2)], &[(0, 1), (5, 1)], &[(1, 1), (2, 1), (3, 2)]]);
        let own: Vec<Vec<Corner>> = tree.iter().map(|(crossing, _)| crossing.clone()).collect();
        assert_eq!(own.len(), 3, "{tree:?}");
        assert!(own.contains(&vec![(0, 1), (1, 1), (2, 2)]) && own.contains(&vec![(1, 1), (2, 1), (3, 2)]));
        assert_eq!(tree.iter().filter(|(_, above)| above.is_none()).count(), 1, "one tree");
        let ring = crossings(&[&[(0, 1), (1, 1)], &[(1, 1), (5, 1)], &[(0, 1), (5, 1)]]);
        assert_eq!(ring, [(vec![(0, 1), (1, 1), (5, 1)], None)]);
        let long = crossings(&[&[(0, 1), (1, 1)], &[(1, 1), (5, 1)], &[(5, 1), (6, 1)], &[(0, 1), (6, 1)]]);
        assert_eq!(long.len(), 2, "a ring of four has one way across: {long:?}");
    }

    #[test]
    fn tables_of_two_levels_of_a_dimension_share_the_coarser_one() {
        let two = crossings(&[&[(0, 1), (7, 2)], &[(1, 1), (7, 1)]]);
        let own: Vec<Vec<Corner>> = two.into_iter().map(|(crossing, _)| crossing).collect();
        assert!(own.contains(&vec![(0, 1), (7, 2)]) && own.contains(&vec![(1, 1), (7, 1)]), "{own:?}");
    }
}
