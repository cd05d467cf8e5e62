//! Where rows come from: the region's own systems, read only.
//!
//! Promises: reads and never writes; yields rows of text under the contract's column names, missing optional columns as absent; what
//! a row holds is identifiable and is therefore neither serialisable nor printable.
//! Must not know: what a value means.

/// Exported files.
mod csv;
/// The list of those who object, in a file of its own.
mod list;
/// Rows as they travel from a source to the mapping.
mod page;
/// A source as the configuration describes it.
mod place;
/// The text of a region's own query.
mod query;
/// Databases.
mod sql;

#[cfg(test)]
mod tests;

pub use csv::stale;
pub use list::objections_file;
pub use page::{ColumnPlace, Page, Recency, SourceRow};
pub use place::Place;
pub use query::{Since, uses_since};

use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use crate::config::SourceKind;
use csv::CsvSource;
use sql::SqlSource;

/// An open source.
pub struct Source {
    kind: Kind,
    /// What its faults name it by, where it has something to be told from others by.
    called: Option<String>,
}

/// A source of one of the kinds.
pub enum Kind {
    /// A database, through the region's own queries.
    Sql(SqlSource),
    /// Files in a folder.
    Csv(CsvSource),
}

/// Rows, some hundred at a time, while the source reads on.
pub type Pages<'a> = BoxStream<'a, Result<Page, SourceError>>;

/// Which rows of a query.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    /// All that the query yields for a moment.
    Since(Since),
    /// Those of some treatments, whole, by the ids that their rows bear.
    Of(&'a [String]),
}

/// How the ids of treatments are written in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Each is its own trimmed text, so that a database can look it up.
    Exact,
    /// Some have space around them, or nobody has looked yet.
    Spaced,
}

impl Source {
    /// Opens a source and checks that it yields what is needed. Files must be whole at `now`.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] when it is not there now; [`SourceError::NotAllowed`] when it refuses the account;
    /// [`SourceError::Query`] when it cannot be used as it is described.
    pub async fn open(place: &Place, now: Timestamp) -> Result<Self, SourceError> {
        // What cannot be read is told before anything else is.
        drop(objections_file(place).await?);
        let kind = match place.config.kind {
            SourceKind::Sql => SqlSource::open(place).await.map(Kind::Sql),
            SourceKind::Csv => CsvSource::open(place, now).await.map(Kind::Csv),
        };
        let called = place.config.called();
        Ok(Self { kind: kind.map_err(|error| error.of(called))?, called: called.map(str::to_owned) })
    }

    /// Which of some columns `treatments` lacks.
    #[must_use]
    pub fn lacks(&self, columns: &[&'static str]) -> Vec<&'static str> {
        let has = |column: &str| match &self.kind {
            Kind::Sql(sql) => sql.has(column),
            Kind::Csv(csv) => csv.has(column),
        };
        columns.iter().copied().filter(|column| !has(column)).collect()
    }

    /// The rows of `treatments`.
    pub fn treatments(&mut self, rows: Rows<'_>) -> Pages<'_> {
        let pages = match &mut self.kind {
            Kind::Sql(sql) => sql.treatments(rows),
            Kind::Csv(csv) => csv.treatments(rows),
        };
        named(pages, self.called.as_deref())
    }

    /// The rows of `measurements`.
    pub fn measurements(&mut self, rows: Rows<'_>) -> Pages<'_> {
        let pages = match &mut self.kind {
            Kind::Sql(sql) => sql.measurements(rows),
            Kind::Csv(csv) => csv.measurements(rows),
        };
        named(pages, self.called.as_deref())
    }

    /// The rows of `units`; none when the source describes none.
    pub fn units(&mut self) -> Pages<'_> {
        let pages = match &mut self.kind {
            Kind::Sql(sql) => sql.units(),
            Kind::Csv(csv) => csv.units(),
        };
        named(pages, self.called.as_deref())
    }

    /// The rows of `activity`; none when the source does not count by itself.
    pub fn activity(&mut self) -> Pages<'_> {
        let pages = match &mut self.kind {
            Kind::Sql(sql) => sql.activity(),
            Kind::Csv(csv) => csv.activity(),
        };
        named(pages, self.called.as_deref())
    }

    /// The rows of `objections`; none when the source has no such list. A list in a file of its own is [`objections_file`]'s.
    pub fn objections(&mut self) -> Pages<'_> {
        let pages = match &mut self.kind {
            Kind::Sql(sql) => sql.objections(),
            Kind::Csv(csv) => csv.objections(),
        };
        named(pages, self.called.as_deref())
    }

    /// Ends the use of the source.
    pub async fn close(self) {
        match self.kind {
            Kind::Sql(sql) => sql.close().await,
            Kind::Csv(_) => (),
        }
    }

    /// Takes over how ids were written when the whole source was read last.
    pub fn expect(&mut self, spelling: Spelling) {
        match &mut self.kind {
            Kind::Sql(sql) => sql.expect(spelling),
            // Files have no index to look an id up with.
            Kind::Csv(_) => (),
        }
    }

    /// How the ids of all rows read so far are written.
    #[must_use]
    pub fn spelling(&self) -> Spelling {
        match &self.kind {
            Kind::Sql(sql) => sql.spelling(),
            Kind::Csv(_) => Spelling::Exact,
        }
    }
}

/// Lets faults name the source.
fn named<'a>(pages: Pages<'a>, called: Option<&str>) -> Pages<'a> {
    match called.map(str::to_owned) {
        Some(called) => Box::pin(pages.map_err(move |error| error.of(Some(&called)))),
        None => pages,
    }
}

/// The columns of a query that the agent reads, and which of them it cannot do without (agent/README.md, "The columns").
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

/// Columns of `treatments` that say whom to leave out; where one is absent, nobody is left out for it.
pub const LEAVE_OUT: [&str; 2] = ["test_patient", "protected_identity"];

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

/// Columns of `activity`.
pub const ACTIVITY: Columns = Columns {
    query: "activity",
    names: &["month", "unit_id", "programme", "started", "ended", "ongoing", "sex", "age_group"],
    needed: 6,
};

/// Columns of `objections`.
pub const OBJECTIONS: Columns =
    Columns { query: "objections", names: &["person_id", "person_id_system", "registered_on", "reason"], needed: 1 };

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The database is not there or does not answer; try again later.
    #[error("the source is not reachable: {0}")]
    Unreachable(String),
    /// The database refuses the account.
    #[error("the source is not open to the agent: {0}")]
    NotAllowed(String),
    /// A query cannot be used as it stands.
    #[error("[source] {0}")]
    Query(String),
}

impl SourceError {
    /// The same of a source that is told from others by something.
    fn of(self, called: Option<&str>) -> Self {
        let Some(called) = called else { return self };
        match self {
            Self::Unreachable(why) => Self::Unreachable(format!("{called}: {why}")),
            Self::NotAllowed(why) => Self::NotAllowed(format!("{called}: {why}")),
            Self::Query(why) => Self::Query(format!("{called}: {why}")),
        }
    }
}
