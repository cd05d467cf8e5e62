//! Which means are kept back, so that none tells of a few by subtraction.
//!
//! Promises: where a cell with means holds others with means that leave out fewer persons than are shown, whatever of the tree of sums they
//! are taken from and in whatever table of the cut they stand, the printed figures leave open that those persons have the lowest scores and
//! that they have the highest; else the smallest is hidden. The rule is also held where the printed numbers could be of so few, so that a
//! hidden mean does not say that few are left. Means of the same instrument at other times are held against these in `siblings`. Persons who are gone since a mean was printed are such a few. What was shown before stays shown.

use std::collections::{BTreeMap, BTreeSet};

use super::cover::{Cover, Covers, Tree};
use super::nested::{self, Known};
use super::siblings::Siblings;
use super::{Averaged, Means, Measure, pairs};
use crate::disclose::engine::Cut;
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::rounding::BASE;
use crate::disclose::engine::table::Row;
use crate::disclose::engine::vocabulary::Vocabulary;
use crate::indicator::change::Spread;
use crate::indicator::effect_size::Spreads;
use crate::indicator::{Pair, Scores};

/// A cell with its means printed.
#[derive(Clone, Copy)]
pub(super) struct Printed {
    means: Means,
    /// Pairs as printed, and in truth.
    pairs: u64,
    truth: u64,
    pub(super) k: u64,
    /// Whether it was shown before, and of other persons than those who are there now.
    is_fixed: bool,
    pub(super) is_stale: bool,
}

impl Printed {
    /// Pairs in truth.
    pub(super) fn in_truth(&self) -> f64 {
        self.truth as f64
    }

    /// Pairs as printed.
    pub(super) fn told(&self) -> f64 {
        self.pairs as f64
    }

    /// Whether it was shown before.
    pub(super) fn is_fixed(&self) -> bool {
        self.is_fixed
    }
}

/// The means of one measure while it is decided which are shown.
pub(super) struct Field<'a> {
    pub(super) measure: &'a Measure,
    pub(super) trees: Vec<Tree<'a>>,
    vocabulary: &'a Vocabulary,
    /// Of each cell of pairs.
    spreads: BTreeMap<Name, Spreads>,
    pub(super) printed: BTreeMap<Name, Printed>,
}

/// What was released of a cell in an earlier cut and stands, and the cut that it was drawn in.
pub(super) type Kept = BTreeMap<Name, (Row, String)>;

/// Puts the means that were asked for into the rows of a table.
pub(in crate::disclose::engine) fn fill(
    cut: &Cut<'_>,
    request: &Request,
    (ledger, kept): (&Ledger, &Kept),
    rows: &mut [Row],
) {
    let Some(measure) = request.measured.and_then(|place| cut.vocabulary.measures.get(place)) else { return };
    let own: BTreeSet<Name> = rows.iter().map(|row| row.name.clone()).collect();
    let elsewhere: Kept = { kept.iter() }
        .filter(|(name, _)| !own.contains(*name))
        .map(|(name, one)| (name.clone(), one.clone()))
        .collect();
    let (mut field, earlier) = Field::of(cut, measure, (ledger, &elsewhere), Some(request));
    for row in rows.iter().filter(|row| !earlier.contains(&row.name)) {
        // What an earlier cut printed of those who hardly changed is printed again.
        if row.means.is_some() { field.keep(row) } else { field.add(row) }
    }
    for row in rows.iter_mut() {
        row.means = None;
    }
    let siblings = Siblings::new(cut, measure, (ledger, kept));
    loop {
        let mut telling = field.telling();
        if telling.is_empty() {
            telling = siblings.telling(&field);
        }
        if telling.is_empty() {
            break;
        }
        field.printed.retain(|name, _| !telling.contains(name));
    }
    for row in rows.iter_mut().filter(|row| row.name.contains(&measure.pairs) && !row.shown.is_void()) {
        let printed = field.printed.get(&row.name);
        row.means = Some(printed.map_or(Averaged::Hidden, |printed| Averaged::Shown(printed.means)));
    }
}

/// The spreads of each cell of pairs.
fn spreads(cut: &Cut<'_>, cube: &Cube<'_>, measure: &Measure) -> Vec<(Name, Spreads)> {
    let mut scores: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
    for (codes, score) in cut.facts.scores(&measure.name) {
        for cell in cube.above(cube.place(codes)) {
            scores.entry(cell).or_default().push(score);
        }
    }
    let of = |(cell, mut scores): (usize, Vec<(f64, f64)>)| {
        let name = cube.name(cell);
        // In one order, so that the sums are the same to the last bit whatever the order of arrival.
        scores.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let pair = |(first, second): &(f64, f64)| Pair {
            scores: Scores { first: *first, second: *second },
            count: 1,
            completed: 0,
        };
        let spreads = Spreads::of(scores.iter().map(pair))?;
        name.contains(&measure.pairs).then_some((name, spreads))
    };
    scores.into_iter().filter_map(of).collect()
}

