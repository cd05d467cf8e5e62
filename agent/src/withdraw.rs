//! The way of a person out: remembered, taken out of everything that waits, and erased at the register before any record is sent.
//!
//! Promises: an objection is on the disk before anything follows from it; whatever breaks off, the next run goes on from there; nobody is
//! named to the register of whom it cannot hold anything, unless somebody asked for it.

mod ask;
mod lines;
mod note;
mod send;
mod standing;
mod whole;

#[cfg(test)]
mod tests;

pub use ask::{Asked, ask, lift, lift_again, once_each, remember};
pub use lines::{BadLine, persons};
pub use note::note;
pub use send::{Confirmed, Names, Sending, send};
pub use standing::{Erased, Standing};
pub use whole::{agree, answer_for, erase_again};

use crate::objections::ObjectionsError;
use crate::outbox::OutboxError;
use crate::push::ClientError;

/// Why a withdrawal broke off here.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the part that failed")]
pub enum WithdrawError {
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Client(#[from] ClientError),
}
