//! The scratch database of one cycle (all of its SQL): what was read, by key, until it is assembled.
//!
//! Promises: empty at the start of a cycle and gone at its end; a preview keeps it in memory. A crash leaves nothing that matters,
//! so it is not synchronised.

use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::assemble::{Episode, Raw};
use super::{EpisodeError, words};
use crate::pseudonymise::{Fate, KeyedAnswer, Pseudonymised};

/// Rows that are written with one statement.
const CHUNK: usize = 500;

/// What a cycle has read so far.
pub struct Gathering {
    connection: SqliteConnection,
    file: Option<PathBuf>,
    treatments: Vec<Value>,
    answers: Vec<Value>,
    held_answers: Vec<Value>,
}

/// One held answer.
#[derive(Debug, sqlx::FromRow)]
pub struct HeldAnswer {
    /// Index of its source.
    #[sqlx(try_from = "i64")]
    pub source: usize,
    /// Key of its treatment.
    pub key: String,
    /// The source's id of the treatment, or the short record key.
    pub local_id: String,
    /// Rules and fields.
    pub findings: String,
}

const CREATE: &str = "
CREATE TABLE treatment (
    key TEXT PRIMARY KEY, source INTEGER NOT NULL, local_id TEXT NOT NULL, state INTEGER NOT NULL, person TEXT NOT NULL,
    position INTEGER NOT NULL, updated INTEGER NOT NULL, content TEXT NOT NULL, findings TEXT NOT NULL, shared INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
    key TEXT NOT NULL, instrument TEXT NOT NULL, timepoint TEXT NOT NULL, position INTEGER NOT NULL, updated INTEGER NOT NULL,
    answered_on TEXT NOT NULL, score TEXT NOT NULL, local_id TEXT NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (key, instrument, timepoint)
) STRICT, WITHOUT ROWID;
CREATE TABLE held_answer (key TEXT NOT NULL, source INTEGER NOT NULL, local_id TEXT NOT NULL, findings TEXT NOT NULL) STRICT;
";

/// The latest row wins by `updated_at`. Among equals one that is excluded wins, so that a mark in one of two rows stops both; then the
/// order of the bytes decides, of the content first and of what is wrong last, so that no order of reading shows.
const ADD_TREATMENTS: &str = "
INSERT INTO treatment (key, source, local_id, state, person, position, updated, content, findings, shared)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, 0 FROM json_each(?) WHERE true
ON CONFLICT (key) DO UPDATE SET
    shared = shared OR (person <> '' AND excluded.person <> '' AND person <> excluded.person),
    person = CASE WHEN person = '' THEN excluded.person ELSE person END,
    state = CASE WHEN (excluded.position, excluded.updated, excluded.state = 2, excluded.content, excluded.state, excluded.findings)
        > (position, updated, state = 2, content, state, findings) THEN excluded.state ELSE state END,
    findings = CASE WHEN (excluded.position, excluded.updated, excluded.state = 2, excluded.content, excluded.state, excluded.findings)
        > (position, updated, state = 2, content, state, findings) THEN excluded.findings ELSE findings END,
    content = CASE WHEN (excluded.position, excluded.updated, excluded.state = 2, excluded.content, excluded.state, excluded.findings)
        > (position, updated, state = 2, content, state, findings) THEN excluded.content ELSE content END,
    updated = CASE WHEN (excluded.position, excluded.updated) > (position, updated) THEN excluded.updated ELSE updated END,
    position = max(position, excluded.position)
";

const ADD_ANSWERS: &str = "
INSERT INTO answer (key, instrument, timepoint, position, updated, answered_on, score, local_id, source)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8 FROM json_each(?) WHERE true
ON CONFLICT (key, instrument, timepoint) DO UPDATE SET
    position = excluded.position, updated = excluded.updated, answered_on = excluded.answered_on, score = excluded.score
WHERE (excluded.position, excluded.updated, excluded.answered_on, excluded.score) > (position, updated, answered_on, score)
";

const ADD_HELD_ANSWERS: &str = "
INSERT INTO held_answer (key, source, local_id, findings) SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?)
";

const EPISODES: &str = "
SELECT source, key, local_id, state, content, findings, shared,
    (SELECT json_group_array(json_array(instrument, timepoint, answered_on, score)) FROM answer a WHERE a.key = t.key) AS answers
FROM treatment t ORDER BY key
";

const HELD_ANSWERS: &str = "
SELECT h.source, h.key, h.local_id, h.findings FROM held_answer h
WHERE NOT EXISTS (SELECT 1 FROM treatment t WHERE t.key = h.key AND t.state = 2 AND NOT t.shared)
UNION ALL
SELECT a.source, a.key, a.local_id, 'answer-without-treatment:treatment_id' FROM answer a
WHERE NOT EXISTS (SELECT 1 FROM treatment t WHERE t.key = a.key)
ORDER BY 2, 4
";

