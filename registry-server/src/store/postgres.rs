//! The register in a PostgreSQL database: for a large register, with as many servers beside each other as one likes.
//!
//! Promises: an answer is given only when the commit is on the server's disk (`synchronous_commit`, looked at on every connection); what
//! one sender delivers is stored one batch after the other, whichever server takes it, and senders do not wait for each other; a lost
//! connection is an error that passes, never an acknowledgement, and the next call connects again; a transaction that PostgreSQL ends in
//! favour of another is tried again here.
//! Must not know: HTTP, statistics.

mod accept;
mod account;
mod alarm;
mod analysis;
mod address;
mod again;
mod around;
mod audit;
mod cells;
mod copied;
mod deadline;
mod cut;
mod denominator;
mod digest;
mod ended;
mod erasure;
mod facts;
mod fault;
mod figures;
mod history;
mod job;
mod known;
mod merge;
mod open;
mod population;
mod quarter;
mod receipt;
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

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::digest::Line;
use schemas::id::{BatchId, KeyId, SenderCode, StateId};
use schemas::key_reset::KeyResetAnswer;
use sqlx::PgPool;
use tokio::sync::mpsc;

pub use address::Address;

use super::{
    AccountRows, Affairs, CaseStep, Cleaned, Cleaning, Delivery, Disclosed, Ends, Erasure, KeyReset, Ledger, Persons,
    RefusedDelivery, Sender, SenderStatus, Store, StoreError,
};
use crate::environment::Stamp;
use crate::store::audit::{Entry, LogTail, Sign};
use crate::store::transfer::{Row, Table};

/// The register in a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
}

#[async_trait]
impl Store for Postgres {
    async fn ready(&self) -> Result<(), StoreError> {
        sender::ready(&self.pool).await
    }

    async fn set_sender(
        &self,
        code: &SenderCode,
        status: SenderStatus,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        again::again(|| sender::set(&self.pool, code, status, stamp)).await
    }

    async fn suspend_sender(
        &self,
        code: &SenderCode,
        reason: &str,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError> {
        again::again(|| sender::suspend(&self.pool, code, (reason, stamp))).await
    }

    async fn sender_status(&self, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError> {
        sender::status(&self.pool, code).await
    }

    async fn set_pause(&self, code: &SenderCode, pause: Option<&Pause>, at: Timestamp) -> Result<(), StoreError> {
        again::again(|| sender::set_pause(&self.pool, code, pause, at)).await
    }

    async fn senders(&self) -> Result<Vec<Sender>, StoreError> {
        sender::list(&self.pool).await
    }

    async fn sender_keys(&self, code: &SenderCode) -> Result<Vec<KeyId>, StoreError> {
        sender::keys(&self.pool, code).await
    }

    async fn newest_generation(&self, code: &SenderCode) -> Result<u32, StoreError> {
        sender::newest_generation(&self.pool, code).await
    }

    async fn issue_generation(&self, code: &SenderCode, state: &StateId, stamp: Stamp) -> Result<u32, StoreError> {
        again::again(|| sender::issue_generation(&self.pool, code, state, stamp)).await
    }

    async fn reset_keys(&self, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery> {
        again::again(|| reset::step(&self.pool, reset, stamp)).await
    }

    async fn receipt(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<Vec<u8>>, StoreError> {
        receipt::stored(&self.pool, code, batch).await
    }

    async fn accept_batch(&self, delivery: Delivery) -> Result<Vec<u8>, RefusedDelivery> {
        let attempt = || deadline::within(deadline::DELIVERY, accept::accept_batch(&self.pool, &delivery));
        again::again(attempt).await
    }

    async fn account(&self, code: &SenderCode) -> Result<AccountRows, StoreError> {
        account::account(&self.pool, code).await
    }

    async fn note_comparison(&self, code: &SenderCode, ends: Ends, at: Timestamp) -> Result<(), StoreError> {
        account::note_comparison(&self.pool, code, (ends, at)).await
    }

    async fn active(&self, code: &SenderCode, pages: mpsc::Sender<Vec<Line>>) -> Result<(), StoreError> {
        digest::active(&self.pool, code, pages).await
    }

    async fn erase(&self, erasure: Erasure) -> Result<Vec<u8>, RefusedDelivery> {
        let attempt = || deadline::within(deadline::DELIVERY, erasure::erase(&self.pool, &erasure));
        again::again(attempt).await
    }

    async fn lift(&self, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError> {
        again::again(|| erasure::lift(&self.pool, persons, stamp)).await
    }

    async fn disclose(&self, persons: &Persons, stamp: Stamp) -> Result<Disclosed, StoreError> {
        again::again(|| erasure::disclose(&self.pool, persons, stamp)).await
    }

    async fn affairs(&self, code: &SenderCode) -> Result<Affairs, StoreError> {
        erasure::affairs(&self.pool, code).await
    }

    async fn set_case(&self, step: &CaseStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        again::again(|| erasure::set_case(&self.pool, step, stamp)).await
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        erasure::ledger(&self.pool).await
    }

    async fn clean(&self, cleaning: Cleaning) -> Result<Cleaned, StoreError> {
        erasure::clean(&self.pool, cleaning).await
    }

    async fn doubts(&self) -> Result<Vec<String>, StoreError> {
        erasure::doubts(&self.pool).await
    }

    async fn note_event(&self, entry: &Entry) -> Result<(), StoreError> {
        again::again(|| audit::note_alone(&self.pool, entry)).await
    }

    async fn sequence(&self, sign: &Sign) -> Result<Option<String>, StoreError> {
        again::again(|| audit::sequence(&self.pool, sign)).await
    }

    async fn log_tail(&self, from: u64) -> Result<Option<LogTail>, StoreError> {
        audit::log_tail(&self.pool, from).await
    }

    async fn export(&self, table: &'static Table, pages: mpsc::Sender<Vec<Row>>) -> Result<(), StoreError> {
        transfer::export(&self.pool, table, pages).await
    }

    async fn import(&self, table: &'static Table, rows: Vec<Row>) -> Result<(), StoreError> {
        again::again(|| transfer::import(&self.pool, table, &rows)).await
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
pub(crate) mod tests;
