//! What a reading found, on its way into the tables of the accounting line: some thousand rows in each statement.
//!
//! Promises: a treatment that is read again stands once, as its newest reading found it; what is left out of a batch of rows is known
//! to stay: its record counts as read by no cycle. Must not know: why something stays.

use serde_json::json;
use sqlx::sqlite::SqliteConnection;

use super::packed;
use crate::outbox::OutboxError;

/// Rows that wait in memory.
const MOST: usize = 1_000;
/// Characters of a record key's last part.
const LAST_PART: usize = 43;

/// `?1` holds local ids; `?4` persons, 32 bytes each; `?2` for each row `?3` bytes: its key, its cell, its answers and those that stand
/// ([`packed`]), a letter for [`Came`] and a `p` where there is a person.
const UPSERT_FOUND: &str = "
INSERT INTO found (key, source, local_id, person, cell, answers, treatment, cycle)
SELECT CAST(substr(?2, ?3 * (j.key + 1) - 74, 43) AS TEXT), ?5, j.value,
    CASE substr(?2, ?3 * (j.key + 1), 1) WHEN x'70' THEN substr(?4, 32 * j.key + 1, 32) END,
    CAST(substr(?2, ?3 * (j.key + 1) - 31, 10) AS INTEGER), CAST(substr(?2, ?3 * (j.key + 1) - 21, 10) AS INTEGER),
    substr(?2, ?3 * (j.key + 1) - 1, 1) <> x'61', ?6
FROM json_each(?1) j WHERE true
ON CONFLICT (key) DO UPDATE SET source = excluded.source, local_id = excluded.local_id, person = coalesce(excluded.person, person),
    cell = excluded.cell, answers = excluded.answers, treatment = excluded.treatment, cycle = excluded.cycle
";
/// A treatment that is unchanged is read by this cycle, one that stays by none; `?5` is the letter of which of them.
const SEE_RECORDS: &str = "
UPDATE record SET seen = ?4
WHERE key IN (
    SELECT CAST(substr(?2, ?3 * j.key + 1, ?3 - 32) AS TEXT) FROM json_each(?1) j WHERE substr(?2, ?3 * (j.key + 1) - 1, 1) = ?5
)
";
/// For records that a version without cells has queued: a third of the speed, once.
const FILL_RECORDS: &str = "
UPDATE record SET cell = v.cell, answers = v.answers
FROM (
    SELECT CAST(substr(?2, ?3 * j.key + 1, ?3 - 32) AS TEXT) AS key, CAST(substr(?2, ?3 * (j.key + 1) - 31, 10) AS INTEGER) AS cell,
        CAST(substr(?2, ?3 * (j.key + 1) - 11, 10) AS INTEGER) AS answers
    FROM json_each(?1) j WHERE substr(?2, ?3 * (j.key + 1) - 1, 1) = x'75'
) v WHERE record.key = v.key AND record.cell IS NULL
";
const INSERT_EXCLUDED: &str = "
INSERT OR REPLACE INTO excluded (key, source, rule, cell, answers, cycle)
SELECT CAST(substr(?2, 63 * j.key + 1, 43) AS TEXT), ?3, j.value, CAST(substr(?2, 63 * j.key + 44, 10) AS INTEGER),
    CAST(substr(?2, 63 * j.key + 54, 10) AS INTEGER), ?4
FROM json_each(?1) j
";

/// A treatment id that was read.
#[derive(Debug, Clone, Copy)]
pub struct FoundRow<'a> {
    /// Its whole record key.
    pub key: &'a str,
    /// The source's id, or the short record key.
    pub local_id: &'a str,
    /// The person, when it is known.
    pub person: Option<&'a [u8; 32]>,
    /// What it is counted under.
    pub cell: i64,
    /// Distinct answers, held ones too.
    pub answers: u32,
    /// Of these the ones that belong to its record.
    pub standing: u32,
    /// What came of it.
    pub came: Came,
}

/// What came of a treatment id that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is queued.
    Queued,
    /// It equals its newest queued version.
    Unchanged,
    /// It is held or excluded, and was never queued.
    Stays,
    /// It is held or excluded, and was queued before.
    StaysNow,
    /// It is no treatment, only answers without one.
    Answers,
}

/// What is to be filled in of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fills {
    /// Nothing.
    Nothing,
    /// The cells of those that an older version has queued.
    Cells,
}

/// Rows of one source that wait.
#[derive(Default)]
pub(super) struct Waiting {
    local_ids: Vec<String>,
    packed: Vec<u8>,
    persons: Vec<u8>,
    unchanged: usize,
    stay: usize,
    rules: Vec<&'static str>,
    excluded: Vec<u8>,
}

impl Waiting {
    /// Adds a row; `true` asks for `write`.
    pub(super) fn add(&mut self, row: &FoundRow<'_>) -> bool {
        let FoundRow { key, local_id, person, cell, answers, standing, came } = *row;
        self.local_ids.push(local_id.to_owned());
        self.packed.extend_from_slice(key.as_bytes());
        for number in [cell, answers.into(), standing.into()] {
            packed::push(&mut self.packed, number);
        }
        let letter = match came {
            Came::Queued => b'q',
            Came::Unchanged => b'u',
            Came::Stays => b'-',
            Came::StaysNow => b's',
            Came::Answers => b'a',
        };
        self.packed.extend([letter, if person.is_some() { b'p' } else { b'-' }]);
        self.persons.extend_from_slice(person.unwrap_or(&[0; 32]));
        self.unchanged += usize::from(came == Came::Unchanged);
        self.stay += usize::from(came == Came::StaysNow);
        self.local_ids.len() >= MOST
    }

    /// Adds the rule that excludes a treatment; `true` likewise.
    pub(super) fn exclude(&mut self, key: &str, rule: &'static str, (cell, answers): (i64, u32)) -> bool {
        self.rules.push(rule);
        self.excluded.extend_from_slice(&key.as_bytes()[key.len().saturating_sub(LAST_PART)..]);
        packed::push(&mut self.excluded, cell);
        packed::push(&mut self.excluded, answers.into());
        self.rules.len() >= MOST
    }

    /// Writes what waits.
    pub(super) async fn write(
        &mut self,
        connection: &mut SqliteConnection,
        (source, cycle): (&str, i64),
        fills: Fills,
    ) -> Result<(), OutboxError> {
        let Self { local_ids, packed, persons, unchanged, stay, rules, excluded } = std::mem::take(self);
        if let Some(width) = packed.len().checked_div(local_ids.len()) {
            let width = i64::try_from(width).unwrap_or_default();
            let ids = json!(local_ids).to_string();
            let upsert = sqlx::query(UPSERT_FOUND).bind(&ids).bind(&packed).bind(width).bind(persons).bind(source);
            upsert.bind(cycle).execute(&mut *connection).await?;
            for (number, seen_by, letter) in [(unchanged, cycle, b"u"), (stay, 0, b"s")] {
                if number > 0 {
                    let see = sqlx::query(SEE_RECORDS).bind(&ids).bind(&packed).bind(width).bind(seen_by);
                    see.bind(letter.as_slice()).execute(&mut *connection).await?;
                }
            }
            if unchanged > 0 && fills == Fills::Cells {
                let fill = sqlx::query(FILL_RECORDS).bind(&ids).bind(&packed).bind(width);
                fill.execute(&mut *connection).await?;
            }
        }
        if !rules.is_empty() {
            let insert = sqlx::query(INSERT_EXCLUDED).bind(json!(rules).to_string()).bind(excluded).bind(source);
            insert.bind(cycle).execute(&mut *connection).await?;
        }
        Ok(())
    }
}