impl Gathering {
    /// Begins with nothing, in a file or in memory.
    ///
    /// # Errors
    /// When the scratch database cannot be made.
    pub async fn begin(file: Option<&Path>) -> Result<Self, EpisodeError> {
        let options = match file {
            Some(path) => {
                remove(path);
                SqliteConnectOptions::new().filename(path).create_if_missing(true)
            }
            None => SqliteConnectOptions::new().in_memory(true),
        };
        let mut connection = options
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("temp_store", "MEMORY")
            .pragma("locking_mode", "EXCLUSIVE")
            .pragma("cache_size", "-16000")
            .disable_statement_logging()
            .connect()
            .await?;
        sqlx::raw_sql(CREATE).execute(&mut connection).await?;
        sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
        Ok(Self {
            connection,
            file: file.map(Path::to_owned),
            treatments: Vec::new(),
            answers: Vec::new(),
            held_answers: Vec::new(),
        })
    }

    /// Adds one treatment row.
    ///
    /// # Errors
    /// When the scratch database cannot be written.
    pub async fn add_treatment(&mut self, row: Pseudonymised) -> Result<(), EpisodeError> {
        let (state, content, found) = match &row.fate {
            Fate::Ready(treatment, warnings) => {
                let content = schemas::canonical::bytes(treatment);
                (0, String::from_utf8_lossy(&content).into_owned(), words(warnings))
            }
            Fate::Held(findings) => (1, String::new(), words(findings)),
            Fate::Excluded(finding) => (2, String::new(), words(&[*finding])),
        };
        let person = row.person.as_ref().map_or("", |person| person.as_str());
        let (position, updated) = (row.recency.order, microseconds(row.recency.updated_at));
        let key = tail(row.key.as_str());
        let row = json!([key, row.source, row.local_id, state, person, position, updated, content, found]);
        self.treatments.push(row);
        if self.treatments.len() >= CHUNK {
            flush(&mut self.connection, ADD_TREATMENTS, &mut self.treatments).await?;
        }
        Ok(())
    }

    /// Adds one answer row.
    ///
    /// # Errors
    /// When the scratch database cannot be written.
    pub async fn add_answer(&mut self, row: KeyedAnswer) -> Result<(), EpisodeError> {
        let key = tail(row.key.as_str());
        match row.measurement {
            Ok(m) => {
                let score = String::from_utf8_lossy(&schemas::canonical::bytes(&m.score)).into_owned();
                let (position, updated) = (row.recency.order, microseconds(row.recency.updated_at));
                let answer = (m.instrument, m.timepoint, position, updated, m.answered_on, score);
                let (instrument, timepoint, position, updated, answered_on, score) = answer;
                self.answers.push(json!([
                    key,
                    instrument,
                    timepoint,
                    position,
                    updated,
                    answered_on,
                    score,
                    row.local_id,
                    row.source
                ]));
            }
            Err(findings) => self.held_answers.push(json!([key, row.source, row.local_id, words(&findings)])),
        }
        if self.answers.len() >= CHUNK {
            flush(&mut self.connection, ADD_ANSWERS, &mut self.answers).await?;
        }
        if self.held_answers.len() >= CHUNK {
            flush(&mut self.connection, ADD_HELD_ANSWERS, &mut self.held_answers).await?;
        }
        Ok(())
    }

    /// Ends the reading; episodes can be asked for afterwards.
    ///
    /// # Errors
    /// When the scratch database cannot be written.
    pub async fn finish(&mut self) -> Result<(), EpisodeError> {
        flush(&mut self.connection, ADD_TREATMENTS, &mut self.treatments).await?;
        flush(&mut self.connection, ADD_ANSWERS, &mut self.answers).await?;
        flush(&mut self.connection, ADD_HELD_ANSWERS, &mut self.held_answers).await?;
        sqlx::raw_sql("COMMIT").execute(&mut self.connection).await?;
        Ok(())
    }

    /// Every episode, in the order of its key.
    pub fn episodes(&mut self) -> BoxStream<'_, Result<Episode, EpisodeError>> {
        sqlx::query_as::<_, Raw>(EPISODES)
            .fetch(&mut self.connection)
            .map(|raw| raw.map(Raw::assemble).map_err(EpisodeError))
            .boxed()
    }

    /// The answers that stay: those that break a rule, and those of no treatment. Answers of excluded treatments are not told.
    ///
    /// # Errors
    /// When the scratch database cannot be read.
    pub async fn held_answers(&mut self) -> Result<Vec<HeldAnswer>, EpisodeError> {
        Ok(sqlx::query_as(HELD_ANSWERS).fetch_all(&mut self.connection).await?)
    }

    /// Throws the scratch away.
    ///
    /// # Errors
    /// When the scratch database cannot be closed.
    pub async fn end(self) -> Result<(), EpisodeError> {
        self.connection.close().await?;
        if let Some(file) = &self.file {
            remove(file);
        }
        Ok(())
    }
}

async fn flush(
    connection: &mut SqliteConnection,
    statement: &'static str,
    rows: &mut Vec<Value>,
) -> Result<(), EpisodeError> {
    if !rows.is_empty() {
        let batch = Value::Array(std::mem::take(rows)).to_string();
        sqlx::query(statement).bind(batch).execute(connection).await?;
    }
    Ok(())
}

/// The part of a record key that differs between records of one sender.
fn tail(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or_default()
}

fn microseconds(moment: Option<jiff::Timestamp>) -> i64 {
    moment.map_or(i64::MIN, jiff::Timestamp::as_microsecond)
}

fn remove(file: &Path) {
    // A file that is not there is what is wanted; one that cannot be removed shows itself when it is opened.
    let _ = std::fs::remove_file(file);
}
