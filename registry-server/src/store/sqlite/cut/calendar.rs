//! Steps in the calendar of a cut.
//!
//! Promises: what the audit log is told of is noted in the step's own transaction.

use sqlx::{Connection as _, SqliteConnection};

use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::cut::{Calendar, CutStep, Remarker, Signed};
use crate::store::sqlite::{Writer, audit, fault};

/// Writes down the calendar of a new cut.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    (cut, calendar): (i64, &Calendar),
) -> Result<(), sqlx::Error> {
    const BEGIN: &str = "INSERT INTO cut_calendar (cut, year, stop_on, comments_until) VALUES (?, ?, ?, ?)";
    let begin = sqlx::query(BEGIN).bind(cut).bind(calendar.year).bind(calendar.stop.to_string());
    begin.bind(calendar.comments_until.to_string()).execute(connection).await.map(|_| ())
}

/// Takes a step.
pub(in super::super) async fn step(
    writer: &Writer,
    cut: u32,
    (step, stamp): (&CutStep, Stamp),
) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let taken = in_transaction(&mut connection, cut, (step, stamp)).await.map_err(fault);
    writer.settle(connection, taken)
}

async fn in_transaction(
    connection: &mut SqliteConnection,
    cut: u32,
    (step, stamp): (&CutStep, Stamp),
) -> Result<(), sqlx::Error> {
    const COMMENT: &str = "INSERT INTO cut_comment (cut, number, remarked_by, comment, made_at)
        SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4 FROM cut_comment WHERE cut = ?1";
    const PUBLISH: &str = "UPDATE cut_calendar SET published_at = ?2, reason = ?3
        WHERE cut = ?1 AND published_at IS NULL";
    let at = stamp.at.to_string();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let event = match step {
        CutStep::Sign(signed) => {
            sign(&mut transaction, cut, (signed, &at)).await?;
            let statement = schemas::canonical::sha256_hex(&signed.statement);
            Some(Entry::new(stamp, Some(&signed.sender), What::Attestation { cut: cut.into(), statement }))
        }
        CutStep::Comment { of, comment } => {
            sqlx::query(COMMENT).bind(cut).bind(of).bind(comment).bind(&at).execute(&mut *transaction).await?;
            None
        }
        CutStep::Remark { by, of, comment } => {
            remark(&mut transaction, cut, (by, of, comment, &at)).await?;
            Some(Entry::new(stamp, by.role.sender(), What::Comment { cut: cut.into(), user: by.user }))
        }
        CutStep::Publish { reason } => {
            let done = sqlx::query(PUBLISH).bind(cut).bind(&at).bind(reason).execute(&mut *transaction).await?;
            let what = What::Publication { cut: cut.into(), reason: reason.clone() };
            (done.rows_affected() > 0).then(|| Entry::new(stamp, None, what))
        }
    };
    if let Some(event) = event {
        audit::note(&mut transaction, &event).await?;
    }
    transaction.commit().await
}

async fn sign(connection: &mut SqliteConnection, cut: u32, (signed, at): (&Signed, &str)) -> Result<(), sqlx::Error> {
    const SIGN: &str = "INSERT OR REPLACE INTO attestation (sender, cut, signed_by, signed_at, statement, scheme, public_key, signature)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let Signed { sender, signed_by, statement, scheme, public_key, signature } = signed;
    let sign = sqlx::query(SIGN).bind(sender.as_str()).bind(cut).bind(signed_by).bind(at);
    let sign = sign.bind(statement).bind(scheme).bind(public_key).bind(signature);
    sign.execute(connection).await.map(|_| ())
}

async fn remark(
    connection: &mut SqliteConnection,
    cut: u32,
    (by, of, comment, at): (&Remarker, &str, &str, &str),
) -> Result<(), sqlx::Error> {
    const CHANGE: &str = "UPDATE cut_comment SET remarked_by = ?3, comment = ?4, made_at = ?5, role = ?6
        WHERE cut = ?1 AND web_user = ?2";
    const REMARK: &str = "INSERT INTO cut_comment (cut, number, web_user, remarked_by, comment, made_at, role)
        SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM cut_comment WHERE cut = ?1";
    for statement in [CHANGE, REMARK] {
        let step = sqlx::query(statement).bind(cut).bind(by.user).bind(of).bind(comment).bind(at);
        if step.bind(by.role.to_string()).execute(&mut *connection).await?.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}
