//! A database as a source, read through the region's own queries: what all engines share.
//!
//! Promises: opened read-only; columns are found by name without regard to case; rows are streamed, never collected; values come as
//! text that loses nothing; rows of some treatments are those whose trimmed id is one of theirs to the byte, whatever a database
//! takes for equal.

/// The address of a server.
mod address;
/// What kind of values a column holds.
mod kind;
/// MariaDB and MySQL.
mod mariadb;
/// PostgreSQL.
mod postgres;
/// What a query yields and how it is asked.
mod question;
/// What a server says when it refuses.
mod refusal;
/// A server's connection, read by a task of its own.
mod server;
/// SQLite, in this process.
mod sqlite;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use futures_util::StreamExt as _;

use super::query::Since;
use super::{ACTIVITY, Columns, MEASUREMENTS, OBJECTIONS, Page, Pages, Rows, SourceError, Spelling, TREATMENTS, UNITS};
use crate::source::Place;
use address::Address;
use mariadb::MariaDb;
use postgres::Postgres;
use question::{Column, Dialect, Query};
use sqlite::Sqlite;

/// An open database with the region's queries.
pub struct SqlSource {
    engine: Engine,
    treatments: Query,
    measurements: Query,
    units: Option<Query>,
    activity: Option<Query>,
    objections: Option<Query>,
    ids: Ids,
}

/// The database programs that can be read.
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
    MariaDb(MariaDb),
}

/// What is known of how the ids of treatments are written.
struct Ids {
    /// What earlier cycles found.
    before: Spelling,
    /// What this reading found so far.
    seen: Spelling,
}

impl SqlSource {
    /// Opens the database and checks every query's columns and plan.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] without a database; [`SourceError::NotAllowed`] when it refuses the account;
    /// [`SourceError::Query`] for a query that cannot be used.
    pub async fn open(place: &Place) -> Result<Self, SourceError> {
        let mut engine = Engine::open(place).await?;
        let treatments = engine.describe(&TREATMENTS, &place.config.treatments).await?;
        let measurements = engine.describe(&MEASUREMENTS, &place.config.measurements).await?;
        let units = engine.describe_if(&UNITS, place.config.units.as_ref()).await?;
        let activity = engine.describe_if(&ACTIVITY, place.config.activity.as_ref()).await?;
        let objections = engine.describe_if(&OBJECTIONS, place.config.objections.as_ref()).await?;
        if let Engine::Sqlite(sqlite) = &mut engine {
            sqlite.refuse_sorting(&treatments).await?;
        }
        let ids = Ids { before: Spelling::Spaced, seen: Spelling::Exact };
        Ok(Self { engine, treatments, measurements, units, activity, objections, ids })
    }

    /// Whether `treatments` has a column.
    pub fn has(&self, column: &str) -> bool {
        self.treatments.yields(column)
    }

    /// The rows of `treatments`.
    pub fn treatments(&mut self, rows: Rows<'_>) -> Pages<'_> {
        read(&mut self.engine, &self.treatments, rows, &mut self.ids)
    }

    /// The rows of `measurements`.
    pub fn measurements(&mut self, rows: Rows<'_>) -> Pages<'_> {
        read(&mut self.engine, &self.measurements, rows, &mut self.ids)
    }

    /// The rows of `units`; none when there is no such query.
    pub fn units(&mut self) -> Pages<'_> {
        self.engine.read_all(self.units.as_ref())
    }

    /// The rows of `activity`; none when there is no such query.
    pub fn activity(&mut self) -> Pages<'_> {
        self.engine.read_all(self.activity.as_ref())
    }

    /// The rows of `objections`; none when there is no such query.
    pub fn objections(&mut self) -> Pages<'_> {
        self.engine.read_all(self.objections.as_ref())
    }

    /// Takes leave of a server, which otherwise notes a broken connection in its log.
    pub async fn close(self) {
        match self.engine {
            Engine::Sqlite(_) => (),
            Engine::Postgres(postgres) => postgres.close().await,
            Engine::MariaDb(mariadb) => mariadb.close().await,
        }
    }

    /// Takes over what an earlier reading of the whole source found.
    pub fn expect(&mut self, spelling: Spelling) {
        self.ids.before = spelling;
    }

    /// How the ids of all rows read so far are written.
    #[must_use]
    pub fn spelling(&self) -> Spelling {
        self.ids.seen
    }
}

