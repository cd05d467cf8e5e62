//! The region saw it first: with hold on nothing leaves, and what is released is what was shown, byte for byte.
//!
//! Promises: the agent's TLS is opened on its way, so that everything that it says is looked at.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use end_to_end::active::{active_set, alter, stored_batches};
use end_to_end::crash::strace;
use end_to_end::process::{AGENT, command, ended};
use end_to_end::wire::{Capture, Exchange};
use end_to_end::world::{Region, World};
use serde_json::Value;

const EDIT: &str = r#"UPDATE "moment" SET "program" = 'Oroshjälpen' WHERE "moment_id" = 5"#;

/// A region whose queue waits, and a look at everything that its agent says.
async fn region_with(world: &World, hold: &str) -> (Region, Capture) {
    let region = world.invent(11, (0, "01"), 60).await.unwrap();
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    std::fs::write(region.site.config(), format!("{config}\n[release]\nhold = {hold}\n")).unwrap();
    let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
    (region, capture)
}

fn agent(region: &Region, arguments: &[&str], exit: i32) -> Value {
    let ended = region.site.agent(&[arguments, &["--json"]].concat()).and_then(|ended| ended.expect(&[exit])).unwrap();
    ended.json().unwrap()
}

/// The requests that carry records.
fn sent(capture: &Capture) -> Vec<Exchange> {
    capture.exchanges().into_iter().filter(|exchange| exchange.request.method() == "PUT").collect()
}

/// Whether anything that was said names a person or a record.
fn names_somebody(capture: &Capture) -> bool {
    let names = |stream: &Vec<u8>| [&b"psn1."[..], b"rec1."].iter().any(|name| stream.windows(5).any(|at| at == *name));
    let bodies = capture.exchanges().into_iter().filter_map(|exchange| exchange.request.content().ok());
    capture.streams().iter().any(names) || bodies.into_iter().any(|body| names(&body))
}

fn database(region: &Region) -> PathBuf {
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    let url = config.lines().find_map(|line| line.strip_prefix("url = \"sqlite://")).unwrap();
    url.trim_end_matches('"').into()
}

/// Runs a command of the agent; gives every internet address that it names to the system, where bytes or a connection are to go.
fn addresses(region: &Region, arguments: &[&str], exit: i32) -> BTreeSet<(String, u16)> {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("calls");
    let agent = command(AGENT, Some(&region.site.config()), arguments).unwrap();
    let mut strace = Command::new("strace");
    strace.args([
        "--follow-forks",
        "--quiet=all",
        "--signal=none",
        "--trace=connect,sendto,sendmsg,sendmmsg",
        "--output",
    ]);
    strace.arg(&list).arg(agent.get_program()).args(agent.get_args());
    for (variable, _) in agent.get_envs() {
        strace.env_remove(variable);
    }
    ended(strace).and_then(|ended| ended.expect(&[exit])).unwrap();
    std::fs::read_to_string(list).unwrap().lines().filter_map(address).collect()
}

/// The address in a line such as `connect(9, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0`.
fn address(line: &str) -> Option<(String, u16)> {
    let (_, behind) = line.split_once("_port=htons(")?;
    let (port, behind) = behind.split_once(')')?;
    let host = behind.split('"').nth(1)?;
    Some((host.to_owned(), port.parse().ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_hold_the_agent_names_no_address_but_the_one_where_all_that_it_says_is_heard() {
    if !strace::is_here() {
        return;
    }
    let world = World::start("").unwrap();
    let (region, capture) = region_with(&world, "\"always\"").await;
    let heard = ("127.0.0.1".to_owned(), capture.address().port());
    let held = addresses(&region, &["once"], 3);
    assert_eq!(held, BTreeSet::from([heard.clone()]));
    assert!(sent(&capture).is_empty() && !names_somebody(&capture), "something left before its release");
    // The control: another address is noticed, and what is released is heard.
    let direct = std::fs::read_to_string(region.site.config()).unwrap();
    let away = direct.replace(&format!(":{}\"", heard.1), &format!(":{}\"", world.server.regions.port()));
    std::fs::write(region.site.config(), away).unwrap();
    assert!(!addresses(&region, &["once"], 3).contains(&heard));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_hold_nothing_leaves_and_a_release_sends_the_very_bytes_that_were_shown() {
    let world = World::start("").unwrap();
    let (region, capture) = region_with(&world, "\"always\"").await;
    let first = agent(&region, &["once"], 3);
    let hash = first["payload_sha256"].as_str().unwrap().to_owned();
    assert!(first["delivery"].as_str().unwrap().contains(&format!("release {hash}")), "{first}");

    let shown = agent(&region, &["preview", "--pending"], 0);
    assert_eq!(shown["payload_sha256"], hash.as_str());
    assert_eq!(shown["new"].as_u64().unwrap(), shown["records"].as_array().unwrap().len() as u64);

    alter(&database(&region), EDIT).await.unwrap();
    agent(&region, &["once", "--full"], 3);
    let wrong = region.site.agent(&["release", &"0".repeat(64)]).unwrap().expect(&[1]).unwrap();
    assert!(wrong.stderr.contains(&hash) && wrong.stderr.contains("nothing was sent"), "{}", wrong.stderr);
    assert!(!capture.exchanges().is_empty(), "the agent was heard");
    assert!(sent(&capture).is_empty() && !names_somebody(&capture), "something left before its release");
    assert_eq!(stored_batches(&world.database()).await.unwrap(), 0);

    let released = agent(&region, &["release", &hash], 0);
    assert_eq!(released["payload_sha256"], hash.as_str());
    assert!(names_somebody(&capture), "what leaves is seen");
    let mut paths = Vec::new();
    for exchange in sent(&capture) {
        let body = String::from_utf8(exchange.request.content().unwrap()).unwrap();
        let mut lines = body.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let manifest = lines.next().unwrap();
        if lines.any(|line| line["kind"] != "run") {
            assert_eq!(manifest["payload_sha256"], hash.as_str());
            paths.push(exchange.request.path().to_owned());
        }
    }
    let expected = shown["pending"]["batches"].as_array().unwrap().iter();
    let expected: Vec<String> =
        expected.map(|batch| format!("/v1/batches/{}", batch["sha256"].as_str().unwrap())).collect();
    assert_eq!(paths, expected);
    let at_register = active_set(&world.database()).await.unwrap().len() as u64;
    assert_eq!(Some(at_register), shown["new"].as_u64());

    let next = agent(&region, &["preview", "--pending"], 0);
    assert_ne!(next["payload_sha256"], hash.as_str(), "what changed later waits by itself");
    let log = agent(&region, &["release", "--log"], 0);
    assert_eq!(log["releases"][0]["payload_sha256"], hash.as_str());
    assert_eq!(log["releases"].as_array().unwrap().len(), 1);

    let year = &log["releases"][0]["at"].as_str().unwrap()[..4];
    let evidence = region.site.folder.join("evidence");
    let out = evidence.display().to_string();
    region.site.agent(&["evidence", "--year", year, "--out", &out]).unwrap().expect(&[0]).unwrap();
    let receipts: Vec<_> =
        std::fs::read_dir(evidence.join("receipts")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(receipts.len(), sent(&capture).len());
    for receipt in receipts {
        region.site.agent(&["receipt", "verify", &receipt.display().to_string()]).unwrap().expect(&[0]).unwrap();
    }
}
