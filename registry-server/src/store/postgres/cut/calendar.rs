//! Steps in the calendar of a cut.
//!
//! Promises: what the audit log is told of is noted in the step's own transaction.

use sqlx::{PgConnection, PgPool};

use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::cut::{Calendar, CutStep, Remarker, Signed};
use crate::store::postgres::audit;
use crate::store::postgres::fault::fault;

/// Writes down the calendar of a new cut.
pub(super) async fn begin(connection: &mut PgConnection, (cut, calendar): (i64, &Calendar)) -> Result<(), sqlx::Error> {
    const BEGIN: &str = include_str!("../sql/cut_calendar.sql");
    let begin = sqlx::query(BEGIN).bind(cut).bind(i64::from(calendar.year)).bind(calendar.stop.to_string());
    begin.bind(calendar.comments_until.to_string()).execute(connection).await.map(|_| ())
}

/// Takes a step.
pub(in super::super) async fn step(
    pool: &PgPool,
    cut: u32,
    (step, stamp): (&CutStep, Stamp),
) -> Result<(), StoreError> {
    in_transaction(pool, i64::from(cut), (step, stamp)).await.map_err(fault)
}

async fn in_transaction(pool: &PgPool, cut: i64, (step, stamp): (&CutStep, Stamp)) -> Result<(), sqlx::Error> {
    const LOCK: &str = include_str!("../sql/cut_lock.sql");
    const COMMENT: &str = include_str!("../sql/cut_comment.sql");
    const PUBLISH: &str = include_str!("../sql/cut_publish.sql");
    let at = stamp.at.to_string();
    let mut transaction = pool.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    let event = match step {
        CutStep::Sign(signed) => {
            sign(&mut transaction, cut, (signed, &at)).await?;
            let statement = schemas::canonical::sha256_hex(&signed.statement);
            Some(Entry::new(stamp, Some(&signed.sender), What::Attestation { cut: cut.unsigned_abs(), statement }))
        }
        CutStep::Comment { of, comment } => {
            sqlx::query(COMMENT).bind(cut).bind(of).bind(comment).bind(&at).execute(&mut *transaction).await?;
            None
        }
        CutStep::Remark { by, of, comment } => {
            remark(&mut transaction, cut, (by, of, comment, &at)).await?;
            Some(Entry::new(stamp, by.role.sender(), What::Comment { cut: cut.unsigned_abs(), user: by.user }))
        }
        CutStep::Publish { reason } => {
            let done = sqlx::query(PUBLISH).bind(cut).bind(&at).bind(reason).execute(&mut *transaction).await?;
            let what = What::Publication { cut: cut.unsigned_abs(), reason: reason.clone() };
            (done.rows_affected() > 0).then(|| Entry::new(stamp, None, what))
        }
    };
    if let Some(event) = event {
        audit::note(&mut transaction, &event).await?;
    }
    transaction.commit().await
}

async fn sign(connection: &mut PgConnection, cut: i64, (signed, at): (&Signed, &str)) -> Result<(), sqlx::Error> {
    const SIGN: &str = include_str!("../sql/cut_sign.sql");
    let Signed { sender, signed_by, statement, scheme, public_key, signature } = signed;
    let sign = sqlx::query(SIGN).bind(sender.as_str()).bind(cut).bind(signed_by).bind(at);
    let sign = sign.bind(statement).bind(i64::from(*scheme)).bind(public_key).bind(signature);
    sign.execute(connection).await.map(|_| ())
}

async fn remark(
    connection: &mut PgConnection,
    cut: i64,
    (by, of, comment, at): (&Remarker, &str, &str, &str),
) -> Result<(), sqlx::Error> {
    const CHANGE: &str = include_str!("../sql/cut_remark_change.sql");
    const REMARK: &str = include_str!("../sql/cut_remark.sql");
    for statement in [CHANGE, REMARK] {
        let step = sqlx::query(statement).bind(cut).bind(i64::from(by.user)).bind(of).bind(comment).bind(at);
        if step.bind(by.role.to_string()).execute(&mut *connection).await?.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}
