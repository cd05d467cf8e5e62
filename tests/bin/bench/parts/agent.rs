//! The agent's part of the path in this process, against a running register.
//!
//! Promises: what is queued and sent is queued by a cycle's own first half, run whole; then each of its stages is run again by itself, on
//! the same rows, and its time is taken from the whole, so that all stages together are the agent's own time and the rest is the outbox.

#[path = "agent/episodes.rs"]
mod episodes;
#[path = "agent/rows.rs"]
mod rows;
#[path = "agent/send.rs"]
mod send;

use agent::config::Config;
use agent::cycle::{self, Extent, Surroundings};
use agent::episode::Gathering;
use agent::outbox::{Outbox, Sealed};
use agent::push::Client;
use agent::setup::Setup;
use anyhow::Context as _;
use end_to_end::site::Site;
use jiff::Timestamp;

use super::stages::Stages;

/// The stage that replaces persons by keyed hashes.
pub(super) const PSEUDONYMISE: &str = "pseudonymise treatments";
/// The stage that replaces the treatment's id in an answer by a keyed hash; an answer names no person.
pub(super) const KEY_ANSWERS: &str = "put answers under their keys";

const OBJECTIONS: &str = "look for objections in every treatment";
const READ: &str = "read rows";
const MAP: &str = "map and check rows";
const RULES: &str = "check records by the shared rules";
const GATHER: &str = "canonical form, working file";
const JOIN: &str = "join treatments with their answers";
const DECIDE: &str = "fingerprint, last look";
const HASH: &str = "payload hash";
const COMPRESS: &str = "zstd, level 1";
const OUTBOX: &str = "outbox, accounting, forced to the disk";
const SEAL: &str = "unpack, seal, hash batches";
const LOOK: &str = "last look at whole batches";
const SEND: &str = "TLS and HTTP";
const CLOSE: &str = "verify receipts, close batches";

const ORDER: [&str; 16] = [
    OBJECTIONS,
    READ,
    MAP,
    RULES,
    PSEUDONYMISE,
    KEY_ANSWERS,
    GATHER,
    JOIN,
    DECIDE,
    HASH,
    COMPRESS,
    OUTBOX,
    SEAL,
    LOOK,
    SEND,
    CLOSE,
];

/// What every stage needs.
struct Run<'a> {
    setup: &'a Setup,
    now: Timestamp,
    stages: Stages,
}

/// Delivers a region's source; gives what the stages took, and the batches as they were sent.
pub(super) async fn run(site: &Site, now: Timestamp) -> anyhow::Result<(Stages, Vec<Sealed>)> {
    let setup = Setup::read(Config::read(&site.config(), [])?)?;
    let surroundings = Surroundings { now: &|| now, chance: &|| 0.5, random: [1; 16], progress: &|_| () };
    let client = Client::new(&setup.config)?;
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let state = outbox.state_id(surroundings.random).await?;
    outbox.set_generation(client.generation(state).await?).await?;

    let mut run = Run { setup: &setup, now, stages: Stages::in_order(&ORDER) };
    let queued = cycle::read_and_queue(&setup, Extent::Full, &mut outbox, &surroundings);
    run.stages.wait(OUTBOX, queued).await?;
    let mut sources = cycle::open(&setup, now).await?;
    let objectors = cycle::objectors(&setup, &mut sources, &surroundings);
    let (objectors, _) = run.stages.wait_apart(OUTBOX, OBJECTIONS, objectors).await?;
    let opened = sources.first_mut().context("a region has a source")?;
    let pages = run.stages.wait_apart(OUTBOX, READ, rows::read(&mut opened.source)).await?;
    cycle::close(sources).await;
    let mut gathering = Gathering::begin(Some(&site.folder.join("working-file")))?;
    run.treatments(&pages.treatments, &objectors, &mut gathering)?;
    run.answers(&pages.answers, &objectors, &mut gathering)?;
    run.episodes(gathering).await?;
    let batches = run.send(&mut outbox, &client).await?;
    Ok((run.stages, batches))
}
