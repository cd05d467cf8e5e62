//! A year of deliveries as files for an inspector: what was counted, receipts, releases, erasures, versions and configuration.
//!
//! Promises: no person, pseudonym, record key or local id stands in any file; receipts are the register's bytes, so that
//! `receipt verify` checks them; the index names every file with its checksum. Pure: writes nothing by itself.

mod index;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemas::canonical;
use serde_json::{Value, json};

use crate::outbox::Year;

/// What an index says of a year besides its files.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The sender.
    pub sender: &'a str,
    /// `test` or `production`.
    pub environment: &'a str,
    /// The year, UTC.
    pub year: i16,
}

/// One file of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, with the folder in front.
    pub name: String,
    /// What it holds, in Swedish and English; empty for one of many in a folder.
    pub about: (&'static str, &'static str),
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Every file of a year, the index last; `erasures` are the erasure receipts with their numbers.
#[must_use]
pub fn files(subject: &Subject<'_>, year: &Year, erasures: &[(i64, Vec<u8>)]) -> Vec<File> {
    let text = |name: &str, about, text: String| File { name: name.into(), about, bytes: text.into_bytes() };
    let mut files = vec![
        text("accounting.csv", ("Vad varje körning räknade", "What each run counted"), accounting(year)),
        text(
            "versions.csv",
            ("Program, regler, kodlistor och nyckel", "Program, rules, code lists and key"),
            versions(year),
        ),
        text("releases.json", ("Godkännanden", "Releases"), pretty(&json!(year.releases))),
        text(
            "configuration.json",
            ("Ändringar av konfigurationen", "Changes of the configuration"),
            pretty(&changes(subject.year, year)),
        ),
    ];
    for (folder, receipts) in [("receipts", year.receipts.as_slice()), ("erasures", erasures)] {
        files.extend(receipts.iter().map(|(number, bytes)| File {
            name: format!("{folder}/{number:06}.json"),
            about: ("", ""),
            bytes: bytes.clone(),
        }));
    }
    let index = index::page(subject, year, &files);
    files.push(File { name: "index.html".into(), about: ("", ""), bytes: index.into_bytes() });
    files
}

fn accounting(year: &Year) -> String {
    let mut text = String::from("cycle,started_at,reading,payload_sha256,term,rule,n\n");
    let cycles: BTreeMap<i64, _> = year.cycles.iter().map(|cycle| (cycle.id, cycle)).collect();
    for (id, term, rule, n) in &year.counts {
        let Some(cycle) = cycles.get(id) else { continue };
        writeln!(text, "{id},{},{},{},{term},{rule},{n}", cycle.started_at, cycle.reading, cycle.payload_sha256).ok();
    }
    text
}

/// One line for each cycle from which something is another than before.
fn versions(year: &Year) -> String {
    let mut text = String::from("cycle,started_at,agent,rules,codelists,kid\n");
    let mut before = None;
    for cycle in &year.cycles {
        let now = (&cycle.agent, &cycle.rules, &cycle.codelists, &cycle.kid);
        if before.replace(now) != Some(now) {
            let (agent, rules, codelists, kid) = now;
            writeln!(text, "{},{},{agent},{rules},{codelists},{kid}", cycle.id, cycle.started_at).ok();
        }
    }
    text
}

/// The changes of a year; the configuration that was in force before it is no change.
fn changes(number: i16, year: &Year) -> Value {
    let mut before: BTreeMap<String, Value> = BTreeMap::new();
    let mut told = Vec::new();
    for (cycle, started_at, settings) in &year.configurations {
        let now: BTreeMap<String, Value> = serde_json::from_str(settings).unwrap_or_default();
        let names = before.keys().chain(now.keys().filter(|name| !before.contains_key(*name)));
        let changed: BTreeMap<&String, Value> = names
            .filter(|name| before.get(*name) != now.get(*name))
            .map(|name| (name, json!({ "before": before.get(name), "now": now.get(name) })))
            .collect();
        if started_at.starts_with(&format!("{number:04}")) {
            let hash = canonical::sha256_hex(settings.as_bytes());
            told.push(json!({ "cycle": cycle, "started_at": started_at, "sha256": hash, "changed": changed }));
        }
        before = now;
    }
    Value::Array(told)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
