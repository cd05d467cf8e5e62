//! Many senders deliver to one register at the same moment.

use std::process::{Child, Stdio};

use end_to_end::process::{AGENT, command};
use end_to_end::site::Site;

use super::meter;
use super::path::log;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::source::{Holding, Source};

const SENDERS: [&str; 21] = [
    "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
];

/// Lets some senders deliver at once; tells whether all arrived.
pub(crate) fn run(senders: u32, each: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let postgres = Postgres::start()?;
    let folder = tempfile::tempdir()?;
    let mut sources = Vec::new();
    for (seed, sender) in (1..).zip(SENDERS).take(senders as usize) {
        sources.push((sender, Source::invent(&folder.path().join(sender), seed, each)?));
    }
    let mut all = true;
    for engine in engines {
        all &= burst(*engine, &postgres, &sources)?;
    }
    Ok(all)
}

fn burst(engine: Engine, postgres: &Postgres, sources: &[(&str, Source)]) -> anyhow::Result<bool> {
    let register = Register::start(engine, postgres)?;
    let sites: Result<Vec<Site>, _> =
        sources.iter().map(|(sender, source)| register.enrol(sender, &source.queries())).collect();
    let sites = sites?;
    let (ended, wall) = meter::timed(|| together(&sites))?;
    let held = register.holds()?;
    let expected = sources.iter().fold(Holding::default(), |sum, (_, source)| sum.and(source.holds));
    let waits: usize = sites.iter().map(waits).sum();
    let refused = |status: &str| register.counter(&format!("registry_refused_total{{status=\"{status}\"}}"));
    println!(
        "{} senders with {} treatments each, register on {}: {:.2} s, {:.0} treatments/s",
        sites.len(),
        sources[0].1.holds.treatments,
        engine.name(),
        wall.as_secs_f64(),
        expected.treatments as f64 / wall.as_secs_f64(),
    );
    println!("  answers 429: {}, 503: {}; waits that agents logged: {waits}", refused("429")?, refused("503")?);
    println!("  agents that ended with 0: {ended} of {}; held {held:?}, expected {expected:?}", sites.len());
    Ok(ended == sites.len() && held == expected)
}

/// Starts all agents, waits for all, and counts those that ended well.
fn together(sites: &[Site]) -> anyhow::Result<usize> {
    let children: anyhow::Result<Vec<Child>> = sites
        .iter()
        .map(|site| {
            let mut agent = command(AGENT, Some(&site.config()), &["once"])?;
            Ok(agent.stdout(Stdio::null()).stderr(log(&site.folder)?).spawn()?)
        })
        .collect();
    let mut well = 0;
    for mut child in children? {
        well += usize::from(child.wait()?.success());
    }
    Ok(well)
}

/// How often an agent waited because the register asked it to.
fn waits(site: &Site) -> usize {
    let log = std::fs::read_to_string(site.folder.join("agent.log")).unwrap_or_default();
    log.lines().filter(|line| line.contains("not delivered yet")).count()
}
