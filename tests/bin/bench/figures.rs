//! What national figures cost: from cells and from a scan of the rows, beside `DuckDB` on the same data, in one run.
//!
//! `cargo run --release -p end-to-end --bin bench -- --figures`
//!
//! Promises: every peer answers the same question over the same invented treatments, and the answers are held against each other: the
//! number of pairs and the mean change of every group, to 1e-9; the register's own are the same bytes on both engines and from cells
//! and rows. No time is asserted.

#[path = "figures/duck.rs"]
mod duck;
#[path = "figures/invent.rs"]
mod invent;
#[path = "figures/ours.rs"]
mod ours;

use std::collections::BTreeMap;
use std::path::Path;

use tokio::runtime::Runtime;

use super::postgres::Postgres;
use super::register::Engine;
use super::scaling::slope;
use duck::Duck;
pub(crate) use invent::Invented;
pub(crate) use ours::{Filling, fill};

/// Treatments; SQLite's promise ends at the second size.
const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
const OF_SQLITE: u32 = 100_000;

/// Pairs and mean change of each group.
type Means = BTreeMap<Vec<String>, (u64, f64)>;

/// The times of one question at one size, milliseconds; in the order in which they are printed.
type Times = Vec<(&'static str, f64)>;

/// Measures all sizes up to `largest`, and prints them. Tells whether all figures agreed.
pub(crate) fn run(largest: u32, engines: &[Engine]) -> anyhow::Result<bool> {
    let postgres = Postgres::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let duck = Duck::fetch()?;
    let sizes: Vec<u32> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    let mut all: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut agree = true;
    for size in sizes {
        let folder = tempfile::tempdir()?;
        invent::write(folder.path(), size)?;
        let peer = duck.as_ref().map(|duck| duck.measure(folder.path())).transpose()?;
        let mut written = None;
        for engine in engines.iter().filter(|engine| **engine == Engine::Postgres || size <= OF_SQLITE) {
            let measured = measure(&runtime, (*engine, &postgres), folder.path(), size)?;
            print(size, *engine, &measured.times, peer.as_ref());
            for (what, time) in &measured.times {
                all.entry(format!("{}, {what}", engine.name())).or_default().push((size.into(), *time));
            }
            let same = written.get_or_insert_with(|| measured.written.clone()) == &measured.written;
            let equal = peer.as_ref().is_none_or(|peer| invent::close(&peer.means, &measured.means));
            println!("{size} on {}: the bytes of the engine before: {same}; DuckDB's figures: {equal}", engine.name());
            agree &= same && equal;
        }
    }
    for (what, points) in all.iter().filter(|(_, points)| points.len() > 1) {
        println!("{what}: slope {:.2} over the sizes (1 is linear)", slope(points));
    }
    Ok(agree && (duck.is_some() || std::env::var_os("CI").is_none()))
}

fn measure(
    runtime: &Runtime,
    (engine, postgres): (Engine, &Postgres),
    folder: &Path,
    size: u32,
) -> anyhow::Result<ours::Measured> {
    let url = match engine {
        Engine::Sqlite => format!("sqlite://{}", folder.join("register.db").display()),
        Engine::Postgres => {
            postgres.fresh("figures")?;
            postgres.url("figures")
        }
    };
    runtime.block_on(ours::run(&url, folder, size))
}

fn print(size: u32, engine: Engine, times: &Times, peer: Option<&duck::Measured>) {
    println!("\n{size} treatments, {}", engine.name());
    println!("{:<66} {:>11} {:>12} {:>12}", "what", "ms", "of long", "of cells");
    let ratio = |time: f64, of: Option<f64>| of.map_or_else(String::new, |of| format!("{:.2}", time / of));
    let (long, cells) = (peer.map(|peer| peer.long), peer.map(|peer| peer.cells));
    let peers = peer.into_iter().flat_map(|peer| {
        [
            ("DuckDB, long table, region x programme x quarter", peer.long),
            ("DuckDB, long table, region x sex x age group x quarter", peer.scan),
            ("DuckDB, files as they lie, region x sex x age group x quarter", peer.unread),
            ("DuckDB, table of cells, region x programme x quarter", peer.cells),
        ]
    });
    for (what, time) in times.iter().copied().chain(peers) {
        println!("{what:<66} {time:>11.1} {:>12} {:>12}", ratio(time, long), ratio(time, cells));
    }
}
