//! A region's own query: what it yields, and the statements that ask it.
//!
//! Promises: a missing column is told by its name; the query's text stands in a statement as it was written, as a derived table.

use super::kind::Kind;
use crate::source::query::{self, Since};
use crate::source::{Columns, Rows, SourceError};

/// A column as a database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// What the query calls it.
    pub(super) name: String,
    /// What kind of values it holds.
    pub(super) kind: Kind,
}

/// How an engine's SQL differs.
pub(super) struct Dialect {
    /// The quotation mark of names.
    pub(super) quote: char,
    /// The expression by which a float of four bytes shows all its digits.
    pub(super) single: fn(String) -> String,
}

/// A query and the columns that it yields.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// The columns that the agent reads.
    pub(super) columns: &'static Columns,
    text: String,
    /// What the query itself calls each of them.
    found: Vec<Option<Column>>,
}

/// The statement that shows all columns of a query.
pub(super) fn of_columns(text: &str) -> String {
    format!("SELECT * FROM ({}) q", query::fill(text, Since::Beginning))
}

impl Query {
    /// Finds the columns among those that the query yields.
    pub(super) fn new(columns: &'static Columns, text: &str, yielded: &[Column]) -> Result<Self, SourceError> {
        let found: Vec<Option<Column>> = columns
            .names
            .iter()
            .map(|name| yielded.iter().find(|column| column.name.eq_ignore_ascii_case(name)).cloned())
            .collect();
        let missing: Vec<&str> =
            columns.names[..columns.needed].iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(n, _)| *n).collect();
        if !missing.is_empty() {
            return Err(SourceError::Query(format!(
                "{}: the query must also yield the column {}; name it with AS",
                columns.query,
                missing.join(", ")
            )));
        }
        let updated_at = columns.names.iter().position(|n| *n == "updated_at");
        if query::uses_since(text) && updated_at.is_some_and(|at| found[at].is_none()) {
            return Err(SourceError::Query(format!(
                "{}: a query with :since must also yield updated_at, which tells where the next increment begins",
                columns.query
            )));
        }
        Ok(Self { columns, text: text.to_owned(), found })
    }

    /// The statement for the query's columns in the contract's order, absent ones as NULL, with the rows since a moment; `filter`
    /// stands behind it.
    pub(super) fn select(&self, since: Since, dialect: &Dialect, filter: &str) -> String {
        let columns: Vec<String> = self.found.iter().map(|found| dialect.value(found.as_ref())).collect();
        format!("SELECT {} FROM ({}) q{filter}", columns.join(", "), query::fill(&self.text, since))
    }

    /// The same for rows; of some ids at least theirs.
    pub(super) fn select_rows(&self, rows: Rows<'_>, dialect: &Dialect) -> String {
        match rows {
            Rows::Since(since) => self.select(since, dialect, ""),
            Rows::Of(ids) => {
                let condition = self.kinds()[0].holds_one_of(&self.treatment_id(dialect), ids);
                let filter = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
                self.select(Since::Beginning, dialect, &filter)
            }
        }
    }

    /// The query's own name of a treatment's id, quoted.
    pub(super) fn treatment_id(&self, dialect: &Dialect) -> String {
        dialect.name(self.found[0].as_ref())
    }

    /// Whether the query yields a column.
    pub(super) fn yields(&self, name: &str) -> bool {
        self.columns.names.iter().zip(&self.found).any(|(column, found)| *column == name && found.is_some())
    }

    /// What kind of values stands in each of the agent's columns.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.found.iter().map(|found| found.as_ref().map_or(Kind::Other, |column| column.kind)).collect()
    }
}

impl Dialect {
    fn name(&self, column: Option<&Column>) -> String {
        let quote = self.quote;
        column.map_or("NULL".into(), |Column { name, .. }| {
            format!("q.{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
        })
    }

    fn value(&self, column: Option<&Column>) -> String {
        let name = self.name(column);
        if column.is_some_and(|column| column.kind == Kind::Single) { (self.single)(name) } else { name }
    }
}
