//! Treatments that a whole reading has not met, and what was decided of them.
//!
//! Promises: only those that the register has stay in the list; one that is to be taken back stays in it until a receipt says that it
//! was, so that a lost batch loses no retraction. Must not know: how it is decided.

use serde_json::json;
use sqlx::sqlite::SqliteConnection;

use super::{Outbox, Queueing, SET_META};
use crate::episode::{Ids, MARK};
use crate::map::Cell;
use crate::outbox::OutboxError;
use crate::vanished::{Listed, Missing, State};

/// Beginnings of the keys of a source's treatments, one behind the other.
const MARKS: &str =
    "SELECT coalesce(group_concat(substr(key, 1, 12), ''), '') FROM found WHERE source = ? AND treatment = 1";
/// `?1` holds beginnings of keys; a brace stands behind every letter of a key. `?2` is what all record keys begin with.
const MISSING: &str = "
SELECT f.key, f.local_id, coalesce(c.unit, 'unknown') AS unit, coalesce(c.programme, 'unknown') AS programme,
    coalesce(c.month, 'unknown') AS month,
    coalesce(r.accepted_kind IN ('treatment', 'unknown', 'queued') OR r.state = 'queued', 0) AS at_register, v.state
FROM json_each(?1) m JOIN found f ON f.key >= m.value AND f.key < m.value || '{'
LEFT JOIN cell c ON c.id = f.cell LEFT JOIN record r ON r.key = ?2 || f.key LEFT JOIN vanished v ON v.key = f.key
WHERE f.source = ?3 AND f.treatment = 1 ORDER BY f.key
";
const STANDING: &str = "
SELECT coalesce(c.unit, 'unknown'), coalesce(c.programme, 'unknown'), count(*)
FROM found f JOIN record r ON r.key = ?1 || f.key LEFT JOIN cell c ON c.id = f.cell
WHERE f.source = ?2 AND f.treatment = 1 AND (r.accepted_kind IN ('treatment', 'unknown', 'queued') OR r.state = 'queued')
GROUP BY 1, 2
";
const DECIDED: &str = "
SELECT v.key, v.local_id, v.unit, v.programme, v.month,
    coalesce(r.accepted_kind IN ('treatment', 'unknown', 'queued') OR r.state = 'queued', 0) AS at_register, v.state, v.source
FROM vanished v LEFT JOIN record r ON r.key = ? || v.key WHERE v.state = 'retract' ORDER BY v.key
";
const LIST: &str = "
SELECT id, source, local_id, unit, programme, month, since, state FROM vanished WHERE ?1 IS NULL OR state = ?1 ORDER BY state DESC, id
";
/// A retraction that is queued can be decided against no more.
const DECIDE: &str = "
UPDATE vanished SET state = ?1
WHERE ((?2 IS NULL AND state = 'waiting') OR id = ?2)
    AND NOT EXISTS (SELECT 1 FROM record r WHERE r.key = ?3 || vanished.key AND r.kind = 'retraction' AND r.state = 'queued')
";
const INSERT: &str = "
INSERT INTO vanished (key, source, local_id, unit, programme, month, since, state)
SELECT value->>0, ?2, value->>1, value->>2, value->>3, value->>4, (SELECT started_at FROM cycle WHERE id = ?3), value->>5
FROM json_each(?1) WHERE true ON CONFLICT (key) DO UPDATE SET state = excluded.state
";
const FORGET_FOUND: &str = "DELETE FROM found WHERE key IN (SELECT value FROM json_each(?))";
const FORGET_VANISHED: &str = "DELETE FROM vanished WHERE key IN (SELECT value FROM json_each(?))";
const CAME_BACK: &str = "
DELETE FROM vanished
WHERE EXISTS (SELECT 1 FROM found f WHERE f.key = vanished.key AND f.treatment = 1 AND f.cycle = ?)
";
const TAKEN_BACK: &str = "
SELECT v.key FROM vanished v JOIN record r ON r.key = ? || v.key
WHERE v.state = 'retract' AND r.accepted_kind = 'retraction' AND r.state = 'closed'
";

#[derive(sqlx::FromRow)]
struct MissingRow {
    key: String,
    local_id: String,
    unit: String,
    programme: String,
    month: String,
    at_register: bool,
    state: Option<String>,
}

impl TryFrom<MissingRow> for Missing {
    type Error = OutboxError;

    fn try_from(row: MissingRow) -> Result<Self, OutboxError> {
        let MissingRow { key, local_id, unit, programme, month, at_register, state } = row;
        let named = |word: String| State::named(&word).ok_or(OutboxError::Inconsistent("vanished.state"));
        let state = state.map(named).transpose()?;
        Ok(Self { key, local_id, cell: Cell { unit, programme, month }, at_register, state })
    }
}

fn files_of(source: &str) -> String {
    format!("files.{source}")
}

/// What all record keys of a sender begin with.
fn prefix(sender: &str) -> String {
    format!("rec1.{sender}.")
}

