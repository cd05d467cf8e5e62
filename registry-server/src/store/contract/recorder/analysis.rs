//! Orders of the statistician's file, under observation.

use async_trait::async_trait;

use super::Recorder;
use crate::environment::Stamp;
use crate::request::analysis::{Order, Taken};
use crate::store::StoreError;
use crate::store::analysis::Analyses;

#[async_trait]
impl Analyses for Recorder {
    async fn analyses(&self) -> Result<Vec<Order>, StoreError> {
        self.note("analyses", self.store.analyses().await)
    }

    async fn add_analysis(&self, of: (u32, &str), first: Taken, stamp: Stamp) -> Result<u32, StoreError> {
        self.note("add_analysis", self.store.add_analysis(of, first, stamp).await)
    }

    async fn step_analysis(&self, number: u32, behind: usize, step: Taken, stamp: Stamp) -> Result<bool, StoreError> {
        self.note("step_analysis", self.store.step_analysis(number, behind, step, stamp).await)
    }
}
