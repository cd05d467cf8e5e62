//! How long people wait for pages over a large register: while nothing comes, and while batches are stored.
//!
//! `cargo run --release -p end-to-end --bin bench -- --pages --treatments 1000000 --server postgres`
//!
//! Promises: the built register over TLS, with people who signed in by password and code; every address of the route table is read, or
//! stands in a list with the reason why not. Each reader looks at a page for a while before the next, a second unless told otherwise:
//! twenty who never look ask as fast as two cores answer, and their wait is the length of their own queue (`--think-ms 0` shows it). How
//! many requests that came to each second is printed. A time is that of the reader, without the look: from the request to the last byte, so that it holds the register's own time, that of the queue before it and of TLS, and is longer
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
use std::time::Duration;

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
/// Requests of a reader in a round: each of its pages, and most of them twice.
const REQUESTS: usize = 60;
/// Lines of the register's log that are printed when a run breaks off.
const LAST_LINES: usize = 20;
/// How many pages further on the next reader begins.
const APART: usize = 7;
/// Who delivers while people read.
const SENDER: &str = "12";

/// Who reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crowd {
    /// How many at once.
    pub(crate) readers: usize,
    /// How long each looks at a page before the next.
    pub(crate) think: Duration,
}

/// Fills a register, lets people read it, and prints how long they waited. Tells whether every answer was right.
pub(crate) fn run(treatments: u32, crowd: Crowd, engines: &[Engine]) -> anyhow::Result<bool> {
    role::covers_every_address()?;
    // Somebody else in this process may have installed one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let postgres = Postgres::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut right = true;
    for engine in engines {
        let register = filled((*engine, &postgres), treatments, &runtime)?;
        let people = people(&register, crowd.readers)?;
        let measured = runtime.block_on(measure(&register, treatments, (people, crowd.think)));
        if measured.is_err() {
            tell_end(&register);
        }
        right &= measured?;
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

/// Prints what the register itself said last, which names nobody.
fn tell_end(register: &Register<'_>) {
    let log = std::fs::read_to_string(register.folder().join("server.log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    println!("the register said last:\n{}", lines[lines.len().saturating_sub(LAST_LINES)..].join("\n"));
}

async fn measure(
    register: &Register<'_>,
    treatments: u32,
    (people, think): (Vec<(String, SignIn)>, Duration),
) -> anyhow::Result<bool> {
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
    round((&readers, think), Round::Quiet, &mut times).await?;
    // Also where the next round breaks off.
    times.print_round(Round::Quiet, readers.len());
    let ingest = Ingest::begin(register, SENDER, treatments)?;
    let read = round((&readers, think), Round::Ingest, &mut times).await;
    let sent = ingest.end()?;
    read?;
    let after = register.treatments()?;
    times.print(readers.len());
    println!("while they read, {sent}; the register holds {after} treatments");
    let memory = meter::memory(register.server.running.id()).unwrap_or_default();
    println!("RssAnon of the register at the end: {:.0} MB", memory as f64 / 1e6);
    Ok(shown == before && after == before + sent.treatments && times.all_right())
}

/// Lets all of them read at once, each beginning at another page and another moment of the look.
async fn round((readers, think): (&[Reader], Duration), round: Round, times: &mut Times) -> anyhow::Result<()> {
    let begun = meter::now();
    let sent_off = |(number, reader): (usize, Reader)| {
        let late = think.mul_f64(number as f64 / readers.len() as f64);
        tokio::spawn(async move {
            tokio::time::sleep(late).await;
            reader.read((REQUESTS, think), number * APART).await
        })
    };
    let reading: Vec<_> = readers.iter().cloned().enumerate().map(sent_off).collect();
    for reader in reading {
        times.add(round, reader.await??);
    }
    times.during(round, begun.elapsed());
    Ok(())
}
