//! Treatments, their retractions, their persons and their outcomes.
//!
//! Promises: a key stands in `treatment` or in `retraction`, never in both; a person without treatments is gone.

use std::collections::HashMap;

use schemas::record::{Retraction, Sex};
use sqlx::SqliteConnection;

use super::known::list;
use super::many::{Many, Statement};
use crate::outcome::{Members, Scores};
use crate::store::plan::Write;
use crate::store::{Delivery, TreatmentArrival, words};

static SUBJECTS: Many = Many::new("INSERT INTO subject (id, sender) VALUES", "(?, ?)", "");
static ALIASES: Many = Many::new("INSERT INTO alias (kid, s, subject) VALUES", "(?, ?, ?)", "");
static TREATMENTS: Many = Many::new(
    "INSERT INTO treatment (id, sender, record_key, generation, counter, content_hash, subject, programme,
        programme_version, unit, unit_end, status, end_reason, started_on, ended_on, sex, birth_year, diagnosis, document,
        first_received)
    VALUES",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    " ON CONFLICT (sender, record_key) DO UPDATE SET generation = excluded.generation,
        counter = excluded.counter, content_hash = excluded.content_hash, subject = excluded.subject,
        programme = excluded.programme, programme_version = excluded.programme_version,
        unit = excluded.unit, unit_end = excluded.unit_end, status = excluded.status,
        end_reason = excluded.end_reason, started_on = excluded.started_on, ended_on = excluded.ended_on,
        sex = excluded.sex, birth_year = excluded.birth_year, diagnosis = excluded.diagnosis,
        document = excluded.document",
);
static OUTCOMES: Many = Many::new(
    "INSERT INTO outcome (treatment, instrument, pre, post, first, last, carried) VALUES",
    "(?, ?, ?, ?, ?, ?, ?)",
    "",
);
static FOLLOWUPS: Many =
    Many::new("INSERT INTO followup (treatment, instrument, months, pre, score) VALUES", "(?, ?, ?, ?, ?)", "");

/// A treatment to write and its internal id.
struct Numbered<'a> {
    id: i64,
    write: &'a Write<'a>,
    content: &'a TreatmentArrival,
}

/// Makes persons with their names.
pub(super) async fn insert_subjects(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    subjects: &[(i64, [u8; 32])],
) -> Result<(), sqlx::Error> {
    let (sender, kid) = (delivery.sender.as_str(), delivery.kid.as_str());
    SUBJECTS.insert(connection, subjects, |query, (id, _)| query.bind(id).bind(sender)).await?;
    // In the order of the index a page is found once for all rows that go into it.
    let mut names = subjects.to_vec();
    names.sort_unstable_by_key(|(_, s)| *s);
    ALIASES.insert(connection, &names, |query, (id, s)| query.bind(kid).bind(s.as_slice()).bind(id)).await
}

