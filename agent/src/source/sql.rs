//! A database as a source, read through the region's own queries: what all engines share.
//!
//! Promises: opened read-only; columns are found by name without regard to case; rows are streamed, never collected; values come as
//! text that loses nothing.

/// SQLite, in this process.
mod sqlite;

use super::query::{self, Since};
use super::{Columns, MEASUREMENTS, Pages, Rows, SourceError, TREATMENTS, UNITS};
use crate::setup::Place;
use sqlite::Sqlite;

/// An open database with the region's queries.
pub struct SqlSource {
    engine: Engine,
    treatments: Query,
    measurements: Query,
    units: Option<Query>,
}

/// The database programs that can be read.
enum Engine {
    Sqlite(Sqlite),
}

/// A region's own query and the columns that it yields.
#[derive(Debug, Clone)]
struct Query {
    columns: &'static Columns,
    text: String,
    /// What the query itself calls each of the columns.
    found: Vec<Option<String>>,
}

impl SqlSource {
    /// Opens the database and checks every query's columns and plan.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] without a database; [`SourceError::Query`] for a query that cannot be used.
    pub async fn open(place: &Place) -> Result<Self, SourceError> {
        let url = place.url.as_deref().unwrap_or_default();
        let mut engine = match url.split_once("://").map(|(scheme, _)| scheme) {
            Some("sqlite") => Engine::Sqlite(Sqlite::open(url).await?),
            _ => return Err(SourceError::Query("url must begin with sqlite://".into())),
        };
        let treatments = engine.describe(&TREATMENTS, &place.config.treatments).await?;
        let measurements = engine.describe(&MEASUREMENTS, &place.config.measurements).await?;
        let units = match &place.config.units {
            Some(text) => Some(engine.describe(&UNITS, text).await?),
            None => None,
        };
        match &mut engine {
            Engine::Sqlite(sqlite) => sqlite.refuse_sorting(&treatments).await?,
        }
        Ok(Self { engine, treatments, measurements, units })
    }

    /// The rows of `treatments`.
    pub fn treatments(&mut self, rows: Rows<'_>) -> Pages<'_> {
        self.engine.read(&self.treatments, rows)
    }

    /// The rows of `measurements`.
    pub fn measurements(&mut self, rows: Rows<'_>) -> Pages<'_> {
        self.engine.read(&self.measurements, rows)
    }

    /// The rows of `units`; none when there is no such query.
    pub fn units(&mut self) -> Pages<'_> {
        match &self.units {
            Some(query) => self.engine.read(query, Rows::Since(Since::Beginning)),
            None => Box::pin(futures_util::stream::empty()),
        }
    }
}

impl Engine {
    /// Asks the database which columns a query yields.
    async fn describe(&mut self, columns: &'static Columns, text: &str) -> Result<Query, SourceError> {
        let sql = format!("SELECT * FROM ({}) q", query::fill(text, Since::Beginning));
        let yielded = match self {
            Self::Sqlite(sqlite) => sqlite.columns(columns, sql).await?,
        };
        Query::new(columns, text, &yielded)
    }

    /// The rows of a query.
    fn read<'a>(&'a mut self, query: &Query, rows: Rows<'_>) -> Pages<'a> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(query, rows),
        }
    }
}

impl Query {
    fn new(columns: &'static Columns, text: &str, yielded: &[String]) -> Result<Self, SourceError> {
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
        Ok(Self { columns, text: text.to_owned(), found })
    }

    /// `SELECT` of the query's columns in the contract's order, absent ones as NULL, with the rows since a moment. `quote` is the
    /// engine's quotation mark of names; `filter` stands behind it.
    fn select(&self, since: Since, quote: char, filter: &str) -> String {
        let columns: Vec<String> = self.found.iter().map(|found| quoted(found.as_deref(), quote)).collect();
        format!("SELECT {} FROM ({}) q{filter}", columns.join(", "), query::fill(&self.text, since))
    }

    /// The query's own name of a treatment's id, quoted.
    fn treatment_id(&self, quote: char) -> String {
        quoted(self.found[0].as_deref(), quote)
    }
}

fn quoted(name: Option<&str>, quote: char) -> String {
    name.map_or("NULL".into(), |name| format!("q.{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}"))))
}
