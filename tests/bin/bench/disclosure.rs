//! What a table that leaves the register costs: built, hidden, rounded and audited, alone and beside twenty earlier ones of its cut.
//!
//! `cargo run --release -p end-to-end --bin bench -- --disclosure`
//!
//! Promises: everything is invented from one seed; the tables are held against each other as one cut's; no time is asserted, but each is
//! printed beside what it may be.

use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape::{Regions, Shape};
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::Shown;

use super::meter;

/// Persons in each register: a quarter's, a year's, and some years'.
const PERSONS: [usize; 3] = [20_000, 60_000, 200_000];
/// A table of 1 430 cells.
const LARGE: &str = "region,programme,severity";
/// Twenty tables that leave before it.
const EARLIER: [&str; 20] = [
    "region,sex,age:broad",
    "region,period:year",
    "sex,age",
    "programme,sex",
    "region,programme:condition",
    "severity,age",
    "region,severity",
    "sex,period",
    "programme:condition,severity,sex",
    "region,age",
    "care_level,sex",
    "diagnosis,sex",
    "diagnosis,age:broad",
    "response,sex,age:broad",
    "response,programme:condition",
    "region,response:measured",
    "period:year,age",
    "programme,age:broad",
    "severity,period:year",
    "region,sex",
];
/// What a table alone, and one beside all earlier ones, may take, seconds; and what either may take of memory, MB.
const MOST: (f64, f64, f64) = (60.0, 900.0, 1_000.0);

/// Prints what each table costs.
pub(crate) fn run() {
    println!(
        "| persons | earlier tables | table | cells | hidden, % | seconds | of at most | memory, MB | of at most |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for persons in PERSONS {
        let crowd = Crowd::new(Shape { name: "bench", persons, regions: Regions::Country, mix: 0.3, seed: 1 });
        print(&crowd, (LARGE, MOST.0), &mut Ledger::default());
        let mut ledger = Ledger::default();
        for asked in EARLIER.into_iter().chain([LARGE]) {
            print(&crowd, (asked, MOST.1), &mut ledger);
        }
    }
}

fn print(crowd: &Crowd, (asked, most): (&str, f64), ledger: &mut Ledger) {
    let facts = crowd.facts(0);
    let before = meter::now();
    let (table, memory) = meter::watched(&[std::process::id()], || crowd.table(&facts, asked, (ledger, 7)));
    let (seconds, earlier) = (before.elapsed().as_secs_f64(), ledger.released().len());
    let start = format!("| {} | {earlier} |", crowd.persons.len());
    let end = format!("{seconds:.2} | {most:.0} | {:.0} | {:.0} |", memory[0] as f64 / 1e6, MOST.2);
    match table {
        Ok(table) => {
            let hidden = table.rows.iter().filter(|row| row.shown == Shown::Hidden).count();
            let per_cent = hidden as f64 / table.rows.len() as f64 * 100.0;
            println!("{start} {} | {} | {per_cent:.1} | {end}", table.split_by, table.rows.len());
            ledger.add(table);
        }
        Err(refusal) => println!("{start} {asked}: {refusal} | | | {end}"),
    }
}
