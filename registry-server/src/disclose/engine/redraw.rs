//! Figures drawn the other way, where a sum and its parts were by chance rounded so far apart that they tell more than a figure may.
//!
//! Promises: only figures that were never shown before; a figure stays within what may stand behind it; the sum and its parts come nearer
//! to each other, up as often as down. Hiding instead would take whole columns of large figures away. Source: disclosure, section 7.

use std::collections::BTreeSet;

use crate::disclose::engine::complement::{Board, Fixed};
use crate::disclose::engine::cube::Group;
use crate::disclose::engine::rounding::BASE;
use crate::disclose::engine::table::{Row, Shown};

/// The cells whose figures are drawn the other way, of a table as it stands.
pub(super) struct Redraw<'a> {
    pub(super) board: &'a Board,
    pub(super) rows: &'a [Row],
    pub(super) turned: &'a mut BTreeSet<usize>,
    /// Those of this time: the rows do not show them yet.
    pub(super) now: Vec<usize>,
}

impl Redraw<'_> {
    /// Turns one figure of the sum that ties a cell down most, or has done so for another cell; whether there was one.
    pub(super) fn turn(&mut self, cell: usize) -> bool {
        let groups = self.board.groups().iter().filter(|group| group.holds(cell));
        let apart = groups.filter_map(|group| Some((group, self.apart(group)?))).filter(|(_, apart)| *apart != 0);
        let Some((group, apart)) = apart.max_by_key(|(_, apart)| apart.abs()) else { return false };
        if self.now.iter().any(|cell| group.holds(*cell)) {
            return true;
        }
        // The sum comes down or a part goes up, or the other way round.
        let sum = (group.sum, -apart.signum());
        let ways = group.parts.iter().map(|part| (*part, apart.signum())).chain([sum]);
        let turned = ways.filter(|(cell, way)| self.may_turn(*cell, *way)).max_by_key(|(cell, _)| self.off(*cell));
        let Some((cell, _)) = turned else { return false };
        self.now.push(cell);
        self.turned.insert(cell)
    }

    /// How much more a sum shows than its parts; nothing where something of them is hidden.
    fn apart(&self, group: &Group) -> Option<i64> {
        let sum = self.figure(group.sum)?;
        let parts = group.parts.iter().map(|part| self.figure(*part)).sum::<Option<i64>>()?;
        Some(sum - parts)
    }

    fn figure(&self, cell: usize) -> Option<i64> {
        match self.rows[cell].shown {
            Shown::Count(count) => i64::try_from(count).ok(),
            Shown::Hidden => None,
            Shown::Zero | Shown::NotReported | Shown::NotApplicable => Some(0),
        }
    }

    /// Whether a figure can be drawn the other way, up (1) or down (-1).
    fn may_turn(&self, cell: usize, way: i64) -> bool {
        let standing = &self.board.cells[cell];
        let is_new = standing.fixed == Fixed::Free && self.rows[cell].drawn.is_none() && !self.turned.contains(&cell);
        let is_off = self.off(cell) > 0 && !standing.persons.is_multiple_of(BASE);
        let is_below = self.figure(cell).is_some_and(|figure| figure < i64::try_from(standing.persons).unwrap_or(0));
        is_new && is_off && is_below == (way > 0)
    }

    fn off(&self, cell: usize) -> u64 {
        let figure = self.figure(cell).unwrap_or_default();
        figure.unsigned_abs().abs_diff(self.board.cells[cell].persons)
    }
}
