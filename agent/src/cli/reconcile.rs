//! `reconcile`: whether the register holds what was delivered, and bringing both ends together.

use clap::Args;
use schemas::exit::Exit;

use super::failure::Failure;
use super::{now, once, print};
use crate::config::Config;
use crate::cycle::{Extent, Progress};
use crate::outbox::Outbox;
use crate::push::{Client, Delivered};
use crate::reconcile::{self, Comparison, Ground, Permit, Repaired};
use crate::setup::Setup;
use schemas::language::Language;

#[derive(Debug, Args)]
pub(super) struct ReconcileArguments {
    /// Compare only; send and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Also take back everything at the register that nobody knows here, however much it is.
    #[arg(long, conflicts_with = "dry_run")]
    retract_unknown: bool,
    /// Print one JSON document that names every treatment.
    #[arg(long)]
    json: bool,
}

/// Runs it; ends with 0 when both ends hold the same, with 3 when something differs.
pub(super) async fn run(arguments: &ReconcileArguments, config: Config, language: Language) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let (found, done) = if arguments.dry_run {
        (look(&setup).await?, None)
    } else {
        let permit = if arguments.retract_unknown { Permit::All } else { Permit::Little };
        let (found, repaired, after) = together(&setup, permit).await?;
        (found, Some((repaired, after)))
    };
    let done = done.as_ref().map(|(repaired, after)| (*repaired, after));
    if arguments.json {
        print::document(&reconcile::document(&found, done))?;
    } else {
        print::text(&reconcile::text(&found, done, language))?;
    }
    let last = done.map_or(&found, |(_, after)| after);
    Ok(if last.is_equal() { Exit::Done } else { Exit::Partly })
}

async fn look(setup: &Setup) -> Result<Comparison, Failure> {
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else {
        return Err(Failure::new(Exit::Config, "nothing was delivered from here yet; run `registry-agent once` first"));
    };
    let client = Client::new(&setup.config)?;
    Ok(reconcile::look(&client, &mut outbox).await?)
}

/// Delivers everything first, so that what is on its way is no difference, then mends what is left and looks again.
async fn together(setup: &Setup, permit: Permit) -> Result<(Comparison, Repaired, Comparison), Failure> {
    let cycle = deliver(setup, Extent::Planned).await?;
    let client = Client::new(&setup.config)?;
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let found = reconcile::look(&client, &mut outbox).await?;
    let mut repaired = Repaired::default();
    if !found.is_equal() {
        let ground = Ground { whole: reconcile::whole(setup, &mut outbox, cycle).await?, permit };
        repaired = reconcile::repair(&mut outbox, &found, ground, now()).await?;
    }
    drop(outbox);
    if repaired.sent_again + repaired.taken_back + repaired.read_again > 0 {
        deliver(setup, if repaired.read_again > 0 { Extent::Full } else { Extent::Planned }).await?;
    }
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let after = reconcile::look(&client, &mut outbox).await?;
    outbox.set_compared(&after.note(now())).await?;
    Ok((found, repaired, after))
}

/// A whole cycle; gives its number.
async fn deliver(setup: &Setup, extent: Extent) -> Result<i64, Failure> {
    let mut done = once::cycle(setup, extent, &|_: Progress| ()).await?;
    if done.outcome.delivered == Delivered::BegunAnew {
        done = once::cycle(setup, extent, &|_: Progress| ()).await?;
    }
    match done.outcome.delivered {
        Delivered::Everything => Ok(done.outcome.cycle),
        _ => Err(Failure::new(done.exit, done.report.delivery)),
    }
}
