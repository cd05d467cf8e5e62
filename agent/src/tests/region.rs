//! One invented region: a folder with a source database and keys, without a register.

use std::path::PathBuf;

use jiff::Timestamp;
use schemas::receipt::{Receipt, ReceiptBody, SCHEMA, Verdict, ranges};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, MySqlConnection, PgConnection};
use tempfile::TempDir;

use super::person;
use crate::config::Config;
use crate::cycle::{Extent, Queued, Surroundings, read_and_queue};
use crate::outbox::Outbox;
use crate::pseudonymise::Keys;
use crate::setup::Setup;
use crate::source::{MEASUREMENTS, Source, TREATMENTS, UNITS};

/// When the tests' cycles run.
pub(crate) const NOW: &str = "2024-06-01T10:00:00Z";

/// Without monthly counts, which have tests of their own.
const CONFIG: &str = r#"
[agent]
region = "12"
environment = "test"
state_dir = "state"
[source]
kind = "sql"
url = "sqlite://source.db"
treatments = "SELECT * FROM treatments WHERE updated_at >= :since"
measurements = "SELECT * FROM measurements WHERE updated_at >= :since"
units = "SELECT * FROM units"
activity = "SELECT unit_id AS month, unit_id, unit_id AS programme, 0 AS started, 0 AS ended, 0 AS ongoing FROM units WHERE 1 = 0"
[pseudonym]
key_file = "pseudonym.key"
key_id = "r12-g1"
allow_test_identities = true
[server]
url = "https://localhost:1"
ca = "ca.pem"
cert = "region.pem"
key = "region.key"
receipt_key = "receipt.pub"
"#;

/// The folder, its configuration read, and tables named after the contract's columns.
pub(crate) struct Region {
    pub(crate) setup: Setup,
    folder: TempDir,
}

impl Region {
    pub(crate) async fn new() -> Self {
        Self::with(|text| text).await
    }

    /// A region whose `agent.toml` was altered.
    pub(crate) async fn with(alter: impl FnOnce(String) -> String) -> Self {
        let region = Self::bare(alter);
        // SQLite needs no types; the servers' columns hold text.
        let kind = if region.url().starts_with("sqlite:") { "" } else { " TEXT" };
        for columns in [&TREATMENTS, &MEASUREMENTS, &UNITS] {
            let cells: Vec<String> = columns.names.iter().map(|name| format!("{name}{kind}")).collect();
            region.sql(&format!("CREATE TABLE {} ({})", columns.query, cells.join(", "))).await;
        }
        region
    }

    /// The same without a table in its source.
    pub(crate) fn bare(alter: impl FnOnce(String) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.toml");
        std::fs::write(&file, alter(CONFIG.to_owned())).unwrap();
        let config = Config::read(&file, []).unwrap();
        let mut next = 0;
        let bytes = |part: &mut [u8]| {
            next += 1;
            part.fill(next);
        };
        Keys::generate(&config.pseudonym.key_id, bytes)
            .unwrap()
            .write_new(&folder.path().join("pseudonym.key"))
            .unwrap();
        Self { setup: Setup::read(config).unwrap(), folder }
    }