/// The crossings, as dimension and depth, that some cells stand in, without those that lie in another.
fn crossings<'n>(vocabulary: &Vocabulary, names: impl Iterator<Item = &'n Name>) -> Vec<Vec<(usize, usize)>> {
    let depth = |(dimension, node): &(usize, usize)| (*dimension, vocabulary.dimensions[*dimension].nodes[*node].depth);
    let all: BTreeSet<Vec<(usize, usize)>> = names.map(|name| name.iter().map(depth).collect()).collect();
    let lies_in = |one: &[(usize, usize)], other: &[(usize, usize)]| {
        one.iter().all(|(dimension, depth)| other.iter().any(|(of, deeper)| of == dimension && depth <= deeper))
    };
    let is_outermost = |one: &&Vec<(usize, usize)>| !all.iter().any(|other| other != *one && lies_in(one, other));
    all.iter().filter(is_outermost).cloned().collect()
}

impl<'a> Field<'a> {
    /// What was released of a measure, from this cut and from earlier ones whose figures stand, and which cells that was here.
    pub(super) fn of(
        cut: &Cut<'a>,
        measure: &'a Measure,
        (ledger, kept): (&Ledger, &Kept),
        asked: Option<&Request>,
    ) -> (Self, BTreeSet<Name>) {
        let place = cut.vocabulary.measures.iter().position(|known| known.name == measure.name);
        let earlier = |text: &str| Request::read(text, cut.vocabulary).ok().filter(|asked| asked.measured == place);
        let tables = ledger.released().iter();
        let before: Vec<(Request, &[Row])> =
            tables.filter_map(|table| Some((earlier(&table.split_by)?, &*table.rows))).collect();
        let kept: BTreeMap<&Name, &Row> = { kept.iter() }
            .filter(|(name, _)| name.contains(&measure.pairs))
            .map(|(name, (row, _))| (name, row))
            .collect();
        let crossed = before.iter().map(|(asked, _)| &asked.crossed).chain(asked.map(|asked| &asked.crossed));
        let crossed = crossed.cloned().chain(crossings(cut.vocabulary, kept.keys().copied()));
        let cubes: Vec<Cube<'a>> = crossed.map(|crossed| Cube::new(cut.vocabulary, &crossed)).collect();
        let spreads = cubes.iter().flat_map(|cube| spreads(cut, cube, measure)).collect();
        let trees = cubes.into_iter().map(|cube| Tree::new(cube, measure.pairs)).collect();
        let mut field = Self { measure, trees, vocabulary: cut.vocabulary, spreads, printed: BTreeMap::new() };
        let rows: BTreeMap<&Name, &Row> =
            before.iter().flat_map(|(_, rows)| *rows).map(|row| (&row.name, row)).collect();
        for (name, row) in kept.into_iter().filter(|(name, _)| !rows.contains_key(*name)) {
            field.keep(&Row { name: name.clone(), ..row.clone() });
        }
        for row in rows.values() {
            field.keep(row);
        }
        let names = rows.into_keys().cloned().collect();
        (field, names)
    }

