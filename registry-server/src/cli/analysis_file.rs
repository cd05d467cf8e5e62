//! `analysis-file`: the statistician's file, ordered by staff, agreed to by two others, and made anew each time it is fetched.
//!
//! Promises: every step stands in the audit log before anything is written; the register keeps no such file, so that whoever leaves the data
//! set is in none that is fetched from then on; the folder is written whole or not at all.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use schemas::exit::Exit;
use serde_json::json;

use super::{Call, Form, line, print_json};
use crate::extract::analysis::{File, files};
use crate::fact::Part;
use crate::failure::Failure;
use crate::request::analysis::{Order, Step, Taken, may_order};
use crate::store::{Cut, Opening, Store, User, UserKey, UserState};

/// The file that says what the others are.
const ABOUT: &str = "about.json";
/// What tells a reader of the folder how to treat it.
const SCHEMA: &str = "registry-analysis-file/1";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    then: Option<Command>,
    /// The frozen data set that a file is ordered of, by number or name
    #[arg(long, value_name = "ID", required = true)]
    cut: Option<String>,
    /// What the file is for, one line
    #[arg(long, value_name = "TEXT", required = true)]
    purpose: Option<String>,
    /// The account in whose name it is ordered
    #[arg(long, value_name = "NAME", value_parser = super::user::name, required = true)]
    by: Option<String>,
}

/// A new order.
struct New {
    cut: String,
    purpose: String,
    by: By,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Agree to an order; a second approver must agree too
    Approve {
        /// The number of the order
        number: u32,
        #[command(flatten)]
        by: By,
    },
    /// Write the file of an order into a new folder, within thirty days of the second approval
    Fetch {
        /// The number of the order
        number: u32,
        /// Where to: a folder that is not there yet
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        #[command(flatten)]
        by: By,
    },
    /// Show every order and where it stands
    List,
}

/// In whose name.
#[derive(Debug, Args)]
struct By {
    /// The account in whose name it is done: an e-mail address, or the name that `user list` shows of whom an identity provider
    /// vouches for
    #[arg(long, value_name = "NAME", value_parser = super::user::name)]
    by: String,
}

/// Runs it.
pub(super) async fn run(arguments: Arguments, call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let done = run_on((&*store, call), arguments).await;
    store.close().await;
    done.map(|()| Exit::Done)
}

async fn run_on((store, call): (&dyn Store, &Call), arguments: Arguments) -> Result<(), Failure> {
    match arguments.then {
        Some(Command::Approve { number, by }) => {
            let order = step((store, call), number, (Step::Approved, &by)).await?;
            told(&order, call);
            Ok(())
        }
        Some(Command::Fetch { number, out, by }) => fetch((store, call), number, (&out, &by)).await,
        Some(Command::List) => list((store, call)).await,
        None => {
            let Arguments { cut: Some(cut), purpose: Some(purpose), by: Some(by), .. } = arguments else {
                return Err(Failure::usage("an order needs --cut, --purpose and --by"));
            };
            order((store, call), &New { cut, purpose, by: By { by } }).await
        }
    }
}

async fn order((store, call): (&dyn Store, &Call), new: &New) -> Result<(), Failure> {
    let (purpose, person) = (line("--purpose", &new.purpose)?, somebody((store, call), &new.by).await?);
    may_order(&person.role).map_err(|why| Failure::usage(why.to_string()))?;
    let cuts = store.cuts().await?;
    let cut = cuts.iter().find(|cut| cut.is_called(&new.cut)).ok_or_else(|| {
        Failure::usage("there is no such frozen data set; `cut list` shows every one, `cut create NAME` makes one")
    })?;
    let stamp = call.environment.stamp();
    let first = Taken { step: Step::Ordered, at: stamp.at, person: person.number };
    let number = store.add_analysis((cut.number, &purpose), first, stamp).await?;
    told(&Order { number, cut: cut.number, purpose, steps: vec![first] }, call);
    Ok(())
}

