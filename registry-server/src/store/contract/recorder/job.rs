//! The building of requests' tables, under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::alarm::Mark;
use crate::store::job::{Job, JobState, Jobs, NewJob, Progress};

#[async_trait]
impl Jobs for Recorder {
    async fn queue_job(&self, job: &NewJob, mark: Mark) -> Result<bool, StoreError> {
        self.note("queue_job", self.store.queue_job(job, mark).await)
    }

    async fn job(&self, request: u32) -> Result<Option<Job>, StoreError> {
        self.note("job", self.store.job(request).await)
    }

    async fn take_job(&self, holder: &str, at: Timestamp) -> Result<Option<Job>, StoreError> {
        self.note("take_job", self.store.take_job(holder, at).await)
    }

    async fn note_job(&self, held: (u32, &str), progress: Progress, at: Timestamp) -> Result<bool, StoreError> {
        self.note("note_job", self.store.note_job(held, progress, at).await)
    }

    async fn end_job(&self, held: (u32, &str), state: &JobState, stamp: Stamp) -> Result<(), StoreError> {
        self.note("end_job", self.store.end_job(held, state, stamp).await)
    }
}
