//! One table, from who stands behind its cells to what is shown of them.
//!
//! Promises: what was shown of the cut is shown again and what was hidden stays hidden; a cell that hardly changed since an earlier cut keeps
//! what was released of it there; no table that the audit does not clear.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::disclose::engine::audit::{All, Audit, Released, Weak};
use crate::disclose::engine::complement::{Board, Fixed, Standing};
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::implied::Implied;
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::percent::Percent;
use crate::disclose::engine::primary::Tells;
use crate::disclose::engine::redraw::Redraw;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::table::{Row, Shown};
use crate::disclose::engine::tally::{self, Tally};
use crate::disclose::engine::vocabulary::Kind;
use crate::disclose::engine::{Cut, Progress, Refusal, marks, means, primary, rounding};

/// Where more than this share would be hidden, less detail says more.
const MOST_HIDDEN: f64 = 0.30;
/// Fewer units than this are not told.
const FEWEST_UNITS: usize = 3;

/// A table while it is built.
struct Draft<'a> {
    cut: &'a Cut<'a>,
    cube: &'a Cube<'a>,
    tallies: Vec<Tally>,
    /// The mark of each cell of which everybody knows that it is empty.
    void: Vec<Option<Shown>>,
    /// What was released of the cut, also of the same persons under another name.
    before: BTreeMap<Name, Row>,
    implied: Implied,
    past: &'a Past<'a>,
}

/// What a table is held against.
pub(super) struct Past<'a> {
    pub(super) ledger: &'a Ledger,
    /// What earlier cuts released of cells that hardly changed, and the cut that it was drawn in.
    pub(super) kept: BTreeMap<Name, (Row, String)>,
    /// Whether what was shown in an earlier cut must be shown again.
    pub(super) is_firm: bool,
}

/// The share of a table that is hidden at least, for what its cells say by themselves and so that no sum is short of one; nothing where that
/// is too much.
pub(super) fn least_hidden(cut: &Cut<'_>, request: &Request, past: &Past<'_>) -> Option<(usize, f64)> {
    let cube = Cube::new(cut.vocabulary, &request.crossed);
    let draft = Draft::new(cut, &cube, past);
    let board = draft.board();
    Some((cube.size(), board.share_hidden())).filter(|(_, share)| *share <= MOST_HIDDEN)
}

/// The cells of a table; nothing where too much of it would be hidden.
pub(super) fn rows(
    cut: &Cut<'_>,
    request: &Request,
    past: &Past<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Option<Vec<Row>>, Refusal> {
    let cube = Cube::new(cut.vocabulary, &request.crossed);
    let draft = Draft::new(cut, &cube, past);
    let names = (0..cube.size()).map(|cell| cube.name(cell)).chain(draft.before.keys().cloned());
    let mut audit = Audit::new(cut.vocabulary, &names.collect::<Vec<Name>>(), cut.facts).ok_or(Refusal::TooWide)?;
    let (mut board, mut turned) = (draft.board(), BTreeSet::new());
    for round in 1.. {
        if board.share_hidden() > MOST_HIDDEN {
            break;
        }
        let mut is_stopped = || progress(Progress { cells: cube.size(), round }).is_break();
        if is_stopped() {
            return Err(Refusal::Stopped);
        }
        let mut rows = draft.rows(&board, &turned);
        let mut all = released(draft.before.values().chain(&rows));
        audit.fit(&mut all);
        let Weak { names, missing } = audit.weak(&all, &mut is_stopped)?;
        if names.is_empty() && missing == 0 {
            means::fill(cut, request, (past.ledger, &past.kept), &mut rows);
            return Ok(Some(rows));
        }
        let in_table = |names: &Vec<Name>| names.iter().filter_map(|name| cube.find(name)).collect::<Vec<usize>>();
        let mut weak: Vec<Vec<usize>> = names.iter().map(in_table).collect();
        let mut redraw = Redraw { board: &board, rows: &rows, turned: &mut turned, now: Vec::new() };
        weak.retain(|cells| !matches!(cells[..], [cell] if !board.cells[cell].is_hidden && redraw.turn(cell)));
        let is_redrawn = !redraw.now.is_empty();
        if !hide_more(&mut board, &weak, missing) && !is_redrawn {
            break;
        }
    }
    Ok(None)
}

/// Hides beside what is known too well, and so many more; whether there was something left to hide.
fn hide_more(board: &mut Board, weak: &[Vec<usize>], missing: usize) -> bool {
    let hidden = board.hidden();
    board.add_company(missing);
    board.loosen_all(weak);
    board.close();
    board.hidden() > hidden
}

/// What the audit sees of released cells. What everybody knows to be empty is no cell to it.
fn released<'r>(rows: impl Iterator<Item = &'r Row>) -> All {
    let released = |row: &Row| {
        let shown = match row.shown {
            Shown::Count(count) => Some(rounding::behind(count, row.k)),
            Shown::Hidden => None,
            Shown::Zero | Shown::NotReported | Shown::NotApplicable => return None,
        };
        Some((row.name.clone(), Released { shown, tells: row.tells, k: row.k }))
    };
    rows.filter_map(released).collect()
}

