//! The register's own figures: its cells made, and questions asked of cells and of rows.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use registry_server::environment::Stamp;
use registry_server::fact::Facts;
use registry_server::reader::Reader;
use registry_server::report::{self, Parameters, ReportData, ReportName, render};
use registry_server::store::audit::{Entry, Sealed, What};
use registry_server::store::{
    AgentPlan, Arrival, Delivery, Location, Opening, Payload, SenderStatus, Store, TreatmentArrival, open,
};
use registry_server::subject::{Alias, Pepper};
use schemas::canonical;
use schemas::codelist::CodeLists;
use schemas::id::{BatchId, SenderCode, Version};

use super::invent::{FIRST, Invented, SENDERS};
use super::{Means, Times};
use crate::meter::now;
use crate::table::median;

/// When everything arrives.
const ARRIVAL: &str = "2026-01-01T00:00:00Z";
/// Records in a batch.
const BATCH: usize = 1_000;
/// How often a question is asked; the middle time counts.
const TIMES: usize = 15;
/// The question that cells answer.
const OF_CELLS: [(&str, &str); 4] =
    [("by", "region,programme"), ("period", "quarter"), ("instrument", "PHQ-9"), ("comparison", "paired")];
/// The question that needs the rows.
const OF_ROWS: [(&str, &str); 4] =
    [("by", "region,sex,age_group"), ("period", "quarter"), ("instrument", "PHQ-9"), ("comparison", "paired")];

/// What was measured.
pub(super) struct Measured {
    /// The times, milliseconds.
    pub(super) times: Times,
    /// Both reports as CSV.
    pub(super) written: String,
    /// What a peer must find too.
    pub(super) means: Means,
}

/// Fills an empty store and asks it.
pub(super) async fn run(url: &str, folder: &Path, size: u32) -> anyhow::Result<Measured> {
    let location = Location::read(url, folder).map_err(anyhow::Error::msg)?;
    let store = open(&location, Opening::NewOrCurrent).await?;
    fill(Arc::clone(&store), Filling { size, first: FIRST, at: ARRIVAL.parse()? }).await?;
    let asking = Asking { lists: CodeLists::builtin(), at: ARRIVAL.parse()? };
    let reader = Reader::new(Arc::clone(&store), &asking.lists);
    let mut times = Times::new();
    let begun = now();
    reader.refresh().await?;
    times.push(("all cells made from the rows", milliseconds(begun)));
    let begun = now();
    let from_cells = asking.once(&reader, &OF_CELLS).await?;
    times.push(("outcomes by region, programme and quarter, from cells, cold", milliseconds(begun)));
    times
        .push(("outcomes by region, programme and quarter, from cells, warm", asking.again(&reader, &OF_CELLS).await?));
    let begun = now();
    let scanned = asking.once(&reader, &OF_ROWS).await?;
    times.push(("outcomes by region, sex, age group and quarter, from rows, cold", milliseconds(begun)));
    times.push((
        "outcomes by region, sex, age group and quarter, from rows, warm",
        asking.again(&reader, &OF_ROWS).await?,
    ));
    let rows = Arc::new(store.facts(Asking::name()?.needs()).await?);
    let from_rows = asking.build(rows, &OF_CELLS)?;
    anyhow::ensure!(render::csv(&from_rows)? == render::csv(&from_cells)?, "cells and rows tell different figures");
    store.close().await;
    let written = render::csv(&from_cells)? + &render::csv(&scanned)?;
    Ok(Measured { times, written, means: means(&render::csv(&from_cells)?)? })
}

struct Asking {
    lists: CodeLists,
    at: Timestamp,
}

impl Asking {
    fn name() -> anyhow::Result<ReportName> {
        Ok("outcomes".parse()?)
    }

    async fn once(&self, reader: &Reader, question: &[(&str, &str)]) -> anyhow::Result<report::Report> {
        let parameters = Parameters::from_pairs(question.iter().copied())?;
        let facts = reader.facts(Self::name()?, &parameters, self.at).await?;
        self.build(facts, question)
    }

    fn build(&self, facts: Arc<Facts>, question: &[(&str, &str)]) -> anyhow::Result<report::Report> {
        let parameters = Parameters::from_pairs(question.iter().copied())?;
        let data = ReportData { facts, lists: &self.lists, thresholds: self.lists.thresholds(), as_of: self.at };
        Ok(report::build(Self::name()?, &data, &parameters)?)
    }

    /// The middle time of some.
    async fn again(&self, reader: &Reader, question: &[(&str, &str)]) -> anyhow::Result<f64> {
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let begun = now();
            self.once(reader, question).await?;
            took.push(milliseconds(begun));
        }
        Ok(median(took.into_iter()))
    }
}

