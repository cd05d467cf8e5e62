//! `once`: a cycle with its progress on the terminal and its outcome in words.

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use schemas::exit::Exit;

use super::failure::Failure;
use super::{print, surroundings};
use crate::account::Account;
use crate::cycle::{self, Extent, Outcome, Progress};
use crate::outbox::Outbox;
use crate::push::{Delivered, Refusal};
use crate::release;
use crate::setup::Setup;
use crate::source;
use crate::vanished::State;
use crate::withdraw::{Erased, Standing};
use schemas::language::Language;

/// A cycle that came to its end.
pub(super) struct Done {
    pub(super) outcome: Outcome,
    pub(super) report: print::Once,
    pub(super) exit: Exit,
}

/// `once`, as the administrator asked for it.
pub(super) async fn run(setup: &Setup, extent: Extent, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    if let Some(pause) = super::pause::in_force(&setup.config).await? {
        tracing::warn!("paused until {} ({}); this run was asked for and goes on", pause.until, pause.reason);
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is a constant"));
    let progress = |progress: Progress| match progress {
        Progress::Read(rows) => bar.set_message(format!("{rows} rows read")),
        Progress::Queued(records) => {
            bar.set_length(records);
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len} records delivered, {eta} left");
            bar.set_style(style.expect("the template is a constant"));
        }
        Progress::Looked | Progress::Attempt => {}
        Progress::Delivered(records) => bar.inc(u64::from(records)),
    };
    let done = cycle(setup, extent, &progress).await;
    bar.finish_and_clear();
    let Done { outcome, report, exit } = done?;
    print::once(&report, &outcome.delivered, (language, json))?;
    match outcome.delivered {
        // Also where standard output goes to a file or is read as JSON, what stopped the delivery is said.
        Delivered::Refused(..) | Delivered::Later(_) => Err(Failure::new(exit, report.delivery)),
        Delivered::Everything | Delivered::BegunAnew | Delivered::Frozen(_) => Ok(exit),
    }
}

/// A cycle and what it came to in words, for whoever asked for it.
pub(super) async fn cycle(
    setup: &Setup,
    extent: Extent,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Done, Failure> {
    crate::check::before_sending(&setup.config).await?;
    let delivered = AtomicU64::new(0);
    let counting = |step: Progress| {
        if let Progress::Delivered(records) = step {
            delivered.fetch_add(u64::from(records), Ordering::Relaxed);
        }
        progress(step);
    };
    let outcome = cycle::run(setup, extent, &surroundings(&counting)).await?;
    for sentence in setup
        .places
        .iter()
        .filter_map(|place| source::stale(&place.config, (&place.folder, super::now()), Language::En))
    {
        tracing::warn!("{sentence}");
    }
    // What stays held or rejected is told on every run, also by one that found nothing new.
    let (mut held, mut rejected, mut waiting, mut accounting) = (0, 0, 0, Vec::new());
    let mut leaving = Standing::default();
    if let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? {
        held = outbox.held_in_all().await?;
        rejected = outbox.rejected().await?.iter().map(|(_, n)| *n).sum();
        waiting = outbox.vanished(Some(State::Waiting)).await?.len();
        leaving = Standing::read(&mut outbox).await?;
        for account in &outcome.accounts {
            accounting.push(outbox.shown(account).await?);
        }
    }
    let report = print::Once {
        schema: "registry-once/1",
        cycle: outcome.cycle,
        payload_sha256: outcome.payload_sha256.clone(),
        tally: print::tally(&outcome.counts),
        records_delivered: delivered.load(Ordering::Relaxed),
        held_in_all: held,
        rejected_in_all: rejected,
        vanished_waiting: waiting,
        accounting,
        erased: Erased::of(&outcome.erased),
        leaving,
        delivery: words(&outcome.delivered),
        skew_s: outcome.skew_s,
    };
    let kept =
        held + rejected + i64::try_from(waiting).unwrap_or(i64::MAX) + i64::from(report.leaving.keeps_nobody_out());
    let exit = exit(&outcome, kept);
    Ok(Done { outcome, report, exit })
}

fn exit(outcome: &Outcome, kept: i64) -> Exit {
    let balances = outcome.accounts.iter().all(Account::balances);
    match &outcome.delivered {
        Delivered::Refused(Refusal::NotAllowed, _) => Exit::NotAllowed,
        Delivered::Refused(Refusal::Config, _) => Exit::Config,
        Delivered::Refused(Refusal::Failed, _) => Exit::Failed,
        Delivered::Later(_) => Exit::Unreachable,
        Delivered::BegunAnew | Delivered::Frozen(_) => Exit::Partly,
        Delivered::Everything if kept > 0 || !balances => Exit::Partly,
        Delivered::Everything => Exit::Done,
    }
}

pub(super) fn words(delivered: &Delivered) -> String {
    match delivered {
        Delivered::Everything => "everything queued is delivered".into(),
        Delivered::Refused(_, sentence) => format!("the delivery stopped: {sentence}"),
        Delivered::Later(sentence) => format!("the queue waits: {sentence}"),
        Delivered::Frozen(hash) => release::waits(hash, Language::En),
        Delivered::BegunAnew => {
            "the register remembers later versions than this state directory; run once again to send everything anew"
                .into()
        }
    }
}
