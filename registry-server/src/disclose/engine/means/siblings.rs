//! Means of the same instrument at other times: before and after lies within the last answer carried forward, and a follow-up begins at the
//! same first score, so that two means of nearly the same persons tell of the few who are in one of them only.
//!
//! Promises: where a cell with means and cells with means of another pair of times differ by fewer persons than are shown, the printed
//! figures leave open that those have the lowest scores and that they have the highest; else the new one is hidden. So are two that
//! each hold somebody whom the other does not, where these are fewer than are shown. Both rules are also held where the printed numbers
//! could be of so few, so that a hidden mean does not say that few are left.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Measure;
use super::cover::Covers;
use super::hiding::{Field, Kept, Printed};
use crate::disclose::engine::Cut;
use crate::disclose::engine::cube::Name;
use crate::disclose::engine::implied::Implied;
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::rounding::BASE;

/// What was printed of an instrument at other times.
pub(super) struct Siblings<'a> {
    cut: &'a Cut<'a>,
    fields: Vec<Field<'a>>,
    implied: Implied,
    /// Who has scores in a cell, by their places among the contributors.
    persons: RefCell<BTreeMap<Name, Rc<BTreeSet<usize>>>>,
}

/// A printed cell and printed cells of another field that are much of the same persons.
struct Pair<'f> {
    outer: (&'f Name, &'f Printed),
    of: &'f Field<'f>,
    parts: Vec<(Name, &'f Printed)>,
    within: &'f Field<'f>,
}

impl<'a> Siblings<'a> {
    /// What was released of the same scores as a measure's, now and in earlier cuts.
    pub(super) fn new(cut: &'a Cut<'a>, measure: &Measure, released: (&Ledger, &Kept)) -> Self {
        let known = cut.vocabulary.measures.iter();
        let others = known.filter(|other| other.of == measure.of && other.name != measure.name);
        let field = |other: &'a Measure| Field::of(cut, other, released, None).0;
        let fields = others.map(field).filter(|field| !field.printed.is_empty()).collect();
        Self { cut, fields, implied: Implied::of(cut.vocabulary), persons: RefCell::default() }
    }

    /// The smallest new cell of each of some sets that tell of a few together with what was printed at other times.
    pub(super) fn telling(&self, field: &Field<'_>) -> BTreeSet<Name> {
        let mut chosen = BTreeSet::new();
        for other in &self.fields {
            for pair in pairs(field, other).into_iter().chain(pairs(other, field)) {
                let involved = || pair.parts.iter().map(|(name, _)| name).chain([pair.outer.0]);
                // What is to be hidden anyway tells nothing more.
                if !involved().any(|name| chosen.contains(name)) && self.tells(&pair) {
                    chosen.extend(field.smallest(involved().cloned()));
                }
            }
        }
        chosen
    }

    fn tells(&self, pair: &Pair<'_>) -> bool {
        let (_, outer) = pair.outer;
        let printed: Vec<&Printed> = pair.parts.iter().map(|(_, printed)| *printed).collect();
        // Whoever is gone since one of them was printed is left over too.
        let is_stale = outer.is_stale || printed.iter().any(|part| part.is_stale);
        let (left, besides) = self.differ(pair);
        let few = (left + besides).max(u64::from(is_stale));
        let is_one_way = left == 0 || besides == 0;
        let way = if besides == 0 { 1.0 } else { -1.0 };
        let is_open = || is_one_way && pair.of.is_open((outer, &printed), Printed::in_truth, way * few as f64);
        let in_truth = (1..outer.k).contains(&few) && !is_open();
        !pair.is_fixed() && (in_truth || self.may_tell(pair, &printed))
    }

