//! Packages from npm that tests use: those that `tests/npm` locks, installed once beside what is built.
//!
//! Promises: exactly the locked versions, without running their scripts; another lock is another folder; of several tests that install
//! at the same time one wins whole. Must not know: what a package does.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use schemas::canonical;

/// What locks the packages.
const FILES: [(&str, &str); 2] = [
    ("package.json", include_str!("../npm/package.json")),
    ("package-lock.json", include_str!("../npm/package-lock.json")),
];

/// The folder `node_modules` with the locked packages.
///
/// # Errors
/// When npm is missing or cannot get them; the message says what it said.
pub fn modules() -> anyhow::Result<PathBuf> {
    let all: Vec<u8> = FILES.iter().flat_map(|(_, text)| text.bytes()).collect();
    let name = format!("npm-{}", &canonical::sha256_hex(&all)[..16]);
    let built = std::env::current_exe()?.ancestors().find(|folder| folder.ends_with("target")).map(Path::to_owned);
    let folder = built.context("the tests were not built in a folder `target`")?.join(name);
    let modules = folder.join("node_modules");
    if !modules.is_dir() {
        install(&folder)?;
    }
    Ok(modules)
}

fn install(folder: &Path) -> anyhow::Result<()> {
    let parent = folder.parent().context("the folder lies in another")?;
    let made = tempfile::tempdir_in(parent)?;
    for (name, text) in FILES {
        std::fs::write(made.path().join(name), text)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(made.path());
    let said = npm.output().context("npm could not be started; run `apt-get install npm` as root")?;
    ensure!(said.status.success(), "npm could not install: {}", String::from_utf8_lossy(&said.stderr));
    // Whoever was faster has installed the same.
    match std::fs::rename(made.path(), folder) {
        Err(_) if folder.join("node_modules").is_dir() => Ok(()),
        moved => Ok(moved?),
    }
}
