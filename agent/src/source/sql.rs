//! A database as a source, read through the region's own queries. SQLite here.
//!
//! Promises: opened read-only; SQLite's sorter keeps to memory, and a treatments query that would sort or materialise rows with
//! identities is refused; columns are found by name without regard to case; rows are streamed, never collected.

use std::str::FromStr as _;

use futures_util::stream::{BoxStream, StreamExt as _};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow, SqliteTypeInfo};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _, SqlSafeStr as _, Statement as _, TypeInfo as _,
    ValueRef as _,
};

use super::query::{self, Since};
use super::{Columns, MEASUREMENTS, SourceError, SourceRow, TREATMENTS, UNITS};
use crate::config::Source as SourceConfig;

/// An open database with the region's queries.
pub struct SqlSource {
    connection: SqliteConnection,
    treatments: Query,
    measurements: Query,
    units: Option<Query>,
}

struct Query {
    columns: &'static Columns,
    text: String,
    /// What the query itself calls each of the columns.
    found: Vec<Option<String>>,
}

/// Which rows of a query.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    /// All that the query yields for a moment.
    Since(Since),
    /// Those of some treatments, whole, as a JSON array of their ids.
    Of(&'a str),
}

impl SqlSource {
    /// Opens the database and checks every query's columns and plan.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] without a database; [`SourceError::Query`] for a query that cannot be used.
    pub async fn open(config: &SourceConfig, url: &str) -> Result<Self, SourceError> {
        if !url.starts_with("sqlite://") {
            return Err(SourceError::Query("url must begin with sqlite:// (other engines are not built yet)".into()));
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|_| {
            SourceError::Query("url is not a SQLite address such as sqlite:///srv/sob/export.db".into())
        })?;
        let file = options.get_filename();
        if !file.is_file() {
            let path = file.display();
            return Err(SourceError::Unreachable(format!("there is no database file at {path}; check [source] url")));
        }
        let options = options
            .read_only(true)
            .create_if_missing(false)
            .pragma("temp_store", "MEMORY")
            .pragma("query_only", "ON")
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(|error| unreachable(&error))?;
        let treatments = describe(&mut connection, &TREATMENTS, &config.treatments).await?;
        let measurements = describe(&mut connection, &MEASUREMENTS, &config.measurements).await?;
        let units = match &config.units {
            Some(text) => Some(describe(&mut connection, &UNITS, text).await?),
            None => None,
        };
        refuse_sorting(&mut connection, &treatments).await?;
        Ok(Self { connection, treatments, measurements, units })
    }

