//! Both programs' parts of the path, stage by stage, in this process: CPU time, because a clock tells little on a busy machine.
//!
//! Promises: the batches that the register's stages take are those that the agent's stages made of the source.

#[path = "parts/agent.rs"]
mod agent;
#[path = "parts/https.rs"]
mod https;
#[path = "parts/register.rs"]
mod register;
#[path = "parts/stages.rs"]
mod stages;

use std::time::Duration;

use ::agent::outbox::Sealed;
use jiff::Timestamp;
use registry_server::store::Location;
use tokio::runtime::Runtime;

use super::meter::family_cpu;
use super::path;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::source::Source;
use super::table::judged;
use stages::Stages;

/// Longer than any stage: a thread that ends takes its CPU time along.
const KEPT: Duration = Duration::from_hours(1);
/// When the treatments arrive; all of them have ended by then.
const ARRIVAL: &str = "2026-01-01T00:00:00Z";
/// Issue 4: shares of a program's CPU time.
const PSEUDONYMISING: f64 = 0.03;
const RECEIVING: f64 = 0.05;

/// Measures the stages over a source of this size, and prints them. Tells whether all treatments were stored.
pub(crate) fn run(treatments: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let source = Source::invent(folder.path(), 1, treatments)?;
    let postgres = Postgres::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_keep_alive(KEPT).build()?;
    let parts = Parts { source: &source, postgres: &postgres, at: ARRIVAL.parse()?, runtime };
    println!("{:<58} {:>9} {:>16}", "part", "CPU", "µs a treatment");
    let (batches, received, mut complete) = parts.agent()?;
    for engine in engines {
        complete &= parts.register(*engine, (&batches, received), folder.path())?;
    }
    Ok(complete)
}

struct Parts<'a> {
    source: &'a Source,
    postgres: &'a Postgres,
    at: Timestamp,
    runtime: Runtime,
}

impl Parts<'_> {
    /// Prints the agent's stages. Gives its batches, what a register takes only to receive them, and whether all treatments arrived.
    fn agent(&self) -> anyhow::Result<(Vec<Sealed>, Duration, bool)> {
        let register = Register::start(Engine::Sqlite, self.postgres)?;
        let site = register.enrol("12", &self.source.queries())?;
        let (stages, batches) = self.runtime.block_on(agent::run(&site, self.at))?;
        let complete = register.holds()? == self.source.holds;
        let address = (register.server.running.id(), register.server.regions.port());
        let received = self.runtime.block_on(https::receive(&batches, address, &site))?;
        drop(register);
        self.print("agent", &stages);
        self.line("agent: all of these", stages.sum());
        self.line("agent: the program's own `once`", self.whole_agent()?);
        let share = |stage| stages.of(stage).as_secs_f64() / stages.sum().as_secs_f64();
        let (persons, answers) = (share(agent::PSEUDONYMISE), share(agent::KEY_ANSWERS));
        let keys = format!("the keys of answers, which hold no person: {:.1} %", answers * 100.0);
        println!("pseudonymising of the agent: {}; {keys}", judged_share(persons, PSEUDONYMISING));
        Ok((batches, received, complete))
    }

    /// CPU time of the agent's program over the same source.
    fn whole_agent(&self) -> anyhow::Result<Duration> {
        let register = Register::start(Engine::Sqlite, self.postgres)?;
        let site = register.enrol("12", &self.source.queries())?;
        Ok(path::once(&site, &[])?[0].cpu)
    }

    /// Prints the register's stages on an engine. Tells whether all treatments were stored.
    fn register(
        &self,
        engine: Engine,
        (batches, received): (&[Sealed], Duration),
        folder: &std::path::Path,
    ) -> anyhow::Result<bool> {
        let (url, server) = match engine {
            Engine::Sqlite => (format!("sqlite://{}", folder.join("register.db").display()), None),
            Engine::Postgres => {
                self.postgres.fresh("parts")?;
                (self.postgres.url("parts"), Some(self.postgres.pid()))
            }
        };
        let location = Location::read(&url, folder).map_err(anyhow::Error::msg)?;
        let before = server.map(family_cpu);
        let stored = self.runtime.block_on(register::run(batches, &location, self.at))?;
        let name = format!("register on {}", engine.name());
        self.line(&format!("{name}: TLS and HTTP"), received);
        self.print(&name, &stored.stages);
        self.line("  storing by the clock", stored.waiting);
        if let (Some(before), Some(after)) = (before, server.map(family_cpu)) {
            self.line("  CPU of PostgreSQL meanwhile", after.saturating_sub(before));
        }
        let share = received.as_secs_f64() / (received + stored.stages.sum()).as_secs_f64();
        println!("TLS and HTTP of the {name}: {}", judged_share(share, RECEIVING));
        Ok(stored.treatments == u64::try_from(self.source.holds.treatments)?)
    }

    fn print(&self, whose: &str, stages: &Stages) {
        for (stage, took) in stages.all() {
            self.line(&format!("{whose}: {stage}"), *took);
        }
    }

    fn line(&self, name: &str, took: Duration) {
        let each = took.as_secs_f64() * 1e6 / self.source.holds.treatments as f64;
        println!("{name:<58} {:>7.2} s {each:>16.1}", took.as_secs_f64());
    }
}

fn judged_share(share: f64, promised: f64) -> String {
    format!("{:.1} %, {}", share * 100.0, judged(share, promised, promised))
}
