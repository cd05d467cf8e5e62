//! The half of a cycle that needs the register: who leaves is told first, then what may go is delivered, then where everything went.
//!
//! Promises: no record goes before an erasure; nothing goes that waits for a release, which holds back no erasure.

use super::{CycleError, Extent, Progress, Surroundings, leave, refused, settle};
use crate::account::Account;
use crate::config::Hold;
use crate::guard;
use crate::merge;
use crate::outbox::Outbox;
use crate::push::{Client, Delivered, Delivery, deliver};
use crate::reconcile::{self, Often};
use crate::reset;
use crate::setup::Setup;
use crate::withdraw::Confirmed;

/// What came of it.
pub(super) struct Sent {
    /// Where everything went.
    pub(super) accounts: Vec<Account>,
    /// Erasures that the register has confirmed.
    pub(super) erased: Vec<Confirmed>,
    /// How the delivery ended.
    pub(super) delivered: Delivered,
}

/// Whether the register was heard before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    Yes,
    No,
}

/// Delivers what may go. `cycle` is the one that has just read the sources, where one has, and how much it was asked to read.
pub(super) async fn send(
    (setup, client): (&Setup, &Client),
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
    (heard, cycle): (Heard, Option<(i64, Extent)>),
) -> Result<Sent, CycleError> {
    let config = &setup.config;
    let told = leave::tell(setup, client, outbox, surroundings).await?;
    merge::queue(setup, outbox, (surroundings.now)()).await?;
    let queued = outbox.free_to_go().await?;
    (surroundings.progress)(Progress::Queued(u64::try_from(queued).unwrap_or_default()));
    let delivery = Delivery {
        client,
        sender: &config.agent.region,
        environment: config.agent.environment.word(),
        now: surroundings.now,
        chance: surroundings.chance,
        refuse: &|plain| guard::batch(plain).err().map(refused),
        attempt: &|| (surroundings.progress)(Progress::Attempt),
        delivered: &|records| (surroundings.progress)(Progress::Delivered(records)),
    };
    let mut delivered = match told.ended {
        Delivered::Everything => deliver(outbox, &delivery).await?,
        waits => waits,
    };
    let waiting = outbox.candidates().await?.into_iter().next();
    if let (Delivered::Everything, Some(first), Some(_)) = (&delivered, waiting, cycle) {
        delivered = Delivered::Frozen(first.payload_sha256);
    } else if heard == Heard::No && delivered == Delivered::Everything {
        // Nothing waits, but a register that was asked in vain is not in order.
        delivered = Delivered::Later("the register does not answer; nothing waits for it".into());
    }
    let (accounts, delivered) = settle::settle((setup, surroundings), outbox, &delivery, delivered).await?;
    outbox.forget_taken_back(config.agent.region.as_str()).await?;
    // What is mended would go without having been looked at.
    if let Some((cycle, extent)) = cycle.filter(|_| config.release.hold != Hold::Always) {
        let often = if extent == Extent::Full { Often::EveryTime } else { Often::AsSweepsArePlanned };
        reconcile::stage((setup, often), outbox, &delivery, (cycle, &delivered)).await?;
    }
    reset::stage(client, outbox, &delivered).await?;
    outbox.tidy((surroundings.now)()).await?;
    Ok(Sent { accounts, erased: told.confirmed, delivered })
}
