//! The end of a cycle: counts where everything went that was found, and tells the register.
//!
//! Promises: nothing is told before every record of the cycle has its receipt; what the register has been told is not told again.

use super::{CycleError, Surroundings};
use crate::account::Account;
use crate::outbox::Outbox;
use crate::push::{Delivered, Delivery, deliver};
use crate::setup::Setup;

/// The accounts of the newest sweep and the newest cycle, and how the delivery of their lines ended.
///
/// # Errors
/// When the state fails.
pub(super) async fn settle(
    (setup, surroundings): (&Setup, &Surroundings<'_>),
    outbox: &mut Outbox,
    delivery: &Delivery<'_>,
    delivered: Delivered,
) -> Result<(Vec<Account>, Delivered), CycleError> {
    let accounts = outbox.accounts().await?;
    if delivered != Delivered::Everything {
        return Ok((accounts, delivered));
    }
    let fingerprint = |content: &[u8]| setup.keys.content_fingerprint(content);
    if outbox.queue_lines(&accounts, fingerprint, (surroundings.now)()).await? == 0 {
        return Ok((accounts, delivered));
    }
    // Lines of the account are no records of the source, and nobody counts them as delivered.
    let quietly = Delivery { delivered: &|_| (), ..*delivery };
    let delivered = deliver(outbox, &quietly).await?;
    Ok((accounts, delivered))
}
