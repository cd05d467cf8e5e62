//! What is held of persons, told and written down as told.

use std::collections::BTreeSet;

use sqlx::{Connection as _, SqliteConnection};

use super::{leaving, withdrawn};
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::{Entry, What};
use crate::store::erasure::leaving::{Leaving, count};
use crate::store::erasure::rows::{self, DocumentRow, HistoryRow};
use crate::store::erasure::{Disclosed, Document, Persons};
use crate::store::sqlite::tombstone::numbers;
use crate::store::sqlite::{Writer, audit, fault};

/// Tells what is held of persons, and notes that it was told.
pub(in super::super) async fn disclose(
    writer: &Writer,
    asked: &Persons,
    stamp: Stamp,
) -> Result<Disclosed, StoreError> {
    let mut connection = writer.connection().await?;
    let disclosed = disclose_on(&mut connection, asked, stamp).await;
    writer.settle(connection, disclosed)
}

async fn disclose_on(
    connection: &mut SqliteConnection,
    asked: &Persons,
    stamp: Stamp,
) -> Result<Disclosed, StoreError> {
    let Persons { sender, persons, tombs } = asked;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let leaving = leaving(&mut transaction, (sender, persons)).await?;
    let disclosed = Disclosed {
        found: leaving.found(&BTreeSet::new(), tombs),
        withdrawn: withdrawn(&mut transaction, sender.as_str(), &leaving.asked(tombs)).await.map_err(fault)?,
        documents: documents(&mut transaction, &leaving).await?,
    };
    let (persons, documents) = (count(persons.len()), count(disclosed.documents.len()));
    let told = (persons, disclosed.found, documents);
    log(&mut transaction, (sender.as_str(), &stamp.at.to_string()), told).await.map_err(fault)?;
    let what = What::PersonExtract { persons: persons.into(), documents: documents.into() };
    audit::note(&mut transaction, &Entry::new(stamp, Some(sender), what)).await.map_err(fault)?;
    transaction.commit().await.map_err(fault)?;
    Ok(disclosed)
}

async fn documents(connection: &mut SqliteConnection, of: &Leaving) -> Result<Vec<Document>, StoreError> {
    const TREATMENTS: &str = "SELECT id, record_key, generation, counter, first_received, document FROM treatment
        WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY record_key";
    const HISTORY: &str = "SELECT treatment, generation, counter, replaced_at FROM history
        WHERE treatment IN (SELECT value FROM json_each(?)) ORDER BY generation, counter";
    let treatments = sqlx::query_as(TREATMENTS).bind(numbers(&of.subjects()));
    let treatments: Vec<DocumentRow> = treatments.fetch_all(&mut *connection).await.map_err(fault)?;
    let ids: Vec<i64> = treatments.iter().map(|row| row.0).collect();
    let history: Vec<HistoryRow> =
        sqlx::query_as(HISTORY).bind(numbers(&ids)).fetch_all(connection).await.map_err(fault)?;
    rows::documents(treatments, history)
}

async fn log(
    connection: &mut SqliteConnection,
    (sender, at): (&str, &str),
    (persons, found, documents): (u32, u32, u32),
) -> Result<(), sqlx::Error> {
    const LOG: &str = "INSERT INTO disclosure_log (sender, number, disclosed_at, persons, found, documents)
        VALUES (?1, (SELECT COALESCE(MAX(number), 0) + 1 FROM disclosure_log WHERE sender = ?1), ?2, ?3, ?4, ?5)";
    let log = sqlx::query(LOG).bind(sender).bind(at).bind(persons).bind(found).bind(documents);
    log.execute(connection).await.map(|_| ())
}
