//! The JSON documents of the agent's commands: one document each on standard output, with its schema, and nothing else.

use std::collections::BTreeSet;

use end_to_end::process::AGENT;
use end_to_end::world::{Region, World};

use super::region::region;
use super::{frozen, help};

/// Commands as they follow on each other in an administrator's day: arguments, exit code, name of the document.
const DAY: [(&[&str], i32, &str); 27] = [
    (&["version"], 0, "version"),
    (&["key", "id"], 0, "key id"),
    (&["config", "show", "--effective"], 0, "config show"),
    (&["check"], 0, "check"),
    (&["check", "--connect"], 0, "check with connect"),
    (&["map"], 3, "map"),
    (&["schedule", "preview"], 0, "schedule preview"),
    (&["status"], 4, "status before the first run"),
    (&["preview", "--limit", "2"], 0, "preview before the first run"),
    (&["once"], 3, "once"),
    (&["preview"], 0, "preview after the first run"),
    (&["held", "list"], 0, "held list"),
    (&["held", "retry"], 3, "held retry"),
    (&["worklist"], 0, "worklist"),
    (&["withdraw", "--dry-run"], 0, "withdraw dry run"),
    (&["withdraw", "--receipts"], 0, "withdraw receipts"),
    (&["objections", "count"], 0, "objections count"),
    (&["objections", "log"], 0, "objections log"),
    (&["person-extract"], 0, "person extract"),
    (&["vanished", "list"], 0, "vanished list"),
    (&["release", "--log"], 0, "release log"),
    (&["receipt", "witness"], 0, "receipt witness"),
    (&["status"], 4, "status after the first run"),
    (&["person", "merge"], 0, "person merge"),
    (&["person", "split"], 0, "person split"),
    (&["pause", "--until", "2090-12-24", "--reason", "new servers"], 0, ""),
    (&["schedule", "preview"], 0, "schedule preview in a pause"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_json_document_has_its_schema_and_is_what_was_agreed() {
    let (world, region) = region().await;
    for (arguments, exit, name) in DAY {
        if name.is_empty() {
            region.site.agent(arguments).unwrap().expect(&[exit]).unwrap();
        } else {
            document((&world, &region), (arguments, exit, name));
        }
    }
}

fn document((world, region): (&World, &Region), (arguments, exit, name): (&[&str], i32, &str)) {
    // Whoever is asked about is asked on standard input, and who is one with somebody beside them.
    let numbers: BTreeSet<&str> = region.plan.treatments.iter().map(|one| one.person.number.as_str()).collect();
    let asked: Vec<&str> = numbers.into_iter().take(if arguments[0] == "person" { 2 } else { 1 }).collect();
    let told = region.site.agent_told(&asked.join(" "), &[arguments, &["--json"]].concat());
    let ended = told.and_then(|ended| ended.expect(&[exit])).unwrap();
    // Reading the whole output as one document fails when anything stands beside it.
    let document = ended.json().unwrap();
    let schema = document["schema"].as_str().unwrap_or_default();
    let (family, version) = schema.split_once('/').unwrap_or_default();
    assert!(family.starts_with("registry-") && version.parse::<u32>().is_ok(), "{name}: {schema}");
    let logged = ended.stderr.lines().all(|line| line.starts_with('{'));
    assert!(logged || exit != 0, "{name} says more than its document: {}", ended.stderr);
    frozen(&format!("document of {name}"), &ended.stdout, Some(world.folder()));
}

#[test]
fn every_command_that_prints_json_is_among_those_whose_document_is_frozen() {
    let all = help::commands(AGENT);
    let printing = all.iter().filter(|words| help::help(AGENT, words).contains("--json"));
    let printing: BTreeSet<String> = printing.map(|words| words.join(" ")).collect();
    let frozen = |command: &String| DAY.iter().any(|(arguments, ..)| arguments.join(" ").starts_with(command.as_str()));
    // These need a receipt's file, a register that moves on, or a frozen year; the journeys `witness`, `reconcile` and `cuts` read their
    // documents.
    let elsewhere = ["receipt verify", "reconcile", "attest"];
    let forgotten: Vec<&String> =
        printing.iter().filter(|command| !frozen(command) && !elsewhere.contains(&command.as_str())).collect();
    assert_eq!(forgotten, [""; 0]);
    assert!(printing.len() >= 12, "{printing:?}");
}
