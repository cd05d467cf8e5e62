//! Units, monthly counts and accounting lines: one statement a table, one array a column.

use schemas::record::{Activity, Run, Sex, Unit};
use sqlx::PgConnection;

use crate::store::plan::Write;
use crate::store::words;

/// What every record has, column by column.
pub(super) struct Head<'a> {
    pub(super) keys: Vec<&'a str>,
    pub(super) generations: Vec<i64>,
    pub(super) counters: Vec<i64>,
    pub(super) hashes: Vec<&'a [u8]>,
}

impl<'a> Head<'a> {
    /// The columns of these records.
    pub(super) fn of<'w: 'a>(writes: impl Iterator<Item = &'a Write<'w>> + Clone) -> Self {
        let arrivals = writes.map(|write| write.arrival);
        Self {
            keys: arrivals.clone().map(|arrival| arrival.key.as_str()).collect(),
            generations: arrivals.clone().map(|arrival| i64::from(arrival.version.generation)).collect(),
            counters: arrivals.clone().map(|arrival| number(arrival.version.counter)).collect(),
            hashes: arrivals.map(|arrival| arrival.content_hash.as_slice()).collect(),
        }
    }
}

/// One value of each row.
pub(super) fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Writes units' descriptions.
pub(super) async fn units(
    connection: &mut PgConnection,
    sender: &str,
    rows: &[(&Write<'_>, &Unit)],
) -> Result<(), sqlx::Error> {
    const UNITS: &str = include_str!("sql/units.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    sqlx::query(UNITS)
        .bind(sender)
        .bind(head.keys)
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(_, content)| content.name.as_str()))
        .bind(column(rows, |(_, content)| content.care_level.as_deref()))
        .bind(column(rows, |(_, content)| content.ownership.map(words::ownership)))
        .bind(column(rows, |(_, content)| content.county.as_str()))
        .bind(column(rows, |(_, content)| content.care_provider_id.as_deref()))
        .bind(column(rows, |(_, content)| content.municipality.as_deref()))
        .bind(column(rows, |(_, content)| content.valid_from.map(|date| date.to_string())))
        .bind(column(rows, |(_, content)| content.valid_to.map(|date| date.to_string())))
        .bind(column(rows, |(_, content)| content.successor_id.as_deref()))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Writes months' counts.
pub(super) async fn activities(
    connection: &mut PgConnection,
    sender: &str,
    rows: &[(&Write<'_>, &Activity)],
) -> Result<(), sqlx::Error> {
    const ACTIVITIES: &str = include_str!("sql/activities.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    sqlx::query(ACTIVITIES)
        .bind(sender)
        .bind(head.keys)
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(_, content)| content.month.as_str()))
        .bind(column(rows, |(_, content)| content.unit.as_str()))
        .bind(column(rows, |(_, content)| content.programme.as_str()))
        .bind(column(rows, |(_, content)| content.sex.map(Sex::code)))
        .bind(column(rows, |(_, content)| content.age_group.as_deref()))
        .bind(column(rows, |(_, content)| number(content.started)))
        .bind(column(rows, |(_, content)| number(content.ended)))
        .bind(column(rows, |(_, content)| number(content.ongoing)))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Writes accounting lines.
pub(super) async fn runs(
    connection: &mut PgConnection,
    sender: &str,
    rows: &[(&Write<'_>, &Run)],
) -> Result<(), sqlx::Error> {
    const RUNS: &str = include_str!("sql/runs.sql");
    if rows.is_empty() {
        return Ok(());
    }
    let head = Head::of(rows.iter().map(|(write, _)| *write));
    sqlx::query(RUNS)
        .bind(sender)
        .bind(head.keys)
        .bind(head.generations)
        .bind(head.counters)
        .bind(head.hashes)
        .bind(column(rows, |(_, content)| number(content.cycle)))
        .bind(column(rows, |(_, content)| content.reading.word()))
        .bind(column(rows, |(_, content)| content.counted.word()))
        .bind(column(rows, |(_, content)| content.month.as_str()))
        .bind(column(rows, |(_, content)| content.unit.as_str()))
        .bind(column(rows, |(_, content)| content.programme.as_str()))
        .bind(column(rows, |(_, content)| number(content.found)))
        .bind(column(rows, |(_, content)| number(content.accepted)))
        .bind(column(rows, |(_, content)| number(content.unchanged)))
        .bind(column(rows, |(_, content)| number(content.rejected)))
        .bind(column(rows, |(_, content)| number(content.held)))
        .bind(column(rows, |(_, content)| number(content.excluded)))
        .bind(column(rows, |(_, content)| number(content.pending)))
        .bind(column(rows, |(_, content)| words::reasons(&content.reasons)))
        .execute(connection)
        .await
        .map(|_| ())
}

/// PostgreSQL's integers have a sign; the check of a record refuses what is above it.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
