//! Cells: marking them in the transaction that changes a sender's figures, and keeping what was made of them.
//!
//! Promises: who marks and who keeps holds the sender's row, so that a month that is marked while its cells are made stays marked.

use sqlx::{Connection as _, PgConnection, PgPool};

use super::fault::fault;
use super::{denominator, facts, sender, series_break};
use crate::fact::cell::{CellGroup, CellMark, CellPlace, CellQuery, CellScores, CellState, Cells};
use crate::fact::{Facts, Names};
use crate::store::StoreError;
use crate::store::figures::cells::{GroupRow, Kept, MarkRow, ScoresRow, Touched, group, marks, number, scores};

/// Rows in one statement.
const PAGE: usize = 5_000;

/// Marks the months that a transaction touches, before their rows go.
pub(super) async fn touch(connection: &mut PgConnection, sender: &str, touched: Touched) -> Result<(), sqlx::Error> {
    const TOUCH: &str = include_str!("sql/cell_touch.sql");
    let Touched { months, keys, subjects } = touched;
    let touch = sqlx::query(TOUCH).bind(sender).bind(months).bind(keys).bind(subjects);
    touch.execute(connection).await.map(|_| ())
}

/// The marks, and the cells that are asked for.
pub(super) async fn cells(pool: &PgPool, query: Option<&CellQuery>) -> Result<CellState, StoreError> {
    const MARKS: &str = include_str!("sql/cell_marks.sql");
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
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

async fn read(connection: &mut PgConnection, query: &CellQuery) -> Result<Cells, StoreError> {
    const GROUPS: &str = include_str!("sql/cell_groups.sql");
    const CELLS: &str = include_str!("sql/cells.sql");
    let mut names = Names::default();
    let groups = sqlx::query_as(GROUPS).bind(query.dated.word()).bind(query.counts_for.word());
    let groups: Vec<GroupRow> = groups.fetch_all(&mut *connection).await.map_err(fault)?;
    let comparisons: Option<Vec<String>> =
        query.wanted.comparisons.as_ref().map(|wanted| wanted.iter().map(ToString::to_string).collect());
    let cells = sqlx::query_as(CELLS).bind(query.dated.word()).bind(query.counts_for.word());
    let cells = cells.bind(&query.wanted.instruments).bind(comparisons);
    let cells: Vec<ScoresRow> = cells.fetch_all(connection).await.map_err(fault)?;
    Ok(Cells {
        groups: groups.iter().map(|row| group(row, &mut names)).collect::<Result<_, _>>()?,
        scores: cells.into_iter().map(|row| scores(row, &mut names)).collect::<Result<_, _>>()?,
    })
}

/// The narrow facts of a sender's marked months.
pub(super) async fn sources(pool: &PgPool, mark: &CellMark) -> Result<Facts, StoreError> {
    const TREATMENTS: &str = include_str!("sql/cell_treatments.sql");
    const OUTCOMES: &str = include_str!("sql/cell_outcomes.sql");
    const FOLLOWUPS: &str = include_str!("sql/cell_followups.sql");
    let mut snapshot = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(fault)?;
    let mut names = Names::default();
    let found = sqlx::query(TREATMENTS).bind(&mark.sender).bind(mark.wanted());
    let treatments = facts::treatments_of(&mut snapshot, found, &mut names).await?;
    let ids: Vec<i64> = treatments.iter().map(|treatment| treatment.row).collect();
    let of_ids = |statement: &'static str| sqlx::query(statement).bind(&mark.sender).bind(ids.clone());
    let mut units = facts::units(&mut snapshot, &mut names).await?;
    units.retain(|unit| *unit.sender == *mark.sender);
    let answers = (of_ids(OUTCOMES), of_ids(FOLLOWUPS));
    let outcomes = facts::outcomes_of(&mut snapshot, answers, &mut names).await?;
    snapshot.commit().await.map_err(fault)?;
    Ok(Facts { treatments, outcomes, units, ..Facts::default() })
}

/// Keeps cells in place of those of the marked months, apart from those that were marked again.
pub(super) async fn keep(pool: &PgPool, mark: &CellMark, cells: &Cells) -> Result<(), StoreError> {
    let code =
        mark.sender.parse().map_err(|_| StoreError::Inconsistent { table: "cell_mark", column: "sender", id: 0 })?;
    let mut connection = pool.acquire().await.map_err(fault)?;
    let mut transaction = connection.begin().await.map_err(fault)?;
    sender::lock(&mut transaction, &code).await?;
    if let Some(kept) = still_marked(&mut transaction, mark).await.map_err(fault)? {
        replace(&mut transaction, &mark.sender, (&kept, cells)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)
}

/// Takes the marks away that are as they were.
async fn still_marked(connection: &mut PgConnection, mark: &CellMark) -> Result<Option<Kept>, sqlx::Error> {
    const FIRST: &str = include_str!("sql/cell_first.sql");
    const KEPT: &str = include_str!("sql/cell_kept.sql");
    if mark.change == 0 {
        let first = sqlx::query(FIRST).bind(&mark.sender).execute(connection).await?;
        return Ok((first.rows_affected() == 1).then_some(Kept::All));
    }
    let (months, changes): (Vec<&str>, Vec<i64>) =
        mark.months.iter().map(|(month, change)| (month.as_str(), *change)).unzip();
    let stood = sqlx::query_scalar(KEPT).bind(&mark.sender).bind(months).bind(changes);
    Ok(Some(Kept::of(stood.fetch_all(connection).await?)))
}

async fn replace(
    connection: &mut PgConnection,
    sender: &str,
    (kept, cells): (&Kept, &Cells),
) -> Result<(), sqlx::Error> {
    const DROP: &str = include_str!("sql/cell_drop.sql");
    let months: Option<Vec<&str>> = match kept {
        Kept::All => None,
        Kept::Months(months) => Some(months.iter().map(String::as_str).collect()),
    };
    sqlx::query(DROP).bind(sender).bind(months).execute(&mut *connection).await?;
    let groups: Vec<&CellGroup> = cells.groups.iter().filter(|group| kept.takes(&group.place)).collect();
    for page in groups.chunks(PAGE) {
        insert_groups(connection, sender, page).await?;
    }
    let scores: Vec<&CellScores> = cells.scores.iter().filter(|scores| kept.takes(&scores.place)).collect();
    for page in scores.chunks(PAGE) {
        insert_scores(connection, sender, page).await?;
    }
    Ok(())
}

/// A value of each place.
fn column<'a, T>(places: impl Iterator<Item = &'a CellPlace>, value: impl Fn(&'a CellPlace) -> T) -> Vec<T> {
    places.map(value).collect()
}

async fn insert_groups(connection: &mut PgConnection, sender: &str, rows: &[&CellGroup]) -> Result<(), sqlx::Error> {
    const INSERT: &str = include_str!("sql/cell_groups_insert.sql");
    let places = || rows.iter().map(|row| &row.place);
    sqlx::query(INSERT)
        .bind(sender)
        .bind(column(places(), |place| &*place.month))
        .bind(column(places(), |place| place.dated.word()))
        .bind(column(places(), |place| place.counts_for.word()))
        .bind(column(places(), |place| &*place.region))
        .bind(column(places(), |place| &*place.programme))
        .bind(rows.iter().map(|row| number(row.treatments)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| number(row.completed)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.first_on.to_string()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.last_on.to_string()).collect::<Vec<_>>())
        .execute(connection)
        .await
        .map(|_| ())
}

async fn insert_scores(connection: &mut PgConnection, sender: &str, rows: &[&CellScores]) -> Result<(), sqlx::Error> {
    const INSERT: &str = include_str!("sql/cells_insert.sql");
    let places = || rows.iter().map(|row| &row.place);
    sqlx::query(INSERT)
        .bind(sender)
        .bind(column(places(), |place| &*place.month))
        .bind(column(places(), |place| place.dated.word()))
        .bind(column(places(), |place| place.counts_for.word()))
        .bind(column(places(), |place| &*place.region))
        .bind(column(places(), |place| &*place.programme))
        .bind(rows.iter().map(|row| &*row.instrument).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.comparison.to_string()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| number(row.firsts)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| number(row.seconds)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.pairs.as_slice()).collect::<Vec<_>>())
        .execute(connection)
        .await
        .map(|_| ())
}
