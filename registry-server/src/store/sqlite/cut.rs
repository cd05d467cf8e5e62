//! Frozen data sets.
//!
//! Promises: a cut is made in one transaction, and so holds the facts of one moment.

/// Steps in the calendar.
mod calendar;
/// Who leaves the cuts.
mod leave;
/// The facts of a cut.
mod read;

use std::collections::HashMap;

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{Writer, audit, facts, fault};
use crate::environment::Stamp;
use crate::fact::{Facts, Part};
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::cut::rows::{self, Around, CutRow, ShareRow};
use crate::store::cut::{Cut, Frozen, NewCut};

pub(super) use calendar::step;
pub(super) use leave::{protect, withdraw, withdraw_all};
pub(super) use read::facts_of;

/// Freezes what counts now; nothing when the name is taken.
pub(super) async fn freeze(writer: &Writer, new: &NewCut, stamp: Stamp) -> Result<Option<Cut>, StoreError> {
    let mut connection = writer.connection().await?;
    let frozen = in_transaction(&mut connection, new, stamp).await;
    writer.settle(connection, frozen)
}

async fn in_transaction(
    connection: &mut SqliteConnection,
    new: &NewCut,
    stamp: Stamp,
) -> Result<Option<Cut>, StoreError> {
    const TAKEN: &str = "SELECT EXISTS (SELECT 1 FROM cut WHERE name = ?)";
    const NUMBER: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM cut";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    if sqlx::query_scalar(TAKEN).bind(&new.name).fetch_one(&mut *transaction).await.map_err(fault)? {
        return Ok(None);
    }
    let number: i64 = sqlx::query_scalar(NUMBER).fetch_one(&mut *transaction).await.map_err(fault)?;
    let facts = facts::facts_on(&mut transaction, Part::ALL).await?;
    let frozen = Frozen::of(&facts, new);
    describe(&mut transaction, number, (new, &frozen, stamp)).await.map_err(fault)?;
    if let Some(calendar) = &new.calendar {
        calendar::begin(&mut transaction, (number, calendar)).await.map_err(fault)?;
    }
    copy(&mut transaction, number).await.map_err(fault)?;
    join(&mut transaction, number, &facts).await.map_err(fault)?;
    let what = What::Cut { number: number.unsigned_abs(), hash: frozen.hash, treatments: frozen.treatments };
    audit::note(&mut transaction, &Entry::new(stamp, None, what)).await.map_err(fault)?;
    let cut = cuts_on(&mut transaction).await?.pop();
    transaction.commit().await.map_err(fault)?;
    Ok(cut)
}

