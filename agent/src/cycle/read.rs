//! Reads every source as the next cycle does: what changed, or everything where nothing was read before or the sweep is due.
//!
//! Promises: nothing is written but to the gathering, so that those who only look read what a cycle would.

use jiff::civil::Date;

use super::gather::{Gathered, close, gather, objectors, open};
use super::gone::{self, Ordered};
use super::{CycleError, Progress, Surroundings, lookup, reading};
use crate::episode::Gathering;
use crate::extract::{self, Reading, Scope};
use crate::merge;
use crate::objections::Collected;
use crate::outbox::Outbox;
use crate::release::LeftOut;
use crate::setup::Setup;
use crate::source::Spelling;

/// How much of the sources is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What the plan says: what changed, or everything when the sweep is due.
    Planned,
    /// Everything.
    Full,
}

/// What was read.
pub(super) struct ReadSources {
    /// Besides the episodes.
    pub(super) gathered: Gathered,
    /// Of each source what was asked for, and what was then read.
    pub(super) scopes: Vec<(Scope, Reading)>,
    /// How each source's ids were spelt before, and are now.
    pub(super) spellings: Vec<(Spelling, Spelling)>,
    /// Who objects, as the sources say now.
    pub(super) objecting: Collected,
    /// The day of the reading.
    pub(super) today: Date,
    /// Hash of all that decides besides the rows what becomes of them.
    pub(super) basis: String,
    /// Fields that nobody has approved.
    pub(super) left_out: LeftOut,
}

/// What a cycle would queue: the episodes in the order of their keys, those that vanished among them, and what was read besides.
///
/// # Errors
/// When a source, the state or the working file fails.
pub async fn planned(
    (setup, surroundings): (&Setup, &Surroundings<'_>),
    outbox: &mut Outbox,
    mut gathering: Gathering,
) -> Result<(Gathered, Ordered), CycleError> {
    let read = read((setup, surroundings), Extent::Planned, outbox, &mut gathering).await?;
    let mut episodes = gathering.finish();
    let gone = gone::look(setup, &read, &mut episodes, outbox).await?;
    Ok((read.gathered, gone.among(episodes)))
}

/// Reads every source, once everybody who objects is known.
///
/// # Errors
/// When a source, the state or the working file fails.
pub(super) async fn read(
    (setup, surroundings): (&Setup, &Surroundings<'_>),
    extent: Extent,
    outbox: &mut Outbox,
    gathering: &mut Gathering,
) -> Result<ReadSources, CycleError> {
    let now = (surroundings.now)();
    let looked = || (surroundings.progress)(Progress::Looked);
    let mut sources = open(setup, now).await?;
    let (mut objectors, mut objecting) = objectors(setup, &mut sources, surroundings).await?;
    merge::join(outbox, &mut objectors, &mut objecting).await?;
    let left_out = outbox.left_out().await?;
    let basis = left_out.with(reading::basis(setup, &objectors));
    let (mut gathered, mut scopes, mut spellings) = (Gathered::default(), Vec::new(), Vec::new());
    for opened in &mut sources {
        let before = outbox.before(&opened.place.config.system).await?;
        let spelt = lookup::prepare(&mut opened.source, outbox, &opened.place.config.system).await?;
        let reading = match extent {
            Extent::Full => Reading::Full,
            Extent::Planned => reading::choose(setup, opened.place, (&before, &basis), now),
        };
        let scope = extract::scope(&mut opened.source, &opened.place.config, reading, &looked).await?;
        gather((setup, surroundings), opened, (&scope, &objectors), (gathering, &mut gathered)).await?;
        spellings.push((spelt, opened.source.spelling()));
        scopes.push((scope, reading));
    }
    close(sources).await;
    Ok(ReadSources { gathered, scopes, spellings, today: schemas::rule::today(now), objecting, basis, left_out })
}
