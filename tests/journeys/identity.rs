//! No identity number leaves the region or touches a disk: the hunt over everything that either program writes or says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use end_to_end::hunt::{Hit, Hunt};
use end_to_end::process::{AGENT, Running, command};
use end_to_end::wire::Capture;
use end_to_end::world::{Region, World};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Every number of a region: as its persons have them, and as its database spells and misspells them.
async fn numbers(region: &Region) -> BTreeSet<String> {
    let mut connection =
        SqliteConnectOptions::new().filename(region.source.file()).read_only(true).connect().await.unwrap();
    let spelled: Vec<String> = sqlx::query_scalar(r#"SELECT CAST("personnummer" AS TEXT) FROM "invånare""#)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    // A reserve number holds a letter; its eight digits of a date alone are nobody's number.
    let digits = spelled.into_iter().filter(|number| !number.contains(char::is_alphabetic));
    digits.chain(region.plan.treatments.iter().map(|treatment| treatment.person.number.clone())).collect()
}

/// Whether a process may leave a core dump.
fn may_dump(running: &Running) -> bool {
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    core.split_whitespace().nth(4) != Some("0")
}

/// Runs a command and looks into its state and its unlinked files for as long as it runs: the scratch file lives no longer.
fn watched(region: &Region, hunt: &Hunt, arguments: &[&str], log: &Path) -> (Vec<Hit>, usize) {
    let agent = command(AGENT, Some(&region.site.config()), arguments).unwrap();
    let mut running = Running::start(agent, log).unwrap();
    let (mut hits, mut looks) = (Vec::new(), 0);
    while running.is_running() {
        // A process that ends between two looks has no files to look into any more.
        if let Ok(found) = hunt.process(running.id()) {
            hits.extend(found);
            looks += 1;
        }
        hits.extend(hunt.directory(&region.site.state()).unwrap_or_default());
    }
    (hits, looks)
}

fn tell(hits: &[Hit]) -> String {
    hits.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_identity_number_is_in_state_register_wire_open_files_or_logs_and_a_planted_one_is_found() {
    let world = World::start("").unwrap();
    let region = world.invent(3, (1, "12"), 300).await.unwrap();
    let numbers = numbers(&region).await;
    assert!(numbers.len() > 250);
    let hunt = Hunt::new(&numbers);
    let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
    let log = world.folder().join("agent.log");

    let mut said = String::new();
    for arguments in [["check", "--connect"], ["preview", "--limit=400"]] {
        let ended = region.site.agent(&arguments).unwrap().expect(&[0]).unwrap();
        said += &(ended.stdout + &ended.stderr);
    }
    let (open_files, looks) = watched(&region, &hunt, &["once", "--full"], &log);
    for arguments in [vec!["once"], vec!["status"], vec!["status", "--json"]] {
        let ended = region.site.agent(&arguments).unwrap();
        said += &(ended.stdout + &ended.stderr);
    }
    assert!(looks > 1 && said.contains("programme-unknown"));
    assert!(capture.exchanges().len() >= 4, "the deliveries went through the proxy");

    let register = world.register();
    let mut hits = open_files;
    hits.extend(hunt.directory(&region.site.state()).unwrap());
    hits.extend(hunt.directory(&register).unwrap());
    hits.extend(hunt.bytes("standard output and error", said.as_bytes()));
    for file in [&log, &world.log()] {
        hits.extend(hunt.bytes("log", &std::fs::read(file).unwrap()));
    }
    let streams = capture.streams();
    assert!(streams.iter().map(Vec::len).sum::<usize>() > 20_000);
    for stream in &streams {
        hits.extend(hunt.bytes("wire", stream));
    }
    for exchange in capture.exchanges() {
        hits.extend(hunt.bytes("wire, unpacked", &exchange.request.content().unwrap()));
        hits.extend(hunt.bytes("wire, unpacked", &exchange.reply.content().unwrap()));
    }
    assert!(hits.is_empty(), "{}", tell(&hits));

    // The positive controls: one number, planted where each of the hunts looked.
    let planted = numbers.iter().max().unwrap();
    let state = region.site.state().join("outbox.db");
    plant(&state, planted);
    plant(&register.join("planted"), planted);
    assert!(!hunt.directory(&region.site.state()).unwrap().is_empty());
    assert!(!hunt.directory(&register).unwrap().is_empty());
    assert!(!hunt.bytes("log", format!("person {planted} met").as_bytes()).is_empty());
    let packed = zstd::encode_all(format!("{{\"a\":\"{planted}\"}}").as_bytes(), 1).unwrap();
    assert!(!hunt.bytes("wire", &[streams[0].as_slice(), &packed].concat()).is_empty());
    assert!(!may_dump(&world.server.running), "the register's memory holds keys");
    assert!(!hunt_unlinked(&hunt, planted, world.folder()).is_empty());
}

/// Appends a number to a file, as bytes that no reader of the file would notice.
fn plant(file: &PathBuf, number: &str) {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    // A digit before it, as a file may end with, would make it another number.
    write!(file, " {number}").unwrap();
}

/// Hunts in a process that holds a number in a file that has no name any more.
fn hunt_unlinked(hunt: &Hunt, number: &str, folder: &Path) -> Vec<Hit> {
    let file = folder.join("unlinked");
    std::fs::write(&file, number).unwrap();
    let mut sleeper = std::process::Command::new("sleep");
    sleeper.arg("60").stdin(std::fs::File::open(&file).unwrap());
    let running = Running::start(sleeper, &folder.join("sleep.log")).unwrap();
    std::fs::remove_file(&file).unwrap();
    hunt.process(running.id()).unwrap()
}
