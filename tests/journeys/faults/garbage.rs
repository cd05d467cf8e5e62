//! A region that sends garbage: refused or rejected line by line without a value, with little memory, while another region delivers.
//!
//! Promises: everything follows from a seed; how long the register took is printed, and nothing depends on it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use end_to_end::active::{active_set, half_stored};
use end_to_end::fault::rig::LIMITS;
use end_to_end::platform::Random;
use end_to_end::process::{AGENT, Running, command};
use end_to_end::world::World;
use schemas::canonical;
use schemas::receipt::Receipt;
use serde_json::{Value, json};

use crate::access::batch::{batch, secrets, treatment, with};
use crate::access::connection::Connection;
use crate::access::curl::Caller;

const SEED: u64 = 29;
/// Requests of noise.
const FUZZ: usize = 300;
/// Rows of one batch, and batches that are sent unless `BAD_ROWS` says how many rows.
const ROWS: usize = 5_000;
const SOME: usize = 5;
/// Growth that a request of garbage may cause, kibibytes.
const GROWTH_KIB: u64 = 32 << 10;
/// What the register's database may keep in memory of what it has written, whatever that was, kibibytes.
const CACHE_KIB: u64 = 64 << 10;

/// A register with a region that delivers well, and one that does not.
struct Stage {
    world: World,
    caller: Caller,
    open: Connection,
    slowest: Duration,
    /// The most that the register grew by during one request, kibibytes.
    most: u64,
}

