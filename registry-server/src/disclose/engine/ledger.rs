//! What was released from a cut: it is never taken back, and every further table is held against it.
//!
//! Promises: only tables that were cleared get in, by themselves or as they were kept under the seal. Source: disclosure, sections 1 and 14.

use std::collections::BTreeMap;

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::secret::Secret;
use crate::disclose::engine::stored::{self, Unreadable};
use crate::disclose::engine::table::{Disclosed, Row, Table};
use crate::disclose::engine::vocabulary::Vocabulary;

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

    /// The releases of a cut as they were kept, oldest first.
    ///
    /// # Errors
    /// A text that is not as this register wrote it for this cut.
    pub fn read<'t>(
        texts: impl IntoIterator<Item = &'t str>,
        vocabulary: &Vocabulary,
        secret: &Secret,
    ) -> Result<Self, Unreadable> {
        let read = texts.into_iter().map(|text| stored::read(text, vocabulary, secret));
        Ok(Self { released: read.collect::<Result<_, _>>()? })
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
