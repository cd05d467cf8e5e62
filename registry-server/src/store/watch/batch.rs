//! One stored batch with what its manifest said.
//!
//! Promises: what a batch of before did not tell is nothing, never a guess; no record key and no person.
//! Must not know: what a receipt says.

use crate::store::StoreError;
use crate::store::sender::AgentPlan;
use crate::store::watch::StoredBatch;

/// A stored batch and its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldBatch {
    /// The batch.
    pub stored: StoredBatch,
    /// Generation of the state directory that built it, and its cycle.
    pub built: Option<(u32, u64)>,
    /// Treatments that were not here before.
    pub added: Option<u64>,
    /// Treatments that it took back.
    pub removed: Option<u64>,
    /// The form that it is written in.
    pub schema: Option<String>,
    /// Hash of the rules that its agent ran.
    pub rules: Option<String>,
    /// Version of its agent.
    pub agent: Option<String>,
    /// Payload hash of the whole cycle.
    pub payload: Option<String>,
}

/// The statement, the same on both engines.
pub(in crate::store) const TOLD_BATCH: &str = "SELECT digest, received_at, records, receipt, generation, cycle,
    added, removed, batch_schema, rules, agent, payload FROM batch WHERE sender = $1 AND digest = $2";

/// A batch as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct ToldBatchRow {
    digest: String,
    received_at: String,
    records: i64,
    receipt: Vec<u8>,
    generation: Option<i64>,
    cycle: Option<i64>,
    added: Option<i64>,
    removed: Option<i64>,
    batch_schema: Option<String>,
    rules: Option<String>,
    agent: Option<String>,
    payload: Option<String>,
}

impl ToldBatchRow {
    /// The batch.
    pub(in crate::store) fn read(self) -> Result<ToldBatch, StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "batch", column, id: 0 };
        let built = self.generation.zip(self.cycle).map(|(generation, cycle)| {
            let generation = u32::try_from(generation).map_err(|_| wrong("generation"))?;
            Ok((generation, u64::try_from(cycle).map_err(|_| wrong("cycle"))?))
        });
        let count = |n: Option<i64>, column| n.map(u64::try_from).transpose().map_err(|_| wrong(column));
        Ok(ToldBatch {
            stored: StoredBatch {
                digest: self.digest,
                received_at: self.received_at,
                records: u64::try_from(self.records).map_err(|_| wrong("records"))?,
                receipt: self.receipt,
            },
            built: built.transpose()?,
            added: count(self.added, "added")?,
            removed: count(self.removed, "removed")?,
            schema: self.batch_schema,
            rules: self.rules,
            agent: self.agent,
            payload: self.payload,
        })
    }
}

/// What a manifest said, as it is written beside its batch: form, rules, agent, payload hash.
pub(in crate::store) fn manifest(plan: &AgentPlan) -> [Option<&str>; 4] {
    [plan.schema.as_deref(), plan.rules.as_deref(), Some(plan.agent.as_str()), plan.payload.as_deref()]
}
