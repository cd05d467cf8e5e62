//! What tables still tell those who may read them, beside the truth.
//!
//! Promises: every figure is held against persons counted anew; the same table under many keys, because one key's dice are one draw.

use std::collections::BTreeMap;

use registry_server::disclose::engine::Refusal;
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::Shown;

use super::space::Space;
use super::told::{self, Name};
use crate::crowd::Crowd;

/// What one table costs its readers.
#[derive(Debug, Clone)]
pub struct Utility {
    /// Under how many of the keys nothing was taken off what was asked for because too much would have been hidden.
    pub whole: u8,
    /// Under how many keys it was made.
    pub keys: u8,
    /// What it is split by under the last of them.
    pub split_by: String,
    /// Its cells.
    pub cells: usize,
    /// By how many persons shown counts are off, in the mean of their absolute values.
    pub off: f64,
    /// Mean of shown less true persons, over shown cells that sum over a dimension.
    pub bias: f64,
    /// Hidden cells, of all.
    pub hidden: f64,
    /// Cells of too few persons to be shown by themselves, of all.
    pub few: f64,
}

impl Utility {
    /// Whether it is what was asked for and keeps what was promised of an ordinary register.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.whole == self.keys && self.off <= 1.8 && self.bias.abs() < 0.1 && self.hidden <= 0.25
    }
}

/// What the table that is asked for costs, under so many keys.
///
/// # Errors
/// None leaves.
pub fn utility(crowd: &Crowd, asked: &str, keys: u8) -> Result<Utility, Refusal> {
    let facts = crowd.facts(0);
    let mut sums = Sums::default();
    let mut truth: BTreeMap<Name, f64> = BTreeMap::new();
    let (mut whole, mut split_by) = (0, String::new());
    for key in 0..keys {
        let table = crowd.table(&facts, asked, (&Ledger::default(), key))?;
        let told = told::all(&crowd.dimensions, &[(*table).clone()]);
        if split_by != table.split_by {
            let space = Space::new(&crowd.dimensions, &told, &crowd.persons);
            truth.extend(told.keys().map(|name| (name.clone(), space.persons(name))));
            split_by.clone_from(&table.split_by);
        }
        whole += u8::from(table.split_by == table.asked);
        for row in &table.rows {
            let name = told::named(&crowd.dimensions, &table.columns, &row.codes);
            let behind = (truth[&name], told[&name].k);
            sums.add(row.shown, behind, row.codes.iter().any(|code| code == "ALL"));
        }
    }
    Ok(Utility { whole, split_by, ..sums.utility(keys) })
}

/// What is added up over all keys.
#[derive(Default)]
struct Sums {
    cells: usize,
    hidden: usize,
    few: usize,
    shown: f64,
    off: f64,
    totals: f64,
    bias: f64,
}

impl Sums {
    fn add(&mut self, shown: Shown, (truth, least): (f64, u64), is_total: bool) {
        self.cells += 1;
        self.few += usize::from(truth < least as f64);
        let Shown::Count(count) = shown else {
            self.hidden += usize::from(shown == Shown::Hidden);
            return;
        };
        let off = count as f64 - truth;
        (self.shown, self.off) = (self.shown + 1.0, self.off + off.abs());
        if is_total {
            (self.totals, self.bias) = (self.totals + 1.0, self.bias + off);
        }
    }

    fn utility(self, keys: u8) -> Utility {
        Utility {
            whole: 0,
            keys,
            split_by: String::new(),
            cells: self.cells / usize::from(keys).max(1),
            off: self.off / self.shown.max(1.0),
            bias: self.bias / self.totals.max(1.0),
            hidden: self.hidden as f64 / self.cells.max(1) as f64,
            few: self.few as f64 / self.cells.max(1) as f64,
        }
    }
}
