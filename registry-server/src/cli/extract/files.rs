//! The files of requests, and tables for everybody: built, fetched, proved, opened.
//!
//! Promises: a file is written whole or not at all; what is proved needs no register and no configuration.

use std::path::Path;

use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use schemas::exit::Exit;
use schemas::language::Language;
use serde_json::json;

use super::{Printed, day, not_taken};
use crate::casework::{Caseworker, Workshop};
use crate::cli::{Call, print_json};
use crate::config::keys;
use crate::extract::asked::asked;
use crate::extract::build::Source;
use crate::extract::package::proof::prove;
use crate::failure::Failure;
use crate::request::form::Table;
use crate::store::alarm::Mark;
use crate::store::{Cut, Store, User};

/// No cut of that name.
const NO_CUT: &str = "there is no such frozen data set; `cut list` shows every one, `cut create NAME` makes one";

/// Builds the tables of an approved request.
pub(super) async fn build(
    (store, call): (&dyn Store, &Call),
    number: u32,
    person: &User,
    cut: Option<&str>,
) -> Result<(), Failure> {
    let config = call.config()?;
    let (lists, pepper) = (config.code_lists()?, keys::pepper(&config.pepper)?);
    let key = keys::receipt_key(&config.receipt_key)?;
    let mark = Mark { stamp: call.environment.stamp(), person: None };
    let caseworker = Caseworker { store, lists: &lists, person, mark };
    let with = Workshop { pepper: &pepper, key: &key, cut };
    let made = caseworker.build(number, &with, || call.environment.stamp()).await;
    let (_, package) = made.map_err(|why| not_taken(why, number))?;
    let (cut, bytes, name) = (package.cut, package.bytes.len(), &person.email);
    match call.form {
        Printed::Text => println!(
            "request {number} is built from c{cut}: {bytes} bytes, sha256 {}; look at it with `extract fetch {number} --out FILE --by {name}`, then `extract release {number} --by {name}`",
            package.sha256
        ),
        Printed::Json => print_json(&json!({
            "schema": "registry-server-package/1", "number": number, "cut": format!("c{cut}"), "bytes": bytes,
            "sha256": package.sha256,
        })),
    }
    Ok(())
}

/// Writes the files of a request.
pub(super) async fn fetch(
    (store, call): (&dyn Store, &Call),
    number: u32,
    person: &User,
    out: &Path,
) -> Result<(), Failure> {
    let lists = call.config()?.code_lists()?;
    let mark = Mark { stamp: call.environment.stamp(), person: None };
    let caseworker = Caseworker { store, lists: &lists, person, mark };
    let package = caseworker.files(number).await.map_err(|why| not_taken(why, number))?;
    let told = |error| Failure::other(format!("the archive {} could not be written: {error}", out.display()));
    std::fs::write(out, &package.bytes).map_err(told)?;
    match call.form {
        Printed::Text => println!("{} bytes in {}, sha256 {}", package.bytes.len(), out.display(), package.sha256),
        Printed::Json => print_json(&json!({
            "schema": "registry-server-package/1", "number": number, "bytes": package.bytes.len(), "sha256": package.sha256,
        })),
    }
    Ok(())
}

/// Proves an archive.
pub(super) fn verify(file: &Path, key: Option<&Path>, call: &Call) -> Result<Exit, Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("the archive {} cannot be read: {error}", file.display())))?;
    let known = key.map(public_key).transpose()?;
    let proven = prove(&bytes, known.as_ref())
        .map_err(|why| Failure::other(format!("{} is not proved: {why}", file.display())))?;
    match call.form {
        Printed::Text => {
            let whose = if known.is_some() {
                "of the key given"
            } else {
                "that is compared with the register's by its owner, or here with --key FILE"
            };
            println!(
                "{} files of request {} from {} are as they were signed, by key {} {whose}",
                proven.files, proven.request, proven.cut, proven.key_id
            );
        }
        Printed::Json => print_json(&json!({
            "schema": "registry-server-proof/1", "files": proven.files, "request": proven.request, "cut": proven.cut,
            "key_id": proven.key_id, "key_is_known": known.is_some(),
        })),
    }
    Ok(Exit::Done)
}

