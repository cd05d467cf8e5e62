//! What the accounting line is counted from: each term from its own table.
//!
//! Promises: reading only; a cycle's account covers everything that was read since it began, each treatment as its newest reading and
//! its newest receipt have left it. Must not know: how lines are put together.

use std::collections::HashMap;

use schemas::record::{Reading, Term};

use super::Outbox;
use crate::account::{Account, Place, Shown, Unbalanced};
use crate::map::Cell;
use crate::outbox::OutboxError;

/// Cell, answers, whether it is a treatment and whether the newer cycle read it too, in one number each and all in one text: a hundred
/// thousand rows are read so in the time of a few thousand. `?1` is the first cycle, `?2` the newer one's.
const FOUND: &str = "
SELECT coalesce(group_concat((cell << 26) | (answers << 2) | (treatment << 1) | (cycle >= ?2)), '') FROM found WHERE cycle >= ?1
";
/// Likewise of records with a receipt: cell, answers, whether they were queued since each of the cycles, and read since the newer one.
/// A treatment's newest reading decides alone: one that stays now is read by no cycle as a record.
const CLOSED: &str = "
SELECT coalesce(
    group_concat((coalesce(cell, 0) << 27) | (answers << 3) | ((queued_in >= ?1) << 2) | ((queued_in >= ?2) << 1) | (seen >= ?2)), ''
)
FROM record WHERE seen >= ?1 AND kind = 'treatment' AND state = 'closed'
";
/// What there is less of. Of several rules that hold a treatment or an answer the first is told.
const REST: &str = "
SELECT coalesce(cell, 0), 'rejected', coalesce(rule, ''), count(*), sum(answers) FROM record
WHERE seen >= ?1 AND kind = 'treatment' AND state = 'rejected' GROUP BY cell, rule
UNION ALL
SELECT coalesce(cell, 0), 'held', rule, count(*), sum(answers)
FROM (SELECT cell, rule, answers, min(rowid) FROM held WHERE scope = 'treatment' AND cycle >= ?1 GROUP BY key) GROUP BY cell, rule
UNION ALL
SELECT coalesce(cell, 0), 'held', rule, 0, count(*)
FROM (SELECT cell, rule, min(rowid) FROM held WHERE scope = 'answer' AND cycle >= ?1 GROUP BY key, item) GROUP BY cell, rule
UNION ALL
SELECT cell, 'excluded', rule, count(*), sum(answers) FROM excluded WHERE cycle >= ?1 GROUP BY cell, rule
UNION ALL
SELECT coalesce(cell, 0), 'pending', '', count(*), sum(answers)
FROM (SELECT DISTINCT r.key, r.cell, r.answers FROM batch b JOIN batch_line l ON l.batch = b.id
    JOIN record r ON r.key = l.key AND r.counter = l.counter
    WHERE b.delivered_at IS NULL AND l.kind = 'treatment' AND r.seen >= ?1)
