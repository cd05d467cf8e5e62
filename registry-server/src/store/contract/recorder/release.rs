//! Tables that left a frozen data set, under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::environment::Stamp;
use crate::store::StoreError;
use crate::store::release::{Head, Moment, Package, Release, Releases};

#[async_trait]
impl Releases for Recorder {
    async fn extract_codes(&self, cut: u32) -> Result<Option<String>, StoreError> {
        self.note("extract_codes", self.store.extract_codes(cut).await)
    }

    async fn keep_extract_codes(&self, cut: u32, codes: &str, at: Timestamp) -> Result<String, StoreError> {
        self.note("keep_extract_codes", self.store.keep_extract_codes(cut, codes, at).await)
    }

    async fn statement(&self, cut: u32) -> Result<Option<String>, StoreError> {
        self.note("statement", self.store.statement(cut).await)
    }

    async fn keep_statement(&self, cut: u32, kept: &str, at: Timestamp) -> Result<String, StoreError> {
        self.note("keep_statement", self.store.keep_statement(cut, kept, at).await)
    }

    async fn releases(&self, cut: u32) -> Result<Vec<Release>, StoreError> {
        self.note("releases", self.store.releases(cut).await)
    }

    async fn moment_of_releases(&self) -> Result<Moment, StoreError> {
        self.note("moment_of_releases", self.store.moment_of_releases().await)
    }

    async fn release(&self, release: &Release, held_at: Moment, stamp: Stamp) -> Result<bool, StoreError> {
        self.note("release", self.store.release(release, held_at, stamp).await)
    }

    async fn release_heads(&self) -> Result<Vec<Head>, StoreError> {
        self.note("release_heads", self.store.release_heads().await)
    }

    async fn published(&self, cut: u32, place: u32) -> Result<Option<String>, StoreError> {
        self.note("published", self.store.published(cut, place).await)
    }

    async fn publish(&self, table: (u32, u32), of: u32, stamp: Stamp) -> Result<bool, StoreError> {
        self.note("publish", self.store.publish(table, of, stamp).await)
    }

    async fn keep_package(&self, package: &Package, behind: usize, stamp: Stamp) -> Result<bool, StoreError> {
        self.note("keep_package", self.store.keep_package(package, behind, stamp).await)
    }

    async fn package(&self, request: u32) -> Result<Option<Package>, StoreError> {
        self.note("package", self.store.package(request).await)
    }
}