/// Takes a step with an order that is there; gives the order as it is then.
async fn step((store, call): (&dyn Store, &Call), number: u32, (step, by): (Step, &By)) -> Result<Order, Failure> {
    let person = somebody((store, call), by).await?;
    let orders = store.analyses().await?;
    let mut order = orders
        .into_iter()
        .find(|order| order.number == number)
        .ok_or_else(|| Failure::usage(format!("there is no order {number}; `analysis-file list` shows every one")))?;
    let stamp = call.environment.stamp();
    let may = order.may(step, (person.number, &person.role), stamp.at);
    may.map_err(|why| Failure::usage(why.to_string()))?;
    let taken = Taken { step, at: stamp.at, person: person.number };
    if !store.step_analysis(number, order.steps.len(), taken, stamp).await? {
        return Err(Failure::other(format!(
            "somebody did something with order {number} at the same moment; look at `analysis-file list`"
        )));
    }
    order.steps.push(taken);
    Ok(order)
}

async fn fetch((store, call): (&dyn Store, &Call), number: u32, (out, by): (&Path, &By)) -> Result<(), Failure> {
    let lists = call.config()?.code_lists()?;
    if out.exists() {
        return Err(Failure::usage(format!("{} is there already; name a folder that is not", out.display())));
    }
    let unwritten = |error| Failure::other(format!("the folder {} could not be written: {error}", out.display()));
    // Before the order says that it was fetched.
    swept(&part_of(out)).map_err(unwritten)?;
    let order = step((store, call), number, (Step::Fetched, by)).await?;
    let cuts = store.cuts().await?;
    let cut = cuts.iter().find(|cut| cut.number == order.cut);
    let cut = cut.ok_or_else(|| Failure::other(format!("the data set c{} is gone", order.cut)))?;
    let facts = store.facts_of(cut.number, &[Part::Outcomes, Part::Senders]).await?;
    // Kept nowhere: nobody can tell later which id was whose.
    let files = files(&facts, &lists, &call.environment.random());
    written(out, &files, &about(&order, cut)).map_err(unwritten)?;
    let [treatments, scores] = files.map(|file| file.rows.len());
    match call.form {
        Form::Text => println!("{treatments} treatments and {scores} scores in {}", out.display()),
        Form::Json => print_json(&json!({
            "schema": SCHEMA, "number": number, "cut": cut.id(), "treatments": treatments, "scores": scores,
        })),
    }
    Ok(())
}

/// What a folder says of itself.
fn about(order: &Order, cut: &Cut) -> String {
    let text = json!({
        "schema": SCHEMA, "order": order.number, "purpose": order.purpose, "cut": cut.id(), "cut_hash": cut.hash,
        "fetched_at": order.steps.last().map(|taken| taken.at), "destroy_by": order.until(),
        "ids": "drawn for this file alone", "days": "months", "files": ["treatments", "scores"],
    });
    format!("{text:#}\n")
}

/// Where a folder is written before it is whole.
fn part_of(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    out.with_file_name(name)
}

