//! How long people wait for pages over a large register: while nothing comes, and while batches are stored.
//!
//! `cargo run --release -p end-to-end --bin bench -- --pages --treatments 1000000 --server postgres`
//!
//! Promises: the built register over TLS, with people who signed in by password and code; every address of the route table is read, or
//! stands in a list with the reason why not. Each reader asks again as soon as it has the whole answer. A time is that of the reader:
//! from the request to the last byte, so that it holds the register's own time, that of the queue before it and of TLS, and is longer
//! than what the register took; readers, sender and register share the machine's cores. Times are printed, never asserted; the run is
//! right only if every answer was 200 and held its page, the figures were those of the register, and everything sent was stored.

#[path = "pages/ingest.rs"]
mod ingest;
#[path = "pages/reader.rs"]
mod reader;
#[path = "pages/role.rs"]
mod role;
#[path = "pages/tell.rs"]
mod tell;

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use end_to_end::people::SignIn;
use end_to_end::process::{SERVER, run as command};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use registry_server::environment::Environment;
use registry_server::reader::Reader as Figures;
use registry_server::store::{Location, Opening, open};
use schemas::codelist::CodeLists;
use tokio::runtime::Runtime;

use super::figures::{Filling, fill};
use super::meter;
use super::postgres::Postgres;
use super::register::{Engine, Register};
use ingest::Ingest;
use reader::Reader;
use tell::{Round, Times};

/// The listener for people, and places for one sender that never pauses.
const CONFIGURATION: &str = "[web]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\n\n[limits]\nrequests_per_minute = 60000\n";
/// Requests of a reader in a round.
const REQUESTS: usize = 150;
/// How many pages further on the next reader begins.
const APART: usize = 7;
/// Who delivers while people read.
const SENDER: &str = "12";

/// Fills a register, lets people read it, and prints how long they waited. Tells whether every answer was right.
pub(crate) fn run(treatments: u32, readers: usize, engines: &[Engine]) -> anyhow::Result<bool> {
    role::covers_every_address()?;
    // Somebody else in this process may have installed one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let postgres = Postgres::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut right = true;
    for engine in engines {
        let register = filled((*engine, &postgres), treatments, &runtime)?;
        let people = people(&register, readers)?;
        right &= runtime.block_on(measure(&register, treatments, people))?;
    }
    Ok(right)
}

/// A register with treatments up to these weeks, with every cell made, and a published year.
fn filled<'a>(
    (engine, postgres): (Engine, &'a Postgres),
    treatments: u32,
    runtime: &Runtime,
) -> anyhow::Result<Register<'a>> {
    let at = Environment::system().now();
    let filling = Filling { size: treatments, first: first_day(at), at };
    let begun = meter::now();
    let register = Register::start_filled((engine, postgres), CONFIGURATION, |url, folder| {
        runtime.block_on(async {
            let location = Location::read(url, folder).map_err(anyhow::Error::msg)?;
            let store = open(&location, Opening::NewOrCurrent).await?;
            fill(Arc::clone(&store), filling).await?;
            Figures::new(Arc::clone(&store), &CodeLists::builtin()).refresh().await?;
            store.close().await;
            anyhow::Ok(())
        })
    })?;
    // As the database does by itself within minutes.
    register.analyse()?;
    freeze(&register, at)?;
    println!(
        "{treatments} treatments stored in {} within {:.0} s, a year of them frozen and published",
        engine.name(),
        begun.elapsed().as_secs_f64()
    );
    Ok(register)
}

/// The first day of six years of treatments, the last of which has ended.
fn first_day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date().saturating_sub(2_270.days())
}

/// Publishes what was delivered as the year before.
fn freeze(register: &Register<'_>, at: Timestamp) -> anyhow::Result<()> {
    let today = at.to_zoned(TimeZone::UTC).date();
    let (year, stop) = ((today.year() - 1).to_string(), today.saturating_sub(1.days()).to_string());
    let config = register.config();
    let create = ["cut", "create", "bench", "--year", &year, "--stop", &stop, "--comments-days", "1"];
    command(SERVER, Some(&config), &create)?.expect(&[0])?;
    command(SERVER, Some(&config), &["cut", "publish", "bench", "--anyway", "--reason", "a benchmark"])?
        .expect(&[0])?;
    Ok(())
}

/// People of every role, each with a session.
fn people(register: &Register<'_>, readers: usize) -> anyhow::Result<Vec<(String, SignIn)>> {
    let roles = role::ROLES.iter().cycle().take(readers).enumerate();
    let sign_in = |(number, role): (usize, &&str)| {
        let email = format!("reader-{number}@bench.example");
        Ok(((*role).to_owned(), SignIn::at(&register.config(), &email, role)?))
    };
    roles.map(sign_in).collect()
}

async fn measure(register: &Register<'_>, treatments: u32, people: Vec<(String, SignIn)>) -> anyhow::Result<bool> {
    let port = register.server.people.context("the register has no pages")?.port();
    let authority = std::fs::read(register.folder().join("pki/ca.pem"))?;
    let mut readers = Vec::new();
    for (role, person) in &people {
        readers.push(Reader::enter((port, &authority), role, person).await?);
    }
    let mut times = Times::default();
    let before = register.treatments()?;
    ensure!(before == u64::from(treatments), "{before} of {treatments} treatments were stored");
    for reader in role::first_of_each(&readers) {
        reader.first(&mut times).await?;
    }
    let shown = readers[0].treatments().await?;
    println!("treatments that the pages tell of: {shown}, stored: {before}");
    round(&readers, Round::Quiet, &mut times).await?;
    let ingest = Ingest::begin(register, SENDER, treatments)?;
    let read = round(&readers, Round::Ingest, &mut times).await;
    let sent = ingest.end()?;
    read?;
    let after = register.treatments()?;
    times.print(readers.len());
    println!("while they read, {sent}; the register holds {after} treatments");
    let memory = meter::memory(register.server.running.id()).unwrap_or_default();
    println!("RssAnon of the register at the end: {:.0} MB", memory as f64 / 1e6);
    Ok(shown == before && after == before + sent.treatments && times.all_right())
}

/// Lets all of them read at once, each beginning at another page.
async fn round(readers: &[Reader], round: Round, times: &mut Times) -> anyhow::Result<()> {
    let reading: Vec<_> = (readers.iter().cloned().enumerate())
        .map(|(number, reader)| tokio::spawn(async move { reader.read(REQUESTS, number * APART).await }))
        .collect();
    for reader in reading {
        times.add(round, reader.await??);
    }
    Ok(())
}
