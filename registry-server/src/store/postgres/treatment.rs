//! Treatments, their retractions, their persons and their outcomes.
//!
//! Promises: a key stands in `treatment` or in `retraction`, never in both; a treatment's outcomes go with it; a person without
//! treatments is gone; one statement a table, whatever the number of rows.

use std::collections::HashMap;

use schemas::record::{Retraction, Sex};
use sqlx::PgConnection;

use super::write::{Head, column};
use crate::outcome::{Members, Scores};
use crate::store::plan::Write;
use crate::store::{Delivery, TreatmentArrival, words};

/// Makes persons with their names.
pub(super) async fn insert_subjects(
    connection: &mut PgConnection,
    delivery: &Delivery,
    subjects: &[(i64, [u8; 32])],
) -> Result<(), sqlx::Error> {
    const SUBJECTS: &str = include_str!("sql/subjects.sql");
    const ALIASES: &str = include_str!("sql/aliases.sql");
    if subjects.is_empty() {
        return Ok(());
    }
    let ids = column(subjects, |(id, _)| *id);
    let names = column(subjects, |(_, s)| s.as_slice());
    let sender = delivery.sender.as_str();
    sqlx::query(SUBJECTS).bind(sender).bind(&ids).execute(&mut *connection).await?;
    let aliases = sqlx::query(ALIASES).bind(sender).bind(delivery.kid.as_str()).bind(names).bind(ids);
    aliases.execute(connection).await.map(|_| ())
}

/// Writes treatments in place of whatever stands under their keys, with their outcomes.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    delivery: &Delivery,
    rows: &[(&Write<'_>, &TreatmentArrival)],
) -> Result<(), sqlx::Error> {
    const REVIVED: &str = include_str!("sql/retractions_revived.sql");
    const REPLACE: &str = include_str!("sql/treatments.sql");
    const REPLACED: &str = include_str!("sql/outcomes_replaced.sql");
    const NEW: &str = include_str!("sql/treatments_new.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let sender = delivery.sender.as_str();
    let key = |(write, _): &(&Write<'_>, _)| write.arrival.key.clone();
    let revived = |(write, _): &&(&Write<'_>, _)| write.before.is_some_and(|account| account.subject.is_none());
    let revived: Vec<String> = rows.iter().filter(revived).map(key).collect();
    let had: Vec<(String, Option<i64>)> = if revived.is_empty() {
        Vec::new()
    } else {
        sqlx::query_as(REVIVED).bind(sender).bind(revived).fetch_all(&mut *connection).await?
    };
    let (old, new): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|(write, _)| write.before.is_some());
    let mut ids = insert(connection, delivery, (NEW, &new)).await?;
    let mut replaced = insert(connection, delivery, (REPLACE, &old)).await?;
    replaced.extend(number_as_before(connection, sender, had).await?);
    if !replaced.is_empty() {
        let replaced: Vec<i64> = replaced.values().copied().collect();
        sqlx::query(REPLACED).bind(sender).bind(replaced).execute(&mut *connection).await?;
    }
    ids.extend(replaced);
    insert_outcomes(connection, sender, rows, &ids).await
}

/// Gives treatments that were taken back the internal ids that they had before; tells them by key.
async fn number_as_before(
    connection: &mut PgConnection,
    sender: &str,
    had: Vec<(String, Option<i64>)>,
) -> Result<HashMap<String, i64>, sqlx::Error> {
    const AS_BEFORE: &str = include_str!("sql/treatments_revived.sql");
    let (keys, ids): (Vec<String>, Vec<i64>) = had.into_iter().filter_map(|(key, id)| Some((key, id?))).unzip();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    sqlx::query(AS_BEFORE).bind(sender).bind(&keys).bind(&ids).execute(connection).await?;
    Ok(keys.into_iter().zip(ids).collect())
}

async fn insert(
    connection: &mut PgConnection,
    delivery: &Delivery,
    (statement, rows): (&'static str, &[(&Write<'_>, &TreatmentArrival)]),
) -> Result<HashMap<String, i64>, sqlx::Error> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    let ids: Vec<(String, i64)> = sqlx::query_as(statement)
        .bind(delivery.sender.as_str())
        .bind(head.keys)
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(write, _)| write.subject))
        .bind(column(rows, |(_, content)| content.programme.as_str()))
        .bind(column(rows, |(_, content)| content.programme_version.as_deref()))
        .bind(column(rows, |(_, content)| content.unit.as_str()))
        .bind(column(rows, |(_, content)| content.unit_end.as_deref()))
        .bind(column(rows, |(_, content)| words::status(content.status)))
        .bind(column(rows, |(_, content)| content.end_reason.as_deref()))
        .bind(column(rows, |(_, content)| content.started_on.to_string()))
        .bind(column(rows, |(_, content)| content.ended_on.to_string()))
        .bind(column(rows, |(_, content)| content.sex.map(Sex::code)))
        .bind(column(rows, |(_, content)| content.birth_year))
        .bind(column(rows, |(_, content)| content.diagnosis.as_deref()))
        .bind(column(rows, |(_, content)| content.document.as_str()))
        .bind(delivery.received_at.to_string())
        .fetch_all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

