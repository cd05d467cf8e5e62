//! Rows of the counts around treatments, as both engines read them.
//!
//! Promises: a row that cannot be this program's is an error that names it, never a guess.

use schemas::id::Version;
use schemas::record::{Reading, Run};

use crate::fact::{ActivityFact, Denominator, Names, RunFact, SenderFact, SeriesBreak};
use crate::store::account::StoredRun;
use crate::store::{StoreError, words};

/// Sender, month, unit, programme, sex, age group, then the three counts.
pub(in crate::store) type ActivityRow = (String, String, String, String, Option<String>, Option<String>, i64, i64, i64);

/// A sender as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct SenderRow {
    code: String,
    status: String,
    enrolled_at: String,
    first_accepted_at: Option<String>,
    last_accepted_at: Option<String>,
    last_seen_at: Option<String>,
    paused_until: Option<String>,
    schedule: Option<String>,
    timezone: Option<String>,
}

/// An accounting line and whose it is.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct RunRow {
    sender: String,
    #[sqlx(flatten)]
    run: StoredRun,
}

/// Region, unit, programme, month, ended, source, day of the count, and the row's own number first.
pub(in crate::store) type DenominatorRow = (i64, String, Option<String>, Option<String>, String, i64, String, String);

/// Number, region, unit, programme, first day, note.
pub(in crate::store) type BreakRow = (i64, Option<String>, Option<String>, Option<String>, String, String);

/// The counts of a month.
pub(in crate::store) fn activity(row: ActivityRow, names: &mut Names) -> Result<ActivityFact, StoreError> {
    let (sender, month, unit, programme, sex, age_group, started, ended, ongoing) = row;
    let wrong = |column| StoreError::Inconsistent { table: "activity", column, id: 0 };
    let count = |n: i64, column| u64::try_from(n).map_err(|_| wrong(column));
    Ok(ActivityFact {
        sender: names.share(&sender),
        month: names.share(&month),
        unit: names.share(&unit),
        programme: names.share(&programme),
        sex: sex.map(|code| words::read_sex(&code).ok_or_else(|| wrong("sex"))).transpose()?,
        age_group: age_group.map(|group| names.share(&group)),
        started: count(started, "started")?,
        ended: count(ended, "ended")?,
        ongoing: count(ongoing, "ongoing")?,
    })
}

/// A sender.
pub(in crate::store) fn sender(row: SenderRow, names: &mut Names) -> SenderFact {
    SenderFact {
        sender: names.share(&row.code),
        status: names.share(&row.status),
        enrolled_at: row.enrolled_at,
        first_accepted_at: row.first_accepted_at,
        last_accepted_at: row.last_accepted_at,
        last_seen_at: row.last_seen_at,
        paused_until: row.paused_until,
        schedule: row.schedule,
        timezone: row.timezone,
    }
}

/// The lines of each sender's newest reading of everything: generations are compared first, because a new state directory counts its
/// cycles anew.
pub(in crate::store) fn runs(rows: Vec<RunRow>, names: &mut Names) -> Result<Vec<RunFact>, StoreError> {
    let mut lines: Vec<(String, Version, Run)> = Vec::with_capacity(rows.len());
    for RunRow { sender, run } in rows {
        let (version, run) = run.read()?;
        if run.reading == Reading::Full {
            lines.push((sender, version, run));
        }
    }
    let mut newest = std::collections::HashMap::new();
    for (sender, version, run) in &lines {
        let place = (version.generation, run.cycle);
        let known = newest.entry(sender.clone()).or_insert(place);
        *known = place.max(*known);
    }
    let kept = lines.into_iter().filter(|(sender, version, run)| newest[sender] == (version.generation, run.cycle));
    Ok(kept.map(|(sender, _, run)| RunFact { sender: names.share(&sender), run }).collect())
}

/// An outside denominator.
pub(in crate::store) fn denominator(row: DenominatorRow) -> Result<Denominator, StoreError> {
    let (id, region, unit, programme, month, ended, source, date) = row;
    let wrong = |column| StoreError::Inconsistent { table: "denominator", column, id };
    let ended = u64::try_from(ended).map_err(|_| wrong("ended"))?;
    let date = date.parse().map_err(|_| wrong("counted_on"))?;
    Ok(Denominator { region, unit, programme, month, ended, source, date })
}

/// A break in a series.
pub(in crate::store) fn series_break(row: BreakRow) -> Result<SeriesBreak, StoreError> {
    let (id, region, unit, programme, on, note) = row;
    let wrong = |column| StoreError::Inconsistent { table: "series_break", column, id };
    let number = u32::try_from(id).map_err(|_| wrong("number"))?;
    Ok(SeriesBreak { number, region, unit, programme, on: on.parse().map_err(|_| wrong("begins_on"))?, note })
}