    /// The rows of `treatments`.
    pub fn treatments(&mut self, rows: Rows<'_>) -> BoxStream<'_, Result<SourceRow, SourceError>> {
        stream(&mut self.connection, &self.treatments, rows)
    }

    /// The rows of `measurements`.
    pub fn measurements(&mut self, rows: Rows<'_>) -> BoxStream<'_, Result<SourceRow, SourceError>> {
        stream(&mut self.connection, &self.measurements, rows)
    }

    /// The rows of `units`; none when there is no such query.
    pub fn units(&mut self) -> BoxStream<'_, Result<SourceRow, SourceError>> {
        match &self.units {
            Some(query) => stream(&mut self.connection, query, Rows::Since(Since::Beginning)),
            None => futures_util::stream::empty().boxed(),
        }
    }
}

/// Asks the database which columns a query yields.
async fn describe(
    connection: &mut SqliteConnection,
    columns: &'static Columns,
    text: &str,
) -> Result<Query, SourceError> {
    let sql = format!("SELECT * FROM ({}) q", query::fill(text, Since::Beginning));
    let statement =
        connection.prepare(AssertSqlSafe(sql).into_sql_str()).await.map_err(|error| failed(columns, &error))?;
    let yielded: Vec<String> = statement.columns().iter().map(|c| sqlx::Column::name(c).to_owned()).collect();
    let found: Vec<Option<String>> =
        columns.names.iter().map(|name| yielded.iter().find(|y| y.eq_ignore_ascii_case(name)).cloned()).collect();
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
    Ok(Query { columns, text: text.to_owned(), found })
}

/// SQLite may spill what it sorts to the disk; rows with identities must be read in table order.
async fn refuse_sorting(connection: &mut SqliteConnection, query: &Query) -> Result<(), SourceError> {
    let sql = format!("EXPLAIN QUERY PLAN {}", select(query, Rows::Since(Since::Beginning)));
    let plan =
        sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.map_err(|error| failed(query.columns, &error))?;
    for row in plan {
        let step: String = row.try_get("detail").unwrap_or_default();
        if step.contains("TEMP B-TREE") || step.starts_with("MATERIALIZE") || step.contains("AUTOMATIC") {
            return Err(SourceError::Query(format!(
                "treatments: the query makes SQLite keep rows with identities in a temporary table ({step}); leave out ORDER BY, \
                 GROUP BY, DISTINCT and UNION, or add the index that the join needs"
            )));
        }
    }
    Ok(())
}

fn select(query: &Query, rows: Rows<'_>) -> String {
    let columns: Vec<String> = query
        .found
        .iter()
        .map(|found| found.as_ref().map_or("NULL".into(), |name| format!("q.\"{}\"", name.replace('"', "\"\""))))
        .collect();
    let (since, filter) = match rows {
        Rows::Since(since) => (since, String::new()),
        Rows::Of(_) => {
            (Since::Beginning, format!(" WHERE {} IN (SELECT value FROM json_each(?))", as_read(&columns[0])))
        }
    };
    format!("SELECT {} FROM ({}) q{filter}", columns.join(", "), query::fill(&query.text, since))
}

/// The text of a column as [`text`] and [`SourceRow::get`] give it: trimmed of every kind of space, whole doubles without a fraction.
fn as_read(column: &str) -> String {
    let space: Vec<String> = (0..=u16::MAX)
        .filter(|code| char::from_u32(u32::from(*code)).is_some_and(char::is_whitespace))
        .map(|code| code.to_string())
        .collect();
    format!(
        "TRIM(CASE WHEN TYPEOF({column}) = 'real' AND {column} = CAST({column} AS INTEGER) \
         THEN CAST({column} AS INTEGER) ELSE {column} END || '', CHAR({}))",
        space.join(", ")
    )
}

fn stream<'a>(
    connection: &'a mut SqliteConnection,
    query: &'a Query,
    rows: Rows<'_>,
) -> BoxStream<'a, Result<SourceRow, SourceError>> {
    let sql = AssertSqlSafe(select(query, rows));
    let ids = match rows {
        Rows::Since(_) => None,
        Rows::Of(ids) => Some(ids.to_owned()),
    };
    let statement = sqlx::query(sql);
    let statement = match ids {
        Some(ids) => statement.bind(ids),
        None => statement,
    };
    statement
        .fetch(connection)
        .map(move |row| row.map(|row| text_row(query.columns, &row)).map_err(|error| failed(query.columns, &error)))
        .boxed()
}

fn text_row(columns: &'static Columns, row: &SqliteRow) -> SourceRow {
    SourceRow::new(columns, (0..columns.names.len()).map(|index| text(row, index)).collect())
}

/// A value as text that loses nothing: doubles in the shortest form that reads back the same.
fn text(row: &SqliteRow, index: usize) -> Option<String> {
    let value = row.try_get_raw(index).ok()?;
    if value.is_null() {
        return None;
    }
    let kind: &SqliteTypeInfo = &value.type_info();
    match kind.name() {
        "REAL" => row.try_get_unchecked::<f64, _>(index).ok().map(|number| number.to_string()),
        "INTEGER" => row.try_get_unchecked::<i64, _>(index).ok().map(|number| number.to_string()),
        _ => row.try_get_unchecked::<Vec<u8>, _>(index).ok().map(|bytes| {
            String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
        }),
    }
}

fn unreachable(error: &sqlx::Error) -> SourceError {
    SourceError::Unreachable(database_message(error))
}

/// A query that is wrong in itself, or a database that cannot answer now.
fn failed(columns: &Columns, error: &sqlx::Error) -> SourceError {
    let message = format!("{}: {}", columns.query, database_message(error));
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    if code.as_deref() == Some(SQLITE_ERROR) {
        SourceError::Query(format!("{message}; correct the query"))
    } else {
        SourceError::Unreachable(message)
    }
}

/// SQLite's code for a statement that it refuses; all others tell of the file, its locks or the disk.
const SQLITE_ERROR: &str = "1";

/// The database's own words about a query; they speak of its text, not of rows.
fn database_message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    }
}
