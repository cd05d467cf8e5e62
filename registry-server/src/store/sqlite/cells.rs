//! Cells: marking them in the transaction that changes a sender's figures, and keeping what was made of them.
//!
//! Promises: there is one writer, so a month that is marked while its cells are made stays marked.

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::known::list;
use super::many::{Many, Statement};
use super::tombstone::numbers;
use super::{Writer, denominator, facts, fault, series_break};
use crate::fact::cell::{CellGroup, CellMark, CellPlace, CellQuery, CellScores, CellState, Cells};
use crate::fact::{Facts, Names};
use crate::store::StoreError;
use crate::store::figures::cells::{GroupRow, Kept, MarkRow, ScoresRow, Touched, group, marks, number, scores};

static GROUPS: Many = Many::new(
    "INSERT INTO cell_group (sender, month, dated, counts_for, region, programme, treatments, completed, first_on, last_on) VALUES",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "",
);
static SCORES: Many = Many::new(
    "INSERT INTO cell (sender, month, dated, counts_for, region, programme, instrument, comparison, firsts, seconds, pairs) VALUES",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "",
);

/// Marks the months that a transaction touches, before their rows go.
pub(super) async fn touch(
    connection: &mut SqliteConnection,
    sender: &str,
    touched: Touched,
) -> Result<(), sqlx::Error> {
    const COUNT: &str = "INSERT INTO cell_mark (sender, month, change) VALUES (?, '*', 1)
        ON CONFLICT (sender, month) DO UPDATE SET change = change + 1 RETURNING change";
    // The first change ever counted marks everything: what was there before has no cells. Where everything is marked, no month need be.
    const TOUCH: &str = "INSERT INTO cell_mark (sender, month, change)
        SELECT DISTINCT ?1, CASE WHEN ?2 = 1 OR EXISTS (SELECT 1 FROM cell_mark WHERE sender = ?1 AND month = '')
            THEN '' ELSE touched END, ?2 FROM (
            SELECT value AS touched FROM json_each(?3)
            UNION SELECT '' WHERE ?2 = 1
            UNION SELECT SUBSTR(started_on, 1, 7) FROM treatment
                WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?4))
            UNION SELECT SUBSTR(ended_on, 1, 7) FROM treatment
                WHERE sender = ?1 AND record_key IN (SELECT value FROM json_each(?4))
            UNION SELECT SUBSTR(started_on, 1, 7) FROM treatment WHERE subject IN (SELECT value FROM json_each(?5))
            UNION SELECT SUBSTR(ended_on, 1, 7) FROM treatment WHERE subject IN (SELECT value FROM json_each(?5))
        ) WHERE TRUE
        ON CONFLICT (sender, month) DO UPDATE SET change = excluded.change";
    let Touched { months, keys, subjects } = touched;
    let change: i64 = sqlx::query_scalar(COUNT).bind(sender).fetch_one(&mut *connection).await?;
    let touch =
        sqlx::query(TOUCH).bind(sender).bind(change).bind(list(&months)).bind(list(&keys)).bind(numbers(&subjects));
    touch.execute(connection).await.map(|_| ())
}

/// The marks, and the cells that are asked for.
pub(super) async fn cells(readers: &SqlitePool, query: Option<&CellQuery>) -> Result<CellState, StoreError> {
    const MARKS: &str =
        "SELECT code, month, change FROM sender LEFT JOIN cell_mark ON cell_mark.sender = code ORDER BY code, month";
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let rows: Vec<MarkRow> = sqlx::query_as(MARKS).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let breaks = series_break::all(&mut snapshot).await?;
    let outside = denominator::newest(&mut snapshot).await?;
    let mut state = CellState { marks: marks(rows), breaks, outside, ..CellState::default() };
    if let Some(query) = query {
        state.units = facts::units(&mut snapshot, &mut Names::default()).await?;
        state.cells = read(&mut snapshot, query).await?;
    }
    snapshot.commit().await.map_err(fault)?;
    Ok(state)
}

async fn read(connection: &mut SqliteConnection, query: &CellQuery) -> Result<Cells, StoreError> {
    const GROUPS: &str =
        "SELECT sender, month, dated, counts_for, region, programme, treatments, completed, first_on, last_on
        FROM cell_group WHERE dated = ? AND counts_for IN ('both', ?)";
    const CELLS: &str =
        "SELECT sender, month, dated, counts_for, region, programme, instrument, comparison, firsts, seconds, pairs
        FROM cell WHERE dated = ?1 AND counts_for IN ('both', ?2)
            AND (?3 IS NULL OR instrument IN (SELECT value FROM json_each(?3)))
            AND (?4 IS NULL OR comparison IN (SELECT value FROM json_each(?4)))";
    let mut names = Names::default();
    let groups = sqlx::query_as(GROUPS).bind(query.dated.word()).bind(query.counts_for.word());
    let groups: Vec<GroupRow> = groups.fetch_all(&mut *connection).await.map_err(fault)?;
    let comparisons: Option<Vec<String>> =
        query.wanted.comparisons.as_ref().map(|wanted| wanted.iter().map(ToString::to_string).collect());
    let cells = sqlx::query_as(CELLS).bind(query.dated.word()).bind(query.counts_for.word());
    let cells = cells.bind(query.wanted.instruments.as_deref().map(list)).bind(comparisons.as_deref().map(list));
    let cells: Vec<ScoresRow> = cells.fetch_all(connection).await.map_err(fault)?;
    Ok(Cells {
        groups: groups.iter().map(|row| group(row, &mut names)).collect::<Result<_, _>>()?,
        scores: cells.into_iter().map(|row| scores(row, &mut names)).collect::<Result<_, _>>()?,
    })
}

