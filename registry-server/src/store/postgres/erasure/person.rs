//! What is held of persons, told and written down as told.

use std::collections::BTreeSet;

use schemas::id::SenderCode;
use sqlx::{PgConnection, PgPool};

use super::{leaving, withdrawn};
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::erasure::leaving::{Leaving, count};
use crate::store::erasure::rows::{self, DocumentRow, HistoryRow};
use crate::store::erasure::{Disclosed, Document, Persons};
use crate::store::postgres::fault::fault;
use crate::store::postgres::{audit, sender};

/// Tells what is held of persons, and notes that it was told.
pub(in super::super) async fn disclose(pool: &PgPool, asked: &Persons, stamp: Stamp) -> Result<Disclosed, StoreError> {
    let Persons { sender: code, persons, tombs } = asked;
    let mut transaction = pool.begin().await.map_err(fault)?;
    sender::lock(&mut transaction, code).await?;
    let leaving = leaving(&mut transaction, (code, persons)).await?;
    let disclosed = Disclosed {
        found: leaving.found(&BTreeSet::new(), tombs),
        withdrawn: withdrawn(&mut transaction, code, &leaving.asked(tombs)).await?,
        documents: documents(&mut transaction, code, &leaving).await?,
    };
    let (persons, documents) = (count(persons.len()), count(disclosed.documents.len()));
    let told = (persons, disclosed.found, documents);
    log(&mut transaction, (code.as_str(), &stamp.at.to_string()), told).await.map_err(fault)?;
    let what = What::PersonExtract { persons: persons.into(), documents: documents.into() };
    audit::note(&mut transaction, &Entry::new(stamp, Some(code), what)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(disclosed)
}

async fn documents(
    connection: &mut PgConnection,
    code: &SenderCode,
    of: &Leaving,
) -> Result<Vec<Document>, StoreError> {
    const DOCUMENTS: &str = include_str!("../sql/documents.sql");
    const HISTORY: &str = include_str!("../sql/history_of_treatments.sql");
    let treatments = sqlx::query_as(DOCUMENTS).bind(code.as_str()).bind(of.subjects());
    let treatments: Vec<DocumentRow> = treatments.fetch_all(&mut *connection).await.map_err(fault)?;
    let ids: Vec<i64> = treatments.iter().map(|row| row.0).collect();
    let history: Vec<HistoryRow> =
        sqlx::query_as(HISTORY).bind(code.as_str()).bind(&ids).fetch_all(connection).await.map_err(fault)?;
    rows::documents(treatments, history)
}

async fn log(
    connection: &mut PgConnection,
    (sender, at): (&str, &str),
    (persons, found, documents): (u32, u32, u32),
) -> Result<(), sqlx::Error> {
    const LOG: &str = include_str!("../sql/disclosure_log.sql");
    let counts = [persons, found, documents].map(i64::from);
    let log = sqlx::query(LOG).bind(sender).bind(at).bind(counts[0]).bind(counts[1]).bind(counts[2]);
    log.execute(connection).await.map(|_| ())
}
