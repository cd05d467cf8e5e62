//! How much memory the agent takes to deliver a large source, through each engine, and between runs.
//!
//! Promises: the same treatments and answers stand in every engine; the register holds all of them afterwards; memory is what only the
//! agent has (`RssAnon`), at its highest, looked at every 20 ms.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use databases::MariaDb;
use end_to_end::process::{AGENT, Running, command};
use end_to_end::site::{Queries, Site};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::meter::{self, Spent};
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::source::{MEASUREMENTS, Source, TREATMENTS};
use super::table::judged;

/// Answers of five treatments.
const ANSWERS_OF_FIVE: u32 = 63;
/// Issue 3: what a run may take, and what a daemon may between runs, MB.
const RUN_MB: f64 = 100.0;
const IDLE_MB: f64 = 20.0;
/// Longer than a daemon needs to say what it waits for.
const LIMIT: Duration = Duration::from_mins(2);
const NAME: &str = "large";

/// Columns of the two tables in every engine; text, as the agent reads them.
const TABLES: [(&str, &str); 2] = [
    (
        "treatment",
        "treatment_id varchar(20), person_id varchar(20), unit_id varchar(40), programme varchar(60), status varchar(20), \
         referred_on varchar(10), started_on varchar(10), ended_on varchar(10), sex varchar(1), birth_year varchar(4), \
         diagnosis varchar(20), modules_total varchar(4), modules_completed varchar(4), updated_at varchar(30)",
    ),
    (
        "measurement",
        "treatment_id varchar(20), instrument varchar(20), timepoint varchar(20), answered_on varchar(10), score varchar(10), \
         updated_at varchar(30)",
    ),
];

/// Delivers so many answers from each engine and prints what the agent took. Tells whether every register held all of them.
pub(crate) fn run(answers: u32) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    // MariaDB reads the exported files under an account of its own.
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
    let source = Source::invent(folder.path(), 1, answers.div_ceil(ANSWERS_OF_FIVE) * 5)?;
    let export = export(&source, folder.path())?;
    let (postgres, mariadb) = (Postgres::start()?, MariaDb::start(&[])?);
    println!("{} treatments with {} answers in each of four sources", source.holds.treatments, source.holds.scores);
    let mut complete = true;
    for (engine, queries) in [
        ("SQLite", source.queries()),
        ("PostgreSQL", Queries { url: into_postgres(&postgres, &export)?, ..source.queries() }),
        ("MariaDB", Queries { url: into_mariadb(&mariadb, &export)?, ..source.queries() }),
        ("CSV files", of_files(&export)),
    ] {
        let register = Register::start(Engine::Sqlite, &postgres)?;
        let site = register.enrol("12", &queries)?;
        let first = once(&site, &["once"])?;
        let again = once(&site, &["once", "--full"])?;
        let idle = idle(&site)?;
        for (what, memory, promised) in [
            ("a first run", first.memory, RUN_MB),
            ("a full run without changes", again.memory, RUN_MB),
            ("between runs", idle, IDLE_MB),
        ] {
            let memory = memory as f64 / 1e6;
            println!("{engine:<11} {what:<28} {memory:>6.1} MB  {}", judged(memory, promised, promised));
        }
        println!("{engine:<11} {:<28} {:>6.1} s", "the first run took", first.wall.as_secs_f64());
        let held = register.holds()?;
        if held != source.holds {
            println!("{engine}: the register holds {held:?}, the source {:?}", source.holds);
            complete = false;
        }
    }
    Ok(complete)
}

/// The tables as CSV files with headers, in a folder of their own.
fn export(source: &Source, folder: &Path) -> anyhow::Result<PathBuf> {
    let export = folder.join("export");
    std::fs::create_dir(&export)?;
    let connection = Connection::open(&source.database)?;
    for ((table, _), query) in TABLES.iter().zip([TREATMENTS, MEASUREMENTS]) {
        let mut writer = csv::Writer::from_path(export.join(format!("{table}.csv")))?;
        let mut statement = connection.prepare(query)?;
        writer.write_record(statement.column_names())?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                writer.write_field(text(row.get_ref(column)?))?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
    }
    Ok(export)
}

fn text(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Text(text) => text.to_vec(),
        ValueRef::Integer(number) => number.to_string().into_bytes(),
        ValueRef::Real(number) => number.to_string().into_bytes(),
        ValueRef::Null | ValueRef::Blob(_) => Vec::new(),
    }
}

fn into_postgres(postgres: &Postgres, export: &Path) -> anyhow::Result<String> {
    postgres.fresh(NAME)?;
    for (table, columns) in TABLES {
        postgres.query(NAME, &format!("CREATE TABLE {table} ({columns})"))?;
        let file = export.join(format!("{table}.csv"));
        let copy = format!("\\copy {table} FROM '{}' (FORMAT csv, HEADER)", file.display());
        meter::run_well(postgres.client(NAME).args(["-c", &copy]), &[])?;
        postgres.query(NAME, &format!("CREATE INDEX ON {table} (treatment_id)"))?;
    }
    Ok(postgres.url(NAME))
}

fn into_mariadb(mariadb: &MariaDb, export: &Path) -> anyhow::Result<String> {
    let url = mariadb.database(NAME)?;
    let name = url.rsplit('/').next().context("an address ends in the database")?;
    for (table, columns) in TABLES {
        let file = export.join(format!("{table}.csv"));
        mariadb.client(
            name,
            &format!(
                "CREATE TABLE {table} ({columns}, INDEX (treatment_id)); LOAD DATA INFILE '{}' INTO TABLE {table} \
                 CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n' IGNORE 1 LINES",
                file.display()
            ),
        )?;
    }
    Ok(url)
}

fn of_files(export: &Path) -> Queries {
    Queries {
        more: format!("dir = \"{}\"\nsettle = \"0s\"", export.display()),
        treatments: "treatment.csv".into(),
        measurements: "measurement.csv".into(),
        ..Queries::default()
    }
}

/// Runs the agent once and looks at it.
fn once(site: &Site, arguments: &[&str]) -> anyhow::Result<Spent> {
    let mut agent = command(AGENT, Some(&site.config()), arguments)?;
    agent.stdout(Stdio::null()).env("AGENT_LOG", "warn");
    let spent = meter::run_well(&mut agent, &[])?;
    Ok(spent[0])
}

/// What the daemon has when it has said what it waits for, bytes.
fn idle(site: &Site) -> anyhow::Result<u64> {
    let path = site.folder.join("notify");
    let socket = UnixDatagram::bind(&path)?;
    socket.set_read_timeout(Some(LIMIT))?;
    let mut agent = command(AGENT, Some(&site.config()), &["run"])?;
    agent.env("NOTIFY_SOCKET", &path);
    let daemon = Running::start(agent, &site.folder.join("run.log"))?;
    let mut said = [0; 4096];
    loop {
        let length = socket.recv(&mut said).context("the daemon does not say what it waits for")?;
        if String::from_utf8_lossy(&said[..length]).contains("STATUS=next run") {
            return meter::memory(daemon.id()).context("the daemon is gone");
        }
    }
}
