//! A SQLite file as a source, read in this process on a thread of its own.
//!
//! Promises: opened read-only; SQLite's sorter keeps to memory, and a treatments query that would sort or materialise rows with
//! identities is refused.

use std::fmt::{Display, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde_json::Value;
use tokio::sync::mpsc;

use super::kind::Kind;
use super::server::received;
use super::{Column, Dialect, Query};
use crate::source::query::Since;
use crate::source::{Columns, Page, Pages, Rows, SourceError};

/// Pages that wait between the reading thread and the mapping.
const AHEAD: usize = 4;

/// How names are written.
const DIALECT: Dialect = Dialect { quote: '"', single: |column| column };

/// An open file.
#[derive(Debug, Clone)]
pub(super) struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    /// Opens a file by its address.
    pub(super) async fn open(url: &str) -> Result<Self, SourceError> {
        let file = PathBuf::from(url.strip_prefix("sqlite://").unwrap_or(url));
        if !file.is_file() {
            let path = file.display();
            return Err(SourceError::Unreachable(format!("there is no database file at {path}; check [source] url")));
        }
        beside(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&file, flags).map_err(|error| unreachable(&error))?;
            connection
                .execute_batch("PRAGMA temp_store = MEMORY; PRAGMA query_only = ON; PRAGMA busy_timeout = 5000;")
                .map_err(|error| unreachable(&error))?;
            Ok(Self(Arc::new(Mutex::new(connection))))
        })
        .await
    }

    /// The columns that a statement yields; every value has a type of its own here.
    pub(super) async fn columns(&self, columns: &'static Columns, sql: String) -> Result<Vec<Column>, SourceError> {
        self.with(move |connection| {
            let statement = connection.prepare(&sql).map_err(|error| failed(columns, &error))?;
            let column = |name: &str| Column { name: name.to_owned(), kind: Kind::Text };
            Ok(statement.column_names().into_iter().map(column).collect())
        })
        .await
    }

    /// SQLite may spill what it sorts to the disk; rows with identities must be read in table order.
    pub(super) async fn refuse_sorting(&self, query: &Query) -> Result<(), SourceError> {
        let sql = format!("EXPLAIN QUERY PLAN {}", query.select(Since::Beginning, &DIALECT, ""));
        let columns = query.columns;
        let steps: Vec<String> = self
            .with(move |connection| {
                let mut statement = connection.prepare(&sql).map_err(|error| failed(columns, &error))?;
                let steps = statement.query_map([], |row| row.get("detail"));
                steps.and_then(Iterator::collect).map_err(|error| failed(columns, &error))
            })
            .await?;
        match steps
            .iter()
            .find(|step| step.contains("TEMP B-TREE") || step.starts_with("MATERIALIZE") || step.contains("AUTOMATIC"))
        {
            None => Ok(()),
            Some(step) => Err(SourceError::Query(format!(
                "treatments: the query makes SQLite keep rows with identities in a temporary table ({step}); leave out ORDER BY, \
                 GROUP BY, DISTINCT and UNION, or add the index that the join needs"
            ))),
        }
    }

    /// The rows of a query. Those of some ids are looked up by an index where there is one: an id is compared as text, as the bytes of
    /// that text and, when it is the text of a number, as that number too.
    pub(super) fn read(&self, query: &Query, rows: Rows<'_>) -> Pages<'static> {
        let (sql, ids) = statement(query, rows);
        let (pages, receiver) = mpsc::channel(AHEAD);
        let (database, columns) = (self.clone(), query.columns);
        tokio::task::spawn_blocking(move || {
            let connection = database.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = send_rows(&connection, (columns, &sql, ids), &pages) {
                // Nobody hears it when the reader has gone.
                let _ = pages.blocking_send(Err(failed(columns, &error)));
            }
        });
        received(receiver)
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let database = self.clone();
        beside(move || work(&database.0.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

/// Runs what waits for the disk beside the event loop.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|_| Err(SourceError::Unreachable("reading was broken off; try again".into())))
}

fn send_rows(
    connection: &Connection,
    (columns, sql, ids): (&'static Columns, &str, Option<String>),
    pages: &mpsc::Sender<Result<Page, SourceError>>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(ids))?;
    let mut page = Page::new(columns, 0);
    while let Some(row) = rows.next()? {
        for index in 0..columns.names.len() {
            add(&mut page, row.get_ref(index)?);
        }
        if page.is_full() && pages.blocking_send(Ok(page.take())).is_err() {
            return Ok(());
        }
    }
    if !page.is_empty() {
        // Nobody misses the last page when the reader has gone.
        let _ = pages.blocking_send(Ok(page));
    }
    Ok(())
}

/// A value as text that loses nothing: doubles in the shortest form that reads back the same.
fn add(page: &mut Page, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => page.add(""),
        ValueRef::Integer(number) => page.add_with(|text| append(text, number)),
        ValueRef::Real(number) => page.add_with(|text| match whole(number) {
            Some(whole) => append(text, whole),
            None => append(text, number),
        }),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(value) => page.add(value),
            Err(_) => page.add(&String::from_utf8_lossy(bytes)),
        },
    }
}

/// A double that is written as the whole number it is, which is quicker; most scores are.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "what is cut off shows in the comparison")]
    let whole = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "a whole number below 2^53 loses nothing")]
    let same = whole.unsigned_abs() < 1 << 53 && (whole as f64).to_bits() == number.to_bits();
    same.then_some(whole)
}

