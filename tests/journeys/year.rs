//! A scripted year of two regions: whatever happens in it, at every month's end the register holds what the sources say, byte for byte,
//! and both ends account for everything.
//!
//! Promises: the year follows from its seed, which is printed and may be given as `YEAR_SEED`; the truth is kept by the script in code of its own; the same comparison
//! finds one row altered, removed or doubled.

/// An agent in this process.
mod agent;
/// Whether both ends agree with the script.
mod agree;
/// What happens before a night.
mod event;
/// Time and chance.
pub(crate) mod moment;
/// The nights of a month.
mod month;
/// A region with its rows.
mod region;
/// The register in this process.
pub(crate) mod register;
/// Names of persons and records.
mod secret;
/// Rows, and the truth about them.
mod source;
/// Rows in a database.
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use databases::Postgres;
use end_to_end::platform::Random;
use jiff::civil::date;

use crate::access::curl::{self, Caller};
use agent::Agent;
use moment::Moment;
use month::Year;
use region::Region;
use register::{Database, Register};
use secret::Secrets;
use source::Source;
use table::Tables;

/// The senders: one's source is a file of SQLite, the other's is in PostgreSQL.
const SENDERS: [&str; 2] = ["01", "12"];
/// Deeds behind the register's back, and how many lines of the truth are then missing and how many are there besides.
const DEEDS: [(&str, (usize, usize)); 3] = {
    let [(altered, _), (deleted, _), (doubled, _), _] = crate::reconcile::DEEDS;
    [(altered, (1, 1)), (deleted, (3, 0)), (doubled, (0, 1))]
};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_in_a_year_the_register_in_sqlite_holds_what_the_sources_say_at_every_month_s_end() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("register/register.db"));
    Box::pin(a_year(2_024, folder.path(), database)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_in_a_year_the_register_in_postgresql_holds_what_the_sources_say_at_every_month_s_end() {
    let folder = tempfile::tempdir().unwrap();
    let url = Postgres::shared().unwrap().database("year").unwrap();
    Box::pin(a_year(12, folder.path(), Database::Postgres(url))).await;
}

/// The variable with the seed of another year than the usual ones.
const SEED: &str = "YEAR_SEED";

async fn a_year(usual: u64, folder: &Path, database: Database) {
    let seed = std::env::var(SEED).map_or(usual, |seed| seed.parse().expect("a seed is a number"));
    println!("seed {seed}");
    let moment = Moment::new(seed);
    moment.set(date(2024, 1, 2).at(9, 0, 0, 0));
    let register = Register::make(folder, database, SENDERS, moment.clone()).await;
    let regions =
        [region(folder, (0, seed), &register, &moment).await, region(folder, (1, seed), &register, &moment).await];
    let mut year = Year::new(moment, register, regions);
    for month in 0..12 {
        year.pass(month).await;
        year.must_agree(&format!("at the end of month {}", month + 1)).await;
    }
    year.must_have_met_everything();
    the_comparison_finds_what_was_done(&year).await;
    replays_stay_dead(&year, seed).await;
    year.register.stop().await;
}

async fn region(folder: &Path, (number, seed): (usize, u64), register: &Register, moment: &Moment) -> Region {
    let sender = SENDERS[number];
    let tables = match number {
        0 => Tables::Sqlite(folder.join("source.db")),
        _ => Tables::Postgres(Postgres::shared().unwrap().database("year_source").unwrap()),
    };
    let tables = tables.make().await;
    let place = (&register.authority, register.address);
    let agent = Agent::make((sender, folder.join(format!("agent-{sender}"))), &tables.section(), place, moment.clone());
    let pepper = register.authority.folder.join("pepper.key");
    let secrets = Secrets::read(&agent.folder.join("pseudonym.key"), &pepper);
    let (treatments, list, left) = Default::default();
    let source = Source { sender, secrets, treatments, list, left };
    Region::new((source, tables, agent), seed * 2 + number as u64, 10_000 * number)
}

/// The positive control: one row altered, some removed, one doubled.
async fn the_comparison_finds_what_was_done(year: &Year) {
    let truth = year.truth();
    for (deed, expected) in DEEDS {
        let held = year.register.held_after(deed).await;
        let lacking = truth.iter().filter(|line| !held.contains(line)).count();
        assert_eq!((lacking, held.len() + lacking - truth.len()), expected, "{deed}");
    }
    assert_eq!(year.register.held().await, truth, "a deed was not undone");
}

/// Everything that was ever sent is sent once more, in any order, by whoever sent it.
async fn replays_stay_dead(year: &Year, seed: u64) {
    if !curl::is_here() {
        return;
    }
    let register = &year.register;
    let mut batches = Vec::new();
    for region in &year.regions {
        let caller = Caller {
            register: register.address,
            ca: register.authority.folder.join("ca.pem"),
            certificate: Some(region.agent.folder.clone()),
            options: Vec::new(),
        };
        batches.extend(region.agent.batches().into_iter().map(|batch| (caller.clone(), batch)));
    }
    let distinct: BTreeSet<&Vec<u8>> = batches.iter().map(|(_, batch)| batch).collect();
    let gone: Vec<String> = year.regions.iter().flat_map(|region| region.source.gone()).collect();
    let of_gone = |batch: &Vec<u8>| gone.iter().any(|key| String::from_utf8_lossy(batch).contains(key));
    let named = distinct.iter().filter(|batch| of_gone(batch)).count();
    println!(
        "{} batches were sent, {} of them different, {named} with somebody who left",
        batches.len(),
        distinct.len()
    );
    assert!(named > 5, "hardly anybody who left was ever sent");
    let mut random = Random::new(seed);
    while !batches.is_empty() {
        let at = usize::try_from(random.number() % batches.len() as u64).unwrap();
        let (caller, batch) = batches.swap_remove(at);
        let answer = tokio::task::spawn_blocking(move || caller.put(&batch)).await.unwrap();
        assert_eq!(answer.status, 200, "{} {}", answer.said, answer.text());
    }
    assert_eq!(register.held().await, year.truth(), "a batch that was sent again came to life");
}
