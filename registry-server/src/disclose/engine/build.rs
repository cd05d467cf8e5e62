//! One table, from who stands behind its cells to what is shown of them.
//!
//! Promises: what was shown of the cut is shown again and what was hidden stays hidden; no table that the audit does not clear.

use std::collections::BTreeMap;

use crate::disclose::engine::audit::{All, Audit, Released};
use crate::disclose::engine::complement::{Board, Fixed, Standing};
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::percent::Percent;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::table::{Row, Shown};
use crate::disclose::engine::tally::{self, Tally};
use crate::disclose::engine::vocabulary::Kind;
use crate::disclose::engine::{Cut, Refusal, primary, rounding};

/// Where more than this share would be hidden, less detail says more.
const MOST_HIDDEN: f64 = 0.30;
/// Of the cells that pass for few, one in so many is none: a quarter beside the few is a fifth of all.
const COMPANY_ONE_IN: usize = 4;

/// A table while it is built.
struct Draft<'a> {
    cut: &'a Cut<'a>,
    cube: &'a Cube<'a>,
    tallies: Vec<Tally>,
    before: BTreeMap<Name, Row>,
}

/// The cells of a table; nothing where too much of it would be hidden.
pub(super) fn rows(cut: &Cut<'_>, request: &Request, ledger: &Ledger) -> Result<Option<Vec<Row>>, Refusal> {
    let cube = Cube::new(cut.vocabulary, &request.crossed);
    let before = ledger.cells();
    let names: Vec<Name> = (0..cube.size()).map(|cell| cube.name(cell)).chain(before.keys().cloned()).collect();
    let mut audit = Audit::new(cut.vocabulary, &names, cut.facts).ok_or(Refusal::TooWide)?;
    let draft = Draft { cut, cube: &cube, tallies: tally::tallies(cut.facts, &cube, cut.secret), before };
    let mut board = Board::new(&cube, draft.standings(), cut.secret);
    board.close();
    while board.share_hidden() <= MOST_HIDDEN {
        let rows = draft.rows(&board);
        let all = released(draft.before.values().chain(&rows));
        let weak = audit.weak(&all).ok_or(Refusal::Unproved)?;
        let few = all.values().filter(|cell| cell.shown.is_none() && cell.is_few).count();
        let missing = few.div_ceil(COMPANY_ONE_IN).saturating_sub(audit.company());
        if weak.is_empty() && missing == 0 {
            return Ok(Some(rows));
        }
        let weak: Vec<Vec<usize>> =
            weak.iter().map(|names| names.iter().filter_map(|name| cube.find(name)).collect()).collect();
        let hidden = board.hidden();
        board.add_company(missing);
        board.loosen_all(&weak);
        board.close();
        if board.hidden() == hidden {
            return Ok(None);
        }
    }
    Ok(None)
}

/// What the audit sees of released cells. What everybody knows to be empty is no cell to it.
fn released<'r>(rows: impl Iterator<Item = &'r Row>) -> All {
    let released = |row: &Row| {
        let shown = match row.shown {
            Shown::Count(count) => Some(rounding::behind(count, row.k)),
            Shown::Hidden => None,
            Shown::Zero | Shown::NotReported => return None,
        };
        Some((row.name.clone(), Released { shown, is_few: row.is_few, k: row.k }))
    };
    rows.filter_map(released).collect()
}

impl Draft<'_> {
    /// What each cell is before anything is hidden beside it.
    fn standings(&self) -> Vec<Standing> {
        let primary = primary::hidden(self.cut, self.cube, &self.tallies);
        let void = self.void();
        let standing = |cell: usize| {
            let name = self.cube.name(cell);
            let fixed = match self.before.get(&name).map(|row| row.shown) {
                _ if void[cell] => Fixed::Void,
                Some(Shown::Count(_)) => Fixed::Shown,
                _ => Fixed::Free,
            };
            let was_hidden = self.before.get(&name).is_some_and(|row| row.shown == Shown::Hidden);
            let k = primary::least(self.cut.vocabulary, &name);
            Standing {
                persons: self.tallies[cell].persons,
                k,
                is_hidden: fixed == Fixed::Free && (primary[cell] || was_hidden),
                fixed,
            }
        };
        (0..self.cube.size()).map(standing).collect()
    }

    /// Whether everybody knows that a cell is empty: by itself, or because all its parts are.
    fn void(&self) -> Vec<bool> {
        let is_void = |cell: usize| {
            let name = self.cube.name(cell);
            self.cut.vocabulary.is_impossible(&name) || self.cut.vocabulary.is_silent(&name)
        };
        let mut void: Vec<bool> = (0..self.cube.size()).map(is_void).collect();
        let groups = self.cube.groups();
        let next =
            |void: &[bool]| groups.iter().find(|group| !void[group.sum] && group.parts.iter().all(|part| void[*part]));
        while let Some(group) = next(&void) {
            void[group.sum] = true;
        }
        void
    }

    fn rows(&self, board: &Board) -> Vec<Row> {
        let mut rows: Vec<Row> = (0..self.cube.size()).map(|cell| self.row(cell, board.cells[cell])).collect();
        for cell in 0..rows.len() {
            rows[cell].percent = self.measured_on(cell).and_then(|on| Percent::of(rows[cell].shown, rows[on].shown));
        }
        rows
    }

    fn row(&self, cell: usize, standing: Standing) -> Row {
        let (name, tally) = (self.cube.name(cell), &self.tallies[cell]);
        let shown = match (self.before.get(&name), standing) {
            (Some(row), _) => row.shown,
            (None, Standing { fixed: Fixed::Void, .. }) if self.cut.vocabulary.is_silent(&name) => Shown::NotReported,
            (None, Standing { fixed: Fixed::Void, .. }) => Shown::Zero,
            (None, Standing { is_hidden: true, .. }) => Shown::Hidden,
            (None, _) => Shown::Count(rounding::rounded(tally.persons, self.cut.secret.dice(&tally.tags))),
        };
        let label =
            |(dimension, node): (usize, usize)| self.cut.vocabulary.dimensions[dimension].nodes[node].name.clone();
        let codes = self.cube.nodes(cell).map(label).collect();
        let units = matches!(shown, Shown::Count(_)).then_some(tally.units.len());
        Row { codes, shown, percent: None, units, k: standing.k, is_few: standing.is_few(), name }
    }

    /// The cell that a measure is a share of.
    fn measured_on(&self, cell: usize) -> Option<usize> {
        let mut name = self.cube.name(cell);
        let dimensions = &self.cut.vocabulary.dimensions;
        let place = name.iter().position(|(dimension, _)| dimensions[*dimension].kind == Kind::Outcome)?;
        let (dimension, node) = name[place];
        name[place].1 = dimensions[dimension].nodes[node].parent;
        name.retain(|(_, node)| *node > 0);
        self.cube.find(&name)
    }
}
