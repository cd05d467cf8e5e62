//! The files of requests: built, fetched, proved.
//!
//! Promises: a file is written whole or not at all, and that it was fetched stands in the audit log before; what is proved needs no
//! register and no configuration.

use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use schemas::exit::Exit;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::job::line;
use super::{Printed, not_taken};
use crate::casework::{Caseworker, Workshop};
use crate::cli::{Call, on_the_way, print_json};
use crate::config::keys;
use crate::extract::build::Told;
use crate::extract::package::proof::prove;
use crate::failure::Failure;
use crate::jobs::{self, Bench};
use crate::store::alarm::Mark;
use crate::store::audit::{Entry, What};
use crate::store::job::JobState;
use crate::store::release::Package;
use crate::store::{Store, User};

/// Builds the tables of an approved request, and tells meanwhile how far they have come.
pub(super) async fn build(
    (store, call): (&Arc<dyn Store>, &Call),
    number: u32,
    person: &User,
    cut: Option<&str>,
) -> Result<(), Failure> {
    let package = built((store, call), number, (person, cut)).await?;
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

/// The work itself, as one job, so that no server is at it too.
async fn built(
    (store, call): (&Arc<dyn Store>, &Call),
    number: u32,
    (person, cut): (&User, Option<&str>),
) -> Result<Package, Failure> {
    let (config, environment) = (call.config()?, &call.environment);
    let (lists, pepper) = (config.code_lists()?, keys::pepper(&config.pepper)?);
    let key = keys::receipt_key(&config.receipt_key)?;
    let mark = Mark { stamp: environment.stamp(), person: None };
    let caseworker = Caseworker { store: &**store, lists: &lists, person, quota: config.quota, mark };
    let holder = jobs::holder(environment);
    let begun = caseworker.ask_to_build(number, (cut, Some(&holder))).await;
    begun.map_err(|why| not_taken(why, number))?;
    let bench = Bench::new(store, environment, (number, &holder));
    let tell = |progress| {
        bench.tell(progress);
        if call.form == Printed::Text {
            on_the_way(&line(progress));
        }
    };
    let told = Told { tell: &tell, stop: &CancellationToken::new() };
    let with = Workshop { pepper: &pepper, key: &key, cut, told };
    let made = caseworker.build(number, &with, || environment.stamp()).await;
    let state = match &made {
        Ok(_) => JobState::Done,
        Err(why) => JobState::Failed(jobs::sentence(why)),
    };
    store.end_job((number, &holder), &state, environment.stamp()).await?;
    made.map(|(_, package)| package).map_err(|why| not_taken(why, number))
}

/// Writes the files of a request.
pub(super) async fn fetch(
    (store, call): (&dyn Store, &Call),
    number: u32,
    person: &User,
    out: &Path,
) -> Result<(), Failure> {
    let config = call.config()?;
    let (lists, quota) = (config.code_lists()?, config.quota);
    let mark = Mark { stamp: call.environment.stamp(), person: None };
    let caseworker = Caseworker { store, lists: &lists, person, quota, mark };
    let package = caseworker.files(number).await.map_err(|why| not_taken(why, number))?;
    let what = What::Read {
        page: format!("/extracts/{number}/files"),
        filter: String::new(),
        cut: Some(package.cut.into()),
        person: person.number,
        role: person.role.to_string(),
    };
    store.note_events(&[Entry::new(call.environment.stamp(), None, what)]).await?;
    let told = |error| Failure::other(format!("the archive {} could not be written: {error}", out.display()));
    written(out, &package.bytes).map_err(told)?;
    match call.form {
        Printed::Text => println!("{} bytes in {}, sha256 {}", package.bytes.len(), out.display(), package.sha256),
        Printed::Json => print_json(&json!({
            "schema": "registry-server-package/1", "number": number, "bytes": package.bytes.len(), "sha256": package.sha256,
        })),
    }
    Ok(())
}

/// Writes a file under another name first, so that whoever reads it finds it whole or not at all.
fn written(out: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, out)).inspect_err(|_| {
        // What could not be written whole is of no use to anybody.
        let _ = std::fs::remove_file(&part);
    })
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
