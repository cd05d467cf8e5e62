//! What a table that leaves the register costs: built, hidden, rounded and audited.
//!
//! `cargo run --release -p end-to-end --bin bench -- --disclosure`
//!
//! Promises: everything is invented from one seed; the tables are held against each other as one cut's; no time is asserted.

use end_to_end::crowd::{Crowd, Shape};
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::Shown;

use super::meter;

/// Persons in each register: a quarter's, a year's, and some years'.
const PERSONS: [usize; 3] = [20_000, 60_000, 200_000];
/// One table of 1 386 cells, then two that are audited with the one before.
const ALONE: &str = "region,age,programme";
const TOGETHER: [&str; 2] = ["region,sex,age", "region,severity"];

/// Prints what each table costs.
pub(crate) fn run() -> anyhow::Result<bool> {
    println!("| persons | table | cells | hidden, % | seconds | memory, MB |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for persons in PERSONS {
        let crowd = Crowd::new(Shape { name: "bench", persons, skew: 0.8, seed: 1 });
        print(&crowd, (persons, ALONE), &mut Ledger::default())?;
        let mut ledger = Ledger::default();
        for asked in TOGETHER {
            print(&crowd, (persons, asked), &mut ledger)?;
        }
    }
    Ok(true)
}

fn print(crowd: &Crowd, (persons, asked): (usize, &str), ledger: &mut Ledger) -> anyhow::Result<()> {
    let before = meter::now();
    let (table, memory) = meter::watched(&[std::process::id()], || crowd.table(asked, ledger, 7));
    let seconds = before.elapsed().as_secs_f64();
    let table = table?;
    let hidden = table.rows.iter().filter(|row| row.shown == Shown::Hidden).count();
    let share = hidden as f64 / table.rows.len() as f64 * 100.0;
    let megabytes = memory[0] as f64 / 1e6;
    println!("| {persons} | {} | {} | {share:.1} | {seconds:.2} | {megabytes:.0} |", table.split_by, table.rows.len());
    ledger.add(table);
    Ok(())
}
