//! A table of scores in long form (one row a score) delivered through the whole path: one database and one agent for each region.
//!
//! Promises: nothing but the given files is used; the register is new and holds nothing else. Serves the committed fixtures and, by
//! hand, any folder of the same form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, ensure};
use recount::{Difference, Report, Table, compare};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::site::{Queries, Site};
use crate::world::World;

const TABLES: &str = "
CREATE TABLE treatment (id TEXT PRIMARY KEY, person TEXT, unit TEXT, programme TEXT, status TEXT, started TEXT, ended TEXT, sex TEXT, birth_year TEXT);
CREATE TABLE answer (id TEXT, instrument TEXT, timepoint TEXT, date TEXT, score TEXT, updated_at TEXT);
";
const TREATMENTS: &str = "
SELECT id AS treatment_id, person AS person_id, unit AS unit_id, programme, status, started AS started_on, ended AS ended_on, sex, birth_year
FROM treatment
";
const MEASUREMENTS: &str = "
SELECT id AS treatment_id, instrument, timepoint, date AS answered_on, score, updated_at FROM answer
";

/// A register that holds what a folder's `treatments-long.csv` says.
#[derive(Debug)]
pub struct Delivered {
    /// The register.
    pub world: World,
    /// The senders' folders.
    pub sites: Vec<Site>,
    /// Treatments in the table.
    pub treatments: usize,
}

/// Which report is printed.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    /// `started` or `ended`.
    pub cohort: &'a str,
    /// `all`, `year`, ...
    pub period: &'a str,
}

/// Delivers a folder's `treatments-long.csv` and imports a table of inhabitants.
///
/// # Errors
/// When the files are not of the form, or a program fails.
pub async fn deliver(folder: &Path, populations: &Path) -> anyhow::Result<Delivered> {
    let world = World::start("")?;
    world.registry(&["population", "import", &populations.display().to_string()])?.expect(&[0])?;
    let mut regions: BTreeMap<String, Vec<csv::StringRecord>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(folder.join("treatments-long.csv"))?;
    let columns = reader.headers()?.clone();
    let region = columns.iter().position(|name| name == "region").context("the table has no column region")?;
    for row in reader.records() {
        let row = row?;
        regions.entry(row[region].to_owned()).or_default().push(row);
    }
    let (mut sites, mut treatments) = (Vec::new(), 0);
    for (sender, rows) in regions {
        let database = world.folder().join(format!("scores-{sender}.db"));
        treatments += write(&database, &columns, &rows).await?;
        let queries = Queries {
            url: format!("sqlite://{}", database.display()),
            treatments: TREATMENTS.into(),
            measurements: MEASUREMENTS.into(),

            ..Queries::default()
        };
        let site = world.enrol(&sender, &queries)?;
        site.agent(&["once"])?.expect(&[0])?;
        sites.push(site);
    }
    Ok(Delivered { world, sites, treatments })
}

impl Delivered {
    /// Prints a report by region and programme with all comparisons, and compares it with an expected table both ways.
    ///
    /// # Errors
    /// When the report cannot be printed or read.
    pub fn differences(
        &self,
        report: Report,
        expected: &Table,
        printed: Printed<'_>,
    ) -> anyhow::Result<Vec<Difference>> {
        let Printed { cohort, period } = printed;
        let table = self.world.table(report, &["--cohort", cohort, "--period", period])?;
        ensure!(!expected.rows.is_empty(), "the expected table of {} has no rows", report.name());
        Ok(compare(expected, &table, report.keys()))
    }
}

/// Writes one region's database; answers how many treatments it holds.
async fn write(database: &Path, columns: &csv::StringRecord, rows: &[csv::StringRecord]) -> anyhow::Result<usize> {
    let mut connection = SqliteConnectOptions::new().filename(database).create_if_missing(true).connect().await?;
    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
    let mut seen = BTreeSet::new();
    for row in rows {
        let value = |name: &str| columns.iter().position(|column| column == name).map_or("", |at| &row[at]);
        if seen.insert(value("treatment_id").to_owned()) {
            let fields =
                ["treatment_id", "person", "unit", "programme", "status", "started", "ended", "sex", "birth_year"];
            let insert = "INSERT INTO treatment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
            bind(insert, fields.map(value).as_slice(), &mut connection).await?;
        }
        if !value("instrument").is_empty() {
            let fields = ["treatment_id", "instrument", "timepoint", "date", "score", "updated_at"];
            bind("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", fields.map(value).as_slice(), &mut connection).await?;
        }
    }
    sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
    connection.close().await?;
    Ok(seen.len())
}

async fn bind(statement: &'static str, values: &[&str], connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let filled =
        values.iter().fold(sqlx::query(statement), |query, value| query.bind(Some(*value).filter(|v| !v.is_empty())));
    filled.execute(connection).await?;
    Ok(())
}
