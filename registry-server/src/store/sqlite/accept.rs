//! The one transaction in which a delivery becomes part of the register.
//!
//! Promises: rows, batch and receipt together or nothing; the receipt's bytes are returned only after the commit.

use schemas::id::{BatchId, SenderCode};
use sqlx::query::Query;
use sqlx::{Connection as _, SqliteConnection};

use super::{Writer, audit, cells, cut, fault, history, known, merge, sender, tombstone, treatment, watch, write};
use crate::store::audit::Sealed;
use crate::store::figures::cells::Touched;
use crate::store::plan::{Done, Plan, check_generations, plan};
use crate::store::watch::batch::manifest;
use crate::store::{Delivery, Payload, RefusedDelivery, SenderStatus};

/// Stores a delivery, or gives the receipt of the one that is stored.
pub(super) async fn accept_batch(writer: &Writer, delivery: &Delivery) -> Result<Vec<u8>, RefusedDelivery> {
    let mut connection = writer.connection().await?;
    let stored = in_transaction(&mut connection, delivery).await;
    writer.settle(connection, stored)
}

async fn in_transaction(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<Vec<u8>, RefusedDelivery> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let receipt = store(&mut transaction, delivery).await?;
    transaction.commit().await.map_err(fault)?;
    Ok(receipt)
}

async fn store(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<Vec<u8>, RefusedDelivery> {
    if sender::status(connection, &delivery.sender).await? != Some(SenderStatus::Active) {
        return Err(RefusedDelivery::SenderNotActive);
    }
    if let Some(receipt) = receipt(connection, &delivery.sender, &delivery.batch).await.map_err(fault)? {
        return Ok(receipt);
    }
    let given = sender::given(connection, &delivery.sender, &delivery.state).await?;
    check_generations(delivery, given)?;
    register_key(connection, delivery).await?;
    let known = known::read(connection, delivery).await?.given_out(given.newest);
    let plan = plan(&delivery.records, known, &*delivery.draw).map_err(RefusedDelivery::VersionConflict)?;
    let persons = tombstone::persons_taken_back(connection, delivery, &plan).await?;
    cut::protect(connection, delivery, &plan).await?;
    apply(connection, delivery, &plan).await.map_err(fault)?;
    tombstone::keep_up(connection, delivery, (&plan, &persons)).await.map_err(fault)?;
    let newest = audit::newest(connection).await.map_err(fault)?;
    let Sealed { receipt, entry } = (delivery.seal)(&plan.verdicts, &plan.findings, newest);
    audit::note(connection, &entry).await.map_err(fault)?;
    let done = Done::of(delivery, &plan, given);
    insert_batch(connection, delivery, &receipt, done).await.map_err(fault)?;
    watch::count(connection, delivery, (&receipt, done)).await.map_err(fault)?;
    sender::set_plan(connection, delivery).await.map_err(fault)?;
    Ok(receipt)
}

/// The stored receipt of a batch.
pub(super) async fn receipt(
    connection: &mut SqliteConnection,
    code: &SenderCode,
    batch: &BatchId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    const RECEIPT: &str = "SELECT receipt FROM batch WHERE sender = ? AND digest = ?";
    sqlx::query_scalar(RECEIPT).bind(code.as_str()).bind(batch.as_str()).fetch_optional(connection).await
}

/// A sender's first key is registered by its first batch; any other must be registered already.
async fn register_key(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<(), RefusedDelivery> {
    const STATUS: &str = "SELECT status FROM sender_key WHERE sender = ? AND kid = ?";
    const REGISTER: &str = "INSERT INTO sender_key (sender, kid, status, registered_at) VALUES (?, ?, 'active', ?)";
    let (code, kid) = (delivery.sender.as_str(), delivery.kid.as_str());
    let status: Option<String> =
        sqlx::query_scalar(STATUS).bind(code).bind(kid).fetch_optional(&mut *connection).await.map_err(fault)?;
    match status.as_deref() {
        Some("active") => Ok(()),
        None if delivery.kid == delivery.sender.first_key_id() => {
            let query = sqlx::query(REGISTER).bind(code).bind(kid).bind(delivery.received_at.to_string());
            query.execute(connection).await.map_err(fault)?;
            Ok(())
        }
        _ => Err(RefusedDelivery::KeyUnknown),
    }
}

async fn apply(connection: &mut SqliteConnection, delivery: &Delivery, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    let sender = delivery.sender.as_str();
    if let Some(touched) = Touched::by(plan) {
        cells::touch(connection, sender, touched).await?;
    }
    history::keep(connection, delivery, &plan.writes).await?;
    treatment::insert_subjects(connection, delivery, &plan.new_subjects).await?;
    let mut treatments = Vec::new();
    for write in &plan.writes {
        match &write.arrival.payload {
            Payload::Treatment(content) => treatments.push((write, &**content)),
            Payload::Retraction(content) => treatment::retract(connection, sender, write, content).await?,
            Payload::Unit(content) => write::unit(connection, sender, write, content).await?,
            Payload::Activity(content) => write::activity(connection, sender, write, content).await?,
            Payload::Run(content) => write::run(connection, sender, write, content).await?,
            Payload::Pair(content) => merge::write(connection, delivery, write, content).await?,
        }
    }
    treatment::upsert(connection, delivery, &treatments).await?;
    treatment::remove_empty_subjects(connection, &plan.left).await
}

async fn insert_batch(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    receipt: &[u8],
    done: Done,
) -> Result<(), sqlx::Error> {
    const INSERT: &str =
        "INSERT INTO batch (sender, digest, received_at, records, receipt, generation, cycle, accepted, added, removed,
            batch_schema, rules, agent, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let query = sqlx::query(INSERT)
        .bind(delivery.sender.as_str())
        .bind(delivery.batch.as_str())
        .bind(delivery.received_at.to_string())
        .bind(i64::try_from(delivery.records.len()).unwrap_or(i64::MAX))
        .bind(receipt)
        .bind(done.generation)
        .bind(i64::try_from(delivery.cycle).unwrap_or(i64::MAX))
        .bind(done.accepted)
        .bind(done.added)
        .bind(done.removed);
    let query = manifest(&delivery.plan).into_iter().fold(query, Query::bind);
    query.execute(connection).await.map(|_| ())
}
