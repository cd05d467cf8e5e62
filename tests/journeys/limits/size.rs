//! What is larger than a limit: 413, with the limit's name, whoever asks in whatever version of HTTP.

use std::io::Read as _;
use std::path::Path;

use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::ProblemType;

use crate::access::batch::{batch, lines, manifest, treatment};
use crate::access::curl::{self, Caller};
use crate::access::stored;

/// Bytes of a bomb when it has gone off.
const BOMB: u64 = 1 << 30;
/// Growth that a refused request may cause, kibibytes.
const GROWTH: u64 = 32 << 10;
/// The header of a packed body.
const ZSTD: [&str; 2] = ["--header", "Content-Encoding: zstd"];

fn register(limits: &str) -> (World, Caller) {
    let world = World::start(&format!("[limits]\nwasted_seconds = 600\n{limits}")).expect("a register");
    let caller = Caller::enrolled(&world, "12");
    assert_eq!(caller.put(&batch("12", &[treatment("12", 1, 5)])).status, 200);
    (world, caller)
}

#[test]
fn what_is_larger_than_a_limit_gets_413_with_the_limit_s_name_and_leaves_nothing() {
    if !curl::is_here() {
        return;
    }
    let (world, caller) = register("body = 100000\ndecompressed = 8000\nrecords = 3\nline = 3000\ndepth = 5");
    let before = stored::tables(&world.database());
    let records: Vec<_> = (1..=4).map(|number| treatment("12", number, 5)).collect();
    let deep = [lines(&[manifest("12", 1)]), format!("{}{}\n", "[".repeat(6), "]".repeat(6)).into_bytes()].concat();
    let long = [lines(&[manifest("12", 1)]), vec![b'x'; 3_001]].concat();
    let packed = zstd::encode_all(&noise(8_001)[..], 3).expect("zstd");
    for (limit, bytes, options) in [
        ("more than 100000 bytes", vec![b'x'; 100_001], &[][..]),
        ("more than 100000 bytes", vec![b'x'; 150_000], &["--header", "Transfer-Encoding: chunked"]),
        ("more than 100000 bytes", vec![b'x'; 250_000], &[]),
        ("more than 8000 bytes", packed, &ZSTD),
        ("more than 3 records", batch("12", &records), &[]),
        ("more than 3000 bytes", long, &[]),
        ("nests more than 5", deep, &[]),
    ] {
        for version in ["--http1.1", "--http2"] {
            let answer = caller.with(&[version]).put_at(&canonical::sha256_hex(&bytes), (&bytes, options));
            let problem = answer.problem(ProblemType::TooLarge);
            assert!(problem.detail.contains(limit), "{limit}, {version}: {}", problem.detail);
            stored::must_be_the_same(&before, &stored::tables(&world.database()), limit);
        }
    }
    let largest = batch("12", &records[1..]);
    assert_eq!(caller.put(&largest).status, 200, "a batch at the limit is taken");
}

/// Three long lines of hexadecimal noise, which pack to no less than half.
fn noise(length: usize) -> Vec<u8> {
    let digits = (0_usize..).flat_map(|at| canonical::sha256_hex(&at.to_le_bytes()).into_bytes());
    digits.zip(1..=length).map(|(digit, at)| if at % 2_900 == 0 { b'\n' } else { digit }).collect()
}

#[test]
fn a_gibibyte_in_a_few_kilobytes_is_refused_without_growing_the_register() {
    if !curl::is_here() {
        return;
    }
    let (world, caller) = register("");
    let process = Path::new("/proc").join(world.server.running.id().to_string());
    for (what, byte, limit) in [("zeros", 0, "a line has more than"), ("blank lines", b'\n', "100 times its size")] {
        let bomb = zstd::encode_all(std::io::repeat(byte).take(BOMB), 3).expect("zstd");
        assert!(bomb.len() < 200_000, "{} bytes", bomb.len());
        // The largest resident size is counted from here on.
        std::fs::write(process.join("clear_refs"), "5").expect("the test may reset the peak of its own process");
        let (resident, anonymous) = (memory(&process, "VmRSS:"), memory(&process, "RssAnon:"));
        let before = stored::tables(&world.database());
        let answer = caller.put_at(&"0".repeat(64), (&bomb, &ZSTD));
        let problem = answer.problem(ProblemType::TooLarge);
        assert!(problem.detail.contains(limit), "{what}: {}", problem.detail);
        let peak = memory(&process, "VmHWM:").saturating_sub(resident);
        let kept = memory(&process, "RssAnon:").saturating_sub(anonymous);
        println!(
            "{} bytes that unpack to {BOMB} {what}: refused in {} s; largest resident size {peak} KiB more, anonymous {kept} KiB more",
            bomb.len(),
            answer.seconds,
        );
        assert!(peak < GROWTH && kept < GROWTH, "{what}: {peak} KiB resident, {kept} KiB anonymous");
        stored::must_be_the_same(&before, &stored::tables(&world.database()), what);
    }
    assert_eq!(caller.get("/v1/me").status, 200);
}

/// A line of a process's status, kibibytes.
fn memory(process: &Path, name: &str) -> u64 {
    let status = std::fs::read_to_string(process.join("status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel tells the size");
    line.trim().trim_end_matches(" kB").parse().expect("a size")
}
