//! The whole path from a source to a register, by the built programs, beside its peers.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::ensure;
use end_to_end::process::{AGENT, command};
use end_to_end::site::Site;

use super::meter::{self, Spent};
use super::peers;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::relay::Relay;
use super::source::{CHANGES, Source};

/// One delivery of everything, and runs with nothing to deliver.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// What the register keeps its rows in.
    pub(crate) engine: Engine,
    /// The agent; its wall time is the delivery's.
    pub(crate) agent: Spent,
    /// The register.
    pub(crate) server: Spent,
    /// PostgreSQL's CPU time, when it stores.
    pub(crate) postgres: Duration,
    /// Bytes that travelled, both ways, with TLS.
    pub(crate) wire: u64,
    /// A second run, with `:since`.
    pub(crate) again_since: Duration,
    /// A second run, without.
    pub(crate) again_all: Duration,
    /// A run that reads everything and compares what both ends hold, as planned sweeps do.
    pub(crate) swept: Duration,
}

/// One turn of each peer.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    /// PostgreSQL's COPY.
    pub(crate) copy: Spent,
    /// sqlite3 into psql.
    pub(crate) pipe: Spent,
    /// The whole path on each engine.
    pub(crate) deliveries: Vec<Delivery>,
}

/// All rounds over one source.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The source.
    pub(crate) source: Source,
    /// The rounds.
    pub(crate) rounds: Vec<Round>,
    /// Whether every register held what the source has.
    pub(crate) complete: bool,
}

/// Measures every peer in turn, some rounds.
pub(crate) fn measure(treatments: u32, engines: &[Engine], rounds: u32) -> anyhow::Result<Measured> {
    let folder = tempfile::tempdir()?;
    let source = Source::invent(folder.path(), 1, treatments)?;
    println!("{} treatments with {} scores in {}", treatments, source.holds.scores, source.database.display());
    let postgres = Postgres::start()?;
    let mut measured = Measured { source, rounds: Vec::new(), complete: true };
    for number in 1..=rounds {
        let source = &measured.source;
        let (copy, pipe) = (peers::copy(&postgres, source)?, peers::pipe(&postgres, source)?);
        let mut deliveries = Vec::new();
        for engine in engines {
            let (delivery, complete) = deliver(*engine, &postgres, source)?;
            let wall = delivery.agent.wall.as_secs_f64();
            println!("round {number}: COPY {:.2} s, ours on {} {wall:.2} s", copy.wall.as_secs_f64(), engine.name());
            measured.complete &= complete;
            deliveries.push(delivery);
        }
        measured.rounds.push(Round { copy, pipe, deliveries });
    }
    Ok(measured)
}

/// Delivers a source to an empty register, and runs twice again.
fn deliver(engine: Engine, postgres: &Postgres, source: &Source) -> anyhow::Result<(Delivery, bool)> {
    let register = Register::start(engine, postgres)?;
    let relay = Relay::to(register.server.regions)?;
    let queries = source.queries();
    let site = register.enrol("12", &queries)?;
    let config = std::fs::read_to_string(site.config())?;
    let config = config.replace(&port(register.server.regions.port()), &port(relay.address.port()));
    std::fs::write(site.config(), &config)?;

    let spent = once(&site, &register.processes())?;
    let held = register.holds()?;
    let complete = held == source.holds;
    if !complete {
        println!("the register on {} holds {held:?}, the source {:?}", engine.name(), source.holds);
    }
    let again_since = once(&site, &[])?[0].wall;
    let config = config.replace(CHANGES, "");
    std::fs::write(site.config(), &config)?;
    // Other queries are another basis: the first run under them looks at everything once more and compares both ends, as a planned sweep.
    let swept = once(&site, &[])?[0].wall;
    let again_all = once(&site, &[])?[0].wall;
    ensure!(register.holds()? == held, "a run without changes altered the register");
    let delivery = Delivery {
        engine,
        agent: spent[0],
        server: spent[1],
        postgres: spent.get(2).map_or(Duration::ZERO, |spent| spent.cpu),
        wire: relay.passed(),
        again_since,
        again_all,
        swept,
    };
    Ok((delivery, complete))
}

/// Runs one `once` to its end.
pub(crate) fn once(site: &Site, others: &[u32]) -> anyhow::Result<Vec<Spent>> {
    let mut agent = command(AGENT, Some(&site.config()), &["once"])?;
    agent.stdout(Stdio::null()).stderr(log(&site.folder)?);
    meter::run_well(&mut agent, others)
}

/// The file of an agent's log.
pub(crate) fn log(folder: &Path) -> anyhow::Result<std::fs::File> {
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(folder.join("agent.log"))?)
}

fn port(number: u16) -> String {
    format!("https://localhost:{number}\"")
}
