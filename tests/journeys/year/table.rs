//! The script's rows in a database that an agent reads: a file of SQLite, or PostgreSQL.
//!
//! Promises: after each writing the tables hold the script's rows and no others, so that nothing but the rows' own times tells what changed.

use std::fmt::Write as _;
use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};

use super::source::{PROGRAMMES, Source, State, TIMEPOINTS, Treatment};

/// The names are the contract's.
const TABLES: &str = "
CREATE TABLE treatments (treatment_id TEXT, person_id TEXT, unit_id TEXT, unit_id_end TEXT, programme TEXT, status TEXT,
    started_on TEXT, ended_on TEXT, test_patient TEXT, protected_identity TEXT, updated_at TEXT);
CREATE TABLE measurements (treatment_id TEXT, instrument TEXT, timepoint TEXT, answered_on TEXT, score TEXT, updated_at TEXT);
CREATE TABLE objections (person_id TEXT, reason TEXT);
";

/// Where a region keeps its rows.
pub(super) enum Tables {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Tables {
    pub(super) async fn make(self) -> Self {
        self.execute(TABLES).await;
        self
    }

    /// The agent's `[source]`.
    pub(super) fn section(&self) -> String {
        let (url, objections) = match self {
            Self::Sqlite(file) => (format!("sqlite://{}", file.display()), "objections = \"SELECT * FROM objections\""),
            Self::Postgres(url) => (url.clone(), "objections_file = \"objections.csv\""),
        };
        format!(
            "[source]\nkind = \"sql\"\nurl = \"{url}\"\ntreatments = \"SELECT * FROM treatments WHERE updated_at >= :since\"\n\
             measurements = \"SELECT * FROM measurements WHERE updated_at >= :since\"\n{objections}\n"
        )
    }

    /// Writes what the script knows.
    pub(super) async fn write(&self, source: &Source) {
        let mut text = String::from("DELETE FROM treatments; DELETE FROM measurements; DELETE FROM objections;\n");
        let (mut treatments, mut answers) = (Vec::new(), Vec::new());
        for (id, treatment) in &source.treatments {
            treatments.push(row_of(source, id, treatment));
            answers.extend(answers_of(id, treatment));
        }
        let list = source.list.iter().map(|(number, reason)| format!("('{number}', '{reason}')")).collect();
        for (table, rows) in [("treatments", treatments), ("measurements", answers), ("objections", list)] {
            if !rows.is_empty() {
                writeln!(text, "INSERT INTO {table} VALUES {};", rows.join(",\n")).unwrap();
            }
        }
        self.execute(&format!("BEGIN;\n{text}COMMIT;")).await;
    }

    /// As an export that broke off leaves them.
    pub(super) async fn empty(&self) {
        self.execute("DELETE FROM treatments; DELETE FROM measurements;").await;
    }

    async fn execute(&self, statements: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements));
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
                let mut connection = options.disable_statement_logging().connect().await.unwrap();
                connection.execute(statements).await.unwrap();
                connection.close().await.unwrap();
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                connection.execute(statements).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }
}

fn row_of(source: &Source, id: &str, treatment: &Treatment) -> String {
    let text = |value: &str| format!("'{value}'");
    let mark = |state| if treatment.state == state { "ja" } else { "nej" };
    let unit = match treatment.state {
        State::NoUnit => "Norra mottagningen".to_owned(),
        _ => source.unit(treatment.unit),
    };
    let ended = (treatment.state != State::Ongoing).then(|| treatment.ended.to_string());
    let values = [
        Some(id.to_owned()),
        Some(treatment.person.number.clone()),
        Some(unit),
        treatment.unit_end.map(|unit| source.unit(unit)),
        Some(PROGRAMMES[treatment.programme].to_owned()),
        Some(treatment.status().to_owned()),
        Some(treatment.started.to_string()),
        ended,
        Some(mark(State::TestPatient).to_owned()),
        Some(mark(State::Protected).to_owned()),
        Some(treatment.touched.to_string()),
    ];
    let values = values.map(|value| value.map_or_else(|| "NULL".to_owned(), |value| text(&value)));
    format!("({})", values.join(", "))
}

fn answers_of(id: &str, treatment: &Treatment) -> Vec<String> {
    let row = |(instrument, timepoint): (&str, &str), on: jiff::civil::Date, score: u32| {
        format!("('{id}', '{instrument}', '{timepoint}', '{on}', '{score}', '{}')", treatment.touched)
    };
    let counting = treatment
        .answers
        .iter()
        .map(|((instrument, at), answer)| row((instrument, TIMEPOINTS[*at]), answer.on, answer.score));
    let bad = treatment.bad_answer.then(|| row(("PHQ-9", "weekly-7"), treatment.ended, 999));
    counting.chain(bad).collect()
}