impl Outbox {
    /// The treatments of a source that were found before and are not among those that were read now, in the order of their keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn missing(
        &mut self,
        (sender, source): (&str, &str),
        read: &mut Ids,
    ) -> Result<Vec<Missing>, OutboxError> {
        let marks: String = sqlx::query_scalar(MARKS).bind(source).fetch_one(&mut self.connection).await?;
        let marks = marks.as_bytes().chunks(MARK).filter_map(|mark| std::str::from_utf8(mark).ok());
        let missing = read.missing(marks);
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query_as(MISSING).bind(json!(missing).to_string()).bind(prefix(sender)).bind(source);
        let rows: Vec<MissingRow> = rows.fetch_all(&mut self.connection).await?;
        rows.into_iter().map(Missing::try_from).collect()
    }

    /// How many files of a source had rows when it was read whole last; 0 before the first time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn files(&mut self, source: &str) -> Result<u64, OutboxError> {
        let files = self.meta(&files_of(source)).await?.map_or(Ok(0), |text| text.parse());
        files.map_err(|_| OutboxError::Inconsistent("meta.files"))
    }

    /// How many of a source's treatments the register has, by unit and programme.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing(
        &mut self,
        (sender, source): (&str, &str),
    ) -> Result<Vec<(String, String, u64)>, OutboxError> {
        let rows = sqlx::query_as(STANDING).bind(prefix(sender)).bind(source);
        let rows: Vec<(String, String, i64)> = rows.fetch_all(&mut self.connection).await?;
        Ok(rows.into_iter().map(|(unit, programme, n)| (unit, programme, n.unsigned_abs())).collect())
    }

    /// The treatments that are to be taken back, in the order of their keys, each with the system of its source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn to_take_back(&mut self, sender: &str) -> Result<Vec<(String, Missing)>, OutboxError> {
        let rows: Vec<DecidedRow> =
            sqlx::query_as(DECIDED).bind(prefix(sender)).fetch_all(&mut self.connection).await?;
        rows.into_iter().map(|DecidedRow { missing, source }| Ok((source, missing.try_into()?))).collect()
    }

    /// The treatments that vanished, those that wait first; of one state only where it is named.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn vanished(&mut self, state: Option<State>) -> Result<Vec<Listed>, OutboxError> {
        type Row = (i64, String, String, String, String, String, String, String);
        let rows = sqlx::query_as(LIST).bind(state.map(State::word));
        let rows: Vec<Row> = rows.fetch_all(&mut self.connection).await?;
        let listed = |(id, source, treatment, unit, programme, month, since, state): Row| {
            let state = State::named(&state).ok_or(OutboxError::Inconsistent("vanished.state"))?;
            Ok(Listed { id, source, treatment, cell: Cell { unit, programme, month }, since, state })
        };
        rows.into_iter().map(listed).collect()
    }

    /// Decides on one that vanished, by its number, or on all that wait, unless it is queued to be taken back. Answers how many that were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decide_vanished(&mut self, sender: &str, id: Option<i64>, state: State) -> Result<u64, OutboxError> {
        let decide = sqlx::query(DECIDE).bind(state.word()).bind(id).bind(prefix(sender));
        Ok(decide.execute(&mut self.connection).await?.rows_affected())
    }

    /// Forgets those that were taken back, now that receipts say so; and of those who left what was taken back under other names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_taken_back(&mut self, sender: &str) -> Result<(), OutboxError> {
        let keys: Vec<String> =
            sqlx::query_scalar(TAKEN_BACK).bind(prefix(sender)).fetch_all(&mut self.connection).await?;
        if !keys.is_empty() {
            forget(&mut self.connection, &keys).await?;
        }
        self.forget_elsewhere().await
    }
}

#[derive(sqlx::FromRow)]
struct DecidedRow {
    #[sqlx(flatten)]
    missing: MissingRow,
    source: String,
}

impl Queueing<'_> {
    /// Notes treatments of a source that vanished, with what is decided of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_vanished(&mut self, source: usize, ones: &[(&Missing, State)]) -> Result<(), OutboxError> {
        let row = |(one, state): &(&Missing, State)| {
            let Cell { unit, programme, month } = &one.cell;
            json!([one.key, one.local_id, unit, programme, month, state.word()])
        };
        let rows = json!(ones.iter().map(row).collect::<Vec<_>>()).to_string();
        let insert = sqlx::query(INSERT).bind(rows).bind(&self.sources[source]).bind(self.cycle);
        insert.execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Forgets that treatments were found, and that the register rejects them; what the register holds of them stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_found(&mut self, sender: &str, keys: &[String]) -> Result<(), OutboxError> {
        let records: Vec<String> = keys.iter().map(|key| format!("{}{key}", prefix(sender))).collect();
        self.drop_rejected(&records.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        forget(&mut self.transaction, keys).await
    }

    /// Notes how many files of a source have rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_files(&mut self, source: usize, files: u64) -> Result<(), OutboxError> {
        let set = sqlx::query(SET_META).bind(files_of(&self.sources[source])).bind(files.to_string());
        set.execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Ends the waiting of those that this cycle has read.
    pub(super) async fn end_waiting(&mut self) -> Result<(), OutboxError> {
        sqlx::query(CAME_BACK).bind(self.cycle).execute(&mut *self.transaction).await?;
        Ok(())
    }
}

async fn forget(connection: &mut SqliteConnection, keys: &[String]) -> Result<(), OutboxError> {
    let keys = json!(keys).to_string();
    for statement in [FORGET_FOUND, FORGET_VANISHED] {
        sqlx::query(statement).bind(&keys).execute(&mut *connection).await?;
    }
    Ok(())
}