    /// Whether the printed numbers could be of sets that differ by fewer than are shown, of whom the figures would tell: kept back wherever
    /// they could be, a mean does not say that they are.
    fn may_tell(&self, pair: &Pair<'_>, parts: &[&Printed]) -> bool {
        let (whole, inner) = (pair.of.measure.pairs, pair.within.measure.pairs);
        if self.implied.implies(inner, whole) {
            return pair.of.may_tell((pair.outer.1, parts), 1.0);
        }
        if self.implied.implies(whole, inner) {
            // A part of less than the whole cell says nothing of who is in the part alone.
            let is_cover = pair.parts.len() > 1 || pair.is_of_one_cell();
            return is_cover && pair.of.may_tell((pair.outer.1, parts), -1.0);
        }
        // Sets that each may hold somebody else can only be nearly the same where both are of the same cell.
        let left = pair.outer.1.told() - parts.iter().map(|part| part.told()).sum::<f64>();
        left.abs() < (pair.outer.1.k + BASE) as f64 && pair.is_of_one_cell()
    }

    /// How many persons are in the whole alone, and in the parts alone; where they are more than are shown, some number of so many.
    fn differ(&self, pair: &Pair<'_>) -> (u64, u64) {
        let (whole, inside) =
            (pair.of.persons(pair.outer.0), { pair.parts.iter() }.map(|(part, _)| pair.within.persons(part)));
        let by_number = whole.abs_diff(inside.sum());
        if by_number >= pair.outer.1.k {
            return (by_number, 0);
        }
        let whole = self.persons(pair.of.measure, pair.outer.0);
        let parts = pair.parts.iter().map(|(part, _)| self.persons(pair.within.measure, part));
        let inside: BTreeSet<usize> = parts.flat_map(|part| part.iter().copied().collect::<Vec<_>>()).collect();
        (whole.difference(&inside).count() as u64, inside.difference(&whole).count() as u64)
    }

    fn persons(&self, measure: &Measure, name: &Name) -> Rc<BTreeSet<usize>> {
        let mut known = self.persons.borrow_mut();
        let found = || Rc::new(self.cut.facts.scored_in(&measure.name, name, self.cut.vocabulary));
        Rc::clone(known.entry(name.clone()).or_insert_with(found))
    }
}

impl Pair<'_> {
    /// Whether both are the same cell, of other scores.
    fn is_of_one_cell(&self) -> bool {
        let there = elsewhere(self.outer.0, self.of.measure, self.within.measure);
        matches!(&*self.parts, [(part, _)] if *part == there)
    }

    /// Whether all of it was printed before.
    fn is_fixed(&self) -> bool {
        self.outer.1.is_fixed() && self.parts.iter().all(|(_, printed)| printed.is_fixed())
    }
}

/// Each printed cell of a field with printed cells of another: those that cover most of it, and single ones in it.
fn pairs<'f>(of: &'f Field<'f>, within: &'f Field<'f>) -> Vec<Pair<'f>> {
    let part = |name: Name| {
        let printed = &within.printed[&name];
        (name, printed)
    };
    let mut all = Vec::new();
    let mut covers: Vec<Covers<'_>> = within.trees.iter().map(|tree| Covers::new(within, tree)).collect();
    for outer in &of.printed {
        let there = elsewhere(outer.0, of.measure, within.measure);
        for parts in covers.iter_mut().filter_map(|covers| covers.of(&there)) {
            all.push(Pair { outer, of, parts: parts.into_iter().map(part).collect(), within });
        }
    }
    for inner in within.printed.keys() {
        for there in within.vocabulary().above(inner).into_iter().chain([inner.clone()]) {
            if let Some(outer) = of.printed.get_key_value(&elsewhere(&there, within.measure, of.measure)) {
                all.push(Pair { outer, of, parts: vec![part(inner.clone())], within });
            }
        }
    }
    all
}

/// The cell of another measure's pairs.
fn elsewhere(name: &Name, measure: &Measure, other: &Measure) -> Name {
    let place = |place: &(usize, usize)| if *place == measure.pairs { other.pairs } else { *place };
    let mut name: Name = name.iter().map(place).collect();
    name.sort_unstable();
    name
}
