//! Cases of the register, and what senders are told and answered.

use jiff::Timestamp;
use schemas::id::SenderCode;
use schemas::withdrawal::CaseAnswer;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::erasure::rows::{self, AnswerRow, CaseRow, DisclosureRow, OpenRow};
use crate::store::erasure::{Affairs, CaseStep, Ledger, answer_word};
use crate::store::sqlite::{Writer, audit, fault};

/// Takes a step with a case; gives its number, and nothing when there is no such case.
pub(in super::super) async fn set_case(
    writer: &Writer,
    step: &CaseStep,
    stamp: Stamp,
) -> Result<Option<u32>, StoreError> {
    let mut connection = writer.connection().await?;
    let set = set_on(&mut connection, step, stamp).await.map_err(fault);
    writer.settle(connection, set)
}

async fn set_on(connection: &mut SqliteConnection, step: &CaseStep, stamp: Stamp) -> Result<Option<u32>, sqlx::Error> {
    const OPEN: &str = "INSERT INTO case_file (number, opened_on, deadline, note)
        VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM case_file), ?, ?, ?) RETURNING number";
    const CLOSE: &str = "UPDATE case_file SET closed_on = COALESCE(closed_on, ?) WHERE number = ? RETURNING number";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let today = schemas::rule::today(stamp.at).to_string();
    let number: Option<u32> = match step {
        CaseStep::Open { deadline, note } => {
            let open = sqlx::query_scalar(OPEN).bind(today).bind(deadline.to_string()).bind(note);
            open.fetch_optional(&mut *transaction).await?
        }
        CaseStep::Answer { number, sender, answer } => {
            let answered = self::answer(&mut transaction, *number, (sender, *answer, stamp.at)).await?;
            answered.then_some(*number)
        }
        CaseStep::Close { number } => {
            sqlx::query_scalar(CLOSE).bind(today).bind(number).fetch_optional(&mut *transaction).await?
        }
    };
    if let Some(number) = number {
        let what = What::Case { number: number.into(), step: rows::step(step).to_owned() };
        audit::note(&mut transaction, &Entry::new(stamp, rows::sender(step), what)).await?;
    }
    transaction.commit().await?;
    Ok(number)
}

/// Writes down what a sender answers to a case; tells whether there is one. Who has withdrawn the person has found one, for good.
pub(super) async fn answer(
    connection: &mut SqliteConnection,
    number: u32,
    (sender, answer, at): (&SenderCode, CaseAnswer, Timestamp),
) -> Result<bool, sqlx::Error> {
    const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM case_file WHERE number = ?)";
    const ANSWER: &str = "INSERT INTO case_answer (sender, number, answer, answered_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (sender, number) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at
        WHERE case_answer.answer = 'none_found' AND excluded.answer = 'withdrawn'";
    let known: bool = sqlx::query_scalar(KNOWN).bind(number).fetch_one(&mut *connection).await?;
    if known {
        let answer = sqlx::query(ANSWER).bind(sender.as_str()).bind(number).bind(answer_word(answer));
        answer.bind(at.to_string()).execute(connection).await?;
    }
    Ok(known)
}

/// What a sender is told of its withdrawals and of cases.
pub(in super::super) async fn affairs(readers: &SqlitePool, code: &SenderCode) -> Result<Affairs, StoreError> {
    const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM person_tombstone WHERE sender = ?1 AND stands_for = hash),
        (SELECT CASE WHEN coming IS NOT NULL THEN
                (SELECT COUNT(*) FROM treatment WHERE sender = ?1 AND generation < coming)
            END FROM sender WHERE code = ?1)";
    const OPEN: &str = "SELECT number, deadline, opened_on FROM case_file
        WHERE closed_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM case_answer WHERE sender = ? AND case_answer.number = case_file.number)
        ORDER BY number";
    let counts = sqlx::query_as(COUNTS).bind(code.as_str()).fetch_one(readers).await.map_err(fault)?;
    let open: Vec<OpenRow> = sqlx::query_as(OPEN).bind(code.as_str()).fetch_all(readers).await.map_err(fault)?;
    rows::affairs(counts, open)
}

/// Every case, and every extract that was given.
pub(in super::super) async fn ledger(readers: &SqlitePool) -> Result<Ledger, StoreError> {
    const CASES: &str = "SELECT number, opened_on, deadline, note, closed_on FROM case_file ORDER BY number";
    const ANSWERS: &str = "SELECT sender, number, answer, answered_at FROM case_answer ORDER BY sender, number";
    const DISCLOSURES: &str = "SELECT sender, number, disclosed_at, persons, found, documents FROM disclosure_log
        ORDER BY sender, number";
    let mut snapshot = readers.begin().await.map_err(fault)?;
    let cases: Vec<CaseRow> = sqlx::query_as(CASES).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let answers: Vec<AnswerRow> = sqlx::query_as(ANSWERS).fetch_all(&mut *snapshot).await.map_err(fault)?;
    let disclosures: Vec<DisclosureRow> = sqlx::query_as(DISCLOSURES).fetch_all(&mut *snapshot).await.map_err(fault)?;
    snapshot.commit().await.map_err(fault)?;
    rows::ledger(cases, answers, disclosures)
}