/// Removes what a fetch that broke off left behind, and nothing else.
fn swept(part: &Path) -> std::io::Result<()> {
    if !part.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    let rows = ["treatments", "scores"].into_iter().flat_map(|name| [format!("{name}.csv"), format!("{name}.parquet")]);
    for own in rows.chain([ABOUT.to_owned()]) {
        match std::fs::remove_file(part.join(own)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::remove_dir(part)
}

fn written(out: &Path, files: &[File], about: &str) -> std::io::Result<()> {
    let part = part_of(out);
    std::fs::DirBuilder::new().mode(0o700).create(&part)?;
    let write = || {
        for file in files {
            std::fs::write(part.join(format!("{}.csv", file.name)), file.csv().map_err(std::io::Error::other)?)?;
            let columns = file.parquet().map_err(std::io::Error::other)?;
            std::fs::write(part.join(format!("{}.parquet", file.name)), columns)?;
        }
        std::fs::write(part.join(ABOUT), about)?;
        std::fs::rename(&part, out)
    };
    write().inspect_err(|_| {
        // What could not be written whole is of no use to anybody.
        let _ = std::fs::remove_dir_all(&part);
    })
}

async fn list((store, call): (&dyn Store, &Call)) -> Result<(), Failure> {
    let (orders, now) = (store.analyses().await?, call.environment.now());
    if call.form == Form::Json {
        let orders: Vec<_> = orders.iter().map(|order| document(order, now)).collect();
        print_json(&json!({ "schema": "registry-analysis-orders/1", "orders": orders }));
        return Ok(());
    }
    if orders.is_empty() {
        println!("no file was ordered; `analysis-file --cut ID --purpose TEXT --by NAME` orders one");
        return Ok(());
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "cut", "stands", "approved by", "until", "fetched", "purpose"]);
    for order in orders {
        let fetched = order.steps.iter().filter(|taken| taken.step == Step::Fetched).count();
        table.add_row([
            order.number.to_string(),
            format!("c{}", order.cut),
            order.standing(now).word().to_owned(),
            order.approvals().count().to_string(),
            order.until().map(day).unwrap_or_default(),
            fetched.to_string(),
            order.purpose,
        ]);
    }
    println!("{table}");
    Ok(())
}

fn told(order: &Order, call: &Call) {
    let now = call.environment.now();
    if call.form == Form::Json {
        let mut document = document(order, now);
        document["schema"] = "registry-analysis-order/1".into();
        return print_json(&document);
    }
    let number = order.number;
    match order.until() {
        Some(until) => println!(
            "order {number} is approved until {}; `analysis-file fetch {number} --out FOLDER --by NAME` writes the file for whoever ordered it",
            day(until)
        ),
        None => println!(
            "order {number} waits for {} approvers; `analysis-file approve {number} --by NAME`",
            2 - order.approvals().count()
        ),
    }
}

fn document(order: &Order, now: Timestamp) -> serde_json::Value {
    json!({
        "number": order.number, "cut": format!("c{}", order.cut), "purpose": order.purpose,
        "standing": order.standing(now).word(), "until": order.until(),
        "steps": order.steps.iter().map(|taken| json!({
            "step": taken.step.word(), "at": taken.at, "person": taken.person,
        })).collect::<Vec<_>>(),
    })
}

/// Of a moment the day, as people write it.
fn day(at: Timestamp) -> String {
    schemas::rule::today(at).to_string()
}

/// An account that may sign in.
async fn somebody((store, call): (&dyn Store, &Call), By { by }: &By) -> Result<User, Failure> {
    let found = store.user(&UserKey::Email(by.clone())).await?;
    let found = found.filter(|user| user.state(call.environment.now()) == UserState::Active);
    found.ok_or_else(|| Failure::usage("--by names nobody who may sign in now; `user list` shows everybody"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fetch_that_broke_off_left_is_removed_and_what_is_somebody_else_s_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("file");
        let part = part_of(&out);
        swept(&part).unwrap();
        std::fs::create_dir(&part).unwrap();
        std::fs::write(part.join("treatments.csv"), "half").unwrap();
        assert!(written(&out, &[], "{}").is_err(), "the control: it is in the way");
        std::fs::create_dir_all(&part).unwrap();
        std::fs::write(part.join("scores.parquet"), "half").unwrap();
        swept(&part).unwrap();
        assert!(!part.exists());
        written(&out, &[], "{}").unwrap();
        assert_eq!(std::fs::read_to_string(out.join(ABOUT)).unwrap(), "{}");
        std::fs::create_dir(&part).unwrap();
        std::fs::write(part.join("thesis.txt"), "mine").unwrap();
        swept(&part).unwrap_err();
        assert!(part.join("thesis.txt").exists());
    }
}
