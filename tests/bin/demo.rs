//! `cargo demo`: some invented regions deliver to a register over mutual TLS, and everything printed is checked against a recount.
//!
//! Promises: real programs, databases and certificates; the recount reads the source databases and knows nothing of the register's
//! code; with `--exit` the exit code is 0 only if every check that was printed holds.

#[path = "demo/checks.rs"]
mod checks;
#[path = "demo/desk.rs"]
mod desk;
#[path = "demo/pages.rs"]
mod pages;
#[path = "demo/tamper.rs"]
mod tamper;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use end_to_end::platform::demo::{REGIONS, SEED, SENDERS, TREATMENTS};
use end_to_end::platform::{Engine, Leads, Plan, demo};
use end_to_end::world::{Region, World};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use checks::Checks;

/// Shows the path from regional databases to national figures, and checks it.
#[derive(Debug, Parser)]
#[command(name = "cargo demo", max_term_width = 100)]
struct Arguments {
    /// Stop at the end, with 0 only if every check holds.
    #[arg(long)]
    exit: bool,
    /// Alter one row of the register after delivery; the checks must find it.
    #[arg(long, value_name = "WHAT")]
    tamper: Option<Tamper>,
    /// Regions.
    #[arg(long, default_value_t = REGIONS, value_parser = clap::value_parser!(u8).range(1..=21))]
    regions: u8,
    /// Treatments in each region.
    #[arg(long, default_value_t = TREATMENTS, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=180_000))]
    treatments: u32,
    /// Seed of everything invented.
    #[arg(long, default_value_t = SEED, value_name = "N")]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tamper {
    /// Change one score.
    Score,
    /// Delete one treatment.
    Row,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = tokio::runtime::Runtime::new()
        .context("the runtime cannot start")
        .and_then(|runtime| runtime.block_on(demo(&arguments)));
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("the demo broke off: {error:#}");
            ExitCode::from(1)
        }
    }
}

async fn demo(arguments: &Arguments) -> anyhow::Result<bool> {
    build()?;
    let mut checks = Checks::default();
    println!("A register with its own authority, receipt key and pepper");
    let world = World::start(desk::CONFIGURATION)?;
    println!("  regions deliver to https://{} (TLS 1.3, client certificate required)", world.server.regions);
    println!("  operators look at  http://{}/readyz\n", world.server.admin);

    let mut regions = Vec::new();
    for (ordinal, sender) in SENDERS.iter().take(usize::from(arguments.regions)).enumerate() {
        let plan = Plan::invent(arguments.seed, (ordinal, sender), usize::try_from(arguments.treatments)?);
        let region = world.invent_on(engine(ordinal)?, plan).await?;
        deliver(&region, &mut checks)?;
        regions.push(region);
    }
    if let Some(what) = arguments.tamper {
        println!("Tampering: {}\n", tamper::alter(&world.database(), what == Tamper::Row).await?);
    }
    checks::reconcile(&world, &regions, &mut checks)?;
    checks::recount(&world, &regions, &mut checks).await?;
    let sign_ins = desk::sign_ins(&world, &regions[0].site.sender)?;
    pages::read(&world, (&regions, &sign_ins), &mut checks).await?;
    national_table(&world)?;

    let all = checks.tell();
    desk::tell(&world, &sign_ins)?;
    if !arguments.exit {
        println!(
            "\nThe register keeps running at https://{} until Ctrl-C; its folder is {}",
            world.server.regions,
            world.folder().display()
        );
        println!(
            "Look at a region: target/debug/registry-agent --config {} status",
            regions[0].site.config().display()
        );
        serve(&world, &sign_ins).await?;
    }
    Ok(all)
}

/// Until Ctrl-C; new codes at every Enter.
async fn serve(world: &World, sign_ins: &[desk::SignIn]) -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        // Ends at Ctrl-C, which must also be heard where nobody can press Enter.
        tokio::select! {
            end = tokio::signal::ctrl_c() => return Ok(end?),
            line = lines.next_line() => match line? {
                Some(_) => desk::tell(world, sign_ins)?,
                None => return Ok(tokio::signal::ctrl_c().await?),
            },
        }
    }
}

/// What keeps the tables of a region: the next engine in turn, or SQLite where its program is not installed.
fn engine(ordinal: usize) -> anyhow::Result<Engine> {
    let engine = demo::engine(ordinal);
    match engine.program() {
        Ok(()) => Ok(engine),
        // A machine that checks everything must have everything.
        Err(error) if std::env::var_os("CI").is_some() => Err(error),
        Err(error) => {
            println!("{error}; the next region stands in SQLite instead");
            Ok(Engine::Sqlite)
        }
    }
}

/// The two programs beside this one, as current as this one.
fn build() -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--package", "agent", "--package", "registry-server", "--bins"])
        .status()
        .context("cargo cannot be started")?;
    anyhow::ensure!(built.success(), "the two programs could not be built");
    Ok(())
}

fn deliver(region: &Region, checks: &mut Checks) -> anyhow::Result<()> {
    let site = &region.site;
    let Region { source, plan, .. } = region;
    println!(
        "Region {}: {} treatments in {} ({})",
        site.sender,
        plan.treatments.len(),
        source.engine.name(),
        source.address
    );
    let preview = site.agent(&["preview", "--limit", "0", "--json"])?.expect(&[0])?.json()?;
    let first = site.agent(&["once", "--json"])?.expect(&[0, 3])?.json()?;
    let second = site.agent(&["once", "--json"])?.expect(&[0, 3])?.json()?;
    let counts = &first["counts"];
    println!(
        "  found {} = queued {} + held {} + excluded {}; {} answers held; payload {}",
        number(&counts["found"]),
        number(&counts["queued"]),
        number(&counts["held"]),
        number(&counts["excluded"]),
        number(&counts["answer-held"]),
        first["payload_sha256"].as_str().unwrap_or_default().get(..16).unwrap_or_default(),
    );
    let name = |what: &str| format!("region {}: {what}", site.sender);
    checks.equal(
        &name("every treatment in the database was found"),
        (number(&counts["found"]), region.plan.treatments.len() as u64),
    );
    for (term, expected) in [
        ("held", region.plan.expected(Leads::Held)),
        ("excluded", region.plan.expected(Leads::Excluded)),
        ("answer-held", region.plan.expected_answers()),
    ] {
        let planted = serde_json::to_value(&expected)?;
        let found = first["by_rule"].get(term).cloned().unwrap_or_else(|| serde_json::json!({}));
        println!("  {term}: {}", words(&found));
        checks.equal(&name(&format!("each planted fault is {term} by its rule")), (found, planted));
    }
    checks.equal(
        &name("what the preview showed is what was sent"),
        (&preview["payload_sha256"], &first["payload_sha256"]),
    );
    checks.equal(&name("a second run sends nothing"), (number(&second["records_delivered"]), 0));
    println!();
    Ok(())
}

fn national_table(world: &World) -> anyhow::Result<()> {
    println!("National outcomes, ended treatments, PHQ-9 and GAD-7 before and after");
    let arguments = ["report", "outcomes", "--by", "region", "--instrument", "PHQ-9,GAD-7", "--audience", "internal"];
    println!("{}", world.registry(&arguments)?.expect(&[0])?.stdout);
    Ok(())
}

/// A number; nothing is none.
fn number(value: &serde_json::Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn words(counts: &serde_json::Value) -> String {
    let rules: Vec<String> = counts.as_object().into_iter().flatten().map(|(rule, n)| format!("{n} {rule}")).collect();
    if rules.is_empty() { "none".into() } else { rules.join(", ") }
}