fn public_key(path: &Path) -> Result<VerifyingKey, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("the key {} cannot be read: {error}", path.display())))?;
    VerifyingKey::from_public_key_pem(&text).map_err(|_| {
        Failure::usage(format!(
            "{} is no Ed25519 public key in PEM form; give the register's receipt.pub",
            path.display()
        ))
    })
}

/// A table as it is written on a command line.
pub(super) fn table(split_by: Option<String>, measure: Option<String>, instrument: Option<String>) -> Table {
    let split_by = split_by.unwrap_or_default();
    let split_by = split_by.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect();
    Table {
        split_by,
        measure: measure.unwrap_or_default(),
        instrument: instrument.unwrap_or_default(),
        comparison: None,
    }
}

/// Builds a table and opens it to everybody.
pub(super) async fn publish(
    (store, call): (&dyn Store, &Call),
    table: &Table,
    cut: Option<&str>,
) -> Result<(), Failure> {
    let config = call.config()?;
    let (lists, pepper) = (config.code_lists()?, keys::pepper(&config.pepper)?);
    let asked = asked(table, &lists).map_err(|why| Failure::usage(why.pick(Language::En).to_owned()))?;
    let cuts = store.cuts().await?;
    let found = cut.map_or(cuts.last(), |word| cuts.iter().find(|cut| cut.is_called(word)));
    let cut = found.ok_or_else(|| Failure::usage(NO_CUT))?;
    let source = Source { store, cut, lists: &lists, pepper: &pepper };
    let built = source.build(&[asked], None, || call.environment.stamp()).await;
    let built = built.map_err(|why| Failure::other(why.to_string()))?;
    for one in built {
        let (place, table) = one.table.map_err(|why| Failure::other(why.to_string()))?;
        let is_new = store.publish(cut.number, place, call.environment.stamp()).await?;
        let now = if is_new { "is open to everybody" } else { "was open to everybody already" };
        match call.form {
            Printed::Text => println!("table {place} of {}, by {}, {now}", cut.id(), table.split_by),
            Printed::Json => print_json(&json!({
                "schema": "registry-server-release/1", "cut": cut.id(), "place": place, "split_by": table.split_by,
                "rows": table.rows.len(),
            })),
        }
    }
    Ok(())
}

/// Releases from cuts that somebody has left since, for the controller.
pub(super) async fn affected(store: &dyn Store, call: &Call) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for cut in store.cuts().await?.iter().filter(|cut| left(cut) > 0) {
        for release in store.releases(cut.number).await? {
            rows.push((cut.clone(), release));
        }
    }
    if call.form == Printed::Json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(cut, release)| {
                json!({
                    "cut": cut.id(), "place": release.place, "asked": release.asked, "at": release.at,
                    "request": release.request, "public": release.published_at.is_some(), "persons_left": left(cut),
                })
            })
            .collect();
        print_json(&json!({ "schema": "registry-server-affected/1", "releases": rows }));
        return Ok(());
    }
    if rows.is_empty() {
        println!("nobody has left a data set from which a table was released");
        return Ok(());
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["cut", "table", "released", "request", "open to all", "persons who left the cut", "by"]);
    for (cut, release) in rows {
        table.add_row([
            cut.id(),
            release.place.to_string(),
            day(release.at),
            release.request.map(|number| number.to_string()).unwrap_or_default(),
            if release.published_at.is_some() { "yes" } else { "no" }.to_owned(),
            left(&cut).to_string(),
            release.asked,
        ]);
    }
    println!("{table}");
    Ok(())
}

fn left(cut: &Cut) -> u64 {
    cut.withdrawn_persons()
}
