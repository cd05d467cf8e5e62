//! The one transaction in which a delivery becomes part of the register.
//!
//! Promises: rows, batch and receipt together or nothing; the receipt's bytes are returned only after the commit; the sender's row is
//! held from the first statement on, and everything else is read after that, so it is what the sender's last batch left.

use sqlx::{PgConnection, PgPool};

use super::fault::fault;
use super::{audit, cells, cut, history, known, merge, receipt, sender, tombstone, treatment, watch, write};
use crate::store::audit::Sealed;
use crate::store::figures::cells::Touched;
use crate::store::plan::{Done, Plan, check_generations, plan};
use crate::store::{Delivery, Payload, RefusedDelivery, SenderStatus};

/// Stores a delivery, or gives the receipt of the one that is stored.
pub(super) async fn accept_batch(pool: &PgPool, delivery: &Delivery) -> Result<Vec<u8>, RefusedDelivery> {
    let mut transaction = pool.begin().await.map_err(fault)?;
    let receipt = store(&mut transaction, delivery).await?;
    transaction.commit().await.map_err(fault)?;
    Ok(receipt)
}

async fn store(connection: &mut PgConnection, delivery: &Delivery) -> Result<Vec<u8>, RefusedDelivery> {
    if sender::lock(connection, &delivery.sender).await? != Some(SenderStatus::Active) {
        return Err(RefusedDelivery::SenderNotActive);
    }
    if let Some(receipt) = receipt::stored(&mut *connection, &delivery.sender, &delivery.batch).await? {
        return Ok(receipt);
    }
    let given = sender::given(&mut *connection, &delivery.sender, &delivery.state).await?;
    check_generations(delivery, given)?;
    sender::register_key(connection, delivery).await?;
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
    receipt::keep(connection, delivery, &receipt, done).await.map_err(fault)?;
    watch::count(connection, delivery, (&receipt, done)).await.map_err(fault)?;
    sender::set_plan(connection, delivery).await.map_err(fault)?;
    Ok(receipt)
}

async fn apply(connection: &mut PgConnection, delivery: &Delivery, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    let sender = delivery.sender.as_str();
    let (mut treatments, mut retractions) = (Vec::new(), Vec::new());
    let (mut units, mut activities, mut runs, mut pairs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for write in &plan.writes {
        match &write.arrival.payload {
            Payload::Treatment(content) => treatments.push((write, &**content)),
            Payload::Retraction(content) => retractions.push((write, content)),
            Payload::Unit(content) => units.push((write, content)),
            Payload::Activity(content) => activities.push((write, content)),
            Payload::Run(content) => runs.push((write, content)),
            Payload::Pair(content) => pairs.push((write, content)),
        }
    }
    if let Some(touched) = Touched::by(plan) {
        cells::touch(connection, sender, touched).await?;
    }
    history::keep(connection, delivery, &plan.writes).await?;
    treatment::insert_subjects(connection, delivery, &plan.new_subjects).await?;
    treatment::upsert(connection, delivery, &treatments).await?;
    treatment::retract(connection, sender, &retractions).await?;
    treatment::remove_empty_subjects(connection, sender, &plan.left).await?;
    write::units(connection, sender, &units).await?;
    write::activities(connection, sender, &activities).await?;
    write::runs(connection, sender, &runs).await?;
    merge::write(connection, delivery, &pairs).await
}
