//! INSERT statements for many rows at once: one call for a hundred rows instead of one for each.
//!
//! Promises: a full statement has one text for the life of the program, so that it is prepared once a connection; the rest of the rows
//! go with one shorter statement.

use std::sync::{Arc, OnceLock};

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection};

/// Rows in a full statement: enough to be fast, well below SQLite's limit of bound values.
const FULL: usize = 100;

/// A statement of three parts: what stands before the rows, one row, what stands after.
pub(super) struct Many {
    head: &'static str,
    row: &'static str,
    tail: &'static str,
    full: OnceLock<Arc<str>>,
}

/// A statement that takes its values.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

impl Many {
    /// A statement, for example of `INSERT INTO t (a, b) VALUES`, `(?, ?)` and nothing.
    pub(super) const fn new(head: &'static str, row: &'static str, tail: &'static str) -> Self {
        Self { head, row, tail, full: OnceLock::new() }
    }

    /// Inserts all rows; `bind` gives the values of one to the statement.
    pub(super) async fn insert<'r, T>(
        &'static self,
        connection: &mut SqliteConnection,
        rows: &'r [T],
        bind: impl Fn(Statement<'r>, &'r T) -> Statement<'r>,
    ) -> Result<(), sqlx::Error> {
        for chunk in rows.chunks(FULL) {
            let is_full = chunk.len() == FULL;
            let text =
                if is_full { Arc::clone(self.full.get_or_init(|| self.text(FULL))) } else { self.text(chunk.len()) };
            let statement = sqlx::query(AssertSqlSafe(text)).persistent(is_full);
            chunk.iter().fold(statement, &bind).execute(&mut *connection).await?;
        }
        Ok(())
    }

    fn text(&self, rows: usize) -> Arc<str> {
        let Self { head, row, tail, .. } = self;
        format!("{head} {}{tail}", vec![*row; rows].join(", ")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_its_row_once_for_each() {
        let many = Many::new("INSERT INTO t (a) VALUES", "(?)", " ON CONFLICT DO NOTHING");
        assert_eq!(&*many.text(3), "INSERT INTO t (a) VALUES (?), (?), (?) ON CONFLICT DO NOTHING");
    }
}
