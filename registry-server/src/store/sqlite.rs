//! The register in one SQLite file: for a demo, a pilot or a small register, one process at a time.
//!
//! Promises: write-ahead log with `synchronous=FULL`, so that what is acknowledged survives a power failure; deleted bytes are
//! overwritten; nothing is sorted on disk outside the database; one writer, four readers.
//! Must not know: HTTP, statistics.

mod accept;
mod account;
mod alarm;
mod analysis;
mod around;
mod audit;
mod cells;
mod cut;
mod denominator;
mod digest;
mod ended;
mod facts;
mod erasure;
mod fault;
mod figures;
mod history;
mod job;
mod known;
mod many;
mod merge;
mod open;
mod population;
mod quarter;
mod release;
/// Requests for extracts.
mod request;
mod request_mail;
mod reset;
mod scores;
mod sender;
mod series_break;
mod state;
mod tombstone;
mod trail;
mod transfer;
mod treatment;
mod user;
mod watch;
mod write;
mod writer;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::digest::Line;
use schemas::id::{BatchId, KeyId, SenderCode, StateId};
use schemas::key_reset::KeyResetAnswer;
use sqlx::SqlitePool;
use tokio::sync::mpsc;

use super::{
    AccountRows, Affairs, CaseStep, Cleaned, Cleaning, Delivery, Disclosed, Ends, Erasure, KeyReset, Ledger, Persons,
    RefusedDelivery, Sender, SenderStatus, Store, StoreError,
};
use crate::environment::Stamp;
use crate::store::audit::{Entry, LogTail, Sign};
use crate::store::transfer::{Row, Table};
use fault::fault;
use writer::Writer;

/// The register in one SQLite file.
#[derive(Debug, Clone)]
pub struct Sqlite {
    writer: Writer,
    readers: SqlitePool,
}

#[async_trait]
impl Store for Sqlite {
    async fn ready(&self) -> Result<(), StoreError> {
        sender::count(&self.readers).await.map(|_| ()).map_err(fault)
    }

    async fn set_sender(
        &self,
        code: &SenderCode,
        status: SenderStatus,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        sender::set(&self.writer, code, status, stamp).await
    }

    async fn suspend_sender(
        &self,
        code: &SenderCode,
        reason: &str,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        sender::suspend(&self.writer, code, (reason, stamp)).await
    }

    async fn sender_status(&self, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        sender::status(&mut connection, code).await
    }

    async fn set_pause(&self, code: &SenderCode, pause: Option<&Pause>, at: Timestamp) -> Result<(), StoreError> {
        sender::set_pause(&self.writer, code, pause, at).await
    }

    async fn senders(&self) -> Result<Vec<Sender>, StoreError> {
        sender::list(&self.readers).await
    }

    async fn sender_keys(&self, code: &SenderCode) -> Result<Vec<KeyId>, StoreError> {
        sender::keys(&self.readers, code).await
    }

    async fn newest_generation(&self, code: &SenderCode) -> Result<u32, StoreError> {
        sender::newest_generation(&self.readers, code).await
    }

    async fn issue_generation(&self, code: &SenderCode, state: &StateId, stamp: Stamp) -> Result<u32, StoreError> {
        sender::issue_generation(&self.writer, code, state, stamp).await
    }

    async fn reset_keys(&self, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery> {
        reset::step(&self.writer, reset, stamp).await
    }

    async fn receipt(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        accept::receipt(&mut connection, code, batch).await.map_err(fault)
    }

    async fn accept_batch(&self, delivery: Delivery) -> Result<Vec<u8>, RefusedDelivery> {
        accept::accept_batch(&self.writer, &delivery).await
    }

    async fn account(&self, code: &SenderCode) -> Result<AccountRows, StoreError> {
        account::account(&self.readers, code).await
    }

    async fn note_comparison(&self, code: &SenderCode, ends: Ends, at: Timestamp) -> Result<(), StoreError> {
        account::note_comparison(&self.writer, code, (ends, at)).await
    }

    async fn active(&self, code: &SenderCode, pages: mpsc::Sender<Vec<Line>>) -> Result<(), StoreError> {
        digest::active(&self.readers, code, pages).await
    }

    async fn erase(&self, erasure: Erasure) -> Result<Vec<u8>, RefusedDelivery> {
        erasure::erase(&self.writer, &erasure).await
    }

    async fn lift(&self, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
        erasure::lift(&self.writer, persons, stamp).await
    }

    async fn disclose(&self, persons: &Persons, stamp: Stamp) -> Result<Disclosed, StoreError> {
        erasure::disclose(&self.writer, persons, stamp).await
    }

    async fn affairs(&self, code: &SenderCode) -> Result<Affairs, StoreError> {
        erasure::affairs(&self.readers, code).await
    }

    async fn set_case(&self, step: &CaseStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        erasure::set_case(&self.writer, step, stamp).await
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        erasure::ledger(&self.readers).await
    }

    async fn clean(&self, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
        erasure::clean(&self.writer, cleaning).await
    }

    async fn doubts(&self) -> Result<Vec<String>, StoreError> {
        erasure::doubts(&self.writer).await
    }

    async fn note_event(&self, entry: &Entry) -> Result<(), StoreError> {
        audit::note_alone(&self.writer, entry).await
    }

    async fn sequence(&self, sign: &Sign) -> Result<Option<String>, StoreError> {
        audit::sequence((&self.readers, &self.writer), sign).await
    }

    async fn log_tail(&self, from: u64) -> Result<Option<LogTail>, StoreError> {
        audit::log_tail(&self.readers, from).await
    }

    async fn export(&self, table: &'static Table, pages: mpsc::Sender<Vec<Row>>) -> Result<(), StoreError> {
        transfer::export(&self.readers, table, pages).await
    }

    async fn import(&self, table: &'static Table, rows: Vec<Row>) -> Result<(), StoreError> {
        transfer::import(&self.writer, table, &rows).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
pub(crate) mod tests;
