//! What senders are watched by, under observation.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use schemas::id::{BatchId, HsaId, SenderCode};

use super::Recorder;
use crate::store::StoreError;
use crate::store::watch::batch::ToldBatch;
use crate::store::watch::unit::UnitArrivals;
use crate::store::watch::{Beat, Heard, History, Life, StoredBatch, Watch};

#[async_trait]
impl Watch for Recorder {
    async fn note_heard(&self, code: &SenderCode, heard: &Heard) -> Result<(), StoreError> {
        self.note("note_heard", self.store.note_heard(code, heard).await)
    }

    async fn histories(&self, from: Date) -> Result<Vec<History>, StoreError> {
        self.note("histories", self.store.histories(from).await)
    }

    async fn batches(&self, code: &SenderCode, most: u32) -> Result<Vec<StoredBatch>, StoreError> {
        self.note("batches", self.store.batches(code, most).await)
    }

    async fn told_batch(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<ToldBatch>, StoreError> {
        self.note("told_batch", self.store.told_batch(code, batch).await)
    }

    async fn unit_arrivals(&self, units: &[HsaId]) -> Result<Vec<UnitArrivals>, StoreError> {
        self.note("unit_arrivals", self.store.unit_arrivals(units).await)
    }

    async fn beat(&self, beat: Beat, at: Timestamp) -> Result<(), StoreError> {
        self.note("beat", self.store.beat(beat, at).await)
    }

    async fn life(&self) -> Result<Option<Life>, StoreError> {
        self.note("life", self.store.life().await)
    }
}
