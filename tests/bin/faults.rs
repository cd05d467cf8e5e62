//! The full runs of what `cargo verify` tries a choice of: every point at which a program can be disturbed.
//!
//! `cargo build --workspace && cargo run -p end-to-end --bin faults -- --all`
//!
//! Promises: every point begins from the same copy of everything; how many there are is printed; the exit code is 1 when anything was
//! lost, doubled or damaged at one of them.

#[path = "faults/damage.rs"]
mod damage;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/network.rs"]
mod network;

use std::process::ExitCode;

use clap::Parser;

/// Disturbs the programs at every point, and prints how many there are and what was found.
#[derive(Debug, Parser)]
#[command(name = "faults", max_term_width = 100)]
struct Arguments {
    /// Everything.
    #[arg(long)]
    all: bool,
    /// Kill a program at each of its calls that write, in this course; may be given several times.
    #[arg(long, value_name = "COURSE", value_parser = kill::course)]
    kill: Vec<end_to_end::crash::course::Course>,
    /// Let each call of the agent on its files fail, in both ways in which a disk does.
    #[arg(long)]
    disk: bool,
    /// Alter the agent's queue on the disk so often; 500 with --all.
    #[arg(long, value_name = "N")]
    damages: Option<u32>,
    /// What the damages follow from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Cut a connection at every byte of its first 4 kB, either way, and do everything else that a network does.
    #[arg(long)]
    network: bool,
    /// Only so many points of each course: the first and last of each call and file, and others spread evenly.
    #[arg(long, value_name = "N")]
    points: Option<usize>,
}

fn main() -> ExitCode {
    let Arguments { all, kill, disk, damages, seed, network, points } = Arguments::parse();
    let courses = if all { end_to_end::crash::course::COURSES.to_vec() } else { kill };
    let most = points.unwrap_or(usize::MAX);
    let mut found = kill::courses(&courses, most);
    if all || disk {
        found.extend(disk::fail(most));
    }
    let damages = damages.unwrap_or(if all { 500 } else { 0 });
    if damages > 0 {
        found.extend(damage::damage(damages, seed));
    }
    if all || network {
        found.extend(network::everything(most));
    }
    for sentence in &found {
        println!("{sentence}");
    }
    if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