    /// What its cells are named by.
    pub(super) fn vocabulary(&self) -> &'a Vocabulary {
        self.vocabulary
    }

    /// How many persons have scores in a cell.
    pub(super) fn persons(&self, name: &Name) -> u64 {
        self.spreads.get(name).map_or(0, |spreads| spreads.change.n)
    }

    /// Takes what was printed before.
    pub(super) fn keep(&mut self, row: &Row) {
        if let (Some(Averaged::Shown(means)), Some(pairs)) = (row.means, pairs(row)) {
            let now = self.spreads.get(&row.name).and_then(|spreads| Means::of(spreads, pairs, self.measure));
            let (truth, k, is_stale) = (self.persons(&row.name), row.k, now != Some(means));
            self.printed.insert(row.name.clone(), Printed { means, pairs, truth, k, is_fixed: true, is_stale });
        }
    }

    /// Takes what may be printed of a cell by itself.
    fn add(&mut self, row: &Row) {
        let (Some(pairs), Some(spreads)) = (pairs(row), self.spreads.get(&row.name)) else { return };
        let Some(means) = Means::of(spreads, pairs, self.measure) else { return };
        let printed = Printed { means, pairs, truth: spreads.change.n, k: row.k, is_fixed: false, is_stale: false };
        if self.leaves_range(&printed) {
            self.printed.insert(row.name.clone(), printed);
        }
    }

    /// Whether one person may have the lowest and one the highest score, by the means alone: nearly all at one end are a group disclosed.
    fn leaves_range(&self, printed: &Printed) -> bool {
        let Measure { lowest, highest, .. } = *self.measure;
        let (n, off) = (printed.pairs as f64, self.measure.step() / 2.0);
        let reaches = |mean: f64| n * (mean + off - lowest).min(highest - mean + off) >= highest - lowest;
        reaches(printed.means.mean_first) && reaches(printed.means.mean_second)
    }

    /// The smallest of each of some sets that together tell of a few.
    fn telling(&self) -> BTreeSet<Name> {
        let covers = self.trees.iter().flat_map(|tree| Covers::new(self, tree).all());
        let pairs = self.printed.keys().flat_map(|inner| {
            let outer = self.vocabulary.above(inner).into_iter().filter(|outer| self.printed.contains_key(outer));
            outer.map(move |outer| {
                let left = self.persons(&outer).saturating_sub(self.persons(inner));
                (outer, Cover { parts: vec![inner.clone()], left, is_whole: left == 0 })
            })
        });
        let mut chosen = BTreeSet::new();
        for (whole, cover) in covers.chain(pairs) {
            let involved = || cover.parts.iter().chain([&whole]);
            // What is to be hidden anyway tells nothing more.
            if !involved().any(|name| chosen.contains(name)) && self.tells(&whole, &cover) {
                chosen.extend(self.smallest(involved().cloned()));
            }
        }
        chosen
    }

    pub(super) fn smallest(&self, names: impl Iterator<Item = Name>) -> Option<Name> {
        let free = names.filter(|name| self.printed.get(name).is_some_and(|printed| !printed.is_fixed));
        free.min_by_key(|name| (self.printed[name].pairs, name.clone()))
    }

    /// Whether what is printed of a cell and of cells in it tells of fewer than are shown.
    fn tells(&self, whole: &Name, cover: &Cover) -> bool {
        let outer = &self.printed[whole];
        let parts: Vec<&Printed> = cover.parts.iter().map(|part| &self.printed[part]).collect();
        // Whoever is gone since one of them was printed is left over too.
        let is_stale = outer.is_stale || parts.iter().any(|part| part.is_stale);
        if parts.is_empty() || (cover.is_whole && !is_stale) {
            return false;
        }
        let few = cover.left.max(u64::from(is_stale));
        let in_truth = (1..outer.k).contains(&few) && !self.is_open((outer, &parts), Printed::in_truth, few as f64);
        in_truth || self.may_tell((outer, &parts), 1.0)
    }

    /// Whether the printed numbers could leave out fewer than are shown, of whom the figures would tell: kept back wherever they could, a mean
    /// does not say that so few are left. They are left of the whole (1), or of the parts where these hold the whole (-1).
    pub(super) fn may_tell(&self, (outer, parts): (&Printed, &[&Printed]), way: f64) -> bool {
        let left = way * (outer.told() - parts.iter().map(|part| part.told()).sum::<f64>());
        let off = ((parts.len() as u64 + 1) * (BASE - 1)) as f64;
        let few = (left + off).clamp(1.0, (outer.k - 1) as f64);
        left < (outer.k + BASE) as f64 && !self.is_open((outer, parts), Printed::told, way * few)
    }

    /// Whether whoever is left may have any scores, with these numbers behind the sets; below 0 are those who are in the parts alone.
    pub(super) fn is_open(
        &self,
        (outer, parts): (&Printed, &[&Printed]),
        number: impl Fn(&Printed) -> f64,
        left: f64,
    ) -> bool {
        let in_parts: f64 = parts.iter().map(|part| number(part)).sum();
        let range = (self.measure.lowest, self.measure.highest);
        let width = range.1 - range.0;
        [(0, range), (1, range), (2, (-width, width))].into_iter().all(|(which, range)| {
            let whole = self.known(outer, in_parts + left, which);
            let parts: Vec<Known> = parts.iter().map(|part| self.known(part, number(part), which)).collect();
            nested::is_open(&whole, &parts, range)
        })
    }

    /// What is known of the first scores, the second or the changes of a cell.
    fn known(&self, printed: &Printed, n: f64, which: u8) -> Known {
        let (means, off) = (&printed.means, self.measure.step() / 2.0);
        match which {
            0 => Known { n, mean: means.mean_first, mean_off: off, sd: Some((means.sd_first, off)) },
            1 => Known { n, mean: means.mean_second, mean_off: off, sd: Some((means.sd_second, off)) },
            _ => {
                let one = Spread { n: printed.pairs, mean: 0.0, sd: Some(1.0) }.interval().map(|(_, high)| high);
                let sd = means.interval.zip(one).map(|((low, high), one)| ((high - low) / 2.0 / one, off / one));
                Known { n, mean: means.mean_change, mean_off: 2.0 * off, sd }
            }
        }
    }
}
