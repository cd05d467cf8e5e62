//! Treatments, their retractions, their persons and their outcomes.
//!
//! Promises: a key stands in `treatment` or in `retraction`, never in both; a person without treatments is gone.

use schemas::record::Retraction;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::outcome::OutcomeRow;
use crate::store::plan::Write;
use crate::store::{Delivery, TreatmentArrival, words};

/// Rows in one INSERT of outcomes: enough to be fast, well below SQLite's limit of bound values.
const OUTCOMES_AT_ONCE: usize = 400;

/// Makes persons with their names.
pub(super) async fn insert_subjects(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    subjects: &[(i64, [u8; 32])],
) -> Result<(), sqlx::Error> {
    const SUBJECT: &str = "INSERT INTO subject (id, sender) VALUES (?, ?)";
    const ALIAS: &str = "INSERT INTO alias (kid, s, subject) VALUES (?, ?, ?)";
    for (id, s) in subjects {
        sqlx::query(SUBJECT).bind(id).bind(delivery.sender.as_str()).execute(&mut *connection).await?;
        let alias = sqlx::query(ALIAS).bind(delivery.kid.as_str()).bind(s.as_slice()).bind(id);
        alias.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes a treatment in place of whatever stands under its key; gives its internal id.
pub(super) async fn upsert(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &TreatmentArrival,
) -> Result<i64, sqlx::Error> {
    const UPSERT: &str = "INSERT INTO treatment (sender, record_key, generation, counter, content_hash, subject,
            programme, programme_version, unit, unit_end, status, end_reason, started_on, ended_on,
            sex, birth_year, diagnosis, document)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (sender, record_key) DO UPDATE SET generation = excluded.generation,
            counter = excluded.counter, content_hash = excluded.content_hash, subject = excluded.subject,
            programme = excluded.programme, programme_version = excluded.programme_version,
            unit = excluded.unit, unit_end = excluded.unit_end, status = excluded.status,
            end_reason = excluded.end_reason, started_on = excluded.started_on, ended_on = excluded.ended_on,
            sex = excluded.sex, birth_year = excluded.birth_year, diagnosis = excluded.diagnosis,
            document = excluded.document
        RETURNING id";
    const DELETE_OUTCOMES: &str = "DELETE FROM outcome WHERE treatment = ?";
    const DELETE_RETRACTION: &str = "DELETE FROM retraction WHERE sender = ? AND record_key = ?";
    let arrival = write.arrival;
    let id: i64 = sqlx::query_scalar(UPSERT)
        .bind(sender)
        .bind(&arrival.key)
        .bind(arrival.version.generation)
        .bind(counter(write))
        .bind(arrival.content_hash.as_slice())
        .bind(write.subject)
        .bind(&content.programme)
        .bind(&content.programme_version)
        .bind(&content.unit)
        .bind(&content.unit_end)
        .bind(words::status(content.status))
        .bind(&content.end_reason)
        .bind(content.started_on.to_string())
        .bind(content.ended_on.to_string())
        .bind(content.sex.map(schemas::record::Sex::code))
        .bind(content.birth_year)
        .bind(&content.diagnosis)
        .bind(&content.document)
        .fetch_one(&mut *connection)
        .await?;
    match write.before.map(|account| account.subject) {
        Some(Some(_)) => sqlx::query(DELETE_OUTCOMES).bind(id).execute(connection).await?,
        Some(None) => sqlx::query(DELETE_RETRACTION).bind(sender).bind(&arrival.key).execute(connection).await?,
        None => return Ok(id),
    };
    Ok(id)
}

/// Takes a treatment back, keeping its key and version.
pub(super) async fn retract(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &Retraction,
) -> Result<(), sqlx::Error> {
    const DELETE: &str = "DELETE FROM treatment WHERE sender = ? AND record_key = ?";
    const UPSERT: &str = "INSERT INTO retraction (sender, record_key, generation, counter, content_hash, reason)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (sender, record_key) DO UPDATE SET generation = excluded.generation,
            counter = excluded.counter, content_hash = excluded.content_hash, reason = excluded.reason";
    let arrival = write.arrival;
    if write.before.is_some_and(|account| account.subject.is_some()) {
        // The outcomes go with it by their reference.
        sqlx::query(DELETE).bind(sender).bind(&arrival.key).execute(&mut *connection).await?;
    }
    sqlx::query(UPSERT)
        .bind(sender)
        .bind(&arrival.key)
        .bind(arrival.version.generation)
        .bind(counter(write))
        .bind(arrival.content_hash.as_slice())
        .bind(words::reason(content.reason))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Writes first and second scores; their treatments have none yet.
pub(super) async fn insert_outcomes(
    connection: &mut SqliteConnection,
    outcomes: &[(i64, &OutcomeRow)],
) -> Result<(), sqlx::Error> {
    for chunk in outcomes.chunks(OUTCOMES_AT_ONCE) {
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new("INSERT INTO outcome (treatment, instrument, comparison, first, second) ");
        insert.push_values(chunk, |mut row, (treatment, outcome)| {
            row.push_bind(treatment)
                .push_bind(&outcome.instrument)
                .push_bind(outcome.comparison.to_string())
                .push_bind(outcome.first)
                .push_bind(outcome.second);
        });
        insert.build().persistent(chunk.len() == OUTCOMES_AT_ONCE).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Removes those of these persons that have no treatment left, with their names.
pub(super) async fn remove_empty_subjects(
    connection: &mut SqliteConnection,
    subjects: &[i64],
) -> Result<(), sqlx::Error> {
    const REMOVE: &str =
        "DELETE FROM subject WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM treatment WHERE subject = ?1)";
    for subject in subjects {
        sqlx::query(REMOVE).bind(subject).execute(&mut *connection).await?;
    }
    Ok(())
}

/// SQLite's integers have a sign; the check of a record refuses a counter above it.
fn counter(write: &Write<'_>) -> i64 {
    i64::try_from(write.arrival.version.counter).unwrap_or(i64::MAX)
}
