//! What is hidden beside what must be, so that no sum is short of one cell and the mark says nothing.
//!
//! Promises: no sum holds exactly one hidden cell; of those that are hidden for being few or beside them a fifth at least could be shown
//! by themselves; what is hidden beside is drawn among the smallest, in an order that nobody can foretell, or is the smallest where fewer
//! than four could be. Source: disclosure, section 6.

use crate::disclose::engine::cube::{Cube, Group};
use crate::disclose::engine::primary::Tells;
use crate::disclose::engine::rounding::BASE;
use crate::disclose::engine::secret::Secret;

/// Of so many hidden cells one at least tells nothing by itself.
pub(super) const ONE_IN: usize = 5;
/// So many of the smallest are in the draw for each that is drawn.
const DRAWN_FROM: usize = 3;

/// What cannot be changed about a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    /// Nothing.
    Free,
    /// It was shown before.
    Shown,
    /// Everybody knows that it is empty.
    Void,
}

/// One cell while it is decided what is hidden.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    /// Persons.
    pub(super) persons: u64,
    /// The fewest that it is shown from.
    pub(super) k: u64,
    /// What it would tell by itself.
    pub(super) tells: Tells,
    /// Hidden.
    pub(super) is_hidden: bool,
    /// What holds already.
    pub(super) fixed: Fixed,
}

/// The cells of a table and the sums that they stand in.
pub(super) struct Board {
    groups: Vec<Group>,
    pub(super) cells: Vec<Standing>,
    turns: Vec<u64>,
}

impl Board {
    pub(super) fn new(cube: &Cube<'_>, cells: Vec<Standing>, secret: &Secret) -> Self {
        let turns = (0..cube.size()).map(|cell| secret.turn(&cube.spelled(cell))).collect();
        Self { groups: cube.groups(), cells, turns }
    }

    /// Hides until no sum is short of one and the mark is ambiguous.
    pub(super) fn close(&mut self) {
        loop {
            self.fill_groups();
            let hidden = |tells| self.cells.iter().filter(|cell| cell.is_hidden && cell.tells == tells).count();
            let (few, beside) = (hidden(Tells::Few), hidden(Tells::Nothing));
            let wanted = (few + beside).div_ceil(ONE_IN);
            if beside >= wanted {
                return;
            }
            let all: Vec<usize> = (0..self.cells.len()).collect();
            let Some(cell) = self.drawn(&all, wanted - beside) else { return };
            self.cells[cell].is_hidden = true;
        }
    }

    /// The sums.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many are hidden.
    pub(super) fn hidden(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_hidden).count()
    }

    /// The share of cells that are hidden, of those that could be anything.
    pub(super) fn share_hidden(&self) -> f64 {
        let all = self.cells.iter().filter(|cell| cell.fixed != Fixed::Void).count();
        self.hidden() as f64 / all.max(1) as f64
    }

    /// Hides so many more of the smallest of all.
    pub(super) fn add_company(&mut self, wanted: usize) {
        let all: Vec<usize> = (0..self.cells.len()).collect();
        for _ in 0..wanted {
            let Some(cell) = self.drawn(&all, wanted) else { return };
            self.cells[cell].is_hidden = true;
        }
    }

    /// Hides something beside each of these, cells that are known too well, but for those that another's loosening reaches too.
    pub(super) fn loosen_all(&mut self, weak: &[Vec<usize>]) {
        let mut reached = vec![false; self.groups.len()];
        for cells in weak {
            let of = |place: &usize| cells.iter().any(|cell| self.groups[*place].holds(*cell));
            let groups: Vec<usize> = (0..self.groups.len()).filter(of).collect();
            if groups.iter().any(|place| reached[*place]) {
                continue;
            }
            if let Some(hidden) = cells.iter().find_map(|cell| self.loosen(*cell)) {
                (0..self.groups.len()).for_each(|place| reached[place] |= self.groups[place].holds(hidden));
            }
        }
    }

    /// Hides the smallest shown cell of the sum that ties a cell down most; nothing where nothing is left to hide.
    fn loosen(&mut self, cell: usize) -> Option<usize> {
        let mut ties: Vec<&Group> = self.groups.iter().filter(|group| group.holds(cell)).collect();
        ties.sort_by_key(|group| self.left_open(group, cell));
        let drawn =
            ties.into_iter().find_map(|group| self.drawn(&group.parts, 1).or_else(|| self.drawn(&[group.sum], 1)))?;
        self.cells[drawn].is_hidden = true;
        Some(drawn)
    }

    /// How wide a sum alone leaves the interval of one of its cells.
    fn left_open(&self, group: &Group, cell: usize) -> u64 {
        let width = |cell: usize| match self.cells[cell] {
            Standing { fixed: Fixed::Void, .. } => 0,
            Standing { is_hidden: true, persons, .. } => persons.max(BASE) * 2,
            Standing { .. } => BASE * 2 - 2,
        };
        group.all().filter(|other| *other != cell).map(width).sum()
    }

    fn fill_groups(&mut self) {
        loop {
            let mut more = false;
            for place in 0..self.groups.len() {
                let group = &self.groups[place];
                if group.all().filter(|cell| self.cells[*cell].is_hidden).count() != 1 {
                    continue;
                }
                let drawn = self.drawn(&group.parts, 1).or_else(|| self.drawn(&[group.sum], 1));
                if let Some(cell) = drawn {
                    self.cells[cell].is_hidden = true;
                    more = true;
                }
            }
            if !more {
                return;
            }
        }
    }

    /// One of the smallest shown cells, where so many are wanted: by lot, or the smallest where the half that is drawn from is one cell.
    fn drawn(&self, among: &[usize], wanted: usize) -> Option<usize> {
        let is_free = |cell: &usize| !self.cells[*cell].is_hidden && self.cells[*cell].fixed == Fixed::Free;
        let mut free: Vec<usize> = among.iter().copied().filter(is_free).collect();
        free.sort_by_key(|cell| (self.cells[*cell].persons, self.turns[*cell]));
        let pool = (wanted * DRAWN_FROM).min(free.len() / 2).max(1);
        free.into_iter().take(pool).min_by_key(|cell| self.turns[*cell])
    }
}
