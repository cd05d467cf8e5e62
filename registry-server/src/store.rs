//! What the register keeps, in the words of the register: a trait for what is delivered, one for what is published, one module an engine.
//!
//! Promises of every engine: rows, batch and receipt of a delivery are stored together or not at all; a stored receipt is repeated
//! byte for byte; the same record in the same version has one effect, whatever the order; nothing is acknowledged before it is durable.
//! Must not know: HTTP, pseudonyms of the regions, statistics.

/// Where the register is kept, and opening it.
mod open;
/// The engine of a large register.
pub mod postgres;
/// The embedded engine.
pub mod sqlite;

/// What to write for a delivery, decided before anything is written.
pub(crate) mod plan;
/// A sender's accounting, and the register's own.
mod account;
/// What is wrong with senders, and whom to tell.
pub mod alarm;
/// Orders of the statistician's file.
pub mod analysis;
/// What a sender has here, as its rows really say.
mod active;
/// A delivery on its way in.
pub mod arrival;
/// The audit log.
pub mod audit;
/// Frozen data sets.
pub mod cut;
/// What a store may answer instead.
mod error;
/// Leaving the register.
pub mod erasure;
/// What the statistics are made of.
pub mod figures;
/// The building of requests' tables.
pub mod job;
/// Which persons are one.
mod merge;
/// The mail to units' readers after each quarter.
pub mod quarter;
/// Tables that left a frozen data set.
pub mod release;
/// Requests for extracts.
pub mod request;
/// The mails about steps of requests.
pub mod request_mail;
/// A sender's set under new keys.
mod reset;
/// What is known about a sender.
mod sender;
/// Looking into the audit log.
pub mod trail;
/// Moving a register into another database.
pub mod transfer;
/// People who sign in, and their sessions.
pub mod user;
/// Which of two accounts of a record counts.
pub mod version;
/// What senders are watched by.
pub mod watch;
/// Words that stand in the tables.
mod words;

#[cfg(test)]
pub(crate) mod contract;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::contact::Pause;
use schemas::digest::Line;
use schemas::id::{BatchId, KeyId, SenderCode, StateId};
use schemas::key_reset::KeyResetAnswer;
use tokio::sync::mpsc;

pub use account::{AccountRows, CycleRow, Ends};
pub use arrival::{Arrival, Delivery, PairArrival, PairSays, Payload, TreatmentArrival};
pub use cut::{Calendar, Cut, CutComment, CutShare, CutSignature, CutStep, NewCut, Publication, Remarker, Signed};
pub use erasure::{Affairs, CaseStep, Cleaned, Cleaning, Disclosed, Erasure, Ledger, Persons};
pub use error::{RefusedDelivery, StoreError};
pub use figures::{Figures, Reference};
pub use open::{Location, Opening, open};
pub use reset::KeyReset;
pub use sender::{AgentPlan, Sender, SenderPlan, SenderStatus};

pub use user::{Attempt, Gain, Invitation, Subject, User, UserKey, UserState, UserStep, Users, Waiting, Which};

use crate::environment::Stamp;
use transfer::{Row, Table};

