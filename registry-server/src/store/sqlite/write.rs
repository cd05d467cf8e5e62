//! Units, monthly counts and accounting lines.

use schemas::record::{Activity, Run, Sex, Unit};
use sqlx::SqliteConnection;

use crate::store::plan::Write;
use crate::store::words;

/// Writes a unit's description.
pub(super) async fn unit(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &Unit,
) -> Result<(), sqlx::Error> {
    const UPSERT: &str = "INSERT OR REPLACE INTO unit (sender, unit, generation, counter, content_hash, name,
            care_level, ownership, county, care_provider_id, municipality, valid_from, valid_to, successor_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(UPSERT)
        .bind(sender)
        .bind(&write.arrival.key)
        .bind(write.arrival.version.generation)
        .bind(number(write.arrival.version.counter))
        .bind(write.arrival.content_hash.as_slice())
        .bind(&content.name)
        .bind(&content.care_level)
        .bind(content.ownership.map(words::ownership))
        .bind(&content.county)
        .bind(&content.care_provider_id)
        .bind(&content.municipality)
        .bind(content.valid_from.map(|date| date.to_string()))
        .bind(content.valid_to.map(|date| date.to_string()))
        .bind(&content.successor_id)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Writes a month's counts.
pub(super) async fn activity(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &Activity,
) -> Result<(), sqlx::Error> {
    const UPSERT: &str = "INSERT OR REPLACE INTO activity (sender, record_key, generation, counter, content_hash,
            month, unit, programme, sex, age_group, started, ended, ongoing)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(UPSERT)
        .bind(sender)
        .bind(&write.arrival.key)
        .bind(write.arrival.version.generation)
        .bind(number(write.arrival.version.counter))
        .bind(write.arrival.content_hash.as_slice())
        .bind(&content.month)
        .bind(&content.unit)
        .bind(&content.programme)
        .bind(content.sex.map(Sex::code))
        .bind(&content.age_group)
        .bind(number(content.started))
        .bind(number(content.ended))
        .bind(number(content.ongoing))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Writes an accounting line.
pub(super) async fn run(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &Run,
) -> Result<(), sqlx::Error> {
    const UPSERT: &str = "INSERT OR REPLACE INTO run (sender, record_key, generation, counter, content_hash, cycle,
            reading, counted, month, unit, programme, found, accepted, unchanged, rejected, held, excluded, pending, reasons)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(UPSERT)
        .bind(sender)
        .bind(&write.arrival.key)
        .bind(write.arrival.version.generation)
        .bind(number(write.arrival.version.counter))
        .bind(write.arrival.content_hash.as_slice())
        .bind(number(content.cycle))
        .bind(content.reading.word())
        .bind(content.counted.word())
        .bind(&content.month)
        .bind(&content.unit)
        .bind(&content.programme)
        .bind(number(content.found))
        .bind(number(content.accepted))
        .bind(number(content.unchanged))
        .bind(number(content.rejected))
        .bind(number(content.held))
        .bind(number(content.excluded))
        .bind(number(content.pending))
        .bind(words::reasons(&content.reasons))
        .execute(connection)
        .await
        .map(|_| ())
}

/// SQLite's integers have a sign; the check of a record refuses what is above it.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
