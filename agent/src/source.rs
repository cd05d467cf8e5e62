//! Where rows come from: the region's own systems, read only.
//!
//! Promises: reads and never writes; yields rows of text under the contract's column names, missing optional columns as absent; what
//! a row holds is identifiable and is therefore neither serialisable nor printable.
//! Must not know: what a value means.

mod query;
mod sql;

#[cfg(test)]
mod tests;

pub use query::{Since, uses_since};
pub use sql::{Rows, SqlSource};

use std::fmt;

/// The columns of a query that the agent reads, and which of them it cannot do without (contract 2.1 to 2.3).
#[derive(Debug, PartialEq, Eq)]
pub struct Columns {
    /// Name of the query in the configuration.
    pub query: &'static str,
    /// Column names.
    pub names: &'static [&'static str],
    /// How many of the names, from the first, are needed.
    pub needed: usize,
}

/// Columns of `treatments`.
pub const TREATMENTS: Columns = Columns {
    query: "treatments",
    names: &[
        "treatment_id",
        "person_id",
        "unit_id",
        "programme",
        "status",
        "started_on",
        "ended_on",
        "person_id_system",
        "unit_id_end",
        "programme_version",
        "end_reason",
        "referred_on",
        "assessed_on",
        "sex",
        "birth_year",
        "diagnosis",
        "modules_total",
        "modules_completed",
        "therapist_minutes",
        "messages",
        "sick_leave_before",
        "sick_leave_after",
        "test_patient",
        "protected_identity",
        "updated_at",
    ],
    needed: 7,
};

/// Columns of `measurements`.
pub const MEASUREMENTS: Columns = Columns {
    query: "measurements",
    names: &["treatment_id", "instrument", "timepoint", "answered_on", "score", "items", "updated_at"],
    needed: 5,
};

/// Columns of `units`.
pub const UNITS: Columns = Columns {
    query: "units",
    names: &[
        "unit_id",
        "name",
        "care_level",
        "ownership",
        "county",
        "care_provider_id",
        "municipality",
        "valid_from",
        "valid_to",
        "successor_id",
    ],
    needed: 4,
};

/// One row as text, identifiable. Made only by a source.
pub struct SourceRow {
    columns: &'static Columns,
    values: Vec<Option<String>>,
}

impl SourceRow {
    pub(in crate::source) fn new(columns: &'static Columns, values: Vec<Option<String>>) -> Self {
        Self { columns, values }
    }

    /// The trimmed text of a column; absent when the source has no such column, NULL or nothing but space.
    ///
    /// # Panics
    /// When the name is none of the query's columns, which is a mistake of the caller.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let index =
            self.columns.names.iter().position(|n| *n == name).expect("the caller names a column of this query");
        self.values[index].as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for SourceRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceRow({})", self.columns.names.join(", "))
    }
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The database is not there or does not answer; try again later.
    #[error("the source is not reachable: {0}")]
    Unreachable(String),
    /// A query cannot be used as it stands.
    #[error("[source] {0}")]
    Query(String),
}