GROUP BY cell
";
const CELLS: &str = "SELECT id, unit, programme, month FROM cell";
/// The ids that are found and in no term, or in one and not found, or in two, with their terms; also those of which the answers are.
const UNBALANCED: &str = "
SELECT key, nullif(max(local_id), ''), sum(found), coalesce(group_concat(term, ' '), '')
FROM (
    SELECT key, local_id, treatment AS found, 0 AS n, answers AS found_answers, 0 AS answers, NULL AS term FROM found WHERE cycle >= ?1
    UNION ALL
    SELECT substr(key, -43), NULL, 0, 1, 0, answers,
        CASE WHEN state = 'rejected' THEN 'rejected' WHEN queued_in >= ?1 THEN 'accepted' ELSE 'unchanged' END
    FROM record WHERE seen >= ?1 AND kind = 'treatment' AND state <> 'queued'
    UNION ALL
    SELECT key, max(local_id), 0, 1, 0, max(answers), 'held' FROM held WHERE scope = 'treatment' AND cycle >= ?1 GROUP BY key
    UNION ALL
    SELECT key, max(local_id), 0, 0, 0, count(DISTINCT item), NULL FROM held WHERE scope = 'answer' AND cycle >= ?1 GROUP BY key
    UNION ALL
    SELECT key, NULL, 0, 1, 0, answers, 'excluded' FROM excluded WHERE cycle >= ?1
    UNION ALL
    SELECT DISTINCT substr(r.key, -43), NULL, 0, 1, 0, r.answers, 'pending' FROM batch b JOIN batch_line l ON l.batch = b.id
    JOIN record r ON r.key = l.key AND r.counter = l.counter
    WHERE b.delivered_at IS NULL AND l.kind = 'treatment' AND r.seen >= ?1
) GROUP BY key HAVING sum(found) <> sum(n) OR sum(found_answers) <> sum(answers) ORDER BY 2, 1 LIMIT ?2
";
/// Treatments that are named behind a difference.
const SOME: u32 = 20;
const NEWEST: &str =
    "SELECT id, started_at, reading FROM cycle WHERE ?1 IS NULL OR reading = ?1 ORDER BY id DESC LIMIT 1";

impl Outbox {
    /// The account of the newest sweep and of the newest cycle, which may be the same; nothing before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&mut self) -> Result<Vec<Account>, OutboxError> {
        let mut newest: Vec<(i64, String, Reading)> = Vec::new();
        for reading in [Some(Reading::Full.word()), None] {
            let cycle: Option<(i64, String, String)> =
                sqlx::query_as(NEWEST).bind(reading).fetch_optional(&mut self.connection).await?;
            let Some((id, started_at, word)) = cycle else { continue };
            let read = if word == Reading::Full.word() { Reading::Full } else { Reading::Increment };
            newest.retain(|(other, ..)| *other != id);
            newest.push((id, started_at, read));
        }
        let (Some(first), Some(last)) = (newest.first(), newest.last()) else { return Ok(Vec::new()) };
        let span = (first.0, last.0);
        let closed = self.numbers(CLOSED, span).await?;
        let found = self.numbers(FOUND, span).await?;
        let cells = self.cells().await?;
        let mut accounts = Vec::new();
        for (place, (cycle, started_at, reading)) in newest.into_iter().enumerate() {
            let mut places = self.rest(cycle, &cells).await?;
            places.extend(counted(&found, &cells, |number| found_in(number, place)));
            places.extend(counted(&closed, &cells, |number| closed_in(number, place)));
            let number = u64::try_from(cycle).map_err(|_| OutboxError::Inconsistent("cycle.id"))?;
            accounts.push(Account::new((number, started_at), reading, places));
        }
        Ok(accounts)
    }

    /// The numbers of a statement, each with how often it stands there.
    async fn numbers(
        &mut self,
        statement: &'static str,
        (first, last): (i64, i64),
    ) -> Result<HashMap<u64, u64>, OutboxError> {
        let text: String = sqlx::query_scalar(statement).bind(first).bind(last).fetch_one(&mut self.connection).await?;
        let mut numbers: HashMap<u64, u64> = HashMap::new();
        for number in text.split(',').filter(|number| !number.is_empty()) {
            let number = number.parse().map_err(|_| OutboxError::Inconsistent("found.cell"))?;
            *numbers.entry(number).or_default() += 1;
        }
        Ok(numbers)
    }

    async fn cells(&mut self) -> Result<HashMap<i64, Cell>, OutboxError> {
        let rows: Vec<(i64, String, String, String)> = sqlx::query_as(CELLS).fetch_all(&mut self.connection).await?;
        let cell = |(id, unit, programme, month)| (id, Cell { unit, programme, month });
        Ok(rows.into_iter().map(cell).collect())
    }

    async fn rest(&mut self, since: i64, cells: &HashMap<i64, Cell>) -> Result<Vec<Place>, OutboxError> {
        type Row = (i64, String, String, i64, i64);
        let rows: Vec<Row> = sqlx::query_as(REST).bind(since).fetch_all(&mut self.connection).await?;
        let place = |(cell, term, rule, treatments, answers): Row| {
            let number = |n: i64| u64::try_from(n).map_err(|_| OutboxError::Inconsistent("held.answers"));
            let term = term_of(&term).ok_or(OutboxError::Inconsistent("term"))?;
            let (treatments, answers) = (number(treatments)?, number(answers)?);
            Ok(Place { cell: cell_of(cell, cells), term: Some(term), rule, treatments, answers })
        };
        rows.into_iter().map(place).collect()
    }

    /// An account put together, with the first of the treatments behind a difference.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shown(&mut self, account: &Account) -> Result<Shown, OutboxError> {
        let unbalanced = if account.balances() { Vec::new() } else { self.unbalanced(account, SOME).await? };
        Ok(Shown::of(account, unbalanced))
    }

    /// The treatment ids behind the difference of an account, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unbalanced(&mut self, account: &Account, most: u32) -> Result<Vec<Unbalanced>, OutboxError> {
        let since = i64::try_from(account.cycle).map_err(|_| OutboxError::Inconsistent("cycle.id"))?;
        let rows: Vec<(String, Option<String>, i64, String)> =
            sqlx::query_as(UNBALANCED).bind(since).bind(most).fetch_all(&mut self.connection).await?;
        let one = |(key, local_id, found, terms): (String, Option<String>, i64, String)| Unbalanced {
            treatment: local_id.unwrap_or(key),
            found: found > 0,
            terms: terms.split_whitespace().filter_map(term_of).collect(),
        };
        Ok(rows.into_iter().map(one).collect())
    }
}