/// Everything that is kept.
#[async_trait]
pub trait Store:
    Figures
    + Users
    + alarm::Alarms
    + job::Jobs
    + analysis::Analyses
    + quarter::QuarterMails
    + release::Releases
    + request::Requests
    + request_mail::RequestMails
    + trail::Trail
    + watch::Watch
{
    /// Whether the store answers and its tables are this program's.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Sets a sender's standing; enrols it when it is new. Tells where it stood before.
    async fn set_sender(
        &self,
        code: &SenderCode,
        status: SenderStatus,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError>;

    /// Lets a sender that may deliver not deliver for the time being, for a reason that the audit log keeps. Tells where it stood before;
    /// changes nothing of one that may not deliver or was never enrolled.
    async fn suspend_sender(
        &self,
        code: &SenderCode,
        reason: &str,
        stamp: Stamp,
    ) -> Result<Option<SenderStatus>, StoreError>;

    /// Where a sender stands; nothing when it was never enrolled.
    async fn sender_status(&self, code: &SenderCode) -> Result<Option<SenderStatus>, StoreError>;

    /// Notes the silence that a sender has planned, or that there is none any more. Does nothing for one that was never enrolled.
    async fn set_pause(&self, code: &SenderCode, pause: Option<&Pause>, at: Timestamp) -> Result<(), StoreError>;

    /// Every sender, by code.
    async fn senders(&self) -> Result<Vec<Sender>, StoreError>;

    /// The key ids that a sender may use now.
    async fn sender_keys(&self, code: &SenderCode) -> Result<Vec<KeyId>, StoreError>;

    /// The newest generation given to a sender, 0 when none was.
    async fn newest_generation(&self, code: &SenderCode) -> Result<u32, StoreError>;

    /// The generation of a state directory, given out when it is new.
    async fn issue_generation(&self, code: &SenderCode, state: &StateId, stamp: Stamp) -> Result<u32, StoreError>;

    /// Takes a step with a sender's set under new keys. Until it replaces the old one it is no part of the facts, and alone is told as
    /// what the sender has here; whoever writes in a generation before it is refused.
    async fn reset_keys(&self, reset: &KeyReset, stamp: Stamp) -> Result<KeyResetAnswer, RefusedDelivery>;

    /// The stored receipt of a sender's batch.
    async fn receipt(&self, code: &SenderCode, batch: &BatchId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores a delivery with the receipt that its `seal` makes from the verdicts, in one transaction; gives the receipt's bytes. A
    /// delivery that is stored already gives the stored ones and changes nothing.
    async fn accept_batch(&self, delivery: Delivery) -> Result<Vec<u8>, RefusedDelivery>;

    /// A sender's accounting lines, and the register's own counts beside them.
    async fn account(&self, code: &SenderCode) -> Result<AccountRows, StoreError>;

    /// Notes what a sender found when it compared what both ends hold.
    async fn note_comparison(&self, code: &SenderCode, ends: Ends, at: Timestamp) -> Result<(), StoreError>;

    /// Sends the treatments that a sender has here, in pages and in the order of their keys, and ends early when nobody takes them any more.
    async fn active(&self, code: &SenderCode, pages: mpsc::Sender<Vec<Line>>) -> Result<(), StoreError>;

    /// Erases persons, bars them, and keeps the receipt that the erasure's `seal` makes, in one transaction; gives the receipt's bytes.
    /// The same request again gives the stored ones, as long as nobody in it was let in again.
    async fn erase(&self, erasure: Erasure) -> Result<Vec<u8>, RefusedDelivery>;

    /// Lets persons in again; tells how many of them were withdrawn.
    async fn lift(&self, persons: &Persons, stamp: Stamp) -> Result<u32, StoreError>;

    /// Tells what is held of persons, and writes down that it was told.
    async fn disclose(&self, persons: &Persons, stamp: Stamp) -> Result<Disclosed, StoreError>;

    /// What a sender is told of its withdrawals and of the register's cases.
    async fn affairs(&self, code: &SenderCode) -> Result<Affairs, StoreError>;

    /// Takes a step with a case; gives its number, and nothing when there is no such case.
    async fn set_case(&self, step: &CaseStep, stamp: Stamp) -> Result<Option<u32>, StoreError>;

    /// Every case, and every extract that was given.
    async fn ledger(&self) -> Result<Ledger, StoreError>;

    /// Removes the bytes of the erased from where the database no longer reads; does nothing when no erasure waits for it.
    async fn clean(&self, cleaning: Cleaning) -> Result<Cleaned, StoreError>;

    /// What keeps the bytes of the erased from going, a sentence each.
    async fn doubts(&self) -> Result<Vec<String>, StoreError>;

    /// Notes an event of the audit log that changed nothing else. What changes something notes its event by itself.
    async fn note_event(&self, entry: &audit::Entry) -> Result<(), StoreError>;

    /// Gives noted events their places in the audit log and signs it; gives the new checkpoint, and nothing when no event waits or
    /// another server is at it.
    async fn sequence(&self, sign: &audit::Sign) -> Result<Option<String>, StoreError>;

    /// The audit log from an earlier state of so many entries on; nothing while it has no checkpoint.
    async fn log_tail(&self, from: u64) -> Result<Option<audit::LogTail>, StoreError>;

    /// Sends every row of a table, in pages and ordered within each sender, and ends early when nobody takes them any more.
    async fn export(&self, table: &'static Table, pages: mpsc::Sender<Vec<Row>>) -> Result<(), StoreError>;

    /// Takes in rows as another store sent them. They must be new; a sender's come after the sender.
    async fn import(&self, table: &'static Table, rows: Vec<Row>) -> Result<(), StoreError>;

    /// Lets go of the database in order.
    async fn close(&self);
}
