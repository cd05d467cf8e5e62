//! Requests for extracts, under observation.

use async_trait::async_trait;

use super::Recorder;
use crate::request::{Request, Taken};
use crate::store::StoreError;
use crate::store::alarm::Mark;
use crate::store::request::{HandedIn, Requests};

#[async_trait]
impl Requests for Recorder {
    async fn requests(&self) -> Result<Vec<Request>, StoreError> {
        self.note("requests", self.store.requests().await)
    }

    async fn request(&self, number: u32) -> Result<Option<Request>, StoreError> {
        self.note("request", self.store.request(number).await)
    }

    async fn add_request(&self, first: &Taken, mark: Mark) -> Result<u32, StoreError> {
        self.note("add_request", self.store.add_request(first, mark).await)
    }

    async fn take_step(&self, number: u32, behind: usize, step: &Taken, mark: Mark) -> Result<bool, StoreError> {
        self.note("take_step", self.store.take_step(number, behind, step, mark).await)
    }

    async fn hand_in(&self, place: (u32, usize), step: &Taken, quota: u32, mark: Mark) -> Result<HandedIn, StoreError> {
        self.note("hand_in", self.store.hand_in(place, step, quota, mark).await)
    }
}
