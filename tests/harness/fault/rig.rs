//! A region that delivers through the fault proxy, again and again: its source changes, a fault meets the delivery, and it must heal.
//!
//! Promises: the register is the built program; the agent's cycles run in this process through its library, without a wait between
//! attempts, so that thousands of points can be tried; what a healed register must hold was delivered before without any fault.

use std::collections::BTreeSet;
use std::path::PathBuf;

use agent::config::Config;
use agent::cycle::{self, Extent, Surroundings};
use agent::push::Delivered;
use agent::setup::Setup;
use anyhow::{Context as _, ensure};

use super::{Fault, FaultProxy};
use crate::active::{ActiveSet, active_set, alter, count, half_stored, receipts};
use crate::site::Site;
use crate::world::{Region, World};

/// Cycles after which a delivery must be whole.
const CYCLES: u32 = 3;
/// Limits that do not stop one sender who delivers all the time.
pub const LIMITS: &str = "[limits]\nrequests_per_minute = 1000000\nconnections_per_sender = 64\nwasted_seconds = 600";
/// What changes in the source between two deliveries.
const CHANGE: &str =
    r#"UPDATE "svar" SET "poäng" = "poäng" - 1 WHERE "delsvar" IS NULL AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26"#;
const REPLACED: &str = "SELECT count(*) FROM history";

/// A register, a region, and a proxy between them.
pub struct Rig {
    /// The register.
    pub world: World,
    /// The region.
    pub region: Region,
    /// The way between them.
    pub proxy: FaultProxy,
    setup: Setup,
    /// The source's two states.
    sources: [PathBuf; 2],
    /// What the register holds of each.
    sets: [ActiveSet; 2],
    /// The state that was delivered last.
    turn: usize,
}

impl Rig {
    /// Delivers both states of an invented region through an untouched network, and then the first again.
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn set(seed: u64, treatments: usize) -> anyhow::Result<Self> {
        let world = World::start(LIMITS)?;
        let region = world.invent(seed, (0, "01"), treatments).await?;
        let proxy = FaultProxy::start(world.server.regions)?;
        lead_through(&region.site, (world.server.regions.port(), proxy.address().port()))?;
        let setup = Setup::read(Config::read(&region.site.config(), [])?)?;
        let sources = ["before", "after"].map(|name| world.folder().join(format!("{name}.db")));
        for source in &sources {
            std::fs::copy(region.source.file(), source)?;
        }
        alter(&sources[1], CHANGE).await?;
        let mut rig = Self { world, region, proxy, setup, sources, sets: Default::default(), turn: 0 };
        for turn in [0, 1, 0] {
            std::fs::copy(&rig.sources[turn], rig.region.source.file())?;
            let delivered = rig.cycle().await?;
            ensure!(delivered == Delivered::Everything, "without a fault: {delivered:?}");
            let set = active_set(&rig.world.database()).await?;
            ensure!(rig.sets[turn].is_empty() || rig.sets[turn] == set, "the same source gives another active set");
            rig.sets[turn] = set;
        }
        ensure!(rig.changes() > 0, "the two states of the source are one");
        Ok(rig)
    }

    /// Changes the source and lets faults meet the next connections. Answers the cycles that it took until the register held the source
    /// byte for byte, with each change stored once.
    ///
    /// # Errors
    /// When it did not within three cycles, or no fault was met.
    pub async fn heal(&mut self, faults: &[Fault]) -> anyhow::Result<u32> {
        self.turn = 1 - self.turn;
        std::fs::copy(&self.sources[self.turn], self.region.source.file())?;
        let database = self.world.database();
        let before = count(&database, REPLACED).await?;
        self.proxy.next(faults.iter().copied());
        let mut cycles = 1;
        loop {
            let ended = self.cycle().await;
            if matches!(ended, Ok(Delivered::Everything)) {
                break;
            }
            ensure!(cycles < CYCLES, "{faults:?} is not healed after {cycles} cycles: {ended:?}");
            cycles += 1;
        }
        ensure!(self.proxy.waiting() < faults.len(), "no connection met {faults:?}");
        self.proxy.forget();
        ensure!(active_set(&database).await? == self.sets[self.turn], "{faults:?}: the register holds something else");
        ensure!(half_stored(&database).await? == 0, "{faults:?}: something is half-stored");
        let replaced = count(&database, REPLACED).await? - before;
        ensure!(replaced == self.changes(), "{faults:?}: {replaced} versions were replaced, not {}", self.changes());
        Ok(cycles)
    }

    /// How many batches there are, when agent and register have the same receipts for the same batches, byte for byte.
    ///
    /// # Errors
    /// When they have not.
    pub async fn same_receipts(&self) -> anyhow::Result<usize> {
        let here = receipts(&self.region.site.state().join("outbox.db")).await?;
        let there = receipts(&self.world.database()).await?;
        let all: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
        let other = all.iter().filter(|digest| here.get(**digest) != there.get(**digest)).count();
        ensure!(other == 0, "{other} of {} batches have another receipt here than there", all.len());
        Ok(all.len())
    }

    async fn cycle(&self) -> anyhow::Result<Delivered> {
        let surroundings = Surroundings { now: &now, chance: &|| 0.0, random: [7; 16], progress: &|_| () };
        Ok(Box::pin(cycle::run(&self.setup, Extent::Full, &surroundings)).await?.delivered)
    }

    /// Treatments that differ between the two states.
    fn changes(&self) -> i64 {
        let [one, other] = &self.sets;
        let changed = one.iter().filter(|(key, content)| other.get(*key) != Some(*content)).count();
        i64::try_from(changed).unwrap_or(i64::MAX)
    }
}

/// Lets a region's configuration lead to another port.
///
/// # Errors
/// When it does not lead to the first one, or cannot be written.
pub fn lead_through(site: &Site, (from, to): (u16, u16)) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(site.config())?;
    let (direct, through) = (format!(":{from}\""), format!(":{to}\""));
    ensure!(text.contains(&direct), "{} does not lead to port {from}", site.config().display());
    std::fs::write(site.config(), text.replace(&direct, &through)).context("the configuration cannot be written")
}

#[expect(clippy::disallowed_methods, reason = "certificates and the register go by the real time")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
