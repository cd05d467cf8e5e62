//! Moving a whole register from one database into another, whatever their engines.
//!
//! Promises: every column of every table is named here once, which a test holds against the tables themselves; rows travel in pages, so
//! that memory stays bounded; what arrived is proved by a digest for each table and sender, read again on both sides.

/// Copying, table by table.
mod copy;
/// What a table holds of each sender, as a digest.
mod digest;
/// The tables and their columns.
mod table;

pub use copy::{Moved, TransferError, migrate};
pub use digest::Content;
pub use table::{Column, Kind, Place, TABLES, Table};

/// Rows in one page: enough to be fast, and a few megabytes at most.
pub(crate) const PAGE: usize = 500;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(Option<i64>),
    /// A double.
    Real(Option<f64>),
    /// Text.
    Text(Option<String>),
    /// Bytes.
    Blob(Option<Vec<u8>>),
}

/// The values of one row, in the order of the table's columns.
pub type Row = Vec<Value>;

#[cfg(test)]
mod tests;
