//! What the accounting line is counted from: each term from its own table.
//!
//! Promises: reading only; a cycle's account covers everything that was read since it began, each treatment as its newest reading and
//! its newest receipt have left it. Must not know: how lines are put together.

use schemas::record::{Reading, Term};

use super::Outbox;
use crate::account::{Account, Place, Shown, Unbalanced};
use crate::map::Cell;
use crate::outbox::OutboxError;

/// `?1` is the first cycle. A treatment's newest reading decides alone: one that stays now is seen by no cycle as a record. Of several
/// rules that hold a treatment or an answer the first is told.
const PLACES: &str = "
SELECT coalesce(c.unit, 'unknown'), coalesce(c.programme, 'unknown'), coalesce(c.month, 'unknown'), term, rule, n, answers
FROM (
    SELECT cell, 'found' AS term, '' AS rule, sum(treatment) AS n, sum(answers) AS answers FROM found WHERE cycle >= ?1 GROUP BY cell
    UNION ALL
    SELECT cell, CASE WHEN queued_in >= ?1 THEN 'accepted' ELSE 'unchanged' END AS term, '', count(*), sum(answers) FROM record
    WHERE seen >= ?1 AND kind = 'treatment' AND state = 'closed' GROUP BY cell, term
    UNION ALL
    SELECT cell, 'rejected', coalesce(rule, ''), count(*), sum(answers) FROM record
    WHERE seen >= ?1 AND kind = 'treatment' AND state = 'rejected' GROUP BY cell, rule
    UNION ALL
    SELECT cell, 'held', rule, count(*), sum(answers)
    FROM (SELECT cell, rule, answers, min(rowid) FROM held WHERE scope = 'treatment' AND cycle >= ?1 GROUP BY key) GROUP BY cell, rule
    UNION ALL
    SELECT cell, 'held', rule, 0, count(*)
    FROM (SELECT cell, rule, min(rowid) FROM held WHERE scope = 'answer' AND cycle >= ?1 GROUP BY key, item) GROUP BY cell, rule
    UNION ALL
    SELECT cell, 'excluded', rule, count(*), sum(answers) FROM excluded WHERE cycle >= ?1 GROUP BY cell, rule
    UNION ALL
    SELECT cell, 'pending', '', count(*), sum(answers)
    FROM (SELECT DISTINCT r.key, r.cell, r.answers FROM batch b JOIN batch_line l ON l.batch = b.id
        JOIN record r ON r.key = l.key AND r.counter = l.counter
        WHERE b.delivered_at IS NULL AND l.kind = 'treatment' AND r.seen >= ?1)
    GROUP BY cell
) LEFT JOIN cell c ON c.id = cell
";
/// The ids that are found and in no term, or in one and not found, or in two, with their terms; also those of which the answers are.
const UNBALANCED: &str = "
SELECT key, max(local_id), sum(found), coalesce(group_concat(term, ' '), '')
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
        let mut accounts: Vec<Account> = Vec::new();
        for reading in [Some(Reading::Full.word()), None] {
            let newest: Option<(i64, String, String)> =
                sqlx::query_as(NEWEST).bind(reading).fetch_optional(&mut self.connection).await?;
            let Some((cycle, started_at, word)) = newest else { continue };
            let number = u64::try_from(cycle).map_err(|_| OutboxError::Inconsistent("cycle.id"))?;
            if accounts.iter().any(|account| account.cycle == number) {
                continue;
            }
            let read = if word == Reading::Full.word() { Reading::Full } else { Reading::Increment };
            accounts.push(Account::new((number, started_at), read, self.places(cycle).await?));
        }
        Ok(accounts)
    }

    /// An account put together, with the first of the treatments behind a difference.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shown(&mut self, account: &Account) -> Result<Shown, OutboxError> {
        let unbalanced = if account.balances() { Vec::new() } else { self.unbalanced(account, SOME).await? };
        Ok(Shown::of(account, unbalanced))
    }

    async fn places(&mut self, since: i64) -> Result<Vec<Place>, OutboxError> {
        type Row = (String, String, String, String, String, i64, i64);
        let rows: Vec<Row> = sqlx::query_as(PLACES).bind(since).fetch_all(&mut self.connection).await?;
        let place = |(unit, programme, month, term, rule, treatments, answers): Row| {
            let term = match term.as_str() {
                "found" => None,
                word => Some(term_of(word).ok_or(OutboxError::Inconsistent("term"))?),
            };
            let number = |n: i64| u64::try_from(n).map_err(|_| OutboxError::Inconsistent("found.answers"));
            let cell = Cell { unit, programme, month };
            Ok(Place { cell, term, rule, treatments: number(treatments)?, answers: number(answers)? })
        };
        rows.into_iter().map(place).collect()
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