/// The narrow facts of a sender's marked months.
pub(super) async fn sources(readers: &SqlitePool, mark: &CellMark) -> Result<Facts, StoreError> {
    const TREATMENTS: &str = "SELECT id, subject, sender, unit, unit_end, programme, programme_version, status,
            end_reason, started_on, ended_on, sex, birth_year, diagnosis
        FROM treatment WHERE sender = ?1 AND id NOT IN (SELECT id FROM coming_treatment)
            AND (?2 IS NULL OR SUBSTR(started_on, 1, 7) IN (SELECT value FROM json_each(?2))
                OR SUBSTR(ended_on, 1, 7) IN (SELECT value FROM json_each(?2)))
        ORDER BY id";
    const OUTCOMES: &str = "SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
        WHERE treatment IN (SELECT value FROM json_each(?))";
    const FOLLOWUPS: &str = "SELECT treatment, instrument, months, pre, score FROM followup
        WHERE treatment IN (SELECT value FROM json_each(?))";
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let mut names = Names::default();
    let found = sqlx::query(TREATMENTS).bind(&mark.sender).bind(mark.wanted().as_deref().map(list));
    let treatments = facts::treatments_of(&mut snapshot, found, &mut names).await?;
    let ids: Vec<i64> = treatments.iter().map(|treatment| treatment.row).collect();
    let ids = numbers(&ids);
    let mut units = facts::units(&mut snapshot, &mut names).await?;
    units.retain(|unit| *unit.sender == *mark.sender);
    let answers = (sqlx::query(OUTCOMES).bind(&ids), sqlx::query(FOLLOWUPS).bind(&ids));
    let outcomes = facts::outcomes_of(&mut snapshot, answers, &mut names).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(Facts { treatments, outcomes, units, ..Facts::default() })
}

/// Keeps cells in place of those of the marked months, apart from those that were marked again.
pub(super) async fn keep(writer: &Writer, mark: &CellMark, cells: &Cells) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let kept = in_transaction(&mut connection, mark, cells).await.map_err(fault);
    writer.settle(connection, kept)
}

async fn in_transaction(connection: &mut SqliteConnection, mark: &CellMark, cells: &Cells) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if let Some(kept) = still_marked(&mut transaction, mark).await? {
        replace(&mut transaction, &mark.sender, (&kept, cells)).await?;
    }
    transaction.commit().await
}

/// Takes the marks away that are as they were.
async fn still_marked(connection: &mut SqliteConnection, mark: &CellMark) -> Result<Option<Kept>, sqlx::Error> {
    const FIRST: &str =
        "INSERT INTO cell_mark (sender, month, change) VALUES (?, '*', 1) ON CONFLICT (sender, month) DO NOTHING";
    const KEPT: &str = "DELETE FROM cell_mark WHERE sender = ?1
        AND (month, change) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2)) RETURNING month";
    if mark.change == 0 {
        let first = sqlx::query(FIRST).bind(&mark.sender).execute(connection).await?;
        return Ok((first.rows_affected() == 1).then_some(Kept::All));
    }
    let stood = sqlx::query_scalar(KEPT).bind(&mark.sender).bind(list(&mark.months));
    Ok(Some(Kept::of(stood.fetch_all(connection).await?)))
}

async fn replace(
    connection: &mut SqliteConnection,
    sender: &str,
    (kept, cells): (&Kept, &Cells),
) -> Result<(), sqlx::Error> {
    const DROP: [&str; 2] = [
        "DELETE FROM cell WHERE sender = ?1 AND (?2 IS NULL OR month IN (SELECT value FROM json_each(?2)))",
        "DELETE FROM cell_group WHERE sender = ?1 AND (?2 IS NULL OR month IN (SELECT value FROM json_each(?2)))",
    ];
    let months = match kept {
        Kept::All => None,
        Kept::Months(months) => Some(list(&months.iter().collect::<Vec<_>>())),
    };
    for statement in DROP {
        sqlx::query(statement).bind(sender).bind(&months).execute(&mut *connection).await?;
    }
    let groups: Vec<&CellGroup> = cells.groups.iter().filter(|group| kept.takes(&group.place)).collect();
    let insert = GROUPS.insert(connection, &groups, |query, row| {
        let query = place(query, &row.place).bind(number(row.treatments)).bind(number(row.completed));
        query.bind(row.first_on.to_string()).bind(row.last_on.to_string())
    });
    insert.await?;
    let scores: Vec<&CellScores> = cells.scores.iter().filter(|scores| kept.takes(&scores.place)).collect();
    let insert = SCORES.insert(connection, &scores, |query, row| {
        let query = place(query, &row.place).bind(&*row.instrument).bind(row.comparison.to_string());
        query.bind(number(row.firsts)).bind(number(row.seconds)).bind(row.pairs.as_slice())
    });
    insert.await
}

fn place<'r>(query: Statement<'r>, place: &'r CellPlace) -> Statement<'r> {
    let query = query.bind(&*place.sender).bind(&*place.month).bind(place.dated.word());
    query.bind(place.counts_for.word()).bind(&*place.region).bind(&*place.programme)
}