impl Engine {
    async fn open(place: &Place) -> Result<Self, SourceError> {
        let url = place.url.as_deref().unwrap_or_default();
        match url.split_once("://").map(|(scheme, _)| scheme) {
            Some("sqlite") => Sqlite::open(url).await.map(Self::Sqlite),
            Some("postgres" | "postgresql") => Postgres::open(&Address::of(place)?).await.map(Self::Postgres),
            Some("mysql" | "mariadb") => MariaDb::open(&Address::of(place)?).await.map(Self::MariaDb),
            _ => Err(SourceError::Query("url must begin with sqlite://, postgres://, mysql:// or mariadb://".into())),
        }
    }

    /// Asks the database which columns a query yields.
    async fn describe(&mut self, columns: &'static Columns, text: &str) -> Result<Query, SourceError> {
        let sql = question::of_columns(text);
        let yielded = match self {
            Self::Sqlite(sqlite) => sqlite.columns(columns, sql).await?,
            Self::Postgres(postgres) => postgres.columns(columns, sql).await?,
            Self::MariaDb(mariadb) => mariadb.columns(columns, sql).await?,
        };
        Query::new(columns, text, &yielded)
    }

    async fn describe_if(
        &mut self,
        columns: &'static Columns,
        text: Option<&String>,
    ) -> Result<Option<Query>, SourceError> {
        match text {
            Some(text) => self.describe(columns, text).await.map(Some),
            None => Ok(None),
        }
    }

    /// All rows of a query; none where there is no query.
    fn read_all(&mut self, query: Option<&Query>) -> Pages<'static> {
        match query {
            Some(query) => self.read(query, Rows::Since(Since::Beginning)),
            None => Box::pin(futures_util::stream::empty()),
        }
    }

    /// The rows of a query; of some ids at least theirs.
    fn read(&mut self, query: &Query, rows: Rows<'_>) -> Pages<'static> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(query, rows),
            Self::Postgres(postgres) => postgres.read(query, &query.select_rows(rows, &postgres::DIALECT)),
            Self::MariaDb(mariadb) => mariadb.read(query, &query.select_rows(rows, &mariadb::DIALECT)),
        }
    }
}

/// The rows of a query about treatments. Where ids may stand with space around them, a database cannot look them up: everything is
/// read then, and chosen from here.
fn read<'a>(engine: &mut Engine, query: &Query, rows: Rows<'_>, ids: &'a mut Ids) -> Pages<'a> {
    let columns = query.columns;
    let (asked, wanted) = match rows {
        Rows::Since(_) => (rows, None),
        Rows::Of([]) => return Box::pin(futures_util::stream::empty()),
        Rows::Of(wanted) => {
            let exact = ids.before == Spelling::Exact && ids.seen == Spelling::Exact;
            let asked = if exact { rows } else { Rows::Since(Since::Beginning) };
            (asked, Some(wanted.iter().cloned().collect::<HashSet<String>>()))
        }
    };
    let pages = engine.read(query, asked);
    Box::pin(pages.map(move |page| {
        let page = page?;
        if !page.rows().all(|row| is_exact(row.as_written(columns.names[0]))) {
            ids.seen = Spelling::Spaced;
        }
        Ok(match &wanted {
            Some(wanted) => only(page, columns, wanted),
            None => page,
        })
    }))
}

/// Whether a database finds an id by its trimmed text. What was no text in the source stands in no index as it is read here.
fn is_exact(id: &str) -> bool {
    id.trim().len() == id.len() && !id.contains(char::REPLACEMENT_CHARACTER)
}

/// The rows of some treatments.
fn only(page: Page, columns: &'static Columns, wanted: &HashSet<String>) -> Page {
    let is_wanted = |id: Option<&str>| id.is_some_and(|id| wanted.contains(id));
    if page.rows().all(|row| is_wanted(row.get(columns.names[0]))) {
        return page;
    }
    let mut kept = Page::new(columns, 0);
    for row in page.rows().filter(|row| is_wanted(row.get(columns.names[0]))) {
        for name in columns.names {
            kept.add(row.as_written(name));
        }
    }
    kept
}
