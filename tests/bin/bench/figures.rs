//! What national figures cost: from cells and from a scan of the rows, beside `DuckDB` on the same data, in one run.
//!
//! `cargo run --release -p end-to-end --bin bench -- --figures`
//!
//! Promises: every peer answers the same questions over the same invented treatments, and the answers are held against each other: the
//! number of pairs and the mean change of every finest group of every question, to 1e-9; the register's own are the same bytes on both
//! engines and from cells and rows. The register's answer has 59 figures a row, the peer's four. No time is asserted.

#[path = "figures/duck.rs"]
mod duck;
#[path = "figures/filling.rs"]
mod filling;
#[path = "figures/invent.rs"]
mod invent;
#[path = "figures/ours.rs"]
mod ours;
#[path = "figures/question.rs"]
mod question;

use std::collections::BTreeMap;
use std::path::Path;

use tokio::runtime::Runtime;

use super::postgres::Postgres;
use super::register::Engine;
use super::scaling::slope;
use duck::Duck;
pub(crate) use filling::{Filling, fill};
pub(crate) use invent::Invented;
use question::{OF_CELLS, OF_ROWS, Question};

/// Treatments; SQLite's promise ends at the second size.
const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
const OF_SQLITE: u32 = 100_000;

/// Pairs and mean change of each group.
type Means = BTreeMap<Vec<String>, (u64, f64)>;

/// A line of the table: what took how long, milliseconds, and what the peer took for the same.
struct Line {
    what: String,
    ours: f64,
    peer: Option<f64>,
}

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
        let questions: Vec<&Question> = ours::questions().collect();
        let peer = duck.as_ref().map(|duck| duck.measure(folder.path(), &questions)).transpose()?;
        let mut written = None;
        for engine in engines.iter().filter(|engine| **engine == Engine::Postgres || size <= OF_SQLITE) {
            let measured = measure(&runtime, (*engine, &postgres), folder.path(), size)?;
            let lines = lines(&measured, peer.as_ref());
            print(size, *engine, &lines);
            for Line { what, ours, .. } in lines {
                all.entry(format!("{}, {what}", engine.name())).or_default().push((size.into(), ours));
            }
            let same = written.get_or_insert_with(|| measured.written.clone()) == &measured.written;
            let equal = peer.as_ref().is_none_or(|peer| close(&peer.means, &measured.means));
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

/// Whether all questions were answered alike.
fn close(one: &[Means], other: &[Means]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| invent::close(one, other))
}

fn lines(ours: &ours::Measured, peer: Option<&duck::Measured>) -> Vec<Line> {
    let line = |what: String, ours, peer| Line { what, ours, peer };
    let mut lines = vec![
        line("all cells made from the rows".to_owned(), ours.refresh, None),
        line(format!("{}, cells, first", OF_CELLS.name()), ours.cells_first, None),
        line(format!("{}, cells, warm (peer: its cells)", OF_CELLS.name()), ours.asked[0], peer.map(|peer| peer.cells)),
        line(format!("{}, first (peer: files)", OF_ROWS[0].name()), ours.rows_first, peer.map(|peer| peer.unread)),
    ];
    lines.extend(ours::questions().zip(&ours.asked).enumerate().map(|(number, (question, took))| {
        let way = if number == 0 { "cells" } else { "rows" };
        line(format!("{}, {way}, warm", question.name()), *took, peer.map(|peer| peer.asked[number]))
    }));
    lines
}

fn print(size: u32, engine: Engine, lines: &[Line]) {
    println!("\n{size} treatments, {}", engine.name());
    println!("{:<72} {:>10} {:>10} {:>7}", "what (warm: everything at hand)", "ours, ms", "DuckDB, ms", "ratio");
    for Line { what, ours, peer } in lines {
        let peer = peer.map_or_else(String::new, |peer| format!("{peer:>10.1} {:>7.2}", ours / peer));
        println!("{what:<72} {ours:>10.1} {peer}");
    }
}
