//! What can be wrong with a code list file, said so that its owner finds the place.
//!
//! Promises: file, line and column are those of the text that was read. Must not know: what the list is used for.

use std::fmt;

/// A fault in a code list file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CodeListError {
    /// The file's name.
    pub file: String,
    /// The line in it, from 1, the header included.
    pub line: u64,
    /// The column's name, where the fault lies in one column.
    pub column: Option<String>,
    /// What is wrong and what to do, one clause without a full stop.
    pub message: String,
}

impl fmt::Display for CodeListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A fault inside one line, before it is known where the line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) column: &'static str,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(column: &'static str, message: impl Into<String>) -> Self {
        Self { column, message: message.into() }
    }
}