fn milliseconds(begun: std::time::Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

/// What a store is filled with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filling {
    /// Treatments.
    pub(crate) size: u32,
    /// The first day of the six years over which they begin.
    pub(crate) first: Date,
    /// When they arrive.
    pub(crate) at: Timestamp,
}

/// Delivers treatments to an empty store, each region its own; some regions at a time.
pub(crate) async fn fill(store: Arc<dyn Store>, filling: Filling) -> anyhow::Result<()> {
    const AT_ONCE: usize = 3;
    for code in SENDERS {
        let (sender, at): (SenderCode, Timestamp) = (code.parse()?, filling.at);
        let salt = canonical::sha256(code.as_bytes());
        store.set_sender(&sender, SenderStatus::Active, Stamp { at, salt }).await?;
        store.issue_generation(&sender, &"a".repeat(32).parse()?, Stamp { at, salt: canonical::sha256(&salt) }).await?;
    }
    let parts = SENDERS.chunks(SENDERS.len() / AT_ONCE);
    let parts: Vec<_> = parts.map(|senders| tokio::spawn(fill_some(Arc::clone(&store), senders, filling))).collect();
    for part in parts {
        part.await??;
    }
    Ok(())
}

async fn fill_some(store: Arc<dyn Store>, senders: &'static [&'static str], filling: Filling) -> anyhow::Result<()> {
    let Filling { size, first, at } = filling;
    let mut waiting: BTreeMap<&str, Vec<Option<Arrival>>> = BTreeMap::new();
    let theirs = (0..size).map(|number| Invented::since(first, number)).filter(|one| senders.contains(&one.sender));
    for invented in theirs {
        let records = waiting.entry(invented.sender).or_default();
        records.push(Some(arrival(&invented)?));
        if records.len() == BATCH {
            let records = std::mem::take(records);
            let delivery = delivery((invented.sender, invented.number), at, records)?;
            store.accept_batch(delivery).await.map_err(anyhow::Error::from)?;
        }
    }
    for (sender, records) in waiting.into_iter().filter(|(_, records)| !records.is_empty()) {
        store.accept_batch(delivery((sender, size), at, records)?).await.map_err(anyhow::Error::from)?;
    }
    Ok(())
}

fn arrival(invented: &Invented) -> anyhow::Result<Arrival> {
    let sender: SenderCode = invented.sender.parse()?;
    // One person in ten has two treatments.
    let person = format!("{} {}", invented.sender, invented.number / 11 * 10 + (invented.number % 11).min(9));
    let alias = Alias { kid: sender.first_key_id().to_string(), s: canonical::sha256(person.as_bytes()) };
    let payload = Payload::Treatment(Box::new(TreatmentArrival::new(invented.treatment()?, alias)));
    Ok(Arrival::new(invented.key(), Version { generation: 1, counter: 1 }, payload))
}

fn delivery((code, number): (&str, u32), at: Timestamp, records: Vec<Option<Arrival>>) -> anyhow::Result<Delivery> {
    let sender: SenderCode = code.parse()?;
    let batch: BatchId = canonical::sha256_hex(format!("{code} {number}").as_bytes()).parse()?;
    let stamp = Stamp { at, salt: canonical::sha256(batch.as_str().as_bytes()) };
    let (of, named) = (sender.clone(), batch.clone());
    let drawn = AtomicI64::new(
        i64::from_be_bytes(canonical::sha256(batch.as_str().as_bytes())[..8].try_into()?) >> 2 & i64::MAX >> 2,
    );
    Ok(Delivery {
        kid: sender.first_key_id(),
        batch,
        sender,
        state: "a".repeat(32).parse()?,
        cycle: 1,
        plan: AgentPlan { agent: "0.1.0".into(), schedule: None, timezone: None, rules: None, schema: None },
        received_at: at,
        records,
        seal: Box::new(move |verdicts, _, _| Sealed {
            receipt: canonical::bytes(&schemas::receipt::ranges(verdicts)),
            entry: Entry::new(stamp, Some(&of), What::batch(&named, String::new(), verdicts)),
        }),
        draw: Box::new(move || drawn.fetch_add(1, Ordering::Relaxed)),
        tombs: Pepper::new([7; 32]).tomb_key(),
    })
}

/// Pairs and mean change of each finest group of a report.
fn means(csv: &str) -> anyhow::Result<Means> {
    let mut means = Means::new();
    for line in csv::Reader::from_reader(csv.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        let line = line?;
        let group: Vec<String> = ["period", "region", "programme"].map(|column| line[column].clone()).to_vec();
        if !group.iter().any(|label| label == "ALL") && line["n_paired"] != "0" {
            means.insert(group, (line["n_paired"].parse()?, line["mean_change"].parse()?));
        }
    }
    Ok(means)
}