/// What a packed number says for one of the accounts: its cell, its term, and how many treatments and answers.
type Packed = (i64, Option<Term>, (u64, u64));

/// A row of [`FOUND`] in the account at a place, 0 for the sweep's; nothing for one that only the sweep has read.
fn found_in(number: u64, place: usize) -> Option<Packed> {
    let is_in = place == 0 || number & 1 == 1;
    is_in.then_some((i64::try_from(number >> 26).unwrap_or_default(), None, (number >> 1 & 1, number >> 2 & 0xff_ffff)))
}

/// A row of [`CLOSED`] likewise.
fn closed_in(number: u64, place: usize) -> Option<Packed> {
    let (is_in, is_queued) =
        if place == 0 { (true, number >> 2 & 1 == 1) } else { (number & 1 == 1, number >> 1 & 1 == 1) };
    let term = if is_queued { Term::Accepted } else { Term::Unchanged };
    is_in.then_some((i64::try_from(number >> 27).unwrap_or_default(), Some(term), (1, number >> 3 & 0xff_ffff)))
}

/// The places that packed numbers come to.
fn counted(
    numbers: &HashMap<u64, u64>,
    cells: &HashMap<i64, Cell>,
    read: impl Fn(u64) -> Option<Packed>,
) -> Vec<Place> {
    let mut sums: HashMap<(i64, Option<Term>), (u64, u64)> = HashMap::new();
    for (number, n) in numbers {
        if let Some((cell, term, (treatments, answers))) = read(*number) {
            let sum = sums.entry((cell, term)).or_default();
            *sum = (sum.0 + n * treatments, sum.1 + n * answers);
        }
    }
    let place = |((cell, term), (treatments, answers))| Place {
        cell: cell_of(cell, cells),
        term,
        rule: String::new(),
        treatments,
        answers,
    };
    sums.into_iter().map(place).collect()
}

fn cell_of(id: i64, cells: &HashMap<i64, Cell>) -> Cell {
    cells.get(&id).cloned().unwrap_or_else(Cell::unknown)
}

fn term_of(word: &str) -> Option<Term> {
    Some(match word {
        "accepted" => Term::Accepted,
        "unchanged" => Term::Unchanged,
        "rejected" => Term::Rejected,
        "held" => Term::Held,
        "excluded" => Term::Excluded,
        "pending" => Term::Pending,
        _ => return None,
    })
}
