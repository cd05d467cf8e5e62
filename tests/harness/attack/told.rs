//! What released tables tell everybody of each cell.
//!
//! Promises: a cell is told once, whatever tables it stands in; a rounded figure stands for at most four more or fewer.

use std::collections::BTreeMap;

use registry_server::disclose::engine::table::{Shown, Table};

use crate::crowd::dimension::Dimension;

/// The codes that a cell is narrowed to, by dimension.
pub type Name = Vec<(usize, usize)>;

/// What is told of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// From and to how many persons; nothing where it is hidden.
    pub shown: Option<(u64, u64)>,
    /// The fewest persons that such a cell is shown from.
    pub k: u64,
    /// How many units treated them, where that is told.
    pub units: Option<usize>,
}

/// Every released cell.
pub type All = BTreeMap<Name, Told>;

/// Fewer persons are never shown.
const FEW: u64 = 5;
/// A figure is rounded to a multiple of 5.
const OFF: u64 = 4;

/// The fewest persons that a cell of this name is shown from.
#[must_use]
pub fn least(dimensions: &[Dimension], name: &Name) -> u64 {
    name.iter().map(|(dimension, _)| dimensions[*dimension].least).fold(FEW, u64::max)
}

/// What the tables tell, together.
///
/// # Panics
/// The same cell is told in two ways, or under codes that nobody knows.
#[must_use]
pub fn all(dimensions: &[Dimension], tables: &[Table]) -> All {
    let mut all = All::new();
    for table in tables {
        for row in &table.rows {
            let name = named(dimensions, &table.columns, &row.codes);
            let k = least(dimensions, &name);
            let shown = match row.shown {
                Shown::Count(count) => Some((count.saturating_sub(OFF).max(k), count + OFF)),
                Shown::Hidden => None,
                // Nobody is there, as everybody knows.
                _ => Some((0, 0)),
            };
            let told = Told { shown, k, units: row.units };
            let before = all.insert(name, told);
            assert!(before.is_none_or(|before| before == told), "a cell is the same in every table");
        }
    }
    all
}

/// Cells that the tables tell of in two ways.
///
/// # Panics
/// Codes that nobody knows.
#[must_use]
pub fn contradictions(dimensions: &[Dimension], tables: &[Table]) -> usize {
    let mut all: BTreeMap<Name, Shown> = BTreeMap::new();
    let told = tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    told.filter(|(table, row)| {
        let name = named(dimensions, &table.columns, &row.codes);
        *all.entry(name).or_insert(row.shown) != row.shown
    })
    .count()
}

/// The name of a row.
pub(super) fn named(dimensions: &[Dimension], columns: &[String], codes: &[String]) -> Name {
    let place = |(column, code): (&String, &String)| {
        let dimension = dimensions.iter().position(|known| known.name == column).expect("a registered dimension");
        (dimension, dimensions[dimension].code(code).expect("a registered code"))
    };
    let mut name: Name = columns.iter().zip(codes).filter(|(_, code)| *code != "ALL").map(place).collect();
    name.sort_unstable();
    name
}

/// Whether everybody of one cell is in another.
#[must_use]
pub fn holds(dimensions: &[Dimension], outer: &Name, inner: &Name) -> bool {
    let narrows = |(dimension, code): &(usize, usize)| {
        let known = &dimensions[*dimension];
        let of = inner.iter().find(|(other, _)| other == dimension);
        of.is_some_and(|(_, of)| known.at(*of, known.codes[*code].depth) == *code)
    };
    outer.iter().all(narrows)
}

/// Every released cell with those that add up to it along one dimension, where all of them were released.
#[must_use]
pub fn sums(dimensions: &[Dimension], all: &All) -> Vec<(Name, Vec<Name>)> {
    let mut sums = Vec::new();
    for name in all.keys() {
        for (place, dimension) in dimensions.iter().enumerate() {
            let own = name.iter().find(|(other, _)| *other == place).map(|(_, code)| *code);
            let below = |code: &usize| dimension.codes[*code].above == own;
            let part = |code: usize| {
                let mut part: Name = name.iter().copied().filter(|(other, _)| *other != place).collect();
                part.push((place, code));
                part.sort_unstable();
                part
            };
            let parts: Vec<Name> = (0..dimension.codes.len()).filter(below).map(part).collect();
            if !parts.is_empty() && parts.iter().all(|part| all.contains_key(part)) {
                sums.push((name.clone(), parts));
            }
        }
    }
    sums
}