fn append(text: &mut String, number: impl Display) {
    write!(text, "{number}").expect("writing to a text in memory cannot fail");
}

/// The statement for rows, and the ids that go into it.
pub(super) fn statement(query: &Query, rows: Rows<'_>) -> (String, Option<String>) {
    match rows {
        Rows::Since(since) => (query.select(since, &DIALECT, ""), None),
        Rows::Of(ids) => {
            let filter = format!(
                " WHERE {} IN (SELECT value FROM json_each(?1) UNION ALL SELECT CAST(value AS BLOB) FROM json_each(?1))",
                query.treatment_id(&DIALECT)
            );
            (query.select(Since::Beginning, &DIALECT, &filter), Some(values(ids).to_string()))
        }
    }
}

/// The stored values that [`add`] writes as these ids.
fn values(ids: &[String]) -> Value {
    let numbers = ids.iter().filter_map(|id| {
        let whole = id.parse::<i64>().ok().filter(|number| number.to_string() == *id).map(Value::from);
        whole.or_else(|| id.parse::<f64>().ok().filter(|number| number.to_string() == *id).map(Value::from))
    });
    ids.iter().map(|id| Value::from(id.as_str())).chain(numbers).collect()
}

fn unreachable(error: &rusqlite::Error) -> SourceError {
    SourceError::Unreachable(format!(
        "{}; check [source] url, and that the agent's account may read the file",
        words(error)
    ))
}

/// A query that is wrong in itself, or a database that cannot answer now.
fn failed(columns: &Columns, error: &rusqlite::Error) -> SourceError {
    let message = format!("{}: {}", columns.query, words(error));
    // SQLite's plain error speaks of the statement; all others of the file, its locks or the disk.
    let refused = match error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.code == ErrorCode::Unknown && failure.extended_code == 1,
        _ => true,
    };
    if refused {
        SourceError::Query(format!("{message}; correct the query"))
    } else {
        let file =
            matches!(error, rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::NotADatabase);
        let remedy = if file { "check [source] url" } else { "try again later" };
        SourceError::Unreachable(format!("{message}; {remedy}"))
    }
}

/// The database's own words about a query; they speak of its text, not of rows.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_reads_the_same_whichever_way_it_is_written() {
        for number in [0.0, -0.0, 14.0, -7.0, 2.5, 1e15, 9_007_199_254_740_992.0, 1e300, -1e19, f64::NAN, f64::INFINITY]
        {
            let written = whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string());
            assert_eq!(written, number.to_string());
        }
        assert_eq!((whole(14.0), whole(-0.0), whole(2.5)), (Some(14), None, None));
    }
}