impl Stage {
    fn set() -> Self {
        let world = World::start(LIMITS).unwrap();
        world.registry(&["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
        let caller = Caller::of(&world, "12");
        let mut open = Connection::open(&caller);
        let body = json!({ "state_id": crate::access::batch::state() }).to_string();
        let head = format!("POST /v1/generation HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
        open.send(&[head.as_bytes(), body.as_bytes()].concat());
        assert_eq!(open.answer().0, 200);
        Self { world, caller, open, slowest: Duration::ZERO, most: 0 }
    }

    /// Sends a body to its own address, and answers what came back.
    fn put(&mut self, body: &[u8], more: &str) -> (u16, Vec<u8>) {
        let (digest, length) = (canonical::sha256_hex(body), body.len());
        let head =
            format!("PUT /v1/batches/{digest} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{more}\r\n");
        // The largest size is counted from here on.
        std::fs::write(self.process().join("clear_refs"), "5").unwrap();
        let (size, begun) = (self.kib("VmRSS:"), now());
        self.open.send(&[head.as_bytes(), body].concat());
        let answer = self.open.answer();
        self.slowest = self.slowest.max(begun.elapsed());
        self.most = self.most.max(self.kib("VmHWM:").saturating_sub(size));
        answer
    }

    fn process(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.world.server.running.id()))
    }

    /// Tells what requests of a kind took since the last were told, and what they left in memory.
    fn tell(&mut self, what: &str, before: u64) {
        let kept = self.kib("RssAnon:").saturating_sub(before);
        println!(
            "{what}: the slowest answered after {:?}, {} KiB more for one, {kept} KiB kept",
            self.slowest, self.most
        );
        assert!(self.most < GROWTH_KIB && kept < GROWTH_KIB + CACHE_KIB, "{} KiB, {kept} KiB", self.most);
        (self.slowest, self.most) = (Duration::ZERO, 0);
    }

    /// A line of the register's own status.
    fn kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(self.process().join("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends so many batches of rows that break a rule each.
    fn send_bad_rows(&mut self, batches: usize) {
        for number in 0..batches {
            let rows: Vec<Value> = (0..ROWS).map(|row| bad(number * ROWS + row)).collect();
            let body = batch("12", &rows);
            let (status, answer) = self.put(&body, "");
            let text = String::from_utf8_lossy(&answer);
            assert_eq!(status, 200, "{text}");
            let receipt: Receipt = serde_json::from_slice(&answer).unwrap();
            let found: Vec<u32> = receipt.body.findings.iter().map(|finding| finding.line).collect();
            assert!((1..).take(ROWS).eq(found), "each row is named once");
            assert!(receipt.body.findings.iter().all(|found| !found.rule.is_empty() && !found.field.is_empty()));
            // To look for every value of every row would take longer than the register does.
            let some = secrets(&batch("12", &rows[..8]));
            let told = some.into_iter().find(|secret| text.contains(secret.as_str()));
            assert_eq!(told, None, "a value is repeated");
        }
    }
}

/// A row that breaks one rule or another.
fn bad(number: usize) -> Value {
    let row = treatment("12", number, 5);
    match number % 4 {
        0 => with(row, &["content", "ended_on"], json!("2999-01-01")),
        1 => with(row, &["content", "programme"], json!(format!("okänt program {number}"))),
        2 => treatment("12", number, 99),
        _ => with(row, &["content", "note"], json!(format!("fri text {number}"))),
    }
}

/// A good batch, spoiled somehow.
fn spoiled(random: &mut Random) -> Vec<u8> {
    let mut body = batch("12", &[treatment("12", 1, 5), treatment("12", 2, 7)]);
    let mut at = |length: usize| usize::try_from(random.number()).unwrap_or(0) % length;
    match at(6) {
        0 => body.truncate(at(body.len())),
        1 => body = (0..at(4_000)).map(|_| u8::try_from(at(256)).unwrap_or(0)).collect(),
        2 => {
            body.truncate(at(body.len()));
            body.extend_from_slice(b"\xff\xfe\0{{[[");
        }
        3 => body.extend(std::iter::repeat_n(b'[', 1 + at(100_000))),
        4 => body.extend((0..at(3_000)).flat_map(|_| *b"{\"kind\":\"treatment\"}\n")),
        _ => {
            for _ in 0..=at(20) {
                let place = at(body.len());
                body[place] ^= 1 << at(8);
            }
        }
    }
    body
}

fn garbage_beside_a_delivery(batches: usize) -> (Stage, i32) {
    let mut stage = Stage::set();
    let region = end_to_end::blocking::run(stage.world.invent(11, (0, "01"), 400)).unwrap();
    let mut random = Random::new(SEED);
    let before = stage.kib("RssAnon:");
    let agent = command(AGENT, Some(&region.site.config()), &["once"]).unwrap();
    let mut agent = Running::start(agent, &region.site.folder.join("agent.log")).unwrap();
    for _ in 0..FUZZ {
        let packed = random.chance(30);
        let body = spoiled(&mut random);
        let (status, answer) = stage.put(&body, if packed { "Content-Encoding: zstd\r\n" } else { "" });
        let text = String::from_utf8_lossy(&answer);
        assert!((400..500).contains(&status) && text.contains("/problems/") || status == 200, "{status} {text}");
        assert!(!text.contains("CVd4_FUz"), "a pseudonym is repeated: {text}");
    }
    stage.tell(&format!("seed {SEED}, {FUZZ} requests of noise"), before);
    stage.send_bad_rows(batches);
    stage.tell(&format!("{} bad rows, {ROWS} at once", batches * ROWS), before);
    let code = agent.wait().unwrap();
    (stage, code)
}

#[test]
fn garbage_is_refused_or_listed_by_row_and_field_without_values_in_little_memory_while_others_deliver() {
    let (stage, code) = garbage_beside_a_delivery(batches());
    assert_eq!(code, 3, "the other region delivers everything");
    let set = end_to_end::blocking::run(active_set(&stage.world.database())).unwrap();
    let of_the_other = set.keys().filter(|(sender, _)| sender == "01").count();
    assert!(of_the_other > 300, "{of_the_other}");
    assert_eq!(end_to_end::blocking::run(half_stored(&stage.world.database())).unwrap(), 0);
    assert_eq!(stage.caller.get("/v1/me").status, 200, "the sender is still heard");
}

/// How many batches of bad rows are sent: some, or as many as `BAD_ROWS` asks for.
fn batches() -> usize {
    let rows = std::env::var("BAD_ROWS").ok().and_then(|rows| rows.parse::<usize>().ok());
    rows.map_or(SOME, |rows| rows.div_ceil(ROWS))
}

#[expect(clippy::disallowed_methods, reason = "how long the register takes is printed")]
fn now() -> Instant {
    Instant::now()
}
