//! Many senders deliver to one register at the same moment: under the limits that it comes with, and under limits that make it refuse
//! of its own accord.
//!
//! Promises: how long a refused agent keeps away is heard on the wire, not read from its log; the run is complete only if every agent
//! ended well, the register holds exactly what the sources have, and no agent came back before it was asked to.

use std::process::{Child, Stdio};

use end_to_end::process::{AGENT, command};
use end_to_end::site::Site;
use end_to_end::wire::{Capture, Wait, waits};

use super::meter;
use super::path::log;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use super::source::{Holding, Source};
use super::table::judged;

const SENDERS: [&str; 21] = [
    "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23",
    "24", "25",
];
/// Records in a batch of an agent's, and its requests beside the batches.
const RECORDS: u32 = 1_000;
const OTHER_REQUESTS: u32 = 8;
/// Issue 4: what a register may take of memory, MB.
const REGISTER_MB: f64 = 512.0;

/// What a register is started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limits {
    /// Those that it comes with.
    Usual,
    /// So many requests of a sender in a minute.
    Rate(u32),
    /// Two places for all senders' batches, waited for two seconds.
    Places,
}

impl Limits {
    /// A rate that lets two requests in three pass at once and the others within half a minute; or that refuses some of a delivery
    /// that takes longer than a minute.
    fn rate(each: u32) -> Self {
        const OF_LONG_DELIVERIES: u32 = 20;
        Self::Rate(((each.div_ceil(RECORDS) + OTHER_REQUESTS) * 2 / 3).min(OF_LONG_DELIVERIES))
    }

    fn configuration(self) -> String {
        match self {
            Self::Usual => String::new(),
            Self::Rate(rate) => format!("[limits]\nrequests_per_minute = {rate}\n"),
            Self::Places => "[limits]\nconcurrent_batches = 2\nqueue_seconds = 2\n".into(),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Usual => "usual limits".into(),
            Self::Rate(rate) => format!("{rate} requests a minute"),
            Self::Places => "two batches at a time".into(),
        }
    }
}

/// Lets some senders deliver at once, under each kind of limits; tells whether all arrived as they should.
pub(crate) fn run(senders: u32, each: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let postgres = Postgres::start()?;
    let folder = tempfile::tempdir()?;
    let mut sources = Vec::new();
    for (seed, sender) in (1..).zip(SENDERS).take(senders as usize) {
        sources.push((sender, Source::invent(&folder.path().join(sender), seed, each)?));
    }
    let mut all = true;
    for engine in engines {
        for limits in [Limits::Usual, Limits::rate(each), Limits::Places] {
            all &= burst(&Register::start_with(*engine, &postgres, &limits.configuration())?, limits, &sources)?;
        }
    }
    Ok(all)
}

fn burst(register: &Register<'_>, limits: Limits, sources: &[(&str, Source)]) -> anyhow::Result<bool> {
    let enrolled = sources.iter().map(|(sender, source)| register.enrol(sender, &source.queries()));
    let sites: Vec<Site> = enrolled.collect::<Result<_, _>>()?;
    // To hear costs time, and under the usual limits time is what is asked for.
    let heard = sites.iter().filter(|_| limits != Limits::Usual).map(|site| register.listen_in(site));
    let heard: Vec<Capture> = heard.collect::<Result<_, _>>()?;
    let (delivered, peaks) = meter::watched(&[register.server.running.id()], || meter::timed(|| together(&sites)));
    let (ended, wall) = delivered?;
    let held = register.holds()?;
    let expected = sources.iter().fold(Holding::default(), |sum, (_, source)| sum.and(source.holds));
    println!(
        "{} senders with {} treatments each, register on {}, {}: {:.2} s, {:.0} treatments/s",
        sites.len(),
        sources[0].1.holds.treatments,
        register.engine().name(),
        limits.words(),
        wall.as_secs_f64(),
        expected.treatments as f64 / wall.as_secs_f64(),
    );
    let memory = peaks[0] as f64 / 1e6;
    println!("  highest RssAnon of the register: {memory:.1} MB, {}", judged(memory, REGISTER_MB, REGISTER_MB));
    println!("  agents that ended with 0: {ended} of {}; held {held:?}, expected {expected:?}", sites.len());
    let refused = |status: &str| register.counter(&format!("registry_refused_total{{status=\"{status}\"}}"));
    println!("  answers 429: {}, 503: {}", refused("429")?, refused("503")?);
    let waits: Vec<Wait> = heard.iter().flat_map(|capture| waits(&capture.exchanges())).collect();
    let provoked = !waits.is_empty() || !matches!(limits, Limits::Rate(_));
    Ok(ended == sites.len() && held == expected && provoked && obeyed(&waits))
}

/// Prints how long agents kept away. Tells whether all of them did for as long as they were asked to.
fn obeyed(waits: &[Wait]) -> bool {
    for status in [429, 503] {
        let waits: Vec<&Wait> = waits.iter().filter(|wait| wait.status == status).collect();
        if waits.is_empty() {
            continue;
        }
        let asked = || waits.iter().map(|wait| wait.asked.as_secs());
        let later = waits.iter().filter_map(|wait| Some(wait.kept?.as_secs_f64() - wait.asked.as_secs_f64()));
        println!(
            "  Retry-After of {status}: asked for {} times, {} to {} s; earliest return {:+.3} s after it; too early: {}",
            waits.len(),
            asked().min().unwrap_or_default(),
            asked().max().unwrap_or_default(),
            later.reduce(f64::min).unwrap_or_default(),
            waits.iter().filter(|wait| !wait.is_obeyed()).count(),
        );
    }
    waits.iter().all(Wait::is_obeyed)
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
