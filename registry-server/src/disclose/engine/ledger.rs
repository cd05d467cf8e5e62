//! What was released from a cut: it is never taken back, and every further table is held against it.
//!
//! Promises: only tables that were cleared get in. Source: disclosure, sections 1 and 14.

use std::collections::BTreeMap;

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::table::{Disclosed, Row, Table};

/// Every table released from one cut, oldest first.
#[derive(Debug, Default)]
pub struct Ledger {
    released: Vec<Disclosed<Table>>,
}

impl Ledger {
    /// Notes a release.
    pub fn add(&mut self, table: Disclosed<Table>) {
        self.released.push(table);
    }

    /// Every release, oldest first.
    #[must_use]
    pub fn released(&self) -> &[Disclosed<Table>] {
        &self.released
    }

    /// The answer that was given to the same question.
    pub(super) fn answer(&self, asked: &str) -> Option<&Disclosed<Table>> {
        self.released.iter().find(|table| table.asked == asked)
    }

    /// Every released cell. The same cell is the same in every table.
    pub(super) fn cells(&self) -> BTreeMap<Name, Row> {
        self.released.iter().flat_map(|table| &table.rows).map(|row| (row.name.clone(), row.clone())).collect()
    }
}
