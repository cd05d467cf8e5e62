//! Who leaves, as steps of a cycle: the list is whole before anything is read, and no record goes before an erasure.

use schemas::contact::Me;

use super::{CycleError, Surroundings};
use crate::objections::ObjectionsError;
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

/// Stops a cycle whose list of objections was lost. A register that knows of more withdrawn persons than the list may have been put back to
/// when some of them were: who came back since is told to it first. Answers what the register says then.
///
/// # Errors
/// [`CycleError::Objections`] when the list was lost.
pub(super) async fn agree(
    (setup, client): (&Setup, &Client),
    outbox: &mut Outbox,
    me: Me,
    surroundings: &Surroundings<'_>,
) -> Result<Me, CycleError> {
    match withdraw::agree(setup, outbox, Some(&me)).await {
        Err(WithdrawError::Objections(ObjectionsError::Fewer { .. })) => {}
        agreed => return Ok(agreed.map(|()| me)?),
    }
    lift_again((setup, client), outbox, surroundings).await?;
    let me = client.me_at((surroundings.now)()).await?;
    withdraw::agree(setup, outbox, Some(&me)).await?;
    Ok(me)
}

/// The same without the register, by what is known here.
///
/// # Errors
/// [`CycleError::Objections`] when the list was lost.
pub(super) async fn agree_alone(setup: &Setup, outbox: &mut Outbox) -> Result<(), CycleError> {
    Ok(withdraw::agree(setup, outbox, None).await?)
}

/// Tells a register that was put back who left and who came back since, as far as its backups go.
///
/// # Errors
/// When the list or the state fails, or the register does not take it.
pub(super) async fn tell_again(
    (setup, client): (&Setup, &Client),
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<(), CycleError> {
    lift_again((setup, client), outbox, surroundings).await?;
    Ok(withdraw::erase_again(setup, outbox).await?)
}

async fn lift_again(
    (setup, client): (&Setup, &Client),
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
) -> Result<(), CycleError> {
    let lift = withdraw::lift_again(setup, (outbox, surroundings.random), async |lift| client.lift(lift).await);
    Ok(lift.await?)
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
