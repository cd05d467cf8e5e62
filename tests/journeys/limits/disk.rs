//! A file system without room: 507, and the register goes on by itself when there is room again.

use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::pki::Authority;
use end_to_end::process::{SERVER, Server, run};
use schemas::problem::ProblemType;

use crate::access::batch::{batch, treatment};
use crate::access::curl::{self, Caller};
use crate::access::stored;

/// Treatments of one batch.
const TREATMENTS: usize = 200;
/// More batches than the small file system holds.
const BATCHES: usize = 200;
/// A register whose state is in a folder of its own.
const CONFIGURATION: &str = r#"
[server]
state_dir = "state"
environment = "test"

[regions]
listen = "127.0.0.1:0"
cert = "pki/server.pem"
key = "pki/server.key"
client_ca = "pki/ca.pem"

[admin]
listen = "127.0.0.1:0"

[keys]
receipt = "pki/receipt.key"
pepper = "pki/pepper.key"
"#;

#[test]
fn a_full_file_system_gets_507_and_the_same_batch_is_taken_when_there_is_room_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = curl::is_here().then(|| Disk::mount(&folder.path().join("state"), "2m")).flatten() else { return };
    let (mut server, caller) = register(folder.path(), "min_free = 0");
    let database = disk.folder.join("register.db");
    caller.begin();

    let batches = (0..BATCHES).map(|number| {
        let records: Vec<_> = (0..TREATMENTS).map(|at| treatment("12", number * TREATMENTS + at, 5)).collect();
        batch("12", &records)
    });
    let (mut taken, mut refused, mut before) = (Vec::new(), None, stored::tables(&database));
    for bytes in batches {
        let answer = caller.put(&bytes);
        if answer.status != 200 {
            refused = Some((bytes, answer));
            break;
        }
        taken.push((bytes, answer.body));
        before = stored::tables(&database);
    }
    let (bytes, answer) = refused.expect("the file system is full before the batches end");
    assert!(!taken.is_empty(), "some room was there");
    answer.problem(ProblemType::DiskFull);
    assert!(answer.retry_after().is_some_and(|seconds| seconds > 0), "{:?}", answer.headers);
    stored::must_be_the_same(&before, &stored::tables(&database), "507");
    assert!(server.running.is_running(), "the process lives");
    assert_eq!(caller.get("/v1/me").status, 200, "and answers");
    caller.put(&bytes).problem(ProblemType::DiskFull);

    disk.grow();
    let accepted = caller.put(&bytes);
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    let (first, receipt) = &taken[0];
    assert_eq!(&caller.put(first).body, receipt, "what was acknowledged before is still there");
    assert_eq!(stored::tables(&database)["treatment"].len(), (taken.len() + 1) * TREATMENTS);
}

#[test]
fn less_room_than_the_register_keeps_free_gets_507_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = curl::is_here().then(|| Disk::mount(&folder.path().join("state"), "2m")).flatten() else { return };
    let (_server, caller) = register(folder.path(), "min_free = 8000000");
    let before = stored::tables(&disk.folder.join("register.db"));
    let bytes = batch("12", &[treatment("12", 1, 5)]);
    let answer = caller.put(&bytes);
    answer.problem(ProblemType::DiskFull);
    assert!(answer.retry_after().is_some_and(|seconds| seconds > 0), "{:?}", answer.headers);
    stored::must_be_the_same(&before, &stored::tables(&disk.folder.join("register.db")), "507");
    disk.grow();
    caller.begin();
    assert_eq!(caller.put(&bytes).status, 200);
}

/// A register whose database lies on the small file system, and a sender.
fn register(folder: &Path, limits: &str) -> (Server, Caller) {
    let authority = Authority::make(&folder.join("pki")).expect("an authority");
    let config = folder.join("registry-server.toml");
    std::fs::write(&config, format!("{CONFIGURATION}\n[limits]\n{limits}\n")).expect("a configuration");
    run(SERVER, Some(&config), &["region", "add", "12"]).expect("a command").expect(&[0]).expect("an enrolment");
    let server = Server::start(&config, &folder.join("server.log")).expect("a register");
    authority.issue("12", &folder.join("12"), 30).expect("a certificate");
    let caller = Caller::new((&server, &authority), &folder.join("12"));
    (server, caller)
}

/// A small file system in memory; gone with the value.
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Mounts one of a size such as `2m`. Where that is refused, CI fails and everybody else is told.
    pub(crate) fn mount(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).expect("a folder");
        let options = format!("size={size},mode=700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        let strict = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(mounted || !strict, "a file system cannot be mounted; run the journeys as root");
        if !mounted {
            println!("not checked: a file system cannot be mounted; run the journeys as root");
        }
        mounted.then(|| Self { folder: folder.to_owned() })
    }

    /// Gives it more room than the register keeps free.
    pub(crate) fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.folder).status();
        assert!(grown.expect("mount runs").success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because the register may still run when a test fails; the folder's own removal comes after it.
        drop(Command::new("sh").args(["-c", "umount -l \"$0\""]).arg(&self.folder).status());
    }
}
