//! The power fails (R3): what was acknowledged is there when it is back, whatever a disk with a cache of its own has lost.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use end_to_end::crash::power::{Disk, Step, What, recorded, watched};
use end_to_end::crash::strace::{self, Traced};
use end_to_end::crash::whole::intact;
use end_to_end::platform::Random;
use end_to_end::process::{SERVER, Server, command};
use end_to_end::world::World;

use super::register_with_a_caller;
use crate::access::batch::{batch, treatment};
use crate::access::curl::{self, Caller};

const BATCHES: usize = 12;
const TREATMENTS: usize = 5;
const SEED: u64 = 1;

/// A register that took batches: what it did to its disk, and when each receipt was in its sender's hands.
struct Told {
    world: World,
    empty: Disk,
    steps: Vec<Step>,
    receipts: Vec<(u64, Vec<u8>)>,
    batches: Vec<Vec<u8>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_batch_is_lost_when_the_power_fails_and_without_flushes_of_the_log_every_one_would_be() {
    if !strace::is_here() || !curl::is_here() {
        return;
    }
    let told = deliver();
    let place = told.world.folder().join("after");
    let (mut disk, mut random, mut lost, mut looks) = (told.empty.clone(), Random::new(SEED), 0, 0);
    for (at, step) in told.steps.iter().enumerate() {
        disk.take(step);
        let until = told.steps.get(at + 1).map_or(u64::MAX, |next| next.at);
        for keep in [0, 50] {
            let files = disk.without_power(&mut || random.chance(keep));
            lost += told.missing(&place, &files, until);
            looks += 1;
        }
    }
    println!("seed {SEED}: {} steps, {looks} losses of power, {lost} acknowledged batches lost", told.steps.len());
    assert_eq!(lost, 0);

    // The positive control: the log is flushed at no commit, as with synchronous=NORMAL.
    let mut careless = told.empty.clone();
    let log = |step: &&Step| step.what != What::Flush || !step.file.to_string_lossy().ends_with("-wal");
    for step in told.steps.iter().filter(log) {
        careless.take(step);
    }
    assert_eq!(told.missing(&place, &careless.without_power(&mut || false), u64::MAX), BATCHES);

    told.must_come_back(&disk.without_power(&mut || false));
}

fn deliver() -> Told {
    let (world, caller) = register_with_a_caller();
    let (folder, list) = (world.register(), world.folder().join("calls"));
    let empty = Disk::of(&folder).unwrap();
    let serve = watched(&command(SERVER, Some(&world.config()), &["serve"]).unwrap(), &list);
    let server = Server::start_with(serve, &world.log()).unwrap();
    let mut traced = Traced::by(server.running.id());
    let one = |number: usize| {
        let records: Vec<_> = (0..TREATMENTS).map(|at| treatment("12", number * TREATMENTS + at, 5)).collect();
        batch("12", &records)
    };
    let batches: Vec<Vec<u8>> = (0..BATCHES).map(one).collect();
    let mut receipts = Vec::new();
    for bytes in &batches {
        let answer = caller.put(bytes);
        assert_eq!(answer.status, 200, "{}", answer.text());
        receipts.push((microseconds(), answer.body));
    }
    traced.kill();
    let mut server = server;
    server.running.wait().unwrap();
    let steps = recorded(&std::fs::read_to_string(list).unwrap(), &folder);
    Told { world, empty, steps, receipts, batches }
}

impl Told {
    /// How many batches are not there whose receipts were heard before a moment.
    fn missing(&self, place: &Path, files: &BTreeMap<PathBuf, Vec<u8>>, until: u64) -> usize {
        put(files, place);
        let database = place.join("register.db");
        intact(&database).unwrap();
        let connection = rusqlite::Connection::open(&database).unwrap();
        let mut statement = connection.prepare("SELECT receipt FROM batch").unwrap();
        let there: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let heard = self.receipts.iter().filter(|(at, _)| *at < until);
        heard.filter(|(_, receipt)| !there.contains(receipt)).count()
    }

    /// The register itself gives the same receipts again.
    fn must_come_back(mut self, files: &BTreeMap<PathBuf, Vec<u8>>) {
        put(files, &self.world.register());
        self.world.server = Server::start(&self.world.config(), &self.world.log()).unwrap();
        let caller = Caller::of(&self.world, "12");
        for (bytes, (_, receipt)) in self.batches.iter().zip(&self.receipts) {
            assert_eq!(&caller.put(bytes).body, receipt);
        }
    }
}

fn put(files: &BTreeMap<PathBuf, Vec<u8>>, place: &Path) {
    std::fs::remove_dir_all(place).ok();
    std::fs::create_dir_all(place).unwrap();
    for (file, bytes) in files {
        std::fs::write(place.join(file.file_name().unwrap()), bytes).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "the moment is compared with those that the system writes")]
fn microseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_micros()).unwrap()
}
