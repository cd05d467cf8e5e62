//! What only looks opens no connection but to its source and writes nothing: the built agent where there is no network at all.
//!
//! Promises: each command runs in a network namespace of its own whose only interface is down, and every socket that it asks the system
//! for is listed; a run that sends is the control for both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::platform::{Engine, Plan};
use end_to_end::process::{AGENT, Ended, command, ended};
use end_to_end::site::Site;
use end_to_end::world::World;

/// Commands that look, with the exit codes that a region with faults may have.
const LOOKING: [(&[&str], &[i32]); 9] = [
    (&["preview"], &[0]),
    (&["preview", "--json", "--limit", "3"], &[0]),
    (&["map"], &[0, 3]),
    (&["map", "suggest"], &[0]),
    (&["worklist"], &[0]),
    (&["check"], &[0]),
    (&["held", "list"], &[0]),
    (&["schedule", "preview"], &[0]),
    (&["status"], &[4]),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_opens_no_connection_but_to_its_source_and_writes_nothing() {
    let world = World::start("").unwrap();
    for (engine, ordinal, sender) in [(Engine::Sqlite, 0, "12"), (Engine::Csv, 1, "13")] {
        let site = world.invent_on(engine, Plan::invent(7, (ordinal, sender), 60)).await.unwrap().site;
        look(&world, &site);
        let (sending, sockets) = without_network(&site, &["once"]);
        let sending = sending.expect(&[69]).unwrap();
        assert!(sending.stderr.contains("the register is not reachable"), "{}", sending.stderr);
        assert!(sockets.contains("AF_INET"), "the control shows that sockets are listed: {sockets}");

        site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        carry_over(&site);
        look(&world, &site);
    }
}

/// Runs every command that looks; compares everything around it before and after.
fn look(world: &World, site: &Site) {
    let places = [site.folder.clone(), source_of(world, site)];
    for (arguments, exit) in LOOKING {
        let before = bytes(&places);
        let (looked, sockets) = without_network(site, arguments);
        looked.expect(exit).unwrap();
        let others: Vec<&str> = sockets.lines().filter(|line| !line.contains("AF_UNIX")).collect();
        assert_eq!(others, [""; 0], "{arguments:?} asks for sockets");
        let after = bytes(&places);
        let differs = |path: &&PathBuf| before.get(*path) != after.get(*path);
        let written: Vec<&PathBuf> = before.keys().chain(after.keys()).filter(differs).collect();
        assert_eq!(written, [""; 0].map(Path::new), "{arguments:?} writes");
    }
}

/// Carries what the run left in SQLite's log over into its file, which otherwise the next reader's end might do.
fn carry_over(site: &Site) {
    let outbox = rusqlite::Connection::open(site.state().join("outbox.db")).unwrap();
    outbox.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

/// Runs a command of the agent without a network; gives what it came to, and each socket that it asked for.
fn without_network(site: &Site, arguments: &[&str]) -> (Ended, String) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("sockets");
    let agent = command(AGENT, Some(&site.config()), arguments).unwrap();
    let mut strace = Command::new("strace");
    strace.args(["--follow-forks", "--quiet=all", "--signal=none", "--trace=socket", "--output"]).arg(&list);
    strace.args(["unshare", "--net"]);
    if !rustix::process::geteuid().is_root() {
        strace.arg("--map-current-user");
    }
    strace.arg(agent.get_program()).args(agent.get_args());
    for (variable, _) in agent.get_envs() {
        strace.env_remove(variable);
    }
    let ended = ended(strace).unwrap();
    (ended, std::fs::read_to_string(list).unwrap())
}

/// The file or folder that the region's tables stand in.
fn source_of(world: &World, site: &Site) -> PathBuf {
    let place = world.folder().join(format!("platform-{}", site.sender));
    ["db", "export"].map(|extension| place.with_extension(extension)).into_iter().find(|path| path.exists()).unwrap()
}

/// Every file below some places, with what stands in it.
fn bytes(places: &[PathBuf]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for place in places {
        collect(place, &mut found);
    }
    assert!(!found.is_empty());
    found
}

fn collect(place: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            collect(&entry.unwrap().path(), found);
        }
    } else if !is_of_a_reader(place) {
        found.insert(place.to_owned(), std::fs::read(place).unwrap());
    }
}

/// The files by which readers of a SQLite database know of each other: they hold nothing, and come and go with whoever reads.
fn is_of_a_reader(file: &Path) -> bool {
    let name = file.to_string_lossy();
    let empty = || file.metadata().is_ok_and(|metadata| metadata.len() == 0);
    name.ends_with(".db-shm") || name.ends_with(".db-wal") && empty()
}