/// Writes treatments in place of whatever stands under their keys, with their outcomes.
pub(super) async fn upsert(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    writes: &[(&Write<'_>, &TreatmentArrival)],
) -> Result<(), sqlx::Error> {
    const DELETE_OUTCOMES: &str = "DELETE FROM outcome WHERE treatment IN (SELECT value FROM json_each(?))";
    const DELETE_FOLLOWUPS: &str = "DELETE FROM followup WHERE treatment IN (SELECT value FROM json_each(?))";
    if writes.is_empty() {
        return Ok(());
    }
    let (sender, at) = (delivery.sender.as_str(), delivery.received_at.to_string());
    let mut standing = standing(connection, sender, writes).await?;
    standing.extend(revived(connection, sender, writes).await?);
    if !standing.is_empty() {
        let ids: Vec<i64> = standing.values().copied().collect();
        for delete in [DELETE_OUTCOMES, DELETE_FOLLOWUPS] {
            sqlx::query(delete).bind(list(&ids)).execute(&mut *connection).await?;
        }
    }
    let rows = number(connection, writes, &standing).await?;
    TREATMENTS.insert(connection, &rows, |query, row| bind(query, sender, row).bind(&at)).await?;
    let outcomes: Vec<(i64, &Scores)> =
        rows.iter().flat_map(|row| row.content.outcomes.iter().map(|scores| (row.id, scores))).collect();
    insert_outcomes(connection, &outcomes).await
}

/// Writes what answers come to; their treatments have nothing yet.
async fn insert_outcomes(connection: &mut SqliteConnection, outcomes: &[(i64, &Scores)]) -> Result<(), sqlx::Error> {
    let own: Vec<&(i64, &Scores)> =
        outcomes.iter().filter(|(_, scores)| scores.members != Members::default()).collect();
    OUTCOMES
        .insert(connection, &own, |query, (treatment, Scores { instrument, members, .. })| {
            let query = query.bind(treatment).bind(instrument).bind(members.pre).bind(members.post);
            query.bind(members.first).bind(members.last).bind(members.carried)
        })
        .await?;
    let followups: Vec<_> = outcomes
        .iter()
        .flat_map(|(id, scores)| scores.followups.iter().map(move |followup| (*id, *scores, *followup)))
        .collect();
    FOLLOWUPS
        .insert(connection, &followups, |query, (treatment, scores, (months, score))| {
            query.bind(treatment).bind(&scores.instrument).bind(months).bind(scores.members.pre).bind(score)
        })
        .await
}

/// The internal ids of those treatments that are stored already, by key.
async fn standing(
    connection: &mut SqliteConnection,
    sender: &str,
    writes: &[(&Write<'_>, &TreatmentArrival)],
) -> Result<HashMap<String, i64>, sqlx::Error> {
    const STANDING: &str =
        "SELECT record_key, id FROM treatment WHERE sender = ? AND record_key IN (SELECT value FROM json_each(?))";
    let keys: Vec<&str> = writes
        .iter()
        .filter(|(write, _)| write.before.is_some_and(|account| account.subject.is_some()))
        .map(|(write, _)| write.arrival.key.as_str())
        .collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, i64)> =
        sqlx::query_as(STANDING).bind(sender).bind(list(&keys)).fetch_all(connection).await?;
    Ok(rows.into_iter().collect())
}

/// Forgets that treatments were taken back that are delivered again; gives the internal ids that they had, by key.
async fn revived(
    connection: &mut SqliteConnection,
    sender: &str,
    writes: &[(&Write<'_>, &TreatmentArrival)],
) -> Result<HashMap<String, i64>, sqlx::Error> {
    const REVIVED: &str = "DELETE FROM retraction WHERE sender = ? AND record_key IN (SELECT value FROM json_each(?))
        RETURNING record_key, treatment";
    let keys: Vec<&str> = writes
        .iter()
        .filter(|(write, _)| write.before.is_some_and(|account| account.subject.is_none()))
        .map(|(write, _)| write.arrival.key.as_str())
        .collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, Option<i64>)> =
        sqlx::query_as(REVIVED).bind(sender).bind(list(&keys)).fetch_all(connection).await?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key, id?))).collect())
}

/// Gives each treatment its internal id: the one that it has or had, or the next one that none has had, as far as its
/// history is known. This connection is the only writer.
async fn number<'a>(
    connection: &mut SqliteConnection,
    writes: &[(&'a Write<'a>, &'a TreatmentArrival)],
    standing: &HashMap<String, i64>,
) -> Result<Vec<Numbered<'a>>, sqlx::Error> {
    const NEWEST: &str = "SELECT MAX(COALESCE((SELECT MAX(id) FROM treatment), 0),
        COALESCE((SELECT MAX(treatment) FROM history), 0))";
    let mut newest: i64 = sqlx::query_scalar(NEWEST).fetch_one(connection).await?;
    let mut next = || {
        newest += 1;
        newest
    };
    let numbered = writes.iter().map(|(write, content)| Numbered {
        id: standing.get(&write.arrival.key).copied().unwrap_or_else(&mut next),
        write,
        content,
    });
    Ok(numbered.collect())
}

fn bind<'r>(query: Statement<'r>, sender: &'r str, row: &'r Numbered<'_>) -> Statement<'r> {
    let Numbered { id, write, content } = row;
    let arrival = write.arrival;
    query
        .bind(id)
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
        .bind(content.sex.map(Sex::code))
        .bind(content.birth_year)
        .bind(&content.diagnosis)
        .bind(&content.document)
}

/// Takes a treatment back, keeping its key, its version and its internal id.
pub(super) async fn retract(
    connection: &mut SqliteConnection,
    sender: &str,
    write: &Write<'_>,
    content: &Retraction,
) -> Result<(), sqlx::Error> {
    const DELETE: &str = "DELETE FROM treatment WHERE sender = ? AND record_key = ? RETURNING id";
    // What is taken back once more had its number before.
    const UPSERT: &str =
        "INSERT INTO retraction (sender, record_key, generation, counter, content_hash, reason, treatment)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (sender, record_key) DO UPDATE SET generation = excluded.generation,
            counter = excluded.counter, content_hash = excluded.content_hash, reason = excluded.reason";
    let arrival = write.arrival;
    let mut id: Option<i64> = None;
    if write.before.is_some_and(|account| account.subject.is_some()) {
        // The outcomes go with it by their reference.
        let delete = sqlx::query_scalar(DELETE).bind(sender).bind(&arrival.key);
        id = delete.fetch_optional(&mut *connection).await?;
    }
    sqlx::query(UPSERT)
        .bind(sender)
        .bind(&arrival.key)
        .bind(arrival.version.generation)
        .bind(counter(write))
        .bind(arrival.content_hash.as_slice())
        .bind(words::reason(content.reason))
        .bind(id)
        .execute(connection)
        .await
        .map(|_| ())
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