/// Writes down what is told of a cut, and what in it is no person's.
async fn describe(
    connection: &mut SqliteConnection,
    number: i64,
    (new, frozen, stamp): (&NewCut, &Frozen, Stamp),
) -> Result<(), sqlx::Error> {
    const CUT: &str =
        "INSERT INTO cut (number, name, note, made_at, treatments, hash, code_lists, thresholds, definitions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const PART: &str = "INSERT INTO cut_part (cut, part, document) VALUES (?, ?, ?)";
    const SHARE: &str = "INSERT INTO cut_share (sender, cut, treatments, hash, withdrawn_persons, withdrawn_treatments,
            replaced_treatments)
        VALUES (?, ?, ?, ?, 0, 0, 0)";
    let cut = sqlx::query(CUT).bind(number).bind(&new.name).bind(&new.note).bind(stamp.at.to_string());
    let cut = cut.bind(i64::try_from(frozen.treatments).unwrap_or(i64::MAX)).bind(&frozen.hash);
    let definitions = schemas::canonical::bytes(&new.definitions);
    let cut = cut.bind(&new.code_lists).bind(&new.thresholds).bind(String::from_utf8_lossy(&definitions));
    cut.execute(&mut *connection).await?;
    for (part, document) in &frozen.parts {
        sqlx::query(PART).bind(number).bind(*part).bind(document).execute(&mut *connection).await?;
    }
    for (sender, treatments, hash) in &frozen.shares {
        let share = sqlx::query(SHARE).bind(&**sender).bind(number);
        let share = share.bind(i64::try_from(*treatments).unwrap_or(i64::MAX)).bind(hash);
        share.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Copies the narrow rows of what counts, and the names of its persons.
async fn copy(connection: &mut SqliteConnection, number: i64) -> Result<(), sqlx::Error> {
    const TREATMENTS: &str = "INSERT INTO cut_treatment
        SELECT sender, ?1, id, subject, subject, unit, unit_end, programme, programme_version, status, end_reason,
            started_on, ended_on, sex, birth_year, diagnosis, document ->> 'referred_on', document ->> 'assessed_on',
            document ->> 'modules_total', document ->> 'modules_completed', document ->> 'therapist_minutes',
            document ->> 'messages', document ->> 'sick_leave_before', document ->> 'sick_leave_after'
        FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment) ORDER BY sender, id";
    const OUTCOMES: &str = "INSERT INTO cut_outcome
        SELECT frozen.sender, ?1, outcome.treatment, instrument, pre, post, first, last, carried
        FROM sender CROSS JOIN cut_treatment AS frozen ON frozen.sender = code AND cut = ?1
        CROSS JOIN outcome ON outcome.treatment = frozen.treatment";
    const FOLLOWUPS: &str = "INSERT INTO cut_followup
        SELECT frozen.sender, ?1, followup.treatment, instrument, months, pre, score
        FROM sender CROSS JOIN cut_treatment AS frozen ON frozen.sender = code AND cut = ?1
        CROSS JOIN followup ON followup.treatment = frozen.treatment";
    const ALIASES: &str = "INSERT INTO cut_alias
        SELECT DISTINCT frozen.sender, s, ?1, kid, frozen.subject
        FROM sender CROSS JOIN cut_treatment AS frozen ON frozen.sender = code AND cut = ?1
        CROSS JOIN alias ON alias.subject = frozen.subject";
    for statement in [TREATMENTS, OUTCOMES, FOLLOWUPS, ALIASES] {
        sqlx::query(statement).bind(number).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Gives those who were said to be one person one number.
async fn join(connection: &mut SqliteConnection, number: i64, facts: &Facts) -> Result<(), sqlx::Error> {
    const SUBJECTS: &str =
        "SELECT treatment, subject FROM sender CROSS JOIN cut_treatment ON sender = code AND cut = ?";
    const PERSON: &str = "UPDATE cut_treatment SET person = ?4 WHERE sender = ?1 AND cut = ?2 AND treatment = ?3";
    let subjects: Vec<(i64, i64)> = sqlx::query_as(SUBJECTS).bind(number).fetch_all(&mut *connection).await?;
    let subjects: HashMap<i64, i64> = subjects.into_iter().collect();
    for fact in facts.treatments.iter().filter(|fact| subjects.get(&fact.row) != Some(&fact.subject)) {
        let person = sqlx::query(PERSON).bind(&*fact.sender).bind(number).bind(fact.row).bind(fact.subject);
        person.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Every cut, by number.
pub(super) async fn cuts(readers: &SqlitePool) -> Result<Vec<Cut>, StoreError> {
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let cuts = cuts_on(&mut snapshot).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(cuts)
}

async fn cuts_on(connection: &mut SqliteConnection) -> Result<Vec<Cut>, StoreError> {
    const CUTS: &str = "SELECT number, name, note, made_at, treatments, hash, code_lists, thresholds, definitions
        FROM cut ORDER BY number";
    const SHARES: &str =
        "SELECT cut, sender, treatments, hash, withdrawn_persons, withdrawn_treatments, replaced_treatments
        FROM cut_share ORDER BY sender, cut";
    const CALENDARS: &str =
        "SELECT cut, year, stop_on, comments_until, published_at, reason FROM cut_calendar ORDER BY cut";
    const COMMENTS: &str =
        "SELECT cut, remarked_by, comment, made_at, web_user, role FROM cut_comment ORDER BY cut, number";
    const SIGNATURES: &str = "SELECT cut, sender, signed_by, signed_at FROM attestation ORDER BY sender, cut";
    let cuts: Vec<CutRow> = sqlx::query_as(CUTS).fetch_all(&mut *connection).await.map_err(fault)?;
    let shares: Vec<ShareRow> = sqlx::query_as(SHARES).fetch_all(&mut *connection).await.map_err(fault)?;
    let around = Around {
        calendars: sqlx::query_as(CALENDARS).fetch_all(&mut *connection).await.map_err(fault)?,
        comments: sqlx::query_as(COMMENTS).fetch_all(&mut *connection).await.map_err(fault)?,
        signatures: sqlx::query_as(SIGNATURES).fetch_all(connection).await.map_err(fault)?,
    };
    rows::cuts(cuts, shares, around)
}
