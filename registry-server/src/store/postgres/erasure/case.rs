//! Cases of the register, and what senders are told and answered.

use jiff::Timestamp;
use schemas::id::SenderCode;
use schemas::withdrawal::CaseAnswer;
use sqlx::{PgConnection, PgPool};

use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::erasure::rows::{self, AnswerRow, CaseRow, DisclosureRow, OpenRow};
use crate::store::erasure::{Affairs, CaseStep, Ledger, answer_word};
use crate::store::postgres::audit;
use crate::store::postgres::fault::fault;

/// Takes a step with a case; gives its number, and nothing when there is no such case.
pub(in super::super) async fn set_case(
    pool: &PgPool,
    step: &CaseStep,
    stamp: Stamp,
) -> Result<Option<u32>, StoreError> {
    const LOCK: &str = include_str!("../sql/case_lock.sql");
    const OPEN: &str = include_str!("../sql/case_open.sql");
    const CLOSE: &str = include_str!("../sql/case_close.sql");
    let mut transaction = pool.begin().await.map_err(fault)?;
    let today = schemas::rule::today(stamp.at).to_string();
    let number: Option<i64> = match step {
        CaseStep::Open { deadline, note } => {
            sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
            let open = sqlx::query_scalar(OPEN).bind(today).bind(deadline.to_string()).bind(note);
            open.fetch_optional(&mut *transaction).await.map_err(fault)?
        }
        CaseStep::Answer { number, sender, answer } => {
            let answered = self::answer(&mut transaction, *number, (sender, *answer, stamp.at)).await;
            answered.map_err(fault)?.then_some(i64::from(*number))
        }
        CaseStep::Close { number } => {
            let close = sqlx::query_scalar(CLOSE).bind(today).bind(i64::from(*number));
            close.fetch_optional(&mut *transaction).await.map_err(fault)?
        }
    };
    let number = number.map(|number| rows::number("case_file", number)).transpose()?;
    if let Some(number) = number {
        let what = What::Case { number: number.into(), step: rows::step(step).to_owned() };
        audit::note(&mut transaction, &Entry::new(stamp, rows::sender(step), what)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(number)
}

/// Writes down what a sender answers to a case; tells whether there is one. Who has withdrawn the person has found one, for good.
pub(super) async fn answer(
    connection: &mut PgConnection,
    number: u32,
    (sender, answer, at): (&SenderCode, CaseAnswer, Timestamp),
) -> Result<bool, sqlx::Error> {
    const KNOWN: &str = include_str!("../sql/case_known.sql");
    const ANSWER: &str = include_str!("../sql/case_answer.sql");
    let known: bool = sqlx::query_scalar(KNOWN).bind(i64::from(number)).fetch_one(&mut *connection).await?;
    if known {
        let answer = sqlx::query(ANSWER).bind(sender.as_str()).bind(i64::from(number)).bind(answer_word(answer));
        answer.bind(at.to_string()).execute(connection).await?;
    }
    Ok(known)
}

/// What a sender is told of its withdrawals and of cases.
pub(in super::super) async fn affairs(pool: &PgPool, code: &SenderCode) -> Result<Affairs, StoreError> {
    const COUNTS: &str = include_str!("../sql/affairs.sql");
    const OPEN: &str = include_str!("../sql/cases_open.sql");
    let counts = sqlx::query_as(COUNTS).bind(code.as_str()).fetch_one(pool).await.map_err(fault)?;
    let open: Vec<OpenRow> = sqlx::query_as(OPEN).bind(code.as_str()).fetch_all(pool).await.map_err(fault)?;
    rows::affairs(counts, open)
}

/// Every case, and every extract that was given.
pub(in super::super) async fn ledger(pool: &PgPool) -> Result<Ledger, StoreError> {
    const CASES: &str = include_str!("../sql/cases.sql");
    const ANSWERS: &str = include_str!("../sql/case_answers.sql");
    const DISCLOSURES: &str = include_str!("../sql/disclosures.sql");
    // Answers first: the case of each is there by then.
    let answers: Vec<AnswerRow> = sqlx::query_as(ANSWERS).fetch_all(pool).await.map_err(fault)?;
    let cases: Vec<CaseRow> = sqlx::query_as(CASES).fetch_all(pool).await.map_err(fault)?;
    let disclosures: Vec<DisclosureRow> = sqlx::query_as(DISCLOSURES).fetch_all(pool).await.map_err(fault)?;
    rows::ledger(cases, answers, disclosures)
}