async fn insert_outcomes<'a>(
    connection: &mut PgConnection,
    sender: &str,
    rows: &[(&Write<'_>, &'a TreatmentArrival)],
    ids: &HashMap<String, i64>,
) -> Result<(), sqlx::Error> {
    const OUTCOMES: &str = include_str!("sql/outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/followups.sql");
    let outcomes: Vec<(i64, &Scores)> = rows
        .iter()
        .filter_map(|(write, content)| Some((*ids.get(&write.arrival.key)?, &content.outcomes)))
        .flat_map(|(id, outcomes)| outcomes.iter().map(move |scores| (id, scores)))
        .collect();
    let own: Vec<_> = outcomes.iter().filter(|(_, scores)| scores.members != Members::default()).collect();
    if !own.is_empty() {
        sqlx::query(OUTCOMES)
            .bind(sender)
            .bind(column(&own, |(id, _)| *id))
            .bind(column(&own, |(_, scores)| scores.instrument.as_str()))
            .bind(column(&own, |(_, scores)| scores.members.pre))
            .bind(column(&own, |(_, scores)| scores.members.post))
            .bind(column(&own, |(_, scores)| scores.members.first))
            .bind(column(&own, |(_, scores)| scores.members.last))
            .bind(column(&own, |(_, scores)| scores.members.carried))
            .execute(&mut *connection)
            .await?;
    }
    let followup = |(id, scores): &(i64, &'a Scores)| {
        let (id, scores) = (*id, *scores);
        scores.followups.iter().map(move |(months, score)| (id, scores, i16::from(*months), *score))
    };
    let followups: Vec<_> = outcomes.iter().flat_map(followup).collect();
    if followups.is_empty() {
        return Ok(());
    }
    sqlx::query(FOLLOWUPS)
        .bind(sender)
        .bind(column(&followups, |(id, ..)| *id))
        .bind(column(&followups, |(_, scores, ..)| scores.instrument.as_str()))
        .bind(column(&followups, |(_, _, months, _)| *months))
        .bind(column(&followups, |(_, scores, ..)| scores.members.pre))
        .bind(column(&followups, |(.., score)| *score))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Takes treatments back, keeping their keys, versions and internal ids.
pub(super) async fn retract(
    connection: &mut PgConnection,
    sender: &str,
    rows: &[(&Write<'_>, &Retraction)],
) -> Result<(), sqlx::Error> {
    const RETRACTED: &str = include_str!("sql/treatments_retracted.sql");
    const RETRACTIONS: &str = include_str!("sql/retractions.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    let retracted = sqlx::query_as(RETRACTED).bind(sender).bind(&head.keys);
    let retracted: HashMap<String, i64> = retracted.fetch_all(&mut *connection).await?.into_iter().collect();
    let ids = column(&head.keys, |key| retracted.get(*key).copied());
    sqlx::query(RETRACTIONS)
        .bind(sender)
        .bind(head.keys)
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(_, content)| words::reason(content.reason)))
        .bind(ids)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Removes those of these persons that have no treatment left, with their names.
pub(super) async fn remove_empty_subjects(
    connection: &mut PgConnection,
    sender: &str,
    subjects: &[i64],
) -> Result<(), sqlx::Error> {
    const EMPTY: &str = include_str!("sql/subjects_empty.sql");
    if subjects.is_empty() {
        return Ok(());
    }
    sqlx::query(EMPTY).bind(sender).bind(subjects).execute(connection).await.map(|_| ())
}
