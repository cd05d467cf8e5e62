//! Looking into the audit log under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::audit::Entry;
use crate::store::trail::{Look, Placed, Review, Trail};

#[async_trait]
impl Trail for Recorder {
    async fn note_events(&self, entries: &[Entry]) -> Result<(), StoreError> {
        self.note("note_events", self.store.note_events(entries).await)
    }

    async fn events(&self, look: &Look) -> Result<Vec<Placed>, StoreError> {
        self.note("events", self.store.events(look).await)
    }

    async fn checkpoint_over(&self, from: Timestamp, until: Timestamp) -> Result<Option<String>, StoreError> {
        self.note("checkpoint_over", self.store.checkpoint_over(from, until).await)
    }

    async fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        self.note("reviews", self.store.reviews().await)
    }

    async fn sign_review(&self, review: &Review, stamp: Stamp) -> Result<bool, StoreError> {
        self.note("sign_review", self.store.sign_review(review, stamp).await)
    }
}