    fn url(&self) -> &str {
        self.setup.places[0].url.as_deref().unwrap_or_default()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs SQL on the source as the region's own system would.
    pub(crate) async fn sql(&self, text: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
        let done = match self.url().split(':').next() {
            Some("postgres") => {
                let mut connection = PgConnection::connect(self.url()).await.unwrap();
                statements.execute(&mut connection).await.map(|_| ())
            }
            Some("mysql") => {
                let mut connection = MySqlConnection::connect(self.url()).await.unwrap();
                let plain = "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')";
                sqlx::raw_sql(plain).execute(&mut connection).await.unwrap();
                statements.execute(&mut connection).await.map(|_| ())
            }
            _ => {
                let options = SqliteConnectOptions::new().filename(self.path("source.db")).create_if_missing(true);
                let mut connection: SqliteConnection = options.connect().await.unwrap();
                statements.execute(&mut connection).await.map(|_| ())
            }
        };
        done.unwrap();
    }

    /// Adds a good treatment of the person with this number, with some columns altered. An empty text is NULL.
    pub(crate) async fn treatment(&self, id: &str, who: usize, altered: &[(&str, &str)]) {
        self.treatment_in("treatments", (id, who), altered).await;
    }

    /// The same in another table.
    pub(crate) async fn treatment_in(&self, table: &str, (id, who): (&str, usize), altered: &[(&str, &str)]) {
        let bearer = person(who);
        let good = [
            ("treatment_id", id),
            ("person_id", bearer.as_str()),
            ("unit_id", "SE9990120000-E001"),
            ("programme", "Depressionshjälpen"),
            ("status", "completed"),
            ("started_on", "2024-01-10"),
            ("ended_on", "2024-03-20"),
            ("updated_at", "2024-03-21T08:00:00Z"),
        ];
        self.insert(table, &good, altered).await;
    }

    /// Adds a good answer, with some columns altered.
    pub(crate) async fn answer(&self, id: &str, timepoint: &str, score: &str, altered: &[(&str, &str)]) {
        let good = [
            ("treatment_id", id),
            ("instrument", "PHQ-9"),
            ("timepoint", timepoint),
            ("answered_on", "2024-01-11"),
            ("score", score),
            ("updated_at", "2024-03-21T08:00:00Z"),
        ];
        self.insert("measurements", &good, altered).await;
    }

    pub(crate) async fn unit(&self, row: &[(&str, &str)]) {
        self.insert("units", &[], row).await;
    }

    async fn insert(&self, table: &str, good: &[(&str, &str)], altered: &[(&str, &str)]) {
        let kept = good.iter().filter(|(name, _)| !altered.iter().any(|(other, _)| other == name));
        let cells: Vec<&(&str, &str)> = kept.chain(altered).filter(|(_, value)| !value.is_empty()).collect();
        let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
        let values: Vec<String> = cells.iter().map(|(_, value)| format!("'{}'", value.replace('\'', "''"))).collect();
        self.sql(&format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))).await;
    }

    /// Delivers all that is queued to a register that accepts it: the lines of each batch behind its manifest but monthly counts.
    pub(crate) async fn deliver(&self, outbox: &mut Outbox) -> Vec<String> {
        let mut lines = self.deliver_all(outbox).await;
        lines.retain(|line| !line.contains(r#""kind":"activity""#));
        lines
    }

    /// Likewise, with monthly counts.
    pub(crate) async fn deliver_all(&self, outbox: &mut Outbox) -> Vec<String> {
        let sender = &self.setup.config.agent.region;
        let mut lines = Vec::new();
        while let Some(sealed) = outbox.next(sender).await.unwrap() {
            let plain = zstd::stream::decode_all(sealed.body.as_slice()).unwrap();
            lines.extend(std::str::from_utf8(&plain).unwrap().lines().skip(1).map(str::to_owned));
            let verdicts = vec![Verdict::Accepted; usize::try_from(sealed.records).unwrap()];
            let body = ReceiptBody {
                schema: SCHEMA.into(),
                sender: sender.clone(),
                environment: "test".into(),
                batch: sealed.digest.clone(),
                received_at: NOW.into(),
                verdicts: ranges(&verdicts),
                findings: vec![],
                leaf: None,
                checkpoint: None,
            };
            let receipt = Receipt { body, key_id: String::new(), signature: String::new() };
            outbox.close(sealed.id, (&receipt, b"receipt"), &verdicts, NOW.parse().unwrap()).await.unwrap();
        }
        lines
    }

    pub(crate) async fn source(&self) -> Source {
        Source::open(&self.setup.places[0], NOW.parse().unwrap()).await.unwrap()
    }

    /// The state, as after the first contact with a register.
    pub(crate) async fn outbox(&self) -> Outbox {
        let mut outbox = Outbox::open(&self.setup.config.state_dir()).await.unwrap();
        if outbox.generation().await.unwrap().is_none() {
            outbox.state_id([7; 16]).await.unwrap();
            outbox.set_generation(1).await.unwrap();
        }
        outbox
    }

    /// A cycle up to the network.
    pub(crate) async fn cycle(&self, outbox: &mut Outbox) -> Queued {
        self.cycle_at(outbox, NOW).await
    }

    pub(crate) async fn cycle_at(&self, outbox: &mut Outbox, now: &str) -> Queued {
        let now: Timestamp = now.parse().unwrap();
        let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
        read_and_queue(&self.setup, Extent::Planned, outbox, &surroundings).await.unwrap()
    }
}
