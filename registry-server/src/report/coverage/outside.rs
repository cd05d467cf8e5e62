//! The outside denominators: ended treatments as somebody else counts them, a month and spot each.
//!
//! Promises: a line without a unit (or programme) stands for all of them and comes before the sum of finer lines; finer lines are summed
//! only where they tell every unit and programme of which the register has treatments there; of a sum over units and one over
//! programmes the one that tells more stands.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::aggregate::structure::Structure;
use crate::fact::Denominator;
use crate::report::months;
use crate::report::spot::{Depth, Spot};

/// What is told of a spot, of a row or of a whole table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told<'a> {
    /// Ended treatments in all lines.
    pub(super) ended: u64,
    /// Who told them.
    pub(super) sources: BTreeSet<&'a str>,
    /// Whether something is not told of which the register has treatments.
    pub(super) partly: bool,
}

impl Told<'_> {
    /// Nothing, though the register has treatments there.
    fn nothing() -> Self {
        Self { partly: true, ..Self::default() }
    }

    /// Whether any line stands behind it.
    pub(super) fn is_told(&self) -> bool {
        !self.sources.is_empty()
    }

    /// Whether it tells everything.
    pub(super) fn is_whole(&self) -> bool {
        self.is_told() && !self.partly
    }

    /// Takes in another part.
    pub(super) fn join(&mut self, other: &Self) {
        self.ended += other.ended;
        self.sources.extend(&other.sources);
        self.partly |= other.partly;
    }
}

/// A month at a spot.
pub(super) type Cell<'a> = (Spot<'a>, Date);

/// What is told at one depth.
pub(super) type Level<'a> = BTreeMap<Cell<'a>, Told<'a>>;

/// What is told at each depth, in the order of [`Depth::ALL`]; `known` is where the register has treatments.
pub(super) fn levels<'a>(
    denominators: &'a [Denominator],
    structure: &Structure<'a>,
    known: &BTreeSet<Cell<'a>>,
) -> [(Depth, Level<'a>); 4] {
    let direct = lines(denominators, structure, known);
    let of = |depth: Depth| {
        direct.iter().filter(move |((spot, _), _)| {
            (spot.unit.is_some(), spot.programme.is_some()) == (depth.unit, depth.programme)
        })
    };
    let [all, programmes, units, both] = Depth::ALL;
    let mut finest: Level = known.iter().map(|cell| (*cell, Told::nothing())).collect();
    finest.extend(of(both).map(|(cell, told)| (*cell, told.clone())));
    let coarser = |depth: Depth, finer: &Level<'a>| {
        let mut level = sum(depth, finer);
        level.extend(of(depth).map(|(cell, told)| (*cell, told.clone())));
        level
    };
    let (by_unit, by_programme) = (coarser(units, &finest), coarser(programmes, &finest));
    let mut coarsest = sum(all, &by_programme);
    for (cell, told) in sum(all, &by_unit) {
        let other = coarsest.entry(cell).or_default();
        if (other.is_whole(), other.ended) < (told.is_whole(), told.ended) {
            *other = told;
        }
    }
    coarsest.extend(of(all).map(|(cell, told)| (*cell, told.clone())));
    [(all, coarsest), (programmes, by_programme), (units, by_unit), (both, finest)]
}

/// The lines themselves; several of one spot, after a change of structure, are one.
fn lines<'a>(denominators: &'a [Denominator], structure: &Structure<'a>, known: &BTreeSet<Cell<'a>>) -> Level<'a> {
    let described: BTreeMap<(&str, &str), _> =
        known.iter().filter_map(|(spot, _)| Some(((spot.region, spot.unit?.unit), spot.unit))).collect();
    let mut lines = Level::new();
    for line in denominators {
        let Some(month) = months::first_day(&line.month) else { continue };
        let programme = line.programme.as_deref().map(|code| structure.programme_now(code));
        let place = structure.named_place(&line.region, line.unit.as_deref().unwrap_or_default());
        let mut spot = Spot::of(&place, programme);
        spot.unit = match line.unit {
            Some(_) => described.get(&(spot.region, place.unit)).copied().unwrap_or(spot.unit),
            None => None,
        };
        let told = Told { ended: line.ended, sources: BTreeSet::from([line.source.as_str()]), partly: false };
        lines.entry((spot, month)).or_default().join(&told);
    }
    lines
}

/// A finer level, summed up to a depth.
fn sum<'a>(depth: Depth, finer: &Level<'a>) -> Level<'a> {
    let mut level = Level::new();
    for ((spot, month), told) in finer {
        level.entry((depth.cut(*spot), *month)).or_default().join(told);
    }
    level
}