impl<'a> Draft<'a> {
    fn new(cut: &'a Cut<'a>, cube: &'a Cube<'a>, past: &'a Past<'a>) -> Self {
        let tallies = tally::tallies(cut.facts, cube, cut.secret);
        let (implied, mut before) = (Implied::of(cut.vocabulary), past.ledger.cells());
        for name in (0..cube.size()).map(|cell| cube.name(cell)) {
            let same = || implied.same(&name).iter().find_map(|other| before.get(other)).cloned();
            if let Some(row) = (!before.contains_key(&name)).then(same).flatten() {
                before.insert(name.clone(), Row { name, ..row });
            }
        }
        Self { cut, cube, tallies, void: marks::void(cut.vocabulary, cube), before, implied, past }
    }

    /// What an earlier cut released of a cell that hardly changed, but for a figure that tells too much by now.
    fn kept(&self, name: &Name, tells: Tells) -> Option<&(Row, String)> {
        let same = || self.implied.same(name).iter().find_map(|other| self.past.kept.get(other));
        self.past.kept.get(name).or_else(same).filter(|(row, _)| row.shown == Shown::Hidden || tells != Tells::Much)
    }

    /// The cells as they are hidden before the audit.
    fn board(&self) -> Board {
        let mut board = Board::new(self.cube, self.standings(), self.cut.secret);
        board.close();
        board
    }

    /// What each cell is before anything is hidden beside it.
    fn standings(&self) -> Vec<Standing> {
        let tells = primary::tells(self.cut, self.cube, &self.tallies);
        let standing = |cell: usize| {
            let name = self.cube.name(cell);
            let kept = self.kept(&name, tells[cell]).map(|(row, _)| row.shown);
            let was = self.before.get(&name).map(|row| row.shown);
            let fixed = match (was, kept) {
                _ if self.void[cell].is_some() => Fixed::Void,
                (Some(Shown::Count(_)), _) => Fixed::Shown,
                (None, Some(Shown::Count(_))) if self.past.is_firm => Fixed::Shown,
                _ => Fixed::Free,
            };
            let was_hidden = was.or(kept) == Some(Shown::Hidden);
            let is_hidden = fixed == Fixed::Free && (tells[cell] != Tells::Nothing || was_hidden);
            let (persons, k) = (self.tallies[cell].persons, primary::least(self.cut.vocabulary, &name));
            Standing { persons, k, tells: tells[cell], is_hidden, fixed }
        };
        (0..self.cube.size()).map(standing).collect()
    }

    fn rows(&self, board: &Board, turned: &BTreeSet<usize>) -> Vec<Row> {
        let row = |cell: usize| {
            self.row(
                cell,
                board.cells[cell],
                if turned.contains(&cell) { rounding::other_way } else { rounding::rounded },
            )
        };
        let mut rows: Vec<Row> = (0..self.cube.size()).map(row).collect();
        for cell in 0..rows.len() {
            rows[cell].percent = self.measured_on(cell).and_then(|on| Percent::of(rows[cell].shown, rows[on].shown));
        }
        rows
    }

    fn row(&self, cell: usize, standing: Standing, draw: fn(u64, u64) -> u64) -> Row {
        let (name, tally) = (self.cube.name(cell), &self.tallies[cell]);
        let (before, kept) = (self.before.get(&name), self.kept(&name, standing.tells));
        let shown = match (before, self.void[cell], kept.map(|(row, _)| row.shown)) {
            (Some(row), ..) => row.shown,
            (None, Some(mark), _) => mark,
            (None, None, _) if standing.is_hidden => Shown::Hidden,
            (None, None, Some(count)) => count,
            (None, None, None) => Shown::Count(draw(tally.persons, self.cut.secret.dice(&tally.tags))),
        };
        let kept = kept.filter(|(row, _)| before.is_none() && row.shown == shown);
        let drawn = before.map_or_else(|| kept.map(|(_, cut)| cut.clone()), |row| row.drawn.clone());
        let means = kept.and_then(|(row, _)| row.means);
        let codes = self.cut.vocabulary.codes(self.cube.nodes(cell));
        let tells_units = name.is_empty() && matches!(shown, Shown::Count(_)) && tally.units.len() >= FEWEST_UNITS;
        let units = tells_units.then_some(tally.units.len());
        Row { codes, shown, percent: None, units, means, k: standing.k, tells: standing.tells, drawn, name }
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
