//! Who leaves, as steps of a cycle: the list is whole before anything is read, and no record goes before an erasure.

use schemas::contact::Me;

use super::{CycleError, Surroundings};
use crate::outbox::Outbox;
use crate::push::Client;
use crate::setup::Setup;
use crate::withdraw::{self, Sending, WithdrawError};

impl From<WithdrawError> for CycleError {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::Objections(error) => Self::Objections(error),
            WithdrawError::Outbox(error) => Self::Outbox(error),
            WithdrawError::Client(error) => Self::Client(error),
        }
    }
}

/// Stops a cycle whose list of objections was lost.
///
/// # Errors
/// [`CycleError::Objections`] when it was.
pub(super) async fn agree(setup: &Setup, outbox: &mut Outbox, me: Option<&Me>) -> Result<(), CycleError> {
    Ok(withdraw::agree(setup, outbox, me).await?)
}

/// Tells the register of everybody who is to be erased.
///
/// # Errors
/// When the list or the state fails.
pub(super) async fn tell(
    setup: &Setup,
    client: &Client,
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<Sending, CycleError> {
    Ok(withdraw::send(setup, client, outbox, ((surroundings.now)(), surroundings.random)).await?)
}
