//! Rows as they travel from a source to the mapping: some hundred at a time in one piece of text, so that a row costs no allocation.
//!
//! Promises: what a row holds is identifiable and is therefore neither serialisable nor printable.
//! Must not know: what a value means.

use std::fmt;

use jiff::Timestamp;
use schemas::rule::Rule;

use super::Columns;

/// Rows of a page, so many that handing it over costs nothing and so few that memory stays small.
const MOST_ROWS: usize = 500;
/// Bytes of a page after which no further row is begun.
const MOST_BYTES: usize = 256 << 10;

/// Some rows of one query. Made only by a source.
pub struct Page {
    columns: &'static Columns,
    order: u32,
    text: String,
    /// Where each value ends in the text, row after row; a value that is absent is empty.
    ends: Vec<usize>,
    /// Rows that cannot be trusted as they stand, in order, each with the rule that its form breaks.
    faults: Vec<(usize, Rule)>,
}

impl Page {
    /// A page without rows; `order` is the place of its file among the source's files, 0 in a database.
    pub(in crate::source) fn new(columns: &'static Columns, order: u32) -> Self {
        Self { columns, order, text: String::new(), ends: Vec::new(), faults: Vec::new() }
    }

    /// Adds the next value of the row that is being filled; a row is whole when each column has one.
    pub(in crate::source) fn add(&mut self, value: &str) {
        self.add_with(|text| text.push_str(value));
    }

    /// Adds the next value as whatever `write` appends.
    pub(in crate::source) fn add_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// Marks the row that is filled next, or being filled: its form breaks a rule, whatever its values say.
    pub(in crate::source) fn add_fault(&mut self, rule: Rule) {
        self.faults.push((self.len(), rule));
    }

    /// Whether it holds enough to be handed over.
    pub(in crate::source) fn is_full(&self) -> bool {
        self.len() >= MOST_ROWS || self.text.len() >= MOST_BYTES
    }

    /// Takes the rows out; the page is empty afterwards and may be filled again.
    pub(in crate::source) fn take(&mut self) -> Self {
        let (text, ends) = (String::with_capacity(self.text.capacity()), Vec::with_capacity(self.ends.capacity()));
        std::mem::replace(self, Self { text, ends, ..Self::new(self.columns, self.order) })
    }

    /// Whole rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() / self.columns.names.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in the order of the source.
    pub fn rows(&self) -> impl Iterator<Item = SourceRow<'_>> {
        (0..self.len()).map(|row| SourceRow { page: self, first: row * self.columns.names.len() })
    }
}

/// Where a column stands in the rows of its query: looked up once, where the program is built, instead of in each of millions of rows.
#[derive(Debug, Clone, Copy)]
pub struct ColumnPlace {
    name: &'static str,
    index: usize,
}

impl Columns {
    /// The place of a column of this query.
    ///
    /// # Panics
    /// When the name is none of the query's columns; in a constant, when the program is built.
    #[must_use]
    pub const fn place(&self, name: &'static str) -> ColumnPlace {
        let mut index = 0;
        while !is_same(self.names[index].as_bytes(), name.as_bytes()) {
            index += 1;
        }
        ColumnPlace { name, index }
    }
}

/// Comparing texts is not possible in a constant yet.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// One row as text, identifiable.
#[derive(Clone, Copy)]
pub struct SourceRow<'a> {
    page: &'a Page,
    first: usize,
}

impl<'a> SourceRow<'a> {
    /// The trimmed text of a column; absent when the source has no such column, NULL or nothing but space.
    ///
    /// # Panics
    /// When the name is none of the query's columns, which is a mistake of the caller.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        Some(self.as_written(name).trim()).filter(|text| !text.is_empty())
    }

    /// Likewise the text of a column whose place in the row's own query is known.
    #[must_use]
    pub fn at(&self, place: ColumnPlace) -> Option<&'a str> {
        debug_assert_eq!(self.page.columns.names[place.index], place.name, "the place is of another query");
        Some(self.text(place.index).trim()).filter(|text| !text.is_empty())
    }

    /// Whether the row's query has a column of this name among the contract's.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.page.columns.names.contains(&name)
    }

    /// The text of a column with its surrounding space; empty when there is none.
    ///
    /// # Panics
    /// When the name is none of the query's columns, which is a mistake of the caller.
    #[must_use]
    pub fn as_written(&self, name: &str) -> &'a str {
        let names = self.page.columns.names;
        self.text(names.iter().position(|n| *n == name).expect("the caller names a column of this query"))
    }

    fn text(&self, column: usize) -> &'a str {
        let index = self.first + column;
        let start = if index == 0 { 0 } else { self.page.ends[index - 1] };
        &self.page.text[start..self.page.ends[index]]
    }

    /// The rule that the row breaks by its form: its values are then not to be trusted, and its id may name a file and a line.
    #[must_use]
    pub fn fault(&self) -> Option<Rule> {
        let row = self.first / self.page.columns.names.len();
        let found = self.page.faults.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(self.page.faults[found].1)
    }

    /// How new the row is among rows of the same treatment; `updated_at` is the row's own time, read.
    #[must_use]
    pub fn recency(&self, updated_at: Option<Timestamp>) -> Recency {
        Recency { order: self.page.order, updated_at }
    }
}

impl fmt::Debug for SourceRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceRow({})", self.page.columns.names.join(", "))
    }
}

/// How new a row is: a later file comes before a later time, and no time is older than any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recency {
    /// Place of the row's file among the source's files, 0 in a database.
    pub order: u32,
    /// When the row was last changed, by the source's own clock.
    pub updated_at: Option<Timestamp>,
}
