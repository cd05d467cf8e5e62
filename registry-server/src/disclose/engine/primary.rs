//! What must be hidden for what it says itself: too few persons, one unit's figure, or what everybody of a group is.
//!
//! Promises: a zero is as telling as a one, unless everybody knows it; the limit of a cell is the highest of its codes'.
//! Source: disclosure, section 4.

use serde::{Deserialize, Serialize};

use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::tally::{Tally, Units};
use crate::disclose::engine::vocabulary::{Kind, Vocabulary};
use crate::disclose::engine::{Cut, FEW};

/// The fewest persons that a cell of this name is shown from.
pub(super) fn least(vocabulary: &Vocabulary, name: &[(usize, usize)]) -> u64 {
    name.iter().map(|(dimension, node)| vocabulary.dimensions[*dimension].nodes[*node].k).fold(FEW, u64::max)
}

/// What a cell would tell if it were shown, and what it must be hidden for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tells {
    /// Nothing of anybody.
    #[default]
    Nothing,
    /// That it is few persons.
    Few,
    /// One unit's figure, or what nearly everybody of a group is.
    Much,
}

/// What each cell would tell by itself.
pub(super) fn tells(cut: &Cut<'_>, cube: &Cube<'_>, tallies: &[Tally]) -> Vec<Tells> {
    let (vocabulary, units) = (cut.vocabulary, &cut.facts.units);
    let tells = |cell: usize| {
        let name = cube.name(cell);
        let tally = &tallies[cell];
        let k = least(vocabulary, &name);
        let whole = |above: &Name| cube.find(above).map_or(0, |above| tallies[above].persons);
        if tally.persons < k {
            Tells::Few
        } else if is_one_units(vocabulary, &name, tally, units)
            || tells_of_all(vocabulary, &name, |above| whole(above) - tally.persons < k)
        {
            Tells::Much
        } else {
            Tells::Nothing
        }
    };
    (0..cube.size()).map(tells).collect()
}

/// Whether it is the figure of one unit that has not agreed. A public unit alone in its region does not hide the region.
fn is_one_units(vocabulary: &Vocabulary, name: &[(usize, usize)], tally: &Tally, units: &Units) -> bool {
    let mut alone = tally.units.iter();
    let (Some(unit), None) = (alone.next(), alone.next()) else { return false };
    let tells_units = name.iter().any(|(dimension, _)| vocabulary.dimensions[*dimension].kind == Kind::Units);
    !units.open.contains(unit) && (tells_units || !units.public.contains(unit))
}

/// Whether nearly everybody of some wider cell is this, where being so is nobody's business.
fn tells_of_all(vocabulary: &Vocabulary, name: &Name, is_nearly_all: impl Fn(&Name) -> bool) -> bool {
    name.iter().enumerate().any(|(place, (dimension, node))| {
        let known = &vocabulary.dimensions[*dimension];
        if !matches!(known.kind, Kind::Telling | Kind::Outcome) {
            return false;
        }
        let mut above = known.nodes[*node].parent;
        loop {
            let mut wider = name.clone();
            wider[place].1 = above;
            wider.retain(|(_, node)| *node > 0);
            // A code that stands alone below another says nothing that the other does not.
            let is_alone = known.nodes.iter().skip(1).filter(|node| node.parent == above).count() == 1;
            if !is_alone && is_nearly_all(&wider) {
                return true;
            }
            if above == 0 {
                return false;
            }
            above = known.nodes[above].parent;
        }
    })
}
